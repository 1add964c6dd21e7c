"""The sheet ``Read me``: a page to read, not a table."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from themeloom.exporters.safety.cells import CellGuard
from themeloom.exporters.workbook import layout as places
from themeloom.exporters.workbook import look
from themeloom.exporters.workbook.layout import Layout
from themeloom.exporters.workbook.measure import row_height
from themeloom.exporters.workbook.scores_sheet import score_rows
from themeloom.exporters.workbook.table_sheet import footers, link_to, put
from themeloom.exporters.workbook.themes_sheet import records_chart
from themeloom.insights.model import Book, Grid, Section
from themeloom.insights.wording import count

#: A margin, then eight columns that all small tables of the page share.
_WIDTHS = (2.5, 46.0, 14.0, 13.0, 13.0, 13.0, 13.0, 13.0, 26.0)
_FIRST = 2
_LAST = len(_WIDTHS)
_TEXT_WIDTH = sum(_WIDTHS[1:]) - 5
_MOST_NOTES = 60
_CHART_ROWS = 12
#: With more bars the chart would not stand on the first printed page, under what stands out.
_CHART_BARS = 8
#: Points that a printed page holds when it is as wide as the sheet: of A4, as Letter holds more.
_PAGE_HEIGHT = 545.0
_EMPTY_ROW = 15.0
#: Rows of a section that stand with its heading: it is not the last thing on a page.
_HEAD_ROWS = 4
_CONTENTS = "What is in here"


def write_page(
    sheet: Worksheet, lists: Worksheet, book: Book, layout: Layout, guard: CellGuard
) -> None:
    """Fill the page; it is written last, when it is known which cells had to be changed.

    ``lists`` is the hidden sheet that charts are drawn from.
    """
    for number, width in enumerate(_WIDTHS):
        sheet.column_dimensions["ABCDEFGHI"[number]].width = width
    sheet.sheet_view.showGridLines = False
    _line(sheet, 1, book.title, look.TITLE, 32, guard)
    _line(
        sheet,
        2,
        f"{book.project_name} · written {book.created:%Y-%m-%d %H:%M} UTC by Themeloom {book.version}",
        look.SUMMARY,
        20,
        guard,
    )
    _line(sheet, 3, book.summary, look.SUMMARY, 20, guard)
    row = 5
    top, *others = (one for one in book.page if one.heading != _CONTENTS)
    row = _section(sheet, top, row, layout, guard) + 1
    height = records_chart(sheet, f"B{row}", lists, book, guard, most=_CHART_BARS)
    starts = [1]
    if height:
        starts.append(row - 1)  # with the gap above it, else the page before shows its frame
        # The chart stands on rows of its own, so that it covers nothing.
        for _ in range(_CHART_ROWS):
            sheet.row_dimensions[row].height = height / _CHART_ROWS
            row += 1
        row += 1
    for section in (_reading(book), _contents(book, guard), *others, *_changed_cells(guard)):
        starts.append(row)
        row = _section(sheet, section, row, layout, guard) + 1
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top, sheet.page_margins.bottom = 0.5, 0.7
    sheet.print_area = f"A1:I{row - 1}"
    _break_pages(sheet, [*starts, row])
    footers(sheet, book.project_name, book.masked)


def _break_pages(sheet: Worksheet, starts: Sequence[int]) -> None:
    """Keep what belongs together on one printed page: the chart, and sections that fit on one.

    ``starts``: the rows in which the parts of the page begin, and the row under the last.
    """
    used = 0.0
    for first, end in pairwise(starts):
        heights = [_height(sheet, row) for row in range(first, end)]
        whole = sum(heights)
        # The last row is the gap under it.
        together = sum(heights[:-1] if whole <= _PAGE_HEIGHT else heights[:_HEAD_ROWS])
        if used and used + together > _PAGE_HEIGHT:
            _break_before(sheet, first)
            used = 0.0
        for row, height in enumerate(heights, first):
            if used + height > _PAGE_HEIGHT and whole > _PAGE_HEIGHT:
                _break_before(sheet, row)
                used = 0.0
            used += height


def _height(sheet: Worksheet, row: int) -> float:
    dimension: Any = sheet.row_dimensions[row]  # no types
    return dimension.height or _EMPTY_ROW


def _break_before(sheet: Worksheet, row: int) -> None:
    sheet.row_breaks.append(Break(id=row - 1))  # pyright: ignore[reportUnknownMemberType]


def _reading(book: Book) -> Section:
    return Section(
        "How to read this",
        (
            *book.reading,
            "Yellow columns (✎) of the sheet Insights are yours: edit them and send the file back. "
            "You may sort, filter, move and insert columns; the row is known by a hidden key. "
            "The other columns are locked without a password: to sort in Excel, switch that off "
            "under Review, Unprotect Sheet.",
        ),
    )


def _contents(book: Book, guard: CellGuard) -> Section:
    rows: list[tuple[str, int | str, str]] = [
        (places.INSIGHTS, len(book.insights), "One row per theme, with numbers, quotes and your columns."),
        (places.EVIDENCE, len(book.evidence), "One row per quote, with the place it was taken from."),
        (places.THEMES, len(book.themes), "The tree of groups and themes, with definitions."),
        (places.BY_SEGMENT, len(book.insights), "Who speaks of a theme more, or less, than others do."),
        (places.BY_PERIOD, len(book.insights), "How themes go over time, with the base of each period."),
        (places.BY_SOURCE, len(book.insights), "The share of each theme within each kind of source."),
        (places.SCORES, len(score_rows(book)), "What themes go with in the scores, with intervals and formulas."),
        (places.RECORDS, book.records.height, "Every record with the themes it carries."),
        (places.CODEBOOK, len(book.codebook), "What belongs to a theme, and what only comes near."),
        (places.CHANGES, len(book.changes), "What is different from what was sent before."),
        (places.QUALITY, len(book.quality), "How far the numbers can be trusted."),
    ]  # fmt: skip
    if guard.long:
        rows.append(
            (places.LONG_TEXTS, len(guard.long), "Texts that are longer than a cell, whole.")
        )
    return Section(
        _CONTENTS,
        grid=Grid(
            ("Sheet", "Rows", "Holds"),
            tuple(rows),
            {number: str(name) for number, (name, _, _) in enumerate(rows)},
        ),
    )


def _line(
    sheet: Worksheet, row: int, text: str, style: str, height: float, guard: CellGuard
) -> None:
    put(sheet, row, _FIRST, text, style, guard, "")
    sheet.row_dimensions[row].height = height


def _section(sheet: Worksheet, section: Section, row: int, layout: Layout, guard: CellGuard) -> int:
    """Write one section from ``row`` on; return the first free row under it."""
    _line(sheet, row, section.heading, look.HEADING, 24, guard)
    row += 1
    row = _paragraphs(sheet, section.lines, row, guard)
    if section.grid is not None:
        row = _grid(sheet, section.grid, row, layout, guard)
    return _paragraphs(sheet, section.more, row, guard)


def _paragraphs(sheet: Worksheet, lines: Sequence[str], row: int, guard: CellGuard) -> int:
    for text in lines:
        if not text:
            continue
        put(sheet, row, _FIRST, text, look.PARAGRAPH, guard, "")
        _merge(sheet, row, _FIRST)
        sheet.row_dimensions[row].height = row_height([(text, _TEXT_WIDTH)])
        row += 1
    return row


def _grid(sheet: Worksheet, grid: Grid, row: int, layout: Layout, guard: CellGuard) -> int:
    """Write a small table; its last column takes the room that is left, if it holds texts."""
    columns = len(grid.header)
    numbers = [
        bool(grid.rows) and all(isinstance(values[place], int) for values in grid.rows)
        for place in range(columns)
    ]
    widths = [*_WIDTHS[1:columns], sum(_WIDTHS[columns:])]
    for place, header in enumerate(grid.header):
        style = look.SMALL_HEADER_NUMBER if numbers[place] else look.SMALL_HEADER
        put(sheet, row, _FIRST + place, header, style, guard, header)
    _spread(sheet, row, columns, look.SMALL_HEADER, merge=not numbers[-1])
    sheet.row_dimensions[row].height = 21
    for number, values in enumerate(grid.rows):
        row += 1
        for place, value in enumerate(values):
            style = look.NUMBER if isinstance(value, int) else look.TEXT
            cell = put(sheet, row, _FIRST + place, value, style, guard, grid.header[place])
            if place == 0 and number in grid.links:
                link_to(cell, *_target(grid.links[number], layout))
        _spread(sheet, row, columns, look.TEXT, merge=not numbers[-1])
        texts = [(str(value), width - 2) for value, width in zip(values, widths, strict=True)]
        sheet.row_dimensions[row].height = max(21.0, row_height(texts))
    return row + 1


def _spread(sheet: Worksheet, row: int, columns: int, style: str, *, merge: bool) -> None:
    """Carry the lines of a small table, or its last column, to the right edge of the page."""
    for place in range(_FIRST + columns, _LAST + 1):
        sheet.cell(row, place).style = style
    if merge and _FIRST + columns <= _LAST:
        _merge(sheet, row, _FIRST + columns - 1)


def _merge(sheet: Worksheet, row: int, first: int) -> None:
    """Make one cell of those up to the right edge of the page.

    ``Worksheet.merge_cells`` would lay out each of them anew, which takes longer than all the rest
    of the page.
    """
    merged: Any = sheet.merged_cells  # no types
    merged.add(CellRange(min_row=row, max_row=row, min_col=first, max_col=_LAST))


def _target(link: str, layout: Layout) -> tuple[str, int]:
    sheet, _, name = link.partition("/")
    rows: Mapping[str, int] = layout.insights
    return sheet, rows.get(name, 1)


def _changed_cells(guard: CellGuard) -> list[Section]:
    """Tell which cells do not hold exactly what the project holds."""
    if not guard.notes:
        return []
    kinds: dict[str, int] = {}
    for note in guard.notes:
        kinds[note.what] = kinds.get(note.what, 0) + 1
    shown = guard.notes[:_MOST_NOTES]
    left = len(guard.notes) - len(shown)
    return [
        Section(
            "Cells that had to be changed to fit",
            (
                f"{count(len(guard.notes), 'change')}. "
                + " ".join(f"{what[0].upper()}{what[1:]}: {n:,}." for what, n in kinds.items()),
            ),
            Grid(
                ("Cell", "Row", "What"),
                tuple((f"{note.sheet}, {note.column}", note.row, note.what) for note in shown),
            ),
            (f"… and {left:,} more.",) if left else (),
        )
    ]
