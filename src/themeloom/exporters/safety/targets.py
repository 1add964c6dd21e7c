"""Writing a file whole or not at all, and saying what stands in the way."""

import errno
import os
import secrets
import sys
import time
from collections.abc import Callable, Collection
from pathlib import Path
from typing import BinaryIO

from themeloom.base.paths import is_unicode, shown
from themeloom.domain.errors import ExportError

_TRIES = 12
_DATABASE = b"SQLite format 3\0"  # how each project begins
_PAUSE = 0.15  # seconds between tries: virus scanners and indexers hold a file for about a second


def write_whole(target: Path, write: Callable[[BinaryIO], None]) -> None:
    """Let ``write`` fill a temporary file beside ``target``, then put it in its place in one step.

    Whatever happens, ``target`` is either as it was or complete; nothing else is left behind.

    Raises:
        ExportError: the folder is missing, the target is locked or protected, the disk is full.
    """
    check_target(target)
    waiting = target.with_name(f".{target.name[:80]}.{secrets.token_hex(4)}.tmp")
    try:
        with waiting.open("xb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        _replace(waiting, target)
        _sync_folder(target.parent)
    except OSError as error:
        raise _complaint(error, target) from error
    finally:
        waiting.unlink(missing_ok=True)


def check_target(target: Path, needed: Collection[Path] = ()) -> None:
    """Look whether ``target`` can be written, before any work is done for it.

    Args:
        target: the file to be written.
        needed: files that must not be written over: what is read, and the project.

    Raises:
        ExportError: the folder is missing, the target is a folder, a device, a project or one of
            the ``needed``, locked or protected, or its name is no text.
    """
    folder = target.parent
    if not is_unicode(target):  # the project notes where it wrote what
        raise ExportError(
            "The name holds bytes that are no text.",
            file=shown(target),
            hint="Give another name, or another folder.",
        )
    try:
        if any(target.resolve() == path.resolve() for path in needed) or _is_a_database(target):
            raise ExportError(
                "This file would be lost: it is a project, or one of the files to be read.",
                file=str(target),
                hint="Give another name for the file to be written.",
            )
        if target.is_dir():
            raise ExportError(
                "This is a folder, not a file.",
                file=str(target),
                hint=f"Give the name of a file, for instance {target / 'insights.xlsx'}.",
            )
        if target.exists() and not target.is_file():  # it would be replaced by a file
            raise ExportError(
                "This is a device or a pipe, not a file.",
                file=str(target),
                hint="Give the name of a file.",
            )
        if not folder.is_dir():
            raise ExportError(
                f"The folder {folder} does not exist.",
                file=target.name,
                hint="Make it first, or choose another folder.",
            )
        if not os.access(folder, os.W_OK):
            raise PermissionError(errno.EACCES, "read-only folder", str(folder))
        if target.exists():
            with target.open("r+b"):
                pass
    except OSError as error:
        raise _complaint(error, target) from error


def _is_a_database(path: Path) -> bool:
    """Tell whether a file that is there is a SQLite database, as each project is."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(_DATABASE)) == _DATABASE


def free_name(target: Path) -> Path:
    """Return ``name (2).xlsx``, or the next number that is free, beside ``target``."""
    number = 2
    while True:
        candidate = target.with_name(f"{target.stem} ({number}){target.suffix}")
        if not candidate.exists():
            return candidate
        number += 1


def _replace(source: Path, target: Path) -> None:
    """Windows refuses to replace a file that another program holds; scanners let go soon."""
    for left in reversed(range(_TRIES)):
        try:
            os.replace(source, target)
            return
        except PermissionError:
            if not left or sys.platform != "win32":
                raise
            time.sleep(_PAUSE)


def _sync_folder(folder: Path) -> None:
    """Make the new name durable; Windows cannot open folders and does not need it."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # network and FUSE file systems
            raise
    finally:
        os.close(handle)


def _complaint(error: OSError, target: Path) -> ExportError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return ExportError(
            "There is not enough space on the disk.",
            file=target.name,
            hint="Free some space or choose another disk, then write again.",
        )
    if error.errno == errno.ENAMETOOLONG:
        return ExportError(
            "The file name is too long.", file=target.name[:60], hint="Choose a shorter one."
        )
    if isinstance(error, PermissionError) or error.errno in (errno.EROFS, errno.ETXTBSY):
        if target.exists():
            return ExportError(
                "The file is open in another program or write-protected.",
                file=target.name,
                hint=f"Close it there, then write again, or write to “{free_name(target).name}”.",
            )
        return ExportError(
            f"Nothing may be written into the folder {target.parent}.",
            file=target.name,
            hint="Choose another folder.",
        )
    return ExportError(
        f"The file cannot be written ({error.strerror or error}).",
        file=target.name,
        hint="Choose another place, then write again.",
    )
