"""Which backups there are of a project, how they are named, and which can go."""

import os
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

#: Everything of this time is kept …
_ALL = timedelta(days=2)
#: … then the newest of each day, week and month, so many of them.
_DAILY, _WEEKLY, _MONTHLY = 12, 10, 9
_STAMP = "%Y-%m-%d %H-%M-%S-%f"
_NAME = re.compile(r"(\d{4}-\d\d-\d\d \d\d-\d\d-\d\d-\d{6})(?: (.+))?")


class Why(StrEnum):
    """What a backup was made for; it stands in the file's name."""

    IMPORT = "before an import"
    RUN = "before a search for themes"
    MIGRATION = "before a conversion"
    CHANGES = "after 30 minutes of changes"
    RESTORE = "before a backup was restored"


@dataclass(frozen=True, slots=True)
class Backup:
    """One copy.

    Attributes:
        path: the file.
        when: when it was made, UTC.
        size: in bytes.
        why: a ``Why`` or "".
    """

    path: Path
    when: datetime
    size: int
    why: str


def list_backups(path: Path) -> list[Backup]:
    """Return the backups of the project at ``path``, newest first."""
    found: list[Backup] = []
    for file in folder_of(path).glob("*.loom"):
        if not file.stem.startswith(f"{path.stem} "):
            continue
        if named := _NAME.fullmatch(file.stem.removeprefix(f"{path.stem} ")):
            with suppress(ValueError, OSError):  # no date, or deleted meanwhile
                when = datetime.strptime(named[1], _STAMP).replace(tzinfo=UTC)
                found.append(Backup(file, when, file.stat().st_size, named[2] or ""))
    return sorted(found, key=lambda backup: backup.when, reverse=True)


def thinned_out(backups: Sequence[Backup], now: datetime) -> list[Backup]:
    """Return the backups that can go.

    All of the last two days stay; of the older ones the newest of each of 12 days, then the newest
    of each of 10 weeks, then the newest of each of 9 months (those that have any are counted).
    """
    older = sorted(
        (backup for backup in backups if now - backup.when > _ALL),
        key=lambda backup: backup.when,
        reverse=True,
    )
    kept: set[Path] = set()
    left = older
    for form, count in (("%Y-%m-%d", _DAILY), ("%G-%V", _WEEKLY), ("%Y-%m", _MONTHLY)):
        newest: dict[str, Backup] = {}
        for backup in left:
            newest.setdefault(backup.when.strftime(form), backup)
        chosen = list(newest.values())[:count]
        kept |= {backup.path for backup in chosen}
        last = chosen[-1].when.strftime(form) if len(chosen) == count else ""
        left = [backup for backup in left if last and backup.when.strftime(form) < last]
    return [backup for backup in older if backup.path not in kept]


def newest(path: Path) -> Path | None:
    """Return the newest backup of the project at ``path``, or None."""
    found = list_backups(path)
    return found[0].path if found else None


def folder_of(path: Path) -> Path:
    """Return where the backups of the project at ``path`` lie."""
    return path.with_name(f"{path.stem} backups")


def free_name(path: Path, now: datetime, why: str) -> Path:
    """Return a name for a backup that is made now; its folder is there."""
    folder = folder_of(path)
    folder.mkdir(exist_ok=True)
    # Microseconds keep two backups within a second apart and the names in the order of making.
    return folder / f"{path.stem} {now.strftime(_STAMP)} {why}.loom"


def flush_folder(folder: Path) -> None:
    """Make new names in ``folder`` survive a power cut, where the system can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
