"""The tree of groups, themes and sub-themes: making, merging, moving, deleting.

Nothing here touches a row of an excerpt, however many a theme has: see ``resolving``.
"""

from collections.abc import Collection, Sequence
from typing import Any

import apsw

from themeloom.domain.changes import Deed
from themeloom.domain.errors import ProjectError
from themeloom.domain.themes import PREFIX, Level, Status
from themeloom.project.changes import Changes
from themeloom.project.edits import differences, rename_theme, require_title
from themeloom.project.journal import do
from themeloom.project.lookups import (
    ExcerptKey,
    ThemeRow,
    by_number,
    children,
    living,
    living_all,
    next_ids,
    titles,
)
from themeloom.project.placing import moves
from themeloom.project.schema import Fate
from themeloom.project.sql import execute

ThemeChanges = dict[int, dict[str, tuple[Any, Any]]]
#: What makes an unmade theme seen.
MAKING = {"fate": (Fate.UNMADE.value, Fate.LIVING.value)}


def create_theme(
    connection: apsw.Connection,
    title: str,
    *,
    parent_id: str | None = None,
    level: Level = Level.THEME,
    excerpts: Sequence[ExcerptKey] = (),
    before: str | None = None,
    also: bool = False,
    instead_of: Collection[str] = (),
) -> tuple[Deed, str]:
    """Make an accepted theme, with excerpts that move in by hand; return the deed and its id.

    Args:
        connection: the write connection.
        title: of the theme.
        parent_id: a group, or a theme: then the new one is a sub-theme whatever ``level`` says.
        level: ``GROUP`` or not.
        excerpts: their keys.
        before: the theme below the same parent that follows it; without, it stands last.
        also: the excerpts keep the themes that they have.
        instead_of: ids of themes that the excerpts leave; else they leave their primary one.

    Raises:
        ProjectError: no title, no such theme or excerpt, or it cannot stand there.
    """
    new_title = require_title(title)
    parent = None if parent_id is None else living(connection, parent_id)
    level = level_below(parent, level, new_title)
    theme = unmade(connection, new_title, parent, level)
    themes = in_order(connection, parent, [theme], before)
    themes.setdefault(theme.tid, {}).update(MAKING)
    moved = Changes()
    if excerpts:
        moved = moves(connection, excerpts, theme, also=also, instead_of=instead_of)
    changes = Changes(themes=themes, before=moved.before, after=moved.after)
    what = {Level.GROUP: "group", Level.THEME: "theme", Level.SUB_THEME: "sub-theme"}[level]
    deed = do(connection, f"new {what} “{new_title}”", changes)
    assert deed is not None
    return deed, theme.theme_id


def unmade(
    connection: apsw.Connection,
    title: str,
    parent: ThemeRow | None,
    level: Level,
    definition: str = "",
) -> ThemeRow:
    """Return a new accepted theme that nobody sees until ``MAKING`` is among its changes."""
    (theme_id,) = next_ids(connection, PREFIX[level], 1)
    execute(
        connection,
        "INSERT INTO themes (theme_id, parent, level, title, definition, status, position, fate,"
        " touched) VALUES (?, ?, ?, ?, ?, ?, 0, ?, 1)",
        (theme_id, parent and parent.tid, level, title, definition, Status.ACTIVE, Fate.UNMADE),
    )
    return by_number(connection, connection.last_insert_rowid())


def merge_themes(
    connection: apsw.Connection, theme_ids: Sequence[str], into: str, title: str | None = None
) -> Deed | None:
    """Make themes part of another one: their excerpts are seen there from now on.

    ``title`` is another one for what comes of it; None leaves it.

    Their sub-themes (or a group's themes) go along, their memos are added to its memo. A theme that
    takes in the one above it takes its place. A group left empty by that stays. A theme that is
    merged with itself alone gets the title and no more.

    Raises:
        ProjectError: no such theme, or groups and themes are mixed.
    """
    target = living(connection, into)
    merged = [theme for theme in living_all(connection, theme_ids) if theme.tid != target.tid]
    for theme in merged:
        if (theme.level == Level.GROUP) != (target.level == Level.GROUP):
            raise ProjectError(
                f"“{theme.title}” and “{target.title}” cannot be merged: one is a group.",
                hint="Merge groups with groups and themes with themes, or move the theme.",
            )
    if not merged:
        return None if title is None else rename_theme(connection, into, title)
    gone = {theme.tid for theme in merged}
    place: dict[str, Any] = {}
    above = {theme.tid: theme for theme in merged}.get(target.parent or 0)
    if above is not None:
        place = {"parent": above.parent, "level": above.level.value, "position": above.position}
    home = target._replace(**{**place, "level": Level(place.get("level", target.level))})
    holder = home.parent if home.level == Level.SUB_THEME else home.tid
    themes = differences(
        (child, {"parent": holder})
        for theme in merged
        for child in children(connection, theme.tid)
        if child.tid not in gone and child.tid != target.tid
    )
    memo = "\n\n".join(
        [
            *([target.memo] if target.memo else []),
            *(f"From “{theme.title}”: {theme.memo}" for theme in merged if theme.memo),
        ]
    )
    named = {"title": require_title(title)} if title is not None else {}
    themes |= differences([(target, {**place, **named, "memo": memo})])
    for theme in merged:
        themes[theme.tid] = {
            "fate": (Fate.LIVING.value, Fate.MERGED.value),
            "merged_into": (None, target.tid),
        }
    if not target.touched:
        themes.setdefault(target.tid, {})["touched"] = (0, 1)
    return do(connection, f"merge of {titles(merged)} into {target.title}", Changes(themes=themes))


def move_themes(
    connection: apsw.Connection,
    theme_ids: Sequence[str],
    parent_id: str | None,
    before: str | None = None,
) -> Deed | None:
    """Put themes below another one, or at the top level (None).

    Below a group they are themes, below a theme sub-themes; at the top level sub-themes become
    themes. Where a theme with sub-themes becomes a sub-theme itself, those come to stand beside it.

    Args:
        connection: the write connection.
        theme_ids: what to move.
        parent_id: a group, a theme, or None.
        before: the theme there that follows them; without, they stand last.

    Raises:
        ProjectError: no such theme, below itself, below a sub-theme, or a group below anything.
    """
    parent = None if parent_id is None else living(connection, parent_id)
    chosen = living_all(connection, theme_ids)
    _refuse_cycles(connection, chosen, parent)
    numbers = {theme.tid for theme in chosen}
    moved = [theme for theme in chosen if theme.parent not in numbers]  # the others go along
    number = None if parent is None else parent.tid
    moving = {theme.tid for theme in moved}
    wanted: list[tuple[ThemeRow, dict[str, Any]]] = []
    along: list[ThemeRow] = []
    for theme in moved:
        level = level_below(parent, theme.level, theme.title)
        wanted.append((theme, {"parent": number, "level": level.value}))
        if level == Level.SUB_THEME:
            along += [c for c in children(connection, theme.tid) if c.tid not in moving]
    wanted += [(theme, {"parent": number}) for theme in along]
    themes = differences(wanted)
    arriving = [theme for theme in (*moved, *along) if theme.parent != number]
    if before is not None or arriving:
        placed = in_order(connection, parent, moved + along if before else arriving, before)
        for theme, columns in placed.items():
            themes[theme] = {**themes.get(theme, {}), **columns}
    where = "the top level" if parent is None else parent.title
    return do(connection, f"move of {titles(moved)} to {where}", Changes(themes=themes))


def delete_themes(connection: apsw.Connection, theme_ids: Sequence[str]) -> Deed | None:
    """Delete themes: their excerpts become unsorted.

    What stood below a deleted theme moves up to where that stood: a group's themes to the top
    level, sub-themes to their theme's group.

    Raises:
        ProjectError: no such theme.
    """
    deleted = living_all(connection, theme_ids)
    gone = {theme.tid: theme for theme in deleted}
    wanted: list[tuple[ThemeRow, dict[str, Any]]] = []
    for theme in deleted:
        parent = theme.parent
        while parent in gone:
            parent = gone[parent].parent
        for child in children(connection, theme.tid):
            if child.tid not in gone:
                wanted.append((child, {"parent": parent, "level": Level.THEME.value}))
    themes = differences(wanted)
    for theme in deleted:
        themes[theme.tid] = {"fate": (Fate.LIVING.value, Fate.DELETED.value)}
    return do(connection, f"deletion of {titles(deleted)}", Changes(themes=themes))


def level_below(parent: ThemeRow | None, level: Level, title: str) -> Level:
    """Return the level of a theme below ``parent``.

    Raises:
        ProjectError: it cannot stand there.
    """
    if level == Level.GROUP:
        if parent is not None:
            raise ProjectError(
                f"“{title}” is a group: groups stand at the top level only.",
                hint="Merge it with another group, or move the themes in it.",
            )
        return level
    if parent is None or parent.level == Level.GROUP:
        return Level.THEME
    if parent.level == Level.SUB_THEME:
        raise ProjectError(
            f"“{parent.title}” is a sub-theme: nothing can stand below it.",
            hint="Choose a theme or a group, or move the sub-theme up first.",
        )
    return Level.SUB_THEME


def _refuse_cycles(
    connection: apsw.Connection, moved: Sequence[ThemeRow], parent: ThemeRow | None
) -> None:
    numbers = {theme.tid for theme in moved}
    at = parent
    while at is not None and parent is not None:
        if at.tid in numbers:
            below = "itself" if at.tid == parent.tid else "one of its own sub-themes"
            raise ProjectError(
                f"“{at.title}” cannot be moved below {below}.", hint="Choose another place."
            )
        at = None if at.parent is None else by_number(connection, at.parent)


def in_order(
    connection: apsw.Connection,
    parent: ThemeRow | None,
    arriving: Sequence[ThemeRow],
    before: str | None,
) -> ThemeChanges:
    """Return the positions that put themes before another one, or last, below ``parent``.

    Only what arrives counts as touched: the others merely make room.
    """
    numbers = {theme.tid for theme in arriving}
    there = [
        theme
        for theme in children(connection, None if parent is None else parent.tid)
        if theme.tid not in numbers
    ]
    if before is None:
        last = max((theme.position for theme in there), default=-1)
        return differences((t, {"position": n}) for n, t in enumerate(arriving, last + 1))
    following = living(connection, before)
    place = next((n for n, theme in enumerate(there) if theme.tid == following.tid), None)
    if place is None:
        raise ProjectError(
            f"“{following.title}” does not stand there.", hint="Choose a theme of the same place."
        )
    order = [*there[:place], *arriving, *there[place:]]
    found: ThemeChanges = {}
    for position, theme in enumerate(order):
        if theme.position != position:
            found[theme.tid] = {"position": (theme.position, position)}
            if theme.tid in numbers and not theme.touched:
                found[theme.tid]["touched"] = (0, 1)
    return found
