"""Dialogs that ask how things shall be: the settings, and how themes are found."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QLabel,
    QListWidget,
    QPushButton,
    QRadioButton,
)
from pytestqt.qtbot import QtBot
from tests.gui.builders import build_view
from tests.gui.driving import open_window, press

from themeloom.base.settings import Settings
from themeloom.domain.records import Role, SheetChoice
from themeloom.gui.dialogs.find_themes import FindThemesDialog
from themeloom.gui.dialogs.settings import SettingsDialog
from themeloom.gui.windows.main_window import MainWindow
from themeloom.services.profiles import SavedProfiles


@pytest.fixture
def window(qapp: QApplication, qtbot: QtBot, settings: Settings) -> Iterator[MainWindow]:
    with open_window(qapp, qtbot, settings) as made:
        yield made


def test_what_is_not_remembered_is_no_empty_list(
    window: MainWindow, qtbot: QtBot, settings: Settings
) -> None:
    headers = ("What went wrong?", "Opened")
    choice = SheetChoice(roles={headers[0]: Role.TEXT, headers[1]: Role.DATE})
    SavedProfiles(settings).remember("Our desk", headers, choice)
    dialog = SettingsDialog(window)
    dialog.open()
    dialog.pages.setCurrentRow(1)
    (remembered,) = [
        one
        for one in dialog.findChildren(QListWidget)
        if one.accessibleName() == "Remembered columns"
    ]
    (none_yet,) = [one for one in dialog.findChildren(QLabel) if one.text().startswith("None yet")]
    assert remembered.isVisible()
    assert not none_yet.isVisible()
    press(qtbot, dialog, "Forget")
    assert SavedProfiles(settings).all() == []
    assert not remembered.isVisible()
    assert none_yet.isVisible()
    assert not any(
        one.isVisible() for one in dialog.findChildren(QPushButton) if one.text() == "Forget"
    )
    dialog.reject()


@pytest.mark.parametrize("fineness", ["fewer", "balanced", "more"])
def test_the_keyboard_begins_on_the_fineness_that_is_chosen(
    window: MainWindow, qtbot: QtBot, settings: Settings, fineness: str
) -> None:
    settings.set("engine.fineness", fineness)
    dialog = FindThemesDialog(build_view(), settings, window)
    with qtbot.waitActive(dialog):
        dialog.open()
    start = dialog.focusWidget()
    assert isinstance(start, QRadioButton)
    assert start.isChecked()
    assert dialog.options().fineness == fineness
    dialog.reject()


def test_one_theme_and_one_excerpt_are_not_called_several(
    window: MainWindow, settings: Settings
) -> None:
    def told(themes: int, reviewed: int) -> str:
        view = build_view()
        totals = replace(view.totals, themes=themes, reviewed=reviewed)
        dialog = FindThemesDialog(replace(view, totals=totals), settings, window)
        labels = [one.text() for one in dialog.findChildren(QLabel)]
        return "\n".join(labels + [one.text() for one in dialog.findChildren(QCheckBox)])

    assert "2 reviewed excerpts and" in told(2, 2)
    assert "Keep the 2 themes" in told(2, 2)
    assert "The reviewed excerpt and" in told(1, 1)
    assert "Keep the theme that is there" in told(1, 1)
