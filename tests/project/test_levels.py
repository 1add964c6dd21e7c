"""Splitting themes, and moving them a level up and down: what is seen afterwards, and undone."""

import polars as pl
import pytest
from tests.project.test_curation import inner, placed, tree

from themeloom.domain.errors import ProjectError
from themeloom.domain.themes import Method, NewPart, Status
from themeloom.project.project import Project


def part(title: str, *excerpts: str) -> NewPart:
    return NewPart(title, excerpts, tuple(0.7 for _ in excerpts), "About it.", ("a", "b"), excerpts)


def order(project: Project, parent: str | None) -> list[str]:
    rows = project.themes().select("theme_id", "parent_id").rows()
    return [theme for theme, above in rows if above == parent]


def test_a_split_into_sub_themes_is_one_step(project: Project, ids: list[str]) -> None:
    project.assign(ids[:2], "T-3")
    before = project.state_hash()
    project.undo()
    first = project.state_hash()
    deed = project.split_theme("T-1", [part("Half", ids[0]), part("Rest")])
    assert deed is not None
    assert deed.name == "split of “Title T-1” into 2 sub-themes"
    assert deed.excerpts == (inner(project, ids[0]),)
    assert tree(project)["S-001"] == tree(project)["S-002"] == ("T-1", "sub-theme")
    assert order(project, "T-1") == ["S-1", "S-2", "S-001", "S-002"]
    new = project.themes().row(by_predicate=pl.col("theme_id") == "S-001", named=True)
    assert (new["title"], new["status"], new["definition"]) == ("Half", Status.ACTIVE, "About it.")
    assert (new["key_phrases"], new["quotes"]) == (["a", "b"], [ids[0]])
    rows = project.assignments().rows()
    assert rows[0] == (ids[0], "S-001", Method.RULE, 0.7, True, False)
    assert rows[1][:2] == (ids[0], "T-2"), "its further theme stays"
    project.undo()
    assert project.state_hash() == first
    project.redo()
    assert project.assignments().rows() == rows
    project.undo()
    project.assign(ids[:2], "T-3")
    assert project.state_hash() == before


def test_reviewed_excerpts_stay_unless_they_shall_go(project: Project, ids: list[str]) -> None:
    project.confirm([ids[1]])
    project.split_theme("T-2", [part("Half", ids[0], ids[1])], beside=True)
    assert placed(project)[:3] == [
        (ids[0], "T-1", True),
        (ids[0], "T-001", False),
        (ids[1], "T-2", True),
    ]
    project.undo()
    project.split_theme("T-2", [part("Half", ids[0], ids[1])], beside=True, reviewed=True)
    row = project.assignments().rows()[2]
    assert row == (ids[1], "T-002", Method.AUTO, 0.7, True, True)


def test_parts_beside_a_theme_stand_behind_it(project: Project, ids: list[str]) -> None:
    project.split_theme("T-1", [part("One", ids[0]), part("Two")], beside=True)
    assert order(project, "G-1") == ["T-1", "T-001", "T-002", "T-2"]
    project.split_theme("S-1", [part("Three", ids[3])], beside=True)
    assert order(project, "T-1") == ["S-1", "S-001", "S-2"]
    assert placed(project)[-1] == (ids[3], "S-001", True)


def test_what_cannot_be_split(project: Project, ids: list[str]) -> None:
    with pytest.raises(ProjectError, match="is a group"):
        project.split_theme("G-1", [part("One")])
    with pytest.raises(ProjectError, match="nothing can stand below it"):
        project.split_theme("S-1", [part("One", ids[3])])
    with pytest.raises(ProjectError, match="needs a title"):
        project.split_theme("T-1", [part(" ", ids[0])])
    assert project.split_theme("T-1", []) is None


def test_sub_themes_become_themes_behind_theirs(project: Project, ids: list[str]) -> None:
    before = project.state_hash()
    deed = project.promote_themes(["S-2"])
    assert deed is not None
    assert deed.name == "promotion of “Title S-2” to a theme"
    assert tree(project)["S-2"] == ("G-1", "theme")
    assert order(project, "G-1") == ["T-1", "S-2", "T-2"]
    project.undo()
    project.promote_themes(["S-1", "S-2"])
    assert order(project, "G-1") == ["T-1", "S-1", "S-2", "T-2"]
    project.undo()
    assert project.state_hash() == before


def test_a_theme_becomes_a_group(project: Project, ids: list[str]) -> None:
    before = project.state_hash()
    rows = project.assignments()
    deed = project.promote_themes(["T-1"])
    assert deed is not None
    assert deed.name == "promotion of “Title T-1” to a group"
    assert order(project, None) == ["G-1", "G-001", "G-2"]
    assert order(project, "G-001") == ["T-1", "S-1", "S-2"]
    assert {tree(project)[one] for one in ("T-1", "S-1", "S-2")} == {("G-001", "theme")}
    assert project.assignments().equals(rows)
    project.undo()
    assert project.state_hash() == before
    with pytest.raises(ProjectError, match="nothing above groups"):
        project.promote_themes(["G-1"])
    with pytest.raises(ProjectError, match="one theme at a time"):
        project.promote_themes(["T-1", "T-2"])


def test_themes_become_sub_themes(project: Project, ids: list[str]) -> None:
    before = project.state_hash()
    deed = project.demote_themes(["T-1"], "T-3")
    assert deed is not None
    assert deed.name == "demotion of “Title T-1” to a sub-theme of “Title T-3”"
    assert order(project, "T-3") == ["T-1", "S-1", "S-2"]
    assert tree(project)["S-2"] == ("T-3", "sub-theme")
    project.undo()
    assert project.state_hash() == before
    for target in ("S-1", "G-1", "T-1"):
        with pytest.raises(ProjectError, match="Choose another theme"):
            project.demote_themes(["T-1"], target)
    with pytest.raises(ProjectError, match="Choose which one"):
        project.demote_themes(["T-1"])
    with pytest.raises(ProjectError, match="nothing below sub-themes"):
        project.demote_themes(["S-1"], "T-3")


def test_a_group_becomes_a_theme(project: Project, ids: list[str]) -> None:
    before = project.state_hash()
    rows = project.assignments()
    deed = project.demote_themes(["G-1"])
    assert deed is not None
    assert deed.name == "demotion of “Title G-1” to a theme"
    assert order(project, None) == ["G-2", "T-001"]
    assert order(project, "T-001") == ["T-1", "S-1", "S-2", "T-2"]
    assert project.assignments().equals(rows)
    project.undo()
    assert project.state_hash() == before
    with pytest.raises(ProjectError, match="one group at a time"):
        project.demote_themes(["G-1", "T-3"])
