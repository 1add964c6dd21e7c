"""Text sizes and paddings at the person's zoom."""

from PySide6.QtGui import QFont, QFontMetrics, QGuiApplication

BASE = 13
_zoom = 1.0
ZOOMS = (0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0)


def zoom() -> float:
    """Return the text zoom, 1.0 = 100 %."""
    return _zoom


def set_zoom(value: float) -> None:
    """Set the text zoom; ``style.apply`` makes it seen."""
    global _zoom
    _zoom = min(max(value, ZOOMS[0]), ZOOMS[-1])


def px(size: float) -> int:
    """Return a length of the design (pixels at 100 %) at the present zoom."""
    return max(1, round(size * _zoom))


def font(size: float = BASE, *, bold: bool = False, tabular: bool = False) -> QFont:
    """Return the system font at a design size: weights 400 and 600 only, figures of one width."""
    result = QFont(QGuiApplication.font())
    result.setPixelSize(px(size))
    result.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    if tabular:
        result.setFeature(QFont.Tag("tnum"), 1)
    return result


def line_height(size: float = BASE) -> int:
    """Return the height of a line of text at a design size."""
    return QFontMetrics(font(size)).height()
