"""Excerpts in several themes in the window: seen, moved, made main, taken off, each one undo step."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot
from tests.gui.driving import open_project, open_window, press, settle, trigger, view_of
from tests.gui.opening import fernwick

from themeloom.base.settings import Settings
from themeloom.gui.models import theme_tree
from themeloom.gui.views.themes.inspector import RECORD
from themeloom.gui.views.themes.place import ThemesPlace
from themeloom.gui.windows.main_window import MainWindow
from themeloom.project.project import Project


@pytest.fixture
def themes(tmp_path: Path) -> list[str]:
    """Return three themes; two excerpts of the first are in the second, too."""
    path = tmp_path / "voice.loom"
    path.write_bytes(fernwick(few=True))
    with Project.open(path) as project:
        found = project.themes().filter(pl.col("level") == "theme")["theme_id"].head(3).to_list()
        project.assign(_of(project, found[0])[:2], found[1], also=True)
    return found


@pytest.fixture
def window(
    qapp: QApplication, qtbot: QtBot, settings: Settings, tmp_path: Path, themes: list[str]
) -> Iterator[MainWindow]:
    with open_window(qapp, qtbot, settings) as made:
        open_project(made, qtbot, tmp_path / "voice.loom")
        place_of(made).show_theme(themes[1])
        settle(made, qtbot)
        yield made


def _of(project: Project, theme_id: str) -> list[str]:
    return project.assignments().filter(pl.col("theme_id") == theme_id)["excerpt_id"].to_list()


def place_of(window: MainWindow) -> ThemesPlace:
    place = window.places["themes"]
    assert isinstance(place, ThemesPlace)
    return place


def several(window: MainWindow) -> pl.DataFrame:
    excerpts = view_of(window).excerpts
    return excerpts.filter(pl.col("also").list.len() > 0).select("excerpt", "theme_id", "also")


def shares(window: MainWindow, excerpt: int) -> dict[str, bool]:
    rows = view_of(window).shares.filter(pl.col("excerpt") == excerpt)
    return dict(rows.select("theme_id", "primary").iter_rows())


def select(window: MainWindow, qtbot: QtBot, excerpts: pl.Series) -> None:
    place_of(window).excerpts.table.select_numbers(excerpts, current=int(excerpts[0]))
    settle(window, qtbot)


def test_further_themes_are_seen_in_the_table_and_the_inspector(
    window: MainWindow, qtbot: QtBot, themes: list[str]
) -> None:
    place, rows = place_of(window), several(window)
    assert rows["theme_id"].to_list() == [themes[0]] * 2
    assert rows["also"].to_list() == [[themes[1]]] * 2
    numbers = place.excerpts.model.numbers
    assert set(rows["excerpt"]) <= set(numbers), "they stand in the list of the further theme"
    title = place.curation.title(themes[0])
    row = place.excerpts.model.row_at(numbers.to_list().index(rows["excerpt"][0]))
    assert title in place.excerpts.model.words.spoken(row)
    select(window, qtbot, rows["excerpt"].head(1))
    place.inspector.go_to(RECORD)
    settle(window, qtbot)
    page = place.inspector.record_page

    def labels() -> list[str]:
        return [label.text() for label in page.findChildren(QLabel) if label.isVisibleTo(page)]

    # The page follows the selection a moment later.
    qtbot.waitUntil(lambda: {"Themes of this excerpt", "main"} <= set(labels()), timeout=10_000)


def test_another_main_theme_in_the_inspector(
    window: MainWindow, qtbot: QtBot, themes: list[str]
) -> None:
    place, excerpt = place_of(window), int(several(window)["excerpt"][0])
    select(window, qtbot, several(window)["excerpt"].head(1))
    place.inspector.go_to(RECORD)
    settle(window, qtbot)
    section = place.inspector.record_page._record.excerpt_themes
    # Its rows are shown in the turn of the event loop after it.
    qtbot.waitUntil(
        lambda: any(one.isVisible() for one in section.findChildren(QPushButton)), timeout=10_000
    )
    press(qtbot, place.inspector.record_page, "Make main")
    settle(window, qtbot)
    assert shares(window, excerpt) == {themes[0]: False, themes[1]: True}
    trigger(window, "edit.undo")
    settle(window, qtbot)
    assert shares(window, excerpt) == {themes[0]: True, themes[1]: False}
    place.inspector.take_off_asked.emit(excerpt, themes[0])
    settle(window, qtbot)
    assert shares(window, excerpt) == {themes[1]: True}
    assert not place.inspector.record_page._record.excerpt_themes.isVisible()
    trigger(window, "edit.undo")
    settle(window, qtbot)
    assert shares(window, excerpt) == {themes[0]: True, themes[1]: False}


def test_actions_on_what_is_selected(window: MainWindow, qtbot: QtBot, themes: list[str]) -> None:
    both = several(window)["excerpt"]
    select(window, qtbot, both)
    count = place_of(window).excerpts.model.rowCount()
    trigger(window, "excerpts.main")
    settle(window, qtbot)
    assert [shares(window, one) for one in both] == [{themes[0]: False, themes[1]: True}] * 2
    select(window, qtbot, both)
    trigger(window, "excerpts.take-off")
    settle(window, qtbot)
    assert [shares(window, one) for one in both] == [{themes[0]: True}] * 2
    assert place_of(window).excerpts.model.rowCount() == count - 2
    for _ in range(2):
        trigger(window, "edit.undo")
        settle(window, qtbot)
    assert [shares(window, one) for one in both] == [{themes[0]: True, themes[1]: False}] * 2


def test_actions_say_what_they_need(window: MainWindow, qtbot: QtBot) -> None:
    place, both = place_of(window), several(window)["excerpt"]
    others = place.excerpts.model.numbers.filter(
        ~place.excerpts.model.numbers.is_in(both.implode())
    )
    select(window, qtbot, others.head(1))
    action = window.actions_["excerpts.take-off"]
    window.actions_.refresh_now()
    assert not action.isEnabled()
    assert "several themes" in action.toolTip()
    place.show_unsorted()
    settle(window, qtbot)
    select(window, qtbot, place.excerpts.model.numbers.head(1))
    window.actions_.refresh_now()
    assert "Show one theme first" in action.toolTip()


def test_a_move_leaves_the_theme_that_is_shown(
    window: MainWindow, qtbot: QtBot, themes: list[str]
) -> None:
    place, excerpt = place_of(window), int(several(window)["excerpt"][0])
    select(window, qtbot, several(window)["excerpt"].head(1))
    place.picker.chosen.emit(themes[2], False)
    settle(window, qtbot)
    assert shares(window, excerpt) == {themes[0]: True, themes[2]: False}
    trigger(window, "edit.undo")
    settle(window, qtbot)
    place.show_theme(themes[0])
    settle(window, qtbot)
    place.tree_pane.model.excerpts_dropped.emit([excerpt], themes[2])
    settle(window, qtbot)
    assert shares(window, excerpt) == {themes[2]: True, themes[1]: False}


def test_a_move_works_after_sub_themes_were_taken_back(
    window: MainWindow, qtbot: QtBot, themes: list[str]
) -> None:
    place = place_of(window)
    excerpt = int(place.excerpts.model.numbers[0])
    title = "A part of it"
    place.curation.create(title, [excerpt], parent_id=themes[1], instead_of=place.showing.themes)
    settle(window, qtbot)
    part = view_of(window).themes.filter(pl.col("title") == title)["theme_id"].item()
    assert part in place.showing.themes, "the list of a theme holds what is below it"
    assert excerpt in place.excerpts.model.numbers
    trigger(window, "edit.undo")
    settle(window, qtbot)
    assert place.showing.themes == (themes[1],)
    select(window, qtbot, pl.Series([excerpt]))
    place.picker.chosen.emit(themes[2], False)
    settle(window, qtbot)
    assert not window.bar.text
    assert themes[2] in shares(window, excerpt)
    assert themes[1] not in shares(window, excerpt)


@pytest.mark.parametrize("steps", [200, 0], ids=["row by row", "all anew"])
def test_a_theme_that_is_deleted_gives_way_to_another(
    window: MainWindow,
    qtbot: QtBot,
    themes: list[str],
    monkeypatch: pytest.MonkeyPatch,
    steps: int,
) -> None:
    monkeypatch.setattr(theme_tree, "_MOST_STEPS", steps)
    place = place_of(window)
    trigger(window, "themes.delete")
    settle(window, qtbot)
    (shown,) = place.selected_themes
    assert shown != themes[1]
    assert place.tree_pane.tree.current_id() == shown
    assert place.excerpts.scope is not None
    assert place.excerpts.scope.title == place.curation.title(shown)
    assert place.excerpts.model.rowCount() > 0
    assert place.inspector.theme_page.theme_id == shown
