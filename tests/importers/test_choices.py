"""What a person chose for a sheet is what happens, and it can be done again from what was kept."""

import json
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from themeloom.domain.records import (
    About,
    DateOrder,
    Duplicates,
    ImportOptions,
    Kind,
    Role,
    SheetChoice,
)
from themeloom.importers.files import ImportedFile, import_file
from themeloom.importers.inputs import FolderOfNotes

SURVEY = (
    "NPS export Q3,,,\n"
    "Slotwise,,,\n"
    "ref,when,how,words\n"
    "R-1,03/09/2026,4,The calendar loses my meetings every week and nobody in the team is told of it\n"
    "R-2,04/09/2026,9,The calendar loses my meetings every week and nobody in the team is told of it\n"
)
ROLES = {"ref": Role.ID, "when": Role.DATE, "how": Role.SCORE, "words": Role.TEXT}


def put(path: Path, text: str = SURVEY) -> Path:
    path.write_text(text, encoding="utf-8", newline="")
    return path


def with_choice(path: Path, choice: SheetChoice, sheet: str | None = None) -> ImportedFile:
    return import_file(path, ImportOptions(choices={(str(path), sheet): choice}))


def days(imported: ImportedFile) -> list[str]:
    (source,) = imported.sources
    return [f"{date:%Y-%m-%d}" for date in source.records["date"]]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (DateOrder.DAY_FIRST, ["2026-09-03", "2026-09-04"]),
        (DateOrder.MONTH_FIRST, ["2026-03-09", "2026-04-09"]),
    ],
)
def test_dates_are_read_as_chosen(tmp_path: Path, order: DateOrder, expected: list[str]) -> None:
    imported = with_choice(put(tmp_path / "a.csv"), SheetChoice(roles=ROLES, dates=order))
    assert days(imported) == expected
    assert not any("month" in warning for warning in imported.report.warnings)


def test_each_column_plays_the_chosen_role(tmp_path: Path) -> None:
    roles = ROLES | {"how": Role.SEGMENT, "when": Role.IGNORE}
    imported = with_choice(
        put(tmp_path / "a.csv"), SheetChoice(kind=Kind.TICKET, roles=roles, about=About.COMPETITOR)
    )
    (source,) = imported.sources
    assert source.records["segments_json"].to_list() == ['{"how": "4"}', '{"how": "9"}']
    assert source.records["date"].null_count() == 2
    assert source.records["fields_json"].null_count() == 2
    assert source.records["kind"].unique().to_list() == ["ticket"]
    assert source.row["about"] == "competitor"
    assert imported.report.columns["when"] == "ignore"


def test_copies_are_kept_where_the_person_wants_them(tmp_path: Path) -> None:
    path = put(tmp_path / "a.csv")
    assert with_choice(path, SheetChoice()).report.duplicate == 1
    kept = with_choice(path, SheetChoice(duplicates=Duplicates.KEEP_ALL))
    assert (kept.report.taken, kept.report.duplicate) == (2, 0)
    assert kept.sources[0].records["duplicate_of"].null_count() == 2


def test_the_header_row_is_where_the_person_pointed(tmp_path: Path) -> None:
    path = put(tmp_path / "a.csv", SURVEY.replace("ref,when,how,words\n", "") + "a,b,c,d\n")
    imported = with_choice(path, SheetChoice(header_row=3, kind=Kind.OTHER))
    (source,) = imported.sources
    assert source.records["row"].to_list() == [4, 5]
    without = with_choice(
        path, SheetChoice(header_row=0, kind=Kind.OTHER, roles={"Column D": Role.TEXT})
    )
    assert without.sources[0].records["row"].to_list() == [3, 4, 5]


def test_sheets_are_left_out_or_taken_one_by_one(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for name in ("one", "two"):
        sheet = book.create_sheet(name)
        sheet.append(["id", "comment"])
        sheet.append(["1", f"the sheet {name} says that exports are slow"])
    book.remove(book["Sheet"])
    path = tmp_path / "book.xlsx"
    book.save(path)
    choices: dict[tuple[str, str | None], SheetChoice] = {
        (str(path), "one"): SheetChoice(include=False),
        (str(path), "two"): SheetChoice(),
    }
    (source,) = import_file(path, ImportOptions(choices=choices)).sources
    assert source.row["sheet"] == "two"
    choices[(str(path), "two")] = SheetChoice(include=False)
    imported = import_file(path, ImportOptions(choices=choices))
    assert (imported.report.role, imported.sources) == ("none", ())


def test_what_is_not_chosen_is_not_even_read(tmp_path: Path) -> None:
    path = put(tmp_path / "a.csv")
    options = ImportOptions(only_chosen=True)
    path.write_bytes(b"%PDF-1.7")
    assert import_file(path, options).report.role == "none"
    note = tmp_path / "note.md"
    note.write_text("The export is slow.")
    folder = FolderOfNotes(tmp_path, (note,))
    assert import_file(folder, options).sources == ()


def test_what_was_kept_with_the_source_gives_the_same_records_again(tmp_path: Path) -> None:
    """Also for the second sheet alone, whose ids count within the sheet only."""
    book = openpyxl.Workbook()
    for name in ("one", "two"):
        sheet = book.create_sheet(name)
        sheet.append(["id", "comment", "plan"])
        sheet.append(["1", f"the sheet {name} says that exports are slow", "Team"])
    book.remove(book["Sheet"])
    path = tmp_path / "book.xlsx"
    book.save(path)
    first = import_file(path, ImportOptions())
    second = first.sources[1]
    saved = json.loads(str(second.row["report_json"]))["choice"]
    choices: dict[tuple[str, str | None], SheetChoice] = {
        (str(path), "one"): SheetChoice(include=False),
        (str(path), "two"): SheetChoice.from_mapping(saved),
    }
    (again,) = import_file(path, ImportOptions(choices=choices)).sources
    assert again.records.equals(second.records)
    known = pl.concat([source.records for source in first.sources])
    report = import_file(path, ImportOptions(choices=choices), existing=known).report
    assert (report.read, report.updated) == (1, 1)


def test_a_missing_column_is_said(tmp_path: Path) -> None:
    gone = SheetChoice(roles={**ROLES, "plan": Role.SEGMENT})
    imported = with_choice(put(tmp_path / "a.csv"), gone)
    assert "Columns that were there before are missing: plan." in imported.report.warnings


def test_a_choice_survives_json() -> None:
    choice = SheetChoice(
        kind=Kind.NPS,
        profile="generic",
        about=About.COMPETITOR,
        header_row=3,
        roles=ROLES,
        dates=DateOrder.DAY_FIRST,
        duplicates=Duplicates.KEEP_ALL,
        own_ids=True,
    )
    assert SheetChoice.from_mapping(json.loads(json.dumps(choice.as_mapping()))) == choice
    assert SheetChoice.from_mapping({}) == SheetChoice()


def test_a_choice_finds_columns_as_the_file_writes_them(tmp_path: Path) -> None:
    words = "the export of reports is too slow"
    path = put(tmp_path / "a.csv", f"R&amp;D,*What was it like?*\nyes,{words}\n")
    roles = {"*What was it like?*": Role.TEXT, "R&amp;D": Role.SEGMENT}
    found = with_choice(path, SheetChoice(roles=roles))
    assert found.report.warnings == ()
    assert found.report.columns == {"R&D": "segment", "What was it like?": "text"}
