"""Teaching: what a person reviewed tells where the excerpts belong that nobody has reviewed.

A multinomial logistic regression learns from the reviewed texts, on vectors averaged twice over the
neighbour graph (``graph.smooth``): with few examples these tell themes apart much better than the
vectors themselves, and than the centres of the themes as they were. Beside it counts where the
reviewed texts of a text's own theme went (Bayes' rule, half weighted). What a person set aside says
"not this theme" of the theme that it came from. Themes that were hardly looked at, or only had
strangers picked out of them, stand for themselves by texts spread over them.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import polars as pl
from numpy.typing import NDArray

from themeloom.domain.themes import Stance
from themeloom.engine.centroids import Labels, Vectors, centroids, fit_of
from themeloom.engine.distinct import distinct_texts
from themeloom.engine.encoder import encoder_for
from themeloom.engine.graph import fuzzy_graph, smooth
from themeloom.engine.likeness import centred
from themeloom.engine.material import Material
from themeloom.engine.neighbours import nearest
from themeloom.engine.quotes import choose_quotes
from themeloom.engine.stages import COMPARING, LEARNING, UNDERSTANDING, Report
from themeloom.engine.vectors import vectors_of

_NEIGHBOURS = 15
_ROUNDS = 2
_STRENGTH = 60.0  # C of the regression: little is held back on vectors this smooth
_STEPS = 100
_OWN_WEIGHT = 3.0  # so many unseen texts of a theme are taken to be where they belong
_ANY_WEIGHT = 0.1  # the same of any other theme
_ORIGIN = 0.5  # how much it counts where the reviewed texts of the same theme went
_FEW = 5  # reviewed texts of a theme that say nothing yet of the rest of it
_FAIR = 0.3  # mean rank by fit, 0 to 1, below which they were picked from the theme's edge
_STAND_INS = 10
_LET_IN = 0.5  # how sure one has to be of a text that is in no theme
_QUOTES = 12
_ROWS = 8192


@dataclass(frozen=True)
class Examples:
    """Texts that a person looked at.

    Attributes:
        rows: int64 (e,): the texts.
        themes: int64 (e,): where each belongs, 0 … k − 1; −1: a person found that none fits.
        origins: int64 (e,): where it had been before, −1: in no theme.
    """

    rows: Labels
    themes: Labels
    origins: Labels


@dataclass(frozen=True)
class Lesson:
    """What follows from the examples.

    Attributes:
        moves: MOVES.
        quotes: ids of excerpts for each theme that something moves into or out of, the best first.
    """

    moves: pl.DataFrame
    quotes: dict[str, list[str]]


def learn(
    excerpts: pl.DataFrame,
    stances: pl.DataFrame,
    *,
    store: Path,
    seed: int,
    report: Report,
    encoder: str = "minilm",
) -> Lesson:
    """Return which unreviewed excerpts belong elsewhere by what a person reviewed.

    Args:
        excerpts: EXCERPTS columns and ``person_key``; those that are left out are not in it.
        stances: STANCES of them, with at least one example.
        store: the project's derived store, where vectors are kept.
        seed: the same texts, examples and seed give the same moves.
        report: called with (stage, done, total); what it raises passes through.
        encoder: its name.
    """
    distinct = distinct_texts(excerpts)
    opened = encoder_for(encoder, distinct.readings, store)
    vectors = vectors_of(
        distinct.readings, opened, store, lambda done, total: report(UNDERSTANDING, done, total)
    )
    material = Material(excerpts, distinct, vectors, opened)
    ids: list[str] = (
        pl.concat([stances["theme_id"], stances["origin"]]).drop_nulls().unique().sort().to_list()
    )
    rows = _Rows.of(material, stances, ids)
    able = np.flatnonzero((distinct.words > 0) & ~material.foreign())
    place = np.full(len(distinct.texts), -1, np.int64)
    place[able] = np.arange(len(able))
    examples = rows.examples(place)
    to, sure = follow(
        np.ascontiguousarray(vectors[able]),
        rows.carried[able],
        examples,
        len(ids),
        seed=seed,
        report=report,
    )
    target, surely = rows.carried.copy(), np.zeros(len(distinct.texts))
    target[able], surely[able] = to, sure
    return _lesson(material, rows, ids, target, surely)


def follow(
    vectors: Vectors,
    carried: Labels,
    examples: Examples,
    count: int,
    *,
    seed: int,
    report: Report,
) -> tuple[Labels, NDArray[np.float64]]:
    """Return where each text belongs by the examples, and how sure that is, 0 to 1.

    Args:
        vectors: unit vectors (n, width).
        carried: int64 (n,): the theme that each text carries, 0 … ``count`` − 1; −1 = none.
        examples: of these texts.
        count: number of themes.
        seed: of an approximate search for neighbours.
        report: progress; may raise to stop.

    Returns:
        int64 (n,): a theme, or −1: none; texts without better evidence are where they are.
    """
    if not len(examples.rows):
        return carried, np.zeros(len(carried))
    smoothed = _smoothed(vectors, seed, report)
    report(LEARNING, 0, len(vectors))
    learned = _lessons(smoothed, carried, examples, count)
    best, sure = _likeliest(smoothed, carried, learned, _origins(examples, count), report)
    # Nothing was taught of a theme without examples: nothing new comes into it.
    kept = examples.themes >= 0
    target = np.where(np.isin(best, examples.themes[kept]), best, carried)
    target = np.where(best == count + 1 + carried, -1, target)
    target = np.where((carried < 0) & (sure < _LET_IN), -1, target)
    target[examples.rows[kept]], sure[examples.rows] = examples.themes[kept], 1.0
    return target.astype(np.int64), sure


@dataclass(frozen=True)
class _Rows:
    """The standing of the excerpts and of their distinct texts, themes as numbers.

    Attributes:
        excerpts: ``row`` of each excerpt, ``text``, ``theme`` and ``origin`` (−1: none), ``stance``.
        carried: int64 (n,): the theme that most unreviewed excerpts of each distinct text carry,
            else that which the reviewed ones had before; −1 = none.
    """

    excerpts: pl.DataFrame
    carried: Labels

    @staticmethod
    def of(material: Material, stances: pl.DataFrame, ids: list[str]) -> "_Rows":
        """Return ``stances`` with numbers in the place of names."""
        number = pl.DataFrame({"id": ids}, schema={"id": pl.String}).with_row_index("number")
        rows = material.excerpts.select(
            "excerpt_id", row=pl.int_range(pl.len()), text=pl.Series(material.distinct.of)
        )
        excerpts = stances.join(rows, on="excerpt_id", maintain_order="left")
        for column, name in (("theme_id", "theme"), ("origin", "origin")):
            named = number.select(pl.col("id").alias(column), pl.col("number").alias("of"))
            found = excerpts.join(named, on=column, how="left", maintain_order="left")
            excerpts = excerpts.with_columns(found["of"].cast(pl.Int64).fill_null(-1).alias(name))
        free = pl.col("stance").is_in([Stance.FREE, Stance.FIXED])
        now = (
            excerpts.with_columns(at=pl.when(free).then("theme").otherwise("origin"), free=free)
            .group_by("text", "at")
            .agg(pl.col("free").any(), pl.len().alias("times"))
            .sort("free", "times", "at", descending=[True, True, False])
            .unique("text", keep="first", maintain_order=True)
        )
        carried = np.full(len(material.distinct.texts), -1, np.int64)
        carried[now["text"].to_numpy()] = now["at"].to_numpy()
        return _Rows(excerpts, carried)

    def examples(self, place: Labels) -> Examples:
        """Return the reviewed texts at their places; ``place`` is −1 for those that cannot teach."""
        chosen = (
            self.excerpts.filter(pl.col("stance").is_in([Stance.EXAMPLE, Stance.REJECTED]))
            .select(
                "text",
                pl.when(pl.col("stance") == Stance.EXAMPLE)
                .then("theme")
                .otherwise(-1)
                .alias("theme"),
                "origin",
            )
            .unique()
            .sort("text", "theme", "origin")
        )
        rows = place[chosen["text"].to_numpy()]
        known = rows >= 0
        themes, origins = chosen["theme"].to_numpy(), chosen["origin"].to_numpy()
        return Examples(rows[known], themes[known], origins[known])


def _smoothed(vectors: Vectors, seed: int, report: Report) -> Vectors:
    count = len(vectors)
    near = min(_NEIGHBOURS, count - 1)
    special = centred(vectors)
    if near < 1:
        return special
    found = nearest(
        special, near, seed=seed, progress=lambda done, total: report(COMPARING, done, total)
    )
    return smooth(special, fuzzy_graph(found), _ROUNDS)


def _lessons(
    vectors: Vectors, carried: Labels, examples: Examples, count: int
) -> tuple[Labels, Labels]:
    """Return rows and their classes: a theme, or ``count`` + 1 + the theme that it is not part of."""
    classes = _classes(examples, count)
    stand_ins: list[Labels] = []
    for theme in range(count):
        members = np.flatnonzero(carried == theme)
        seen = examples.rows[examples.origins == theme]
        if not _is_fair(vectors, members, seen):
            stand_ins.append(_spread_over(vectors, np.setdiff1d(members, examples.rows)))
    rows = np.concatenate([examples.rows, *stand_ins])
    return rows, np.concatenate([classes, *(carried[chosen] for chosen in stand_ins)])


def _classes(examples: Examples, count: int) -> Labels:
    return np.where(examples.themes < 0, count + 1 + examples.origins, examples.themes)


def _is_fair(vectors: Vectors, members: Labels, seen: Labels) -> bool:
    """Tell whether the reviewed texts of a theme are enough, and from its middle, too.

    Who reviews a theme sees all sorts of its texts. Who only picks out what does not belong there
    sees its edge, and says nothing about the rest.
    """
    everyone = np.union1d(members, seen)
    if len(seen) < min(_FEW, len(everyone)):
        return False
    if len(everyone) < 2:
        return True
    own = fit_of(vectors[everyone], np.zeros(len(everyone), np.int64)).own
    rank = np.argsort(np.argsort(own, kind="stable"), kind="stable") / (len(everyone) - 1)
    return bool(rank[np.isin(everyone, seen)].mean() >= _FAIR)


def _origins(examples: Examples, count: int) -> NDArray[np.float32]:
    """Return how much each class weighs for a text of each theme; the last row is of no theme.

    It is where reviewed texts of the same theme went: float32 (count + 1, 2 count + 1).
    """
    went = np.zeros((count + 1, 2 * count + 1))
    known = examples.origins >= 0
    np.add.at(went, (examples.origins[known], _classes(examples, count)[known]), 1.0)
    went += _ANY_WEIGHT
    own = np.arange(count)
    went[own, own] += _OWN_WEIGHT
    went[count] = 1.0  # nothing is known of the origin of what is in no theme
    return ((went / went.sum(axis=1, keepdims=True)) ** _ORIGIN).astype(np.float32)


def _spread_over(vectors: Vectors, members: Labels) -> Labels:
    """Return texts of a theme from its middle to its edge."""
    if len(members) <= _STAND_INS:
        return members
    own = fit_of(vectors[members], np.zeros(len(members), np.int64)).own
    order = members[np.lexsort((members, -own))]
    return order[np.unique(np.linspace(0, len(order) - 1, _STAND_INS).astype(np.intp))]


def _likeliest(
    vectors: Vectors,
    carried: Labels,
    learned: tuple[Labels, Labels],
    weights: NDArray[np.float32],
    report: Report,
) -> tuple[Labels, NDArray[np.float64]]:
    """Return each text's class, and how likely that is, 0 to 1.

    Args:
        vectors: float32 (n, width).
        carried: the theme of each text, −1 = none.
        learned: rows and their classes.
        weights: of the classes, by the theme that a text carries.
        report: progress; may raise to stop.
    """
    from sklearn.linear_model import LogisticRegression  # a second to load
    from threadpoolctl import threadpool_limits

    rows, classes = learned
    present = np.unique(classes)
    best, sure = carried.copy(), np.zeros(len(vectors))
    if len(present) < 2:
        return best, sure  # with nothing to choose from nothing is told
    model = cast(Any, LogisticRegression(C=_STRENGTH, max_iter=_STEPS))
    # Its many small products are faster on one thread, and the same on every machine.
    with threadpool_limits(limits=1):
        model.fit(vectors[rows], classes)
        for start in range(0, len(vectors), _ROWS):
            report(LEARNING, start, len(vectors))
            part = slice(start, start + _ROWS)
            likely = model.predict_proba(vectors[part]) * weights[carried[part]][:, present]
            likely /= np.maximum(likely.sum(axis=1, keepdims=True), 1e-12)
            place = likely.argmax(axis=1)
            best[part], sure[part] = present[place], likely[np.arange(len(place)), place]
    report(LEARNING, len(vectors), len(vectors))
    return best, sure


def _lesson(
    material: Material, rows: _Rows, ids: list[str], target: Labels, sure: NDArray[np.float64]
) -> Lesson:
    centres = centroids(material.vectors, target, len(ids))
    reviewed = pl.col("stance").is_in([Stance.EXAMPLE, Stance.REJECTED])
    goes = target != rows.carried
    goes[rows.excerpts.filter(reviewed)["text"].to_numpy()] = True
    free = rows.excerpts.filter(pl.col("stance") == Stance.FREE)
    texts = free["text"].to_numpy()
    changed = np.flatnonzero(goes[texts] & (target[texts] != free["theme"].to_numpy()))
    texts = texts[changed]
    to = target[texts]
    likeness = np.full(len(texts), np.nan)
    placed = np.flatnonzero(to >= 0)
    likeness[placed] = np.einsum("ij,ij->i", material.vectors[texts[placed]], centres[to[placed]])
    named: list[str | None] = [ids[theme] if theme >= 0 else None for theme in to.tolist()]
    moves = free[changed].select(
        "excerpt_id",
        "theme_id",
        pl.Series("to", named, dtype=pl.String),
        pl.Series("similarity", likeness.clip(0.0, 1.0)).fill_nan(None),
        pl.Series("sure", sure[texts]),
    )
    touched: list[int] = np.unique([*to, *free["theme"].to_numpy()[changed]]).tolist()
    quotes = {
        ids[theme]: _quotes(material, np.flatnonzero(target == theme), centres[theme])
        for theme in touched
        if theme >= 0
    }
    return Lesson(moves.sort("sure", "excerpt_id", descending=[True, False]), quotes)


def _quotes(material: Material, members: Labels, centre: Vectors) -> list[str]:
    distinct = material.distinct
    rows: list[int] = members.tolist()
    places = choose_quotes(
        material.vectors[members],
        centre,
        material.excerpts["person_key"].gather(distinct.first[members]).to_list(),
        [distinct.texts[row] for row in rows],
        distinct.words[members].tolist(),
        _QUOTES,
    )
    return material.excerpts["excerpt_id"].gather(distinct.first[members[places]]).to_list()
