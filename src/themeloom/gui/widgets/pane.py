"""Parts of panes: lines between sections, a page that scrolls, a square with a word."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from themeloom.gui.look import sizes
from themeloom.gui.look.tokens import tokens


class Line(QWidget):
    """A hairline between two sections."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """It takes one pixel."""
        super().__init__(parent)
        self.setFixedHeight(1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it in the scheme's colour."""
        QPainter(self).fillRect(self.rect(), tokens().color("line"))


class ScrollPage(QScrollArea):
    """A page of parts below each other that scrolls up and down only."""

    def __init__(self, parent: QWidget | None = None, *, margin: int = 12, gap: int = 8) -> None:
        """``margin`` and ``gap`` are lengths of the design."""
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # Tab goes to what is on the page, not to the page.
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inner = QWidget()
        self.parts = QVBoxLayout(inner)
        space = sizes.px(margin)
        self.parts.setContentsMargins(space, space, space, space)
        self.parts.setSpacing(sizes.px(gap))
        self.setWidget(inner)
        self.viewport().setAutoFillBackground(False)
        inner.setAutoFillBackground(False)


def clear(layout: QLayout) -> None:
    """Take all widgets out of ``layout``; they are deleted when Qt has time."""
    for at in reversed(range(layout.count())):
        item = layout.takeAt(at)
        widget = item.widget() if item else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()
