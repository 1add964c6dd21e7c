"""The insight as it stands: statement, numbers with their bases, quotes with their places."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from themeloom.gui.look import sizes
from themeloom.gui.look.tokens import tokens
from themeloom.gui.widgets.label import Label
from themeloom.gui.widgets.pane import Line, ScrollPage, clear
from themeloom.services.insight_list import InsightItem, InsightList, Quote, caution


class StandingInsight(ScrollPage):
    """The middle pane. Nothing in it can be edited; texts can be selected."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """It shows nothing yet."""
        super().__init__(parent, margin=16, gap=6)
        fit_height(self)
        self.parts.setAlignment(Qt.AlignmentFlag.AlignTop)

    def show_item(self, item: InsightItem | None, whole: InsightList | None) -> None:
        """Show an insight, or nothing."""
        clear(self.parts)
        self.verticalScrollBar().setValue(0)
        if item is None or whole is None:
            return
        # Built apart and put in as one: the page is laid out once, not for each part.
        self.parts.addWidget(_Body(item, whole))


class _Body(QWidget):
    def __init__(self, item: InsightItem, whole: InsightList) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(sizes.px(6))
        self._add(Label(item.insight.title, size=17, bold=True, wrap=True, selectable=True))
        self._add(Label(item.insight.statement, wrap=True, selectable=True))
        self._head(self.tr("Numbers"))
        self._add(_figures(item))
        if item.quotes:
            self._head(self.tr("Evidence, {n} quotes").format(n=len(item.quotes)))
            for quote in item.quotes:
                self._add(QuoteBlock(quote))
        self._head(self.tr("How sure are we"))
        self._add(Label(caution(item, whole), quiet=True, wrap=True))

    def _head(self, words: str) -> None:
        self._column.addSpacing(sizes.px(10))
        self._add(Label(words, size=12, bold=True, quiet=True))

    def _add(self, part: QWidget) -> None:
        self._column.addWidget(part)


def fit_height(page: ScrollPage) -> None:
    """Let a page be as high as its texts are at its width.

    Without a minimum of its own Qt takes the height at the smallest width, and the page scrolls
    through nothing.
    """
    inner = page.widget()
    if inner is not None:
        inner.setMinimumHeight(1)


class QuoteBlock(QFrame):
    """A quote with a bar at its side, and where it is from."""

    def __init__(self, quote: Quote, parent: QWidget | None = None) -> None:
        """Show ``quote`` as it was written."""
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(sizes.px(12), sizes.px(2), 0, sizes.px(2))
        column.setSpacing(0)
        column.addWidget(Label(f"“{quote.text}”", wrap=True, selectable=True))
        column.addWidget(Label(quote.place, size=12, quiet=True, wrap=True, selectable=True))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the bar."""
        painter = QPainter(self)
        bar = QRectF(0, 0, sizes.px(3), self.height())
        painter.fillRect(bar, tokens().color("line"))
        painter.end()


def _figures(item: InsightItem) -> QWidget:
    box = QWidget()
    grid = QGridLayout(box)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(sizes.px(14))
    grid.setVerticalSpacing(sizes.px(3))
    grid.setColumnStretch(0, 2)
    grid.setColumnStretch(2, 3)
    for row, figure in enumerate(item.figures):
        value = Label(figure.value, bold=True, tabular=True, selectable=True)
        value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        value.setAccessibleName(f"{figure.name}: {figure.value} {figure.base}".strip())
        grid.addWidget(Label(figure.name, wrap=len(figure.name) > 16), 2 * row, 0)
        grid.addWidget(value, 2 * row, 1)
        grid.addWidget(Label(figure.base, size=12, quiet=True, wrap=True), 2 * row, 2)
        if row + 1 < len(item.figures):
            grid.addWidget(Line(), 2 * row + 1, 0, 1, 3)
    return box
