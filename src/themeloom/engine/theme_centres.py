"""Themes by their centres: what fits each, and how far apart they are."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from themeloom.engine.centroids import Labels, Vectors, sums, unit

#: Share of a theme's own texts, and of all texts, that fit worse than a part of another text may.
_LOWEST_SHARE = 0.1
_FEWEST_TEXTS = 5  # of a theme, to say what is usual among them
_ROWS = 4096


class ThemeCentres:
    """The themes' centres, without what all texts have in common, and what fits them.

    Attributes:
        least: float32 (themes,): the likeness that each theme asks for.
        standing: float64 (n,): share of its theme's texts that fit it worse than a text does.
    """

    def __init__(
        self, vectors: Vectors, labels: Labels, count: int, tick: Callable[[], None]
    ) -> None:
        """Measure the themes.

        Args:
            vectors: unit vectors of all texts, (n, width).
            labels: their themes, 0 … count − 1, −1 = none, (n,); one text at least has a theme.
            count: number of themes.
            tick: called often; may raise to stop.
        """
        self._common = vectors.mean(axis=0, dtype=np.float64).astype(np.float32)
        sizes = np.bincount(labels[labels >= 0], minlength=count)
        total = np.zeros((count, vectors.shape[1]), np.float32)
        for start in range(0, len(vectors), _ROWS):
            tick()
            part = slice(start, start + _ROWS)
            total += sums(self.special(vectors[part]), labels[part], count)
        self.vectors = unit(total)
        own = np.zeros(len(vectors), np.float32)
        for start in range(0, len(vectors), _ROWS):
            tick()
            rows = start + np.flatnonzero(labels[start : start + _ROWS] >= 0)
            mine, theirs = self.special(vectors[rows]), total[labels[rows]]
            rest = np.linalg.norm(theirs - mine, axis=1)
            # The text itself is left out of its theme's centre.
            own[rows] = (np.einsum("ij,ij->i", mine, theirs) - 1.0) / np.maximum(rest, 1e-6)
        usual = float(np.quantile(own[labels >= 0], _LOWEST_SHARE))
        self.least = np.full(count, np.inf, np.float32)
        self.standing = np.ones(len(vectors), np.float64)
        for theme in np.flatnonzero(sizes >= _FEWEST_TEXTS):
            members = np.flatnonzero(labels == theme)
            # Nearly everything fits a loose theme as well as its own texts do.
            self.least[theme] = max(np.quantile(own[members], _LOWEST_SHARE), usual)
            ordered = np.sort(own[members])
            self.standing[members] = np.searchsorted(ordered, own[members]) / len(members)

    def special(self, vectors: Vectors) -> Vectors:
        """Return unit vectors without what all texts have in common."""
        return unit(vectors - self._common)

    def fit(self, vectors: Vectors, rows: NDArray[np.int64] | None = None) -> NDArray[np.float32]:
        """Return the likeness of (some) vectors to all centres: float32 (rows, themes)."""
        rows = np.arange(len(vectors)) if rows is None else rows
        result = np.empty((len(rows), len(self.vectors)), np.float32)
        for start in range(0, len(rows), _ROWS):
            part = self.special(vectors[rows[start : start + _ROWS]])
            result[start : start + _ROWS] = part @ self.vectors.T
        return result

    def all_apart(self, themes: Labels) -> NDArray[np.float32]:
        """Return how far apart ``themes`` are from all themes: 1 − cosine, not 0."""
        likeness = self.vectors[themes] @ self.vectors.T
        return np.maximum(1.0 - likeness, 1e-6)

    def apart(self, one: Labels, other: Labels) -> NDArray[np.float32]:
        """Return how far apart themes are, pair by pair: 1 − cosine, not 0."""
        likeness = np.einsum("ij,ij->i", self.vectors[one], self.vectors[other])
        return np.maximum(1.0 - likeness, 1e-6).astype(np.float32)
