"""A look into packed workbooks and documents before a reader that cannot defend itself opens them.

The reader for workbooks lays out the whole rectangle that the used cells span and aborts the
process when memory does not suffice; one stray cell at the sheet's far corner is enough. The
extent is therefore counted from the cells themselves, never from what the file claims.
"""

import lzma
import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

from themeloom.domain.errors import ImportFileError

MAX_ENTRIES = 10_000
MAX_INFLATED = 1 << 30  # bytes, all parts together
MAX_RATIO = 250  # to 1, for parts above 50 MB
MAX_CELLS = 50_000_000  # rows × columns of one sheet
MAX_ROWS = 1_048_576

_CHUNK = 1 << 20
_OVERLAP = 64  # an attribute may lie across two chunks
#: Letters of columns beyond Z, numbers of rows, and of cells that name a far row of their own.
#: One pattern each for how programs write references and for what XML allows besides.
_REFERENCE = (
    rb"""(?:([A-Z]{2,3})(?:[0-9]{1,5}["']|([0-9]{6,7}))|([0-9]{1,7})["']|[A-Z]([0-9]{6,7})["'])"""
)
_USUAL = re.compile(rb' r="' + _REFERENCE)
_UNUSUAL = re.compile(rb"""\sr\s*=\s*["']""" + _REFERENCE)
_UNUSUAL_SIGNS = (b" r='", b" r =", b"\nr=", b"\tr=", b"\rr=")  # three times slower to match
#: What unpacking a damaged part raises.
UNPACKING = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
)
_SPLIT = "Split it into smaller files, or delete what is not feedback."


@dataclass(frozen=True, slots=True)
class Extent:
    """Rows and columns that a sheet's cells span at most, counted from A1."""

    part: str
    rows: int
    columns: int

    @property
    def cells(self) -> int:
        """Rows × columns."""
        return self.rows * self.columns


def check_package(path: Path) -> None:
    """Refuse a zip package that would explode.

    Raises:
        ImportFileError: too many or too large parts, packed too tightly, odd paths, damaged.
    """
    with _opened(path) as archive:
        entries = archive.infolist()
        total = sum(entry.file_size for entry in entries)
        if len(entries) > MAX_ENTRIES or total > MAX_INFLATED:
            raise ImportFileError(
                f"The file unpacks to {total / 1e6:,.0f} MB in {len(entries):,} parts, "
                "more than can be read safely.",
                file=path.name,
                hint=_SPLIT,
            )
        for entry in entries:
            if ".." in entry.filename.replace("\\", "/").split("/"):
                raise _suspicious(path, "a part points outside of the file")
            if entry.flag_bits & 1:
                raise protected(path.name)
            packed = max(entry.compress_size, 1)
            if entry.file_size > 50_000_000 and entry.file_size / packed > MAX_RATIO:
                raise _suspicious(path, "a part is packed far too tightly")
            if entry.filename.lower().endswith((".xml", ".rels")):
                _refuse_doctype(path, archive, entry)


def sheet_extents(path: Path) -> list[Extent]:
    """Return the true extent of each worksheet of an xlsx file.

    Raises:
        ImportFileError: a part cannot be unpacked.
    """
    with _opened(path) as archive:
        return [
            _extent(path, archive, entry)
            for entry in archive.infolist()
            if re.fullmatch(r"/?xl/worksheets/[^/]+\.xml", entry.filename, re.IGNORECASE)
        ]


def check_open_document(path: Path) -> None:
    """Refuse an ods file whose repeated cells would fill the memory.

    Raises:
        ImportFileError: a sheet spans more than ``MAX_CELLS`` cells, or the content is damaged.
    """
    counter = _RepeatCounter()
    with _opened(path) as archive:
        try:
            if b"encryption-data" in archive.read("META-INF/manifest.xml"):
                raise protected(path.name)
            with archive.open("content.xml") as part:
                parser = expat.ParserCreate()
                parser.StartElementHandler = counter.start
                parser.EndElementHandler = counter.end
                while chunk := part.read(_CHUNK):
                    parser.Parse(chunk, False)
                    if counter.largest > MAX_CELLS:
                        raise too_far(path.name, None)
        except (KeyError, expat.ExpatError, *UNPACKING):
            raise damaged(path.name) from None


def too_far(name: str, sheet: str | None) -> ImportFileError:
    """Return the error for a sheet that spans more cells than can be laid out."""
    return ImportFileError(
        "The sheet spans more cells than can be read.",
        file=name,
        place=f"sheet “{sheet}”" if sheet else None,
        hint="Copy the rows with feedback to a new workbook and import that.",
    )


def protected(name: str) -> ImportFileError:
    """Return the error for a file that needs a password."""
    return ImportFileError(
        "The file is protected with a password.",
        file=name,
        hint="Open it with the password and save a copy without one.",
    )


def damaged(name: str, detail: str = "") -> ImportFileError:
    """Return the error for a file whose inside cannot be read."""
    return ImportFileError(
        f"The file is damaged and cannot be read{f' ({detail})' if detail else ''}.",
        file=name,
        hint="Open it in a spreadsheet or word program, save it anew, and import that.",
    )


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise damaged(path.name) from None


def _suspicious(path: Path, what: str) -> ImportFileError:
    return ImportFileError(
        f"The file was not opened, for safety: {what}.",
        file=path.name,
        hint="Open it in a spreadsheet program, save it anew, and import that.",
    )


def _refuse_doctype(path: Path, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Document types (and the entity bombs in them) have no place in office files."""
    try:
        with archive.open(entry) as part:
            head = part.read(4096)
    except UNPACKING:
        raise damaged(path.name) from None
    if b"<!DOCTYPE" in head.replace(b"\0", b""):
        raise _suspicious(path, "its XML declares entities")


def _extent(path: Path, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Extent:
    letters: set[bytes] = set()
    last_row = 0
    try:
        with archive.open(entry) as part:
            tail = b""
            pattern = None
            while chunk := part.read(_CHUNK):
                window = tail + chunk
                if pattern is None:  # a program writes all its references in one way
                    unusual = any(sign in window for sign in _UNUSUAL_SIGNS)
                    pattern = _UNUSUAL if unusual else _USUAL
                found = set(pattern.findall(window))
                letters.update(column for column, *_ in found)
                rows = (int(one or two or three or 0) for _, one, two, three in found)
                last_row = max(last_row, *rows, 0)
                tail = window[-_OVERLAP:]
    except UNPACKING:
        raise damaged(path.name) from None
    columns = max(_LETTERS, *(_column_number(name) for name in letters), 0)
    return Extent(entry.filename, min(last_row, MAX_ROWS), columns)


_LETTERS = 26  # columns with one letter are not told apart: so many always count


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


class _RepeatCounter:
    """Adds up rows × columns of each table, repetitions counted, empty tails not."""

    def __init__(self) -> None:
        self.largest = 0
        self._rows = 0
        self._row_repeat = 1
        self._column = 0
        self._used_columns = 0
        self._widest = 0
        self._filled = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table:table":
            self._rows = self._widest = 0
        elif name == "table:table-row":
            self._row_repeat = _repeat(attributes, "table:number-rows-repeated")
            self._column = self._used_columns = 0
            self._filled = False
        elif name in ("table:table-cell", "table:covered-table-cell"):
            self._column += _repeat(attributes, "table:number-columns-repeated")
            if "office:value-type" in attributes:
                self._use()
        elif name == "text:p":
            self._use()

    def end(self, name: str) -> None:
        if name == "table:table-row":
            self._rows += self._row_repeat
            if self._filled:
                self._widest = max(self._widest, self._used_columns)
                self.largest = max(self.largest, self._rows * self._widest)

    def _use(self) -> None:
        self._filled = True
        self._used_columns = self._column


def _repeat(attributes: dict[str, str], name: str) -> int:
    value = attributes.get(name, "1")
    return int(value) if value.isdigit() and len(value) < 10 else 1
