"""The tree of cuts: nested, over the same texts, with the themes as one of its cuts."""

import numpy as np
import pytest
from scipy import sparse
from scipy.cluster.hierarchy import fcluster, is_valid_linkage, linkage
from sklearn.metrics import adjusted_rand_score

from themeloom.engine.centroids import centroids, unit
from themeloom.engine.graph import fuzzy_graph
from themeloom.engine.hierarchy import theme_linkage
from themeloom.engine.neighbours import nearest
from themeloom.engine.tree import Tree, grow

THEMES, PER_THEME = 12, 80


def cloud(seed: int) -> tuple[np.ndarray, np.ndarray, sparse.csr_array]:
    """Return vectors around 12 centres, two halves to each, their themes and their graph."""
    dice = np.random.default_rng(seed)
    middles = unit(dice.normal(size=(THEMES, 32)).astype(np.float32))
    halves = np.repeat(middles, 2, axis=0) + 0.15 * dice.normal(size=(2 * THEMES, 32))
    rows = np.repeat(np.arange(2 * THEMES), PER_THEME // 2)
    vectors = unit((halves[rows] + 0.08 * dice.normal(size=(len(rows), 32))).astype(np.float32))
    labels = rows // 2
    labels[:7] = -1  # some texts are unsorted
    return vectors, labels, fuzzy_graph(nearest(vectors, 15))


def grown(seed: int, least: float = 4.0) -> tuple[Tree, np.ndarray]:
    vectors, labels, graph = cloud(seed)
    tree = grow(
        graph,
        labels,
        centroids(vectors, labels, THEMES),
        np.ones(len(labels)),
        least,
        0,
        lambda: None,
    )
    return tree, labels


def labels_at(tree: Tree, level: int) -> np.ndarray:
    part = tree.inside()[: tree.finest, tree.at(level)].argmax(axis=1)
    return np.where(tree.atoms >= 0, part[tree.atoms], -1)


@pytest.mark.parametrize("seed", range(5))
def test_every_cut_is_nested_in_every_coarser_one(seed: int) -> None:
    tree, labels = grown(seed)
    finer: np.ndarray | None = None
    assert tree.finest > THEMES
    for level in range(tree.finest, 0, -1):
        here = labels_at(tree, level)
        assert ((here >= 0) == (labels >= 0)).all(), "every cut covers the same texts"
        assert len(np.unique(here[here >= 0])) == level
        if finer is not None:
            pairs = np.unique(np.stack([finer, here]), axis=1)
            assert pairs.shape[1] == len(np.unique(finer)), "no part is in two wholes"
        finer = here


@pytest.mark.parametrize("seed", range(5))
def test_the_chosen_cut_is_exactly_the_themes(seed: int) -> None:
    tree, labels = grown(seed)
    here = labels_at(tree, THEMES)
    assert adjusted_rand_score(labels, here) == 1.0
    kept = np.flatnonzero(labels >= 0)
    assert (tree.inside()[tree.atoms[kept], tree.themes[labels[kept]]]).all()


def test_parts_are_found_and_none_is_too_small() -> None:
    tree, _ = grown(0, least=10.0)
    sizes = np.bincount(tree.atoms[tree.atoms >= 0])
    assert sizes.min() >= 10
    halves = np.repeat(np.arange(2 * THEMES), PER_THEME // 2)
    kept = tree.atoms >= 0
    level = min(tree.finest, 2 * THEMES)
    assert adjusted_rand_score(halves[kept], labels_at(tree, level)[kept]) > 0.8


def test_levels_go_from_about_five_over_the_chosen_one_to_the_finest() -> None:
    tree, _ = grown(1)
    levels = tree.levels()
    assert levels[0] == 5
    assert levels[-1] == tree.finest
    assert THEMES in levels
    assert levels == sorted(set(levels))


def test_without_a_graph_the_themes_are_the_atoms() -> None:
    labels = np.array([0, 0, 1, 1, -1, 2])
    centres = np.eye(3, dtype=np.float32)
    tree = grow(None, labels, centres, np.ones(6), 1.0, 0, lambda: None)
    assert tree.levels() == [3]
    assert (labels_at(tree, 3) == labels).all()
    assert len(np.unique(labels_at(tree, 2))) == 3


def test_no_theme_has_no_tree() -> None:
    empty = np.zeros((0, 4), np.float32)
    tree = grow(None, np.full(5, -1), empty, np.ones(5), 1.0, 0, lambda: None)
    assert tree.levels() == []


def test_linkage_of_equal_sizes_is_wards() -> None:
    dice = np.random.default_rng(3)
    points = dice.normal(size=(40, 8)).astype(np.float32)
    ours = theme_linkage(points, np.ones(40, np.int64))
    assert is_valid_linkage(ours)
    assert (np.diff(ours[:, 2]) > 0).all()
    theirs = linkage(points.astype(np.float64), "ward")
    for count in (3, 7, 15, 30):
        cut = fcluster(ours, count, "maxclust")
        assert adjusted_rand_score(cut, fcluster(theirs, count, "maxclust")) == 1.0


def test_large_themes_stay_apart_longer_than_small_ones() -> None:
    centres = np.array([[1, 0], [0.9, 0.3], [-1, 0], [-0.9, 0.3]], np.float32)
    merges = theme_linkage(unit(centres), np.array([500, 500, 5, 5]))
    assert set(merges[0, :2]) == {2, 3}
