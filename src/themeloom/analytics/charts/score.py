"""Score by theme: what those who speak of it answered, with its interval and its impact."""

import polars as pl

from themeloom.analytics.answers import NPS
from themeloom.analytics.charts.description import (
    MOST_ROWS,
    SCORE_WORDS,
    Chart,
    ChartKind,
    joined,
    nothing,
)
from themeloom.analytics.charts.shown import Shown
from themeloom.base.figures import counted, score_places

#: Below this many answers no score is shown.
ENOUGH_SCORES = 10


def score_by_theme(shown: Shown) -> Chart:
    """Return the score of each theme's records with its 90 % interval, lowest first.

    NPS where there is any, else the mean of the kind of score that was given most. Themes below
    ``ENOUGH_SCORES`` answers are left out and said.
    """
    overall = shown.numbers.overall.sort("n", "score_kind", descending=[True, False])
    if overall.is_empty():
        return nothing("score", ChartKind.INTERVALS, "Score by theme", "No record has a score.")
    kinds = overall["score_kind"].to_list()
    kind = NPS if NPS in kinds else str(kinds[0])
    what = "NPS" if kind == NPS else f"Average {SCORE_WORDS.get(kind, kind)}"
    title = f"{what} by theme"
    found = shown.themes.drop("records").join(
        shown.numbers.scores.filter(score_kind=kind), on="theme_id"
    )
    enough = found.filter(pl.col("n") >= ENOUGH_SCORES)
    if enough.is_empty():
        why = f"No theme has {ENOUGH_SCORES} answers yet."
        return nothing("score", ChartKind.INTERVALS, title, why)
    rows = (
        enough.sort("n", "theme_id", descending=[True, False])
        .head(MOST_ROWS)
        .sort("value", "theme_id")
    )
    every = overall.row(by_predicate=pl.col("score_kind") == kind, named=True)
    few, more = found.height - enough.height, enough.height - rows.height
    return Chart(
        key="score",
        kind=ChartKind.INTERVALS,
        title=title,
        subtitle=f"{what} of the people who speak of it, 90 % interval",
        note=joined(
            f"Base: {every['n']:,} answers. Association, not cause.",
            _themes(few, f"with under {ENOUGH_SCORES} answers", "left out."),
            _themes(more, "with fewer answers than these", "in the tree."),
            shown.left_out,
        ),
        n=every["n"],
        columns=(),
        rows=rows,
        table=_table(rows, kind, what),
        reference=every["value"],
        score_kind=kind,
    )


def _table(rows: pl.DataFrame, kind: str, what: str) -> pl.DataFrame:
    places = 0 if kind == NPS else score_places(kind)
    names = {
        "value": what,
        "low": "90 % from",
        "high": "90 % to",
        "impact": "Impact",
        "impact_low": "Impact, 90 % from",
        "impact_high": "Impact, 90 % to",
    }
    counts = {"promoters": "Promoters", "detractors": "Detractors"} if kind == NPS else {}
    return rows.select(
        pl.col("title").alias("Theme"),
        pl.col("n").alias("Answers"),
        *(
            pl.col(name).round(places, "half_away_from_zero").alias(head)
            for name, head in list(names.items())[:3]
        ),
        *(pl.col(name).alias(head) for name, head in counts.items()),
        *(
            pl.col(name).round(score_places(kind), "half_away_from_zero").alias(head)
            for name, head in list(names.items())[3:]
        ),
    )


def _themes(n: int, which: str, where: str) -> str:
    return (
        f"{counted(n, 'theme', 'themes')} {which} {'is' if n == 1 else 'are'} {where}" if n else ""
    )
