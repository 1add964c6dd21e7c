"""The sheet ``All records``: its head by openpyxl, its rows as a stream.

openpyxl takes about 20 µs and, kept in memory, 0.5 kB for each cell: a minute for 100,000 records.
So it writes the head and one empty row per look; ``RecordRows`` puts the rows in place of those.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import polars as pl
from openpyxl.worksheet.worksheet import Worksheet

from themeloom.exporters.safety.cells import (
    FIRST_DAY,
    NO_NUMBER,
    OLD_DATE,
    CellGuard,
    Note,
)
from themeloom.exporters.workbook import look
from themeloom.exporters.workbook.layout import MOST_RECORDS, RECORDS
from themeloom.exporters.workbook.row_stream import BulkColumn, row_chunks
from themeloom.exporters.workbook.table_sheet import (
    FIRST_ROW,
    Column,
    Story,
    add_table,
    header_width,
    print_set_up,
    put,
    write_head,
)
from themeloom.insights.model import Book
from themeloom.insights.record_table import DATE, RECORD_ID, ROW, SCORE, TEXT
from themeloom.insights.wording import count

_WIDTHS: Final = {
    RECORD_ID: 19,
    "Kind": 12,
    DATE: 17,
    "Primary theme": 34,
    "Group": 24,
    TEXT: 90,
    SCORE: 8,
    "Person": 19,
    "Account": 26,
    "Other themes": 34,
    "Unsorted because": 17,
    "Duplicate of": 19,
    "Source": 30,
    "Sheet": 16,
    ROW: 8,
    "Place": 16,
    "External id": 16,
}
_SEGMENT_WIDTH = 17
_LOOKS: Final = {DATE: look.RECORD_DATE, SCORE: look.RECORD_NUMBER, ROW: look.RECORD_NUMBER}
_PRINTED = 7
_MOST_LINES = 6  # longer texts are whole in the cell; rows stay scannable
_LINE_HEIGHT = 15


@dataclass(frozen=True)
class RecordRows:
    """The rows of the sheet, ready to be streamed into its part of the file."""

    frame: pl.DataFrame  # cleaned; all columns but ``_height`` and the dates are shown as they are
    columns: tuple[str, ...]

    def chunks(self, part: str) -> Iterator[bytes]:
        """Return the sheet's XML with the rows in place of the two model rows."""
        columns = [BulkColumn(name, self.frame.schema[name]) for name in self.columns]
        return row_chunks(part, self.frame, columns, FIRST_ROW)


def write_records_head(sheet: Worksheet, book: Book, guard: CellGuard) -> RecordRows:
    """Fill all of the sheet but its rows, and return those."""
    names = tuple(book.records.columns)
    columns = [
        Column(
            name,
            _WIDTHS.get(name) or header_width(name, _SEGMENT_WIDTH),
            _LOOKS.get(name, look.RECORD_TEXT),
        )
        for name in names
    ]
    shown = book.records.head(MOST_RECORDS)
    left = book.records.height - shown.height
    story = Story(
        "Every record, with the themes it carries",
        f"{count(book.records.height, 'record')}, duplicates included. {book.privacy}"
        + (f" The last {left:,} do not fit on a sheet: export records-csv." if left else ""),
        "Filter by Primary theme to read a theme from end to end. Long texts are whole in their cell.",
    )
    headers = write_head(sheet, story, columns, guard, "B6")
    add_table(sheet, "Records", headers, shown.height)
    print_set_up(
        sheet, book.project_name, book.masked, _PRINTED, FIRST_ROW + max(shown.height, 1) - 1
    )
    for offset, prefix in enumerate((False, True)):
        for number, column in enumerate(columns, 1):
            cell = put(sheet, FIRST_ROW + offset, number, None, column.style, guard, "")
            if prefix:
                cell.quotePrefix = True
    return RecordRows(_clean(shown, guard), names)


def _clean(frame: pl.DataFrame, guard: CellGuard) -> pl.DataFrame:
    """Return the frame with values that cells can hold, and ``_height`` of each row in points."""
    wholes = "record " + frame[RECORD_ID]
    texts = [
        guard.texts(frame[name], RECORDS, FIRST_ROW, wholes)
        for name, kind in frame.schema.items()
        if kind == pl.String
    ]
    _note(frame, ~pl.col(SCORE).is_finite(), SCORE, NO_NUMBER, guard)
    _note(frame, pl.col(DATE) < FIRST_DAY, DATE, OLD_DATE, guard)
    lines = pl.max_horizontal(
        _lines(TEXT), _lines("Primary theme"), _lines("Group"), _lines("Other themes")
    )
    return frame.with_columns(
        *texts, pl.when(pl.col(SCORE).is_finite()).then(pl.col(SCORE))
    ).with_columns((lines.clip(1, _MOST_LINES) * _LINE_HEIGHT + 3).cast(pl.Int64).alias("_height"))


def _lines(name: str) -> pl.Expr:
    """Return about how many lines a text takes; exact measures take too long for so many."""
    text = pl.col(name).fill_null("")
    breaks = text.str.count_matches("\n", literal=True)
    return (text.str.len_chars() / (_WIDTHS[name] * 0.95)).ceil() + breaks


def _note(frame: pl.DataFrame, where: pl.Expr, column: str, what: str, guard: CellGuard) -> None:
    rows = frame.select(where.fill_null(False)).to_series().arg_true()
    guard.notes += [Note(RECORDS, FIRST_ROW + row, column, what) for row in rows]
