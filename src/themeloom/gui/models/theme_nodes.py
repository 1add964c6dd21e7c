"""The themes of a view as nodes of a tree."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import polars as pl

from themeloom.base.folding import fold
from themeloom.domain.insights import Direction
from themeloom.domain.themes import Level, Status
from themeloom.gui.models.trend import rise

#: The sources whose shares are shown, in the order of their bars and letters.
SHARE_KINDS = ("ticket", "nps", "interview", "call")
#: What comes before what, from falling to rising.
_RISES = {
    Direction.FALLING: -1,
    Direction.UNKNOWN: 0,
    Direction.STEADY: 0,
    Direction.RISING: 1,
    Direction.NEW: 2,
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What a row of the tree shows of a theme.

    Attributes:
        shares: per kind of source the share of its answering records, None where it has none.
        trend: records per period, oldest first.
        direction: how it goes, as its insight says.
        color: place of its group, -1 for none.
    """

    title: str
    level: Level
    status: Status
    records: int
    excerpts: int
    shares: tuple[float | None, ...]
    trend: tuple[int, ...]
    direction: Direction
    color: int
    position: int


@dataclass(slots=True, eq=False)
class Node:
    """A theme and where it stands; ``number`` names it in model indexes, the root has 0."""

    number: int
    id: str
    facts: Facts
    parent: "Node | None" = None
    children: list["Node"] = field(default_factory=list["Node"])
    folded: str = ""

    @property
    def row(self) -> int:
        """Its place among its siblings."""
        return self.parent.children.index(self) if self.parent else 0

    def ancestors(self) -> Iterable["Node"]:
        """Return the nodes above, nearest first, without the root."""
        node = self.parent
        while node is not None and node.parent is not None:
            yield node
            node = node.parent

    def descendants(self) -> Iterable["Node"]:
        """Return the nodes below, top-down."""
        for child in self.children:
            yield child
            yield from child.descendants()


def root() -> Node:
    """Return the node above the groups; it is not shown."""
    return Node(
        0, "", Facts("", Level.GROUP, Status.ACTIVE, 0, 0, (), (), Direction.UNKNOWN, -1, 0)
    )


def read_facts(themes: pl.DataFrame) -> dict[str, tuple[str, Facts]]:
    """Return per theme id its parent's id ("" at the top) and its facts.

    Args:
        themes: ``View.themes``.
    """
    columns = [
        (
            "theme_id parent_id title level status records excerpts trend direction color position"
        ).split(),
        [f"share_{kind}" for kind in SHARE_KINDS],
    ]
    found: dict[str, tuple[str, Facts]] = {}
    known = set(themes["theme_id"])
    levels, statuses = {str(one): one for one in Level}, {str(one): one for one in Status}
    for row in themes.select(columns[0] + columns[1]).iter_rows():
        theme_id, parent, title, level, status, records, excerpts = row[:7]
        trend, direction, color, place = row[7:11]
        facts = Facts(
            title=title,
            level=levels[level],
            status=statuses[status],
            records=records,
            excerpts=excerpts,
            shares=tuple(row[11:]),
            trend=tuple(trend or ()),
            direction=Direction(direction),
            color=color,
            position=place,
        )
        found[theme_id] = (parent if parent in known else "", facts)
    return found


def sort_key(node: Node, by: str, *, descending: bool) -> tuple[float | str, ...]:
    """Return what siblings are sorted by; ties and ``position`` keep the project's order."""
    sign = -1 if descending else 1
    if by == "records":
        return (sign * node.facts.records, node.facts.position)
    if by == "trend":
        facts = node.facts
        return (sign * _RISES[facts.direction], sign * rise(facts.trend), facts.position)
    return (sign * node.facts.position,)


def in_order(nodes: Iterable[Node], by: str, *, descending: bool) -> list[Node]:
    """Return siblings sorted by "position", "title", "records" or "trend"."""
    if by == "title":
        return sorted(nodes, key=lambda node: node.folded, reverse=descending)
    return sorted(nodes, key=lambda node: sort_key(node, by, descending=descending))


def has_words(node: Node, words: Iterable[str]) -> bool:
    """Tell whether a title has all of the folded ``words``."""
    return all(word in node.folded for word in words)


def fold_title(title: str) -> str:
    """Return a title as it is searched and sorted."""
    return fold(title)
