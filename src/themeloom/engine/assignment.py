"""Single texts to themes, without clustering: for texts that clustering leaves out."""

import numpy as np
from numpy.typing import NDArray

from themeloom.engine.centroids import Labels, Vectors, centroids, fit_of

_LOWEST_SHARE = 0.15  # of a theme's own texts that fit it worse than its new ones may
_LEAST_MARGIN = 0.01


def assign(
    new: Vectors, known: Vectors, themes: Labels, count: int
) -> tuple[Labels, NDArray[np.float32]]:
    """Return the known theme of each new text (−1 = none fits), and its likeness to the nearest.

    A text is taken when it is as near to a theme's centre as most of the theme's own texts are,
    and clearly nearer than to the next theme.

    Args:
        new: unit vectors (m, width).
        known: unit vectors of texts that have a theme, (n, width).
        themes: their themes, 0 … count − 1, (n,).
        count: number of themes.
    """
    if len(known) == 0 or count == 0 or len(new) == 0:
        return np.full(len(new), -1, np.int64), np.zeros(len(new), np.float32)
    centres = centroids(known, themes, count)
    own = fit_of(known, themes).own
    least = np.array(
        [
            np.quantile(own[themes == theme], _LOWEST_SHARE) if (themes == theme).any() else np.inf
            for theme in range(count)
        ]
    )
    likeness = new @ centres.T
    best = likeness.argmax(axis=1)
    rows = np.arange(len(new))
    value = likeness[rows, best].copy()
    likeness[rows, best] = -1.0
    second = likeness.max(axis=1) if count > 1 else np.full(len(new), -1.0)
    taken = (value >= least[best]) & (value - second >= _LEAST_MARGIN)
    return np.where(taken, best, -1).astype(np.int64), value
