"""What `doctor` wants to know about a project file."""

from pathlib import Path
from typing import NamedTuple

import apsw

from themeloom.project import backup_files, backups, sweeping
from themeloom.project.schema import State
from themeloom.project.sql import rows, value


class Check(NamedTuple):
    """One thing that was looked at."""

    name: str
    ok: bool
    detail: str


def check(connection: apsw.Connection, path: Path) -> list[Check]:
    """Return the findings about the project at ``path``, open as ``connection``."""
    return [
        _integrity(connection),
        _references(connection),
        _completeness(connection),
        _leftovers(connection),
        _versions(connection),
        _backup(path),
    ]


def _integrity(connection: apsw.Connection) -> Check:
    found = [str(line) for (line,) in rows(connection, "PRAGMA integrity_check(5)")]
    ok = found == ["ok"]
    return Check("File integrity", ok, "every page is in order" if ok else "; ".join(found))


def _references(connection: apsw.Connection) -> Check:
    tables = sorted({str(row[0]) for row in rows(connection, "PRAGMA foreign_key_check")})
    detail = f"broken in {', '.join(tables)}" if tables else "all rows find what they refer to"
    return Check("References", not tables, detail)


def _completeness(connection: apsw.Connection) -> Check:
    """Compare what imports and runs have now with what they had when they became visible."""
    kept = (State.VISIBLE, State.HIDDEN)
    batches = value(
        connection,
        "SELECT count(*) FROM batches b WHERE b.state IN (?, ?) AND (b.records, b.excerpts) <> ("
        " SELECT count(DISTINCT r.rid), count(e.eid) FROM sources s JOIN records r ON r.source = s.seq"
        " LEFT JOIN excerpts e USING (rid) WHERE s.batch = b.seq)",
        kept,
    )
    runs = value(
        connection,
        "SELECT count(*) FROM runs r WHERE r.state IN (?, ?) AND ("
        " r.assignments <> (SELECT count(*) FROM assignments a WHERE a.run = r.seq)"
        " OR r.unsorted <> (SELECT count(*) FROM unsorted u WHERE u.run = r.seq))",
        kept,
    )
    broken = int(batches) + int(runs)
    detail = f"{broken} have missing rows" if broken else "all imports and runs have all their rows"
    return Check("Completeness", not broken, detail)


def _leftovers(connection: apsw.Connection) -> Check:
    waiting = sweeping.waiting(connection)
    detail = (
        f"{waiting} cancelled imports or runs are being removed" if waiting else "nothing left over"
    )
    return Check("Leftovers", True, detail)


def _versions(connection: apsw.Connection) -> Check:
    file = value(connection, "PRAGMA user_version")
    made_by = value(connection, "SELECT value FROM meta WHERE key = 'app_version'")
    detail = f"format {file}, made by Themeloom {made_by}, SQLite {apsw.sqlite_lib_version()}"
    return Check("Versions", True, detail)


def _backup(path: Path) -> Check:
    newest = backup_files.newest(path)
    if newest is None:
        return Check("Backup", True, "none was needed yet")
    ok = backups.is_sound(newest)
    return Check("Backup", ok, f"{newest.name} {'is sound' if ok else 'is damaged'}")
