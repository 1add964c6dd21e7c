"""The line under the tree that leads to the unsorted excerpts."""

import polars as pl
from PySide6.QtCore import QLocale, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from themeloom.domain.themes import Reason
from themeloom.gui.look import sizes
from themeloom.gui.look.icons import paint_icon
from themeloom.gui.look.tokens import tokens
from themeloom.services.view import View


class UnsortedLine(QAbstractButton):
    """Says "Unsorted  712 excerpts · 188 nearly fit ›". A click shows them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Nothing is unsorted yet."""
        super().__init__(parent)
        self._detail = ""
        self.setText(self.tr("Unsorted"))
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._say("")

    def show_view(self, view: View) -> None:
        """Count the unsorted excerpts and those that fit two themes nearly alike."""
        bare = pl.col("theme_id").is_null() & pl.col("left_out").is_null()
        between = bare & (pl.col("reason") == Reason.TIE)
        near = int(view.excerpts.select(between.sum()).item() or 0)
        number = QLocale().toString
        total = view.totals.unsorted
        if not total:
            self._say(self.tr("none"))
            return
        one = self.tr("1 excerpt") if total == 1 else self.tr("{n} excerpts")
        text = one.format(n=number(total))
        if near:
            text += " · " + self.tr("{n} nearly fit").format(n=number(near))
        self._say(text)

    @property
    def detail(self) -> str:
        """What stands at the right."""
        return self._detail

    def _say(self, detail: str) -> None:
        self._detail = detail
        self.setAccessibleName(f"{self.text()}, {detail}" if detail else self.text())
        self.update()

    def sizeHint(self) -> QSize:
        """Return a line as high as a pane's foot."""
        return QSize(sizes.px(280), sizes.px(36))

    def nextCheckState(self) -> None:
        """Whoever shows the excerpts marks the line, not the click."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint words, counts and an arrow."""
        colors = tokens()
        painter = QPainter(self)
        ground = "selection" if self.isChecked() else "sunken" if self.underMouse() else "window"
        painter.fillRect(self.rect(), colors.color(ground))
        painter.setPen(colors.color("line"))
        painter.drawLine(0, 0, self.width(), 0)
        painter.setPen(colors.color("text"))
        painter.setFont(sizes.font(bold=self.isChecked()))
        inner = self.rect().adjusted(sizes.px(12), 0, -sizes.px(12), 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(inner, middle | Qt.AlignmentFlag.AlignLeft, self.text())
        title = painter.fontMetrics().horizontalAdvance(self.text()) + sizes.px(12)
        side = sizes.px(14)
        arrow = QRectF(inner.right() - side + 4, (self.height() - side) / 2, side, side)
        paint_icon(painter, "chevron-right", arrow, colors.hex("text-2"))
        painter.setPen(colors.color("text-2"))
        painter.setFont(sizes.font(tabular=True))
        room = inner.adjusted(title, 0, -side, 0)
        shown = painter.fontMetrics().elidedText(
            self._detail, Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawText(room, middle | Qt.AlignmentFlag.AlignRight, shown)
        if self.hasFocus():
            painter.setPen(QPen(colors.color("accent"), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()
