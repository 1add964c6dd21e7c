"""Removing the rows of imports and runs that were cancelled, killed, or undone for good."""

import apsw

from themeloom.project.schema import State
from themeloom.project.sql import execute, value


def discard_unfinished(connection: apsw.Connection) -> None:
    """Mark what was being written when its process ended: its rows will be swept."""
    for table in ("batches", "runs"):
        execute(
            connection,
            f"UPDATE {table} SET state = ? WHERE state = ?",
            (State.DISCARDED, State.STAGING),
        )


def waiting(connection: apsw.Connection) -> int:
    """Return how many discarded imports and runs still have rows."""
    return sum(
        value(connection, f"SELECT count(*) FROM {table} WHERE state = ?", (State.DISCARDED,))
        for table in ("batches", "runs")
    )


def sweep(connection: apsw.Connection, limit: int) -> int:
    """Remove up to ``limit`` rows of discarded work, in an order that keeps all references whole.

    Returns the number of rows removed; 0 means that nothing is left.
    """
    # Newest first: a run may refer to the themes of an older one, an import to older records.
    run = value(connection, "SELECT max(seq) FROM runs WHERE state = ?", (State.DISCARDED,))
    if run is not None:
        return _first_effect(connection, _RUN, run, limit)
    batch = value(connection, "SELECT max(seq) FROM batches WHERE state = ?", (State.DISCARDED,))
    if batch is not None:
        return _first_effect(connection, _BATCH, batch, limit)
    return 0


_RECORDS_OF_BATCH = (
    "SELECT rid FROM records WHERE source IN (SELECT seq FROM sources WHERE batch = :id)"
    " ORDER BY source, rid LIMIT :limit"
)

#: Pieces in the order in which they go: the next is tried when nothing was left of the one before.
#: The last ends the work.
_RUN = (
    (
        "DELETE FROM assignments WHERE (run, excerpt, theme) IN"
        " (SELECT run, excerpt, theme FROM assignments WHERE run = :id LIMIT :limit)",
    ),
    (
        "DELETE FROM unsorted WHERE (run, excerpt) IN"
        " (SELECT run, excerpt FROM unsorted WHERE run = :id LIMIT :limit)",
    ),
    (
        "DELETE FROM retired WHERE run = :id",
        "DELETE FROM theme_evidence WHERE run = :id",
        # A theme whose making was undone may have stood below one of the run.
        "UPDATE themes SET parent = NULL WHERE fate = 'unmade'"
        " AND parent IN (SELECT tid FROM themes WHERE run = :id)",
        "DELETE FROM themes WHERE run = :id",
    ),
    ("DELETE FROM runs WHERE seq = :id",),
)
_BATCH = (
    (
        "DELETE FROM replaced WHERE batch = :id AND rid IN"
        " (SELECT rid FROM replaced WHERE batch = :id LIMIT :limit)",
    ),
    (
        f"DELETE FROM excerpts WHERE rid IN ({_RECORDS_OF_BATCH})",
        f"DELETE FROM records WHERE rid IN ({_RECORDS_OF_BATCH})",
    ),
    (
        "DELETE FROM skipped WHERE source IN (SELECT seq FROM sources WHERE batch = :id)",
        "DELETE FROM accounts WHERE batch = :id",
        "DELETE FROM roster WHERE batch = :id",
        "DELETE FROM sources WHERE batch = :id",
    ),
    ("DELETE FROM batches WHERE seq = :id",),
)


def _first_effect(
    connection: apsw.Connection, pieces: tuple[tuple[str, ...], ...], number: int, limit: int
) -> int:
    for piece in pieces:
        before = connection.total_changes()
        for statement in piece:
            bindings = {"id": number, "limit": limit} if ":limit" in statement else {"id": number}
            execute(connection, statement, bindings)
        if removed := connection.total_changes() - before:
            return removed
    return 0
