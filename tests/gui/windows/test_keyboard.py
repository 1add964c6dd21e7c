"""Where the keyboard stands: after a place is chosen, and how that is seen."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton, QTabBar
from pytestqt.qtbot import QtBot
from tests.gui.driving import open_project, open_window, settle, trigger
from tests.gui.opening import fernwick

from themeloom.base.settings import Settings
from themeloom.gui.look.tokens import tokens
from themeloom.gui.views.sources.place import SourcesPlace
from themeloom.gui.views.themes.place import ThemesPlace
from themeloom.gui.windows.main_window import MainWindow
from themeloom.gui.windows.sidebar import PlaceButton, StepButton


@pytest.fixture
def window(
    qapp: QApplication, qtbot: QtBot, settings: Settings, tmp_path: Path
) -> Iterator[MainWindow]:
    path = tmp_path / "voice.loom"
    path.write_bytes(fernwick(few=True))
    with open_window(qapp, qtbot, settings) as made:
        open_project(made, qtbot, path)
        yield made


def themes_of(window: MainWindow) -> ThemesPlace:
    place = window.places["themes"]
    assert isinstance(place, ThemesPlace)
    return place


@pytest.mark.parametrize("name", ["sources", "themes", "insights", "dashboard"])
def test_the_key_of_a_place_brings_the_keyboard_there(
    window: MainWindow, qtbot: QtBot, name: str
) -> None:
    buttons = window.findChildren(PlaceButton)
    for start in (buttons[1], window.search_field):
        start.setFocus()
        trigger(window, f"window.{name}")
        settle(window, qtbot)
        focus = QApplication.focusWidget()
        assert focus is not None
        assert window.places[name].isAncestorOf(focus)


def test_the_key_of_the_place_that_is_shown_leaves_the_sidebar(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.findChildren(PlaceButton)[1].setFocus()
    trigger(window, "window.themes")
    assert themes_of(window).tree_pane.tree.hasFocus()


def test_a_click_on_a_place_takes_nothing_from_it(window: MainWindow, qtbot: QtBot) -> None:
    for button in (window.findChildren(PlaceButton)[1], window.findChildren(StepButton)[1]):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        assert themes_of(window).tree_pane.tree.hasFocus(), button.text()


def test_a_place_that_shows_a_review_gives_the_keyboard_to_it(
    window: MainWindow, qtbot: QtBot
) -> None:
    place = themes_of(window)
    trigger(window, "themes.review")
    settle(window, qtbot)
    assert place.review.isVisible()
    window.search_field.setFocus()
    trigger(window, "window.themes")
    assert place.review.hasFocus()


def test_where_nothing_is_yet_the_keyboard_stands_on_what_can_be_done(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "unread.loom"
    path.write_bytes(fernwick(themes=False, few=True))
    open_project(window, qtbot, path)
    for name, words in (
        ("themes", "Find themes…"),
        ("insights", "Find themes…"),
        ("dashboard", "Find themes…"),
    ):
        window.search_field.setFocus()
        trigger(window, f"window.{name}")
        settle(window, qtbot)
        focus = QApplication.focusWidget()
        assert isinstance(focus, QPushButton), name
        assert focus.text() == words
    created: list[bool] = []
    window.projects.create(tmp_path / "new.loom", lambda: created.append(True))
    qtbot.waitUntil(lambda: bool(created), timeout=10_000)
    settle(window, qtbot)
    sources = window.places["sources"]
    assert isinstance(sources, SourcesPlace)
    assert sources.choose_button.hasFocus()


def test_places_say_without_a_project_why_they_cannot_be_chosen(
    window: MainWindow, qtbot: QtBot
) -> None:
    buttons = window.findChildren(PlaceButton)
    assert all(button.isEnabled() for button in buttons)
    trigger(window, "file.close")
    settle(window, qtbot)
    assert not any(button.isEnabled() for button in buttons)
    assert all("Open a project first." in button.toolTip() for button in buttons)


def test_the_source_of_the_keyboard_wears_a_ring(window: MainWindow, qtbot: QtBot) -> None:
    trigger(window, "window.sources")
    settle(window, qtbot)
    sources = window.places["sources"]
    assert isinstance(sources, SourcesPlace)
    assert sources.table.hasFocus()
    row = sources.table.visualRect(sources.table.currentIndex())

    def edge() -> set[str]:
        picture = sources.table.viewport().grab().toImage()
        middle = round(row.center().y() * sources.table.devicePixelRatioF())
        return {picture.pixelColor(at, middle).name() for at in range(3)}

    assert tokens().color("accent").name() in edge()
    window.search_field.setFocus()
    assert tokens().color("accent").name() not in edge()


def test_the_keyboard_stays_where_it_is_when_the_window_gets_another_size(
    window: MainWindow, qtbot: QtBot
) -> None:
    for height in (600, 900):
        window.resize(1200, height)
        window.grab()  # brings what waits for its size to it
        settle(window, qtbot)
        assert themes_of(window).tree_pane.tree.hasFocus(), "not a button of the hidden review"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_tab_with_the_keyboard_wears_a_ring(window: MainWindow, scheme: str) -> None:
    window.set_scheme(scheme)
    tabs = themes_of(window).inspector.findChild(QTabBar)
    assert tabs is not None

    def edge() -> list[str]:
        picture = tabs.grab().toImage()
        box, ratio = tabs.tabRect(tabs.currentIndex()), tabs.devicePixelRatioF()
        middle = box.center().y() * ratio
        return [picture.pixelColor(round(at * ratio), round(middle)).name() for at in (0, 1)]

    accent = tokens().color("accent").name()
    tabs.clearFocus()
    assert accent not in edge()
    width = tabs.tabRect(0).width()
    tabs.setFocus(Qt.FocusReason.TabFocusReason)
    assert edge() == [accent, accent]
    assert tabs.tabRect(0).width() == width, "nothing moves"
