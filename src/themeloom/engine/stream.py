"""The words of all texts as clauses: where a phrase may begin and end, and where it does so well."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from themeloom.engine.counts import Corpus, Ints, join_unspaced
from themeloom.engine.spelling import usual_forms
from themeloom.engine.surroundings import LOOK_BACK, Bools, Surroundings, shifted
from themeloom.engine.wording import (
    BE,
    CLAUSE_OPENERS,
    DATES,
    JOINING,
    LINKING,
    MAY_END,
    MEASURES,
    PARTICLES,
    PASSIVE,
    Part,
    fares,
    is_participle,
    is_past,
    stem,
)

LONGEST = 6

_STORY = 0.6  # how well a story counts as the beginning of a heading
_BASE_FOLLOWS = frozenset("do does did will would can could should".split())
_SUBJECTS = frozenset("i we he she they you who somebody someone everybody everyone".split())
_ARTICLES = frozenset("a an the my our your his her its their".split())
_OPENERS = frozenset("to and or when while until since as where than".split())
_ASKING = frozenset("why how what when where which who".split())
_PRESUMING = frozenset("how what where which who".split())
_WHOM = frozenset("you me him her it us them".split())
_WHEN = frozenset("when where".split())
_LATELY, _DO = frozenset("last next".split()), frozenset("do does did".split())
_SPANS = frozenset("time times hour day week month year quarter".split())
_NOTHING_BUT_NOUN = 0.9  # words more noun-like than this are never verbs here
_NOT, _TO, _OF, _BY = (frozenset([word]) for word in ("not", "to", "of", "by"))
_WRONG = frozenset(["wrong"])
_GOT = frozenset("gets got get getting gotten".split())
_IN_OR_ON = frozenset("in on".split())
_WITH_PARTICLE = 0.1  # of a verb's uses: so often "in" or "on" behind it is a part of it
NO_SUBJECT = 0.3  # "missing on the invoice": what is missing is left out
_NOUN = 0.7  # words more noun-like than this are nouns here
_VERB = 0.45  # words less noun-like than this are verbs here
_WEIGHTY = [Part.CONTENT, Part.MODIFIER, Part.NEGATION]


@dataclass(frozen=True, slots=True)
class Span:
    """One phrase: its text for people and what is known about how it is used."""

    text: str
    stems: tuple[int, ...]  # content stems, in order, numbers of Corpus.stem_names
    size: int  # words
    starts_well: float  # share of uses that begin where a clause or noun phrase begins
    ends_well: float
    negates: bool
    begins_with: Part


class Stream:
    """The words that phrases are made of, without borders, articles and fillers.

    All arrays are per kept word: ``segment`` is the same inside one clause; ``starts`` and ``ends``
    tell where a phrase may begin and end; ``left_open`` and ``right_open`` where it does so well.
    """

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        around = Surroundings(corpus)
        kept = np.flatnonzero((around.kind != Part.BORDER) & (around.kind != Part.DROP))
        self.segment: Ints = np.cumsum(around.opens, dtype=np.int64)[kept]
        self.row = corpus.row[kept]
        #: Where the words of each text begin, and behind the last text: shape (rows + 1,).
        self._first: Ints = np.searchsorted(self.row, np.arange(corpus.rows + 1))
        self.word = corpus.word[kept]
        self.stem = corpus.stem_of[kept].astype(np.int64)
        self.kind = around.kind[kept]
        self.negated = around.negated[kept]
        self.after_not = _after_not(self.kind, self.segment)
        self._around = around.at(kept)
        self._particles = self._of_verbs(kept)
        self.past = around.marks(corpus.word, is_past)[kept]
        self.starts = self._may_start()
        self.ends = self._may_end()
        self.left_open = self._opens_left()
        self.right_open = self._opens_right()
        # "I showed …", "you requiring …": without its subject this is no heading.
        doing = around.marks(corpus.word, lambda word: len(word) > 5 and word.endswith("ing"))[kept]
        self._formed = self.past | doing
        self._is_to = self._around.own(_TO)
        self.narrates = (self.past | doing) & self._around.real_before(_SUBJECTS)
        # After "in", "with" … comes a thing, not a statement; so it does after "what", "which".
        self.after_preposition = self._around.before(_ASKING) | (
            self._around.real_before(LINKING - _OPENERS | _PRESUMING)
        )
        # "(applied) to my foreign currency"
        self.after_preposition |= self._around.real_before(_TO) & self._around.before(_ARTICLES)
        self._is_do = self._around.own(_DO)
        self._is_noun = np.isin(self.kind, [Part.CONTENT, Part.MODIFIER, Part.TIME]) & ~self.past
        self._is_noun |= self._around.own(_SPANS)
        self._opens_clause = self._around.own(CLAUSE_OPENERS)
        self._verb_next = (self._around.kind_after == Part.AUX) | (
            self._around.marks_after(corpus.nounness[corpus.stems] < _VERB)
            & (self._around.kind_after == Part.CONTENT)
        )
        joins = self._around.own(JOINING)
        #: Where the nearest joining word stands, up to each word; -1 before the first one.
        self._last_join = np.maximum.accumulate(np.where(joins, np.arange(len(joins)), -1))
        self._is_by = self._around.own(_BY)
        self._is_lately = self._around.own(_LATELY)
        self._is_when = self._around.own(_WHEN)
        self.states = self._around.own(MAY_END) | np.isin(self.kind, [Part.AUX, Part.NEGATION])
        #: Per stem: a weekday or the name of a month.
        self.dates = np.array([name in DATES for name in corpus.stem_names])
        self._verb = self.past | (corpus.nounness[self.stem] < _VERB)
        self._tells = around.marks(corpus.word, lambda word: fares(stem(word)))[kept]
        self._helper = self._silent_helpers(around.marks(corpus.word, is_participle)[kept])
        self._display: list[str] = usual_forms(corpus)
        self._carries = np.isin(self.kind, [Part.CONTENT, Part.MODIFIER, Part.TIME])
        self._begins = self.starts & self.left_open & ~self.narrates
        self._finishes = self.ends & self.right_open
        self._is_negation = self.kind == Part.NEGATION
        self._is_content = self.kind == Part.CONTENT
        self._doer_follows = shifted(self.kind == Part.MODIFIER, 1) & (
            (self.kind == Part.AUX) | ((self.kind == Part.LINK) & ~shifted(self.ends, 1))
        )

    def _may_start(self) -> Bools:
        around = self._around
        second_half = around.hyphen_before & (around.kind_before != Part.BORDER)
        # "has not my card arrived": what was meant is "my card has not arrived".
        inverts = (self.kind == Part.NEGATION) & (around.kind_after == Part.DROP)
        starts = np.isin(self.kind, _WEIGHTY) & ~second_half & ~(inverts & around.own(_NOT))
        not_next = shifted(self.kind == Part.NEGATION, -1) & shifted(~inverts, -1)
        not_next &= shifted(self.segment, -1) == self.segment
        helper = (self.kind == Part.AUX) & ~around.own(BE) & ~around.before(_ASKING)
        return starts | (helper & not_next)

    def _may_end(self) -> Bools:
        around = self._around
        ends = np.isin(self.kind, [Part.CONTENT, Part.TIME]) | around.own(MAY_END)
        ends |= self._judges_use() | (self._particles & self._closed())
        ends |= (self.kind == Part.LIGHT) & around.before(_WRONG)  # "on the wrong day"
        ends |= around.own(MEASURES) & (around.kind_before == Part.CONTENT)  # "response time"
        if not self.corpus.english:  # "届か | ない": a verb does not end before its denial
            ends &= ~(
                shifted(self.kind == Part.TIME, -1) & (shifted(self.segment, -1) == self.segment)
            )
        # "log | in", "top | up": the verb does not end before its particle.
        return ends & ~around.hyphened & ~shifted(self._particles, -1)

    def _opens_left(self) -> Bools:
        around = self._around
        # "is | not working" begins well, "did | not receive" does not.
        bare_not = (self.kind == Part.NEGATION) & (around.kind_before == Part.AUX)
        bare_not &= ~around.before(BE)
        # After "does the payment" and "will the card" comes a plain verb: "payment appear" and
        # "card arrive" are no titles.
        asked = around.real_before(_BASE_FOLLOWS)
        return ~np.isin(around.kind_before, _WEIGHTY) & ~bare_not & ~asked & ~self.negated

    def _opens_right(self) -> Bools:
        around = self._around
        object_next = around.after(_ARTICLES) & (around.kind_after != Part.BORDER)
        verb_next = around.marks_after(self.corpus.nounness[self.corpus.stems] < _VERB)
        noun = self.corpus.nounness[self.stem] >= _NOUN
        # "Xero sync | drops lines": what the thing does begins behind it.
        more = np.isin(around.kind_after, [Part.CONTENT, Part.MODIFIER]) & ~(verb_next & noun)
        more |= around.own(_WRONG) & (around.kind_after == Part.LIGHT)
        more |= (self.kind == Part.CONTENT) & around.after(MEASURES)
        # "What the company charged | me", "it could lose | us": what comes is its object.
        verb = self.past | (self.corpus.nounness[self.stem] < _VERB)
        more |= verb & around.after(_WHOM) & ~noun
        return ~more & ~object_next & ~around.after(_OF)

    def _closed(self) -> Bools:
        return np.isin(self._around.kind_after, [Part.BORDER, Part.LINK, Part.NEGATION, Part.AUX])

    def spell(self, start: int, size: int) -> str:
        """Return ``size`` words from ``start`` in their usual spelling, joined.

        As in headlines, the helpers of a passive are left out: "card was declined" says no more
        than "card declined".
        """
        text = ""
        said = ~self._helper[start : start + size]
        said[0] = True
        words: list[int] = self.word[start : start + size][said].tolist()
        for word in words:
            text += self._display[word]
            text += "" if self.corpus.surfaces[word].endswith("-") else " "
        return join_unspaced(text).strip(" -")

    def spellings(self, starts: Iterable[int], size: int) -> Counter[str]:
        """Return how often ``size`` words from each of ``starts`` are spelled in which way."""
        alike: dict[tuple[bytes, bytes], list[int]] = {}
        for start in starts:
            own = slice(start, start + size)
            alike.setdefault((self.word[own].tobytes(), self._helper[own].tobytes()), []).append(
                start
            )
        found = Counter[str]()
        for same in alike.values():
            found[self.spell(same[0], size)] += len(same)
        return found

    def content_stems(self, start: int, size: int) -> tuple[int, ...]:
        """Return the stems of the weighty words and negations among ``size`` words from ``start``."""
        own = slice(start, start + size)
        stems: list[int] = self.stem[own][self._carries[own] | self._is_negation[own]].tolist()
        return tuple(stems)

    def holds_negation(self, start: int, size: int) -> bool:
        """Return whether one of the words negates."""
        return bool(self._is_negation[start : start + size].any())

    def clauses(self, rows: Iterable[int], known: Bools) -> list[Span]:
        """Return the well-formed phrases of 2 to 6 words in single texts.

        Args:
            rows: the texts to read.
            known: per stem, whether it may occur in such a phrase (rare words and names may not).
        """
        found: dict[bytes, Span] = {}
        for row in rows:
            first, last = int(self._first[row]), int(self._first[row + 1])
            own = slice(first, last)
            usable: list[bool] = (known[self.stem[own]] | ~self._carries[own]).tolist()
            begins: list[bool] = self._begins[own].tolist()
            finishes: list[bool] = self._finishes[own].tolist()
            segment: list[int] = self.segment[own].tolist()
            helper: list[bool] = self._helper[own].tolist()
            states: list[bool] = self.states[own].tolist()
            for begin in range(last - first):
                if not (begins[begin] and usable[begin]):
                    continue
                start, said = first + begin, 0
                for place in range(begin, last - first):
                    if segment[place] != segment[begin] or not usable[place]:
                        break
                    end = first + place
                    said += not helper[place]
                    if said > LONGEST or self.strays(start, end):
                        break
                    if states[place] and self.after_preposition[start]:
                        break
                    if place > begin and finishes[place] and not self.unfinished(start, end):
                        size = end - start + 1
                        key = self.word[start : end + 1].tobytes()
                        if key not in found:
                            found[key] = self._single(self.spell(start, size), start, size)
        return list(found.values())

    def _single(self, text: str, start: int, size: int) -> Span:
        return Span(
            text=text,
            stems=self.content_stems(start, size),
            size=len(text.split()),
            starts_well=self.begins(start, size),
            ends_well=1.0,
            negates=self.holds_negation(start, size),
            begins_with=Part(int(self.kind[start])),
        )

    def strays(self, start: int, end: int) -> bool:
        """Return whether the clause from ``start`` is no statement of its own any more at ``end``.

        So it is where the doer follows a passive ("were lost by the app"), where no noun stands
        before the verb ("offline were"), and where "and" joins a noun to a verb.
        """
        if end == start:
            return False
        before = end - 1
        if self._doer_follows[end]:
            return True
        if self._is_by[end] and self.past[before] and before > start:
            return True
        # "(what) fuel does (my) car (need)"
        if self._is_do[before] and before > start and not self._is_negation[end]:
            return bool(self._is_content[before - 1])
        # "check when | will (my) item arrive"
        if self._is_when[before] and before > start and self.kind[end] == Part.AUX:
            return True
        # "(when was the) car last in (the shop)"
        if self._is_lately[before] and before > start and not self._is_noun[end]:
            return True
        join = int(self._last_join[before])
        if join <= start:
            return False
        return bool(self._verb[end] or self._tells[end]) != bool(self._verb[join - 1])

    def unfinished(self, start: int, end: int) -> bool:
        """Return whether what a phrase needs to be read stands outside of it.

        That is a verb behind ("until the money | arrives"), or before ("turn the | vacuum on").
        """
        if self._verb_next[end] and self._opens_clause[start:end].any():
            return True
        lone = self._particles[end] and start == end - 1
        return bool(lone and self.corpus.nounness[self.stem[start]] >= _NOTHING_BUT_NOUN)

    def begins(self, start: int, size: int) -> float:
        """Return how well a clause begins, as a heading."""
        # "(when my car was) last serviced"
        if size > 1 and self._is_lately[start] and not self._is_noun[start + 1]:
            return NO_SUBJECT
        if size > 1 and self.kind[start + 1] == Part.LINK:
            judged = self._tells[start] and self.kind[start + size - 1] == Part.LIGHT
            if self._tells[start] and not judged:
                return 1.0 if self._particles[start + 1] else NO_SUBJECT
            # "requiring to verify identity", "new on social media"
            if self._asks_for_more(start):
                return 0.0
            if self.kind[start] == Part.MODIFIER:
                return NO_SUBJECT
        return _STORY if self._tells_story(start, size) else 1.0

    def _asks_for_more(self, start: int) -> bool:
        """Return whether a verb form that cannot stand alone comes before "to": "requiring to"."""
        return bool(self._formed[start] and self._is_to[start + 1])

    def _silent_helpers(self, participle: Bools) -> Bools:
        """Tell the helpers between a noun and its participle: "card *was* declined".

        "Has not *been* delivered" keeps its "not"; "has arrived" keeps its "has".
        """
        helper = self._around.own(PASSIVE) & (self.kind == Part.AUX)
        passive = helper & (self._around.own(BE) | self._around.own(_GOT))
        negation = self._around.own(_NOT)
        together = np.append(self.segment[1:] == self.segment[:-1], False)
        leads = np.zeros(len(self.kind), dtype=bool)  # a passive helper, then a participle
        follows = shifted(participle & (self.kind == Part.CONTENT), -1) & together
        leads |= passive & follows
        for _ in range(3):  # "has | not | been | delivered"
            next_leads = shifted(leads, -1) & together
            leads |= (helper | negation) & next_leads
        # The subject stands before: a question or a bare verb phrase keeps its helper.
        result = leads & helper
        subject = shifted(self.kind == Part.CONTENT, 1) & ~shifted(self._verb, 1)
        subject &= np.append(False, together[:-1])[: len(subject)]
        opened = np.zeros(len(self.kind), dtype=bool)
        opened |= leads & subject
        for _ in range(3):
            opened |= leads & shifted(opened, 1)
        return result & opened

    def _tells_story(self, start: int, size: int) -> bool:
        """Return whether somebody did something to something: "customer pressed button"."""
        for place in range(start + 1, start + size - 1):
            if (
                self.past[place]
                and self.kind[place - 1] in (Part.CONTENT, Part.MODIFIER)
                and self.kind[place + 1] in (Part.CONTENT, Part.MODIFIER)
            ):
                return True
        return False

    def _judges_use(self) -> Bools:
        """Tell light verbs that end a judgement: "easy to use", "hard to find"."""
        weighty = np.isin(self.kind, [Part.CONTENT, Part.MODIFIER])
        judged = shifted(weighty, 2) & (shifted(self.segment, 2) == self.segment)
        return (self.kind == Part.LIGHT) & shifted(self._around.own(_TO), 1) & judged

    def _of_verbs(self, kept: Ints) -> Bools:
        """Tell particles that belong to the verb before: mostly nothing follows the two."""
        if not self.corpus.english:
            return np.zeros(len(kept), dtype=bool)
        particle = self._around.own(PARTICLES) & shifted(self.kind == Part.CONTENT, 1)
        particle &= np.diff(kept, prepend=-2) == 1
        where = np.flatnonzero(particle)
        result = np.zeros(len(kept), dtype=bool)
        pair = self.stem[where - 1] * len(self.corpus.stem_names) + self.stem[where]
        _, number = np.unique(pair, return_inverse=True)
        share = np.bincount(number, self._closed()[where]) / (np.bincount(number) + 1)
        # "which month does my card expire | in": a thing was asked for, nothing expires in.
        use = np.bincount(self.stem, minlength=len(self.corpus.stem_names))
        doing = self.corpus.nounness[self.stem[where - 1]] < _VERB
        stray = np.bincount(number)[number] < _WITH_PARTICLE * use[self.stem[where - 1]]
        stray &= doing & self._around.own(_IN_OR_ON)[where]
        result[where] = (share[number] >= 0.5) & ~stray
        return result


def _after_not(kind: NDArray[np.int8], segment: Ints) -> Bools:
    """Per word of the stream: whether one of the four words before it in its clause negates."""
    negation = kind == Part.NEGATION
    result = np.zeros(len(kind), dtype=bool)
    for distance in range(1, LOOK_BACK + 1):
        if distance < len(kind):
            same = segment[distance:] == segment[:-distance]
            result[distance:] |= negation[:-distance] & same
    return result
