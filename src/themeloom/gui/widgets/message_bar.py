"""A bar above a pane: one sentence about what happened, with the mend as a button."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QWidget,
)

from themeloom.domain.errors import Complaint
from themeloom.gui.look import sizes
from themeloom.gui.look.icons import icon
from themeloom.gui.look.tokens import tokens
from themeloom.gui.widgets.picture import Picture

Mend = tuple[str, Callable[[], object]]

_ICONS = {"ok": "check", "warn": "warning", "bad": "error", "info": "info"}


class MessageBar(QFrame):
    """Hidden until something is said. A newer message takes the place of the older one.

    Signals:
        left: it was taken away with the keyboard in it; Qt gives that to any control.
    """

    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make an empty, hidden bar."""
        super().__init__(parent)
        self._level = "info"
        self._number = 0
        self.setAccessibleName(self.tr("Message"))
        self._icon = Picture(16)
        self._text = QLabel()
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(sizes.px(8))
        self._close = QToolButton()
        self._close.setIcon(icon("close"))
        self._close.setAccessibleName(self.tr("Close this message"))
        self._close.setToolTip(self.tr("Close this message"))
        self._close.clicked.connect(self.clear)
        row = QHBoxLayout(self)
        row.setContentsMargins(sizes.px(12), sizes.px(6), sizes.px(8), sizes.px(6))
        row.setSpacing(sizes.px(8))
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._text, 1)
        row.addLayout(self._buttons)
        row.addWidget(self._close)
        self.hide()

    @property
    def text(self) -> str:
        """The message that stands there, or an empty text."""
        return "" if self.isHidden() else self._text.text()

    @property
    def number(self) -> int:
        """How many messages there have been: the same while the same message stands there."""
        return self._number

    def say(self, text: str, level: str = "info", mends: Sequence[Mend] = ()) -> None:
        """Show ``text``. ``level``: "info", "ok", "warn" or "bad"; at most two ``mends``."""
        self._level = level
        self._number += 1
        self._text.setText(text)
        self._icon.show_icon(_ICONS[level], "accent" if level == "info" else level)
        self._clear_buttons()
        for label, mend in mends[:2]:
            button = QPushButton(label)
            button.clicked.connect(partial(self._mend, mend))
            self._buttons.addWidget(button)
        self.setAccessibleDescription(text)
        self.show()
        self.update()

    def complain(self, complaint: Complaint, mends: Sequence[Mend] = ()) -> None:
        """Show an error that is meant for people."""
        self.say(str(complaint), "bad", mends)

    def clear(self) -> None:
        """Take the message away."""
        focus = QApplication.focusWidget()
        had_keyboard = focus is not None and self.isAncestorOf(focus)
        self.hide()
        if had_keyboard:
            self.left.emit()

    def buttons(self) -> list[QPushButton]:
        """Return the mends' buttons."""
        found: list[QPushButton] = []
        for place in range(self._buttons.count()):
            item = self._buttons.itemAt(place)
            widget = item.widget() if item else None
            if isinstance(widget, QPushButton):
                found.append(widget)
        return found

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the tint of the level; colours are looked up anew for a changed scheme."""
        colors = tokens()
        fill: QColor = (
            colors.color("selection")
            if self._level == "info"
            else colors.color(f"{self._level}-tint")
        )
        painter = QPainter(self)
        painter.fillRect(self.rect(), fill)
        painter.setPen(colors.color("line"))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        painter.end()

    def _mend(self, act: Callable[[], object], _checked: bool = False) -> None:
        self.clear()
        act()

    def _clear_buttons(self) -> None:
        for button in self.buttons():
            self._buttons.removeWidget(button)
            button.deleteLater()
