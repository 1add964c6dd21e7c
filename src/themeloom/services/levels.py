"""Moving themes a level up or down: what moves, told before it does. The deeds are the project's."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from themeloom.domain.errors import ProjectError
from themeloom.domain.themes import Level
from themeloom.services.view import View


@dataclass(frozen=True, slots=True)
class Moving:
    """One theme, where it stands and where it would stand, in words."""

    theme_id: str
    title: str
    records: int
    now: str
    then: str


@dataclass(frozen=True, slots=True)
class LevelChange:
    """What would move.

    Attributes:
        moves: every theme that changes its place, what was chosen first.
        made: title of the group or theme that is made for it, or "".
        gone: title of the group that goes, or "".
        empty: title of the theme that keeps no excerpt of its own, or "".
    """

    moves: tuple[Moving, ...]
    made: str = ""
    gone: str = ""
    empty: str = ""


def why_no_promotion(view: View, theme_ids: Sequence[str]) -> str:
    """Return why themes cannot move a level up; "" where they can."""
    levels = [theme["level"] for theme in _chosen(view, theme_ids)]
    if not levels:
        return "Select a theme first."
    if Level.GROUP in levels:
        return "There is nothing above groups."
    if Level.THEME in levels and len(levels) > 1:
        return "Only one theme at a time can become a group."
    return ""


def why_no_demotion(view: View, theme_ids: Sequence[str]) -> str:
    """Return why themes cannot move a level down; "" where they can."""
    levels = [theme["level"] for theme in _chosen(view, theme_ids)]
    if not levels:
        return "Select a theme first."
    if Level.SUB_THEME in levels:
        return "There is nothing below sub-themes: merge it with its theme."
    if Level.GROUP in levels:
        return "Only one group at a time can become a theme." if len(levels) > 1 else ""
    return "" if places(view, theme_ids) else "There is no other theme that it could be part of."


def promotion(view: View, theme_ids: Sequence[str]) -> LevelChange:
    """Return what ``Project.promote_themes`` would move.

    Raises:
        ProjectError: they cannot move up.
    """
    _require(why_no_promotion(view, theme_ids))
    chosen = _chosen(view, theme_ids)
    if chosen[0]["level"] == Level.SUB_THEME:
        moves = [
            _moving(view, theme, _theme_in(view, _row(view, theme["parent_id"])["parent_id"]))
            for theme in chosen
        ]
        return LevelChange(tuple(moves))
    theme = chosen[0]
    then = f"Theme in “{theme['title']}”"
    moves = [_moving(view, one, then) for one in (theme, *_below(view, theme["theme_id"]))]
    own = view.shares.filter(pl.col("theme_id") == theme["theme_id"]).height
    return LevelChange(tuple(moves), made=theme["title"], empty="" if own else theme["title"])


def demotion(view: View, theme_ids: Sequence[str], below: str | None = None) -> LevelChange:
    """Return what ``Project.demote_themes`` would move.

    Raises:
        ProjectError: they cannot move down, or not below that theme.
    """
    _require(why_no_demotion(view, theme_ids))
    chosen = _chosen(view, theme_ids)
    if chosen[0]["level"] == Level.GROUP:
        group = chosen[0]
        then = f"Sub-theme of “{group['title']}”"
        inside = [
            one
            for theme in _below(view, group["theme_id"])
            for one in (theme, *_below(view, theme["theme_id"]))
        ]
        moves = [_moving(view, one, then) for one in inside]
        return LevelChange(tuple(moves), made=group["title"], gone=group["title"])
    if below not in dict(places(view, theme_ids)):
        raise ProjectError("Themes become part of another theme.", hint="Choose which one.")
    then = f"Sub-theme of “{_row(view, below)['title']}”"
    inside = [one for theme in chosen for one in (theme, *_below(view, theme["theme_id"]))]
    return LevelChange(tuple(_moving(view, one, then) for one in inside))


def places(view: View, theme_ids: Sequence[str]) -> list[tuple[str, str]]:
    """Return the themes (id, title) that others could be part of: those of their group first."""
    homes = view.themes.filter(pl.col("theme_id").is_in(list(theme_ids)))["parent_id"].unique()
    others = view.themes.filter(
        (pl.col("level") == Level.THEME) & ~pl.col("theme_id").is_in(list(theme_ids))
    )
    near = pl.col("parent_id").is_in(homes.implode(), nulls_equal=True)
    return (
        others.with_columns(near=near)
        .sort("near", "records", "title", descending=[True, True, False])
        .select("theme_id", "title")
        .rows()
    )


def _require(reason: str) -> None:
    if reason:
        raise ProjectError(reason)


def _chosen(view: View, theme_ids: Sequence[str]) -> list[dict[str, Any]]:
    return view.themes.filter(pl.col("theme_id").is_in(list(theme_ids))).to_dicts()


def _below(view: View, theme_id: str) -> list[dict[str, Any]]:
    return view.themes.filter(pl.col("parent_id") == theme_id).to_dicts()


def _row(view: View, theme_id: str | None) -> dict[str, Any]:
    return view.themes.row(by_predicate=pl.col("theme_id") == theme_id, named=True)


def _moving(view: View, theme: dict[str, Any], then: str) -> Moving:
    if theme["level"] == Level.SUB_THEME:
        now = f"Sub-theme of “{_row(view, theme['parent_id'])['title']}”"
    else:
        now = _theme_in(view, theme["parent_id"])
    return Moving(theme["theme_id"], theme["title"], theme["records"], now, then)


def _theme_in(view: View, group_id: str | None) -> str:
    if group_id is None:
        return "Theme outside groups"
    return f"Theme in “{_row(view, group_id)['title']}”"
