"""The list of steps, jumping in it, and steps with very many rows."""

import polars as pl
import pytest
from tests.project.story import Deed, perform

from themeloom.domain import frames
from themeloom.domain.changes import Deed as Done
from themeloom.domain.errors import ProjectError
from themeloom.domain.themes import Run
from themeloom.project import changes
from themeloom.project.project import Project


def test_jumping_back_and_forth(project: Project) -> None:
    hashes = [project.state_hash()]
    for deed in (
        Deed("import", 1, 0, 5),
        Deed("run", 2),
        Deed("rename", 3, theme="T-2"),
        Deed("assign", 4, 0, 2, "T-2"),
        Deed("unassign", 5, 1, 2),
    ):
        perform(project, deed)
        hashes.append(project.state_hash())
    assert len(set(hashes)) == len(hashes)
    steps = project.history(10)
    assert [step.name for step in steps] == [
        "setting aside of 2 excerpts",
        "move of 2 excerpts to Title 3",
        "rename of “Theme 2” to “Title 3”",
        "search for themes",
        "import of wave 1",
    ]
    assert [step.seq for step in steps] == sorted((step.seq for step in steps), reverse=True)
    assert project.history(2) == steps[:2]
    numbers = [0, *sorted(step.seq for step in steps)]
    numbered = project.excerpt_rows().sort("excerpt_id")["excerpt"].to_list()
    deed = project.jump_to(numbers[3])
    assert deed == Done(
        "move of 2 excerpts to Title 3", excerpts=(numbered[1], numbered[2], numbered[0])
    )
    assert [step.undone for step in project.history(10)] == [True, True, False, False, False]
    for place in (1, 5, 0, 4, 2):
        deed = project.jump_to(numbers[place])
        assert deed is not None
        assert project.state_hash() == hashes[place]
    assert project.jump_to(numbers[2]) is None
    project.rename_theme("T-2", "Another branch")
    with pytest.raises(ProjectError, match="no longer part of the history"):
        project.jump_to(numbers[5])


def test_a_jump_that_is_refused_changes_nothing(project: Project) -> None:
    perform(project, Deed("import", 1, 0, 5))
    perform(project, Deed("run", 2))
    perform(project, Deed("rename", 3, theme="T-2"))
    before = project.state_hash()
    with project.begin_import("second"):
        with pytest.raises(ProjectError, match="being written"):
            project.jump_to(0)
        assert project.state_hash() == before
        assert project.undo_name == "rename of “Theme 2” to “Title 3”"


def test_steps_with_many_rows_are_kept_small_and_come_back(project: Project) -> None:
    count = 8_000
    perform(project, Deed("import", 1, 0, count // 2))
    ids = project.excerpts()["excerpt_id"].to_list()
    with project.begin_run(Run("run", "2026-11-01", 0, "hash")) as stage:
        stage.add_themes(
            pl.DataFrame(
                [
                    {"theme_id": name, "level": "theme", "title": name, "status": "active"}
                    for name in ("T-1", "T-2")
                ]
            )
        )
        rows = [(one, "T-1", "auto", 0.5, True, False) for one in ids]
        stage.add_assignments(pl.DataFrame(rows, schema=frames.ASSIGNMENTS, orient="row"))
        stage.commit()
    hashes = [project.state_hash()]
    assert project.confirm(ids) is not None  # one row after for each: below the limit
    hashes.append(project.state_hash())
    deed = project.assign(ids, "T-2")  # one before, one after
    assert deed is not None
    assert len(deed.excerpts) == count
    hashes.append(project.state_hash())
    assert project.unassign(ids[:6000]) is not None
    hashes.append(project.state_hash())
    stored = project._read(
        lambda connection: connection.execute(
            "SELECT length(payload), length(many) FROM steps ORDER BY seq DESC LIMIT 3"
        ).fetchall()
    )
    assert changes.MANY == 10_000
    assert stored[2][1] is None
    for payload, many in stored[:2]:
        assert isinstance(payload, int)
        assert payload < 200
        assert isinstance(many, int)
        assert many < 12 * count
    for expected in reversed(hashes[:-1]):
        project.undo()
        assert project.state_hash() == expected
    for expected in hashes[1:]:
        project.redo()
        assert project.state_hash() == expected
