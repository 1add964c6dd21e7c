"""Themes by segment: who speaks of a theme more, or less, than all do."""

from collections.abc import Callable

import polars as pl

from themeloom.analytics.charts.description import (
    MOST_ROWS,
    NO_THEMES,
    Chart,
    ChartKind,
    based,
    cells,
    joined,
    listed,
    nothing,
    share_table,
)
from themeloom.analytics.charts.shown import Shown
from themeloom.analytics.segments import ENOUGH_IN_CELL

_VALUES = 5


def segment_names(shown: Shown) -> list[str]:
    """Return the segments that there are numbers of, the best known first."""
    bases = shown.numbers.segments.unique(["segment", "value"]).group_by("segment")
    known = bases.agg(pl.col("base").sum()).sort("base", "segment", descending=[True, False])
    return known["segment"].to_list()


def themes_by_segment(shown: Shown, segment: str, words: Callable[[pl.Series], pl.Series]) -> Chart:
    """Return the share of themes within each value of ``segment``, against their share overall.

    Args:
        shown: numbers and themes.
        segment: one of ``segment_names``.
        words: makes of values what may be shown.
    """
    cut = shown.numbers.segments.filter(segment=segment)
    if cut.is_empty() or shown.themes.is_empty():
        why = NO_THEMES if cut.height else "No record has a segment such as plan or region."
        title = f"Themes by segment: {segment}" if cut.height else "Themes by segment"
        return nothing("segments", ChartKind.GRID, title, why)
    sizes = cut.unique("value").select("value", pl.col("base").alias("n"))
    known = int(sizes["n"].sum())
    values = sizes.sort("n", "value", descending=[True, False]).head(_VALUES)
    top = shown.themes.head(MOST_ROWS)
    overall = cut.unique("theme_id").select("theme_id", "overall")
    per = cut.select("theme_id", "value", "records", "mark")
    rows = listed(top, cells(top, per, values, "value")).join(
        overall, on="theme_id", how="left", maintain_order="left"
    )
    columns = based(
        values, "value", dict(zip(values["value"], words(values["value"]), strict=True))
    )
    left = sizes.height - values.height
    return Chart(
        key="segments",
        kind=ChartKind.GRID,
        title=f"Themes by segment: {segment}",
        subtitle=f"Known for {known:,} of {shown.numbers.total:,} records that say something. Association, not cause",
        note=joined(
            f"Share of each value’s records. ▲ more and ▼ fewer than in all {known:,}, corrected "
            f"for all comparisons. few: under {ENOUGH_IN_CELL} records.",
            f"{left:,} smaller values are left out." if left else "",
            shown.left_out,
        ),
        n=known,
        columns=columns,
        rows=rows,
        table=share_table(rows, columns).insert_column(
            1, (rows["overall"] * 100).round(1).alias("All, %")
        ),
    )
