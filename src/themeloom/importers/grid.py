"""A sheet before anyone knows which row is its header: all cells as text, rows as people count."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True, slots=True)
class Grid:
    """All cells of one sheet from its first row on.

    Attributes:
        sheet: name, or None where the file has no sheets.
        frame: String columns "0", "1", …; row i is the spreadsheet's row i + 1.
        lengths: cells that each record has in the file (text files only), for ragged rows.
        notes: what to tell the person about reading it.
    """

    sheet: str | None
    frame: pl.DataFrame
    lengths: pl.Series | None = None
    notes: tuple[str, ...] = ()


def column_letters(index: int) -> str:
    """Return a spreadsheet's letters for the 0-based column ``index`` (A … Z, AA …)."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def listing(word: str, rows: Sequence[int], total: int) -> str:
    """Return "row 5" or "rows 5, 9, 12 …" for a message; ``rows`` are the first of ``total``."""
    if total == 1:
        return f"{word} {rows[0]:,}"
    more = " …" if total > len(rows) else ""
    return f"{word}s {', '.join(f'{row:,}' for row in rows)}{more}"
