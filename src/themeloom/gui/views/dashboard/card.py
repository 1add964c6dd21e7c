"""A chart with heading, base and caution; it copies as picture and as table."""

from collections.abc import Callable

from PySide6.QtCore import QMimeData, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QImage, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from themeloom.analytics.charts import Chart, ChartKind
from themeloom.gui.look import sizes
from themeloom.gui.look.icons import icon
from themeloom.gui.look.tokens import tokens
from themeloom.gui.views.dashboard.bars import BarsWidget
from themeloom.gui.views.dashboard.chart import ChartWidget
from themeloom.gui.views.dashboard.grid import GridWidget
from themeloom.gui.views.dashboard.intervals import IntervalsWidget
from themeloom.gui.views.dashboard.lines import LinesWidget
from themeloom.gui.widgets.elided import ElidedLabel
from themeloom.gui.widgets.label import Label
from themeloom.gui.widgets.menu import Menu
from themeloom.services.clipboard import as_html, as_tsv

_WIDGETS: dict[ChartKind, type[ChartWidget]] = {
    ChartKind.LINES: LinesWidget,
    ChartKind.INTERVALS: IntervalsWidget,
    ChartKind.GRID: GridWidget,
    ChartKind.BARS: BarsWidget,
}
_SHARP = 2.0  # pixels of a copied picture for each one on the screen
_MARGIN = 16


class ChartCard(QFrame):
    """One of the four."""

    theme_chosen = Signal(str)
    copied = Signal(str)  # what was copied, in words

    def __init__(self, parent: QWidget | None = None) -> None:
        """It shows nothing yet."""
        super().__init__(parent)
        self.setProperty("card", "true")
        self.chart: Chart | None = None
        self.widget: ChartWidget | None = None
        self._title = ElidedLabel("", self, size=13, bold=True)
        self._subtitle = ElidedLabel("", self, size=12, quiet=True)
        self._note = Label("", self, size=11, quiet=True, wrap=True)
        self._empty = Label("", self, quiet=True, wrap=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.picture_button = self._button(
            self.tr("Picture"), self.tr("Copy as picture"), "copy", self.copy_picture
        )
        self.table_button = self._button(
            self.tr("Table"), self.tr("Copy as table"), "table", self.copy_table
        )
        head = QHBoxLayout()
        head.setSpacing(sizes.px(2))
        head.addWidget(self._title, 1)
        head.addWidget(self.picture_button)
        head.addWidget(self.table_button)
        self._column = QVBoxLayout(self)
        space = sizes.px(14)
        self._column.setContentsMargins(space, sizes.px(8), sizes.px(8), sizes.px(10))
        self._column.setSpacing(sizes.px(2))
        self._column.addLayout(head)
        self._column.addWidget(self._subtitle)
        self._column.addSpacing(sizes.px(8))
        self._column.addWidget(self._empty, 1)
        self._column.addSpacing(sizes.px(4))
        self._column.addWidget(self._note)

    def show_chart(self, chart: Chart) -> None:
        """Show ``chart``, or why there is none."""
        self.chart = chart
        self._title.setText(chart.title)
        self._subtitle.setText(chart.subtitle)
        self._subtitle.setVisible(bool(chart.subtitle))
        self._note.setText(chart.note)
        self._note.setVisible(bool(chart.note))
        self._empty.setText(chart.empty)
        self._empty.setVisible(bool(chart.empty))
        for button in (self.picture_button, self.table_button):
            button.setVisible(not chart.empty)  # its room stays: titles stand in one line
            what = self.tr("{copy}: {title}").format(copy=button.toolTip(), title=chart.title)
            button.setAccessibleName(what)
        had_focus = self.widget is not None and self.widget.hasFocus()
        if self.widget is not None:
            self._column.removeWidget(self.widget)
            self.widget.hide()
            self.widget.deleteLater()
            self.widget = None
        if not chart.empty:
            self.widget = _WIDGETS[chart.kind](chart, self)
            self.widget.theme_chosen.connect(self.theme_chosen)
            self._column.insertWidget(3, self.widget, 1)
            if had_focus:
                self.widget.setFocus()

    def copy_picture(self) -> None:
        """Put the chart with heading, base and caution on the clipboard as a picture."""
        if self.widget is not None:
            QGuiApplication.clipboard().setImage(self.picture())
            self.copied.emit(self.tr("Copied as picture: {title}").format(title=self._title.text()))

    def copy_table(self) -> None:
        """Put the figures on the clipboard: for spreadsheets and for word processors."""
        chart = self.chart
        if chart is None or chart.empty:
            return
        data = QMimeData()
        data.setText(as_tsv(chart.table))
        data.setHtml(as_html(chart.table, f"{chart.title}. {chart.subtitle}", chart.note))
        QGuiApplication.clipboard().setMimeData(data)
        self.copied.emit(self.tr("Copied as table: {title}").format(title=chart.title))

    def picture(self) -> QImage:
        """Return the picture that is copied: twice as sharp as the screen."""
        assert self.widget is not None
        margin = sizes.px(_MARGIN)
        width = max(self.widget.width(), sizes.px(620))
        height = max(self.widget.height(), sizes.px(260))
        texts = ((self._title, 15, True, "text"), (self._subtitle, 12, False, "text-2"))
        heads = sizes.px(44)
        note = self._note.text()
        probe = QImage(1, 1, QImage.Format.Format_RGB32)
        painter = QPainter(probe)
        painter.setFont(sizes.font(11))
        flags = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft)
        foot = painter.boundingRect(QRect(0, 0, width, 10_000), flags, note).height()
        painter.end()
        whole = QSize(width + 2 * margin, height + heads + foot + 3 * margin)
        image = QImage(whole * _SHARP, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(_SHARP)
        image.fill(tokens().color("surface"))
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top = margin
        for label, size, bold, token in texts:
            painter.setFont(sizes.font(size, bold=bold))
            painter.setPen(tokens().color(token))
            painter.drawText(QPoint(margin, top + painter.fontMetrics().ascent()), label.text())
            top += painter.fontMetrics().height() + sizes.px(2)
        top = margin + heads
        painter.save()
        self.widget.draw(painter, QRectF(margin, top, width, height))
        painter.restore()
        painter.setFont(sizes.font(11))
        painter.setPen(tokens().color("text-2"))
        painter.drawText(QRect(margin, top + height + margin, width, foot), flags, note)
        painter.end()
        return image

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer the copies."""
        if self.widget is not None:
            menu = Menu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.addAction(icon("copy"), self.tr("Copy as picture"), self.copy_picture)
            menu.addAction(icon("table"), self.tr("Copy as table"), self.copy_table)
            menu.popup(event.globalPos())

    def _button(self, words: str, tip: str, outline: str, act: Callable[[], None]) -> QToolButton:
        button = QToolButton(self)
        button.setText(words)
        button.setToolTip(tip)
        button.setIcon(icon(outline, "text-2"))
        button.setIconSize(QSize(sizes.px(14), sizes.px(14)))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        policy = button.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        button.setSizePolicy(policy)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(act)
        return button
