"""What is searched for, as a tree of words and filters; ``domain.asking`` reads it from a line."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from themeloom.base.matching import Word, words_of
from themeloom.domain.records import Kind


class Property(StrEnum):
    """What a filter can compare by words; the value is the filter's name."""

    SOURCE = "source"
    ACCOUNT = "account"
    PERSON = "person"
    THEME = "theme"
    LANGUAGE = "lang"


class State(StrEnum):
    """What an excerpt can be, asked for with ``is:``."""

    REVIEWED = "reviewed"
    UNREVIEWED = "unreviewed"
    UNSORTED = "unsorted"
    SORTED = "sorted"


class ScoreGroup(StrEnum):
    """The three groups of NPS answers."""

    DETRACTOR = "detractor"
    PASSIVE = "passive"
    PROMOTER = "promoter"


#: Lowest and highest score of each group (Reichheld 2003, "The One Number You Need to Grow").
SCORES_OF = {
    ScoreGroup.DETRACTOR: (0, 6),
    ScoreGroup.PASSIVE: (7, 8),
    ScoreGroup.PROMOTER: (9, 10),
}


@dataclass(frozen=True, slots=True)
class Words:
    """Words that follow each other (``base.matching`` forms); the last may go on with ``open``."""

    forms: tuple[str, ...]
    open: bool = False


@dataclass(frozen=True, slots=True)
class Like:
    """A property that holds one of the values (``base.matching.searchable`` form)."""

    property: Property
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InSegment:
    """A segment, by its name as the project has it, that holds one of the values."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OfKind:
    """A record of one of these kinds."""

    kinds: frozenset[Kind]


@dataclass(frozen=True, slots=True)
class Scored:
    """A score from ``lowest`` to ``highest``, both included."""

    lowest: float = -math.inf
    highest: float = math.inf


@dataclass(frozen=True, slots=True)
class InScoreGroup:
    """An NPS answer of one of these groups."""

    groups: frozenset[ScoreGroup]


@dataclass(frozen=True, slots=True)
class Dated:
    """A date from ``first`` to ``last``, both days included; None is open."""

    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Is:
    """An excerpt in this state."""

    state: State


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one part holds."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: "Node"


Filter = Like | InSegment | OfKind | Scored | InScoreGroup | Dated | Is
Node = Words | Filter | All | Either | Not


@dataclass(frozen=True, slots=True)
class Parsed:
    """What was understood.

    Attributes:
        tree: None where nothing is asked for.
        message: one sentence for the screen where something was not understood.
    """

    tree: Node | None = None
    message: str | None = None


def found_spans(text: str, tree: Node | None) -> list[tuple[int, int]]:
    """Return where ``text`` holds words that ``tree`` asks for, in order, none overlapping."""
    phrases = list(_asked_words(tree)) if tree else []
    if not phrases:
        return []
    words = words_of(text)
    spans = sorted(
        (words[at].start, words[at + len(phrase.forms) - 1].end)
        for phrase in phrases
        for at in range(len(words) - len(phrase.forms) + 1)
        if _stands_at(phrase, words, at)
    )
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        # Characters of one run (東京) are words that touch: one mark, not two.
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _stands_at(phrase: Words, words: list[Word], at: int) -> bool:
    *before, last = phrase.forms
    if any(words[at + place].form != form for place, form in enumerate(before)):
        return False
    found = words[at + len(before)].form
    return found.startswith(last) if phrase.open else found == last


def _asked_words(node: Node) -> Iterator[Words]:
    """Yield the words that are asked for; not those that must not stand there."""
    if isinstance(node, Words):
        yield node
    elif isinstance(node, All | Either):
        for part in node.parts:
            yield from _asked_words(part)
