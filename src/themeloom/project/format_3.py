"""From format 2 to 3. Tables are shaped here as they are in format 3, whatever comes later."""

import apsw

from themeloom.project.sql import execute

_TABLES = """
ALTER TABLE accounts ADD COLUMN owner TEXT;

CREATE TABLE insight_fields (
    theme INTEGER NOT NULL REFERENCES themes,
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (theme, field)
) STRICT, WITHOUT ROWID;

CREATE TABLE choices (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE deliveries (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    delivery_id TEXT NOT NULL UNIQUE,
    created TEXT NOT NULL,
    kind TEXT NOT NULL,
    format TEXT NOT NULL,
    recipient TEXT NOT NULL,
    place TEXT NOT NULL,
    about_json TEXT NOT NULL,
    written BLOB NOT NULL
) STRICT;
"""


def to_format_3(connection: apsw.Connection) -> None:
    """Add the tables; undo steps stay as they are."""
    execute(connection, _TABLES)
