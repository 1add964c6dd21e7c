"""What the screens show: one immutable picture of the project, made anew after each edit.

The parts that only an import or a run changes (records, excerpts, what the run assigned) are kept;
decisions, themes and counts are put together again from them, which takes milliseconds. A view may
be about a period: records outside it are hidden then, and in no number; nothing else changes.
"""

from dataclasses import dataclass

import polars as pl

from themeloom.analytics.counts import in_base
from themeloom.domain.insights import Direction
from themeloom.domain.periods import Period
from themeloom.domain.themes import GOOD_SHARE, STRONG_SHARE, Level, Reason, Run, Status
from themeloom.services.view_base import Base, Choices, Content, Placed, Ran, Whole, groups_above
from themeloom.services.view_counts import Signs, counts_of, records_of, trends_of


@dataclass(frozen=True, slots=True)
class Totals:
    """The figures of the status bar and the sidebar; duplicates are not counted.

    All are about the period but ``sources``, ``all_records`` and ``all_excerpts``.
    """

    sources: int = 0
    records: int = 0
    excerpts: int = 0  # that can carry a theme
    themes: int = 0
    groups: int = 0
    answering: int = 0  # records about us that say something: the base of shares
    unsorted: int = 0
    reviewed: int = 0
    proposed: int = 0
    coverage: float = 0.0  # 0…1
    searched: bool = False  # themes were looked for
    all_records: int = 0
    all_excerpts: int = 0
    records_before: int | None = None  # in the period before; None without a period


@dataclass(frozen=True)
class View:
    """The project as the screens show it.

    Attributes:
        records: one row per record, ``record`` numbers them; duplicates included.
        excerpts: one row per excerpt of a counted record, in the order of the project, with what
            tables show of its record and the theme that it carries (or comes nearest to, and
            second nearest); ``also``: ids of its further
            themes, the most similar one first, or null.
        shares: all themes of each excerpt.
        themes: the tree in the order of its positions, with counts; groups count what is in them.
            ``records_before`` is about the period before, null without a period; ``direction``,
            ``last`` and ``before`` are how it goes, as in insights.
        sources: the sources with their counts and dates, whatever the period.
        totals: the figures of the status bar.
        periods: labels of the periods of ``themes["trend"]``.
        run: the active run.
        choices: what a person decided, as it was read.
        counts: the counts of ``themes`` alone.
        before: ``theme_id``, ``records_before``; None without a period.
        going: ``theme_id``, ``direction``, ``last``, ``before``.
        signs: by which the next view knows which counts still hold.
        base: the parts that edits do not change.
    """

    records: pl.DataFrame
    excerpts: pl.DataFrame
    shares: pl.DataFrame
    themes: pl.DataFrame
    sources: pl.DataFrame
    totals: Totals
    periods: list[str]
    run: Run | None
    choices: Choices
    counts: pl.DataFrame
    before: pl.DataFrame | None
    going: pl.DataFrame
    signs: Signs
    base: Base

    @property
    def period(self) -> Period | None:
        """The period that everything is about; None: all records."""
        return self.base.period


def make_view(content: Content, choices: Choices, period: Period | None = None) -> View:
    """Return the view of freshly read rows."""
    return _put_together(Base(Whole(content), period), choices, None)


def of_period(view: View, choices: Choices, period: Period | None) -> View:
    """Return the view of the same rows that is about another period (None: all records)."""
    return _put_together(Base(view.base.whole, period), choices, None)


def with_choices(view: View, choices: Choices) -> View:
    """Return the view after an edit that changed themes or decisions only."""
    return _put_together(view.base, choices, view)


def _put_together(base: Base, choices: Choices, before: View | None) -> View:
    content, themes = base.content, choices.themes
    same = before is not None and _same_places(before.choices, choices)
    if same and before is not None:
        # Only titles, status or evidence changed: nothing moved.
        excerpts, shares, counts = before.excerpts, before.shares, before.counts
        signs, earlier, going = before.signs, before.before, before.going
    else:
        placed = _placed(base, choices)
        excerpts = _with_state(base, choices, placed)
        shares = _with_ids(base, choices, placed)
        counts, signs = counts_of(
            base,
            choices,
            placed,
            before.counts if before else None,
            before.signs if before else None,
        )
        ran = base.before
        earlier = records_of(ran, choices, _placed(ran, choices)) if ran else None
        everything = _placed(base.whole.ran, choices) if base.period else placed
        going = trends_of(base, choices, everything)
    tree = themes.join(counts, on="theme_id", how="left", maintain_order="left")
    tree = (
        tree.with_columns(records_before=pl.lit(None, pl.Int64))
        if earlier is None
        else tree.join(earlier, on="theme_id", how="left", maintain_order="left")
    )
    tree = tree.join(going, on="theme_id", how="left", maintain_order="left").with_columns(
        pl.col("direction").fill_null(str(Direction.UNKNOWN))
    )
    return View(
        records=content.records,
        excerpts=excerpts,
        shares=shares,
        themes=tree,
        sources=base.whole.sources,
        totals=_totals(base, tree, excerpts),
        periods=base.cut.labels,
        run=content.run,
        choices=choices,
        counts=counts,
        before=earlier,
        going=going,
        signs=signs,
        base=base,
    )


def _same_places(before: Choices, now: Choices) -> bool:
    tree = ["theme_id", "parent_id", "level"]
    return (
        before.redirects == now.redirects
        and before.themes.select(tree).equals(now.themes.select(tree))
        and before.decisions.equals(now.decisions)
    )


def _placed(base: Ran, choices: Choices) -> Placed:
    """Return the living assignments: decisions win over the run, merges and deletions are followed."""
    code = {theme_id: number for number, theme_id in enumerate(choices.themes["theme_id"])}

    def living(theme_id: str) -> int | None:
        target = choices.redirects.get(theme_id, theme_id)
        return code.get(target) if target is not None else None

    codes = pl.Series("code", [living(theme_id) for theme_id in base.raw_ids], pl.Int32)
    ran = base.assigned.with_columns(code=codes.gather(base.assigned["raw"])).drop("raw")
    decided = choices.decisions.join(base.rows, on="excerpt", maintain_order="left")
    aside = decided.filter(pl.col("theme_id").is_null())["row"].unique()
    if decided.height:
        ran = ran.join(decided.select("row"), on="row", how="anti", maintain_order="left")
        ids = {theme_id: living(theme_id) for theme_id in decided["theme_id"].drop_nulls().unique()}
        decided = decided.with_columns(
            code=pl.col("theme_id").replace_strict(ids, default=None, return_dtype=pl.Int32)
        )
    else:
        decided = decided.with_columns(code=pl.lit(None, pl.Int32))
    lost = decided.filter(pl.col("theme_id").is_not_null() & pl.col("code").is_null())["row"]
    shares = pl.concat([ran, decided.select(ran.columns)]).drop_nulls("code")
    if choices.redirects and not shares["primary"].all():
        shares = _followed(shares)
    return Placed(shares, aside, lost.unique())


def _followed(shares: pl.DataFrame) -> pl.DataFrame:
    """Return shares after merges and deletions of themes.

    An excerpt in two themes that were merged counts once. Where its primary theme was deleted, the
    best of the others takes its place.
    """
    order = ["primary", "reviewed", "similarity"]
    return (
        shares.sort(order, descending=True, nulls_last=True, maintain_order=True)
        .unique(["row", "code"], keep="first", maintain_order=True)
        .with_columns(primary=pl.col("row").is_first_distinct())
    )


def _with_state(base: Base, choices: Choices, placed: Placed) -> pl.DataFrame:
    content, shares = base.content, placed.shares
    first = shares.filter("primary").unique("row", keep="first")
    others = shares.filter(~pl.col("primary"))
    bounds = first.group_by("code").agg(
        strong=pl.col("similarity").quantile(STRONG_SHARE),
        good=pl.col("similarity").quantile(GOOD_SHARE),
    )
    ids = choices.themes["theme_id"]
    also = (
        others.with_columns(also=ids.gather(others["code"]))
        .sort("similarity", descending=True, nulls_last=True, maintain_order=True)
        .group_by("row", maintain_order=True)
        .agg("also")
        if others.height
        else None
    )
    state = base.rows.select("row").join(first, on="row", how="left", maintain_order="left")
    state = state.join(bounds, on="code", how="left", maintain_order="left")
    state = (
        state.join(also, on="row", how="left", maintain_order="left")
        if also is not None
        else state.with_columns(also=pl.lit(None, pl.List(pl.String)))
    )
    aside = state["row"].is_in(placed.aside.implode())
    deleted = pl.lit(str(Reason.DELETED))
    groups = groups_above(choices.themes)
    theme_id = ids.gather(state["code"])
    reason = (
        pl.when(pl.col("code").is_not_null())
        .then(pl.lit(None, pl.String))
        .when(pl.lit(aside))
        .then(pl.lit(str(Reason.SET_ASIDE)))
        .otherwise(
            pl.coalesce(
                pl.lit(content.excerpts["left_out"]),
                pl.when(pl.lit(state["row"].is_in(placed.lost.implode()))).then(deleted),
                pl.lit(base.unsorted["reason"]),
                pl.when(pl.lit(base.was_assigned)).then(deleted),
                # After a search, null says that an excerpt is new since then.
                pl.lit(str(Reason.NO_SEARCH) if content.run is None else None, pl.String),
            )
        )
    )
    fit = (
        pl.when(pl.col("similarity") >= pl.col("strong"))
        .then(pl.lit("strong"))
        .when(pl.col("similarity") >= pl.col("good"))
        .then(pl.lit("good"))
        .when(pl.col("similarity").is_not_null())
        .then(pl.lit("weak"))
    )
    near = base.unsorted.select("nearest_theme_id", "second_theme_id", "reason")
    if choices.redirects:
        led_on = pl.col("nearest_theme_id", "second_theme_id").replace(dict(choices.redirects))
        near = near.with_columns(led_on)
    # The encoder reads little of other languages: what comes nearest to them there is by chance.
    readable = pl.col("reason").ne_missing(str(Reason.LANGUAGE))
    near = near.select(
        nearest=pl.when(readable).then(pl.coalesce("nearest_theme_id", "second_theme_id")),
        second=pl.when(readable).then("second_theme_id"),
    ).select("nearest", pl.when(pl.col("second") != pl.col("nearest")).then("second"))
    columns = state.select(
        theme_id.alias("theme_id"),
        groups.gather(state["code"]).alias("group_id"),
        "similarity",
        fit.alias("fit"),
        "method",
        (pl.col("reviewed").fill_null(False) | pl.lit(aside)).alias("reviewed"),
        reason.alias("reason"),
        near["nearest"].alias("nearest_theme_id"),
        near["second"].alias("second_theme_id"),
        "also",
    )
    return content.excerpts.hstack(columns)


def _with_ids(base: Base, choices: Choices, placed: Placed) -> pl.DataFrame:
    return placed.shares.select(
        base.rows["excerpt"].gather(placed.shares["row"]).alias("excerpt"),
        choices.themes["theme_id"].gather(placed.shares["code"]).alias("theme_id"),
        "method",
        "similarity",
        "primary",
        "reviewed",
    )


def _totals(base: Base, tree: pl.DataFrame, excerpts: pl.DataFrame) -> Totals:
    answers = in_base(excerpts.filter(base.counting.gather(excerpts["record"])))
    able = pl.col("left_out").is_null()
    counts = excerpts.select(
        excerpts=able.sum(),
        unsorted=(able & pl.col("theme_id").is_null()).sum(),
        reviewed=pl.col("reviewed").sum(),
    ).row(0)
    themes = tree.filter(pl.col("level") == Level.THEME)
    carrying = answers.height - answers["theme_id"].null_count()
    return Totals(
        sources=base.content.sources.height,
        records=base.content.records["duplicate_of"].null_count(),
        excerpts=int(counts[0]),
        themes=themes.height,
        groups=tree.filter(pl.col("level") == Level.GROUP).height,
        answering=base.said.height,
        unsorted=int(counts[1]),
        reviewed=int(counts[2]),
        proposed=themes.filter(pl.col("status") == Status.PROPOSED).height,
        coverage=carrying / answers.height if answers.height else 0.0,
        searched=base.content.run is not None,
        all_records=base.whole.records,
        all_excerpts=base.whole.excerpts,
        records_before=base.before.content.records["duplicate_of"].null_count()
        if base.before
        else None,
    )
