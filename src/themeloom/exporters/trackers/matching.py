"""Finding an item of a backlog that says what an insight says, by the words they share.

Words count by how rare they are in the backlog, as in BM25 (Robertson and Zaragoza 2009,
"The Probabilistic Relevance Framework", equation 3.15, with k1 = 1.2 and b = 0.75).
"""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from themeloom.base.folding import fold
from themeloom.base.words import stop_words
from themeloom.exporters.trackers.reading import Item

_WORD = re.compile(r"[^\W\d_]{3,}")
_K1, _B = 1.2, 0.75
#: Fewer shared words are chance.
_LEAST_WORDS = 2
#: Share of what the insight's own words weigh, in the shared ones.
_LEAST_SHARE = 0.3
_MOST = 3


@dataclass(frozen=True, slots=True)
class Match:
    """An item that may be the same thing; ``score`` sorts, ``words`` are for people."""

    item: Item
    words: tuple[str, ...]
    score: float


def matches(insights: Mapping[str, str], items: Sequence[Item]) -> dict[str, tuple[Match, ...]]:
    """Return insight id → up to three items that share its rare words, best first.

    Args:
        insights: insight id → its words: title and theme.
        items: the backlog.
    """
    counts = [Counter(tokens(item.words)) for item in items]
    lengths = [sum(count.values()) for count in counts]
    usual = sum(lengths) / len(lengths) if lengths else 1.0
    places: dict[str, list[int]] = {}
    for at, count in enumerate(counts):
        for word in count:
            places.setdefault(word, []).append(at)

    def rarity(word: str) -> float:
        n = len(places.get(word, ()))
        return math.log(1 + (len(items) - n + 0.5) / (n + 0.5))

    found: dict[str, tuple[Match, ...]] = {}
    for insight_id, text in insights.items():
        own = {word: rarity(word) for word in tokens(text)}
        whole = sum(own.values())
        shared: dict[int, list[str]] = {}
        for word in own:
            for at in places.get(word, ()):
                shared.setdefault(at, []).append(word)
        good = [
            Match(
                items[at],
                tuple(sorted(words, key=lambda word: (-own[word], word))),
                sum(
                    own[word]
                    * counts[at][word]
                    * (_K1 + 1)
                    / (counts[at][word] + _K1 * (1 - _B + _B * lengths[at] / usual))
                    for word in words
                ),
            )
            for at, words in shared.items()
            if len(words) >= _LEAST_WORDS
            and sum(own[word] for word in words) >= _LEAST_SHARE * whole
        ]
        if good:
            best = sorted(good, key=lambda one: (-one.score, one.item.row))
            found[insight_id] = tuple(best[:_MOST])
    return found


def tokens(text: str) -> list[str]:
    """Return the words that say something: folded, without function words, plurals as one."""
    stop = stop_words()
    words = _WORD.findall(fold(text))
    return [_singular(word) for word in words if word not in stop]


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        return word[:-1]
    return word
