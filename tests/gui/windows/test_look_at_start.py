"""The window looks the same at its start as after the colours were changed and changed back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QDate, QLocale
from PySide6.QtGui import QFont, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.gui.driving import Answers, open_project, settle, view_of
from tests.gui.opening import fernwick

from themeloom.base.settings import Settings
from themeloom.domain.themes import Status
from themeloom.gui.application import english, furnish_soon, make_application, make_window
from themeloom.gui.views.themes.place import ThemesPlace
from themeloom.gui.windows.main_window import MainWindow


@pytest.fixture
def window(qapp: QApplication, qtbot: QtBot, settings: Settings) -> Iterator[MainWindow]:
    """Return a window that was seen before it was furnished, as a person starts it."""
    qapp.setStyleSheet("")
    qapp.setFont(QFont("Sans", 9))  # what a system may have; the look of the tests is not on yet
    made = make_window(qapp, settings, Answers, furnished=False)
    made.resize(1440, 900)
    made.show()
    qtbot.waitExposed(made)
    ready: list[bool] = []
    furnish_soon(made, lambda: ready.append(True))
    qtbot.waitUntil(lambda: bool(ready), timeout=60_000)
    yield made
    made.close()
    made.deleteLater()


def test_the_first_look_is_the_look_after_a_change_of_colours(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "voice.loom"
    path.write_bytes(fernwick(few=True))
    open_project(window, qtbot, path)
    place = window.places["themes"]
    assert isinstance(place, ThemesPlace)
    ids = view_of(window).themes["theme_id"].to_list()
    window.workspace.edit(lambda now: now.project.set_theme_status(ids, Status.PROPOSED))
    settle(window, qtbot)
    place.show_theme(ids[-1])
    settle(window, qtbot)
    first = _at_rest(window, qtbot)
    for name in ("dark", "light"):
        window.set_scheme(name)
    assert _at_rest(window, qtbot) == first


def _at_rest(window: MainWindow, qtbot: QtBot) -> QImage:
    """Return the picture of the window once it changes no more."""
    settle(window, qtbot)
    pictures = [QImage()]

    def rests() -> bool:
        pictures.append(window.grab().toImage())
        return pictures[-1] == pictures[-2]

    qtbot.wait(200)  # lines that are fitted late
    qtbot.waitUntil(rests, timeout=10_000)
    return pictures[-1]


def test_all_counts_have_commas_on_every_system(qapp: QApplication) -> None:
    before = QLocale()
    try:
        QLocale.setDefault(QLocale.c())  # a system without a language writes 6481
        assert make_application() is qapp
        assert QLocale().toString(6481) == "6,481"
        assert QLocale().toString(QDate(2026, 9, 30), "d MMM") == "30 Sep"
    finally:
        QLocale.setDefault(before)
    assert english().toString(100) == "100"
