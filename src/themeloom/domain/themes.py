"""Themes, groups and runs, and the states they can be in."""

from dataclasses import dataclass, field
from enum import StrEnum


class Level(StrEnum):
    """Where a theme stands in the tree."""

    GROUP = "group"
    THEME = "theme"
    SUB_THEME = "sub-theme"


#: What ids begin with, by level: "T-0012".
PREFIX = {Level.GROUP: "G", Level.THEME: "T", Level.SUB_THEME: "S"}


class Status(StrEnum):
    """A theme's standing; ``ACTIVE`` means that a person accepted it."""

    PROPOSED = "proposed"
    ACTIVE = "active"
    LOCKED = "locked"
    DORMANT = "dormant"


class Method(StrEnum):
    """How an excerpt came to its theme."""

    AUTO = "auto"
    RULE = "rule"
    MANUAL = "manual"


class Stance(StrEnum):
    """What an excerpt has to say when others are sorted by what a person reviewed."""

    EXAMPLE = "example"  # a person put it under its theme, or confirmed it there
    REJECTED = "rejected"  # a person found that its theme does not fit, nor any other
    FIXED = "fixed"  # locked, placed by a rule, or in several themes: stays where it is
    FREE = "free"  # may go elsewhere


class Fineness(StrEnum):
    """How finely a run divides the texts, against what it would find by itself."""

    FEWER = "fewer"
    BALANCED = "balanced"
    MORE = "more"


class Reason(StrEnum):
    """Why an excerpt is unsorted or was left out of themes."""

    TOO_FAR = "too far"
    TIE = "tie"
    TOO_SHORT = "too short"
    NON_ANSWER = "non-answer"
    LANGUAGE = "language"
    INTERVIEWER = "interviewer"
    SMALL_TALK = "small talk"
    SET_ASIDE = "set aside by hand"
    DELETED = "theme deleted"
    NO_SEARCH = "no search yet"  # shown before the first search, never stored


#: Reasons that leave an excerpt out of the base of coverage: nobody expects a theme for it.
OUT_OF_BASE = frozenset({Reason.NON_ANSWER, Reason.INTERVIEWER, Reason.SMALL_TALK})

#: Shares of a theme's own excerpts that fit it worse than one whose fit is Strong, or Good.
STRONG_SHARE, GOOD_SHARE = 0.5, 0.15
#: Texts of a selection that others are compared with; more only repeat what these say.
MOST_ASKED = 64
#: Different texts that it takes to find parts of a theme.
FEWEST_TO_SPLIT = 6


@dataclass(frozen=True, slots=True)
class NewPart:
    """What a theme is split into: a theme that does not exist yet.

    ``similarity`` says how like the part each of ``excerpts`` (their ids) is, 0 to 1.
    """

    title: str
    excerpts: tuple[str, ...]
    similarity: tuple[float, ...]
    definition: str = ""
    key_phrases: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()  # excerpt ids, most central first


@dataclass(frozen=True, slots=True)
class Run:
    """One synthesis: what went in and what made it, so that it can be repeated and explained."""

    id: str
    created: str  # ISO 8601, UTC
    seed: int
    inputs_hash: str
    parameters: dict[str, object] = field(default_factory=dict[str, object])
    versions: dict[str, str] = field(default_factory=dict[str, str])
    why: str = ""  # why this number of themes, in plain words
