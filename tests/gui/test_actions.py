"""The registry of actions."""

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from themeloom.gui.actions import Actions


def test_whether_actions_can_be_used_is_asked_once_a_turn(qtbot: QtBot) -> None:
    """Asked by each part of the window by itself, it took 24 ms after an import."""
    window = QWidget()
    qtbot.addWidget(window)
    actions = Actions(window)
    asked: list[int] = []

    def enabled() -> bool | str:
        asked.append(1)
        return "Choose a theme first."

    action = actions.add("x", "&X", print, menu="Edit", enabled=enabled)
    for _ in range(5):
        actions.refresh()
    qtbot.waitUntil(lambda: not action.isEnabled())
    assert asked == [1]
    assert "Choose a theme first." in action.toolTip()


def test_they_can_be_asked_at_once(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    actions = Actions(window)
    action = actions.add("x", "&X", print, menu="Edit", enabled=lambda: False)
    actions.refresh_now()
    assert not action.isEnabled()
