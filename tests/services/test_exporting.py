"""Exports of a real project: what a period leaves out, and what happens when a person stops one."""

import csv
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import openpyxl
import polars as pl
import pytest
from tests.services.fernwick import copy_fernwick

from themeloom.cli.main import run
from themeloom.domain.errors import ExportError, JobCancelled
from themeloom.domain.insights import Delivery
from themeloom.domain.periods import Period, parse_period
from themeloom.domain.records import ImportOptions
from themeloom.exporters import registry
from themeloom.jobs.messages import Progress
from themeloom.jobs.worker import Worker
from themeloom.project.project import Project
from themeloom.services.exporting import (
    ExportOptions,
    book_data,
    export,
    format_list,
    in_period,
    preview,
)
from themeloom.services.importing import import_inputs
from themeloom.services.session import Session
from themeloom.services.view import of_period

pytestmark = pytest.mark.usefixtures("drafted_once")

JULY, AUGUST = parse_period("2026-07"), parse_period("2026-08")


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory, session_environment: None) -> Path:
    return copy_fernwick(tmp_path_factory.mktemp("project") / "fernwick.loom", few=True)


@pytest.fixture
def project(path: Path) -> Iterator[Project]:
    with Project.open(path, read_only=True) as opened:
        yield opened


@dataclass(frozen=True)
class Books:
    """Workbooks of a project, masked, and what it remembers of them."""

    of: Mapping[Period | None, Path]
    deliveries: tuple[Delivery, ...]


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory, drafted_once: None) -> Books:
    folder = tmp_path_factory.mktemp("books")
    with Project.open(copy_fernwick(folder / "fernwick.loom", few=True)) as project:
        of = {
            period: export(project, "xlsx", folder / f"{name}.xlsx", ExportOptions(period=period))
            for name, period in (("august", AUGUST), ("july", JULY), ("whole", None))
        }
        return Books(of, tuple(project.deliveries(values=True)))


def originals_in_august(project: Project) -> set[str]:
    return {
        record_id
        for record_id, date, duplicate_of in project.records(
            ["record_id", "date", "duplicate_of"]
        ).iter_rows()
        if duplicate_of is None and date is not None and (date.year, date.month) == (2026, 8)
    }


def test_a_period_rules_every_frame(project: Project) -> None:
    whole, part = (book_data(project, raw=True, period=period) for period in (None, AUGUST))
    expected = originals_in_august(project)
    counted = part.records.filter(pl.col("duplicate_of").is_null())
    assert set(counted["record_id"]) == expected
    assert 0 < len(expected) < whole.records.height
    assert set(part.excerpts["record_id"]) <= set(part.records["record_id"])
    assert set(part.assignments["excerpt_id"]) <= set(part.excerpts["excerpt_id"])
    assert set(part.unsorted["excerpt_id"]) <= set(part.excerpts["excerpt_id"])
    assert part.outside + part.undated + counted.height == (
        whole.records["duplicate_of"].null_count()
    )


def test_a_duplicate_goes_with_its_original() -> None:
    records = pl.DataFrame(
        {
            "record_id": ["in", "copy in", "out", "copy out", "undated", "last", "next"],
            "duplicate_of": [None, "in", None, "out", None, None, None],
            "date": [
                datetime.fromisoformat(text) if text else None
                for text in (
                    "2026-08-01",
                    "2026-10-01",
                    "2026-07-31T23:59:59",
                    "2026-08-05",
                    "",
                    "2026-08-31T23:59:59",
                    "2026-09-01",
                )
            ],
        }
    )
    assert in_period(records, AUGUST)["record_id"].to_list() == ["in", "copy in", "last"]
    assert in_period(records, None).height == 7


@pytest.mark.parametrize("name", ["coded-csv", "records-csv", "xlsx"])
def test_formats_of_records_hold_the_period_only(
    project: Project, tmp_path: Path, name: str
) -> None:
    target = tmp_path / f"out{registry.exporter(name).suffix}"
    export(project, name, target, ExportOptions(raw=True, period=AUGUST))
    expected = originals_in_august(project)
    if target.suffix == ".csv":
        with target.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        copies = set(project.records(["record_id", "duplicate_of"]).drop_nulls()["record_id"])
        assert {row["record_id"] for row in rows} - copies == expected
    else:
        book = openpyxl.load_workbook(target, read_only=True)
        head, *records = book["All records"].iter_rows(min_row=5, values_only=True)
        copy = head.index("Duplicate of")
        assert {str(row[0]) for row in records if row[copy] is None} == expected
        assert book["Insights"]["C1"].value == "What customers told us, August 2026"
        told = " ".join(str(cell) for row in book["Read me"].values for cell in row if cell)
        left = project.records(["duplicate_of"])["duplicate_of"].null_count() - len(expected)
        assert f"Chosen period: 1\u00a0August 2026 to 31\u00a0August 2026. {left}" in told
        assert "left out of all numbers" in told


def test_the_preview_counts_what_the_workbook_holds(path: Path, books: Books) -> None:
    session = Session.open(path, read_only=True)
    try:
        for period in (None, AUGUST):
            told = preview(session.view, period)
            book = openpyxl.load_workbook(books.of[period], read_only=True)
            summary = str(book["Insights"]["C2"].value).replace("\u00a0", " ")
            said = of_period(session.view, session.view.choices, period)
            base = said.totals.answering
            assert f"{told.insights} insights from {base} records that say something" in summary
            head, *records = book["All records"].iter_rows(min_row=5, values_only=True)
            copy = head.index("Duplicate of")
            assert told.records == sum(row[copy] is None for row in records)
    finally:
        session.close()


def test_a_period_without_records_is_refused(project: Project, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"No record lies in the period 1999-01-01\.\.1999-12-31"):
        export(project, "xlsx", tmp_path / "out.xlsx", ExportOptions(period=parse_period("1999")))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("stage", ["Masking personal data", "Writing the workbook"])
def test_a_stopped_export_leaves_what_was_there(
    project: Project, tmp_path: Path, stage: str
) -> None:
    target = tmp_path / "out.xlsx"
    target.write_bytes(b"before")

    def stop(progress: Progress) -> None:
        if progress.stage == stage:
            raise JobCancelled("Stopped.")

    with pytest.raises(JobCancelled):
        export(project, "xlsx", target, ExportOptions(), stop)
    assert [file.name for file in tmp_path.iterdir()] == ["out.xlsx"]
    assert target.read_bytes() == b"before"


def test_formats_have_words_and_an_ending() -> None:
    found = {one.name: one for one in format_list()}
    assert found["xlsx"].suffix == ".xlsx"
    assert found["bertopic"].suffix == ""
    assert all(one.describes for one in found.values())
    named = {name for name, one in found.items() if one.raw_only}
    assert named == {"amplitude", "close-the-loop", "mixpanel"}


def insights_in(target: Path) -> list[dict[str, object]]:
    book = openpyxl.load_workbook(target, read_only=True)
    head, *rows = book["Insights"].iter_rows(min_row=5, values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


def test_an_export_is_remembered_with_what_it_wrote(books: Books) -> None:
    target = books.of[AUGUST]
    delivery, *others = books.deliveries
    assert len(others) == 2
    assert (delivery.kind, delivery.format, delivery.recipient) == ("export", "xlsx", "")
    assert delivery.about["period"] == "2026-08-01..2026-08-31"
    assert delivery.about["personal data"] == "masked"
    rows = insights_in(target)
    assert {row["Id"] for row in rows} == set(delivery.values)
    for row in rows:
        written = delivery.values[str(row["Id"])]
        assert (row["_key"], row["Insight"]) == (written["_key"], written["title"])
        assert (row["Owner"] or "") == written["owner"]
    whole: Any = openpyxl.load_workbook(target)
    properties = whole.custom_doc_props.props
    assert {one.name: one.value for one in properties}["Export id"] == delivery.id


def test_a_period_stands_beside_the_one_before(books: Books) -> None:
    july = {row["Id"]: row for row in insights_in(books.of[JULY])}
    august = insights_in(books.of[AUGUST])
    assert len(august) > 10
    for row in august:
        if row["Id"] in july:
            assert row["Records before"] == july[row["Id"]]["Records"]
            assert row["Share of tickets before"] == july[row["Id"]]["Share of tickets"]
    assert any(row["Records"] != row["Records before"] for row in august)
    assert "Records before" not in insights_in(books.of[None])[0]


def test_a_group_of_several_pms_counts_only_what_its_reader_gets(
    project: Project, tmp_path: Path
) -> None:
    """Its other themes are neither named nor counted."""
    target = tmp_path / "out.xlsx"
    export(project, "xlsx", target, ExportOptions(only="Mireille Fontaine"))
    book = openpyxl.load_workbook(target)
    table = list(book["Themes"].iter_rows(min_row=5, values_only=True))
    rows: list[dict[str, Any]] = [
        dict(zip(map(str, table[0]), row, strict=True)) for row in table[1:] if row[0]
    ]
    groups = [row for row in rows if row["Level"] == "group"]
    themes = [row for row in rows if row["Level"] == "theme"]
    assert len(groups) == 1
    assert [row["Theme"] for row in themes] == [row["Insight"] for row in insights_in(target)]
    records = list(book["All records"].iter_rows(min_row=5, max_col=1, values_only=True))
    assert groups[0]["Records"] < len(records)  # some say it twice
    assert groups[0]["Records"] <= sum(row["Records"] for row in themes)
    scored = [row[0] for row in book["NPS"].iter_rows(min_row=5, values_only=True)]
    assert groups[0]["Id"] not in scored


def test_for_one_pm_or_area_only(
    path: Path, tmp_path: Path, books: Books, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "out.xlsx"
    call = ["export", "--project", str(path), "--format", "xlsx", "--output", str(target)]
    everything = insights_in(books.of[None])
    for column in ("Owner", "Area"):
        name = str(everything[0][column])
        expected = [row["Id"] for row in everything if row[column] == name]
        assert 0 < len(expected) < len(everything)
        capsys.readouterr()
        assert run([*call, "--for", name.upper(), "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert (told["for"], told["remembered"]) == (name.upper(), True)
        assert [row["Id"] for row in insights_in(target)] == expected
    assert run([*call, "--for", "Nobody"]) == 1
    assert "Nobody" in capsys.readouterr().err


def test_an_export_from_an_open_project_is_not_remembered_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, target = copy_fernwick(tmp_path / "own.loom", few=True), tmp_path / "out.json"
    with Project.open(path) as project:
        call = ["export", "--project", str(path), "--format", "json", "--output", str(target)]
        assert run([*call, "--json"]) == 0
        told = capsys.readouterr()
        assert json.loads(told.out)["remembered"] is False
        assert "open elsewhere" in told.err
        assert project.deliveries() == []


def test_command_line(path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "out.csv"
    call = ["export", "--project", str(path), "--format", "records-csv", "--output", str(target)]
    assert run([*call, "--period", "2026-08..2026-Q3", "--json"]) == 0
    assert '"period": "2026-08-01..2026-09-30"' in capsys.readouterr().out
    months = {line.split(",")[0] for line in target.read_text("utf-8").splitlines()[1:]}
    assert months
    assert run([*call, "--period", "soon"]) == 2
    assert "is no period" in capsys.readouterr().err


def test_files_called_after_people_do_not_name_them(tmp_path: Path, reader: Worker) -> None:
    folder = tmp_path / "interviews"
    folder.mkdir()
    talk = "Interviewer: What is missing?\n\nAnna Schmidt: The export of reports is far too slow.\n"
    (folder / "interview-anna-schmidt.md").write_text(f"Participant: Anna Schmidt\n\n{talk * 3}")
    with Project.create(tmp_path / "p.loom") as project:
        import_inputs(project, [folder], ImportOptions(), reader)
        token = book_data(project, raw=False).mask_name("Anna Schmidt")
        for name in ("coded-csv", "records-csv"):
            export(project, name, tmp_path / "masked.csv", ExportOptions())
            masked = (tmp_path / "masked.csv").read_text("utf-8-sig")
            assert "schmidt" not in masked.casefold()
            assert f'"interview-{token}","interview-{token}.md"' in masked
            export(project, name, tmp_path / "raw.csv", ExportOptions(raw=True))
            assert "interview-anna-schmidt.md" in (tmp_path / "raw.csv").read_text("utf-8-sig")


@pytest.mark.parametrize("name", ["xlsx", "html", "markdown", "json", "csv", "jira"])
def test_who_is_an_account_of_his_own_is_masked_there_too(
    tmp_path: Path, reader: Worker, name: str
) -> None:
    said = [
        ("Remy Thibodeaux", "remy@pools.example", "Remy Thibodeaux"),
        ("Jane Doe", "jane.doe@acme.example", "jane.doe@acme.example"),
        ("Bo Park", "bo@park.example", "+44 7700 900123"),
        ("Ann Lee", "ann@lee.example", "Lee & Sons"),
    ]
    rows = [
        (number, f"The export of report {number} is far too slow.", *who)
        for number, who in enumerate(said)
    ]
    tickets = tmp_path / "tickets.csv"
    with tickets.open("w", encoding="utf-8", newline="") as file:
        written = csv.writer(file)
        written.writerow(
            ["Ticket ID", "Description", "Requester name", "Requester email", "Company"]
        )
        written.writerows(rows)
    with Project.create(tmp_path / "p.loom") as project:
        import_inputs(project, [tickets], ImportOptions(), reader)
        excerpts = project.excerpts()["excerpt_id"].to_list()
        _, theme_id = project.create_theme("Slow exports", excerpt_ids=excerpts)
        project.choose_quotes(theme_id, excerpts)
        told: dict[bool, str] = {}
        for raw in (False, True):
            file = export(
                project, name, tmp_path / f"file-{raw}", ExportOptions(raw=raw, again=True)
            )
            told[raw] = everything_in(file).replace("\\", "").replace("&amp;", "&")
    for personal in ("Thibodeaux", "jane.doe@", "900123"):
        assert personal not in told[False]
        assert personal in told[True]
    assert "Lee & Sons" in told[False]


def everything_in(file: Path) -> str:
    if not zipfile.is_zipfile(file):
        return file.read_text("utf-8-sig")
    with zipfile.ZipFile(file) as parts:
        return "\n".join(parts.read(part).decode() for part in parts.namelist())


def test_every_key_of_the_json_is_on_its_page(project: Project, tmp_path: Path) -> None:
    told = json.loads(
        export(project, "json", tmp_path / "i.json", ExportOptions()).read_text("utf-8")
    )
    page = (Path(__file__).parents[2] / "docs" / "handoffs" / "json.md").read_text("utf-8")
    kinds = {"ticket", "nps", "interview", "call", "other", "csat", "ces", "rating"}

    def keys(value: object) -> Iterator[str]:
        if isinstance(value, dict):
            for key, below in cast("dict[str, object]", value).items():
                yield key
                yield from keys(below)
        elif isinstance(value, list):
            for below in cast("list[object]", value):
                yield from keys(below)

    named = set(keys(told)) - kinds
    assert {"of_customer", "p_adjusted", "excerpt_id"} <= named
    assert sorted(key for key in named if f"`{key}`" not in page) == []


@pytest.mark.parametrize(
    ("name", "called", "better"),
    [("csv", "out.xlsx", "out.csv"), ("roster", "pms.csv", "pms.xlsx")],
)
def test_a_name_by_which_the_wrong_program_would_open_it_is_refused(
    project: Project, tmp_path: Path, name: str, called: str, better: str
) -> None:
    """A table called .xlsx was written; Excel then said that the file was damaged."""
    with pytest.raises(ExportError) as failed:
        export(project, name, tmp_path / called, ExportOptions())
    assert failed.value.complaint.hint == f"Call it {better}."
    assert not (tmp_path / called).exists()
    # Texts may be called as a person likes.
    assert export(project, "csv", tmp_path / "out.txt", ExportOptions()).exists()
