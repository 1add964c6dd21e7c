"""What a theme could be called: phrases that set it apart, and clauses of its central texts."""

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from themeloom.engine.counts import Corpus, Ints
from themeloom.engine.phrases import Phrases
from themeloom.engine.stream import Span
from themeloom.engine.theme_counts import ThemeCounts
from themeloom.engine.wording import (
    ADVERBS,
    JUDGEMENTS,
    PREPOSITIONS,
    Part,
    fares,
    judges,
    part_of,
    rises,
    stem,
)

_REPEATED_SHARE = 0.5  # of the phrases wanted; the others are clauses of central texts
_CLAIM_FIRST = 1.4  # clauses that say how something fares come before others
_MAX_NEGATED = 0.35  # a phrase that mostly stands behind "not" would say the opposite
_MOSTLY_DENIED = 0.4  # of a word's uses in a theme
_MANY_AFFIRM = 0.2  # uses without a negation in an average text
_NAME_SHARE = 0.08  # a name is the theme's own matter from this share of its texts on …
_NAME_TEXTS = 8  # … and only if so many texts name it: a product, not a person
_DATE_SHARE = 0.3  # a weekday or month is the theme's own matter from this share on
_COMMON = 0.05  # weight of how common a phrase is beside how much it sets the theme apart
_WHOLE = 0.5  # of its uses begin and end as a phrase does
_EVERYWHERE, _NO_MORE = 0.2, 0.02  # of all texts; more of the theme's texts than of the others
_DIFFUSE = 0.3  # a theme whose typical words stand in fewer of its texts has no common wording
_PAIRED = 7  # nouns
_PAIRED_BESIDE = 3
_PAIR_FORM = 0.7
_PAIR_FORM_BESIDE = 0.6  # of a theme that has common wording
#: A word that stands for a thing by itself in fewer of its uses is no noun: "latest", "free".
ALONE = 0.35
_SURELY_NOUN = 0.65  # words never seen after an article have 0.6


@dataclass(frozen=True, slots=True)
class Candidate:
    """A phrase that could be a theme's title or one of its key phrases."""

    span: Span
    distinct: float  # z-value of the log-odds; 0 for clauses of single texts
    coverage: float  # share of the theme's texts that hold the phrase
    words_shared: float  # 0…1: how typical its words are, against the theme's most typical ones
    particular: float = 0.0  # 0…1: how untypical a denial is, or who denies
    contrary: float = 0.0  # 0…1: how far the theme's texts affirm what it denies
    together: float = 0.0  # share of the theme's texts that hold what it speaks of, in any order
    told: float = 0.0  # share of the theme's texts that hold all its words, in any order
    paired: bool = False  # two nouns of the theme that nobody need have joined
    idle: int = 0  # its words that nearly all texts hold, in this theme no more than in others


def find_candidates(
    tables: ThemeCounts,
    phrases: Phrases,
    theme: int,
    names: NDArray[np.bool_],
    avoid: NDArray[np.bool_] | None,
    central: Ints,
    limit: int,
) -> list[Candidate]:
    """Return up to ``limit`` phrases that could be a theme's title or a key phrase.

    Args:
        tables: counts of all themes.
        phrases: the corpus' phrases.
        theme: the theme's place in ``tables``.
        names: per stem, whether it is written like a name.
        avoid: per stem, whether it must not be shown.
        central: rows of the theme's most central texts, and of their headings.
        limit: how many at most; half of them repeated phrases, half clauses of central texts.
    """
    repeated = int(limit * _REPEATED_SHARE)
    share = tables.word_share(theme)
    size = float(tables.size[theme])
    excess = tables.word_excess(theme)
    shared = np.sqrt(excess / max(float(np.sort(excess)[-2:].mean()), 1e-9)).clip(0, 1)
    # A verb that this theme mostly negates ("not arrived") says the opposite without its "not".
    denial = tables.denial(theme)
    denied = (denial > _MOSTLY_DENIED) & (phrases.corpus.nounness < 0.5)
    # Where few use a word at all, its uses say nothing of what the others think.
    contrary = (1 - denial) * np.minimum(tables.affirmed(theme) / _MANY_AFFIRM, 1.0)
    barred = names & ((share < max(_NAME_SHARE, 2.5 / size)) | (tables.word_total < _NAME_TEXTS))
    if avoid is not None:
        barred |= avoid
    barred |= phrases.stream.dates & (share < _DATE_SHARE)
    first, last = tables.phrase.indptr[theme], tables.phrase.indptr[theme + 1]
    numbers = tables.phrase.indices[first:last].astype(np.int64)
    inside = tables.phrase.data[first:last]
    enough = inside >= min(2.0, size)
    numbers, inside = numbers[enough], inside[enough]
    distinct = tables.distinct(theme, numbers, inside)
    whole = (0.25 + 0.75 * phrases.starts_well[numbers]) * (
        0.25 + 0.75 * phrases.ends_well[numbers]
    )
    # Where nothing sets a theme apart (a single theme, twins) the most common phrases are left.
    worth = (np.maximum(distinct, 0) + _COMMON * inside / size) * whole
    worth = np.where(distinct < -1, -np.inf, worth)
    worth = np.where(phrases.negated[numbers] > _MAX_NEGATED, -np.inf, worth)
    best = np.argsort(-np.round(worth, 6), kind="stable")[: 2 * repeated]
    found: dict[str, Candidate] = {}
    for position in best:
        if len(found) == repeated or worth[position] <= 0:
            break
        if phrases.strays(int(numbers[position])):
            continue
        span = phrases.span(int(numbers[position]))
        if _is_usable(span, barred, denied) and span.text not in found:
            found[span.text] = Candidate(
                span,
                float(distinct[position]),
                float(inside[position]) / size,
                _typical(span, shared),
            )
    known = ((share * size >= min(2.0, size)) | (tables.word_total >= 3)) & ~barred
    worded = {candidate.span.stems for candidate in found.values()}
    # What people often put so ("Emirates lounge") needs no other order ("lounge for Emirates").
    usual = {frozenset(c.span.stems) for c in found.values() if _is_whole(c.span)}
    clauses = [
        span
        for span in phrases.stream.clauses(central, known)
        if span.stems not in worded
        and not (frozenset(span.stems) in usual and _turns_round(span, phrases.corpus))
        and _is_usable(span, barred, denied)
    ]
    diffuse = float(np.sort(excess)[-2:].mean()) < _DIFFUSE
    nouns, form = (_PAIRED, _PAIR_FORM) if diffuse else (_PAIRED_BESIDE, _PAIR_FORM_BESIDE)
    said = {frozenset(span.stems) for span in clauses if "and" not in span.text.split()}
    said |= {frozenset(stems) for stems in worded}
    english = phrases.corpus.english  # as "and" is
    pairs = _pairs(list(found.values()), said, phrases.corpus, nouns, form) if english else []
    limit += len(pairs)
    for span in pairs:
        pair = Candidate(span, 0.0, 0.0, _typical(span, shared), paired=True)
        found.setdefault(span.text, pair)
    ranked = sorted(clauses, key=lambda s: (-_clause_worth(s, excess, phrases.corpus), s.text))
    for span in ranked[: limit - len(found)]:
        if span.text not in found:
            about = _typical(span, shared)
            found[span.text] = Candidate(span, 0.0, 0.0, about, _particular(span, shared, phrases))
    candidates = list(found.values())
    matters = [_matter(c.span, phrases.corpus) for c in candidates]
    both = tables.together(theme, [*matters, *(_said(c.span, phrases.corpus) for c in candidates)])
    shares, told = np.split(both, 2)
    everywhere = (tables.word_total >= _EVERYWHERE * tables.everything) & (excess < _NO_MORE)
    return [
        replace(
            c,
            together=float(matter),
            told=float(whole),
            contrary=_contrary(c.span, contrary, phrases.corpus),
            idle=int(everywhere[list(dict.fromkeys(c.span.stems))].sum()),
        )
        for c, matter, whole in zip(candidates, shares, told, strict=True)
    ]


def _turns_round(span: Span, corpus: Corpus) -> bool:
    if is_claim(span, corpus):
        return False
    words = span.text.casefold().split()
    return any(word in PREPOSITIONS for word in words[1:-1]) or words[-1] in JUDGEMENTS


def _is_whole(span: Span) -> bool:
    return min(span.starts_well, span.ends_well) >= _WHOLE and span.size > 1


def _pairs(
    repeated: Sequence[Candidate],
    said: Set[frozenset[int]],
    corpus: Corpus,
    most: int,
    form: float,
) -> list[Span]:
    """Return "X and Y" of a theme's ``most`` typical nouns, for where no single clause speaks for it.

    How well they begin and end is ``form``; ``said``: what people put together otherwise.
    """
    nouns = [
        c
        for c in repeated
        if c.span.size <= 2
        and not c.span.negates
        and c.span.begins_with == Part.CONTENT
        and not c.span.text.endswith("ly")
        and c.span.text not in ADVERBS
        and not any(fares(corpus.stem_names[number]) for number in c.span.stems)
        and float(corpus.nounness[list(c.span.stems)].min()) > _SURELY_NOUN
        and float(corpus.stands_alone[c.span.stems[-1]]) >= ALONE
    ]
    nouns.sort(key=lambda c: (-round(c.words_shared * c.coverage**0.5, 6), c.span.text))
    result: list[Span] = []
    for place, first in enumerate(nouns[:most]):
        for second in nouns[place + 1 : most]:
            alike = _is_name(first.span.text) == _is_name(second.span.text)
            both = frozenset(first.span.stems + second.span.stems)
            # "route planning" is said: no need of "routes and plans".
            new = len(both) == len(first.span.stems) + len(second.span.stems) and both not in said
            if alike and new:
                one, other = (corpus.in_plural(c.span.text) for c in (first, second))
                result.append(
                    Span(
                        text=f"{one} and {other}",
                        stems=first.span.stems + second.span.stems,
                        size=first.span.size + second.span.size + 1,
                        starts_well=form,
                        ends_well=form,
                        negates=False,
                        begins_with=first.span.begins_with,
                    )
                )
    return result


def _is_name(text: str) -> bool:
    return text[:1].isupper() and not text.isupper()


def _is_usable(span: Span, barred: NDArray[np.bool_], denied: NDArray[np.bool_]) -> bool:
    stems = list(span.stems)
    if len(set(stems)) < len(stems):
        return False
    return bool(stems) and not barred[stems].any() and (span.negates or not denied[stems].any())


def _typical(span: Span, shared: NDArray[np.float64]) -> float:
    # The rarest word counts as much as all together: it is where one customer's case creeps in.
    values = shared[list(span.stems)]
    return float(values.mean() + values.min()) / 2


def _particular(span: Span, shared: NDArray[np.float64], phrases: Phrases) -> float:
    """Return how little a denial, or its subject, has to do with the theme (0 = its very matter).

    "No recurring jobs" denies what most texts of its theme do not; "apprentices cannot log in"
    names some people of whom the others do not speak.
    """
    if not span.negates:
        return 0.0
    before: list[int] = []
    for number in span.stems:
        if part_of(phrases.corpus.stem_names[number]) == Part.NEGATION:
            break
        before.append(number)
    if before:
        return 1.0 - float(shared[before].min())
    bare = span.begins_with == Part.NEGATION
    return 0.5 * (1.0 - float(shared[span.stems[0]])) if bare else 0.0


def _contrary(span: Span, contrary: NDArray[np.float64], corpus: Corpus) -> float:
    """Return how far the theme's texts affirm what a phrase denies: "top up not | pending".

    A theme of people who use a thing is not called after the few who do not.
    """
    words = span.text.casefold().split() if span.negates else []
    place = next((at for at, word in enumerate(words) if part_of(word) == Part.NEGATION), 0)
    for word in words[place + 1 :]:
        number = corpus.stem_number.get(stem(word))
        if number is not None and part_of(word) not in (Part.AUX, Part.LINK):
            return float(contrary[number])
    return 0.0


def _matter(span: Span, corpus: Corpus) -> list[int]:
    """Return what a phrase speaks of: its stems without those that say how it fares."""
    names = corpus.stem_names
    stems = [
        number
        for number in span.stems
        if not fares(names[number]) and part_of(names[number]) != Part.NEGATION
    ]
    return stems or list(span.stems)


def _said(span: Span, corpus: Corpus) -> list[int]:
    """Return what a text must hold to say a phrase: of a denial also the little that is denied.

    Who holds "not" and "payment" has not said yet that he did not *make* it.
    """
    words = span.text.casefold().split() if span.negates else []
    place = next((at for at, word in enumerate(words) if part_of(word) == Part.NEGATION), 0)
    light = [
        corpus.stem_number.get(stem(w)) for w in words[place + 1 :] if part_of(w) == Part.LIGHT
    ]
    return [*span.stems, *(number for number in light if number is not None)]


def _clause_worth(span: Span, excess: NDArray[np.float64], corpus: Corpus) -> float:
    worth = float(np.sum(excess[list(dict.fromkeys(span.stems))]))
    return worth * (_CLAIM_FIRST if is_claim(span, corpus) else 1.0)


def is_claim(span: Span, corpus: Corpus) -> bool:
    """Return whether a phrase says how something fares: "fails", "slow", "not delivered", "easy"."""
    if span.negates or (corpus.english and rises(span.text.casefold())):
        return True
    return any(fares(corpus.stem_names[number]) for number in span.stems)


def is_opinion(span: Span, corpus: Corpus) -> bool:
    """Return whether some could say the contrary of a claim: "food was excellent", "no showers"."""
    bare = span.text.startswith("no ")
    return bare or any(judges(corpus.stem_names[number]) for number in span.stems)
