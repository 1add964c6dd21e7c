"""The person's settings: one JSON file, written whole and atomically, forgiving when damaged."""

import json
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar, cast

from themeloom.base.paths import config_dir

T = TypeVar("T")

_FILE = "settings.json"


class Settings:
    """Values by dotted names, kept in a file; a value of another type than its default is ignored."""

    def __init__(self, path: Path | None = None) -> None:
        """Read the file; a missing or damaged one gives the defaults."""
        self._path = path or config_dir() / _FILE
        self._lock = Lock()
        self._values = _read(self._path)

    def get(self, name: str, default: T) -> T:
        """Return the value called ``name``, or ``default``."""
        value = self._values.get(name)
        if value is None:
            return default
        if isinstance(default, bool) != isinstance(value, bool):
            return default
        if isinstance(default, float) and isinstance(value, int):
            return cast(T, float(value))
        if default is not None and not isinstance(value, type(default)):
            return default
        return cast(T, value)

    def set(self, name: str, value: object) -> None:
        """Keep ``value`` (anything that JSON holds) under ``name``; it is on the disk at once."""
        with self._lock:
            if self._values.get(name) == value:
                return
            self._values[name] = value
            _write(self._path, self._values)

    def remove(self, name: str) -> None:
        """Forget the value called ``name``."""
        with self._lock:
            if name in self._values:
                del self._values[name]
                _write(self._path, self._values)


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return cast(dict[str, Any], found) if isinstance(found, dict) else {}


def _write(path: Path, values: dict[str, Any]) -> None:
    """Write beside and replace. A settings file that cannot be written must not stop the work."""
    with suppress(OSError):
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(values, file, ensure_ascii=False, indent=1)
                file.flush()
                os.fsync(file.fileno())
            os.replace(name, path)
        except BaseException:
            with suppress(OSError):
                os.unlink(name)
            raise
