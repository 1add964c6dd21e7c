"""Places of personal data in a text."""

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


class Finding(NamedTuple):
    """One place; ``kind`` is None for what must be left alone."""

    start: int
    end: int
    kind: Kind | None
    value: str  # in the form that decides whether two places mean the same


def without_overlaps(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings in order of place; of overlapping ones the one that was given first."""
    kept: list[Finding] = []
    for finding in findings:
        if all(finding.end <= other.start or finding.start >= other.end for other in kept):
            kept.append(finding)
    return sorted(kept)


def outside(start: int, end: int, taken: Iterable[tuple[int, int]]) -> bool:
    """Whether ``start`` to ``end`` touches none of the spans."""
    return all(end <= begin or start >= stop for begin, stop in taken)
