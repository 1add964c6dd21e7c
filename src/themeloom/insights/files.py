"""The source that each record came from: its file as people see it, and whom it is about."""

import polars as pl

from themeloom.analytics import counts
from themeloom.insights.model import BookData
from themeloom.insights.privacy import Veil


def source_files(data: BookData, veil: Veil) -> pl.Series:
    """Return the name of the file of each record, masked: String "file", row for row.

    Each note of a folder has its own; a record without one is named after its source.
    """
    names = data.records.select(
        pl.coalesce(
            "file",
            pl.col("source_id").replace_strict(
                data.sources["source_id"],
                data.sources["file"],
                default=None,
                return_dtype=pl.String,
            ),
        ).alias("file")
    ).to_series()
    return veil.files(names)


def about_competitors(data: BookData) -> pl.Series:
    """Return whether each record is about a competitor: Boolean, row for row."""
    return data.records.select(counts.about_competitors(data.sources)).to_series()
