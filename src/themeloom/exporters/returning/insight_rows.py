"""The rows of insights in an edited workbook, with what stands in the columns that come back."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from themeloom.domain.errors import ImportFileError
from themeloom.domain.insights import Field
from themeloom.exporters.returning.tables import Cells, ReturnedFile, Table, fold
from themeloom.exporters.returning.words import Unknown, plain, value_of
from themeloom.exporters.workbook.columns import (
    EXPORT_ID,
    HEADERS,
    INSIGHT_ID,
    INSIGHTS_TABLE,
    KEY,
    PROJECT_ID,
    REVISION,
)
from themeloom.importers.grid import column_letters

#: What was written of an insight: name of a value (``Field`` and others) → text.
WrittenValues = Mapping[str, str]

#: Headers by which the table is told from others where its name is gone.
_WANTED: Final = (KEY, REVISION, INSIGHT_ID, *HEADERS.values(), "Statement", "Records")
_TELLING: Final = (KEY, INSIGHT_ID)
_LEAST = 5

#: Columns of the sheet that do not come back: never taken for a renamed one.
_OURS: Final = re.compile(
    r"area|group|theme|statement|type|trend|trend in words|urgency|confidence|coverage note|due"
    r"|why this \w+|top quote|quote \d|stands out in|note from the sender|links"
    r"|since the words were written|(?:people|accounts|revenue) known|accounts|people"
    r"|revenue of accounts|largest account|share of .+|impact on .+|.+ impact|.+: answers|.+ before"
    r"|nps|average .+"
)

#: A renamed column is known by its cells: so many have to say what was written into them. Two whole
#: sentences tell more than many words that stand in other columns, too.
_SAME_SHARE, _SAME_LEAST = 0.6, 2
_SENTENCE = 16  # characters
_SAME_SENTENCES = 0.2


@dataclass(frozen=True, slots=True)
class InsightRow:
    """One row under the header that says anything.

    Attributes:
        row: as a person sees it.
        key: hidden key, "" where it is lost.
        id: insight id, "" where it is lost.
        revision: hidden mark of what was written, "" where it is lost.
        cells: field → text of its cell, "" where it is empty; only columns that are there.
        closed: header → text of its cell, of the columns that do not come back.
    """

    row: int
    key: str
    id: str
    revision: str
    cells: Mapping[Field, str]
    closed: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class Returned:
    """An edited workbook, or one sheet of it as csv.

    Attributes:
        file: its name.
        sheet: the sheet that was read; None for csv.
        project_id: of the project that wrote it; "" where the file does not say.
        export_id: of the export; "" where the file does not say.
        rows: in the order of the sheet.
        headers: field → header of the column that was read for it.
        letters: header of a column that does not come back → its letters, "AB".
        unknown: headers of columns that were not written by an export.
        notes: what to tell the person, one sentence each.
        loses_blanks: tabs and runs of blanks cannot be told apart.
    """

    file: str
    sheet: str | None
    project_id: str
    export_id: str
    rows: tuple[InsightRow, ...]
    headers: Mapping[Field, str]
    unknown: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    loses_blanks: bool = False
    letters: Mapping[str, str] = field(default_factory=dict[str, str])

    def place(self, header: str, row: int) -> str:
        """Return where a cell stands, for people: "sheet Insights, cell AB7"."""
        cell = f"cell {self.letters.get(header, '')}{row}"
        return f"sheet {self.sheet}, {cell}" if self.sheet else cell


def read_insights(
    file: ReturnedFile,
    written: Callable[[str, str, str], WrittenValues] = lambda _key, _id, _revision: {},
    columns: Mapping[Field, str] | None = None,
) -> Returned:
    """Return the rows of the table of insights.

    Args:
        file: what came back.
        written: key, insight id, revision → what was written of that insight. A renamed column is
            known again by what stands in it.
        columns: field → header, where a person pointed at a column.

    Raises:
        ImportFileError: there is no such table.
    """
    table = file.table(INSIGHTS_TABLE, _WANTED, _TELLING, _LEAST)
    if table is None:
        raise ImportFileError(
            "There is no table of insights in it.",
            file=file.path.name,
            hint="Choose the workbook that Themeloom wrote, with the sheet Insights.",
        )
    return rows_of(
        table,
        file.path.name,
        written,
        columns or {},
        properties=file.properties,
        loses_blanks=file.loses_blanks,
    )


def rows_of(
    table: Table,
    name: str,
    written: Callable[[str, str, str], WrittenValues],
    columns: Mapping[Field, str],
    *,
    properties: Mapping[str, str],
    loses_blanks: bool = False,
) -> Returned:
    """Return the rows of ``table``; arguments as of ``read_insights``."""
    hidden = {header: _one(table, header) for header in (KEY, INSIGHT_ID, REVISION)}

    def told(cells: Cells, header: str) -> str:
        place = hidden[header]
        return (cells[place] or "").strip() if place is not None else ""

    marks = [
        (told(cells, KEY), told(cells, INSIGHT_ID), told(cells, REVISION)) for cells in table.rows
    ]
    sorting = _Columns(table, columns)
    sorting.find_renamed([written(*mark) for mark in marks])
    places = sorting.places
    closed = sorting.closed()
    rows: list[InsightRow] = []
    for number, (mark, cells) in enumerate(zip(marks, table.rows, strict=True), table.first_row):
        said = {known: cells[place] or "" for known, place in places.items()}
        if any(mark[:2]) or any(text.strip() for text in said.values()):
            others = {header: cells[place] or "" for header, place in closed.items()}
            rows.append(InsightRow(number, *mark, said, others))
    notes = list(sorting.notes)
    added = [table.headers[place] for place in sorting.strangers() if sorting.is_filled(place)]
    if added:
        notes.append(
            f"Columns were added that no export wrote, and nothing of them is taken over: "
            f"{', '.join(added)}. What should stay has to stand in “{HEADERS[Field.NOTES]}”."
        )
    if table.others:
        notes.append(
            f"Only the sheet “{table.sheet}” was read, not its likes: {', '.join(table.others)}."
        )
    return Returned(
        name,
        table.sheet,
        properties.get(PROJECT_ID, ""),
        properties.get(EXPORT_ID, ""),
        tuple(rows),
        {known: table.headers[place] for known, place in places.items()},
        tuple(table.headers[place] for place in sorting.strangers()),
        tuple(notes),
        loses_blanks,
        {header: column_letters(place) for header, place in closed.items()},
    )


def _one(table: Table, header: str) -> int | None:
    return next(iter(table.places(header)), None)


@dataclass
class _Columns:
    """Which column is which field."""

    table: Table
    chosen: Mapping[Field, str]
    places: dict[Field, int] = field(default_factory=dict[Field, int])
    notes: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        self._twice: set[Field] = set()
        for known, header in HEADERS.items():
            wanted = self.chosen.get(known, header)
            found = self.table.places(wanted)
            if len({self._content(place) for place in found}) > 1:
                self._twice.add(known)
                self.notes.append(
                    f"Two columns are called “{wanted}” and differ: nothing was read of them."
                )
            elif found:
                self.places[known] = found[0]
            elif known in self.chosen:
                self.notes.append(f"There is no column “{wanted}”.")

    def find_renamed(self, written: Sequence[WrittenValues]) -> None:
        """Know columns of other names by what stands in them; the rest is told in ``notes``."""
        for known, header in HEADERS.items():
            if known in self.places or known in self._twice:
                continue
            fitting = [
                place for place in self.strangers() if self._was_written(known, place, written)
            ]
            if len(fitting) == 1:
                self.places[known] = fitting[0]
                now = self.table.headers[fitting[0]]
                self.notes.append(
                    f"The column “{now}” was taken for “{header}”: it holds the same."
                )
            else:
                self.notes.append(f"There is no column “{header}”: nothing was read of it.")

    def strangers(self) -> list[int]:
        """Return the columns that no export wrote under this name."""
        taken = set(self.places.values())
        ours = {fold(header) for header in _WANTED}
        return [
            place
            for place, header in enumerate(self.table.headers)
            if header
            and place not in taken
            and fold(header) not in ours
            and not _OURS.fullmatch(fold(header))
        ]

    def closed(self) -> dict[str, int]:
        """Return header → column of those that are no field and tell no row."""
        taken = {*self.places.values()}
        hidden = {fold(header) for header in (KEY, INSIGHT_ID, REVISION)}
        found: dict[str, int] = {}
        for place, header in enumerate(self.table.headers):
            if header and place not in taken and fold(header) not in hidden:
                found.setdefault(header, place)
        return found

    def is_filled(self, place: int) -> bool:
        """Return whether anything stands in a column."""
        return any((cell or "").strip() for cell in self._content(place))

    def _content(self, place: int) -> Cells:
        return tuple(row[place] for row in self.table.rows)

    def _was_written(self, known: Field, place: int, written: Sequence[WrittenValues]) -> bool:
        full = same = 0
        sentences: set[str] = set()
        for values, cell in zip(written, self._content(place), strict=True):
            was = values.get(known, "")
            if not was:
                continue
            full += 1
            if _alike(known, was, cell or ""):
                same += 1
                if len(was) >= _SENTENCE:
                    sentences.add(was)
        share = _SAME_SENTENCES if len(sentences) >= _SAME_LEAST else _SAME_SHARE
        return same >= _SAME_LEAST and same >= share * full


def _alike(known: Field, was: str, cell: str) -> bool:
    try:
        return value_of(known, was) == value_of(known, cell)
    except Unknown:
        return plain(known, was) == plain(known, cell)
