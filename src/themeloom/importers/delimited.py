"""CSV, TSV and their relatives: delimiter found, every record kept, rows numbered as people see."""

import csv
import io
import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from themeloom.domain.errors import ImportFileError
from themeloom.importers.encoding import to_utf8
from themeloom.importers.grid import Grid, listing

MAX_BYTES = 1 << 30
_MAX_COLUMNS = 16_384
_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_BYTES = 131_072
_SAMPLE_RECORDS = 300
_CHUNK = 20_000  # records turned into columns at once


@dataclass(frozen=True, slots=True)
class Dialect:
    """How records are written. ``delimiter`` is None where each line is one cell."""

    delimiter: str | None
    escape: str | None = None


def read_delimited(data: bytes, name: str, extension: str = ".csv") -> Grid:
    """Return all records of a delimited text file, cells as they stand.

    A record counts as one row however many lines it takes; blank lines count too; a leading
    ``sep=`` line does not, as spreadsheets do not show it.

    Args:
        data: the bytes of the file.
        name: the file's name, for messages.
        extension: with its dot; decides ties between delimiters.

    Raises:
        ImportFileError: too large, or more columns than a spreadsheet can hold.
    """
    if len(data) > MAX_BYTES:
        raise ImportFileError(
            "The file is larger than 1 GB.", file=name, hint="Split it into smaller files."
        )
    decoded = to_utf8(data)
    body, declared = _without_separator_line(decoded.data)
    dialect = Dialect(declared) if declared else find_dialect(body, extension)
    # The field size is no danger here: the file is in memory already.
    csv.field_size_limit(0x7FFF_FFFF)
    try:
        frame, lengths, note = _parse(body, dialect, name)
    except csv.Error as error:
        raise ImportFileError(
            f"The table cannot be read ({error}).", file=name, hint="Export it again as csv."
        ) from None
    notes = [*decoded.warnings, *note]
    return Grid(None, frame, lengths, tuple(notes))


def find_dialect(data: bytes, extension: str) -> Dialect:
    """Return the delimiter by which the first records fall most evenly into columns.

    A delimiter counts only where most records have as many cells as the first ones; otherwise
    the file has one column, however many commas its sentences have.
    """
    sample = data[:_SAMPLE_BYTES]
    cut = len(sample) < len(data)
    if cut and b"\n" in sample:
        sample = sample[: sample.rindex(b"\n") + 1]
    escapes = (None, "\\") if b'\\"' in sample else (None,)
    preferred = {".tsv": "\t", ".tab": "\t", ".psv": "|"}.get(extension.lower())
    best, best_score = Dialect(None), 0.0
    for delimiter, escape in itertools.product(_DELIMITERS, escapes):
        if delimiter.encode() not in sample:
            continue
        dialect = Dialect(delimiter, escape)
        score = _evenness(sample, dialect, cut)
        if delimiter == preferred:
            score *= 1.5
        if score > best_score + 1e-9:
            best, best_score = dialect, score
    return best


def _evenness(sample: bytes, dialect: Dialect, cut: bool) -> float:
    try:
        records = list(itertools.islice(_records(sample, dialect), _SAMPLE_RECORDS + 1))
    except csv.Error:
        return 0.0
    if cut and len(records) > 1:
        records.pop()
    widths = [len(record) for record in records if any(cell.strip() for cell in record)]
    usual, count = max(
        ((width, count) for width, count in Counter(widths).items() if width > 1),
        key=lambda pair: pair[1],
        default=(1, 0),
    )
    if usual == 1:
        return 0.0
    share = count / len(widths)
    if widths[0] == usual:
        return share * (1 + min(usual, 10) / 10) if share >= 0.3 else 0.0
    # Without a header to go by: commas of prose are followed by a space, and two cells come about
    # by chance (one comma in most sentences); many do not.
    inner = [cell for record in records for cell in record[1:]]
    prose = sum(cell.startswith(" ") for cell in inner) > 0.6 * len(inner)
    needed = 0.8 if usual == 2 else 0.5
    return 0.0 if prose or share < needed else share * (1 + min(usual, 10) / 10)


def _without_separator_line(data: bytes) -> tuple[bytes, str | None]:
    head = data[:10].lower()
    if not head.startswith(b"sep=") or len(data) < 6 or data[5:6] not in (b"\r", b"\n"):
        return data, None
    end = 7 if data[5:7] == b"\r\n" else 6
    return data[end:], data[4:5].decode("ascii", "replace")


def _records(
    data: bytes, dialect: Dialect, *, skip_lines: int = 0, literal: bool = False
) -> Iterator[list[str]]:
    lines = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", errors="replace", newline="")
    for _ in range(skip_lines):
        lines.readline()
    return csv.reader(
        lines,
        # A cell never holds a unit separator: with it each line is one cell, quotes still count.
        delimiter=dialect.delimiter or "\x1f",
        escapechar=dialect.escape,
        quoting=csv.QUOTE_NONE if literal else csv.QUOTE_MINIMAL,
    )


def _parse(
    data: bytes, dialect: Dialect, name: str
) -> tuple[pl.DataFrame, pl.Series, tuple[str, ...]]:
    frames: list[pl.DataFrame] = []
    lengths: list[pl.Series] = []
    notes: tuple[str, ...] = ()
    swallowed: tuple[int, int] | None = None
    unbalanced = data.count(b'"') % 2 == 1
    reader: Any = _records(data, dialect)
    records: Iterator[list[str]] = reader
    chunk: list[list[str]] = []
    row = line = 0
    for row, record in enumerate(records, start=1):
        chunk.append(record)
        if unbalanced:
            before, line = line, int(reader.line_num)
            swallowed = (row, before) if line - before > 1 else None
        if len(chunk) >= _CHUNK:
            frames.append(_frame(chunk, name, row))
            lengths.append(pl.Series([len(cells) for cells in chunk], dtype=pl.Int64))
            chunk = []
    if swallowed is not None and chunk:
        # A quote that never closes makes the rest of the file one cell: read it literally instead.
        row, line = swallowed
        chunk.pop()
        chunk.extend(_records(data, dialect, skip_lines=line, literal=True))
        notes = (f"A quotation mark in row {row:,} is never closed; from there it is text.",)
    if chunk or not frames:
        frames.append(_frame(chunk, name, row))
        lengths.append(pl.Series([len(cells) for cells in chunk], dtype=pl.Int64))
    return pl.concat(frames, how="diagonal"), pl.concat(lengths), notes


def _frame(records: list[list[str]], name: str, last_row: int) -> pl.DataFrame:
    width = max(map(len, records), default=0)
    if width > _MAX_COLUMNS:
        raise ImportFileError(
            f"A row has {width:,} cells, more than a spreadsheet can hold.",
            file=name,
            place=f"near row {last_row:,}",
            hint="Check how the file was exported; a wrong delimiter does this.",
        )
    columns = itertools.zip_longest(*records)
    return pl.DataFrame(
        [pl.Series(str(at), cells, dtype=pl.String) for at, cells in enumerate(columns)],
        height=len(records),
    )


def ragged_note(lengths: pl.Series, width: int, first_row: int) -> str | None:
    """Return what to tell about records with more or fewer cells than the header, or None.

    Args:
        lengths: cells of each data record; blank lines have 0.
        width: cells of the header.
        first_row: spreadsheet row of the first data record.
    """
    odd = ((lengths != width) & (lengths > 0)).arg_true()
    # A single cell where the header has many is a note or a total, but is told all the same.
    if odd.is_empty():
        return None
    rows = [int(at) + first_row for at in odd.head(8)]
    return (
        f"{'1 row has' if len(odd) == 1 else f'{len(odd):,} rows have'} "
        "more or fewer cells than the header "
        f"({listing('row', rows, len(odd))}); nothing was dropped."
    )
