import csv
import io
from pathlib import Path

import pytest
from tests.insights.story import story

from themeloom.domain.errors import ImportFileError
from themeloom.domain.insights import PmStatus
from themeloom.exporters.exporter import silent
from themeloom.exporters.registry import exporter
from themeloom.exporters.trackers.matching import matches, tokens
from themeloom.exporters.trackers.reading import Export, Item, meaning, read_export
from themeloom.insights.book import compose


def made(rows: list[list[str]], *, mark: bool = False, delimiter: str = ",") -> bytes:
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter).writerows(rows)
    return file.getvalue().encode("utf-8-sig" if mark else "utf-8")


def only(export: Export) -> Item:
    (item,) = export.items
    return item


def test_jira_repeats_headers_and_has_no_addresses() -> None:
    rows = [
        ["Summary", "Issue key", "Status", "Labels", "Labels", "Labels", "Resolution", "Comment"],
        ["Sync", "ABC-7", "Closed", "", "other", "themeloom-in-014", "Won't Do", "text"],
    ]
    item = only(read_export(made(rows, mark=True), "j.csv", "https://x.example/"))
    assert item.insights == ("IN-014",)
    assert (item.link.key, item.link.url) == ("ABC-7", "https://x.example/browse/ABC-7")
    assert (item.link.title, item.link.status) == ("Sync", "Closed")
    assert item.status == PmStatus.DECLINED
    assert item.row == 2
    assert only(read_export(made(rows), "j.csv")).link.url == ""
    assert only(read_export(made(rows), "j.csv", "javascript:x")).link.url == ""


def test_asana_sheets_have_rows_above_the_header() -> None:
    rows = [
        ["https://app.asana.com/0/1", "", "", "", ""],
        ["", "", "", "", ""],
        ["Task ID", "Completed At", "Name", "Section/Column", "Notes"],
        ["12", "2026-09-01", "Sync drops events (IN-014)", "Doing", "text"],
        ["13", "", "Renamed", "Doing", "text\n\nThemeloom IN-015 · 5f0c2d"],
    ]
    export = read_export(made(rows), "a.csv")
    assert export.tool == "asana"
    assert [one.insights for one in export.items] == [("IN-014",), ("IN-015",)]
    assert [one.status for one in export.items] == [PmStatus.DONE, PmStatus.IN_WORK]
    assert [one.row for one in export.items] == [4, 5]
    assert export.items[1].project == "5f0c2d"


@pytest.mark.parametrize(
    ("rows", "tool", "key", "status"),
    [
        (
            [
                ["ID", "Team", "Title", "Description", "Status", "Labels"],
                ["ENG-4", "Eng", "T", "d", "Canceled", "bug, themeloom-in-014"],
            ],
            "linear",
            "ENG-4",
            PmStatus.DECLINED,
        ),
        (
            [["Name", "Insight id", "Status", "Statement"], ["T", "IN-014", "In progress", "s"]],
            "notion",
            "IN-014",
            PmStatus.IN_WORK,
        ),
        (
            [
                ["entity_name", "description", "pb_url", "status_name"],
                ["T", "Themeloom IN-014", "https://pb.example/f/1", "Released"],
            ],
            "productboard",
            "https://pb.example/f/1",
            PmStatus.DONE,
        ),
        (
            [
                ["Title", "Content", "Tags", "Source Record ID", "State"],
                ["T", "c", "x", "IN-014", "processed"],
            ],
            "productboard",
            "IN-014",
            None,
        ),
    ],
)
def test_each_tool_is_known_by_its_headers(
    rows: list[list[str]], tool: str, key: str, status: PmStatus | None
) -> None:
    for delimiter in ",;":
        export = read_export(made(rows, delimiter=delimiter), "x.csv")
        item = only(export)
        assert (export.tool, item.link.key, item.status) == (tool, key, status)
        assert item.insights == ("IN-014",)


@pytest.mark.parametrize(
    ("labels", "id_column", "title", "description"),
    [
        ("bug themeloom-in-s014", "", "T", ""),
        ("", "IN-S014", "T", ""),
        ("", "", "Sync drops events (IN-S014)", ""),
        ("", "", "T", "Text.\n\nThemeloom IN-S014 · 5f0c2d"),
    ],
)
def test_the_insight_of_a_former_sub_theme_is_known_again(
    labels: str, id_column: str, title: str, description: str
) -> None:
    header = ["Issue key", "Summary", "Labels", "External ID", "Description"]
    export = read_export(made([header, ["A-1", title, labels, id_column, description]]), "x.csv")
    assert only(export).insights == ("IN-S014",)


def test_labels_win_over_what_customers_wrote() -> None:
    header = ["Issue key", "Summary", "Labels", "Description"]
    quote = "Themeloom IN-001 · ffffff said a customer, themeloom-in-002"
    ours = f"{quote}\n\nThemeloom IN-003 · 5f0c2d"
    rows = [
        header,
        ["A-1", "x", "themeloom-in-009", quote],
        ["A-2", "x", "", ours],
        ["A-3", "x", "themeloom-in-004 themeloom-in-005", ""],
        ["A-4", "x", "themeloom", "nothing"],
    ]
    items = read_export(made(rows), "j.csv").items
    assert [one.insights for one in items] == [("IN-009",), ("IN-003",), ("IN-004", "IN-005"), ()]
    assert items[1].project == "5f0c2d"


def test_other_tables_are_refused() -> None:
    for data in (b"", b"a,b\n1,2\n", b"\x00\xff\xfe"):
        with pytest.raises(ImportFileError, match="Asana, Linear"):
            read_export(data, "x.csv")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("To Do", "To Do"), None),
        (("Backlog",), None),
        (("Doing",), PmStatus.IN_WORK),
        (("Weird name", "Done"), PmStatus.DONE),
        (("Done", "Done", "Won’t Do"), PmStatus.DECLINED),
        (("DUPLICATE",), PmStatus.DECLINED),
        (("Planned",), PmStatus.ACCEPTED),
        (("",), None),
    ],
)
def test_what_a_status_means(words: tuple[str, ...], found: PmStatus | None) -> None:
    assert meaning(*words) == found


@pytest.mark.parametrize("tool", ["jira", "linear", "asana", "notion"])
def test_what_was_handed_off_is_known_again(tool: str, tmp_path: Path) -> None:
    """The tool adds its own columns; ours come back under the names that it uses."""
    target = tmp_path / "x.csv"
    exporter(tool).write(story(few=True), target, silent)
    header, *rows = csv.reader(io.StringIO(target.read_text("utf-8"), newline=""))
    names = {"Description": "Notes", "Section": "Section/Column"} if tool == "asana" else {}
    header = [names.get(name, name) for name in header]
    own = {"jira": ["Issue key"], "linear": ["ID", "Team"], "asana": ["Task ID"], "notion": []}
    more = own[tool]
    back = [[*header, *more], *([*row, *[f"K-{n}"] * len(more)] for n, row in enumerate(rows))]
    export = read_export(made(back), "x.csv")
    assert export.tool == tool
    ids = [one.id for one in compose(story(few=True)).insights]
    assert [one.insights for one in export.items] == [(one,) for one in ids]
    assert {one.project for one in export.items} == {"5f0c2d"}


def test_items_that_say_the_same_are_found_by_rare_words() -> None:
    rows = [
        ["Issue key", "Summary", "Description"],
        ["A-1", "Calendar sync loses events", "Outlook"],
        ["A-2", "Invoice PDFs come out wrong", "The pdf of invoices"],
        ["A-3", "The app is slow", "please make the app fast"],
        *[[f"B-{n}", f"App chore {n}", "app work"] for n in range(20)],
    ]
    items = read_export(made(rows), "j.csv").items
    found = matches(
        {
            "IN-001": "Invoice PDF comes out wrong",
            "IN-002": "Calendar sync drops events",
            "IN-003": "Price jumps at renewal",
        },
        items,
    )
    assert [match.item.link.key for match in found["IN-001"]] == ["A-2"]
    assert found["IN-001"][0].words == ("invoice", "pdf", "wrong")
    assert found["IN-002"][0].item.link.key == "A-1"
    assert "IN-003" not in found
    assert matches({"IN-001": "x"}, ()) == {}


def test_words_are_compared_without_case_plural_and_function_words() -> None:
    assert tokens("The Invoices of COMPANIES, and this class") == ["invoice", "company", "class"]


def test_real_exports_are_read(test_data: Path) -> None:
    folder = test_data / "export_jira"
    small = read_export((folder / "jira_export_bom_repeated_columns.csv").read_bytes(), "a.csv")
    assert (small.tool, len(small.items)) == ("jira", 130)
    assert all(one.link.key.startswith("DEMO-") for one in small.items)
    assert sum(one.status == PmStatus.DONE for one in small.items) >= 51
    assert not any(one.insights for one in small.items)
    wide = read_export((folder / "jira_export_2261cols_shape_only.csv").read_bytes(), "b.csv")
    assert (wide.tool, len(wide.items)) == ("jira", 3)
    assert all(one.link.key and one.link.title for one in wide.items)
