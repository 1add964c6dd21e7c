"""Choosing a title and key phrases for each theme, without a language model.

Candidates are phrases that set a theme apart (log-odds with a Dirichlet prior, Monroe et al. 2008)
and clauses of its most central texts. Each is judged by what it says (its vector against the
theme's centroid and against all others), by how many of the theme's texts share its words, and by
its form: a title should read like a headline.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from themeloom.engine.candidates import (
    Candidate,
    find_candidates,
    is_claim,
    is_opinion,
)
from themeloom.engine.counts import Corpus, Ints
from themeloom.engine.headlines import clumsiness
from themeloom.engine.phrases import Phrases
from themeloom.engine.spelling import name_like
from themeloom.engine.stream import NO_SUBJECT, Span
from themeloom.engine.theme_counts import ThemeCounts
from themeloom.engine.wording import JUDGEMENTS, PREPOSITIONS, Part, is_participle, part_of

Floats = NDArray[np.float32]
Embed = Callable[[list[str]], Floats]
#: Called with the part done and the whole; may raise to stop.
Progress = Callable[[int, int], None]

KEY_PHRASES = 5

_JUDGED = 3_000  # phrases given a vector in all: naming takes seconds for any number of themes
_JUDGED_PER_THEME = (28, 64)
_CENTRAL_TEXTS = 40
_TOLD_EVERY = 8  # sets
_EMBEDDED_AT_ONCE = 1_024
_FEW, _LITTLE = 0.06, 0.35  # of the texts; of how typical words can be
_BESIDE = PREPOSITIONS - {"of", "to", "for", "about"}

# How a title's form counts, in units of cosine. Chosen by reading titles of several corpora.
_LENGTH_COST = {1: 0.2, 2: 0.02, 3: 0.0, 4: 0.01, 5: 0.04, 6: 0.09}
_APART, _APART_MOST = 0.8, 0.12  # for what is nearer to this theme than to any other
_ASTRAY, _FAR_ASTRAY = 0.05, 0.02  # for what is nearer to another theme, and by how much
_TOGETHER = 0.10  # for a phrase whose words all of the theme's texts hold
_REPEATED = 0.06  # for one that stands so in all of them
_PARTICULAR = 0.12  # "apprentices cannot log in"
_SAYS_NOTHING = 0.07  # "recurring jobs created", "invoice PDF prints"
_SIDE_BY_SIDE = 0.05  # "form in checklists"
_OFTEN_VERB = 0.65  # words never seen after an article or "to" have 0.6
_THING_THAT_IS = 0.03  # "signed form"
_ONE_SIDED = 0.15  # "food was excellent", where others found it poor
_MANY_SAY = 0.2  # of the texts
_RARELY, _RARE = 0.07, 0.08  # a claim that few of the texts make in these words
_NEVER, _HARDLY = 0.05, 0.04  # the same of a denial, which is put in many ways
_NO_THING = {False: 0.08, True: 0.25}  # no word is a noun; a capital tells that for sure
_CONTRARY, _SOME_DENY = 0.3, 0.6  # a denial of what more than so many of the uses affirm
_ONE_CASE, _SINGLE = 0.08, 0.012  # wording of a single text, untypical of its theme
_NOT_JOINED, _JOINED = 0.06, 0.02  # two nouns that hardly one of the texts holds both of
_MODIFIED = 0.03  # "new lounge"
_MANY = 0.015  # "signed forms" before "signed form"
_ABOUT = 0.05  # "sync to Xero"
_STATES = 0.06  # "customers get reminder text"
_LONG_PAIR = 0.05  # "discounts and exchange currencies"
_IDLE = 0.06  # "lounge for free WiFi", where all texts speak of lounges
_CLAIM = 0.28  # for a claim, where all texts of a theme claim something; less where fewer do


@dataclass(frozen=True, slots=True)
class Naming:
    """What a theme is called: title and key phrases, each with its score (higher fits better)."""

    title: str
    score: float
    key_phrases: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Named:
    """Sets of texts to name, which may lie inside one another, and what they must keep clear of.

    Attributes:
        texts: the rows of each set, rising.
        related: bool (sets, sets): one lies inside the other, or they are the same; such two are
            never shown side by side. None: all are apart.
        titles: titles that sets have already, by set; those get no others.
        limit: phrases looked at for each set; None finds it.
    """

    texts: Sequence[Ints]
    related: NDArray[np.bool_] | None = None
    titles: Mapping[int, str] = field(default_factory=dict[int, str])
    limit: int | None = None


def name_themes(
    phrases: Phrases,
    theme_of_row: Ints,
    vectors: Floats,
    embed: Embed,
    weights: NDArray[np.float64] | None = None,
    avoid: NDArray[np.bool_] | None = None,
    taken: Collection[str] = (),
    progress: Progress | None = None,
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
        progress: called with the part done and the whole; may raise to stop.
    """
    order = np.argsort(theme_of_row, kind="stable")
    order = order[theme_of_row[order] >= 0]
    themes, starts = np.unique(theme_of_row[order], return_index=True)
    named = Named(np.split(order, starts[1:]) if len(themes) else [])
    namings = name_sets(phrases, named, vectors, embed, weights, avoid, taken, progress)
    return {int(themes[index]): naming for index, naming in namings.items()}


def name_sets(
    phrases: Phrases,
    named: Named,
    vectors: Floats,
    embed: Embed,
    weights: NDArray[np.float64] | None = None,
    avoid: NDArray[np.bool_] | None = None,
    taken: Collection[str] = (),
    progress: Progress | None = None,
) -> dict[int, Naming]:
    """Return title and key phrases of each set that has no title yet.

    Sets that can be shown side by side have different titles. Arguments as of ``name_themes``.
    """
    count = len(named.texts)
    asked = [index for index in range(count) if index not in named.titles]
    if not asked:
        return {}
    corpus = phrases.corpus
    weight = np.ones(corpus.texts) if weights is None else weights
    # Headings lend their wording, but count for nothing.
    behind = corpus.rows - corpus.texts
    tables = ThemeCounts(phrases, named.texts, np.append(weight, np.zeros(behind)))
    names = name_like(phrases.corpus)
    if avoid is not None:
        names = names | avoid
    fewest, most = _JUDGED_PER_THEME
    limit = named.limit or min(max(_JUDGED // count, fewest), most)
    centroids = np.zeros((count, vectors.shape[1]), np.float32)
    candidates: dict[int, list[Candidate]] = {}
    for index, rows in enumerate(named.texts):
        centroids[index], central = _centre(rows, vectors, weight)
        if index not in named.titles:
            central = _with_headings(central, corpus.heading_of_row)
            candidates[index] = find_candidates(
                tables, phrases, index, names, avoid, central, limit
            )
        if progress and index % _TOLD_EVERY == 0:
            progress(index, 2 * count)
    known, number = _embedded(candidates, embed, vectors.shape[1], count, progress)
    related = np.eye(count, dtype=bool) if named.related is None else named.related
    # All at once: many small products cost more than a big one.
    likenesses = known @ centroids.T
    judged: list[tuple[float, int, Candidate]] = []
    keys: dict[int, tuple[tuple[str, float], ...]] = {}
    for index, group in candidates.items():
        numbers = np.array([number[c.span.text] for c in group], dtype=np.int64)
        likeness = likenesses[numbers]
        own = likeness[:, index].copy()
        likeness[:, related[index]] = -1.0
        other = likeness.max(axis=1) if not related[index].all() else own - 0.3
        claims = float(tables.claims[index])
        judged += [
            (_title_score(c, float(o), float(o - x), claims, corpus), index, c)
            for c, o, x in zip(group, own, other, strict=True)
        ]
        keys[index] = _key_phrases(group, known[numbers], own, corpus)
    titles = _unique_titles(judged, named, related, taken)
    return {
        index: Naming(titles[index][0], titles[index][1], keys[index])
        if index in titles
        else Naming("", 0.0, keys[index])
        for index in asked
    }


def sentence_case(text: str) -> str:
    """Return ``text`` with a capital first letter; words with capitals inside stay ("iPhone")."""
    first = text.split(" ", 1)[0]
    return text if first[1:] != first[1:].lower() else text[:1].upper() + text[1:]


def _centre(rows: Ints, vectors: Floats, weight: NDArray[np.float64]) -> tuple[Floats, Ints]:
    """Return a set's unit centroid, shape (d,), and its most central rows."""
    own = vectors[rows]
    centre = (own * weight[rows, None].astype(np.float32)).sum(axis=0)
    centre = centre / max(float(np.linalg.norm(centre)), 1e-9)
    likeness = np.asarray(np.round(own @ centre, 5), np.float32)
    return centre, rows[np.argsort(-likeness, kind="stable")[:_CENTRAL_TEXTS]]


def _embedded(
    candidates: Mapping[int, Sequence[Candidate]],
    embed: Embed,
    width: int,
    count: int,
    progress: Progress | None,
) -> tuple[Floats, dict[str, int]]:
    """Return the vectors of all candidates' texts, and which row is whose."""
    texts = sorted({c.span.text for group in candidates.values() for c in group})
    parts = [np.zeros((0, width), np.float32)]
    for start in range(0, len(texts), _EMBEDDED_AT_ONCE):
        parts.append(embed(texts[start : start + _EMBEDDED_AT_ONCE]))
        if progress:
            progress(count + count * start // len(texts), 2 * count)
    return np.concatenate(parts), {text: index for index, text in enumerate(texts)}


def _with_headings(rows: Ints, heading_of_row: Ints) -> Ints:
    headings = heading_of_row[rows]
    return np.concatenate((rows, np.unique(headings[headings >= 0])))


def _title_score(
    candidate: Candidate, own: float, margin: float, claims: float, corpus: Corpus
) -> float:
    span = candidate.span
    form = -_LENGTH_COST.get(span.size, 0.2)
    form -= 0.12 * (1 - span.starts_well) + 0.12 * (1 - span.ends_well)
    form -= clumsiness(span, corpus)
    form -= _NO_THING[corpus.writes_nouns_large] * _is_no_thing(span, corpus)
    if span.negates:
        starts_bare = span.text.startswith("not ")
        form += 0.03 if span.begins_with == Part.CONTENT else -0.09 if starts_bare else 0.0
        form -= _CONTRARY * max(candidate.contrary - _SOME_DENY, 0.0) / (1 - _SOME_DENY)
    if is_claim(span, corpus) and span.starts_well > NO_SUBJECT:
        # What few of the texts speak of is one customer's case, however clearly it is said.
        form += _CLAIM * claims * (0.1 + 0.9 * candidate.told**0.5)
        cost, rare = (_NEVER, _HARDLY) if span.negates else (_RARELY, _RARE)
        form -= cost * (1 - min(candidate.told / rare, 1.0))
        if is_opinion(span, corpus):
            form -= _ONE_SIDED * (1 - min(candidate.told / _MANY_SAY, 1.0))
    else:
        form -= _SAYS_NOTHING * _ends_on_verb(span, corpus)
        form -= _THING_THAT_IS * is_participle(span.text.split()[0].casefold())
        form -= _MODIFIED * (span.begins_with == Part.MODIFIER)
        form += _MANY * span.text.endswith("s")
        words = span.text.casefold().split()
        inside = words[1:-1]
        if words[0] in JUDGEMENTS and span.size > 1:
            form -= _ONE_SIDED * (1 - min(candidate.told / _MANY_SAY, 1.0))
        form -= _ABOUT * any(word in PREPOSITIONS for word in inside)
        form -= _STATES * any(part_of(word) == Part.AUX for word in inside)
        form -= _SIDE_BY_SIDE * (span.size == 3 and span.text.split()[1] in _BESIDE)
    form -= _PARTICULAR * candidate.particular
    if candidate.told < _SINGLE:
        form -= _ONE_CASE * (1 - candidate.words_shared)
    if candidate.paired:
        form -= _LONG_PAIR * (span.size > 3)
        form -= _NOT_JOINED * (1 - min(candidate.told / _JOINED, 1.0))
    if span.size != 1 + candidate.idle:  # but "airline lounge"
        form -= _IDLE * candidate.idle
    form -= _ASTRAY * min(max(-margin, 0.0) / _FAR_ASTRAY, 1.0)
    shared = 0.22 * candidate.words_shared + _TOGETHER * candidate.together**0.5
    shared += _REPEATED * candidate.coverage**0.5
    return own + _APART * min(margin, _APART_MOST) + shared + form


def _is_no_thing(span: Span, corpus: Corpus) -> bool:
    """Return whether no word of a phrase is a noun."""
    return bool(span.stems) and float(corpus.nounness[list(span.stems)].max()) < 0.5


def _ends_on_verb(span: Span, corpus: Corpus) -> bool:
    """Return whether a phrase ends on what something does, and yet says nothing of it."""
    if not corpus.english or len(span.stems) < 2:
        return False
    noun, word = float(corpus.nounness[span.stems[-1]]), span.text.split()[-1]
    # "prints" is a verb where "print" often is one; "roles" is none.
    return is_participle(word) or noun < (_OFTEN_VERB if word.endswith("s") else 0.45)


def _unique_titles(
    judged: Sequence[tuple[float, int, Candidate]],
    named: Named,
    related: NDArray[np.bool_],
    elsewhere: Collection[str],
) -> dict[int, tuple[str, float]]:
    """Give every set its best title that no set beside it with a better claim has taken."""
    taken: dict[frozenset[int], list[int]] = {}
    folded = {title.casefold() for title in elsewhere}
    worded: dict[str, list[int]] = {}
    for index, title in named.titles.items():
        worded.setdefault(title.casefold(), []).append(index)
    titles: dict[int, tuple[str, float]] = {}
    ordered = sorted(judged, key=lambda item: (-round(item[0], 6), item[2].span.text, item[1]))
    for score, index, candidate in ordered:
        words, text = frozenset(candidate.span.stems), candidate.span.text.casefold()
        if index in titles or text in folded or _speaks_for_few(candidate):
            continue
        holders = [*taken.get(words, []), *worded.get(text, [])]
        if holders and not related[index, holders].all():
            continue
        taken.setdefault(words, []).append(index)
        titles[index] = (sentence_case(candidate.span.text), score)
    return titles


def _speaks_for_few(candidate: Candidate) -> bool:
    """Return whether a word (or two, joined) says so little that a text's beginning says more."""
    span = candidate.span
    if span.size == 1:
        return candidate.told < _FEW and candidate.words_shared < _LITTLE
    return candidate.paired and candidate.words_shared < _LITTLE


def _key_phrases(
    group: Sequence[Candidate], rows: Floats, own: Floats, corpus: Corpus
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
            - (0.5 if corpus.writes_nouns_large and _is_no_thing(c.span, corpus) else 0)
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
