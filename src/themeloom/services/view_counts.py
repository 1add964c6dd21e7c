"""The counts of every theme and group in a view; after an edit only what it touched is counted anew."""

from collections.abc import Sequence

import polars as pl

from themeloom.analytics.counts import ancestors
from themeloom.domain.themes import Level
from themeloom.services import trend_periods
from themeloom.services.view_base import SHARE_KINDS, Base, Choices, Placed, Ran, groups_above

Signs = dict[str, tuple[int, int, int]]

#: How many colours there are for groups.
COLORS = 10
_NO_SHARE = pl.lit(None, pl.Float64)
_NUMBERS = "records excerpts reviewed people people_known accounts accounts_known nps_n".split()


def counts_of(
    base: Base,
    choices: Choices,
    placed: Placed,
    before: pl.DataFrame | None = None,
    signs_before: Signs | None = None,
) -> tuple[pl.DataFrame, Signs]:
    """Return the counts by ``theme_id``, and signs by which the next call knows what has changed.

    Groups count each record of their themes once.

    Args:
        base: the content.
        choices: themes and decisions.
        placed: where the excerpts are.
        before: the counts before an edit, with their ``signs_before``.
        signs_before: as returned with ``before``.
    """
    themes = choices.themes
    ids: list[str] = themes["theme_id"].to_list()
    above = _above(themes)
    signs = _signs(placed, above, ids)
    kept = (
        before.filter(
            pl.col("theme_id").is_in(
                [one for one, sign in signs.items() if (signs_before or {}).get(one) == sign]
            )
        )
        if before is not None
        else None
    )
    known = set(kept["theme_id"]) if kept is not None else set[str]()
    fresh = [number for number, theme_id in enumerate(ids) if theme_id not in known]
    counted = _counted(base, placed, above.filter(pl.col("node").is_in(fresh)), fresh, ids)
    if kept is not None and kept.height:
        counted = pl.concat([kept.select(counted.columns), counted])
    groups = groups_above(themes)
    colors = colors_of(themes.filter(pl.col("level") == Level.GROUP)["theme_id"].to_list())
    result = (
        pl.DataFrame(
            {"theme_id": ids, "group_id": groups}, schema_overrides={"theme_id": pl.String}
        )
        .join(counted, on="theme_id", how="left", maintain_order="left")
        .with_columns(
            color=pl.col("group_id")
            .replace_strict(colors, default=-1, return_dtype=pl.Int64)
            .fill_null(-1)
        )
    )
    return result, signs


def colors_of(groups: Sequence[str]) -> dict[str, int]:
    """Return the place of each group's colour; places from ``COLORS`` on have none of their own.

    It comes from the number in the group's id, so that no group changes its colour because another
    one goes away or is moved. Where two would have the same, the later one takes the next free.
    """
    numbers = {one: int("".join(filter(str.isdecimal, one)) or 1) for one in groups}
    free, found = set(range(COLORS)), dict[str, int]()
    for one in sorted(groups, key=lambda group: (numbers[group], group)):
        wished = (numbers[one] - 1) % COLORS
        found[one] = min(free, key=lambda place: (place - wished) % COLORS, default=COLORS)
        free.discard(found[one])
    return found


def records_of(ran: Ran, choices: Choices, placed: Placed) -> pl.DataFrame:
    """Return ``theme_id``, ``records_before``: records of every theme and group, 0 for none."""
    record = ran.content.excerpts["record"].gather(placed.shares["row"])
    member = (
        placed.shares.select("code", record)
        .filter(ran.counting.gather(record))
        .join(_above(choices.themes), on="code")
        .unique(["node", "record"])
    )
    found = dict(member.group_by("node").len().iter_rows())
    ids: list[str] = choices.themes["theme_id"].to_list()
    return pl.DataFrame(
        {"theme_id": ids, "records_before": [found.get(node, 0) for node in range(len(ids))]},
        schema={"theme_id": pl.String, "records_before": pl.Int64},
    )


def trends_of(base: Base, choices: Choices, placed: Placed) -> pl.DataFrame:
    """Return ``theme_id, direction, last, before`` of every theme and group that anybody speaks of.

    They are those of insights: see ``analytics.trends``.

    Args:
        base: of the period.
        choices: themes.
        placed: who is where, whatever the period.
    """
    themes = choices.themes
    pairs = (
        placed.shares.select(
            "code", record=base.whole.content.excerpts["record"].gather(placed.shares["row"])
        )
        .join(_above(themes), on="code")
        .select("record", theme="node")
    )
    levels = themes["level"].fill_null("").to_list()
    found = base.going.of(pairs, themes["theme_id"].to_list(), levels)
    return found.select("theme_id", "direction", "last", "before")


def _above(themes: pl.DataFrame) -> pl.DataFrame:
    """Return ``code``, ``node``: each theme with itself and all above it, as places in ``themes``."""
    code = pl.DataFrame(
        {"id": themes["theme_id"], "number": range(themes.height)},
        {"id": pl.String, "number": pl.Int32},
    )
    return (
        ancestors(themes)
        .join(code, left_on="theme_id", right_on="id")
        .rename({"number": "code"})
        .join(code, left_on="ancestor_id", right_on="id")
        .select("code", node="number")
    )


def _signs(placed: Placed, above: pl.DataFrame, ids: list[str]) -> Signs:
    """Return for each theme how many excerpts it has, a sum over which, and how many are reviewed."""
    own = placed.shares.group_by("code").agg(
        count=pl.len().cast(pl.Int64),
        which=(pl.col("row").hash() % 2**40).cast(pl.Int64).sum(),
        seen=pl.col("reviewed").sum().cast(pl.Int64),
    )
    sums = above.join(own, on="code").group_by("node").agg(pl.col("count", "which", "seen").sum())
    found: Signs = dict.fromkeys(ids, (0, 0, 0))
    for node, count, which, seen in sums.select("node", "count", "which", "seen").iter_rows():
        found[ids[node]] = (count, which, seen)
    return found


def _counted(
    base: Base, placed: Placed, above: pl.DataFrame, nodes: list[int], ids: list[str]
) -> pl.DataFrame:
    """Return the counts of some nodes (places in ``ids``)."""
    shares = placed.shares.select("row", "code", "reviewed").join(
        above, on="code", maintain_order="left"
    )
    member = shares.hstack(base.counted[shares["row"]]).filter(
        base.counting.gather(base.counted["record"].gather(shares["row"]))
    )
    if placed.shares.filter(~pl.col("primary")).height:
        member = member.unique(["node", "row"], maintain_order=True)
    per_excerpt = member.group_by("node").agg(
        excerpts=pl.len().cast(pl.Int64), reviewed=pl.col("reviewed").sum().cast(pl.Int64)
    )
    per_record = member.unique(["node", "record"]).join(base.records, on="record")
    kinds = {f"_{kind}": (pl.col("kind") == kind).sum() for kind in SHARE_KINDS}
    per_node = per_record.group_by("node").agg(
        records=pl.len().cast(pl.Int64),
        people=pl.col("person").drop_nulls().n_unique().cast(pl.Int64),
        people_known=pl.col("person").count().cast(pl.Int64),
        accounts=pl.col("account").drop_nulls().n_unique().cast(pl.Int64),
        accounts_known=pl.col("account").count().cast(pl.Int64),
        nps_n=pl.col("nps").sum().cast(pl.Int64),
        **kinds,
    )
    shares_of = [
        (
            (pl.col(f"_{kind}").fill_null(0) / base.answering[kind])
            if base.answering[kind]
            else _NO_SHARE
        ).alias(f"share_{kind}")
        for kind in SHARE_KINDS
    ]
    none = pl.lit([0] * len(base.cut.labels), pl.List(pl.Int64))
    return (
        pl.DataFrame(
            {"theme_id": [ids[node] for node in nodes], "node": nodes},
            schema={"theme_id": pl.String, "node": pl.Int32},
        )
        .join(per_excerpt, on="node", how="left", maintain_order="left")
        .join(per_node, on="node", how="left", maintain_order="left")
        .join(_trends(per_record, base.cut), on="node", how="left", maintain_order="left")
        .with_columns(
            *(pl.col(name).fill_null(0) for name in _NUMBERS),
            *shares_of,
            pl.col("trend").fill_null(none),
        )
        .drop("node", *kinds)
    )


def _trends(per_record: pl.DataFrame, cut: trend_periods.Cut) -> pl.DataFrame:
    """Return ``node``, ``trend``: records in each period, oldest first."""
    counted = per_record.drop_nulls("period").group_by("node", "period").len()
    rows: dict[int, list[int]] = {}
    for node, period, count in counted.iter_rows():
        rows.setdefault(node, [0] * len(cut.labels))[period] = count
    return pl.DataFrame(
        {"node": list(rows), "trend": list(rows.values())},
        schema={"node": pl.Int32, "trend": pl.List(pl.Int64)},
    )
