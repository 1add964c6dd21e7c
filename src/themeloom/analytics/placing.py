"""Which themes a record carries, and which one of them it is mainly about."""

import polars as pl

from themeloom.analytics.counts import ancestors
from themeloom.domain.themes import Level


def placements(
    records: pl.DataFrame,
    excerpts: pl.DataFrame,
    assignments: pl.DataFrame,
    themes: pl.DataFrame,
) -> pl.DataFrame:
    """Return the themes of each record that has any; a duplicate carries its original's themes.

    The primary theme is the one with most excerpt characters (by each excerpt's primary theme),
    ties by the highest similarity, then by id. The primary group is what stands above it.

    Returns:
        Columns ``record_id``, ``theme_ids`` (list, the primary one first, then by characters),
        ``primary_theme_id``, ``primary_group_id`` (null where the theme is in no group).
    """
    weighed = (
        assignments.join(
            excerpts.select("excerpt_id", "record_id", "start", "end"), on="excerpt_id"
        )
        .with_columns(
            pl.when(pl.col("primary").fill_null(False))
            .then(pl.col("end") - pl.col("start"))
            .otherwise(0)
            .alias("characters")
        )
        .group_by("record_id", "theme_id")
        .agg(pl.col("characters").sum(), pl.col("similarity").max())
        .sort(
            ["record_id", "characters", "similarity", "theme_id"],
            descending=[False, True, True, False],
            nulls_last=True,
        )
    )
    carried = (
        weighed.group_by("record_id", maintain_order=True)
        .agg(pl.col("theme_id").alias("theme_ids"))
        .with_columns(pl.col("theme_ids").list.first().alias("primary_theme_id"))
        .join(groups_of(themes), left_on="primary_theme_id", right_on="theme_id", how="left")
        .rename({"group_id": "primary_group_id"})
    )
    return (
        records.select("record_id", pl.coalesce("duplicate_of", "record_id").alias("original"))
        .join(carried, left_on="original", right_on="record_id", maintain_order="left")
        .drop("original")
    )


def groups_of(themes: pl.DataFrame) -> pl.DataFrame:
    """Return ``theme_id`` and ``group_id`` for all themes that stand in a group."""
    return (
        ancestors(themes)
        .filter(
            (pl.col("ancestor_level") == Level.GROUP)
            & (pl.col("ancestor_id") != pl.col("theme_id"))
        )
        .select("theme_id", pl.col("ancestor_id").alias("group_id"))
        .unique("theme_id", keep="first", maintain_order=True)
    )
