"""The small square in the colour of a group."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from themeloom.gui.look import sizes
from themeloom.gui.look.tokens import tokens


def paint_swatch(painter: QPainter, rect: QRectF, color: int) -> None:
    """Paint the square of the group at place ``color`` into the middle of ``rect``."""
    side = sizes.px(10)
    square = QRectF(0, 0, side, side)
    square.moveCenter(rect.center())
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tokens().theme(color))
    painter.drawRoundedRect(square, 2, 2)
    painter.restore()


class Swatch(QWidget):
    """Says nothing that does not stand beside it in words."""

    def __init__(self, color: int = -1, parent: QWidget | None = None) -> None:
        """``color`` is the place of the group, −1 for none."""
        super().__init__(parent)
        self._color = color
        self.setFixedSize(self.sizeHint())

    def set_color(self, color: int) -> None:
        """Show the colour of another group."""
        self._color = color
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size of an icon."""
        return QSize(sizes.px(16), sizes.px(16))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the square."""
        paint_swatch(QPainter(self), QRectF(self.rect()), self._color)
