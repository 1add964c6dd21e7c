"""What people set of insights is kept, undone and redone; what left the house is only remembered."""

import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from tests.project.story import Deed, perform

from themeloom.domain import frames
from themeloom.domain.errors import ProjectError
from themeloom.domain.insights import Delivery, Field
from themeloom.project.project import Project

MAYA = ("Billing", "Maya Brandt", "maya@example.com", "Refunds; word: invoice")


@pytest.fixture
def theme(project: Project) -> str:
    perform(project, Deed("import", 1, 0, 10))
    perform(project, Deed("run", 2))
    return project.themes()["theme_id"][0]


def set_fields(project: Project) -> dict[tuple[str, str], str]:
    return {(theme, field): value for theme, field, value in project.insight_fields().iter_rows()}


def test_fields_are_set_cleared_and_undone_as_one_step(project: Project, theme: str) -> None:
    deed = project.edit_insights({theme: {Field.OWNER: "Maya", Field.DUE: "2026-12-01"}})
    assert deed is not None
    assert deed.insights
    assert not deed.themes
    assert set_fields(project) == {(theme, "owner"): "Maya", (theme, "due"): "2026-12-01"}
    cleared = project.edit_insights({theme: {Field.OWNER: None, Field.BASIS: "{}"}})
    assert cleared is not None
    assert cleared.name.startswith("change of owner of “")
    assert set_fields(project) == {(theme, "due"): "2026-12-01", (theme, "basis"): "{}"}
    project.undo()
    assert set_fields(project) == {(theme, "owner"): "Maya", (theme, "due"): "2026-12-01"}
    project.undo()
    assert set_fields(project) == {}
    project.redo()
    assert len(set_fields(project)) == 2


def test_a_way_back_over_several_steps_tells_that_insights_changed(
    project: Project, theme: str
) -> None:
    before = project.history(1)[0].seq
    project.edit_insights({theme: {Field.OWNER: "Maya"}})
    project.rename_theme(theme, "Another title")
    deed = project.jump_to(before)
    assert deed is not None
    assert (deed.insights, deed.themes) == (True, True)


def test_the_same_again_is_no_step(project: Project, theme: str) -> None:
    project.edit_insights({theme: {Field.OWNER: "Maya"}})
    assert project.edit_insights({theme: {Field.OWNER: "Maya"}}) is None
    assert project.edit_insights({theme: {Field.NOTE: None}}) is None
    assert project.edit_insights({}) is None


def test_a_step_is_named_by_what_it_changes(project: Project, theme: str) -> None:
    project.edit_insights({theme: {Field.OWNER: "Maya"}}, name="edits of a workbook")
    assert project.undo_name == "edits of a workbook"


def test_unknown_themes_are_refused(project: Project, theme: str) -> None:
    with pytest.raises(ProjectError, match="no theme T-999"):
        project.edit_insights({theme: {Field.OWNER: "Maya"}, "T-999": {Field.OWNER: "x"}})
    assert set_fields(project) == {}


def test_what_was_set_of_a_deleted_theme_comes_back_with_it(project: Project, theme: str) -> None:
    project.edit_insights({theme: {Field.DECISION: "Ship it"}})
    project.delete_themes([theme])
    assert set_fields(project) == {}
    project.undo()
    assert set_fields(project) == {(theme, "decision"): "Ship it"}


def test_an_edited_roster_stands_until_another_is_imported(project: Project, theme: str) -> None:
    roster = pl.DataFrame([MAYA], schema=frames.ROSTER, orient="row")
    assert project.roster().is_empty()
    project.set_roster(roster)
    assert project.roster().equals(roster)
    with project.begin_import("roster") as stage:
        stage.add_source({"file": "roster.xlsx"})
        stage.set_roster(roster.with_columns(pm=pl.lit("Tom")))
        stage.commit()
    assert project.roster()["pm"].to_list() == ["Tom"]
    project.set_roster(roster)
    assert project.roster().equals(roster)
    project.undo()
    project.undo()
    assert project.roster().equals(roster)
    project.undo()
    assert project.roster().is_empty()


def test_choices_are_undone(project: Project, theme: str) -> None:
    project.choose("sending", json.dumps({"limit": 3}), name="limit of 3")
    project.choose("sending", json.dumps({"limit": 4}), name="limit of 4")
    project.undo()
    assert project.choice("sending") == '{"limit": 3}'
    assert project.choices() == {"sending": '{"limit": 3}'}
    project.undo()
    assert project.choice("sending") is None


def test_deliveries_are_a_log(project: Project, theme: str, path: Path) -> None:
    sent = Delivery(
        id="a" * 32,
        created="2026-11-26T10:00:00+00:00",
        kind="send",
        format="xlsx",
        recipient="Maya Brandt",
        place="/tmp/Maya Brandt",
        values={"IN-001": {"records": "12", "title": "½ “x”"}},
        about={"period": "2026-09-01..2026-09-30"},
    )
    project.edit_insights({theme: {Field.OWNER: "Maya"}})
    project.add_delivery(sent)
    project.undo()
    project.close()
    with Project.open(path) as again:
        assert again.deliveries(values=True) == [sent]
        assert again.deliveries()[0].values == {}
        assert again.delivery("a" * 32) == sent
        assert again.delivery("b" * 32) is None
        assert again.deliveries()[0].when.year == 2026


@pytest.mark.parametrize(
    "edit",
    [
        lambda project, theme: project.edit_insights({theme: {Field.OWNER: "Maya"}}),
        lambda project, _: project.choose("sending", "{}", name="limit"),
        lambda project, _: project.set_roster(
            pl.DataFrame([MAYA], schema=frames.ROSTER, orient="row")
        ),
    ],
)
def test_the_state_hash_sees_it(
    project: Project, theme: str, edit: Callable[[Project, str], object]
) -> None:
    before = project.state_hash()
    edit(project, theme)
    after = project.state_hash()
    assert after != before
    project.undo()
    assert project.state_hash() == before
    project.redo()
    assert project.state_hash() == after
