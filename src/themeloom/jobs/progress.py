"""Progress callbacks and the estimate of the time left."""

import time
from collections.abc import Callable

#: ``report(stage, done, total)``; raises ``JobCancelled`` when the person cancelled.
Report = Callable[[str, int, int], None]


def silent(stage: str, done: int, total: int) -> None:
    """Report to nobody."""


class Estimator:
    """Estimates the seconds left in a stage from its own pace, smoothed.

    The first estimate comes after half a second and a twentieth of the work; before that a guess
    would jump about.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Take the clock as an argument so that tests need not wait."""
        self._clock = clock
        self._stage: str | None = None
        self._began = 0.0
        self._first = 0
        self._left: float | None = None

    def update(self, stage: str, done: int, total: int) -> float | None:
        """Return the seconds left in ``stage``, or None while unknown."""
        now = self._clock()
        if stage != self._stage:
            self._stage, self._began, self._left = stage, now, None
            self._first = done  # what was there before, as from an earlier run, took no time
        elapsed, new = now - self._began, done - self._first
        if total <= 0 or new <= 0 or elapsed < 0.5 or new * 20 < total - self._first:
            return None
        fresh = elapsed * (total - done) / new
        self._left = fresh if self._left is None else 0.7 * self._left + 0.3 * fresh
        return min(self._left, fresh * 2)
