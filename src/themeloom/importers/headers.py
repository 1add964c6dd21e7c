"""Which row of a sheet is the header, what the columns are called, and where the data begin."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from themeloom.importers.grid import column_letters
from themeloom.importers.markup import plain_label
from themeloom.importers.names import (
    ACCOUNT,
    AUTHOR,
    DATE,
    EMAIL,
    ID,
    SCORE,
    SCORE_NPS,
    SEGMENT,
    SUBJECT,
    TEXT,
    TEXT_SECOND,
    UPDATED,
    fold,
)

#: Rows at the top that are looked at.
LOOK = 25
#: Name of the column that holds spreadsheet rows; no header can be called so.
ROW = "_row"

_KNOWN = frozenset[str]().union(
    TEXT, TEXT_SECOND, SUBJECT, ID, DATE, UPDATED, SCORE, SCORE_NPS, AUTHOR, EMAIL, ACCOUNT, SEGMENT
)
_VALUE = re.compile(
    r"[-+]?[\d.,  ']+ ?%?|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T]\d{1,2}:\d{2}.*)?"
    r"|\S+@\S+\.\w+|https?://\S+|true|false",
    re.IGNORECASE,
)
_ANSWER_ROW = frozenset({"response", "open ended response", "other please specify"})

Row = Sequence[str | None]


@dataclass(frozen=True, slots=True)
class Header:
    """What the top of a sheet says.

    Attributes:
        row: 1-based row that holds the names (the first of several), 0 where there is none.
        names: one for each column in plain words, unique, never empty; blank ones are "Column C".
        first: index of the first data row.
        aliases: other names of a column that a person may use for it.
        open_ended: names of columns that the survey tool marks as free text.
        blank: names that were made up for blank headers.
        note: what to tell about it where it is not simply the first row.
    """

    row: int
    names: tuple[str, ...]
    first: int
    aliases: dict[str, tuple[str, ...]]
    open_ended: frozenset[str] = frozenset()
    blank: frozenset[str] = frozenset()
    note: str | None = None


def find_header(rows: Sequence[Row], width: int) -> Header:
    """Return the header found in the first ``LOOK`` rows (cells stripped, blank ones None).

    Known shapes first (Qualtrics with three header rows or two, SurveyMonkey with two), then the
    first row that is filled as far as the rows below; rows above it are titles. Where that row
    holds values rather than names, there is no header.
    """
    rows = [[*row, *[None] * (width - len(row))] for row in rows[:LOOK]]
    return (
        _qualtrics(rows)
        or _qualtrics_legacy(rows)
        or _survey_two_rows(rows)
        or _one_row(rows, width)
    )


def header_in(rows: Sequence[Row], width: int, row: int) -> Header:
    """Return the header that a person pointed at: the 1-based ``row``, 0 for none.

    Where the row is the one that ``find_header`` would take, further header rows below it count.
    """
    found = find_header(rows, width)
    if found.row == row:
        return found
    if row == 0:
        return _header([None] * width, 0, row=0)
    names = [*rows[row - 1], *[None] * width][:width] if row <= len(rows) else [None] * width
    return _header(names, row, row=row)


def _qualtrics(rows: Sequence[Row]) -> Header | None:
    for at in (2, 1):
        if at >= len(rows):
            continue
        filled = [cell for cell in rows[at] if cell]
        if filled and sum('{"ImportId"' in cell for cell in filled) >= 0.5 * len(filled):
            names = [
                _question(short, long) for short, long in zip(rows[0], rows[at - 1], strict=True)
            ]
            return _header(
                names,
                at + 1,
                row=1,
                others=[rows[0], rows[at - 1]],
                note=f"{at + 1} header rows as Qualtrics writes them.",
            )
    return None


def _question(short: str | None, long: str | None) -> str | None:
    """Question columns are called by their question, the tool's own columns by their short name."""
    return long if short and long and re.match(r"Q\d+", short) and " - " not in short else short


def _qualtrics_legacy(rows: Sequence[Row]) -> Header | None:
    if len(rows) < 2 or list(rows[0][:3]) != ["V1", "V2", "V3"]:
        return None
    names = [below or above for above, below in zip(rows[0], rows[1], strict=True)]
    return _header(
        names, 2, row=1, others=[rows[0]], note="2 header rows as older Qualtrics writes them."
    )


def _survey_two_rows(rows: Sequence[Row]) -> Header | None:
    """SurveyMonkey: questions above (blank to the right for their options), options below."""
    at = next((at for at, row in enumerate(rows[:3]) if sum(1 for cell in row if cell) > 1), None)
    if at is None or at + 1 >= len(rows):
        return None
    questions, options = rows[at], rows[at + 1]
    marks = sum(fold(cell or "") in _ANSWER_ROW for cell in options)
    if not marks or any(cell and _VALUE.fullmatch(cell) for cell in options):
        return None
    names: list[str | None] = []
    open_ended: set[int] = set()
    question: str | None = None
    for column, (above, below) in enumerate(zip(questions, options, strict=True)):
        question = above or (question if below else None)
        if below and fold(below) == "open ended response":
            open_ended.add(column)
        plain = below is None or fold(below) in {"response", "open ended response"}
        names.append(question if plain or question is None else f"{question} – {below}")
    return _header(
        names,
        at + 2,
        row=at + 1,
        others=[questions, options],
        open_columns=open_ended,
        note="2 header rows as SurveyMonkey writes them.",
    )


def _one_row(rows: Sequence[Row], width: int) -> Header:
    filled = [sum(1 for cell in row if cell) for row in rows]
    usual = median([count for count in filled if count] or [0])
    at = next(
        (at for at, count in enumerate(filled) if count >= max(min(2, width), usual / 2)),
        next((at for at, count in enumerate(filled) if count), 0),
    )
    if not rows or not filled[at : at + 1] or _is_data(rows, at, width):
        return _header(
            [None] * width, 0, row=0, note="No header row was found; columns are A, B, …"
        )
    note = f"The header is in row {at + 1}; the rows above are a title." if at else None
    if at and not any(filled[:at]):
        note = None
    return _header(rows[at], at + 1, row=at + 1, note=note)


def _is_data(rows: Sequence[Row], at: int, width: int) -> bool:
    cells = [plain_label(cell) for cell in rows[at] if cell]
    if any(fold(cell) in _KNOWN for cell in cells):
        return False
    if width > 1:
        values = sum(bool(_VALUE.fullmatch(cell)) for cell in cells)
        return values > len(cells) / 2
    below = [row[0] for row in rows[at + 1 :] if row and row[0]]
    head = cells[0] if cells else ""
    if _VALUE.fullmatch(head) or not below:
        return True
    # One column of texts: a header is a question or a few words, shorter than what stands below.
    usual = median(len(cell) for cell in below)
    return not (head.endswith(("?", ":")) or (len(head.split()) <= 4 and len(head) < usual / 2))


def _header(
    names: Sequence[str | None],
    first: int,
    *,
    row: int,
    others: Sequence[Row] = (),
    open_columns: set[int] | None = None,
    note: str | None = None,
) -> Header:
    unique: list[str] = []
    taken = {ROW}
    blank: set[str] = set()
    aliases: dict[str, tuple[str, ...]] = {}
    for column, raw in enumerate(names):
        name = plain_label(raw or "")
        if not name:
            name = f"Column {column_letters(column)}"
            blank.add(name)
        number = 2
        base = name
        while name in taken:
            name = f"{base} ({number})"
            number += 1
        taken.add(name)
        unique.append(name)
        known_as = {row[column] for row in others} | {raw, f"Column {column_letters(column)}"}
        aliases[name] = tuple(sorted(alias for alias in known_as if alias and alias != name))
    free = frozenset(unique[column] for column in open_columns or ())
    return Header(row, tuple(unique), first, aliases, free, frozenset(blank), note)
