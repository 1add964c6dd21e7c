"""The sample feedback as a real project file, with its planted themes: no engine is needed."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
from tests.insights.story import story

from themeloom.domain.themes import Run
from themeloom.project.project import Project


def make_fernwick(path: Path, *, themes: bool = True, few: bool = False) -> Path:
    """Write the project to ``path``; without ``themes`` as it is before the first run.

    ``few`` as in ``story``: what a draft, an export or a view of it takes is mostly by record.
    """
    data = story(raw=True, few=few)
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
            project.reserve_theme_ids("T", data.themes.height)  # as a search does for its themes
            with project.begin_run(Run(data.run.id, data.run.created, 0, "hash")) as stage:
                stage.add_themes(data.themes)
                stage.add_assignments(data.assignments)
                stage.add_unsorted(data.unsorted)
                stage.commit()
    return path


def copy_fernwick(path: Path, *, few: bool = False) -> Path:
    """Write a copy to ``path`` of a project that was made once: all have one id and one mask key."""
    path.write_bytes(_made(few=few))
    return path


@cache
def _made(*, few: bool) -> bytes:
    with TemporaryDirectory() as folder:
        return make_fernwick(Path(folder) / "fernwick.loom", few=few).read_bytes()
