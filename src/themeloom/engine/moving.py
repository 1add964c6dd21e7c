"""Texts move to the nearest of the themes' centres, in rounds (Lloyd 1982).

Each text keeps bounds on how far the centres are (Hamerly 2010), so that after the first round only
those are compared whose nearest centre may have changed: the result is the same.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from themeloom.engine.centroids import Labels, Vectors, blocks, sums, unit

_SLACK = 1e-4  # of a bound, for rounding


@dataclass
class _Bounds:
    """How far each text is from its own centre at most, and from all others at least: (n,)."""

    own: NDArray[np.float32]
    others: NDArray[np.float32]

    def of(self, rows: slice | NDArray[np.intp], best: NDArray[np.float32]) -> None:
        """Take the two highest cosines of the texts in ``rows``: (rows, 2), the highest first."""
        distance = np.sqrt(np.maximum(2.0 - 2.0 * best, 0.0))
        self.own[rows], self.others[rows] = distance[:, 0], distance[:, 1]

    def after(self, labels: Labels, shift: NDArray[np.float32]) -> NDArray[np.intp]:
        """Return which texts have to be compared again after each centre moved by its ``shift``."""
        self.own += shift[labels]
        most, second = (float(one) for one in np.sort(shift)[[-1, -2]])
        self.others -= np.where(labels == shift.argmax(), second, most).astype(np.float32)
        return np.flatnonzero(self.own + _SLACK >= self.others)


def moved(
    vectors: Vectors, labels: Labels, rounds: int, tick: Callable[[], None] | None = None
) -> Labels:
    """Return labels after moving each text to the nearest centre, ``rounds`` times at most.

    Args:
        vectors: unit vectors, (n, width).
        labels: 0 … count − 1, (n,).
        rounds: at most; it ends where no text moves.
        tick: called before each round; may raise to stop.

    Returns:
        int64 (n,), numbered as ``labels``; some numbers may have lost all their texts.
    """
    count = int(labels.max()) + 1
    labels = labels.copy()
    if count < 2:
        return labels
    total = sums(vectors, labels, count).astype(np.float64)
    centres = unit(total.astype(np.float32))
    bounds = _Bounds(*np.empty((2, len(labels)), np.float32))
    rows: NDArray[np.intp] | None = None
    for _ in range(rounds):
        if tick:
            tick()
        sizes = np.bincount(labels, minlength=count)
        new = _nearest(vectors, centres, sizes == 0, bounds, rows)
        places = np.flatnonzero(new != (labels if rows is None else labels[rows]))
        if not len(places):
            break
        changed = places if rows is None else rows[places]
        some = vectors[changed]
        total -= sums(some, labels[changed], count)
        total += sums(some, new[places], count)
        labels[changed] = new[places]
        before, centres = centres, unit(total.astype(np.float32))
        shift = np.linalg.norm(centres - before, axis=1)
        shift[np.bincount(labels, minlength=count) == 0] = 0.0
        rows = bounds.after(labels, shift)
    return labels


def nearest_centre(vectors: Vectors, centres: Vectors) -> Labels:
    """Return the place of each vector's nearest centre: int64 (n,)."""
    bounds = _Bounds(*np.empty((2, len(vectors)), np.float32))
    return _nearest(vectors, centres, np.zeros(len(centres), bool), bounds, None)


def _nearest(
    vectors: Vectors,
    centres: Vectors,
    empty: NDArray[np.bool_],
    bounds: _Bounds,
    rows: NDArray[np.intp] | None,
) -> Labels:
    """Return the place of the nearest centre of each text, or of those in ``rows``."""
    count = len(vectors) if rows is None else len(rows)
    result = np.empty(count, np.int64)
    for part in blocks(count):
        places = part if rows is None else rows[part]
        likeness = vectors[places] @ centres.T
        likeness[:, empty] = -2.0
        every = np.arange(len(likeness))
        nearest = likeness.argmax(axis=1)
        best = np.empty((len(likeness), 2), np.float32)
        best[:, 0] = likeness[every, nearest]
        likeness[every, nearest] = -2.0
        best[:, 1] = likeness.max(axis=1)
        bounds.of(places, best)
        result[part] = nearest
    return result
