"""Small painted marks of insights: squares of severity, badges of the stage."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from themeloom.domain.insights import Grade
from themeloom.gui.look import sizes
from themeloom.gui.look.tokens import tokens

#: How many of the three squares are full, and in which colour.
_SQUARES = {Grade.HIGH: (3, "bad"), Grade.MEDIUM: (2, "warn"), Grade.LOW: (1, "warn")}
_SIDE, _GAP = 8, 2

#: Badge → its colour; what is not here is plain.
TINTS = {"ready": "ok", "stale": "warn", "proposed": "warn"}


def paint_severity(painter: QPainter, line: QRectF, grade: str) -> float:
    """Paint three squares at the left end of ``line``; return their width."""
    full, token = _SQUARES[Grade(grade)] if grade in set(Grade) else (0, "warn")
    side, gap = sizes.px(_SIDE), sizes.px(_GAP)
    top = line.center().y() - side / 2
    for at in range(3):
        square = QRectF(line.left() + at * (side + gap), top, side, side)
        color = tokens().color(token if at < full else "line")
        painter.fillRect(square, color)
    return 3 * side + 2 * gap


def badge_width(words: str) -> float:
    """Return how wide a badge is."""
    return QFontMetricsF(sizes.font(11)).horizontalAdvance(words) + sizes.px(14)


def paint_badge(painter: QPainter, right: float, line: QRectF, words: str, name: str) -> float:
    """Paint a badge that ends at ``right``; return where it begins."""
    tint = TINTS.get(name)
    colors = tokens()
    width = badge_width(words)
    height = sizes.px(18)
    rect = QRectF(right - width, line.center().y() - height / 2, width, height)
    painter.save()
    painter.setFont(sizes.font(11))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colors.color(f"{tint}-tint" if tint else "sunken"))
    painter.drawRoundedRect(rect, 4, 4)
    painter.setPen(colors.color(tint or "text"))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, words)
    painter.restore()
    return rect.left()
