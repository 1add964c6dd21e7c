"""The sheet as the PM gets it: plain widgets on a white page; customers' words are never markup."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from themeloom.gui.look import sizes
from themeloom.gui.look.tokens import tokens
from themeloom.gui.views.insights.standing import QuoteBlock, fit_height
from themeloom.gui.widgets.label import Label
from themeloom.gui.widgets.pane import ScrollPage, clear
from themeloom.gui.widgets.spark import Spark
from themeloom.services.insight_list import Figure, InsightItem, InsightList, caution

_KEY_FIGURES = 3
_QUOTES = 3


class SheetPreview(ScrollPage):
    """The right pane."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """It shows no page yet."""
        super().__init__(parent, margin=14, gap=0)
        self.setProperty("pane", "sunken")
        fit_height(self)
        self.parts.setAlignment(Qt.AlignmentFlag.AlignTop)

    def show_item(self, item: InsightItem | None, whole: InsightList | None) -> None:
        """Show the sheet of an insight, or nothing."""
        clear(self.parts)
        self.verticalScrollBar().setValue(0)
        if item is not None and whole is not None:
            self.parts.addWidget(_Page(item, whole))


class _Page(QFrame):
    def __init__(self, item: InsightItem, whole: InsightList) -> None:
        super().__init__()
        self.setProperty("card", "true")
        insight = item.insight
        self.setAccessibleName(self.tr("Sheet of {title}").format(title=insight.title))
        column = QVBoxLayout(self)
        column.setContentsMargins(sizes.px(20), sizes.px(18), sizes.px(20), sizes.px(20))
        column.setSpacing(sizes.px(6))
        self._column = column
        head = QHBoxLayout()
        area = item.product_area or insight.area
        kicker = " · ".join(
            part for part in (area, self.tr("Insight {id}").format(id=insight.id)) if part
        )
        head.addWidget(Label(kicker, size=11, quiet=True, wrap=True), 1)
        period = Label(whole.period, size=11, quiet=True)
        head.addWidget(period, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        column.addWidget(Label(insight.title, size=18, bold=True, wrap=True, selectable=True))
        column.addSpacing(sizes.px(6))
        column.addLayout(_key_figures(item))
        if sum(1 for n in item.trend if n) > 1:
            column.addLayout(self._trend(item, whole))
        column.addSpacing(sizes.px(2))
        column.addWidget(Label(insight.statement, wrap=True, selectable=True))
        if item.quotes:
            self._section(self.tr("What people said"))
            for quote in item.quotes[:_QUOTES]:
                column.addWidget(QuoteBlock(quote))
                column.addSpacing(sizes.px(2))
        if item.pm:
            self._section(self.tr("Product manager"))
            column.addWidget(Label(item.pm, wrap=True))
        self._section(self.tr("How sure are we"))
        column.addWidget(Label(caution(item, whole), size=12, quiet=True, wrap=True))

    def _section(self, words: str) -> None:
        self._column.addSpacing(sizes.px(8))
        self._column.addWidget(Label(words, size=12, bold=True, quiet=True))

    def _trend(self, item: InsightItem, whole: InsightList) -> QHBoxLayout:
        spark = Spark()
        first, last = whole.periods[0], whole.periods[-1]
        words = self.tr("Records from {first} to {last}: {counts}").format(
            first=first, last=last, counts=", ".join(f"{n:,}" for n in item.trend)
        )
        spark.show_counts(item.trend, words)
        spark.setFixedHeight(sizes.px(34))
        most = max(range(len(item.trend)), key=lambda at: item.trend[at])
        label = whole.periods[most]
        if label[:1].isdigit():  # weeks are called by their first day
            label = self.tr("the week of {day}").format(day=label)
        told = self.tr("Most in {period}: {n} records").format(
            period=label, n=f"{item.trend[most]:,}"
        )
        row = QHBoxLayout()
        row.setSpacing(sizes.px(12))
        row.addWidget(spark, 3)
        row.addWidget(Label(told, size=12, quiet=True, wrap=True), 2)
        return row


def _key_figures(item: InsightItem) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(sizes.px(12))
    by_name = {figure.name: figure for figure in item.figures}
    order = ("Records", "Accounts", "NPS", "People")
    shown = [by_name[name] for name in order if name in by_name][:_KEY_FIGURES]
    for column, figure in enumerate(shown):
        grid.addWidget(_KeyFigure(figure), 0, column, Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(column, 1)
    return grid


class _KeyFigure(QWidget):
    """A big figure under a rule, its name above and its base below."""

    def __init__(self, figure: Figure) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, sizes.px(6), 0, 0)
        column.setSpacing(0)
        wordy = not figure.value[-1:].isdigit() or len(figure.value) > 12
        column.addWidget(Label(figure.name, size=11, quiet=True))
        column.addWidget(
            Label(
                figure.value,
                size=12 if wordy else 17,
                bold=not wordy,
                tabular=True,
                wrap=wordy,
            )
        )
        column.addWidget(Label(figure.base, size=11, quiet=True, wrap=True))
        self.setAccessibleName(f"{figure.name}: {figure.value} {figure.base}".strip())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(QRectF(0, 0, self.width(), 2), tokens().color("text"))
        painter.end()
