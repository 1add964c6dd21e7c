"""Spreadsheets and delimited files to tables: header found, one String column for each name."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from zipfile import ZipFile

import polars as pl

from themeloom.importers import preflight
from themeloom.importers.delimited import ragged_note, read_delimited
from themeloom.importers.grid import Grid
from themeloom.importers.headers import LOOK, ROW, Header, find_header, header_in
from themeloom.importers.own_exports import refuse_own_table, refuse_own_workbook
from themeloom.importers.sniffing import Format
from themeloom.importers.workbooks import read_workbook


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet whose header is known.

    Attributes:
        sheet: its name, or None where the file has no sheets.
        frame: a String column for each header (blank cells null) and Int64 ``_row``: the row that
            a person sees in a spreadsheet. Rows that are wholly empty are left out.
        aliases: other names of a column, e.g. its number in the survey tool.
        open_ended: columns that the survey tool marks as free text.
        notes: what to tell the person.
        header_row: 1-based row that holds the names, 0 where there is none.
        first_row: 1-based row of the first data row.
        places: name → which column of the sheet it is, from 0.
    """

    sheet: str | None
    frame: pl.DataFrame
    aliases: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    open_ended: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()
    header_row: int = 0
    first_row: int = 1
    places: dict[str, int] = field(default_factory=dict[str, int])

    @property
    def headers(self) -> list[str]:
        """Names of the columns in order, without ``_row``."""
        return [name for name in self.frame.columns if name != ROW]


def nothing_in(notes: Iterable[str]) -> str:
    """Return what to do about a file without content; ``notes`` say what was found in it."""
    return " ".join([*islice(notes, 3), "Check that it is the right file, or export it again."])


def read_tables(
    path: Path, kind: Format, header_rows: Mapping[str | None, int] | None = None
) -> Iterator[Table]:
    """Yield the tables of a file: one for a text file, one for each sheet of a workbook.

    Sheets without any cell come with a note and no rows.

    Args:
        path: the file.
        kind: what ``sniff`` said.
        header_rows: sheet → 1-based header row where a person pointed at one, 0 for none.

    Raises:
        ImportFileError: the file cannot be read; the message says why and what to do.
    """
    for grid in read_grids(path, kind):
        yield to_table(grid, (header_rows or {}).get(grid.sheet))


def to_table(grid: Grid, header_row: int | None = None) -> Table:
    """Return ``grid`` with its header found (or in ``header_row``) and blank rows left out."""
    cells = grid.frame.with_columns(pl.all().str.strip_chars(" \t\r\n\u00a0\ufeff\u200b"))
    cells = cells.with_columns(pl.when(pl.all().str.len_bytes() > 0).then(pl.all()).otherwise(None))
    if cells.is_empty() or cells.width == 0:
        return _empty(grid)
    rows = cells.head(max(LOOK, header_row or 0)).rows()
    if header_row is None:
        header = find_header(rows, cells.width)
    else:
        header = header_in(rows, cells.width, header_row)
    notes = [*grid.notes, *([header.note] if header.note else [])]
    if [name.casefold() for name in header.names] == _CAPTIONS:
        notes.append(_CAPTIONS_NOTE)
    if grid.lengths is not None:
        ragged = ragged_note(
            grid.lengths.slice(header.first), _width(grid, header), header.first + 1
        )
        notes += [ragged] if ragged else []
    frame = (
        cells.rename(dict(zip(cells.columns, header.names, strict=True)))
        .with_row_index(ROW, offset=1)
        .with_columns(pl.col(ROW).cast(pl.Int64))
        .slice(header.first)
    )
    unused = [name for name in header.blank if frame[name].null_count() == frame.height]
    frame = frame.drop(unused).filter(pl.any_horizontal(pl.exclude(ROW).is_not_null()))
    if frame.width == 1:
        return _empty(grid)
    return Table(
        grid.sheet,
        frame,
        header.aliases,
        header.open_ended,
        tuple(notes),
        header.row,
        header.first + 1,
        {name: place for place, name in enumerate(header.names)},
    )


#: What speech recognisers write beside the vtt and srt files of a recording.
_CAPTIONS = ["start", "end", "text"]
_CAPTIONS_NOTE = (
    "Its rows are the captions of one recording, and each would count as a record: import the vtt, "
    "srt or txt file of the recording in its place, which becomes one talk."
)


def _empty(grid: Grid) -> Table:
    where = f"The sheet “{grid.sheet}”" if grid.sheet else "The table"
    notes = grid.notes or (f"{where} is empty.",)
    return Table(grid.sheet, pl.DataFrame(schema={ROW: pl.Int64}), notes=notes)


def _width(grid: Grid, header: Header) -> int:
    assert grid.lengths is not None
    return int(grid.lengths[max(header.first - 1, 0)]) if len(grid.lengths) else 0


def read_grids(path: Path, kind: Format) -> Iterator[Grid]:
    """Yield the sheets of a file before their headers are looked for."""
    if kind is Format.DELIMITED:
        grid = read_delimited(path.read_bytes(), path.name, path.suffix)
        refuse_own_table(grid, path.name)
        yield grid
    elif kind is Format.ARCHIVE:
        yield from _packed_tables(path)
    else:
        refuse_own_workbook(path)
        yield from read_workbook(path, kind)


def _packed_tables(path: Path) -> Iterator[Grid]:
    """Help desks and survey tools hand out csv files in a zip."""
    preflight.check_package(path)
    with ZipFile(path) as archive:
        members = [
            entry
            for entry in archive.infolist()
            if Path(entry.filename).suffix.lower() in {".csv", ".tsv"}
            and not Path(entry.filename).name.startswith(".")
            and "__MACOSX" not in entry.filename
        ]
        for entry in members:
            try:
                data = archive.read(entry)
            except preflight.UNPACKING:
                raise preflight.damaged(path.name) from None
            inside = Path(entry.filename)
            grid = read_delimited(data, path.name, inside.suffix)
            sheet = inside.name if len(members) > 1 else None
            yield Grid(sheet, grid.frame, grid.lengths, grid.notes)
