"""The import assistant without its window: look at inputs, try choices, count."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

from themeloom.domain.errors import Complaint, JobCancelled, ThemeloomError
from themeloom.domain.previews import Holds, InputPreview, Shape, SheetPreview, Totals, Trial
from themeloom.domain.records import SheetChoice
from themeloom.importers.deduplication import EXISTING
from themeloom.importers.inputs import FolderOfNotes, Input, PassedOver, expand_inputs
from themeloom.jobs.messages import Progress
from themeloom.jobs.tables import write_table
from themeloom.jobs.worker import Worker
from themeloom.project.project import Project
from themeloom.services.pasting import shown_name
from themeloom.services.workers import READER_SECONDS

_TASKS = "themeloom.services.tasks.previewing"

#: Input path and sheet, as ``ImportOptions.choices`` has them.
Key = tuple[str, str | None]
Choices = Mapping[Key, SheetChoice]


def look(
    paths: Sequence[Path],
    reader: Worker,
    on_progress: Callable[[int, int], None] | None = None,
) -> list[InputPreview]:
    """Return what each file or folder seems to be; one that cannot be read says why.

    A folder gives an input for each of its tables and one for its notes.

    Args:
        paths: files and folders.
        reader: reads them; it keeps what it has read for ``try_out`` and ``count``.
        on_progress: called with how many inputs are done, and of how many.

    Raises:
        JobCancelled: the person cancelled.
    """
    found: list[InputPreview] = []
    items: list[Input | InputPreview] = []
    for path in paths:
        try:
            items += expand_inputs([path])
        except (ThemeloomError, OSError) as error:
            items.append(_unreadable(path, error))
    for number, item in enumerate(items):
        if on_progress:
            on_progress(number, len(items))
        if isinstance(item, InputPreview):
            found.append(item)
        elif isinstance(item, PassedOver):
            if not item.expected:
                complaint = Complaint(item.reason, file=item.path.name)
                found.append(
                    InputPreview(item.path, item.path.name, Shape.UNREADABLE, error=complaint)
                )
        else:
            found.append(_look_at(item, reader))
    return found


def try_out(preview: InputPreview, sheet: str | None, choice: SheetChoice, reader: Worker) -> Trial:
    """Return at once what ``choice`` makes of a sheet: columns, dates, the first three records.

    What is wrong with the choice stands in ``error``.

    Raises:
        JobCancelled: the person cancelled.
        JobFailed: the reader crashed.
    """
    params = {"item": _item(preview), "sheet": sheet, "choice": choice}
    return cast(Trial, reader.run(f"{_TASKS}:try_sheet_out", params, timeout=READER_SECONDS))


def count(
    previews: Sequence[InputPreview],
    choices: Choices,
    reader: Worker,
    *,
    existing: str | None = None,
    on_totals: Callable[[Key, Totals], None] | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> dict[Key, Totals]:
    """Return what all chosen sheets come to, as an import in the same order would.

    Sheets whose choice has not changed since the last count are not counted anew.

    Args:
        previews: all inputs, in the order of the import.
        choices: what was chosen; sheets without a choice are taken as they were guessed.
        reader: better not the one that ``try_out`` uses, so that a long count keeps nobody waiting.
        existing: file of ``write_existing``, or None for an empty project.
        on_totals: called for each sheet as soon as it is counted.
        on_progress: called while a large sheet is counted.

    Raises:
        JobCancelled: ``reader.cancel`` stopped it.
        JobFailed: the reader crashed.
    """
    keys: list[Key] = []
    chosen: list[tuple[object, str | None, SheetChoice]] = []
    for preview, sheet in sheets_of(previews):
        key = key_of(preview, sheet)
        choice = choices.get(key) or SheetChoice(include=sheet.included)
        # Lists of accounts are no records, unless the person says what kind they are.
        if choice.include and (sheet.holds in (Holds.RECORDS, Holds.NOTHING) or choice.kind):
            keys.append(key)
            chosen.append((_item(preview), sheet.name, choice))

    def hand_on(value: object) -> None:
        if on_totals:
            number, totals = cast(tuple[int, Totals], value)
            on_totals(keys[number], totals)

    answer = reader.run(
        f"{_TASKS}:count_sheets",
        {"chosen": chosen, "existing": existing},
        on_progress=on_progress,
        on_partial=hand_on,
        timeout=READER_SECONDS,
    )
    return dict(zip(keys, cast(list[Totals], answer), strict=True))


def write_existing(project: Project, folder: Path) -> str:
    """Write what counting needs to know of the project's records; return the file for ``count``."""
    return write_table(project.records(list(EXISTING)), folder / "existing.arrow")


def sheets_of(previews: Sequence[InputPreview]) -> list[tuple[InputPreview, SheetPreview]]:
    """Return all sheets of all inputs that can be read, in order."""
    return [(preview, sheet) for preview in previews for sheet in preview.sheets]


def key_of(preview: InputPreview, sheet: SheetPreview) -> Key:
    """Return under what a sheet's choice is kept."""
    return (str(preview.path), sheet.name)


def _look_at(item: Path | FolderOfNotes, reader: Worker) -> InputPreview:
    path = item.folder if isinstance(item, FolderOfNotes) else item
    try:
        answer = reader.run(f"{_TASKS}:look_at_input", {"item": item}, timeout=READER_SECONDS)
    except JobCancelled:
        raise
    except ThemeloomError as error:
        return _unreadable(path, error)
    found = cast(InputPreview, answer)
    return replace(found, name=shown_name(found.name))


def _unreadable(path: Path, error: ThemeloomError | OSError) -> InputPreview:
    if isinstance(error, ThemeloomError):
        said = replace(error.complaint, file=path.name)
    else:
        reason = error.strerror or type(error).__name__
        said = Complaint(
            f"It cannot be opened ({reason}).",
            file=path.name,
            hint="Check that it still exists and that you may read it.",
        )
    return InputPreview(path, shown_name(path.name), Shape.UNREADABLE, error=said)


def _item(preview: InputPreview) -> Path | FolderOfNotes:
    if preview.shape is Shape.FOLDER:
        return FolderOfNotes(preview.path, preview.files)
    return preview.path
