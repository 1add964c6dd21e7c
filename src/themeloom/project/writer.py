"""The one thread that writes."""

import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import apsw

from themeloom.domain.errors import ProjectError
from themeloom.project import sweeping
from themeloom.project.connection import fold_into_one_file, transaction
from themeloom.project.failures import plainly
from themeloom.project.pace import Pace

#: How long closing may go on removing the rows of discarded work; the rest waits for next time.
_CLOSING_SECONDS = 1.0

T = TypeVar("T")


@dataclass(frozen=True)
class _Deed:
    work: Callable[[apsw.Connection], Any]
    outcome: Future[Any]


class Writer:
    """Owns the write connection; runs deeds one after the other, each as one transaction.

    While nothing waits it removes the rows of discarded imports and runs, in small pieces.
    """

    def __init__(self, connection: apsw.Connection, path: Path) -> None:
        """Start the thread. ``connection`` belongs to it from now on."""
        self._connection = connection
        self._path = path
        self._file = path.stat()
        self._pace = Pace()
        self._deeds: queue.SimpleQueue[_Deed | None] = queue.SimpleQueue()
        self._closing = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="project writer", daemon=True)
        self._thread.start()

    def call(self, work: Callable[[apsw.Connection], T]) -> T:
        """Return what ``work`` returns, once it is on the disk.

        Raises:
            ProjectError: it could not be written; nothing of it was.
            Exception: what ``work`` raised; nothing of it was written.
        """
        return self.submit(work).result()

    def submit(self, work: Callable[[apsw.Connection], T]) -> Future[T]:
        """Have ``work`` done and return at once; the outcome holds what ``call`` returns or raises.

        Raises:
            ProjectError: the project is closed.
        """
        outcome: Future[T] = Future()
        with self._closing:
            if self._closed:
                raise ProjectError("The project is closed.", file=self._path.name)
            self._deeds.put(_Deed(work, outcome))
        return outcome

    def close(self) -> None:
        """Finish what waits, bring everything into the one file and close it."""
        with self._closing:
            if not self._closed:
                self._closed = True
                self._deeds.put(None)
        self._thread.join()

    def _run(self) -> None:
        sweep = True
        while True:
            try:
                deed = self._deeds.get(block=not sweep)
            except queue.Empty:
                sweep = self._sweep()
                continue
            if deed is None:
                break
            self._do(deed)
            sweep = True
        self._finish()

    def _do(self, deed: _Deed) -> None:
        try:
            with plainly(self._path):
                self._refuse_replaced()
                with transaction(self._connection):
                    result = deed.work(self._connection)
        except BaseException as error:  # noqa: BLE001 - travels to the caller
            deed.outcome.set_exception(error)
        else:
            deed.outcome.set_result(result)

    def _sweep(self) -> bool:
        """Remove one piece of what is left over; return whether there is more."""
        began = time.perf_counter()
        try:
            with transaction(self._connection):
                removed = sweeping.sweep(self._connection, self._pace.rows)
        except apsw.Error:  # the disk is full, say: nobody sees these rows, they can wait
            return False
        self._pace.note(max(removed, 1), time.perf_counter() - began)
        return removed > 0

    def _finish(self) -> None:
        with suppress(apsw.Error):
            with transaction(self._connection):
                sweeping.discard_unfinished(self._connection)
            until = time.perf_counter() + _CLOSING_SECONDS
            while self._sweep() and time.perf_counter() < until:
                pass
        with suppress(apsw.Error):
            fold_into_one_file(self._connection)
        self._connection.close()

    def _refuse_replaced(self) -> None:
        """A sync client may replace or move the file under us: what we write would be lost."""
        try:
            now = self._path.stat()
            same = (now.st_dev, now.st_ino) == (self._file.st_dev, self._file.st_ino)
        except FileNotFoundError:
            same = False
        if not same:
            raise ProjectError(
                "The project file was moved, replaced or deleted while it was open.",
                file=self._path.name,
                hint="The last change was not made. Put the file back or open it again.",
            )
