"""Themes over time: records per period, and how each theme goes."""

import polars as pl

from themeloom.analytics.charts.description import (
    NO_THEMES,
    Chart,
    ChartKind,
    Column,
    heads,
    joined,
    nothing,
)
from themeloom.analytics.charts.shown import Shown
from themeloom.base.figures import trend_words
from themeloom.domain.insights import Direction

_LINES = 8
_TITLE = "Themes over time"


def themes_over_time(shown: Shown) -> Chart:
    """Return records per period of the largest themes, on the axis of the numbers.

    A period that the records fill in part, or in which a kind of source is missing, is marked.
    With a chosen period the axis goes on before it: it is what the period is compared with.
    """
    numbers = shown.numbers
    if numbers.axis.is_empty() or shown.themes.is_empty():
        why = "No record has a date." if numbers.axis.is_empty() else NO_THEMES
        return nothing("time", ChartKind.LINES, _TITLE, why)
    columns = tuple(_column(row) for row in numbers.axis.iter_rows(named=True))
    top = shown.themes.head(_LINES)
    rows = _with_trends(shown, _with_counts(shown, top))
    dated = int(numbers.axis["base"].sum())
    left = shown.themes.height - top.height
    notes = [note for note in numbers.notes if "competitor" not in note]
    return Chart(
        key="time",
        kind=ChartKind.LINES,
        title=_TITLE,
        subtitle=f"Records per {numbers.every}, "
        + (f"the {top.height} largest of {shown.themes.height} themes" if left else "all themes"),
        note=joined(
            f"Base: {dated:,} records with a date that say something.", *notes, shown.left_out
        ),
        n=dated,
        columns=columns,
        rows=rows,
        table=rows.select(
            pl.col("title").alias("Theme"),
            *(
                pl.col("counts").list.get(at).alias(head)
                for at, head in enumerate(
                    heads([f"{c.label} ({c.why})" if c.weak else c.label for c in columns])
                )
            ),
            pl.col("direction").replace(str(Direction.UNKNOWN), "").alias("Trend"),
        ),
    )


def _column(row: dict[str, object]) -> Column:
    weak = bool(row["partial"]) or bool(row["gap"])
    why = "part" if row["partial"] else "gap" if row["gap"] else ""
    return Column(str(row["label"]), int(str(row["base"])), weak, why)


def _with_counts(shown: Shown, top: pl.DataFrame) -> pl.DataFrame:
    """Return ``top`` with the list ``counts``; undated themes have none in any period."""
    periods = shown.numbers.axis.select("start")
    filled = (
        top.select("theme_id")
        .join(periods, how="cross")
        .join(shown.numbers.periods, on=["theme_id", "start"], how="left")
        .sort("theme_id", "start")
        .group_by("theme_id")
        .agg(counts=pl.col("records").fill_null(0))
    )
    return top.join(filled, on="theme_id", maintain_order="left")


def _with_trends(shown: Shown, rows: pl.DataFrame) -> pl.DataFrame:
    full = shown.numbers.axis.filter(~pl.col("partial") & ~pl.col("gap") & (pl.col("base") > 0))
    last = str(full["label"][-1]) if full.height else ""
    found = {
        row["theme_id"]: (row["direction"], _sentence(row, last, shown.numbers.every))
        for row in shown.numbers.trends.iter_rows(named=True)
    }
    unknown = (str(Direction.UNKNOWN), "")
    told = [found.get(theme_id, unknown) for theme_id in rows["theme_id"]]
    return rows.with_columns(
        pl.Series("direction", [direction for direction, _ in told], pl.String),
        pl.Series("trend", [sentence for _, sentence in told], pl.String),
    )


def _sentence(row: dict[str, object], last: str, every: str) -> str:
    """Return how the theme goes in words, "" where it cannot be told."""
    direction, before = str(row["direction"]), row["before"]
    if direction == Direction.UNKNOWN or not isinstance(before, float):
        return ""
    return trend_words(direction, int(str(row["last"])), before, last, every)
