"""The neighbour graph: fuzzy edge weights from nearest neighbours, and averaging over them.

The weights are UMAP's (McInnes, Healy & Melville 2018, section 3.1): for each text the distance to
its nearest neighbour counts as nothing, the others fade with a width chosen so that the weights add
up to log2(k); the two directions of an edge are united as a + b - ab.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from themeloom.engine.centroids import blocks, make_unit
from themeloom.engine.neighbours import Neighbours

_ROUNDS = 40
_LEAST_WIDTH = 1e-4


def fuzzy_graph(near: Neighbours) -> sparse.csr_array:
    """Return the symmetric weights as float64 CSR of shape (n, n), 0 to 1, zero diagonal."""
    count, k = len(near.index), near.index.shape[1]
    weights = _memberships(np.maximum(1.0 - near.similarity, 0.0).astype(np.float64))
    rows = np.repeat(np.arange(count, dtype=np.int64), k)
    one_way = sparse.coo_array(
        (weights.ravel(), (rows, near.index.ravel())), shape=(count, count)
    ).tocsr()
    one_way.data = np.minimum(one_way.data, 1.0)  # doubled neighbours of an approximate search
    back = one_way.T.tocsr()
    graph = (one_way + back - one_way.multiply(back)).tocsr()
    graph.setdiag(0.0)
    graph.eliminate_zeros()
    graph.sort_indices()
    return graph


def smooth(
    vectors: NDArray[np.float32], graph: sparse.csr_array, rounds: int = 1, own: float = 0.0
) -> NDArray[np.float32]:
    """Return unit vectors averaged over the neighbours, ``rounds`` times: x ← normalise(Px).

    P is the row-normalised graph. With ``own`` each round keeps that share of the text itself, so
    that many rounds do not blur what is apart (personalised PageRank; Klicpera, Bojchevski &
    Günnemann 2019).
    """
    degree = np.asarray(graph.sum(axis=1)).ravel()
    scale = sparse.diags_array(1.0 / np.maximum(degree, 1e-12))
    step = (scale @ graph).astype(np.float32).tocsr()
    result = vectors
    for _ in range(rounds):
        result = step @ result
        make_unit(result)
        if own:
            result *= np.float32(1.0 - own)
            for some in blocks(len(result)):
                result[some] += own * vectors[some]
    make_unit(result)
    return result


def _memberships(distance: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return exp(-(d - rho) / sigma) with sigma by bisection, for all rows at once."""
    beyond = np.maximum(distance - distance[:, :1], 0.0)
    target = np.log2(max(distance.shape[1], 2))
    low = np.zeros(len(beyond))
    high = np.full(len(beyond), np.inf)
    width = np.ones(len(beyond))
    for _ in range(_ROUNDS):
        total = np.exp(-beyond / width[:, None]).sum(axis=1)
        over = total > target
        high = np.where(over, width, high)
        low = np.where(over, low, width)
        width = np.where(np.isinf(high), width * 2.0, (low + high) / 2.0)
    floor = _LEAST_WIDTH + 1e-3 * distance.mean(axis=1)
    return np.exp(-beyond / np.maximum(width, floor)[:, None])
