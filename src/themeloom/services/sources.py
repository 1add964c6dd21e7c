"""The sources of a project as its list shows them, and reading one of them again."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import polars as pl

from themeloom.domain.errors import ImportFileError, UsageError
from themeloom.domain.records import (
    About,
    ImportOptions,
    ImportReport,
    Kind,
    SheetChoice,
    SkippedRow,
)
from themeloom.importers.inputs import FolderOfNotes, Input, expand_inputs
from themeloom.jobs.messages import Progress
from themeloom.jobs.worker import Worker
from themeloom.project.project import Project
from themeloom.services.importing import import_items
from themeloom.services.pasting import is_pasted, shown_name
from themeloom.services.source_names import source_names


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """One line of the list: a file, sheet or folder, however often it was read.

    Attributes:
        source_ids: the imports of it, oldest first.
        name: "nps-q3.xlsx", "interviews", "Pasted rows 2026-11-26 14:05".
        title: the name with its sheet, and with what tells it from others that are called so.
        sheet: the sheet, or None.
        kind: what its records are; None for lists of accounts and rosters.
        role: "records", "accounts" or "roster".
        about: us or a competitor.
        profile: the tool's layout.
        path: where it was read last.
        imported_at: when it was read last, ISO 8601, UTC.
        read: rows that were read last time.
        records: those that count now.
        duplicates: those that say the same as another one.
        updated: those of the last time that were known before.
        skipped: rows of the last time that were skipped.
        excerpts: pieces of its records that can carry a theme.
        first: date of its oldest record.
        last: date of its newest record.
        columns: header → role.
        notes: what was said when it was read last.
        choice: how it was read last.
    """

    source_ids: tuple[str, ...]
    name: str
    title: str
    sheet: str | None
    kind: Kind | None
    role: str
    about: About
    profile: str | None
    path: Path
    imported_at: str
    read: int
    records: int
    duplicates: int
    updated: int
    skipped: int
    excerpts: int
    first: datetime | None
    last: datetime | None
    columns: Mapping[str, str]
    notes: tuple[str, ...]
    choice: SheetChoice

    @property
    def pasted(self) -> bool:
        """Whether it came from the clipboard: nothing is left to read again."""
        return is_pasted(self.path.name)

    @property
    def missing(self) -> bool:
        """Whether the file or folder is not where it was."""
        return not self.path.exists()


def entries_of(sources: pl.DataFrame) -> list[SourceEntry]:
    """Return the list of sources, in the order in which they first came.

    Args:
        sources: SOURCES with the counts of a view: records, excerpts, duplicates, first, last; and
            ``input``, the name without what tells it apart.
    """
    rows = [dict(row) for row in sources.iter_rows(named=True)]
    roots: dict[str, str] = {}
    first_of: dict[tuple[str, str | None, str | None], str] = {}
    kinds: dict[str, str | None] = {}
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        row["report"] = _report(row)
        source_id = str(row["source_id"])
        again = row["report"].get("again")
        place = (str(row["path"]), row["sheet"], row["kind"])
        # A folder that is read again brings its interviews and its calls, each to its own line.
        same = again in roots and kinds[again] == row["kind"]
        before = again if same else first_of.get(place)
        root = roots.get(str(before), source_id)
        roots[source_id] = root
        kinds[source_id] = row["kind"]
        first_of.setdefault(place, source_id)
        groups.setdefault(root, []).append(row)
    titles = source_names([{**group[-1], "file": group[-1]["input"]} for group in groups.values()])
    return [_entry(group, title) for group, title in zip(groups.values(), titles, strict=True)]


def skipped_rows(project: Project, entry: SourceEntry) -> list[SkippedRow]:
    """Return the rows that were skipped when the source was read last."""
    rows = project.skipped().filter(pl.col("source_id") == entry.source_ids[-1])
    return [
        SkippedRow(file, sheet, row, reason)
        for file, sheet, row, reason in rows.select("file", "sheet", "row", "reason").iter_rows()
    ]


def reimport(
    project: Project,
    entry: SourceEntry,
    reader: Worker,
    on_progress: Callable[[Progress], None] | None = None,
    *,
    path: Path | None = None,
) -> ImportReport:
    """Read a source again in the same way, as one undoable step.

    Records that the project has are updated, new ones are added, none is removed.

    Args:
        project: has the source.
        entry: the source.
        reader: reads.
        on_progress: told about the stages.
        path: where the file lies now, if it was moved.

    Raises:
        ImportFileError: it is not there any more, or cannot be read; the project is as it was.
        UsageError: it came from the clipboard.
        JobCancelled: the person cancelled; the project is as it was.
    """
    if entry.pasted:
        raise UsageError(
            "Pasted rows cannot be read again.", file=entry.name, hint="Copy and paste them anew."
        )
    where = path or entry.path
    if not where.exists():
        raise ImportFileError(
            f"The file is no longer in {where.parent}.",
            file=entry.name,
            hint="Locate it, or put it back.",
        )
    options = ImportOptions(choices={(str(where), entry.sheet): entry.choice}, only_chosen=True)
    report = import_items(
        project, [_item(where)], options, reader, on_progress, again=entry.source_ids[0]
    )
    for file in report.files:
        if file.error:
            raise ImportFileError(file.error, file=entry.name, hint=file.hint)
        if file.role == "none":
            raise ImportFileError(
                f"The sheet “{entry.sheet}” is no longer in the file.",
                file=entry.name,
                hint="Import the file anew to choose another sheet.",
            )
    return report


def _item(path: Path) -> Input:
    """Return a file, or the notes of a folder: its tables are sources of their own."""
    for item in expand_inputs([path]):
        if isinstance(item, FolderOfNotes):
            return item
    return path


def _report(row: Mapping[str, Any]) -> dict[str, Any]:
    try:
        found = json.loads(row["report_json"] or "{}")
    except ValueError:
        return {}
    return cast(dict[str, Any], found) if isinstance(found, dict) else {}


def _entry(rows: list[dict[str, Any]], title: str) -> SourceEntry:
    row, report = rows[-1], rows[-1]["report"]
    firsts = [one["first"] for one in rows if one["first"] is not None]
    lasts = [one["last"] for one in rows if one["last"] is not None]
    kind = Kind(row["kind"]) if row["kind"] else None
    choice = _choice(report)
    return SourceEntry(
        source_ids=tuple(str(one["source_id"]) for one in rows),
        name=shown_name(str(row["input"])),
        title=title,
        sheet=row["sheet"],
        kind=kind,
        role=str(report.get("role") or ("records" if kind else "accounts")),
        about=About(row["about"] or About.US),
        profile=row["profile"],
        path=Path(str(row["path"])),
        imported_at=str(row["imported_at"] or ""),
        read=int(report.get("read") or 0),
        records=sum(int(one["records"]) for one in rows),
        duplicates=sum(int(one["duplicates"]) for one in rows),
        updated=int(report.get("updated") or 0),
        skipped=int(report.get("skipped") or 0),
        excerpts=sum(int(one["excerpts"]) for one in rows),
        first=min(firsts, default=None),
        last=max(lasts, default=None),
        columns=cast(dict[str, str], report.get("columns") or {}),
        notes=tuple(cast(list[str], report.get("warnings") or [])),
        choice=choice,
    )


def _choice(report: Mapping[str, Any]) -> SheetChoice:
    """Return how a source was read; what a damaged or older file does not say stays open."""
    try:
        return SheetChoice.from_mapping(report.get("choice") or {})
    except ValueError:
        return SheetChoice()
