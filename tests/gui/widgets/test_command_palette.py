"""All actions by a few letters; those that cannot be used say why."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from themeloom.gui.widgets.command_palette import Command, CommandPalette


@pytest.fixture
def host(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.resize(900, 600)
    widget.show()
    return widget


@pytest.fixture
def actions(host: QWidget) -> list[QAction]:
    found: list[QAction] = []
    for text, keys in (
        ("&Import…", "Ctrl+I"),
        ("&Merge themes…", "M"),
        ("Find && replace", ""),
        ("Export…", "Ctrl+E"),
    ):
        action = QAction(text, host)
        action.setShortcut(QKeySequence(keys))
        found.append(action)
    found[1].setEnabled(False)
    found[1].setStatusTip("Select two themes or more")
    return found


@pytest.fixture
def palette(host: QWidget, actions: list[QAction]) -> Iterator[CommandPalette]:
    palette = CommandPalette(host)
    palette.ask(
        [Command(action, "Themes" if "M" in action.text() else "File") for action in actions]
    )
    yield palette
    palette.hide()


def test_it_shows_menu_keys_and_the_reason_why_not(palette: CommandPalette) -> None:
    rows = {row.text: row for row in palette.rows()}
    assert rows["Import…"].quiet == "File"
    assert rows["Import…"].keys == "Ctrl+I"
    assert not rows["Merge themes…"].enabled
    assert rows["Merge themes…"].quiet == "Themes · Select two themes or more"
    assert "Find & replace" in rows
    assert palette.rows()[-1].text == "Merge themes…"


def test_enter_does_what_is_chosen(
    palette: CommandPalette, actions: list[QAction], qtbot: QtBot
) -> None:
    qtbot.keyClicks(palette.field, "exp")
    with qtbot.waitSignal(actions[3].triggered):
        qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert not palette.isVisible()


def test_what_cannot_be_used_is_not_done(
    palette: CommandPalette, actions: list[QAction], qtbot: QtBot
) -> None:
    done: list[bool] = []
    actions[1].triggered.connect(done.append)
    qtbot.keyClicks(palette.field, "merge")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert done == []
    assert palette.isVisible()


def test_a_menus_name_finds_what_is_in_it(palette: CommandPalette, qtbot: QtBot) -> None:
    qtbot.keyClicks(palette.field, "file imp")
    assert [row.text for row in palette.rows()] == ["Import…"]


def test_no_action_says_so(palette: CommandPalette, qtbot: QtBot) -> None:
    qtbot.keyClicks(palette.field, "qqq")
    assert palette.rows() == []
    assert palette._empty.text() == "No action has these words."
