"""Which turns of a talk carry no theme: the interviewer's, small talk, "mm-hm"."""

import re
from dataclasses import dataclass
from functools import cache

from themeloom.base.text import count_words, fold, sentence_spans
from themeloom.base.words import word_list
from themeloom.domain.themes import Reason


@dataclass(frozen=True, slots=True)
class Turn:
    """One row of ``turns_json``; positions are code points of the record's text."""

    speaker: str | None
    start: int
    end: int
    place: str | None
    is_interviewer: bool


def left_out_turns(text: str, turns: list[Turn]) -> list[Reason | None]:
    """Return for each turn why it carries no theme, or None.

    Small talk is: turns of back-channel words alone; the opening up to the answer to the last
    question about sound, weather or recording in the first quarter; the closing from the
    interviewer's thanks or good-bye on in the last quarter, unless a later question reopens the
    talk. Long turns count whatever they answer.
    """
    said = [fold(text[turn.start : turn.end]) for turn in turns]
    opening, closing = 0, len(turns)
    if any(turn.speaker for turn in turns):  # else: the paragraphs of notes
        opening = _opening_end(turns, [_asked(text, turn) for turn in turns])
        closing = _closing_start(turns, said)
    reasons: list[Reason | None] = []
    for index, turn in enumerate(turns):
        at_edge = index < opening or index >= closing
        if turn.is_interviewer:
            reasons.append(Reason.INTERVIEWER)
        elif _is_back_channel(said[index]) or (at_edge and not _is_long(said[index])):
            reasons.append(Reason.SMALL_TALK)
        else:
            reasons.append(None)
    return reasons


#: The share of a talk's turns, and how many at most, in which an opening or closing can lie.
_EDGE_SHARE = 0.25
_EDGE_AT_LEAST = 4
_EDGE_AT_MOST = 16
#: A turn of so many words says something even at the edge.
_LONG = 60
_BACK_CHANNEL_WORDS = 6
#: A participant's good-bye is short; the same words in a story are none.
_GOOD_BYE = 12


def _opening_end(turns: list[Turn], asked: list[str]) -> int:
    end = 0
    for index in range(min(len(turns), _edge(turns))):
        if not _has_cue(asked[index], "opening"):
            continue
        end = index + 1
        if turns[index].is_interviewer:
            while end < len(turns) and not turns[end].is_interviewer:
                end += 1
    return end


def _closing_start(turns: list[Turn], said: list[str]) -> int:
    start = len(turns)
    for index in range(max(0, len(turns) - _edge(turns)), len(turns)):
        turn = turns[index]
        if turn.is_interviewer and _has_cue(said[index], "reopening"):
            start = len(turns)
        elif start < len(turns) or not _has_cue(said[index], "closing"):
            continue
        elif turn.is_interviewer or count_words(said[index]) <= _GOOD_BYE:
            start = index
    return start


def _edge(turns: list[Turn]) -> int:
    return min(_EDGE_AT_MOST, max(_EDGE_AT_LEAST, round(len(turns) * _EDGE_SHARE)))


def _asked(text: str, turn: Turn) -> str:
    """What a turn leaves to answer: an interviewer's last sentence, else all of it."""
    spans = sentence_spans(text, turn.start, turn.end)
    if turn.is_interviewer and spans:
        return fold(text[slice(*spans[-1])])
    return fold(text[turn.start : turn.end])


def _has_cue(said: str, section: str) -> bool:
    return bool(_cues(section).search(said))


@cache
def _cues(section: str) -> re.Pattern[str]:
    phrases = sorted(word_list("small_talk", section))
    return re.compile(r"\b(?:" + "|".join(map(re.escape, phrases)) + r")")


def _is_back_channel(said: str) -> bool:
    words = [word.strip(".,!?…-–—'\"()。、！？") for word in said.split()]
    words = [word for word in words if word]
    known = word_list("small_talk", "back-channel")
    return len(words) <= _BACK_CHANNEL_WORDS and all(word in known for word in words)


def _is_long(said: str) -> bool:
    return count_words(said) >= _LONG
