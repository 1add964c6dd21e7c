"""The parts of a view that only imports and runs change, and numbers in place of ids."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from themeloom.analytics.counts import ancestors, answering
from themeloom.domain.records import Kind
from themeloom.domain.themes import Level, Run
from themeloom.services import trend_periods

#: Kinds of sources that screens show side by side.
SHARE_KINDS = (Kind.TICKET, Kind.NPS, Kind.INTERVIEW, Kind.CALL)


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


class Base:
    """The content with numbers in place of ids, made once for each import or run.

    Rows of excerpts, themes, people and accounts are counted from 0: joins and counts of numbers
    take a tenth of the time that those of texts take.
    """

    def __init__(self, content: Content) -> None:
        self.content = content
        self.cut = trend_periods.of(content.records)
        self.rows = content.excerpts.select("excerpt").with_row_index("row")
        assigned = content.assigned.join(self.rows, on="excerpt", maintain_order="left")
        self.raw_ids: list[str] = assigned["theme_id"].unique(maintain_order=True).to_list()
        raw = {theme_id: number for number, theme_id in enumerate(self.raw_ids)}
        self.assigned = assigned.with_columns(
            raw=pl.col("theme_id").replace_strict(raw, return_dtype=pl.Int32)
            if raw
            else pl.lit(None, pl.Int32)
        ).select("row", "raw", "method", "similarity", "primary", "reviewed")
        self.was_assigned = content.excerpts["excerpt"].is_in(
            content.assigned["excerpt"].unique().implode()
        )
        self.unsorted = content.excerpts.select("excerpt").join(
            content.unsorted.select("excerpt", "reason", "nearest_theme_id").unique(
                "excerpt", keep="first"
            ),
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
        self.answering = _answering(content.records)
        self.sources = _counted_sources(content)


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


def _answering(records: pl.DataFrame) -> dict[str, int]:
    base = answering(records)
    found = dict(base.group_by("kind").len().iter_rows())
    return {kind: int(found.get(kind, 0)) for kind in SHARE_KINDS}


def _counted_sources(content: Content) -> pl.DataFrame:
    counts = content.records.group_by("source_id").agg(
        records=pl.col("duplicate_of").is_null().sum().cast(pl.Int64),
        duplicates=pl.col("duplicate_of").is_not_null().sum().cast(pl.Int64),
        first=pl.col("date").min(),
        last=pl.col("date").max(),
    )
    pieces = content.excerpts.group_by("source_id").agg(
        excerpts=pl.col("left_out").is_null().sum().cast(pl.Int64)
    )
    return (
        content.sources.join(counts, on="source_id", how="left", maintain_order="left")
        .join(pieces, on="source_id", how="left", maintain_order="left")
        .with_columns(pl.col("records", "duplicates", "excerpts").fill_null(0))
    )
