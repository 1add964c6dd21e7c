"""Small corpora: the neighbour graph beside exact agglomeration, on samples of the labelled sets."""

from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn.metrics import adjusted_mutual_info_score
from tests.bench.quality import Labelled, clustered, read, table, vectors

from themeloom.engine.likeness import centred
from themeloom.engine.partitions import choose, measured, most_themes

pytestmark = pytest.mark.bench

SETS = ("banking77_train", "hwu64", "clinc150")
#: Texts and the number of labels that they are drawn from.
SIZES = {30: 4, 60: 6, 100: 10, 200: 14, 300: 20}
DRAWS = 8

GRAPH, AVERAGE, WARD = "graph, unsorted counted", "average linkage", "Ward's linkage"


def test_the_graph_is_at_least_as_good_as_exact_agglomeration(test_data: Path) -> None:
    scores: dict[tuple[int, str], list[float]] = {}
    for name in SETS:
        whole = read(test_data, name)
        for size, labels in SIZES.items():
            for seed in range(DRAWS):
                rows = drawn(whole, size, labels, seed)
                ways = {
                    GRAPH: clustered(rows),
                    AVERAGE: agglomerated(rows, "average"),
                    WARD: agglomerated(rows, "ward"),
                }
                for way, found in ways.items():
                    ami = float(adjusted_mutual_info_score(rows.labels, found))
                    scores.setdefault((size, way), []).append(ami)
    ways = (GRAPH, AVERAGE, WARD)
    mean = {way: float(np.mean([scores[size, way] for size in SIZES])) for way in ways}
    lines = [[size, *(float(np.mean(scores[size, way])) for way in ways)] for size in SIZES]
    print("\n" + table(["texts (AMI)", *ways], [*lines, ["mean", *mean.values()]]))
    assert mean[GRAPH] >= max(mean[AVERAGE], mean[WARD])
    assert all(np.mean(scores[size, GRAPH]) >= 0.7 for size in SIZES)


def drawn(whole: Labelled, size: int, labels: int, seed: int) -> Labelled:
    """Return ``size`` random texts of ``labels`` random labels."""
    dice = np.random.default_rng(seed)
    kept = dice.choice(np.unique(whole.labels.astype(str)), labels, replace=False)
    rows = np.flatnonzero(np.isin(whole.labels.astype(str), kept))
    return whole[np.sort(dice.choice(rows, size, replace=False))]


def agglomerated(rows: Labelled, method: Literal["average", "ward"]) -> np.ndarray:
    """Return themes by exact agglomeration, their number found as the engine finds it."""
    points = centred(vectors(rows))
    metric = "euclidean" if method == "ward" else "cosine"
    merges = linkage(points.astype(np.float64), method, metric=metric)
    most = most_themes(len(points))
    cuts = [fcluster(merges, count, "maxclust").astype(np.int64) - 1 for count in range(2, most)]
    return choose([measured(points, cut) for cut in cuts], most).labels
