"""The clusterer inside BERTopic: neighbour graph, partition, who stays unsorted."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.cluster.hierarchy import fcluster, linkage

from themeloom.domain.themes import Fineness, Reason
from themeloom.engine.centroids import Labels, Vectors, centroids, fit_of
from themeloom.engine.graph import fuzzy_graph
from themeloom.engine.likeness import CANDIDATES, centred, cosines, nearest_by_both
from themeloom.engine.neighbours import FEWEST_FOR_A_GRAPH, Neighbours, nearest, usual_number
from themeloom.engine.partitions import (
    MOST,
    Partition,
    averaged_over,
    by_size,
    choose,
    choose_beside,
    measured,
    most_themes,
    of_all,
    partitions,
    readable,
    with_count,
)
from themeloom.engine.stages import COMPARING, FINDING, NAMING, Report
from themeloom.engine.unsorted import judge

_MOSTLY = 0.5  # share of texts without a theme in a part that is new
_HOME = 0.2  # share of a known theme's texts that makes a part its home
_OF_ITS_OWN = 0.08  # how much nearer texts of a new theme are to their own centre
_LARGE_SHARE = 0.8  # of texts in themes of the size that was asked for
_ONE_THING, _HARDLY_NEARER = 0.7, 0.1  # average likeness; of what a theme leaves to be explained
_APART = 0.55  # average likeness under which texts of a tiny corpus are not one theme


@dataclass
class GraphClusterer:
    """Finds themes as BERTopic's ``hdbscan_model``: ``fit(vectors)``, then ``labels_``.

    Args:
        weights: how often each text occurs, (n,).
        lengths: its number of words, (n,).
        records: the record it is from, (n,).
        words: what words it has (``likeness.shared_words``), (n, stems).
        known: the known theme it carries already, (n,): 0 … k − 1, or −1. Those stay.
        seed: same texts in the same order and same seed give the same themes.
        themes: number of themes; None finds it.
        report: progress, may raise to stop.
        fineness: fewer or more themes than the clearest division has, where none are counted.
        smallest: records of the smallest theme; None: grows with the corpus.

    Attributes (after ``fit``):
        labels_: int64 (n,): known themes 0 … k − 1, new ones from k on, −1 = unsorted.
        reasons_: object (n,), domain.themes.Reason where unsorted, else None.
        tried_: the partitions that the chosen one was chosen from, coarse to fine.
        one_thing_: whether all texts say the same, so that there is one theme.
        graph_: weights between the texts, (n, n); None for a handful of texts.
        centres_: unit centres of all themes over vectors averaged along the graph, (themes, width):
            what themes are merged by; None for a handful of texts.
    """

    weights: NDArray[np.float64]
    lengths: NDArray[np.int64]
    records: NDArray[np.int64]
    words: sparse.csr_array
    known: Labels
    seed: int
    themes: int | None
    report: Report
    fineness: Fineness = Fineness.BALANCED
    smallest: int | None = None
    labels_: Labels = field(init=False)
    reasons_: NDArray[np.object_] = field(init=False)
    tried_: list[Partition] = field(init=False, default_factory=list[Partition])
    one_thing_: bool = field(init=False, default=False)
    graph_: sparse.csr_array | None = field(init=False, default=None)
    centres_: Vectors | None = field(init=False, default=None)

    @property
    def least(self) -> int:
        """Return the number of records that a new theme needs."""
        if self.smallest is not None:
            return max(2, self.smallest)
        return max(2, round(float(self.weights.sum()) ** 0.5 / 8))

    @property
    def _most_that_are_large_enough(self) -> int:
        """Return how many new themes there can be: finer ones would mostly be too small."""
        return max(1, int(self.weights.sum() / self.least))

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
        if len(vectors) < FEWEST_FOR_A_GRAPH:
            labels = beside_known(vectors, _agglomerated(vectors, self.themes), self.known)
            labels = place(vectors, labels, self.known, rounds=1)
            self._keep(labels, np.full(len(labels), None, object))
            return
        special = centred(vectors)
        near = self._neighbours(special)
        graph = self.graph_ = fuzzy_graph(near)
        self._found(0, 1)
        averaged = averaged_over(special, graph)
        found = self._partition(vectors, averaged, graph)
        labels = beside_known(special, found.labels, self.known)
        labels = self._without_small(special, labels)
        if (self.known >= 0).any():
            labels = place(averaged, labels, self.known, rounds=2)
        fit = fit_of(vectors, labels)
        verdict = judge(
            cosines(vectors, near), fit, labels, self.lengths, int(self.known.max()) + 1
        )
        out = verdict.out & (self.known < 0)
        verdict.reasons[~out] = None
        self._keep(np.where(out, -1, labels), verdict.reasons)
        self.centres_ = centroids(averaged, self.labels_, int(self.labels_.max()) + 1)

    def _neighbours(self, vectors: Vectors) -> Neighbours:
        k = usual_number(len(vectors))

        def done(now: int, total: int) -> None:
            self.report(COMPARING, now, total)

        most = min(CANDIDATES * k, len(vectors) - 1)
        candidates = nearest(vectors, most, seed=self.seed, progress=done)
        return nearest_by_both(
            candidates, self.words, self.lengths, k, lambda: done(len(vectors), len(vectors))
        )

    def _partition(self, vectors: Vectors, averaged: Vectors, graph: sparse.csr_array) -> Partition:
        def into(count: int) -> Partition:
            return with_count(vectors, averaged, graph, self.seed, count, self._found)

        if self.themes is not None:
            count = min(self.themes, self._most_that_are_large_enough)
            return of_all(averaged, into(count), lambda: self._found(0, 1))
        most = round(most_themes(len(vectors)) * MOST[self.fineness])
        found = partitions(vectors, averaged, graph, self.seed, most, self._found)
        self.tried_ = readable(found, most_themes(len(vectors)))
        chosen = choose(found, most_themes(len(vectors)))
        if self.fineness == Fineness.BALANCED and says_one_thing(vectors, chosen):
            self.one_thing_ = True
            return Partition(np.zeros(len(vectors), np.int64), 1, 0.0)
        if self.fineness != Fineness.BALANCED and chosen.count > 1:
            beside, aim = choose_beside(found, chosen, self.fineness)
            chosen = beside or into(aim)
        if self.smallest is not None:
            chosen = self._large_parts(found, chosen, into)
        return of_all(averaged, chosen, lambda: self._found(0, 1))

    def _found(self, now: int, total: int) -> None:
        self.report(FINDING, now, total)

    def _large_parts(
        self, found: list[Partition], chosen: Partition, into: Callable[[int], Partition]
    ) -> Partition:
        """Return the finest partition, ``chosen`` at most, whose themes are mostly large enough."""
        coarser = [other for other in found if 1 < other.count < chosen.count]
        seen = len(chosen.labels)
        records, weights = self.records[:seen], self.weights[:seen]
        least = self.least * float(weights.sum() / self.weights.sum())
        for partition in [chosen, *reversed(coarser)]:
            sizes = theme_sizes(partition.labels, records, weights)
            if (sizes >= least)[partition.labels].mean() >= _LARGE_SHARE:
                return partition
        # Themes differ in size: on average they are half as large again as the smallest one.
        fitting = max(1, int(self.weights.sum() / (1.5 * self.least)))
        return into(min(fitting, chosen.count))

    def _without_small(self, vectors: Vectors, labels: Labels) -> Labels:
        """Move texts of new themes that are too small to the nearest other theme."""
        kept = self._large_enough(labels)
        if (kept < 0).all():
            return labels
        return place(vectors, kept, np.where(kept >= 0, kept, -1), rounds=1)

    def _keep(self, labels: Labels, reasons: NDArray[np.object_]) -> None:
        self.labels_ = self._large_enough(labels)
        self.reasons_ = reasons.copy()
        for row in np.flatnonzero(self.labels_ < 0):
            self.reasons_[row] = reasons[row] or Reason.TOO_FAR

    def _large_enough(self, labels: Labels) -> Labels:
        """Return labels without the new themes that too few records speak of, renumbered."""
        known = int(self.known.max()) + 1
        sizes = theme_sizes(labels, self.records, self.weights)
        dropped = (labels >= known) & (sizes[labels] < self.least)
        fresh = np.where((labels >= known) & ~dropped, labels, -1)
        renumbered = by_size(fresh)
        kept = np.where(renumbered >= 0, renumbered + known, labels)
        return np.where(dropped, -1, kept)


def says_one_thing(vectors: Vectors, chosen: Partition) -> bool:
    """Return whether all texts say the same, so that parts of them are no themes.

    That is where they are as like each other as the texts of one theme are, and dividing them
    brings them hardly nearer to their centres: 65 ways to ask for a dark mode.

    Args:
        vectors: unit vectors, (n, width).
        chosen: the clearest partition of the first of them.
    """
    labels = chosen.labels
    vectors = vectors[: len(labels)]
    whole = float(fit_of(vectors, np.zeros_like(labels)).own.mean())
    if whole < _ONE_THING:
        return False
    parts = float(fit_of(vectors, labels).own.mean())
    return bool(parts - whole < _HARDLY_NEARER * (1 - whole))


def beside_known(vectors: Vectors, found: Labels, known: Labels) -> Labels:
    """Return labels where known themes stay as they are and what is new gets numbers from k on.

    A part of ``found`` is new when it is mostly texts without a theme, and these are much nearer to
    their own centre than to that of any known theme that is at home there. Texts without a theme in
    other parts get −1: they are still to be placed.

    Args:
        vectors: unit vectors, (n, width).
        found: labels of a partition of all texts, (n,).
        known: the known theme of each text, 0 … k − 1 or −1, (n,).
    """
    count = int(known.max()) + 1
    if count == 0:
        return found
    result = known.copy()
    sizes = np.bincount(known[known >= 0], minlength=count)
    centres = centroids(vectors, known, count)
    number = count
    for part in range(int(found.max()) + 1):
        members = found == part
        fresh = members & (known < 0)
        if fresh.sum() < max(_MOSTLY * members.sum(), 2):
            continue
        inside = np.bincount(known[members & ~fresh], minlength=count)
        at_home = inside >= _HOME * np.maximum(sizes, 1)
        own = float(fit_of(vectors[fresh], np.zeros(int(fresh.sum()), np.int64)).own.mean())
        likeness = (vectors[fresh] @ centres[at_home].T).mean(axis=0)
        if not at_home.any() or likeness.max() < own - _OF_ITS_OWN:
            result[fresh] = number
            number += 1
    return result


def place(vectors: Vectors, labels: Labels, fixed: Labels, rounds: int) -> Labels:
    """Return labels with every text that is not ``fixed`` (≥ 0) at its nearest centre."""
    count = int(labels.max()) + 1
    if count == 0:
        return labels
    loose = fixed < 0
    for _ in range(rounds):
        centres = centroids(vectors, labels, count)
        likeness = vectors[loose] @ centres.T
        likeness[:, np.bincount(labels[labels >= 0], minlength=count) == 0] = -2.0
        labels = labels.copy()
        labels[loose] = likeness.argmax(axis=1)
    return labels


def theme_sizes(
    labels: Labels, records: NDArray[np.int64], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return how many records speak of each theme: float64 (themes,), repeated texts counted."""
    kept = labels >= 0
    count = int(labels.max()) + 1
    pairs = np.unique(np.stack([labels[kept], records[kept]]), axis=1)
    repeats = np.bincount(labels[kept], weights[kept] - 1.0, minlength=count)
    return np.bincount(pairs[0], minlength=count).astype(np.float64) + repeats


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
