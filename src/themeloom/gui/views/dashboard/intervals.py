"""Score by theme: a dot with its interval on a common scale."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from themeloom.analytics.answers import NPS
from themeloom.base.figures import score_change, score_value
from themeloom.gui.look import sizes
from themeloom.gui.look.tokens import tokens
from themeloom.gui.views.dashboard.chart import CENTER, RIGHT, RowsWidget, Spot, write


class IntervalsWidget(RowsWidget):
    """One row per theme, the line of all answers behind them."""

    head = 24

    def draw(self, painter: QPainter, area: QRectF) -> list[Spot]:
        """Paint scale, reference line, intervals, values and n."""
        colors = tokens()
        heads, bands = self.bands(area)
        names, figures = self.name_width(area), sizes.px(84)
        plot = QRectF(
            area.left() + names + sizes.px(8), heads.bottom(),
            area.width() - names - figures - sizes.px(16), bands[-1].bottom() - heads.bottom(),
        )  # fmt: skip
        low, high = self._range()

        def x(value: float) -> float:
            return plot.left() + plot.width() * (value - low) / (high - low)

        for tick in _ticks(low, high):
            painter.setPen(QPen(colors.color("edge" if tick == 0 else "line"), 1))
            painter.drawLine(QPointF(x(tick), plot.top()), QPointF(x(tick), plot.bottom()))
            rect = QRectF(x(tick) - sizes.px(24), heads.top(), sizes.px(48), sizes.px(18))
            write(painter, rect, self._figure(tick), size=11, token="text-2", align=CENTER)
        write(
            painter,
            QRectF(area.right() - figures, heads.top(), figures, sizes.px(18)),
            self.tr("answers"),
            size=11,
            token="text-2",
            align=RIGHT,
        )
        reference = self.chart.reference
        if reference is not None:
            painter.setPen(QPen(colors.color("text-2"), 1.2, Qt.PenStyle.DashLine))
            painter.drawLine(
                QPointF(x(reference), plot.top()), QPointF(x(reference), plot.bottom())
            )
        spots: list[Spot] = []
        for band, row in zip(bands, self.chart.rows.iter_rows(named=True), strict=True):
            color = colors.theme(row["color"])
            middle = band.center().y()
            painter.setPen(QPen(color, 1.6))
            painter.drawLine(QPointF(x(row["low"]), middle), QPointF(x(row["high"]), middle))
            cap = sizes.px(4)
            for end in (row["low"], row["high"]):
                painter.drawLine(QPointF(x(end), middle - cap), QPointF(x(end), middle + cap))
            painter.setBrush(color)
            painter.drawEllipse(QPointF(x(row["value"]), middle), sizes.px(4), sizes.px(4))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            write(painter, QRectF(band.left(), band.top(), names, band.height()), row["title"])
            right = QRectF(band.right() - figures, band.top(), figures, band.height())
            write(
                painter,
                right.adjusted(0, 0, -sizes.px(40), 0),
                self._figure(row["value"]),
                bold=True,
                align=RIGHT,
            )
            write(painter, right, f"{row['n']:,}", token="text-2", align=RIGHT)
            spots.append(Spot(band, row["theme_id"], self._tip(row)))
        return spots

    def _tip(self, row: dict[str, object]) -> str:
        lines = [
            str(row["title"]),
            self.tr("{value}, 90 % interval {low} to {high}").format(
                value=self._figure(row["value"]),
                low=self._figure(row["low"]),
                high=self._figure(row["high"]),
            ),
            self.tr("{n} answers of {base}").format(n=f"{row['n']:,}", base=f"{self.chart.n:,}"),
        ]
        if self.chart.reference is not None:
            all_ = self._figure(self.chart.reference)
            lines.append(self.tr("All answers: {value}").format(value=all_))
        if row["impact"] is not None:
            lines.append(
                self.tr("All answers − those without it: {impact} ({low} to {high})").format(
                    impact=self._change(row["impact"]),
                    low=self._change(row["impact_low"]),
                    high=self._change(row["impact_high"]),
                )
            )
        lines.append(self.tr("Association, not cause"))
        return "\n".join(lines)

    def _range(self) -> tuple[float, float]:
        values = [*self.chart.rows["low"], *self.chart.rows["high"]]
        if self.chart.reference is not None:
            values.append(self.chart.reference)
        if self._is_nps():
            return min(-50.0, min(values)) - 2, max(50.0, max(values)) + 2
        low, high = min(values), max(values)
        space = max((high - low) * 0.06, 0.1)
        return low - space, high + space

    def _is_nps(self) -> bool:
        return self.chart.score_kind == NPS

    def _figure(self, value: object) -> str:
        assert isinstance(value, int | float)
        return score_value(self.chart.score_kind, value)

    def _change(self, value: object) -> str:
        assert isinstance(value, int | float)
        return score_change(self.chart.score_kind, value)


def _ticks(low: float, high: float) -> list[float]:
    span = high - low
    step = next((s for s in (0.2, 0.5, 1, 2, 5, 10, 25, 50) if span / s <= 6), 50)
    first = int(low // step) + 1
    return [step * at for at in range(first, int(high // step) + 1)]
