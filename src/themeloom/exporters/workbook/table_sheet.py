"""A sheet with a story on top and a table under it: what the sheets of data have in common.

Row 1 says what it is, row 2 sums up, row 3 says how to use it, row 4 holds what stands above single
columns (their base), row 5 is the header. More tables may stand under the first one.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from openpyxl.cell import Cell
from openpyxl.styles import Alignment
from openpyxl.utils import coordinate_to_tuple, get_column_letter
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table, TableColumn, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from themeloom.exporters.safety.cells import CellGuard, escape, looks_like_formula
from themeloom.exporters.workbook import look
from themeloom.exporters.workbook.measure import count_lines, line_width, row_height

HEADER_ROW = 5
FIRST_ROW = HEADER_ROW + 1

#: Excel holds 65,530 links on a sheet.
_MOST_LINKS = 65_000

#: So many of Excel's units of width stand on a page in letters of 6 to 7 points.
PAGE_WIDTH = 250.0
#: A column that nobody has set: in that unit, and on paper.
_COLUMN, _COLUMN_CM = 8.43, 1.69
#: What the filter button and the edges take of a header's column, about three digits.
_BUTTON = 3.5
_HEADER_LINES = 4
_WIDEST_HEADER = 40.0


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table; ``width`` in Excel's unit."""

    header: str
    width: float
    style: str = look.TEXT
    above: str = ""  # a word over the header, out of the way of sorting: the base
    open: bool = False  # a person may edit it
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A value that leads to a cell of another sheet."""

    value: str | int
    sheet: str
    row: int


@dataclass(frozen=True, slots=True)
class Styled:
    """A value in another style than its column's, or set in from the left."""

    value: "Value"
    style: str
    indent: int = 0


Value = str | int | float | datetime | Link | None


@dataclass(frozen=True, slots=True)
class Story:
    """The rows above a table."""

    title: str
    summary: str
    how_to: str
    legend: bool = False  # a tinted box in front of the how-to


def write_head(
    sheet: Worksheet, story: Story, columns: Sequence[Column], guard: CellGuard, frozen: str
) -> list[str]:
    """Write the rows above the table and its header; return the headers as they stand there.

    ``frozen`` is the first cell that scrolls.
    """
    first = next(place for place, column in enumerate(columns, 1) if not column.hidden)
    put(sheet, 1, first, story.title, look.TITLE, guard, "")
    put(sheet, 2, first, story.summary, look.SUMMARY, guard, "")
    if story.legend:
        put(sheet, 3, first, "✎", look.LEGEND, guard, "")
    put(sheet, 3, first + story.legend, story.how_to, look.HOW_TO, guard, "")
    for row, height in ((1, 30.0), (2, 20.0), (3, 20.0), (4, 9.0)):
        sheet.row_dimensions[row].height = height
    for place, column in enumerate(columns, 1):
        dimension = sheet.column_dimensions[get_column_letter(place)]
        dimension.width, dimension.hidden = column.width, column.hidden
    sheet.freeze_panes = frozen
    sheet.sheet_view.showGridLines = False
    sheet.sheet_view.zoomScale = 100
    return write_header(sheet, columns, guard, HEADER_ROW)


def write_header(
    sheet: Worksheet, columns: Sequence[Column], guard: CellGuard, row: int
) -> list[str]:
    """Write the header of a table, with what stands above it; return the headers.

    Headers are made different from each other, which a table needs.
    """
    headers = _headers(columns, sheet.title, guard)
    for place, (column, header) in enumerate(zip(columns, headers, strict=True), 1):
        number = column.style in look.NUMERIC
        if column.open:
            put(sheet, row - 1, place, "✎", look.ABOVE_OPEN, guard, header)
        elif column.above:
            style = look.ABOVE_NUMBER if number else look.ABOVE
            put(sheet, row - 1, place, column.above, style, guard, header)
        style = look.HEADER_NUMBER if number else look.HEADER
        put(sheet, row, place, header, look.HEADER_OPEN if column.open else style, guard, header)
    if any(column.above or column.open for column in columns):
        sheet.row_dimensions[row - 1].height = 18.0
    sheet.row_dimensions[row].height = row_height(
        [
            (header, column.width - _BUTTON)
            for header, column in zip(headers, columns, strict=True)
            if not column.hidden
        ]
    )
    return headers


def header_width(header: str, least: float) -> float:
    """Return a column's width, ``least`` or more, that shows a long header in a few lines.

    Questions of a survey are headers too: in a narrow column they fill half of the screen.
    """
    width = least
    while width < _WIDEST_HEADER and count_lines(header, width - _BUTTON) > _HEADER_LINES:
        width += 1
    return width


def put(
    sheet: Worksheet,
    row: int,
    column: int,
    value: str | int | float | datetime | None,
    style: str,
    guard: CellGuard,
    header: str,
    about: str = "",
) -> Cell:
    """Write one value and return its cell; a text stays a text, whatever it begins with.

    ``header`` and ``about`` are for the note when the value had to be changed to fit.
    """
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)
    look.dress(cell, style)
    if isinstance(value, str) and value:
        text = guard.text(value, sheet.title, row, header, about)
        cell.value = escape(text)
        cell.data_type = "s"
        if looks_like_formula(text):
            cell.quotePrefix = True  # stays a text when a person edits the cell
    elif isinstance(value, datetime):
        moment = guard.moment(value, sheet.title, row, header)
        cell.value = moment
        cell.data_type = "s" if isinstance(moment, str) else "d"
        look.dress(cell, style)
    elif isinstance(value, float):
        cell.value = guard.number(value, sheet.title, row, header)
    else:
        cell.value = value or None if isinstance(value, str) else value
    return cell


def write_rows(
    sheet: Worksheet,
    columns: Sequence[Column],
    rows: Sequence[Sequence[Value | Styled]],
    guard: CellGuard,
    abouts: Sequence[str],
    first_row: int = FIRST_ROW,
) -> None:
    """Write the rows under the header, each as high as its wrapped texts need.

    ``abouts`` names for each row what it is about, should one of its texts be too long for a cell.
    """
    links = 0
    for number, (values, about) in enumerate(zip(rows, abouts, strict=True), first_row):
        texts: list[tuple[str, float]] = []
        for place, (column, value) in enumerate(zip(columns, values, strict=True), 1):
            style, indent = column.style, 0
            if isinstance(value, Styled):
                style, indent, value = value.style, value.indent, value.value
            target = value if isinstance(value, Link) and links < _MOST_LINKS else None
            plain = value.value if isinstance(value, Link) else value
            cell = put(sheet, number, place, plain, style, guard, column.header, about)
            if target is not None:
                links += 1
                link_to(cell, target.sheet, target.row)
            if indent:
                cell.alignment = Alignment(
                    vertical="center", horizontal="left", wrap_text=True, indent=1 + 2 * indent
                )
            if isinstance(cell.value, str) and not column.hidden:
                texts.append((cell.value, column.width - 2.5 - 3 * indent))
        sheet.row_dimensions[number].height = max(21.0, row_height(texts))


def add_table(
    sheet: Worksheet, name: str, headers: Sequence[str], rows: int, header_row: int = HEADER_ROW
) -> None:
    """Make a real table of the header row and ``rows`` rows under it (at least one, if empty)."""
    reference = f"A{header_row}:{get_column_letter(len(headers))}{header_row + max(rows, 1)}"
    table = Table(
        displayName=name,
        name=name,
        ref=reference,
        tableStyleInfo=TableStyleInfo(name="TableStyleLight1", showRowStripes=False),
        autoFilter=AutoFilter(ref=reference),
    )
    table.tableColumns = [
        TableColumn(id=number, name=escape(header)) for number, header in enumerate(headers, 1)
    ]
    sheet.add_table(table)


def link_to(cell: Cell, sheet: str, row: int) -> None:
    """Make ``cell`` lead to a row of a sheet of this workbook."""
    quoted = sheet.replace("'", "''")
    cell.hyperlink = Hyperlink(
        ref=cell.coordinate, location=f"'{quoted}'!A{row}", tooltip=f"Go to {sheet}"
    )
    prefix = cell.quotePrefix
    cell.style = look.LINK
    cell.quotePrefix = prefix


def print_set_up(
    sheet: Worksheet,
    project: str,
    masked: bool,
    columns: int,
    last_row: int,
    first: int = 1,
    further: Sequence[int] = (),
    left: int = 0,
) -> None:
    """Set landscape, one page wide, header row on each page, and a footer about personal data.

    The columns ``first`` to ``columns`` are printed, to ``last_row``. ``further``: rows in which
    the headings of more tables stand; each begins a page, and no header is repeated, as it would
    stand above columns of another table. Where ``left`` columns name what a row is about, a table
    that one page could show only in tiny letters takes several side by side, each with its names,
    and beside a narrow one there is room for what stands above it.
    """
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth = 1
    if left and (width := _width(sheet, 1, columns)) > PAGE_WIDTH:
        names = _width(sheet, 1, left)
        sheet.page_setup.fitToWidth = math.ceil((width - names) / (PAGE_WIDTH - names))
        sheet.page_setup.pageOrder = "overThenDown"
        sheet.print_title_cols = f"A:{get_column_letter(left)}"
    elif left:
        columns = _printed(sheet, columns)
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top, sheet.page_margins.bottom = 0.5, 0.7
    sheet.print_area = f"{get_column_letter(first)}1:{get_column_letter(columns)}{last_row}"
    if further:
        for row in further:
            sheet.row_breaks.append(Break(id=row - 1))  # pyright: ignore[reportUnknownMemberType]
    else:
        sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    footers(sheet, project, masked)


def _printed(sheet: Worksheet, columns: int) -> int:
    """Return how many columns are printed so that neither summary nor how-to is cut.

    They run on over the empty cells beside a table of a few columns; what is drawn there is printed
    whole, then.
    """
    longest = max(
        line_width(str(sheet.cell(row, 1).value or ""), size) for row, size in ((2, 12), (3, 11))
    )
    missing = longest - _width(sheet, 1, columns)
    if missing <= 0:
        return columns
    drawn: Any = sheet  # no types
    ends = [
        coordinate_to_tuple(str(chart.anchor))[1] + math.ceil(chart.width / _COLUMN_CM) - 1
        for chart in drawn._charts
    ]
    return max(columns + math.ceil(missing / _COLUMN), *ends, 0)


def _width(sheet: Worksheet, first: int, last: int) -> float:
    """Return the width of columns of a table, in Excel's unit."""
    letters = map(get_column_letter, range(first, last + 1))
    return sum(sheet.column_dimensions[letter].width for letter in letters)


def footers(sheet: Worksheet, project: str, masked: bool) -> None:
    """Say on each printed page what it holds."""
    state = "masked" if masked else "raw"
    texts = (
        f"Contains customer data: {state}",
        project.replace("&", "&&")[:60],
        "Page &P of &N",
    )
    footer: Any = sheet.oddFooter
    for part, text in zip((footer.left, footer.center, footer.right), texts, strict=True):
        part.text = text
        part.size = 9


def _headers(columns: Sequence[Column], sheet: str, guard: CellGuard) -> list[str]:
    """Return headers that a table can have: one line, not empty, different in any case."""
    taken: set[str] = set()
    headers: list[str] = []
    for column in columns:
        fitted = guard.text(column.header, sheet, HEADER_ROW, column.header[:40])
        base = " ".join(fitted.split())[:240] or "Column"
        header, number = base, 1
        while header.casefold() in taken:
            number += 1
            header = f"{base} ({number})"
        taken.add(header.casefold())
        headers.append(header)
    return headers
