"""A key of the keyboard, and what it does, side by side."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QWidget

from themeloom.gui.look import sizes
from themeloom.gui.widgets.label import Label

_SIGNS = {"Right": "→", "Left": "←", "Up": "↑", "Down": "↓", "Return": "↵", "Enter": "↵"}


def key_text(keys: str) -> str:
    """Return keys as this system writes them: ``Ctrl+Z``, ``⌘Z``; arrows as signs."""
    native = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText) or keys
    head, plus, last = native.rpartition("+")
    return f"{head}{plus}{_SIGNS.get(last, last)}"


class KeyLabel(Label):
    """One key in its frame."""

    def __init__(self, keys: str, parent: QWidget | None = None) -> None:
        """``keys`` as QKeySequence reads them."""
        super().__init__(key_text(keys), parent, size=11, bold=True)
        self.setProperty("key", True)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setMinimumWidth(sizes.px(19))
        self.setFixedHeight(sizes.px(19))


class KeyHint(QWidget):
    """A key and what it does: ``[A] Accept``."""

    def __init__(self, keys: str, does: str, parent: QWidget | None = None) -> None:
        """``does`` is a verb, with its object where there is room."""
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(sizes.px(6))
        row.addWidget(KeyLabel(keys, self))
        row.addWidget(Label(does, self, size=12))
