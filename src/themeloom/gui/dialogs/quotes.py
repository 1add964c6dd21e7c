"""Choosing the quotes of a theme."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from themeloom.base.folding import fold
from themeloom.gui.look import sizes
from themeloom.gui.views.themes.quotes import MOST, candidates
from themeloom.gui.widgets.label import Label
from themeloom.gui.widgets.pane import Line
from themeloom.gui.widgets.shown_text import Mask, masked, no_mask
from themeloom.insights.wording import count
from themeloom.services.view import View


class QuotesDialog(QDialog):
    """Up to five excerpts; the first ticked one stands first."""

    chosen = Signal(str, object)  # theme id, list of excerpt ids
    countered = Signal(str, str)  # theme id, excerpt id of the counter-example ("" for none)

    def __init__(
        self,
        view: View,
        theme_id: str,
        parent: QWidget | None,
        mask: Mask = no_mask,
        *,
        chosen: Sequence[str] | None = None,
        counter: str | None = None,
    ) -> None:
        """Its excerpts that fit best are offered.

        Args:
            view: the project.
            theme_id: whose quotes.
            parent: the window.
            mask: of personal data.
            chosen: excerpt ids that are ticked; None: the theme's own quotes.
            counter: excerpt id of the counter-example, "" for none; None: it is not asked for.
        """
        super().__init__(parent)
        self.setWindowTitle(self.tr("Choose quotes"))
        self._theme_id = theme_id
        self._asks_counter = counter is not None
        self._counter: str = counter or ""
        self._counter_before = self._counter
        self._quotes = candidates(view, theme_id, mask, also=[*(chosen or ()), self._counter])
        self._order = (
            [quote.excerpt_id for quote in self._quotes if quote.chosen]
            if chosen is None
            else list(chosen)
        )
        self._order_before = list(self._order)
        self._filter = QLineEdit()
        self._filter.setPlaceholderText(self.tr("Filter"))
        self._filter.setAccessibleName(self.tr("Filter excerpts"))
        self._filter.textChanged.connect(self._on_filter)
        self._list = QListWidget()
        self._list.setAccessibleName(self.tr("Excerpts of this theme"))
        self._list.setWordWrap(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setSpacing(sizes.px(2))
        for quote in self._quotes:
            text = " ".join(masked(quote.text, mask).split())
            item = QListWidgetItem(f"“{text}”\n{quote.line}")
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            on = quote.excerpt_id in self._order
            item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
            self._list.addItem(item)
        self._list.itemChanged.connect(self._on_changed)
        self._list.currentRowChanged.connect(self._on_row)
        self._against = QPushButton()
        self._against.setVisible(self._asks_counter)
        self._against.clicked.connect(self._on_against)
        self._said = Label(size=12, quiet=True, wrap=True)
        self._said.setVisible(self._asks_counter)
        self._note = Label(size=12, quiet=True, wrap=True)
        self._use = QPushButton()
        self._use.setProperty("primary", True)
        self._use.setDefault(True)
        self._use.clicked.connect(self._on_use)
        self._lay_out()
        self._refresh()
        self._show_counter()
        self.resize(sizes.px(560), sizes.px(520))

    def _lay_out(self) -> None:
        cancel = QPushButton(self.tr("Cancel"))
        cancel.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addWidget(self._note, 1)
        buttons.addWidget(cancel)
        buttons.addWidget(self._use)
        layout = QVBoxLayout(self)
        space = sizes.px(16)
        layout.setContentsMargins(space, space, space, space)
        layout.setSpacing(sizes.px(12))
        layout.addWidget(self._filter)
        layout.addWidget(self._list, 1)
        against = QHBoxLayout()
        against.addWidget(self._said, 1)
        against.addWidget(self._against)
        layout.addLayout(against)
        layout.addWidget(Line(self))
        layout.addLayout(buttons)

    def _on_filter(self, typed: str) -> None:
        words = fold(typed).split()
        for at in range(self._list.count()):
            item = self._list.item(at)
            text = fold(item.text())
            item.setHidden(not all(word in text for word in words))

    def _on_changed(self, item: QListWidgetItem) -> None:
        excerpt_id = self._quotes[self._list.row(item)].excerpt_id
        if item.checkState() == Qt.CheckState.Checked:
            self._order.append(excerpt_id)
            if excerpt_id == self._counter:
                self._counter = ""
        elif excerpt_id in self._order:
            self._order.remove(excerpt_id)
        self._refresh()
        self._show_counter()

    def _refresh(self) -> None:
        number = len(self._order)
        self._use.setText(
            self.tr("Use {0}").format(count(number, "quote"))
            if number
            else self.tr("Use the best fitting")
        )
        self._use.setEnabled(number <= MOST)
        self._note.setText(
            self.tr("At most {0} quotes stand with a theme.").format(MOST)
            if number > MOST
            else self.tr("They stand in the order in which you tick them.")
        )

    def _on_against(self) -> None:
        quote = self._quotes[self._list.currentRow()]
        self._counter = "" if quote.excerpt_id == self._counter else quote.excerpt_id
        if self._counter:
            # It cannot speak for and against.
            self._list.currentItem().setCheckState(Qt.CheckState.Unchecked)
        self._show_counter()

    def _on_row(self, _row: int) -> None:
        self._show_counter()

    def _show_counter(self) -> None:
        row = self._list.currentRow()
        here = 0 <= row < len(self._quotes)
        is_it = here and self._quotes[row].excerpt_id == self._counter
        self._against.setText(
            self.tr("No counter-example") if is_it else self.tr("Use as counter-example")
        )
        self._against.setEnabled(here)
        known = next((one for one in self._quotes if one.excerpt_id == self._counter), None)
        self._said.setText(
            self.tr("Counter-example: {place}").format(place=known.line)
            if known
            else self.tr("No counter-example is chosen.")
        )

    def _on_use(self) -> None:
        if self._order != self._order_before or not self._asks_counter:
            self.chosen.emit(self._theme_id, list(self._order))
        if self._counter != self._counter_before:
            self.countered.emit(self._theme_id, self._counter)
        self.accept()
