"""A tiny line of counts over time."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from themeloom.gui.look import sizes
from themeloom.gui.look.tokens import tokens


def paint_spark(painter: QPainter, rect: QRectF, counts: Sequence[int], color: QColor) -> None:
    """Paint ``counts`` as a line with a dot at its end; nothing below two counts."""
    if len(counts) < 2:
        return
    top = max(*counts, 1)
    step = rect.width() / (len(counts) - 1)
    line = QPolygonF(
        [
            QPointF(rect.left() + step * at, rect.bottom() - rect.height() * count / top)
            for at, count in enumerate(counts)
        ]
    )
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(color, 1.4))
    painter.drawPolyline(line)
    painter.setBrush(color)
    painter.drawEllipse(line.last(), 1.8, 1.8)
    painter.restore()


class Spark(QWidget):
    """The line of a theme's counts; in words for those who do not see it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """It shows nothing yet."""
        super().__init__(parent)
        self._counts: list[int] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_counts(self, counts: Sequence[int], words: str) -> None:
        """Show ``counts``, oldest first; ``words`` tell the same."""
        self._counts = list(counts)
        self.setAccessibleName(words)
        self.setToolTip(words)
        self.update()

    def sizeHint(self) -> QSize:
        """Return room for a line of text."""
        return QSize(sizes.px(84), sizes.px(34))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line in the text's colour."""
        painter = QPainter(self)
        inner = QRectF(self.rect()).adjusted(3, 4, -4, -4)
        paint_spark(painter, inner, self._counts, tokens().color("text-2"))
