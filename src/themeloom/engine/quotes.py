"""Representative quotes of a theme: central, readable, in its words, from different people."""

import re
from collections.abc import Iterable, Sequence, Set
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from themeloom.base.text import fold
from themeloom.engine.wording import Part, fares, part_of, stem

_CONSIDERED = 150  # most central excerpts looked at
_LOOKED_THROUGH = 4  # times as many are read for the theme's words
_SHORT, _LONG = 6, 60  # words; a quote of this length says something and is read to the end
_LENGTH_COST = 0.12
_TELLING = 0.35  # for a quote that holds the words of the title and of the key phrases
_ENOUGH = 2  # key phrases
_FEWEST, _TOLD = 3, 0.1  # more quotes than so many are shown only where they tell so much …
_CLAIMED = 0.2  # … or so much, of a title that claims something
_BESIDE_THE_POINT = 0.25  # what words of the theme tell where its claim is left out
_VARIETY = 0.25  # how much likeness to quotes chosen already counts against one
_SAME_VECTOR = 0.96
_SAME_WORDS = 0.8
_WORD = re.compile(r"\w+")
_NOT = "not"
_DENIES = re.compile(r"\b(?:not|no|never|none|nothing|without|cannot|unable)\b|n['’]t\b")
_DENIERS = frozenset("not no never none nothing without cannot barely hardly t nor neither".split())
_REMEMBERED = 20_000  # texts; a theme and its parts, and what it is part of, are read one by one
_NEAR = 3  # words before a judgement, in which a denial turns it round: "were not even clean"


def choose_quotes(
    vectors: NDArray[np.float32],
    centroid: NDArray[np.float32],
    persons: Sequence[str | None],
    texts: Sequence[str],
    words: Sequence[int],
    k: int = 5,
    phrases: Sequence[str] = (),
) -> list[int]:
    """Return the positions of up to ``k`` quotes, best first, by maximal marginal relevance.

    A quote is read alone, without the subject and the sentences that stand around it: those that
    say what the theme is called go before those that only lie near its centre. Where the title
    claims something ("card payment declined") that is to say the claim, not only its matter.

    No two have the same or nearly the same text. Every quote comes from another person as long as
    there are people left (unknown persons count as different); only then does one person get two.

    Args:
        vectors: unit vectors of the theme's excerpts, shape (n, d).
        centroid: the theme's unit centroid, shape (d,).
        persons: who said each excerpt, None where unknown.
        texts: the excerpts.
        words: their numbers of words.
        k: how many quotes at most.
        phrases: the theme's title and key phrases.
    """
    if len(texts) == 0 or k <= 0:
        return []
    length = np.asarray(words, dtype=np.float32)
    strain = np.clip(1 - length / _SHORT, 0, 1) + np.clip(length / _LONG - 1, 0, 1)
    value = (vectors @ centroid - _LENGTH_COST * strain).astype(np.float32)
    telling = np.ones(len(texts), np.float32)
    if phrases:
        telling[:] = 0.0
        nearest = np.argsort(-np.round(value, 5), kind="stable")[: _LOOKED_THROUGH * _CONSIDERED]
        places: list[int] = nearest.tolist()
        telling[nearest] = _telling([texts[place] for place in places], phrases)
        value += _TELLING * telling
    # Rounded, and ties broken by the text: the order of the rows must not matter.
    order = sorted(range(len(texts)), key=lambda i: (-round(float(value[i]), 5), texts[i]))
    pool = order[:_CONSIDERED]
    chosen: list[int] = []
    for one_each in (True, False):
        _add_quotes(chosen, pool, vectors, value, persons, texts, k, one_each)
    told = _CLAIMED if phrases and _claims(_stems(phrases[0])) else _TOLD
    return [i for place, i in enumerate(chosen) if place < _FEWEST or telling[i] >= told]


def _telling(texts: Sequence[str], phrases: Sequence[str]) -> list[float]:
    """Return, per text, how far it speaks in the words of a title and its key phrases: 0 to 1."""
    title, *others = [frozenset(_stems(phrase)) for phrase in phrases]
    claim = _claims(title)
    matter = title - claim
    result: list[float] = []
    for text in texts:
        said = set(_stems(text))
        if claim:
            said -= _turned_round(text, claim - {_NOT}) if _NOT not in claim else set()
        parts = [len(words & said) / len(words) for words in (matter, claim) if words]
        named = sum(parts) / max(len(parts), 1)
        keys = min(sum(bool(phrase) and phrase <= said for phrase in others) / _ENOUGH, 1.0)
        keys *= _BESIDE_THE_POINT if claim and not claim & said else 1.0
        # Squared: "card" alone says little of "card payment declined".
        result.append(0.6 * named**2 + 0.4 * keys)
    return result


def _claims(title: Iterable[str]) -> frozenset[str]:
    """Return the stems of a title that say how something fares, and its "not"."""
    return frozenset(word for word in title if word == _NOT or fares(word))


def _turned_round(text: str, claim: Set[str]) -> set[str]:
    """Return the stems of a claim that a text says of nothing but to deny them."""
    words = _WORD.findall(fold(text))
    denied: dict[str, bool] = {}
    for place, word in enumerate(words):
        own = stem(word)
        if own in claim:
            before = words[max(place - _NEAR, 0) : place]
            denied[own] = denied.get(own, True) and not _DENIERS.isdisjoint(before)
    return {word for word, always in denied.items() if always}


@lru_cache(_REMEMBERED)
def _stems(text: str) -> tuple[str, ...]:
    folded = fold(text)
    stems = [stem(word) for word in _WORD.findall(folded) if part_of(word) == Part.CONTENT]
    return (*stems, _NOT) if _DENIES.search(folded) else tuple(stems)


def _add_quotes(
    chosen: list[int],
    pool: Sequence[int],
    vectors: NDArray[np.float32],
    value: NDArray[np.float32],
    persons: Sequence[str | None],
    texts: Sequence[str],
    k: int,
    one_each: bool,
) -> None:
    heard = {persons[i] for i in chosen} - {None} if one_each else set[str | None]()
    seen = {i: _words(texts[i]) for i in pool}
    remaining = [i for i in pool if i not in chosen]
    while remaining and len(chosen) < k:
        likeness = _likeness(vectors, remaining, chosen)
        best, best_merit = -1, -np.inf
        for place, i in enumerate(remaining):
            if persons[i] in heard or likeness[place] > _SAME_VECTOR:
                continue
            merit = round(float(value[i] - _VARIETY * likeness[place]), 5)
            if merit > best_merit and not any(_alike(seen[i], seen[c]) for c in chosen):
                best, best_merit = i, merit
        if best < 0:
            return
        chosen.append(best)
        remaining.remove(best)
        if one_each and persons[best] is not None:
            heard.add(persons[best])


def _likeness(
    vectors: NDArray[np.float32], rows: Sequence[int], chosen: Sequence[int]
) -> NDArray[np.float32]:
    if not chosen:
        return np.zeros(len(rows), np.float32)
    return (vectors[list(rows)] @ vectors[list(chosen)].T).max(axis=1)


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(fold(text)))


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= _SAME_WORDS * max(len(one | other), 1)
