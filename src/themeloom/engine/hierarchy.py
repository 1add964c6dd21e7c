"""The tree above themes: Ward's linkage on their centres, and the groups a first look shows."""

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage

from themeloom.engine.centroids import Vectors

Linkage = NDArray[np.float64]

_FEWEST, _MOST = 5, 25
_THEMES_PER_GROUP = 4.0


def theme_linkage(centres: Vectors) -> Linkage:
    """Return the merges as scipy's linkage matrix (count − 1, 4), heights strictly rising.

    Ward (1963) on unit centres: on data with known domains it puts themes of a domain together
    far better than merging by edge weight does.
    """
    merges = linkage(centres.astype(np.float64), "ward")
    # BERTopic cuts by height, so that two merges must not have the same.
    merges[:, 2] = np.maximum.accumulate(merges[:, 2]) + 1e-9 * np.arange(len(merges))
    return merges


def group_count(themes: int) -> int:
    """Return how many groups ``themes`` themes get: 5 to 25, never more than there are themes."""
    return min(themes, max(_FEWEST, min(_MOST, round(themes / _THEMES_PER_GROUP))))


def merged(centres: Vectors, wanted: int) -> NDArray[np.int64]:
    """Return the part (0 … wanted − 1) of each centre when the nearest are merged first."""
    if wanted <= 1:
        return np.zeros(len(centres), np.int64)
    return fcluster(theme_linkage(centres), wanted, "maxclust").astype(np.int64) - 1
