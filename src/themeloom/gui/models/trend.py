"""A row of counts over time: a number to sort by, and fewer spans to paint."""

from collections.abc import Sequence

#: Fewer periods or records than these tell nothing.
_FEWEST_PERIODS, _FEWEST_RECORDS = 4, 8


def rise(counts: Sequence[int]) -> float:
    """Return a number that is the larger the clearer ``counts`` rise; 0.0 where they tell nothing.

    Counts are oldest first; the newest third is compared with what was before.
    """
    if len(counts) < _FEWEST_PERIODS or sum(counts) < _FEWEST_RECORDS:
        return 0.0
    before, recent = _halves(counts)
    return (recent - before) / (recent + before) ** 0.5


def thinned(counts: Sequence[int], most: int) -> list[int]:
    """Return ``counts`` in at most ``most`` equal spans; what the oldest lack to a span is left out."""
    span = -(-len(counts) // most) if counts else 1
    begin = len(counts) % span
    return [sum(counts[at : at + span]) for at in range(begin, len(counts), span)]


def _halves(counts: Sequence[int]) -> tuple[float, float]:
    """Return the mean count of a period before and in the newest third."""
    cut = len(counts) - max(2, len(counts) // 3)
    return sum(counts[:cut]) / cut, sum(counts[cut:]) / (len(counts) - cut)
