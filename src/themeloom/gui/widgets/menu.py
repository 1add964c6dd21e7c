"""A menu that keeps the keyboard to itself while it is open."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QMenu

_WAYS = frozenset(
    {
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_Left,
        Qt.Key.Key_Right,
        Qt.Key.Key_Home,
        Qt.Key.Key_End,
        Qt.Key.Key_PageUp,
        Qt.Key.Key_PageDown,
        Qt.Key.Key_Tab,
        Qt.Key.Key_Backtab,
        Qt.Key.Key_Return,
        Qt.Key.Key_Enter,
        Qt.Key.Key_Space,
        Qt.Key.Key_Escape,
        Qt.Key.Key_Alt,
        Qt.Key.Key_F10,
    }
)


class Menu(QMenu):
    """A menu whose underlined letters work although letters alone are keys of actions.

    The focus stays where it was while a menu is open. There an L would lock a theme instead of
    choosing what has it underlined, and Del would delete one.
    """

    def event(self, event: QEvent, /) -> bool:
        """Take each key before Qt looks it up among those of the actions."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and not self._knows(event)
        ):
            event.accept()  # QMenu would look it up after all
            return True
        return super().event(event)

    def _knows(self, event: QKeyEvent) -> bool:
        if event.key() in _WAYS:
            return True
        letter = event.text()
        keys = (QKeySequence.mnemonic(one.text()) for one in self.actions() if one.isVisible())
        return bool(letter) and f"alt+{letter.casefold()}" in {
            key.toString().casefold() for key in keys
        }
