"""Parts of one theme: what it could be split into, with titles and quotes.

The neighbour graph of the theme's own texts is parted as a run parts all texts, into 6 at most; the
parts go on by Ward's linkage, so that fewer parts hold whole ones of the finer division. The titles
come from one BERTopic over the theme's texts alone: they say what tells the parts from each other.
"""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from themeloom.domain.errors import SynthesisError
from themeloom.domain.frames import CUT_NODES
from themeloom.domain.themes import FEWEST_TO_SPLIT
from themeloom.engine.centroids import Labels, Vectors, centroids, fit_of
from themeloom.engine.clustering import place
from themeloom.engine.distinct import distinct_texts
from themeloom.engine.encoder import encoder_for
from themeloom.engine.graph import fuzzy_graph
from themeloom.engine.hierarchy import merged
from themeloom.engine.likeness import centred
from themeloom.engine.material import Material
from themeloom.engine.neighbours import FEWEST_FOR_A_GRAPH, nearest, usual_number
from themeloom.engine.partitions import averaged_over, by_size, with_count
from themeloom.engine.stages import (
    COMPARING,
    FINDING,
    NAMING,
    QUOTING,
    READING,
    UNDERSTANDING,
    Report,
)
from themeloom.engine.tree import Tree, grow
from themeloom.engine.vectors import vectors_of

MOST_PARTS = 6
_SAMPLE = 4_000  # texts that the parts are found on; the others join the nearest one
_LEAST_SHARE = 0.04  # of the texts in the smallest part
_AS_CLEAR = 0.95  # the finest division that is nearly as clear as the clearest is suggested
_PHRASES_PER_PART = 40


@dataclass(frozen=True)
class SplitSettings:
    """What a split has to keep clear of, and its seed."""

    seed: int = 0
    encoder: str = "minilm"
    avoid: frozenset[str] = frozenset()  # names of people and companies
    people: frozenset[str] = frozenset()  # words of persons' names, as masking hides them
    taken: frozenset[str] = frozenset()  # titles that no part may have


@dataclass(frozen=True)
class SplitResult:
    """What a theme could be split into.

    Attributes:
        nodes: CUT_NODES: a division into k parts has the nodes with ``dies`` < k ≤ ``born``.
        texts: ``excerpt_id``, ``atom`` (its finest part) and ``similarity <k>`` for each k, Float64.
        counts: numbers of parts that are offered, rising.
        suggested: the clearest of them.
    """

    nodes: pl.DataFrame
    texts: pl.DataFrame
    counts: list[int]
    suggested: int


def split(
    excerpts: pl.DataFrame, settings: SplitSettings, *, store: Path, report: Report
) -> SplitResult:
    """Return the parts of a theme.

    Args:
        excerpts: EXCERPTS columns and ``person_key``, of the theme.
        settings: seed, encoder, and what titles must not be.
        store: the project's derived store, where vectors are kept.
        report: called with (stage, done, total); what it raises passes through.

    Raises:
        SynthesisError: too few different texts, or they are too much alike.
    """
    report(READING, 0, excerpts.height)
    distinct = distinct_texts(excerpts)
    encoder = encoder_for(settings.encoder, distinct.readings)
    count = len(distinct.texts)
    vectors = vectors_of(
        distinct.readings, encoder, store, lambda done, total: report(UNDERSTANDING, done, total)
    )
    material = Material(excerpts, distinct, vectors, encoder)
    rows = np.flatnonzero((distinct.words > 0) & ~material.foreign())
    if len(rows) < FEWEST_TO_SPLIT:
        raise SynthesisError(
            f"It has {len(rows)} different texts; it takes {FEWEST_TO_SPLIT} to find parts.",
            hint="Select the excerpts that belong together and make a new theme of them.",
        )
    own = np.ascontiguousarray(vectors[rows])
    labels = parts_of(own, distinct.weights[rows], MOST_PARTS, settings.seed, report)
    finest = int(labels.max()) + 1
    if finest < 2:
        raise SynthesisError(
            "Its texts are so much alike that no parts stand out.",
            hint="Select the excerpts that belong together and make a new theme of them.",
        )
    tree = grow(
        None,
        labels,
        centroids(own, labels, finest),
        distinct.weights[rows],
        1.0,
        settings.seed,
        lambda: report(FINDING, 1, 1),
    )
    counts = list(range(2, finest + 1))
    clearness = [fit_of(centred(own), _at(tree, labels, k)).clearness for k in counts]
    atoms = np.full(count, -1, np.int64)
    atoms[rows] = labels
    rest = np.flatnonzero(atoms < 0)
    if len(rest):
        atoms[rest] = (vectors[rest] @ centroids(own, labels, finest).T).argmax(axis=1)
    return SplitResult(
        nodes=_nodes(tree, material, rows, labels, atoms, settings, report),
        texts=_texts(tree, material, atoms, counts),
        counts=counts,
        suggested=counts[suggested(clearness)],
    )


def suggested(clearness: list[float]) -> int:
    """Return the place of the finest division that is nearly as clear as the clearest one."""
    best = max(clearness)
    good = [at for at, value in enumerate(clearness) if value >= best - (1 - _AS_CLEAR) * abs(best)]
    return good[-1]


def parts_of(
    vectors: Vectors, weights: NDArray[np.float64], most: int, seed: int, report: Report
) -> Labels:
    """Return up to ``most`` parts of texts: int64 (n,), 0 … the largest first.

    Args:
        vectors: unit vectors (n, width).
        weights: how often each text occurs, (n,).
        most: number of parts; fewer where some would be tiny.
        seed: of Leiden and of the search for neighbours.
        report: called with (stage, done, total); may raise to stop.
    """
    special = centred(vectors)
    seen = special[:_SAMPLE]  # ordered by hash: a sample by chance
    if len(seen) < FEWEST_FOR_A_GRAPH:
        labels = merged(seen, np.ones(len(seen), np.int64), min(most, len(seen) // 2))
    else:
        k = usual_number(len(seen))
        near = nearest(
            seen, k, seed=seed, progress=lambda done, total: report(COMPARING, done, total)
        )
        graph = fuzzy_graph(near)
        labels = with_count(
            seen,
            averaged_over(seen, graph),
            graph,
            seed,
            most,
            lambda done, total: report(FINDING, done, total),
        ).labels
    if len(seen) < len(special):
        centres = centroids(seen, labels, int(labels.max()) + 1)
        labels = np.concatenate([labels, (special[len(seen) :] @ centres.T).argmax(axis=1)])
    sizes = np.bincount(labels, weights)
    small = sizes < max(2.0, _LEAST_SHARE * float(weights.sum()))
    if small.all():
        return np.zeros(len(labels), np.int64)
    kept = np.where(small[labels], -1, labels)
    return by_size(place(special, kept, kept, rounds=1))


@dataclass
class _Given:
    """Hands BERTopic labels that are there already."""

    labels: Labels
    labels_: Labels = field(init=False)

    def fit(self, vectors: Vectors, y: object = None) -> "_Given":
        self.labels_ = self.labels
        return self


def _nodes(
    tree: Tree,
    material: Material,
    rows: NDArray[np.int64],
    labels: Labels,
    atoms: Labels,
    settings: SplitSettings,
    report: Report,
) -> pl.DataFrame:
    """Return CUT_NODES with the words of each part."""
    # These modules bring BERTopic: seconds, where it was not loaded before.
    from themeloom.engine.counts import read_words
    from themeloom.engine.labels import define
    from themeloom.engine.proposals import quotes_of
    from themeloom.engine.titles import Named
    from themeloom.engine.topic_model import fit_topics

    def naming(done: int, total: int) -> None:
        report(NAMING, done, total)

    naming(0, 1)
    distinct = material.distinct
    places: list[int] = rows.tolist()
    corpus = read_words(
        [distinct.texts[row] for row in places], [distinct.contexts[row] for row in places]
    )
    topics = fit_topics(
        corpus,
        np.ascontiguousarray(material.vectors[rows]),
        distinct.weights[rows],
        _Given(labels),
        material.encoder,
        avoid=settings.avoid,
        people=settings.people,
        taken=settings.taken,
        progress=naming,
    )
    inside = tree.inside()
    words = {label: topics.phrases(topic) for topic, label in topics.origin.items()}
    shown = np.flatnonzero(tree.born > 1)
    above = [int(node) for node in shown if int(node) >= tree.finest]
    if above:
        nodes = np.array([*above, *range(tree.finest)], np.int64)
        related = inside[np.ix_(nodes, nodes)]
        named = Named(
            [np.flatnonzero(inside[labels, node]) for node in nodes],
            related | related.T,
            {len(above) + atom: words[atom][0] for atom in range(tree.finest)},
            _PHRASES_PER_PART,
        )
        found = topics.labeler().name_parts(named, naming)
        for index, node in enumerate(above):
            words[node] = [found[index].title, *(phrase for phrase, _ in found[index].key_phrases)]
    ids = material.excerpts["excerpt_id"]
    table: list[dict[str, object]] = []
    for done, node in enumerate(shown.tolist()):
        report(QUOTING, done, len(shown))
        members = np.flatnonzero(inside[atoms, node])
        centre = centroids(material.vectors[members], np.zeros(len(members), np.int64), 1)[0]
        title, *phrases = words[node]
        quotes = members[quotes_of(material, members, centre, words[node])]
        table.append(
            {
                "node": node,
                "parent": int(tree.parent[node]),
                "born": int(tree.born[node]),
                "dies": int(tree.dies[node]),
                "title": title,
                "definition": define(title, phrases),
                "key_phrases": phrases,
                "quotes": ids.gather(distinct.first[quotes]).to_list(),
            }
        )
    return pl.DataFrame(table, schema=CUT_NODES, orient="row")


def _texts(tree: Tree, material: Material, atoms: Labels, counts: list[int]) -> pl.DataFrame:
    of = material.distinct.of
    columns = [pl.Series("atom", atoms[of].astype(np.int32))]
    for count in counts:
        labels = _at(tree, atoms, count)
        centres = centroids(material.vectors, labels, count)
        likeness = np.einsum("ij,ij->i", material.vectors, centres[labels])
        columns.append(
            pl.Series(f"similarity {count}", np.clip(likeness, 0.0, 1.0)[of].astype(np.float64))
        )
    return material.excerpts.select("excerpt_id").with_columns(columns)


def _at(tree: Tree, labels: Labels, count: int) -> Labels:
    """Return the part of each text in the division into ``count``."""
    return tree.inside()[:, tree.at(count)].argmax(axis=1)[labels]
