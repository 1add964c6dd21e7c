"""The evidence of an insight: quotes to tick, and the counter-example below them."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from themeloom.gui.look import sizes
from themeloom.gui.look.tokens import tokens
from themeloom.gui.widgets.label import Label
from themeloom.gui.widgets.pane import clear
from themeloom.services.insight_list import InsightItem
from themeloom.services.insight_quotes import MOST, Quote, pool

_ROWS = 5


class EvidenceList(QWidget):
    """Ticked quotes stand with the insight, in the order in which they were ticked."""

    chosen = Signal(object)  # list of excerpt ids, best first
    countered = Signal(str)  # excerpt id of the counter-example, "" for none
    refused = Signal(str)  # why a tick was not taken

    def __init__(self, parent: QWidget | None = None) -> None:
        """It has no quotes yet."""
        super().__init__(parent)
        self.setAccessibleName(self.tr("Evidence"))
        self._ids: list[str] = []
        self._counter: Quote | None = None
        self._shown: object = None
        self._read_only = False
        self.rows: list[QuoteRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(1, 1, 1, 1)
        self._column.setSpacing(0)

    def show_item(self, item: InsightItem) -> None:
        """Show the quotes of an insight and others that fit; keep the rows that stay."""
        self._ids = [quote.excerpt_id for quote in item.quotes]
        offered = _offered(item)
        counter = item.counter or item.drafted_counter
        self._counter = counter
        state = (item.insight.id, offered, counter)
        if state != self._shown:
            focused = self._focused()
            self._shown = state
            self._build(offered, counter)
            for row in self.rows:
                if row.quote.excerpt_id == focused:
                    row.box.setFocus()
        for row in self.rows:
            if row.counter:
                row.set_on(on=item.counter is not None)
            else:
                row.set_on(on=row.quote.excerpt_id in self._ids)
        self.set_read_only(read_only=self._read_only)

    def set_read_only(self, *, read_only: bool) -> None:
        """Let everything be read and nothing be changed."""
        self._read_only = read_only
        for row in self.rows:
            row.box.setEnabled(not read_only)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the frame of a field."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(tokens().color("edge"), 1))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)

    def _build(self, offered: Sequence[Quote], counter: Quote | None) -> None:
        clear(self._column)
        self.rows = [QuoteRow(quote) for quote in offered]
        if counter is not None:
            self.rows.append(QuoteRow(counter, counter=True))
        if not self.rows:
            self._column.addWidget(Label(self.tr("No quotes yet."), quiet=True))
        for at, row in enumerate(self.rows):
            row.first = at == 0
            row.ticked.connect(self._on_ticked)
            self._column.addWidget(row)

    def _focused(self) -> str:
        return next((row.quote.excerpt_id for row in self.rows if row.box.hasFocus()), "")

    def _on_ticked(self, excerpt_id: str, on: bool) -> None:
        row = next(row for row in self.rows if row.quote.excerpt_id == excerpt_id)
        if row.counter:
            self.countered.emit(excerpt_id if on else "")
            return
        ids = [one for one in self._ids if one != excerpt_id] + ([excerpt_id] if on else [])
        if len(ids) > MOST:
            row.set_on(on=False)
            self.refused.emit(
                self.tr("{n} quotes stand with an insight at most. Untick one first.").format(
                    n=MOST
                )
            )
        elif not ids:
            row.set_on(on=True)
            self.refused.emit(self.tr("An insight needs at least one quote."))
        else:
            self._ids = ids
            self.chosen.emit(ids)


class QuoteRow(QWidget):
    """One quote with its tick; a click anywhere on it ticks."""

    ticked = Signal(str, bool)

    def __init__(self, quote: Quote, *, counter: bool = False) -> None:
        """``counter``: it speaks against the claim."""
        super().__init__()
        self.quote = quote
        self.counter = counter
        self.first = False
        place = f"{self.tr('Counter-example')} · {quote.place}" if counter else quote.place
        self.box = QCheckBox()
        self.box.setAccessibleName(f"{quote.text} {place}")
        self.box.clicked.connect(self._on_clicked)
        words = QVBoxLayout()
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(0)
        words.addWidget(Label(" ".join(quote.text.split()), wrap=True))
        words.addWidget(Label(place, size=12, quiet=True, wrap=True))
        row = QHBoxLayout(self)
        row.setContentsMargins(sizes.px(8), sizes.px(6), sizes.px(10), sizes.px(6))
        row.setSpacing(sizes.px(6))
        row.addWidget(self.box, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)

    def set_on(self, *, on: bool) -> None:
        """Show it ticked or not; nothing is told."""
        self.box.setChecked(on)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Tick where the click ends on it."""
        if (
            event.button() == Qt.MouseButton.LeftButton
            and self.box.isEnabled()
            and self.rect().contains(event.position().toPoint())
        ):
            self.box.click()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a line above it, and a ground below a counter-example."""
        painter = QPainter(self)
        if self.counter:
            painter.fillRect(self.rect(), tokens().color("window"))
        if not self.first:
            painter.fillRect(0, 0, self.width(), 1, tokens().color("line"))

    def _on_clicked(self, on: bool) -> None:
        self.ticked.emit(self.quote.excerpt_id, on)


def _offered(item: InsightItem) -> tuple[Quote, ...]:
    """Return the chosen quotes and the next best ones, in an order that ticks do not change."""
    against = {quote.excerpt_id for quote in (item.counter, item.drafted_counter) if quote}
    ticked = {quote.excerpt_id for quote in item.quotes}
    free = max(_ROWS - len(item.quotes), 1)
    found: list[Quote] = []
    for quote in pool(item.others, item.quotes):
        if quote.excerpt_id in against and quote.excerpt_id not in ticked:
            continue
        if quote.excerpt_id not in ticked:
            if not free:
                continue
            free -= 1
        found.append(quote)
    return tuple(found)
