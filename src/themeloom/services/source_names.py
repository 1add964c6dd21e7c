"""Names of sources as lists show them: the file or folder, and what tells two of one name apart."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from themeloom.domain.records import About, Kind
from themeloom.services.pasting import shown_name

#: A row of SOURCES.
Row = Mapping[str, Any]


def source_names(sources: Sequence[Row]) -> list[str]:
    """Return a name for each of ``sources``, all different.

    It is the file or folder with its sheet: "nps-q3.xlsx · Responses". Where several are called so,
    what differs follows: what they hold, the folder they lie in, whom they are about, when they
    were read: "interviews (calls)", "nps.csv (2026-q3)", "nps.csv (read 3 Nov 2026)".
    """
    names = [_title(row) for row in sources]
    details: list[list[str]] = [[] for _ in sources]
    folders = _folders(sources)
    for describe in (_kind, folders, _about, _day, _moment):
        told = [_joined(*one) for one in zip(names, details, strict=True)]
        several = {name for name, count in Counter(told).items() if count > 1}
        for name in several:
            group = [place for place, one in enumerate(told) if one == name]
            words = [describe(sources[place]) for place in group]
            if len(set(words)) > 1:
                for place, word in zip(group, words, strict=True):
                    details[place] += [word] if word else []
    return _numbered([_joined(*one) for one in zip(names, details, strict=True)])


def _title(row: Row) -> str:
    name = shown_name(str(row["file"]))
    return f"{name} · {row['sheet']}" if row["sheet"] else name


def _joined(name: str, details: Sequence[str]) -> str:
    return f"{name} ({', '.join(details)})" if details else name


def _kind(row: Row) -> str:
    return Kind(row["kind"]).plural if row["kind"] else "a list"


def _folders(sources: Sequence[Row]) -> Callable[[Row], str]:
    """Return what names a source's folder, with as many folders above it as tell it apart."""
    known = {Path(str(row["path"])).parent for row in sources}

    def short(folder: Path, length: int) -> str:
        return "/".join(part for part in folder.parts[-length:] if part != folder.anchor)

    def name(row: Row) -> str:
        folder = Path(str(row["path"])).parent
        others = known - {folder}
        for length in range(1, len(folder.parts)):
            if all(short(other, length) != short(folder, length) for other in others):
                return short(folder, length)
        return str(folder)

    return name


def _about(row: Row) -> str:
    return "about a competitor" if row["about"] == About.COMPETITOR else ""


def _day(row: Row) -> str:
    read = _read(row)
    return f"read {read.day} {read:%b %Y}" if read else ""


def _moment(row: Row) -> str:
    read = _read(row)
    return f"at {read:%H:%M:%S}" if read else ""


def _read(row: Row) -> datetime | None:
    try:
        return datetime.fromisoformat(str(row["imported_at"])).astimezone()
    except ValueError:
        return None


def _numbered(names: Sequence[str]) -> list[str]:
    taken: set[str] = set()
    numbered: list[str] = []
    for name in names:
        given, number = name, 1
        while given in taken:
            number += 1
            given = f"{name} ({number})"
        taken.add(given)
        numbered.append(given)
    return numbered
