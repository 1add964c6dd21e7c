"""What goes into a book of insights, and what it holds: plain values, no file format."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

import polars as pl

from themeloom.analytics.numbers import Basis, ThemeNumbers
from themeloom.base.figures import percent
from themeloom.domain.frames import INSIGHT_FIELDS, empty
from themeloom.domain.insights import Delivery, Direction, Field, Link, PmStatus, Stage
from themeloom.domain.themes import Run


@dataclass(frozen=True)
class BookData:
    """Everything that an export may show. Frames have the schemas of ``domain.frames``.

    ``masker`` maps a series of texts to masked texts, ``mask_name`` a whole name or address to its
    token, ``mask_account`` an account and ``mask_file`` the name of a file; ``masker`` is None where
    the person asked for raw data, and then none of them is used. ``period`` names the days that the
    records were chosen for; without it the records' own dates tell it. ``outside`` and ``undated``
    say how many records were left out for it. ``created`` is UTC.
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
    mask_account: Callable[[str], str]
    period: tuple[date, date] | None
    created: datetime
    version: str
    cleaning: Mapping[str, int] = field(default_factory=dict[str, int])
    project_id: str = ""
    outside: int = 0
    undated: int = 0
    basis: Basis | None = None  # everything, whatever the period; None: made of the frames above
    fields: pl.DataFrame = field(default_factory=lambda: empty(INSIGHT_FIELDS))
    choices: Mapping[str, str] = field(default_factory=dict[str, str])
    deliveries: tuple[Delivery, ...] = ()  # with values, oldest first
    only: str = ""  # a PM or a product area: insights of others are left out
    chosen: frozenset[str] = frozenset()  # insight ids: only these; empty for all
    delivery_id: str = ""  # of the file that is being written
    own_quotes: frozenset[str] = frozenset()  # theme ids whose quotes a person chose
    redirects: Mapping[str, str | None] = field(default_factory=dict[str, str | None])
    # ^ merged themes → the one that they are part of, deleted ones → None
    mask_file: Callable[[str], str] | None = None  # None: names of files are masked as texts
    delivery_kind: str = "export"  # as in ``Delivery``: what changed is told since the last of it

    def awaits_search(self, coverage: float) -> bool:
        """Return whether themes have not been looked for, by anybody.

        A ``coverage`` of 0 % would read as a bad result of a search that nobody has made.
        """
        return self.run is None and not coverage


@dataclass(frozen=True, slots=True)
class KindBase:
    """How many records of one kind of source count, and how many of them say something."""

    kind: str
    records: int
    base: int


@dataclass(frozen=True, slots=True)
class Share:
    """Records of a theme among those of one kind of source that say something.

    ``low`` and ``high`` are the 90 % interval of the share; ``before`` is the share in the period
    before, None without one.
    """

    records: int
    base: int
    low: float | None = None
    high: float | None = None
    before: float | None = None

    @property
    def share(self) -> float:
        """The share, 0…1."""
        return self.records / self.base if self.base else 0.0


@dataclass(frozen=True, slots=True)
class Score:
    """What the records of a theme scored: NPS (−100…100), or the mean of another scale.

    ``low`` and ``high`` are its 90 % interval, None where there is none.
    """

    n: int
    value: float
    promoters: int = 0
    detractors: int = 0
    low: float | None = None
    high: float | None = None

    @property
    def enough(self) -> bool:
        """Whether there are enough answers to show a figure."""
        return self.n >= ENOUGH_SCORES


#: Below this many answers a score says little: words stand in its place.
ENOUGH_SCORES = 10


@dataclass(frozen=True, slots=True)
class Suggested:
    """A grade or a type that was suggested from the data, or set by a person; and why."""

    value: str  # of InsightType, Grade, Urgency
    why: str = ""  # the words or numbers that led there, in plain words
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Trend:
    """How a theme goes over time."""

    direction: Direction
    words: str  # "Rising: 121 records in September, 62 a month before that."
    series: tuple[int, ...] = ()  # records per period, in the order of ``Book.axis``
    p_adjusted: float | None = None


@dataclass(frozen=True, slots=True)
class Impact:
    """What a theme goes with in the score: association, not cause. 90 % intervals."""

    value: float  # score of all answers − score without the theme
    low: float
    high: float
    n: int  # answers that carry the theme
    effect: float | None = None  # by ridge regression
    effect_low: float | None = None
    effect_high: float | None = None


@dataclass(frozen=True, slots=True)
class SegmentNote:
    """A segment value that speaks of a theme more, or less, than all do."""

    segment: str
    value: str
    records: int
    base: int
    share: float
    overall: float
    more: bool
    known_only: bool = False  # ``overall`` is another share than that of all records
    of_customer: bool = True  # tells who they are, not how a record was handled

    @property
    def told_overall(self) -> str:
        """The share to compare with, and its base: ``12 % of all where that is known``."""
        return f"{percent(self.overall)} of all{' where that is known' if self.known_only else ''}"


@dataclass(frozen=True, slots=True)
class Insight:
    """One theme as a product manager gets it: drafted from the data, edited by people.

    ``edited`` names the fields that a person set; ``stale`` says what has changed in the numbers
    since the words were written, "" where nothing has.
    """

    id: str  # IN-001: the theme's own number, survives renames
    theme_id: str
    theme: str  # title of the theme
    title: str  # headline: a claim
    statement: str  # the claim with who and how many
    group: str  # title of the group, "" where there is none
    records: int
    people: int
    people_known: int  # of ``records``
    accounts: int
    accounts_known: int  # of ``records``
    revenue: float | None
    revenue_known: int  # of ``accounts``
    revenue_largest: float | None
    shares: Mapping[str, Share]  # by kind; all kinds of the book
    scores: Mapping[str, Score]  # by kind of score; absent where nobody scored
    impacts: Mapping[str, Impact]  # by kind of score; absent under the stated n
    trend: Trend
    segments: tuple[SegmentNote, ...]  # what stands out: customers' segments, strongest first
    type: Suggested
    severity: Suggested
    urgency: Suggested
    confidence: Suggested
    coverage_note: str
    next_step: str
    area: str  # product area, "" where it is not known
    owner: str  # the PM, "" where not known
    email: str  # the PM's, "" where not known
    status: PmStatus
    stage: Stage
    decision: str
    notes: str  # the PM's
    note: str  # the sender's, to the PM
    due: date | None
    links: tuple[Link, ...]
    quotes: tuple[str, ...]  # up to three, shortened, in quotation marks, with locator
    proposed: bool  # its theme is not accepted yet
    locked: bool
    records_before: int | None  # in the period before; None without a period
    edited: frozenset[Field]
    stale: str
    counter: str = ""  # what speaks against the claim: shortened, with locator; "" without
    quote_ids: tuple[str, ...] = ()  # excerpt ids of all its quotes, the counter-example left out
    counter_id: str = ""
    routed: str = ""  # why it goes to that PM, or to nobody
    period: str = ""  # the chosen one that its numbers are about, "2026-07-01..2026-09-30"


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
    counter: bool = False  # speaks against the claim
    start: int = 0  # span in the record's unmasked text, in characters
    end: int = 0
    hash: str = ""  # of the quote as it stands here, see insights.ledger


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
class CodebookRow:
    """What a theme means, so that two people sort a text into it alike."""

    theme_id: str
    depth: int  # as in ``ThemeRow``
    level: str
    group: str  # title of what stands above it, "" at the top
    theme: str
    definition: str
    key_phrases: str
    include: tuple[str, ...]  # texts that belong to it, masked, whole
    exclude: tuple[str, ...]  # texts that come near and do not: "Not here, but in “…”: …"
    records: int
    status: str


class Change(StrEnum):
    """What became of an insight since the last delivery."""

    NEW = "new"
    GROWN = "grown"
    SHRUNK = "shrunk"
    DECIDED = "decided"  # done or declined now, was not then
    REGRADED = "regraded"  # severity, urgency, status or trend are others now
    OVERDUE = "overdue"  # its due day has passed and nobody decided
    REWORDED = "reworded"
    GONE = "gone"  # no records or no theme any more


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One thing that is different from the last delivery; an insight can have several."""

    change: Change
    insight_id: str
    title: str  # now; the title then where it is gone
    before: str  # "62 records", "new", "" where there was nothing
    now: str  # "121 records", "done", "" where there is nothing
    words: str  # one sentence


@dataclass(frozen=True, slots=True)
class QualityRow:
    """One figure about how far the numbers can be trusted."""

    about: str  # "Coverage", "Unsorted", "Certainty", "Review", "Rows", "Personal data", …
    what: str
    value: str  # for people: "82 %", "712"
    base: str  # "of 9,318 excerpts", "" where there is none
    meaning: str  # what to think of it


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
    numbers: ThemeNumbers
    axis: tuple[str, ...]  # labels of the periods of each trend's series
    only: str  # PM or product area that it is for, "" for everybody
    properties: Mapping[str, str]  # ids by which an edited workbook finds its project again
    codebook: tuple[CodebookRow, ...] = ()  # order of ``themes``
    changes: tuple[ChangeRow, ...] = ()
    changes_note: str = ""  # since when, or why nothing can be told
    quality: tuple[QualityRow, ...] = ()
    reading: tuple[str, ...] = ()  # "how to read this": a sentence each, most needed first
