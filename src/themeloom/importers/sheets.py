"""Files that are looked at again and again before they are imported: read once, kept for a while."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar, cast

import polars as pl

from themeloom.domain.errors import ImportFileError
from themeloom.domain.records import DateOrder
from themeloom.importers.dates import ParsedDates, parse_dates
from themeloom.importers.grid import Grid
from themeloom.importers.sniffing import Format, sniff
from themeloom.importers.tables import Table, read_grids, to_table

T = TypeVar("T")

_FILES = 40
_CELLS = 60_000_000  # of all files together; the newest one stays whatever its size


@dataclass(slots=True)
class OpenFile:
    """One file as it was read; what is found out about it is kept in ``found``."""

    path: Path
    kind: Format
    grids: tuple[Grid, ...] = ()
    found: dict[Hashable, object] = field(default_factory=dict[Hashable, object])

    def keep(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what ``make`` gave the first time it was asked for ``key``."""
        if key not in self.found:
            self.found[key] = make()
        return cast(T, self.found[key])

    def grid(self, sheet: str | None) -> Grid:
        """Return the cells of a sheet.

        Raises:
            ImportFileError: the file has no such sheet any more.
        """
        for grid in self.grids:
            if grid.sheet == sheet:
                return grid
        raise ImportFileError(
            f"The sheet “{sheet}” is no longer in the file.",
            file=self.path.name,
            hint="Add the file again.",
        )

    def table(self, sheet: str | None, header_row: int | None = None) -> Table:
        """Return a sheet with its header found, or in ``header_row``."""
        grid = self.grid(sheet)
        return self.keep(("table", sheet, header_row), lambda: to_table(grid, header_row))

    def dates(self, table: Table, column: str, wanted: DateOrder | None = None) -> ParsedDates:
        """Return a column as dates, decided by all its rows."""
        key = ("dates", table.sheet, table.header_row, column, wanted)
        return self.keep(key, lambda: parse_dates(table.frame[column], wanted))


class OpenFiles:
    """The files read last. A file that changed on the disk is read anew."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, OpenFile] = OrderedDict()

    def open(self, path: Path) -> OpenFile:
        """Return the file's sheets; those of a note or transcript are none.

        Raises:
            ImportFileError: the file cannot be read; the message says why and what to do.
        """
        key = self._key(path)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        kind = sniff(path)
        tabular = kind not in NOTES
        opened = OpenFile(path, kind, tuple(read_grids(path, kind)) if tabular else ())
        self._kept[key] = opened
        self._make_room()
        return opened

    def _key(self, path: Path) -> Hashable:
        try:
            state = path.stat()
        except OSError as error:
            raise ImportFileError(
                f"The file cannot be opened ({error.strerror or type(error).__name__}).",
                file=path.name,
                hint="Check that it still exists and that you may read it.",
            ) from None
        return (str(path), state.st_mtime_ns, state.st_size)

    def _make_room(self) -> None:
        while len(self._kept) > 1 and (len(self._kept) > _FILES or self._cells() > _CELLS):
            self._kept.popitem(last=False)

    def _cells(self) -> int:
        return sum(_cells(grid.frame) for file in self._kept.values() for grid in file.grids)


#: Formats that are one record each.
NOTES = frozenset({Format.NOTE, Format.MARKDOWN, Format.TRANSCRIPT, Format.WORD})


def _cells(frame: pl.DataFrame) -> int:
    return frame.height * frame.width
