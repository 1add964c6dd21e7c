"""The parts of a view that only imports, runs and the period change, and numbers in place of ids."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import polars as pl

from themeloom.analytics.counts import about_competitors, ancestors, answering
from themeloom.analytics.trends import Going
from themeloom.domain import periods
from themeloom.domain.periods import Period
from themeloom.domain.records import Kind
from themeloom.domain.themes import Level, Run
from themeloom.services import trend_periods
from themeloom.services.period_cut import in_period
from themeloom.services.source_names import source_names

#: Kinds of sources that screens show side by side.
SHARE_KINDS = (Kind.TICKET, Kind.NPS, Kind.INTERVIEW, Kind.CALL)

_RECORD_COLUMNS = (
    "record_id source_id kind external_id date person_key account author score score_kind subject"
    " language place file sheet row non_answer duplicate_of segments_json"
).split()
_OF_RECORD = "kind source_id date score account subject person_key segments_json".split()


@dataclass(frozen=True)
class Content:
    """What imports and runs brought, as the project gives it; edits do not change it."""

    records: pl.DataFrame
    excerpts: pl.DataFrame
    sources: pl.DataFrame
    assigned: pl.DataFrame  # of the active run: raw, before decisions
    unsorted: pl.DataFrame  # of the active run: raw
    run: Run | None


@dataclass(frozen=True)
class Choices:
    """What a person decided, as the project gives it."""

    themes: pl.DataFrame
    decisions: pl.DataFrame
    redirects: Mapping[str, str | None] = field(default_factory=dict[str, str | None])


class Whole:
    """Everything that imports and runs brought, whatever the period; made once for each of them.

    Attributes:
        content: its records have the columns that screens show, its excerpts are those of counted
            records, with what tables show of their record.
        sources: the sources with their counts and dates.
        records: how many records count.
        excerpts: how many excerpts can carry a theme.
    """

    def __init__(self, content: Content) -> None:
        records = content.records.select(_RECORD_COLUMNS).with_row_index("record")
        excerpts = (
            content.excerpts.join(
                records.filter(pl.col("duplicate_of").is_null()).select(
                    "record_id", "record", *_OF_RECORD
                ),
                on="record_id",
                maintain_order="left",
            )
            .drop("context")
            .sort("record", "start", "ordinal")
        )
        self.content = replace(content, records=records, excerpts=excerpts)
        self.sources = _counted_sources(self.content)
        self.records = records["duplicate_of"].null_count()
        self.excerpts = int(excerpts["left_out"].null_count())

    @cached_property
    def ran(self) -> "Ran":
        """What the run said of all of it."""
        return Ran(self.content)

    def cut(self, period: Period | None) -> Content:
        """Return the content of a period; its records are numbered anew, from 0."""
        content = self.content
        if period is None:
            return content
        chosen = content.records.join(
            in_period(content.records, period), on="record_id", how="semi", maintain_order="left"
        )
        numbers = chosen.select("record").with_row_index("now")
        excerpts = content.excerpts.join(numbers, on="record", maintain_order="left")
        return replace(
            content,
            records=chosen.with_columns(numbers["now"].alias("record")),
            excerpts=excerpts.with_columns(record=pl.col("now")).drop("now"),
        )


class Ran:
    """What the run said of some excerpts, in numbers in place of ids.

    Rows of excerpts, themes, people and accounts are counted from 0: joins and counts of numbers
    take a tenth of the time that those of texts take.
    """

    def __init__(self, content: Content) -> None:
        self.content = content
        #: Per record whether it is about us, and whether it is in numbers: it has to say something,
        #: too, as in analytics.
        self.ours = content.records.select(~about_competitors(content.sources)).to_series()
        self.counting = self.ours & content.records["non_answer"].fill_null(False).not_()
        self.rows = content.excerpts.select("excerpt").with_row_index("row")
        assigned = content.assigned.join(self.rows, on="excerpt", maintain_order="left")
        self.raw_ids: list[str] = assigned["theme_id"].unique(maintain_order=True).to_list()
        raw = {theme_id: number for number, theme_id in enumerate(self.raw_ids)}
        self.assigned = assigned.with_columns(
            raw=pl.col("theme_id").replace_strict(raw, return_dtype=pl.Int32)
            if raw
            else pl.lit(None, pl.Int32)
        ).select("row", "raw", "method", "similarity", "primary", "reviewed")


class Base(Ran):
    """What is counted of a period, and what of it edits do not change; made for each period."""

    def __init__(self, whole: Whole, period: Period | None = None) -> None:
        content = whole.cut(period)
        super().__init__(content)
        self.whole = whole
        self.period = period
        #: The period before: only its records are counted.
        self.before = Ran(whole.cut(periods.period_before(period))) if period else None
        self.cut = trend_periods.of(content.records)
        #: How themes go looks back beyond the period.
        self.going = Going(whole.content.records, whole.content.sources, period)
        self.was_assigned = content.excerpts["excerpt"].is_in(
            content.assigned["excerpt"].unique().implode()
        )
        self.unsorted = content.excerpts.select("excerpt").join(
            content.unsorted.select(
                "excerpt", "reason", "nearest_theme_id", "second_theme_id"
            ).unique("excerpt", keep="first"),
            on="excerpt",
            how="left",
            maintain_order="left",
        )
        #: What is counted of each excerpt's record, row by row.
        self.counted = content.excerpts.select(
            "record",
            "kind",
            person=_numbered("person_key"),
            account=_numbered("account"),
        )
        self.records = content.records.select(
            "record",
            period=self.cut.numbers,
            nps=(pl.col("score_kind") == "nps") & pl.col("score").is_not_null(),
        )
        #: The records that shares are of, and how many of each kind.
        self.said = answering(content.records.filter(self.ours))
        self.answering = _by_kind(self.said)


@dataclass(frozen=True)
class Placed:
    """Who is where, in numbers: ``code`` counts the rows of the project's themes."""

    shares: pl.DataFrame  # row, code, method, similarity, primary, reviewed
    aside: pl.Series  # rows that a person set aside
    lost: pl.Series  # rows that a person put into a theme that was deleted since


def groups_above(themes: pl.DataFrame) -> pl.Series:
    """Return for each theme the id of the group above it (or its own), null where there is none."""
    above = ancestors(themes).filter(pl.col("ancestor_level") == Level.GROUP)
    group = dict(above.select("theme_id", "ancestor_id").iter_rows())
    return pl.Series("group_id", [group.get(one) for one in themes["theme_id"]], pl.String)


def _numbered(column: str) -> pl.Expr:
    """Return an expression that numbers the distinct values of ``column``; null stays null."""
    return pl.col(column).rank("dense").cast(pl.UInt32)


def _by_kind(base: pl.DataFrame) -> dict[str, int]:
    found = dict(base.group_by("kind").len().iter_rows())
    return {kind: int(found.get(kind, 0)) for kind in SHARE_KINDS}


def _counted_sources(content: Content) -> pl.DataFrame:
    """Return the sources with their counts; ``file`` tells them apart, ``input`` is it as it was."""
    counts = content.records.group_by("source_id").agg(
        records=pl.col("duplicate_of").is_null().sum().cast(pl.Int64),
        duplicates=pl.col("duplicate_of").is_not_null().sum().cast(pl.Int64),
        first=pl.col("date").min(),
        last=pl.col("date").max(),
    )
    pieces = content.excerpts.group_by("source_id").agg(
        excerpts=pl.col("left_out").is_null().sum().cast(pl.Int64)
    )
    sources = content.sources
    names = pl.Series("file", source_names(sources.rows(named=True)), pl.String)
    return (
        sources.with_columns(names, input=pl.col("file"))
        .join(counts, on="source_id", how="left", maintain_order="left")
        .join(pieces, on="source_id", how="left", maintain_order="left")
        .with_columns(pl.col("records", "duplicates", "excerpts").fill_null(0))
    )
