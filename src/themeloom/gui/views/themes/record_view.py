"""One record in full: where it is from, its text with its excerpts marked, facts, other themes."""

from typing import Any

import polars as pl
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFormLayout, QVBoxLayout, QWidget

from themeloom.gui.look import sizes
from themeloom.gui.views.themes.excerpt_themes import ExcerptThemes
from themeloom.gui.views.themes.record_text import Composed, LoadRecord, RecordText
from themeloom.gui.views.themes.theme_line import ThemeLine
from themeloom.gui.views.themes.wording import quote_line, record_facts, short_day
from themeloom.gui.widgets.customer_text import CustomerText, Stretch, Style
from themeloom.gui.widgets.elided import ElidedLabel
from themeloom.gui.widgets.label import Label
from themeloom.gui.widgets.pane import Line, ScrollPage, clear
from themeloom.gui.widgets.shown_text import Mask, no_mask
from themeloom.insights.wording import count as counted
from themeloom.services.view import View


class RecordView(QWidget):
    """Shows the record of one excerpt. What the view holds is there at once, the rest follows."""

    excerpt_clicked = Signal(int)  # inner number
    theme_clicked = Signal(str)
    primary_asked = Signal(int, str)  # inner number, theme id
    take_off_asked = Signal(int, str)

    def __init__(
        self, load: LoadRecord, parent: QWidget | None = None, *, editable: bool = True
    ) -> None:
        """``load`` reads a record's text; ``editable``: the excerpt's themes can be changed."""
        super().__init__(parent)
        self._load = load
        self._mask: Mask = no_mask
        self._view: View | None = None
        self._excerpt: int | None = None
        self._record: dict[str, Any] | None = None
        self._text: RecordText | None = None
        self._waiting = ""

        self._head = ElidedLabel(bold=True)
        self._when = Label(size=12, quiet=True)
        self._body = CustomerText(self, edge=True)
        self._body.setAccessibleName(self.tr("Text of the record"))
        self._body.clicked.connect(self.excerpt_clicked)
        self._themes = QVBoxLayout()
        self._themes.setSpacing(0)
        self.excerpt_themes = ExcerptThemes(self, editable=editable)
        self.excerpt_themes.clicked.connect(self.theme_clicked)
        self.excerpt_themes.primary_asked.connect(self.primary_asked)
        self.excerpt_themes.take_off_asked.connect(self.take_off_asked)
        self._facts = QFormLayout()
        self._facts.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        self._facts.setHorizontalSpacing(sizes.px(12))
        self._facts.setVerticalSpacing(sizes.px(3))
        self._line = Line(self)
        self._below = ScrollPage(self, margin=0)
        self._below.parts.addWidget(self.excerpt_themes)
        self._below.parts.addLayout(self._themes)
        self._below.parts.addLayout(self._facts)
        self._below.parts.addStretch()
        self._below.setFixedHeight(sizes.px(168))
        self._empty = Label(
            self.tr("Select an excerpt to read it in its record."), quiet=True, wrap=True
        )

        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(sizes.px(8))
        layout.addWidget(self._empty)
        layout.addWidget(self._head)
        layout.addWidget(self._when)
        layout.addWidget(self._body, 1)
        layout.addWidget(self._line)
        layout.addWidget(self._below)
        self._show_parts(shown=False)

    @property
    def excerpt(self) -> int | None:
        """The excerpt that is spoken of."""
        return self._excerpt

    def set_mask(self, mask: Mask) -> None:
        """Mask personal data in another way."""
        self._mask = mask
        self._show()

    def set_read_only(self, read_only: bool) -> None:
        """Let the excerpt's themes be read only, or changed."""
        self.excerpt_themes.set_editable(not read_only)
        self._show()

    def show_excerpt(self, view: View | None, excerpt: int | None) -> None:
        """Show the record of ``excerpt``; call it again when the view has changed."""
        moved = excerpt != self._excerpt
        self._view, self._excerpt = view, excerpt
        row = _row(view, excerpt)
        before = self._record["record_id"] if self._record else None
        self._record = row
        if row is None:
            self._show_parts(shown=False)
            return
        wanted = row["record_id"]
        if wanted != before:
            self._text = None
        self._show(scroll=moved)
        if self._text is None and self._waiting != wanted:
            self._waiting = wanted
            self._load(wanted, self._receive)

    def _receive(self, text: RecordText | None) -> None:
        if text is None or self._record is None or text.record_id != self._record["record_id"]:
            return
        self._waiting = ""
        self._text = text
        self._show(scroll=True)

    def _show(self, *, scroll: bool = False) -> None:
        if self._record is None or self._view is None:
            return
        row = self._record
        self._show_parts(shown=True)
        self._head.setText(quote_line(row, self._mask))
        self._when.setText(short_day(row["date"]))
        self._when.setVisible(row["date"] is not None)
        excerpts = self._view.excerpts.filter(pl.col("record") == row["record"])
        start = self._show_text(excerpts)
        if scroll:
            self._body.go_to(start)
        if self._excerpt is not None:
            self.excerpt_themes.show_excerpt(self._view, self._excerpt)
        self._show_themes(excerpts)
        fields = self._text.fields if self._text else None
        self._show_facts(record_facts(row, self._mask, fields))

    def _show_text(self, excerpts: pl.DataFrame) -> int:
        view = self._view
        assert view is not None
        colors = dict(view.themes.select("theme_id", "color").iter_rows())
        rows = list(excerpts.iter_rows(named=True))
        if self._text is None:
            mine = [row for row in rows if row["excerpt"] == self._excerpt]
            text = mine[0]["text"] if mine else ""
            color = colors.get(mine[0]["group_id"] or "", -1) if mine else -1
            self._body.show_text(
                text, [Stretch(0, len(text), Style.CURRENT, color, self._excerpt)], self._mask
            )
            return 0
        composed = Composed(self._text)
        self._body.show_text(
            composed.source, composed.stretches(rows, colors, self._excerpt), self._mask
        )
        starts = [row["start"] for row in rows if row["excerpt"] == self._excerpt]
        return composed.start(starts[0]) if starts else 0

    def _show_themes(self, excerpts: pl.DataFrame) -> None:
        view = self._view
        assert view is not None
        clear(self._themes)
        ids = (
            view.shares.join(excerpts.select("excerpt"), on="excerpt", how="semi")
            .group_by("theme_id")
            .len()
        )
        themes = view.themes.join(ids, on="theme_id", maintain_order="left")
        if not themes.height:
            return
        self._themes.addWidget(Label(self.tr("Themes of this record"), size=11, quiet=True))
        for theme_id, title, color, count in themes.select(
            "theme_id", "title", "color", "len"
        ).iter_rows():
            self._themes.addWidget(self._theme_row(theme_id, title, color, count))

    def _theme_row(self, theme_id: str, title: str, color: int, count: int) -> QWidget:
        row = ThemeLine(theme_id, title, color)
        row.clicked.connect(self.theme_clicked)
        row.add(Label(counted(count, "excerpt"), size=12, quiet=True))
        return row

    def _show_facts(self, facts: list[tuple[str, str]]) -> None:
        while self._facts.rowCount():
            self._facts.removeRow(0)
        for label, value in facts:
            name = Label(_short(label), size=12, quiet=True)
            shown = Label(value, size=12, wrap=True, selectable=True)
            shown.setAccessibleName(f"{label}: {value}")
            self._facts.addRow(name, shown)

    def _show_parts(self, *, shown: bool) -> None:
        for part in (self._head, self._when, self._body, self._line, self._below):
            part.setVisible(shown)
        self._empty.setVisible(not shown)
        if not shown:
            self._show_facts([])
            clear(self._themes)


def _short(label: str) -> str:
    """Headers of a customer's file can be whole questions."""
    return label if len(label) <= 24 else label[:23] + "…"


def _row(view: View | None, excerpt: int | None) -> dict[str, Any] | None:
    if view is None or excerpt is None:
        return None
    found = view.excerpts.filter(pl.col("excerpt") == excerpt)
    if not found.height:
        return None
    own = found.row(0, named=True)
    record = view.records.row(own["record"], named=True)
    return {**record, "finer_place": own["place"]}
