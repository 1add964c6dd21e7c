"""A new project for each test, and a small one with a tree of themes."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from tests.project.story import Deed, perform

from themeloom.domain import frames
from themeloom.domain.themes import Run
from themeloom.project.project import Project

TREE = (
    ("G-1", None, "group"),
    ("G-2", None, "group"),
    ("T-1", "G-1", "theme"),
    ("T-2", "G-1", "theme"),
    ("T-3", "G-2", "theme"),
    ("S-1", "T-1", "sub-theme"),
    ("S-2", "T-1", "sub-theme"),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "Félix & co.loom"


@pytest.fixture
def project(path: Path) -> Iterator[Project]:
    with Project.create(path) as made:
        yield made


@pytest.fixture
def ids(project: Project) -> list[str]:
    """Return the excerpts: 0 in T-1 (and less in T-2), 1 in T-2, 2 in T-3, 3 in S-1, the rest in none."""
    perform(project, Deed("import", 1, 0, 4))
    found = project.excerpts()["excerpt_id"].to_list()
    rows = [
        (found[0], "T-1", "auto", 0.8, True, False),
        (found[0], "T-2", "auto", 0.7, False, False),
        (found[1], "T-2", "auto", 0.6, True, False),
        (found[2], "T-3", "auto", 0.5, True, False),
        (found[3], "S-1", "auto", 0.4, True, False),
    ]
    themes = [
        {
            "theme_id": theme_id,
            "parent_id": parent,
            "level": level,
            "title": f"Title {theme_id}",
            "status": "proposed",
            "key_phrases": ["found"],
            "quotes": [found[0]],
            "position": position,
        }
        for position, (theme_id, parent, level) in enumerate(TREE)
    ]
    with project.begin_run(Run("run", "2026-11-01", 0, "hash")) as stage:
        stage.add_themes(pl.DataFrame(themes, schema=frames.THEMES))
        stage.add_assignments(pl.DataFrame(rows, schema=frames.ASSIGNMENTS, orient="row"))
        stage.add_unsorted(
            pl.DataFrame(
                [(found[4], "too far", "T-2", "T-3", 0.3), (found[5], "tie", "T-1", "T-2", 0.2)],
                schema=frames.UNSORTED,
                orient="row",
            )
        )
        stage.commit()
    return found
