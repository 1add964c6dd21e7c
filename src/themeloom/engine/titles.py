"""Choosing a title and key phrases for each theme, without a language model.

Candidates are phrases that set a theme apart (log-odds with a Dirichlet prior, Monroe et al. 2008)
and clauses of its most central texts. Each is judged by what it says (its vector against the
theme's centroid and against all others), by how many of the theme's texts share its words, and by
its form: a title should read like a headline.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from themeloom.engine.candidates import Candidate, find_candidates, is_claim
from themeloom.engine.counts import Corpus, Ints
from themeloom.engine.phrases import Phrases
from themeloom.engine.spelling import name_like
from themeloom.engine.stream import NO_SUBJECT, Span
from themeloom.engine.theme_counts import ThemeCounts
from themeloom.engine.wording import Part, is_participle

Floats = NDArray[np.float32]
Embed = Callable[[list[str]], Floats]

KEY_PHRASES = 5

_JUDGED = 3_000  # phrases given a vector in all: naming takes seconds for any number of themes
_JUDGED_PER_THEME = (28, 64)
_CENTRAL_TEXTS = 40
_BESIDE = frozenset("in on at with from".split())

# How a title's form counts, in units of cosine. Chosen by reading titles of several corpora.
_LENGTH_COST = {1: 0.2, 2: 0.02, 3: 0.0, 4: 0.01, 5: 0.04, 6: 0.09}
_PARTICULAR = 0.12  # "apprentices cannot log in"
_SAYS_NOTHING = 0.07  # "recurring jobs created", "invoice PDF prints"
_SIDE_BY_SIDE = 0.04  # "form in checklists"
_CLAIM = 0.12  # for a claim, where all texts of a theme claim something; less where fewer do


@dataclass(frozen=True, slots=True)
class Naming:
    """What a theme is called: title and key phrases, each with its score (higher fits better)."""

    title: str
    score: float
    key_phrases: tuple[tuple[str, float], ...]


def name_themes(
    phrases: Phrases,
    theme_of_row: Ints,
    vectors: Floats,
    embed: Embed,
    weights: NDArray[np.float64] | None = None,
    avoid: NDArray[np.bool_] | None = None,
    taken: Collection[str] = (),
) -> dict[int, Naming]:
    """Return title and key phrases of each theme; titles are unique.

    Args:
        phrases: the corpus' phrases.
        theme_of_row: theme number per text, shape (rows,); -1 = none (part of the rest).
        vectors: unit vectors of the texts, shape (rows, d), float32.
        embed: unit vectors of short texts, shape (n, d), float32.
        weights: how often each text occurs, shape (rows,).
        avoid: per stem, True for words that no title may show (names of authors).
        taken: titles that other themes have already, any case.
    """
    themes = np.unique(theme_of_row[theme_of_row >= 0])
    if len(themes) == 0:
        return {}
    corpus = phrases.corpus
    weight = np.ones(corpus.texts) if weights is None else weights
    # Headings lend their wording, but count for nothing.
    behind = corpus.rows - corpus.texts
    theme_of_row = np.append(theme_of_row, np.full(behind, -1))
    weight = np.append(weight, np.zeros(behind))
    tables = ThemeCounts(phrases, themes, theme_of_row, weight)
    centroids, central = _centres(themes, theme_of_row, vectors, weight)
    names = name_like(phrases.corpus)
    if avoid is not None:
        names = names | avoid
    fewest, most = _JUDGED_PER_THEME
    limit = min(max(_JUDGED // len(themes), fewest), most)
    central = [_with_headings(rows, corpus.heading_of_row) for rows in central]
    candidates = [
        find_candidates(tables, phrases, index, names, avoid, central[index], limit)
        for index in range(len(themes))
    ]
    texts = sorted({c.span.text for group in candidates for c in group})
    number = {text: index for index, text in enumerate(texts)}
    known = embed(texts) if texts else np.zeros((0, vectors.shape[1]), np.float32)
    # All at once: many small products cost more than a big one.
    likenesses = known @ centroids.T
    judged: list[tuple[float, int, Candidate]] = []
    keys: list[tuple[tuple[str, float], ...]] = []
    for index, group in enumerate(candidates):
        numbers = np.array([number[c.span.text] for c in group], dtype=np.int64)
        likeness = likenesses[numbers]
        own = likeness[:, index].copy()
        likeness[:, index] = -1.0
        other = likeness.max(axis=1) if len(themes) > 1 else own - 0.3
        claims = float(tables.claims[index])
        judged += [
            (_title_score(c, float(o), float(o - x), claims, corpus), index, c)
            for c, o, x in zip(group, own, other, strict=True)
        ]
        keys.append(_key_phrases(group, known[numbers], own))
    titles = _unique_titles(judged, len(themes), taken)
    return {
        int(theme): Naming(titles[index][0], titles[index][1], keys[index])
        if index in titles
        else Naming("", 0.0, keys[index])
        for index, theme in enumerate(themes)
    }


def sentence_case(text: str) -> str:
    """Return ``text`` with a capital first letter; words with capitals inside stay ("iPhone")."""
    first = text.split(" ", 1)[0]
    return text if first[1:] != first[1:].lower() else text[:1].upper() + text[1:]


def _centres(
    themes: Ints, theme_of_row: Ints, vectors: Floats, weight: NDArray[np.float64]
) -> tuple[Floats, list[Ints]]:
    """Return unit centroids, shape (themes, d), and each theme's most central rows."""
    centroids = np.zeros((len(themes), vectors.shape[1]), np.float32)
    central: list[Ints] = []
    for index, theme in enumerate(themes):
        rows = np.flatnonzero(theme_of_row == theme)
        centre = (vectors[rows] * weight[rows, None].astype(np.float32)).sum(axis=0)
        centroids[index] = centre / max(float(np.linalg.norm(centre)), 1e-9)
        likeness = np.asarray(np.round(vectors[rows] @ centroids[index], 5), np.float32)
        central.append(rows[np.argsort(-likeness, kind="stable")[:_CENTRAL_TEXTS]])
    return centroids, central


def _with_headings(rows: Ints, heading_of_row: Ints) -> Ints:
    headings = heading_of_row[rows]
    return np.concatenate((rows, np.unique(headings[headings >= 0])))


def _title_score(
    candidate: Candidate, own: float, margin: float, claims: float, corpus: Corpus
) -> float:
    span = candidate.span
    nouns = corpus.nounness[list(span.stems)] if span.stems else np.zeros(1)
    form = -_LENGTH_COST.get(span.size, 0.2)
    form -= 0.12 * (1 - span.starts_well) + 0.12 * (1 - span.ends_well)
    form -= 0.08 if float(nouns.max()) < 0.5 else 0.0
    if span.negates:
        starts_bare = span.text.startswith("not ")
        form += 0.03 if span.begins_with == Part.CONTENT else -0.05 if starts_bare else 0.0
    if is_claim(span, corpus) and span.starts_well > NO_SUBJECT:
        form += _CLAIM * claims
    else:
        form -= _SAYS_NOTHING * _ends_on_verb(span, corpus)
        form -= _SIDE_BY_SIDE * (span.size == 3 and span.text.split()[1] in _BESIDE)
    form -= _PARTICULAR * candidate.particular
    shared = 0.22 * candidate.words_shared + 0.10 * candidate.coverage**0.5
    return own + 0.8 * min(margin, 0.12) + shared + form


def _ends_on_verb(span: Span, corpus: Corpus) -> bool:
    """Return whether a phrase ends on what something does, and yet says nothing of it."""
    if not corpus.english or len(span.stems) < 2:
        return False
    last = span.stems[-1]
    return is_participle(span.text.split()[-1]) or float(corpus.nounness[last]) < 0.45


def _unique_titles(
    judged: Sequence[tuple[float, int, Candidate]], themes: int, elsewhere: Collection[str]
) -> dict[int, tuple[str, float]]:
    """Give every theme its best title that no theme with a better claim has taken."""
    taken: set[frozenset[int]] = set()
    folded = {title.casefold() for title in elsewhere}
    titles: dict[int, tuple[str, float]] = {}
    ordered = sorted(judged, key=lambda item: (-round(item[0], 6), item[2].span.text, item[1]))
    for score, theme, candidate in ordered:
        words = frozenset(candidate.span.stems)
        if theme in titles or words in taken or candidate.span.text.casefold() in folded:
            continue
        taken.add(words)
        titles[theme] = (sentence_case(candidate.span.text), score)
        if len(titles) == themes:
            break
    return titles


def _key_phrases(
    group: Sequence[Candidate], rows: Floats, own: Floats
) -> tuple[tuple[str, float], ...]:
    """Return up to five phrases, distinct from each other (maximal marginal relevance)."""
    value = np.array(
        [
            float(o)
            + 0.5 * c.coverage**0.5
            + 0.02 * min(c.distinct, 10)
            - (0.15 if c.distinct <= 0 else 0)
            - (1.0 if c.span.size > 3 else 0)
            - 0.15 * (2 - c.span.starts_well - c.span.ends_well)
            for c, o in zip(group, own, strict=True)
        ]
    )
    order = np.array(sorted(range(len(group)), key=lambda i: group[i].span.text), dtype=np.int64)
    nearest = np.zeros(len(group))
    chosen: list[int] = []
    while len(order) and len(chosen) < KEY_PHRASES:
        merit = np.round(value[order] - 0.5 * nearest[order], 5)
        best = int(order[merit.argmax()])
        order = order[order != best]
        words = set(group[best].span.stems)
        others = [set(group[c].span.stems) for c in chosen]
        if not any(words <= other or words >= other for other in others):
            chosen.append(best)
            nearest = np.maximum(nearest, rows @ rows[best])
    return tuple((group[c].span.text, round(float(value[c]), 4)) for c in chosen)
