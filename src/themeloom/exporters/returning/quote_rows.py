"""The quotes and figures of an exported file, with where each one stands in it."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, cast

from themeloom.base.paths import is_there
from themeloom.domain.errors import ImportFileError
from themeloom.exporters.returning.tables import ReturnedFile, Table
from themeloom.exporters.safety.cells import looks_like_formula
from themeloom.exporters.workbook.columns import (
    EVIDENCE_TABLE,
    EXPORT_ID,
    INSIGHT_ID,
    INSIGHTS_TABLE,
    KEY,
    PROJECT_ID,
    QUOTE,
    QUOTE_END,
    QUOTE_EXCERPT,
    QUOTE_HASH,
    QUOTE_ID,
    QUOTE_INSIGHT,
    QUOTE_RECORD,
    QUOTE_START,
)

#: Formats that carry quotes for people only: nothing in them says which excerpt a quote is.
FOR_PEOPLE: Final = {
    ".html": "a web page",
    ".htm": "a web page",
    ".md": "a Markdown page",
    ".docx": "a Word document",
    ".pdf": "a PDF",
    ".pptx": "a slide deck",
}
_MOST_BYTES = 1 << 29

_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "id": (QUOTE_ID, "quote_id"),
    "insight": (QUOTE_INSIGHT, "insight_id"),
    "quote": (QUOTE, "quote", "text"),
    "record": (QUOTE_RECORD, "record_id"),
    "excerpt": (QUOTE_EXCERPT, "excerpt_id"),
    "start": (QUOTE_START, "start"),
    "end": (QUOTE_END, "end"),
    "hash": (QUOTE_HASH, "hash"),
}
_FIGURES: Final = ("records", "people", "accounts")
_SHORT: Final = re.compile(r"(?:Top quote|Quote \d|Counter-example|Counter quote)", re.IGNORECASE)
_COUNTER: Final = "counter_quote"
_WHOLE: Final = re.compile(rf"quote_\d|{_COUNTER}")


@dataclass(frozen=True, slots=True)
class QuoteRow:
    """One quote as a file has it.

    Attributes:
        place: where it stands, for people: "sheet Evidence, row 12".
        id: of the quote, "" where there is none.
        insight: insight id, "" where it is lost.
        text: the quote.
        record_id: "" where it is lost.
        excerpt_id: "" where it is lost.
        start: first character in the record's text, None where it is lost.
        end: behind its last character.
        hash: of the quote when it was written, "" where it is lost.
        named: whether the file names the excerpts of its quotes at all.
        counter: whether it is known to speak against its insight.
    """

    place: str
    id: str
    insight: str
    text: str
    record_id: str = ""
    excerpt_id: str = ""
    start: int | None = None
    end: int | None = None
    hash: str = ""
    named: bool = True
    counter: bool = False


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure of an insight as a file has it; ``told`` is None where it is no number."""

    place: str
    insight: str
    name: str  # "records", "people", "accounts"
    told: int | None


@dataclass(frozen=True)
class Exported:
    """What a file holds that can be checked.

    Attributes:
        file: its name.
        quotes: whole ones.
        shortened: quotes on one line that were cut, in quotation marks, with their place.
        figures: of its insights.
        project_id: of the project that wrote it, "" where the file does not say.
        export_id: of the export, "" where the file does not say.
        period: "2026-07-01..2026-09-30" where the file says so, "" otherwise.
        raw: whether it says that personal data is not masked.
        loses_blanks: tabs and runs of blanks cannot be told apart.
    """

    file: str
    quotes: tuple[QuoteRow, ...]
    shortened: tuple[QuoteRow, ...] = ()
    figures: tuple[FigureRow, ...] = ()
    project_id: str = ""
    export_id: str = ""
    period: str = ""
    raw: bool = False
    loses_blanks: bool = False
    notes: tuple[str, ...] = field(default=())


def read_exported(path: Path) -> Exported:
    """Return the quotes and figures of an exported workbook, JSON or csv file.

    Raises:
        ImportFileError: not readable, or a format whose quotes cannot be found again.
    """
    what = FOR_PEOPLE.get(path.suffix.lower())
    if what is not None and is_there(path):
        raise ImportFileError(
            f"The quotes of {what} cannot be checked: it is made for reading.",
            file=path.name,
            hint="Check the workbook (xlsx), the json or the csv file of the same insights.",
        )
    if path.suffix.lower() == ".json" and is_there(path):
        return _from_json(path)
    return _from_tables(ReturnedFile(path))


def _from_tables(file: ReturnedFile) -> Exported:
    every = [name for names in _NAMES.values() for name in names]
    evidence = file.table(EVIDENCE_TABLE, every, (QUOTE_EXCERPT, QUOTE_HASH, "excerpt_id"), 3)
    insights = file.table(
        INSIGHTS_TABLE, (KEY, INSIGHT_ID, "insight_id", *_FIGURES), (INSIGHT_ID, "insight_id"), 3
    )
    if evidence is not None and insights is not None and insights.sheet == evidence.sheet:
        insights = None
    if evidence is None and insights is None:
        raise ImportFileError(
            "There are no quotes in it that could be found again.",
            file=file.path.name,
            hint="Choose a workbook, or what was exported as json, csv or coded-csv: other tables of Themeloom quote nothing.",
        )
    quotes = _quotes(evidence) if evidence else []
    shortened: list[QuoteRow] = []
    figures: list[FigureRow] = []
    if insights is not None:
        whole, shortened, figures = _of_insights(insights)
        quotes += whole
    return Exported(
        file.path.name,
        tuple(quotes),
        tuple(shortened),
        tuple(figures),
        project_id=file.properties.get(PROJECT_ID, ""),
        export_id=file.properties.get(EXPORT_ID, ""),
        raw=file.properties.get("Personal data") == "raw",
        loses_blanks=file.loses_blanks,
        notes=()
        if evidence is not None or file.sheets == (None,)
        else ("There is no sheet Evidence any more: only shortened quotes were checked.",),
    )


def _quotes(table: Table) -> list[QuoteRow]:
    places = {name: _place(table, headers) for name, headers in _NAMES.items()}
    if places["quote"] is None:
        return []
    found: list[QuoteRow] = []
    for number, cells in enumerate(table.rows, table.first_row):

        def said(name: str, cells: Sequence[str | None] = cells) -> str:
            place = places[name]
            return (cells[place] or "") if place is not None else ""

        if not any(said(name).strip() for name in ("quote", "excerpt", "record", "id")):
            continue
        found.append(
            QuoteRow(
                _where(table, number),
                said("id").strip(),
                said("insight").strip(),
                _unguarded(said("quote")),
                said("record").strip(),
                said("excerpt").strip(),
                _whole(said("start")),
                _whole(said("end")),
                said("hash").strip(),
            )
        )
    return found


def _of_insights(table: Table) -> tuple[list[QuoteRow], list[QuoteRow], list[FigureRow]]:
    whole: list[QuoteRow] = []
    shortened: list[QuoteRow] = []
    figures: list[FigureRow] = []
    own = _place(table, ("insight_id", INSIGHT_ID))
    for number, cells in enumerate(table.rows, table.first_row):
        insight = (cells[own] or "").strip() if own is not None else ""
        if not insight:
            continue
        where = _where(table, number)
        for header, cell in zip(table.headers, cells, strict=True):
            if header.casefold() in _FIGURES:
                figures.append(FigureRow(where, insight, header.casefold(), _whole(cell or "")))
            elif not cell:
                continue
            elif _WHOLE.fullmatch(header):
                at = f"{where}, {header}"
                counter = header == _COUNTER
                text = _unguarded(cell)
                whole.append(QuoteRow(at, "", insight, text, named=False, counter=counter))
            elif _SHORT.fullmatch(header):
                at = f"{where}, {header}"
                shortened.append(QuoteRow(at, "", insight, _unguarded(cell), named=False))
    return whole, shortened, figures


def _from_json(path: Path) -> Exported:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ImportFileError(
                "The file is larger than 500 MB.",
                file=path.name,
                hint="Export fewer insights at once.",
            )
        whole: Any = json.loads(path.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise ImportFileError(
            "This is no JSON that can be read.", file=path.name, hint="Export it again."
        ) from None
    told = _mapping(whole)
    insights = told.get("insights")
    if not isinstance(insights, list):
        raise ImportFileError(
            "There are no insights in it.",
            file=path.name,
            hint="Choose a json file that Themeloom wrote.",
        )
    quotes: list[QuoteRow] = []
    figures: list[FigureRow] = []
    for one in map(_mapping, cast(list[object], insights)):
        insight = str(one.get("id") or "")
        for name in _FIGURES:
            value = one.get(name)
            number = value if isinstance(value, int) else _mapping(value).get("n")
            number = number if isinstance(number, int) else None
            figures.append(FigureRow(f"insight {insight}", insight, name, number))
        evidence = one.get("evidence")
        for at, quote in enumerate(
            map(_mapping, cast(list[object], evidence) if isinstance(evidence, list) else []), 1
        ):
            start, end = quote.get("start"), quote.get("end")
            quotes.append(
                QuoteRow(
                    f"insight {insight}, quote {at}",
                    str(quote.get("id") or ""),
                    insight,
                    str(quote.get("quote") or ""),
                    str(quote.get("record_id") or ""),
                    str(quote.get("excerpt_id") or ""),
                    start if isinstance(start, int) else None,
                    end if isinstance(end, int) else None,
                    str(quote.get("hash") or ""),
                )
            )
    return Exported(
        path.name,
        tuple(quotes),
        (),
        tuple(figures),
        project_id=str(_mapping(told.get("project")).get("id") or ""),
        export_id=str(told.get("export_id") or ""),
        period=str(_mapping(told.get("period")).get("chosen") or ""),
        raw=told.get("personal_data") == "raw",
    )


def _mapping(value: object) -> Mapping[str, object]:
    return cast(Mapping[str, object], value) if isinstance(value, dict) else {}


def _place(table: Table, headers: Sequence[str]) -> int | None:
    for header in headers:
        for place in table.places(header):
            return place
    return None


def _where(table: Table, row: int) -> str:
    return f"sheet {table.sheet}, row {row}" if table.sheet else f"row {row}"


def _unguarded(text: str) -> str:
    """Leave out the ``'`` that keeps a text from being taken for a formula."""
    return text[1:] if text.startswith("'") and looks_like_formula(text[1:]) else text


def _whole(cell: str) -> int | None:
    try:
        number = float(cell.replace(",", "").replace("\u00a0", ""))
    except ValueError:
        return None
    return int(number) if number.is_integer() else None
