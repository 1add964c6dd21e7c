"""The sheets ``Codebook``, ``Changes``, ``Quality`` and ``Long texts``: words in a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from openpyxl.worksheet.worksheet import Worksheet

from themeloom.domain.themes import Level
from themeloom.exporters.safety.cells import CellGuard
from themeloom.exporters.workbook import look
from themeloom.exporters.workbook.layout import INSIGHTS, Layout
from themeloom.exporters.workbook.table_sheet import (
    FIRST_ROW,
    Column,
    Link,
    Story,
    Styled,
    Value,
    add_table,
    print_set_up,
    write_head,
    write_rows,
)
from themeloom.insights.model import Book, Change, CodebookRow, QualityRow
from themeloom.insights.wording import count

#: Signs and words for what became of an insight.
CHANGES: Final = {
    Change.NEW: "★ New",
    Change.GROWN: "▲ Grown",
    Change.SHRUNK: "▼ Shrunk",
    Change.DECIDED: "✔ Decided",
    Change.REGRADED: "◆ Regraded",
    Change.OVERDUE: "! Overdue",
    Change.REWORDED: "✎ Reworded",
    Change.GONE: "✕ Gone",
}

#: Columns of the codebook by which texts are sorted; with those behind them letters were too small.
_CODING: Final = 7
_HIGH_ROW: Final = 200.0  # points; longer texts are whole in their cell


@dataclass(frozen=True, slots=True)
class _Table:
    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Value | Styled]]
    abouts: Sequence[str]
    frozen: str = "B6"
    printed: int = 0  # columns, 0 for all


def write_codebook(sheet: Worksheet, book: Book, guard: CellGuard) -> None:
    """Fill the sheet: what belongs to a theme, and what comes near and does not."""
    columns = (
        Column("Id", 9, look.QUIET_TEXT),
        Column("Theme", 34),
        Column("Level", 11, look.QUIET_TEXT),
        Column("Definition", 44),
        Column("Key phrases", 32),
        Column("Belongs to it", 76),
        Column("Does not belong to it", 54),
        Column("Records", 11, look.NUMBER),
        Column("Status", 11, look.QUIET_TEXT),
        Column("Above it", 26, look.QUIET_TEXT),
    )
    story = Story(
        "What each theme means",
        f"{count(len(book.codebook), 'entry', 'entries')}, with texts that belong and texts that only come near.",
        "With this two people sort a text into the same theme. Definitions are edited in Themeloom.",
    )
    rows = [_codebook_row(row) for row in book.codebook]
    abouts = [f"theme {row.theme_id}" for row in book.codebook]
    _write(sheet, book, story, _Table("Codebook", columns, rows, abouts, "C6", _CODING), guard)


def write_changes(sheet: Worksheet, book: Book, layout: Layout, guard: CellGuard) -> None:
    """Fill the sheet: what is different from what was sent before."""
    columns = (
        Column("Insight", 10, look.LINK),
        Column("Change", 15),
        Column("Title", 46, look.STRONG),
        Column("Before", 24, look.QUIET_TEXT),
        Column("Now", 24),
        Column("In words", 70),
    )
    kinds = {change: sum(row.change == change for row in book.changes) for change in Change}
    told = ", ".join(f"{n:,} {change.value}" for change, n in kinds.items() if n)
    story = Story(
        "What has changed",
        " ".join(part for part in (book.changes_note, f"{told}." if told else "") if part)
        or "Nothing has changed.",
        "An insight can have several changes. Insight leads to its row.",
    )
    rows: list[list[Value | Styled]] = [
        [
            Link(row.insight_id, INSIGHTS, layout.insights[row.insight_id])
            if row.insight_id in layout.insights
            else Styled(row.insight_id, look.QUIET_TEXT),
            CHANGES[row.change],
            row.title,
            row.before,
            row.now,
            row.words,
        ]
        for row in book.changes
    ]
    abouts = [f"insight {row.insight_id}" for row in book.changes]
    _write(sheet, book, story, _Table("Changes", columns, rows, abouts), guard)


def write_quality(sheet: Worksheet, book: Book, guard: CellGuard) -> None:
    """Fill the sheet: how far the numbers can be trusted. Written after what it tells of."""
    columns = (
        Column("About", 18, look.STRONG),
        Column("What", 44),
        Column("Value", 16, look.WORDS),
        Column("Of", 26, look.QUIET_TEXT),
        Column("What to think of it", 80),
    )
    story = Story(
        "How far these numbers can be trusted",
        " ".join(_trusted(row) for row in book.quality[:1]) or "Nothing to tell.",
        "Each line is one figure with its base. Read it before you defend a number in front of others.",
    )
    rows = [[row.about, row.what, row.value, row.base, row.meaning] for row in book.quality]
    changed: dict[str, int] = {}
    for note in guard.notes:
        changed[note.what] = changed.get(note.what, 0) + 1
    rows += [
        ["Cells", f"{what[:1].upper()}{what[1:]}", f"{n:,}", "cells of this workbook", "Listed at the end of Read me."]
        for what, n in changed.items()
    ]  # fmt: skip
    _write(sheet, book, story, _Table("Quality", columns, rows, [""] * len(rows)), guard)


def write_long_texts(sheet: Worksheet, book: Book, guard: CellGuard) -> None:
    """Fill the sheet: what is too long for one cell, whole, in as many rows as it takes."""
    columns = (
        Column("Sheet", 16),
        Column("Row", 9, look.NUMBER),
        Column("Column", 18),
        Column("Belongs to", 26, look.QUIET_TEXT),
        Column("Part", 10, look.QUIET_TEXT),
        Column("Text", 110, look.RECORD_TEXT),
    )
    story = Story(
        "Texts that are longer than a cell",
        f"{count(len(guard.long), 'text')}, nothing cut: the parts of a text follow each other without a gap.",
        "A cell holds 32,767 characters and 253 line breaks. Sheet, row and column say where the text begins.",
    )
    rows: list[list[Value | Styled]] = []
    abouts: list[str] = []
    for text in tuple(guard.long):
        for number, piece in enumerate(text.pieces, 1):
            part = f"{number} of {len(text.pieces)}"
            rows.append([text.sheet, text.row, text.column, text.about, part, piece])
            abouts.append(text.about)
    _write(sheet, book, story, _Table("LongTexts", columns, rows, abouts), guard)


def _codebook_row(row: CodebookRow) -> list[Value | Styled]:
    group = row.level == Level.GROUP
    title = Styled(row.theme, look.STRONG if group else look.TEXT, row.depth)
    return [
        row.theme_id,
        title,
        row.level,
        row.definition,
        row.key_phrases,
        "\n".join(f"“{_flat(text)}”" for text in row.include),
        "\n".join(_flat(text) for text in row.exclude),
        row.records,
        row.status,
        row.group,
    ]


def _trusted(coverage: QualityRow) -> str:
    """Return in words how much of what was said the numbers are about."""
    if not coverage.value.endswith("%"):
        return f"{coverage.what}: {coverage.value}."
    return f"{coverage.value} {coverage.base} carry a theme. {coverage.meaning}"


def _flat(text: str) -> str:
    return " ".join(text.split())


def _write(sheet: Worksheet, book: Book, story: Story, table: _Table, guard: CellGuard) -> None:
    headers = write_head(sheet, story, table.columns, guard, table.frozen)
    write_rows(sheet, table.columns, table.rows, guard, table.abouts)
    for row in range(FIRST_ROW, FIRST_ROW + len(table.rows)):
        dimension: Any = sheet.row_dimensions[row]
        dimension.height = min(dimension.height, _HIGH_ROW)
    add_table(sheet, table.name, headers, len(table.rows))
    last = FIRST_ROW + max(len(table.rows), 1) - 1
    print_set_up(sheet, book.project_name, book.masked, table.printed or len(table.columns), last)
