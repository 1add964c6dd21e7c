"""Places of personal data in a text."""

from bisect import bisect_left, insort
from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """Kinds of personal data, as they stand in tokens."""

    EMAIL = "EMAIL"
    PHONE = "PHONE"
    NAME = "NAME"
    IBAN = "IBAN"
    CARD = "CARD"
    SECRET = "SECRET"  # a key or password in a web address


class Finding(NamedTuple):
    """One place; ``kind`` is None for what must be left alone."""

    start: int
    end: int
    kind: Kind | None
    value: str  # in the form that decides whether two places mean the same


class Places:
    """Spans of a text that do not overlap; asking takes logarithmic time."""

    def __init__(self) -> None:
        self._spans: list[tuple[int, int]] = []

    def is_free(self, start: int, end: int) -> bool:
        """Whether ``start`` to ``end`` touches none of the spans."""
        after = bisect_left(self._spans, (end,))
        return after == 0 or self._spans[after - 1][1] <= start

    def add(self, start: int, end: int) -> None:
        """Take a free place."""
        insort(self._spans, (start, end))


def without_overlaps(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings in order of place; of overlapping ones the one that was given first."""
    kept: list[Finding] = []
    places = Places()
    for finding in findings:
        if places.is_free(finding.start, finding.end):
            places.add(finding.start, finding.end)
            kept.append(finding)
    return sorted(kept)
