"""A key of the keyboard, and what it does, side by side."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

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


class KeyHintButton(QPushButton):
    """A key and what it does; a click does the same. The focus stays where the keys work."""

    def __init__(self, keys: str, does: str, parent: QWidget | None = None) -> None:
        """``does`` is a verb, with its object where there is room."""
        super().__init__(parent)
        self.setAccessibleName(does)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setStyleSheet("QPushButton { border: none; background: transparent; padding: 0; }")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        hint = KeyHint(keys, does, self)
        hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        row.addWidget(hint)

    def sizeHint(self) -> QSize:
        """Return room for key and words."""
        layout = self.layout()
        return layout.sizeHint() if layout is not None else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Key and words are never cut off."""
        return self.sizeHint()
