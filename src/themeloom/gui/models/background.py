"""Questions that models ask off the GUI thread: the newest of a kind wins."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from PySide6.QtCore import QObject

from themeloom.gui.bridge.threads import Threads

T = TypeVar("T")


class Runner(Protocol):
    """Runs ``work`` off the GUI thread, then ``then`` on it.

    A newer question of the same ``key`` drops the older answer. ``Workspace.compute`` is one.
    """

    def __call__(self, key: str, work: Callable[[], T], then: Callable[[T], None], /) -> None:
        """Ask."""
        ...


class Background(QObject):
    """A runner with threads of its own, for views that stand without a workspace."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Threads start with the first question."""
        super().__init__(parent)
        self._threads = Threads(self)
        self._asked: dict[str, int] = {}

    def __call__(self, key: str, work: Callable[[], T], then: Callable[[T], None], /) -> None:
        """Ask; an exception of ``work`` is raised on the GUI thread."""
        number = self._asked[key] = self._asked.get(key, 0) + 1

        def done(answer: T) -> None:
            if self._asked[key] == number:
                then(answer)

        def failed(error: BaseException) -> None:
            raise error

        self._threads.run("beside", work, done, failed)

    @property
    def idle(self) -> bool:
        """Whether no question is under way."""
        return not self._threads.busy

    def close(self) -> None:
        """End the threads; answers that are under way are dropped."""
        self._threads.close()


def at_once(key: str, work: Callable[[], T], then: Callable[[T], None], /) -> None:
    """Answer before returning: for few rows, and for tests that look at the answer only."""
    then(work())
