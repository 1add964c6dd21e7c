"""How well an excerpt fits its theme: three bars and a word."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from themeloom.gui.look import sizes
from themeloom.gui.look.tokens import tokens

#: View's words, weakest first.
FITS = ("weak", "good", "strong")


def paint_fit(painter: QPainter, rect: QRectF, fit: str) -> None:
    """Paint three bars into ``rect``, as many of them full as the fit is good."""
    full = FITS.index(fit) + 1 if fit in FITS else 0
    width, gap = rect.width() / 3.8, rect.width() / 9.5
    for bar in range(3):
        height = rect.height() * (0.45 + 0.275 * bar)
        token = "text-2" if bar < full else "line"
        left = rect.left() + bar * (width + gap)
        painter.fillRect(QRectF(left, rect.bottom() - height, width, height), tokens().color(token))


class FitBars(QWidget):
    """The bars alone; the word stands beside them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """It shows nothing yet."""
        super().__init__(parent)
        self._fit = ""
        self.setFixedSize(self.sizeHint())

    def show_fit(self, fit: str | None) -> None:
        """Show "strong", "good" or "weak"; nothing for None."""
        self._fit = fit or ""
        self.setVisible(bool(fit))
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size of an icon."""
        return QSize(sizes.px(16), sizes.px(12))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the bars."""
        painter = QPainter(self)
        painter.setPen(Qt.PenStyle.NoPen)
        paint_fit(painter, QRectF(self.rect()), self._fit)
