"""Undo steps: each deed writes its own in the same transaction; undone ones go with the next deed."""

import json
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import apsw

from themeloom.project.schema import State
from themeloom.project.sql import execute, rows, value


class StepKind(StrEnum):
    """What a step did, and so how it is taken back."""

    IMPORT = "import"
    RUN = "run"
    RENAME = "rename"
    STATUS = "status"
    ASSIGN = "assign"


@dataclass(frozen=True, slots=True)
class Step:
    """One deed. ``payload`` holds what its inverse needs: ids and old values, or a batch or run."""

    seq: int
    deed: str
    kind: StepKind
    payload: dict[str, Any]


def record(connection: apsw.Connection, kind: StepKind, deed: str, payload: dict[str, Any]) -> None:
    """Write the step of a deed that is being done; what was undone before can no longer be redone."""
    _forget_undone(connection)
    execute(
        connection,
        "INSERT INTO steps (created, deed, kind, payload) VALUES (?, ?, ?, ?)",
        (datetime.now(UTC).isoformat(), deed, kind, _pack(payload)),
    )


def last_done(connection: apsw.Connection) -> Step | None:
    """Return the step that undo would take back."""
    return _step(connection, "WHERE NOT undone ORDER BY seq DESC")


def first_undone(connection: apsw.Connection) -> Step | None:
    """Return the step that redo would do again."""
    return _step(connection, "WHERE undone ORDER BY seq")


def mark(connection: apsw.Connection, step: Step, *, undone: bool) -> None:
    """Note that a step was undone or redone."""
    execute(connection, "UPDATE steps SET undone = ? WHERE seq = ?", (undone, step.seq))


def _forget_undone(connection: apsw.Connection) -> None:
    if value(connection, "SELECT max(seq) FROM steps WHERE undone") is None:
        return
    execute(connection, "DELETE FROM steps WHERE undone")
    # Only undone imports and runs are hidden; their rows go piece by piece when nothing waits.
    for table in ("batches", "runs"):
        execute(
            connection,
            f"UPDATE {table} SET state = ? WHERE state = ?",
            (State.DISCARDED, State.HIDDEN),
        )


def _step(connection: apsw.Connection, which: str) -> Step | None:
    sql = f"SELECT seq, deed, kind, payload FROM steps {which} LIMIT 1"
    for seq, deed, kind, payload in rows(connection, sql):
        return Step(seq, deed, StepKind(kind), json.loads(zlib.decompress(payload)))
    return None


def _pack(payload: dict[str, Any]) -> bytes:
    return zlib.compress(json.dumps(payload, separators=(",", ":")).encode())
