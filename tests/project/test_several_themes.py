"""Excerpts in several themes: moves, taking off, another main theme, merges, deletions, undo."""

import polars as pl
import pytest
from tests.project.test_curation import placed

from themeloom.domain.errors import ProjectError
from themeloom.domain.themes import Method
from themeloom.project.project import Project


def shares(project: Project, excerpt_id: str) -> list[tuple[str, bool]]:
    return [(theme, primary) for one, theme, primary in placed(project) if one == excerpt_id]


def rows(project: Project, excerpt_id: str) -> pl.DataFrame:
    return project.assignments().filter(pl.col("excerpt_id") == excerpt_id)


def undone(project: Project, before: str, after: str) -> None:
    """Undo, redo, undo: the state is what it was each time."""
    project.undo()
    assert project.state_hash() == before
    project.redo()
    assert project.state_hash() == after
    project.undo()


def test_a_move_takes_the_place_of_the_main_theme(project: Project, ids: list[str]) -> None:
    before = project.state_hash()
    project.assign([ids[0], ids[1]], "T-3")
    assert shares(project, ids[0]) == [("T-3", True), ("T-2", False)]
    assert shares(project, ids[1]) == [("T-3", True)]
    found = rows(project, ids[0])
    assert found["method"].to_list() == [Method.MANUAL, Method.AUTO]
    assert found["similarity"].to_list() == [None, 0.7]
    assert found["reviewed"].to_list() == [True, True]
    undone(project, before, project.state_hash())


def test_a_move_out_of_the_theme_one_looks_at(project: Project, ids: list[str]) -> None:
    before = project.state_hash()
    project.assign([ids[0], ids[1], ids[2]], "T-3", instead_of=["T-2", "S-1"])
    assert shares(project, ids[0]) == [("T-1", True), ("T-3", False)]
    assert shares(project, ids[1]) == [("T-3", True)]
    assert shares(project, ids[2]) == [("T-3", True)], "it is in none of them: its only one"
    undone(project, before, project.state_hash())
    project.assign([ids[0]], "T-1", instead_of=["T-2"])
    assert shares(project, ids[0]) == [("T-1", True)], "it was in there already"
    assert rows(project, ids[0])["similarity"].to_list() == [0.8]


def test_a_move_into_the_further_theme_leaves_that_one(project: Project, ids: list[str]) -> None:
    project.assign([ids[0]], "T-2")
    assert shares(project, ids[0]) == [("T-2", True)]
    assert rows(project, ids[0])["similarity"].to_list() == [0.7]


def test_a_new_theme_of_what_one_looks_at(project: Project, ids: list[str]) -> None:
    before = project.state_hash()
    _, made = project.create_theme("Split off", excerpt_ids=[ids[0]], instead_of=["T-2"])
    assert shares(project, ids[0]) == [("T-1", True), (made, False)]
    undone(project, before, project.state_hash())


def test_taking_a_further_theme_off(project: Project, ids: list[str]) -> None:
    before = project.state_hash()
    deed = project.take_off([ids[0], ids[1], ids[4]], "T-2")
    assert deed is not None
    assert deed.name == "removal of 1 excerpt from Title T-2"
    assert shares(project, ids[0]) == [("T-1", True)]
    assert rows(project, ids[0])["reviewed"].to_list() == [True]
    assert shares(project, ids[1]) == [("T-2", True)], "it has no other one"
    assert project.take_off([ids[0]], "T-2") is None
    undone(project, before, project.state_hash())


def test_taking_the_main_theme_off_makes_the_next_one_it(project: Project, ids: list[str]) -> None:
    project.assign([ids[0]], "T-3", also=True)
    project.take_off([ids[0]], "T-1")
    assert shares(project, ids[0]) == [("T-2", True), ("T-3", False)]


def test_another_main_theme(project: Project, ids: list[str]) -> None:
    before = project.state_hash()
    deed = project.make_primary([ids[0], ids[1]], "T-2")
    assert deed is not None
    assert deed.name == "change of the main theme of 1 excerpt to Title T-2"
    assert shares(project, ids[0]) == [("T-2", True), ("T-1", False)]
    assert project.make_primary([ids[0]], "T-2") is None
    undone(project, before, project.state_hash())
    with pytest.raises(ProjectError, match="T-99"):
        project.make_primary([ids[0]], "T-99")


def test_merged_themes_leave_one_share(project: Project, ids: list[str]) -> None:
    before = project.state_hash()
    project.merge_themes(["T-2"], "T-1")
    assert shares(project, ids[0]) == [("T-1", True)]
    assert rows(project, ids[0])["similarity"].to_list() == [0.8]
    project.undo()
    assert project.state_hash() == before
    project.merge_themes(["T-1"], "T-2")
    assert shares(project, ids[0]) == [("T-2", True)]


def test_a_deleted_main_theme_leaves_the_further_one(project: Project, ids: list[str]) -> None:
    project.delete_themes(["T-1"])
    assert shares(project, ids[0]) == [("T-2", True)]
    assert ids[0] not in set(project.unsorted()["excerpt_id"])
    project.undo()
    assert shares(project, ids[0]) == [("T-1", True), ("T-2", False)]


def test_confirming_and_setting_aside_are_about_all_themes(
    project: Project, ids: list[str]
) -> None:
    project.confirm([ids[0]])
    assert rows(project, ids[0])["reviewed"].to_list() == [True, True]
    project.unassign([ids[0]])
    assert shares(project, ids[0]) == []
