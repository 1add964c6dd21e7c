"""One writer at a time: a lock file beside the project that dies with its process.

The operating system's lock on the file decides; the JSON in it is for people. A killed process
leaves the file without a lock, and the next opener takes it over. A file without a lock that
names another computer is respected all the same: a sync client may have brought it here.
"""

import getpass
import json
import os
import socket
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from themeloom.domain.errors import ProjectInUseError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

#: Windows locks a range and then keeps others from reading it: far behind the JSON.
_FAR = 1 << 30


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has the project open for writing."""

    host: str
    user: str
    pid: int
    since: str  # ISO 8601, UTC


class Lock:
    """The right to write to one project file, held until ``release``."""

    def __init__(self, path: Path, handle: int) -> None:
        """Use ``take``."""
        self._path = path
        self._handle = handle

    @classmethod
    def take(cls, project: Path) -> "Lock":
        """Return the lock of ``project``.

        Raises:
            ProjectError: somebody else has it, with host, user and since when.
            OSError: the lock file cannot be written, or the folder knows no locks.
        """
        path = lock_path(project)
        while True:
            handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o644)
            try:
                if not _try_lock(handle):
                    raise _refusal(project, _read(handle))
                if not _is_at(handle, path):  # its last holder removed it in between
                    os.close(handle)
                    continue
                left_behind = _read(handle)
                if left_behind and left_behind.host != socket.gethostname():
                    raise _elsewhere(project, left_behind, path)
                _write(handle)
            except BaseException:
                os.close(handle)
                raise
            return cls(path, handle)

    def release(self) -> None:
        """Give the lock up; no file remains."""
        if sys.platform == "win32":
            # An open file cannot be removed here; whoever took the lock meanwhile keeps it open.
            _write_bytes(self._handle, b"")
            os.close(self._handle)
            with suppress(OSError):
                self._path.unlink()
        else:
            # Removed while locked: whoever waits on this file notices and makes a new one.
            with suppress(OSError):
                self._path.unlink()
            os.close(self._handle)


def lock_path(project: Path) -> Path:
    """Return where the lock of ``project`` lies."""
    return project.with_name(f"{project.name}-lock")


def _try_lock(handle: int) -> bool:
    if sys.platform == "win32":
        os.lseek(handle, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_at(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


def _read(handle: int) -> Holder | None:
    """Return who is named in the file; None while the holder is still writing or was killed."""
    os.lseek(handle, 0, os.SEEK_SET)
    try:
        found = cast(dict[str, Any], json.loads(os.read(handle, 4096)))
        return Holder(
            str(found["host"]), str(found["user"]), int(found["pid"]), str(found["since"])
        )
    except (ValueError, KeyError, TypeError):
        return None


def _write(handle: int) -> None:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    holder = Holder(socket.gethostname(), _user(), os.getpid(), now)
    _write_bytes(handle, json.dumps(asdict(holder)).encode())


def _write_bytes(handle: int, content: bytes) -> None:
    os.ftruncate(handle, 0)
    os.lseek(handle, 0, os.SEEK_SET)
    os.write(handle, content)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run under a number without a name
        return "unknown"


def _refusal(project: Path, holder: Holder | None) -> ProjectInUseError:
    return ProjectInUseError(
        f"The project is already open{_by(holder)}.",
        file=project.name,
        hint="Close it there, or open it for reading only.",
    )


def _elsewhere(project: Path, holder: Holder, path: Path) -> ProjectInUseError:
    return ProjectInUseError(
        f"The project is open on another computer, or was not closed there{_by(holder)}.",
        file=project.name,
        hint=f"Close it there, or open it for reading only. If nobody uses it, delete {path.name}.",
    )


def _by(holder: Holder | None) -> str:
    if holder is None:
        return ""
    since = holder.since
    with suppress(ValueError):
        since = datetime.fromisoformat(since).astimezone().strftime("%Y-%m-%d %H:%M")
    return f": on {holder.host} by {holder.user} since {since}"
