"""Partitions of the texts at many grains, and the choice among them.

Leiden (Traag, Waltman & van Eck 2019) on modularity with a high resolution parts the neighbour
graph far finer than anybody would read. From there on down the two parts whose merge costs least
become one (Ward 1963) and texts move to the nearest centre (Lloyd 1982), in turns, both on vectors
averaged over the graph. So each grain starts from a good finer one: on labelled sets this agrees
better with the labels at every number of themes than Leiden at that grain does, and depends less on
the seed. The grain is chosen per corpus: where themes stand clearest apart
(``centroids.Fit.clearness``), the curve smoothed over neighbouring grains, among those that a
person can still read.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import graspologic_native
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from themeloom.domain.themes import Fineness
from themeloom.engine.centroids import Labels, Vectors, centroids, fit_of
from themeloom.engine.graph import smooth
from themeloom.engine.hierarchy import merged
from themeloom.engine.moving import moved, nearest_centre

#: Called with steps done and steps to do; may raise to stop.
Progress = Callable[[int, int], None]

_LOOKED_AT = 20_000  # texts that show how many themes there are; the others then join
_FINEST = 2.0  # times as many parts as can be read: where merging starts
_STEP = 1.1  # from one grain to the next
_SMOOTHED_OVER = 0.4  # spread of the weights of grains beside one, in logarithms of their number
_NEAR, _STANDS_OUT = 1.7, 0.04  # within this factor; by how much of its clearness a grain does
_PER_DOUBLING = 0.035  # of its clearness that twice as many themes must add
_LEAST = 1e-3  # clearness that counts as any
_FEWEST = 0.2  # of the themes that can be read: fewer than that say little …
_CLEAR = 0.5  # … unless they are as clear as this
_AVERAGED, _OWN = 5, 0.3  # rounds of averaging over the graph, and each text's own share
_REFINING, _SETTLING = 4, 10  # rounds of moving at each grain, and at the chosen one
_ITERATIONS = 3
_PER_RESOLUTION = 25.0  # communities there are at least at resolution 1, roughly
_FINER = 1.6  # from one resolution to the next
_HIGHEST = 512.0

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
    """

    labels: Labels
    count: int
    clearness: float


def most_themes(texts: int) -> int:
    """Return how many themes a person can be expected to read for ``texts`` texts.

    About 8 for 30 texts, 40 for 1,000, 125 for 10,000: texts per theme grow with the corpus.
    """
    return max(2, round(1.25 * texts**0.5))


def averaged_over(vectors: Vectors, graph: sparse.csr_array) -> Vectors:
    """Return unit vectors averaged over the neighbours, in which texts move: (n, width)."""
    return smooth(vectors, graph, _AVERAGED, _OWN)


def partitions(
    vectors: Vectors,
    averaged: Vectors,
    graph: sparse.csr_array,
    seed: int,
    most: int,
    progress: Progress | None = None,
) -> list[Partition]:
    """Return partitions from coarse to fine, up to about twice ``most`` themes.

    Args:
        vectors: unit vectors (n, width), in an order that chance made: clearness is of them.
        averaged: the vectors in which texts move (``averaged_over``), (n, width).
        graph: weights between the texts, (n, n).
        seed: of Leiden.
        most: themes that can be read.
        progress: told of each grain.

    Returns:
        Labels are those of the first 20,000 texts where there are more (see ``of_all``).
    """
    return _descent(vectors, averaged, graph, seed, round(_FINEST * most), 2, progress)


def of_all(averaged: Vectors, chosen: Partition, tick: Callable[[], None]) -> Partition:
    """Return ``chosen`` with the texts that were not looked at, all at their nearest centre."""
    seen = len(chosen.labels)
    labels = chosen.labels
    if seen < len(averaged):
        centres = centroids(averaged[:seen], labels, chosen.count)
        labels = np.concatenate([labels, nearest_centre(averaged[seen:], centres)])
    labels = refine(averaged, labels, _SETTLING, tick)
    return Partition(labels, int(labels.max()) + 1, chosen.clearness)


def readable(found: list[Partition], most: int) -> list[Partition]:
    """Return the partitions that a person can read and that say something.

    A few themes are the clearest division of long texts about everything, and tell nobody
    anything: fewer than a fifth of the ``most`` that can be read count only where they are clear
    indeed (0.5; Kaufman & Rousseeuw 1990). ``most`` stands for the number of the series next to it.
    """
    return [
        partition
        for partition in found
        if 1 < partition.count <= _STEP**0.5 * most
        and (partition.count >= _FEWEST * most or partition.clearness >= _CLEAR)
    ]


def choose(found: list[Partition], most: int) -> Partition:
    """Return the partition whose themes stand clearest apart, of those that are ``readable``.

    The curve of clearness over the number of themes is smoothed: single grains stand out by chance.
    Twice as many themes must be clearer by 3.5 %. Where a grain near the best of the curve is
    clearer than it by 4 % it is by more than chance, and is taken.
    """
    told = readable(found, most)
    if not told:
        return min(found, key=lambda partition: abs(partition.count - most))
    counts = [partition.count for partition in found]
    clearness = np.log(np.maximum(_smoothed(found), _LEAST))
    value = dict(zip(counts, clearness - _PER_DOUBLING * np.log2(counts), strict=True))
    best = max(told, key=lambda partition: value[partition.count])
    near = [other for other in told if _near(np.array([other.count]), best.count)[0]]
    clearest = max(near, key=lambda partition: partition.clearness)
    stands_out = clearest.clearness > best.clearness + _STANDS_OUT * abs(best.clearness)
    return clearest if stands_out else best


def choose_beside(
    found: list[Partition], balanced: Partition, fineness: Fineness
) -> tuple[Partition | None, int]:
    """Return the clearest partition with about half or twice as many themes as ``balanced`` has.

    None where no such one was tried. The second value is the number of themes to aim at then.
    """
    low, high = (share * balanced.count for share in _NUMBER[fineness])
    values = _smoothed(found)
    beside = [place for place, other in enumerate(found) if low <= other.count <= high]
    aim = max(2, round((low * high) ** 0.5))
    if not beside:
        return None, aim
    return found[max(beside, key=lambda place: values[place])], aim


def with_count(
    vectors: Vectors,
    averaged: Vectors,
    graph: sparse.csr_array,
    seed: int,
    wanted: int,
    progress: Progress | None = None,
) -> Partition:
    """Return a partition into ``wanted`` themes (fewer only where the graph gives no more).

    Arguments and labels are those of ``partitions``.
    """
    return _descent(vectors, averaged, graph, seed, round(_FINEST * wanted), wanted, progress)[0]


def _descent(
    vectors: Vectors,
    averaged: Vectors,
    graph: sparse.csr_array,
    seed: int,
    finest: int,
    coarsest: int,
    progress: Progress | None,
) -> list[Partition]:
    """Return partitions into ``coarsest`` up to about ``finest`` parts, coarse to fine."""

    def tick(done: int = 0, total: int = 1) -> None:
        if progress:
            progress(done, total)

    tick()
    vectors, averaged = vectors[:_LOOKED_AT], averaged[:_LOOKED_AT]
    labels = by_size(_communities(graph, seed, finest, tick)[: len(vectors)])
    grains = _grains(int(labels.max()) + 1, coarsest)
    found: list[Partition] = []
    for step, grain in enumerate(grains):

        def moving(step: int = step) -> None:
            tick(step, len(grains))

        count = int(labels.max()) + 1
        if grain < count:
            sizes = np.bincount(labels)
            labels = by_size(merged(centroids(averaged, labels, count), sizes, grain)[labels])
        refined = refine(averaged, labels, _REFINING, moving)
        # Where a part lost all its texts the texts stay: the number that was asked for is met.
        labels = refined if refined.max() == labels.max() else labels
        found.append(measured(vectors, labels))
    return found[::-1]


def _communities(
    graph: sparse.csr_array, seed: int, wanted: int, tick: Callable[[], None]
) -> Labels:
    """Return at least ``wanted`` communities, or as many as the graph gives: int64 (n,)."""
    resolution = max(1.0, wanted / _PER_RESOLUTION)
    while True:
        labels = leiden(graph, resolution, seed)
        if int(labels.max()) + 1 >= wanted or resolution > _HIGHEST:
            return labels
        tick()
        resolution *= _FINER


def _grains(finest: int, coarsest: int) -> list[int]:
    """Return the numbers of parts from fine to coarse.

    Between the ends they are of one series, whatever the corpus: a second seed, or some texts more,
    begin with a few parts more or fewer, and are still weighed at the same numbers.
    """
    series = [2]
    while series[-1] < finest:
        series.append(max(series[-1] + 1, round(series[-1] * _STEP)))
    between = [number for number in reversed(series) if coarsest < number < finest]
    return [finest, *between, *([coarsest] if coarsest < finest else [])]


def _smoothed(found: list[Partition]) -> NDArray[np.float64]:
    """Return the clearness at each grain as a line through the grains beside it tells it.

    Local linear regression (Cleveland 1979) over the logarithm of the number of themes: with plain
    means over a window one grain more or fewer in it moves the best of the curve.
    """
    places = np.log([partition.count for partition in found])
    clearness = np.array([partition.clearness for partition in found])
    apart = places - places[:, None]
    weights = np.exp(-0.5 * (apart / _SMOOTHED_OVER) ** 2)
    weights /= weights.sum(axis=1, keepdims=True)
    middle = (weights * apart).sum(axis=1, keepdims=True)
    level = weights @ clearness
    spread = (weights * (apart - middle) ** 2).sum(axis=1)
    rise = (weights * (apart - middle)) @ clearness / np.maximum(spread, 1e-12)
    return level - rise * middle[:, 0]


def _near(counts: NDArray[Any], count: float) -> NDArray[np.bool_]:
    """Return which of the ``counts`` are within a factor of 1.7 of ``count``."""
    return (counts <= _NEAR * count) & (_NEAR * counts >= count)


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
    return by_size(moved(averaged, by_size(labels), rounds, tick))


def measured(vectors: Vectors, labels: Labels) -> Partition:
    """Return ``labels`` as a partition, larger themes first."""
    labels = by_size(labels)
    count = int(labels.max()) + 1
    return Partition(labels, count, fit_of(vectors, labels).clearness if count > 1 else 0.0)


def by_size(labels: Labels) -> Labels:
    """Return labels renumbered 0 … by falling size (ties: first appearance); −1 stays."""
    kept = labels[labels >= 0]
    if kept.size == 0:
        return np.full(len(labels), -1, np.int64)
    sizes = np.bincount(kept)
    first = np.full(len(sizes), len(kept), np.int64)
    first[kept[::-1]] = np.arange(len(kept) - 1, -1, -1)  # of equal places the last one stays
    rank = np.empty(len(sizes) + 1, np.int64)
    # Numbers that nobody has come last, and count for nothing.
    rank[np.lexsort((first, -sizes))] = np.arange(len(sizes))
    rank[-1] = -1
    return rank[np.where(labels >= 0, labels, -1)]
