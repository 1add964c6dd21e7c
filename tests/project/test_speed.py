"""Large projects stay quick (`make bench`)."""

import time
from pathlib import Path

import polars as pl
import pytest

from themeloom.domain import frames
from themeloom.project.project import Project

ROWS = 100_000

pytestmark = pytest.mark.bench


def test_100_000_records_and_excerpts(project: Project, path: Path) -> None:
    text = "The export to PDF fails each time I try it with report number {} and I want it fixed."
    number = pl.int_range(ROWS)
    text_of = pl.format(text, number)
    columns = [
        pl.lit("ticket").alias("kind"),
        pl.lit('{"plan":"Team","region":"EU"}').alias("segments_json"),
        pl.lit('{"browser":"Firefox","seat":"12"}').alias("fields_json"),
    ]
    names = ("external_id", "person_key", "author", "email", "account", "subject", "place")
    records = pl.select(
        pl.format("{}", number).str.zfill(16).alias("record_id"),
        text_of.alias("text"),
        pl.datetime(2026, 1, 1, time_unit="us").alias("date"),
        pl.format("hash {}", number).alias("content_hash"),
        (number + 2).alias("row"),
        *columns,
        *[pl.format("{} {}", pl.lit(name), number % 500).alias(name) for name in names],
    )
    excerpts = records.select(
        pl.format("{}.0", "record_id").alias("excerpt_id"),
        "record_id",
        "text",
        pl.lit(0).alias("ordinal"),
        pl.lit(0).alias("start"),
        pl.col("text").str.len_chars().alias("end"),
        pl.col("subject").alias("context"),
    )
    began = time.perf_counter()
    with project.begin_import("large") as stage:
        source_id = stage.add_source({"file": "large.csv"})
        stage.add_records(records.with_columns(source_id=pl.lit(source_id)))
        stage.add_excerpts(excerpts)
        before_flip = time.perf_counter()
        stage.commit()
    ended = time.perf_counter()
    assert ended - before_flip < 0.2
    assert ended - began < 4
    began = time.perf_counter()
    found = project.records()
    assert time.perf_counter() - began < 1.5
    assert found.select(records.columns).equals(
        frames.conform(records, frames.RECORDS).select(records.columns)
    )
    began = time.perf_counter()
    assert project.excerpts()["text"].equals(records["text"])
    assert time.perf_counter() - began < 1.5
    project.close()
    began = time.perf_counter()
    Project.open(path).close()
    assert time.perf_counter() - began < 3
