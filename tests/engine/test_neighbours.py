"""Nearest neighbours against plain numpy; the approximate index is repeatable."""

import numpy as np
import pytest

from themeloom.engine import neighbours
from themeloom.engine.centroids import unit
from themeloom.engine.neighbours import nearest


def points(count: int, width: int = 24) -> np.ndarray:
    generator = np.random.default_rng(5)
    centres = generator.normal(size=(40, width))
    spread = generator.normal(scale=0.5, size=(count, width))
    return unit((centres[generator.integers(40, size=count)] + spread).astype(np.float32))


def test_exact_neighbours_are_those_of_numpy() -> None:
    vectors = points(700)
    likeness = vectors @ vectors.T
    np.fill_diagonal(likeness, -2.0)
    near = nearest(vectors, 8)
    assert np.allclose(near.similarity, -np.sort(-likeness, axis=1)[:, :8], atol=1e-5)
    assert np.allclose(np.take_along_axis(likeness, near.index, 1), near.similarity, atol=1e-5)


def test_a_text_is_not_its_own_neighbour_even_among_copies() -> None:
    vectors = np.repeat(points(4), 30, axis=0)
    near = nearest(vectors, 10)
    assert not (near.index == np.arange(len(vectors))[:, None]).any()
    assert np.allclose(near.similarity, 1.0, atol=1e-5)


def test_the_approximate_index_is_repeatable_and_near_to_exact(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    vectors = points(6000)
    exact = nearest(vectors, 10)
    monkeypatch.setattr(neighbours, "EXACT_UP_TO", 1000)
    first, second = nearest(vectors, 10, seed=3), nearest(vectors, 10, seed=3)
    assert np.array_equal(first.index, second.index)
    assert np.array_equal(first.similarity, second.similarity)
    hits = [len(set(one) & set(other)) for one, other in zip(exact.index, first.index, strict=True)]
    assert np.mean(hits) / 10 > 0.85


def test_progress_is_told_between_batches() -> None:
    seen: list[tuple[int, int]] = []
    nearest(points(2500), 5, progress=lambda done, total: seen.append((done, total)))
    assert len(seen) > 1
    assert seen[-1] == (2500, 2500)
