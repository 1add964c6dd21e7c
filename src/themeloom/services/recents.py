"""The projects that were open lately, with what was in them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from themeloom.base.settings import Settings

_NAME = "recent projects"
_MOST = 12


@dataclass(frozen=True, slots=True)
class Recent:
    """One project that was open."""

    path: str
    opened: str  # ISO 8601, UTC
    records: int = 0
    themes: int = 0

    @property
    def missing(self) -> bool:
        """Whether the file is not there now."""
        return not Path(self.path).is_file()


def recents(settings: Settings) -> list[Recent]:
    """Return the projects, the latest first."""
    found: list[Recent] = []
    for entry in settings.get(_NAME, list[Any]()):
        if isinstance(entry, Mapping):
            fields = cast(Mapping[str, Any], entry)
            try:
                found.append(
                    Recent(
                        str(fields["path"]),
                        str(fields["opened"]),
                        int(fields.get("records", 0)),
                        int(fields.get("themes", 0)),
                    )
                )
            except (KeyError, TypeError, ValueError):
                continue
    return found


def note(settings: Settings, path: Path, *, records: int, themes: int) -> None:
    """Put ``path`` on top of the list."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    kept = [entry for entry in recents(settings) if Path(entry.path) != path]
    _keep(settings, [Recent(str(path), now, records, themes), *kept])


def forget(settings: Settings, path: str) -> None:
    """Take a project off the list; the file stays."""
    _keep(settings, [entry for entry in recents(settings) if entry.path != path])


def _keep(settings: Settings, entries: list[Recent]) -> None:
    settings.set(_NAME, [asdict(entry) for entry in entries[:_MOST]])
