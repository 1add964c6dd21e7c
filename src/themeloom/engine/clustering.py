"""The clusterer inside BERTopic: neighbour graph, partition, who stays unsorted."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.cluster.hierarchy import fcluster, linkage

from themeloom.domain.themes import Reason
from themeloom.engine.centroids import Labels, Vectors, centroids, fit_of
from themeloom.engine.graph import fuzzy_graph
from themeloom.engine.likeness import CANDIDATES, centred, cosines, nearest_by_both
from themeloom.engine.neighbours import Neighbours, nearest
from themeloom.engine.partitions import (
    Partition,
    by_size,
    choose,
    measured,
    most_themes,
    partitions,
    with_count,
)
from themeloom.engine.unsorted import drop_small, judge

#: ``report(stage, done, total)``; may raise to stop.
Report = Callable[[str, int, int], None]

COMPARING = "Comparing texts"
FINDING = "Finding themes"
NAMING = "Naming themes"

_NEIGHBOURS = 15
_FEWEST_NEIGHBOURS = 5  # of small sets: themes there have few texts
_SMALL = 24  # fewer distinct texts than this have no neighbour graph worth the name
_APART = 0.55  # average likeness under which texts of a tiny corpus are not one theme


@dataclass
class GraphClusterer:
    """Finds themes as BERTopic's ``hdbscan_model``: ``fit(vectors)``, then ``labels_``.

    Args:
        weights: how often each text occurs, (n,).
        lengths: its number of words, (n,).
        words: what words it has (``likeness.shared_words``), (n, stems).
        seed: same texts in the same order and same seed give the same themes.
        themes: number of themes; None finds it.
        report: progress, may raise to stop.

    Attributes (after ``fit``):
        labels_: int64 (n,), −1 = unsorted.
        reasons_: object (n,), domain.themes.Reason where unsorted, else None.
        tried_: the partitions looked at, coarse to fine.
    """

    weights: NDArray[np.float64]
    lengths: NDArray[np.int64]
    words: sparse.csr_array
    seed: int
    themes: int | None
    report: Report
    labels_: Labels = field(init=False)
    reasons_: NDArray[np.object_] = field(init=False)
    tried_: list[Partition] = field(init=False, default_factory=list[Partition])

    def fit(self, vectors: Vectors, y: object = None) -> "GraphClusterer":
        """Cluster unit ``vectors`` (n, width); ``y`` is ignored, BERTopic passes it."""
        try:
            self._fit(np.ascontiguousarray(vectors, np.float32))
        except TypeError as error:
            # BERTopic answers a TypeError by silently running everything again.
            raise RuntimeError(str(error)) from error
        self.report(NAMING, 0, 1)  # what BERTopic does next
        return self

    def _fit(self, vectors: Vectors) -> None:
        if len(vectors) < _SMALL:
            labels = _agglomerated(vectors, self.themes)
            self.reasons_ = np.full(len(labels), None, object)
            self._keep(labels)
            return
        special = centred(vectors)
        near = self._neighbours(special)
        graph = fuzzy_graph(near)
        most = most_themes(len(vectors))
        self.report(FINDING, 0, 1)
        if self.themes is None:
            self.tried_ = partitions(special, graph, self.seed, most, self._finding)
            partition = choose(self.tried_, most)
        else:
            partition = with_count(special, graph, self.seed, self.themes)
        labels = self._without_small(special, partition.labels)
        fit = fit_of(vectors, labels)
        verdict = judge(cosines(vectors, near), fit, self.lengths)
        self.reasons_ = verdict.reasons
        self._keep(np.where(verdict.out, -1, labels))

    def _neighbours(self, vectors: Vectors) -> Neighbours:
        k = min(_NEIGHBOURS, max(_FEWEST_NEIGHBOURS, round(0.6 * len(vectors) ** 0.5)))

        def done(now: int, total: int) -> None:
            self.report(COMPARING, now, total)

        most = min(CANDIDATES * k, len(vectors) - 1)
        candidates = nearest(vectors, most, seed=self.seed, progress=done)
        return nearest_by_both(candidates, self.words, self.lengths, k)

    def _finding(self, now: int, total: int) -> None:
        self.report(FINDING, now, total)

    def _without_small(self, vectors: Vectors, labels: Labels) -> Labels:
        """Move texts of themes that are too small to the nearest other theme."""
        kept = drop_small(labels, self.weights, self._least())
        if (kept < 0).all():
            return labels
        kept = by_size(kept)
        homeless = kept < 0
        if homeless.any():
            centres = centroids(vectors, kept, int(kept.max()) + 1)
            kept[homeless] = (vectors[homeless] @ centres.T).argmax(axis=1)
        return by_size(kept)

    def _keep(self, labels: Labels) -> None:
        sized = drop_small(labels, self.weights, min(self._least(), 3))
        self.reasons_[(sized < 0) & (self.reasons_ == None)] = Reason.TOO_FAR  # noqa: E711
        self.labels_ = by_size(sized)

    def _least(self) -> int:
        return max(2, round(float(self.weights.sum()) ** 0.5 / 8))


def _agglomerated(vectors: Vectors, wanted: int | None) -> Labels:
    """Return labels of a handful of distinct texts by average linkage on cosines."""
    if len(vectors) == 1:
        return np.zeros(1, np.int64)
    merges = linkage(vectors.astype(np.float64), "average", metric="cosine")
    if wanted is not None:
        flat = fcluster(merges, wanted, "maxclust")
    else:
        flat = fcluster(merges, 1.0 - _APART, "distance")
    return measured(vectors, flat.astype(np.int64) - 1).labels
