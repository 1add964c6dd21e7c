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
EXACT_UP_TO = 50_000
_QUERIES = 512  # at 50,000 texts about a third of a second a batch on a slow machine
_PROBES = 32


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
    count = len(vectors)
    searched: Any = _index(vectors, seed)  # faiss' stubs leave its arguments open
    index = np.empty((count, k), np.int64)
    similarity = np.empty((count, k), np.float32)
    for start in range(0, count, _QUERIES):
        stop = min(start + _QUERIES, count)
        found_similarity, found = searched.search(vectors[start:stop], k + 1)
        rows = _without_self(found, np.arange(start, stop))
        index[start:stop] = np.take_along_axis(found, rows, 1)
        similarity[start:stop] = np.take_along_axis(found_similarity, rows, 1)
        if progress:
            progress(stop, count)
    missing = index < 0  # an approximate search can come back with fewer
    index[missing] = np.broadcast_to(index[:, :1], index.shape)[missing]
    similarity[missing] = np.broadcast_to(similarity[:, :1], index.shape)[missing]
    return Neighbours(index, np.clip(similarity, -1.0, 1.0))


def _index(vectors: NDArray[np.float32], seed: int) -> Any:
    count, width = vectors.shape
    flat: Any = faiss.IndexFlatIP(width)
    if count <= EXACT_UP_TO:
        flat.add(vectors)
        return flat
    cells = int(4 * np.sqrt(count))
    inverted: Any = faiss.IndexIVFFlat(flat, width, cells, faiss.METRIC_INNER_PRODUCT)
    inverted.cp.seed = seed + 1
    inverted.cp.niter = 8
    inverted.cp.max_points_per_centroid = 48
    inverted.train(vectors)
    inverted.add(vectors)
    inverted.nprobe = _PROBES
    return inverted


def _without_self(found: NDArray[np.int64], own: NDArray[np.int64]) -> NDArray[np.intp]:
    """Return the columns to keep: all but the text itself, or but the last where it is absent."""
    itself = found == own[:, None]
    itself[~itself.any(1), -1] = True
    return np.argsort(itself, axis=1, kind="stable")[:, :-1]
