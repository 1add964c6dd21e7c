"""A button that looks like a link and ends in … where there is no room."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QWidget,
)

from themeloom.gui.look import sizes


class LinkButton(QPushButton):
    """Its text may be a customer's word: no mnemonics, no markup."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        """``text`` is one line."""
        super().__init__(text.replace("&", "&&"), parent)
        self.words = text
        self.setProperty("link", True)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        """A few letters are enough."""
        return QSize(sizes.px(48), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The tooltip has what is cut off."""
        super().resizeEvent(event)
        room = self.width() - sizes.px(10)
        cut = self.fontMetrics().horizontalAdvance(self.words) > room
        self.setToolTip(self.words if cut else "")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what fits."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        shown = self.fontMetrics().elidedText(
            self.words, Qt.TextElideMode.ElideRight, self.width() - sizes.px(8)
        )
        option.text = shown.replace("&", "&&")  # pyright: ignore[reportAttributeAccessIssue]
        QStylePainter(self).drawControl(QStyle.ControlElement.CE_PushButton, option)
