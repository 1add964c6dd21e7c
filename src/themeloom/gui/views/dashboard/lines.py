"""Themes over time: a line each, with its name at the end."""

from collections.abc import Sequence
from math import ceil, floor, log10
from typing import Any

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QPolygonF

from themeloom.gui.look import sizes
from themeloom.gui.look.tokens import tokens
from themeloom.gui.views.dashboard.chart import CENTER, LEFT, RIGHT, ChartWidget, Spot, write

#: Before the name of a theme that does not stay as it is.
_SIGNS = {"rising": "▲ ", "falling": "▼ ", "new": "★ "}
#: Lines of one group share its colour: the second, third … are told apart by their strokes.
_STROKES: tuple[list[float], ...] = ([], [5, 3], [1.5, 2.5], [8, 3, 1.5, 3])


class LinesWidget(ChartWidget):
    """Counts per period."""

    def sizeHint(self) -> QSize:
        """Return a comfortable size."""
        return QSize(sizes.px(520), sizes.px(280))

    def minimumSizeHint(self) -> QSize:
        """Return a size at which names still fit."""
        return QSize(sizes.px(360), sizes.px(230))

    def draw(self, painter: QPainter, area: QRectF) -> list[Spot]:
        """Paint axes, part periods, lines and names."""
        rows = list(self.chart.rows.iter_rows(named=True))
        columns = self.chart.columns
        metrics = QFontMetricsF(sizes.font(12))
        names = min(
            max(metrics.horizontalAdvance(_named(row)) for row in rows) + sizes.px(24),
            area.width() * 0.42,
        )
        plot = QRectF(
            area.left() + sizes.px(34),
            area.top() + sizes.px(20),
            area.width() - sizes.px(34) - names,
            area.height() - sizes.px(20) - sizes.px(24),
        )
        top, step = _scale(max(max(row["counts"]) for row in rows))
        width = plot.width() / max(len(columns) - 1, 1)

        def x(at: int) -> float:
            return plot.left() + width * at if len(columns) > 1 else plot.center().x()

        def y(count: float) -> float:
            return plot.bottom() - plot.height() * count / top

        self._paint_parts(painter, plot, [x(at) for at in range(len(columns))], width)
        self._paint_axes(painter, plot, area, [x(at) for at in range(len(columns))], top, step)
        strokes: dict[int, int] = {}
        ends: list[float] = []
        spots: list[Spot] = []
        for row in rows:
            color = tokens().theme(row["color"])
            line = QPolygonF([QPointF(x(at), y(n)) for at, n in enumerate(row["counts"])])
            pen = QPen(color, 1.8)
            stroke = _STROKES[strokes.get(row["color"], 0) % len(_STROKES)]
            strokes[row["color"]] = strokes.get(row["color"], 0) + 1
            if stroke:
                pen.setDashPattern(stroke)
            painter.setPen(pen)
            painter.drawPolyline(line)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color)
            painter.drawEllipse(line.last(), 3, 3)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            ends.append(line.last().y())
            reach = sizes.px(5)
            for at, point in enumerate(line.toList()):
                tip = self.tr("{title}\n{period}: {n} records of {base}").format(
                    title=row["title"],
                    period=columns[at].label,
                    n=f"{row['counts'][at]:,}",
                    base=f"{columns[at].n:,}",
                )
                spots.append(
                    Spot(
                        QRectF(point.x() - reach, point.y() - reach, 2 * reach, 2 * reach),
                        row["theme_id"],
                        tip,
                    )
                )
        places = apart(ends, metrics.height(), area.top() + sizes.px(8), plot.bottom())
        for row, end, middle in zip(rows, ends, places, strict=True):
            rect = QRectF(
                plot.right() + sizes.px(20),
                middle - metrics.height() / 2,
                names - sizes.px(20),
                metrics.height(),
            )
            painter.setPen(QPen(tokens().theme(row["color"]), 1))
            painter.drawLine(
                QPointF(plot.right() + sizes.px(5), end), QPointF(rect.left() - 3, middle)
            )
            write(painter, rect, _named(row))
            total = self.tr("{title}\n{n} records").format(
                title=row["title"], n=f"{row['records']:,}"
            )
            if row["trend"]:
                total = f"{total}\n{row['trend']}"
            spots.append(Spot(rect, row["theme_id"], total))
        return spots

    def _paint_parts(
        self, painter: QPainter, plot: QRectF, places: Sequence[float], width: float
    ) -> None:
        """Grey what the records fill only in part, and where a source is missing."""
        for at, column in enumerate(self.chart.columns):
            if column.weak and len(places) > 1:
                left = max(places[at] - width / 2, plot.left())
                right = min(places[at] + width / 2, plot.right() + sizes.px(4))
                painter.fillRect(
                    QRectF(left, plot.top(), right - left, plot.height()),
                    tokens().color("sunken"),
                )
                rect = QRectF(places[at] - sizes.px(60), plot.top() - sizes.px(18), 0, 0)
                rect.setSize(QRectF(0, 0, sizes.px(120), sizes.px(16)).size())
                rect.moveRight(min(rect.right(), plot.right() + sizes.px(10)))
                # Over the plot: left of it stand the figures.
                rect.moveLeft(max(rect.left(), plot.left()))
                last = at == len(places) - 1
                align = RIGHT if last else LEFT if at == 0 else CENTER
                words = self.tr("gap") if column.why == "gap" else self.tr("part")
                write(painter, rect, words, size=11, token="text-2", align=align)

    def _paint_axes(
        self,
        painter: QPainter,
        plot: QRectF,
        area: QRectF,
        places: Sequence[float],
        top: int,
        step: int,
    ) -> None:
        colors = tokens()
        for count in range(0, top + 1, step):
            level = plot.bottom() - plot.height() * count / top
            painter.setPen(QPen(colors.color("edge" if count == 0 else "line"), 1))
            painter.drawLine(QPointF(plot.left(), level), QPointF(plot.right(), level))
            rect = QRectF(area.left(), level - sizes.px(8), sizes.px(26), sizes.px(16))
            write(painter, rect, f"{count:,}", size=11, token="text-2", align=RIGHT)
        metrics = QFontMetricsF(sizes.font(11))
        widest = max(metrics.horizontalAdvance(column.label) for column in self.chart.columns)
        room = places[1] - places[0] if len(places) > 1 else plot.width()
        every = max(1, ceil((widest + sizes.px(12)) / room))
        for at in range(0, len(places), every):
            rect = QRectF(
                places[at] - widest / 2 - 2, plot.bottom() + sizes.px(6), widest + 4, sizes.px(16)
            )
            label = self.chart.columns[at].label
            write(painter, rect, label, size=11, token="text-2", align=CENTER)


def _named(row: dict[str, Any]) -> str:
    return _SIGNS.get(row["direction"], "") + row["title"]


def apart(middles: Sequence[float], gap: float, top: float, bottom: float) -> list[float]:
    """Return the places moved as little as needed so that names do not cover each other.

    Names that would touch are laid around their common middle, within ``top`` and ``bottom``.
    """
    order = sorted(range(len(middles)), key=lambda at: middles[at])
    blocks: list[tuple[list[int], float]] = []  # members, place of the first

    def laid(members: list[int]) -> float:
        middle = sum(middles[at] for at in members) / len(members)
        first = middle - gap * (len(members) - 1) / 2
        return max(top, min(first, bottom - gap * (len(members) - 1)))

    for at in order:
        members = [at]
        while blocks and blocks[-1][1] + gap * len(blocks[-1][0]) > laid(members):
            members = [*blocks.pop()[0], *members]
        blocks.append((members, laid(members)))
    found = [0.0] * len(middles)
    for members, first in blocks:
        for place, at in enumerate(members):
            found[at] = first + gap * place
    return found


def _scale(most: int) -> tuple[int, int]:
    """Return the end of the axis and the distance of its lines: 1, 2 or 5 times a power of ten."""
    rough = max(most, 4) / 5
    power = 10 ** floor(log10(rough))
    step = max(1, int(next(n * power for n in (1, 2, 5, 10) if n * power >= rough)))
    return ceil(max(most, 1) / step) * step, step
