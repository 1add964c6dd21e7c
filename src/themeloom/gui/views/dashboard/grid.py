"""Themes by segment: shares in a grid, tinted where they differ from all records."""

from math import log2

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter

from themeloom.base.figures import percent
from themeloom.gui.look import sizes
from themeloom.gui.look.tokens import tokens
from themeloom.gui.views.dashboard.chart import (
    CENTER,
    RIGHT,
    RowsWidget,
    Spot,
    write,
)

_SIGNS = {"more": "▲ ", "fewer": "▼ "}
_WARM, _COOL = 1, 0  # of the theme colours: far apart for all eyes
_STRONGEST = 0.42


class GridWidget(RowsWidget):
    """One row per theme, one column per value of the segment."""

    head = 36

    def draw(self, painter: QPainter, area: QRectF) -> list[Spot]:
        """Paint heads, the share in all records, and the cells."""
        heads, bands = self.bands(area)
        names, all_ = self.name_width(area), sizes.px(46)
        columns = self.chart.columns
        left = area.left() + names + all_ + sizes.px(10)
        width = (area.right() - left) / len(columns)
        head = QRectF(area.left() + names, heads.top(), all_, heads.height() / 2)
        write(painter, head, self.tr("All"), size=11, token="text-2", align=RIGHT)
        for at, column in enumerate(columns):
            rect = QRectF(left + width * at, heads.top(), width - 4, heads.height() / 2)
            write(painter, rect, column.label, size=11, token="text-2", align=CENTER)
            rect.moveTop(rect.bottom() - 2)
            base = self.tr("n = {n}").format(n=f"{column.n:,}")
            write(painter, rect, base, size=11, token="text-2", align=CENTER)
        spots: list[Spot] = []
        for band, row in zip(bands, self.chart.rows.iter_rows(named=True), strict=True):
            name = QRectF(band.left(), band.top(), names, band.height())
            write(painter, name, row["title"])
            overall = QRectF(name.right(), band.top(), all_, band.height())
            write(painter, overall, percent(row["overall"]), token="text-2", align=RIGHT)
            told = self.tr("{title}\nAll: {share} of {n}").format(
                title=row["title"], share=percent(row["overall"]), n=f"{self.chart.n:,}"
            )
            spots.append(Spot(name.united(overall), row["theme_id"], told))
            for at, column in enumerate(columns):
                cell = QRectF(left + width * at, band.top() + 1, width - 2, band.height() - 2)
                mark = row["marks"][at]
                share = row["shares"][at]
                painter.fillRect(cell, _tint(share, row["overall"], mark))
                few = mark == "few"
                write(
                    painter,
                    cell,
                    self.tr("few") if few else f"{_SIGNS.get(mark, '')}{percent(share)}",
                    token="text-2" if few else "text",
                    bold=mark in _SIGNS,
                    align=CENTER,
                )
                tip = self.tr(
                    "{title}\n{value}: {k} of {n} records ({share})\nAll: {overall} of {base}"
                ).format(
                    title=row["title"],
                    value=column.label,
                    k=f"{row['counts'][at]:,}",
                    n=f"{column.n:,}",
                    share=percent(share),
                    overall=percent(row["overall"]),
                    base=f"{self.chart.n:,}",
                )
                spots.append(Spot(cell, row["theme_id"], tip))
        return spots


def _tint(share: float, overall: float, mark: str) -> QColor:
    if mark == "few":
        return tokens().color("sunken")
    if not overall:
        return tokens().color("surface")
    distance = log2(share / overall) if share else -2.0
    color = tokens().theme(_WARM if distance > 0 else _COOL)
    color.setAlphaF(min(abs(distance) / 2, 1) * _STRONGEST)
    return color
