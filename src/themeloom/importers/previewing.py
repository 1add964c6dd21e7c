"""What an input seems to be, and what a choice would make of it, without importing anything."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import polars as pl

from themeloom.domain.errors import ImportFileError
from themeloom.domain.previews import (
    ColumnPreview,
    DateQuestion,
    Holds,
    InputPreview,
    Shape,
    SheetPreview,
)
from themeloom.domain.records import DateOrder, ImportOptions, Kind, Role, SheetChoice
from themeloom.importers.accounts import role_of
from themeloom.importers.cleaning import clean
from themeloom.importers.dates import ParsedDates, parse_dates
from themeloom.importers.grid import Grid
from themeloom.importers.inputs import FolderOfNotes
from themeloom.importers.mapping import Mapped, map_table
from themeloom.importers.markup import plain_label
from themeloom.importers.notes import Note, read_note, records_of
from themeloom.importers.roles import Recognised, recognise
from themeloom.importers.sheets import NOTES, OpenFile, OpenFiles
from themeloom.importers.splitting import split
from themeloom.importers.tables import Table, nothing_in

_HEAD_ROWS = 12
_CELL = 400  # characters of a cell that are shown
_CARDS = 3
_SAMPLE = 60  # rows tried for the first records; most rows become one


@dataclass(frozen=True, slots=True)
class Tried:
    """A choice applied to a sheet; ``records`` are the first few, cleaned, ``excerpts`` theirs."""

    table: Table
    recognised: Recognised
    dates: DateQuestion | None
    records: pl.DataFrame
    excerpts: pl.DataFrame


def preview(item: Path | FolderOfNotes, files: OpenFiles) -> InputPreview:
    """Return what an input seems to be.

    Raises:
        ImportFileError: it cannot be read.
    """
    if isinstance(item, FolderOfNotes):
        return _preview_folder(item, files)
    opened = files.open(item)
    if opened.kind in NOTES:
        sheet = _notes_sheet([_note(item, opened)], ())
        return InputPreview(item, item.name, Shape.NOTE, sheets=(sheet,))
    sheets = tuple(_preview_sheet(opened, grid) for grid in opened.grids)
    if all(not sheet.rows for sheet in sheets):
        raise ImportFileError(
            "The file has no rows with content.",
            file=item.name,
            hint=nothing_in(note for sheet in sheets for note in sheet.notes),
        )
    shape = Shape.WORKBOOK if any(sheet.name for sheet in sheets) else Shape.TABLE
    return InputPreview(item, item.name, shape, sheets=sheets)


def is_notes(item: Path | FolderOfNotes, files: OpenFiles) -> bool:
    """Whether an input is made of notes and not of a table."""
    return isinstance(item, FolderOfNotes) or files.open(item).kind in NOTES


def note_records(notes: Sequence[Note], folder: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the first records of notes, and their excerpts."""
    records = clean(records_of(notes[:_CARDS], folder))
    return records, split(records)


def recognise_sheet(
    opened: OpenFile, sheet: str | None, choice: SheetChoice
) -> tuple[Table, Recognised]:
    """Return a sheet and what its columns are for.

    Raises:
        ImportFileError: no column holds texts.
    """
    table = opened.table(sheet, choice.header_row)
    if table.frame.is_empty():
        raise ImportFileError(
            "There are no rows below the column names.",
            file=opened.path.name,
            place=_place(sheet),
            hint="Click another row.",
        )
    recognised = recognise(table, ImportOptions(), opened.path.name, choice)
    if recognised is None:
        raise ImportFileError(
            "No column holds the texts.",
            file=opened.path.name,
            place=_place(sheet),
            hint="Choose “Text” above the column that has what people wrote.",
        )
    return table, recognised


def try_sheet(opened: OpenFile, sheet: str | None, choice: SheetChoice) -> Tried:
    """Return the first records that ``choice`` makes of a sheet.

    Raises:
        ImportFileError: nothing comes of it.
    """
    table, recognised = recognise_sheet(opened, sheet, choice)
    column = recognised.columns.date
    dates = _date_question(opened, table, column)
    order = choice.dates or (_order(opened.dates(table, column)) if column else None)
    filled = pl.any_horizontal(pl.col(name).is_not_null() for name in recognised.columns.text)
    rows = table.frame.filter(filled)
    asked = replace(recognised, dates=order)
    mapped = _mapped(table, rows.head(_SAMPLE), asked)
    if mapped.records.height < _CARDS and rows.height > _SAMPLE:
        mapped = _mapped(table, rows, asked)  # a help desk's notes stand first, or the like
    records = clean(mapped.records.head(_CARDS), frozenset())
    return Tried(table, recognised, dates, records, split(records))


def map_sheet(opened: OpenFile, sheet: str | None, choice: SheetChoice) -> Mapped:
    """Return all records that ``choice`` makes of a sheet, not yet cleaned.

    Raises:
        ImportFileError: nothing comes of it.
    """
    table, recognised = recognise_sheet(opened, sheet, choice)
    return map_table(table, recognised, own_stream=choice.own_ids)


def column_previews(table: Table, recognised: Recognised | None) -> tuple[ColumnPreview, ...]:
    """Return the columns of a table with the roles that were given out."""
    roles = recognised.roles(table.headers) if recognised else {}
    return tuple(
        ColumnPreview(table.places[name], name, Role(roles.get(name, Role.FIELD)))
        for name in table.headers
    )


def _mapped(table: Table, rows: pl.DataFrame, recognised: Recognised) -> Mapped:
    return map_table(replace(table, frame=rows), recognised)


def _preview_sheet(opened: OpenFile, grid: Grid) -> SheetPreview:
    table = opened.table(grid.sheet)
    sheet = SheetPreview(
        grid.sheet,
        Holds.NOTHING,
        included=False,
        rows=table.frame.height,
        header_row=table.header_row,
        first_row=table.first_row,
        head=_head(grid, table),
        notes=table.notes,
    )
    if table.frame.is_empty():
        return replace(sheet, reason=_why_empty(table))
    role = role_of(table, opened.path.stem)
    if role != "records":
        holds = Holds(role)
        return replace(
            sheet,
            holds=holds,
            included=True,
            reason=role,
            columns=column_previews(table, None),
        )
    recognised = recognise(table, ImportOptions(), opened.path.name)
    if recognised is None:
        return replace(sheet, reason="no texts, left out", columns=column_previews(table, None))
    return replace(
        sheet,
        holds=Holds.RECORDS,
        included=True,
        kind=recognised.kind,
        profile=recognised.profile.name,
        columns=column_previews(table, recognised),
        dates=_date_question(opened, table, recognised.columns.date),
        notes=(*table.notes, *recognised.warnings),
    )


def _why_empty(table: Table) -> str:
    hidden = any("hidden" in note for note in table.notes)
    return "hidden, left out" if hidden else "empty, left out"


def _head(grid: Grid, table: Table) -> tuple[tuple[str, ...], ...]:
    """Return the first rows; names of columns, in whichever row they stand, without their markup."""
    rows = grid.frame.head(max(_HEAD_ROWS, table.header_row + _HEAD_ROWS // 2)).rows()
    names = range(table.first_row - 1) if table.header_row else range(0)
    return tuple(
        tuple(
            (plain_label if at in names else _flat)((cell or "")[: 2 * _CELL])[:_CELL]
            for cell in row
        )
        for at, row in enumerate(rows)
    )


def _flat(cell: str) -> str:
    return " ".join(cell.split())


def _date_question(opened: OpenFile, table: Table, column: str | None) -> DateQuestion | None:
    if column is None:
        return None
    parsed = opened.dates(table, column)
    if not parsed.ambiguous or parsed.example is None:
        return None
    cell = pl.Series([parsed.example])
    day_first, month_first = (parse_dates(cell, order).values[0] for order in DateOrder)
    if day_first is None or month_first is None:
        return None
    return DateQuestion(
        column=column,
        example=parsed.example,
        day_first=long_date(day_first),
        month_first=long_date(month_first),
        rows=parsed.ambiguous,
        guess=_order(parsed),
    )


def _order(parsed: ParsedDates) -> DateOrder:
    return DateOrder.DAY_FIRST if parsed.order.startswith("day") else DateOrder.MONTH_FIRST


def long_date(date: datetime) -> str:
    """Return "3 September 2026"."""
    return f"{date.day} {_MONTHS[date.month - 1]} {date.year}"


def short_date(date: datetime) -> str:
    """Return "3 Sep 2026"."""
    return f"{date.day} {_MONTHS[date.month - 1][:3]} {date.year}"


_MONTHS = (
    "January February March April May June July August September October November December".split()
)


def _place(sheet: str | None) -> str | None:
    return f"sheet “{sheet}”" if sheet else None


def _preview_folder(item: FolderOfNotes, files: OpenFiles) -> InputPreview:
    notes, failed = notes_of(item, files, None)
    if not notes:
        raise ImportFileError(
            "None of the notes in the folder could be read.",
            file=item.folder.resolve().name,
            hint=" ".join(filter(None, (failed[0].complaint.message, failed[0].complaint.hint))),
        )
    return InputPreview(
        item.folder,
        item.folder.resolve().name,
        Shape.FOLDER,
        item.files,
        (_notes_sheet(notes, failed),),
    )


def _notes_sheet(notes: Sequence[Note], failed: Sequence[ImportFileError]) -> SheetPreview:
    by_kind = {kind: sum(note.kind is kind for note in notes) for kind in Kind}
    by_kind = {kind: count for kind, count in by_kind.items() if count}
    listed = [
        (
            str(note.row["file"]),
            note.kind.word,
            str(note.row["author"] or ""),
            short_date(note.row["date"]) if isinstance(note.row["date"], datetime) else "",
        )
        for note in notes
    ]
    warnings = [f"{error.complaint.file}: {error.complaint.message}" for error in failed]
    return SheetPreview(
        None,
        Holds.RECORDS,
        included=True,
        kind=max(by_kind, key=lambda kind: by_kind[kind]),
        profile=notes[0].profile if len({note.profile for note in notes}) == 1 else "notes",
        rows=len(notes),
        header_row=1,
        first_row=2,
        head=(("Document", "Kind", "Person", "Date"), *listed),
        notes=(*warnings, *dict.fromkeys(warning for note in notes for warning in note.warnings)),
        by_kind=tuple(by_kind.items()),
    )


def notes_of(
    item: Path | FolderOfNotes, files: OpenFiles, wanted: Kind | None
) -> tuple[list[Note], list[ImportFileError]]:
    """Return the notes of an input, and why those that could not be read were not."""
    notes: list[Note] = []
    failed: list[ImportFileError] = []
    for path in item.files if isinstance(item, FolderOfNotes) else (item,):
        try:
            opened = files.open(path)
            if opened.kind not in NOTES:
                raise ImportFileError("This is a table; add it by its own name.", file=path.name)
            notes.append(_note(path, opened, wanted))
        except ImportFileError as error:
            failed.append(error)
    return notes, failed


def _note(path: Path, opened: OpenFile, wanted: Kind | None = None) -> Note:
    return opened.keep(("note", wanted), lambda: read_note(path, opened.kind, wanted))
