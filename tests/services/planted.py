"""A real project of the planted feedback: two sources, one excerpt a record, no themes yet."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl
from tests.engine.feedback import feedback

from themeloom.domain.frames import EXCERPTS, RECORDS, conform
from themeloom.domain.records import Kind
from themeloom.project.project import Project

SOURCES = ((Kind.TICKET, "tickets.csv"), (Kind.NPS, "survey.csv"))


def planted_project(path: Path, more: Sequence[str] = ()) -> Project:
    """Return a new project with the planted texts and more; every third one came with the survey."""
    project = Project.create(path)
    texts = [*feedback()["text"], *more]
    with project.begin_import("planted") as stage:
        ids = [
            stage.add_source({"file": file, "path": file, "kind": kind, "about": "us"})
            for kind, file in SOURCES
        ]
        rows = [
            {
                "record_id": f"r{number:03d}",
                "source_id": ids[number % 3 == 0],
                "kind": SOURCES[number % 3 == 0][0],
                "row": number + 2,
                "text": text,
                "person_key": f"p{number}",
                "content_hash": f"h{number}",
            }
            for number, text in enumerate(texts)
        ]
        records = pl.DataFrame(rows)
        stage.add_records(conform(records, RECORDS))
        excerpts = records.select(
            pl.format("{}.0", "record_id").alias("excerpt_id"),
            "record_id",
            pl.lit(0).alias("ordinal"),
            pl.lit(0).alias("start"),
            pl.col("text").str.len_chars().alias("end"),
            "text",
        )
        stage.add_excerpts(conform(excerpts, EXCERPTS))
        stage.commit()
    return project
