"""Fuzzy weights as UMAP defines them, and averaging over the graph."""

import numpy as np

from themeloom.engine.centroids import unit
from themeloom.engine.graph import fuzzy_graph, smooth
from themeloom.engine.neighbours import Neighbours, nearest


def blobs(each: int, count: int, spread: float) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(1)
    truth = np.repeat(np.arange(count), each)
    vectors = generator.normal(size=(count, 32))[truth]
    return unit(
        (vectors + generator.normal(scale=spread, size=vectors.shape)).astype(np.float32)
    ), truth


def test_weights_are_symmetric_between_nought_and_one() -> None:
    vectors, _ = blobs(40, 5, 0.6)
    graph = fuzzy_graph(nearest(vectors, 15))
    assert abs(graph - graph.T).max() < 1e-12
    assert graph.data.min() > 0.0
    assert graph.data.max() <= 1.0
    assert graph.diagonal().sum() == 0.0


def test_each_text_gives_away_log2_k_before_uniting() -> None:
    # A ring of one-way edges that never meet: uniting adds nothing, rows show what was given.
    generator = np.random.default_rng(2)
    count, k = 400, 8
    index = (np.arange(count)[:, None] + np.arange(1, k + 1)) % count
    similarity = -np.sort(-generator.uniform(0.3, 0.9, size=(count, k)), axis=1)
    graph = fuzzy_graph(Neighbours(index, similarity.astype(np.float32)))
    given = np.array([graph[[row], index[row]].sum() for row in range(count)])
    assert np.allclose(given, np.log2(k), atol=0.05)


def test_identical_texts_are_joined_fully() -> None:
    vectors = np.repeat(unit(np.eye(3, 8, dtype=np.float32)), 20, axis=0)
    graph = fuzzy_graph(nearest(vectors, 6))
    assert np.isfinite(graph.data).all()
    assert np.allclose(graph.data, 1.0)


def test_averaging_draws_a_blob_together_and_keeps_blobs_apart() -> None:
    vectors, truth = blobs(40, 5, 0.6)
    averaged = smooth(vectors, fuzzy_graph(nearest(vectors, 10)), 2)
    assert np.allclose(np.linalg.norm(averaged, axis=1), 1.0, atol=1e-5)
    same = truth[:, None] == truth
    before, after = vectors @ vectors.T, averaged @ averaged.T
    assert after[same].mean() > before[same].mean() + 0.1
    assert after[~same].mean() < 0.5
