"""What all painted charts share: places to point at, keys, tooltips, words for screen readers."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from themeloom.analytics.charts import Chart
from themeloom.gui.look import sizes
from themeloom.gui.look.tokens import tokens

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTER = Qt.AlignmentFlag.AlignCenter
_NEXT = (Qt.Key.Key_Down, Qt.Key.Key_Right)
_BEFORE = (Qt.Key.Key_Up, Qt.Key.Key_Left)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of the picture: what the tooltip says there, and the theme that a click leads to."""

    rect: QRectF
    theme_id: str
    tip: str


class ChartWidget(QWidget):
    """Paints one chart. Colours are looked up when it is painted."""

    theme_chosen = Signal(str)

    def __init__(self, chart: Chart, parent: QWidget | None = None) -> None:
        """Show ``chart``, which has rows."""
        super().__init__(parent)
        self.chart = chart
        self._spots: list[Spot] = []
        self._current = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(chart.title)
        self.setAccessibleDescription(in_words(chart))

    def draw(self, painter: QPainter, area: QRectF) -> list[Spot]:
        """Paint the chart into ``area``; return the places to point at, in reading order."""
        raise NotImplementedError

    def spots(self) -> list[Spot]:
        """Return the places to point at, as painted last."""
        return self._spots

    # --- events

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint chart and focus."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._spots = self.draw(painter, QRectF(self.rect()).adjusted(2, 2, -2, -2))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(tokens().color("accent"), 1.5))
            painter.drawRoundedRect(self._focus_rect(), 4, 4)
        painter.end()

    def event(self, event: QEvent) -> bool:
        """Tell what is under the mouse."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            spot = self._at(QPointF(event.pos()))
            if spot:
                QToolTip.showText(event.globalPos(), spot.tip, self, spot.rect.toRect())
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show where a click leads somewhere."""
        over = self._at(event.position()) is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose the theme that was clicked."""
        spot = self._at(event.position())
        if spot and event.button() == Qt.MouseButton.LeftButton:
            self.theme_chosen.emit(spot.theme_id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go from place to place and say what is there; Enter chooses the theme."""
        if event.key() in (*_NEXT, *_BEFORE) and self._spots:
            step = 1 if event.key() in _NEXT else -1
            self._current = (max(self._current, 0) + step if self._current >= 0 else 0) % len(
                self._spots
            )
            spot = self._spots[self._current]
            QToolTip.showText(self.mapToGlobal(spot.rect.bottomLeft()).toPoint(), spot.tip, self)
            self.setAccessibleDescription(spot.tip)
            self.update()
        elif event.key() in _ENTER and 0 <= self._current < len(self._spots):
            self.theme_chosen.emit(self._spots[self._current].theme_id)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Begin at the first place next time."""
        self._current = -1
        self.setAccessibleDescription(in_words(self.chart))
        super().focusOutEvent(event)

    def _focus_rect(self) -> QRectF:
        if 0 <= self._current < len(self._spots):
            return self._spots[self._current].rect
        return QRectF(self.rect()).adjusted(1, 1, -1, -1)

    def _at(self, point: QPointF) -> Spot | None:
        # Later spots lie on top of earlier ones.
        return next((spot for spot in reversed(self._spots) if spot.rect.contains(point)), None)


class RowsWidget(ChartWidget):
    """A chart whose rows are themes, with their names at the left."""

    head = 0.0  # height of the column heads, at 100 %

    def sizeHint(self) -> QSize:
        """Return room for all rows."""
        return QSize(sizes.px(420), self.minimumSizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Return room for all rows, close together."""
        rows = max(self.chart.rows.height, 1)
        return QSize(sizes.px(320), sizes.px(self.head) + sizes.px(25) * rows + 4)

    def bands(self, area: QRectF) -> tuple[QRectF, list[QRectF]]:
        """Return the place of the heads and one band per row; rows do not spread too far."""
        top = sizes.px(self.head)
        rows = max(self.chart.rows.height, 1)
        height = min((area.height() - top) / rows, sizes.px(34))
        heads = QRectF(area.left(), area.top(), area.width(), top)
        return heads, [
            QRectF(area.left(), area.top() + top + height * at, area.width(), height)
            for at in range(self.chart.rows.height)
        ]

    def name_width(self, area: QRectF) -> float:
        """Return the width of the names: what they need, at most two fifths."""
        metrics = QFontMetricsF(sizes.font(12))
        longest = max(
            (metrics.horizontalAdvance(str(title)) for title in self.chart.rows["title"]),
            default=0.0,
        )
        return min(longest + sizes.px(14), area.width() * 0.4)


def write(
    painter: QPainter,
    rect: QRectF,
    words: str,
    *,
    size: float = 12,
    token: str = "text",
    bold: bool = False,
    align: Qt.AlignmentFlag = LEFT,
    color: QColor | None = None,
) -> None:
    """Write one line, with … at its end where there is no room."""
    painter.setFont(sizes.font(size, bold=bold, tabular=True))
    painter.setPen(color or tokens().color(token))
    metrics = QFontMetricsF(painter.font())
    shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, align | Qt.TextFlag.TextSingleLine, shown)


def in_words(chart: Chart) -> str:
    """Return the chart as text: its table, then base and caution."""
    lines = [
        ", ".join(
            f"{name} {value}" if at else str(value)
            for at, (name, value) in enumerate(zip(chart.table.columns, row, strict=True))
        )
        for row in chart.table.iter_rows()
    ]
    return "\n".join([chart.subtitle, *lines, chart.note])
