"""The sample feedback as a real project file, with its planted themes: no engine is needed."""

from pathlib import Path

import polars as pl
from tests.insights.story import story

from themeloom.domain.themes import Run
from themeloom.project.project import Project


def make_fernwick(path: Path, *, themes: bool = True) -> Path:
    """Write the project to ``path``; without ``themes`` as it is before the first run."""
    data = story(raw=True)
    with Project.create(path) as project:
        with project.begin_import("sample") as stage:
            ids = {
                row["source_id"]: stage.add_source({"about": "us", **row})
                for row in data.sources.iter_rows(named=True)
            }
            stage.add_records(
                data.records.with_columns(
                    pl.col("source_id").replace_strict(ids),
                    content_hash=pl.col("record_id"),
                )
            )
            stage.add_excerpts(data.excerpts)
            stage.set_accounts(data.accounts)
            stage.set_roster(data.roster)
            stage.commit()
        if themes:
            assert data.run is not None
            with project.begin_run(Run(data.run.id, data.run.created, 0, "hash")) as stage:
                stage.add_themes(data.themes)
                stage.add_assignments(data.assignments)
                stage.add_unsorted(data.unsorted)
                stage.commit()
    return path
