"""The review in the real window: what it decides is the project's, and so is what it takes back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.gui.driving import open_project, open_window, settle, trigger, view_of
from tests.gui.opening import fernwick

from themeloom.base.settings import Settings
from themeloom.gui.views.themes.place import ThemesPlace
from themeloom.gui.views.themes.review.review_view import ReviewView
from themeloom.gui.views.themes.review.session import Act
from themeloom.gui.windows.main_window import MainWindow
from themeloom.gui.windows.sidebar import StepButton
from themeloom.services.reviewing import review_order

pytestmark = pytest.mark.usefixtures("shared_engine", "shared_reader")


@pytest.fixture
def window(
    qapp: QApplication, qtbot: QtBot, settings: Settings, tmp_path: Path
) -> Iterator[MainWindow]:
    path = tmp_path / "voice.loom"
    path.write_bytes(fernwick(few=True))
    with open_window(qapp, qtbot, settings) as made:
        open_project(made, qtbot, path)
        trigger(made, "themes.review")
        settle(made, qtbot)
        yield made


def review_of(window: MainWindow) -> ReviewView:
    place = window.places["themes"]
    assert isinstance(place, ThemesPlace)
    assert place.review.isVisible()
    return place.review


def decide(window: MainWindow, qtbot: QtBot, keys: str) -> list[int | None]:
    """Press keys one after the other; return which excerpt each was about."""
    review, about = review_of(window), []
    for key in keys:
        about.append(review.session.current)
        qtbot.keyClicks(review, key)
        settle(window, qtbot)
    return about


def test_two_quick_undos_take_two_decisions_back(window: MainWindow, qtbot: QtBot) -> None:
    review, before = review_of(window), view_of(window).totals.reviewed
    about = decide(window, qtbot, "aaua")
    for _ in range(2):
        qtbot.keyClick(review, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle(window, qtbot)
    assert review.session.done == 2
    assert review.session.current == about[2]
    assert view_of(window).totals.reviewed == before + 2


def test_an_undo_from_the_menu_steps_back_once(window: MainWindow, qtbot: QtBot) -> None:
    review = review_of(window)
    about = decide(window, qtbot, "aaa")
    qtbot.keyClick(review, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    window.workspace.undo()
    settle(window, qtbot)
    assert review.session.done == 1
    assert review.session.current == about[1]


def test_what_changed_nothing_takes_nothing_back(window: MainWindow, qtbot: QtBot) -> None:
    """Go back and accept once more: the project has no step of that, only the screen."""
    review, before = review_of(window), view_of(window).totals.reviewed
    about = decide(window, qtbot, "aa")
    qtbot.keyClick(review, Qt.Key.Key_Left)
    assert decide(window, qtbot, "a") == about[1:]
    qtbot.keyClick(review, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle(window, qtbot)
    assert view_of(window).totals.reviewed == before + 2
    assert (review.session.done, review.session.current) == (2, about[1])
    decide(window, qtbot, "a")
    window.workspace.undo()  # from the menu it is the project's last deed
    settle(window, qtbot)
    assert view_of(window).totals.reviewed == before + 1
    assert (review.session.done, review.session.current) == (1, about[1])


def test_a_further_theme_made_in_the_review_is_one_decision(
    window: MainWindow, qtbot: QtBot
) -> None:
    review, themes = review_of(window), view_of(window).totals.themes
    about = decide(window, qtbot, "a2")
    qtbot.keyClicks(review.picker.field, "Friday checks")
    qtbot.keyClick(review.picker.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle(window, qtbot)
    assert [(step.act, step.excerpts) for step in review.session.last] == [
        (Act.ALSO, (about[1],)),
        (Act.ACCEPTED, (about[0],)),
    ]
    assert view_of(window).totals.themes == themes + 1
    qtbot.keyClick(review, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle(window, qtbot)
    assert view_of(window).totals.themes == themes
    assert review.session.current == about[1]


def test_the_step_of_the_way_through_reviews_all_themes(window: MainWindow, qtbot: QtBot) -> None:
    place = window.places["themes"]
    assert isinstance(place, ThemesPlace)
    place.leave_review()
    themes = view_of(window).themes
    place.show_theme(themes.filter(themes["level"] == "theme")["theme_id"][0])
    (step,) = [one for one in window.findChildren(StepButton) if one.text() == "Review"]
    step.click()  # it counts what was seen of all of them
    settle(window, qtbot)
    assert review_of(window).session.total == len(review_order(view_of(window)))
