"""What a person hands in, as a list of things to import: files, and folders of notes."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from themeloom.base.paths import is_unicode, shown
from themeloom.domain.errors import ImportFileError

#: What Office writes beside an open document, and what file managers leave behind.
_LOCK_FILE = "This is a lock file that Office leaves beside an open document, not the document."
_HIDDEN = "Hidden files of a folder are not read."
_NO_FILE = "This is neither a file nor a folder: a pipe, a device, or a link that leads nowhere."
_ODD_NAME = "The name holds bytes that are no text."
_RENAME = "Rename it, or the folder it lies in, and import it again."
_APPLE_DOCUMENTS = frozenset({".pages", ".numbers", ".key"})  # folders on other systems
_NOTES = frozenset({".md", ".markdown", ".txt", ".text", ".docx", ".vtt", ".srt"})


@dataclass(frozen=True, slots=True)
class FolderOfNotes:
    """The notes and transcripts of one folder: one source, one record for each file."""

    folder: Path
    files: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A file of a folder that is deliberately not read.

    Attributes:
        path: the file, as it can be shown.
        reason: why, one sentence.
        expected: nobody would look for it among what came in (hidden files).
    """

    path: Path
    reason: str
    expected: bool = False


Input = Path | FolderOfNotes | PassedOver


def expand_inputs(inputs: Sequence[Path]) -> list[Input]:
    """Return what is to be imported, in order: accounts and tables first, then notes, by name.

    A file stands for itself. A folder stands for the files in it, not for those in its
    subfolders: tables stay one input each, notes and transcripts become one ``FolderOfNotes``.
    What a folder holds besides is returned as ``PassedOver``: hidden files, Office lock files,
    pipes, links that lead nowhere, and names that are no text.

    Raises:
        ImportFileError: a path does not exist or cannot be looked at, is neither file nor folder,
            has a name that is no text, or is a folder without a file.
    """
    expanded: list[Input] = []
    for path in inputs:
        try:
            expanded.extend(_told_apart(path))
        except OSError as error:
            raise ImportFileError(
                f"It cannot be opened ({error.strerror or type(error).__name__}).",
                file=shown(path),
                hint="Check the name, and that you may read it.",
            ) from None
    return expanded


def _told_apart(path: Path) -> list[Input]:
    if not path.exists():
        raise ImportFileError(
            "There is no such file or folder.",
            file=shown(path),
            hint="Check the spelling and the folder you are in.",
        )
    if not is_unicode(path.resolve()):  # a project keeps where its sources lie
        raise ImportFileError(_ODD_NAME, file=shown(path), hint=_RENAME)
    if path.is_dir():
        return [path] if path.suffix.lower() in _APPLE_DOCUMENTS else _files_of(path)
    if not path.is_file():  # reading a pipe never ends, and a file is read more than once
        raise ImportFileError(
            _NO_FILE, file=shown(path), hint="Save what comes out of it as a file first."
        )
    return [path]


def is_lock_file(path: Path) -> bool:
    """Tell whether ``path`` is what Office (``~$``) or LibreOffice (``.~lock``) leaves behind."""
    return path.name.startswith(("~$", ".~lock."))


def _files_of(folder: Path) -> list[Input]:
    tables: list[Input] = []
    notes: list[Path] = []
    passed_over: list[Input] = []
    for path in sorted(folder.iterdir(), key=lambda entry: (entry.name.casefold(), entry.name)):
        if path.is_dir():
            continue
        if not is_unicode(path):
            passed_over.append(PassedOver(Path(shown(path)), f"{_ODD_NAME} {_RENAME}"))
        elif not path.is_file():
            passed_over.append(PassedOver(path, _NO_FILE))
        elif is_lock_file(path):
            passed_over.append(PassedOver(path, _LOCK_FILE))
        elif path.name.startswith(".") or path.name in {"Thumbs.db", "desktop.ini"}:
            passed_over.append(PassedOver(path, _HIDDEN, expected=True))
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
