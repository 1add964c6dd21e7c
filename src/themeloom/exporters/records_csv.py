"""``records-csv``: one row for each record with the themes it carries, for programs."""

from pathlib import Path

import polars as pl

from themeloom.analytics.placing import placements
from themeloom.exporters.exporter import Exporter, Progress, Written
from themeloom.exporters.safety.delimited import write_csv
from themeloom.exporters.safety.targets import write_whole
from themeloom.insights.files import source_files
from themeloom.insights.model import BookData
from themeloom.insights.privacy import Veil

_COLUMNS = (
    "record_id external_id source_file source_row duplicate_of primary_theme_id theme_ids "
    "primary_group_id"
).split()


def records_table(data: BookData) -> pl.DataFrame:
    """Return the rows of ``records-csv``; ``theme_ids`` are joined by ``;``, the primary one first.

    A duplicate carries its original's themes.
    """
    veil = Veil.of(data)
    placed = placements(data.records, data.excerpts, data.assignments, data.themes)
    return (
        data.records.with_columns(
            veil.ids(data.records["external_id"], data.records["file"]),
            source_files(data, veil).alias("source_file"),
            pl.col("row").alias("source_row"),
        )
        .join(placed, on="record_id", how="left", maintain_order="left")
        .with_columns(pl.col("theme_ids").list.join(";"))
        .select(_COLUMNS)
    )


def _write(data: BookData, target: Path, progress: Progress) -> Written:
    progress("Writing records", 0, 1)
    table = records_table(data)
    write_whole(target, lambda file: write_csv(table, file))
    progress("Writing records", 1, 1)
    return {}


EXPORTER = Exporter(
    name="records-csv",
    suffix=".csv",
    describes="one row per record with its themes, for programs",
    write=_write,
)
