"""Why a text belongs to some others: the words and pairs of words that they share."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from themeloom.engine.counts import Corpus, read_words
from themeloom.engine.wording import Part, part_of, stem

Ints = NDArray[np.int64]

_MOST_PHRASES = 2
#: So many words without meaning of their own may stand inside a pair: "forgets all my bookings".
_MOST_BETWEEN = 2
_LEAST_LIFT = 1.5  # times as frequent among these texts as among the others
_PAIR_BONUS = 1.4
_MARKS = "\u0300-\u036f\u064b-\u065f\u0900-\u0dff"  # of scripts whose letters wear them
_WORD = re.compile(rf"[^\W_](?:[^\W_]|[{_MARKS}]|['’&](?=[^\W_]))*|[^\w\s]")
_NOT = re.compile(r"(?:.*n['’]t|cannot)")
_ENDING = re.compile(r"['’](?:s|m|ve|re|ll|d)$")
_TELLING = (Part.CONTENT, Part.NEGATION, Part.MODIFIER)

#: (number of the text, start, end).
Place = tuple[int, int, int]


@dataclass(frozen=True)
class _Term:
    code: int
    place: Place
    pair: bool


class Terms:
    """Which of n texts hold which words and pairs of words, by their stems."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Read the texts."""
        corpus = read_words(texts)
        self._english = corpus.english
        self._numbers = {name: number for number, name in enumerate(corpus.stem_names)}
        self._part_of = dict(zip(corpus.stems.tolist(), _parts(corpus), strict=True))
        size = max(len(self._numbers), 1)
        self._size = size
        stems, rows = corpus.stem_of.astype(np.int64), corpus.row.astype(np.int64)
        single = corpus.kind == Part.CONTENT
        left, right = _pairs(corpus)
        # Words are coded 0 … size − 1, pairs from size on.
        codes = np.concatenate([stems[single], size + stems[left] * size + stems[right]])
        both = np.unique(np.stack([codes, np.concatenate([rows[single], rows[left]])]), axis=1)
        self._codes, self._rows = both[0], both[1]

    def shared(
        self, texts: Sequence[str], inside: Ints, outside: Ints
    ) -> tuple[tuple[Place, ...], Ints]:
        """Return what ``texts`` share with some of the texts and less with others, at most 2 places.

        Args:
            texts: asked about.
            inside: how often each of the n texts counts among those that it may be shared with.
            outside: how often each counts among the others.

        Returns:
            Places in ``texts``, the most telling first; and the rows that hold one of them.
        """
        total_in, total_out = max(int(inside.sum()), 1), int(outside.sum())
        scored: list[tuple[float, _Term, Ints]] = []
        for term in self._asked(texts):
            rows = self._rows_of(term.code)
            with_it = int(inside[rows].sum())
            if with_it == 0:
                continue
            share = with_it / total_in
            lift = share / ((int(outside[rows].sum()) + 0.5) / (total_out + 1.0))
            if lift >= _LEAST_LIFT:
                value = float(np.sqrt(share) * np.log(lift)) * (_PAIR_BONUS if term.pair else 1.0)
                scored.append((value, term, rows[inside[rows] > 0]))
        scored.sort(key=lambda entry: (-entry[0], entry[1].place))
        chosen: list[tuple[_Term, Ints]] = []
        for _, term, rows in scored:
            if len(chosen) < _MOST_PHRASES and not any(
                _repeats(term, other) for other, _ in chosen
            ):
                chosen.append((term, rows))
        rows = np.unique(np.concatenate([np.zeros(0, np.int64), *(rows for _, rows in chosen)]))
        return tuple(term.place for term, _ in chosen), rows

    def _rows_of(self, code: int) -> Ints:
        first, last = np.searchsorted(self._codes, [code, code + 1])
        return self._rows[first:last]

    def _asked(self, texts: Sequence[str]) -> list[_Term]:
        """Return the terms of ``texts`` that the corpus knows, each once, at their first places."""
        found: dict[int, _Term] = {}
        for number, text in enumerate(texts):
            before: tuple[int, int] | None = None  # stem and start of the last telling word
            between = 0
            for word in _WORD.finditer(text):
                known, part = self._read(word[0])
                if part not in _TELLING or known is None:
                    between += 1
                    if part == Part.BORDER or between > _MOST_BETWEEN:
                        before = None
                    continue
                if part == Part.CONTENT:
                    place = (number, *word.span())
                    found.setdefault(known, _Term(known, place, pair=False))
                    if before is not None:
                        code = self._size + before[0] * self._size + known
                        pair = (number, before[1], word.end())
                        found.setdefault(code, _Term(code, pair, pair=True))
                before, between = (known, word.start()), 0
        return list(found.values())

    def _read(self, word: str) -> tuple[int | None, Part]:
        lower = _ENDING.sub("", word.lower())
        if self._english and _NOT.fullmatch(lower):
            name = "cannot" if lower.startswith("can") else "not"
            return self._numbers.get(name), Part.NEGATION
        number = self._numbers.get(stem(lower) if self._english else lower)
        if number is None:
            return None, part_of(lower) if self._english else Part.CONTENT
        return number, part_of(lower) if self._english else self._part_of[number]


def _parts(corpus: Corpus) -> list[Part]:
    """Return the part that each spelling mostly plays."""
    first = np.full(len(corpus.surfaces), int(Part.BORDER), np.int8)
    first[corpus.word[::-1]] = corpus.kind[::-1]
    return [Part(int(kind)) for kind in first]


def _pairs(corpus: Corpus) -> tuple[Ints, Ints]:
    """Return the words that make a pair: telling, and a few small words at most between them."""
    telling = np.flatnonzero(np.isin(corpus.kind, _TELLING))
    borders = np.cumsum(corpus.kind == Part.BORDER)
    left, right = telling[:-1], telling[1:]
    together = (
        (corpus.row[left] == corpus.row[right])
        & (borders[left] == borders[right])
        & (right - left <= _MOST_BETWEEN + 1)
        & (corpus.kind[right] == Part.CONTENT)
    )
    return left[together].astype(np.int64), right[together].astype(np.int64)


def _repeats(term: _Term, other: _Term) -> bool:
    """Whether two terms stand on the same words."""
    (one, start, end), (two, other_start, other_end) = term.place, other.place
    return one == two and start < other_end and other_start < end
