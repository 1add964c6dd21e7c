"""What a row of counts over time says, in a word and as a number to sort by."""

from collections.abc import Sequence
from typing import Literal

Word = Literal["rising", "falling", "steady", "too few to tell"]
#: Fewer periods or records than these tell nothing.
_FEWEST_PERIODS, _FEWEST_RECORDS = 4, 8
_MUCH = 0.25


def trend_word(counts: Sequence[int]) -> Word:
    """Return how the newest third of ``counts`` (oldest first) compares with what was before."""
    if len(counts) < _FEWEST_PERIODS or sum(counts) < _FEWEST_RECORDS:
        return "too few to tell"
    before, recent = _halves(counts)
    if recent > before * (1 + _MUCH):
        return "rising"
    return "falling" if recent < before * (1 - _MUCH) else "steady"


def rise(counts: Sequence[int]) -> float:
    """Return a number that is the larger the clearer ``counts`` rise; 0.0 where they tell nothing."""
    if trend_word(counts) == "too few to tell":
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
