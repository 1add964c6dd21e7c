"""Copies of the project file, made through SQLite and checked before they count."""

import glob
import os
import shutil
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import apsw

from themeloom.domain.errors import ProjectError
from themeloom.project.backup_files import (
    Backup,
    Why,
    flush_folder,
    folder_of,
    free_name,
    list_backups,
    thinned_out,
)
from themeloom.project.connection import (
    connect,
    fold_into_one_file,
    refuse_foreign,
    verify,
)
from themeloom.project.failures import plainly
from themeloom.project.lock import Lock
from themeloom.project.sql import execute, rows, value

__all__ = [
    "Backup",
    "Why",
    "is_changed",
    "is_due",
    "is_sound",
    "list_backups",
    "make",
    "restore_backup",
]

#: How long changes may go without a copy of them.
EVERY = timedelta(minutes=30)
#: Pages copied at a time: the copying thread lets others in between.
_PAGES = 500
#: What SQLite leaves beside a database that was not closed; it must not meet another database.
_COMPANIONS = ("-wal", "-shm", "-journal")


def make(connection: apsw.Connection, path: Path, why: str) -> Path:
    """Copy the project at ``path``, as ``connection`` sees it now, into its backups folder.

    Others go on writing meanwhile: the copy is of the moment at which it began. Older copies are
    thinned. Returns the copy's path: it is complete, checked and on the disk before it gets its name.

    Raises:
        apsw.Error: the copy could not be written (disk full) or is not sound.
        OSError: the folder cannot be made.
    """
    now = datetime.now(UTC)
    target = free_name(path, now, why)
    for left in target.parent.glob(f"{glob.escape(path.stem)} *.part*"):
        left.unlink(missing_ok=True)  # of a process that was killed while copying
    unfinished = target.with_suffix(".part")
    try:
        _copy_whole(connection, unfinished)
        os.replace(unfinished, target)
    except BaseException:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise
    for old in thinned_out(list_backups(path), now):
        with suppress(OSError):  # open in another program: next time
            old.path.unlink()
    flush_folder(target.parent)
    return target


def is_due(connection: apsw.Connection, path: Path, now: datetime) -> bool:
    """Tell whether something was changed since the newest backup, and that is 30 minutes old.

    Without a backup, 30 minutes count from the making of the project.
    """
    newest = next(iter(list_backups(path)), None)
    if newest is None:
        made = value(connection, "SELECT value FROM meta WHERE key = 'created'")
        since = datetime.fromisoformat(str(made))
    else:
        since = newest.when
    return now - since >= EVERY and is_changed(connection, path)


def is_changed(connection: apsw.Connection, path: Path) -> bool:
    """Tell whether the project holds steps that its newest backup does not hold in the same way."""
    now = _position(connection)
    newest = next(iter(list_backups(path)), None)
    if newest is None:
        return now != (0, 0, "")
    try:
        copy = apsw.Connection(str(newest.path), flags=apsw.SQLITE_OPEN_READONLY)
        try:
            return _position(copy) != now
        finally:
            copy.close()
    except apsw.Error:  # damaged, or of an older format
        return True


def restore_backup(path: Path, backup: Backup) -> None:
    """Replace the project at ``path``, which must be closed, by one of its backups.

    The present file is kept as a backup first (where it is damaged: copied as it is, beside them).
    Killed at any moment, either the one or the other is in place.

    Raises:
        ProjectError: the project is open, the backup is not sound, or the disk is full.
    """
    path = path.resolve()
    with plainly(path):
        lock = Lock.take(path)
        try:
            refuse_foreign(backup.path)
            if not is_sound(backup.path):
                raise ProjectError(
                    "This backup is damaged.",
                    file=backup.path.name,
                    hint="Nothing was changed. Choose another backup.",
                )
            unfinished = path.with_name(f"{path.name}-restored")
            try:
                _copy_backup(backup.path, unfinished)
                if path.exists():
                    _keep_present(path)
                os.replace(unfinished, path)
            except BaseException:
                unfinished.unlink(missing_ok=True)
                raise
            flush_folder(path.parent)
        finally:
            lock.release()


def is_sound(backup: Path) -> bool:
    """Tell whether a backup can be opened and its pages are in order."""
    try:
        copy = apsw.Connection(str(backup), flags=apsw.SQLITE_OPEN_READONLY)
        try:
            return value(copy, "PRAGMA quick_check(1)") == "ok"
        finally:
            copy.close()
    except apsw.Error:
        return False


def _copy_backup(source: Path, target: Path) -> None:
    connection = connect(source, read_only=True)
    try:
        verify(connection, source)
        _copy_whole(connection, target)
    finally:
        connection.close()


def _keep_present(path: Path) -> None:
    """Make a backup of the file at ``path``, and leave nothing of it beside it."""
    try:
        connection = connect(path, read_only=False)
        try:
            make(connection, path, Why.RESTORE)
            fold_into_one_file(connection)
        finally:
            connection.close()
    except (apsw.CorruptError, apsw.NotADBError, apsw.FormatError, apsw.SQLError):
        _copy_damaged(path)
    for ending in _COMPANIONS:
        path.with_name(path.name + ending).unlink(missing_ok=True)
    flush_folder(path.parent)


def _copy_damaged(path: Path) -> None:
    """Keep a file that SQLite cannot read, with what lies beside it, byte for byte."""
    folder = folder_of(path)
    folder.mkdir(exist_ok=True)
    kept = folder / f"{path.stem} {datetime.now(UTC):%Y-%m-%d %H-%M-%S-%f} damaged{path.suffix}.bad"
    for ending in ("", *_COMPANIONS):
        with suppress(FileNotFoundError):
            shutil.copyfile(path.with_name(path.name + ending), kept.with_name(kept.name + ending))


def _copy_whole(connection: apsw.Connection, target: Path) -> None:
    """Copy what ``connection`` sees to the file ``target``: checked, and on the disk.

    Raises:
        apsw.Error: it could not be written or read, or the copy is not sound.
    """
    target.unlink(missing_ok=True)
    copy = apsw.Connection(str(target))
    try:
        _transfer(connection, copy)
        execute(copy, "PRAGMA journal_mode = DELETE")
        if value(copy, "PRAGMA quick_check(1)") != "ok":
            raise apsw.CorruptError("the copy is not sound")
    finally:
        copy.close()
    with target.open("rb+") as file:
        os.fsync(file.fileno())


def _transfer(connection: apsw.Connection, copy: apsw.Connection) -> None:
    # Within a reading transaction the copying does not begin anew when others write.
    mine = not connection.in_transaction
    if mine:
        execute(connection, "BEGIN")
    try:
        rows(connection, "SELECT 1 FROM meta LIMIT 1")
        with copy.backup("main", connection, "main") as transfer:
            while not transfer.done:
                transfer.step(_PAGES)
    finally:
        if mine and connection.in_transaction:
            execute(connection, "COMMIT")


def _position(connection: apsw.Connection) -> tuple[int, int, str]:
    """Return the last step, how many of them are undone, and when the last one was made."""
    sql = (
        "SELECT coalesce(max(seq), 0), (SELECT count(*) FROM steps WHERE undone),"
        " coalesce((SELECT created FROM steps ORDER BY seq DESC LIMIT 1), '') FROM steps"
    )
    last, undone, created = rows(connection, sql)[0]
    return int(last), int(undone), str(created)
