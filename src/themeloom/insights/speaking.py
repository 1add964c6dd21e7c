"""Which records and excerpts speak of each theme, in the small form that drafting works on."""

import polars as pl

from themeloom.analytics.counts import ancestors
from themeloom.domain.themes import Level, Method
from themeloom.insights.model import BookData


def speaking(data: BookData, ours: pl.DataFrame) -> pl.DataFrame:
    """Return which excerpts belong to each theme (not to groups, not to sub-themes), each once.

    A theme holds what its sub-themes hold. Rows are numbered instead of named: joins of numbers
    are several times faster than those of ids.

    Args:
        data: excerpts, assignments, records and themes.
        ours: records that count.

    Returns:
        ``theme_id``, ``record`` and ``excerpt`` (rows of ``data.records``, ``data.excerpts``),
        ``record_id``, ``excerpt_id``, ``similarity`` (the highest), ``by_hand`` (reviewed or
        placed by a person). In no order.
    """
    above = (
        ancestors(data.themes)
        .filter(pl.col("ancestor_level") == Level.THEME)
        .select("theme_id", pl.col("ancestor_id").alias("theme"))
    )
    counted = (
        data.records.lazy()
        .select("record_id")
        .with_row_index("record")
        .join(ours.lazy().select("record_id"), on="record_id", how="semi")
    )
    spoken = (
        data.excerpts.lazy()
        .select("excerpt_id", "record_id")
        .with_row_index("excerpt")
        .join(counted, on="record_id")
    )
    by_hand = pl.col("reviewed").fill_null(False) | (pl.col("method") == Method.MANUAL)
    return (
        data.assignments.lazy()
        .select("excerpt_id", "theme_id", "similarity", by_hand.fill_null(False).alias("by_hand"))
        .join(above.lazy(), on="theme_id")
        .join(spoken, on="excerpt_id")
        .group_by("theme", "excerpt")
        .agg(
            pl.col("record", "record_id", "excerpt_id").first(),
            pl.col("similarity").max(),
            pl.col("by_hand").any(),
        )
        .rename({"theme": "theme_id"})
        .collect()
    )
