"""The inspector's first tab: one theme or group, its words, figures, quotes and memo."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from themeloom.domain.themes import Level
from themeloom.gui.look import sizes
from themeloom.gui.views.themes.figures import (
    Figure,
    reviewed_words,
    share_words,
    theme_figures,
    trend_told,
)
from themeloom.gui.views.themes.quotes import Quote, chosen_ids, quotes_of
from themeloom.gui.views.themes.theme_rows import ThemeRows
from themeloom.gui.widgets.chips import PhraseChips
from themeloom.gui.widgets.customer_text import CustomerText, Stretch, Style
from themeloom.gui.widgets.elided import ElidedLabel
from themeloom.gui.widgets.in_place import InPlaceLine, InPlaceText
from themeloom.gui.widgets.label import Label
from themeloom.gui.widgets.pane import Line, ScrollPage, clear
from themeloom.gui.widgets.shown_text import Mask, masked, no_mask
from themeloom.gui.widgets.spark import Spark
from themeloom.services.view import View


class ThemePage(ScrollPage):
    """Shows one theme. Each field is saved when the focus leaves it; typing is never lost."""

    described = Signal(str, str, object)  # theme id; title, definition, memo, key_phrases; value
    choose_quotes = Signal(str)
    theme_clicked = Signal(str)
    excerpt_clicked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        """It shows nothing yet."""
        super().__init__(parent, gap=6)
        self._theme_id = ""
        self._mask: Mask = no_mask
        self._view: View | None = None
        self._shown_quotes: list[Quote] | None = None

        self._title = InPlaceLine(self)
        self._title.setAccessibleName(self.tr("Title"))
        self._title.edited.connect(self._on_title)
        self._definition = InPlaceText(self, framed=False)
        self._definition.setAccessibleName(self.tr("Definition"))
        self._definition.setPlaceholderText(self.tr("Definition: what belongs here, what does not"))
        self._definition.edited.connect(self._on_definition)
        self._chips = PhraseChips(self)
        self._chips.edited.connect(self._on_phrases)
        self._figures = _Figures(self)
        self._reviewed = Label(size=12, quiet=True, wrap=True)
        self._quotes_head = Label(self.tr("Quotes"), bold=True)
        self._choose = QPushButton(self.tr("Choose…"))
        self._choose.setProperty("link", True)
        self._choose.setAccessibleName(self.tr("Choose the quotes of this theme"))
        self._choose.clicked.connect(self._on_choose)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(sizes.px(10))
        self._children = ThemeRows(self)
        self._children.clicked.connect(self.theme_clicked)
        self._memo = InPlaceText(self)
        self._memo.setAccessibleName(self.tr("Memo"))
        self._memo.setPlaceholderText(self.tr("Notes for yourself. They are never exported."))
        self._memo.edited.connect(self._on_memo)
        self._lay_out()

    @property
    def theme_id(self) -> str:
        """The theme that is shown, or an empty text."""
        return self._theme_id

    def set_mask(self, mask: Mask) -> None:
        """Mask personal data in another way."""
        self._mask = mask
        self._shown_quotes = None
        if self._view is not None and self._theme_id:
            self.show_theme(self._view, self._theme_id)

    def set_read_only(self, read_only: bool) -> None:
        """Let the words be read and copied, not changed."""
        self._title.setReadOnly(read_only)
        self._definition.setReadOnly(read_only)
        self._memo.setReadOnly(read_only)
        self._chips.setEnabled(not read_only)
        self._choose.setEnabled(not read_only)

    def show_theme(self, view: View, theme_id: str) -> None:
        """Show a theme or a group; for the one already shown, take what has changed."""
        found = view.themes.filter(pl.col("theme_id") == theme_id)
        if not found.height:
            return
        theme = found.row(0, named=True)
        same = theme_id == self._theme_id
        if not same:
            self.save()
        self._view, self._theme_id = view, theme_id
        for field, text in (
            (self._title, theme["title"]),
            (self._definition, theme["definition"] or ""),
            (self._memo, theme["memo"] or ""),
        ):
            if same:
                field.refresh(text)
            else:
                field.load(text)
        self._chips.show_phrases(theme["key_phrases"] or [])
        self._show_numbers(theme, view)
        self._show_evidence(theme, view)
        if not same:
            self.verticalScrollBar().setValue(0)

    def edit_title(self) -> None:
        """Put the cursor into the title, all of it selected."""
        self._title.setFocus()
        self._title.selectAll()

    def save(self) -> None:
        """Save what is being typed."""
        if self._theme_id:
            self._title.save()
            self._definition.save()
            self._memo.save()
            self._chips.finish()

    # --- its parts

    def _lay_out(self) -> None:
        quotes_head = QHBoxLayout()
        quotes_head.addWidget(self._quotes_head)
        quotes_head.addStretch()
        quotes_head.addWidget(self._choose)
        parts = self.parts
        parts.addWidget(self._title)
        parts.addWidget(self._definition)
        parts.addWidget(self._chips)
        parts.addSpacing(sizes.px(4))
        parts.addWidget(Line(self))
        parts.addWidget(self._figures)
        parts.addWidget(self._reviewed)
        parts.addSpacing(sizes.px(2))
        parts.addWidget(Line(self))
        parts.addLayout(quotes_head)
        parts.addLayout(self._rows)
        parts.addWidget(self._children)
        parts.addStretch(1)
        memo = Label(self.tr("Memo"), size=12, quiet=True)
        memo.setBuddy(self._memo)
        parts.addWidget(memo)
        parts.addWidget(self._memo)

    def _show_numbers(self, theme: Mapping[str, Any], view: View) -> None:
        self._figures.show_figures(theme_figures(theme, view))
        word, base = trend_told(theme, view)
        self._figures.show_trend(list(theme["trend"] or []), word, base)
        shares = share_words(theme)
        reviewed = reviewed_words(theme)
        self._reviewed.setText("\n".join(part for part in (shares, reviewed) if part))

    def _show_evidence(self, theme: Mapping[str, Any], view: View) -> None:
        group = theme["level"] == Level.GROUP
        self._choose.setVisible(not group)
        self._children.setVisible(False)
        if group:
            below = view.themes.filter(pl.col("parent_id") == self._theme_id)
            self._quotes_head.setText(self.tr("Themes in this group"))
            self._children.setVisible(True)
            self._children.show_themes(below)
            self._show_quotes([], "" if below.height else self.tr("No themes in it yet."))
            return
        chosen = bool(chosen_ids(view, self._theme_id))
        self._quotes_head.setText(self.tr("Quotes") if chosen else self.tr("Best fitting excerpts"))
        quotes = quotes_of(view, self._theme_id, self._mask)
        self._show_quotes(
            quotes, "" if quotes else self.tr("No excerpts yet. Move some in with T.")
        )

    def _show_quotes(self, quotes: Sequence[Quote], instead: str) -> None:
        if self._shown_quotes == list(quotes) and quotes:
            return
        self._shown_quotes = list(quotes)
        clear(self._rows)
        if instead:
            self._rows.addWidget(Label(instead, quiet=True, wrap=True))
        for quote in quotes:
            row = QuoteRow(quote, self._mask, self)
            row.clicked.connect(self.excerpt_clicked)
            self._rows.addWidget(row)

    # --- what is typed

    def _on_title(self, text: str) -> None:
        self.described.emit(self._theme_id, "title", text)

    def _on_definition(self, text: str) -> None:
        self.described.emit(self._theme_id, "definition", text)

    def _on_memo(self, text: str) -> None:
        self.described.emit(self._theme_id, "memo", text)

    def _on_phrases(self, phrases: list[str]) -> None:
        self.described.emit(self._theme_id, "key_phrases", phrases)

    def _on_choose(self) -> None:
        self.choose_quotes.emit(self._theme_id)


class QuoteRow(QWidget):
    """A quote and the line that says where it is from."""

    clicked = Signal(int)

    def __init__(self, quote: Quote, mask: Mask, parent: QWidget | None = None) -> None:
        """``quote`` is shown byte for byte but for ``mask``."""
        super().__init__(parent)
        shown = f"“{quote.text}”"
        text = CustomerText(self, grows=True, edge=True)
        text.show_text(shown, [Stretch(0, len(shown), Style.EXCERPT, -1, quote.excerpt)], mask)
        text.setAccessibleName(f"{masked(quote.text, mask)} {quote.line}")
        text.setToolTip(self.tr("Show it in its record"))
        text.clicked.connect(self.clicked)
        line = ElidedLabel(quote.line, self, size=12, quiet=True)
        line.setContentsMargins(sizes.px(14), 0, 0, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(text)
        layout.addWidget(line)


class _Figures(QWidget):
    """Records, people, accounts side by side, the trend below."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(sizes.px(12))
        grid.setVerticalSpacing(0)
        self._cells: list[tuple[Label, Label, Label]] = []
        for column in range(3):
            cell = (
                Label(size=12, quiet=True),
                Label(size=16, bold=True, tabular=True),
                Label(size=11, quiet=True, wrap=True),
            )
            for row, part in enumerate(cell):
                grid.addWidget(part, row, column)
            grid.setColumnStretch(column, 1)
            self._cells.append(cell)
        grid.setRowMinimumHeight(3, sizes.px(8))
        self._trend = (Label(self.tr("Trend"), size=12, quiet=True), Label(bold=True))
        self._trend_base = Label(size=11, quiet=True, wrap=True)
        self._spark = Spark(self)
        grid.addWidget(self._trend[0], 4, 0)
        grid.addWidget(self._trend[1], 5, 0)
        grid.addWidget(self._spark, 4, 1, 2, 2)
        grid.addWidget(self._trend_base, 6, 0, 1, 3)

    def show_figures(self, figures: Sequence[Figure]) -> None:
        for cell, figure in zip(self._cells, figures, strict=True):
            for part, text in zip(cell, (figure.label, figure.value, figure.base), strict=True):
                part.setText(text)
                part.setToolTip(figure.tip)
            cell[1].setAccessibleName(f"{figure.label}: {figure.value}, {figure.base}")

    def show_trend(self, counts: Sequence[int], word: str, base: str) -> None:
        self._trend[1].setText(word)
        self._trend[1].setVisible(bool(word))
        self._trend_base.setText(base)
        self._spark.setVisible(bool(word))
        self._spark.show_counts(counts, f"{self.tr('Trend')}: {word or base}")
