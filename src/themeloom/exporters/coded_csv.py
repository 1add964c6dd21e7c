"""``coded-csv``: one row for each excerpt and theme, for programs."""

from pathlib import Path

import polars as pl

from themeloom.analytics.placing import groups_of
from themeloom.exporters.exporter import Exporter, Progress, Written
from themeloom.exporters.safety.delimited import write_csv
from themeloom.exporters.safety.targets import write_whole
from themeloom.insights.files import source_files
from themeloom.insights.model import BookData
from themeloom.insights.privacy import Veil

_COLUMNS = (
    "record_id external_id source_file source_row excerpt_id start end text theme_id theme_title "
    "group_id group_title similarity method primary"
).split()


def coded_table(data: BookData) -> pl.DataFrame:
    """Return the rows of ``coded-csv``.

    An excerpt with several themes has a row for each (one of them ``primary``), one without a theme
    has one row with empty theme columns. The excerpts of a duplicate carry the themes of its
    original's. ``start`` and ``end`` count the code points of the record's unmasked text.
    """
    veil = Veil.of(data)
    titles = pl.DataFrame(
        {"theme_id": data.themes["theme_id"], "title": veil.texts(data.themes["title"])}
    )
    themes = titles.join(groups_of(data.themes), on="theme_id", how="left").join(
        titles.select(pl.col("theme_id").alias("group_id"), pl.col("title").alias("group_title")),
        on="group_id",
        how="left",
    )
    records = data.records.select(
        "record_id",
        veil.ids(data.records["external_id"], data.records["file"]),
        source_files(data, veil).alias("source_file"),
        pl.col("row").alias("source_row"),
        pl.coalesce("duplicate_of", "record_id").alias("original"),
    )
    # The excerpts of a duplicate are cut as its original's are, but numbered on their own.
    excerpts = data.excerpts.with_columns(turn=pl.int_range(pl.len()).over("record_id"))
    codes = data.assignments.join(
        excerpts.select("excerpt_id", pl.col("record_id").alias("original"), "turn"),
        on="excerpt_id",
    ).select("original", "turn", "theme_id", "similarity", "method", "primary")
    codes = codes.sort(["primary", "theme_id"], descending=[True, False], nulls_last=True)
    return (
        excerpts.with_columns(veil.texts(excerpts["text"]))
        .join(records, on="record_id", maintain_order="left")
        .join(codes, on=["original", "turn"], how="left", maintain_order="left_right")
        .join(themes, on="theme_id", how="left", maintain_order="left")
        .rename({"title": "theme_title"})
        .select(_COLUMNS)
    )


def _write(data: BookData, target: Path, progress: Progress) -> Written:
    progress("Writing excerpts", 0, 1)
    table = coded_table(data)
    write_whole(target, lambda file: write_csv(table, file))
    progress("Writing excerpts", 1, 1)
    return {}


EXPORTER = Exporter(
    name="coded-csv",
    suffix=".csv",
    describes="one row per excerpt with its themes, for programs",
    write=_write,
)
