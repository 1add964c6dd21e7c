"""The sheet ``Evidence``: one row per quote, with the place it was taken from."""

from openpyxl.worksheet.worksheet import Worksheet

from themeloom.exporters.safety.cells import CellGuard
from themeloom.exporters.workbook import columns as names
from themeloom.exporters.workbook import look
from themeloom.exporters.workbook.layout import INSIGHTS, RECORDS, Layout, sorted_evidence
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
from themeloom.insights.model import Book, Evidence
from themeloom.insights.wording import count

_COLUMNS = (
    Column(names.QUOTE_ID, 11, look.QUIET_TEXT),
    Column(names.QUOTE_INSIGHT, 10, look.LINK),
    Column("Theme", 27, look.STRONG),
    Column(names.QUOTE, 80, look.TEXT),
    Column("Speaks", 14),
    Column("Kind", 12),
    Column("Date", 12, look.DATE),
    Column("Person", 19),
    Column("Account", 26),
    Column("Score", 9, look.SCORE),
    Column("Source", 30, look.QUIET_TEXT),
    Column("Locator", 38, look.QUIET_TEXT),
    Column(names.QUOTE_RECORD, 20, look.LINK),
    Column(names.QUOTE_EXCERPT, 21, look.QUIET_TEXT),
    Column(names.QUOTE_START, 10, look.NUMBER),
    Column(names.QUOTE_END, 10, look.NUMBER),
    Column(names.QUOTE_HASH, 36, look.QUIET_TEXT),
)
_PRINTED = 10


def write_evidence(sheet: Worksheet, book: Book, layout: Layout, guard: CellGuard) -> None:
    """Fill the sheet."""
    quotes = sorted_evidence(book)
    exact = "word for word, but for mask tokens" if book.masked else "word for word"
    story = Story(
        "The quotes behind the insights",
        f"{count(len(quotes), 'quote')} for {count(len(book.insights), 'insight')}, {exact}.",
        "Insight leads to its row, Record id to the whole record; Locator, Start and End say where it stands in your file. “✕ against”: a counter-example.",
    )
    headers = write_head(sheet, story, _COLUMNS, guard, "B6")
    rows = [_row(quote, layout) for quote in quotes]
    write_rows(sheet, _COLUMNS, rows, guard, [f"record {quote.record_id}" for quote in quotes])
    add_table(sheet, names.EVIDENCE_TABLE, headers, len(rows))
    last = FIRST_ROW + max(len(rows), 1) - 1
    print_set_up(sheet, book.project_name, book.masked, _PRINTED, last)


def _row(quote: Evidence, layout: Layout) -> list[Value | Styled]:
    record = layout.records.get(quote.record_id)
    return [
        quote.id,
        Link(quote.insight_id, INSIGHTS, layout.insights[quote.insight_id]),
        quote.theme,
        quote.quote,
        Styled("✕ against", look.WORSE) if quote.counter else Styled("for it", look.QUIET_TEXT),
        quote.kind,
        quote.date,
        quote.person or Styled("unknown", look.QUIET_TEXT),
        quote.account,
        quote.score,
        quote.source,
        quote.locator,
        Link(quote.record_id, RECORDS, record) if record else quote.record_id,
        quote.excerpt_id,
        quote.start,
        quote.end,
        quote.hash,
    ]
