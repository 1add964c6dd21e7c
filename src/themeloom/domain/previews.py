"""What the import assistant shows before anything is imported. Values that travel between processes."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from themeloom.domain.errors import Complaint
from themeloom.domain.records import DateOrder, Kind, Role


class Shape(StrEnum):
    """What an input is, as the list of files shows it."""

    TABLE = "table"  # one table: csv, tsv, pasted rows
    WORKBOOK = "workbook"  # sheets below the file's name
    NOTE = "note"  # one document or transcript
    FOLDER = "folder"  # the notes of a folder, one source
    UNREADABLE = "unreadable"


class Holds(StrEnum):
    """What a sheet is good for."""

    RECORDS = "records"
    ACCOUNTS = "accounts"  # a list of customer companies
    ROSTER = "roster"  # product areas and who answers for them
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class ColumnPreview:
    """One column of a sheet. ``index`` counts the sheet's columns from 0, blank ones too."""

    index: int
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class DateQuestion:
    """Dates of a column that can be read in two ways, shown by one example."""

    column: str
    example: str  # "03/09/2026", as it stands in the sheet
    day_first: str  # "3 September 2026"
    month_first: str  # "9 March 2026"
    rows: int  # how many dates of the column are like that
    guess: DateOrder


@dataclass(frozen=True, slots=True)
class SheetPreview:
    """One sheet, table, note or folder of notes: what it seems to be.

    Attributes:
        name: of the sheet, or None where the input has no sheets.
        holds: what it is good for; only records become records.
        included: whether it is ticked at first.
        reason: why it is left out, or what else it is taken for; "" where it is taken.
        kind: what its rows are, or None where it holds no records.
        profile: name of the tool's layout ("generic" where none was recognised), or None.
        rows: rows below the header that have content; documents for a note or folder.
        header_row: 1-based row that holds the column names, 0 where there is none.
        first_row: 1-based row of the first data row (some tools write several header rows).
        head: the first rows as they stand, "" for blank cells, all of the same length.
        columns: those with content or a name, in order.
        dates: what to ask about dates, or None.
        notes: what was found while reading, one sentence each.
        by_kind: for notes, how many documents of each kind.
    """

    name: str | None
    holds: Holds
    included: bool
    reason: str = ""
    kind: Kind | None = None
    profile: str | None = None
    rows: int = 0
    header_row: int = 0
    first_row: int = 1
    head: tuple[tuple[str, ...], ...] = ()
    columns: tuple[ColumnPreview, ...] = ()
    dates: DateQuestion | None = None
    notes: tuple[str, ...] = ()
    by_kind: tuple[tuple[Kind, int], ...] = ()


@dataclass(frozen=True, slots=True)
class InputPreview:
    """One file or folder of notes. ``error`` is set where it cannot be read.

    Attributes:
        path: the file, or the folder of ``files``.
        name: as the list shows it: "nps-q3.xlsx", "interviews", "Pasted rows 2026-11-26 14:05".
        shape: what it is.
        files: the notes of a folder, empty otherwise.
        sheets: what is in it; one without a name for everything but workbooks.
        error: what happened and what to do.
    """

    path: Path
    name: str
    shape: Shape
    files: tuple[Path, ...] = ()
    sheets: tuple[SheetPreview, ...] = ()
    error: Complaint | None = None


@dataclass(frozen=True, slots=True)
class RecordCard:
    """One record as it would be imported; ``excerpts`` is 0 where there is no opinion to sort.

    Attributes:
        title: its id in the file, else its place ("row 12").
        meta: "NPS 4 · 3 Sep 2026 · Veldt & Co · Business".
        text: its text, personal data masked ("[EMAIL_1]").
        excerpts: how many pieces of it can carry a theme.
    """

    title: str
    meta: str
    text: str
    excerpts: int


@dataclass(frozen=True, slots=True)
class Trial:
    """What a choice makes of a sheet, at once: columns, dates and the first records.

    Attributes:
        columns: with the roles that count now.
        kind: what its rows are now.
        header_row: as in SheetPreview, with the choice applied.
        first_row: as in SheetPreview, with the choice applied.
        rows: rows below the header that have content.
        cards: the first three records.
        dates: what to ask about dates, or None; also asked where a choice answers it.
        notes: what the person should know about the choice.
        error: why nothing comes of it ("No column holds the text."), or None.
    """

    columns: tuple[ColumnPreview, ...] = ()
    kind: Kind | None = None
    header_row: int = 0
    first_row: int = 1
    rows: int = 0
    cards: tuple[RecordCard, ...] = ()
    dates: DateQuestion | None = None
    notes: tuple[str, ...] = ()
    error: Complaint | None = None


@dataclass(frozen=True, slots=True)
class PersonalSample:
    """One piece of personal data; ``what`` is "e-mail", "phone number", "name" or the like."""

    what: str
    value: str
    place: str  # "row 12"


@dataclass(frozen=True, slots=True)
class PersonalData:
    """How many different addresses, numbers and names were found, with samples from the texts."""

    emails: int = 0
    phones: int = 0
    names: int = 0
    others: int = 0  # bank accounts, cards and keys in web addresses
    samples: tuple[PersonalSample, ...] = ()

    @property
    def total(self) -> int:
        """All of them together."""
        return self.emails + self.phones + self.names + self.others


@dataclass(frozen=True, slots=True)
class SkipReason:
    """Rows that are skipped for one reason; ``places`` names the first of them."""

    reason: str
    rows: int
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Totals:
    """What the whole sheet comes to. ``read == taken + updated + duplicates + skipped rows``.

    Attributes:
        read: rows with content.
        taken: new records that count.
        updated: records that the project has already.
        duplicates: records that say the same as another one; 0 where all are kept.
        skipped: why rows are skipped, most frequent first.
        personal: what was found in texts and columns.
        error: why nothing comes of the sheet, or None.
    """

    read: int = 0
    taken: int = 0
    updated: int = 0
    duplicates: int = 0
    skipped: tuple[SkipReason, ...] = ()
    personal: PersonalData = field(default_factory=PersonalData)
    error: Complaint | None = None
