import csv
import html
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from tests.insights.story import frame, story, tiny

from themeloom.domain.frames import INSIGHT_FIELDS
from themeloom.domain.insights import Field
from themeloom.exporters.exporter import silent
from themeloom.exporters.pages.drawing import bar, sparkline
from themeloom.exporters.pages.insight import pages_of
from themeloom.exporters.registry import exporter
from themeloom.insights.book import compose
from themeloom.insights.model import BookData

pytestmark = pytest.mark.usefixtures("drafted_once")


def written(name: str, folder: Path, data: BookData) -> str:
    target = folder / f"{name}{exporter(name).suffix}"
    exporter(name).write(data, target, silent)
    return target.read_text("utf-8")


def test_a_page_tells_its_numbers_with_their_bases() -> None:
    book = compose(story())
    for page, one in zip(pages_of(book), book.insights, strict=True):
        assert page.kicker == f"{one.area or one.group} · Insight {one.id} · July to September 2026"
        figures = {figure.name: figure for figure in page.figures}
        assert figures["Records"].value == f"{one.records:,}"
        assert figures["Accounts"].base == f"known {one.accounts_known:,} of {one.records:,}"
        assert figures["Of the calls"].value.endswith("of 8")
        assert not page.statement.startswith(one.title)
        assert page.marker == f"Themeloom {one.id} · 5f0c2d"
        assert [quote.counter for quote in page.quotes] == sorted(
            quote.counter for quote in page.quotes
        )
        assert any("masked" in sentence for sentence in page.sure)
    assert any(quote.counter for page in pages_of(book) for quote in page.quotes)


def test_what_people_set_stands_on_the_page() -> None:
    theme = "T-001"
    link = [{"tool": "jira", "key": "ABC-7", "url": "https://x.example/ABC-7", "status": "Open"}]
    values = {
        Field.TITLE: "Own words",
        Field.STATEMENT: "A claim.\nIn two lines.",
        Field.NOTE: "Ask support first.",
        Field.DECISION: "Not this year.",
        Field.STATUS: "declined",
        Field.DUE: "2026-10-16",
        Field.LINKS: json.dumps(link),
    }
    rows = [{"theme_id": theme, "field": str(f), "value": v} for f, v in values.items()]
    book = compose(replace(story(), fields=frame(rows, INSIGHT_FIELDS)))
    page = next(one for one in pages_of(book) if one.theme_id == theme)
    assert (page.title, page.statement) == ("Own words", "A claim.\nIn two lines.")
    assert (page.note, page.decision) == ("Ask support first.", "Not this year.")
    assert {"Declined", "Due 16\u00a0October 2026"} <= set(page.chips)
    assert page.links[0].key == "ABC-7"


def test_a_drafted_claim_does_not_repeat_the_title_that_a_person_replaced() -> None:
    book = compose(story())
    drafted = next(one for one in book.insights if one.statement.startswith(f"{one.title}."))
    fields = [{"theme_id": drafted.theme_id, "field": str(Field.TITLE), "value": "Own words"}]
    renamed = compose(replace(story(), fields=frame(fields, INSIGHT_FIELDS)))
    before, after = (
        next(page for page in pages_of(one) if page.theme_id == drafted.theme_id)
        for one in (book, renamed)
    )
    assert (after.title, after.statement) == ("Own words", before.statement)


def test_html_tells_the_story_first_and_leads_to_each_insight(tmp_path: Path) -> None:
    page = written("html", tmp_path, story())
    book = compose(story())
    for one in book.insights:
        assert page.count(f'<article id="{one.id}">') == 1
        assert f'<a href="#{one.id}">' in page
    first = page.index("<article")
    assert page.index("Most severe:") < page.index("<table>") < first
    assert page.index("Rising:") < first
    assert page.count('<svg class="bar"') == len(book.insights)
    assert 0 < page.count('<svg class="spark"') <= len(book.insights)
    assert "▲ Rising" in page
    for evidence in book.evidence:
        assert html.escape(evidence.quote, quote=True) in page
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page
    for section in book.page:
        assert f"<summary>{html.escape(section.heading)}</summary>" in page


def test_what_is_decided_is_not_told_as_news(tmp_path: Path) -> None:
    data = story()
    rising = next(one for one in compose(data).insights if one.trend.direction == "rising")
    news = f'<a href="#{rising.id}">{html.escape(rising.title)}</a>'
    done = pl.DataFrame([(rising.theme_id, "status", "done")], INSIGHT_FIELDS, orient="row")

    def told(page: str) -> str:
        return page[: page.index("</header>")]

    assert news in told(written("html", tmp_path, data))
    assert news not in told(written("html", tmp_path, replace(data, fields=done)))


def test_a_page_for_one_pm_says_so(tmp_path: Path) -> None:
    data = replace(story(), only="Mireille Fontaine")
    page, text = written("html", tmp_path, data), written("markdown", tmp_path, data)
    assert "<strong>For Mireille Fontaine</strong>" in page
    assert "For **Mireille Fontaine**" in text
    assert page.count("<article") == len(compose(data).insights) == 2


def test_markdown_has_a_table_and_every_insight(tmp_path: Path) -> None:
    text = written("markdown", tmp_path, story())
    book = compose(story())
    rows = [line for line in text.splitlines() if line.startswith("| IN-")]
    assert [row.split(" | ")[0].removeprefix("| ") for row in rows] == [
        one.id for one in book.insights
    ]
    assert re.findall(r"(?m)^Themeloom (IN-\d+)", text) == [one.id for one in book.insights]
    assert text.count("\n> But: “") == sum(one.counter for one in book.evidence)
    assert "\n\n\n" not in text


def test_nobody_known_is_not_nobody(tmp_path: Path) -> None:
    """Where no record tells its account, 0 accounts would be false."""
    records = [{"record_id": f"r{n}", "text": "Export fails."} for n in range(7)]
    placed = {str(one["record_id"]): ["T-001"] for one in records}
    data = tiny(records, placed, [{"theme_id": "T-001", "title": "Export fails"}])
    text = written("markdown", tmp_path, data)
    row = next(line for line in text.splitlines() if line.startswith("| IN-001"))
    assert [cell.strip() for cell in row.split("|")[4:6]] == ["7", ""]
    assert "Accounts:" not in text
    page = written("html", tmp_path, data)
    assert '<td class="n">7</td>' in page
    assert '<td class="n">0</td>' not in page[: page.index("<article")]
    (task,) = csv.DictReader(written("notion", tmp_path, data).splitlines())
    assert (task["Records"], task["Accounts"]) == ("7", "")
    exporter("xlsx").write(data, tmp_path / "book.xlsx", silent)
    sheet = openpyxl.load_workbook(tmp_path / "book.xlsx")["Insights"]
    header = [cell.value for cell in sheet[5]]
    found = dict(zip(header, [cell.value for cell in sheet[6]], strict=True))
    assert (found["Records"], found["Accounts"], found["People"]) == (7, "unknown", "unknown")


def test_json_keeps_its_documented_keys(tmp_path: Path) -> None:
    found = json.loads(written("json", tmp_path, story()))
    book = compose(story())
    assert set(found) == {
        "schema", "project", "created", "version", "personal_data", "for", "period", "records",
        "coverage", "kinds", "periods", "insights", "themes",
    }  # fmt: skip
    described = (Path(__file__).parents[2] / "docs" / "handoffs" / "json.md").read_text("utf-8")
    for key in (*found, *found["insights"][0], *found["insights"][0]["evidence"][0]):
        assert f"`{key}`" in described, key
    assert found["insights"][0]["records"] == book.insights[0].records
    assert [len(one["evidence"]) for one in found["insights"]] == [
        sum(quote.insight_id == one.id for quote in book.evidence) for one in book.insights
    ]
    assert found["personal_data"] == "masked"


def test_csv_has_one_row_per_insight_and_numbers_as_numbers(tmp_path: Path) -> None:
    rows = list(csv.DictReader(written("csv", tmp_path, story()).splitlines(keepends=True)))
    book = compose(story())
    assert [row["insight_id"] for row in rows] == [one.id for one in book.insights]
    for row, one in zip(rows, book.insights, strict=True):
        assert int(row["records"]) == one.records
        assert float(row["ticket_share"]) == pytest.approx(one.shares["ticket"].share)
        assert int(row["nps_n"]) == (one.scores["nps"].n if "nps" in one.scores else 0)


def test_the_same_data_gives_the_same_files(tmp_path: Path) -> None:
    data = story(few=True)
    one, other = replace(data), replace(data)  # each drafted by itself
    for name in ("html", "markdown", "json", "csv"):
        assert written(name, tmp_path, one) == written(name, tmp_path, other)


@pytest.mark.parametrize("name", ["html", "markdown", "json", "csv"])
def test_a_project_without_themes_gives_a_page_all_the_same(name: str, tmp_path: Path) -> None:
    assert written(name, tmp_path, tiny([{"record_id": "a"}], {}, []))


@pytest.mark.parametrize("name", ["html", "markdown", "json", "csv"])
def test_names_and_addresses_are_masked_unless_raw(name: str, tmp_path: Path) -> None:
    themes: list[dict[str, Any]] = [{"theme_id": "T-001", "title": "Calls", "quotes": ["a.0"]}]
    records = [{"record_id": "a", "text": "Write to ann@b.example please.", "author": "Ann Bee"}]
    raw = tiny(records, {"a": ["T-001"]}, themes)
    masked = written(name, tmp_path, replace(raw, masker=story().masker))
    assert re.search(r"EMAIL\\?_3f2a", masked)
    assert not re.search(r"ann\\?@b\.example|Ann Bee", masked)
    assert re.search(r"ann\\?@b\.example", written(name, tmp_path, raw))


def test_drawings_follow_their_numbers() -> None:
    assert sparkline((5,), "x") == ""
    points = re.findall(r"[\d.]+,[\d.]+", sparkline((0, 5, 10), "a: 0"))
    assert points == ["3.0,25.0", "60.0,14.0", "117.0,3.0"]
    assert 'width="50.0"' in bar(5, 10)
    assert 'width="0.0"' in bar(0, 0)


def test_a_rating_and_unknown_people_are_told_alike_everywhere(tmp_path: Path) -> None:
    """The page of a rating showed no impact, and the table 0 people where nobody is known."""
    records = [
        {"record_id": f"r{n:03d}", "score": 3.0 + n % 3 - n % 2, "score_kind": "rating"}
        for n in range(200)
    ]
    placed = {str(one["record_id"]): ["T-007"] for one in records[::4]}
    data = tiny(records, placed, [{"theme_id": "T-007", "title": "Lounge"}])
    (page,) = pages_of(compose(data))
    (impact,) = (figure for figure in page.figures if figure.name.endswith("impact"))
    head, _, rows = written("html", tmp_path, data).partition("</thead>")
    assert '<th class="n wide">Average rating impact</th>' in head
    assert impact.value in html.unescape(rows.partition("</tbody>")[0])
    assert "Accounts" not in head
    assert ">PM<" not in head
    assert "</span> <span" in rows  # read aloud or copied, two words stay two
    told = written("markdown", tmp_path, data)
    assert "| Id | Insight | Severity | Records |\n" in told
    (row,) = csv.DictReader(written("csv", tmp_path, data).splitlines())
    assert (row["people"], row["people_known"]) == ("", "0")
    assert (row["accounts"], row["accounts_known"]) == ("", "0")
