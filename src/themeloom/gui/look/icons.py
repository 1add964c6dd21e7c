"""Icons: SVG outlines painted in the text colour at the screen's own resolution."""

from functools import cache

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from themeloom.base.paths import resource
from themeloom.gui.look.tokens import tokens


def icon(name: str, color: str = "text") -> QIcon:
    """Return the icon ``resources/icons/<name>.svg`` in the colour token ``color``.

    It follows the colour scheme by itself: the colour is looked up when it is painted.
    """
    return QIcon(_Outline(name, color))


def app_icon() -> QIcon:
    """Return the program's own icon."""
    return QIcon(str(resource("icons", "themeloom.svg")))


def paint_icon(painter: QPainter, name: str, rect: QRectF, color: str) -> None:
    """Paint an icon into ``rect``; ``color`` is "#RRGGBB"."""
    _renderer(name, color).render(painter, rect)


class _Outline(QIconEngine):
    """Paints an outline in a token's colour, paler where the control is disabled."""

    def __init__(self, name: str, color: str) -> None:
        super().__init__()
        self._name = name
        self._color = color

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        token = "disabled" if mode == QIcon.Mode.Disabled else self._color
        side = min(rect.width(), rect.height())
        square = QRectF(
            rect.x() + (rect.width() - side) / 2, rect.y() + (rect.height() - side) / 2, side, side
        )
        paint_icon(painter, self._name, square, tokens().hex(token))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(
        self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float
    ) -> QPixmap:
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        pixmap.setDevicePixelRatio(scale)
        return pixmap

    def clone(self) -> QIconEngine:
        return _Outline(self._name, self._color)


@cache
def _renderer(name: str, color: str) -> QSvgRenderer:
    outline = resource("icons", f"{name}.svg").read_bytes().replace(b"#000", color.encode())
    return QSvgRenderer(QByteArray(outline))
