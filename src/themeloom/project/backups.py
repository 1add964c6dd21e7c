"""Copies of the project file, made through SQLite and checked before they count."""

import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import apsw

from themeloom.project.sql import execute, value


def make(connection: apsw.Connection, path: Path) -> Path:
    """Copy the project at ``path``, open as ``connection``, into its backups folder.

    Returns the copy's path. It is complete, checked and on the disk before it gets its name.

    Raises:
        apsw.Error: the copy could not be written (disk full) or is not sound.
        OSError: the folder cannot be made.
    """
    target = _free_name(path)
    unfinished = target.with_suffix(".part")
    try:
        _copy(connection, unfinished)
        os.replace(unfinished, target)
    except BaseException:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise
    flush_folder(target.parent)
    return target


def newest(path: Path) -> Path | None:
    """Return the newest backup of the project at ``path``, or None."""
    return max(_folder(path).glob("*.loom"), default=None)


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


def flush_folder(folder: Path) -> None:
    """Make new names in ``folder`` survive a power cut, where the system can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _copy(connection: apsw.Connection, target: Path) -> None:
    target.unlink(missing_ok=True)
    copy = apsw.Connection(str(target))
    try:
        with copy.backup("main", connection, "main") as transfer:
            while not transfer.done:
                transfer.step(1_000)
        execute(copy, "PRAGMA journal_mode = DELETE")
        if value(copy, "PRAGMA quick_check(1)") != "ok":
            raise apsw.CorruptError("the copy is not sound")
    finally:
        copy.close()
    with target.open("rb+") as file:
        os.fsync(file.fileno())


def _folder(path: Path) -> Path:
    return path.with_name(f"{path.stem} backups")


def _free_name(path: Path) -> Path:
    folder = _folder(path)
    folder.mkdir(exist_ok=True)
    # Microseconds keep two backups within a second apart and the names in the order of making.
    return folder / f"{path.stem} {datetime.now(UTC):%Y-%m-%d %H-%M-%S-%f}.loom"
