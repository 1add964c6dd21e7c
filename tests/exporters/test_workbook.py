import dataclasses
import io
import warnings
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import fastexcel
import openpyxl
import polars as pl
import pytest
from tests.exporters.payloads import FORMULAS, OTHERS
from tests.insights.story import story, tiny

from themeloom.base.figures import score_change
from themeloom.domain.errors import ExportError
from themeloom.exporters.exporter import Written, silent
from themeloom.exporters.registry import exporter, formats
from themeloom.exporters.safety.cells import fit
from themeloom.exporters.workbook.columns import HEADERS
from themeloom.exporters.workbook.keys import insight_key
from themeloom.exporters.workbook.measure import count_lines
from themeloom.exporters.xlsx import write_workbook
from themeloom.insights.book import compose
from themeloom.insights.model import BookData

pytestmark = pytest.mark.usefixtures("drafted_once")

HEADER = 5
SHEETS = [
    *("Read me", "Insights", "Evidence", "Themes", "Theme × segment", "Theme × period"),
    *("Theme × source", "NPS", "All records", "Codebook", "Changes", "Quality", "Lists"),
]
TABLES = {
    "Insights": ["Insights"],
    "Evidence": ["Evidence"],
    "Themes": ["Themes"],
    "Theme × segment": ["Segments", "SegmentRecords"],
    "Theme × period": ["Periods", "PeriodShares"],
    "Theme × source": ["Sources", "SourceRecords"],
    "NPS": ["Scores"],
    "All records": ["Records"],
    "Codebook": ["Codebook"],
    "Changes": ["Changes"],
    "Quality": ["Quality"],
}


def written(data: BookData) -> io.BytesIO:
    file = io.BytesIO()
    write_workbook(compose(data), file)
    return file


def opened(file: io.BytesIO | Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl cannot keep the solid data bars
        return openpyxl.load_workbook(file)


def rows(book: Any, sheet: str) -> list[dict[str, Any]]:
    values = list(book[sheet].iter_rows(min_row=HEADER, values_only=True))
    return [dict(zip(values[0], row, strict=True)) for row in values[1:]]


@pytest.fixture(scope="module")
def path(sample_workbook: Path) -> Path:
    return sample_workbook


@pytest.fixture(scope="module")
def book(sample_opened: Any) -> Any:
    return sample_opened


@pytest.fixture(scope="module")
def raw_book() -> Any:
    return opened(written(story(raw=True, few=True)))


def test_sheets_tables_and_what_stays_in_sight(book: Any) -> None:
    assert book.sheetnames == SHEETS
    assert book.active.title == "Insights"
    assert [sheet.title for sheet in book if sheet.sheet_view.tabSelected] == ["Insights"]
    assert [sheet.title for sheet in book if sheet.sheet_state != "visible"] == ["Lists"]
    for name, table_names in TABLES.items():
        sheet = book[name]
        assert list(sheet.tables) == table_names
        assert sheet.tables[table_names[0]].ref.startswith(f"A{HEADER}:")
        for table in sheet.tables.values():
            assert table.autoFilter.ref == table.ref
            header, *_ = sheet[table.ref]
            headers = [cell.value for cell in header]
            assert [column.name for column in table.tableColumns] == headers
            assert len({str(one).casefold() for one in headers}) == len(headers)
        assert sheet.freeze_panes in ("B6", "C6", "E6")
        assert not sheet.merged_cells.ranges
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.fitToWidth == (2 if name == "Theme × segment" else 1)
        assert sheet.page_setup.fitToHeight == 0
        assert sheet.oddFooter.left.text == "Contains customer data: masked"
        # Of several tables each begins a page: the first one's header is not above the others.
        assert sheet.print_title_rows == ("$5:$5" if len(table_names) == 1 else None)
        broken = [sheet.cell(one.id + 1, 1).value for one in sheet.row_breaks.brk]
        assert len(broken) == len(table_names) - 1
        assert all(broken)
        first = "C" if name == "Insights" else "A"
        assert sheet[f"{first}1"].value
        assert sheet[f"{first}2"].value


def test_insights_tell_the_story(book: Any) -> None:
    expected = compose(story())
    sheet = book["Insights"]
    assert sheet["C1"].value == "What customers told us, July to September 2026"
    assert sheet["C2"].value == expected.summary
    assert sheet["C3"].value == "✎"
    found = rows(book, "Insights")
    assert [row["Id"] for row in found] == [one.id for one in expected.insights]
    for row, one in zip(found, expected.insights, strict=True):
        assert row["Insight"] == one.title
        assert row["Area"] == (one.area or "no area yet")
        assert row["Severity"].endswith(one.severity.value.capitalize())
        assert row["Statement"] == one.statement
        assert row["Records"] == one.records
        assert row["Accounts"] == one.accounts
        assert row["Share of tickets"] == pytest.approx(one.shares["ticket"].share)
        assert row["People known"] == f"{one.people_known:,} of {one.records:,}"
        assert row["Revenue of accounts"] == one.revenue
        assert row["Top quote"] == one.quotes[0]
        assert row["Owner"] == (one.owner or None)
        assert (row["Status"], row["Decision"], row["Notes"]) == ("New", None, None)
        assert row["Next step"] == one.next_step
        impact = one.impacts.get("nps")
        if impact:
            assert row["NPS impact"].startswith(f"{score_change('nps', impact.value)} [")
        else:
            assert row["NPS impact"] in ("too few answers", "no answers")
        enough = "nps" in one.scores and one.scores["nps"].enough
        if enough:
            assert row["NPS"] == pytest.approx(one.scores["nps"].value)
        else:
            assert row["NPS"] in ("too few answers", "no answers")
    assert {row["NPS impact"] == "too few answers" for row in found} == {True, False}


def test_a_person_may_edit_what_is_tinted_and_nothing_else(book: Any) -> None:
    sheet = book["Insights"]
    headers = {cell.value: cell.column_letter for cell in sheet[HEADER]}
    opened = {"Insight", "Severity", "Owner", "Status", "Decision", "Next step", "Notes"}
    for name, letter in headers.items():
        cell = sheet[f"{letter}6"]
        assert (cell.fill.start_color.rgb == "00FFF8DD") == (name in opened)
        assert cell.protection.locked != (name in opened)
        assert (sheet[f"{letter}4"].value == "✎") == (name in opened)
    protection = sheet.protection
    assert protection.sheet
    assert protection.password is None
    assert not any((protection.sort, protection.autoFilter, protection.formatColumns))
    assert not any(other.protection.sheet for other in book if other is not sheet)
    lists = {str(rule.sqref).split(":")[0]: rule for rule in sheet.data_validations.dataValidation}
    offered = {
        name: [cell.value for (cell,) in choices(book, lists[f"{headers[name]}6"].formula1)]
        for name in ("Severity", "Status", "Owner")
    }
    assert offered["Severity"] == ["●●● High", "●●○ Medium", "●○○ Low"]
    assert offered["Status"] == ["New", "Accepted", "In work", "Done", "Declined"]
    assert "Mireille Fontaine" in offered["Owner"]
    assert lists[f"{headers['Status']}6"].showErrorMessage
    assert not lists[f"{headers['Owner']}6"].showErrorMessage


def choices(book: Any, reference: str) -> Any:
    sheet, place = reference.split("!")
    return book[sheet.strip("'")][place.replace("$", "")]


def test_rows_are_known_again_by_hidden_keys(book: Any, sample_said: Written) -> None:
    sheet = book["Insights"]
    assert [sheet.column_dimensions[letter].hidden for letter in "ABC"] == [True, True, False]
    found = rows(book, "Insights")
    assert [row["Id"] for row in found] == list(sample_said)
    for row in found:
        written = sample_said[row["Id"]]
        assert row["_key"] == written["_key"] == insight_key("5f0c2d", f"T-{row['Id'][3:]}")
        assert row["_rev"] == written["_rev"]
        for field, header in HEADERS.items():
            assert (row[header] or "") == written[field]
    assert len({row["_key"] for row in found}) == len(found)
    assert insight_key("another", "T-001") != insight_key("5f0c2d", "T-001")


def test_links_lead_to_rows_that_answer_them(book: Any) -> None:
    def target(cell: Any) -> list[Any]:
        sheet, place = cell.hyperlink.location.split("!")
        return [c.value for c in book[sheet.strip("'")][int(place.removeprefix("A"))]]

    for cell in book["Insights"]["C"][HEADER:]:
        first = target(cell)
        assert first[1] == cell.value
        assert first[0].endswith(".1")
    evidence = {cell.value: cell.column for cell in book["Evidence"][HEADER]}
    for row in book["Evidence"].iter_rows(min_row=HEADER + 1):
        assert target(row[evidence["Insight"] - 1])[2] == row[evidence["Insight"] - 1].value
        assert target(row[evidence["Record id"] - 1])[0] == row[evidence["Record id"] - 1].value
    themes = {cell.value: cell.column for cell in book["Themes"][HEADER]}
    links = [row[themes["Insight"] - 1] for row in book["Themes"].iter_rows(min_row=HEADER + 1)]
    assert [target(cell)[2] for cell in links if cell.value] == [c.value for c in links if c.value]
    assert sum(cell.hyperlink is not None for cell in links) == len(compose(story()).insights)


def test_quotes_are_exact_and_found_in_their_records(book: Any, raw_book: Any) -> None:
    texts = {row["Record id"]: row["Text"] for row in rows(book, "All records")}
    found = rows(book, "Evidence")
    for row in found:
        assert row["Quote"] in texts[row["Record id"]]
    raw = rows(raw_book, "Evidence")
    exact = dict(story().excerpts.select("excerpt_id", "text").iter_rows())
    assert [row["Quote"] for row in raw] == [exact[row["Excerpt id"]] for row in raw]


def test_all_records_are_there_with_their_own_types(book: Any) -> None:
    expected = compose(story()).records
    found = rows(book, "All records")
    assert len(found) == expected.height
    for row, wanted in zip(found, expected.iter_rows(named=True), strict=True):
        assert row["Record id"] == wanted["Record id"]
        assert row["Text"] == fit(wanted["Text"])[0]
        assert row["Score"] == wanted["Score"]
        assert isinstance(row["Date"], datetime)
        assert abs((row["Date"] - wanted["Date"]).total_seconds()) < 1
        assert row["Primary theme"] == wanted["Primary theme"]


def test_no_row_clips_its_texts(book: Any) -> None:
    for name in ("Insights", "Evidence", "Themes"):
        sheet = book[name]
        for row in sheet.iter_rows(min_row=HEADER + 1):
            height = sheet.row_dimensions[row[0].row].height
            for cell in row:
                if isinstance(cell.value, str):
                    width = sheet.column_dimensions[cell.column_letter].width
                    lines = count_lines(cell.value, width - 2)
                    assert lines * 14.6 < height or height > 400, cell.coordinate


def test_file_knows_where_it_comes_from(book: Any) -> None:
    custom = {prop.name: prop.value for prop in book.custom_doc_props.props}
    assert custom == {
        "Project id": "5f0c2d",
        "Run id": "0123456789abcdef",
        "Schema version": "2",
        "Personal data": "masked",
    }
    assert book.properties.title == "What customers told us, July to September 2026"
    assert book.properties.created == datetime(2026, 10, 2, 14, 3)  # noqa: DTZ001


def test_page_says_masked_or_raw(book: Any, raw_book: Any) -> None:
    def said(page: Any) -> str:
        return "\n".join(
            str(value)
            for row in page["Read me"].iter_rows(values_only=True)
            for value in row
            if value is not None
        )

    assert "Personal data is masked" in said(book)
    assert "Cells that had to be changed" not in said(book)
    assert "raw" in said(raw_book)
    assert raw_book["Insights"].oddFooter.left.text == "Contains customer data: raw"


def test_bars_are_solid_in_excel_and_the_parts_well_formed(path: Path) -> None:
    from xml.etree import ElementTree

    with zipfile.ZipFile(path) as parts:
        assert parts.testzip() is None
        for name in parts.namelist():
            if name.endswith((".xml", ".rels")):
                ElementTree.fromstring(parts.read(name))
        insights = parts.read("xl/worksheets/sheet2.xml").decode()
    assert 'gradient="0"' in insights
    rule = insights.split("<x14:id>")[1].split("</x14:id>")[0]
    assert f'type="dataBar" id="{rule}"' in insights


def cells(book: Any) -> Iterator[Any]:
    for sheet in book:
        for row in sheet.iter_rows():
            yield from row


def test_nothing_is_a_formula(hostile_path: Path) -> None:
    assert len(FORMULAS) >= 60
    with zipfile.ZipFile(hostile_path) as parts:
        for name in parts.namelist():
            if "worksheets" in name:
                assert b"<f>" not in parts.read(name).replace(b"&lt;f&gt;", b"")
    for cell in cells(opened(hostile_path)):
        assert cell.data_type != "f"
        if isinstance(cell.value, str) and cell.value.startswith(("=", "+", "-", "@")):
            assert cell.quotePrefix, cell.coordinate


def test_another_reader_sees_every_text_as_it_was(hostile_path: Path) -> None:
    texts = (*FORMULAS, *OTHERS)
    reader = fastexcel.read_excel(hostile_path)
    table = reader.load_sheet("All records", header_row=HEADER - 1, dtypes="string").to_polars()
    assert table["Text"].to_list() == [fit(text)[0] for text in texts]
    evidence = reader.load_sheet("Evidence", header_row=HEADER - 1, dtypes="string").to_polars()
    quotes = dict(evidence.select("Record id", "Quote").iter_rows())
    assert quotes == {f"r{number}": fit(text)[0] for number, text in enumerate(texts)}


def test_changed_cells_are_listed_on_the_page() -> None:
    data = tiny(
        [
            {"record_id": "a", "text": "bell\x07"},
            {"record_id": "b", "text": "y" * 40_000},
            {"record_id": "c", "score": float("nan"), "score_kind": "nps"},
            {"record_id": "d", "date": datetime(1850, 1, 2)},  # noqa: DTZ001
            {"record_id": "e", "date": datetime(2026, 1, 2)},  # noqa: DTZ001
        ],
        {},
        [],
    )
    book = opened(written(data))
    listed = [
        tuple(cell.value for cell in row[1:4])
        for row in book["Read me"].iter_rows()
        if str(row[1].value).startswith("All records,")
    ]
    assert listed == [
        ("All records, Text", 6, "characters that a cell cannot hold were removed"),
        ("All records, Text", 7, "longer than 32,767 characters"),
        ("All records, Score", 8, "not a number, left empty"),
        ("All records, Date", 9, "dates before March 1900 are written as text"),
    ]
    found = rows(book, "All records")
    assert found[1]["Text"].endswith("… (full text: Long texts, record b)")
    assert [row["Date"] for row in found[3:]] == ["1850-01-02 00:00", datetime(2026, 1, 2)]  # noqa: DTZ001


def test_an_empty_project_still_opens() -> None:
    book = opened(written(tiny([], {}, [])))
    assert book.sheetnames == SHEETS
    assert book.active.title == "Read me"
    for name, tables in TABLES.items():
        for table in tables:
            assert book[name].tables[table].ref
        assert not book[name]._charts


def test_formats_are_found_by_their_files() -> None:
    assert set(formats()) >= {"xlsx", "coded-csv", "records-csv"}
    assert all(found.name == name for name, found in formats().items())
    with pytest.raises(ExportError, match="Choose one of"):
        exporter("pptx-2003")


def test_old_workbook_stays_when_writing_fails(tmp_path: Path) -> None:
    target = tmp_path / "a.xlsx"
    target.write_bytes(b"old")
    broken = dataclasses.replace(story(), records=pl.DataFrame({"record_id": ["a"]}))
    with pytest.raises(pl.exceptions.PolarsError):
        exporter("xlsx").write(broken, target, silent)
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_many_records_come_in_order_and_whole() -> None:
    total = 9_001  # three chunks, the last of one row
    records = [
        {"record_id": f"r{n}", "text": f"Text {n} <&> ü", "score": n / 2, "row": n}
        for n in range(total)
    ]
    file = written(tiny(records, {}, []))
    sheet = fastexcel.read_excel(file.getvalue()).load_sheet("All records", header_row=HEADER - 1)
    table = sheet.to_polars()
    assert table["Record id"].to_list() == [f"r{n}" for n in range(total)]
    assert table["Text"].to_list() == [f"Text {n} <&> ü" for n in range(total)]
    assert table["Score"].to_list() == [n / 2 for n in range(total)]
    assert table["Row"].to_list() == list(range(total))
    with zipfile.ZipFile(file) as parts:
        assert f'<dimension ref="A1:Q{HEADER + total}"' in (
            parts.read("xl/worksheets/sheet9.xml")[:2000].decode()
        )
