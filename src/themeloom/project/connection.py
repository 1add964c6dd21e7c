"""Connections to the project file: what is refused, and how each connection is set up."""

import re
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

import apsw

from themeloom.base.paths import is_unicode, shown
from themeloom.domain.errors import ProjectError
from themeloom.project import schema
from themeloom.project.failures import damaged
from themeloom.project.sql import execute, rows, value

BUSY_MS = 5_000
_MAGIC = b"SQLite format 3\x00"
_HEADER = 100


def refuse_odd_name(path: Path) -> None:
    """Refuse a path that SQLite cannot take.

    Raises:
        ProjectError: the name holds bytes that are no text.
    """
    if not is_unicode(path):
        raise ProjectError(
            "The name holds bytes that are no text.",
            file=shown(path),
            hint="Rename it, or the folder it lies in.",
        )


def refuse_foreign(path: Path) -> None:
    """Read the file's header and refuse what is no project file, before SQLite touches it.

    Raises:
        ProjectError: missing, a folder, empty, no SQLite file, of another program, or cut short.
        OSError: the file cannot be read.
    """
    if path.is_dir():
        raise ProjectError("This is a folder.", file=path.name, hint="Name a .loom file in it.")
    if not path.exists():
        raise ProjectError(
            "There is no such project file.",
            file=path.name,
            hint=f"Check the name. It was looked for in {path.parent}.",
        )
    with path.open("rb") as file:
        header = file.read(_HEADER)
    if not header:
        raise ProjectError(
            "The project file is empty (0 bytes).",
            file=path.name,
            hint="It may not be synchronised or copied completely; take it from a backup.",
        )
    if not header.startswith(_MAGIC):
        raise ProjectError(
            "This is not a Themeloom project.",
            file=path.name,
            hint="Project files end in .loom; import other files into a project.",
        )
    if len(header) < _HEADER:
        raise damaged(path)
    if int.from_bytes(header[68:72], "big") != schema.APPLICATION_ID:
        raise ProjectError(
            "This is a database of another program.",
            file=path.name,
            hint="Export a table from that program and import it into a project.",
        )


def connect(path: Path, *, read_only: bool) -> apsw.Connection:
    """Return a connection with the settings that every connection has; nothing is written.

    Raises:
        apsw.Error: the file cannot be opened.
    """
    mode = apsw.SQLITE_OPEN_READONLY if read_only else apsw.SQLITE_OPEN_READWRITE
    connection = apsw.Connection(str(path), flags=mode)
    connection.set_busy_timeout(BUSY_MS)
    # A project file may come from anywhere: its schema must not be able to run anything.
    connection.config(apsw.SQLITE_DBCONFIG_DEFENSIVE, 1)
    execute(connection, "PRAGMA trusted_schema = OFF")
    execute(connection, "PRAGMA cell_size_check = ON")
    execute(connection, "PRAGMA foreign_keys = ON")
    return connection


def verify(connection: apsw.Connection, path: Path) -> int:
    """Return the file's schema version after checking that it is sound; nothing is written.

    Raises:
        ProjectError: damaged, or written by a newer Themeloom.
        apsw.Error: the file cannot be read.
    """
    version = int(value(connection, "PRAGMA user_version"))
    if version > schema.VERSION:
        raise ProjectError(
            "A newer version of Themeloom wrote this project.",
            file=path.name,
            hint=f"Update Themeloom (the file has format {version}, this one knows {schema.VERSION}).",
        )
    if version < 1 or value(connection, "PRAGMA quick_check(1)") != "ok":
        raise damaged(path)
    return version


def verify_tables(connection: apsw.Connection, path: Path) -> None:
    """Check that the file has the tables of this version, and no views or triggers.

    Raises:
        ProjectError: it has others.
    """
    if _objects(connection) != _expected():
        raise damaged(path)


def identity(connection: apsw.Connection, path: Path) -> tuple[str, bytes]:
    """Return the project's id and mask key.

    Raises:
        ProjectError: they are missing, or not what this program wrote. The id names a folder, and
            the file may come from anywhere.
    """
    found = dict(map(tuple, rows(connection, "SELECT key, value FROM meta")))
    project_id, key = found.get("id"), found.get("mask_key")
    if not isinstance(project_id, str) or not re.fullmatch("[0-9a-f]{32}", project_id):
        raise damaged(path)
    if not isinstance(key, bytes) or len(key) != 32:
        raise damaged(path)
    return project_id, key


def make_durable(connection: apsw.Connection) -> None:
    """Set the write connection up: WAL, every commit on the disk, erased rows overwritten."""
    execute(connection, "PRAGMA secure_delete = ON")
    execute(connection, "PRAGMA journal_mode = WAL")
    execute(connection, "PRAGMA synchronous = FULL")


def fold_into_one_file(connection: apsw.Connection) -> None:
    """Bring everything into the main file, so that it can be copied. Readers elsewhere keep it in WAL."""
    connection.set_busy_timeout(200)
    with suppress(apsw.BusyError, apsw.LockedError):
        execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)")
        execute(connection, "PRAGMA journal_mode = DELETE")


@contextmanager
def transaction(connection: apsw.Connection) -> Generator[None]:
    """Commit what is done inside, or nothing of it."""
    execute(connection, "BEGIN IMMEDIATE")
    try:
        yield
        execute(connection, "COMMIT")
    except BaseException:
        # A full disk may have rolled back already, or refuse the rollback too: the error that
        # led here is the one to show, and SQLite rolls back on the next use or opening.
        with suppress(apsw.Error):
            if connection.in_transaction:
                execute(connection, "ROLLBACK")
        raise


def _objects(connection: apsw.Connection) -> set[tuple[str, str]]:
    sql = "SELECT type, name FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    return {(kind, name) for kind, name in rows(connection, sql)}


def _expected() -> set[tuple[str, str]]:
    memory = apsw.Connection(":memory:")
    try:
        execute(memory, schema.DDL)
        return _objects(memory)
    finally:
        memory.close()
