"""The course of a review, without widgets: where it stands, what was decided, how long it takes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

#: A longer time for one excerpt was a break, not reading.
_BREAK = 60.0
#: Fewer decisions tell nothing about the pace; older ones than these no more.
_FEWEST, _NEWEST = 3, 20
_LAST = 5


class Act(StrEnum):
    """What was decided of an excerpt."""

    ACCEPTED = "accepted"
    MOVED = "moved"
    ALSO = "also"  # it keeps its theme and gets a second one
    UNSORTED = "unsorted"
    SPLIT = "split"  # moved into a theme that was made for it


@dataclass(frozen=True, slots=True)
class Step:
    """One decision: one undo step of the project.

    Attributes:
        act: what was decided.
        excerpts: the excerpts it is about; more than one where they were split off.
        theme_id: where they went, or which theme was accepted.
        title: of a theme that was made.
        at: where the review stood.
        seconds: how long it took, None after a break.
    """

    act: Act
    excerpts: tuple[int, ...]
    theme_id: str | None = None
    title: str = ""
    at: int = 0
    seconds: float | None = None


class ReviewSession:
    """Goes through excerpts in their order. Skipped ones wait until the end."""

    def __init__(self, queue: Sequence[int], clock: Callable[[], float]) -> None:
        """Begin.

        Args:
            queue: inner numbers, in the order in which they are shown.
            clock: seconds that only ever grow.
        """
        self._queue = list(dict.fromkeys(queue))
        self._clock = clock
        self._since = clock()
        self._at = 0
        self._steps: list[Step] = []

    @property
    def current(self) -> int | None:
        """The excerpt that is shown; None at the end."""
        return self._queue[self._at] if self._at < len(self._queue) else None

    @property
    def upcoming(self) -> int | None:
        """The excerpt that is likely shown next."""
        following = self._next_after(self._at)
        return self._queue[following] if following < len(self._queue) else None

    @property
    def queue(self) -> list[int]:
        """The excerpts to review, in their order."""
        return list(self._queue)

    @property
    def total(self) -> int:
        """How many excerpts there are to review."""
        return len(self._queue)

    @property
    def done(self) -> int:
        """How many of them are decided."""
        return len(self._decided() & set(self._queue))

    @property
    def waiting(self) -> int:
        """How many are not decided; at the end these were skipped."""
        return self.total - self.done

    @property
    def finished(self) -> bool:
        """Whether the end is reached, skipped excerpts or not."""
        return self.current is None

    @property
    def last(self) -> list[Step]:
        """The newest decisions, newest first."""
        return self._steps[: -_LAST - 1 : -1]

    @property
    def can_go_back(self) -> bool:
        """Whether there is an excerpt before this one."""
        return self._at > 0

    @property
    def can_undo(self) -> bool:
        """Whether this review decided something that can be taken back."""
        return bool(self._steps)

    def decision(self, excerpt: int) -> Step | None:
        """Return what was decided of an excerpt last."""
        return next((step for step in reversed(self._steps) if excerpt in step.excerpts), None)

    def counts(self) -> dict[Act, int]:
        """Return how many excerpts ended as what; each counts once."""
        newest: dict[int, Act] = {}
        for step in self._steps:
            newest |= dict.fromkeys(step.excerpts, step.act)
        return {act: sum(1 for one in newest.values() if one == act) for act in Act}

    def seconds_left(self) -> float | None:
        """Return how long the rest takes at this person's own pace; None until that is known."""
        known = [step.seconds for step in self._steps if step.seconds is not None][-_NEWEST:]
        return median(known) * self.waiting if len(known) >= _FEWEST else None

    # --- what a person does

    def decide(
        self,
        act: Act,
        theme_id: str | None = None,
        *,
        title: str = "",
        excerpts: Sequence[int] = (),
    ) -> Step | None:
        """Decide of the current excerpt, or of ``excerpts``, and go on; None at the end."""
        current = self.current
        if current is None:
            return None
        which = tuple(excerpts) or (current,)
        spent = self._clock() - self._since
        seconds = spent if spent <= _BREAK and current in which else None
        step = Step(act, which, theme_id, title, self._at, seconds)
        self._steps.append(step)
        if current in which:
            self._go(self._next_after(self._at))
        return step

    def skip(self) -> None:
        """Leave the current excerpt undecided and go on."""
        if self.current is not None:
            self._go(self._next_after(self._at))

    def back(self) -> None:
        """Show the excerpt before this one, decided or not."""
        if self.can_go_back:
            self._go(self._at - 1)

    def undo(self) -> Step | None:
        """Forget the newest decision and show what it was about; the project undoes it itself."""
        if not self._steps:
            return None
        step = self._steps.pop()
        self._go(step.at)
        return step

    def again(self) -> None:
        """Show the skipped excerpts once more."""
        decided = self._decided()
        self._queue = [one for one in self._queue if one in decided] + [
            one for one in self._queue if one not in decided
        ]
        self._go(self.done)

    def keep(self, present: frozenset[int]) -> None:
        """Forget excerpts that are gone: an import or its undo can take them away."""
        current = self.current
        before = sum(1 for one in self._queue[: self._at] if one in present)
        self._queue = [one for one in self._queue if one in present]
        self._at = before
        if current is not None and self.current != current:
            self._since = self._clock()

    def _go(self, at: int) -> None:
        self._at = at
        self._since = self._clock()

    def _decided(self) -> set[int]:
        return {excerpt for step in self._steps for excerpt in step.excerpts}

    def _next_after(self, at: int) -> int:
        """Return the next place that is not decided."""
        decided = self._decided()
        following = at + 1
        while following < len(self._queue) and self._queue[following] in decided:
            following += 1
        return following
