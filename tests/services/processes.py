"""Real child processes that several tests use, one after the other: starting one takes seconds."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from unittest.mock import patch

from themeloom.jobs.worker import Worker
from themeloom.services import workers


class Kept(Worker):
    """A process that outlives whom it was lent to: closing it ends the job and gives it back."""

    def __init__(self, like: Worker) -> None:
        """Take over what ``like`` was told; it must not have been started."""
        self.__dict__.update(like.__dict__)
        self._lent = False

    def lend(self) -> "Kept | None":
        """Return itself, or None while somebody has it."""
        if self._lent:
            return None
        self._lent = True
        return self

    def close(self) -> None:
        self.cancel()
        with self._busy:  # held by whoever waits for the job
            self._lent = False

    def end(self) -> None:
        super().close()


@contextmanager
def keep(make: Callable[[], Worker]) -> Generator[Kept]:
    """Start a process; end it when all tests are through."""
    made = Kept(make())
    made.start()
    try:
        yield made
    finally:
        made.end()


@contextmanager
def lent(kind: str, kept: Kept) -> Generator[None]:
    """Let ``workers.reader`` or ``workers.engine`` return ``kept`` as long as nobody has it."""
    own: Callable[[], Worker] = getattr(workers, kind)
    with patch.object(workers, kind, lambda: kept.lend() or own()):
        yield
