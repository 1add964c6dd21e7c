"""Sheets that cross themes with something else: two tables under each other, shares and counts.

What single columns are measured against (their base) stands above the header, where sorting does
not reach it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from openpyxl.worksheet.worksheet import Worksheet

from themeloom.exporters.safety.cells import CellGuard
from themeloom.exporters.workbook import look
from themeloom.exporters.workbook.layout import INSIGHTS, Layout
from themeloom.exporters.workbook.table_sheet import (
    FIRST_ROW,
    HEADER_ROW,
    Column,
    Link,
    Story,
    Styled,
    Value,
    add_table,
    put,
    write_head,
    write_header,
    write_rows,
)
from themeloom.insights.model import Book, Insight

Cell = Callable[[Insight], Value | Styled]


@dataclass(frozen=True, slots=True)
class Filled:
    """A column, and what stands in it for an insight."""

    column: Column
    cell: Cell


@dataclass(frozen=True, slots=True)
class Crossing:
    """One table: its name in Excel, its heading where it is not the first, and its columns.

    ``Id`` and ``Theme`` stand in front of ``columns`` in every table.
    """

    name: str
    columns: Sequence[Filled]
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a table stands: rows and columns counted from 1."""

    header_row: int
    first_row: int
    last_row: int
    last_column: int


#: Columns in front of those that are crossed.
LEFT = 2
#: Rows from a further table's heading to its header.
HEADING_ABOVE = 2


def write_crossings(
    sheet: Worksheet,
    book: Book,
    layout: Layout,
    story: Story,
    crossings: Sequence[Crossing],
    guard: CellGuard,
) -> list[Placed]:
    """Fill the sheet with ``crossings`` under each other and return where each one stands."""
    placed: list[Placed] = []
    header_row = HEADER_ROW
    for number, crossing in enumerate(crossings):
        filled = [*_left(layout), *crossing.columns]
        columns = [one.column for one in filled]
        if number == 0:
            headers = write_head(sheet, story, columns, guard, "C6")
        else:
            heading_row = header_row - HEADING_ABOVE
            put(sheet, heading_row, 1, crossing.heading, look.HEADING, guard, "")
            sheet.row_dimensions[heading_row].height = 24
            headers = write_header(sheet, columns, guard, header_row)
        rows = [[part.cell(one) for part in filled] for one in book.insights]
        abouts = [f"insight {one.id}" for one in book.insights]
        write_rows(sheet, columns, rows, guard, abouts, header_row + 1)
        add_table(sheet, crossing.name, headers, len(rows), header_row)
        last = header_row + max(len(rows), 1)
        placed.append(Placed(header_row, header_row + 1, last, len(columns)))
        header_row = last + 4
    assert placed[0].first_row == FIRST_ROW
    return placed


def _left(layout: Layout) -> list[Filled]:
    def leading(one: Insight) -> Value:
        return Link(one.id, INSIGHTS, layout.insights[one.id])

    return [
        Filled(Column("Id", 9, look.LINK), leading),
        Filled(Column("Theme", 40, look.STRONG), lambda one: one.theme),
    ]
