"""Type-ahead: how well a few typed letters match a text, and where."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

Span = tuple[int, int]

#: Kinds of matches, best first.
PREFIX, WORDS, INSIDE, FUZZY = range(4)


@dataclass(frozen=True, slots=True)
class Match:
    """How a text matches.

    Attributes:
        rank: ``PREFIX`` (it begins like that), ``WORDS`` (each typed word begins one of its
            words), ``INSIDE`` (the typed words stand in it), ``FUZZY`` (their letters do, in order).
        spread: the smaller the better within a rank.
        spans: what to print bold, in code points.
    """

    rank: int
    spread: int
    spans: tuple[Span, ...]


class Target:
    """A text made ready for many matches."""

    def __init__(self, text: str) -> None:
        """Fold ``text`` letter by letter, so that places stay what they are."""
        self.text = text
        self.plain = "".join(_plain(sign) for sign in text)
        self._starts = [
            at
            for at, sign in enumerate(self.plain)
            if sign.isalnum() and (at == 0 or not self.plain[at - 1].isalnum())
        ]

    def match(self, query: str) -> Match | None:
        """Return how well ``query`` (from ``words_of``, joined by spaces) matches, or None."""
        if not query:
            return Match(PREFIX, 0, ())
        if self.plain.startswith(query):
            return Match(PREFIX, 0, ((0, len(query)),))
        words = query.split(" ")
        return self._words(words) or self._inside(words) or self._fuzzy(query)

    def _words(self, words: Sequence[str]) -> Match | None:
        """Each typed word begins a word of its own; in any order."""
        spans: list[Span] = []
        for word in words:
            taken = {start for start, _ in spans}
            found = next(
                (at for at in self._starts if at not in taken and self.plain.startswith(word, at)),
                None,
            )
            if found is None:
                return None
            spans.append((found, found + len(word)))
        disorder = sum(1 for a, b in pairwise(spans) if b < a)
        return Match(WORDS, disorder * 1000 + spans[0][0], tuple(sorted(spans)))

    def _inside(self, words: Sequence[str]) -> Match | None:
        """The typed words stand in it anywhere: for scripts that have no spaces, for one."""
        spans: list[Span] = []
        for word in words:
            at = self.plain.find(word)
            if at < 0:
                return None
            spans.append((at, at + len(word)))
        return Match(INSIDE, spans[0][0], tuple(sorted(spans)))

    def _fuzzy(self, query: str) -> Match | None:
        """The letters stand in it in order, the first at the beginning of a word."""
        letters = query.replace(" ", "")
        if len(letters) < 2:
            return None
        best: Match | None = None
        for start in self._starts:
            if self.plain[start] != letters[0]:
                continue
            places = [start]
            for letter in letters[1:]:
                at = self.plain.find(letter, places[-1] + 1)
                if at < 0:
                    break
                places.append(at)
            else:
                gaps = places[-1] - places[0] + 1 - len(letters)
                # Letters scattered over a whole title match nearly everything.
                if gaps <= 2 * len(letters) and (best is None or gaps < best.spread):
                    best = Match(FUZZY, gaps, tuple((at, at + 1) for at in places))
        return best


def query_of(typed: str) -> str:
    """Return what was typed as ``Target.match`` takes it: folded, single spaces."""
    return " ".join("".join(_plain(sign) for sign in typed).split())


def _plain(sign: str) -> str:
    """Return one letter without case and accents; never more or less than one."""
    if sign.isascii():
        return sign.lower()
    base = unicodedata.normalize("NFKD", sign)[:1].casefold()[:1]
    return base or sign
