"""The cuts of a run: coarser and finer themes than it proposes, with their titles and quotes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import polars as pl
from numpy.typing import NDArray

from themeloom.domain.frames import CUT_NODES, CUT_UNSORTED
from themeloom.domain.themes import Level
from themeloom.engine.centroids import Labels, Vectors, centroids, unit
from themeloom.engine.hierarchy import group_count
from themeloom.engine.labels import define, name_wholes, shared_phrases
from themeloom.engine.material import Before, Material
from themeloom.engine.proposals import Labelled, is_new, quotes_of
from themeloom.engine.several import Further
from themeloom.engine.titles import Named
from themeloom.engine.topic_model import Topics
from themeloom.engine.tree import Tree

#: Called with the part done and the whole; may raise to stop.
Progress = Callable[[int, int], None]

_PHRASES_PER_PART = 12
_NEAREST = 6
_ROWS = 4096


@dataclass(frozen=True)
class Cuts:
    """What re-cutting the proposals of a run needs, without any text or vector.

    Attributes:
        nodes: CUT_NODES.
        texts: CUT_TEXTS and one column ``similarity <level>`` for each level, UInt16: 65,535 is 1.
        further: CUT_FURTHER and the same columns.
        unsorted: CUT_UNSORTED.
        levels: numbers of themes that are offered, coarse to fine.
        chosen: the one that the run proposes.
        groups: number of groups at each level.
    """

    nodes: pl.DataFrame
    texts: pl.DataFrame
    further: pl.DataFrame
    unsorted: pl.DataFrame
    levels: list[int]
    chosen: int
    groups: dict[int, int]


def make_cuts(
    tree: Tree,
    material: Material,
    before: Before,
    rows: NDArray[np.int64],
    topics: Topics,
    new: Sequence[int],
    themes: pl.DataFrame,
    outcome: Labelled,
    further: Further,
    progress: Progress,
) -> Cuts:
    """Return the cuts of a run.

    Args:
        tree: over the documents of ``topics``; its themes are the run's new ones.
        material: the run's texts.
        before: the themes that were there.
        rows: the distinct text of each document of ``topics``.
        topics: the fitted model with quotes set.
        new: the topics that are new themes, in the order of their ids.
        themes: THEMES that the run proposes.
        outcome: labels, ids and centres.
        further: further themes.
        progress: of the naming; may raise to stop.
    """
    atoms = _all_atoms(tree, material, rows, outcome, len(before.ids))
    names = _Names(tree, material, atoms, rows, topics, new, progress)
    proposed = themes.filter(pl.col("theme_id").is_in(outcome.ids[len(before.ids) :]))
    grouped = not before.ids or themes["level"].eq(Level.GROUP).any()
    nodes = names.frame(proposed, _grouped(themes, proposed) if grouped else None)
    levels = tree.levels()
    texts, others = _texts(tree, material, before, atoms, further, levels)
    return Cuts(
        nodes=nodes,
        texts=texts,
        further=others,
        unsorted=_unsorted(tree, material, atoms, outcome),
        levels=levels,
        chosen=len(new),
        groups={level: group_count(level) for level in levels},
    )


def _all_atoms(
    tree: Tree,
    material: Material,
    rows: NDArray[np.int64],
    outcome: Labelled,
    known: int,
) -> Labels:
    """Return the atom of each distinct text of a new theme, guests in other languages included."""
    atoms = np.full(len(outcome.labels), -1, np.int64)
    atoms[rows] = tree.atoms
    guests = np.flatnonzero((outcome.labels >= known) & (atoms < 0))
    if len(guests):
        inside = tree.inside()
        centres = centroids(material.vectors, atoms, tree.finest)
        likeness = material.vectors[guests] @ centres.T
        homes = tree.themes[outcome.labels[guests] - known]
        likeness[~inside[: tree.finest, homes].T] = -2.0
        atoms[guests] = likeness.argmax(axis=1)
    return atoms


def _grouped(themes: pl.DataFrame, proposed: pl.DataFrame) -> dict[frozenset[int], str]:
    """Return the titles of the run's groups by the places of the themes that they hold."""
    titles = dict(themes.select("theme_id", "title").iter_rows())
    held: dict[str, set[int]] = {}
    for place, parent in enumerate(proposed["parent_id"].to_list()):
        held.setdefault(parent, set()).add(place)
    return {frozenset(places): titles[parent] for parent, places in held.items() if parent}


class _Names:
    """Titles, key phrases and quotes of all nodes."""

    def __init__(
        self,
        tree: Tree,
        material: Material,
        atoms: Labels,
        rows: NDArray[np.int64],
        topics: Topics,
        new: Sequence[int],
        progress: Progress,
    ) -> None:
        self._tree, self._material, self._atoms = tree, material, atoms
        self._rows, self._topics, self._new = rows, topics, new
        self._progress = progress
        self._inside = tree.inside()
        shown = np.zeros(len(tree.parent), bool)
        for level in tree.levels():
            shown[tree.at(level)] = True
        for level in {group_count(level) for level in tree.levels()}:
            shown[tree.at(level)] = True
        self._shown = shown
        self._theme_of = {int(node): place for place, node in enumerate(tree.themes)}

    def frame(
        self, proposed: pl.DataFrame, groups: dict[frozenset[int], str] | None
    ) -> pl.DataFrame:
        """Return CUT_NODES: the themes as proposed, the parts below and the wholes above them."""
        tree = self._tree
        below = tree.born > len(tree.themes)
        parts = [n for n in np.flatnonzero(below & self._shown) if int(n) not in self._theme_of]
        table = self._parts([int(node) for node in parts])
        for place, row in enumerate(proposed.iter_rows(named=True)):
            table[int(tree.themes[place])] = {
                **{name: row[name] for name in _TOLD},
                "theme_id": row["theme_id"],
            }
        self._quote_parts(table)
        wholes = [int(n) for n in np.flatnonzero(tree.born < len(tree.themes))]
        self._add_wholes(wholes, table, groups)
        parents: list[str | None] = proposed["parent_id"].to_list()
        lines: list[dict[str, object]] = []
        for node in range(len(tree.parent)):
            first = int(np.flatnonzero(self._touches(node))[0])
            lines.append(
                {
                    "node": node,
                    "parent": int(tree.parent[node]),
                    "born": int(tree.born[node]),
                    "dies": int(tree.dies[node]),
                    "parent_id": None if groups is not None else parents[first],
                    **table.get(node, {}),
                }
            )
        return pl.DataFrame(lines, schema=CUT_NODES, orient="row")

    def _touches(self, node: int) -> NDArray[np.bool_]:
        """Return which themes a node holds, or is part of: bool (themes,)."""
        themes = self._tree.themes
        return self._inside[themes, node] | self._inside[node, themes]

    def _parts(self, parts: list[int]) -> dict[int, dict[str, object]]:
        """Name the nodes below themes, beside the themes themselves."""
        tree, topics = self._tree, self._topics
        if not parts:
            return {}
        nodes = np.array([*parts, *tree.themes.tolist()], np.int64)
        documents = [self._documents(int(node)) for node in nodes]
        related = self._inside[np.ix_(nodes, nodes)]
        given = {
            len(parts) + place: topics.phrases(topic)[0] for place, topic in enumerate(self._new)
        }
        named = Named(documents, related | related.T, given, _PHRASES_PER_PART)
        namings = topics.labeler().name_parts(named, self._progress)
        table: dict[int, dict[str, object]] = {}
        for index, node in enumerate(parts):
            naming = namings[index]
            phrases = [phrase for phrase, _ in naming.key_phrases]
            table[node] = {
                "title": naming.title,
                "definition": define(naming.title, phrases),
                "key_phrases": phrases,
            }
        return table

    def _documents(self, node: int) -> NDArray[np.int64]:
        return np.flatnonzero(self._holds(node)[self._tree.atoms] & (self._tree.atoms >= 0))

    def _holds(self, node: int) -> NDArray[np.bool_]:
        return self._inside[: self._tree.finest, node]

    def _quote_parts(self, table: dict[int, dict[str, object]]) -> None:
        """Choose quotes of the nodes below themes."""
        material = self._material
        for count, node in enumerate(sorted(node for node in table if "quotes" not in table[node])):
            self._progress(count, len(table))
            held = self._holds(node)
            members = np.flatnonzero(held[self._atoms] & (self._atoms >= 0))
            centre = unit(material.vectors[members].sum(axis=0, keepdims=True))[0]
            words = [table[node]["title"], *cast(list[str], table[node]["key_phrases"])]
            chosen = quotes_of(material, members, centre, [str(word) for word in words])
            table[node]["quotes"] = self._excerpts(members[chosen])

    def _excerpts(self, texts: NDArray[np.int64]) -> list[str]:
        ids = self._material.excerpts["excerpt_id"]
        return ids.gather(self._material.distinct.first[texts]).to_list()

    def _add_wholes(
        self,
        wholes: list[int],
        table: dict[int, dict[str, object]],
        groups: dict[frozenset[int], str] | None,
    ) -> None:
        """Name the nodes above themes after the themes, and quote the best quotes of these."""
        tree, topics = self._tree, self._topics
        themes = [topics.named(topic) for topic in self._new]
        held = [np.flatnonzero(self._inside[tree.themes, node]).tolist() for node in wholes]
        nodes = np.array(wholes, np.int64)
        related = self._inside[np.ix_(nodes, nodes)]
        # Themes stand beside wholes too: each is a set of one.
        singles = [[place] for place in range(len(themes))]
        sets = [*held, *singles]
        beside = np.ones((len(sets), len(sets)), bool)
        beside[: len(wholes), : len(wholes)] = ~(related | related.T)
        for place, node in enumerate(tree.themes):
            apart = ~self._inside[node, nodes]
            beside[len(wholes) + place, : len(wholes)] = apart
            beside[: len(wholes), len(wholes) + place] = apart
        given = {len(wholes) + place: theme.title for place, theme in enumerate(themes)}
        if groups is not None:
            for index, places in enumerate(held):
                title = groups.get(frozenset(places))
                if title is not None and len(places) > 1:
                    given[index] = title
        titles = name_wholes(
            sets, themes, beside, given, topics.corpus, lambda: self._progress(1, 1)
        )
        vectors, rows = self._material.vectors, self._rows
        for index, node in enumerate(wholes):
            phrases = shared_phrases([themes[place] for place in held[index]], 5)
            quotes = [rows[q] for place in held[index] for q in topics.quotes(self._new[place])]
            quoted = np.array(quotes, np.int64)
            members = self._inside[: tree.finest, node][self._atoms] & (self._atoms >= 0)
            centre = unit(vectors[members].sum(axis=0, keepdims=True))[0]
            chosen = quotes_of(self._material, quoted, centre, [titles[index], *phrases])
            table[node] = {
                "title": titles[index],
                "definition": define(titles[index], phrases),
                "key_phrases": phrases,
                "quotes": self._excerpts(quoted[chosen]),
            }


_TOLD = ("title", "definition", "key_phrases", "quotes")


def _texts(
    tree: Tree,
    material: Material,
    before: Before,
    atoms: Labels,
    further: Further,
    levels: Sequence[int],
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return CUT_TEXTS and CUT_FURTHER, and the likeness of each excerpt to its theme at each level."""
    numbered = material.excerpts.select(
        pl.col("excerpt_id"), pl.col("record_id").rank("dense").cast(pl.UInt32).alias("record")
    )
    of = material.distinct.of
    rows = np.flatnonzero(atoms[of] >= 0)
    columns = [pl.Series("atom", atoms[of[rows]].astype(np.int32))]
    other_atoms = _further_atoms(tree, material, atoms, further, len(before.ids))
    others, place = further.for_each(of, is_new(material, before))
    inside_tree = other_atoms[place] >= 0
    others, place = others[inside_tree], place[inside_tree]
    other_columns = [pl.Series("atom", other_atoms[place].astype(np.int32))]
    inside = tree.inside()[: tree.finest]
    speaking = material.vectors[further.texts]
    for level in levels:
        nodes = tree.at(level)
        labels = _labels(inside, atoms, nodes)
        centres = centroids(material.vectors, labels, level)
        name = f"similarity {level}"
        likeness = _likeness(material.vectors, labels, centres)
        columns.append(pl.Series(name, _small(likeness[of[rows]])))
        likeness = _likeness(speaking, _labels(inside, other_atoms, nodes), centres)
        other_columns.append(pl.Series(name, _small(likeness[place])))
    return numbered[rows].with_columns(columns), numbered[others].with_columns(other_columns)


def _further_atoms(
    tree: Tree, material: Material, atoms: Labels, further: Further, known: int
) -> Labels:
    """Return the atom of each further theme that is new: the one nearest to what is said of it."""
    found = np.full(len(further.texts), -1, np.int64)
    rows = np.flatnonzero(further.themes >= known)
    if len(rows):
        centres = centroids(material.vectors, atoms, tree.finest)
        likeness = further.parts[rows] @ centres.T
        homes = tree.themes[further.themes[rows] - known]
        likeness[~tree.inside()[: tree.finest, homes].T] = -2.0
        found[rows] = likeness.argmax(axis=1)
    return found


def _small(likeness: NDArray[np.float32]) -> NDArray[np.uint16]:
    return np.round(likeness * 65535).astype(np.uint16)


def _labels(inside: NDArray[np.bool_], atoms: Labels, nodes: NDArray[np.int64]) -> Labels:
    """Return which of the ``nodes`` side by side each text is in, −1 = none."""
    part = inside[:, nodes].argmax(axis=1)
    return np.where(atoms >= 0, part[atoms], -1)


def _likeness(vectors: Vectors, labels: Labels, centres: Vectors) -> NDArray[np.float32]:
    result = np.zeros(len(labels), np.float32)
    kept = np.flatnonzero(labels >= 0)
    result[kept] = np.clip(np.einsum("ij,ij->i", vectors[kept], centres[labels[kept]]), 0.0, 1.0)
    return result


def _unsorted(tree: Tree, material: Material, atoms: Labels, outcome: Labelled) -> pl.DataFrame:
    """Return CUT_UNSORTED: the atoms nearest to each excerpt that has no theme."""
    rows = np.flatnonzero(outcome.labels[material.distinct.of] < 0)
    texts, place = np.unique(material.distinct.of[rows], return_inverse=True)
    centres = centroids(material.vectors, atoms, tree.finest)
    most = min(_NEAREST, tree.finest)
    near = np.zeros((len(texts), most), np.int64)
    best = np.zeros(len(texts), np.float32)
    for start in range(0, len(texts), _ROWS):
        likeness = material.vectors[texts[start : start + _ROWS]] @ centres.T
        near[start : start + _ROWS] = np.argsort(-likeness, axis=1, kind="stable")[:, :most]
        best[start : start + _ROWS] = likeness.max(axis=1, initial=0.0)
    return pl.DataFrame(
        {
            "excerpt_id": material.excerpts["excerpt_id"].gather(rows),
            "nearest": near[place].tolist(),
            "similarity": np.clip(best[place], 0.0, 1.0),
        },
        schema=CUT_UNSORTED,
    )
