"""Partitions of planted blobs: the number is found, asked numbers are met, seeds repeat."""

import itertools

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from themeloom.engine.centroids import fit_of, unit
from themeloom.engine.graph import fuzzy_graph
from themeloom.engine.neighbours import nearest
from themeloom.engine.partitions import (
    Partition,
    by_size,
    choose,
    leiden,
    most_themes,
    partitions,
    settled,
    with_count,
)


def planted(sizes: list[int], spread: float = 0.55) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(7)
    truth = np.repeat(np.arange(len(sizes)), sizes)
    centres = generator.normal(size=(len(sizes), 48))
    noise = generator.normal(scale=spread, size=(len(truth), 48))
    order = generator.permutation(len(truth))
    return unit((centres[truth] + noise).astype(np.float32))[order], truth[order]


def test_planted_blobs_are_found_without_their_number() -> None:
    vectors, truth = planted([120, 90, 80, 60, 60, 50, 40, 40, 30, 30, 25, 20])
    graph = fuzzy_graph(nearest(vectors, 12))
    found = partitions(vectors, graph, 0, most_themes(len(vectors)))
    best = choose(found, most_themes(len(vectors)))
    assert 11 <= best.count <= 14
    assert adjusted_rand_score(truth, best.labels) > 0.95
    assert [partition.count for partition in found] == sorted(p.count for p in found)


@pytest.mark.parametrize("wanted", [3, 8, 20])
def test_an_asked_number_is_met(wanted: int) -> None:
    vectors, _ = planted([40] * 10, 0.9)
    graph = fuzzy_graph(nearest(vectors, 12))
    assert with_count(vectors, graph, 0, wanted).count == wanted


def test_the_same_seed_gives_the_same_partition() -> None:
    vectors, _ = planted([60] * 6, 1.1)
    graph = fuzzy_graph(nearest(vectors, 12))
    assert np.array_equal(leiden(graph, 1.0, 4), leiden(graph, 1.0, 4))


def test_several_runs_agree_more_than_single_ones() -> None:
    vectors, truth = planted([60] * 8, 2.1)  # blobs that run into each other
    graph = fuzzy_graph(nearest(vectors, 12))

    def single(seed: int) -> Partition:
        return next(p for p in partitions(vectors, graph, seed, 200) if p.count >= 8)

    def agreement(of: list[Partition]) -> float:
        pairs = itertools.combinations(of, 2)
        return float(np.mean([adjusted_rand_score(a.labels, b.labels) for a, b in pairs]))

    seeds = (0, 20, 40, 60, 80)
    alone = [single(seed) for seed in seeds]
    told: list[tuple[int, int]] = []
    agreed = [
        settled(vectors, graph, alone[0], seed, lambda *step: told.append(step)) for seed in seeds
    ]
    assert agreement(agreed) > agreement(alone)
    assert adjusted_rand_score(truth, agreed[0].labels) > 0.6
    assert all(0 <= done < total for done, total in told)
    asked = with_count(vectors, graph, 0, 8)
    assert settled(vectors, graph, asked, 0) is asked


def test_the_finest_of_the_nearly_clearest_is_chosen() -> None:
    def of(count: int, clearness: float) -> Partition:
        return Partition(np.arange(count), count, clearness)

    curve = [of(4, 0.20), of(8, 0.30), of(12, 0.40), of(16, 0.40), of(20, 0.40), of(30, 0.31)]
    assert choose(curve, most=50).count == 16
    assert choose(curve, most=15).count == 12
    assert choose([of(40, 0.1)], most=10).count == 40


def test_larger_themes_get_lower_numbers_and_unsorted_stays() -> None:
    labels = np.array([7, 7, 3, -1, 3, 3, 9])
    assert by_size(labels).tolist() == [1, 1, 0, -1, 0, 0, 2]


def test_a_text_does_not_vouch_for_itself() -> None:
    vectors = unit(np.random.default_rng(0).normal(size=(60, 256)).astype(np.float32))
    alone = fit_of(vectors, np.arange(60))
    pairs = fit_of(vectors, np.arange(60) // 2)
    assert alone.own.max() == 0.0
    assert abs(pairs.clearness) < 0.15  # unrelated texts: no clearness from being few
