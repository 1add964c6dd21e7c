"""Each text's nearest neighbours by cosine: exact, or approximate and repeatable for many texts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

#: Called with queries done and queries to do; may raise to stop.
Progress = Callable[[int, int], None]

#: Up to here exact search takes seconds; beyond it its cost grows with the square.
EXACT_UP_TO = 30_000
_QUERIES = 512  # at 30,000 texts about a fifth of a second a batch on a slow machine
_CELLS = 4.0  # times the root of the number of texts
_LOOKED_AT = 5_000  # texts that each text is compared with, in the cells near its own
_AT_ONCE = 1_024
_TRAINING_ROUNDS, _TRAINING_TEXTS = 4, 32  # of k-means, and texts per cell
_USUAL, _FEWEST = 15, 5

#: Fewer distinct texts than this have no neighbour graph worth the name.
FEWEST_FOR_A_GRAPH = 24


def usual_number(texts: int) -> int:
    """Return how many neighbours a text is tied to: fewer in small sets, whose themes are small."""
    return min(_USUAL, max(_FEWEST, round(0.6 * texts**0.5)))


@dataclass(frozen=True)
class Neighbours:
    """The ``k`` nearest others of each of ``n`` texts, nearest first.

    Attributes:
        index: int64, (n, k): row numbers.
        similarity: float32, (n, k): cosines, 1 at most.
    """

    index: NDArray[np.int64]
    similarity: NDArray[np.float32]


def nearest(
    vectors: NDArray[np.float32], k: int, *, seed: int = 0, progress: Progress | None = None
) -> Neighbours:
    """Return the ``k`` nearest others of each row of ``vectors`` (unit length, (n, width)).

    Needs n > k. The same rows in the same order with the same seed give the same result.
    """
    if len(vectors) <= EXACT_UP_TO:
        found = _exact(vectors, k, progress)
    else:
        found = _approximate(vectors, k, seed, progress)
    return Neighbours(found.index, np.clip(found.similarity, -1.0, 1.0))


def _exact(vectors: NDArray[np.float32], k: int, progress: Progress | None) -> Neighbours:
    count, width = vectors.shape
    flat: Any = faiss.IndexFlatIP(width)  # faiss' stubs leave its arguments open
    flat.add(vectors)
    index = np.empty((count, k), np.int64)
    similarity = np.empty((count, k), np.float32)
    for start in range(0, count, _QUERIES):
        stop = min(start + _QUERIES, count)
        found_similarity, found = flat.search(vectors[start:stop], k + 1)
        rows = _without_self(found, np.arange(start, stop))
        index[start:stop] = np.take_along_axis(found, rows, 1)
        similarity[start:stop] = np.take_along_axis(found_similarity, rows, 1)
        if progress:
            progress(stop, count)
    return Neighbours(index, similarity)


def _approximate(
    vectors: NDArray[np.float32], k: int, seed: int, progress: Progress | None
) -> Neighbours:
    """Search among the texts of near cells of a k-means partition, all texts of a cell at once.

    An inverted file (Jegou, Douze & Schmid 2011) whose lists are chosen per cell and not per text:
    a cell's texts and their candidates are then one product of two matrices, a third of the time.
    """
    count = len(vectors)
    cells = _centroids(vectors, int(_CELLS * count**0.5), seed)
    of = np.empty(count, np.int64)
    for start in range(0, count, _AT_ONCE):
        of[start : start + _AT_ONCE] = (vectors[start : start + _AT_ONCE] @ cells.T).argmax(1)
        if progress:
            progress(0, count)
    order = np.argsort(of, kind="stable")
    ordered = vectors[order]
    starts: list[int] = np.searchsorted(of[order], np.arange(len(cells) + 1)).tolist()
    sizes = np.diff(starts)
    probes = max(2, min(len(cells), round(_LOOKED_AT * len(cells) / count)))
    beside = cells @ cells.T
    np.fill_diagonal(beside, 2.0)  # its own cell comes first
    near = np.argsort(-beside, axis=1, kind="stable")
    index = np.empty((count, k), np.int64)
    similarity = np.empty((count, k), np.float32)
    done = 0
    for cell in np.flatnonzero(sizes).tolist():
        begin, end = starts[cell], starts[cell + 1]
        lists, more = near[cell, :probes], probes
        while sizes[lists].sum() <= k:  # a handful of texts far from all
            more *= 2
            lists = near[cell, :more]
        rows: NDArray[np.int64] = np.concatenate(
            [np.arange(starts[other], starts[other + 1]) for other in map(int, lists)]
        )
        others = ordered[rows]
        for first in range(begin, end, _AT_ONCE):
            last = min(first + _AT_ONCE, end)
            likeness: NDArray[np.float32] = ordered[first:last] @ others.T
            itself = np.arange(first, last) - begin  # its own cell's texts come first
            likeness[np.arange(last - first), itself] = -2.0
            best = np.argpartition(likeness, likeness.shape[1] - k, axis=1)[:, -k:]
            value = np.take_along_axis(likeness, best, 1)
            by_value = np.lexsort((rows[best], -value))
            places = order[first:last]
            index[places] = order[rows[np.take_along_axis(best, by_value, 1)]]
            similarity[places] = np.take_along_axis(value, by_value, 1)
            done += last - first
            if progress:
                progress(done, count)
    return Neighbours(index, similarity)


def _centroids(vectors: NDArray[np.float32], cells: int, seed: int) -> NDArray[np.float32]:
    """Return unit centres of ``cells`` cells: (cells, width)."""
    means: Any = faiss.Kmeans(
        vectors.shape[1],
        cells,
        niter=_TRAINING_ROUNDS,
        seed=seed + 1,
        spherical=True,
        max_points_per_centroid=_TRAINING_TEXTS,
        min_points_per_centroid=1,
    )
    means.train(vectors)
    return means.centroids


def _without_self(found: NDArray[np.int64], own: NDArray[np.int64]) -> NDArray[np.intp]:
    """Return the columns to keep: all but the text itself, or but the last where it is absent."""
    itself = found == own[:, None]
    itself[~itself.any(1), -1] = True
    return np.argsort(itself, axis=1, kind="stable")[:, :-1]
