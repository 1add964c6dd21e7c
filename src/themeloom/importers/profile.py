"""What a profile of a tool says: how to know its export, what its columns are for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from themeloom.domain.records import Kind, Role
from themeloom.importers.names import fold


@dataclass(frozen=True, slots=True)
class RowRule:
    """Rows that are not the customer's words: ``column`` holds one of ``values`` (both folded)."""

    column: str
    values: frozenset[str]
    reason: str


@dataclass(frozen=True, slots=True)
class Profile:
    """One tool's export.

    Attributes:
        name: what ``--profile`` calls it.
        kind: what its rows are, or None where the columns decide.
        signs: folded headers by which it is known; ``needed`` of them must be there.
        questions: how many headers of four words or more must be there as well.
        roles: folded headers in order of preference, for roles that names alone do not tell.
        updated: folded headers of the column that says when a row was changed last.
        internal: rows that are passed over.
        bodies: for tools whose usual export has subjects only: which export has the texts.
    """

    name: str
    kind: Kind | None = None
    signs: frozenset[str] = frozenset()
    needed: int = 1
    questions: int = 0
    roles: Mapping[Role, tuple[str, ...]] = field(default_factory=dict[Role, tuple[str, ...]])
    updated: tuple[str, ...] = ()
    internal: tuple[RowRule, ...] = ()
    bodies: str | None = None

    def signs_in(self, folded_headers: Sequence[str]) -> int:
        """Return how many signs the headers bear; 0 where they are too few for this profile."""
        found = len(self.signs.intersection(folded_headers))
        questions = sum(len(header.split()) >= 4 for header in folded_headers)
        return found if found >= self.needed and questions >= self.questions else 0


def signs(text: str) -> frozenset[str]:
    """Return the comma-separated headers of ``text``, folded."""
    return frozenset(fold(part) for part in text.split(","))
