"""Rows pasted from a spreadsheet: a file like any other, with a name that says where it is from."""

import csv
import io
import re
import tempfile
from collections.abc import Sequence
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path

from themeloom.domain.errors import ImportFileError

_NAME = "Pasted rows"
_FILE = re.compile(rf"({_NAME} \d{{4}}-\d\d-\d\d \d\d)\.(\d\d)(?: \((\d+)\))?\.tsv")
_FOLDER = "themeloom-pasted-"


def pasted_table(content: str, folder: Path | None = None, *, now: datetime) -> Path:
    """Write pasted rows to a file that can be imported and return its path.

    Args:
        content: what the clipboard holds: a table as HTML, or text with tabs between cells and
            quotation marks around cells with line breaks, as spreadsheets write it.
        folder: where the file goes; a new temporary folder when not given.
        now: local time, for the name: "Pasted rows 2026-11-26 14:05".

    Raises:
        ImportFileError: nothing that looks like rows.
    """
    markup = _MARKUP.match(content)
    rows = _html_rows(content) if markup else _text_rows(content)
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    if not rows:
        raise ImportFileError(
            "The clipboard holds no rows.",
            file=_NAME,
            hint="Select rows in a spreadsheet, copy them, and paste again.",
        )
    width = max(map(len, rows))
    text = io.StringIO(newline="")
    writer = csv.writer(text, dialect="excel-tab", lineterminator="\n")
    writer.writerows([*row, *[""] * (width - len(row))] for row in rows)
    home = folder or Path(tempfile.mkdtemp(prefix=_FOLDER))
    path = _free(home, f"{_NAME} {now:%Y-%m-%d %H.%M}")
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    return path


def shown_name(file: str) -> str:
    """Return a file's name for people: that of pasted rows has a colon, which no file can have."""
    match = _FILE.fullmatch(file)
    if match is None:
        return file
    again = f" ({match[3]})" if match[3] else ""
    return f"{match[1]}:{match[2]}{again}"


def is_pasted(file: str) -> bool:
    """Whether a file was made of pasted rows: it cannot be read again."""
    return _FILE.fullmatch(file) is not None


#: Cells themselves can hold tags: only what begins with one is HTML as programs copy it.
_MARKUP = re.compile(
    r"\s*<(?:!doctype|!--|html|head|body|meta|style|table|google-sheets|div|p|span|b|br)\b",
    re.IGNORECASE,
)


def _free(folder: Path, stem: str) -> Path:
    path = folder / f"{stem}.tsv"
    number = 2
    while path.exists():
        path = folder / f"{stem} ({number}).tsv"
        number += 1
    return path


def _text_rows(content: str) -> list[list[str]]:
    """Read cells parted by tabs. A quotation mark that opens nothing is a mark like any other."""
    plain = content.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    if "\t" not in plain and '"' not in plain:
        return [[line] for line in plain.split("\n")]
    balanced = all(cell.count('"') % 2 == 0 for cell in re.split(r"\t", plain))
    quoting = csv.QUOTE_MINIMAL if balanced else csv.QUOTE_NONE
    csv.field_size_limit(0x7FFF_FFFF)
    return list(csv.reader(io.StringIO(plain, newline=""), delimiter="\t", quoting=quoting))


def _html_rows(content: str) -> Sequence[list[str]]:
    parser = _Table()
    parser.feed(content)
    parser.close()
    return parser.rows or [[line] for line in parser.lines()]


class _Table(HTMLParser):
    """Reads the cells of all rows; merged cells give empty ones beside or below them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self._cell: list[str] | None = None
        self._outside: list[str] = []  # what stands in no cell: copied text without a table
        self._hidden = 0
        self._span = 1
        self._below: dict[int, int] = {}  # column → rows that a cell above still covers
        self._rowspan = 1

    def lines(self) -> list[str]:
        """Return the text outside of cells, line by line."""
        lines = "".join(self._outside).replace("\u00a0", " ").split("\n")
        return [line.strip() for line in lines if line.strip()]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("style", "script", "title"):
            self._hidden += 1
        elif tag in _BLOCKS and self._cell is None:
            self._outside.append("\n")
        if tag == "tr":
            self._end_cell()
            self.rows.append([])
            self._fill_covered()
        elif tag in ("td", "th"):
            self._end_cell()
            given = dict(attrs)
            self._span = _number(given.get("colspan"))
            self._rowspan = _number(given.get("rowspan"))
            self._cell = []
        elif tag in _BLOCKS and self._cell:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("style", "script", "title"):
            self._hidden = max(0, self._hidden - 1)
        if tag in ("td", "th", "tr", "table"):
            self._end_cell()

    def handle_data(self, data: str) -> None:
        # Line breaks of the source are spaces; those that count are written as <br>.
        plain = re.sub(r"[ \t\r\n\f]+", " ", data)
        if self._hidden == 0:
            (self._outside if self._cell is None else self._cell).append(plain)

    def _end_cell(self) -> None:
        if self._cell is None:
            return
        lines = "".join(self._cell).replace("\u00a0", " ").split("\n")
        text = "\n".join(line.strip() for line in lines).strip()
        self._cell = None
        if not self.rows:
            self.rows.append([])
        row = self.rows[-1]
        for number in range(self._span):
            if self._rowspan > 1:
                self._below[len(row)] = self._rowspan - 1
            row.append("" if number else text)
        self._fill_covered()

    def _fill_covered(self) -> None:
        row = self.rows[-1]
        while (left := self._below.get(len(row), 0)) > 0 and self._cell is None:
            if left == 1:
                del self._below[len(row)]
            else:
                self._below[len(row)] = left - 1
            row.append("")


_BLOCKS = frozenset({"br", "p", "div", "li"})


def _number(text: str | None) -> int:
    """Return a span; nonsense counts as 1, and no table is wider than a spreadsheet."""
    return min(max(int(text), 1), 1_000) if text and text.strip().isdigit() else 1
