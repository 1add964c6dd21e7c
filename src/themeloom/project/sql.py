"""Running SQL, with types: apsw's stubs name a type that Python 3.11 does not have."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, cast

import apsw

Bindings = Sequence[Any] | Mapping[str, Any]


def execute(connection: apsw.Connection, sql: str, bindings: Bindings = ()) -> None:
    """Run statements to their end."""
    for _ in cast(Any, connection).execute(sql, bindings):
        pass


def execute_many(connection: apsw.Connection, sql: str, each: Iterable[Bindings]) -> None:
    """Run a statement once for each set of bindings."""
    cast(Any, connection).executemany(sql, each)


def rows(connection: apsw.Connection, sql: str, bindings: Bindings = ()) -> list[tuple[Any, ...]]:
    """Return all rows."""
    return cast(Any, connection).execute(sql, bindings).fetchall()


def blocks(
    connection: apsw.Connection, sql: str, bindings: Bindings = (), *, size: int = 1_000
) -> Iterator[list[tuple[Any, ...]]]:
    """Yield all rows in lists of ``size``: large results never stand whole in memory as tuples.

    Small ones: no other thread runs while one is turned into columns, the window's least of all.
    """
    cursor: Iterator[tuple[Any, ...]] = iter(cast(Any, connection).execute(sql, bindings))
    while block := list(islice(cursor, size)):
        yield block


def value(connection: apsw.Connection, sql: str, bindings: Bindings = ()) -> Any:
    """Return the first column of the first row, or None without rows."""
    row = cast(Any, connection).execute(sql, bindings).fetchone()
    return None if row is None else row[0]
