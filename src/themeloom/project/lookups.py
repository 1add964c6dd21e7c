"""What edits look up: living themes and excerpts, by the names that the world has for them."""

import json
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import apsw
import polars as pl

from themeloom.domain.errors import ProjectError
from themeloom.domain.themes import Level, Status
from themeloom.project.queries import VISIBLE_RECORDS, fetch
from themeloom.project.resolving import LIVING_THEMES, redirects
from themeloom.project.schema import State
from themeloom.project.sql import rows, value

#: An excerpt's inner number (``excerpt`` in the frames), or its id to the world.
ExcerptKey = int | str


class ThemeRow(NamedTuple):
    """A living theme as edits see it."""

    tid: int
    theme_id: str
    parent: int | None
    level: Level
    title: str
    definition: str
    memo: str
    status: Status
    position: int
    touched: int
    chosen_phrases_json: str | None
    chosen_quotes_json: str | None


_COLUMNS = ", ".join(f"t.{name}" for name in ThemeRow._fields)


def living(connection: apsw.Connection, theme_id: str) -> ThemeRow:
    """Return a theme that a person sees.

    Raises:
        ProjectError: there is none of this id, or it was merged or deleted.
    """
    sql = f"SELECT {_COLUMNS} FROM themes t WHERE t.theme_id = ? AND {LIVING_THEMES}"
    for row in rows(connection, sql, (theme_id,)):
        return _theme(row)
    if theme_id in (led := redirects(connection)):
        target = led[theme_id]
        what = "was deleted" if target is None else f"is part of {target} now"
        raise ProjectError(f"Theme {theme_id} {what}.", hint="Undo that first.")
    raise ProjectError(
        f"There is no theme {theme_id} in this project.",
        hint="List the themes with `themeloom themes`.",
    )


def living_all(connection: apsw.Connection, theme_ids: Iterable[str]) -> list[ThemeRow]:
    """Return several themes, each once.

    Raises:
        ProjectError: as ``living``.
    """
    return [living(connection, theme_id) for theme_id in dict.fromkeys(theme_ids)]


def children(connection: apsw.Connection, parent: int | None) -> list[ThemeRow]:
    """Return the themes right below one (or at the top), in the order in which they stand."""
    sql = (
        f"SELECT {_COLUMNS} FROM themes t WHERE t.parent IS ? AND {LIVING_THEMES}"
        " ORDER BY CASE t.level WHEN 'group' THEN 0 WHEN 'theme' THEN 1 ELSE 2 END,"
        " t.position, t.theme_id"
    )
    return [_theme(row) for row in rows(connection, sql, (parent,))]


def by_number(connection: apsw.Connection, tid: int) -> ThemeRow:
    """Return the theme with an inner number that is known to be there."""
    return _theme(rows(connection, f"SELECT {_COLUMNS} FROM themes t WHERE t.tid = ?", (tid,))[0])


def excerpt_numbers(connection: apsw.Connection, keys: Sequence[ExcerptKey]) -> list[int]:
    """Return the inner numbers of excerpts, each once, in the given order.

    Raises:
        ProjectError: there is no such excerpt.
    """
    numbers = [key for key in keys if isinstance(key, int)]
    names = [key for key in keys if isinstance(key, str)]
    known = _known_numbers(connection, numbers) | _numbers_of_names(connection, names)
    try:
        return list(dict.fromkeys(known[key] for key in keys))
    except KeyError as error:
        raise ProjectError(
            f"There is no excerpt {error.args[0]} in this project.",
            hint="Its record may have been removed or updated meanwhile. Look again.",
        ) from error


def excerpt_names(connection: apsw.Connection, numbers: Sequence[int]) -> list[str]:
    """Return the ids that excerpts have to the world, in the given order."""
    sql = (
        "SELECT e.eid, r.record_id || '.' || e.ordinal FROM excerpts e JOIN records r USING (rid)"
        " WHERE e.eid IN (SELECT value FROM json_each(?))"
    )
    found = dict(map(tuple, rows(connection, sql, (json.dumps(numbers),))))
    return [found[number] for number in numbers]


def count_of(things: int, one: str) -> str:
    """Return "1 excerpt", "2,000 excerpts"."""
    return f"1 {one}" if things == 1 else f"{things:,} {one}s"


def titles(themes: Sequence[ThemeRow]) -> str:
    """Return how a step names themes: “Title”, "3 themes", or "3 themes and 2 groups"."""
    if len(themes) == 1:
        return f"“{themes[0].title}”"
    groups = sum(theme.level == Level.GROUP for theme in themes)
    counts = ((len(themes) - groups, "theme"), (groups, "group"))
    return " and ".join(count_of(count, level) for count, level in counts if count) or "0 themes"


def next_ids(connection: apsw.Connection, prefix: str, count: int) -> list[str]:
    """Return ids such as "T-001" that no theme has or ever had; they are given from now on."""
    key = f"next {prefix}"
    first = int(value(connection, "SELECT value FROM meta WHERE key = ?", (key,)) or 1)
    rows(connection, "INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, first + count))
    return [f"{prefix}-{number:03d}" for number in range(first, first + count)]


def _theme(row: Sequence[object]) -> ThemeRow:
    named = ThemeRow(*row)  # pyright: ignore[reportArgumentType] - as the table has them
    return named._replace(level=Level(named.level), status=Status(named.status))


def _known_numbers(connection: apsw.Connection, numbers: Sequence[int]) -> dict[ExcerptKey, int]:
    if not numbers:
        return {}
    sql = (
        "SELECT e.eid FROM excerpts e JOIN records r USING (rid) JOIN sources s ON s.seq = r.source"
        f" JOIN batches b ON b.seq = s.batch WHERE b.state = '{State.VISIBLE}'"
        " AND e.origin = e.eid AND e.eid IN (SELECT value FROM json_each(?))"
    )
    return {number: number for (number,) in rows(connection, sql, (json.dumps(numbers),))}


def _numbers_of_names(connection: apsw.Connection, names: Sequence[str]) -> dict[ExcerptKey, int]:
    if not names:
        return {}
    asked = [name.rpartition(".") for name in names]
    sql = (
        "SELECT r.record_id || '.' || e.ordinal, e.origin FROM records r JOIN excerpts e USING (rid)"
        f" WHERE r.record_id IN (SELECT value FROM json_each(?)) AND {VISIBLE_RECORDS}"
    )
    found = fetch(
        connection,
        sql,
        {"name": pl.String, "origin": pl.Int64},
        (json.dumps([record for record, _, _ in asked]),),
    )
    return dict(found.iter_rows())
