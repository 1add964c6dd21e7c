"""What merging themes would do to their numbers, scores and insights, told before it is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import polars as pl

from themeloom.analytics.answers import NPS, nps_points
from themeloom.analytics.counts import ancestors
from themeloom.base.figures import score_value
from themeloom.domain.insights import Field
from themeloom.domain.themes import Level
from themeloom.insights.model import ENOUGH_SCORES
from themeloom.insights.wording import count, score_word
from themeloom.services.view import View

#: What a person set of an insight, in the words of the screens; the rest is kept beside these.
_WORDS = {
    Field.TITLE: "title",
    Field.STATEMENT: "statement",
    Field.TYPE: "type",
    Field.SEVERITY: "severity",
    Field.URGENCY: "urgency",
    Field.CONFIDENCE: "confidence",
    Field.NEXT_STEP: "next step",
    Field.NOTE: "note to the PM",
    Field.AREA: "product area",
    Field.OWNER: "owner",
    Field.STATUS: "status",
    Field.DECISION: "decision",
    Field.NOTES: "notes of the PM",
    Field.DUE: "due day",
    Field.STAGE: "stage",
    Field.COUNTER: "counter-example",
    Field.LINKS: "links",
}


@dataclass(frozen=True, slots=True)
class ScoreOf:
    """What records scored: NPS, or the mean of another scale."""

    kind: str
    n: int
    value: float

    @property
    def words(self) -> str:
        """The score with its number of answers: ``NPS −32 (41 answers)``."""
        answers = count(self.n, "answer")
        if self.n < ENOUGH_SCORES:
            return f"{score_word(self.kind)} not shown: {answers} only"
        return f"{score_word(self.kind)} {score_value(self.kind, self.value)} ({answers})"


@dataclass(frozen=True, slots=True)
class Member:
    """One of the themes.

    Attributes:
        theme_id: the theme.
        title: its title.
        scores: what its records scored, most answers first.
        edits: what a person set of its insight, in words.
    """

    theme_id: str
    title: str
    scores: tuple[ScoreOf, ...]
    edits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Joined:
    """The themes before a merge, and what comes of it.

    Attributes:
        members: the themes, in the order of the tree.
        scores: what the records of all of them scored, each record once.
    """

    members: tuple[Member, ...]
    scores: tuple[ScoreOf, ...]

    def lost(self, into: str) -> tuple[Member, ...]:
        """Return the themes whose insights' edits nobody sees after a merge into ``into``."""
        return tuple(one for one in self.members if one.edits and one.theme_id != into)


def why_not(view: View, theme_ids: Sequence[str]) -> str:
    """Return why themes cannot be merged; "" where they can."""
    if len(theme_ids) < 2:
        return "Select two or more themes first."
    chosen = view.themes.filter(pl.col("theme_id").is_in(list(theme_ids)))
    groups = int((chosen["level"] == Level.GROUP).sum())
    if 0 < groups < chosen.height:
        return "A group cannot be merged with a theme: select themes only, or groups only."
    return ""


def joined(view: View, fields: pl.DataFrame, theme_ids: Sequence[str]) -> Joined:
    """Return the scores and edits of themes that could be merged.

    Args:
        view: the project; records about competitors do not count, as in insights.
        fields: INSIGHT_FIELDS.
        theme_ids: the themes.
    """
    themes = view.themes.filter(pl.col("theme_id").is_in(list(theme_ids)))
    carried = (
        _carrying(view, theme_ids)
        .join(view.records.select("record", "score", "score_kind"), on="record")
        .drop_nulls(["score", "score_kind"])
    )
    known = [str(field) for field in _WORDS]
    set_ = fields.filter(pl.col("field").is_in(known)).group_by("theme_id").agg("field")
    edits = cast(dict[str, list[str]], dict(set_.iter_rows()))
    members = [
        Member(
            theme_id,
            title,
            _scores(carried.filter(pl.col("theme") == theme_id)),
            tuple(word for field, word in _WORDS.items() if field in edits.get(theme_id, [])),
        )
        for theme_id, title in themes.select("theme_id", "title").iter_rows()
    ]
    return Joined(tuple(members), _scores(carried.drop("theme").unique("record")))


def together(view: View, theme_ids: Sequence[str]) -> int:
    """Return how many records any of the themes, or what stands below them, has."""
    return _carrying(view, theme_ids)["record"].n_unique()


def _carrying(view: View, theme_ids: Sequence[str]) -> pl.DataFrame:
    """Return ``theme``, ``record``: the records that count of each theme and what is below it."""
    inside = ancestors(view.themes.select("theme_id", "parent_id", "level")).filter(
        pl.col("ancestor_id").is_in(list(theme_ids))
    )
    return (
        view.shares.join(inside, on="theme_id")
        .join(view.excerpts.select("excerpt", "record"), on="excerpt")
        .filter(pl.lit(view.base.counting).gather(pl.col("record")))
        .select(theme="ancestor_id", record="record")
        .unique()
    )


def _scores(answers: pl.DataFrame) -> tuple[ScoreOf, ...]:
    """Return the scores: NPS, or the mean of another scale."""
    points = pl.Series("points", nps_points(answers["score"].to_numpy()), pl.Float64)
    found = (
        answers.with_columns(points)
        .group_by("score_kind")
        .agg(n=pl.len(), nps=pl.col("points").mean(), mean=pl.col("score").mean())
        .sort(["n", "score_kind"], descending=[True, False])
    )
    rows: list[dict[str, Any]] = found.to_dicts()
    return tuple(
        ScoreOf(row["score_kind"], row["n"], row["nps" if row["score_kind"] == NPS else "mean"])
        for row in rows
    )
