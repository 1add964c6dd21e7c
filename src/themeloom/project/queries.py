"""Reading: visible rows as frames in a fixed order."""

import json
from collections.abc import Sequence
from typing import Any

import apsw
import polars as pl

from themeloom.domain import frames
from themeloom.domain.themes import Run
from themeloom.project.changes import DECISIONS
from themeloom.project.copies import with_originals
from themeloom.project.resolving import (
    KNOWN_THEMES,
    LIVING_THEMES,
    follow,
    numbers_led_on,
    resolve,
)
from themeloom.project.schema import State
from themeloom.project.sql import Bindings, blocks, rows, value

_SOURCES = (
    "SELECT s.seq FROM sources s JOIN batches b ON b.seq = s.batch"
    f" WHERE b.state = '{State.VISIBLE}' AND NOT s.removed"
)
_REPLACED = f"SELECT p.rid FROM replaced p WHERE p.source IN ({_SOURCES})"
#: For ``records r``: the newest visible version of each record.
VISIBLE_RECORDS = f"r.source IN ({_SOURCES}) AND r.rid NOT IN ({_REPLACED})"
#: For ``batches b``: what came with sources goes when all of them are removed.
_SOME_SOURCE_LEFT = (
    "(EXISTS (SELECT 1 FROM sources s WHERE s.batch = b.seq AND NOT s.removed)"
    " OR NOT EXISTS (SELECT 1 FROM sources s WHERE s.batch = b.seq))"
)
#: The newest visible run, or no row.
ACTIVE_RUN = f"SELECT max(seq) FROM runs WHERE state = '{State.VISIBLE}'"

_EXCERPT_COLUMNS = ("speaker", "place", "context", "language", "left_out")
_SHARES = 'a.excerpt, a.theme, a.method, a.similarity, a."primary", a.reviewed'
_RAW: frames.Schema = {
    "excerpt": pl.Int64,
    **{name: kind for name, kind in frames.ASSIGNMENTS.items() if name != "excerpt_id"},
}
_RAW_UNSORTED: frames.Schema = {
    "excerpt": pl.Int64,
    **{name: kind for name, kind in frames.UNSORTED.items() if name != "excerpt_id"},
}
#: A folder of notes is one source of many files.
_ORDER = ("source", "file", "row", "record_id")
_KEYS: frames.Schema = {
    "source": pl.Int64,
    "file": pl.String,
    "row": pl.Int64,
    "record_id": pl.String,
}

#: Key of the roster that a person edited: JSON {"after": batch, "rows": [ROSTER as lists]}.
ROSTER_CHOICE = "roster"


def sources(connection: apsw.Connection) -> pl.DataFrame:
    """Return SOURCES in the order of import."""
    names = ", ".join(frames.SOURCES)
    sql = f"SELECT {names} FROM sources WHERE seq IN ({_SOURCES}) ORDER BY seq"
    return fetch(connection, sql, frames.SOURCES)


def records(connection: apsw.Connection, columns: Sequence[str] | None = None) -> pl.DataFrame:
    """Return RECORDS, or only ``columns`` of it, ordered by source, file, row and record id.

    ``duplicate_of`` is as it holds now, see ``with_originals``.

    Raises:
        ValueError: a column that records do not have.
    """
    wanted = list(frames.RECORDS) if columns is None else list(columns)
    if unknown := set(wanted) - set(frames.RECORDS):
        raise ValueError(f"records have no columns {sorted(unknown)}")
    stored = {name: frames.RECORDS[name] for name in wanted if name != "source_id"}
    schema: frames.Schema = {**_KEYS, **stored}
    names = ", ".join(f"r.{name}" for name in schema)
    sql = f"SELECT {names} FROM records r WHERE {VISIBLE_RECORDS}"
    frame = fetch(connection, sql, schema).sort(_ORDER)
    if "duplicate_of" in wanted:
        frame = _with_originals(connection, frame)
    if "source_id" in wanted:
        frame = frame.join(_source_ids(connection), on="source", how="left", maintain_order="left")
    return frame.select(wanted)


def record(connection: apsw.Connection, record_id: str) -> pl.DataFrame:
    """Return the newest visible version of one record as RECORDS, or no row.

    ``duplicate_of`` is what its import said.
    """
    schema: frames.Schema = {
        **_KEYS,
        **{name: kind for name, kind in frames.RECORDS.items() if name != "source_id"},
    }
    names = ", ".join(f"r.{name}" for name in schema)
    sql = f"SELECT {names} FROM records r WHERE r.record_id = ? AND {VISIBLE_RECORDS}"
    found = fetch(connection, sql, schema, (record_id,))
    return found.join(_source_ids(connection), on="source", how="left").select(list(frames.RECORDS))


def kept_records(connection: apsw.Connection, record_ids: Sequence[str]) -> set[str]:
    """Return those of the ids that lie in the file in any version, seen or not."""
    sql = (
        "SELECT DISTINCT record_id FROM records WHERE record_id IN (SELECT value FROM json_each(?))"
    )
    return {row[0] for row in rows(connection, sql, (json.dumps(list(record_ids)),))}


def excerpts(connection: apsw.Connection) -> pl.DataFrame:
    """Return EXCERPTS in the order of their records, then of the text.

    ``text`` is cut from the record's text here: it cannot differ from it.
    """
    return _excerpts(connection, VISIBLE_RECORDS).select(list(frames.EXCERPTS))


def excerpt_rows(connection: apsw.Connection) -> pl.DataFrame:
    """Return EXCERPTS and ``excerpt``, the inner number, in the order of ``excerpts``."""
    found = _excerpts(connection, VISIBLE_RECORDS)
    return found.select(*frames.EXCERPTS, excerpt="origin")


def excerpts_of(connection: apsw.Connection, rids: pl.Series) -> pl.DataFrame:
    """Return EXCERPTS and ``origin`` of some record versions, in their order."""
    which = "r.rid IN (SELECT value FROM json_each(?))"
    found = _excerpts(connection, which, (str(rids.to_list()),))
    return found.select(*frames.EXCERPTS, "origin")


def excerpt_id() -> pl.Expr:
    """Return the expression for the id that an excerpt has to the world."""
    return pl.concat_str("record_id", "ordinal", separator=".")


def excerpt_keys(connection: apsw.Connection) -> pl.DataFrame:
    """Return the visible excerpts as ``excerpt_id``, ``excerpt`` (origin) and ``place_in_order``."""
    sql = (
        'SELECT r.source, r.file, r.row, r.record_id, e."start", e.ordinal, e.origin'
        f" FROM excerpts e JOIN records r USING (rid) WHERE {VISIBLE_RECORDS}"
    )
    schema: frames.Schema = {
        **_KEYS,
        "start": pl.Int64,
        "ordinal": pl.Int64,
        "excerpt": pl.Int64,
    }
    return (
        fetch(connection, sql, schema)
        .sort(*_ORDER, "start", "ordinal")
        .with_row_index("place_in_order")
        .select("excerpt", "place_in_order", excerpt_id=excerpt_id())
    )


def assignments(connection: apsw.Connection) -> pl.DataFrame:
    """Return ASSIGNMENTS: decisions, and the active run's where there is no decision.

    Merged themes are followed, deleted ones left out. In the order of the excerpts, the primary
    theme first.
    """
    kept, _ = resolve(shares(connection), numbers_led_on(connection))
    return (
        _with_theme_ids(connection, kept, _RAW)
        .join(excerpt_keys(connection), on="excerpt")
        .sort(
            "place_in_order",
            "primary",
            "similarity",
            "theme_id",
            descending=[False, True, True, False],
            nulls_last=True,
        )
        .select(list(frames.ASSIGNMENTS))
    )


def unsorted(connection: apsw.Connection) -> pl.DataFrame:
    """Return UNSORTED: the active run's, what a person set aside, and what deleted themes left."""
    led_on = numbers_led_on(connection)
    _, lost = resolve(shares(connection), led_on)
    names = ("nearest", "second")
    schema: frames.Schema = {
        "excerpt": pl.Int64,
        "reason": pl.String,
        **dict.fromkeys(names, pl.Int64),
        "similarity": pl.Float64,
    }
    sql = (
        f"SELECT {', '.join(f'u.{name}' for name in schema)} FROM unsorted u"
        f" WHERE u.run = ({ACTIVE_RUN}) AND u.excerpt NOT IN (SELECT excerpt FROM decisions)"
    )
    found = fetch(connection, sql, schema)
    nearest = found["nearest"]
    for name in names:
        found = follow(found, name, led_on)
    gone = nearest.is_not_null() & found["nearest"].is_null()
    found = found.with_columns(
        nearest=pl.coalesce(names),
        second=pl.when(pl.col("nearest") != pl.col("second")).then("second"),
        similarity=pl.when(~gone).then("similarity"),
    )
    ids = _theme_ids(connection)
    for name in names:
        named = ids.rename({"theme": name, "theme_id": f"{name}_theme_id"})
        found = found.join(named, on=name, how="left")
    found = found.select(list(_RAW_UNSORTED))
    return (
        pl.concat([found, frames.conform(lost, _RAW_UNSORTED)])
        .join(excerpt_keys(connection), on="excerpt")
        .sort("place_in_order")
        .select(list(frames.UNSORTED))
    )


def shares(connection: apsw.Connection, excerpts: Sequence[int] | None = None) -> pl.DataFrame:
    """Return DECISIONS rows: decisions, and the active run's where there are none.

    Args:
        connection: any.
        excerpts: inner numbers to look at; all without.
    """
    which, bindings = _only(excerpts)
    sql = (
        f"SELECT {_SHARES} FROM assignments a WHERE a.run = ({ACTIVE_RUN})"
        f" AND a.excerpt NOT IN (SELECT excerpt FROM decisions) {which}"
        f" UNION ALL SELECT {_SHARES} FROM decisions a WHERE true {which}"
    )
    return fetch(connection, sql, DECISIONS, bindings * 2)


def raw_assignments(connection: apsw.Connection) -> pl.DataFrame:
    """Return the active run's rows as they are, with ``excerpt`` in place of ``excerpt_id``."""
    sql = f"SELECT {_SHARES} FROM assignments a WHERE a.run = ({ACTIVE_RUN})"
    return _with_theme_ids(connection, fetch(connection, sql, DECISIONS), _RAW)


def run_rows(connection: apsw.Connection) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the active run's rows of assignments (DECISIONS) and unsorted, by inner numbers."""
    near: frames.Schema = {
        "excerpt": pl.Int64,
        "reason": pl.String,
        "nearest": pl.Int64,
        "second": pl.Int64,
        "similarity": pl.Float64,
    }
    assigned = f"SELECT {_SHARES} FROM assignments a WHERE a.run = ({ACTIVE_RUN})"
    unsorted_ = f"SELECT {', '.join(near)} FROM unsorted WHERE run = ({ACTIVE_RUN})"
    return fetch(connection, assigned, DECISIONS), fetch(connection, unsorted_, near)


def decisions(connection: apsw.Connection, excerpts: Sequence[int] | None = None) -> pl.DataFrame:
    """Return what a person decided, as ``raw_assignments``; no theme means that none fits."""
    return _with_theme_ids(connection, decision_rows(connection, excerpts), _RAW)


def decision_rows(
    connection: apsw.Connection, excerpts: Sequence[int] | None = None
) -> pl.DataFrame:
    """Return the decisions on some excerpts, or all, with inner numbers (DECISIONS)."""
    which, bindings = _only(excerpts)
    sql = f"SELECT {_SHARES} FROM decisions a WHERE true {which} ORDER BY a.excerpt, a.theme"
    return fetch(connection, sql, DECISIONS, bindings)


def raw_unsorted(connection: apsw.Connection) -> pl.DataFrame:
    """Return the active run's rows as they are, with ``excerpt`` in place of ``excerpt_id``."""
    sql = (
        "SELECT u.excerpt, u.reason, n.theme_id, s.theme_id, u.similarity FROM unsorted u"
        " LEFT JOIN themes n ON n.tid = u.nearest LEFT JOIN themes s ON s.tid = u.second"
        f" WHERE u.run = ({ACTIVE_RUN})"
    )
    return fetch(connection, sql, _RAW_UNSORTED)


def themes(connection: apsw.Connection) -> pl.DataFrame:
    """Return THEMES: groups first, then by position.

    Phrases and quotes are those that a person chose, else those of the newest visible run.
    """
    sql = (
        "SELECT t.theme_id, p.theme_id, t.level, t.title, t.definition, t.status,"
        " coalesce(t.chosen_phrases_json, e.key_phrases_json),"
        " coalesce(t.chosen_quotes_json, e.quotes_json), t.position, t.memo"
        " FROM themes t LEFT JOIN themes p ON p.tid = t.parent"
        " LEFT JOIN theme_evidence e ON e.theme = t.tid AND e.run ="
        "  (SELECT max(x.run) FROM theme_evidence x JOIN runs ON runs.seq = x.run"
        f"   WHERE x.theme = t.tid AND runs.state = '{State.VISIBLE}')"
        f" WHERE {LIVING_THEMES}"
        " ORDER BY CASE t.level WHEN 'group' THEN 0 WHEN 'theme' THEN 1 ELSE 2 END,"
        " t.position, t.theme_id"
    )
    plain: frames.Schema = {**frames.THEMES, "key_phrases": pl.String, "quotes": pl.String}
    lists = [
        pl.col(name).str.json_decode(pl.List(pl.String)).fill_null([])
        for name in ("key_phrases", "quotes")
    ]
    return fetch(connection, sql, plain).with_columns(lists)


def skipped(connection: apsw.Connection) -> pl.DataFrame:
    """Return SKIPPED in the order of import."""
    sql = (
        "SELECT s.source_id, k.file, k.sheet, k.row, k.reason"
        " FROM skipped k JOIN sources s ON s.seq = k.source"
        f" WHERE k.source IN ({_SOURCES}) ORDER BY k.source, k.position"
    )
    return fetch(connection, sql, frames.SKIPPED)


def accounts(connection: apsw.Connection) -> pl.DataFrame:
    """Return ACCOUNTS of the newest visible import that had some, in the sheet's order."""
    return _newest(connection, "accounts", frames.ACCOUNTS)


def roster(connection: apsw.Connection) -> pl.DataFrame:
    """Return ROSTER: the newest visible import's, or what a person made of it since."""
    chosen = choice(connection, ROSTER_CHOICE)
    if chosen is not None:
        edited = json.loads(chosen)
        if edited["after"] >= newest_batch(connection, "roster"):
            return pl.DataFrame(edited["rows"], schema=frames.ROSTER, orient="row")
    return _newest(connection, "roster", frames.ROSTER)


def newest_batch(connection: apsw.Connection, table: str) -> int:
    """Return the number of the newest visible import with rows in ``table``; 0 without."""
    sql = (
        f"SELECT max(a.batch) FROM {table} a JOIN batches b ON b.seq = a.batch"
        f" WHERE b.state = '{State.VISIBLE}' AND {_SOME_SOURCE_LEFT}"
    )
    return value(connection, sql) or 0


def choice(connection: apsw.Connection, key: str) -> str | None:
    """Return what a person chose for the whole project, or None."""
    return value(connection, "SELECT value FROM choices WHERE key = ?", (key,))


def runs(connection: apsw.Connection) -> list[Run]:
    """Return the visible runs, oldest first; the last one is the active one."""
    found = rows(
        connection,
        "SELECT run_id, created, seed, inputs_hash, parameters_json, versions_json, why"
        f" FROM runs WHERE state = '{State.VISIBLE}' ORDER BY seq",
    )
    return [
        Run(run_id, created, seed, inputs, json.loads(parameters), json.loads(versions), why)
        for run_id, created, seed, inputs, parameters, versions, why in found
    ]


def theme_keys(connection: apsw.Connection) -> dict[str, int]:
    """Return the inner number of each theme by its id, merged and deleted ones included."""
    found = rows(connection, f"SELECT t.theme_id, t.tid FROM themes t WHERE {KNOWN_THEMES}")
    return dict(map(tuple, found))


def meta(connection: apsw.Connection, key: str) -> Any:
    """Return a value of the project's own settings, or None."""
    return value(connection, "SELECT value FROM meta WHERE key = ?", (key,))


def fetch(
    connection: apsw.Connection, sql: str, schema: frames.Schema, bindings: Bindings = ()
) -> pl.DataFrame:
    """Return the rows of a query as a frame of ``schema``, column by column in its order.

    Dates are stored as microseconds, truth as 0 and 1.
    """
    parts = [_frame(block, schema) for block in blocks(connection, sql, bindings)]
    return pl.concat(parts, rechunk=True) if parts else frames.empty(schema)


def _with_originals(connection: apsw.Connection, records: pl.DataFrame) -> pl.DataFrame:
    copies = records.select("record_id", "duplicate_of").drop_nulls()
    if copies.is_empty():
        return records
    ids = pl.concat([copies["record_id"], copies["duplicate_of"]]).unique(maintain_order=True)
    listed = (json.dumps(ids.to_list()),)
    which = "r.record_id IN (SELECT value FROM json_each(?))"
    every = (
        "FROM records r JOIN sources s ON s.seq = r.source JOIN batches b ON b.seq = s.batch"
        f" WHERE b.state = '{State.VISIBLE}' AND {which}"
    )
    there = ids.is_in(records["record_id"].implode())
    if there.all() and value(connection, f"SELECT count(*) {every}", listed) == len(ids):
        return records  # nothing came again or went: it is as the imports said
    texts: frames.Schema = {
        "record_id": pl.String,
        "rid": pl.Int64,
        "batch": pl.Int64,
        "text": pl.String,
    }
    sql = f"SELECT r.record_id, r.rid, s.batch, r.text {every}"
    versions = fetch(connection, sql, texts, listed)
    seen = f"SELECT r.rid FROM records r WHERE {which} AND {VISIBLE_RECORDS}"
    shown = fetch(connection, seen, {"rid": pl.Int64}, listed)
    return with_originals(records, versions, shown["rid"])


def _excerpts(connection: apsw.Connection, which: str, bindings: Bindings = ()) -> pl.DataFrame:
    names = ", ".join(f"e.{name}" for name in _EXCERPT_COLUMNS)
    schema: frames.Schema = {
        **_KEYS,
        "rid": pl.Int64,
        "origin": pl.Int64,
        "ordinal": pl.Int64,
        "start": pl.Int64,
        "end": pl.Int64,
        **{name: frames.EXCERPTS[name] for name in _EXCERPT_COLUMNS},
    }
    sql = (
        "SELECT r.source, r.file, r.row, r.record_id, e.rid, e.origin, e.ordinal,"
        f' e."start", e."end", {names} FROM excerpts e JOIN records r USING (rid) WHERE {which}'
    )
    # Each text once: a talk has many excerpts.
    texts = fetch(
        connection,
        f"SELECT r.rid, r.text FROM records r WHERE {which}",
        {"rid": pl.Int64, "whole": pl.String},
        bindings,
    )
    return (
        fetch(connection, sql, schema, bindings)
        .join(texts, on="rid", how="left")
        .sort(*_ORDER, "start", "ordinal")
        .with_columns(
            excerpt_id=excerpt_id(),
            text=pl.col("whole").str.slice(pl.col("start"), pl.col("end") - pl.col("start")),
        )
    )


def _frame(block: list[tuple[Any, ...]], schema: frames.Schema) -> pl.DataFrame:
    series: list[pl.Series] = []
    for (name, kind), values in zip(schema.items(), zip(*block, strict=True), strict=True):
        stored = pl.Int64() if kind == pl.Boolean or isinstance(kind, pl.Datetime) else kind
        series.append(pl.Series(name, values, dtype=stored).cast(kind))
    return pl.DataFrame(series)


def _only(excerpts: Sequence[int] | None) -> tuple[str, list[str]]:
    if excerpts is None:
        return "", []
    return "AND a.excerpt IN (SELECT value FROM json_each(?))", [json.dumps(list(excerpts))]


def _theme_ids(connection: apsw.Connection) -> pl.DataFrame:
    sql = "SELECT tid, theme_id FROM themes"
    return fetch(connection, sql, {"theme": pl.Int64, "theme_id": pl.String})


def _with_theme_ids(
    connection: apsw.Connection, frame: pl.DataFrame, schema: frames.Schema
) -> pl.DataFrame:
    ids = _theme_ids(connection)
    return frame.join(ids, on="theme", how="left", maintain_order="left").select(list(schema))


def _newest(connection: apsw.Connection, table: str, schema: frames.Schema) -> pl.DataFrame:
    sql = f"SELECT {', '.join(schema)} FROM {table} WHERE batch = ? ORDER BY position"
    return fetch(connection, sql, schema, (newest_batch(connection, table),))


def _source_ids(connection: apsw.Connection) -> pl.DataFrame:
    sql = "SELECT seq, source_id FROM sources"
    return fetch(connection, sql, {"source": pl.Int64, "source_id": pl.String})
