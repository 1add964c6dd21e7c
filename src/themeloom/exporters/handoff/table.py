"""Tables as other tools import them: repeated headers, every cell quoted, no formulas."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from themeloom.exporters.markup.plain import clean
from themeloom.exporters.pages.files import beside, write_text
from themeloom.exporters.safety.cells import looks_like_formula
from themeloom.exporters.safety.targets import check_target

_PLAIN_NUMBER = re.compile(r"[+\-]?\d+(?:[.,]\d+)?")


@dataclass(frozen=True, slots=True)
class Table:
    """One file: a header, in which names may repeat ("" for none at all), and rows of its width."""

    header: Sequence[str]
    rows: Sequence[Sequence[str]]


def csv_text(table: Table) -> str:
    """Return the table as RFC 4180 text with all cells quoted.

    A text that a spreadsheet program would run gets a ``'`` in front, as in ``write_csv``.
    """
    file = io.StringIO()
    writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
    if any(table.header):
        writer.writerow(table.header)
    writer.writerows([guarded(cell) for cell in row] for row in table.rows)
    return file.getvalue()


def guarded(text: str) -> str:
    """Return ``text`` so that no spreadsheet program takes it for a formula."""
    plain = clean(text)
    if runs(text) or runs(plain):
        return f"'{plain}"
    return plain


def runs(text: str) -> bool:
    """Return whether a spreadsheet program would take ``text`` for a formula."""
    return looks_like_formula(text) and _PLAIN_NUMBER.fullmatch(text) is None


def write_tables(target: Path, tables: Mapping[str, Table]) -> None:
    """Write ``tables`` (tag → table): tag "" into ``target``, the others beside it.

    All places are looked at before anything is written, and ``target`` itself comes last.

    Raises:
        ExportError: one of the files cannot be written.
    """
    places = {beside(target, tag): table for tag, table in tables.items()}
    for place in places:
        check_target(place)
    for place in sorted(places, key=lambda one: one == target):
        write_text(place, csv_text(places[place]))


def chunks(rows: Sequence[Sequence[str]], most: int) -> Iterable[Sequence[Sequence[str]]]:
    """Return ``rows`` in pieces of at most ``most``; one empty piece where there are none."""
    for start in range(0, max(len(rows), 1), most):
        yield rows[start : start + most]
