"""What a file really is, told by its content; the extension only decides between kinds of text."""

import re
import zipfile
from enum import StrEnum
from pathlib import Path

from themeloom.domain.errors import ImportFileError
from themeloom.importers import preflight
from themeloom.importers.encoding import to_utf8
from themeloom.importers.inputs import is_lock_file


class Format(StrEnum):
    """How a file has to be read."""

    DELIMITED = "csv"
    WORKBOOK = "workbook"
    WORKBOOK_BINARY = "xlsb"
    WORKBOOK_OLD = "xls"
    WORKBOOK_OPEN_DOCUMENT = "ods"
    WORD = "docx"
    NOTE = "note"
    MARKDOWN = "markdown"
    TRANSCRIPT = "transcript"
    ARCHIVE = "zip"


_HEAD = 65_536
_TABLE_EXTENSIONS = frozenset({".csv", ".tsv", ".tab", ".psv", ".xls", ".xlsx", ".xlsm", ".ods"})
_NOTE_EXTENSIONS = frozenset({".txt", ".text", ".notes", ""})
_SAVE_AS = "Open it in the program that made it and save it as xlsx or csv."

#: First bytes of files that hold no feedback as text: what they are, what to do.
_FOREIGN: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "a PDF", "Copy its text into a docx or txt file."),
    (b"PAR1", "a Parquet file", "Save the table as csv or xlsx."),
    (b"SQLite format 3\0", "a database", "Export the table with the texts as csv."),
    (b"{\\rtf", "a rich-text (RTF) file", "Open it in a word processor and save it as docx."),
    (b"\x89PNG", "a picture", "Import the texts themselves."),
    (b"\xff\xd8\xff", "a picture", "Import the texts themselves."),
    (b"GIF8", "a picture", "Import the texts themselves."),
    (b"RIFF", "a sound or video file", "Have it transcribed and import the vtt, srt or txt file."),
    (b"ID3", "a sound file", "Have it transcribed and import the vtt, srt or txt file."),
    (b"OggS", "a sound file", "Have it transcribed and import the vtt, srt or txt file."),
    (b"fLaC", "a sound file", "Have it transcribed and import the vtt, srt or txt file."),
    (b"\x1f\x8b", "a compressed (gzip) file", "Unpack it first."),
    (b"7z\xbc\xaf", "a compressed (7z) file", "Unpack it first."),
    (b"Rar!", "a compressed (rar) file", "Unpack it first."),
    (b"BZh", "a compressed (bzip2) file", "Unpack it first."),
    (b"MZ", "a program", "Name a file with customer texts."),
    (b"\x7fELF", "a program", "Name a file with customer texts."),
)


def sniff(path: Path) -> Format:
    """Return how ``path`` has to be read.

    Raises:
        ImportFileError: the file is missing, empty, protected, or of a kind that is not read;
            the message says what it really is, the hint what to do.
    """
    name = path.name
    if is_lock_file(path):
        raise ImportFileError(
            "This is a lock file that Office leaves beside an open document.",
            file=name,
            hint=f"Import {name.removeprefix('~$').removeprefix('.~lock.')} itself.",
        )
    if path.suffix.lower() == ".pages":
        raise _foreign(name, "an Apple Pages file", "Save it as .docx and add it again.")
    if path.suffix.lower() == ".numbers":
        raise _foreign(name, "an Apple Numbers file", "Save it as .xlsx and add it again.")
    if path.is_dir():
        raise _foreign(name, "an Apple document folder", "Export it as xlsx, csv or docx.")
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head:
        raise ImportFileError("The file is empty.", file=name, hint="Export it again.")
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _sniff_zip(path)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _sniff_ole(path)
    for magic, what, hint in _FOREIGN:
        if head.startswith(magic):
            raise _foreign(name, what, hint)
    if head[4:8] == b"ftyp":
        raise _foreign(
            name,
            "a sound or video file",
            "Have it transcribed and import the vtt, srt or txt file.",
        )
    return _sniff_text(path, head)


def _sniff_zip(path: Path) -> Format:
    try:
        with zipfile.ZipFile(path) as archive:
            names = [entry.replace("\\", "/").lstrip("/").lower() for entry in archive.namelist()]
            mimetype = b""
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                mimetype = archive.read("mimetype")
    except (zipfile.BadZipFile, OSError, ValueError, KeyError, NotImplementedError, RuntimeError):
        raise ImportFileError(
            "The file is damaged: its packing cannot be read.",
            file=path.name,
            hint="Download or export it again; if it opens in a spreadsheet program, save it anew.",
        ) from None
    if "xl/workbook.bin" in names:
        return Format.WORKBOOK_BINARY
    if any(name.startswith("xl/") for name in names):
        return Format.WORKBOOK
    if "word/document.xml" in names:
        return Format.WORD
    if b"opendocument.spreadsheet" in mimetype:
        return Format.WORKBOOK_OPEN_DOCUMENT
    if b"opendocument" in mimetype:
        raise _foreign(path.name, "an OpenDocument text", "Save it as docx.")
    if any(name.startswith("ppt/") for name in names):
        raise _foreign(path.name, "a slide deck", "Copy its text into a docx or txt file.")
    if any(name.endswith(".iwa") or name == "index.zip" for name in names):
        raise _foreign(path.name, "an Apple Numbers, Pages or Keynote document", _SAVE_AS)
    if any(Path(name).suffix in {".csv", ".tsv"} for name in names):
        return Format.ARCHIVE
    if "[content_types].xml" in names:
        return Format.WORKBOOK
    raise _foreign(path.name, "a zip archive without tables", "Unpack it and import its files.")


def _sniff_ole(path: Path) -> Format:
    content = path.read_bytes()

    def has(stream: str) -> bool:
        return stream.encode("utf-16-le") in content

    if has("EncryptedPackage"):
        raise preflight.protected(path.name)
    if has("WordDocument"):
        raise _foreign(path.name, "an old Word document", "Save it as docx.")
    if has("PowerPoint Document"):
        raise _foreign(path.name, "an old slide deck", "Copy its text into a docx or txt file.")
    if has("__properties_version1.0"):
        raise _foreign(path.name, "an Outlook message", "Save its text as a txt file.")
    return Format.WORKBOOK_OLD


def _sniff_text(path: Path, head: bytes) -> Format:
    extension = path.suffix.lower()
    text = to_utf8(head, partial=True).data.decode("utf-8", "replace")
    controls = sum(text.count(chr(code)) for code in range(32) if code not in (9, 10, 11, 12, 13))
    if controls > max(2, len(text) // 50):
        raise ImportFileError(
            "The file is neither text nor a workbook that is known here.",
            file=path.name,
            hint=_SAVE_AS,
        )
    if not text.strip("\ufeff \t\r\n\0"):
        raise ImportFileError("The file has no content.", file=path.name, hint="Export it again.")
    start = text[:4096].lstrip("\ufeff \t\r\n").lower()
    if extension not in {".md", ".markdown"} and re.match(
        r"<(!doctype html|html|head|body|table|meta|style)\b", start
    ):
        raise _foreign(path.name, "a web page (HTML)", _SAVE_AS)
    if start.startswith("<?xml"):
        raise _foreign(path.name, "an XML file", _SAVE_AS)
    if extension in {".json", ".jsonl", ".ndjson"}:
        raise _foreign(path.name, "a JSON file", "Export the texts as csv or xlsx.")
    if start.startswith("webvtt") or extension in {".vtt", ".srt"}:
        return Format.TRANSCRIPT
    if extension in {".md", ".markdown"}:
        return Format.MARKDOWN
    if extension in _TABLE_EXTENSIONS:
        return Format.DELIMITED
    if extension in _NOTE_EXTENSIONS:
        return Format.DELIMITED if _is_tab_table(text) else Format.NOTE
    raise ImportFileError(
        f"Files of the kind “{extension}” are not read.",
        file=path.name,
        hint="Readable are csv, tsv, xlsx, xls, xlsb, ods, docx, md, txt, vtt and srt files.",
    )


def _is_tab_table(text: str) -> bool:
    """A txt file is a table only where every one of its first lines has the same number of tabs."""
    lines = [line for line in text.splitlines()[:50] if line.strip()][:-1]
    counts = {line.count("\t") for line in lines}
    return len(lines) >= 2 and len(counts) == 1 and counts != {0}


def _foreign(name: str, what: str, hint: str) -> ImportFileError:
    return ImportFileError(f"This is {what}, which is not read.", file=name, hint=hint)
