"""Texts move to the nearest centre; bounds save comparisons, and change nothing."""

import numpy as np
import pytest
from numpy.typing import NDArray

from themeloom.engine import centroids as engine_centroids
from themeloom.engine import moving
from themeloom.engine.centroids import Labels, Vectors, centroids, unit
from themeloom.engine.moving import moved


def around(themes: int, texts: int, seed: int = 0) -> Vectors:
    """Return unit vectors near ``themes`` centres: float32 (texts, 64)."""
    random = np.random.default_rng(seed)
    centres = random.normal(size=(themes, 64)).astype(np.float32)
    centres = unit(centres)
    noise = (0.12 * random.normal(size=(texts, 64))).astype(np.float32)
    near: Vectors = centres[random.integers(0, themes, texts)] + noise
    return np.ascontiguousarray(unit(near))


def without_bounds(vectors: Vectors, labels: Labels, rounds: int) -> Labels:
    """Lloyd's rounds, every text against every centre."""
    count = int(labels.max()) + 1
    for _ in range(rounds):
        likeness = vectors @ centroids(vectors, labels, count).T
        likeness[:, np.bincount(labels, minlength=count) == 0] = -2.0
        labels = likeness.argmax(axis=1)
    return labels


@pytest.mark.parametrize("count", [1, 2, 5, 40, 150])
@pytest.mark.parametrize("rounds", [1, 2, 4, 40])
def test_bounds_change_nothing(count: int, rounds: int) -> None:
    vectors = around(60, 3000)
    labels = np.random.default_rng(1).integers(0, count, 3000)
    assert np.array_equal(moved(vectors, labels, rounds), without_bounds(vectors, labels, rounds))


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = around(20, 1000)
    labels = np.random.default_rng(1).integers(0, 30, 1000)
    whole = moved(vectors, labels, 5)
    monkeypatch.setattr(engine_centroids, "_AT_ONCE", 64)
    assert np.array_equal(moved(vectors, labels, 5), whole)


def test_a_part_that_lost_all_its_texts_gets_none_back() -> None:
    vectors = -around(3, 300)
    labels: NDArray[np.int64] = np.zeros(300, np.int64)
    labels[:100], labels[100] = 1, 3  # nobody has 2
    found = moved(vectors, labels, 10)
    assert 2 not in found


def test_fewer_texts_are_compared_again(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[int] = []
    inner = moving._nearest  # pyright: ignore[reportPrivateUsage]

    def counted(*args: object) -> Labels:
        rows = args[4]
        compared.append(3000 if rows is None else len(rows))  # pyright: ignore[reportArgumentType]
        return inner(*args)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(moving, "_nearest", counted)
    spread = np.random.default_rng(0).normal(size=(3000, 8)).astype(np.float32)
    moved(unit(spread), np.random.default_rng(1).integers(0, 20, 3000), 40)
    assert len(compared) > 20
    assert np.mean(compared[10:]) < 1500
