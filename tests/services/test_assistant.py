"""Looking at inputs, trying choices and counting, in a real reader process."""

from pathlib import Path

import openpyxl
import pytest

from themeloom.domain.previews import Holds, InputPreview, Shape, Totals
from themeloom.domain.records import (
    About,
    DateOrder,
    Duplicates,
    ImportOptions,
    Kind,
    Role,
    SheetChoice,
)
from themeloom.jobs.worker import Worker
from themeloom.project.project import Project
from themeloom.services.assistant import (
    Key,
    count,
    look,
    try_out,
    write_existing,
)
from themeloom.services.importing import import_inputs

LONG = "the calendar loses my meetings every week and nobody in the whole team is ever told of it"
SURVEY = [
    ["NPS export Q3"],
    ["Slotwise, exported 1 Oct 2026"],
    ["resp_id", "submitted", "score", "what_would_you_change", "email", "company", "plan"],
    ["R-1", "03/09/2026", 4, f"{LONG}. Write to h.lam@veldt.example", "h@veldt.example", "Veldt", "Team"],
    ["R-2", "04/09/2026", 9, "nothing", "m@aldine.example", "Aldine", "Team"],
    ["R-3", "05/09/2026", 2, "Price went up at renewal without a word", "o@moss.example", "Moss", "Pro"],
    ["R-4", "06/09/2026", 3, "", "j@tallow.example", "Tallow", "Pro"],
    ["R-5", "07/09/2026", 3, f"{LONG}. Write to h.lam@veldt.example", "k@b.example", "B", "Pro"],
]  # fmt: skip


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A workbook with answers and a sheet of figures."""
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "Responses"
    for row in SURVEY:
        sheet.append(row)
    pivot = made.create_sheet("Pivot")
    for row in (["month", "answers"], [1, 20], [2, 30], [3, 12]):
        pivot.append(row)
    made.create_sheet("Empty")
    path = tmp_path / "nps-q3.xlsx"
    made.save(path)
    return path


def only(previews: list[InputPreview]) -> InputPreview:
    (found,) = previews
    return found


def test_sheets_with_their_kind_header_and_columns(book: Path, reader: Worker) -> None:
    preview = only(look([book], reader))
    assert (preview.name, preview.shape, preview.error) == ("nps-q3.xlsx", Shape.WORKBOOK, None)
    responses, pivot, empty = preview.sheets
    assert responses.name == "Responses"
    assert (responses.holds, responses.included, responses.kind) == (Holds.RECORDS, True, Kind.NPS)
    assert (responses.rows, responses.header_row, responses.first_row) == (5, 3, 4)
    assert responses.head[0][0] == "NPS export Q3"
    assert responses.head[3][:3] == ("R-1", "03/09/2026", "4")
    assert {len(row) for row in responses.head} == {7}
    assert [(column.name, column.role) for column in responses.columns] == [
        ("resp_id", Role.ID),
        ("submitted", Role.DATE),
        ("score", Role.SCORE),
        ("what_would_you_change", Role.TEXT),
        ("email", Role.EMAIL),
        ("company", Role.ACCOUNT),
        ("plan", Role.SEGMENT),
    ]
    assert (pivot.holds, pivot.included, pivot.reason) == (
        Holds.NOTHING,
        False,
        "no texts, left out",
    )
    assert (empty.included, empty.reason) == (False, "empty, left out")


def test_names_of_columns_are_shown_without_markup(tmp_path: Path, reader: Worker) -> None:
    path = tmp_path / "typeform.csv"
    path.write_text("#,<strong>Why&nbsp;so?</strong>\n1,it is <b>slow</b> to export all day\n")
    (sheet,) = only(look([path], reader)).sheets
    assert sheet.head == (("#", "Why so?"), ("1", "it is <b>slow</b> to export all day"))
    assert [column.name for column in sheet.columns] == ["#", "Why so?"]


def test_ambiguous_dates_are_asked_by_example(book: Path, reader: Worker) -> None:
    question = only(look([book], reader)).sheets[0].dates
    assert question is not None
    assert (question.column, question.example) == ("submitted", "03/09/2026")
    assert (question.day_first, question.month_first) == ("3 September 2026", "9 March 2026")
    assert (question.rows, question.guess) == (5, DateOrder.MONTH_FIRST)


def test_a_clear_date_settles_the_question(tmp_path: Path, reader: Worker) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "id,date,comment\n1,03/09/2026,exports are slow\n2,23/09/2026,I like it a lot\n"
    )
    assert only(look([path], reader)).sheets[0].dates is None


def test_what_cannot_be_read_says_why_and_what_to_do(tmp_path: Path, reader: Worker) -> None:
    (tmp_path / "notes-old.pages").write_bytes(b"PK\x03\x04 nonsense")
    (tmp_path / "good.csv").write_text("id,comment\n1,exports are slow today\n")
    gone = tmp_path / "gone.csv"
    pages, good, missing = look([tmp_path / "notes-old.pages", tmp_path / "good.csv", gone], reader)
    assert pages.shape is Shape.UNREADABLE
    assert pages.error is not None
    assert "Apple Pages file" in pages.error.message
    assert pages.error.hint == "Save it as .docx and add it again."
    assert pages.error.file == "notes-old.pages"
    assert good.error is None
    assert missing.error is not None
    assert missing.error.message == "There is no such file or folder."


def test_a_folder_of_notes_is_one_input(tmp_path: Path, reader: Worker) -> None:
    folder = tmp_path / "interviews"
    folder.mkdir()
    for name in ("interview-1", "interview-2"):
        (folder / f"{name}.md").write_text(
            f"# Interview {name}\n\nAnn: What is hard?\n\nBo: {LONG} and I hate it.\n"
        )
    (folder / "tickets.csv").write_text("id,comment\n1,exports are slow today\n")
    (folder / ".DS_Store").write_bytes(b"\0\1")
    (folder / "~$notes.docx").write_bytes(b"\0\1")
    table, notes, lock = look([folder], reader)
    assert (table.name, table.shape) == ("tickets.csv", Shape.TABLE)
    assert (notes.name, notes.shape, len(notes.files)) == ("interviews", Shape.FOLDER, 2)
    (sheet,) = notes.sheets
    assert (sheet.kind, sheet.rows, sheet.by_kind) == (Kind.INTERVIEW, 2, ((Kind.INTERVIEW, 2),))
    assert sheet.head[1][:2] == ("interview-1.md", "interview")
    assert lock.error is not None
    trial = try_out(notes, None, SheetChoice(), reader)
    assert [card.title for card in trial.cards] == ["interview-1", "interview-2"]
    assert all(card.excerpts for card in trial.cards)


def test_the_first_records_of_a_choice(book: Path, reader: Worker) -> None:
    preview = only(look([book], reader))
    trial = try_out(preview, "Responses", SheetChoice(dates=DateOrder.DAY_FIRST), reader)
    assert trial.error is None
    first, second, third = trial.cards
    assert (first.title, first.meta) == ("R-1", "NPS 4 · 3 Sep 2026 · Veldt · Team")
    assert first.text == f"{LONG}. Write to [EMAIL_1]"
    assert [card.excerpts for card in (first, second, third)] == [1, 0, 1]
    assert trial.dates is not None  # the question stays, answered


def test_a_role_changes_the_records(book: Path, reader: Worker) -> None:
    preview = only(look([book], reader))
    roles = {column.name: column.role for column in preview.sheets[0].columns}
    roles |= {"what_would_you_change": Role.FIELD, "company": Role.TEXT, "score": Role.IGNORE}
    trial = try_out(preview, "Responses", SheetChoice(roles=roles), reader)
    assert [card.text for card in trial.cards] == ["Veldt", "Aldine", "Moss"]
    assert {column.name: column.role for column in trial.columns} == roles


def test_a_choice_without_text_says_so_and_keeps_the_columns(book: Path, reader: Worker) -> None:
    preview = only(look([book], reader))
    roles = {column.name: Role.FIELD for column in preview.sheets[0].columns}
    trial = try_out(preview, "Responses", SheetChoice(roles=roles), reader)
    assert trial.error is not None
    assert trial.error.message == "No column holds the texts."
    assert [column.role for column in trial.columns] == [Role.FIELD] * 7
    key: Key = (str(book), "Responses")
    totals = count([preview], {key: SheetChoice(roles=roles)}, reader)
    assert totals[key].error == trial.error


def test_another_header_row(book: Path, reader: Worker) -> None:
    preview = only(look([book], reader))
    trial = try_out(preview, "Responses", SheetChoice(header_row=4), reader)
    assert (trial.header_row, trial.first_row, trial.rows) == (4, 5, 4)
    assert trial.columns[0].name == "R-1"


def checked(totals: Totals) -> Totals:
    skipped = sum(reason.rows for reason in totals.skipped)
    assert totals.read == totals.taken + totals.updated + totals.duplicates + skipped
    return totals


def test_totals_are_what_the_import_then_does(book: Path, tmp_path: Path, reader: Worker) -> None:
    more = tmp_path / "more.csv"
    more.write_text(
        f"resp_id,comment\n9,{LONG}. Write to h.lam@veldt.example\n10,all is very slow\n"
    )
    previews = look([book, more], reader)
    survey: Key = (str(book), "Responses")
    choices: dict[Key, SheetChoice] = {
        survey: SheetChoice(dates=DateOrder.DAY_FIRST, about=About.COMPETITOR)
    }
    with Project.create(tmp_path / "p.loom") as project:
        existing = write_existing(project, tmp_path)
        heard: list[Key] = []
        totals = count(
            previews, choices, reader, existing=existing, on_totals=lambda key, _: heard.append(key)
        )
        assert heard == [survey, (str(more), None)] == list(totals)
        first = checked(totals[survey])
        assert (first.read, first.taken, first.duplicates) == (5, 3, 1)
        assert [(reason.rows, reason.places) for reason in first.skipped] == [(1, ("row 7",))]
        assert (first.personal.emails, first.personal.phones) == (5, 0)
        assert first.personal.samples[0].value == "h.lam@veldt.example"
        assert checked(totals[(str(more), None)]).duplicates == 1  # of the survey's record

        report = import_inputs(project, [book, more], ImportOptions(choices=choices), reader)
        assert [(file.read, file.taken, file.duplicate) for file in report.files] == [
            (5, 3, 1),
            (2, 1, 1),
        ]
        dates = project.records(["date"])["date"].drop_nulls()
        assert {date.month for date in dates} == {9}
        assert project.sources()["about"].to_list() == ["competitor", "us"]

        existing = write_existing(project, tmp_path)
        again = count(previews, choices, reader, existing=existing)
        assert checked(again[survey]).updated == 4
        project.undo()
        assert project.records().is_empty()


def test_copies_can_all_be_kept(book: Path, reader: Worker) -> None:
    previews = look([book], reader)
    key: Key = (str(book), "Responses")
    kept = count(previews, {key: SheetChoice(duplicates=Duplicates.KEEP_ALL)}, reader)
    assert (kept[key].taken, kept[key].duplicates) == (4, 0)


def test_a_file_that_changed_is_read_anew(tmp_path: Path, reader: Worker) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,comment\n1,exports are slow today\n")
    preview = only(look([path], reader))
    path.write_text("id,comment\n1,exports are slow today\n2,imports are slow as well\n")
    assert try_out(preview, None, SheetChoice(), reader).rows == 2
    path.unlink()
    trial = try_out(preview, None, SheetChoice(), reader)
    assert trial.error is not None
    assert trial.error.file == "a.csv"


def test_nasty_files_are_looked_at_without_a_crash(test_data: Path, reader: Worker) -> None:
    nasty = test_data / "nasty"
    paths = sorted(path for path in nasty.rglob("*") if path.is_file())
    assert len(paths) > 240
    for path in paths:
        previews = look([path], reader)
        assert previews, path
        for preview in previews:
            look_closer(preview, reader)


def look_closer(preview: InputPreview, reader: Worker) -> None:
    if preview.error is None:
        assert preview.sheets, preview.name
    else:
        assert preview.error.message, preview.name
        assert preview.error.file == preview.path.name
        assert "unexpected" not in preview.error.message.lower(), preview.error
    for sheet in preview.sheets:
        assert {len(row) for row in sheet.head} <= {len(sheet.head[0]) if sheet.head else 0}
        trial = try_out(preview, sheet.name, SheetChoice(), reader)
        assert trial.error or trial.cards, (preview.name, sheet.name)
