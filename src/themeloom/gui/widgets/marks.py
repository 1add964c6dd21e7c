"""Small painted marks: a theme's status, a group's colour, shares of sources."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from themeloom.domain.themes import Status
from themeloom.gui.look.icons import paint_icon
from themeloom.gui.look.tokens import tokens


def paint_status(painter: QPainter, center: QPointF, size: float, status: Status) -> None:
    """Paint a theme's mark: dashed ring, filled dot, padlock or hollow dot; ``size`` is its height."""
    colors = tokens()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    half = size / 2
    if status == Status.LOCKED:
        box = QRectF(center.x() - half * 1.25, center.y() - half * 1.3, size * 1.25, size * 1.25)
        paint_icon(painter, "lock", box, colors.hex("text-2"))
    elif status == Status.PROPOSED:
        pen = QPen(colors.color("warn"), size / 6.5)
        # Six dashes all around, whatever the zoom.
        dash = 3.1416 * size * 0.84 / 12 / pen.widthF()
        pen.setDashPattern([dash * 1.15, dash * 0.85])
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        painter.drawEllipse(center, half * 0.84, half * 0.84)
    elif status == Status.DORMANT:
        painter.setPen(QPen(colors.color("edge"), size / 7))
        painter.drawEllipse(center, half * 0.72, half * 0.72)
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colors.color("ok"))
        painter.drawEllipse(center, half * 0.8, half * 0.8)
    painter.restore()


def paint_group(
    painter: QPainter, center: QPointF, size: float, place: int, status: Status
) -> None:
    """Paint a group's square in its colour; dashed and hollow while it is only proposed."""
    color = tokens().theme(place)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    square = QRectF(center.x() - size / 2, center.y() - size / 2, size, size)
    if status == Status.PROPOSED:
        pen = QPen(color, size / 6.5)
        pen.setDashPattern([2, 1.4])
        painter.setPen(pen)
        painter.drawRoundedRect(square.adjusted(1, 1, -1, -1), 2, 2)
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawRoundedRect(square, 2, 2)
    painter.restore()


def paint_shares(
    painter: QPainter, rect: QRectF, shares: Sequence[float | None], top: float, color: QColor
) -> None:
    """Paint shares as bars side by side on their tracks; ``top`` is the share of a full bar.

    A share that is not known has a track only at its foot.
    """
    step = rect.width() / max(len(shares), 1)
    width = step * 0.82
    track = tokens().color("sunken")
    for at, share in enumerate(shares):
        left = rect.left() + at * step + (step - width) / 2
        if share is None:
            painter.fillRect(QRectF(left, rect.bottom() - 1, width, 1), track)
            continue
        painter.fillRect(QRectF(left, rect.top(), width, rect.height()), track)
        height = rect.height() * min(share / top, 1) if top > 0 else 0
        # Something is never shown as nothing.
        height = max(height, 1.0) if share > 0 else 0
        painter.fillRect(QRectF(left, rect.bottom() - height, width, height), color)
