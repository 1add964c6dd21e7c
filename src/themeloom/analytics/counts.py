"""How many records and excerpts a theme has, and the bases that shares are counted on."""

import polars as pl

from themeloom.domain.records import About
from themeloom.domain.themes import OUT_OF_BASE, Level

_OUT = [str(reason) for reason in OUT_OF_BASE]


def coverage(base: pl.DataFrame, assignments: pl.DataFrame) -> float:
    """Return the share of the excerpts of ``base`` that carry a theme, 0…1; 0 where there is none.

    ``base`` is ``in_base`` of the excerpts of records that shares are counted on.
    """
    if base.is_empty():
        return 0.0
    return base.join(assignments, on="excerpt_id", how="semi").height / base.height


def coverage_base(
    excerpts: pl.DataFrame, records: pl.DataFrame, sources: pl.DataFrame
) -> pl.DataFrame:
    """Return the excerpts that coverage is counted on, of everything in a project.

    They are excerpts of records about us that say something, each record once.
    """
    ours = answering(records.filter(~about_competitors(sources)))
    return in_base(excerpts).join(ours, on="record_id", how="semi")


def in_base(excerpts: pl.DataFrame) -> pl.DataFrame:
    """Return those of ``excerpts`` that are expected to carry a theme.

    Non-answers, interviewer turns and small talk are not.
    """
    return excerpts.filter(pl.col("left_out").is_null() | ~pl.col("left_out").is_in(_OUT))


def counted(records: pl.DataFrame) -> pl.DataFrame:
    """Return the records that count: duplicates left out, so that one voice counts once."""
    return records.filter(pl.col("duplicate_of").is_null())


def about_competitors(sources: pl.DataFrame) -> pl.Expr:
    """Return which rows come from a source about a competitor, by ``source_id``: never null."""
    theirs = sources.filter(pl.col("about") == About.COMPETITOR)["source_id"]
    return pl.col("source_id").is_in(theirs.implode()).fill_null(False)


def answering(records: pl.DataFrame) -> pl.DataFrame:
    """Return the base of shares: counted records that say something (no non-answers)."""
    return counted(records).filter(~pl.col("non_answer").fill_null(False))


def members(
    assignments: pl.DataFrame,
    excerpts: pl.DataFrame,
    records: pl.DataFrame,
    themes: pl.DataFrame,
) -> pl.DataFrame:
    """Return which records and excerpts belong to each theme and to everything above it.

    A group holds what its themes hold, a theme what its sub-themes hold; nothing is counted twice.
    Only counted records take part.

    Returns:
        Columns ``theme_id``, ``record_id``, ``excerpt_id``; one row for each pair of theme and
        excerpt.
    """
    placed = (
        assignments.select("excerpt_id", "theme_id")
        .join(excerpts.select("excerpt_id", "record_id"), on="excerpt_id")
        .join(counted(records).select("record_id"), on="record_id", how="semi")
    )
    above = ancestors(themes).select("theme_id", "ancestor_id")
    return (
        placed.join(above, on="theme_id")
        .select(pl.col("ancestor_id").alias("theme_id"), "record_id", "excerpt_id")
        .unique()
        .sort("theme_id", "record_id", "excerpt_id")
    )


def ancestors(themes: pl.DataFrame) -> pl.DataFrame:
    """Return each theme paired with itself and with everything above it in the tree.

    Returns:
        Columns ``theme_id``, ``ancestor_id``, ``ancestor_level``. Parents that do not exist are
        passed over; a ring of parents ends where it began.
    """
    levels = themes.select(
        pl.col("theme_id").alias("ancestor_id"), pl.col("level").alias("ancestor_level")
    )
    parents = themes.select(pl.col("theme_id").alias("ancestor_id"), "parent_id").drop_nulls()
    step = themes.select("theme_id", pl.col("theme_id").alias("ancestor_id"))
    found = [step]
    for _ in Level:  # the tree is as deep as there are levels
        step = step.join(parents, on="ancestor_id").select(
            "theme_id", pl.col("parent_id").alias("ancestor_id")
        )
        found.append(step)
    return pl.concat(found).unique().join(levels, on="ancestor_id").sort("theme_id", "ancestor_id")


def sizes(membership: pl.DataFrame) -> pl.DataFrame:
    """Return ``theme_id``, ``records``, ``excerpts``: distinct ones, from ``members``."""
    return (
        membership.group_by("theme_id")
        .agg(
            pl.col("record_id").n_unique().cast(pl.Int64).alias("records"),
            pl.col("excerpt_id").n_unique().cast(pl.Int64).alias("excerpts"),
        )
        .sort("theme_id")
    )


def bases_by_kind(records: pl.DataFrame) -> pl.DataFrame:
    """Return ``kind``, ``records`` (counted ones) and ``base`` (those that say something)."""
    return (
        counted(records)
        .group_by("kind")
        .agg(
            pl.len().cast(pl.Int64).alias("records"),
            (~pl.col("non_answer").fill_null(False)).sum().cast(pl.Int64).alias("base"),
        )
        .sort("kind")
    )
