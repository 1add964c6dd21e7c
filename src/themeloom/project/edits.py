"""What a person changes, and how each step is undone and redone."""

from collections.abc import Callable, Sequence
from typing import Any

import apsw
import polars as pl

from themeloom.domain.errors import ProjectError
from themeloom.domain.themes import Method, Status
from themeloom.project import queries
from themeloom.project.journal import Step, StepKind, first_undone, last_done, mark, record
from themeloom.project.schema import State
from themeloom.project.sql import execute, execute_many, rows, value


def rename_theme(connection: apsw.Connection, theme_id: str, title: str) -> None:
    """Give a theme another title.

    Raises:
        ProjectError: no such theme, or an empty title.
    """
    new = title.strip()
    if not new:
        raise ProjectError("A theme needs a title.", hint="Type a title.")
    theme = _theme(connection, theme_id)
    old = str(value(connection, "SELECT title FROM themes WHERE tid = ?", (theme,)))
    if new == old:
        return
    payload = {"theme": theme, "before": old, "after": new}
    record(connection, StepKind.RENAME, f"rename “{old}” to “{new}”", payload)
    _rename(connection, payload, "after")


def set_theme_status(connection: apsw.Connection, theme_ids: Sequence[str], status: Status) -> None:
    """Give themes another status, in one step.

    Raises:
        ProjectError: no such theme.
    """
    changed: list[tuple[int, str, str]] = []  # number, title, status before
    for theme_id in theme_ids:
        theme = _theme(connection, theme_id)
        sql = "SELECT title, status FROM themes WHERE tid = ?"
        title, before = rows(connection, sql, (theme,))[0]
        if before != status:
            changed.append((theme, title, before))
    if not changed:
        return
    what = f"“{changed[0][1]}”" if len(changed) == 1 else f"{len(changed)} themes"
    payload = {
        "themes": [theme for theme, _, _ in changed],
        "before": [before for _, _, before in changed],
        "after": [str(status)] * len(changed),
    }
    record(connection, StepKind.STATUS, f"set {what} to {status}", payload)
    _set_status(connection, payload, "after")


def assign(connection: apsw.Connection, excerpt_ids: Sequence[str], theme_id: str) -> None:
    """Put excerpts under a theme by hand. No run changes that.

    Raises:
        ProjectError: no such theme or excerpt.
    """
    if not excerpt_ids:
        return
    theme = _theme(connection, theme_id)
    asked = pl.DataFrame({"excerpt_id": excerpt_ids}, schema={"excerpt_id": pl.String}).unique(
        maintain_order=True
    )
    found = asked.join(
        queries.excerpt_keys(connection), on="excerpt_id", how="left", maintain_order="left"
    )
    if found["excerpt"].null_count():
        missing = found.filter(pl.col("excerpt").is_null())["excerpt_id"][0]
        raise ProjectError(f"There is no excerpt {missing} in this project.")
    numbers: list[int] = found["excerpt"].to_list()
    what = "1 excerpt" if len(numbers) == 1 else f"{len(numbers):,} excerpts"
    title = value(connection, "SELECT title FROM themes WHERE tid = ?", (theme,))
    before: list[Sequence[Any]] = []
    for number in numbers:
        before += rows(connection, "SELECT * FROM decisions WHERE excerpt = ?", (number,))
    payload = {
        "excerpts": numbers,
        "before": before,
        "after": [[number, theme, Method.MANUAL, None, 1, 1] for number in numbers],
    }
    record(connection, StepKind.ASSIGN, f"move {what} to “{title}”", payload)
    _decide(connection, payload, "after")


def undo(connection: apsw.Connection) -> str | None:
    """Take the last deed back; return its name, or None when there is none.

    Raises:
        ProjectError: the deed is an import or a run while another one is being written.
    """
    step = last_done(connection)
    if step is None:
        return None
    _apply(connection, step, "before")
    mark(connection, step, undone=True)
    return step.deed


def redo(connection: apsw.Connection) -> str | None:
    """Do the deed again that was undone last; return its name, or None when there is none.

    Raises:
        ProjectError: the deed is an import or a run while another one is being written.
    """
    step = first_undone(connection)
    if step is None:
        return None
    _apply(connection, step, "after")
    mark(connection, step, undone=False)
    return step.deed


def _apply(connection: apsw.Connection, step: Step, side: str) -> None:
    _SIDES[step.kind](connection, step.payload, side)


def _rename(connection: apsw.Connection, payload: dict[str, Any], side: str) -> None:
    sql = "UPDATE themes SET title = ? WHERE tid = ?"
    execute(connection, sql, (payload[side], payload["theme"]))


def _set_status(connection: apsw.Connection, payload: dict[str, Any], side: str) -> None:
    sql = "UPDATE themes SET status = ? WHERE tid = ?"
    execute_many(connection, sql, zip(payload[side], payload["themes"], strict=True))


def _decide(connection: apsw.Connection, payload: dict[str, Any], side: str) -> None:
    execute_many(
        connection,
        "DELETE FROM decisions WHERE excerpt = ?",
        [(number,) for number in payload["excerpts"]],
    )
    execute_many(connection, "INSERT INTO decisions VALUES (?, ?, ?, ?, ?, ?)", payload[side])


def _show_batch(connection: apsw.Connection, payload: dict[str, Any], side: str) -> None:
    _show(connection, "batches", payload["batch"], side)


def _show_run(connection: apsw.Connection, payload: dict[str, Any], side: str) -> None:
    _show(connection, "runs", payload["run"], side)


def _show(connection: apsw.Connection, table: str, number: int, side: str) -> None:
    # What is being written was prepared against what is visible now.
    for under_way, name in (("batches", "An import"), ("runs", "A search for themes")):
        sql = f"SELECT count(*) FROM {under_way} WHERE state = ?"
        if value(connection, sql, (State.STAGING,)):
            raise ProjectError(
                f"{name} is being written.", hint="Wait until it is done, or cancel it."
            )
    state = State.VISIBLE if side == "after" else State.HIDDEN
    execute(connection, f"UPDATE {table} SET state = ? WHERE seq = ?", (state, number))


_SIDES: dict[StepKind, Callable[[apsw.Connection, dict[str, Any], str], None]] = {
    StepKind.IMPORT: _show_batch,
    StepKind.RUN: _show_run,
    StepKind.RENAME: _rename,
    StepKind.STATUS: _set_status,
    StepKind.ASSIGN: _decide,
}


def _theme(connection: apsw.Connection, theme_id: str) -> int:
    """Return a visible theme's inner number."""
    sql = f"SELECT t.tid FROM themes t WHERE t.theme_id = ? AND {queries.VISIBLE_THEMES}"
    found = value(connection, sql, (theme_id,))
    if found is None:
        raise ProjectError(
            f"There is no theme {theme_id} in this project.",
            hint="List the themes with `themeloom themes`.",
        )
    return int(found)
