"""Sources and records: their kinds, how table columns map to them, and what an import reports."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import cast


class Kind(StrEnum):
    """What a source holds."""

    TICKET = "ticket"
    NPS = "nps"
    INTERVIEW = "interview"
    CALL = "call"
    OTHER = "other"

    @property
    def word(self) -> str:
        """The word for one of them on screens."""
        return {
            Kind.TICKET: "ticket",
            Kind.NPS: "NPS answer",
            Kind.INTERVIEW: "interview",
            Kind.CALL: "call",
            Kind.OTHER: "other record",
        }[self]

    @property
    def plural(self) -> str:
        """The word for several of them on screens and sheets."""
        return {
            Kind.TICKET: "tickets",
            Kind.NPS: "NPS answers",
            Kind.INTERVIEW: "interviews",
            Kind.CALL: "calls",
            Kind.OTHER: "other records",
        }[self]


class Role(StrEnum):
    """What a table column is for."""

    TEXT = "text"
    SUBJECT = "subject"
    ID = "id"
    DATE = "date"
    SCORE = "score"
    AUTHOR = "author"
    EMAIL = "email"
    ACCOUNT = "account"
    SEGMENT = "segment"
    FIELD = "field"  # kept with the record, not used in numbers
    IGNORE = "ignore"


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Which columns of a table play which role. Names are headers as they stand in the file."""

    text: tuple[str, ...] = ()
    subject: str | None = None
    id: str | None = None
    date: str | None = None
    score: str | None = None
    author: str | None = None
    email: str | None = None
    account: str | None = None
    segments: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()


class About(StrEnum):
    """Whose product a source speaks of."""

    US = "us"
    COMPETITOR = "competitor"


class DateOrder(StrEnum):
    """How dates such as 03/09/2026 are read."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


class Duplicates(StrEnum):
    """What becomes of records that say the same as another one."""

    COUNT_ONCE = "count_once"  # kept, counted once
    KEEP_ALL = "keep_all"  # each of them counts


@dataclass(frozen=True, slots=True)
class SheetChoice:
    """What a person chose for one sheet; None stands for what is recognised.

    Attributes:
        include: whether it is imported at all.
        kind: what its rows are.
        profile: the tool's layout.
        about: us or a competitor.
        header_row: 1-based row that holds the column names, 0 for none.
        roles: header → role, of all columns.
        dates: how ambiguous dates are read.
        duplicates: what becomes of copies.
        own_ids: ids count within the sheet only, as the sheets of one workbook can repeat them.
    """

    include: bool = True
    kind: Kind | None = None
    profile: str | None = None
    about: About = About.US
    header_row: int | None = None
    roles: Mapping[str, Role] | None = None
    dates: DateOrder | None = None
    duplicates: Duplicates = Duplicates.COUNT_ONCE
    own_ids: bool = False

    def as_mapping(self) -> dict[str, object]:
        """Return what JSON can hold; ``from_mapping`` reads it back."""
        return {
            "include": self.include,
            "kind": self.kind,
            "profile": self.profile,
            "about": str(self.about),
            "header_row": self.header_row,
            "roles": dict(self.roles) if self.roles is not None else None,
            "dates": self.dates,
            "duplicates": str(self.duplicates),
            "own_ids": self.own_ids,
        }

    @classmethod
    def from_mapping(cls, saved: Mapping[str, object]) -> "SheetChoice":
        """Return the choice that ``as_mapping`` gave; what is missing stays open.

        Raises:
            ValueError: a word that no version of the program wrote.
        """
        kind, profile, dates = saved.get("kind"), saved.get("profile"), saved.get("dates")
        header_row, roles = saved.get("header_row"), saved.get("roles")
        return cls(
            include=bool(saved.get("include", True)),
            kind=Kind(str(kind)) if kind else None,
            profile=str(profile) if profile else None,
            about=About(str(saved.get("about") or About.US)),
            header_row=header_row if isinstance(header_row, int) else None,
            roles=(
                {str(name): Role(str(role)) for name, role in cast(dict[str, str], roles).items()}
                if isinstance(roles, dict)
                else None
            ),
            dates=DateOrder(str(dates)) if dates else None,
            duplicates=Duplicates(str(saved.get("duplicates") or Duplicates.COUNT_ONCE)),
            own_ids=bool(saved.get("own_ids")),
        )


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What a person asked for on import; everything left out is recognised from the file.

    Attributes:
        kind: for all inputs.
        profile: for all inputs.
        columns: only the overridden roles are set.
        choices: by path of the input (the folder of notes) and sheet (None without sheets).
        only_chosen: sheets without a choice are left out.
    """

    kind: Kind | None = None
    profile: str | None = None
    columns: ColumnMap = field(default_factory=ColumnMap)
    choices: Mapping[tuple[str, str | None], SheetChoice] = field(
        default_factory=dict[tuple[str, str | None], SheetChoice]
    )
    only_chosen: bool = False

    def choice(self, path: str, sheet: str | None) -> SheetChoice:
        """Return what was chosen for a sheet of an input; nothing chosen leaves all open."""
        return self.choices.get((path, sheet)) or SheetChoice(include=not self.only_chosen)


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A row that did not become a record, and why."""

    file: str
    sheet: str | None
    row: int | None  # as a person sees it in a spreadsheet: first row after the header is 2
    reason: str


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one input file. ``read == taken + updated + duplicate + skipped``."""

    file: str
    profile: str | None = None
    kind: Kind | None = None
    read: int = 0
    taken: int = 0
    updated: int = 0
    duplicate: int = 0
    skipped: int = 0
    error: str | None = None
    hint: str | None = None
    warnings: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict[str, str])  # header → role
    cleaning: Mapping[str, int] = field(default_factory=dict[str, int])  # what was set aside → n
    role: str = "records"  # "records", "accounts" or "roster": the latter two are not counted


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, file by file."""

    files: Sequence[FileReport]
    skipped: Sequence[SkippedRow]

    @property
    def taken(self) -> int:
        """Number of new records."""
        return sum(report.taken for report in self.files)

    @property
    def read_nothing(self) -> bool:
        """Whether there were files, and not one of them could be read."""
        return bool(self.files) and all(report.error for report in self.files)
