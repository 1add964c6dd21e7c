"""The door: inputs in, sources with records, excerpts and a report out."""

import os
import sys
import zipfile
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from themeloom.domain.errors import ImportFileError, JobCancelled
from themeloom.domain.frames import ACCOUNTS, EXCERPTS, RECORDS, ROSTER, SKIPPED
from themeloom.domain.records import ImportOptions, Kind
from themeloom.importers.files import ImportedFile, import_file
from themeloom.importers.inputs import FolderOfNotes, PassedOver, expand_inputs

TICKETS = (
    "Ticket ID,Subject,Description,Status,Priority,Requester email,Created at\n"
    "1,Export,The export of the report stops at ninety per cent every single time,Open,High,a@example.com,2026-01-02\n"
    "2,Login,I cannot log in,Open,Low,b@example.com,2026-01-03\n"
    "3,Copy,The export of the report stops at ninety per cent every single time!,Open,Low,c@example.com,2026-01-04\n"
    "4,Empty,,Open,Low,d@example.com,2026-01-05\n"
    ",,,,,,\n"
)


def checked(imported: ImportedFile) -> ImportedFile:
    """Return ``imported`` after a look at what must hold for any import."""
    report = imported.report
    assert report.read == report.taken + report.updated + report.duplicate + report.skipped
    assert report.skipped == sum(source.skipped.height for source in imported.sources)
    for source in imported.sources:
        for frame, schema in (
            (source.records, RECORDS),
            (source.excerpts, EXCERPTS),
            (source.skipped, SKIPPED),
            (source.accounts, ACCOUNTS),
            (source.roster, ROSTER),
        ):
            assert frame.schema == pl.Schema(schema)
        assert source.records["record_id"].is_unique().all()
        joined = source.excerpts.join(source.records, on="record_id", suffix="_record")
        assert joined.height == source.excerpts.height
        for text, start, end, whole in joined.select(
            "text", "start", "end", "text_record"
        ).iter_rows():
            assert whole[start:end] == text
        assert joined["language"].equals(joined["language_record"], check_names=False)
    return imported


def put(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8", newline="")
    return path


def test_counts_skipped_and_duplicates(tmp_path: Path) -> None:
    imported = checked(import_file(put(tmp_path / "tickets.csv", TICKETS), ImportOptions()))
    report = imported.report
    assert report.kind == Kind.TICKET
    assert (report.read, report.taken, report.duplicate, report.skipped) == (4, 2, 1, 1)
    (source,) = imported.sources
    assert source.skipped.select("file", "row", "reason").rows() == [
        ("tickets.csv", 5, "no text in “Description”")
    ]
    ids = dict(source.records.select("external_id", "record_id").rows())
    copies = dict(source.records.select("external_id", "duplicate_of").rows())
    assert copies == {"1": None, "2": None, "3": ids["1"]}
    assert source.row["kind"] == "ticket"
    assert report.columns["Subject"] == "subject"


def test_each_excerpt_has_the_language_of_its_record(tmp_path: Path) -> None:
    long = "Die App stürzt beim Export ständig ab und wir verlieren jedes Mal unsere Arbeit. " * 4
    table = f"Ticket ID,Description\n1,The export to PDF is very slow for us\n2,{long}\n3,PDF?\n"
    (source,) = checked(import_file(put(tmp_path / "t.csv", table), ImportOptions())).sources
    assert source.records["language"].to_list() == ["en", "de", None]
    spoken = source.excerpts["language"].to_list()
    assert spoken[0] == "en"
    assert spoken[1:-1] == ["de"] * (len(spoken) - 2)
    assert len(spoken) > 3
    assert spoken[-1] is None


def test_the_same_file_again_updates_and_hands_over_what_changed(tmp_path: Path) -> None:
    first = import_file(put(tmp_path / "tickets.csv", TICKETS), ImportOptions())
    known = first.sources[0].records
    changed = put(tmp_path / "february.csv", TICKETS.replace("cannot log in", "can log in again"))
    again = checked(import_file(changed, ImportOptions(), existing=known))
    report = again.report
    assert (report.read, report.taken, report.updated, report.duplicate) == (4, 0, 3, 0)
    assert again.sources[0].records["external_id"].to_list() == ["2"]
    assert any("2 records are known" in warning for warning in report.warnings)


def test_workbook_with_accounts_feedback_and_empty_sheets(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "January"
    rows = [
        ["ID", "Comment", "Score"],
        [1, "The new search is so much better", 9],
        [2, "Exports are slow", 3],
    ]
    for row in rows:
        sheet.append(row)
    february = book.create_sheet("February")
    for row in [rows[0], [1, "Nobody answers my mails", 2]]:
        february.append(row)
    accounts = book.create_sheet("Accounts")
    for row in [["Account", "Plan", "ARR"], ["Acme", "Team", 100], ["Beta", "Free", 0]]:
        accounts.append(row)
    book.create_sheet("Empty")
    numbers = book.create_sheet("Numbers")
    for row in [["a", "b"], [1, 2], [3, 4]]:
        numbers.append(row)
    path = tmp_path / "all.xlsx"
    book.save(path)
    imported = checked(import_file(path, ImportOptions()))
    assert [source.row["sheet"] for source in imported.sources] == [
        "January",
        "February",
        "Accounts",
    ]
    # Each sheet numbers its rows from 1: these are different records.
    assert (imported.report.read, imported.report.taken) == (3, 3)
    assert imported.sources[2].accounts.height == 2
    warnings = " ".join(imported.report.warnings)
    assert "“Empty” is empty" in warnings
    assert "“Numbers” has no column of texts" in warnings


def test_accounts_alone_are_no_records(tmp_path: Path) -> None:
    path = put(tmp_path / "accounts.csv", "Account,Plan,ARR,Region\nAcme,Team,100,UK\n")
    imported = checked(import_file(path, ImportOptions()))
    assert imported.report.role == "accounts"
    assert imported.report.read == 0


def test_without_texts_the_columns_are_named(tmp_path: Path) -> None:
    with pytest.raises(ImportFileError, match="No column of texts") as caught:
        import_file(put(tmp_path / "n.csv", "alpha,beta\n1,2\n3,4\n"), ImportOptions())
    assert "alpha, beta" in str(caught.value.complaint.hint)


def test_a_message_names_no_more_than_a_person_reads(tmp_path: Path) -> None:
    headers = [f"How often did you use the part number {n} of it?" for n in range(240)]
    path = put(tmp_path / "a.csv", ",".join(headers) + "\n" + ",".join(["4"] * 240) + "\n")
    with pytest.raises(ImportFileError, match="No column of texts") as caught:
        import_file(path, ImportOptions())
    hint = str(caught.value.complaint.hint)
    assert headers[0] in hint
    assert len(hint) < 800
    assert hint.endswith("more.")


def test_a_workbook_without_content_says_what_to_do(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for _ in range(8):
        book.create_sheet()
    book.save(tmp_path / "empty.xlsx")
    with pytest.raises(ImportFileError, match="no rows with content") as caught:
        import_file(tmp_path / "empty.xlsx", ImportOptions())
    hint = str(caught.value.complaint.hint)
    assert hint.count("is empty") == 3
    assert hint.endswith("Check that it is the right file, or export it again.")


def test_a_zip_of_tables(tmp_path: Path) -> None:
    path = tmp_path / "export-csv.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("tickets.csv", TICKETS)
        archive.writestr("__MACOSX/._tickets.csv", "junk")
    assert checked(import_file(path, ImportOptions())).report.taken == 2


def test_a_folder_is_its_tables_and_its_notes_but_not_its_subfolders(tmp_path: Path) -> None:
    put(tmp_path / "tickets.csv", TICKETS)
    put(tmp_path / "interview-anna.md", "I like the search, but the export is slow for us.")
    put(tmp_path / "sales-call-acme.txt", "They would buy if the export was faster than today.")
    (tmp_path / "broken.docx").write_bytes(b"PK\x03\x04 nothing")
    put(tmp_path / "~$tickets.csv", "x")
    put(tmp_path / ".hidden.csv", "x")
    (tmp_path / "later").mkdir()
    put(tmp_path / "later" / "more.csv", TICKETS)
    table, notes, *passed_over = expand_inputs([tmp_path])
    assert table == tmp_path / "tickets.csv"
    assert isinstance(notes, FolderOfNotes)
    assert {item.path.name for item in passed_over if isinstance(item, PassedOver)} == {
        "~$tickets.csv",
        ".hidden.csv",
    }
    imported = checked(import_file(notes, ImportOptions()))
    assert (imported.report.read, imported.report.taken, imported.report.skipped) == (3, 2, 1)
    assert [source.row["kind"] for source in imported.sources] == ["interview", "call"]
    interview = imported.sources[0]
    assert interview.records["file"].to_list() == ["interview-anna.md"]
    assert interview.skipped.select("file", "reason").row(0)[0] == "broken.docx"
    lock = import_file(passed_over[0], ImportOptions())
    assert lock.report.read == 0
    assert lock.report.warnings


def test_a_note_keeps_its_id_when_it_comes_again(tmp_path: Path) -> None:
    folder = tmp_path / "notes"
    folder.mkdir()
    path = put(folder / "interview-anna.md", "I like the search, but the export is slow for us.")
    alone = import_file(path, ImportOptions())
    (item,) = expand_inputs([folder])
    together = import_file(item, ImportOptions(), existing=alone.sources[0].records)
    assert (together.report.taken, together.report.updated) == (0, 1)


def test_missing_and_empty_inputs_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportFileError, match="no such file"):
        expand_inputs([tmp_path / "nowhere.csv"])
    with pytest.raises(ImportFileError, match="no file to read"):
        expand_inputs([tmp_path])
    gone = put(tmp_path / "gone.csv", TICKETS)
    gone.unlink()
    with pytest.raises(ImportFileError, match="cannot be opened"):
        import_file(gone, ImportOptions())


def test_cancel_passes_through(tmp_path: Path) -> None:
    def cancelled(stage: str, done: int, total: int) -> None:
        if stage == "Cleaning":
            raise JobCancelled("Cancelled.")

    with pytest.raises(JobCancelled):
        import_file(put(tmp_path / "t.csv", TICKETS), ImportOptions(), progress=cancelled)


def test_row_order_and_repetition_do_not_change_ids(tmp_path: Path) -> None:
    header, *rows = TICKETS.strip().splitlines()
    turned = "\n".join([header, *reversed(rows)])
    one = import_file(put(tmp_path / "one.csv", TICKETS), ImportOptions()).sources[0].records
    other = import_file(put(tmp_path / "other.csv", turned), ImportOptions()).sources[0].records
    assert sorted(one["record_id"]) == sorted(other["record_id"])


@pytest.mark.skipif(sys.platform == "win32", reason="pipes are no files there")
def test_pipes_and_links_to_nowhere_are_named_and_not_read(tmp_path: Path) -> None:
    table = put(tmp_path / "tickets.csv", TICKETS)
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "link.csv").symlink_to(tmp_path / "gone.csv")
    with pytest.raises(ImportFileError, match="neither a file nor a folder"):
        expand_inputs([tmp_path / "pipe.csv"])
    first, *others = expand_inputs([tmp_path])
    assert first == table
    told = {item.path.name for item in others if isinstance(item, PassedOver) and not item.expected}
    assert told == {"pipe.csv", "link.csv"}


@pytest.mark.skipif(sys.platform != "linux", reason="names are Unicode there")
def test_names_that_are_no_text_are_told_in_a_way_that_can_be_shown(tmp_path: Path) -> None:
    odd = put(tmp_path / os.fsdecode(b"caf\xe9.csv"), TICKETS)
    put(tmp_path / "tickets.csv", TICKETS)
    with pytest.raises(ImportFileError, match="no text") as refused:
        expand_inputs([odd])
    assert str(refused.value).encode()
    _, other = expand_inputs([tmp_path])
    assert isinstance(other, PassedOver)
    assert other.path.name == "caf?.csv"
    assert "Rename it" in import_file(other, ImportOptions()).report.warnings[0]


def test_a_name_that_is_too_long_is_refused_in_plain_words(tmp_path: Path) -> None:
    with pytest.raises(ImportFileError, match=r"cannot be opened|no such file"):
        expand_inputs([tmp_path / ("x" * 300)])
