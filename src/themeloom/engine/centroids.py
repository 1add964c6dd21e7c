"""Centres of themes and how well texts fit them."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Labels = NDArray[np.int64]
Vectors = NDArray[np.float32]

_AT_ONCE = 32_768  # texts: 50 MB of vectors, 100 MB of likenesses to all centres


@dataclass(frozen=True)
class Fit:
    """How well each text fits its own theme and the next one.

    Attributes:
        own: float32 (n,): cosine to the own theme's centre, the text itself left out of it.
        other: float32 (n,): cosine to the nearest other theme's centre; −1 where there is none.
    """

    own: NDArray[np.float32]
    other: NDArray[np.float32]

    @property
    def clearness(self) -> float:
        """Mean of (own − other) / (1 − min(own, other)): a silhouette on centres, −1 to 1.

        Leaving the text out of its own centre keeps small themes from looking clear merely
        because each text is much of its own centre.
        """
        spread = 1.0 - np.minimum(self.own, self.other)
        return float(np.mean((self.own - self.other) / np.maximum(spread, 1e-6)))


def sums(vectors: Vectors, labels: Labels, count: int) -> Vectors:
    """Return the summed vectors of each theme: (count, width); label −1 is left out."""
    kept = np.flatnonzero(labels >= 0)
    ones = np.ones(len(kept), np.float32)
    members = sparse.csr_array((ones, (labels[kept], kept)), shape=(count, len(labels)))
    return np.ascontiguousarray(members @ vectors, np.float32)


def unit(vectors: Vectors) -> Vectors:
    """Return the rows scaled to length 1; rows of zeros stay zeros."""
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)


def blocks(count: int) -> Iterator[slice]:
    """Yield slices over ``count`` rows: copies of all at once would take gigabytes."""
    for start in range(0, count, _AT_ONCE):
        yield slice(start, min(start + _AT_ONCE, count))


def make_unit(vectors: Vectors) -> None:
    """Scale the rows to length 1 in place."""
    for some in blocks(len(vectors)):
        vectors[some] = unit(vectors[some])


def centroids(vectors: Vectors, labels: Labels, count: int) -> Vectors:
    """Return each theme's unit centre: (count, width)."""
    return unit(sums(vectors, labels, count))


def fit_of(vectors: Vectors, labels: Labels) -> Fit:
    """Return how well each of the unit ``vectors`` fits; all ``labels`` must be 0 or above."""
    count = int(labels.max()) + 1
    total = sums(vectors, labels, count)
    length = np.linalg.norm(total, axis=1)
    dot = np.empty(len(vectors), np.float32)
    other = np.full(len(vectors), -1, np.float32)
    for some in blocks(len(vectors)):
        likeness = vectors[some] @ total.T
        rows, own_label = np.arange(len(likeness)), labels[some]
        dot[some] = likeness[rows, own_label]
        if count > 1:
            likeness /= np.maximum(length, 1e-12)
            likeness[rows, own_label] = -1.0
            other[some] = likeness.max(axis=1)
    rest = np.sqrt(np.maximum(length[labels] ** 2 - 2.0 * dot + 1.0, 1e-9))
    alone = np.bincount(labels, minlength=count)[labels] < 2
    own = np.where(alone, 0.0, np.clip((dot - 1.0) / rest, -1.0, 1.0))
    return Fit(own.astype(np.float32), other)
