"""Exports of a real project, checked as they are and after somebody had a hand in them."""

import json
from pathlib import Path
from typing import Any

import apsw
import openpyxl
import polars as pl
import pytest
from tests.services.fernwick import make_fernwick
from tests.services.taught import LOGIN, make_mixed_up, rows
from tests.services.taught import name as excerpt_id

from themeloom.cli.main import run
from themeloom.domain.errors import ImportFileError
from themeloom.domain.insights import Field
from themeloom.domain.periods import parse_period
from themeloom.project.project import Project
from themeloom.services.exporting import ExportOptions, export
from themeloom.services.verifying import QuoteCheck, State, Verification, verify

pytestmark = pytest.mark.usefixtures("drafted_once")

HEADER = 5


def check(place: Path, name: str) -> Verification:
    with Project.open(place / "fernwick.loom", read_only=True) as project:
        return verify(project, place / name)


def counts(found: Verification) -> list[int]:
    return [found.count(state) for state in State]


def odd(found: Verification) -> list[QuoteCheck]:
    return [item for item in found.items if item.state is not State.VERIFIED]


def write(workbook: Path, sheet: str, header: str, row: int, value: Any) -> Any:
    """Write into the ``row``-th row of a sheet; return what stood there."""
    book = openpyxl.load_workbook(workbook)
    page: Any = book[sheet]
    column = next(cell.column for cell in page[HEADER] if cell.value == header)
    cell = page.cell(HEADER + row, column)
    was = cell.value
    cell.value = value(was) if callable(value) else value
    cell.hyperlink = None
    book.save(workbook)
    return was


@pytest.mark.parametrize("name", ["whole.xlsx", "whole.json", "whole.csv", "two.xlsx"])
def test_what_was_exported_is_verified(exported: Path, name: str) -> None:
    found = check(exported, name)
    assert counts(found) == [len(found.items), 0, 0, 0]
    assert len(found.items) > 50
    assert found.figures
    assert found.figures_changed == ()
    assert all(not item.why for item in found.items)


def test_raw_files_and_coded_ones_are_verified(place: Path) -> None:
    with Project.open(place / "fernwick.loom") as project:
        for name, file in (("xlsx", "raw.xlsx"), ("coded-csv", "coded.csv")):
            export(project, name, place / file, ExportOptions(raw=name == "xlsx"))
            found = verify(project, place / file)
            assert counts(found) == [len(found.items), 0, 0, 0]
            assert found.items


@pytest.mark.parametrize("name", ["xlsx", "json", "csv"])
def test_figures_that_no_record_tells_are_the_same(tmp_path: Path, name: str) -> None:
    file = tmp_path / f"p.{name}"
    with Project.open(make_mixed_up(tmp_path / "p.loom")) as project:  # knows of no account
        export(project, name, file, ExportOptions())
        found = verify(project, file)
    assert "accounts" in {figure.name for figure in found.figures}
    assert found.figures_changed == ()


def test_a_figure_that_was_emptied_is_told(place: Path) -> None:
    was = write(place / "two.xlsx", "Insights", "Accounts", 1, None)
    (figure,) = check(place, "two.xlsx").figures_changed
    assert (figure.name, figure.file, figure.now) == ("accounts", None, was)


def test_quotes_of_a_former_sub_theme_are_looked_for_in_its_texts(tmp_path: Path) -> None:
    with Project.open(make_mixed_up(tmp_path / "p.loom")) as project:
        excerpts = [excerpt_id(row) for row in rows("login")]
        _, part = project.create_theme("Codes", parent_id=LOGIN, excerpt_ids=excerpts[:4])
        project.promote_themes([part])
        export(project, "csv", tmp_path / "p.csv", ExportOptions())
        found = verify(project, tmp_path / "p.csv")
    assert [item.insight for item in found.items].count("IN-S001") == 3
    assert odd(found) == []


def test_a_text_of_another_theme_may_speak_against(tmp_path: Path) -> None:
    file = tmp_path / "p.csv"
    with Project.open(make_mixed_up(tmp_path / "p.loom")) as project:
        other = excerpt_id(rows("slow")[0])
        project.edit_insights({LOGIN: {Field.COUNTER: other}}, name="choice")
        export(project, "csv", file, ExportOptions())
        found = verify(project, file)
        assert any(item.place.endswith("counter_quote") for item in found.items)
        assert odd(found) == []

        told: str = project.excerpts().filter(pl.col("excerpt_id") == other)["text"][0]
        text = file.read_text(encoding="utf-8")
        assert text.count(told) == 1
        file.write_text(text.replace(told, told.replace("e", "3", 1)), encoding="utf-8")
        (item,) = odd(verify(project, file))
    assert (item.state, item.project) == (State.CHANGED, told)


def test_one_changed_letter_is_found(place: Path) -> None:
    was = write(place / "two.xlsx", "Evidence", "Quote", 3, lambda text: text[:-2] + "§" + text[-1])
    found = check(place, "two.xlsx")
    (item,) = odd(found)
    assert item.state is State.CHANGED
    assert item.project == was
    assert item.file != was
    assert item.place == f"sheet Evidence, row {HEADER + 3}"
    assert item.why == "The quote was changed in the file."


def test_a_changed_letter_is_found_in_other_formats(place: Path) -> None:
    whole = json.loads((place / "whole.json").read_text(encoding="utf-8"))
    quote = whole["insights"][0]["evidence"][1]
    quote["quote"] = quote["quote"].replace("e", "3", 1)
    (place / "whole.json").write_text(json.dumps(whole), encoding="utf-8")
    (item,) = odd(check(place, "whole.json"))
    assert (item.state, item.id) == (State.CHANGED, quote["id"])

    rows = pl.read_csv(place / "whole.csv", infer_schema=False)
    first = str(rows["quote_1"][0])
    rows = rows.with_columns(pl.col("quote_1").replace(first, first.replace("e", "3", 1)))
    rows.write_csv(place / "whole.csv")
    (item,) = odd(check(place, "whole.csv"))
    assert (item.state, item.project) == (State.CHANGED, first.removeprefix("'"))


def test_a_short_form_with_a_changed_letter_is_found(place: Path) -> None:
    was = write(
        place / "two.xlsx", "Insights", "Top quote", 2, lambda text: text.replace("e", "3", 1)
    )
    found = check(place, "two.xlsx")
    (item,) = odd(found)
    assert item.state is State.CHANGED
    assert item.place == f"sheet Insights, row {HEADER + 2}, Top quote"
    assert item.file != was


def test_a_row_without_its_ids_is_missing(place: Path) -> None:
    write(place / "two.xlsx", "Evidence", "Record id", 1, None)
    write(place / "two.xlsx", "Evidence", "Excerpt id", 1, None)
    for row in (2, 3):  # of the third row the span still says where it stands
        write(place / "two.xlsx", "Evidence", "Excerpt id", row, "nothing.0")
    write(place / "two.xlsx", "Evidence", "Start", 2, 1)
    first, second = odd(check(place, "two.xlsx"))
    assert (first.state, second.state) == (State.MISSING, State.MISSING)
    assert "lost the ids" in first.why
    assert "not this piece of it" in second.why


def test_the_ids_of_another_quote_are_found_out(place: Path) -> None:
    other = write(place / "two.xlsx", "Evidence", "Record id", 2, lambda text: text)
    write(place / "two.xlsx", "Evidence", "Record id", 1, other)
    (item,) = odd(check(place, "two.xlsx"))
    assert item.state is State.CHANGED
    assert "another record" in item.why


def test_a_removed_source_leaves_quotes_missing_and_figures_changed(place: Path) -> None:
    with Project.open(place / "fernwick.loom") as project:
        source = str(project.sources()["source_id"][0])
        of_source = set(
            project.records(["record_id", "source_id"]).filter(pl.col("source_id") == source)[
                "record_id"
            ]
        )
        project.remove_sources([source])
        found = verify(project, place / "two.xlsx")
        assert {item.record_id for item in odd(found)} <= of_source
        assert {item.state for item in odd(found)} == {State.MISSING}
        assert found.figures_changed
        project.undo()
        assert counts(verify(project, place / "two.xlsx"))[1:] == [0, 0, 0]


def test_an_erased_record_is_told_from_a_hidden_one(place: Path) -> None:
    book = openpyxl.load_workbook(place / "two.xlsx")
    sheet: Any = book["Evidence"]
    column = next(cell.column for cell in sheet[HEADER] if cell.value == "Record id")
    record_id = sheet.cell(HEADER + 1, column).value
    connection = apsw.Connection(str(place / "fernwick.loom"))
    connection.execute("UPDATE records SET record_id = 'x' WHERE record_id = ?", (record_id,))
    connection.close()
    erased = odd(check(place, "two.xlsx"))
    assert {item.state for item in erased} == {State.ERASED}
    assert {item.record_id for item in erased} == {record_id}


def test_a_text_that_changed_in_the_project_is_told_from_a_changed_quote(place: Path) -> None:
    with Project.open(place / "fernwick.loom") as project:
        evidence = next(item for item in verify(project, place / "two.xlsx").items)
    connection = apsw.Connection(str(place / "fernwick.loom"))
    connection.execute(
        "UPDATE records SET text = replace(text, 'e', 'E') WHERE record_id = ?",
        (evidence.record_id,),
    )
    connection.close()
    changed = odd(check(place, "two.xlsx"))
    assert evidence.id in {item.id for item in changed}
    whole = {item.why for item in changed if item.place.startswith("sheet Evidence")}
    assert whole == {"The text in the project has changed since the export."}


def test_figures_are_computed_for_the_period_of_the_file(place: Path) -> None:
    august = parse_period("2026-08")
    with Project.open(place / "fernwick.loom") as project:
        export(project, "xlsx", place / "august.xlsx", ExportOptions(period=august))
        found = verify(project, place / "august.xlsx")
        assert found.period == str(august)
        assert found.figures_changed == ()
        everything = {
            (figure.insight, figure.name): figure.now
            for figure in verify(project, place / "two.xlsx").figures
        }
    assert any(everything[figure.insight, figure.name] != figure.now for figure in found.figures)
    was = write(place / "august.xlsx", "Insights", "Records", 1, lambda n: n + 1)
    (figure,) = check(place, "august.xlsx").figures_changed
    assert (figure.name, figure.file, figure.now) == ("records", was + 1, was)


def test_another_project_verifies_nothing(place: Path) -> None:
    make_fernwick(place / "other.loom", few=True)
    with Project.open(place / "other.loom", read_only=True) as project:
        found = verify(project, place / "two.xlsx")
    assert found.count(State.MISSING) == len(found.items)
    assert "The file belongs to another project." in found.notes


def test_pages_for_reading_are_refused_in_plain_words(place: Path) -> None:
    (place / "a.html").write_text("<html></html>")
    (place / "a.json").write_text("[1, 2")
    (place / "b.json").write_text("{}")
    openpyxl.Workbook().save(place / "empty.xlsx")
    for name, words in (
        ("a.html", "made for reading"),
        ("a.json", "no JSON"),
        ("b.json", "no insights"),
        ("empty.xlsx", "no quotes"),
        ("missing.xlsx", "no such file"),
    ):
        with pytest.raises(ImportFileError, match=words) as caught:
            check(place, name)
        assert caught.value.complaint.file == name
        assert caught.value.complaint.hint


def test_own_tables_without_quotes_are_told_from_those_with_them(place: Path) -> None:
    with Project.open(place / "fernwick.loom") as project:
        export(project, "records-csv", place / "records.csv", ExportOptions())
    with pytest.raises(ImportFileError) as caught:
        check(place, "records.csv")
    assert "json, csv or coded-csv" in (caught.value.complaint.hint or "")


def test_the_command_counts_and_lists(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(place / "two.xlsx", "Evidence", "Quote", 1, lambda text: f"{text}!")
    write(place / "two.xlsx", "Insights", "Accounts", 1, 7_000)
    command = ["verify", str(place / "two.xlsx"), "--project", str(place / "fernwick.loom")]
    assert run([*command, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [found[name] for name in ("changed", "missing", "erased")] == [1, 0, 0]
    assert found["verified"] + 1 == len(found["items"])
    assert found["figures"]["changed"] == 1
    assert found["figures"]["items"][0]["file"] == 7_000
    assert run(command) == 0
    lines = capsys.readouterr().out
    assert "1 changed" in lines
    assert "The quote was changed in the file." in lines
    assert "7,000 in the file" in lines
