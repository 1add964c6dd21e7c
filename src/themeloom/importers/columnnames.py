"""Columns that a person names: found in the table however they are spelt."""

from collections.abc import Sequence

from themeloom.domain.errors import ImportFileError
from themeloom.domain.records import ColumnMap
from themeloom.importers.names import fold
from themeloom.importers.tables import Table

_MOST = (
    600  # characters of a list: survey tools have hundreds of columns, called by whole questions
)


def listed(headers: Sequence[str]) -> str:
    """Return the names for a message: as many as a person reads, then how many more there are."""
    shown: list[str] = []
    length = 0
    for header in headers:
        length += len(header) + 2
        if shown and length > _MOST:
            break
        shown.append(header)
    left = len(headers) - len(shown)
    return ", ".join(shown) + (f" and {left:,} more" if left else "")


def named_columns(table: Table, wanted: ColumnMap, file: str) -> ColumnMap:
    """Return ``wanted`` with the headers as they stand in the table.

    Names match without regard to case, accents and punctuation; a column's letter ("Column C")
    and its short name in a survey tool work as well.

    Raises:
        ImportFileError: a column does not exist; the hint lists those that do.
    """
    by_name: dict[str, str] = {}
    for header in reversed(table.headers):  # the first of several wins
        for alias in table.aliases.get(header, ()):
            by_name[fold(alias)] = header
    for header in reversed(table.headers):
        by_name[fold(header)] = header
    exact = set(table.headers)

    def find(name: str) -> str:
        if name in exact:
            return name
        found = by_name.get(fold(name)) if fold(name) else None
        if found is None:
            raise ImportFileError(
                f"There is no column “{name}”.",
                file=file,
                place=f"sheet “{table.sheet}”" if table.sheet else None,
                hint=f"Its columns are: {listed(table.headers)}.",
            )
        return found

    def one(name: str | None) -> str | None:
        return None if name is None else find(name)

    return ColumnMap(
        text=tuple(find(name) for name in wanted.text),
        subject=one(wanted.subject),
        id=one(wanted.id),
        date=one(wanted.date),
        score=one(wanted.score),
        author=one(wanted.author),
        email=one(wanted.email),
        account=one(wanted.account),
        segments=tuple(find(name) for name in wanted.segments),
        fields=tuple(find(name) for name in wanted.fields),
    )
