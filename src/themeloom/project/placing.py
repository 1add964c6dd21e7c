"""Where a person puts excerpts: under a theme, under a second one, aside, or where they are."""

from collections.abc import Collection, Mapping, Sequence

import apsw
import polars as pl

from themeloom.domain.changes import Deed
from themeloom.domain.errors import ProjectError
from themeloom.domain.themes import Level, Method
from themeloom.project import queries
from themeloom.project.changes import DECISIONS, Changes
from themeloom.project.journal import do
from themeloom.project.lookups import (
    ExcerptKey,
    ThemeRow,
    count_of,
    excerpt_numbers,
    living,
    living_all,
)
from themeloom.project.resolving import numbers_led_on, resolve

_SHARE = ["excerpt", "theme"]


def assign(
    connection: apsw.Connection,
    excerpts: Sequence[ExcerptKey],
    theme_id: str,
    *,
    also: bool = False,
    instead_of: Collection[str] = (),
) -> Deed | None:
    """Put excerpts under a theme by hand. No run changes that.

    The theme takes the place of one that they have: of the primary one, or of one that is named.
    Further ones stay.

    Args:
        connection: the write connection.
        excerpts: their keys.
        theme_id: a theme or sub-theme.
        also: keep the themes that they have: the new one is a further one.
        instead_of: ids of themes: an excerpt that is in one of them leaves that one.

    Raises:
        ProjectError: no such theme or excerpt, or the theme is a group.
    """
    theme = living(connection, theme_id)
    changes = moves(connection, excerpts, theme, also=also, instead_of=instead_of)
    what = count_of(changes.after["excerpt"].n_unique(), "excerpt")
    name = f"addition of {what} to" if also else f"move of {what} to"
    return do(connection, f"{name} {theme.title}", changes)


def assign_each(
    connection: apsw.Connection, placed: Mapping[str, Sequence[ExcerptKey]]
) -> Deed | None:
    """Put excerpts under several themes by hand, as one step; see ``assign``.

    Raises:
        ProjectError: no such theme or excerpt, or a theme is a group.
    """
    parts = [
        moves(connection, excerpts, living(connection, theme_id))
        for theme_id, excerpts in placed.items()
        if excerpts
    ]
    if not parts:
        return None
    changes = Changes(
        before=pl.concat([part.before for part in parts]),
        after=pl.concat([part.after for part in parts]),
    )
    what = count_of(changes.after["excerpt"].n_unique(), "excerpt")
    return do(connection, f"move of {what} to {count_of(len(parts), 'theme')}", changes)


def moves(
    connection: apsw.Connection,
    excerpts: Sequence[ExcerptKey],
    theme: ThemeRow,
    *,
    also: bool = False,
    instead_of: Collection[str] = (),
) -> Changes:
    """Return what changes when excerpts are put under a theme; see ``assign``.

    Raises:
        ProjectError: no such excerpt, or the theme is a group.
    """
    if theme.level == Level.GROUP:
        raise ProjectError(
            f"“{theme.title}” is a group: it holds themes, not excerpts.",
            hint="Choose a theme in it.",
        )
    asked = _asked(connection, excerpts)
    held = _held(connection, asked)
    there = held.filter(pl.col("theme") == theme.tid)
    others = held.join(there, on=_SHARE, how="anti", maintain_order="left")
    if also:
        others = others.join(there, on="excerpt", how="anti", maintain_order="left")
        asked = asked.join(there, on="excerpt", how="anti", maintain_order="left")
        led = others
    else:
        gone = _left(connection, held, instead_of)
        others = others.join(gone, on=_SHARE, how="anti", maintain_order="left")
        led = others.filter("primary")
    new = asked.join(
        there.select("excerpt", "similarity"), on="excerpt", how="left", maintain_order="left"
    ).select(
        "excerpt",
        theme=pl.lit(theme.tid, pl.Int64),
        method=pl.lit(Method.MANUAL.value),
        similarity="similarity",
        primary=~pl.col("excerpt").is_in(led["excerpt"].unique().implode()),
        reviewed=pl.lit(True),
    )
    return _decided(connection, pl.concat([new, others.with_columns(reviewed=pl.lit(True))]))


def _left(
    connection: apsw.Connection, held: pl.DataFrame, instead_of: Collection[str]
) -> pl.DataFrame:
    """Return the share that each excerpt leaves when it moves, of DECISIONS."""
    named = [theme.tid for theme in living_all(connection, list(instead_of))]
    return (
        held.with_columns(named=pl.col("theme").is_in(named))
        .sort("named", "primary", descending=True, maintain_order=True)
        .unique("excerpt", keep="first", maintain_order=True)
    )


def take_off(
    connection: apsw.Connection, excerpts: Sequence[ExcerptKey], theme_id: str
) -> Deed | None:
    """Take excerpts off one of their themes; those that have no other one stay as they are.

    Where it was the primary one, the most similar of the others is.

    Raises:
        ProjectError: no such theme or excerpt.
    """
    theme = living(connection, theme_id)
    held = _held(connection, _asked(connection, excerpts))
    here = held.filter(pl.col("theme") == theme.tid)
    left = (
        held.join(here, on="excerpt", how="semi", maintain_order="left")
        .join(here, on=_SHARE, how="anti", maintain_order="left")
        .sort("primary", "similarity", descending=True, nulls_last=True, maintain_order=True)
        .with_columns(primary=pl.col("excerpt").is_first_distinct(), reviewed=pl.lit(True))
        .sort("excerpt", maintain_order=True)
    )
    changes = _decided(connection, left)
    what = count_of(changes.after["excerpt"].n_unique(), "excerpt")
    return do(connection, f"removal of {what} from {theme.title}", changes)


def make_primary(
    connection: apsw.Connection, excerpts: Sequence[ExcerptKey], theme_id: str
) -> Deed | None:
    """Make one of the themes that excerpts have the primary one; the others pass over.

    Raises:
        ProjectError: no such theme or excerpt.
    """
    theme = living(connection, theme_id)
    held = _held(connection, _asked(connection, excerpts))
    second = held.filter(pl.col("theme") == theme.tid, ~pl.col("primary"))
    new = held.join(second, on="excerpt", how="semi", maintain_order="left").with_columns(
        primary=pl.col("theme") == theme.tid, reviewed=pl.lit(True)
    )
    changes = _decided(connection, new)
    what = count_of(changes.after["excerpt"].n_unique(), "excerpt")
    return do(connection, f"change of the main theme of {what} to {theme.title}", changes)


def follow(
    connection: apsw.Connection, theme: ThemeRow, placed: pl.DataFrame, *, reviewed: bool
) -> Changes:
    """Return what changes when excerpts of a theme go to others, many at once.

    They are placed by rule: nobody looked at each of them, and runs leave them so. Further themes
    that they have stay. What is not in the theme any more is passed over.

    Args:
        connection: any.
        theme: where they are now.
        placed: ``excerpt`` (inner number), ``to`` (number of a theme), ``similarity``.
        reviewed: whether reviewed ones go, too; they stay reviewed.
    """
    held = _held(connection, placed.select("excerpt"))
    here = held.filter(pl.col("theme") == theme.tid)
    if not reviewed:
        here = here.filter(~pl.col("reviewed"))
    going = here.select("excerpt").join(placed, on="excerpt", maintain_order="left")
    rule = pl.when("reviewed").then("method").otherwise(pl.lit(Method.RULE.value))
    new = (
        held.join(going, on="excerpt", maintain_order="left")
        .with_columns(moved=pl.col("theme") == theme.tid)
        .select(
            "excerpt",
            pl.when("moved").then("to").otherwise("theme").alias("theme"),
            pl.when("moved").then(rule).otherwise("method").alias("method"),
            pl.when("moved").then("similarity_right").otherwise("similarity").alias("similarity"),
            "primary",
            "reviewed",
        )
        # It may have been in the other theme before.
        .sort("primary", descending=True, maintain_order=True)
        .unique(["excerpt", "theme"], keep="first", maintain_order=True)
        .sort("excerpt", maintain_order=True)
    )
    return _decided(connection, new)


def unassign(connection: apsw.Connection, excerpts: Sequence[ExcerptKey]) -> Deed | None:
    """Set excerpts aside: a person found that no theme fits.

    Raises:
        ProjectError: no such excerpt.
    """
    new = _asked(connection, excerpts).select(
        "excerpt",
        theme=pl.lit(None, pl.Int64),
        method=pl.lit(Method.MANUAL.value),
        similarity=pl.lit(None, pl.Float64),
        primary=pl.lit(True),
        reviewed=pl.lit(True),
    )
    changes = _decided(connection, new)
    what = count_of(changes.after["excerpt"].n_unique(), "excerpt")
    return do(connection, f"setting aside of {what}", changes)


def confirm(connection: apsw.Connection, excerpts: Sequence[ExcerptKey]) -> Deed | None:
    """Mark excerpts as reviewed, with the themes that they have. Those without one stay as they are.

    Raises:
        ProjectError: no such excerpt.
    """
    held = _held(connection, _asked(connection, excerpts))
    waiting = held.filter(~pl.col("reviewed").all().over("excerpt"))
    changes = _decided(connection, waiting.with_columns(reviewed=pl.lit(True)))
    what = count_of(changes.after["excerpt"].n_unique(), "excerpt")
    return do(connection, f"confirmation of {what}", changes)


def _asked(connection: apsw.Connection, excerpts: Sequence[ExcerptKey]) -> pl.DataFrame:
    numbers = excerpt_numbers(connection, excerpts)
    return pl.DataFrame({"excerpt": numbers}, schema={"excerpt": pl.Int64})


def _held(connection: apsw.Connection, asked: pl.DataFrame) -> pl.DataFrame:
    """Return DECISIONS: what the excerpts carry, as a person sees it."""
    shares = queries.shares(connection, asked["excerpt"].to_list())
    kept, _ = resolve(shares, numbers_led_on(connection))
    return kept


def _decided(connection: apsw.Connection, new: pl.DataFrame) -> Changes:
    """Return the changes that make ``new`` the decisions on its excerpts, where they differ."""
    numbers = new["excerpt"].unique(maintain_order=True).to_list()
    old = queries.decision_rows(connection, numbers)
    same = old.join(new, on=list(DECISIONS), how="inner", nulls_equal=True)
    counts = [
        frame.group_by("excerpt").agg(pl.len().alias(name))
        for frame, name in ((old, "old"), (new, "new"), (same, "same"))
    ]
    unchanged = (
        counts[0]
        .join(counts[1], on="excerpt")
        .join(counts[2], on="excerpt")
        .filter((pl.col("old") == pl.col("new")) & (pl.col("new") == pl.col("same")))
    )
    return Changes(
        before=old.join(unchanged, on="excerpt", how="anti", maintain_order="left"),
        after=new.join(unchanged, on="excerpt", how="anti", maintain_order="left").select(
            list(DECISIONS)
        ),
    )
