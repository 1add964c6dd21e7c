"""Themes by source: shares within each kind, never pooled."""

import polars as pl

from themeloom.analytics.charts.description import (
    ENOUGH_RECORDS,
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

_TITLE = "Themes by source"
_KINDS = {
    "ticket": "Tickets",
    "nps": "NPS",
    "interview": "Interviews",
    "call": "Calls",
    "other": "Other",
}


def themes_by_source(shown: Shown) -> Chart:
    """Return the share of themes within each kind of source."""
    kinds = shown.numbers.kinds
    sizes = kinds.unique("kind").select("kind", pl.col("base").alias("n"))
    order = [kind for kind in _KINDS if kind in set(sizes["kind"])]
    if not order or shown.themes.is_empty():
        why = NO_THEMES if shown.numbers.total else "There are no records yet."
        return nothing("sources", ChartKind.BARS, _TITLE, why)
    chosen = pl.DataFrame({"kind": order}).join(sizes, on="kind", maintain_order="left")
    top = shown.themes.head(MOST_ROWS)
    per = kinds.select("theme_id", "kind", "records")
    rows = listed(top, cells(top, per, chosen, "kind"))
    columns = based(chosen, "kind", _KINDS)
    weak = any(column.weak for column in columns)
    return Chart(
        key="sources",
        kind=ChartKind.BARS,
        title=_TITLE,
        subtitle="In how many of each source’s records a theme occurs",
        note=joined(
            "Share of each source’s records that say something, never pooled; bars are to the scale of their source.",
            f"Grey: fewer than {ENOUGH_RECORDS} records, read as a hint." if weak else "",
            shown.left_out,
        ),
        n=shown.numbers.total,
        columns=columns,
        rows=rows,
        table=share_table(rows, columns),
    )
