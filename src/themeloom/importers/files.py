"""The door of this room: one input in, records and excerpts and a report out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from themeloom.domain.errors import ImportFileError
from themeloom.domain.frames import ACCOUNTS, EXCERPTS, RECORDS, ROSTER, SKIPPED, conform, empty
from themeloom.domain.records import FileReport, ImportOptions, Kind, Role, SheetChoice
from themeloom.importers.accounts import read_accounts, read_roster, role_of
from themeloom.importers.columnnames import listed
from themeloom.importers.deduplication import EXISTING
from themeloom.importers.finishing import (
    Draft,
    ImportedSource,
    Progress,
    digest_of,
    finish,
    source_row,
    together,
)
from themeloom.importers.inputs import FolderOfNotes, Input, PassedOver
from themeloom.importers.mapping import map_table
from themeloom.importers.notes import Note, read_note, records_of
from themeloom.importers.roles import Recognised, recognise
from themeloom.importers.sniffing import Format, sniff
from themeloom.importers.streams import settle_ids, settle_notes
from themeloom.importers.tables import Table, nothing_in, read_tables

_NOTES = frozenset({Format.NOTE, Format.MARKDOWN, Format.TRANSCRIPT, Format.WORD})


_LEFT_OUT = "Nothing of this file was chosen."


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """What one input brought; ``report`` counts all its sources together."""

    report: FileReport
    sources: tuple[ImportedSource, ...]
    by_kind: tuple[FileReport, ...] = ()  # where a folder holds interviews and calls


def import_file(
    item: Input,
    options: ImportOptions,
    *,
    existing: pl.DataFrame | None = None,
    progress: Progress = lambda stage, done, total: None,
) -> ImportedFile:
    """Read one input and return its records, cleaned, split into excerpts, duplicates marked.

    A workbook gives a source for each sheet that holds feedback. A folder of notes gives one
    source, or two where it holds interviews and calls; each record names the note that it was read from.

    Args:
        item: a file, the notes of a folder, or a file to be passed over.
        options: what the person overrode.
        existing: what the project and earlier inputs have (columns of EXISTING).
        progress: called with stage, done, total; may raise to cancel.

    Raises:
        ImportFileError: the file cannot be read, or holds no texts.
        UsageError: an option names a profile that does not exist.
    """
    known = None if existing is None else conform(existing, EXISTING)
    if isinstance(item, PassedOver):
        return ImportedFile(FileReport(item.path.name, warnings=(item.reason,), role="none"), ())
    if isinstance(item, FolderOfNotes):
        return _import_folder(item, options, known, progress)
    progress("Reading", 0, 1)
    if _is_left_out(item, options):
        return _nothing_chosen(item.name)
    try:
        kind = sniff(item)
        if kind in _NOTES:
            return _import_note(item, kind, options, known, progress)
        return _import_tables(item, kind, options, known, progress)
    except OSError as error:
        raise ImportFileError(
            f"The file cannot be opened ({error.strerror or type(error).__name__}).",
            file=item.name,
            hint="Check that it still exists, that you may read it and that it is not locked.",
        ) from None


def _import_tables(
    path: Path, kind: Format, options: ImportOptions, known: pl.DataFrame | None, progress: Progress
) -> ImportedFile:
    digest = digest_of([path])
    header_rows = {
        sheet: choice.header_row
        for (file, sheet), choice in options.choices.items()
        if file == str(path) and choice.header_row is not None
    }
    sources: list[ImportedSource] = []
    reports: list[FileReport] = []
    notes: list[str] = []
    seen: set[str] = set()  # ids of the sheets before
    left_out = False
    problem: ImportFileError | None = None
    empty_table: Table | None = None
    for table in read_tables(path, kind, header_rows):
        progress("Recognising columns", 0, 1)
        choice = options.choice(str(path), table.sheet)
        if not choice.include:
            left_out = True
            continue
        if table.frame.is_empty():
            notes += table.notes
            continue
        role = "records" if choice.kind else role_of(table, path.stem)
        if role != "records":
            report = FileReport(path.name, warnings=table.notes, role=role)
            sources.append(_side_table(path, table, role, report, digest))
            reports.append(report)
            continue
        try:
            recognised = recognise(table, options, path.name, choice)
        except ImportFileError as error:
            problem = problem or error
            continue
        if recognised is None:
            empty_table = empty_table or table
            if table.sheet:
                notes.append(f"The sheet “{table.sheet}” has no column of texts and was not read.")
            continue
        draft = _draft(table, recognised, choice, seen, known, path.name)
        seen |= set(draft.records["record_id"])
        report, source = finish(draft, path, path.name, known, digest, progress)
        reports.append(report)
        sources.append(source)
        known = _with(known, source.records)
    if problem is not None and all(report.role != "records" for report in reports):
        raise problem
    if not reports and left_out and empty_table is None:
        return _nothing_chosen(path.name)
    if not reports:
        raise _nothing(path, empty_table, notes)
    return ImportedFile(together(path.name, reports, notes), tuple(sources))


def _is_left_out(path: Path, options: ImportOptions) -> bool:
    """Whether no sheet of a file is wanted: it need not even be read."""
    mine = [choice for (file, _), choice in options.choices.items() if file == str(path)]
    return options.only_chosen and not any(choice.include for choice in mine)


def _nothing_chosen(name: str) -> ImportedFile:
    return ImportedFile(FileReport(name, warnings=(_LEFT_OUT,), role="none"), ())


def _draft(
    table: Table,
    recognised: Recognised,
    choice: SheetChoice,
    seen: set[str],
    known: pl.DataFrame | None,
    file: str,
) -> Draft:
    own_ids = choice.own_ids
    mapped = settle_ids(map_table(table, recognised, own_stream=own_ids), known, file)
    if seen and not own_ids and not seen.isdisjoint(mapped.records["record_id"]):
        own_ids = True
        mapped = settle_ids(map_table(table, recognised, own_stream=True), known, file)
    return Draft(
        sheet=table.sheet,
        kind=recognised.kind,
        profile=recognised.profile.name,
        records=mapped.records,
        skipped=mapped.skipped,
        read=mapped.read,
        warnings=(*table.notes, *mapped.warnings),
        columns=recognised.roles(table.headers),
        choice=replace(
            choice,
            kind=recognised.kind,
            profile=recognised.profile.name,
            header_row=table.header_row,
            roles={name: Role(role) for name, role in recognised.roles(table.headers).items()},
            own_ids=own_ids,
        ),
    )


def _nothing(path: Path, table: Table | None, notes: Sequence[str]) -> ImportFileError:
    if table is None:
        return ImportFileError(
            "The file has no rows with content.",
            file=path.name,
            hint=nothing_in(notes),
        )
    return ImportFileError(
        "No column of texts was found.",
        file=path.name,
        place=f"sheet “{table.sheet}”" if table.sheet else None,
        hint=f"Name it with --text. The columns are: {listed(table.headers)}.",
    )


def _side_table(
    path: Path, table: Table, role: str, report: FileReport, digest: str
) -> ImportedSource:
    return ImportedSource(
        row=source_row(path, path.name, table.sheet, None, role, report, digest),
        records=empty(RECORDS),
        excerpts=empty(EXCERPTS),
        skipped=empty(SKIPPED),
        accounts=read_accounts(table) if role == "accounts" else empty(ACCOUNTS),
        roster=read_roster(table) if role == "roster" else empty(ROSTER),
    )


def _import_note(
    path: Path, kind: Format, options: ImportOptions, known: pl.DataFrame | None, progress: Progress
) -> ImportedFile:
    choice = options.choice(str(path), None)
    note = read_note(path, kind, choice.kind or options.kind)
    draft = _note_draft([note], path.parent.name, note.kind, choice)
    draft.records = settle_notes(draft.records, known, path.resolve().parent)
    report, source = finish(draft, path, path.name, known, digest_of([path]), progress)
    return ImportedFile(report, (source,))


def _import_folder(
    item: FolderOfNotes, options: ImportOptions, known: pl.DataFrame | None, progress: Progress
) -> ImportedFile:
    notes: list[Note] = []
    failed: list[dict[str, object]] = []
    choice = options.choice(str(item.folder), None)
    if not choice.include:
        return _nothing_chosen(item.folder.resolve().name)
    for number, path in enumerate(item.files):
        progress("Reading notes", number, len(item.files))
        try:
            kind = sniff(path)
            if kind not in _NOTES:
                raise ImportFileError("This is a table; import it by its own name.", file=path.name)
            notes.append(read_note(path, kind, choice.kind or options.kind))
        except ImportFileError as error:
            reason = " ".join(filter(None, (error.complaint.message, error.complaint.hint)))
            failed.append({"file": path.name, "reason": reason})
        except OSError as error:
            failed.append({"file": path.name, "reason": f"It cannot be opened: {error.strerror}."})
    name = item.folder.resolve().name
    if not notes:
        raise ImportFileError(
            "None of the notes in the folder could be read.",
            file=name,
            hint=str(failed[0]["reason"]) if failed else None,
        )
    digest = digest_of(item.files)
    reports: list[FileReport] = []
    sources: list[ImportedSource] = []
    for kind in (Kind.INTERVIEW, Kind.CALL, *(set(Kind) - {Kind.INTERVIEW, Kind.CALL})):
        group = [note for note in notes if note.kind == kind]
        if not group:
            continue
        draft = _note_draft(group, name, kind, choice)
        draft.records = settle_notes(draft.records, known, item.folder.resolve())
        if failed:
            draft.skipped = pl.DataFrame(
                [{"file": row["file"], "row": None, "reason": row["reason"]} for row in failed],
                schema={"file": pl.String, "row": pl.Int64, "reason": pl.String},
            )
            draft.read += len(failed)
            failed = []
        report, source = finish(draft, item.folder, name, known, digest, progress)
        reports.append(report)
        sources.append(source)
        known = _with(known, source.records)
    return ImportedFile(together(name, reports, []), tuple(sources), tuple(reports))


def _note_draft(notes: Sequence[Note], folder: str, kind: Kind, choice: SheetChoice) -> Draft:
    warnings = [
        f"{note.row['file']}: {warning}" if len(notes) > 1 else warning
        for note in notes
        for warning in note.warnings
    ]
    warnings += _told_twice(notes)
    profiles = dict.fromkeys(note.profile for note in notes)
    return Draft(
        sheet=None,
        kind=kind,
        profile=next(iter(profiles)) if len(profiles) == 1 else "notes",
        records=records_of(notes, folder),
        skipped=pl.DataFrame(schema={"row": pl.Int64, "reason": pl.String}),
        read=len(notes),
        warnings=tuple(warnings),
        choice=choice,
    )


def _told_twice(notes: Sequence[Note]) -> Iterator[str]:
    """Tell of notes whose names differ in their ending only: mostly the same talk in two formats."""
    alike: dict[str, list[str]] = {}
    for note in notes:
        alike.setdefault(str(note.row["external_id"]), []).append(str(note.row["file"]))
    for names in alike.values():
        if len(names) > 1:
            listed = ", ".join(f"“{name}”" for name in names)
            yield (
                f"{listed}: if they hold the same talk, remove all but one of them and import again; "
                "those that are not the same word for word each count now."
            )


def _with(known: pl.DataFrame | None, records: pl.DataFrame) -> pl.DataFrame:
    """Return what is known after a source of the same file was read."""
    fresh = conform(records, EXISTING)
    return fresh if known is None else pl.concat([known, fresh])
