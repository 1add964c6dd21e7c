"""The log of errors, and the trace of a hard crash that is shown at the next start."""

import faulthandler
import os
import re
import traceback
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from themeloom.base.paths import log_dir

_LOG = "errors.log"
_MOST_BYTES = 500_000
#: What may come from a customer's file: quoted in some way, an address, a long number.
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|“[^”]*”|`[^`]*`|\S+@\S+|\+?\d(?:[ ()./-]{0,2}\d){6,}")

_trace: TextIO | None = None


def log_exception(error: BaseException) -> None:
    """Append an exception to the log: types, files and lines; messages may quote texts, so they stay out."""
    lines = [f"{datetime.now(UTC).isoformat(timespec='seconds')}  {describe(error)}"]
    with suppress(OSError):
        path = log_dir() / _LOG
        if path.exists() and path.stat().st_size > _MOST_BYTES:
            os.replace(path, path.with_suffix(".old.log"))
        with path.open("a", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")


def describe(error: BaseException) -> str:
    """Return the error's type and places, with everything quoted in its message left out."""
    frames = traceback.extract_tb(error.__traceback__)
    where = "".join(
        f"\n  {Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames[-12:]
    )
    message = _QUOTED.sub("…", str(error)).splitlines()
    return f"{type(error).__name__}: {message[0][:200] if message else ''}{where}"


def recent_errors(most: int = 20_000) -> str:
    """Return the end of the log."""
    with suppress(OSError):
        return (log_dir() / _LOG).read_text(encoding="utf-8")[-most:]
    return ""


def watch_for_crashes() -> str:
    """Let a hard crash leave a trace; return the trace of the last one, or an empty text.

    Each process writes to a file of its own, which is removed by ``end_watch``: a file that is
    still there and not empty belongs to a program that ended hard.
    """
    global _trace
    found = ""
    for path in sorted(log_dir().glob("crash-*.txt")):
        with suppress(OSError, ValueError):
            if not _lives(int(path.stem.split("-")[1])):
                found = path.read_text(encoding="utf-8", errors="replace") or found
                path.unlink()
                if found:
                    (log_dir() / "last-crash.log").write_text(found, encoding="utf-8")
    _trace = (log_dir() / f"crash-{os.getpid()}.txt").open("w", encoding="utf-8")
    faulthandler.enable(_trace)
    return found


def end_watch() -> None:
    """Take the watch back at a regular end."""
    global _trace
    if _trace is not None:
        faulthandler.disable()
        path = Path(_trace.name)
        _trace.close()
        _trace = None
        with suppress(OSError):
            path.unlink()


def last_crash() -> str:
    """Return the trace of the last hard crash, or an empty text."""
    with suppress(OSError):
        return (log_dir() / "last-crash.log").read_text(encoding="utf-8", errors="replace")[-5000:]
    return ""


def _lives(pid: int) -> bool:
    if pid == os.getpid():
        return True
    if os.name == "nt":
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
