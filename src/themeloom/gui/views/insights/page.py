"""The page as the PM gets it: plain widgets on a white page; customers' words are never markup."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from themeloom.domain.insights import Direction, Grade, InsightType
from themeloom.gui.look import sizes
from themeloom.gui.look.tokens import tokens
from themeloom.gui.widgets.flow import FlowLayout
from themeloom.gui.widgets.label import Label
from themeloom.gui.widgets.spark import paint_spark
from themeloom.services.insight_copies import page_of
from themeloom.services.insight_list import (
    Figure,
    InsightItem,
    InsightList,
    key_figures,
    kicker,
    sources,
)


class Page(QFrame):
    """One insight on one page."""

    def __init__(self, item: InsightItem, whole: InsightList) -> None:
        """Show ``item`` as it stands."""
        super().__init__()
        self.setProperty("card", "true")
        insight, page = item.insight, page_of(item, whole)
        self.setAccessibleName(self.tr("Page of {title}").format(title=insight.title))
        column = QVBoxLayout(self)
        column.setContentsMargins(sizes.px(20), sizes.px(18), sizes.px(20), sizes.px(20))
        column.setSpacing(sizes.px(6))
        self._column = column
        head = QHBoxLayout()
        head.addWidget(Label(kicker(item), size=11, quiet=True, wrap=True), 1)
        period = Label(whole.period, size=11, quiet=True)
        head.addWidget(period, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        column.addWidget(Label(insight.title, size=18, bold=True, wrap=True, selectable=True))
        column.addWidget(self._chips(item, page.chips))
        column.addSpacing(sizes.px(2))
        column.addLayout(_key_figures(item))
        if insight.trend.words:
            column.addSpacing(sizes.px(2))
            column.addLayout(self._trend(item))
        column.addSpacing(sizes.px(2))
        column.addWidget(Label(page.statement, wrap=True, selectable=True))
        if page.quotes:
            self._section(self.tr("What people said"))
        for quote in page.quotes:
            column.addWidget(
                QuoteBlock(quote.text, quote.place, self.tr("But: ") if quote.counter else "")
            )
            column.addSpacing(sizes.px(2))
        shares = sources(item)
        self._told(self.tr("Who"), "\n".join([*page.who, *([f"{shares}."] if shares else [])]))
        self._told(self.tr("Next step"), page.next_step)
        self._told(self.tr("Note"), page.note)
        self._told(self.tr("Decision"), page.decision)
        self._section(self.tr("How sure are we"))
        for sentence in (*page.why, *page.sure):
            column.addWidget(Label(sentence, size=12, quiet=True, wrap=True))

    def _section(self, words: str) -> None:
        self._column.addSpacing(sizes.px(8))
        self._column.addWidget(Label(words, size=12, bold=True, quiet=True))

    def _told(self, head: str, text: str) -> None:
        if text:
            self._section(head)
            self._column.addWidget(Label(text, wrap=True, selectable=True))

    def _chips(self, item: InsightItem, words_: tuple[str, ...]) -> QWidget:
        severe = item.insight.severity.value == Grade.HIGH
        told = [
            (words, "bad" if severe and at == 0 else "plain") for at, words in enumerate(words_)
        ]
        if item.new_since:
            told.append((self.tr("New since {day}").format(day=item.new_since), "plain"))
        box = QWidget()
        flow = FlowLayout(box, gap=sizes.px(6))
        for words, look in told:
            chip = Label(words, size=11)
            chip.set_chip(look)
            flow.addWidget(chip)
        return box

    def _trend(self, item: InsightItem) -> QHBoxLayout:
        insight = item.insight
        trend = insight.trend
        row = QHBoxLayout()
        row.setSpacing(sizes.px(12))
        token = "text-2"
        if trend.direction in (Direction.RISING, Direction.NEW):
            token = "ok" if insight.type.value == InsightType.PRAISE else "bad"
        if sum(1 for n in trend.series if n) > 1:
            line = _Line(trend.series, token)
            line.setAccessibleName(
                self.tr("Records per period: {counts}").format(
                    counts=", ".join(f"{n:,}" for n in trend.series)
                )
            )
            row.addWidget(line, 3)
        word, between, rest = trend.words.partition(":")
        words = QVBoxLayout()
        words.setSpacing(0)
        if between:
            head = _Tinted(word, token)
            words.addWidget(head)
        words.addWidget(
            Label((rest if between else trend.words).strip(), size=12, quiet=True, wrap=True)
        )
        words.addStretch(1)
        row.addLayout(words, 3)
        return row


class QuoteBlock(QFrame):
    """A quote with a bar at its side, and where it is from."""

    def __init__(self, text: str, place: str, but: str = "") -> None:
        """``but`` stands before what speaks against the claim; its bar is dashed."""
        super().__init__()
        self._dashed = bool(but)
        column = QVBoxLayout(self)
        column.setContentsMargins(sizes.px(12), sizes.px(2), 0, sizes.px(2))
        column.setSpacing(0)
        column.addWidget(Label(f"{but}“{text}”", wrap=True, selectable=True))
        column.addWidget(Label(place, size=12, quiet=True, wrap=True, selectable=True))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the bar."""
        painter = QPainter(self)
        width = sizes.px(3)
        if not self._dashed:
            painter.fillRect(QRectF(0, 0, width, self.height()), tokens().color("line"))
            return
        pen = QPen(tokens().color("edge"), width)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setDashPattern([1.4, 1.0])
        painter.setPen(pen)
        painter.drawLine(round(width / 2), 0, round(width / 2), self.height())


class _Tinted(Label):
    """A bold word in the colour of a token."""

    def __init__(self, words: str, token: str) -> None:
        super().__init__(words, size=13, bold=True)
        self._token = token

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(tokens().color(self._token))
        painter.setFont(self.font())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, self.text())


class _Line(QWidget):
    """The counts over time as a line in the colour of a token."""

    def __init__(self, counts: tuple[int, ...], token: str) -> None:
        super().__init__()
        self._counts, self._token = counts, token
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(sizes.px(120), sizes.px(44))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        inner = QRectF(self.rect()).adjusted(1, 4, -4, -4)
        paint_spark(painter, inner, self._counts, tokens().color(self._token))


def _key_figures(item: InsightItem) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(sizes.px(12))
    for column, figure in enumerate(key_figures(item)):
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
