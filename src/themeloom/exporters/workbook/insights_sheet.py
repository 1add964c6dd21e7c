"""The sheet ``Insights``: one row per theme, largest first, with columns that a PM fills in."""

from typing import Any

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from themeloom.exporters.safety.cells import CellGuard
from themeloom.exporters.workbook import look
from themeloom.exporters.workbook.bars import add_bars
from themeloom.exporters.workbook.layout import EVIDENCE, Layout
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
from themeloom.insights.evidence import QUOTES_ON_INSIGHT
from themeloom.insights.model import Book, Insight, Score
from themeloom.insights.wording import kind_words, score_word

STATUSES = ("New", "Accepted", "In work", "Done", "Declined")

_PRINTED_UNTIL = "Next step"
_ROOM_FOR_LIST = 255  # characters of a validation list


def write_insights(sheet: Worksheet, book: Book, layout: Layout, guard: CellGuard) -> None:
    """Fill the sheet."""
    columns = _columns(book)
    how_to = "Yellow columns are yours to edit. Send the file back and your edits are taken over, row by row, by Id."
    headers = write_head(
        sheet, Story(book.title, book.summary, how_to, legend=True), columns, guard, "C6"
    )
    rows = [_row(one, book, layout) for one in book.insights]
    wholes = [f"theme {one.theme_id}" for one in book.insights]
    write_rows(sheet, columns, rows, guard, wholes)
    add_table(sheet, "Insights", headers, len(rows))
    last = FIRST_ROW + max(len(rows), 1) - 1
    add_bars(sheet, headers.index("Records") + 1, last)
    _add_list(sheet, headers.index("Status") + 1, last, STATUSES, binding=True)
    _add_list(sheet, headers.index("Owner") + 1, last, book.owners, binding=False)
    print_set_up(sheet, book.project_name, book.masked, headers.index(_PRINTED_UNTIL) + 1, last)


def _columns(book: Book) -> list[Column]:
    scores = [Column(score_word(kind), 10, _score_style(kind)) for kind in book.score_kinds]
    shares = [Column(f"Share of {kind_words(kind.kind)}", 16, look.SHARE) for kind in book.kinds]
    answers = [Column(f"{score_word(kind)}: answers", 12, look.NUMBER) for kind in book.score_kinds]
    quotes = [Column(f"Quote {n}", 44, look.TEXT) for n in range(2, QUOTES_ON_INSIGHT + 1)]
    return [
        Column("Id", 9, look.LINK),
        Column("Insight", 29, look.STRONG),
        Column("Area", 17, look.TEXT),
        Column("Statement", 44, look.TEXT),
        Column("Records", 11, look.NUMBER),
        Column("People", 9.5, look.NUMBER),
        Column("Accounts", 11, look.NUMBER),
        *scores,
        Column("Top quote", 44, look.TEXT),
        Column("Owner", 16, look.OPEN_TEXT),
        Column("Status", 11, look.OPEN_TEXT),
        Column("Next step", 30, look.OPEN_TEXT),
        *shares,
        Column("People known", 14, look.WORDS),
        Column("Accounts known", 14, look.WORDS),
        Column("Revenue of accounts", 15, look.NUMBER),
        Column("Revenue known", 14, look.WORDS),
        *answers,
        *quotes,
    ]


def _row(one: Insight, book: Book, layout: Layout) -> list[Value | Styled]:
    quotes: list[Value | Styled] = [*one.quotes, *(None for _ in range(QUOTES_ON_INSIGHT))]
    evidence = layout.evidence.get(one.id)
    return [
        Link(one.id, EVIDENCE, evidence) if evidence else Styled(one.id, look.QUIET_TEXT),
        one.title,
        one.area,
        one.statement,
        one.records,
        one.people,
        one.accounts,
        *(_score(one.scores.get(kind)) for kind in book.score_kinds),
        quotes[0],
        None,
        STATUSES[0],
        None,
        *(one.shares[kind.kind].share for kind in book.kinds),
        f"{one.people_known:,} of {one.records:,}",
        f"{one.accounts_known:,} of {one.records:,}",
        Styled("unknown", look.WORDS) if one.revenue is None else one.revenue,
        f"{one.revenue_known:,} of {one.accounts:,}",
        *((one.scores[kind].n if kind in one.scores else 0) for kind in book.score_kinds),
        *quotes[1:QUOTES_ON_INSIGHT],
    ]


def _score(score: Score | None) -> Value | Styled:
    """Say in words where a figure would say too much."""
    if score is None:
        return Styled("no answers", look.WORDS)
    if not score.enough:
        return Styled("too few answers", look.WORDS)
    return float(score.value)


def _score_style(kind: str) -> str:
    return look.SIGNED if kind == "nps" else look.DECIMAL


def _add_list(
    sheet: Worksheet, column: int, last_row: int, choices: tuple[str, ...], *, binding: bool
) -> None:
    """Offer ``choices``; ``binding`` refuses anything else."""
    usable = [choice for choice in choices if choice and not set(choice) & set(',"\n')]
    text = ",".join(usable)
    if not usable or len(text) > _ROOM_FOR_LIST:
        return
    rule: Any = DataValidation(type="list", formula1=f'"{text}"', allow_blank=True)
    rule.showErrorMessage = binding
    rule.errorTitle = "Not on the list"
    rule.error = f"Choose one of: {', '.join(usable)}."
    letter = get_column_letter(column)
    rule.add(f"{letter}{FIRST_ROW}:{letter}{last_row}")
    sheet.add_data_validation(rule)
