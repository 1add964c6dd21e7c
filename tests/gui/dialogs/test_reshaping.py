"""Split, levels, coverage and merge in the window: shown first, one step, taken back."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QWidget
from pytestqt.qtbot import QtBot
from tests.gui.driving import (
    open_project,
    open_window,
    press,
    settle,
    trigger,
    view_of,
    wait_for_dialog,
)
from tests.gui.opening import fernwick

from themeloom.base.settings import Settings
from themeloom.domain.insights import Field
from themeloom.domain.themes import Level
from themeloom.gui.dialogs.coverage import CoverageDialog
from themeloom.gui.dialogs.levels import LevelDialog
from themeloom.gui.dialogs.merge import MergeDialog
from themeloom.gui.dialogs.split import SplitDialog
from themeloom.gui.views.themes.place import ThemesPlace
from themeloom.gui.views.themes.tree_delegate import TreeDelegate
from themeloom.gui.windows.main_window import MainWindow
from themeloom.project.project import Project


@pytest.fixture(scope="module", params=[True], ids=["few records"])
def reserved(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("fernwick") / "f.loom"
    path.write_bytes(fernwick(few=request.param))
    with Project.open(path) as project:
        for prefix in "GTS":  # the sample's ids were not given by the project
            project.reserve_theme_ids(prefix, 100)
    return path.read_bytes()


@pytest.fixture
def window(
    qapp: QApplication, qtbot: QtBot, settings: Settings, tmp_path: Path, reserved: bytes
) -> Iterator[MainWindow]:
    path = tmp_path / "voice.loom"
    path.write_bytes(reserved)
    with open_window(qapp, qtbot, settings) as made:
        open_project(made, qtbot, path)
        made.show_place("themes")
        settle(made, qtbot)
        yield made


def place_of(window: MainWindow) -> ThemesPlace:
    place = window.places["themes"]
    assert isinstance(place, ThemesPlace)
    return place


def largest(window: MainWindow, number: int = 1, level: Level = Level.THEME) -> list[str]:
    themes = view_of(window).themes.filter(pl.col("level") == level)
    return themes.sort("records", "theme_id", descending=[True, False])["theme_id"].to_list()[
        :number
    ]


def words(widget: QWidget) -> str:
    return "\n".join(one.text() for one in widget.findChildren(QLabel) if one.isVisibleTo(widget))


def select(window: MainWindow, qtbot: QtBot, *theme_ids: str) -> None:
    place_of(window).tree_pane.tree.select(list(theme_ids))
    settle(window, qtbot)
    window.actions_.refresh_now()


def places_in(window: MainWindow) -> dict[str, tuple[str | None, str]]:
    rows = view_of(window).themes.select("theme_id", "parent_id", "level").rows()
    return {theme: (parent, level) for theme, parent, level in rows}


@pytest.mark.usefixtures("shared_engine")
def test_a_theme_is_split_after_its_parts_were_seen(window: MainWindow, qtbot: QtBot) -> None:
    (theme,) = largest(window)
    before = view_of(window).shares
    seen = view_of(window).excerpts.filter(pl.col("theme_id") == theme)["excerpt_id"].head(4)
    place_of(window).curation.confirm(
        view_of(window)
        .excerpts.filter(pl.col("excerpt_id").is_in(seen.implode()))["excerpt"]
        .to_list()
    )
    settle(window, qtbot)
    select(window, qtbot, theme)
    trigger(window, "themes.split")
    settle(window, qtbot)
    assert not window.bar.text
    dialog = wait_for_dialog(window, qtbot, SplitDialog)
    settle(window, qtbot)
    assert view_of(window).shares.height == before.height, "nothing has moved yet"
    assert len(dialog._rows) == dialog._split.suggested
    dialog._count.setValue(3)
    qtbot.wait(10)  # new rows are shown in the next turn of the event loop
    assert len(dialog._rows) == 3
    told = words(dialog)
    assert "“" in told
    assert "4 because you reviewed them" in told
    first, second, third = dialog._rows
    qtbot.keyClicks(first._field, " one")
    kept_title = first.title
    third._own.setChecked(False)
    assert "Make 2" in dialog._split_button.text()
    second._field.setText("")
    second._field.textEdited.emit("")
    assert not dialog._split_button.isEnabled()
    assert "needs a title" in words(dialog)
    second._field.setText(kept_title.upper())
    second._field.textEdited.emit("")
    assert "Two parts are called" in words(dialog)
    second._field.setText("Another half")
    second._field.textEdited.emit("")
    dialog._count.setValue(2)
    dialog._count.setValue(3)
    assert [row.title for row in dialog._rows][:2] == [kept_title, "Another half"]
    assert not dialog._rows[2].own
    press(qtbot, dialog, "Make 2")
    settle(window, qtbot)
    themes = view_of(window).themes
    below = themes.filter(pl.col("parent_id") == theme)
    assert set(below["title"]) == {kept_title, "Another half"}
    assert set(below["level"]) == {Level.SUB_THEME}
    tree = place_of(window).tree_pane
    index, delegate = tree.model.theme_index(theme), tree.tree.itemDelegate()
    assert tree.tree.isExpanded(index), "the parts are seen"
    assert isinstance(delegate, TreeDelegate)
    assert delegate.back(index) == 0, "the chevron stands before the mark, not on it"
    rows = view_of(window).excerpts.filter(pl.col("excerpt_id").is_in(seen.implode()))
    assert set(rows["theme_id"]) == {theme}, "what was reviewed stays"
    window.workspace.undo()
    settle(window, qtbot)
    assert view_of(window).themes.filter(pl.col("parent_id") == theme).is_empty()


def test_split_is_offered_for_one_theme(window: MainWindow, qtbot: QtBot) -> None:
    select(window, qtbot, *largest(window, 2))
    assert not window.actions_["themes.split"].isEnabled()
    select(window, qtbot, *largest(window, 1, Level.GROUP))
    assert not window.actions_["themes.split"].isEnabled()
    assert "Select one theme first." in window.actions_["themes.split"].toolTip()


def test_a_theme_moves_up_after_what_moves_was_seen(window: MainWindow, qtbot: QtBot) -> None:
    (theme,) = largest(window)
    select(window, qtbot, theme)
    before = places_in(window)
    trigger(window, "themes.promote")
    dialog = wait_for_dialog(window, qtbot, LevelDialog)
    assert "A new group" in words(dialog)
    assert "→" in words(dialog)
    press(qtbot, dialog, "Move a level up")
    settle(window, qtbot)
    group = places_in(window)[theme][0]
    assert group not in before
    assert places_in(window)[str(group)] == (None, Level.GROUP)
    window.workspace.undo()
    settle(window, qtbot)
    assert places_in(window) == before


def test_themes_move_down_below_the_chosen_one(window: MainWindow, qtbot: QtBot) -> None:
    first, second = largest(window, 2)
    select(window, qtbot, first)
    before = places_in(window)
    trigger(window, "themes.demote")
    dialog = wait_for_dialog(window, qtbot, LevelDialog)
    (box,) = dialog.findChildren(QComboBox)
    box.setCurrentIndex(box.findData(second))
    qtbot.wait(10)  # new rows are shown in the next turn of the event loop
    title = view_of(window).themes.filter(pl.col("theme_id") == second)["title"][0]
    assert f"Sub-theme of “{title}”" in words(dialog)
    press(qtbot, dialog, "Move a level down")
    settle(window, qtbot)
    assert places_in(window)[first] == (second, Level.SUB_THEME)
    window.workspace.undo()
    settle(window, qtbot)
    assert places_in(window) == before


def test_a_group_moves_down_and_sub_themes_do_not(window: MainWindow, qtbot: QtBot) -> None:
    (group,) = largest(window, 1, Level.GROUP)
    select(window, qtbot, group)
    assert not window.actions_["themes.promote"].isEnabled()
    trigger(window, "themes.demote")
    dialog = wait_for_dialog(window, qtbot, LevelDialog)
    assert not [box for box in dialog.findChildren(QComboBox) if box.isVisible()]
    assert "the group itself goes" in words(dialog)
    press(qtbot, dialog, "Cancel")
    assert group in places_in(window)


def test_the_theme_that_comes_of_a_group_is_shown(window: MainWindow, qtbot: QtBot) -> None:
    (group,) = largest(window, 1, Level.GROUP)
    title = view_of(window).themes.filter(pl.col("theme_id") == group)["title"][0]
    select(window, qtbot, group)
    trigger(window, "themes.demote")
    press(qtbot, wait_for_dialog(window, qtbot, LevelDialog), "Move a level down")
    settle(window, qtbot)
    place = place_of(window)
    (chosen,) = place.selected_themes
    assert places_in(window)[chosen] == (None, Level.THEME)
    assert place.curation.title(chosen) == title
    assert place.excerpts.model.rowCount()
    assert place.inspector.theme_page.isVisible()


def test_more_is_let_in_after_it_was_seen(window: MainWindow, qtbot: QtBot) -> None:
    place = place_of(window)
    place.show_unsorted()
    settle(window, qtbot)
    before = view_of(window).totals
    assert place.excerpts.header.coverage.isVisible()
    qtbot.mouseClick(place.excerpts.header.coverage, Qt.MouseButton.LeftButton)
    dialog = wait_for_dialog(window, qtbot, CoverageDialog)
    dialog.slider.setValue(0)
    settle(window, qtbot)
    assert not dialog._change.isEnabled()
    dialog.slider.setValue(-4)
    settle(window, qtbot)
    assert dialog._change.isEnabled()
    assert dialog._change.text().startswith("Put out ")
    assert "Coverage: " in words(dialog)
    assert "“" in words(dialog)
    assert view_of(window).totals == before, "nothing has moved yet"
    press(qtbot, dialog, "Put out")
    settle(window, qtbot)
    lower = view_of(window).totals
    assert lower.coverage < before.coverage
    assert lower.unsorted > before.unsorted
    trigger(window, "themes.coverage")
    dialog = wait_for_dialog(window, qtbot, CoverageDialog)
    dialog.slider.setValue(5)
    settle(window, qtbot)
    press(qtbot, dialog, "Let in")
    settle(window, qtbot)
    assert view_of(window).totals.coverage > lower.coverage
    for _ in range(2):
        window.workspace.undo()
        settle(window, qtbot)
    assert view_of(window).totals == before


def test_before_a_search_the_button_says_what_is_needed(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "raw.loom"
    path.write_bytes(fernwick(themes=False, few=True))
    open_project(window, qtbot, path)
    window.show_place("themes")
    place_of(window).show_unsorted()
    settle(window, qtbot)
    window.actions_.refresh_now()
    button = place_of(window).excerpts.header.coverage
    assert button.isVisible()
    assert not button.isEnabled()
    assert "Find themes first." in button.toolTip()


def test_the_control_stands_in_the_unsorted_tray_only(window: MainWindow, qtbot: QtBot) -> None:
    place = place_of(window)
    place.show_theme(largest(window)[0])
    settle(window, qtbot)
    assert not place.excerpts.header.coverage.isVisible()


@pytest.mark.parametrize("reserved", [False], ids=["all records"], indirect=True)
def test_a_merge_tells_scores_and_lost_edits(window: MainWindow, qtbot: QtBot) -> None:
    themes = view_of(window).themes.filter(pl.col("nps_n") > 12)
    ids = themes.filter(pl.col("level") == Level.THEME)["theme_id"].to_list()[:2]
    edits = {one: {Field.OWNER: "Ann Example"} for one in ids}
    window.workspace.edit(lambda session: session.project.edit_insights(edits))
    settle(window, qtbot)
    place_of(window).reshaping.merge(ids)
    dialog = wait_for_dialog(window, qtbot, MergeDialog)
    told = words(dialog)
    assert "Together they score NPS " in told
    assert told.count("NPS ") >= 3
    titles = dict(view_of(window).themes.select("theme_id", "title").iter_rows())
    dialog._radios[0].setChecked(True)
    (kept, lost) = dialog._themes["theme_id"].to_list()
    assert f"not carried over: “{titles[lost]}” (owner)." in words(dialog)
    dialog._radios[1].setChecked(True)
    assert f"not carried over: “{titles[kept]}” (owner)." in words(dialog)
    press(qtbot, dialog, "Merge 2")
    settle(window, qtbot)
    assert kept not in set(view_of(window).themes["theme_id"])


def test_the_key_merges_what_the_button_counts(window: MainWindow, qtbot: QtBot) -> None:
    (group,), themes = largest(window, 1, Level.GROUP), largest(window, 2)
    action, button = (
        window.actions_["themes.merge"],
        place_of(window).inspector.selection_page._merge,
    )
    select(window, qtbot, group, *themes)
    assert not action.isEnabled()
    assert "A group cannot be merged with a theme" in action.toolTip()
    assert not button.isEnabled()
    for ids, what in ((themes, "2 themes"), (largest(window, 2, Level.GROUP), "2 groups")):
        select(window, qtbot, *ids)
        assert button.text().replace("\u00a0", " ") == f"Merge {what}…"
        trigger(window, "themes.merge")
        dialog = wait_for_dialog(window, qtbot, MergeDialog)
        assert dialog.windowTitle().replace("\u00a0", " ") == f"Merge {what}"
        press(qtbot, dialog, "Cancel")
        settle(window, qtbot)
