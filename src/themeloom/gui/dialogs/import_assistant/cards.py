"""The first records as they will be: id, what is known about them, text, number of excerpts."""

import re
from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from themeloom.domain.previews import RecordCard
from themeloom.gui.look import sizes
from themeloom.gui.widgets.customer_text import CustomerText
from themeloom.gui.widgets.elided import ElidedLabel
from themeloom.gui.widgets.label import Label

_TOKEN = re.compile(r"\[(?:EMAIL|PHONE|NAME|IBAN|CARD|SECRET)_\d+\]")
_CARDS = 3


class RecordCards(QWidget):
    """Three cards side by side, with a line above that says of how many."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make empty cards."""
        super().__init__(parent)
        self._title = Label(self.tr("This is what it becomes"), bold=True)
        self._of = Label(size=12, quiet=True)
        self._why = Label(quiet=True, wrap=True)
        self.cards = [_Card(self) for _ in range(_CARDS)]
        head = QHBoxLayout()
        head.setSpacing(sizes.px(8))
        head.addWidget(self._title)
        head.addWidget(self._of, 1)
        row = QHBoxLayout()
        row.setSpacing(sizes.px(8))
        for card in self.cards:
            row.addWidget(card, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(sizes.px(6))
        layout.addLayout(head)
        layout.addWidget(self._why)
        layout.addLayout(row, 1)
        self.say("")

    def show_cards(self, cards: Sequence[RecordCard], of: int | None) -> None:
        """Show records; ``of`` is how many there will be, None while that is not known."""
        self._why.hide()
        self._title.show()
        for place, card in enumerate(self.cards):
            card.show_card(cards[place] if place < len(cards) else None)
        first = self.tr("first {n}").format(n=len(cards))
        if of is not None:
            first = self.tr("first {n} of {of} records").format(n=len(cards), of=f"{of:,}")
        self._of.setText(first if cards else "")

    def say(self, why: str) -> None:
        """Show why there are no records."""
        self._why.setText(why)
        self._why.setVisible(bool(why))
        self._title.setVisible(not why)
        self._of.setText("")
        for card in self.cards:
            card.hide()


class _Card(QFrame):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("card", "true")
        self._title = ElidedLabel(bold=True)
        self._excerpts = Label(size=12, quiet=True)
        self._meta = ElidedLabel(size=12, quiet=True)
        self._text = CustomerText(self)
        self._text.setAccessibleName(self.tr("Text of the record"))
        self._text.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        head = QHBoxLayout()
        head.setSpacing(sizes.px(8))
        head.addWidget(self._title, 1)
        head.addWidget(self._excerpts)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(sizes.px(11), sizes.px(8), sizes.px(11), sizes.px(8))
        layout.setSpacing(sizes.px(3))
        layout.addLayout(head)
        layout.addWidget(self._meta)
        layout.addWidget(self._text, 1)

    def show_card(self, card: RecordCard | None) -> None:
        """Show a record, or nothing."""
        self.setVisible(card is not None)
        if card is None:
            return
        self._title.setText(card.title)
        if card.excerpts == 0:
            excerpts = self.tr("no opinion to sort")
        elif card.excerpts == 1:
            excerpts = self.tr("1 excerpt")
        else:
            excerpts = self.tr("{n} excerpts").format(n=f"{card.excerpts:,}")
        self._excerpts.setText(excerpts)
        self._meta.setText(card.meta)
        self._meta.setVisible(bool(card.meta))
        self._text.show_text(card.text, mask=_tokens)
        self.setAccessibleName(
            self.tr("Record {title}, {excerpts}").format(title=card.title, excerpts=excerpts)
        )
        self.setAccessibleDescription(f"{card.meta}\n{card.text}")


def _tokens(text: str) -> list[tuple[int, int, str]]:
    """The text is masked already: its tokens only have to look like tokens."""
    return [(*match.span(), match[0]) for match in _TOKEN.finditer(text)]
