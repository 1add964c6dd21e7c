"""Undo steps: each deed writes its own in the same transaction; undone ones go with the next deed."""

from datetime import UTC, datetime

import apsw

from themeloom.domain.changes import Deed, HistoryEntry
from themeloom.domain.errors import ProjectError
from themeloom.project.changes import Changes, Side, pack, put, unpack
from themeloom.project.schema import State
from themeloom.project.sql import execute, rows, value

_LAST_DONE = "WHERE NOT undone ORDER BY seq DESC LIMIT 1"
_FIRST_UNDONE = "WHERE undone ORDER BY seq LIMIT 1"


def do(connection: apsw.Connection, name: str, changes: Changes) -> Deed | None:
    """Make the changes and write their step; None where there are none.

    Args:
        connection: the write connection, in a transaction.
        name: stands behind "Undo".
        changes: what the deed changes.
    """
    if not changes:
        return None
    record(connection, name, changes)
    put(connection, changes, "after")
    return changes.deed(name)


def record(connection: apsw.Connection, name: str, changes: Changes) -> None:
    """Write the step of a deed that is being done; what was undone before can no longer be redone."""
    _forget_undone(connection)
    execute(
        connection,
        "INSERT INTO steps (created, deed, payload, many) VALUES (?, ?, ?, ?)",
        (datetime.now(UTC).isoformat(), name, *pack(changes)),
    )


def undo(connection: apsw.Connection) -> Deed | None:
    """Take the last deed back; None when there is none.

    Raises:
        ProjectError: the deed is an import or a run while another one is being written.
    """
    seq = value(connection, f"SELECT seq FROM steps {_LAST_DONE}")
    return None if seq is None else _turn(connection, seq, "before")


def redo(connection: apsw.Connection) -> Deed | None:
    """Do the deed again that was undone last; None when there is none.

    Raises:
        ProjectError: the deed is an import or a run while another one is being written.
    """
    seq = value(connection, f"SELECT seq FROM steps {_FIRST_UNDONE}")
    return None if seq is None else _turn(connection, seq, "after")


def jump_to(connection: apsw.Connection, seq: int) -> Deed | None:
    """Undo or redo until step ``seq`` is the last one done; 0 undoes everything.

    Raises:
        ProjectError: there is no such step, or an import or a run is being written.
    """
    if seq and not rows(connection, "SELECT 1 FROM steps WHERE seq = ?", (seq,)):
        raise ProjectError(
            "This step is no longer part of the history.",
            hint="Something was changed after it was undone.",
        )
    back = "SELECT seq FROM steps WHERE NOT undone AND seq > ? ORDER BY seq DESC"
    forth = "SELECT seq FROM steps WHERE undone AND seq <= ? ORDER BY seq"
    deeds = [_turn(connection, one, "before") for (one,) in rows(connection, back, (seq,))]
    deeds += [_turn(connection, one, "after") for (one,) in rows(connection, forth, (seq,))]
    if not deeds:
        return None
    touched = dict.fromkeys(excerpt for deed in deeds for excerpt in deed.excerpts)
    return Deed(
        deeds[-1].name,
        themes=any(deed.themes for deed in deeds),
        excerpts=tuple(touched),
        content=any(deed.content for deed in deeds),
        insights=any(deed.insights for deed in deeds),
    )


def undo_name(connection: apsw.Connection) -> str | None:
    """Return the name of the deed that undo would take back."""
    return value(connection, f"SELECT deed FROM steps {_LAST_DONE}")


def redo_name(connection: apsw.Connection) -> str | None:
    """Return the name of the deed that redo would do again."""
    return value(connection, f"SELECT deed FROM steps {_FIRST_UNDONE}")


def history(connection: apsw.Connection, limit: int) -> list[HistoryEntry]:
    """Return the newest steps, newest first."""
    sql = "SELECT seq, created, deed, undone FROM steps ORDER BY seq DESC LIMIT ?"
    return [
        HistoryEntry(seq, when, name, bool(undone))
        for seq, when, name, undone in rows(connection, sql, (limit,))
    ]


def _turn(connection: apsw.Connection, seq: int, side: Side) -> Deed:
    name, payload, many = rows(
        connection, "SELECT deed, payload, many FROM steps WHERE seq = ?", (seq,)
    )[0]
    changes = unpack(payload, many)
    put(connection, changes, side)
    execute(connection, "UPDATE steps SET undone = ? WHERE seq = ?", (side == "before", seq))
    return changes.deed(name)


def _forget_undone(connection: apsw.Connection) -> None:
    if undo_is_last(connection):
        return
    execute(connection, "DELETE FROM steps WHERE undone")
    # Only undone imports and runs are hidden; their rows go piece by piece when nothing waits.
    for table in ("batches", "runs"):
        execute(
            connection,
            f"UPDATE {table} SET state = ? WHERE state = ?",
            (State.DISCARDED, State.HIDDEN),
        )


def undo_is_last(connection: apsw.Connection) -> bool:
    """Tell whether nothing can be redone."""
    return value(connection, f"SELECT seq FROM steps {_FIRST_UNDONE}") is None
