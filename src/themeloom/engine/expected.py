"""What the words of a text let expect of its likeness to themes, before an encoder reads it.

Learned from texts of the run, whose likeness is known: a ridge regression (Hoerl and Kennard 1970)
on their weighted words.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import Ridge

from themeloom.engine.counts import Corpus, read_words

#: Texts that are learned from; in the order of their hashes the first ones are a sample by chance.
LEARNED = 20_000

_RAREST = 2  # texts that must have a word
_PENALTY = 1.0
_STEPS = 12
_TEXTS_PER_STEP, _THEMES_PER_STEP = 16_384, 16

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
        self._weights: Any = TfidfTransformer(sublinear_tf=True)
        self._tick()
        corpus = read_words(texts)
        names = sorted({lower for lower in corpus.lowers if any(map(str.isalpha, lower))})
        self._columns = {name: column for column, name in enumerate(names)}
        table = self._counted(corpus)
        texts_with = np.bincount(table.indices, minlength=len(names))
        known = np.flatnonzero(texts_with >= _RAREST)
        self._columns = {names[column]: place for place, column in enumerate(known.tolist())}
        self._usual = likeness.mean(axis=0)
        self._by_word = np.zeros((0, len(self._usual)), np.float32)
        if len(known) == 0:
            return
        self._weights.fit(table[:, known])
        words = self._weighted(table[:, known])
        # Conjugate gradients: a few steps suffice.
        ridge: Any = Ridge(_PENALTY, fit_intercept=False, solver="sparse_cg", max_iter=_STEPS)
        by_theme: list[Likeness] = []
        for start in range(0, len(self._usual), _THEMES_PER_STEP):
            self._tick()
            themes = slice(start, start + _THEMES_PER_STEP)
            ridge.fit(words, likeness[:, themes] - self._usual[themes])
            by_theme.append(ridge.coef_.reshape(-1, len(known)).astype(np.float32))
        self._by_word = np.ascontiguousarray(np.concatenate(by_theme).T)

    def of(self, texts: Sequence[str]) -> Likeness:
        """Return the expected likeness: float32 (n, themes); that of most texts without a word."""
        result = np.empty((len(texts), len(self._usual)), np.float32)
        for start in range(0, len(texts), _TEXTS_PER_STEP):
            self._tick()
            if not self._columns:
                result[start:] = self._usual
                break
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
        return sparse.csr_array(self._weights.transform(counts))
