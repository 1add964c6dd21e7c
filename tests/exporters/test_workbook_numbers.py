"""The sheets of figures: each one shows what the numbers say, with its base, and its chart."""

import json
import re
import zipfile
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.escape import unescape
from tests.exporters.test_workbook import HEADER, TABLES, opened, written
from tests.insights.story import story, tiny

from themeloom.exporters.pages.insight import pages_of
from themeloom.exporters.safety.cells import MOST_CHARACTERS, MOST_LINE_FEEDS
from themeloom.exporters.workbook.look import unsigned_zero
from themeloom.exporters.workbook.measure import line_width
from themeloom.insights.book import compose
from themeloom.insights.model import Book

pytestmark = pytest.mark.usefixtures("drafted_once")


@pytest.fixture(scope="module")
def path(sample_workbook: Path) -> Path:
    return sample_workbook


@pytest.fixture(scope="module")
def workbook(sample_opened: Any) -> Any:
    return sample_opened


@pytest.fixture(scope="module")
def content(drafted_once: None) -> Book:
    return compose(story())


def table(workbook: Any, sheet: str, name: str) -> list[dict[str, Any]]:
    """Return the rows of an Excel table, found by its name."""
    head, *rows = workbook[sheet][workbook[sheet].tables[name].ref]
    headers = [cell.value for cell in head]
    return [dict(zip(headers, (cell.value for cell in row), strict=True)) for row in rows]


def above(workbook: Any, sheet: str) -> dict[str, Any]:
    """Return what stands above each header of the first table."""
    rows = zip(workbook[sheet][HEADER - 1], workbook[sheet][HEADER], strict=True)
    return {head.value: base.value for base, head in rows if base.value}


def test_segments_show_share_base_and_what_stands_out(workbook: Any, content: Book) -> None:
    titles = {one.theme_id: one.id for one in content.insights}
    shares = {row["Id"]: row for row in table(workbook, "Theme × segment", "Segments")}
    counts = {row["Id"]: row for row in table(workbook, "Theme × segment", "SegmentRecords")}
    bases = above(workbook, "Theme × segment")
    sheet = workbook["Theme × segment"]
    headers = {cell.value: cell.column for cell in sheet[HEADER]}
    rows = {row[0].value: row for row in sheet.iter_rows(min_row=HEADER + 1) if row[0].value}
    looks = {"more": "▲", "fewer": "▼", "few": "few", "": "%"}
    seen: set[str] = set()
    for row in content.numbers.segments.iter_rows(named=True):
        header = f"{row['segment']}: {row['value']}"
        if row["theme_id"] not in titles or header not in headers:
            continue
        identity = titles[row["theme_id"]]
        assert shares[identity][header] == pytest.approx(row["share"])
        assert counts[identity][header] == row["records"]
        assert bases[header] == f"n = {row['base']:,}"
        cell = next(
            one
            for one in sheet[get_column_letter(headers[header])][HEADER : HEADER + len(shares)]
            if sheet.cell(one.row, 1).value == identity
        )
        assert looks[row["mark"]] in cell.number_format
        seen.add(row["mark"])
    assert seen >= {"", "few"}
    assert rows


def test_periods_show_records_share_and_what_is_partial(workbook: Any, content: Book) -> None:
    axis = content.numbers.axis
    labels = {
        row["start"]: row["label"]
        + (" (partial)" if row["partial"] else "")
        + (" (gap)" if row["gap"] and not row["partial"] else "")
        for row in axis.iter_rows(named=True)
    }
    counts = {row["Id"]: row for row in table(workbook, "Theme × period", "Periods")}
    shares = {row["Id"]: row for row in table(workbook, "Theme × period", "PeriodShares")}
    bases = above(workbook, "Theme × period")
    ids = {one.theme_id: one.id for one in content.insights}
    for row in content.numbers.periods.iter_rows(named=True):
        if row["theme_id"] in ids:
            header = labels[row["start"]]
            assert counts[ids[row["theme_id"]]][header] == row["records"]
            assert shares[ids[row["theme_id"]]][header] == pytest.approx(row["share"])
            assert bases[header] == f"n = {row['base']:,}"
    rising = [one.theme for one in content.insights if one.trend.direction == "rising"]
    assert rising
    assert rising[0] in workbook["Theme × period"]["A2"].value
    assert counts[ids[content.insights[0].theme_id]]["Trend"] in ("▲ Rising", "● Steady")


def test_partial_periods_are_marked() -> None:
    records = [
        {"record_id": f"r{day}", "text": "x", "date": date, "kind": "ticket"}
        for day, date in enumerate(
            pl.date_range(pl.date(2026, 5, 20), pl.date(2026, 8, 10), eager=True).cast(pl.Datetime)
        )
    ]
    data = tiny(
        records,
        {str(row["record_id"]): ["T-001"] for row in records},
        [{"theme_id": "T-001", "title": "It fails"}],
    )
    headers = [cell.value for cell in opened(written(data))["Theme × period"][HEADER]]
    marked = [str(header) for header in headers if "(partial)" in str(header)]
    assert headers[:3] == ["Id", "Theme", "Trend"]
    assert len(marked) == 2
    assert marked == [headers[3], headers[-1]]


def test_sources_are_never_pooled(workbook: Any, content: Book) -> None:
    shares = table(workbook, "Theme × source", "Sources")
    counts = table(workbook, "Theme × source", "SourceRecords")
    bases = above(workbook, "Theme × source")
    for one, share, count in zip(content.insights, shares, counts, strict=True):
        assert (share["Id"], count["Id"], count["Records"]) == (one.id, one.id, one.records)
        assert share["Share of tickets"] == pytest.approx(one.shares["ticket"].share)
        assert count["Records: NPS answers"] == one.shares["nps"].records
        spread = sum(part.records > 0 for part in one.shares.values())
        assert share["Found in"] == f"{spread} of {len(content.kinds)} kinds"
        assert sum(count[f"Records: {word}"] for word in ("tickets", "NPS answers", "interviews", "calls")) == one.records  # fmt: skip
    assert bases["Share of tickets"] == f"n = {content.insights[0].shares['ticket'].base:,}"
    low, high = shares[0]["90 % interval, tickets"].replace("\u00a0%", "").split(" to ")
    assert int(low) < 100 * shares[0]["Share of tickets"] < int(high)


def test_scores_rank_only_what_has_enough_answers(workbook: Any, content: Book) -> None:
    rows = table(workbook, "NPS", "Scores")
    impacts = {one.id: one.impacts.get("nps") for one in content.insights}
    ranked = [row for row in rows if isinstance(row["Impact"], float)]
    few = [row for row in rows if not isinstance(row["Impact"], float)]
    assert ranked
    assert few
    assert rows == [*ranked, *few]
    assert [row["Impact"] for row in ranked] == sorted(row["Impact"] for row in ranked)
    for row in ranked:
        impact = impacts[row["Id"]]
        assert impact is not None
        assert row["Impact"] == pytest.approx(impact.value)
        low, high = (
            float(end.replace("−", "-")) for end in row["Impact: 90 % interval"].split(" to ")
        )
        assert (low, high) == pytest.approx((impact.low, impact.high), abs=0.051)
    for row in few:
        assert (row["Value"], row["Impact"]) == ("too few answers", "too few answers")
        assert impacts[row["Id"]] is None
    promoters = content.numbers.overall.filter(pl.col("score_kind") == "nps")["promoters"][0]
    assert rows[0]["Of all promoters"] == pytest.approx(rows[0]["Promoters"] / promoters)
    said = [str(cell.value) for (cell,) in workbook["NPS"]["A1:A60"]]
    assert any("Impact = score of all answers − score" in line for line in said)
    assert any("Association, not cause" in line for line in said)


def printed(sheet: Any) -> list[float]:
    """Return the widths of the columns that are printed, in Excel's unit."""
    _, _, last, _ = range_boundaries(sheet.print_area.rpartition("!")[2])
    set_ = sheet.column_dimensions
    letters = map(get_column_letter, range(1, int(last or 0) + 1))
    return [set_[letter].width if letter in set_ else 8.43 for letter in letters]


def test_crossed_sheets_are_whole_and_legible_on_paper(workbook: Any) -> None:
    pages: dict[str, int] = {}
    for title in ("Theme × segment", "Theme × period", "Theme × source"):
        sheet = workbook[title]
        pages[title] = sheet.page_setup.fitToWidth
        widths = printed(sheet)
        names = sum(widths[:2])
        assert names + (sum(widths) - names) / pages[title] <= 260
        assert sheet.print_title_cols == ("$A:$B" if pages[title] > 1 else None)
        for row, size in ((2, 12), (3, 11)):
            assert line_width(sheet.cell(row, 1).value, size) <= sum(widths)
        for chart in sheet._charts:
            begins = sum(widths[: chart.anchor._from.col])
            assert begins in (sum(widths), pytest.approx(sum(widths) - 26 / 1.69 * 8.43, abs=8.43))
    assert pages == {"Theme × segment": 2, "Theme × period": 1, "Theme × source": 1}


def test_sheets_without_dates_or_segments_say_so() -> None:
    records = [{"record_id": f"r{n:03d}", "text": "It fails."} for n in range(800)]
    data = tiny(records, {"r007": ["T-001"]}, [{"theme_id": "T-001", "title": "It fails"}])
    workbook = opened(written(data))
    told = {
        "Theme × segment": "The records have no segments to compare.",
        "Theme × period": "No record has a date, so nothing can be said about time.",
    }
    for title, words in told.items():
        sheet = workbook[title]
        assert sheet["A2"].value == words
        assert line_width(sheet["A3"].value) <= sum(printed(sheet))
    assert workbook["Theme × period"]["A1"].value == "How it goes"
    assert "Low severity." in [cell.value for row in workbook["Read me"] for cell in row]
    (source,) = table(workbook, "Theme × source", "Sources")
    assert source["Found in"] == "1 of 1 kind"
    assert source["90 % interval, tickets"] == "under 1\xa0%"


def test_ratings_move_by_hundredths() -> None:
    """Of five stars, no theme moves a tenth: “0.0 [0.0, 0.0]” would say nothing."""
    records = [
        {
            "record_id": f"r{n:03d}",
            "text": "The lounge.",
            "person_key": f"p{n}",
            "score": 3.0 + n % 3 - (n % 8 == 0) / 2,
            "score_kind": "rating",
        }
        for n in range(450)
    ]
    placed = {str(one["record_id"]): ["T-007"] for one in records[::8]}
    data = tiny(records, placed, [{"theme_id": "T-007", "title": "Lounge"}])
    book = compose(data)
    (one,) = book.insights
    impact, (overall,) = one.impacts["rating"], book.numbers.overall.iter_rows(named=True)
    assert -0.2 < impact.low < impact.high < -0.005

    def told(value: float) -> str:
        return f"{value:.2f}".replace("-", "−")

    workbook = opened(written(data))
    (row,) = table(workbook, "NPS", "Scores")
    assert row["Impact: 90 % interval"] == f"{told(impact.low)} to {told(impact.high)}"
    cells = next(workbook["NPS"].iter_rows(min_row=HEADER + 1, max_row=HEADER + 1))
    forms = {cell.value: cell.number_format for cell in cells}
    assert "Promoters" not in row  # of a rating there are none
    assert (forms[row["Value"]], forms[row["Impact"]]) == ('0.00;"−"0.00', '+0.00;"−"0.00;0.00')
    ends = ", ".join(told(overall[end]) for end in ("low", "high"))
    words = f"Average rating {told(overall['value'])} [{ends}] from 450\xa0answers."
    assert workbook["NPS"]["A2"].value == words

    whole = f"{told(impact.value)} [{told(impact.low)}, {told(impact.high)}]"
    (insight,) = table(workbook, "Insights", "Insights")
    assert insight["Average rating impact"] == whole
    assert f"impact {told(impact.value)}, at most {told(impact.high)}." in one.severity.why
    (page,) = pages_of(book)
    assert whole in {figure.value for figure in page.figures}


def test_charts_follow_cells_and_cover_none(workbook: Any, path: Path) -> None:
    drawn = {sheet.title: sheet._charts for sheet in workbook if sheet._charts}
    assert set(drawn) == {"Read me", "Themes", "Theme × period", "Theme × source", "NPS"}
    for title, charts in drawn.items():
        sheet = workbook[title]
        filled = {
            (cell.row, cell.column)
            for row in sheet.iter_rows()
            for cell in row
            if cell.value is not None
        }
        for chart in charts:
            first = chart.anchor._from
            if title == "Read me":
                rows = {row for row, _ in filled}
                assert not rows & set(range(first.row + 1, first.row + 13))
            else:
                assert first.col + 1 > max(column for _, column in filled)
    with zipfile.ZipFile(path) as parts:
        names = [name for name in parts.namelist() if name.startswith("xl/charts/chart")]
        for name in names:
            chart = parts.read(name).decode()
            references = re.findall(r"<(?:c:)?f>(.*?)</(?:c:)?f>", chart)
            assert references
            for reference in references:
                sheet, place = reference.split("!")
                cells = workbook[sheet.strip("'")][place.replace("$", "")]
                found = cells if isinstance(cells, tuple) else ((cells,),)
                assert all(cell.value is not None for row in found for cell in row), reference
            if "<barChart>" in chart:
                assert '<tickLblSkip val="1"' in chart  # each bar has its name
        errors = [parts.read(name).decode() for name in names if b"errBars" in parts.read(name)]
    assert len(errors) == 1
    assert "cust" in errors[0]


def test_texts_longer_than_a_cell_stand_whole_in_a_sheet_of_their_own() -> None:
    texts = {
        "a": "👩‍👩‍👧‍👦 word " * 9_000,
        "b": "line\n" * 700,
        "c": "short",
        "d": "=1+1 _x0041_ " * 5_000,
    }
    records = [{"record_id": name, "text": text} for name, text in texts.items()]
    workbook = opened(written(tiny(records, {}, [])))
    assert workbook.sheetnames[-2:] == ["Long texts", "Lists"]
    rows = table(workbook, "Long texts", "LongTexts")
    whole: dict[str, str] = {}
    for row in rows:
        assert (row["Sheet"], row["Column"]) == ("All records", "Text")
        assert len(row["Text"].encode("utf-16-le")) // 2 <= MOST_CHARACTERS
        assert row["Text"].count("\n") <= MOST_LINE_FEEDS
        whole[row["Belongs to"]] = whole.get(row["Belongs to"], "") + unescape(row["Text"])
    assert whole == {f"record {name}": texts[name] for name in "abd"}
    told = [
        str(cell.value) for row in workbook["Read me"].iter_rows() for cell in row if cell.value
    ]
    assert "Long texts" in told
    assert any("longer than 32,767 characters" in line for line in told)
    quality = table(workbook, "Quality", "Quality")
    assert any(row["About"] == "Cells" for row in quality)


def test_words_of_codebook_changes_and_quality(workbook: Any, content: Book) -> None:
    codebook = table(workbook, "Codebook", "Codebook")
    assert [row["Id"] for row in codebook] == [row.theme_id for row in content.codebook]
    assert codebook
    for row, wanted in zip(codebook, content.codebook, strict=True):
        for text in wanted.include:
            assert " ".join(text.split()) in row["Belongs to it"]
    quality = table(workbook, "Quality", "Quality")
    assert [(row["What"], row["Value"]) for row in quality] == [
        (row.what, row.value) for row in content.quality
    ]
    carry = content.quality[0]
    assert workbook["Quality"]["A2"].value == (
        f"{carry.value} {carry.base} carry a theme. {carry.meaning}"
    )
    changes = table(workbook, "Changes", "Changes")
    assert [row["In words"] for row in changes if row["In words"]] == [
        row.words for row in content.changes
    ]
    assert workbook["Changes"]["A2"].value


def test_every_table_of_the_contents_is_there(workbook: Any) -> None:
    page = workbook["Read me"]
    links = {
        cell.hyperlink.location.split("!")[0].strip("'")
        for row in page.iter_rows()
        for cell in row
        if cell.hyperlink
    }
    assert links == set(TABLES)
    for name in TABLES:
        for one in workbook[name].tables.values():
            assert re.fullmatch(r"A\d+:[A-Z]+\d+", one.ref)


def test_no_printed_page_of_the_first_sheet_cuts_its_chart_or_a_short_section(
    workbook: Any, content: Book
) -> None:
    page = workbook["Read me"]
    (chart,) = page._charts
    first = chart.anchor._from.row + 1
    last = max(cell.row for row in page.iter_rows() for cell in row if cell.value is not None)
    heights = {row: page.row_dimensions[row].height or 15 for row in range(1, last + 1)}
    breaks = {0, *(one.id for one in page.row_breaks.brk), last}
    assert not breaks & set(range(1, first + 12))
    # Of A4 as wide as the sheet; the rows are what the margins leave.
    ends = sorted(breaks)
    for start, end in pairwise(ends):
        assert sum(heights[row] for row in range(start + 1, end + 1)) < 560
    headings = [row for row in heights if page.cell(row, 2).style == "Loom heading"]
    for row in headings:
        assert not breaks & set(range(row, min(row + 3, last)))


def test_the_contents_count_the_rows_that_a_sheet_has(workbook: Any) -> None:
    page = workbook["Read me"]
    told = {
        row[1].hyperlink.location.split("!")[0].strip("'"): row[2].value
        for row in page.iter_rows(min_row=26)
        if row[1].hyperlink
    }
    for sheet, (name, *_) in TABLES.items():
        assert told[sheet] == sum(any(row.values()) for row in table(workbook, sheet, name)), sheet


def test_questions_as_headers_do_not_fill_the_screen() -> None:
    question = "Was your anonymity protected if you chose to take advantage of mental health or substance abuse treatment resources with previous employers?"
    records = [
        {"record_id": f"r{n}", "segments_json": json.dumps({question: "Yes" if n % 2 else "No"})}
        for n in range(60)
    ]
    data = tiny(
        records,
        {record["record_id"]: ["T-1"] for record in records},
        [{"theme_id": "T-1", "title": "A", "level": "theme", "status": "active"}],
    )
    workbook = opened(written(data))
    for title in ("Theme × segment", "All records"):
        sheet = workbook[title]
        assert any(question in str(cell.value) for cell in sheet[HEADER])
        assert sheet.row_dimensions[HEADER].height < 110


def test_an_interval_of_shares_stands_in_one_line(workbook: Any) -> None:
    sheet = workbook["Theme × source"]
    for cell in sheet[HEADER]:
        if str(cell.value).startswith("90 % interval"):
            width = sheet.column_dimensions[cell.column_letter].width
            assert line_width("under 1\u00a0% to 10\u00a0%") <= width - 2.5


def test_a_score_beside_a_quote_keeps_its_places(workbook: Any) -> None:
    """4.5 of five stars was shown as 5."""
    sheet = workbook["Evidence"]
    (column,) = (cell.column for cell in sheet[HEADER] if cell.value == "Score")
    scored = [cell for (cell,) in sheet.iter_rows(6, None, column, column) if cell.value]
    assert scored
    assert {cell.number_format for cell in scored} == {"General"}


@pytest.mark.parametrize(
    ("value", "places", "kept"),
    [(-0.004, 2, 0.0), (-0.005, 2, -0.005), (-0.4, 0, 0.0), (0.04, 1, 0.0), (-0.06, 1, -0.06)],
)
def test_no_minus_stands_before_a_zero(value: float, places: int, kept: float) -> None:
    assert str(unsigned_zero(value, places)) == str(kept)


def test_no_figure_of_the_scores_is_shown_as_minus_zero() -> None:
    """“−0.00” stood where the pages say “0.00”."""
    records = [
        {"record_id": f"r{n:03d}", "score": 3.0 + n % 3, "score_kind": "rating"} for n in range(300)
    ]
    # As good as all others, but for one answer.
    spoken = [*range(90), 92, 93]
    placed = {f"r{n:03d}": ["T-007"] for n in spoken}
    records[92]["score"] = 4.8
    data = tiny(records, placed, [{"theme_id": "T-007", "title": "Lounge"}])
    (one,) = compose(data).insights
    impact = one.impacts["rating"].value
    assert -0.005 < impact < 0
    (row,) = table(opened(written(data)), "NPS", "Scores")
    assert row["Impact"] == 0


def test_the_codebook_is_legible_on_paper(workbook: Any) -> None:
    """It was printed with letters of under five points."""
    widths = printed(workbook["Codebook"])
    assert sum(widths) <= 260
    assert len(widths) == [cell.value for cell in workbook["Codebook"][HEADER]].index("Records")
