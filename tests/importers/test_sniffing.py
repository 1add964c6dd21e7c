"""What a file really is, and what is refused before a reader opens it."""

import struct
import zipfile
from pathlib import Path

import openpyxl
import pytest

from themeloom.domain.errors import ImportFileError
from themeloom.importers.oldworkbooks import check_old_workbook
from themeloom.importers.preflight import check_open_document, check_package, sheet_extents
from themeloom.importers.sniffing import Format, sniff


def written(tmp_path: Path, name: str, data: bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


def package(tmp_path: Path, name: str, parts: dict[str, str]) -> Path:
    path = tmp_path / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, text in parts.items():
            archive.writestr(part, text)
    return path


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.csv", b"id,text\n1,hello\n", Format.DELIMITED),
        ("a.xlsx", b"id,text\n1,hello\n", Format.DELIMITED),
        ("a.txt", b"id\ttext\n1\thello\n2\tbye\n", Format.DELIMITED),
        ("a.txt", b"Call with Acme.\nThey like it.\n", Format.NOTE),
        ("a.md", b"# Title\n\n<b>Hello</b>\n", Format.MARKDOWN),
        ("a.vtt", b"WEBVTT\n\n", Format.TRANSCRIPT),
        ("a.txt", b"WEBVTT\n\n00:01.000 --> 00:02.000\nHi\n", Format.TRANSCRIPT),
        ("a.csv", "id;text\n1;größer\n".encode("utf-16"), Format.DELIMITED),
    ],
)
def test_kinds(name: str, data: bytes, kind: Format, tmp_path: Path) -> None:
    assert sniff(written(tmp_path, name, data)) is kind


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.csv", b"", "empty"),
        ("a.csv", b"\xef\xbb\xbf \r\n", "no content"),
        ("a.xls", b"<html><table><tr><td>1</td></tr></table></html>", "web page"),
        ("a.xls", b'<?xml version="1.0"?><Workbook/>', "XML"),
        ("a.xlsx", b"%PDF-1.7 ...", "PDF"),
        ("a.csv", b"\x89PNG\r\n\x1a\n", "picture"),
        ("a.mp4", b"\0\0\0\x18ftypmp42", "sound or video"),
        ("a.json", b'[{"text": "hi"}]', "JSON"),
        ("a.py", b"print('hi')\n", "not read"),
        ("a.bin", bytes(range(1, 32)) * 10, "neither text nor a workbook"),
        ("~$book.xlsx", b"\x03Joy", "lock file"),
        ("a.xlsx", b"PK\x03\x04 broken", "damaged"),
        (
            "a.xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "password",
        ),
        (
            "a.doc",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"),
            "old Word",
        ),
    ],
)
def test_refused_with_what_it_is(name: str, data: bytes, says: str, tmp_path: Path) -> None:
    with pytest.raises(ImportFileError, match=says) as caught:
        sniff(written(tmp_path, name, data))
    assert caught.value.complaint.file == name
    assert caught.value.complaint.hint


def test_packages_are_told_apart(tmp_path: Path) -> None:
    assert sniff(package(tmp_path, "a.zip", {"xl/workbook.xml": ""})) is Format.WORKBOOK
    assert sniff(package(tmp_path, "b.zip", {"word/document.xml": ""})) is Format.WORD
    assert sniff(package(tmp_path, "c.zip", {"tickets.csv": "a"})) is Format.ARCHIVE
    with pytest.raises(ImportFileError, match="Apple"):
        sniff(package(tmp_path, "a.numbers", {"Index/Document.iwa": ""}))
    with pytest.raises(ImportFileError, match="slide deck"):
        sniff(package(tmp_path, "a.pptx", {"ppt/presentation.xml": ""}))


def test_bombs_are_refused(tmp_path: Path) -> None:
    entities = package(
        tmp_path, "lol.xlsx", {"xl/workbook.xml": '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'}
    )
    with pytest.raises(ImportFileError, match="entities"):
        check_package(entities)
    tight = package(tmp_path, "tight.xlsx", {"xl/sharedStrings.xml": " " * 60_000_000})
    with pytest.raises(ImportFileError, match="tightly"):
        check_package(tight)
    many = package(tmp_path, "many.xlsx", {f"xl/{number}.bin": "" for number in range(10_001)})
    with pytest.raises(ImportFileError, match="10,001 parts"):
        check_package(many)
    outside = package(tmp_path, "outside.xlsx", {"../../etc/passwd": "x"})
    with pytest.raises(ImportFileError, match="outside"):
        check_package(outside)


@pytest.mark.parametrize("reference", ['r="XFD900000"', "r = 'XFD900000'", '\tr="XFD900000"'])
def test_extents_are_counted_from_cells(reference: str, tmp_path: Path) -> None:
    path = tmp_path / "far.xlsx"
    book = openpyxl.Workbook()
    book.save(path)
    sheet = f'<worksheet><dimension ref="A1"/><sheetData><row><c {reference}/></row></sheetData></worksheet>'
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/worksheets/sheet2.xml", sheet)
    _, far = sheet_extents(path)
    assert (far.rows, far.columns) == (900_000, 16_384)


def test_repeated_cells_of_open_documents_are_counted(tmp_path: Path) -> None:
    def document(name: str, row_repeat: int, inside: str) -> Path:
        content = (
            '<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><table:table>'
            f'<table:table-row table:number-rows-repeated="{row_repeat}">'
            f'<table:table-cell table:number-columns-repeated="1000" office:value-type="string">{inside}'
            "</table:table-cell></table:table-row></table:table></office:document-content>"
        )
        parts = {"META-INF/manifest.xml": "<m/>", "content.xml": content}
        return package(tmp_path, name, parts)

    check_open_document(document("small.ods", 3, "<text:p>x</text:p>"))
    with pytest.raises(ImportFileError, match="spans more cells"):
        check_open_document(document("huge.ods", 1_000_000, "<text:p>x</text:p>"))


def old_workbook(*records: tuple[int, bytes]) -> bytes:
    """Return a compound file with one stream "Workbook" that holds ``records``."""
    stream = b"".join(struct.pack("<HH", kind, len(body)) + body for kind, body in records)
    stream = stream.ljust(4096, b"\0")
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6)
    )
    header = header.ljust(44, b"\0") + struct.pack("<I", 1) + struct.pack("<II", 1, 0)
    header += struct.pack("<4I", 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE) + struct.pack("<I", 0)
    header += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    table = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, 10), 0xFFFFFFFE]
    fat = struct.pack(f"<{len(table)}I", *table).ljust(512, b"\xff")

    def entry(name: str, kind: int, start: int, size: int) -> bytes:
        raw = name.encode("utf-16-le")
        body = raw.ljust(64, b"\0") + struct.pack("<HB", len(raw) + 2, kind)
        return body.ljust(116, b"\0") + struct.pack("<III", start, size, 0)

    directory = entry("Root Entry", 5, 0xFFFFFFFE, 0) + entry("Workbook", 2, 2, 4096)
    return header.ljust(512, b"\0") + fat + directory.ljust(512, b"\0") + stream


def test_old_workbooks_are_measured_by_their_records(tmp_path: Path) -> None:
    begin = (0x0809, bytes(8))
    near = old_workbook(begin, (0x0203, struct.pack("<HHHd", 10, 5, 0, 1.0)))
    check_old_workbook(written(tmp_path, "near.xls", near))
    far = old_workbook(begin, (0x0203, struct.pack("<HHHd", 65_535, 60_000, 0, 1.0)))
    with pytest.raises(ImportFileError, match="spans more cells"):
        check_old_workbook(written(tmp_path, "far.xls", far))
    claimed = old_workbook(begin, (0x0200, struct.pack("<IIHHH", 0, 1 << 31, 0, 60_000, 0)))
    with pytest.raises(ImportFileError, match="spans more cells"):
        check_old_workbook(written(tmp_path, "claimed.xls", claimed))
    locked = old_workbook(begin, (0x002F, bytes(6)))
    with pytest.raises(ImportFileError, match="password"):
        check_old_workbook(written(tmp_path, "locked.xls", locked))
    with pytest.raises(ImportFileError, match="damaged"):
        check_old_workbook(written(tmp_path, "cut.xls", near[:1500]))
