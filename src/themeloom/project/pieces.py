"""What imports and runs share while they are being written: small transactions, giving up."""

import time
from collections.abc import Callable, Sequence
from typing import Any

import apsw
import polars as pl

from themeloom.domain.errors import ProjectError
from themeloom.project.pace import Pace
from themeloom.project.schema import State
from themeloom.project.sql import execute, execute_many, value
from themeloom.project.writer import Writer

_AT_A_TIME = 500  # rows: some milliseconds

Write = Callable[[apsw.Connection, Sequence[tuple[Any, ...]]], None]


class Pieces:
    """Writes frames piece by piece, so that an edit waits for one short transaction at most."""

    def __init__(self, writer: Writer) -> None:
        """Write through ``writer``."""
        self._writer = writer
        self._pace = Pace()

    def insert(self, frame: pl.DataFrame, sql: str) -> None:
        """Run ``sql`` once for each row of ``frame``."""
        self.write(frame, lambda connection, piece: execute_many(connection, sql, piece))

    def write(self, frame: pl.DataFrame, write: Write) -> None:
        """Hand ``frame`` to ``write`` in pieces, each in a transaction of its own."""
        done = 0
        piece = _rows(frame, 0, self._pace.rows)
        while piece:
            writing = self._writer.submit(
                lambda connection, piece=piece: _timed(connection, write, piece)
            )
            done += len(piece)
            # The next piece is made ready while the writer waits for the disk.
            following = _rows(frame, done, self._pace.rows)
            self._pace.note(len(piece), writing.result())
            piece = following


def discard(writer: Writer, table: str, number: int) -> None:
    """Give a staged batch or run up; its rows go when nothing waits.

    Where not even that can be written (the disk is full), it is swept at the next opening.
    """
    try:
        writer.call(
            lambda connection: execute(
                connection,
                f"UPDATE {table} SET state = ? WHERE seq = ? AND state = ?",
                (State.DISCARDED, number, State.STAGING),
            )
        )
    except ProjectError:
        return


def require_staging(connection: apsw.Connection, table: str, number: int) -> None:
    """Check that a batch or run may become visible.

    Raises:
        ProjectError: it was committed or discarded before.
    """
    state = value(connection, f"SELECT state FROM {table} WHERE seq = ?", (number,))
    if state != State.STAGING:
        raise ProjectError("This import or search for themes has ended.", hint="Start it again.")


def _rows(frame: pl.DataFrame, first: int, count: int) -> list[tuple[Any, ...]]:
    """Return rows of ``frame``, made a few at a time: no other thread runs while polars makes them."""
    made: list[tuple[Any, ...]] = []
    for start in range(first, min(first + count, frame.height), _AT_A_TIME):
        made += frame.slice(start, min(_AT_A_TIME, first + count - start)).rows()
    return made


def _timed(connection: apsw.Connection, write: Write, piece: Sequence[tuple[Any, ...]]) -> float:
    began = time.perf_counter()
    write(connection, piece)
    return time.perf_counter() - began
