"""Connections for reading: never shared between threads at the same time."""

import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import apsw

from themeloom.domain.errors import ProjectError
from themeloom.project.connection import connect
from themeloom.project.failures import plainly
from themeloom.project.sql import execute


class Readers:
    """Hands out read-only connections; as many exist as ever read at the same time."""

    def __init__(self, path: Path) -> None:
        """Read from ``path``."""
        self._path = path
        self._guard = threading.Lock()
        self._idle: list[apsw.Connection] = []
        self._closed = False

    @contextmanager
    def connection(self) -> Generator[apsw.Connection]:
        """Lend a connection. All that is read inside is of one moment.

        Raises:
            ProjectError: the file cannot be read, or the project is closed.
        """
        with self._guard:
            if self._closed:
                raise ProjectError("The project is closed.", file=self._path.name)
            idle = self._idle.pop() if self._idle else None
        with plainly(self._path):
            connection = idle or connect(self._path, read_only=True)
            try:
                execute(connection, "BEGIN")
                yield connection
            finally:
                if connection.in_transaction:
                    execute(connection, "COMMIT")
                self._take_back(connection)

    def close(self) -> None:
        """Close the idle connections; those lent out close when they come back."""
        with self._guard:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _take_back(self, connection: apsw.Connection) -> None:
        with self._guard:
            if not self._closed:
                self._idle.append(connection)
                return
        connection.close()
