"""What a person hands in, as a list of things to import: files, and folders of notes."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from themeloom.domain.errors import ImportFileError

#: What Office writes beside an open document, and what file managers leave behind.
_LOCK_FILE = "This is a lock file that Office leaves beside an open document, not the document."
_HIDDEN = "Hidden files of a folder are not read."
_NOTES = frozenset({".md", ".markdown", ".txt", ".text", ".docx", ".vtt", ".srt"})


@dataclass(frozen=True, slots=True)
class FolderOfNotes:
    """The notes and transcripts of one folder: one source, one record for each file."""

    folder: Path
    files: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A file of a folder that is deliberately not read."""

    path: Path
    reason: str


Input = Path | FolderOfNotes | PassedOver


def expand_inputs(inputs: Sequence[Path]) -> list[Input]:
    """Return what is to be imported, in order: accounts and tables first, then notes, by name.

    A file stands for itself. A folder stands for the files in it, not for those in its
    subfolders: tables stay one input each, notes and transcripts become one ``FolderOfNotes``.
    Hidden files and Office lock files of a folder are returned as ``PassedOver``.

    Raises:
        ImportFileError: a path does not exist, or a folder holds no file.
    """
    expanded: list[Input] = []
    for path in inputs:
        if path.is_dir() and path.suffix.lower() not in {".pages", ".numbers", ".key"}:
            expanded.extend(_files_of(path))
        elif path.exists():
            expanded.append(path)
        else:
            raise ImportFileError(
                "There is no such file or folder.",
                file=str(path),
                hint="Check the spelling and the folder you are in.",
            )
    return expanded


def is_lock_file(path: Path) -> bool:
    """Tell whether ``path`` is what Office (``~$``) or LibreOffice (``.~lock``) leaves behind."""
    return path.name.startswith(("~$", ".~lock."))


def _files_of(folder: Path) -> list[Input]:
    tables: list[Input] = []
    notes: list[Path] = []
    passed_over: list[Input] = []
    for path in sorted(folder.iterdir(), key=lambda entry: (entry.name.casefold(), entry.name)):
        if not path.is_file():
            continue
        if is_lock_file(path):
            passed_over.append(PassedOver(path, _LOCK_FILE))
        elif path.name.startswith(".") or path.name in {"Thumbs.db", "desktop.ini"}:
            passed_over.append(PassedOver(path, _HIDDEN))
        elif path.suffix.lower() in _NOTES:
            notes.append(path)
        else:
            tables.append(path)
    if not tables and not notes:
        raise ImportFileError(
            "The folder holds no file to read.",
            file=str(folder),
            hint="Files in its subfolders are not read: name the subfolder instead.",
        )
    folder_of_notes: list[Input] = [FolderOfNotes(folder, tuple(notes))] if notes else []
    return [*tables, *folder_of_notes, *passed_over]
