"""Excerpts and themes that are like some excerpts, or like a sentence: by meaning.

What is compared is held in memory from question to question: see ``Held``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from themeloom.domain.themes import GOOD_SHARE, MOST_ASKED, STRONG_SHARE
from themeloom.engine.centroids import Labels, Vectors, unit
from themeloom.engine.distinct import Distinct, distinct_texts
from themeloom.engine.encoder import Encoder
from themeloom.engine.reasons import Terms
from themeloom.engine.unsorted import SURELY_ALIKE, SURELY_APART
from themeloom.engine.vectors import Progress, VectorStore, text_hashes, vectors_of

STRONG, GOOD, WEAK = "Strong", "Good", "Weak"

_STRONGLY_ALIKE = 0.65
#: Distinct texts up to which vectors are held as float32 (1.5 kB each); beyond, as float16.
_MOST_WIDE = 250_000
_ROWS = 16_384
_TEXTS_TO_JUDGE = 60
_FEWEST_TO_JUDGE = 5
_CONFIRMED_WEIGHT = 3.0


@dataclass(frozen=True)
class Asked:
    """What similar ones are wanted for: texts, of excerpts and typed ones.

    Attributes:
        texts: as they stand in their records; only the first MOST_ASKED are looked at.
        excerpts: for each text the inner number of its excerpt, or None.
    """

    texts: Sequence[str]
    excerpts: Sequence[int | None]


@dataclass(frozen=True)
class Read:
    """What is asked for: for each text the place of its excerpt (−1 = not held) and its vector."""

    texts: Sequence[str]
    places: Labels
    vectors: Vectors

    @property
    def own(self) -> Labels:
        """The places of the excerpts that are held."""
        return self.places[self.places >= 0]


class Held:
    """Excerpts with the vectors of their texts, ready to be compared.

    Attributes:
        excerpts: int64 (m,): inner numbers.
        distinct: their n distinct texts.
        encoder: made the vectors.
    """

    def __init__(
        self,
        excerpts: pl.DataFrame,
        encoder: Encoder,
        store: Path,
        progress: Progress | None = None,
    ) -> None:
        """Read the vectors from ``store``; missing ones are made and added to it.

        Args:
            excerpts: ``excerpt`` (inner number) and what ``distinct_texts`` needs: the excerpts
                that can carry a theme, all of them, as a run gets them.
            encoder: the one whose vectors are compared.
            store: the project's derived store.
            progress: called with texts done and to do; may raise to stop.
        """
        self.excerpts: Labels = excerpts["excerpt"].to_numpy().astype(np.int64)
        self.distinct: Distinct = distinct_texts(excerpts)
        self.encoder = encoder
        vectors = vectors_of(self.distinct.readings, encoder, store, progress)
        wide = len(vectors) <= _MOST_WIDE
        self._vectors: NDArray[np.floating] = vectors if wide else vectors.astype(np.float16)
        self._order = np.argsort(self.distinct.of, kind="stable")
        self._first = np.searchsorted(
            self.distinct.of[self._order], np.arange(len(self.distinct.texts) + 1)
        )
        self._by_number = np.argsort(self.excerpts, kind="stable")

    @cached_property
    def terms(self) -> Terms:
        """The words of the texts; read when first asked for."""
        return Terms(self.distinct.texts)

    def places(self, numbers: NDArray[np.int64]) -> Labels:
        """Return where excerpts stand in ``excerpts``: int64, −1 for those not among them."""
        if not len(self.excerpts):
            return np.full(len(numbers), -1, np.int64)
        found = np.searchsorted(self.excerpts, numbers, sorter=self._by_number)
        places = self._by_number[np.minimum(found, len(self.excerpts) - 1)]
        return np.where(self.excerpts[places] == numbers, places, -1).astype(np.int64)

    def holders(self, rows: NDArray[np.integer]) -> Labels:
        """Return the places of the excerpts that have these distinct texts, text by text."""
        parts = [self._order[self._first[row] : self._first[row + 1]] for row in rows.tolist()]
        return np.concatenate([np.zeros(0, np.int64), *parts])

    def vectors(self, rows: NDArray[np.integer]) -> Vectors:
        """Return the vectors of distinct texts: float32 (len(rows), width)."""
        return self._vectors[rows].astype(np.float32)

    def read(self, asked: Asked) -> Read:
        """Return what is asked for with its vectors; texts that are not held are encoded."""
        texts = asked.texts[:MOST_ASKED]
        numbers = [-1 if number is None else number for number in asked.excerpts[:MOST_ASKED]]
        places = self.places(np.array(numbers, np.int64))
        vectors = np.zeros((len(texts), self.encoder.width), np.float32)
        held = places >= 0
        vectors[held] = self.vectors(self.distinct.of[places[held]])
        typed = np.flatnonzero(~held)
        if len(typed):
            vectors[typed] = self.encoder.encode([texts[number] for number in _ints(typed)])
        return Read(texts, places, vectors)

    def likeness(self, vectors: Vectors) -> Vectors:
        """Return the cosine of each distinct text to each of ``vectors``: float32 (n, len(vectors))."""
        result = np.empty((len(self._vectors), len(vectors)), np.float32)
        for start in range(0, len(self._vectors), _ROWS):
            part = self._vectors[start : start + _ROWS].astype(np.float32, copy=False)
            result[start : start + _ROWS] = part @ vectors.T
        return result

    def sums(self, labels: Labels, weights: NDArray[np.float32], count: int) -> Vectors:
        """Return the summed, weighted vectors of each label 0 … ``count`` − 1; −1 is left out."""
        result = np.zeros((count, self.encoder.width), np.float32)
        for start in range(0, len(labels), _ROWS):
            part = self._vectors[start : start + _ROWS].astype(np.float32, copy=False)
            rows = np.flatnonzero(labels[start : start + _ROWS] >= 0)
            where = labels[start + rows], rows
            pick = sparse.csr_array((weights[start + rows], where), shape=(count, len(part)))
            result += pick @ part
        return result


def missing_vectors(excerpts: pl.DataFrame, encoder: Encoder, store: Path) -> int:
    """Return how many texts would have to be encoded to hold ``excerpts`` (as for ``Held``)."""
    hashes = np.unique(text_hashes(distinct_texts(excerpts).readings))
    return int((~VectorStore(store, encoder).has(hashes)).sum())


def similar(held: Held, asked: Asked, count: int) -> list[tuple[int, str]]:
    """Return up to ``count`` excerpts (inner number, word) like those asked for, most alike first.

    The asked excerpts are not among them, nor any that is surely about something else. Of several
    asked texts one has to be very near and all near on average.
    """
    read = held.read(asked)
    if not len(read.texts) or not len(held.excerpts):
        return []
    each = held.likeness(read.vectors)
    value = 0.5 * (each.max(axis=1) + each.mean(axis=1))
    own = set(_ints(read.own))
    enough = min(count + len(own), len(value))
    best = np.argpartition(-value, enough - 1)[:enough]
    best = best[np.lexsort((best, -value[best]))]
    found: list[tuple[int, str]] = []
    for row in best[value[best] >= SURELY_APART]:
        word = _word(float(value[row]), _STRONGLY_ALIKE, SURELY_ALIKE)
        places = held.holders(np.array([row])).tolist()
        found += [(int(held.excerpts[place]), word) for place in places if place not in own]
    return found[:count]


@dataclass(frozen=True)
class Suggestion:
    """A theme that fits, with the reason.

    Attributes:
        theme_id: the theme.
        word: how well it fits: Strong, Good or Weak.
        phrases: what is shared, as it stands in the asked texts: (number of the text, start, end).
        shared: with how many of the theme's excerpts it is shared; without phrases, how many the
            theme has.
        confirmed: whether these were confirmed by a person (else the theme has no such excerpts).
    """

    theme_id: str
    word: str
    phrases: tuple[tuple[int, int, int], ...]
    shared: int
    confirmed: bool


class Themes:
    """The themes that held excerpts carry, each with its centre."""

    def __init__(self, held: Held, shares: pl.DataFrame) -> None:
        """Work out the centres; confirmed excerpts count three times.

        Args:
            held: the excerpts.
            shares: ``excerpt``, ``theme_id``, ``reviewed``: the primary theme, one row per excerpt.
        """
        self.held = held
        self.ids: list[str] = shares["theme_id"].unique().sort().to_list()
        places = held.places(shares["excerpt"].to_numpy().astype(np.int64))
        themes = shares["theme_id"].cast(pl.Enum(self.ids)).to_physical().to_numpy()
        #: Per excerpt: its theme, −1 = none; and whether a person confirmed it.
        self.of: Labels = np.full(len(held.excerpts), -1, np.int64)
        self.of[places[places >= 0]] = themes[places >= 0]
        self.confirmed = np.zeros(len(held.excerpts), np.bool_)
        reviewed = shares["reviewed"].fill_null(False).to_numpy()
        self.confirmed[places[places >= 0]] = reviewed[places >= 0]
        self._labels, self._weights = self._by_text()
        self._sums = held.sums(self._labels, self._weights, len(self.ids))

    def nearest(self, asked: Asked, count: int = 3) -> list[Suggestion]:
        """Return the ``count`` themes nearest to what is asked for, best first."""
        read = self.held.read(asked)
        if not len(read.texts) or not self.ids:
            return []
        each = self._likeness(read.vectors, self._rows(read))
        likeness = each.mean(axis=0)
        best = _ints(np.argsort(-likeness, kind="stable")[:count])
        return [
            self._suggestion(theme, float(likeness[theme]), read)
            for theme in best
            if likeness[theme] > 0
        ]

    def _suggestion(self, theme: int, likeness: float, read: Read) -> Suggestion:
        inside = self.of == theme
        inside[read.own] = False
        confirmed = inside & self.confirmed
        base = confirmed if confirmed.any() else inside
        others = (self.of >= 0) & (self.of != theme)
        phrases, rows = self.held.terms.shared(
            read.texts, self._counted(base), self._counted(others)
        )
        with_them = base[self.held.holders(rows)].sum() if phrases else base.sum()
        strong, good = self._bounds(theme)
        return Suggestion(
            theme_id=self.ids[theme],
            word=_word(likeness, strong, good),
            phrases=phrases,
            shared=int(with_them),
            confirmed=bool(confirmed.any()),
        )

    def _rows(self, read: Read) -> Labels:
        """Return the distinct text of each text asked for, −1 where it is not held."""
        rows = np.full(len(read.places), -1, np.int64)
        rows[read.places >= 0] = self.held.distinct.of[read.own]
        return rows

    def _counted(self, excerpts: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Return, per distinct text, how many of ``excerpts`` have it."""
        return np.bincount(
            self.held.distinct.of[excerpts], minlength=len(self.held.distinct.texts)
        ).astype(np.int64)

    def _likeness(self, vectors: Vectors, rows: NDArray[np.int64]) -> Vectors:
        """Return cosines to the centres: float32 (len(vectors), themes); the texts ``rows`` left out."""
        result = vectors @ unit(self._sums).T
        labels = np.where(rows >= 0, self._labels[rows], -1)
        (themed,) = np.nonzero(labels >= 0)
        result[themed, labels[themed]] = self._without_own(vectors[themed], rows[themed])
        return result

    def _without_own(self, vectors: Vectors, rows: Labels) -> NDArray[np.float32]:
        """Return the cosine of texts to their own themes' centres, each left out of it; 0 if alone."""
        rest = self._sums[self._labels[rows]] - self._weights[rows, None] * vectors
        length = np.linalg.norm(rest, axis=1)
        alone = length < 1e-3
        return np.where(alone, 0.0, (vectors * rest).sum(axis=1) / np.where(alone, 1.0, length))

    def _bounds(self, theme: int) -> tuple[float, float]:
        """Return from which likeness on a text fits the theme strongly, and well."""
        rows = np.flatnonzero(self._labels == theme)
        rows = rows[_spread(len(rows), _TEXTS_TO_JUDGE)]
        if len(rows) < _FEWEST_TO_JUDGE:
            return _STRONGLY_ALIKE, SURELY_ALIKE
        own = self._without_own(self.held.vectors(rows), rows)
        return float(np.quantile(own, STRONG_SHARE)), float(np.quantile(own, GOOD_SHARE))

    def _by_text(self) -> tuple[Labels, NDArray[np.float32]]:
        """Return each distinct text's theme and weight; a confirmed excerpt's theme goes first."""
        count = len(self.held.distinct.texts)
        labels, weights = np.full(count, -1, np.int64), np.zeros(count, np.float32)
        for themed, weight in (
            ((self.of >= 0) & ~self.confirmed, 1.0),
            ((self.of >= 0) & self.confirmed, _CONFIRMED_WEIGHT),
        ):
            rows = self.held.distinct.of[themed]
            labels[rows], weights[rows] = self.of[themed], weight
        return labels, weights


def _word(value: float, strong: float, good: float) -> str:
    return STRONG if value >= strong else GOOD if value >= good else WEAK


def _ints(numbers: NDArray[np.integer]) -> list[int]:
    return numbers.tolist()


def _spread(count: int, most: int) -> NDArray[np.intp]:
    """Return ``most`` places out of ``count``, evenly spread, or all."""
    return np.unique(np.linspace(0, count - 1, min(count, most)).astype(np.intp))
