"""What a spreadsheet cell can hold, and making texts fit while remembering what was changed.

Limits: Excel specifications (32,767 characters, 253 line feeds per cell); XML 1.0 section 2.2
(characters that no document can hold); ECMA-376 part 1, 22.9.2.19 (``_xHHHH_`` escapes).
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

import polars as pl

MOST_CHARACTERS = 32_767
MOST_LINE_FEEDS = 253

#: Excel's calendar has a 29 February 1900; what lies before cannot be told right.
FIRST_DAY = datetime(1900, 3, 1)  # noqa: DTZ001 - cells have no time zone

REMOVED = "characters that a cell cannot hold were removed"
LINE_ENDS = "line ends were unified"
LINES_JOINED = f"more than {MOST_LINE_FEEDS} line breaks, the others are shown as ⏎"
CUT = f"longer than {MOST_CHARACTERS:,} characters"
NO_NUMBER = "not a number, left empty"
OLD_DATE = "dates before March 1900 are written as text"

_IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LINE_END = re.compile("\r\n?")
_ESCAPE_LIKE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_SUSPECT = "[\x00-\x08\x0b-\x1f\ufffe\uffff]"
_LEADING = r"^[\s\u200b\ufeff]*[=+\-@\t\r\x00＝＋－＠]"


@dataclass(frozen=True, slots=True)
class Note:
    """One cell that does not hold exactly what the project holds."""

    sheet: str
    row: int
    column: str
    what: str


@dataclass(frozen=True, slots=True)
class LongText:
    """A text that one cell cannot hold, in pieces that fit; joined they are the whole text."""

    sheet: str
    row: int
    column: str
    about: str  # "record 7"
    pieces: tuple[str, ...]


class CellGuard:
    """Makes values fit into cells, and keeps what was changed and what did not fit into one cell.

    ``overflow`` names the sheet in which the long texts will stand whole.
    """

    def __init__(self, overflow: str = "") -> None:
        """Begin with empty lists."""
        self.notes: list[Note] = []
        self.long: list[LongText] = []
        self._overflow = overflow

    def text(self, value: str, sheet: str, row: int, column: str, about: str = "") -> str:
        """Return a text that a cell can hold; ``about`` names what it belongs to."""
        where = ", ".join(part for part in (self._overflow, about) if part)
        fitted, changes = fit(value, where)
        self.notes += [Note(sheet, row, column, change) for change in changes]
        if CUT in changes or LINES_JOINED in changes:
            self.long.append(LongText(sheet, row, column, about, pieces(value)))
        return fitted

    def texts(self, values: pl.Series, sheet: str, first_row: int, wholes: pl.Series) -> pl.Series:
        """Return a column of texts that cells can hold, ``first_row`` on; quick where all do."""
        suspects = values.to_frame("text").select(
            pl.col("text").str.contains(_SUSPECT)
            | (pl.col("text").str.len_bytes() > MOST_CHARACTERS)
            | (pl.col("text").str.count_matches("\n", literal=True) > MOST_LINE_FEEDS)
        )
        rows = suspects.to_series().fill_null(False).arg_true().to_list()
        if not rows:
            return values
        fitted = [
            self.text(values[row], sheet, first_row + row, values.name, str(wholes[row]))
            for row in rows
        ]
        return values.scatter(rows, pl.Series(fitted, dtype=pl.String))

    def number(self, value: float, sheet: str, row: int, column: str) -> float | None:
        """Return a finite number, None for what is no number."""
        if value - value == 0:  # false for NaN and both infinities
            return value
        self.notes.append(Note(sheet, row, column, NO_NUMBER))
        return None

    def moment(self, value: datetime, sheet: str, row: int, column: str) -> datetime | str:
        """Return a date without zone, as ISO text where Excel's calendar does not reach."""
        plain = value.replace(tzinfo=None)
        if plain >= FIRST_DAY:
            return plain
        self.notes.append(Note(sheet, row, column, OLD_DATE))
        return plain.isoformat(sep=" ", timespec="minutes").removesuffix(" 00:00")


def fit(text: str, whole: str = "") -> tuple[str, list[str]]:
    """Return ``text`` as a cell can hold it, and what had to be changed for that.

    A text that is too long is cut between two characters that a person sees as such (never inside
    an emoji or before an accent), with a remark that ``whole`` holds all of it.
    """
    changes: list[str] = []
    fitted = _LINE_END.sub("\n", text)
    if fitted != text:
        changes.append(LINE_ENDS)
    cleaned = _IMPOSSIBLE.sub("", fitted)
    if cleaned != fitted:
        changes.append(REMOVED)
    lines = cleaned.split("\n")
    if len(lines) - 1 > MOST_LINE_FEEDS:
        kept = "\n".join(lines[: MOST_LINE_FEEDS + 1])
        cleaned = "⏎".join([kept, *lines[MOST_LINE_FEEDS + 1 :]])
        changes.append(LINES_JOINED)
    if _length(cleaned) > MOST_CHARACTERS:
        cleaned = _cut(cleaned, f"… (full text: {whole})" if whole else "…")
        changes.append(CUT)
    return cleaned, changes


def pieces(text: str) -> tuple[str, ...]:
    """Return ``text`` in pieces that each fit a cell, cut between characters that a person sees.

    Joined they are the text, but for line ends made one and characters that no cell can hold.
    """
    left = _IMPOSSIBLE.sub("", _LINE_END.sub("\n", text))
    found: list[str] = []
    while left:
        end = _room(left, MOST_CHARACTERS)
        lines = left[:end].split("\n")
        if len(lines) - 1 > MOST_LINE_FEEDS:
            end = len("\n".join(lines[: MOST_LINE_FEEDS + 1]))
        end = _between(left, end) or end
        found.append(left[:end])
        left = left[end:]
    return tuple(found)


def escape(text: str) -> str:
    """Return a text in which nothing is taken for an ``_xHHHH_`` escape by the reader."""
    return _ESCAPE_LIKE.sub("_x005F_", text) if "_x" in text else text


def leads_to_formula(texts: pl.Expr) -> pl.Expr:
    """Return where a text would be taken for a formula if a person typed it."""
    return texts.str.contains(_LEADING)


def looks_like_formula(text: str) -> bool:
    """Return whether a text would be taken for a formula if a person typed it."""
    return re.match(_LEADING, text) is not None


def _cut(text: str, remark: str) -> str:
    return text[: _between(text, _room(text, MOST_CHARACTERS - _length(remark)))] + remark


def _room(text: str, room: int) -> int:
    """Return how many characters of ``text`` take at most ``room`` units."""
    end = min(len(text), room)
    while (over := _length(text[:end]) - room) > 0:
        end -= max(1, over // 2)
    return end


def _between(text: str, end: int) -> int:
    """Return the last place up to ``end`` that lies between two characters, 0 if there is none."""
    while end > 0 and _joins(text, end):
        end -= 1
    return end


def _length(text: str) -> int:
    """Excel counts UTF-16 units; the escaped form has to fit as well, for readers that keep it."""
    return len(escape(text).encode("utf-16-le", "surrogatepass")) // 2


def _joins(text: str, at: int) -> bool:
    """Whether the characters before and after ``at`` belong to one grapheme (UAX 29, in short)."""
    if at >= len(text):
        return False
    before, after = text[at - 1], text[at]
    return (
        unicodedata.category(after) in ("Mn", "Mc", "Me")
        or after == "\u200d"
        or before == "\u200d"
        or "\U0001f3fb" <= after <= "\U0001f3ff"  # skin tones
        or _inside_flag(text, at)
    )


def _inside_flag(text: str, at: int) -> bool:
    """Flags are pairs of regional letters: after an odd number of them the pair is open."""
    run = 0
    while run < at and _regional(text[at - 1 - run]):
        run += 1
    return run % 2 == 1 and _regional(text[at])


def _regional(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"
