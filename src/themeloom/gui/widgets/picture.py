"""An icon that stands by itself, beside words."""

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from themeloom.gui.look import sizes
from themeloom.gui.look.icons import icon


class Picture(QWidget):
    """Paints an icon anew each time: it follows the colour scheme, the zoom and the screen."""

    def __init__(self, side: int, name: str = "", color: str = "text") -> None:
        """Make an icon ``side`` long before zooming, in the colour token ``color``.

        Without a ``name`` nothing is painted.
        """
        super().__init__()
        self._side = side
        self._icon = icon(name, color) if name else None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_icon(self, name: str, color: str) -> None:
        """Show another icon."""
        self._icon = icon(name, color)
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size at the present zoom."""
        return QSize(sizes.px(self._side), sizes.px(self._side))

    def changeEvent(self, event: QEvent) -> None:
        """Take the size of a changed zoom."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the icon."""
        if self._icon is not None:
            painter = QPainter(self)
            self._icon.paint(painter, self.rect())
            painter.end()
