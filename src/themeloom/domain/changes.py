"""What an edit did to the project, told after its commit so that screens refresh what is touched."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Deed:
    """One undo step as screens need to know it.

    Attributes:
        name: stands behind "Undo" in the menu: "merge of 3 themes into Pricing jump at renewal".
        themes: titles, status, tree or evidence of themes changed.
        excerpts: inner numbers of the excerpts whose decisions changed.
        insights: what a person set of insights, or a choice for all of them (roster, limits), changed.
        content: sources, records or the active run changed: everything has to be read anew.
    """

    name: str
    themes: bool = False
    excerpts: tuple[int, ...] = ()
    insights: bool = False
    content: bool = False


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One step of the project's history, newest steps have the largest ``seq``."""

    seq: int
    when: str  # ISO 8601, UTC
    name: str
    undone: bool
