"""Answers on a scale, NPS and others: what those who speak of a theme answered, always with n."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from themeloom.analytics import intervals
from themeloom.analytics.voices import Codes, Voices
from themeloom.domain.finding import SCORES_OF, ScoreGroup

#: The scale on which Net Promoter Score is defined.
NPS = "nps"
_PROMOTER, _DETRACTOR = SCORES_OF[ScoreGroup.PROMOTER][0], SCORES_OF[ScoreGroup.DETRACTOR][1]


@dataclass(frozen=True)
class Answers:
    """All answers of one kind of score.

    Attributes:
        kind: "nps", "csat", "ces" or "rating".
        score: as given.
        points: what the score of all is the mean of: for NPS −100, 0 or 100, else ``score``.
        person: for each answer the number of its person; who is not known is one of their own.
        people: how many those are.
        theme: numbers of themes, one for each pair of theme and answer, sorted.
        answer: numbers of answers, beside ``theme``.
        themes: how many themes there are.
    """

    kind: str
    score: NDArray[np.float64]
    points: NDArray[np.float64]
    person: Codes
    people: int
    theme: Codes
    answer: Codes
    themes: int

    @property
    def promoters(self) -> NDArray[np.bool_]:
        """Answers of 9 or 10, of NPS only."""
        return (self.score >= _PROMOTER) & (self.kind == NPS)

    @property
    def detractors(self) -> NDArray[np.bool_]:
        """Answers of 0 to 6, of NPS only."""
        return (self.score <= _DETRACTOR) & (self.kind == NPS)


def answers_of(voices: Voices) -> list[Answers]:
    """Return the answers in the period, the kind of score that was given most first."""
    score = voices.records["score"].fill_null(float("nan")).to_numpy()
    kinds = voices.records["score_kind"]
    given = np.isfinite(score) & kinds.is_not_null().to_numpy() & voices.inside
    names = (
        kinds.filter(pl.Series(given))
        .value_counts(name="n")
        .sort("n", "score_kind", descending=[True, False])["score_kind"]
    )
    people = voices.column("person_key")
    found: list[Answers] = []
    for kind in names:
        chosen = given & (kinds == kind).fill_null(False).to_numpy()
        number = np.cumsum(chosen) - 1
        pair = chosen[voices.record]
        person = people[chosen]
        unknown = person < 0
        person[unknown] = person.max(initial=0) + 1 + np.arange(unknown.sum())
        distinct, person = np.unique(person, return_inverse=True)
        answered = score[chosen]
        found.append(
            Answers(
                kind=kind,
                score=answered,
                points=nps_points(answered) if kind == NPS else answered,
                person=person,
                people=distinct.size,
                theme=voices.theme[pair],
                answer=number[voices.record[pair]],
                themes=len(voices.ids),
            )
        )
    return found


def theme_scores(answers: Answers, ids: Sequence[str]) -> pl.DataFrame:
    """Return the score of the answers that carry each theme, with its 90 % interval.

    For NPS: value = 100 × (promoters − detractors) ÷ n, where promoters answered 9 or 10 and
    detractors 0 to 6 (Reichheld 2003, "The One Number You Need to Grow"). For all other kinds:
    value = mean. It tells what those people scored, not what the theme does to the score.

    Returns:
        ``theme_id``, ``score_kind``, ``n``, ``value``, ``low``, ``high``, ``promoters``,
        ``detractors``; themes without an answer are absent.
    """
    frame = pl.DataFrame(
        {
            "theme_id": pl.Series(ids, dtype=pl.String).gather(answers.theme),
            **_columns(answers, answers.answer),
        }
    )
    return _scored(frame.group_by("theme_id").agg(*_SUMS), answers.kind).sort("theme_id")


def overall_score(answers: Answers) -> pl.DataFrame:
    """Return the score of all answers, as ``theme_scores`` does."""
    every = np.arange(answers.score.size)
    return _scored(pl.DataFrame(_columns(answers, every)).select(*_SUMS), answers.kind)


_SUMS = (
    pl.len().cast(pl.Int64).alias("n"),
    pl.col("promoter").sum().cast(pl.Int64).alias("promoters"),
    pl.col("detractor").sum().cast(pl.Int64).alias("detractors"),
    pl.col("score").mean().alias("mean"),
    pl.col("score").std().alias("deviation"),
)


def _columns(answers: Answers, chosen: Codes) -> dict[str, NDArray[np.generic]]:
    return {
        "score": answers.score[chosen],
        "promoter": answers.promoters[chosen],
        "detractor": answers.detractors[chosen],
    }


def _scored(sums: pl.DataFrame, kind: str) -> pl.DataFrame:
    promoters, detractors, n = pl.col("promoters"), pl.col("detractors"), pl.col("n")
    z = intervals.quantile()
    if kind == NPS:
        value = 100 * (promoters - detractors) / n
        low, high = intervals.nps(promoters, detractors, n, z)
    else:
        value = pl.col("mean")
        low, high = intervals.mean(value, pl.col("deviation"), n, z)
    return sums.with_columns(
        pl.lit(kind).alias("score_kind"), value.alias("value"), low.alias("low"), high.alias("high")
    ).drop("mean", "deviation")


def nps_points(score: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what the NPS of ``score`` is the mean of: 100 for promoters, −100 for detractors."""
    return 100.0 * (score >= _PROMOTER) - 100.0 * (score <= _DETRACTOR)
