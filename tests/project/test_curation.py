"""What a person does to themes and excerpts, and what is seen afterwards."""

import polars as pl
import pytest
from tests.project.story import Deed, perform

from themeloom.domain.changes import Deed as Done
from themeloom.domain.errors import ProjectError
from themeloom.domain.themes import Level, Method, Reason, Status
from themeloom.project.project import Project


def placed(project: Project) -> list[tuple[str, str, bool]]:
    return project.assignments().select("excerpt_id", "theme_id", "primary").rows()


def reasons(project: Project) -> dict[str, str]:
    return dict(project.unsorted().select("excerpt_id", "reason").iter_rows())


def tree(project: Project) -> dict[str, tuple[str | None, str]]:
    return {
        theme_id: (parent, level)
        for theme_id, parent, level in project.themes()
        .select("theme_id", "parent_id", "level")
        .iter_rows()
    }


def inner(project: Project, excerpt_id: str) -> int:
    found = project.excerpt_rows().filter(pl.col("excerpt_id") == excerpt_id)
    return int(found["excerpt"][0])


def test_a_merge_is_followed_everywhere_and_undone(project: Project, ids: list[str]) -> None:
    before = project.state_hash()
    rows = project.raw_assignments()
    deed = project.merge_themes(["T-1", "T-2", "T-3"], "T-2")
    assert deed == Done("merge of 2 themes into Title T-2", themes=True)
    assert placed(project) == [
        (ids[0], "T-2", True),
        (ids[1], "T-2", True),
        (ids[2], "T-2", True),
        (ids[3], "S-1", True),
    ]
    assert project.assignments()["similarity"].to_list() == [0.8, 0.6, 0.5, 0.4]
    assert project.raw_assignments().equals(rows)
    assert project.redirects() == {"T-1": "T-2", "T-3": "T-2"}
    assert project.unsorted().rows() == [
        (ids[4], "too far", "T-2", None, 0.3),
        (ids[5], "tie", "T-2", None, 0.2),
    ]
    assert tree(project) == {
        "G-1": (None, "group"),
        "G-2": (None, "group"),
        "T-2": ("G-1", "theme"),
        "S-1": ("T-2", "sub-theme"),
        "S-2": ("T-2", "sub-theme"),
    }
    project.merge_themes(["T-2"], "S-1")
    assert project.redirects() == {"T-1": "S-1", "T-2": "S-1", "T-3": "S-1"}
    assert tree(project)["S-1"] == ("G-1", "theme")
    assert tree(project)["S-2"] == ("S-1", "sub-theme")
    assert {theme for _, theme, _ in placed(project)} == {"S-1"}
    project.delete_themes(["S-1"])
    assert set(project.redirects().values()) == {None}
    assert placed(project) == []
    assert [project.undo() is not None for _ in range(3)] == [True] * 3
    assert project.state_hash() == before


def test_groups_merge_with_groups_only(project: Project, ids: list[str]) -> None:
    with pytest.raises(ProjectError, match="one is a group"):
        project.merge_themes(["T-1"], "G-2")
    with pytest.raises(ProjectError, match="one is a group"):
        project.merge_themes(["G-1"], "T-3")
    project.merge_themes(["G-1"], "G-2")
    assert {theme for theme, place in tree(project).items() if place == ("G-2", "theme")} == {
        "T-1",
        "T-2",
        "T-3",
    }
    assert project.undo_name == "merge of “Title G-1” into Title G-2"


def test_a_merge_with_itself_is_a_rename(project: Project, ids: list[str]) -> None:
    steps = project.history(100)
    assert project.merge_themes(["T-1"], "T-1") is None
    assert project.history(100) == steps
    project.merge_themes(["T-1"], "T-1", title="Calendar")
    assert project.undo_name == "rename of “Title T-1” to “Calendar”"
    assert project.redirects() == {}


def test_memos_are_kept_in_a_merge(project: Project, ids: list[str]) -> None:
    project.describe_theme("T-1", memo="Ask Ann.")
    project.describe_theme("T-2", memo="Since May.")
    project.merge_themes(["T-1"], "T-2")
    memo = project.themes().filter(pl.col("theme_id") == "T-2")["memo"][0]
    assert memo == "Since May.\n\nFrom “Title T-1”: Ask Ann."


def test_excerpts_of_a_deleted_theme_are_unsorted(project: Project, ids: list[str]) -> None:
    deed = project.delete_themes(["T-1"])
    assert deed == Done("deletion of “Title T-1”", themes=True)
    assert placed(project)[0] == (ids[0], "T-2", True)  # its second theme is its only one now
    project.delete_themes(["T-3"])
    assert reasons(project) == {ids[2]: Reason.DELETED, ids[4]: "too far", ids[5]: "tie"}
    assert project.unsorted()["nearest_theme_id"].to_list() == [None, "T-2", "T-2"]
    assert project.unsorted()["similarity"].to_list() == [None, 0.3, None]
    assert tree(project)["S-1"] == ("G-1", "theme")
    project.delete_themes(["G-1", "T-2"])
    assert tree(project) == {"G-2": (None, "group"), "S-1": (None, "theme"), "S-2": (None, "theme")}
    with pytest.raises(ProjectError, match=r"T-1 was deleted.*Undo"):
        project.rename_theme("T-1", "New")


def test_moving_nests_and_promotes(project: Project, ids: list[str]) -> None:
    before = tree(project)
    assert project.move_themes(["T-1"], "T-3") == Done(
        "move of “Title T-1” to Title T-3", themes=True
    )
    below = ("T-3", "sub-theme")
    assert [tree(project)[theme] for theme in ("T-1", "S-1", "S-2")] == [below] * 3
    project.move_themes(["S-1", "T-1"], None)
    assert tree(project)["S-1"] == tree(project)["T-1"] == (None, "theme")
    project.move_themes(["S-1"], "T-2")
    assert tree(project)["S-1"] == ("T-2", "sub-theme")
    assert project.move_themes(["S-1"], "T-2") is None
    with pytest.raises(ProjectError, match="below itself"):
        project.move_themes(["T-2"], "T-2")
    with pytest.raises(ProjectError, match="one of its own sub-themes"):
        project.move_themes(["T-2"], "S-1")
    with pytest.raises(ProjectError, match="nothing can stand below it"):
        project.move_themes(["T-3"], "S-1")
    with pytest.raises(ProjectError, match="groups stand at the top level"):
        project.move_themes(["G-1"], "G-2")
    for _ in range(3):
        project.undo()
    assert tree(project) == before


def test_a_theme_and_its_sub_themes_move_together(project: Project, ids: list[str]) -> None:
    project.move_themes(["S-1", "T-1", "S-2"], "G-2")
    assert tree(project)["T-1"] == ("G-2", "theme")
    assert tree(project)["S-1"] == tree(project)["S-2"] == ("T-1", "sub-theme")


def test_order_below_a_parent(project: Project, ids: list[str]) -> None:
    def order() -> list[str]:
        themes = project.themes().filter(pl.col("parent_id") == "G-1")
        return themes["theme_id"].to_list()

    project.move_themes(["T-3"], "G-1")
    assert order() == ["T-1", "T-2", "T-3"]
    project.move_themes(["T-3"], "G-1", before="T-2")
    assert order() == ["T-1", "T-3", "T-2"]
    _, new = project.create_theme("First", parent_id="G-1", before="T-1")
    assert order() == [new, "T-1", "T-3", "T-2"]
    project.undo()
    project.undo()
    assert order() == ["T-1", "T-2", "T-3"]
    with pytest.raises(ProjectError, match="does not stand there"):
        project.move_themes(["T-2"], "G-2", before="T-1")


def test_a_new_theme_with_excerpts_is_one_step(project: Project, ids: list[str]) -> None:
    before = project.state_hash()
    deed, theme_id = project.create_theme(
        "  Slow  export ", parent_id="G-2", excerpt_ids=[ids[0], ids[4]]
    )
    numbers = tuple(inner(project, one) for one in (ids[0], ids[4]))
    assert deed == Done("new theme “Slow export”", themes=True, excerpts=numbers)
    made = project.themes().filter(pl.col("theme_id") == theme_id).row(0, named=True)
    assert (made["title"], made["parent_id"], made["status"]) == ("Slow export", "G-2", "active")
    assert [row for row in placed(project) if row[1] == theme_id] == [
        (ids[0], theme_id, True),
        (ids[4], theme_id, True),
    ]
    after = project.state_hash()
    project.undo()
    assert project.state_hash() == before
    project.redo()
    assert project.state_hash() == after
    _, sub = project.create_theme("Below", parent_id=theme_id)
    assert tree(project)[sub] == (theme_id, "sub-theme")
    _, group = project.create_theme("Group", level=Level.GROUP)
    assert tree(project)[group] == (None, "group")
    assert len({theme_id, sub, group}) == 3
    with pytest.raises(ProjectError, match="groups stand at the top level"):
        project.create_theme("Group", level=Level.GROUP, parent_id="G-2")
    with pytest.raises(ProjectError, match="is a group"):
        project.assign([ids[0]], group)


def test_moving_excerpts_by_id_and_by_number(project: Project, ids: list[str]) -> None:
    numbers = [inner(project, ids[4]), inner(project, ids[0])]
    deed = project.assign([ids[4], numbers[1], ids[4]], "T-3")
    assert deed == Done("move of 2 excerpts to Title T-3", excerpts=tuple(numbers))
    assert project.assign(numbers, "T-3") is None
    assert project.assign([ids[0]], "T-2", also=True) is None
    assert project.assign([ids[0]], "S-1", also=True) is not None
    themes = [(theme, primary) for one, theme, primary in placed(project) if one == ids[0]]
    assert themes == [("T-3", True), ("T-2", False), ("S-1", False)]
    assert project.undo_name == "addition of 1 excerpt to Title S-1"
    project.assign([ids[5]], "T-2", also=True)
    assert placed(project)[-1] == (ids[5], "T-2", True)
    with pytest.raises(ProjectError, match="no excerpt 9999"):
        project.assign([9999], "T-3")


def test_a_second_theme_keeps_the_first_one_as_it_is(project: Project, ids: list[str]) -> None:
    project.assign([ids[1]], "T-3", also=True)
    found = project.assignments().filter(pl.col("excerpt_id") == ids[1])
    assert found.drop("excerpt_id").rows() == [
        ("T-2", Method.AUTO, 0.6, True, True),
        ("T-3", Method.MANUAL, None, False, True),
    ]


def test_setting_aside_and_confirming(project: Project, ids: list[str]) -> None:
    deed = project.unassign([ids[0], ids[4]])
    assert deed is not None
    assert deed.name == "setting aside of 2 excerpts"
    assert reasons(project) == {ids[0]: Reason.SET_ASIDE, ids[4]: Reason.SET_ASIDE, ids[5]: "tie"}
    assert project.decisions()["theme_id"].to_list() == [None, None]
    assert project.unassign([ids[0]]) is None
    deed = project.confirm(ids)
    assert deed is not None
    assert deed.name == "confirmation of 3 excerpts"
    assert deed.excerpts == tuple(inner(project, one) for one in ids[1:4])
    assert project.assignments()["reviewed"].to_list() == [True] * 3
    assert project.assignments()["method"].to_list() == [Method.AUTO] * 3
    assert project.confirm(ids) is None
    project.undo()
    project.undo()
    assert project.decisions().is_empty()
    assert reasons(project) == {ids[4]: "too far", ids[5]: "tie"}


def test_wording_and_quotes_of_a_person_win(project: Project, ids: list[str]) -> None:
    project.describe_theme("T-1", definition=" Export. ", key_phrases=["slow export", " ", "pdf"])
    assert project.undo_name == "change of definition and key phrases of “Title T-1”"
    project.choose_quotes("T-1", [inner(project, ids[3]), ids[1]])
    perform(project, Deed("run", 2))
    row = project.themes().filter(pl.col("theme_id") == "T-1").row(0, named=True)
    assert (row["definition"], row["key_phrases"]) == ("Export.", ["slow export", "pdf"])
    assert row["quotes"] == [ids[3], ids[1]]
    assert project.describe_theme("T-1", definition="Export.") is None
    for _ in range(3):
        project.undo()
    row = project.themes().filter(pl.col("theme_id") == "T-1").row(0, named=True)
    assert (row["definition"], row["key_phrases"], row["quotes"]) == ("", ["found"], [ids[0]])


def test_status_of_several(project: Project, ids: list[str]) -> None:
    deed = project.set_theme_status(["T-1", "T-2"], Status.ACTIVE)
    assert deed == Done("acceptance of 2 themes", themes=True)
    project.set_theme_status(["T-1", "G-1"], Status.LOCKED)
    assert project.undo_name == "lock of 1 theme and 1 group"
    project.set_theme_status("T-1", Status.ACTIVE)
    assert project.undo_name == "unlocking of “Title T-1”"
    assert project.set_theme_status("T-1", Status.ACTIVE) is None


def test_a_merge_with_a_new_title_is_one_step(project: Project, ids: list[str]) -> None:
    before = project.state_hash()
    deed = project.merge_themes(["T-2"], "T-1", title="Both of them")
    assert deed is not None
    assert "Both of them" in project.themes()["title"].to_list()
    project.undo()
    assert project.state_hash() == before


def test_excerpts_go_to_several_themes_in_one_step(project: Project, ids: list[str]) -> None:
    before = project.state_hash()
    deed = project.assign_each({"T-2": [ids[4]], "T-1": [ids[5]], "T-3": []})
    assert deed is not None
    assert deed.name == "move of 2 excerpts to 2 themes"
    assert tuple(theme for excerpt, theme, _ in placed(project) if excerpt in ids[4:6]) == (
        "T-2",
        "T-1",
    )
    project.undo()
    assert project.state_hash() == before
    assert project.assign_each({"T-1": []}) is None


def test_a_new_theme_can_be_a_second_one(project: Project, ids: list[str]) -> None:
    before = project.state_hash()
    _, theme_id = project.create_theme("Also this", excerpt_ids=[ids[1]], also=True)
    themes = {(theme, primary) for excerpt, theme, primary in placed(project) if excerpt == ids[1]}
    assert themes == {("T-2", True), (theme_id, False)}
    project.undo()
    assert project.state_hash() == before
