"""A strictly nested tree over the texts of new themes: atoms below, the themes, merges above.

Atoms are Leiden communities at a high resolution inside each theme, so that no part crosses the
border of a theme. They are merged bottom-up, always the pair with the largest w_ij / (d_i d_j) (w:
summed edge weight between them, d: their degrees), until the themes are there; the themes go on by
Ward's linkage. Every cut of the tree is nested in every coarser one.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from themeloom.engine.centroids import Labels, Vectors
from themeloom.engine.hierarchy import Linkage, group_count, theme_linkage
from themeloom.engine.partitions import leiden

#: Called before each step that takes long; may raise to stop.
Tick = Callable[[], None]

COARSEST = 5
_FINER = 2.0  # times as many themes as were chosen, at most
_FEW = 6  # and that many more
_STEP = 1.15  # from one cut to the next
_RESOLUTIONS = (8.0, 24.0, 72.0)
_SMALL_FIRST = 1e6  # atoms that are too small are merged before all others


@dataclass(frozen=True)
class Tree:
    """Nodes 0 … m − 1: the atoms first, then merges in the order they are made.

    Attributes:
        atoms: int64 (n,): each text's atom, −1 = in no theme.
        parent: int64 (m,): the node that a node becomes part of, −1 for none.
        born: int64 (m,): number of nodes side by side when a node is made: it is part of no finer
            cut.
        dies: int64 (m,): number of nodes side by side after it became part of another one.
        themes: int64 (k,): the node of each theme.
    """

    atoms: Labels
    parent: NDArray[np.int64]
    born: NDArray[np.int64]
    dies: NDArray[np.int64]
    themes: NDArray[np.int64]

    @property
    def finest(self) -> int:
        """Return the number of atoms."""
        return int(self.born.max()) if len(self.born) else 0

    def at(self, level: int) -> NDArray[np.int64]:
        """Return the nodes of the cut into ``level`` parts."""
        return np.flatnonzero((self.dies < level) & (level <= self.born))

    def levels(self) -> list[int]:
        """Return the cuts that are offered, coarse to fine: a few per cent between two of them."""
        chosen = len(self.themes)
        if chosen == 0:
            return []
        level = min(COARSEST, chosen)
        ladder = {chosen, group_count(chosen), self.finest}
        while level < self.finest:
            ladder.add(level)
            level = max(level + 1, round(level * _STEP))
        return sorted(ladder)

    def inside(self) -> NDArray[np.bool_]:
        """Return which node lies inside which, itself included: (m, m), ``[part, whole]``."""
        count = len(self.parent)
        result = np.eye(count, dtype=bool)
        for node in range(count - 1, -1, -1):  # a parent's number is higher than its parts'
            if self.parent[node] >= 0:
                result[node] |= result[self.parent[node]]
        return result


def grow(
    graph: sparse.csr_array | None,
    labels: Labels,
    centres: Vectors,
    sizes: NDArray[np.float64],
    least: float,
    seed: int,
    tick: Tick,
) -> Tree:
    """Return the tree whose cut into as many parts as there are themes is ``labels``.

    Args:
        graph: weights between texts, (n, n); None where there is none: themes are the atoms.
        labels: the theme of each text, 0 … k − 1 or −1, (n,).
        centres: of the themes, unit vectors (k, width).
        sizes: what each text counts for the size of an atom, (n,).
        least: size of the smallest atom.
        seed: of Leiden.
        tick: called between long steps.
    """
    themes = int(labels.max()) + 1 if len(labels) else 0
    atoms = labels if graph is None or themes == 0 else _parts(graph, labels, themes, seed, tick)
    owner = np.zeros(int(atoms.max()) + 1 if len(atoms) else 0, np.int64)
    owner[atoms[atoms >= 0]] = labels[atoms >= 0]
    below = [] if graph is None else _merges_below(graph, atoms, owner, sizes, least)
    texts = np.bincount(labels[labels >= 0], minlength=themes)
    return _numbered(atoms, owner, below, theme_linkage(centres, texts))


def _parts(graph: sparse.csr_array, labels: Labels, themes: int, seed: int, tick: Tick) -> Labels:
    """Return Leiden communities inside the themes: int64 (n,), −1 where ``labels`` is."""
    edges = graph.tocoo()
    rows, columns = edges.row, edges.col
    inside = (labels[rows] == labels[columns]) & (labels[rows] >= 0)
    within = sparse.coo_array(
        (edges.data[inside], (rows[inside], columns[inside])), shape=graph.shape
    ).tocsr()
    within.sort_indices()
    kept = labels >= 0
    parts = labels
    for resolution in _RESOLUTIONS:
        tick()
        found = leiden(within, resolution, seed)
        # A text without an edge inside its theme is a community of its own, in any theme.
        _, parts = np.unique(found[kept] * themes + labels[kept], return_inverse=True)
        if int(parts.max()) + 1 >= _FINER * themes + _FEW:
            break
    result = np.full(len(labels), -1, np.int64)
    result[kept] = parts
    return result


def _merges_below(
    graph: sparse.csr_array,
    atoms: Labels,
    owner: NDArray[np.int64],
    sizes: NDArray[np.float64],
    least: float,
) -> list[tuple[int, int]]:
    """Return the merges of atoms into themes, in order; merge m makes node ``atoms + m``."""
    count = len(owner)
    kept = np.flatnonzero(atoms >= 0)
    member = sparse.csr_array((np.ones(len(kept)), (atoms[kept], kept)), shape=(count, len(atoms)))
    between = (member @ graph @ member.T).tocoo()
    pairs = zip(between.row.tolist(), between.col.tolist(), strict=True)
    weight: dict[tuple[int, int], float] = dict(zip(pairs, between.data.tolist(), strict=True))
    degree = [float(value) for value in np.asarray((member @ graph).sum(axis=1)).ravel()]
    size = [float(value) for value in np.bincount(atoms[kept], sizes[kept], minlength=count)]
    alive: dict[int, set[int]] = {}
    for atom, theme in enumerate(owner.tolist()):
        alive.setdefault(theme, set()).add(atom)
    theme_of: list[int] = owner.tolist()
    queue: list[tuple[float, int, int]] = []

    def push(one: int, other: int) -> None:
        value = weight.get((one, other), 0.0) / max(degree[one] * degree[other], 1e-12)
        small = min(size[one], size[other]) < least
        heapq.heappush(queue, (-value - _SMALL_FIRST * small, one, other))

    for members in alive.values():
        ordered = sorted(members)
        for place, one in enumerate(ordered):
            for other in ordered[place + 1 :]:
                push(one, other)
    merges: list[tuple[int, int]] = []
    while queue:
        _, one, other = heapq.heappop(queue)
        mates = alive[theme_of[one]]
        if one not in mates or other not in mates:
            continue
        new = count + len(merges)
        merges.append((one, other))
        mates -= {one, other}
        degree.append(degree[one] + degree[other])
        size.append(size[one] + size[other])
        theme_of.append(theme_of[one])
        for mate in sorted(mates):
            weight[mate, new] = sum(
                weight.get((min(part, mate), max(part, mate)), 0.0) for part in (one, other)
            )
            push(mate, new)
        mates.add(new)
    return merges


def _numbered(
    atoms: Labels, owner: NDArray[np.int64], below: list[tuple[int, int]], above: Linkage
) -> Tree:
    """Return the tree of all merges, its finest parts merged until few enough are left."""
    themes = len(above) + 1 if len(owner) else 0
    merges = list(below)
    top = _tops(len(owner), owner, below)
    if themes > 1:
        nodes = [top[theme] for theme in range(themes)]
        pairs: list[list[int]] = above[:, :2].astype(np.int64).tolist()
        for one, other in pairs:
            nodes.append(len(owner) + len(merges))
            merges.append((nodes[one], nodes[other]))
    parent = np.full(len(owner) + len(merges), -1, np.int64)
    for number, (one, other) in enumerate(merges, len(owner)):
        parent[[one, other]] = number
    dropped = max(0, len(owner) - round(_FINER * themes + _FEW))
    dropped = min(dropped, len(below))
    # What the first merges made are the atoms; what they were made of is forgotten.
    gone = np.zeros(len(parent), bool)
    for one, other in merges[:dropped]:
        gone[[one, other]] = True
    number = np.cumsum(~gone) - 1
    up = np.arange(len(parent))
    for node in range(len(parent) - 1, -1, -1):
        if gone[node]:
            up[node] = up[parent[node]]
    finest = len(owner) - dropped
    kept = np.flatnonzero(~gone)
    up_to = np.where(parent[kept] >= 0, number[np.maximum(parent[kept], 0)], -1)
    made = np.maximum(kept - len(owner) - dropped + 1, 0)  # how many merges a node comes after
    born = finest - made
    dies = np.where(up_to >= 0, born[np.maximum(up_to, 0)], 0)
    found = np.full(len(atoms), -1, np.int64)
    found[atoms >= 0] = number[up[atoms[atoms >= 0]]]
    tops = np.array([number[top[theme]] for theme in range(themes)], np.int64)
    return Tree(found, up_to, born, dies, tops)


def _tops(count: int, owner: NDArray[np.int64], below: list[tuple[int, int]]) -> dict[int, int]:
    """Return each theme's node: the last one made of its atoms."""
    theme_of: list[int] = owner.tolist()
    for one, _ in below:
        theme_of.append(theme_of[one])
    return {theme: node for node, theme in enumerate(theme_of)}
