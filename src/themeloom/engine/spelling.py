"""How people usually write a word: capitals of names and abbreviations, told by use."""

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from themeloom.engine.counts import Corpus
from themeloom.engine.wording import LANGUAGES, Part, part_of, usual_spelling

_MID_CAPITAL = 0.45  # share of uses with capitals, not at the start of a sentence, that decides
_LONGEST_ABBREVIATION = 5  # longer words in capitals are shouted
_NAME_CAPITAL = 0.7

Bools = NDArray[np.bool_]


def usual_forms(corpus: Corpus) -> list[str]:
    """Return, per spelling, how people usually write that word in the middle of a sentence."""
    shouting = _shouting_rows(corpus)
    middle = corpus.in_the_middle & ~shouting[corpus.row]
    uses = np.bincount(corpus.word[middle], minlength=len(corpus.surfaces))
    forms: dict[str, Counter[str]] = {}
    for surface, lower, count in zip(corpus.surfaces, corpus.lowers, uses, strict=True):
        if count:
            forms.setdefault(lower, Counter())[surface.rstrip("-")] += int(count)
    result: list[str] = []
    for surface, lower in zip(corpus.surfaces, corpus.lowers, strict=True):
        small = corpus.english and part_of(lower) not in (Part.CONTENT, Part.TIME)
        spelling = lower if small else _usual_form(lower, forms.get(lower))
        result.append(spelling + "-" if surface.endswith("-") and lower != surface else spelling)
    return result


def _usual_form(lower: str, forms: Counter[str] | None) -> str:
    if forms:
        special = {
            form: count
            for form, count in forms.items()
            if form != lower and not (form.isupper() and len(form) > _LONGEST_ABBREVIATION)
        }
        if special and sum(special.values()) >= _MID_CAPITAL * sum(forms.values()):
            return min(special, key=lambda form: (-special[form], form))
    return usual_spelling(lower)


def _shouting_rows(corpus: Corpus) -> Bools:
    upper = np.array([s.isupper() and len(s) > 1 for s in corpus.surfaces], dtype=np.float64)
    wordy = np.array([s[:1].isalpha() and len(s) > 1 for s in corpus.surfaces], dtype=np.float64)
    loud = np.bincount(corpus.row, upper[corpus.word], corpus.rows)
    words = np.bincount(corpus.row, wordy[corpus.word], corpus.rows)
    return (loud > 0.5 * words) & (words > 2)


def name_like(corpus: Corpus) -> Bools:
    """Return, per stem, whether it is written like the name of a person, place or company.

    That is: in the middle of sentences nearly always with a capital, and not in capitals only.
    Where all nouns are written so, it must never stand behind an article or a word of quality, too.
    """
    capital, total = corpus.capitals
    common = np.array([name in LANGUAGES for name in corpus.stem_names], dtype=bool)
    name = (capital >= _NAME_CAPITAL * np.maximum(total, 1)) & (capital > 0) & ~common
    return name & ~corpus.stands_as_noun if corpus.writes_nouns_large else name
