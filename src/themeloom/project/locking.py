"""What a run leaves alone: locked themes, and older proposals that somebody worked on."""

from dataclasses import dataclass

import apsw
import polars as pl

from themeloom.domain.themes import Level, Status
from themeloom.project.changes import DECISIONS
from themeloom.project.queries import ACTIVE_RUN, fetch
from themeloom.project.resolving import LIVING_THEMES, follow, numbers_led_on
from themeloom.project.sql import execute, execute_many, rows


@dataclass(frozen=True)
class Kept:
    """What lies under locked themes.

    Attributes:
        themes: numbers of the themes that are locked, or part of one that is.
        shares: DECISIONS: all rows of the active run on excerpts that are under one of them.
    """

    themes: frozenset[int]
    shares: pl.DataFrame


NOTHING = Kept(frozenset(), pl.DataFrame(schema=DECISIONS))


def locked(connection: apsw.Connection) -> frozenset[int]:
    """Return the numbers of the themes that are locked, or part of a locked one by a merge."""
    sql = f"SELECT t.tid FROM themes t WHERE t.status = '{Status.LOCKED}' AND {LIVING_THEMES}"
    found = {theme for (theme,) in rows(connection, sql)}
    led_on = numbers_led_on(connection)
    return frozenset(found | {theme for theme, target in led_on.items() if target in found})


def locked_shares(connection: apsw.Connection) -> Kept:
    """Return what the next run has to leave as it is."""
    themes = locked(connection)
    if not themes:
        return NOTHING
    numbers = ", ".join(map(str, sorted(themes)))
    names = ", ".join(f'a."{name}"' for name in DECISIONS)
    sql = (
        f"SELECT {names} FROM assignments a WHERE a.run = ({ACTIVE_RUN}) AND a.excerpt IN"
        f" (SELECT b.excerpt FROM assignments b WHERE b.run = ({ACTIVE_RUN})"
        f"  AND b.theme IN ({numbers}))"
    )
    return Kept(themes, fetch(connection, sql, DECISIONS))


def keep_evidence(connection: apsw.Connection, run: int) -> None:
    """Drop what a run found out about locked themes: their phrases and quotes stay."""
    sql = "DELETE FROM theme_evidence WHERE run = ? AND theme = ?"
    execute_many(connection, sql, [(run, theme) for theme in locked(connection)])


def settle_parents(connection: apsw.Connection, run: int) -> None:
    """Put the themes of a run where they can stand: the tree may have changed since it began."""
    led_on = numbers_led_on(connection)
    sql = (
        "SELECT t.tid, t.parent FROM themes t JOIN themes p ON p.tid = t.parent WHERE t.run = ?"
        " AND p.run IS NOT t.run"
    )
    for theme, parent in rows(connection, sql, (run,)):
        home = led_on.get(parent, parent)
        level = _level(connection, home)
        if level == Level.SUB_THEME:
            home = rows(connection, "SELECT parent FROM themes WHERE tid = ?", (home,))[0][0]
        below = Level.SUB_THEME if level in (Level.THEME, Level.SUB_THEME) else Level.THEME
        execute(
            connection,
            "UPDATE themes SET parent = ?, level = ? WHERE tid = ?",
            (home, below, theme),
        )


def retire_proposals(connection: apsw.Connection, run: int) -> None:
    """Let a run take the place of older proposals that nobody touched, while it is visible.

    A proposal stays when a person changed it, decided on an excerpt of it or accepted something
    below it, and when the run itself puts an excerpt or a theme below it.
    """
    led_on = numbers_led_on(connection)
    decided = fetch(connection, "SELECT DISTINCT theme FROM decisions", {"theme": pl.Int64})
    used = set(follow(decided, "theme", led_on)["theme"].drop_nulls().to_list())
    sql = (
        "SELECT t.tid, t.parent, t.status = ?1 AND NOT t.touched AND t.run IS NOT ?2"
        " AND NOT EXISTS (SELECT 1 FROM assignments a WHERE a.theme = t.tid AND a.run = ?2"
        "  AND a.excerpt NOT IN (SELECT excerpt FROM decisions))"
        " AND NOT EXISTS (SELECT 1 FROM theme_evidence e WHERE e.theme = t.tid AND e.run = ?2)"
        f" FROM themes t WHERE t.run = ?2 OR ({LIVING_THEMES})"
    )
    found = rows(connection, sql, (Status.PROPOSED, run))
    parents = {theme: parent for theme, parent, _ in found}
    stays = {theme for theme, _, free in found if not free or theme in used}
    for theme in list(stays):
        parent = parents.get(theme)
        while parent is not None and parent not in stays:
            stays.add(parent)
            parent = parents.get(parent)
    execute_many(
        connection,
        "INSERT INTO retired (run, theme) VALUES (?, ?)",
        [(run, theme) for theme in parents if theme not in stays],
    )


def _level(connection: apsw.Connection, theme: int | None) -> Level | None:
    if theme is None:
        return None
    return Level(rows(connection, "SELECT level FROM themes WHERE tid = ?", (theme,))[0][0])
