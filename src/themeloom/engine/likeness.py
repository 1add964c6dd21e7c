"""How alike texts are: by meaning first, and by the words they share the more, the longer they are.

Vectors of long texts are much about the scene (who, where, in what mood); the words that two texts
share tell whether they are about the same thing. On short texts the vectors know nearly all.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from themeloom.engine.centroids import Vectors, make_unit
from themeloom.engine.counts import Corpus
from themeloom.engine.neighbours import Neighbours
from themeloom.engine.wording import Part

#: How many candidates by meaning are looked at for each neighbour that is kept.
CANDIDATES = 3

_MOST_WEIGHT = 0.35
_WORDS = 25.0
_RAREST = 2  # texts that must have a word
_MOST_COMMON = 0.2  # share of texts from which on a word tells nothing
_ROWS = 4096
_GATHERED = 256  # texts whose neighbours' vectors are copied at once: 6 MB, which the cache holds


def centred(vectors: Vectors) -> Vectors:
    """Return unit vectors without what all texts of the corpus have in common."""
    special = vectors - vectors.mean(axis=0)
    make_unit(special)
    return special


def shared_words(corpus: Corpus) -> sparse.csr_array:
    """Return tf-idf weights of content words, rows of length 1: float32 (texts, stems).

    The words of a text's heading count as its own.
    """
    content = corpus.kind == Part.CONTENT
    rows, stems = corpus.row[content], corpus.stem_of[content]
    by_row = sparse.coo_array(
        (np.ones(len(rows), np.float32), (rows, stems)),
        shape=(corpus.rows, len(corpus.stem_names)),
    ).tocsr()
    counts = by_row[: corpus.texts]
    headed = np.flatnonzero(corpus.heading_of_row >= 0)
    if len(headed):
        pick = sparse.csr_array(
            (np.ones(len(headed), np.float32), (headed, corpus.heading_of_row[headed])),
            shape=(corpus.texts, corpus.rows),
        )
        counts = (counts + pick @ by_row).tocsr()
    counts.data = (1.0 + np.log(counts.data)).astype(np.float32)
    texts_with = np.bincount(counts.indices, minlength=counts.shape[1])
    telling = (texts_with >= _RAREST) & (texts_with <= max(_MOST_COMMON * corpus.texts, 3))
    weight = np.where(telling, np.log((1 + corpus.texts) / (1 + texts_with)) + 1.0, 0.0)
    weighted = (counts @ sparse.diags_array(weight)).tocsr()
    weighted.eliminate_zeros()
    length = np.sqrt(np.asarray(weighted.power(2).sum(axis=1)).ravel())
    scale = sparse.diags_array(1.0 / np.maximum(length, 1e-12))
    return (scale @ weighted).astype(np.float32).tocsr()


def nearest_by_both(
    candidates: Neighbours,
    words: sparse.csr_array,
    lengths: NDArray[np.int64],
    k: int,
    tick: Callable[[], None] | None = None,
) -> Neighbours:
    """Return the ``k`` best of each text's candidates by meaning and shared words together.

    Args:
        candidates: neighbours by meaning, (n, at least k).
        words: ``shared_words`` (n, stems).
        lengths: number of words of each text, (n,).
        k: neighbours to keep.
        tick: called every 4,096 texts; may raise to stop.
    """
    share = (_MOST_WEIGHT * (1.0 - np.exp(-lengths / _WORDS))).astype(np.float32)
    index = np.empty((len(lengths), k), np.int64)
    value = np.empty((len(lengths), k), np.float32)
    for start in range(0, len(lengths), _ROWS):
        stop = min(start + _ROWS, len(lengths))
        if tick:
            tick()
        found = candidates.index[start:stop]
        rows = np.repeat(np.arange(start, stop), found.shape[1])
        common = np.asarray(words[rows].multiply(words[found.ravel()]).sum(axis=1))
        weight = (share[start:stop, None] + share[found]) / 2.0
        both = (1.0 - weight) * candidates.similarity[start:stop]
        both += weight * common.reshape(found.shape)
        best = np.argsort(-both, axis=1, kind="stable")[:, :k]
        index[start:stop] = np.take_along_axis(found, best, 1)
        value[start:stop] = np.take_along_axis(both, best, 1)
    return Neighbours(index, value)


def cosines(vectors: Vectors, near: Neighbours) -> NDArray[np.float32]:
    """Return the plain cosines of the unit ``vectors`` to their neighbours: float32 (n, k)."""
    result = np.empty(near.index.shape, np.float32)
    for start in range(0, len(vectors), _GATHERED):
        stop = min(start + _GATHERED, len(vectors))
        others = vectors[near.index[start:stop]]
        result[start:stop] = np.einsum("nd,nkd->nk", vectors[start:stop], others)
    return result
