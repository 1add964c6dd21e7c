import csv
import io
import json
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.insights.story import frame, story, tiny

from themeloom.domain.errors import ExportError, NothingNewError
from themeloom.domain.frames import INSIGHT_FIELDS
from themeloom.domain.insights import Delivery, Field
from themeloom.exporters.exporter import Written, silent
from themeloom.exporters.handoff.news import HASH, again_key
from themeloom.exporters.registry import exporter, formats
from themeloom.insights.book import compose
from themeloom.insights.model import BookData

pytestmark = pytest.mark.usefixtures("drafted_once")

TOOLS = [name for name, one in formats().items() if one.hand_off]
TRACKERS = [name for name in TOOLS if name not in ("amplitude", "mixpanel")]
ROWS = ("jira", "asana", "linear", "notion", "productboard")
KEYS = {"jira": "External ID", "notion": "Insight id", "productboard": "Source record id"}


def table(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text("utf-8"), newline="")))


def dicts(path: Path) -> list[dict[str, str]]:
    header, *rows = table(path)
    return [dict(zip(header, row, strict=True)) for row in rows]


def hand_off(tool: str, folder: Path, data: BookData) -> Written:
    return exporter(tool).write(data, folder / f"x{exporter(tool).suffix}", silent)


def delivered(data: BookData, tool: str, written: Written, day: int = 1) -> BookData:
    """Return ``data`` as it is after a hand-off."""
    moment = f"2026-11-{day:02d}T09:30:00+00:00"
    one = Delivery(f"{day:032x}", moment, "hand-off", tool, "", "/x", written)
    return replace(data, deliveries=(*data.deliveries, one))


def with_fields(data: BookData, theme_id: str, values: dict[Field, str]) -> BookData:
    rows = [{"theme_id": theme_id, "field": str(f), "value": v} for f, v in values.items()]
    return replace(data, fields=frame(rows, INSIGHT_FIELDS))


def link(tool: str, key: str, title: str = "") -> str:
    return json.dumps([{"tool": tool, "key": key, "title": title}])


def test_all_tools_of_the_issue_are_there() -> None:
    assert set(TOOLS) == {
        "amplitude", "asana", "confluence", "jira", "linear", "mixpanel", "notion", "productboard",
    }  # fmt: skip
    for tool in TOOLS:
        page = Path(__file__).parents[2] / "docs" / "handoffs" / f"{tool}.md"
        assert "## Unproven" in page.read_text("utf-8")


@dataclass(frozen=True)
class Rounds:
    """Hand-offs to every tool; what each one wrote, by tool."""

    folder: Path
    only: Mapping[str, Written]  # for one PM
    whole: Mapping[str, Written]
    done: BookData  # after both


@pytest.fixture(scope="module")
def rounds(tmp_path_factory: pytest.TempPathFactory, drafted_once: None) -> Rounds:
    folder = tmp_path_factory.mktemp("rounds")
    data = story(raw=True, few=True)
    found: list[dict[str, Written]] = []
    for day, only in enumerate(("Mireille Fontaine", ""), 1):
        asked = replace(data, only=only)  # the same for all tools: it is drafted once
        found.append({tool: hand_off(tool, made(folder / tool), asked) for tool in TOOLS})
        for tool, written in found[-1].items():
            data = delivered(data, tool, written, day)
    only, whole = found
    return Rounds(folder, only, whole, data)


def made(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="module")
def asked_again(rounds: Rounds) -> BookData:
    """Return data of which a person wants everything once more."""
    told = json.dumps("2026-11-02T09:30:00+00:00")
    return replace(rounds.done, choices={again_key(tool): told for tool in TOOLS})


@pytest.mark.parametrize("tool", TOOLS)
def test_a_second_hand_off_has_only_what_is_new_or_changed(
    tool: str, rounds: Rounds, asked_again: BookData
) -> None:
    first, second, folder = rounds.only[tool], rounds.whole[tool], rounds.folder / tool
    assert len(first) == 2
    assert all(values[HASH] for values in first.values())
    assert len(second) == len(compose(rounds.done).insights) == 18
    assert {key: second[key] for key in first} == {key: dict(first[key]) for key in first}
    before = {path: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(NothingNewError, match="2026-11-02 09:30"):
        hand_off(tool, folder, rounds.done)
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
    assert hand_off(tool, folder, asked_again).keys() == second.keys()


@pytest.fixture(scope="module")
def noted(tmp_path_factory: pytest.TempPathFactory, drafted_once: None) -> BookData:
    """Return data that was handed off to every tool before somebody wrote a note."""
    folder = tmp_path_factory.mktemp("noted")
    data = told = story(few=True)
    for tool in TRACKERS:
        told = delivered(told, tool, hand_off(tool, folder, data))
    return with_fields(told, "T-004", {Field.NOTE: "Ask support."})


@pytest.mark.parametrize("tool", TRACKERS)
def test_a_changed_insight_is_told_apart_from_new_ones(
    tool: str, noted: BookData, tmp_path: Path
) -> None:
    hand_off(tool, tmp_path, noted)
    if tool == "confluence":
        page = (tmp_path / "x.html").read_text("utf-8")
        assert re.findall(r'<section id="(IN-\d+)">', page) == ["IN-004"]
        assert "put this in the place of the block IN-004" in page
        return
    assert len(table(tmp_path / "x.csv")) == 1
    changed = "no-key" if tool == "jira" else "changed"
    (row,) = dicts(tmp_path / f"x-{changed}.csv")
    assert "IN-004" in " ".join(row.values())


def test_shares_of_a_larger_base_and_the_status_make_nothing_new(tmp_path: Path) -> None:
    data = story(few=True)
    data = delivered(data, "jira", hand_off("jira", tmp_path, data))
    data = with_fields(data, "T-004", {Field.STATUS: "done", Field.NOTES: "Shipped."})
    with pytest.raises(NothingNewError):
        hand_off("jira", tmp_path, data)


@pytest.mark.parametrize("tool", TOOLS)
def test_without_insights_there_is_nothing_to_hand_off(tool: str, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="no insights"):
        hand_off(tool, tmp_path, tiny([{"record_id": "a"}], {}, []))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("tool", ROWS)
def test_every_row_carries_the_id(tool: str, tmp_path: Path) -> None:
    hand_off(tool, tmp_path, story(few=True))
    rows = dicts(tmp_path / "x.csv")
    for row, one in zip(rows, compose(story(few=True)).insights, strict=True):
        assert one.id in (row[KEYS[tool]] if tool in KEYS else " ".join(row.values()))
        if tool != "productboard":
            assert f"Themeloom {one.id}" in " ".join(row.values())


def test_jira_has_what_its_importer_asks_for(tmp_path: Path) -> None:
    hand_off("jira", tmp_path, story(few=True))
    header, *rows = table(tmp_path / "x.csv")
    assert header.count("Labels") == 2
    assert all(re.fullmatch(r"[A-Za-z ]+", name) for name in header)
    assert all(len(row) == len(header) for row in rows)
    assert all(row[0] and " " not in row[4] and " " not in row[5] for row in rows)
    assert rows[0][5] == "themeloom-in-001"
    assert "h3. What people said" in rows[0][-1]


def test_jira_gets_chunks_of_250(tmp_path: Path) -> None:
    many = [{"record_id": f"r{n}", "text": f"Text number {n}."} for n in range(520)]
    themes: list[dict[str, Any]] = [
        {"theme_id": f"T-{n:03d}", "title": f"Theme {n}", "quotes": [f"r{n}.0"]} for n in range(520)
    ]
    hand_off("jira", tmp_path, tiny(many, {f"r{n}": [f"T-{n:03d}"] for n in range(520)}, themes))
    sizes = [len(table(tmp_path / name)) - 1 for name in ("x.csv", "x-2.csv", "x-3.csv")]
    assert sizes == [250, 250, 20]
    ids = [row["External ID"] for n in ("x", "x-2", "x-3") for row in dicts(tmp_path / f"{n}.csv")]
    assert len(set(ids)) == 520


def test_jira_issues_that_exist_get_a_comment_and_keep_their_words(tmp_path: Path) -> None:
    values = {Field.LINKS: link("jira", "ABC-7", "Their own title")}
    hand_off("jira", tmp_path, with_fields(story(few=True), "T-004", values))
    assert len(table(tmp_path / "x.csv")) == 1 + 17
    (row,) = dicts(tmp_path / "x-changed.csv")
    assert (row["Issue key"], row["Summary"]) == ("ABC-7", "Their own title")
    assert "Description" not in row
    assert "Themeloom IN-004" in row["Comment"]


@pytest.mark.parametrize("tool", ["asana", "linear", "notion", "productboard"])
def test_what_the_tool_has_already_is_not_made_twice(tool: str, tmp_path: Path) -> None:
    values = {Field.LINKS: link(tool, "KEY-9")}
    hand_off(tool, tmp_path, with_fields(story(few=True), "T-004", values))
    assert len(table(tmp_path / "x.csv")) == 1 + 17
    (row,) = dicts(tmp_path / "x-changed.csv")
    assert row["Already in the tool as"] == "KEY-9"


def test_asana_dates_are_american(tmp_path: Path) -> None:
    hand_off("asana", tmp_path, with_fields(story(few=True), "T-004", {Field.DUE: "2026-12-31"}))
    header, *rows = table(tmp_path / "x.csv")
    assert header[0] == "Name"
    assert [row[3] for row in rows if "(IN-004)" in row[0]] == ["12/31/2026"]


def test_linear_has_its_own_headers(tmp_path: Path) -> None:
    hand_off("linear", tmp_path, story(few=True))
    (row, *_) = dicts(tmp_path / "x.csv")
    assert list(row) == (
        "Title Description Priority Status Assignee Created Completed Labels Estimate".split()
    )
    assert row["Priority"] in ("High", "Medium", "Low")
    assert row["Labels"] == "themeloom, themeloom-in-001"


def test_productboard_columns_can_be_chosen(tmp_path: Path) -> None:
    columns = {"Überschrift": "title", "Text": "content_text", "Tags": "tags"}
    data = replace(story(few=True), choices={"handoff.productboard": json.dumps(columns)})
    hand_off("productboard", tmp_path, data)
    header, first, *_ = table(tmp_path / "x.csv")
    assert header == list(columns)
    assert "<" not in first[1]
    for wrong, what in (
        ({"Title": "title", "Text": "nothing"}, "nothing"),
        ({"Title": "title"}, "content"),
    ):
        choices = {"handoff.productboard": json.dumps(wrong)}
        with pytest.raises(ExportError, match=what):
            hand_off("productboard", tmp_path, replace(story(few=True), choices=choices))
    with pytest.raises(ExportError, match="cannot be read"):
        hand_off(
            "productboard",
            tmp_path,
            replace(story(few=True), choices={"handoff.productboard": "["}),
        )


def test_confluence_blocks_begin_with_an_anchor_and_end_with_a_line(tmp_path: Path) -> None:
    hand_off("confluence", tmp_path, story(few=True))
    body = (tmp_path / "x.storage.xml").read_text("utf-8")
    anchors = re.findall(r'<ac:parameter ac:name="">(IN-\d+)</ac:parameter>', body)
    ids = [one.id for one in compose(story(few=True)).insights]
    assert anchors == ids
    assert re.findall(r"End of (IN-\d+)", body) == ids
    page = (tmp_path / "x.html").read_text("utf-8")
    assert re.findall(r'<section id="(IN-\d+)">', page) == ids


def people(data: BookData, theme_id: str) -> set[str]:
    records = set(
        data.assignments.filter(theme_id=theme_id)
        .join(data.excerpts, on="excerpt_id")["record_id"]
    )  # fmt: skip
    rows = data.records.filter(data.records["record_id"].is_in(list(records)))
    known = [row["email"] or row["person_key"] for row in rows.iter_rows(named=True)]
    return {one for one in known if one and " " not in one}


def test_cohorts_are_the_people_who_raised_a_theme(tmp_path: Path) -> None:
    data = story(raw=True, few=True)
    hand_off("amplitude", tmp_path, data)
    hand_off("mixpanel", tmp_path, data)
    rows = dicts(tmp_path / "x.csv")
    with zipfile.ZipFile(tmp_path / "x.zip") as archive:
        for one in compose(data).insights:
            ids = archive.read(f"{one.id}.csv").decode().replace('"', "").split("\n")[:-1]
            assert ids == sorted(people(data, one.theme_id))
            own = {r["$distinct_id"] for r in rows if r[f"Themeloom {one.id}"] == "true"}
            assert own == set(ids)
        assert "Which file is which.txt" in archive.namelist()


def test_cohort_ids_can_come_from_a_field_and_never_from_competitors(tmp_path: Path) -> None:
    records = [
        {"record_id": "a", "fields_json": json.dumps({"User id": 17}), "email": "a@b.example"},
        {"record_id": "b", "segments_json": json.dumps({"User id": "u-2"})},
        {"record_id": "c", "fields_json": json.dumps({"User id": "two words"})},
        {"record_id": "d", "source_id": "rival", "fields_json": json.dumps({"User id": "x"})},
    ]
    themes: list[dict[str, Any]] = [{"theme_id": "T-001", "title": "One", "quotes": ["a.0"]}]
    data = tiny(
        records,
        {one: ["T-001"] for one in "abcd"},
        themes,
        choices={"handoff.amplitude": json.dumps({"id": "User id", "header": "user_id"})},
    )
    rival = data.sources.with_columns(source_id=pl.lit("rival"), about=pl.lit("competitor"))
    hand_off("amplitude", tmp_path, replace(data, sources=pl.concat([data.sources, rival])))
    with zipfile.ZipFile(tmp_path / "x.zip") as archive:
        assert archive.read("IN-001.csv").decode() == '"user_id"\n"17"\n"u-2"\n'
        index = archive.read("Which file is which.txt").decode()
    assert "2 people, known for 2 of 3 records" in index


def test_nothing_is_written_where_one_of_the_files_is_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "x-changed.csv").mkdir()
    values = {Field.LINKS: link("jira", "ABC-7")}
    with pytest.raises(ExportError):
        hand_off("jira", tmp_path, with_fields(story(few=True), "T-004", values))
    assert [path.name for path in tmp_path.iterdir()] == ["x-changed.csv"]


@pytest.mark.parametrize("tool", ["amplitude", "mixpanel"])
def test_a_cohort_of_nobody_says_that_nobody_is_known(tool: str, tmp_path: Path) -> None:
    """It said to choose another period or PM."""
    records = [{"record_id": f"r{n}"} for n in range(20)]
    placed = {str(one["record_id"]): ["T-1"] for one in records}
    data = tiny(records, placed, [{"theme_id": "T-1", "title": "Export fails"}])
    with pytest.raises(ExportError, match="No record tells who it is from") as failed:
        hand_off(tool, tmp_path, replace(data, masker=None))
    assert "--set" in (failed.value.complaint.hint or "")


def test_the_product_area_of_a_row_is_no_group(tmp_path: Path) -> None:
    data = story(few=True)
    hand_off("notion", tmp_path, replace(data, roster=data.roster.clear()))
    assert {row["Product area"] for row in dicts(tmp_path / "x.csv")} == {""}
