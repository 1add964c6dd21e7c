"""What goes into a book of insights, and what it holds: plain values, no file format."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import polars as pl

from themeloom.domain.themes import Run


@dataclass(frozen=True)
class BookData:
    """Everything that an export may show. Frames have the schemas of ``domain.frames``.

    ``masker`` maps a series of texts to masked texts, ``mask_name`` a whole name or address to its
    token; ``masker`` is None where the person asked for raw data, and then ``mask_name`` is not
    used either. ``period`` names the days that the records were chosen for; without it the
    records' own dates tell it. ``outside`` and ``undated`` say how many records were left out for
    it. ``created`` is UTC.
    """

    project_name: str
    records: pl.DataFrame
    excerpts: pl.DataFrame
    assignments: pl.DataFrame
    unsorted: pl.DataFrame
    themes: pl.DataFrame
    sources: pl.DataFrame
    skipped: pl.DataFrame
    accounts: pl.DataFrame
    roster: pl.DataFrame
    run: Run | None
    masker: Callable[[pl.Series], pl.Series] | None
    mask_name: Callable[[str | None], str | None]
    period: tuple[date, date] | None
    created: datetime
    version: str
    cleaning: Mapping[str, int] = field(default_factory=dict[str, int])
    project_id: str = ""
    outside: int = 0
    undated: int = 0


@dataclass(frozen=True, slots=True)
class KindBase:
    """How many records of one kind of source count, and how many of them say something."""

    kind: str
    records: int
    base: int


@dataclass(frozen=True, slots=True)
class Share:
    """Records of a theme among those of one kind of source that say something."""

    records: int
    base: int

    @property
    def share(self) -> float:
        """The share, 0…1."""
        return self.records / self.base if self.base else 0.0


@dataclass(frozen=True, slots=True)
class Score:
    """What the records of a theme scored: NPS (−100…100), or the mean of another scale."""

    n: int
    value: float
    promoters: int = 0
    detractors: int = 0

    @property
    def enough(self) -> bool:
        """Whether there are enough answers to show a figure."""
        return self.n >= ENOUGH_SCORES


#: Below this many answers a score says little: words stand in its place.
ENOUGH_SCORES = 10


@dataclass(frozen=True, slots=True)
class Insight:
    """One theme as a product manager gets it."""

    id: str  # IN-001: the theme's own number, survives renames
    theme_id: str
    title: str
    area: str  # title of the group, "" where there is none
    statement: str
    records: int
    people: int
    people_known: int  # of ``records``
    accounts: int
    accounts_known: int  # of ``records``
    revenue: float | None
    revenue_known: int  # of ``accounts``
    shares: Mapping[str, Share]  # by kind; all kinds of the book
    scores: Mapping[str, Score]  # by kind of score; absent where nobody scored
    quotes: tuple[str, ...]  # up to three, shortened, in quotation marks, with locator


@dataclass(frozen=True, slots=True)
class Evidence:
    """One quote behind an insight; ``quote`` is exact but for mask tokens."""

    id: str
    insight_id: str
    theme_id: str
    theme: str
    quote: str
    source: str
    kind: str  # word for people
    date: datetime | None
    person: str | None
    account: str | None
    score: float | None
    locator: str
    record_id: str
    excerpt_id: str
    short: str  # the quote on one line, cut when long, in quotation marks, with its place


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """One line of the theme tree, parents before their children."""

    theme_id: str
    depth: int  # 0 = at the top
    level: str
    title: str
    definition: str
    key_phrases: str
    records: int
    excerpts: int
    share: float  # of all excerpts that carry a theme, 0…1
    status: str
    quotes: int
    insight_id: str | None


@dataclass(frozen=True, slots=True)
class Grid:
    """A small table on the page ``Read me``. ``links`` maps a row to the sheet it leads to."""

    header: tuple[str, ...]
    rows: tuple[tuple[str | int, ...], ...]
    links: Mapping[int, str] = field(default_factory=dict[int, str])


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of the page ``Read me`` with what stands under it."""

    heading: str
    lines: tuple[str, ...] = ()
    grid: Grid | None = None
    more: tuple[str, ...] = ()  # lines under the table


@dataclass(frozen=True)
class Book:
    """The content of an insight workbook."""

    project_name: str
    title: str
    summary: str
    privacy: str  # one sentence: masked or raw
    masked: bool
    page: tuple[Section, ...]
    kinds: tuple[KindBase, ...]
    score_kinds: tuple[str, ...]
    insights: tuple[Insight, ...]
    evidence: tuple[Evidence, ...]
    themes: tuple[ThemeRow, ...]
    records: pl.DataFrame  # columns of ``insights.record_table``
    owners: tuple[str, ...]  # people to choose from as owner
    created: datetime
    version: str
    properties: Mapping[str, str]  # ids by which an edited workbook finds its project again
