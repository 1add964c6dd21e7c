"""What people set of insights, choices for the whole project, and the log of what left it."""

import json
import zlib
from collections.abc import Mapping

import apsw
import polars as pl

from themeloom.domain import frames
from themeloom.domain.changes import Deed
from themeloom.domain.insights import Delivery, Field
from themeloom.project import queries
from themeloom.project.changes import Changes, Pair
from themeloom.project.journal import do
from themeloom.project.lookups import count_of, living
from themeloom.project.resolving import LIVING_THEMES
from themeloom.project.sql import execute, rows

_DELIVERY = "delivery_id, created, kind, format, recipient, place, about_json"


def edit_insights(
    connection: apsw.Connection,
    edits: Mapping[str, Mapping[Field, str | None]],
    name: str | None,
) -> Deed | None:
    """Set fields of insights (theme id → field → value; None: as drafted), as one step.

    Raises:
        ProjectError: no such theme.
    """
    fields, titles, words = _differences(connection, edits)
    if name is None:
        what = next(iter(words)) if len(words) == 1 else count_of(len(words), "field")
        of = titles[0] if len(titles) == 1 else count_of(len(titles), "insight")
        name = f"change of {what} of {of}"
    return do(connection, name, Changes(fields=fields))


def choose(connection: apsw.Connection, key: str, new: str | None, name: str) -> Deed | None:
    """Set a choice for the whole project (None: the usual one), as one step called ``name``."""
    old = choice(connection, key)
    return do(connection, name, Changes(choices={} if old == new else {key: (old, new)}))


def set_roster(
    connection: apsw.Connection,
    roster: pl.DataFrame,
    edits: Mapping[str, Mapping[Field, str | None]],
    name: str,
) -> Deed | None:
    """Put ROSTER in the place of what was imported until now, as one step called ``name``.

    ``edits`` are fields of insights that change along, as in ``edit_insights``.
    """
    after = queries.newest_batch(connection, "roster")
    rows_ = [list(row) for row in roster.select(list(frames.ROSTER)).iter_rows()]
    new = json.dumps({"after": after, "rows": rows_}, ensure_ascii=False)
    old = choice(connection, queries.ROSTER_CHOICE)
    choices: dict[str, Pair] = {} if old == new else {queries.ROSTER_CHOICE: (old, new)}
    fields, _titles, _words = _differences(connection, edits)
    return do(connection, name, Changes(fields=fields, choices=choices))


def insight_fields(connection: apsw.Connection) -> pl.DataFrame:
    """Return INSIGHT_FIELDS of the themes that a person sees."""
    found = rows(
        connection,
        "SELECT t.theme_id, f.field, f.value FROM insight_fields f JOIN themes t ON t.tid = f.theme"
        f" WHERE {LIVING_THEMES} ORDER BY t.theme_id, f.field",
    )
    return pl.DataFrame(list(found), schema=frames.INSIGHT_FIELDS, orient="row")


def own_quotes(connection: apsw.Connection) -> frozenset[str]:
    """Return the ids of themes whose quotes a person chose."""
    sql = (
        f"SELECT t.theme_id FROM themes t WHERE {LIVING_THEMES}"
        " AND t.chosen_quotes_json IS NOT NULL AND t.chosen_quotes_json <> '[]'"
    )
    return frozenset(str(row[0]) for row in rows(connection, sql))


def choice(connection: apsw.Connection, key: str) -> str | None:
    """Return what was chosen, or None."""
    return queries.choice(connection, key)


def choices(connection: apsw.Connection) -> dict[str, str]:
    """Return all that was chosen."""
    return dict(map(tuple, rows(connection, "SELECT key, value FROM choices ORDER BY key")))


def add_delivery(connection: apsw.Connection, delivery: Delivery) -> None:
    """Write down that something left the project; no undo step."""
    execute(
        connection,
        f"INSERT INTO deliveries ({_DELIVERY}, written) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            delivery.id,
            delivery.created,
            delivery.kind,
            delivery.format,
            delivery.recipient,
            delivery.place,
            json.dumps(dict(delivery.about), ensure_ascii=False),
            zlib.compress(
                json.dumps(
                    {key: dict(values) for key, values in delivery.values.items()},
                    ensure_ascii=False,
                    separators=(",", ":"),
                ).encode()
            ),
        ),
    )


def deliveries(connection: apsw.Connection, *, values: bool) -> list[Delivery]:
    """Return the log, oldest first; ``values`` with what was written."""
    found = rows(connection, f"SELECT {_DELIVERY}, written FROM deliveries ORDER BY seq")
    return [_delivery(row, values=values) for row in found]


def delivery(connection: apsw.Connection, delivery_id: str) -> Delivery | None:
    """Return one entry of the log with what was written."""
    sql = f"SELECT {_DELIVERY}, written FROM deliveries WHERE delivery_id = ?"
    for row in rows(connection, sql, (delivery_id,)):
        return _delivery(row, values=True)
    return None


def _delivery(row: tuple[object, ...], *, values: bool) -> Delivery:
    *told, about, written = row
    known = [str(one) for one in told]
    return Delivery(
        *known,
        values=json.loads(zlib.decompress(written))
        if values and isinstance(written, bytes)
        else {},
        about=json.loads(str(about)),
    )


def _differences(
    connection: apsw.Connection, edits: Mapping[str, Mapping[Field, str | None]]
) -> tuple[dict[int, dict[str, Pair]], list[str], set[str]]:
    """Return what really changes, the titles of its themes, and the names of its fields."""
    fields: dict[int, dict[str, Pair]] = {}
    titles: list[str] = []
    words: set[str] = set()
    for theme_id, wanted in edits.items():
        theme = living(connection, theme_id)
        sql = "SELECT field, value FROM insight_fields WHERE theme = ?"
        known: dict[str, str] = dict(map(tuple, rows(connection, sql, (theme.tid,))))
        changed: dict[str, Pair] = {
            str(field): (known.get(field), new)
            for field, new in wanted.items()
            if known.get(field) != new
        }
        if changed:
            fields[theme.tid] = changed
            titles.append(f"“{theme.title}”")
            words |= changed.keys() - {Field.BASIS}
    return fields, titles, words
