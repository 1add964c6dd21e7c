"""How people usually write a word: capitals of names and abbreviations, told by use."""

from collections import Counter
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from themeloom.engine.counts import Corpus
from themeloom.engine.wording import LANGUAGES, Part, part_of, usual_spelling

_MID_CAPITAL = 0.45  # share of uses with capitals, not at the start of a sentence, that decides
_LONGEST_ABBREVIATION = 5  # longer words in capitals are shouted
_NAME_CAPITAL = 0.7
_SPOKEN_OF = 2, 0.2  # uses, and share of uses, beside a word that only persons stand beside

#: In the languages of most files; a company has none of these.
_TITLES = frozenset(
    "mr mrs ms mx dr prof sir madam madame monsieur mme mlle herr herrn frau señor señora sr sra"
    " signor signora dhr mevrouw".split()
)
_CALLINGS = frozenset(
    "agent advisor adviser assistant colleague consultant driver engineer manager nurse operator"
    " receptionist rep representative steward stewardess supervisor technician waiter waitress lady"
    " gentleman guy named kollege kollegin kollegen mitarbeiter mitarbeiterin".split()
)
_CLOSINGS = frozenset(
    "regards sincerely cheers wishes greetings grüße grüssen gruß grüßen cordialement saludos"
    " cordiali saluti groeten".split()
)

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


def person_like(corpus: Corpus) -> Bools:
    """Return, per stem, whether it is written with a capital and people speak of a person by it.

    That is: often behind "Mr", "agent", "named" or "Regards,", which stand before no product. A word
    behind such a name belongs to it ("Mr John Smith").
    """
    stems, size = corpus.stem_of, len(corpus.stem_names)
    capital = np.array([surface[:1].isupper() for surface in corpus.surfaces], dtype=bool)
    large = capital[corpus.word]
    uses = np.bincount(stems, minlength=size)
    names = np.bincount(stems[large], minlength=size) >= _NAME_CAPITAL * np.maximum(uses, 1)
    if corpus.writes_nouns_large:
        names &= ~corpus.stands_as_noun
    named = names[stems] & large & (corpus.kind == Part.CONTENT)
    border = _spelled(corpus, _BORDERS)
    before, second, third = (_shifted(corpus, by) for by in (1, 2, 3))
    titled = _spelled(corpus, _TITLES)
    # "my agent Smith", but not "the Agent Studio".
    told = before(titled | (_spelled(corpus, _CALLINGS) & ~large)) | (
        before(_spelled(corpus, frozenset("."))) & second(titled)
    )
    closing = _spelled(corpus, _CLOSINGS)
    signed = before(closing) | (
        before(border) & (second(closing) | second(border) & third(closing))
    )
    alone = named & (told | signed)
    behind = named & before(alone)
    spoken = np.bincount(stems[alone | behind], minlength=size)
    least, share = _SPOKEN_OF
    return names & (spoken >= least) & (spoken >= share * uses)


_BORDERS = frozenset(",.!\n-–")


def _spelled(corpus: Corpus, words: frozenset[str]) -> Bools:
    """Return, per token, whether it is one of ``words``."""
    return np.array([lower in words for lower in corpus.lowers], dtype=bool)[corpus.word]


def _shifted(corpus: Corpus, by: int) -> Callable[[Bools], Bools]:
    """Return what tells, per token, whether something holds for the one ``by`` before it in its text."""
    same = np.zeros(len(corpus.row), dtype=bool)
    same[by:] = corpus.row[by:] == corpus.row[:-by]

    def shifted(tokens: Bools) -> Bools:
        found = np.zeros(len(tokens), dtype=bool)
        found[by:] = tokens[:-by]
        return found & same

    return shifted
