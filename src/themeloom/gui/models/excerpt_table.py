"""The excerpts table as a Qt model: pages of rows are read from polars frames as they are shown."""

import json
import re
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any

import polars as pl
from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from themeloom.gui.models.excerpt_columns import (
    CENTERED,
    COLUMNS,
    RIGHT,
    ExcerptRow,
    Words,
    header,
)
from themeloom.gui.models.excerpt_rows import Rows
from themeloom.gui.models.segments import parse_segments, segment_column
from themeloom.gui.widgets.shown_text import Mask, masked, no_mask
from themeloom.services.view import View

Index = QModelIndex | QPersistentModelIndex
PAGE = 64
_PAGES = 96
_HANDLED = frozenset(
    {
        Qt.ItemDataRole.DisplayRole,
        Qt.ItemDataRole.ToolTipRole,
        Qt.ItemDataRole.TextAlignmentRole,
        Qt.ItemDataRole.AccessibleTextRole,
    }
)
# Asked for each cell of each frame: putting them together there would take longer than painting.
_CHOSEN = (
    Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemNeverHasChildren
)
_DRAGGED = _CHOSEN | Qt.ItemFlag.ItemIsDragEnabled
_NO_NUMBERS = pl.Series("excerpt", [], pl.Int64)


class ExcerptTableModel(QAbstractTableModel):
    """Shows the rows of an answer. Reading a page takes as long with a million rows as with ten."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Show nothing yet."""
        super().__init__(parent)
        self._rows: Rows | None = None
        self._pages: OrderedDict[int, list[ExcerptRow]] = OrderedDict()
        self._columns: list[str] = list(COLUMNS)
        self._marks: re.Pattern[str] | None = None
        self.words = Words({}, 0)
        self.numbers = _NO_NUMBERS
        self.today: Callable[[], date] = _today
        self.read_only = False
        self.mask: Mask = no_mask

    # --- what is shown

    def set_mask(self, mask: Mask) -> None:
        """Mask personal data in another way."""
        self.mask = mask
        self._pages.clear()
        if self.rowCount():
            last = self.index(self.rowCount() - 1, len(self._columns) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def show_rows(self, rows: Rows) -> bool:
        """Show an answer; return whether the rows themselves are others than before.

        Where they are the same only their contents are read anew: nothing scrolls or is deselected.
        """
        same = self._rows is not None and rows.numbers.equals(self.numbers)
        if not same:
            self.beginResetModel()
        before = self._rows.question.view if self._rows else None
        self._rows = rows
        self.numbers = rows.numbers
        self._pages.clear()
        view = rows.question.view
        if before is None or before.themes is not view.themes or before.records is not view.records:
            self.words = _words(view, self.today().year)
        self._marks = marks_of(rows.question.scope.phrases)
        if same:
            last = self.index(max(self.rowCount() - 1, 0), len(self._columns) - 1)
            self.dataChanged.emit(self.index(0, 0), last)
        else:
            self.endResetModel()
        return not same

    def set_segments(self, names: Iterable[str]) -> None:
        """Offer a column for each segment."""
        columns = [*COLUMNS, *map(segment_column, names)]
        if columns != self._columns:
            self.beginResetModel()
            self._columns = columns
            self.endResetModel()

    @property
    def rows(self) -> Rows | None:
        """The answer that is shown."""
        return self._rows

    @property
    def columns(self) -> Sequence[str]:
        """The keys of all columns, shown or not."""
        return self._columns

    def row_at(self, row: int) -> ExcerptRow:
        """Return one row."""
        page, place = divmod(row, PAGE)
        rows = self._pages.get(page)
        if rows is None:
            assert self._rows is not None
            rows = self._pages[page] = read_rows(self._rows, page * PAGE, PAGE, self.mask)
            while len(self._pages) > _PAGES:
                self._pages.popitem(last=False)
        return rows[place]

    def number_at(self, row: int) -> int | None:
        """Return the inner excerpt number of a row."""
        return int(self.numbers[row]) if 0 <= row < self.numbers.len() else None

    def rows_of(self, numbers: pl.Series) -> pl.Series:
        """Return at which rows some inner excerpt numbers stand, ascending; absent ones are left out."""
        return self.numbers.is_in(numbers.implode()).arg_true()

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Return where found words stand in a text: (start, end)."""
        return [found.span() for found in self._marks.finditer(text)] if self._marks else []

    # --- Qt

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Return the number of rows, all of them at once: the scroll bar tells the truth."""
        return 0 if parent.isValid() else self.numbers.len()

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Return the number of columns, hidden ones included."""
        return 0 if parent.isValid() else len(self._columns)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Rows can be chosen and dragged."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return _CHOSEN if self.read_only else _DRAGGED

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the header of a column."""
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return header(self._columns[section]) if section < len(self._columns) else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return texts; what is painted comes from ``row_at``."""
        if role not in _HANDLED or not index.isValid():
            return None
        column = self._columns[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column in RIGHT else Qt.AlignmentFlag.AlignLeft
            if column in CENTERED:
                side = Qt.AlignmentFlag.AlignHCenter
            return side | Qt.AlignmentFlag.AlignVCenter
        row = self.row_at(index.row())
        if role == Qt.ItemDataRole.DisplayRole:
            return self.words.text(row, column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.words.spoken(row) if column == "excerpt" else self.words.text(row, column)
        if column in ("excerpt", "theme"):
            also = self.words.also(row)
            return also[:1].upper() + also[1:] if also else None
        return self.words.locator(row) if column in ("source", "date") else None


def read_rows(rows: Rows, first: int, count: int, mask: Mask = no_mask) -> list[ExcerptRow]:
    """Return ``count`` rows of an answer from ``first`` on, with tokens in place of personal data."""
    record, *excerpt = rows.excerpts[rows.order.slice(first, count)].get_columns()
    columns = [*excerpt, *rows.records[record].get_columns()]
    read = [ExcerptRow(*row) for row in zip(*(one.to_list() for one in columns), strict=True)]
    return read if mask is no_mask else [_veiled(row, mask) for row in read]


def _veiled(row: ExcerptRow, mask: Mask) -> ExcerptRow:
    return row._replace(
        text=masked(row.text, mask),
        account=row.account and mask.account(row.account),
        author=row.author and mask.person(row.author),
        person_key=row.person_key and mask.person(row.person_key),
        file=row.file and mask.file(row.file),
        segments_json=row.segments_json and _veiled_segments(row.segments_json, mask),
    )


def _veiled_segments(text: str, mask: Mask) -> str:
    return json.dumps({name: masked(value, mask) for name, value in parse_segments(text).items()})


def marks_of(phrases: Sequence[str]) -> re.Pattern[str] | None:
    """Return what finds ``phrases`` in texts: whole words, any case; None for no phrases."""
    words = sorted({phrase.strip() for phrase in phrases if phrase.strip()}, key=len, reverse=True)
    if not words:
        return None
    parts = [r"\s+".join(map(re.escape, phrase.split())) for phrase in words]
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE)


def _words(view: View, year: int) -> Words:
    titles = dict(view.themes.select("theme_id", "title").iter_rows())
    dates = view.records["date"]
    found = {getattr(day, "year", year) for day in (dates.min(), dates.max())}
    return Words(titles, year, years=found != {year})


def _today() -> date:
    return datetime.now().astimezone().date()
