"""Splitting a theme: its parts with titles, counts and quotes are shown before anything moves."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl
from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from themeloom.base.folding import fold
from themeloom.domain.themes import Level
from themeloom.gui.look import sizes
from themeloom.gui.views.themes.quotes import texts_of
from themeloom.gui.widgets.elided import ElidedLabel
from themeloom.gui.widgets.label import Label
from themeloom.gui.widgets.number_field import NumberField
from themeloom.gui.widgets.pane import Line, ScrollPage, clear
from themeloom.gui.widgets.shown_text import Mask, masked, no_mask
from themeloom.insights.wording import count
from themeloom.services.splitting import Part, Split, consequences
from themeloom.services.view import View

_QUOTES = 3
_LONGEST_TITLE = 120


@dataclass(frozen=True, slots=True)
class Splitting:
    """What was chosen.

    Attributes:
        split: what was proposed.
        count: number of parts.
        titles: key → title of the parts that become themes of their own.
        beside: whether they stand beside the theme, else they are its sub-themes.
        reviewed: whether reviewed excerpts go along.
    """

    split: Split
    count: int
    titles: Mapping[str, str]
    beside: bool
    reviewed: bool


class SplitDialog(QDialog):
    """Number of parts, where they stand, and what each of them is called."""

    chosen = Signal(object)  # Splitting

    def __init__(
        self, view: View, split: Split, parent: QWidget | None, mask: Mask = no_mask
    ) -> None:
        """``split`` is what the engine proposes for one theme."""
        super().__init__(parent)
        self._view, self._split, self._mask = view, split, mask
        self._typed: dict[str, str] = {}
        self._stay: set[str] = set()  # keys of the parts that stay in the theme
        self._rows: list[_PartRow] = []
        self._known = {
            fold(title) for title in view.themes.filter(pl.col("level") != Level.GROUP)["title"]
        }
        self.setWindowTitle(self.tr("Split “{0}”").format(split.title))
        self._count = NumberField()
        self._count.setRange(split.counts[0], split.counts[-1])
        self._count.setAccessibleName(self.tr("Number of parts"))
        self._count.setValue(split.suggested)
        self._under = QRadioButton(self.tr("Sub-themes of this theme"))
        self._beside = QRadioButton(self.tr("Themes beside it"))
        self._where = QButtonGroup(self)
        for radio in (self._under, self._beside):
            self._where.addButton(radio)
        self._along = QCheckBox(
            self.tr("Reviewed excerpts go along ({0})").format(f"{split.reviewed:,}")
        )
        self._along.setVisible(split.reviewed > 0)
        self._page = ScrollPage(self, margin=0, gap=12)
        self._note = Label(wrap=True)
        self._split_button = QPushButton()
        self._split_button.setProperty("primary", True)
        self._split_button.setDefault(True)
        self._split_button.clicked.connect(self._on_split)
        self._lay_out()
        nested = split.level == Level.SUB_THEME
        self._under.setEnabled(not nested)
        (self._beside if nested else self._under).setChecked(True)
        self._count.valueChanged.connect(self._show_parts)
        self._where.buttonToggled.connect(self._refresh)
        self._along.toggled.connect(self._refresh)
        self._show_parts()
        self.resize(sizes.px(620), sizes.px(640))

    def _lay_out(self) -> None:
        into = QHBoxLayout()
        into.setSpacing(sizes.px(8))
        into.addWidget(Label(self.tr("Number of parts")))
        into.addWidget(self._count)
        into.addWidget(
            Label(
                self.tr("{0} parts stand apart most clearly.").format(self._split.suggested),
                size=12,
                quiet=True,
            ),
            1,
        )
        where = QHBoxLayout()
        where.setSpacing(sizes.px(16))
        where.addWidget(Label(self.tr("They become")))
        where.addWidget(self._under)
        where.addWidget(self._beside)
        where.addStretch()
        cancel = QPushButton(self.tr("Cancel"))
        cancel.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(cancel)
        buttons.addWidget(self._split_button)
        layout = QVBoxLayout(self)
        space = sizes.px(16)
        layout.setContentsMargins(space, space, space, space)
        layout.setSpacing(sizes.px(12))
        layout.addLayout(into)
        layout.addLayout(where)
        layout.addWidget(Line(self))
        layout.addWidget(self._page, 1)
        layout.addWidget(Line(self))
        layout.addWidget(self._along)
        layout.addWidget(self._note)
        layout.addLayout(buttons)

    def _show_parts(self) -> None:
        clear(self._page.parts)
        parts = self._split.parts(self._count.value())
        texts = texts_of(self._view, [quote for part in parts for quote in part.quotes])
        self._rows = []
        for number, part in enumerate(parts):
            if number:
                self._page.parts.addWidget(Line())
            quotes = [texts[quote] for quote in part.quotes if quote in texts][:_QUOTES]
            row = _PartRow(
                part,
                self._typed.get(part.key, part.title),
                part.key not in self._stay,
                [masked(text, self._mask) for text in quotes],
            )
            row.typed.connect(self._on_typed)
            row.ticked.connect(self._on_ticked)
            self._rows.append(row)
            self._page.parts.addWidget(row)
        self._page.parts.addStretch()
        self._refresh()

    def _on_typed(self, key: str, title: str) -> None:
        self._typed[key] = title
        self._refresh()

    def _on_ticked(self, key: str, own: bool) -> None:
        (self._stay.discard if own else self._stay.add)(key)
        self._refresh()

    def _titles(self) -> dict[str, str]:
        return {row.key: row.title for row in self._rows if row.own}

    def _refresh(self) -> None:
        titles = self._titles()
        split, number = self._split, len(titles)
        told = consequences(split, self._count.value(), titles, reviewed=self._along.isChecked())
        words = [
            self.tr("{0} move.").format(count(told.moving, "excerpt"))
            if told.moving != 1
            else self.tr("1 excerpt moves.")
        ]
        if told.staying:
            words.append(
                self.tr("{0} in “{1}”.").format(
                    count(told.staying, "excerpt stays", "excerpts stay"), split.title
                )
            )
        else:
            words.append(self.tr("“{0}” keeps no excerpt of its own.").format(split.title))
        if told.reviewed:
            words.append(
                self.tr("Of these {0} because you reviewed them there.").format(
                    f"{told.reviewed:,}"
                )
            )
        words.append(self.tr("You can undo it at any time."))
        problem = self._problem(titles)
        self._note.setText(problem or " ".join(words))
        kind = (
            self.tr("theme")
            if self._beside.isChecked() and split.level != Level.SUB_THEME
            else self.tr("sub-theme")
        )
        self._split_button.setText(self.tr("Make {0}").format(count(number, kind)))
        self._split_button.setEnabled(number > 0 and told.moving > 0 and not problem)

    def _problem(self, titles: Mapping[str, str]) -> str:
        """Return why the titles will not do, or ""."""
        seen: set[str] = set()
        for title in titles.values():
            if not title:
                return self.tr("Each part needs a title.")
            if fold(title) in self._known:
                return self.tr("There is a theme “{0}” already.").format(title)
            if fold(title) in seen:
                return self.tr("Two parts are called “{0}”.").format(title)
            seen.add(fold(title))
        return "" if titles else self.tr("Tick the parts that become themes of their own.")

    def _on_split(self) -> None:
        self.chosen.emit(
            Splitting(
                self._split,
                self._count.value(),
                self._titles(),
                self._beside.isChecked(),
                self._along.isChecked(),
            )
        )
        self.accept()


class _PartRow(QWidget):
    """One part: a tick, its title, how much is in it, what it is about and quotes."""

    typed = Signal(str, str)  # key, title
    ticked = Signal(str, bool)  # key, whether it becomes a theme of its own

    def __init__(self, part: Part, title: str, own: bool, quotes: list[str]) -> None:
        super().__init__()
        self.key = part.key
        self._own = QCheckBox()
        self._own.setChecked(own)
        self._own.setAccessibleName(self.tr("“{0}” leaves the theme").format(part.title))
        self._own.setToolTip(self.tr("Unticked, its excerpts stay in the theme."))
        self._field = QLineEdit(title)
        self._field.setMaxLength(_LONGEST_TITLE)
        self._field.setAccessibleName(self.tr("Title of the part “{0}”").format(part.title))
        self._field.setEnabled(own)
        self._field.textEdited.connect(lambda: self.typed.emit(self.key, self.title))
        self._own.toggled.connect(self._on_ticked)
        figures = f"{count(part.excerpts, 'excerpt')} · {count(part.records, 'record')}"
        head = QHBoxLayout()
        head.setSpacing(sizes.px(8))
        head.addWidget(self._own)
        head.addWidget(self._field, 1)
        head.addWidget(Label(figures, size=12, quiet=True, tabular=True))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, sizes.px(4), 0)
        layout.setSpacing(sizes.px(3))
        layout.addLayout(head)
        lines = [ElidedLabel(f"“{text}”", size=12, quiet=True) for text in quotes]
        if part.key_phrases:
            lines.insert(0, ElidedLabel(", ".join(part.key_phrases), size=12))
        for line in lines:
            line.setContentsMargins(sizes.px(26), 0, 0, 0)
            layout.addWidget(line)

    @property
    def own(self) -> bool:
        """Whether it becomes a theme of its own."""
        return self._own.isChecked()

    @property
    def title(self) -> str:
        """What it is called."""
        return " ".join(self._field.text().split())

    def _on_ticked(self, own: bool) -> None:
        self._field.setEnabled(own)
        self.ticked.emit(self.key, own)
