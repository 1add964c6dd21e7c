"""Workbooks of a real project, edited with openpyxl, and brought back."""

import csv
import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from openpyxl.utils import get_column_letter
from tests.services.fernwick import make_fernwick

from themeloom.cli.main import run
from themeloom.domain.errors import ImportFileError
from themeloom.domain.insights import RETURNING, Field
from themeloom.exporters.workbook.columns import HEADERS, INSIGHT_ID, KEY, REVISION
from themeloom.project.project import Project
from themeloom.services.exporting import ExportOptions, export
from themeloom.services.merging import Kind, MergePreview, Take, apply, preview

pytestmark = pytest.mark.usefixtures("drafted_once")

HEADER = 5


def edit(workbook: Path, edits: Mapping[str, Mapping[str, Any]]) -> Path:
    """Write into cells of the sheet Insights: insight id → header → value."""
    book = openpyxl.load_workbook(workbook)
    sheet: Any = book["Insights"]
    columns = {cell.value: cell.column for cell in sheet[HEADER]}
    for row in range(HEADER + 1, sheet.max_row + 1):
        for header, value in edits.get(sheet.cell(row, columns["Id"]).value, {}).items():
            cell = sheet.cell(row, columns[header])
            cell.value = value
            if cell.data_type == "f":
                cell.data_type = "s"
    book.save(workbook)
    return workbook


def fields(project: Project) -> dict[tuple[str, str], str]:
    """Return what is set, but for the numbers that words rest on."""
    rows = project.insight_fields().filter(pl.col("field") != Field.BASIS)
    return {(theme, field): value for theme, field, value in rows.iter_rows()}


def kinds(shown: MergePreview) -> dict[str, Kind]:
    return {item.key: item.kind for item in shown.items}


def test_an_untouched_workbook_changes_nothing(place: Path) -> None:
    with Project.open(place / "fernwick.loom", read_only=True) as project:
        shown = preview(project, place / "whole.xlsx")
        insights = project.themes().filter(pl.col("level") == "theme").height
    assert shown.items == ()
    assert shown.notes == ()
    assert shown.unchanged == len(RETURNING) * insights
    assert shown.unknown == ()


def test_every_column_comes_back_in_one_step_and_once(place: Path) -> None:
    workbook = edit(
        place / "insights.xlsx",
        {
            "IN-001": {"Severity": "●●○ Medium", "Status": "In work", "Decision": "=Fix it now"},
            "IN-004": {"Insight": " Calendar sync loses\nappointments ", "Next step": "Ask Acme"},
            "IN-008": {
                "Owner": "saoirse LINDGREN",
                "Notes": "See “Roadmap”, page 4",
                "Status": "done",
            },
        },
    )
    with Project.open(place / "fernwick.loom") as project:
        before = project.state_hash()
        shown = preview(project, workbook)
        assert project.state_hash() == before
        deed = apply(project, shown)
        assert deed is not None
        assert deed.insights
        assert project.undo_name == "merge of 8 edits from insights.xlsx"
        assert fields(project) == {
            ("T-001", "severity"): "medium",
            ("T-001", "status"): "in work",
            ("T-001", "decision"): "=Fix it now",
            ("T-004", "title"): "Calendar sync loses appointments",
            ("T-004", "next step"): "Ask Acme",
            ("T-008", "owner"): "Saoirse Lindgren",
            ("T-008", "notes"): "See “Roadmap”, page 4",
            ("T-008", "status"): "done",
        }
        basis = project.insight_fields().filter(pl.col("field") == Field.BASIS)
        assert set(basis["theme_id"]) == {"T-001", "T-004"}  # those whose words were written

        again = preview(project, workbook)
        assert again.items == ()
        assert apply(project, again) is None

        project.undo()
        assert project.state_hash() == before


def test_what_both_changed_is_a_conflict_until_a_person_chooses(place: Path) -> None:
    workbook = edit(
        place / "insights.xlsx",
        {
            "IN-001": {"Status": "Declined", "Decision": "No"},
            "IN-004": {"Insight": "From the file"},
        },
    )
    with Project.open(place / "fernwick.loom") as project:
        project.edit_insights(
            {
                "T-001": {Field.STATUS: "accepted", Field.NOTES: "Not in the file"},
                "T-004": {Field.TITLE: "From the project"},
            }
        )
        shown = preview(project, workbook)
        assert kinds(shown) == {
            "IN-001/status": Kind.CONFLICT,
            "IN-001/decision": Kind.EDIT,
            "IN-004/title": Kind.CONFLICT,
        }
        status = shown.conflicts[-1]
        title = next(item for item in shown.conflicts if item.field is Field.TITLE)
        assert (title.file, title.now) == ("From the file", "From the project")
        assert status.was is not None
        apply(project, shown)
        assert fields(project)["T-001", "status"] == "accepted"
        assert fields(project)["T-001", "decision"] == "No"
        assert fields(project)["T-001", "notes"] == "Not in the file"

        shown = preview(project, workbook)
        apply(project, shown, {"IN-001/status": Take.FILE, "IN-004/title": Take.PROJECT})
        assert fields(project)["T-001", "status"] == "declined"
        assert fields(project)["T-004", "title"] == "From the project"


def test_what_cannot_be_taken_is_listed_with_what_could(place: Path) -> None:
    workbook = edit(
        place / "insights.xlsx",
        {
            "IN-001": {"Status": "Perhaps", "Severity": "Horrible", "Insight": 42},
            "IN-004": {"Owner": "Nobody Known", "Next step": None},
            "IN-008": {"Next step": None},
        },
    )
    with Project.open(place / "fernwick.loom") as project:
        shown = preview(project, workbook)
        reasons = {item.key: item.why for item in shown.rejected}
        assert set(reasons) == {"IN-001/status", "IN-001/severity", "IN-001/title"}
        assert "New, Accepted, In work, Done, Declined" in reasons["IN-001/status"]
        assert "High, Medium, Low" in reasons["IN-001/severity"]
        assert {item.key: item.kind for item in shown.questions} == {
            "IN-004/owner": Kind.NEW_OWNER,
            "IN-004/next step": Kind.CLEARED,
            "IN-008/next step": Kind.CLEARED,
        }
        assert apply(project, shown) is None
        apply(project, shown, {"IN-004/owner": Take.FILE, "IN-008/next step": Take.FILE})
        assert fields(project) == {("T-004", "owner"): "Nobody Known", ("T-008", "next step"): ""}
        kept = {item.key for item in preview(project, workbook).items}
        assert kept == {*reasons, "IN-004/next step"}


def test_the_drafted_title_is_no_edit(place: Path) -> None:
    with Project.open(place / "fernwick.loom") as project:
        drafted = project.themes().row(by_predicate=pl.col("theme_id") == "T-001", named=True)
        project.edit_insights({"T-001": {Field.TITLE: "Another headline"}})
        export(project, "xlsx", place / "second.xlsx", ExportOptions())
        edit(place / "second.xlsx", {"IN-001": {"Insight": drafted["title"]}})
        shown = preview(project, place / "second.xlsx")
        assert [item.value for item in shown.items] == [None]
        apply(project, shown)
        assert fields(project) == {}


def test_the_drafted_words_may_move_on_meanwhile(place: Path) -> None:
    workbook = edit(place / "insights.xlsx", {"IN-001": {"Next step": "Ship it"}})
    with Project.open(place / "fernwick.loom") as project:
        project.rename_theme("T-001", "Photos are lost offline")  # a new draft, by nobody's hand
        shown = preview(project, workbook)
        assert kinds(shown) == {"IN-001/next step": Kind.EDIT}


def test_a_workbook_of_another_project_is_refused_row_by_row(place: Path) -> None:
    with Project.open(make_fernwick(place / "other.loom", few=True)) as project:
        shown = preview(project, edit(place / "insights.xlsx", {"IN-001": {"Status": "Done"}}))
        assert {item.why for item in shown.items} == {"The file belongs to another project."}
        assert {item.kind for item in shown.items} == {Kind.REJECTED}
        assert apply(project, shown) is None


def test_themes_that_are_gone_are_named(place: Path) -> None:
    workbook = edit(
        place / "insights.xlsx", {"IN-001": {"Status": "Done"}, "IN-004": {"Status": "Done"}}
    )
    with Project.open(place / "fernwick.loom") as project:
        project.merge_themes(["T-001"], "T-002")
        project.delete_themes(["T-004"])
        shown = preview(project, workbook)
        why = {item.insight: item.why for item in shown.items}
        assert why["IN-001"].startswith("Its theme became part of IN-002")
        assert why["IN-004"] == "Its theme was deleted."
        assert apply(project, shown) is None


def test_a_lost_export_id_falls_back_to_what_is_known(place: Path) -> None:
    workbook = edit(place / "insights.xlsx", {"IN-001": {"Status": "Done"}})
    book = openpyxl.load_workbook(workbook)
    del book.custom_doc_props["Export id"]  # type: ignore[attr-defined]
    book.save(workbook)
    with Project.open(place / "fernwick.loom") as project:
        project.edit_insights({"T-004": {Field.STATUS: "accepted"}})
        export(project, "xlsx", place / "newer.xlsx", ExportOptions())
        # The mark of the row still says which export it is: nothing of the older one is an edit.
        shown = preview(project, workbook)
        assert (kinds(shown), shown.notes) == ({"IN-001/status": Kind.EDIT}, ())

        sheet: Any = book["Insights"]
        mark = next(cell.column for cell in sheet[HEADER] if cell.value == REVISION)
        sheet.delete_cols(mark)
        book.save(workbook)
        shown = preview(project, workbook)
        assert "it was compared with the newest one" in shown.notes[0]
        assert kinds(shown)["IN-001/status"] is Kind.EDIT


def test_a_project_without_memory_asks_about_everything(place: Path) -> None:
    workbook = edit(place / "insights.xlsx", {"IN-001": {"Status": "Done", "Decision": "Yes"}})
    make_fernwick(place / "bare.loom", few=True)
    with Project.open(place / "bare.loom") as project:
        book = openpyxl.load_workbook(workbook)
        del book.custom_doc_props["Project id"]  # type: ignore[attr-defined]
        sheet: Any = book["Insights"]
        key = next(cell.column for cell in sheet[HEADER] if cell.value == KEY)
        sheet.delete_cols(key, 2)
        book.save(workbook)
        shown = preview(project, workbook)
        assert kinds(shown) == {"IN-001/status": Kind.CONFLICT, "IN-001/decision": Kind.EDIT}
        assert "does not remember" in shown.notes[0]


def test_a_person_points_at_a_renamed_column(place: Path) -> None:
    workbook = edit(place / "insights.xlsx", {"IN-001": {"Decision": "Yes"}})
    book = openpyxl.load_workbook(workbook)
    sheet: Any = book["Insights"]
    next(cell for cell in sheet[HEADER] if cell.value == "Decision").value = "What we do"
    book.save(workbook)
    with Project.open(place / "fernwick.loom", read_only=True) as project:
        shown = preview(project, workbook)
        assert shown.items == ()
        assert shown.unknown == ("What we do",)
        assert any("no column “Decision”" in note for note in shown.notes)
        shown = preview(project, workbook, columns={Field.DECISION: "What we do"})
        assert kinds(shown) == {"IN-001/decision": Kind.EDIT}


def test_rows_that_were_mixed_up_are_refused(place: Path) -> None:
    workbook = place / "insights.xlsx"
    book = openpyxl.load_workbook(workbook)
    sheet: Any = book["Insights"]
    columns = {cell.value: cell.column for cell in sheet[HEADER]}
    rows = range(HEADER + 1, HEADER + 4)
    for header in HEADERS.values():  # sorted without the columns beside them
        values = [sheet.cell(row, columns[header]).value for row in rows]
        for row, value in zip(rows, [*values[1:], values[0]], strict=True):
            sheet.cell(row, columns[header]).value = value
    book.save(workbook)
    with Project.open(place / "fernwick.loom", read_only=True) as project:
        shown = preview(project, workbook)
    assert [item.row for item in shown.rejected] == list(rows)
    assert all("sorted without all of its columns" in item.why for item in shown.items)
    assert len(shown.items) == 3


def test_names_are_masked_or_not_as_in_the_file(place: Path) -> None:
    with Project.open(place / "fernwick.loom") as project:
        name = str(project.records()["author"].drop_nulls()[0])
        project.edit_insights({"T-001": {Field.DECISION: f"Call {name} first"}})
        for raw in (False, True):
            export(project, "xlsx", place / "names.xlsx", ExportOptions(raw=raw))
            book = openpyxl.load_workbook(place / "names.xlsx", read_only=True)
            cells = book["Insights"].iter_rows(values_only=True)
            assert any(name in str(cell) for row in cells for cell in row) is raw
            assert preview(project, place / "names.xlsx").items == ()


def closed_headers(workbook: Path) -> dict[str, str]:
    """Return header → letters of the columns that a person sees and that do not come back."""
    sheet: Any = openpyxl.load_workbook(workbook)["Insights"]
    ours = {KEY, REVISION, INSIGHT_ID, *HEADERS.values()}
    return {cell.value: cell.column_letter for cell in sheet[HEADER] if cell.value not in ours}


def test_edits_in_columns_that_do_not_come_back_are_told(place: Path) -> None:
    with Project.open(place / "fernwick.loom") as project:
        project.edit_insights({"T-001": {Field.DUE: "2026-12-24"}})
        export(project, "xlsx", place / "due.xlsx", ExportOptions())
        letters = closed_headers(place / "due.xlsx")
        assert {"Area", "Due", "Links", "Records", "Statement", "Top quote", "Theme"} < set(letters)
        edits: dict[str, Any] = dict.fromkeys(letters, "Seen differently")
        edits |= {"Due": datetime(2027, 1, 31), "Records": 999, "Decision": "Yes"}  # noqa: DTZ001
        edit(place / "due.xlsx", {"IN-001": edits, "IN-004": {"Due": datetime(2027, 2, 1)}})  # noqa: DTZ001
        shown = preview(project, place / "due.xlsx")
        assert [item.key for item in shown.edits] == ["IN-001/decision"]
        assert {item.key for item in shown.rejected} == {
            *(f"IN-001/{header}" for header in letters), "IN-004/Due",
        }  # fmt: skip
        for item in shown.rejected:
            place_of = f"sheet Insights, cell {letters[item.column]}{item.row}"
            assert f"“{item.column}” was changed in {place_of}," in item.why
        due = next(item for item in shown.rejected if item.key == "IN-001/Due")
        assert due.file == "2027-01-31"
        assert due.why.endswith(
            "Set it at the insight in Themeloom, or have it written into “Notes”."
        )
        apply(project, shown)
        assert fields(project) == {("T-001", "decision"): "Yes", ("T-001", "due"): "2026-12-24"}


def test_a_csv_says_the_same_in_other_words(place: Path) -> None:
    """Spreadsheets write days, shares and large numbers as their country does."""
    with Project.open(place / "fernwick.loom") as project:
        project.edit_insights({"T-001": {Field.DUE: "2026-12-24"}})
        export(project, "xlsx", place / "due.xlsx", ExportOptions())
        project.edit_insights({"T-004": {Field.DUE: "2026-12-31"}})
        export(project, "xlsx", place / "newer.xlsx", ExportOptions())
        sheet: Any = openpyxl.load_workbook(place / "due.xlsx")["Insights"]
        rows = [list(row) for row in sheet.iter_rows(min_row=HEADER, values_only=True)]
        header = rows[0]
        for row in rows[1:]:
            for column, value in enumerate(row):
                if isinstance(value, datetime):
                    row[column] = f"{value:%d/%m/%Y}"
                elif isinstance(value, float) and str(header[column]).startswith("Share"):
                    row[column] = f"{value * 100:.1f} %".replace(".", ",")
                elif isinstance(value, int):
                    row[column] = f"{value:,}".replace(",", ".")

        def save(name: str) -> Path:
            with (place / name).open("w", encoding="utf-8", newline="") as file:
                csv.writer(file, delimiter=";").writerows(rows)
            return place / name

        assert preview(project, save("same.csv")).items == ()
        due = header.index("Due")
        rows[1][due] = "25/12/2026"
        (item,) = preview(project, save("other.csv")).items
        assert (item.column, item.kind, item.file) == ("Due", Kind.REJECTED, "25/12/2026")
        assert f"cell {get_column_letter(due + 1)}2," in item.why


def test_a_column_that_was_added_is_told(place: Path) -> None:
    workbook = edit(place / "insights.xlsx", {"IN-001": {"Status": "Done"}})
    book = openpyxl.load_workbook(workbook)
    sheet: Any = book["Insights"]
    last = sheet.max_column + 1
    sheet.cell(HEADER, last).value = "What we think"
    book.save(workbook)
    with Project.open(place / "fernwick.loom", read_only=True) as project:
        assert preview(project, workbook).notes == ()
        sheet.cell(HEADER + 2, last).value = "Not before May"
        book.save(workbook)
        shown = preview(project, workbook)
    assert kinds(shown) == {"IN-001/status": Kind.EDIT}
    assert "nothing of them is taken over: What we think." in shown.notes[0]


def test_other_files_are_refused_in_plain_words(place: Path) -> None:
    (place / "a.json").write_text("{}")
    openpyxl.Workbook().save(place / "empty.xlsx")
    (place / "broken.xlsx").write_bytes((place / "insights.xlsx").read_bytes()[:5000])
    with Project.open(place / "fernwick.loom", read_only=True) as project:
        for name, words in (
            ("a.json", "no workbook"),
            ("empty.xlsx", "no table of insights"),
            ("broken.xlsx", "damaged"),
            ("missing.xlsx", "no such file"),
        ):
            with pytest.raises(ImportFileError, match=words) as caught:
                preview(project, place / name)
            assert caught.value.complaint.file == name
            assert caught.value.complaint.hint


def test_the_command_applies_lists_and_resolves(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workbook = edit(
        place / "insights.xlsx",
        {
            "IN-001": {"Status": "Done", "Decision": "Yes", "Next step": None},
            "IN-004": {"Status": "Perhaps", "Owner": "Somebody New", "Due": "next week"},
        },
    )
    with Project.open(place / "fernwick.loom") as project:
        project.edit_insights({"T-001": {Field.STATUS: "accepted"}})

    def merge(*options: str) -> dict[str, Any]:
        command = ["merge", str(workbook), "--project", str(place / "fernwick.loom"), "--json"]
        assert run([*command, *options]) == 0
        return json.loads(capsys.readouterr().out)

    counts = ("applied", "conflicts", "rejected", "kept")
    assert [merge("--dry-run")[name] for name in counts] == [0, 1, 2, 1]
    done = merge()
    assert [done[name] for name in counts] == [2, 1, 2, 1]
    results = {
        (item["insight"], item["field"] or item["column"]): item["result"] for item in done["items"]
    }
    assert results == {
        ("IN-004", "Due"): "rejected",
        ("IN-001", "status"): "conflict",
        ("IN-001", "decision"): "applied",
        ("IN-001", "next step"): "kept",
        ("IN-004", "status"): "rejected",
        ("IN-004", "owner"): "applied",
    }
    assert [merge()[name] for name in counts] == [0, 1, 2, 1]
    assert [merge("--take", "file", "--clear")[name] for name in counts] == [2, 0, 2, 0]
    with Project.open(place / "fernwick.loom", read_only=True) as project:
        assert fields(project)["T-001", "status"] == "done"
        assert fields(project)["T-001", "next step"] == ""
    assert run(["merge", str(workbook), "--project", str(place / "fernwick.loom")]) == 0
    said = capsys.readouterr().out
    assert "2 rejected" in said
    assert "IN-004/Due: “Due” was changed in sheet Insights, cell " in said
    bad = ["merge", str(workbook), "--project", str(place / "fernwick.loom"), "--column", "x"]
    assert run(bad) == 2
