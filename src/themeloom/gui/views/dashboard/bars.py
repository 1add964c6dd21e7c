"""Themes by source: a bar and a figure within each kind of source."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from themeloom.base.figures import percent
from themeloom.gui.look import sizes
from themeloom.gui.look.tokens import tokens
from themeloom.gui.views.dashboard.chart import LEFT, RIGHT, RowsWidget, Spot, write


class BarsWidget(RowsWidget):
    """One row per theme, one column per kind of source."""

    head = 36

    def draw(self, painter: QPainter, area: QRectF) -> list[Spot]:
        """Paint heads and bars; each column has its own scale."""
        colors = tokens()
        heads, bands = self.bands(area)
        names = self.name_width(area)
        columns = self.chart.columns
        left = area.left() + names + sizes.px(8)
        width = (area.right() - left) / len(columns)
        figure, gap = sizes.px(44), sizes.px(14)
        most = [max(shares) or 1.0 for shares in zip(*self.chart.rows["shares"], strict=True)]
        for at, column in enumerate(columns):
            rect = QRectF(left + width * at, heads.top(), width - gap, heads.height() / 2)
            write(painter, rect, column.label, size=11, token="text-2", align=LEFT)
            rect.moveTop(rect.bottom() - 2)
            base = self.tr("n = {n}").format(n=f"{column.n:,}")
            write(painter, rect, base, size=11, token="text-2", align=LEFT)
        spots: list[Spot] = []
        for band, row in zip(bands, self.chart.rows.iter_rows(named=True), strict=True):
            name = QRectF(band.left(), band.top(), names, band.height())
            write(painter, name, row["title"])
            spots.append(
                Spot(
                    name,
                    row["theme_id"],
                    self.tr("{title}\n{n} records").format(
                        title=row["title"], n=f"{row['records']:,}"
                    ),
                )
            )
            for at, column in enumerate(columns):
                share = row["shares"][at]
                cell = QRectF(left + width * at, band.top(), width - gap, band.height())
                track = QRectF(
                    cell.left(),
                    cell.center().y() - sizes.px(5),
                    max(cell.width() - figure, 0),
                    sizes.px(10),
                )
                painter.fillRect(track, colors.color("sunken"))
                filled = QRectF(track)
                filled.setWidth(track.width() * share / most[at] * 0.95)
                painter.fillRect(filled, colors.color("edge" if column.weak else "accent"))
                token = "text-2" if column.weak else "text"
                write(painter, cell, percent(share), token=token, align=RIGHT)
                tip = self.tr("{title}\n{source}: {k} of {n} records ({share})").format(
                    title=row["title"],
                    source=column.label,
                    k=f"{row['counts'][at]:,}",
                    n=f"{column.n:,}",
                    share=percent(share),
                )
                spots.append(Spot(cell, row["theme_id"], tip))
        return spots
