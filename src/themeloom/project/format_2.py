"""From format 1 to 2. Tables are named and shaped here as they are in format 2, whatever comes later."""

import json
import zlib
from typing import Any

import apsw

from themeloom.project.sql import execute, execute_many, rows

_TABLES = """
ALTER TABLE sources ADD COLUMN removed INTEGER NOT NULL DEFAULT 0;

CREATE TABLE replaced_2 (
    batch INTEGER NOT NULL REFERENCES batches,
    rid INTEGER NOT NULL REFERENCES records,
    source INTEGER NOT NULL REFERENCES sources,
    PRIMARY KEY (batch, rid)
) STRICT, WITHOUT ROWID;
INSERT INTO replaced_2
SELECT p.batch, p.rid, n.source
FROM replaced p JOIN records o USING (rid) JOIN records n ON n.record_id = o.record_id
JOIN sources s ON s.seq = n.source AND s.batch = p.batch;
DROP TABLE replaced;
ALTER TABLE replaced_2 RENAME TO replaced;
CREATE INDEX replaced_rid ON replaced (rid);
CREATE INDEX replaced_source ON replaced (source);

CREATE TABLE themes_2 (
    tid INTEGER PRIMARY KEY,
    run INTEGER REFERENCES runs,
    theme_id TEXT NOT NULL,
    parent INTEGER REFERENCES themes DEFERRABLE INITIALLY DEFERRED,
    level TEXT NOT NULL,
    title TEXT NOT NULL,
    definition TEXT NOT NULL,
    memo TEXT NOT NULL DEFAULT '',
    status TEXT NOT NULL,
    position INTEGER NOT NULL,
    fate TEXT NOT NULL DEFAULT 'living',
    merged_into INTEGER REFERENCES themes DEFERRABLE INITIALLY DEFERRED,
    touched INTEGER NOT NULL DEFAULT 0,
    chosen_phrases_json TEXT,
    chosen_quotes_json TEXT,
    UNIQUE (run, theme_id)
) STRICT;
INSERT INTO themes_2 (tid, run, theme_id, parent, level, title, definition, status, position)
SELECT tid, run, theme_id, parent, level, title, definition, status, position FROM themes;
DROP TABLE themes;
ALTER TABLE themes_2 RENAME TO themes;

CREATE TABLE retired (
    run INTEGER NOT NULL REFERENCES runs,
    theme INTEGER NOT NULL REFERENCES themes,
    PRIMARY KEY (run, theme)
) STRICT, WITHOUT ROWID;

CREATE TABLE decisions_2 (
    excerpt INTEGER NOT NULL REFERENCES excerpts,
    theme INTEGER REFERENCES themes,
    method TEXT NOT NULL,
    similarity REAL,
    "primary" INTEGER NOT NULL,
    reviewed INTEGER NOT NULL
) STRICT;
INSERT INTO decisions_2 SELECT excerpt, theme, method, similarity, "primary", reviewed FROM decisions;
DROP TABLE decisions;
ALTER TABLE decisions_2 RENAME TO decisions;
CREATE UNIQUE INDEX decisions_excerpt ON decisions (excerpt, theme);
CREATE INDEX decisions_theme ON decisions (theme);

CREATE TABLE steps_2 (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    created TEXT NOT NULL,
    deed TEXT NOT NULL,
    payload BLOB NOT NULL,
    many BLOB,
    undone INTEGER NOT NULL DEFAULT 0
) STRICT;
"""

_AFTER = """
DROP TABLE steps;
ALTER TABLE steps_2 RENAME TO steps;
CREATE INDEX steps_undone ON steps (seq) WHERE undone;
"""

#: The names that steps had, as they began and begin now.
_NAMES = (
    ("rename ", "rename of "),
    ("set ", "setting of "),
    ("move ", "move of "),
    ("find themes", "search for themes"),
    ("import ", "import of "),
)


def to_format_2(connection: apsw.Connection) -> None:
    """Convert tables and undo steps; everything that could be undone or redone still can."""
    execute(connection, _TABLES)
    found = rows(connection, "SELECT seq, created, deed, kind, payload, undone FROM steps")
    renamed: set[int] = set()
    steps: list[tuple[Any, ...]] = []
    for seq, created, deed, kind, payload, undone in found:
        changes = _changes(kind, json.loads(zlib.decompress(payload)))
        renamed |= set(map(int, changes["themes"])) if not undone else set()
        packed = zlib.compress(json.dumps(changes, separators=(",", ":")).encode())
        steps.append((seq, created, _name(deed), packed, None, undone))
    execute_many(connection, "INSERT INTO steps_2 VALUES (?, ?, ?, ?, ?, ?)", steps)
    touch = "UPDATE themes SET touched = 1 WHERE tid = ?"
    execute_many(connection, touch, [(theme,) for theme in renamed])
    execute(connection, _AFTER)


def _changes(kind: str, old: dict[str, Any]) -> dict[str, Any]:
    new: dict[str, Any] = {"themes": {}, "shown": [], "removed": [], "before": [], "after": []}
    if kind == "import":
        new["shown"] = [["batches", old["batch"]]]
    elif kind == "run":
        new["shown"] = [["runs", old["run"]]]
    elif kind == "rename":
        new["themes"] = {old["theme"]: {"title": [old["before"], old["after"]]}}
    elif kind == "status":
        values = zip(old["themes"], old["before"], old["after"], strict=True)
        new["themes"] = {theme: {"status": [before, after]} for theme, before, after in values}
    else:
        new["before"], new["after"] = old["before"], old["after"]
    return new


def _name(deed: str) -> str:
    for old, new in _NAMES:
        if deed.startswith(old):
            return new + deed.removeprefix(old)
    return deed
