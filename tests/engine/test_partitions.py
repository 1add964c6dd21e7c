"""Partitions of planted blobs: the number is found, asked numbers are met, seeds repeat."""

import itertools

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from themeloom.engine import partitions as engine_partitions
from themeloom.engine.centroids import fit_of, unit
from themeloom.engine.graph import fuzzy_graph
from themeloom.engine.neighbours import nearest
from themeloom.engine.partitions import (
    Partition,
    averaged_over,
    by_size,
    choose,
    leiden,
    most_themes,
    of_all,
    partitions,
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
    averaged = averaged_over(vectors, graph)
    found = partitions(vectors, averaged, graph, 0, most_themes(len(vectors)))
    best = choose(found, most_themes(len(vectors)))
    assert 11 <= best.count <= 14
    assert adjusted_rand_score(truth, best.labels) > 0.95
    assert [partition.count for partition in found] == sorted(p.count for p in found)


@pytest.mark.parametrize("wanted", [3, 8, 20])
def test_an_asked_number_is_met(wanted: int) -> None:
    vectors, _ = planted([40] * 10, 0.9)
    graph = fuzzy_graph(nearest(vectors, 12))
    averaged = averaged_over(vectors, graph)
    assert with_count(vectors, averaged, graph, 0, wanted).count == wanted


def test_the_same_seed_gives_the_same_partition() -> None:
    vectors, _ = planted([60] * 6, 1.1)
    graph = fuzzy_graph(nearest(vectors, 12))
    assert np.array_equal(leiden(graph, 1.0, 4), leiden(graph, 1.0, 4))


def test_another_seed_gives_nearly_the_same_themes() -> None:
    vectors, truth = planted([60] * 8, 2.1)  # blobs that run into each other
    graph = fuzzy_graph(nearest(vectors, 12))
    averaged = averaged_over(vectors, graph)
    seeds = (0, 20, 40, 60, 80)
    found = [with_count(vectors, averaged, graph, seed, 8).labels for seed in seeds]
    pairs = itertools.combinations(found, 2)
    assert np.mean([adjusted_rand_score(one, other) for one, other in pairs]) > 0.95
    assert adjusted_rand_score(truth, found[0]) > 0.6


def test_other_seeds_and_fewer_texts_are_weighed_at_the_same_numbers() -> None:
    vectors, _ = planted([60] * 8, 2.1)
    numbers: list[set[int]] = []
    for seed, texts in ((0, 480), (1, 480), (2, 430)):
        graph = fuzzy_graph(nearest(vectors[:texts], 12))
        averaged = averaged_over(vectors[:texts], graph)
        found = partitions(vectors[:texts], averaged, graph, seed, 20)
        numbers.append({partition.count for partition in found if partition.count <= 20})
    assert numbers[0] == numbers[1] == numbers[2]
    assert len(numbers[0]) > 10


def test_each_grain_is_told_and_can_be_the_last() -> None:
    vectors, _ = planted([60] * 6)
    graph = fuzzy_graph(nearest(vectors, 12))
    told: list[tuple[int, int]] = []
    averaged = averaged_over(vectors, graph)
    partitions(vectors, averaged, graph, 0, 12, lambda *step: told.append(step))
    assert told[0] == (0, 1)
    assert all(0 <= done < total for done, total in told)
    assert len(set(told)) > 10

    def stop(done: int, total: int) -> None:
        if done > 3:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        partitions(vectors, averaged, graph, 0, 12, stop)


def test_where_themes_stand_clearest_apart_is_chosen() -> None:
    def of(count: int, clearness: float) -> Partition:
        return Partition(np.arange(count), count, clearness)

    curve = [of(4, 0.20), of(8, 0.30), of(14, 0.38), of(16, 0.40), of(20, 0.36), of(30, 0.31)]
    assert choose(curve, most=50).count == 16
    assert choose(curve, most=15).count == 14
    assert choose([of(40, 0.1)], most=10).count == 40
    # A single grain that is clear among others that are not is none, unless it stands out.
    bump = [of(10, 0.30), of(11, 0.38), of(12, 0.30), of(40, 0.37), of(44, 0.37), of(48, 0.37)]
    assert choose(bump, most=50).count >= 40
    clear = [of(40, 0.35), of(44, 0.355), of(48, 0.37)]
    assert choose(clear, most=50).count == 48
    # Two heaps of everything are the clearest division of long talks, and say nothing.
    assert choose([of(2, 0.20), of(3, 0.15), of(20, 0.11), of(40, 0.10)], most=50).count == 20
    assert choose([of(2, 0.80), of(3, 0.60), of(20, 0.11), of(40, 0.10)], most=50).count == 2
    # What is hardly clearer is not worth reading twice as many themes.
    assert choose([of(20, 0.300), of(40, 0.308)], most=50).count == 20


@pytest.mark.parametrize("top", [20, 30, 40])
@pytest.mark.parametrize("slope", [0.02, 0.04, 0.06, 0.1])
def test_a_grain_less_moves_the_number_by_one_of_the_series_at_most(top: int, slope: float) -> None:
    series = [*range(2, 16), 16, 18, 20, 22, 24, 26, 29, 32, 35, 38, 42, 46, 51, 56, 62, 68, 75]
    hill = [Partition(np.arange(n), n, 0.2 - slope * np.log(n / top) ** 2) for n in series]
    before = series.index(choose(hill, most=70).count)
    for missing in range(len(hill)):
        others = hill[:missing] + hill[missing + 1 :]
        assert abs(series.index(choose(others, most=70).count) - before) <= 1


def test_texts_beyond_those_looked_at_join_them(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors, truth = planted([120, 90, 80, 60, 60, 50, 40, 40])
    graph = fuzzy_graph(nearest(vectors, 12))
    averaged = averaged_over(vectors, graph)
    monkeypatch.setattr(engine_partitions, "_LOOKED_AT", 200)
    found = choose(partitions(vectors, averaged, graph, 0, 20), 20)
    assert len(found.labels) == 200
    whole = of_all(averaged, found, lambda: None)
    assert adjusted_rand_score(truth, whole.labels) > 0.95


def test_larger_themes_get_lower_numbers_and_unsorted_stays() -> None:
    labels = np.array([7, 7, 3, -1, 3, 3, 9])
    assert by_size(labels).tolist() == [1, 1, 0, -1, 0, 0, 2]


def test_a_text_does_not_vouch_for_itself() -> None:
    vectors = unit(np.random.default_rng(0).normal(size=(60, 256)).astype(np.float32))
    alone = fit_of(vectors, np.arange(60))
    pairs = fit_of(vectors, np.arange(60) // 2)
    assert alone.own.max() == 0.0
    assert abs(pairs.clearness) < 0.15  # unrelated texts: no clearness from being few
