"""A file that came back as sheets of text; tables are found by their name, then by their headers."""

import zipfile
from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.parsers import expat

import polars as pl

from themeloom.base.paths import is_there
from themeloom.domain.errors import ImportFileError
from themeloom.importers import preflight
from themeloom.importers.delimited import read_delimited
from themeloom.importers.oldworkbooks import check_old_workbook
from themeloom.importers.sniffing import Format, sniff
from themeloom.importers.workbooks import read_workbook

# fastexcel is imported where it is used: listing the formats has to stay quick.

_LOOK = 60  # rows in which a header is looked for
_MOST_SHEETS = 200
_NO_TABLES = frozenset({".json", ".html", ".htm", ".md", ".txt", ".xml"})
_MOST_PROPERTIES = 1 << 20  # bytes

Cells = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a file that came back.

    Attributes:
        sheet: the sheet's name; None where the file has no sheets.
        headers: texts of the header row, "" for an empty cell.
        first_row: row that a person sees of the first row under the header.
        rows: all cells under the header, row by row, as wide as the headers.
        others: names of further sheets with such a table, which were not read.
    """

    sheet: str | None
    headers: tuple[str, ...]
    first_row: int
    rows: tuple[Cells, ...]
    others: tuple[str, ...] = ()

    def places(self, header: str) -> list[int]:
        """Return the columns of that name, whatever its case and blanks."""
        wanted = fold(header)
        return [place for place, name in enumerate(self.headers) if fold(name) == wanted]


class ReturnedFile:
    """One file, opened; its sheets are read when they are asked for.

    Attributes:
        path: the file.
        format: what it really is.
        properties: custom document properties, where the format has them.
    """

    def __init__(self, path: Path) -> None:
        """Look into ``path``.

        Raises:
            ImportFileError: missing, damaged, protected, far too large, or no table at all.
        """
        if not is_there(path):
            raise ImportFileError(
                "There is no such file.", file=path.name, hint="Check the name and the folder."
            )
        self.path = path
        if path.suffix.lower() in _NO_TABLES:
            raise _no_table(path)
        self.format = sniff(path)
        self.properties: Mapping[str, str] = {}
        self._tables: dict[str, str] = {}  # name of a table → its sheet
        self._loaded: dict[str | None, list[Cells]] = {}
        self.sheets: Sequence[str | None] = ()
        self._load: Callable[[str, int | None], list[Cells]] = lambda _name, _most: []
        if self.format is Format.DELIMITED:
            grid = read_delimited(path.read_bytes(), path.name, path.suffix)
            self._loaded = {None: _rows(grid.frame)}
            self.sheets = (None,)
        elif self.format in _BOOKS:
            self._open_book()
        else:
            raise _no_table(path)

    @property
    def loses_blanks(self) -> bool:
        """Whether tabs and runs of blanks cannot be told apart in this format."""
        return self.format is Format.WORKBOOK_OPEN_DOCUMENT

    def table(
        self, name: str, wanted: Collection[str], telling: Collection[str], least: int = 2
    ) -> Table | None:
        """Return the table called ``name``; without it the one with most of the ``wanted`` headers.

        Args:
            name: of the table, and of its sheet at first.
            wanted: headers that it has.
            telling: some of them; without any of these in its header it is another table.
            least: how many of the wanted headers a table needs that is not found by its name.
        """
        named = self._tables.get(name.casefold())
        if named is not None:
            found = _header(self._rows_of(named, None), wanted, telling)
            if found is not None and found[1]:
                return self._cut(named, found[0], ())
        best: tuple[int, bool, int] = (0, False, 0)
        chosen: tuple[str | None, int] | None = None
        fitting: list[str] = []
        for order, sheet in enumerate(self.sheets):
            found = _header(self._rows_of(sheet, _LOOK), wanted, telling)
            if found is None or found[1] < least:
                continue
            fitting += [sheet] if sheet else []
            rank = (found[1], fold(sheet or "") == fold(name), -order)
            if chosen is None or rank > best:
                best, chosen = rank, (sheet, found[0])
        if chosen is None:
            return None
        sheet, at = chosen
        return self._cut(sheet, at, tuple(other for other in fitting if other != sheet))

    def _cut(self, sheet: str | None, at: int, others: tuple[str, ...]) -> Table:
        rows = self._rows_of(sheet, None)
        headers = [(cell or "").strip() for cell in rows[at]]
        while headers and not headers[-1]:
            headers.pop()
        return Table(
            sheet,
            tuple(headers),
            at + 2,
            tuple(row[: len(headers)] for row in rows[at + 1 :]),
            others,
        )

    def _rows_of(self, sheet: str | None, most: int | None) -> list[Cells]:
        if sheet in self._loaded:
            return self._loaded[sheet][:most]
        with _plainly(self.path):
            rows = self._load(sheet or "", most)
        if most is None:
            self._loaded[sheet] = rows
        return rows

    def _open_book(self) -> None:
        if _reaches_far(self.path, self.format):
            self._loaded = {
                grid.sheet: _rows(grid.frame) for grid in read_workbook(self.path, self.format)
            }
            self.sheets = tuple(self._loaded)
            self.properties = _properties(self.path, self.format)
            return
        import fastexcel

        with _plainly(self.path):
            book: Any = fastexcel.read_excel(self.path)
            self.sheets = tuple(book.sheet_names[:_MOST_SHEETS])
            if self.format is Format.WORKBOOK:
                self._tables = {
                    str(table).casefold(): str(sheet)
                    for sheet in self.sheets
                    for table in book.table_names(sheet)
                }

        def load(sheet: str, most: int | None) -> list[Cells]:
            # skip_rows=0 keeps empty rows at the top: row numbers stay the person's.
            frame: pl.DataFrame = book.load_sheet(
                sheet, header_row=None, skip_rows=0, n_rows=most, dtypes="string"
            ).to_polars()
            return _rows(frame)

        self._load = load
        self.properties = _properties(self.path, self.format)


def _no_table(path: Path) -> ImportFileError:
    return ImportFileError(
        "This is no workbook and no csv file.",
        file=path.name,
        hint="Choose the workbook that was edited (xlsx, ods, xls), or its sheet as csv.",
    )


def fold(header: str) -> str:
    """Return a header without what does not tell headers apart: case and blanks."""
    return " ".join(header.split()).casefold()


def _header(
    rows: list[Cells], wanted: Collection[str], telling: Collection[str]
) -> tuple[int, int] | None:
    """Return the row with most of the ``wanted`` headers, from 0, and how many they are."""
    known = {fold(header) for header in wanted}
    needed = {fold(header) for header in telling}
    best: tuple[int, int] | None = None
    for at, row in enumerate(rows[:_LOOK]):
        names = {fold(cell) for cell in row if cell}
        if names & needed and (best is None or len(names & known) > best[1]):
            best = (at, len(names & known))
    return best


_BOOKS = frozenset(
    {
        Format.WORKBOOK,
        Format.WORKBOOK_BINARY,
        Format.WORKBOOK_OLD,
        Format.WORKBOOK_OPEN_DOCUMENT,
    }
)


def _rows(frame: pl.DataFrame) -> list[Cells]:
    return frame.rows()


def _reaches_far(path: Path, kind: Format) -> bool:
    """Refuse what is dangerous; return whether cells lie so far out that only streaming helps."""
    if kind is Format.WORKBOOK_OLD:
        check_old_workbook(path)
        return False
    preflight.check_package(path)
    if kind is Format.WORKBOOK_OPEN_DOCUMENT:
        preflight.check_open_document(path)
    if kind is not Format.WORKBOOK:
        return False
    return any(extent.cells > preflight.MAX_CELLS for extent in preflight.sheet_extents(path))


@contextmanager
def _plainly(path: Path) -> Generator[None]:
    """Say in plain words that the reader gave up; a panic of it is no ``Exception``."""
    try:
        yield
    except (ImportFileError, GeneratorExit, KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:
        if type(error).__name__ == "PanicException" or type(error).__module__.startswith(
            ("fastexcel", "_fastexcel", "polars")
        ):
            raise preflight.damaged(path.name) from None
        raise


def _properties(path: Path, kind: Format) -> dict[str, str]:
    """Return the custom properties of a document, {} where it has none or they cannot be read."""
    part, element, attribute = {
        Format.WORKBOOK: ("docProps/custom.xml", "property", "name"),
        Format.WORKBOOK_BINARY: ("docProps/custom.xml", "property", "name"),
        Format.WORKBOOK_OPEN_DOCUMENT: ("meta.xml", "meta:user-defined", "meta:name"),
    }.get(kind, ("", "", ""))
    if not part:
        return {}
    found: dict[str, str] = {}
    inside: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == element or tag.endswith(f":{element}"):
            inside[:] = [attributes.get(attribute, "")]

    def data(text: str) -> None:
        if inside:
            found[inside[0]] = found.get(inside[0], "") + text

    def end(tag: str) -> None:
        if tag == element or tag.endswith(f":{element}"):
            inside.clear()

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.CharacterDataHandler = data
    parser.EndElementHandler = end
    try:
        with zipfile.ZipFile(path) as archive:
            names = {name.lstrip("/").lower(): name for name in archive.namelist()}
            name = names.get(part.lower())
            if name is None or archive.getinfo(name).file_size > _MOST_PROPERTIES:
                return {}
            parser.Parse(archive.read(name), True)
    except (expat.ExpatError, *preflight.UNPACKING):
        return {}
    return {name: text.strip() for name, text in found.items() if name}
