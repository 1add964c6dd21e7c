"""What stands around each word: the parts of its neighbours, and what it means where it stands."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from themeloom.engine.counts import Corpus, Ints
from themeloom.engine.wording import PARTICLES, SORTS, Part

Bools = NDArray[np.bool_]
Kinds = NDArray[np.int8]
WordSet = frozenset[str]

#: Small words between a negation and what it negates: "cannot seem to log in".
LOOK_BACK = 4

_HOW, _TO, _OF = frozenset(["how"]), frozenset(["to"]), frozenset(["of"])
_ARTICLES = frozenset("a an the my our your his her its their".split())
#: What a noun stands behind, and no verb.
_BEFORE_NOUN = _ARTICLES | frozenset("this these those of for from with about".split())
_POLITE, _YOU = frozenset("please kindly just".split()), frozenset(["you"])
_AT_ENDS = 0.6  # of its uses: so often somebody who is spoken to is named first or last
_SPOKEN_TO = 5  # texts
_WELL_KNOWN, _CODE = 20, 5  # uses; letters and figures
_FIGURES = "0123456789"
_CALLED = 0.03  # of these uses: so often "you" are asked for something
#: "Lose all of my money", "especially compared to": left out like articles.
_WHOLES = frozenset("all some any most both each".split())
_STRESS = frozenset(
    "especially particularly mainly mostly specifically typically initially finally eventually"
    " occasionally".split()
)
_STARTS_ANEW = frozenset("this these that those".split())
_RIGHT_NOW = frozenset("this next last every each coming".split())
_SPANS_OF_TIME = frozenset("weekend weekends night nights season".split())
_BARE_BE = frozenset(["be", "been", "being"])
_Array = TypeVar("_Array", bound=np.generic)


@dataclass(frozen=True)
class Around:
    """The surroundings of some words; all arrays have one entry per word."""

    lowers: list[str]
    word: Ints
    previous: Ints  # -1 at the start of a text
    following: Ints
    previous_real: Ints  # the last word before that is not left out of phrases
    kind_before: Kinds
    kind_after: Kinds
    hyphened: Bools  # the first half of a compound: "two-"
    hyphen_before: Bools

    def own(self, words: WordSet) -> Bools:
        """Tell which words are among ``words``."""
        return self._among(self.word, words)

    def before(self, words: WordSet) -> Bools:
        """Tell where one of ``words`` stands before."""
        return self._among(self.previous, words)

    def after(self, words: WordSet) -> Bools:
        """Tell where one of ``words`` follows."""
        return self._among(self.following, words)

    def marks_after(self, flags: Bools) -> Bools:
        """Tell where a word follows that ``flags`` (one entry per spelling) marks."""
        return np.append(flags, False)[self.following]

    def real_before(self, words: WordSet) -> Bools:
        """Tell where one of ``words`` stands before, articles and fillers skipped."""
        return self._among(self.previous_real, words)

    def _among(self, numbers: Ints, words: WordSet) -> Bools:
        return np.array([*(lower in words for lower in self.lowers), False])[numbers]


class Surroundings:
    """Every word of a corpus with its neighbours.

    Attributes:
        kind: Part of each word where it stands (``Corpus.kind`` knows the word only).
        opens: whether a clause begins at or after this word.
        negated: whether a negation stands before it with only small words between.
    """

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        word = corpus.word.astype(np.int64)
        self._new_text = np.diff(corpus.row, prepend=-1) != 0
        self._last_of_text = np.diff(corpus.row, append=-1) != 0
        self._previous = np.where(self._new_text, -1, shifted(word, 1))
        self._following = np.where(self._last_of_text, -1, shifted(word, -1))
        self._hyphened = np.array(
            [surface.endswith("-") and len(surface) > 1 for surface in corpus.surfaces], dtype=bool
        )[word]
        self.kind, seam = self._in_place()
        self.opens = self._new_text | seam | (self.kind == Part.BORDER)
        self.negated = self._behind_negation()

    def at(self, kept: Ints) -> Around:
        """Return the surroundings of the words at ``kept``."""
        before, after = self._kinds()
        word = self.corpus.word.astype(np.int64)
        return Around(
            lowers=self.corpus.lowers,
            word=word[kept],
            previous=self._previous[kept],
            following=self._following[kept],
            previous_real=np.append(word, -1)[self._places_before()][kept],
            kind_before=before[kept],
            kind_after=after[kept],
            hyphened=self._hyphened[kept],
            hyphen_before=(shifted(self._hyphened, 1) & ~self._new_text)[kept],
        )

    def marks(self, numbers: NDArray[np.int32] | Ints, test: Callable[[str], bool]) -> Bools:
        """Return ``test`` of the lower-case word behind each number; False for -1."""
        return np.array([*(test(lower) for lower in self.corpus.lowers), False])[numbers]

    def _in_place(self) -> tuple[Kinds, Bools]:
        """Return each word's part where it stands, and where a clause ends unmarked.

        "How long" is a question, not a length; "been" and "be" without their auxiliary ("has my
        card been sent") are left out; both halves of "two-factor" and "in-app" carry meaning; two
        prepositions in a row are the seam of a turned-round question.
        """
        kind = self.corpus.kind.copy()
        before = np.where(self._new_text, Part.BORDER, shifted(kind, 1))
        counted = self.marks(self._previous, _HOW.__contains__)
        kind[counted & np.isin(kind, [Part.MODIFIER, Part.LIGHT])] = Part.BORDER
        joined = self._hyphened | (shifted(self._hyphened, 1) & ~self._new_text)
        small = np.isin(kind, [Part.LIGHT, Part.LINK, Part.MODIFIER, Part.DROP])
        kind[joined & small] = Part.CONTENT
        # "… many lounges-this one": a dash without its spaces.
        kind[joined & self._own(_STARTS_ANEW)] = Part.BORDER
        helped = np.isin(before, [Part.AUX, Part.NEGATION])
        helped |= self.marks(self._previous, _TO.__contains__)
        bare = self.marks(self.corpus.word, _BARE_BE.__contains__) & ~helped
        kind[bare] = Part.DROP
        kind[self._own(SORTS) & self._follows(_OF)] = Part.DROP
        kind[self._own(_STRESS)] = Part.DROP
        kind[self._well_known_codes()] = Part.CONTENT
        whole = self._own(_WHOLES) & self._follows(_OF)
        kind[whole | (shifted(whole, 1) & ~self._new_text)] = Part.DROP
        # "Events this weekend" name a day, as "events today" do.
        kind[self._own(_SPANS_OF_TIME) & self.marks(self._previous, _RIGHT_NOW.__contains__)] = (
            Part.BORDER
        )
        kind[self._spoken_to(kind)] = Part.BORDER
        self.kind = kind
        places = self._places_before()
        link = np.append(kind == Part.LINK, False)
        words_before = np.append(self.corpus.word, -1)[places]
        seam = link[:-1] & link[places] & ~self.marks(words_before, PARTICLES.__contains__)
        return kind, seam | self._two_things()

    def _own(self, words: WordSet) -> Bools:
        return self.marks(self.corpus.word, words.__contains__)

    def _follows(self, words: WordSet) -> Bools:
        return self.marks(self._following, words.__contains__)

    def _well_known_codes(self) -> Bools:
        """Tell codes that so many texts hold that they are no reference numbers: "401k"."""
        corpus = self.corpus
        coded = self.marks(corpus.word, lambda word: word.isalnum() and word[-1].isalpha())
        coded &= (corpus.kind == Part.BORDER) & self.marks(corpus.word, _has_figures)
        counts: list[int] = np.bincount(corpus.word[coded], minlength=len(corpus.lowers)).tolist()
        alike: Counter[str] = Counter()  # "500k", "20k" and so on are amounts
        for lower, count in zip(corpus.lowers, counts, strict=True):
            if count:
                alike[lower.lstrip(_FIGURES)] += count
        known = [
            number
            for number, (lower, count) in enumerate(zip(corpus.lowers, counts, strict=True))
            if count >= _WELL_KNOWN and 2 * count > alike[lower.lstrip(_FIGURES)]
        ]
        return coded & np.isin(corpus.word, known)

    def _two_things(self) -> Bools:
        """Tell the articles between two things: "give my daughter | a card", "the date | my pay".

        Without its article the second thing would read as if the first were part of its name.
        """
        article = self._own(_ARTICLES) & (shifted(self.corpus.kind, 1) == Part.CONTENT)
        behind = self.marks(np.where(article, self._previous_of(2), -1), _BEFORE_NOUN.__contains__)
        return article & behind & ~self._new_text

    def _previous_of(self, by: int) -> Ints:
        """Return the word ``by`` places before each one, -1 where its text does not reach so far."""
        word = shifted(self.corpus.word.astype(np.int64), by)
        same = shifted(self.corpus.row.astype(np.int64) + 1, by) == self.corpus.row + 1
        return np.where(same, word, -1)

    def _spoken_to(self, kind: Kinds) -> Bools:
        """Tell words that name who is spoken to: "Ada, can you …", "that is all, Ada".

        Mostly they open or close a text, and nothing but a comma, "please" or a question to "you"
        stands beside them.
        """
        corpus = self.corpus
        content = kind == Part.CONTENT
        before, after = shifted(kind, 1), shifted(kind, -1)
        apart = np.isin(after, [Part.AUX, Part.BORDER]) | self._follows(_POLITE)
        asked = np.any(
            [self.marks(self._following_of(by), _YOU.__contains__) for by in (2, 3, 4)], axis=0
        )
        asks = self._new_text & apart & asked
        opens = self._new_text & apart & ~self._last_of_text
        closes = (before == Part.BORDER) & (self._last_of_text | (after == Part.BORDER))
        closes &= ~self._new_text
        uses = np.bincount(corpus.stem_of[content], minlength=len(corpus.stem_names))
        ends = np.bincount(corpus.stem_of[content & (opens | closes)], minlength=len(uses))
        called = np.bincount(corpus.stem_of[content & asks], minlength=len(uses))
        # "Price, support" lists what people like: nobody is asked for anything.
        told = (
            (ends >= _AT_ENDS * uses)
            & (ends >= _SPOKEN_TO)
            & (called >= np.maximum(_CALLED * ends, 2))
        )
        return content & told[corpus.stem_of]

    def _following_of(self, by: int) -> Ints:
        word = shifted(self.corpus.word.astype(np.int64), -by)
        same = shifted(self.corpus.row.astype(np.int64) + 1, -by) == self.corpus.row + 1
        return np.where(same, word, -1)

    def _places_before(self) -> Ints:
        """Return, per word, where the last word before it stands that is not left out (-1: none)."""
        own = np.arange(len(self.kind), dtype=np.int64)
        latest = np.maximum.accumulate(np.where(self.kind != Part.DROP, own, -1))
        before = np.append(-1, latest)[: len(own)]
        before[self.corpus.row[np.maximum(before, 0)] != self.corpus.row] = -1
        return before

    def _kinds(self) -> tuple[Kinds, Kinds]:
        border = np.int8(Part.BORDER)
        before = np.where(self._new_text, border, shifted(self.kind, 1))
        after = np.where(self._last_of_text, border, shifted(self.kind, -1))
        return before, after

    def _behind_negation(self) -> Bools:
        before, _ = self._kinds()
        small = np.isin(self.kind, [Part.AUX, Part.DROP, Part.LIGHT])
        small |= self.marks(self.corpus.word, _TO.__contains__)
        result = before == Part.NEGATION
        passes = shifted(small, 1) & (before != Part.BORDER)
        for _ in range(LOOK_BACK):
            result = result | (passes & shifted(result, 1))
        return result


def _has_figures(word: str) -> bool:
    return sum(letter.isdigit() for letter in word) > 2 and len(word) <= _CODE


def shifted(values: NDArray[_Array], by: int) -> NDArray[_Array]:
    """Return ``values`` moved ``by`` places to the right (left: negative), filled with zeros."""
    result = np.zeros_like(values)
    if 0 < by < len(values):
        result[by:] = values[:-by]
    elif by < 0 and -by < len(values):
        result[:by] = values[-by:]
    return result
