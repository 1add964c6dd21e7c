"""What the words of a text let expect of its likeness to themes, before an encoder reads it.

Learned from texts of the run, whose likeness is known: a ridge regression (Hoerl and Kennard 1970)
on their weighted words, solved by conjugate gradients (Hestenes and Stiefel 1952).
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from themeloom.engine.counts import Corpus, read_words

#: Texts that are learned from; in the order of their hashes the first ones are a sample by chance.
LEARNED = 20_000

_RAREST = 2  # texts that must have a word
_PENALTY = 1.0
_STEPS = 12
_TEXTS_PER_STEP = 16_384

Likeness = NDArray[np.float32]


class Expected:
    """The expected likeness of texts to themes, by their words in any order and any script."""

    def __init__(
        self, texts: Sequence[str], likeness: Likeness, tick: Callable[[], None] | None = None
    ) -> None:
        """Learn from texts.

        Args:
            texts: n of them, not so many that their words do not fit into memory.
            likeness: theirs to all themes, (n, themes).
            tick: called at every step; may raise to stop.
        """
        self._tick = tick or (lambda: None)
        self._tick()
        corpus = read_words(texts)
        names = sorted({lower for lower in corpus.lowers if any(map(str.isalpha, lower))})
        self._columns = {name: column for column, name in enumerate(names)}
        table = self._counted(corpus)
        texts_with = np.bincount(table.indices, minlength=len(names))
        weight = np.log((1 + len(texts)) / (1 + texts_with)) + 1.0
        known = np.flatnonzero(texts_with >= _RAREST)
        self._columns = {names[column]: place for place, column in enumerate(known.tolist())}
        self._weight = weight[known].astype(np.float32)
        self._usual = likeness.mean(axis=0)
        self._by_word = self._solved(self._weighted(table[:, known]), likeness - self._usual)

    def of(self, texts: Sequence[str]) -> Likeness:
        """Return the expected likeness: float32 (n, themes); that of most texts without a word."""
        result = np.empty((len(texts), len(self._usual)), np.float32)
        for start in range(0, len(texts), _TEXTS_PER_STEP):
            self._tick()
            part = texts[start : start + _TEXTS_PER_STEP]
            words = self._weighted(self._counted(read_words(part)))
            result[start : start + len(part)] = words @ self._by_word + self._usual
        return result

    def _counted(self, corpus: Corpus) -> sparse.csr_array:
        columns = [self._columns.get(lower, -1) for lower in corpus.lowers]
        column = np.array(columns, np.int64)[corpus.word]
        kept = column >= 0
        points = (corpus.row[kept], column[kept])
        shape = (corpus.texts, len(self._columns))
        return sparse.coo_array((np.ones(int(kept.sum()), np.float32), points), shape=shape).tocsr()

    def _weighted(self, counts: sparse.csr_array) -> sparse.csr_array:
        """Return weights of words, rows of length 1: what is said twice counts little more."""
        told = sparse.csr_array(counts @ sparse.diags_array(np.ones(len(self._weight), np.float32)))
        told.data = (1.0 + np.log(told.data)) * self._weight[told.indices]
        length = np.sqrt(np.asarray(told.power(2).sum(axis=1)).ravel())
        scale = sparse.diags_array(1.0 / np.maximum(length, 1e-12))
        return sparse.csr_array((scale @ told).astype(np.float32))

    def _solved(self, words: sparse.csr_array, likeness: Likeness) -> Likeness:
        """Return the weights of words, (words, themes), that tell ``likeness`` best."""
        turned = sparse.csr_array(words.T)
        rest = np.asarray(turned @ likeness, np.float32)
        found, step = np.zeros_like(rest), rest.copy()
        before = np.einsum("ij,ij->j", rest, rest)
        for _ in range(_STEPS):
            self._tick()
            image = np.asarray(turned @ (words @ step), np.float32) + _PENALTY * step
            far = before / np.maximum(np.einsum("ij,ij->j", step, image), 1e-20)
            found += far * step
            rest -= far * image
            now = np.einsum("ij,ij->j", rest, rest)
            step = rest + now / np.maximum(before, 1e-20) * step
            before = now
        return found
