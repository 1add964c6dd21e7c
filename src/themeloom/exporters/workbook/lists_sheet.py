"""The hidden sheet ``Lists``: words to choose from, and what charts are drawn from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.worksheet import Worksheet

from themeloom.domain.insights import Field
from themeloom.exporters.safety.cells import CellGuard
from themeloom.exporters.workbook import look
from themeloom.exporters.workbook.columns import SEVERITY_WORDS, STATUS_WORDS
from themeloom.exporters.workbook.table_sheet import put
from themeloom.insights.model import Book


@dataclass(frozen=True, slots=True)
class Lists:
    """Where the choices stand: field → reference to cells."""

    choices: Mapping[Field, str]


def write_lists(sheet: Worksheet, book: Book, guard: CellGuard) -> Lists:
    """Fill the sheet, hide it, and return where its lists stand."""
    owners = dict.fromkeys(
        name for name in (*book.owners, *(one.owner for one in book.insights)) if name
    )
    lists: Mapping[Field, Sequence[str]] = {
        Field.SEVERITY: tuple(SEVERITY_WORDS.values()),
        Field.STATUS: tuple(STATUS_WORDS.values()),
        Field.OWNER: tuple(owners),
    }
    add_columns(sheet, {field.value.capitalize(): words for field, words in lists.items()}, guard)
    sheet.sheet_state = "hidden"
    return Lists(
        {
            field: f"{quote_sheetname(sheet.title)}!${letter}$2:${letter}${len(words) + 1}"
            for (field, words), letter in zip(lists.items(), "ABC", strict=True)
            if words
        }
    )


def add_columns(
    sheet: Worksheet, columns: Mapping[str, Sequence[str | float]], guard: CellGuard
) -> int:
    """Write header → values right of what stands there; return the number of the first column."""
    first = 1 if sheet.cell(1, 1).value is None else sheet.max_column + 1
    for column, (header, values) in enumerate(columns.items(), first):
        put(sheet, 1, column, header, look.SMALL_HEADER, guard, header)
        for row, value in enumerate(values, 2):
            style = look.TEXT if isinstance(value, str) else look.SIGNED_DECIMAL
            put(sheet, row, column, value, style, guard, header)
        sheet.column_dimensions[get_column_letter(column)].width = 28
    return first
