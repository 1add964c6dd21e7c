"""Splitting a theme, and moving themes a level up or down: each is one step."""

import json
from collections.abc import Sequence
from typing import Any

import apsw
import polars as pl

from themeloom.domain.changes import Deed
from themeloom.domain.errors import ProjectError
from themeloom.domain.themes import Level, NewPart
from themeloom.project.changes import Changes
from themeloom.project.edits import differences, require_title
from themeloom.project.journal import do
from themeloom.project.lookups import (
    ThemeRow,
    by_number,
    children,
    count_of,
    excerpt_numbers,
    living,
    living_all,
    titles,
)
from themeloom.project.placing import follow
from themeloom.project.schema import Fate
from themeloom.project.tree import MAKING, ThemeChanges, in_order, level_below, unmade


def split_theme(
    connection: apsw.Connection,
    theme_id: str,
    parts: Sequence[NewPart],
    *,
    beside: bool = False,
    reviewed: bool = False,
) -> Deed | None:
    """Make parts of a theme themes of their own; their excerpts go along, the others stay.

    Args:
        connection: the write connection.
        theme_id: a theme or, with ``beside``, a sub-theme.
        parts: what becomes of it; their excerpts that are elsewhere by now are passed over.
        beside: whether the parts stand beside the theme; else they are its sub-themes.
        reviewed: whether reviewed excerpts go along.

    Raises:
        ProjectError: no such theme or excerpt, a part without a title, or it cannot be split so.
    """
    theme = living(connection, theme_id)
    if theme.level == Level.GROUP:
        raise ProjectError(
            f"“{theme.title}” is a group: it has no excerpts of its own.",
            hint="Split one of its themes.",
        )
    wanted = [(require_title(part.title), part) for part in parts]
    if not wanted:
        return None
    parent = theme
    if beside:
        parent = None if theme.parent is None else by_number(connection, theme.parent)
    level = level_below(parent, Level.THEME, wanted[0][0])
    made: list[ThemeRow] = []
    placed: list[pl.DataFrame] = []
    for title, part in wanted:
        new = unmade(connection, title, parent, level, part.definition)
        numbers = excerpt_numbers(connection, part.excerpts)
        made.append(new)
        placed.append(
            pl.DataFrame(
                {"excerpt": numbers, "to": [new.tid] * len(numbers), "similarity": part.similarity},
                schema={"excerpt": pl.Int64, "to": pl.Int64, "similarity": pl.Float64},
            )
        )
    themes = in_order(connection, parent, made, _after(connection, theme) if beside else None)
    for new, (_, part) in zip(made, wanted, strict=True):
        themes.setdefault(new.tid, {}).update(
            {
                **MAKING,
                "chosen_phrases_json": (None, json.dumps(part.key_phrases, ensure_ascii=False)),
                "chosen_quotes_json": (None, json.dumps(part.quotes)),
            }
        )
    if not theme.touched:
        themes.setdefault(theme.tid, {})["touched"] = (0, 1)
    moved = follow(connection, theme, pl.concat(placed), reviewed=reviewed)
    name = f"split of “{theme.title}” into {count_of(len(made), _NAMES[level])}"
    return do(connection, name, Changes(themes=themes, before=moved.before, after=moved.after))


_NAMES = {Level.GROUP: "group", Level.THEME: "theme", Level.SUB_THEME: "sub-theme"}


def promote(connection: apsw.Connection, theme_ids: Sequence[str]) -> Deed | None:
    """Move sub-themes, or one theme, a level up.

    Sub-themes become themes behind the one that they were part of. A theme gets a group of its title
    to stand in, and its sub-themes become themes beside it there.

    Raises:
        ProjectError: no such theme, a group, or a theme together with others.
    """
    chosen = living_all(connection, theme_ids)
    if not chosen:
        return None
    for theme in chosen:
        if theme.level == Level.GROUP:
            raise ProjectError(
                f"“{theme.title}” is a group: there is nothing above groups.",
                hint="Choose a theme or a sub-theme.",
            )
    if all(theme.level == Level.SUB_THEME for theme in chosen):
        return _promote_parts(connection, chosen)
    if len(chosen) > 1:
        raise ProjectError(
            "Only one theme at a time can become a group.",
            hint="To put several themes into a group together, make a new group of them.",
        )
    return _promote_theme(connection, chosen[0])


def _promote_parts(connection: apsw.Connection, parts: Sequence[ThemeRow]) -> Deed | None:
    themes: ThemeChanges = {}
    of: dict[int | None, list[ThemeRow]] = {}
    for part in parts:
        of.setdefault(part.parent, []).append(part)
    homes: dict[int | None, list[tuple[ThemeRow | None, list[ThemeRow]]]] = {}
    for number, members in of.items():
        above = None if number is None else by_number(connection, number)
        homes.setdefault(above.parent if above else None, []).append((above, members))
    for number, arriving in homes.items():
        home = None if number is None else by_number(connection, number)
        there = children(connection, number)
        order: list[ThemeRow] = []
        for theme in there:
            order.append(theme)
            order += [
                one for above, all_ in arriving if above and above.tid == theme.tid for one in all_
            ]
        known = {theme.tid for theme in order}
        order += [one for _, all_ in arriving for one in all_ if one.tid not in known]
        moved = {one.tid for _, all_ in arriving for one in all_}
        _add(
            themes,
            differences(
                (one, {"parent": None if home is None else home.tid, "level": Level.THEME.value})
                for _, all_ in arriving
                for one in all_
            ),
        )
        _add(themes, _numbered(order, moved))
    return do(
        connection, f"promotion of {titles(parts)} to {_kind(parts, 'theme')}", Changes(themes)
    )


def _promote_theme(connection: apsw.Connection, theme: ThemeRow) -> Deed | None:
    group = unmade(connection, theme.title, None, Level.GROUP)
    above = None if theme.parent is None else by_number(connection, theme.parent)
    themes = in_order(connection, None, [group], _after(connection, above) if above else None)
    _add(themes, {group.tid: dict(MAKING)})
    along = children(connection, theme.tid)
    moved = [
        (one, {"parent": group.tid, "level": Level.THEME.value, "position": position})
        for position, one in enumerate([theme, *along])
    ]
    _add(themes, differences(moved))
    return do(connection, f"promotion of “{theme.title}” to a group", Changes(themes))


def demote(
    connection: apsw.Connection, theme_ids: Sequence[str], below: str | None = None
) -> Deed | None:
    """Move themes, or one group, a level down.

    Themes become sub-themes of ``below``, as do the sub-themes that they have. A group becomes a
    theme of its title, its themes become sub-themes of that.

    Raises:
        ProjectError: no such theme, a sub-theme, a group together with others, or nothing to stand
            below.
    """
    chosen = living_all(connection, theme_ids)
    if not chosen:
        return None
    for theme in chosen:
        if theme.level == Level.SUB_THEME:
            raise ProjectError(
                f"“{theme.title}” is a sub-theme: there is nothing below sub-themes.",
                hint="Merge it with the theme that it is part of.",
            )
    groups = [theme for theme in chosen if theme.level == Level.GROUP]
    if groups and len(chosen) > 1:
        raise ProjectError(
            "Only one group at a time can become a theme.", hint="Choose one group, or themes only."
        )
    if groups:
        return _demote_group(connection, groups[0])
    if below is None:
        raise ProjectError("Themes become part of another theme.", hint="Choose which one.")
    return _demote_themes(connection, chosen, living(connection, below))


def _demote_themes(
    connection: apsw.Connection, chosen: Sequence[ThemeRow], below: ThemeRow
) -> Deed | None:
    if below.level != Level.THEME or below.tid in {theme.tid for theme in chosen}:
        raise ProjectError(
            f"Nothing can become part of “{below.title}” here.", hint="Choose another theme."
        )
    moving = [one for theme in chosen for one in [theme, *children(connection, theme.tid)]]
    there = children(connection, below.tid)
    themes = differences(
        (one, {"parent": below.tid, "level": Level.SUB_THEME.value}) for one in moving
    )
    _add(themes, _numbered([*there, *moving], {one.tid for one in moving}))
    name = f"demotion of {titles(chosen)} to {_kind(chosen, 'sub-theme')} of “{below.title}”"
    return do(connection, name, Changes(themes))


def _demote_group(connection: apsw.Connection, group: ThemeRow) -> Deed | None:
    members = children(connection, group.tid)
    theme = unmade(connection, group.title, None, Level.THEME)
    themes = in_order(connection, None, [theme], None)
    _add(themes, {theme.tid: dict(MAKING)})
    moving = [one for member in members for one in [member, *children(connection, member.tid)]]
    _add(
        themes,
        differences(
            (one, {"parent": theme.tid, "level": Level.SUB_THEME.value, "position": position})
            for position, one in enumerate(moving)
        ),
    )
    if group.memo:
        _add(themes, {theme.tid: {"memo": ("", group.memo)}})
    _add(themes, {group.tid: {"fate": (Fate.LIVING.value, Fate.DELETED.value)}})
    return do(connection, f"demotion of “{group.title}” to a theme", Changes(themes))


def _after(connection: apsw.Connection, theme: ThemeRow) -> str | None:
    """Return the theme that stands right behind another one, None where that is the last."""
    there = children(connection, theme.parent)
    place = next(number for number, one in enumerate(there) if one.tid == theme.tid)
    following = [one for one in there[place + 1 :] if one.level == theme.level]
    return following[0].theme_id if following else None


def _numbered(order: Sequence[ThemeRow], moved: set[int]) -> ThemeChanges:
    """Return the positions of an order; only what moved counts as touched."""
    found: ThemeChanges = {}
    for position, theme in enumerate(order):
        if theme.position != position:
            found[theme.tid] = {"position": (theme.position, position)}
            if theme.tid in moved and not theme.touched:
                found[theme.tid]["touched"] = (0, 1)
    return found


def _add(themes: ThemeChanges, more: dict[int, dict[str, tuple[Any, Any]]]) -> None:
    for theme, columns in more.items():
        themes[theme] = {**themes.get(theme, {}), **columns}


def _kind(themes: Sequence[ThemeRow], one: str) -> str:
    return f"a {one}" if len(themes) == 1 else f"{one}s"
