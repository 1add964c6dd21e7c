"""The list of sources, and reading one again as it was read before."""

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from themeloom.domain.errors import ImportFileError, UsageError
from themeloom.domain.records import About, DateOrder, ImportOptions, Kind, Role, SheetChoice
from themeloom.jobs.worker import Worker
from themeloom.project.project import Project
from themeloom.services.assistant import look
from themeloom.services.exporting import ExportOptions, export
from themeloom.services.importing import import_inputs
from themeloom.services.pasting import pasted_table
from themeloom.services.session import Session
from themeloom.services.sources import SourceEntry, entries_of, reimport, skipped_rows

ROWS = (
    "ref,when,words,extra\n"
    "1,03/09/2026,the export of reports is far too slow,a\n"
    "2,04/09/2026,,b\n"
    "3,05/09/2026,I cannot find my invoices anywhere,c\n"
)
ROLES = {"ref": Role.ID, "when": Role.DATE, "words": Role.TEXT, "extra": Role.SEGMENT}


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    opened = Session.create(tmp_path / "p.loom")
    yield opened
    opened.close()


def entries(session: Session) -> list[SourceEntry]:
    session.reload()
    return entries_of(session.view.sources)


def put(path: Path, text: str = ROWS) -> Path:
    path.write_text(text, encoding="utf-8", newline="")
    return path


def import_survey(project: Project, path: Path, reader: Worker) -> None:
    choice = SheetChoice(
        kind=Kind.NPS, roles=ROLES, about=About.COMPETITOR, dates=DateOrder.DAY_FIRST
    )
    import_inputs(project, [path], ImportOptions(choices={(str(path), None): choice}), reader)


def test_an_entry_says_what_came_in(session: Session, tmp_path: Path, reader: Worker) -> None:
    import_survey(session.project, put(tmp_path / "a.csv"), reader)
    (entry,) = entries(session)
    assert (entry.name, entry.kind, entry.about) == ("a.csv", Kind.NPS, About.COMPETITOR)
    assert (entry.read, entry.records, entry.skipped) == (3, 2, 1)
    assert (entry.first, entry.last) == (datetime(2026, 9, 3), datetime(2026, 9, 5))  # noqa: DTZ001
    assert entry.columns["extra"] == "segment"
    assert not entry.missing
    (row,) = skipped_rows(session.project, entry)
    assert (row.row, row.reason) == (3, "no text in “words”")


def test_reading_again_does_it_in_the_same_way_and_can_be_undone(
    session: Session, tmp_path: Path, reader: Worker
) -> None:
    project = session.project
    path = put(tmp_path / "a.csv")
    import_survey(project, path, reader)
    put(path, ROWS.replace("too slow", "so slow") + "4,06/09/2026,the phone app crashes daily,d\n")
    (before,) = entries(session)
    report = reimport(project, before, reader)
    assert [(file.read, file.taken, file.updated) for file in report.files] == [(4, 1, 2)]
    (entry,) = entries(session)
    assert len(entry.source_ids) == 2
    assert (entry.records, entry.kind, entry.about) == (3, Kind.NPS, About.COMPETITOR)
    assert entry.last == datetime(2026, 9, 6)  # noqa: DTZ001
    assert project.undo() is not None
    assert entries(session) == [before]


def test_one_sheet_is_read_again_and_not_the_others(
    session: Session, tmp_path: Path, reader: Worker
) -> None:
    book = openpyxl.Workbook()
    for name in ("one", "two"):
        sheet = book.create_sheet(name)
        sheet.append(["id", "comment"])
        sheet.append(["1", f"the sheet {name} says that exports are slow"])
    book.remove(book["Sheet"])
    path = tmp_path / "book.xlsx"
    book.save(path)
    import_inputs(session.project, [path], ImportOptions(), reader)
    _, second = entries(session)
    report = reimport(session.project, second, reader)
    assert [(file.read, file.taken, file.updated) for file in report.files] == [(1, 0, 1)]
    assert [entry.title for entry in entries(session)] == ["book.xlsx · one", "book.xlsx · two"]
    del book["two"]
    book.save(path)
    with pytest.raises(ImportFileError, match="“two” is no longer"):
        reimport(session.project, second, reader)


def test_sources_of_one_name_are_told_apart_in_lists(
    session: Session, tmp_path: Path, reader: Worker
) -> None:
    project = session.project
    folder = tmp_path / "feedback"
    folder.mkdir()
    for name in ("interview-1", "sales-call-1"):
        put(folder / f"{name}.md", f"# {name}\n\nThe export of reports is far too slow for {name}.")
    for quarter in ("q2", "q3"):
        (tmp_path / quarter).mkdir()
        put(tmp_path / quarter / "nps.csv", ROWS.replace("1,", f"{quarter}1,"))
    put(tmp_path / "tickets.csv")
    files = [folder, tmp_path / "q2" / "nps.csv", tmp_path / "q3" / "nps.csv"]
    import_inputs(project, [*files, tmp_path / "tickets.csv"], ImportOptions(), reader)
    titles = [
        "feedback (interviews)", "feedback (calls)", "nps.csv (q2)", "nps.csv (q3)", "tickets.csv",
    ]  # fmt: skip
    found = entries(session)
    assert [entry.title for entry in found] == titles
    assert found[0].name == "feedback"
    assert session.view.sources["file"].to_list() == titles

    put(tmp_path / "tickets.csv", ROWS + "4,06/09/2026,the phone app crashes daily,d\n")
    reimport(project, found[-1], reader)
    assert [entry.title for entry in entries(session)] == titles  # read twice, one source
    again = session.view.sources["file"].to_list()
    assert again[:4] == titles[:4]
    assert len(set(again)) == 6
    assert all(name.startswith("tickets.csv") for name in again[4:])


def test_a_folder_with_two_kinds_keeps_two_lines(
    session: Session, tmp_path: Path, reader: Worker
) -> None:
    folder = tmp_path / "notes"
    folder.mkdir()
    for name in ("interview-1", "sales-call-1"):
        put(folder / f"{name}.md", f"# {name}\n\nThe export of reports is far too slow for {name}.")
    import_inputs(session.project, [folder], ImportOptions(), reader)
    first, second = entries(session)
    assert (first.kind, second.kind) == (Kind.INTERVIEW, Kind.CALL)
    put(folder / "sales-call-2.md", "# sales-call-2\n\nThey want a phone app before they sign.")
    reimport(session.project, first, reader)
    first, second = entries(session)
    assert (first.records, second.records) == (1, 2)


def test_the_step_of_an_import_says_what_came_in(
    session: Session, tmp_path: Path, reader: Worker
) -> None:
    folder = tmp_path / "notes"
    folder.mkdir()
    put(folder / "call.md", "# Call\n\nThe export of reports is far too slow.")
    files = [put(tmp_path / name) for name in ("a.csv", "b.csv")]
    for inputs, said in (
        (files[:1], "import of a.csv"),
        (files, "import of 2 files"),
        ([*files, folder], "import of 3 files and folders"),
    ):
        import_inputs(session.project, inputs, ImportOptions(), reader)
        assert session.project.undo_name == said


def test_notes_whose_names_differ_in_the_ending_only_are_two_records(
    session: Session, tmp_path: Path, reader: Worker
) -> None:
    """A talk lies there as a transcript and as text: neither is lost, and the person is told."""
    folder = tmp_path / "interviews"
    folder.mkdir()
    put(folder / "talk.md", "# Talk\n\nThe export is slow. It takes an hour. We wait for it daily.")
    put(folder / "talk.txt", "The export of reports is far too slow for us, says Ada.")
    report = import_inputs(session.project, [folder], ImportOptions(), reader)
    assert [(file.read, file.taken) for file in report.files] == [(2, 2)]
    (told,) = [one for one in report.files[0].warnings if "same talk" in one]
    assert "“talk.md”, “talk.txt”" in told
    again = import_inputs(session.project, [folder], ImportOptions(), reader)
    assert [(file.read, file.taken, file.updated) for file in again.files] == [(2, 0, 2)]


def test_a_moved_file_is_said_and_can_be_located(
    session: Session, tmp_path: Path, reader: Worker
) -> None:
    path = put(tmp_path / "a.csv")
    import_survey(session.project, path, reader)
    moved = tmp_path / "elsewhere.csv"
    shutil.move(path, moved)
    (entry,) = entries(session)
    assert entry.missing
    with pytest.raises(ImportFileError) as caught:
        reimport(session.project, entry, reader)
    assert caught.value.complaint.file == "a.csv"
    assert "no longer in" in caught.value.complaint.message
    assert entries(session) == [entry]
    reimport(session.project, entry, reader, path=moved)
    (entry,) = entries(session)
    assert (entry.path, entry.missing) == (moved, False)


def test_what_cannot_be_read_again_leaves_no_step(
    session: Session, tmp_path: Path, reader: Worker
) -> None:
    path = put(tmp_path / "a.csv")
    import_survey(session.project, path, reader)
    (entry,) = entries(session)
    path.write_bytes(b"%PDF-1.7")
    with pytest.raises(ImportFileError, match="PDF"):
        reimport(session.project, entry, reader)
    assert session.project.undo_name == "import of a.csv"


def test_pasted_rows_cannot_be_read_again(session: Session, tmp_path: Path, reader: Worker) -> None:
    now = datetime(2026, 11, 26, 14, 5)  # noqa: DTZ001
    path = pasted_table(ROWS.replace(",", "\t"), tmp_path, now=now)
    import_inputs(session.project, [path], ImportOptions(), reader)
    (entry,) = entries(session)
    assert (entry.name, entry.pasted) == ("Pasted rows 2026-11-26 14:05", True)
    with pytest.raises(UsageError, match="cannot be read again"):
        reimport(session.project, entry, reader)


def test_what_themeloom_wrote_is_no_feedback(place: Path, session: Session, reader: Worker) -> None:
    with Project.open(place / "fernwick.loom", read_only=True) as written:
        for name in ("coded-csv", "records-csv"):
            export(written, name, place / f"{name}.csv", ExportOptions())
    put(place / "tickets.csv")
    report = import_inputs(session.project, [place], ImportOptions(), reader)
    said = {file.file: file.error or "" for file in report.files}
    own = {name for name, error in said.items() if "Themeloom wrote this file" in error}
    assert own == {
        *("whole.xlsx", "whole.csv", "three.xlsx", "two.xlsx", "insights.xlsx"),
        *("coded-csv.csv", "records-csv.csv"),
    }
    assert session.project.records(["file"])["file"].unique().to_list() == ["tickets.csv"]
    (found,) = look([place / "whole.xlsx"], reader)
    assert found.error is not None
    assert "Themeloom wrote" in found.error.message
