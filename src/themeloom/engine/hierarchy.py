"""The tree above themes: Ward's linkage on their centres, and the groups a first look shows."""

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster

from themeloom.engine.centroids import Vectors

Linkage = NDArray[np.float64]

_FEWEST, _MOST = 5, 25
_THEMES_PER_GROUP = 4.0


def theme_linkage(centres: Vectors, sizes: NDArray[np.integer]) -> Linkage:
    """Return the merges as scipy's linkage matrix (count − 1, 4), heights strictly rising.

    Ward (1963) on the centres, each as heavy as its theme: the pair whose merge adds least to the
    squared distances of the texts to their centre comes first. On labelled sets this agrees better
    with the labels, at every number of themes, than merging by edge weight or than Ward on centres
    that all count the same; on data with known domains it puts themes of a domain together.

    Args:
        centres: unit vectors (count, width).
        sizes: texts of each theme, (count,).
    """
    count = len(centres)
    centre, weight = centres.astype(np.float64), np.maximum(sizes.astype(np.float64), 1e-9)
    square = (centre**2).sum(axis=1)
    added = np.maximum(square[:, None] + square[None] - 2.0 * centre @ centre.T, 0.0)
    added *= weight[:, None] * weight[None] / (weight[:, None] + weight[None])
    np.fill_diagonal(added, np.inf)
    nodes, texts = np.arange(count), np.ones(count)
    merges = np.zeros((max(count - 1, 0), 4))
    for step in range(count - 1):
        one, other = divmod(int(added.argmin()), count)
        cost, both = added[one, other], weight[one] + weight[other]
        # Lance and Williams (1967): the costs of the new part from those of its two halves.
        new = (weight + weight[one]) * added[one] + (weight + weight[other]) * added[other]
        new = (new - weight * cost) / (weight + both)
        low, high = sorted((int(nodes[one]), int(nodes[other])))
        texts[one] += texts[other]
        merges[step] = low, high, cost, texts[one]
        weight[one], nodes[one] = both, count + step
        new[one] = np.inf
        added[one], added[:, one] = new, new
        added[other], added[:, other] = np.inf, np.inf
    # BERTopic cuts by height, so that two merges must not have the same.
    merges[:, 2] = np.maximum.accumulate(merges[:, 2]) * (1 + 1e-9 * np.arange(len(merges)))
    merges[:, 2] += 1e-9 * np.arange(len(merges))
    return merges


def group_count(themes: int) -> int:
    """Return how many groups ``themes`` themes get: 5 to 25, never more than there are themes."""
    return min(themes, max(_FEWEST, min(_MOST, round(themes / _THEMES_PER_GROUP))))


def merged(centres: Vectors, sizes: NDArray[np.integer], wanted: int) -> NDArray[np.int64]:
    """Return the part (0 … wanted − 1) of each centre when the nearest are merged first."""
    if wanted <= 1:
        return np.zeros(len(centres), np.int64)
    return fcluster(theme_linkage(centres, sizes), wanted, "maxclust").astype(np.int64) - 1
