"""The sheet ``Insights``: one row per insight, with columns that a product manager edits."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any, Final

import polars as pl
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Font
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from themeloom.base.figures import percent
from themeloom.domain.insights import Direction, Field, InsightType
from themeloom.exporters.pages.insight import impact_words
from themeloom.exporters.safety.cells import CellGuard
from themeloom.exporters.workbook import columns as names
from themeloom.exporters.workbook import look
from themeloom.exporters.workbook.bars import add_bars
from themeloom.exporters.workbook.keys import insight_key, revision
from themeloom.exporters.workbook.layout import EVIDENCE, Layout
from themeloom.exporters.workbook.lists_sheet import Lists
from themeloom.exporters.workbook.matrix import Cell, Filled
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
from themeloom.insights.model import Book, Impact, Insight, Score
from themeloom.insights.wording import kind_words, reached, score_word

RECORDS: Final = "Records"

#: Words for a trend; the sign says it as well as the colour.
TRENDS: Final = {
    Direction.NEW: "★ New",
    Direction.RISING: "▲ Rising",
    Direction.STEADY: "● Steady",
    Direction.FALLING: "▼ Falling",
    Direction.UNKNOWN: "too early to say",
}

TOO_FEW: Final = "too few answers"

_PRINTED_UNTIL: Final = names.HEADERS[Field.NEXT_STEP]


def write_insights(
    sheet: Worksheet, book: Book, layout: Layout, lists: Lists, guard: CellGuard
) -> None:
    """Fill the sheet; its open columns are unlocked, the others protected without a password."""
    filled = insight_columns(book, layout)
    columns = [one.column for one in filled]
    whom = f", for {book.only}" if book.only else ""
    how_to = "Yellow columns (✎) are yours to edit. Send the file back and your edits are taken over, row by row."
    headers = write_head(
        sheet, Story(f"{book.title}{whom}", book.summary, how_to, legend=True), columns, guard, "E6"
    )
    rows = [[part.cell(one) for part in filled] for one in book.insights]
    write_rows(sheet, columns, rows, guard, [f"insight {one.id}" for one in book.insights])
    add_table(sheet, names.INSIGHTS_TABLE, headers, len(rows))
    last = FIRST_ROW + max(len(rows), 1) - 1
    place = {header: number for number, header in enumerate(headers, 1)}
    add_bars(sheet, place[RECORDS], last)
    _colour_severity(sheet, get_column_letter(place[names.HEADERS[Field.SEVERITY]]), last)
    for field, reference in lists.choices.items():
        _add_list(sheet, place[names.HEADERS[field]], last, reference, binding=field != Field.OWNER)
    print_set_up(sheet, book.project_name, book.masked, place[_PRINTED_UNTIL], last, first=3)
    _protect(sheet)


def impact_text(kind: str, impact: Impact | None, score: Score | None) -> str:
    """Return ``−4.1 [−6.0, −2.2]``, or in words why there is no figure."""
    if impact is None:
        return "no answers" if score is None else TOO_FEW
    return impact_words(kind, impact)


def trend_cell(one: Insight) -> Styled:
    """Return how it goes, coloured by whether that is good news."""
    direction = one.trend.direction
    praise = one.type.value == InsightType.PRAISE
    if direction == Direction.RISING:
        style = look.BETTER if praise else look.WORSE
    elif direction == Direction.FALLING:
        style = look.WORSE if praise else look.BETTER
    else:
        style = look.QUIET_TEXT
    return Styled(TRENDS[direction], style)


def insight_columns(book: Book, layout: Layout) -> list[Filled]:
    """Return the columns: what a PM looks at first, then what it rests on."""
    project_id = book.properties.get(names.PROJECT_ID, "")
    texts = {one.id: names.cell_texts(one) for one in book.insights}

    def returning(field: Field, width: float, style: str = look.OPEN_TEXT) -> Filled:
        column = Column(names.HEADERS[field], width, style, open=True)
        return Filled(column, lambda one: texts[one.id][field] or None)

    def plain(header: str, width: float, cell: Cell, style: str = look.TEXT) -> Filled:
        return Filled(Column(header, width, style), cell)

    def key(header: str, cell: Cell) -> Filled:
        return Filled(Column(header, 14, look.QUIET_TEXT, hidden=True), cell)

    return [
        key(names.KEY, lambda one: insight_key(project_id, one.theme_id)),
        key(names.REVISION, lambda one: revision(texts[one.id].values())),
        plain(names.INSIGHT_ID, 9, lambda one: _id(one, layout), look.LINK),
        returning(Field.TITLE, 36, look.OPEN_STRONG),
        plain("Area", 14, lambda one: one.area or Styled("no area yet", look.QUIET_TEXT)),
        returning(Field.SEVERITY, 15.5),
        plain(RECORDS, 11, lambda one: one.records, look.NUMBER),
        *_before(book),
        plain("Accounts", 11.5, lambda one: _of(one.accounts, one.accounts_known), look.NUMBER),
        *(_impact(kind) for kind in book.score_kinds),
        plain("Trend", 12, trend_cell),
        plain("Top quote", 42, lambda one: one.quotes[0] if one.quotes else None),
        returning(Field.OWNER, 16),
        returning(Field.STATUS, 12),
        returning(Field.DECISION, 26),
        returning(Field.NEXT_STEP, 30),
        returning(Field.NOTES, 30),
        plain("Statement", 90, lambda one: one.statement),
        plain("Theme", 30, lambda one: one.theme),
        plain("Group", 22, lambda one: one.group),
        plain("Type", 11, lambda one: one.type.value.capitalize()),
        plain("Why this severity", 60, lambda one: one.severity.why, look.QUIET_TEXT),
        plain("Urgency", 15, lambda one: one.urgency.value.capitalize()),
        plain("Why this urgency", 60, lambda one: one.urgency.why, look.QUIET_TEXT),
        plain("Confidence", 13, lambda one: one.confidence.value.capitalize()),
        plain("Why this confidence", 60, lambda one: one.confidence.why, look.QUIET_TEXT),
        plain("Coverage note", 60, lambda one: one.coverage_note, look.QUIET_TEXT),
        plain("Due", 13, lambda one: one.due and datetime.combine(one.due, time.min), look.DATE),
        plain("Trend in words", 60, lambda one: one.trend.words, look.QUIET_TEXT),
        *(part for kind in book.kinds for part in _shares(kind.kind, book)),
        plain("People", 10, lambda one: _of(one.people, one.people_known), look.NUMBER),
        plain("People known", 14, lambda one: _known(one.people_known, one.records), look.WORDS),
        plain(
            "Accounts known", 14, lambda one: _known(one.accounts_known, one.records), look.WORDS
        ),
        plain("Revenue of accounts", 15, lambda one: _revenue(one.revenue), look.NUMBER),
        plain("Revenue known", 14, lambda one: _known(one.revenue_known, one.accounts), look.WORDS),
        plain("Largest account", 14, lambda one: _revenue(one.revenue_largest), look.NUMBER),
        *(part for kind in book.score_kinds for part in _scores(kind)),
        plain("Stands out in", 44, _segments),
        *(
            plain(f"Quote {n + 1}", 44, lambda one, n=n: _nth(one.quotes, n))
            for n in range(1, QUOTES_ON_INSIGHT)
        ),
        plain("Note from the sender", 36, lambda one: one.note),
        plain("Links", 24, _links),
        plain("Since the words were written", 30, lambda one: one.stale, look.QUIET_TEXT),
    ]


def _id(one: Insight, layout: Layout) -> Value | Styled:
    evidence = layout.evidence.get(one.id)
    return Link(one.id, EVIDENCE, evidence) if evidence else Styled(one.id, look.QUIET_TEXT)


def _before(book: Book) -> list[Filled]:
    if book.numbers.before is None:
        return []
    column = Column(f"{RECORDS} before", 11, look.NUMBER)
    return [Filled(column, lambda one: one.records_before)]


def _impact(kind: str) -> Filled:
    def cell(one: Insight) -> Styled:
        impact = one.impacts.get(kind)
        text = impact_text(kind, impact, one.scores.get(kind))
        return Styled(text, look.TEXT if impact else look.QUIET_TEXT)

    return Filled(Column(f"{score_word(kind)} impact", 20), cell)


def _shares(kind: str, book: Book) -> list[Filled]:
    header = f"Share of {kind_words(kind)}"
    found = [
        Filled(
            Column(header, 16, look.SHARE),
            lambda one: one.shares[kind].share if one.shares[kind].base else None,
        )
    ]
    if book.numbers.before is not None:
        of_kind = book.numbers.kinds.filter(pl.col("kind") == kind)
        shares: dict[str, float | None] = dict(
            of_kind.select("theme_id", "share_before").iter_rows()
        )
        # A theme that is absent had no records; where nobody said anything there is no share.
        absent = None if all(share is None for share in shares.values()) else 0.0
        column = Column(f"{header} before", 16, look.SHARE)
        found.append(Filled(column, lambda one: shares.get(one.theme_id, absent)))
    return found


def _scores(kind: str) -> list[Filled]:
    style = look.SIGNED if kind == "nps" else look.HUNDREDTHS

    def value(one: Insight) -> Value | Styled:
        score = one.scores.get(kind)
        if score is None:
            return Styled("no answers", look.WORDS)
        if not score.enough:
            return Styled(TOO_FEW, look.WORDS)
        return look.unsigned_zero(float(score.value), 0 if kind == "nps" else 2)

    def answers(one: Insight) -> int:
        return one.scores[kind].n if kind in one.scores else 0

    word = score_word(kind)
    return [
        Filled(Column(word, 12, style), value),
        Filled(Column(f"{word}: answers", 12, look.NUMBER), answers),
    ]


def _segments(one: Insight) -> str:
    return "\n".join(
        f"{'▲' if note.more else '▼'} {note.segment} {note.value}: {note.records:,} of {note.base:,} "
        f"records ({percent(note.share)}), {note.told_overall}"
        for note in [note for note in one.segments if note.of_customer][:3]
    )


def _links(one: Insight) -> str:
    return "\n".join(
        " ".join(part for part in (link.tool, link.key, link.status) if part) for link in one.links
    )


def _known(known: int, base: int) -> str:
    return f"{known:,} of {base:,}"


def _of(n: int, known: int) -> Value | Styled:
    """Return how many; in words where no record tells: 0 would be false."""
    return n if known else Styled(reached(n, known, 0)[0], look.WORDS)


def _revenue(value: float | None) -> Value | Styled:
    return Styled("unknown", look.WORDS) if value is None else value


def _nth(quotes: Sequence[str], n: int) -> str | None:
    return quotes[n] if n < len(quotes) else None


def _add_list(
    sheet: Worksheet, column: int, last_row: int, reference: str, *, binding: bool
) -> None:
    """Offer the cells of ``reference``; ``binding`` refuses anything else."""
    rule: Any = DataValidation(type="list", formula1=reference, allow_blank=True)
    rule.showErrorMessage = binding
    rule.errorTitle = "Not on the list"
    rule.error = "Choose one of the words of the list."
    letter = get_column_letter(column)
    rule.add(f"{letter}{FIRST_ROW}:{letter}{last_row}")
    sheet.add_data_validation(rule)


def _colour_severity(sheet: Worksheet, letter: str, last_row: int) -> None:
    """Colour the words by themselves, so that an edit changes the colour too."""
    rules: Any = sheet.conditional_formatting
    for dots, colour in (("●●●", look.BAD), ("●●○", look.AMBER), ("●○○", look.QUIET)):
        rules.add(
            f"{letter}{FIRST_ROW}:{letter}{last_row}",
            Rule(
                type="expression",
                formula=[f'LEFT({letter}{FIRST_ROW},3)="{dots}"'],
                dxf=DifferentialStyle(font=Font(color=f"FF{colour}")),
            ),
        )


def _protect(sheet: Worksheet) -> None:
    """Lock what is not tinted, without a password; filtering and widths stay free."""
    protection = sheet.protection
    protection.sheet = True
    protection.sort = protection.autoFilter = False  # False = not forbidden
    protection.formatColumns = protection.formatRows = protection.formatCells = False
