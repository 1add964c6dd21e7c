"""A first hour with the window, on the sample, with real processes and real files."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot
from tests.end_to_end.conftest import Synthesis
from tests.gui.driving import (
    answers,
    open_window,
    press,
    settle,
    trigger,
    view_of,
    wait_for_dialog,
)

from themeloom.base.settings import Settings
from themeloom.domain.themes import Level
from themeloom.gui.dialogs.export import ExportDialog
from themeloom.gui.dialogs.find_themes import FindThemesDialog
from themeloom.gui.dialogs.merge import MergeDialog
from themeloom.gui.dialogs.new_theme import NewThemeDialog
from themeloom.gui.views.themes.place import ThemesPlace
from themeloom.gui.windows.main_window import MainWindow
from themeloom.project.project import Project
from themeloom.services.projects import sample_path
from themeloom.services.recutting import Cuts

REVIEWED = 60


@pytest.fixture
def window(qapp: QApplication, qtbot: QtBot, themeloom_home: Path) -> Iterator[MainWindow]:
    with open_window(qapp, qtbot, Settings(themeloom_home / "settings.json")) as made:
        yield made


@pytest.mark.timeout(420)
def test_first_hour(window: MainWindow, synthesis: Synthesis, qtbot: QtBot, tmp_path: Path) -> None:
    place = window.places["themes"]
    assert isinstance(place, ThemesPlace)

    # --- the sample comes in
    qtbot.mouseClick(window.welcome.sample_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(
        lambda: window.workspace.view is not None and view_of(window).totals.records > 900,
        timeout=60_000,
    )
    settle(window, qtbot)
    assert window.place == "sources"
    opened = window.workspace.session
    assert opened is not None
    states = [opened.project.state_hash()]

    # --- themes are found and accepted; the main job has read the same texts already
    vectors = opened.project.derived_store() / synthesis.vectors.name
    shutil.copytree(synthesis.vectors, vectors, dirs_exist_ok=True)
    press(qtbot, window.bar, "Find themes")
    press(qtbot, wait_for_dialog(window, qtbot, FindThemesDialog), "Find themes")
    qtbot.waitUntil(lambda: view_of(window).totals.themes > 5, timeout=240_000)
    settle(window, qtbot)
    assert window.place == "themes"
    assert view_of(window).totals.proposed == view_of(window).totals.themes
    assert place.showing.themes == tuple(_themes(window)[:1]), (
        "the largest is shown, not what has none"
    )
    cuts = Cuts.load(opened.project)
    assert cuts is not None
    proposed = cuts.preview(cuts.chosen).themes[2]
    place.left.proposals.looked_at.emit(list(cuts.levels).index(cuts.chosen), proposed.key)
    qtbot.waitUntil(lambda: place.excerpts.model.rowCount() == proposed.excerpts, timeout=10_000)
    trigger(window, "themes.accept-all")
    settle(window, qtbot)
    assert view_of(window).totals.proposed == 0

    # --- sixty excerpts are reviewed by keyboard
    trigger(window, "themes.review")
    settle(window, qtbot)
    review = place.review
    assert review.isVisible()
    while review.session.done < REVIEWED:
        before = review.session.done
        qtbot.keyClick(review, Qt.Key.Key_U if before % 10 == 9 else Qt.Key.Key_A)
        qtbot.waitUntil(lambda n=before: review.session.done > n, timeout=10_000)
    settle(window, qtbot)
    qtbot.keyClick(review, Qt.Key.Key_Escape)
    assert view_of(window).totals.reviewed == REVIEWED

    # --- some excerpts are split off, two themes are merged
    themes = _themes(window)
    place.show_theme(themes[0])
    settle(window, qtbot)
    place.excerpts.take_focus()
    shown = place.excerpts.model.numbers
    place.excerpts.table.select_numbers(shown.head(5))
    trigger(window, "themes.split-off")
    dialog = wait_for_dialog(window, qtbot, NewThemeDialog)
    qtbot.keyClicks(dialog.findChildren(QLineEdit)[0], "Something of its own")
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    settle(window, qtbot)
    made = view_of(window).themes.filter(pl.col("title") == "Something of its own")
    assert made["excerpts"].to_list() == [5]
    place.tree_pane.tree.select(themes[1:3])
    settle(window, qtbot)
    count = view_of(window).totals.themes
    trigger(window, "themes.merge")
    press(qtbot, wait_for_dialog(window, qtbot, MergeDialog), "Merge 2")
    settle(window, qtbot)
    assert view_of(window).totals.themes == count - 1

    # --- something is searched for and put under a theme
    trigger(window, "edit.find")
    qtbot.keyClicks(window.search_field, "calendar")
    qtbot.waitUntil(lambda: place.excerpts.model.rowCount() > 3, timeout=10_000)
    settle(window, qtbot)
    qtbot.keyClick(window.search_field, Qt.Key.Key_Return)
    settle(window, qtbot)
    found = place.excerpts.model.numbers.head(3)
    assert "calendar" in place.excerpts.model.row_at(0).text.casefold()
    place.excerpts.table.select_numbers(found)
    trigger(window, "excerpts.move")
    target = _themes(window)[-1]
    place.picker.chosen.emit(target, False)
    settle(window, qtbot)
    moved = view_of(window).excerpts.filter(pl.col("excerpt").is_in(found.implode()))
    assert set(moved["theme_id"]) == {target}

    # --- the workbook is written
    workbook = tmp_path / "insights.xlsx"
    answers(window).path = workbook
    trigger(window, "file.export")
    export = wait_for_dialog(window, qtbot, ExportDialog)
    export.choose_target()
    export.write()
    settle(window, qtbot)
    assert workbook.stat().st_size > 20_000
    press(qtbot, window.bar, "Open")
    assert answers(window).shown == [workbook]

    # --- everything is taken back, and done again
    session = window.workspace.session
    assert session is not None
    final = session.project.state_hash()
    while session.undo_name is not None and not session.undo_name.startswith("import of"):
        trigger(window, "edit.undo")
        settle(window, qtbot)
    assert session.project.state_hash() == states[0]
    assert view_of(window).totals.themes == 0
    while session.redo_name is not None:
        trigger(window, "edit.redo")
        settle(window, qtbot)
    assert session.project.state_hash() == final

    # --- the laptop is closed; next morning everything is as it was left
    path = session.project.path
    window.close()
    assert path == sample_path()
    with Project.open(path) as project:
        assert project.state_hash() == final
        assert project.undo_name is not None


def _themes(window: MainWindow) -> list[str]:
    return (
        view_of(window)
        .themes.filter(pl.col("level") == Level.THEME)
        .sort("records", descending=True)["theme_id"]
        .to_list()
    )
