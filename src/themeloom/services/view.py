"""What the screens show: one immutable picture of the project, made anew after each edit.

The parts that only an import or a run changes (records, excerpts, what the run assigned) are kept;
decisions, themes and counts are put together again from them, which takes milliseconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import polars as pl

from themeloom.analytics.counts import ancestors, in_base
from themeloom.domain import frames
from themeloom.domain.records import Kind
from themeloom.domain.themes import Level, Reason, Run, Status
from themeloom.services import periods

_RECORD_COLUMNS = (
    "record_id source_id kind external_id date person_key author account score score_kind subject"
    " language place file sheet row non_answer duplicate_of segments_json"
).split()
_OF_RECORD = "kind source_id date score account subject person_key segments_json".split()
_SHARES: frames.Schema = {
    "excerpt": pl.Int64,
    "theme_id": pl.String,
    "method": pl.String,
    "similarity": pl.Float64,
    "primary": pl.Boolean,
    "reviewed": pl.Boolean,
}
#: Shares of a theme's own excerpts, by similarity, from which on a fit is Strong or Good.
_STRONG, _GOOD = 0.5, 0.15
_SHARE_KINDS = (Kind.TICKET, Kind.NPS, Kind.INTERVIEW, Kind.CALL)


@dataclass(frozen=True, slots=True)
class Totals:
    """The figures of the status bar and the sidebar; duplicates are not counted."""

    sources: int = 0
    records: int = 0
    excerpts: int = 0  # that can carry a theme
    themes: int = 0
    groups: int = 0
    unsorted: int = 0
    reviewed: int = 0
    proposed: int = 0
    coverage: float = 0.0  # 0…1


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


@dataclass(frozen=True)
class View:
    """The project as the screens show it.

    Attributes:
        records: one row per record, ``record`` numbers them; duplicates included.
        excerpts: one row per excerpt of a counted record, in the order of the project, with what
            tables show of its record and the theme that it carries.
        shares: all themes of each excerpt.
        themes: the tree in the order of its positions, with counts; groups count what is in them.
        sources: the sources with their counts and dates.
        totals: the figures of the status bar.
        periods: labels of the periods of ``themes["trend"]``.
        run: the active run.
    """

    records: pl.DataFrame
    excerpts: pl.DataFrame
    shares: pl.DataFrame
    themes: pl.DataFrame
    sources: pl.DataFrame
    totals: Totals
    periods: list[str]
    run: Run | None
    content: Content
    choices: Choices


def make_view(content: Content, choices: Choices) -> View:
    """Return the view of freshly read rows."""
    records = content.records.select(_RECORD_COLUMNS).with_row_index("record")
    base = (
        content.excerpts.join(
            records.filter(pl.col("duplicate_of").is_null()).select(
                "record_id", "record", *_OF_RECORD
            ),
            on="record_id",
            maintain_order="left",
        )
        .drop("context")
        .sort("record", "ordinal")
    )
    whole = replace(content, excerpts=base, records=records)
    return _put_together(whole, choices)


def with_choices(view: View, choices: Choices) -> View:
    """Return the view after an edit that changed themes or decisions only."""
    return _put_together(view.content, choices)


def _put_together(content: Content, choices: Choices) -> View:
    themes = choices.themes
    shares = _shares(content.assigned, choices)
    excerpts = _with_state(content, choices, shares)
    cut = periods.of(content.records)
    tree = _counted_tree(themes, shares, excerpts, content.records, cut)
    answers = in_base(excerpts)
    carrying = answers["theme_id"].is_not_null().sum()
    levels = tree["level"] if tree.height else pl.Series(dtype=pl.String)
    able = excerpts["left_out"].is_null()
    return View(
        records=content.records,
        excerpts=excerpts,
        shares=shares,
        themes=tree,
        sources=_counted_sources(content),
        totals=Totals(
            sources=content.sources.height,
            records=content.records["duplicate_of"].is_null().sum(),
            excerpts=able.sum(),
            themes=(levels == Level.THEME).sum(),
            groups=(levels == Level.GROUP).sum(),
            unsorted=(able & excerpts["theme_id"].is_null()).sum(),
            reviewed=excerpts["reviewed"].sum(),
            proposed=((levels == Level.THEME) & (tree["status"] == Status.PROPOSED)).sum(),
            coverage=carrying / answers.height if answers.height else 0.0,
        ),
        periods=cut.labels,
        run=content.run,
        content=content,
        choices=choices,
    )


def _shares(assigned: pl.DataFrame, choices: Choices) -> pl.DataFrame:
    """Return the living assignments: decisions win over the run, merges and deletions are followed."""
    decisions = choices.decisions.select(list(_SHARES))
    ran = assigned.select(list(_SHARES))
    if decisions.height:
        ran = ran.join(decisions.select("excerpt"), on="excerpt", how="anti", maintain_order="left")
    both = pl.concat([ran, decisions.filter(pl.col("theme_id").is_not_null())])
    if choices.redirects:
        both = both.with_columns(pl.col("theme_id").replace(dict(choices.redirects))).drop_nulls(
            "theme_id"
        )
        both = both.sort("primary", descending=True, maintain_order=True).unique(
            ["excerpt", "theme_id"], keep="first", maintain_order=True
        )
    return both


def _with_state(content: Content, choices: Choices, shares: pl.DataFrame) -> pl.DataFrame:
    first = shares.sort("primary", "similarity", descending=True, nulls_last=True).unique(
        "excerpt", keep="first"
    )
    bounds = shares.group_by("theme_id").agg(
        strong=pl.col("similarity").quantile(1 - _STRONG), good=pl.col("similarity").quantile(_GOOD)
    )
    state = (
        first.join(bounds, on="theme_id", how="left")
        .join(shares.group_by("excerpt").agg(also=pl.len() - 1), on="excerpt", how="left")
        .select(
            "excerpt",
            "theme_id",
            "similarity",
            "method",
            "reviewed",
            "also",
            fit=pl.when(pl.col("similarity").is_null())
            .then(pl.lit(None, pl.String))
            .when(pl.col("similarity") >= pl.col("strong"))
            .then(pl.lit("strong"))
            .when(pl.col("similarity") >= pl.col("good"))
            .then(pl.lit("good"))
            .otherwise(pl.lit("weak")),
        )
    )
    groups = _group_of(choices.themes)
    nearest = content.unsorted.select(
        "excerpt", "reason", pl.col("nearest_theme_id").replace(dict(choices.redirects))
    )
    aside = (
        choices.decisions.filter(pl.col("theme_id").is_null())
        .select("excerpt", aside=pl.lit(True))
        .unique("excerpt")
    )
    reason = (
        pl.when(pl.col("theme_id").is_not_null())
        .then(pl.lit(None, pl.String))
        .when(pl.col("aside"))
        .then(pl.lit(str(Reason.SET_ASIDE)))
        .otherwise(pl.coalesce("left_out", "reason", pl.lit(None, pl.String)))
    )
    deleted = pl.col("excerpt").is_in(
        content.assigned["excerpt"].unique().implode() if choices.redirects else []
    )
    return (
        content.excerpts.join(state, on="excerpt", how="left", maintain_order="left")
        .join(groups, on="theme_id", how="left", maintain_order="left")
        .join(nearest, on="excerpt", how="left", maintain_order="left")
        .join(aside, on="excerpt", how="left", maintain_order="left")
        .with_columns(
            reason=reason,
            also=pl.col("also").fill_null(0),
            reviewed=pl.col("reviewed") | pl.col("aside"),
        )
        .with_columns(
            pl.col("reviewed").fill_null(False),
            reason=pl.when(pl.col("theme_id").is_null() & pl.col("reason").is_null() & deleted)
            .then(pl.lit(str(Reason.DELETED)))
            .otherwise("reason"),
        )
        .drop("aside")
    )


def _group_of(themes: pl.DataFrame) -> pl.DataFrame:
    """Return ``theme_id``, ``group_id``: the highest node above each theme that is a group."""
    above = ancestors(themes)
    return above.filter(pl.col("ancestor_level") == Level.GROUP).select(
        "theme_id", pl.col("ancestor_id").alias("group_id")
    )


def _counted_tree(
    themes: pl.DataFrame,
    shares: pl.DataFrame,
    excerpts: pl.DataFrame,
    records: pl.DataFrame,
    cut: periods.Cut,
) -> pl.DataFrame:
    known = pl.col("person_key").drop_nulls()
    accounts = pl.col("account").drop_nulls()
    placed = (
        shares.select("excerpt", "theme_id", "reviewed")
        .join(excerpts.select("excerpt", "record", "kind", "person_key", "account"), on="excerpt")
        .join(ancestors(themes).select("theme_id", "ancestor_id"), on="theme_id")
        .select(
            pl.col("ancestor_id").alias("theme_id"),
            "excerpt",
            "record",
            "kind",
            "person_key",
            "account",
            "reviewed",
        )
    )
    per_excerpt = placed.group_by("theme_id").agg(
        excerpts=pl.col("excerpt").n_unique().cast(pl.Int64),
        reviewed=pl.col("excerpt").filter(pl.col("reviewed")).n_unique().cast(pl.Int64),
    )
    per_record = placed.unique(["theme_id", "record"]).join(
        records.select("record", "score", "score_kind").with_columns(period=cut.numbers),
        on="record",
    )
    counts = per_record.group_by("theme_id").agg(
        records=pl.len().cast(pl.Int64),
        people=known.n_unique().cast(pl.Int64),
        people_known=known.count().cast(pl.Int64),
        accounts=accounts.n_unique().cast(pl.Int64),
        accounts_known=accounts.count().cast(pl.Int64),
        nps_n=((pl.col("score_kind") == "nps") & pl.col("score").is_not_null())
        .sum()
        .cast(pl.Int64),
        **{f"_{kind}": (pl.col("kind") == kind).sum() for kind in _SHARE_KINDS},
    )
    bases = _answering(records)
    shares_of = {
        f"share_{kind}": (pl.col(f"_{kind}") / bases[kind])
        if bases[kind]
        else pl.lit(None, pl.Float64)
        for kind in _SHARE_KINDS
    }
    colors = {
        group: place
        for place, group in enumerate(themes.filter(pl.col("level") == Level.GROUP)["theme_id"])
    }
    numbers = (
        "records excerpts reviewed people people_known accounts accounts_known nps_n"
    ).split()
    return (
        themes.join(per_excerpt, on="theme_id", how="left", maintain_order="left")
        .join(counts, on="theme_id", how="left", maintain_order="left")
        .join(_trends(per_record, cut), on="theme_id", how="left", maintain_order="left")
        .join(_group_of(themes), on="theme_id", how="left", maintain_order="left")
        .with_columns(
            *(pl.col(name).fill_null(0) for name in numbers),
            **shares_of,
            trend=pl.col("trend").fill_null(pl.lit([0] * len(cut.labels), pl.List(pl.Int64))),
            color=pl.col("group_id")
            .replace_strict(colors, default=-1, return_dtype=pl.Int64)
            .fill_null(-1),
        )
        .drop(f"_{kind}" for kind in _SHARE_KINDS)
    )


def _trends(per_record: pl.DataFrame, cut: periods.Cut) -> pl.DataFrame:
    """Return ``theme_id``, ``trend``: records in each period, oldest first."""
    count = len(cut.labels)
    columns = [(pl.col("period") == number).sum().cast(pl.Int64) for number in range(count)]
    if not columns:
        empty = pl.lit([], pl.List(pl.Int64))
        return per_record.select("theme_id").unique().with_columns(trend=empty)
    return per_record.group_by("theme_id").agg(
        pl.concat_list(column.implode() for column in columns).alias("trend")
    )


def _answering(records: pl.DataFrame) -> dict[str, int]:
    base = records.filter(pl.col("duplicate_of").is_null() & ~pl.col("non_answer").fill_null(False))
    found = dict(base.group_by("kind").len().iter_rows())
    return {kind: int(found.get(kind, 0)) for kind in _SHARE_KINDS}


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
