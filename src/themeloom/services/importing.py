"""Importing: each input is read in the reader process, all of them land in the project at once."""

import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import polars as pl

from themeloom.domain.errors import JobCancelled, ThemeloomError
from themeloom.domain.records import FileReport, ImportOptions, ImportReport, SkippedRow
from themeloom.importers.deduplication import EXISTING
from themeloom.importers.inputs import FolderOfNotes, Input, PassedOver, expand_inputs
from themeloom.jobs.messages import Progress
from themeloom.jobs.tables import read_table, write_table
from themeloom.jobs.worker import Worker
from themeloom.project.importing import ImportStage
from themeloom.project.project import Project
from themeloom.services.workers import READER_SECONDS

_Part = Mapping[str, object]


def check_inputs(inputs: Sequence[Path]) -> None:
    """Look whether the inputs are there, before a project is made for them.

    Raises:
        ImportFileError: an input does not exist.
    """
    expand_inputs(inputs)


def import_inputs(
    project: Project,
    inputs: Sequence[Path],
    options: ImportOptions,
    reader: Worker,
    on_progress: Callable[[Progress], None] | None = None,
) -> ImportReport:
    """Import files and folders into the project as one undoable step.

    A file that cannot be read is reported and the others still come in. Nothing becomes visible
    before all inputs are read: cancelled, the project is as it was.

    Raises:
        JobCancelled: the person cancelled.
        ImportFileError: an input does not exist.
        ProjectError: the project cannot be written.
    """
    return import_items(project, expand_inputs(inputs), options, reader, on_progress)


def import_items(
    project: Project,
    items: Sequence[Input],
    options: ImportOptions,
    reader: Worker,
    on_progress: Callable[[Progress], None] | None = None,
    *,
    again: str | None = None,
) -> ImportReport:
    """Do what ``import_inputs`` does, for inputs that are told apart already.

    Args:
        project: gets the records.
        items: what is read.
        options: what the person chose.
        reader: reads.
        on_progress: told about each file's stages.
        again: id of the source that is read again; the new one remembers it.
    """
    files: list[FileReport] = []
    skipped: list[SkippedRow] = []
    with (
        tempfile.TemporaryDirectory(prefix="themeloom-import-") as name,
        project.begin_import(_label(items) + (" again" if again else "")) as stage,
    ):
        known = project.records(list(EXISTING))
        existing = [write_table(known, Path(name) / "existing.arrow")]
        staged = False
        for number, item in enumerate(items):
            folder = Path(name) / str(number)
            folder.mkdir()
            try:
                reports, parts = _read(reader, item, options, existing, folder, on_progress)
            except JobCancelled:
                raise
            except ThemeloomError as error:
                said = error.complaint
                where = f"{said.place}: " if said.place else ""
                files.append(
                    FileReport(file=_name(item), error=where + said.message, hint=said.hint)
                )
                continue
            files += reports
            for part in parts:
                skipped += _stage(stage, part, _name(item), again)
                staged = True
                if number + 1 < len(items):  # only the inputs that follow look at it
                    seen = _frame(part, "records").select(list(EXISTING))
                    existing.append(write_table(seen, folder / f"{len(existing)}-existing.arrow"))
        if staged:  # an import that brought nothing leaves no step to undo
            stage.commit()
    return ImportReport(files=files, skipped=skipped)


def _read(
    reader: Worker,
    item: Input,
    options: ImportOptions,
    existing: Sequence[str],
    folder: Path,
    on_progress: Callable[[Progress], None] | None,
) -> tuple[Sequence[FileReport], Sequence[_Part]]:
    answer = reader.run(
        "themeloom.services.tasks.reading:read_input",
        {"item": item, "options": options, "existing": list(existing), "folder": str(folder)},
        on_progress=on_progress,
        timeout=READER_SECONDS,
    )
    return cast(tuple[Sequence[FileReport], Sequence[_Part]], answer)


def _stage(stage: ImportStage, part: _Part, name: str, again: str | None) -> list[SkippedRow]:
    source = dict(cast(Mapping[str, object], part["source"]))
    source["imported_at"] = datetime.now(UTC).isoformat(timespec="seconds")
    if again:
        kept = json.loads(str(source["report_json"]))
        source["report_json"] = json.dumps({**kept, "again": again}, ensure_ascii=False)
    source_id = stage.add_source(source)
    mine = pl.lit(source_id).alias("source_id")
    stage.add_records(_frame(part, "records").with_columns(mine))
    stage.add_excerpts(_frame(part, "excerpts"))
    rows = _frame(part, "skipped")
    stage.add_skipped(rows.with_columns(mine))
    accounts, roster = _frame(part, "accounts"), _frame(part, "roster")
    if not accounts.is_empty():
        stage.set_accounts(accounts)
    if not roster.is_empty():
        stage.set_roster(roster)
    return [
        SkippedRow(file=file or name, sheet=sheet, row=row, reason=reason)
        for file, sheet, row, reason in rows.select("file", "sheet", "row", "reason").iter_rows()
    ]


def _frame(part: _Part, name: str) -> pl.DataFrame:
    return read_table(str(part[name]))


def _label(items: Sequence[Input]) -> str:
    taken = [item for item in items if not isinstance(item, PassedOver)]
    if len(taken) == 1:
        return _name(taken[0])
    folders = any(isinstance(item, FolderOfNotes) for item in taken)
    return f"{len(taken)} files and folders" if folders else f"{len(taken)} files"


def _name(item: Input) -> str:
    if isinstance(item, FolderOfNotes):
        return item.folder.name
    return item.path.name if isinstance(item, PassedOver) else item.name
