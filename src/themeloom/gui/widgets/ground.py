"""The ground of a pane's rows: a token's colour, lines at the edges, a height that follows zoom."""

from PySide6.QtCore import QEvent
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from themeloom.gui.look import sizes
from themeloom.gui.look.tokens import tokens


class PaneRow(QWidget):
    """A header or foot of a pane."""

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        ground: str = "surface",
        height: int = 36,
        foot: bool = False,
    ) -> None:
        """A foot has its line above, a header below; ``height`` is one of the design."""
        super().__init__(parent)
        self._ground = ground
        self._design_height = height
        self._foot = foot
        self.setFixedHeight(sizes.px(height))

    def changeEvent(self, event: QEvent) -> None:
        """The zoom comes with a new style sheet."""
        if event.type() == QEvent.Type.StyleChange:
            self.setFixedHeight(sizes.px(self._design_height))
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground and line."""
        paint_ground(self, self._ground, line_above=self._foot, line_below=not self._foot)


class HeaderCorner(PaneRow):
    """The end of a list's header above its scroll bar."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """As high as headers are."""
        super().__init__(parent, ground="window", height=26)


def paint_ground(
    widget: QWidget, token: str, *, line_above: bool = False, line_below: bool = False
) -> None:
    """Fill a widget with a token's colour, with lines at its edges."""
    painter = QPainter(widget)
    painter.fillRect(widget.rect(), tokens().color(token))
    painter.setPen(tokens().color("line"))
    if line_above:
        painter.drawLine(0, 0, widget.width(), 0)
    if line_below:
        painter.drawLine(0, widget.height() - 1, widget.width(), widget.height() - 1)
    painter.end()
