"""Partitions of the neighbour graph at many grains, and the choice among them.

Leiden (Traag, Waltman & van Eck 2019) on modularity with a resolution gives a partition; texts at
the borders then move to the nearest centre among vectors averaged over the graph. The grain is
chosen per corpus: the partition whose themes stand clearest apart (``centroids.Fit.clearness``),
its curve smoothed over neighbouring grains, among those that a person can still read. At the chosen
grain several runs vote, so that what one run does by chance has little weight.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import graspologic_native
import numpy as np
from scipy import sparse

from themeloom.domain.themes import Fineness
from themeloom.engine.centroids import Labels, Vectors, centroids, fit_of
from themeloom.engine.graph import smooth
from themeloom.engine.hierarchy import merged

#: Called with grains tried and grains to try; may raise to stop.
Progress = Callable[[int, int], None]

_RESOLUTIONS = (0.35, 0.5, 0.7, 1.0, 1.4, 2.0, 2.8, 4.0, 5.6, 8.0, 11.0, 16.0)
_LARGE = 20_000
_ITERATIONS = 3
_REFINING = 4
_AS_GOOD = 0.0075
_VOTES = 6
_MOST_TO_VOTE = 50_000  # texts beyond which each vote takes seconds
_LEAST_VOTE = 0.05  # of an edge whose ends no run puts together
_BISECTIONS = 12

#: How many themes a person can read who asked for fewer or more, against one who did not.
MOST = {Fineness.FEWER: 1.0, Fineness.BALANCED: 1.0, Fineness.MORE: 1.8}
_NUMBER = {Fineness.FEWER: (0.35, 0.7), Fineness.MORE: (1.4, 2.2)}  # against the balanced number


@dataclass(frozen=True)
class Partition:
    """One way to part the texts.

    Attributes:
        labels: int64 (n,): 0 … count − 1, larger themes first.
        count: number of themes.
        clearness: how clearly they stand apart, −1 to 1; more is better.
        resolution: of Leiden, where it is known.
    """

    labels: Labels
    count: int
    clearness: float
    resolution: float | None = None


def most_themes(texts: int) -> int:
    """Return how many themes a person can be expected to read for ``texts`` texts.

    About 8 for 30 texts, 40 for 1,000, 125 for 10,000: texts per theme grow with the corpus.
    """
    return max(2, round(1.25 * texts**0.5))


def partitions(
    vectors: Vectors,
    graph: sparse.csr_array,
    seed: int,
    most: int,
    progress: Progress | None = None,
) -> list[Partition]:
    """Return partitions from coarse to fine, one or two of them with more than ``most`` themes."""
    averaged = smooth(vectors, graph, 2)
    if progress:
        progress(0, len(_RESOLUTIONS))
    found: list[Partition] = []
    # Large corpora vary less from grain to grain, and each one takes seconds.
    resolutions = _RESOLUTIONS if len(vectors) <= _LARGE else _RESOLUTIONS[1::2]
    for step, resolution in enumerate(resolutions):

        def tick(step: int = step) -> None:
            if progress:
                progress(step, len(resolutions))

        labels = leiden(graph, resolution, seed)
        tick()
        labels = refine(averaged, labels, _REFINING, tick)
        found.append(replace(measured(vectors, labels), resolution=resolution))
        if progress:
            progress(step + 1, len(resolutions))
        if sum(partition.count > most for partition in found) > 1:
            break
    return found


def choose(found: list[Partition], most: int) -> Partition:
    """Return the finest partition whose themes stand (nearly) as clear apart as they can.

    The curve of clearness over the number of themes is smoothed over three grains first; then the
    finest one within 0.75 % of its best counts, among those with at most ``most`` themes.
    """
    ordered, values = _curve(found)
    readable = [place for place, partition in enumerate(ordered) if partition.count <= most]
    if not readable:
        return min(found, key=lambda partition: partition.count)
    best = max(values[place] for place in readable)
    good = [place for place in readable if values[place] >= best - _AS_GOOD * abs(best)]
    return ordered[good[-1]]


def choose_beside(
    found: list[Partition], balanced: Partition, fineness: Fineness
) -> tuple[Partition | None, int]:
    """Return the clearest partition with about half or twice as many themes as ``balanced`` has.

    None where no such one was tried. The second value is the number of themes to aim at then.
    """
    low, high = (share * balanced.count for share in _NUMBER[fineness])
    ordered, values = _curve(found)
    beside = [place for place, other in enumerate(ordered) if low <= other.count <= high]
    aim = max(2, round((low * high) ** 0.5))
    if not beside:
        return None, aim
    return ordered[max(beside, key=lambda place: values[place])], aim


def settled(
    vectors: Vectors,
    graph: sparse.csr_array,
    chosen: Partition,
    seed: int,
    progress: Progress | None = None,
) -> Partition:
    """Return the partition at the grain of ``chosen`` that several runs of Leiden agree on.

    Consensus clustering (Lancichinetti & Fortunato 2012): each edge weighs as much as there are
    runs that put its two ends together, and Leiden runs once more on these weights. On labelled
    sets this is as good as a single run and moves half as much, or less, with the seed. Where the
    grain of ``chosen`` is not known, or each run takes long, it is returned as it is.
    """
    if chosen.resolution is None or chosen.count < 2 or len(vectors) > _MOST_TO_VOTE:
        return chosen
    steps = _VOTES + 1

    def tick(step: int) -> None:
        if progress:
            progress(step, steps)

    rows = np.repeat(np.arange(graph.shape[0]), np.diff(graph.indptr))
    together = np.zeros(len(graph.data))
    for vote in range(_VOTES):
        tick(vote)
        labels = leiden(graph, chosen.resolution, seed + vote)
        together += labels[rows] == labels[graph.indices]
    agreed = graph.copy()
    agreed.data = graph.data * (_LEAST_VOTE + (1.0 - _LEAST_VOTE) * together / _VOTES)
    tick(_VOTES)
    labels = leiden(agreed, chosen.resolution, seed)
    labels = refine(smooth(vectors, graph, 2), labels, _REFINING, lambda: tick(_VOTES))
    return replace(measured(vectors, labels), resolution=chosen.resolution)


def _curve(found: list[Partition]) -> tuple[list[Partition], list[float]]:
    """Return one partition per number of themes, coarse to fine, and their smoothed clearness."""
    distinct = {partition.count: partition for partition in found if partition.count > 1}
    ordered = [distinct[count] for count in sorted(distinct)]
    values = [
        float(np.mean([near.clearness for near in ordered[max(place - 1, 0) : place + 2]]))
        for place in range(len(ordered))
    ]
    return ordered, values


def with_count(
    vectors: Vectors,
    graph: sparse.csr_array,
    seed: int,
    wanted: int,
    progress: Progress | None = None,
) -> Partition:
    """Return a partition into ``wanted`` themes (fewer only where the graph gives no more).

    The resolution is bisected to the fewest themes that are enough, and those nearest to each
    other are merged down to the number.
    """
    low, high = 0.01, 64.0
    averaged = smooth(vectors, graph, 2)

    def parted(resolution: float, step: int) -> Labels:
        def tick() -> None:
            if progress:
                progress(step, _BISECTIONS + 1)

        labels = leiden(graph, resolution, seed)
        tick()
        return refine(averaged, labels, _REFINING, tick)

    best = parted(high, 0)
    for step in range(1, _BISECTIONS + 1):
        middle = (low * high) ** 0.5
        labels = parted(middle, step)
        count = int(labels.max()) + 1
        if wanted <= count < int(best.max()) + 1:
            best = labels
        if count == wanted:
            break
        low, high = (middle, high) if count < wanted else (low, middle)
    count = int(best.max()) + 1
    if count > wanted:
        best = merged(centroids(vectors, best, count), np.bincount(best), wanted)[best]
    return measured(vectors, best)


def leiden(graph: sparse.csr_array, resolution: float, seed: int) -> Labels:
    """Return Leiden communities: int64 (n,), numbered by first appearance."""
    count = graph.shape[0]
    native: Any = graspologic_native  # no types
    communities: dict[int, int]
    _, communities = native.leiden_csr(
        graph.indptr.astype(np.int64),
        graph.indices.astype(np.int32),
        graph.data.astype(np.float64),
        count,
        resolution=resolution,
        iterations=_ITERATIONS,
        seed=seed,
    )
    labels = np.zeros(count, np.int64)
    labels[list(communities.keys())] = list(communities.values())
    return labels


def refine(
    averaged: Vectors, labels: Labels, rounds: int, tick: Callable[[], None] | None = None
) -> Labels:
    """Return labels after moving each text to the nearest centre, ``rounds`` times at most.

    ``tick`` is called before each round and may raise to stop.
    """
    labels = by_size(labels)
    for _ in range(rounds):
        if tick:
            tick()
        centres = centroids(averaged, labels, int(labels.max()) + 1)
        moved = by_size((averaged @ centres.T).argmax(axis=1))
        if np.array_equal(moved, labels):
            break
        labels = moved
    return labels


def measured(vectors: Vectors, labels: Labels) -> Partition:
    """Return ``labels`` as a partition, larger themes first."""
    labels = by_size(labels)
    count = int(labels.max()) + 1
    return Partition(labels, count, fit_of(vectors, labels).clearness if count > 1 else 0.0)


def by_size(labels: Labels) -> Labels:
    """Return labels renumbered 0 … by falling size (ties: first appearance); −1 stays."""
    kept = labels >= 0
    values, first, inverse, sizes = np.unique(
        labels[kept], return_index=True, return_inverse=True, return_counts=True
    )
    rank = np.empty(len(values), np.int64)
    rank[np.lexsort((first, -sizes))] = np.arange(len(values))
    result = np.full(len(labels), -1, np.int64)
    result[kept] = rank[inverse]
    return result
