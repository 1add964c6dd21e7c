"""What one undo step changed: values before and after, and how either side is put in place."""

import io
import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

import apsw
import polars as pl

from themeloom.domain.changes import Deed
from themeloom.domain.errors import ProjectError
from themeloom.domain.frames import Schema
from themeloom.project.schema import State
from themeloom.project.sql import execute, execute_many, value

Side = Literal["before", "after"]
Pair = tuple[str | None, str | None]

#: Steps with more rows keep them as one compressed columnar blob.
MANY = 10_000

#: Rows of the table of this name, by inner numbers.
DECISIONS: Schema = {
    "excerpt": pl.Int64,
    "theme": pl.Int64,  # null: a person found that none fits
    "method": pl.String,
    "similarity": pl.Float64,
    "primary": pl.Boolean,
    "reviewed": pl.Boolean,
}

#: Columns of ``themes`` that edits change.
_THEME_COLUMNS = frozenset(
    "parent level title definition memo status position fate merged_into touched"
    " chosen_phrases_json chosen_quotes_json".split()
)


@dataclass(frozen=True)
class Changes:
    """One step.

    Attributes:
        themes: inner number → column → values before and after.
        before: DECISIONS that the step replaced.
        after: DECISIONS that it made; each excerpt whose decisions it touched is here.
        shown: imports ("batches") and runs that are visible when the step is done.
        removed: numbers of sources that are hidden when it is done.
        fields: inner number of a theme → field of its insight → values before and after; None
            where nothing is set.
        choices: key → values before and after; None where nothing is chosen.
    """

    themes: dict[int, dict[str, tuple[Any, Any]]] = field(
        default_factory=dict[int, dict[str, tuple[Any, Any]]]
    )
    before: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=DECISIONS))
    after: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=DECISIONS))
    shown: tuple[tuple[Literal["batches", "runs"], int], ...] = ()
    removed: tuple[int, ...] = ()
    fields: dict[int, dict[str, Pair]] = field(default_factory=dict[int, dict[str, Pair]])
    choices: dict[str, Pair] = field(default_factory=dict[str, Pair])

    def __bool__(self) -> bool:
        """Tell whether anything changes."""
        return bool(
            self.themes
            or self.after.height
            or self.shown
            or self.removed
            or self.fields
            or self.choices
        )

    def deed(self, name: str) -> Deed:
        """Return what screens need to know of this step."""
        return Deed(
            name,
            themes=bool(self.themes),
            excerpts=tuple(self.after["excerpt"].unique(maintain_order=True).to_list()),
            insights=bool(self.fields or self.choices),
            content=bool(self.shown or self.removed),
        )


def put(connection: apsw.Connection, changes: Changes, side: Side) -> None:
    """Make the project what it was before the step, or what it is after it.

    Raises:
        ProjectError: an import or a run would be shown or hidden while another is being written.
    """
    place = 0 if side == "before" else 1
    for theme, columns in changes.themes.items():
        names = sorted(columns.keys() & _THEME_COLUMNS)
        sql = f"UPDATE themes SET {', '.join(f'{name} = ?' for name in names)} WHERE tid = ?"
        execute(connection, sql, [*(columns[name][place] for name in names), theme])
    if changes.after.height:
        old, new = changes.before, changes.after
        _decide(connection, *((old, new) if side == "after" else (new, old)))
    if changes.shown or changes.removed:
        _refuse_while_writing(connection)
    state = State.VISIBLE if side == "after" else State.HIDDEN
    for table, number in changes.shown:
        table = "batches" if table == "batches" else "runs"
        execute(connection, f"UPDATE {table} SET state = ? WHERE seq = ?", (state, number))
    for number in changes.removed:
        execute(connection, "UPDATE sources SET removed = ? WHERE seq = ?", (place, number))
    for theme, values in changes.fields.items():
        for name, pair in values.items():
            _set(connection, "insight_fields", {"theme": theme, "field": name}, pair[place])
    for key, pair in changes.choices.items():
        _set(connection, "choices", {"key": key}, pair[place])


def pack(changes: Changes) -> tuple[bytes, bytes | None]:
    """Return the step as compressed JSON, and its decisions as Arrow where they are many."""
    plain: dict[str, Any] = {
        "themes": changes.themes,
        "shown": changes.shown,
        "removed": changes.removed,
        "fields": changes.fields,
        "choices": changes.choices,
    }
    many = None
    if changes.before.height + changes.after.height > MANY:
        many = _to_arrow(changes)
    else:
        plain |= {"before": changes.before.rows(), "after": changes.after.rows()}
    return zlib.compress(json.dumps(plain, separators=(",", ":")).encode()), many


def unpack(payload: bytes, many: bytes | None) -> Changes:
    """Return what ``pack`` was given."""
    plain: dict[str, Any] = json.loads(zlib.decompress(payload))
    if many is None:
        before, after = (decision_frame(plain[side]) for side in ("before", "after"))
    else:
        both = pl.read_ipc(io.BytesIO(many))
        before, after = (
            both.filter(pl.col("done") == done).select(list(DECISIONS)) for done in (False, True)
        )
    return Changes(
        themes={
            int(theme): {name: (old, new) for name, (old, new) in columns.items()}
            for theme, columns in plain["themes"].items()
        },
        before=before,
        after=after,
        shown=tuple((table, number) for table, number in plain["shown"]),
        removed=tuple(plain["removed"]),
        # Steps of format 2 have neither.
        fields={
            int(theme): {name: (old, new) for name, (old, new) in values.items()}
            for theme, values in plain.get("fields", {}).items()
        },
        choices={key: (old, new) for key, (old, new) in plain.get("choices", {}).items()},
    )


def decision_frame(rows: Iterable[Iterable[Any]]) -> pl.DataFrame:
    """Return DECISIONS of rows in the order of its columns."""
    return pl.DataFrame([tuple(row) for row in rows], schema=DECISIONS, orient="row")


def _to_arrow(changes: Changes) -> bytes:
    both = [
        frame.with_columns(pl.lit(done).alias("done"))
        for frame, done in ((changes.before, False), (changes.after, True))
    ]
    buffer = io.BytesIO()
    pl.concat(both).write_ipc(buffer, compression="zstd")
    return buffer.getvalue()


def _decide(connection: apsw.Connection, old: pl.DataFrame, new: pl.DataFrame) -> None:
    excerpts = pl.concat([old["excerpt"], new["excerpt"]]).unique().sort()
    execute(
        connection,
        "DELETE FROM decisions WHERE excerpt IN (SELECT value FROM json_each(?))",
        (json.dumps(excerpts.to_list()),),
    )
    execute_many(connection, "INSERT INTO decisions VALUES (?, ?, ?, ?, ?, ?)", new.rows())


def _set(connection: apsw.Connection, table: str, keys: dict[str, Any], new: str | None) -> None:
    where = " AND ".join(f"{name} = ?" for name in keys)
    execute(connection, f"DELETE FROM {table} WHERE {where}", list(keys.values()))
    if new is not None:
        places = ", ".join("?" for _ in range(len(keys) + 1))
        execute(connection, f"INSERT INTO {table} VALUES ({places})", [*keys.values(), new])


def _refuse_while_writing(connection: apsw.Connection) -> None:
    """What is being written was prepared against what is visible now."""
    for under_way, name in (("batches", "An import"), ("runs", "A search for themes")):
        sql = f"SELECT count(*) FROM {under_way} WHERE state = ?"
        if value(connection, sql, (State.STAGING,)):
            raise ProjectError(
                f"{name} is being written.", hint="Wait until it is done, or cancel it."
            )
