"""Threads beside the GUI thread, each with its own kind of work; answers come back as signals."""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

T = TypeVar("T")
Answer = Callable[[Any], None]


class Threads(QObject):
    """Runs work off the GUI thread and calls back on it.

    ``in_order`` runs one piece after the other (edits); ``beside`` runs several at a time
    (questions); ``alone`` is for the one long job.
    """

    _done = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        """Start no thread yet: each pool makes its own when it is first used."""
        super().__init__(parent)
        self._pools = {
            "in_order": ThreadPoolExecutor(1, thread_name_prefix="edits"),
            "beside": ThreadPoolExecutor(2, thread_name_prefix="questions"),
            "alone": ThreadPoolExecutor(1, thread_name_prefix="job"),
        }
        self._closed = False
        self._begun: dict[str, set[Future[None]]] = {name: set() for name in self._pools}
        self._idle = threading.Condition()
        self._running = 0
        self._done.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def run(
        self, pool: str, work: Callable[[], T], then: Callable[[T], None], failed: Answer
    ) -> None:
        """Run ``work`` in ``pool``, then ``then`` or ``failed`` (with the exception) here."""
        if self._closed:
            return
        with self._idle:
            self._running += 1
        begun = self._pools[pool].submit(self._work, work, then, failed)
        self._begun[pool].add(begun)
        begun.add_done_callback(self._begun[pool].discard)

    def stop(self) -> None:
        """Drop what has not begun, and deliver nothing more."""
        self._closed = True
        for pool in self._pools.values():
            pool.shutdown(wait=False, cancel_futures=True)

    def wait(self, seconds: float, *pools: str) -> bool:
        """Wait for what was begun in ``pools``; return whether all of it has ended."""
        begun = [future for pool in pools for future in self._begun[pool]]
        return not wait_for(begun, timeout=seconds).not_done

    def close(self) -> None:
        """``stop``, and wait for what has begun."""
        self.stop()
        for pool in self._pools.values():
            pool.shutdown(wait=True)

    @property
    def busy(self) -> bool:
        """Whether anything is running or waiting for its delivery."""
        return self._running > 0

    def _work(self, work: Callable[[], Any], then: Answer, failed: Answer) -> None:
        try:
            answer: Any = work()
            call = then
        except BaseException as error:  # noqa: BLE001 - travels to the GUI thread
            answer, call = error, failed
        if not self._closed:
            self._done.emit(call, answer)

    def _deliver(self, call: Answer, answer: Any) -> None:
        with self._idle:
            self._running -= 1
        if not self._closed:
            call(answer)


class Inbox(QObject):
    """Takes values from any thread and hands them out on the GUI thread, the newest only.

    A job may report a thousand times a second; the screen needs the last word of each turn of the
    event loop.
    """

    received = Signal(object)
    _knock = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        """Connect ``received`` to what shows the values."""
        super().__init__(parent)
        self._values: queue.SimpleQueue[object] = queue.SimpleQueue()
        self._knock.connect(self._open, Qt.ConnectionType.QueuedConnection)

    def put(self, value: object) -> None:
        """Leave a value; may be called from any thread."""
        first = self._values.empty()
        self._values.put(value)
        if first:
            self._knock.emit()

    def _open(self) -> None:
        value: object = None
        found = False
        while not self._values.empty():
            value, found = self._values.get(), True
        if found:
            self.received.emit(value)
