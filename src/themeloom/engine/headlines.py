"""How a phrase reads as a heading: what its wording costs, in units of cosine.

English only, by the parts that words play and how they are used in the corpus at hand. What the
costs are was chosen by reading titles of several corpora beside their quotes.
"""

from collections.abc import Sequence
from itertools import pairwise

from themeloom.engine.candidates import ALONE, is_claim
from themeloom.engine.counts import Corpus
from themeloom.engine.stream import Span
from themeloom.engine.wording import JUDGEMENTS, Part, is_participle, part_of, stem

_OF_A_DAY = 0.05  # "weather for today"
_NOBODY_DOES = 0.02  # "did not make payment"
_LEANS = 0.2  # a word alone that is no thing: "good", "latest"
_NO_MATTER = 0.2  # "more time again"
_BARE_JUDGEMENT = 0.1  # "reviews good"
_TO_DO = 0.12  # "phone to be returned"
_SOMEBODY_TO = 0.08  # "friend to send money"
_EMPTY = 0.02  # "withdrawal says pending"
_TO_COME = 0.03  # "card is going to expire"
_ONLY_SHOWS = 0.09  # "app shows cash"
_TALKED = 0.1  # "item is gonna arrive"
_OF_WHAT = 0.06  # "error"
_DISAGREES = 0.03  # "credit card expire"
_WHICH = 0.06  # "other projects"

_SEEMS = frozenset(
    "say says said seem seems seemed appear appears appeared tell tells told".split()
)
_SPOKEN = frozenset("gonna gotta wanna".split())
_SHOWS = frozenset("show shows showing showed shown".split())
_NEEDS = frozenset("need needs needed want wants wanted would wish wishes".split())
_POINTS = frozenset("other another last next first second same super pretty".split())
#: What one may have "to do something".
_TAKE_TO = frozenset(
    "option options ability way ways permission time chance need right rights request attempt plan"
    " decision failure refusal reminder button feature possibility opportunity".split()
)
# How noun-like a word is that is surely one, may be one, or is surely a verb.
_THING, _RATHER_THING, _OFTEN_DONE = 0.7, 0.6, 0.3


def clumsiness(span: Span, corpus: Corpus) -> float:
    """Return what a heading's wording costs, 0 for nothing: "weather for today", "reviews good"."""
    words = span.text.casefold().split()
    parts = [part_of(word) for word in words]
    cost = _OF_A_DAY * (Part.TIME in parts)
    cost += _NOBODY_DOES * (parts[0] == Part.AUX)
    if not corpus.english:
        return cost
    alone = float(corpus.stands_alone[span.stems[-1]]) if span.stems else 0.0
    cost += _LEANS * (span.size == 1 and alone < ALONE)
    cost += _TO_COME * _looks_ahead(words)
    cost += _NO_MATTER * (Part.CONTENT not in parts)
    cost += _BARE_JUDGEMENT * (len(words) > 1 and words[-1] in JUDGEMENTS)
    cost += _WHICH * (len(words) > 1 and words[0] in _POINTS)
    cost += _DISAGREES * _disagrees(span, corpus)
    cost += _waits_to_do(span, corpus)
    cost += _EMPTY * any(word in _SEEMS for word in words[1:-1])
    cost += _ONLY_SHOWS * (any(word in _SHOWS for word in words[1:]) and not is_claim(span, corpus))
    cost += _TALKED * any(word in _SPOKEN for word in words)
    cost += _OF_WHAT * (span.size == 1 and is_claim(span, corpus))
    return cost


def _waits_to_do(span: Span, corpus: Corpus) -> float:
    """Return what it costs that a phrase is a thing and what it needs: "phone to be returned"."""
    words = span.text.casefold().split()
    if span.begins_with != Part.CONTENT or not span.stems or span.negates:
        return 0.0
    if float(corpus.nounness[span.stems[0]]) < _RATHER_THING:
        return 0.0
    if any(word in _NEEDS for word in words[1:-1]):
        return _TO_DO
    if "to" not in words[1:-1]:
        return 0.0
    place = words.index("to", 1)
    before, after = words[place - 1], words[place + 1]
    if part_of(after) in (Part.AUX, Part.LIGHT):
        return _TO_DO
    asks = part_of(before) == Part.CONTENT and before not in _TAKE_TO and not is_participle(before)
    return _SOMEBODY_TO * (asks and stem(after) in corpus.verbs)


def _looks_ahead(words: Sequence[str]) -> bool:
    """Return whether a heading tells in the future what it could tell in the present."""
    return "will" in words[1:] or ("going", "to") in pairwise(words)


def _disagrees(span: Span, corpus: Corpus) -> bool:
    """Return whether a verb does not go with the one thing before it: "card expire"."""
    words = span.text.casefold().split()
    if span.negates or min(len(words), len(span.stems)) < 2:
        return False
    before, last = words[-2:]
    if stem(before) != corpus.stem_names[span.stems[-2]]:
        return False
    noun, verb = (float(corpus.nounness[number]) for number in span.stems[-2:])
    plain = not last.endswith(("s", "ing")) and not is_participle(last)
    return plain and verb < _OFTEN_DONE and noun >= _THING and not before.endswith("s")
