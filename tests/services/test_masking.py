"""What is personal in files of all kinds stands in nothing that is written, unless raw is asked for."""

import csv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import docx
import openpyxl
import pytest

from themeloom.jobs.worker import Worker
from themeloom.project.project import Project
from themeloom.services import insight_list
from themeloom.services.exporting import ExportOptions, export, format_list
from themeloom.services.importing import ImportOptions, import_inputs
from themeloom.services.overview import theme_tree
from themeloom.services.session import Session

PEOPLE = ["Remy Thibodeaux", "Annegret Viebrock", "Rose Lefebvre", "Oluwaseun Adeyemi"]
SAID = [
    "The export of reports is slow, write to remy@pools.example, says Remy Thibodeaux.",
    "The export of reports is slow, write to annegret at pools dot example. Annegret",
    "The export of reports is slow, see https://shop.example/in?mail=rose%40pools.example",
    "The export of reports is slow, see https://shop.example/in?token=9f8a7b6c5d",
    "The export of reports is slow, call me at +44 20 7946 0958.",
    "The export of reports is slow, pay to GB82 WEST 1234 5698 7654 32, @oluwaseun knows.",
    "The export of reports is slow. Order ORD-2026-00417, SKU AB-1234-99.\n\nRegards\nLefebvre",
]
PERSONAL = (
    "thibodeaux viebrock annegret lefebvre adeyemi oluwaseun remy@ pools. rose%40 9f8a7b6c5d "
    "7946 5698 900123"
).split()
ACCOUNTS = ["Thibodo Refrigeration", "Annegret Viebrock", "rose@pools.example", "+44 7700 900123"]
HEADERS = ["Ticket ID", "Description", "Requester name", "Company", "Team lead"]


@pytest.fixture
def session(tmp_path: Path, reader: Worker) -> Iterator[Session]:
    rows = [
        [str(number), text, PEOPLE[number % 4], ACCOUNTS[number % 4], PEOPLE[-1]]
        for number, text in enumerate(SAID)
    ]
    files = tmp_path / "files"
    files.mkdir()
    with (files / "tickets Annegret Viebrock.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADERS, *rows])
    with (files / "more.tsv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter="\t").writerows(
            [HEADERS, *([f"t{row[0]}", f"{row[1]} Still.", *row[2:]] for row in rows)]
        )
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Remy Thibodeaux"
    for line in [HEADERS, *([f"x{row[0]}", f"{row[1]} Again.", *row[2:]] for row in rows)]:
        sheet.append(line)
    book.save(files / "book.xlsx")
    talks = files / "talks"
    talks.mkdir()
    turns = [f"Rose Lefebvre: {' '.join(text.split())} Said aloud." for text in SAID]
    (talks / "interview-rose-lefebvre.md").write_text("\n\n".join(turns), encoding="utf-8")
    (talks / "call.vtt").write_text("WEBVTT\n\n" + _cues(turns, "."), encoding="utf-8")
    (talks / "call.srt").write_text(_cues(turns, ","), encoding="utf-8")
    document = docx.Document()
    for turn in turns:
        document.add_paragraph(turn)
    document.save(str(talks / "RoseLefebvre.docx"))
    path = tmp_path / "Annegret Viebrock.loom"
    with Project.create(path) as project:
        import_inputs(project, [files, talks], ImportOptions(), reader)
        excerpts = project.excerpts()
        first = excerpts.unique("record_id", maintain_order=True)["excerpt_id"].to_list()
        _, theme_id = project.create_theme(
            "Exports, says Annegret Viebrock", excerpt_ids=excerpts["excerpt_id"].to_list()
        )
        project.choose_quotes(theme_id, first[:5])
    opened = Session.open(path)
    yield opened
    opened.close()


def _cues(turns: list[str], comma: str) -> str:
    return "\n".join(
        f"{number}\n00:{number:02d}:01{comma}000 --> 00:{number:02d}:30{comma}000\n{turn}\n"
        for number, turn in enumerate(turns, start=1)
    )


def _written(path: Path) -> str:
    """Return all that stands in a file, or in those of a folder, in small letters."""
    files = sorted(path.rglob("*")) if path.is_dir() else sorted(path.parent.glob(f"{path.name}*"))
    found: list[str] = []
    for file in files:
        found.append(file.name)
        if zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as packed:
                found += [
                    packed.read(name).decode("utf-8", "replace") for name in packed.namelist()
                ]
        elif file.is_file():
            found.append(file.read_bytes().decode("utf-8", "replace"))
    return "\n".join(found).casefold()


def test_no_export_holds_what_is_personal(session: Session, tmp_path: Path) -> None:
    names = [one.name for one in format_list() if not one.raw_only]
    known = "".join(session.project.records()["text"]).casefold()
    assert {one for one in PERSONAL if one not in known} <= {"adeyemi", "viebrock", "900123"}
    told: dict[str, str] = {}
    for name in names:
        if name in ("bertopic", "roster"):  # without texts of customers
            continue
        target = tmp_path / "out" / name
        target.parent.mkdir(exist_ok=True)
        export(session.project, name, target, ExportOptions(again=True))
        told[name] = _written(target)
        leaks = {one for one in PERSONAL if one in told[name]}
        assert not leaks, name
    evidence = told["xlsx"]
    assert "ord-2026-00417, sku ab-1234-99" in evidence
    assert "thibodo refrigeration" in evidence


def test_no_list_holds_what_is_personal(session: Session) -> None:
    tree = repr(theme_tree(session.project)).casefold()
    assert not {one for one in PERSONAL if one in tree}
    (item,) = insight_list.insight_list(session, None).items
    quotes = [*item.quotes, *item.others]
    assert len(quotes) > 5
    shown = repr((quotes, item.insight)).casefold()
    assert not {one for one in PERSONAL if one in shown}
    assert "thibodo refrigeration" in shown
