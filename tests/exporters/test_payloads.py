"""Every payload as everything that customers and colleagues write, in every format."""

import csv
import io
import json
import re
import warnings
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import fastexcel
import openpyxl
import pytest
from tests.exporters.office import Convert
from tests.exporters.payloads import FORMULAS, OTHERS
from tests.exporters.payloads_markup import MARKUP
from tests.exporters.test_markup import PLAIN_KINDS, rendered, unwiki
from tests.insights.story import frame, tiny

from themeloom.domain.errors import ExportError
from themeloom.domain.frames import INSIGHT_FIELDS, ROSTER
from themeloom.domain.insights import Field
from themeloom.exporters.exporter import silent
from themeloom.exporters.handoff.table import runs
from themeloom.exporters.markup.plain import clean, flat
from themeloom.exporters.registry import formats
from themeloom.exporters.safety.cells import escape, fit
from themeloom.insights.model import BookData

PAYLOADS = tuple(dict.fromkeys((*FORMULAS, *OTHERS, *MARKUP)))
#: What project files can hold: SQLite and Arrow have no lone surrogates.
TEXTS = tuple(text.encode("utf-8", "ignore").decode() for text in PAYLOADS)

HTML_TAGS = (
    "html head meta title style body header h1 h2 h3 h4 h5 h6 p strong em a div table thead tbody "
    "tr th td span svg rect polyline circle article section dl dt dd ul ol li figure figcaption "
    "blockquote details summary footer hr br"
).split()


def hostile() -> BookData:
    """Return a theme for each payload, said by somebody of that name in an account of that name."""
    records = [
        {
            "record_id": f"r{n}",
            "text": text,
            "author": text,
            "email": f"{text}" if n % 2 else f"person{n}@example.com",
            "person_key": text,
            "account": text,
            "external_id": text,
            "segments_json": json.dumps({text: text}),
            "fields_json": json.dumps({text: text}),
            "place": f"row {n}",
            "row": n + 2,
        }
        for n, text in enumerate(TEXTS)
    ]
    themes = [
        {"theme_id": "G-01", "level": "group", "title": "=Group <b>"},
        *(
            {
                "theme_id": f"T-{n:03d}",
                "parent_id": "G-01",
                "title": text,
                "definition": text,
                "key_phrases": [text],
                "quotes": [f"r{n}.0"],
            }
            for n, text in enumerate(TEXTS)
        ),
    ]
    people = (Field.AREA, Field.OWNER, Field.NEXT_STEP, Field.NOTE, Field.DECISION, Field.NOTES)
    fields = [
        {"theme_id": f"T-{n:03d}", "field": str(field), "value": text}
        for n, text in enumerate(TEXTS)
        for field in people
    ]
    links = [
        {
            "theme_id": f"T-{n:03d}",
            "field": str(Field.LINKS),
            "value": json.dumps(
                [{"tool": "other", "key": text, "url": text, "title": text, "status": text}]
            ),
        }
        for n, text in enumerate(TEXTS)
    ]
    done = [
        {"theme_id": f"T-{n:03d}", "field": str(Field.STATUS), "value": "done"}
        for n in range(len(TEXTS))
    ]
    roster = [{"area": text, "pm": text, "email": text, "covers": text} for text in TEXTS]
    return tiny(
        records,
        {f"r{n}": [f"T-{n:03d}"] for n in range(len(TEXTS))},
        themes,
        fields=frame([*fields, *links, *done], INSIGHT_FIELDS),
        roster=frame(roster, ROSTER),
        project_name="=1+1 <script>",
        project_id="5f0c2d99",
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, drafted_once: None) -> Path:
    """Return a folder with one file of each format, named like the format."""
    place = tmp_path_factory.mktemp("hostile")
    data = hostile()
    for name, exporter in formats().items():
        exporter.write(data, place / f"{name}{exporter.suffix}", silent)
    return place


def tables(folder: Path) -> Iterator[tuple[str, list[list[str]]]]:
    for path in sorted(folder.glob("*.csv")):
        yield path.stem, list(csv.reader(io.StringIO(path.read_text("utf-8"), newline="")))
    with zipfile.ZipFile(folder / "amplitude.zip") as archive:
        for name in archive.namelist():
            if name.endswith(".csv"):
                yield name, list(csv.reader(io.StringIO(archive.read(name).decode(), newline="")))


def unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and runs(cell[1:]) else cell


def expected(texts: tuple[str, ...] = TEXTS) -> list[str]:
    return sorted(unguarded(clean(text)) for text in texts)


def column(folder: Path, name: str, header: str) -> list[str]:
    rows = dict(tables(folder))[name]
    at = rows[0].index(header)
    return [unguarded(row[at]) for row in rows[1:]]


def test_there_are_at_least_sixty_payloads_and_every_format_is_written(folder: Path) -> None:
    assert len(PAYLOADS) >= 120
    assert {path.stem for path in folder.iterdir()} >= set(formats())
    assert len(formats()) >= 15


def test_no_cell_of_any_table_is_a_formula(folder: Path) -> None:
    seen = 0
    for name, rows in tables(folder):
        assert len({len(row) for row in rows}) == 1, name
        for row in rows:
            for cell in row:
                assert not runs(cell), (name, cell)
                assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f]", cell), (name, cell)
                seen += 1
    assert seen > 10_000


def test_tables_give_every_text_back(folder: Path) -> None:
    for name, header in (
        ("coded-csv", "text"),
        ("records-csv", "external_id"),
        ("csv", "quote_1"),
        ("csv", "next_step"),
    ):
        assert (
            sorted(
                one.replace("\r\n", "\n").replace("\r", "\n")
                for one in column(folder, name, header)
            )
            == expected()
        ), (name, header)
    titles = {unguarded(flat(text)) for text in TEXTS if len(flat(text)) <= 80}  # longer: cut
    for name, header in (
        ("jira", "Summary"),
        ("linear", "Title"),
        ("notion", "Name"),
        ("productboard", "Title"),
    ):
        assert titles - {""} <= set(column(folder, name, header)), name


@pytest.mark.parametrize(
    ("name", "header", "read"),
    [
        ("jira", "Description", unwiki),
        ("linear", "Description", lambda text: rendered(text)[1]),
        ("asana", "Description", str),
        ("notion", "Quotes", str),
    ],
)
def test_descriptions_hold_every_quote(
    folder: Path, name: str, header: str, read: Callable[[str], str]
) -> None:
    told = [read(one) for one in column(folder, name, header)]
    for text in TEXTS:
        quote = f"“{clean(text)}”"
        assert any(quote in one for one in told), text


def test_descriptions_for_linear_hold_no_markup_of_others(folder: Path) -> None:
    ours = PLAIN_KINDS | {
        f"{kind}_{end}"
        for kind in ("heading", "bullet_list", "list_item", "blockquote", "strong")
        for end in ("open", "close")
    }
    for one in column(folder, "linear", "Description"):
        assert rendered(one)[0] <= ours | {"softbreak"}


class Reader(HTMLParser):
    """Keeps tags, attributes and the text of each quote."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()
        self.quotes: list[str] = []
        self.words: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {(name, value or "") for name, value in attrs}
        if tag == "blockquote":
            self.quotes.append("")
            self._inside = True
        elif tag == "br" and self._inside:
            self.quotes[-1] += "\n"

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "blockquote"

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if self._inside:
            self.quotes[-1] += data


@pytest.mark.parametrize("name", ["html", "confluence"])
def test_pages_hold_every_text_and_no_tag_of_others(folder: Path, name: str) -> None:
    page = (folder / f"{name}.html").read_text("utf-8")
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.tags <= set(HTML_TAGS)
    names = {attribute for attribute, _ in reader.attributes}
    assert not any(attribute.startswith("on") for attribute in names)
    assert not names & {"src", "srcset", "style", "action", "data", "background", "poster"}
    assert all(
        re.fullmatch(r"#IN-\d+", value)
        for attribute, value in reader.attributes
        if attribute in ("href", "xlink:href")
    )
    policy = next(v for a, v in reader.attributes if a == "content" and "default-src" in v)
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'")
    quotes = [one for one in reader.quotes if one]
    for text in TEXTS:
        assert any(f"“{clean(text)}”" in one for one in quotes), text
        assert any(flat(text) in one for one in reader.words), text


def test_the_page_loads_nothing_by_its_styles(folder: Path) -> None:
    page = (folder / "html.html").read_text("utf-8")
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    assert "url(" not in style
    assert "@import" not in style
    assert page.count("<style>") == 1
    assert "<script" not in page


def test_storage_format_is_sound_xml_without_macros_of_others(folder: Path) -> None:
    body = (folder / "confluence.storage.xml").read_text("utf-8")
    root = ElementTree.fromstring(f'<x xmlns:ac="ac" xmlns:ri="ri">{body}</x>')
    tags = {element.tag for element in root.iter()}
    assert tags <= {*HTML_TAGS, "x", "{ac}structured-macro", "{ac}parameter"}
    macros = {e.get("{ac}name") for e in root.iter("{ac}structured-macro")}
    assert macros == {"anchor"}
    assert not [e for e in root.iter("a") if e.get("href")]
    quotes: list[str] = []
    for element in root.iter("blockquote"):
        for br in element.iter("br"):
            br.text = "\n"
        quotes.append("".join(element.itertext()))
    for text in TEXTS:
        assert any(f"“{clean(text)}”" in one for one in quotes), text


def test_productboard_notes_are_html_without_tags_of_others(folder: Path) -> None:
    for content in column(folder, "productboard", "Content"):
        reader = Reader()
        reader.feed(content)
        reader.close()
        assert reader.tags <= {"h3", "p", "ul", "li", "strong", "em", "blockquote", "br"}


def test_markdown_holds_every_text_and_no_markup_of_others(folder: Path) -> None:
    text = (folder / "markdown.md").read_text("utf-8")
    kinds, _ = rendered(text)
    assert not kinds & {"html_block", "html_inline", "image", "link_open", "code_block", "fence"}
    assert not kinds & {"code_inline", "s_open", "em_open", "hr", "ordered_list_open"}
    seen = re.split(r"(?m)^> (?:But: )?“", text)
    assert len(seen) > len(TEXTS)
    quotes = [rendered("> “" + one.split("\n>\n")[0])[1] for one in seen[1:]]
    for payload in TEXTS:
        assert any(f"“{clean(payload)}”" in one for one in quotes), payload


def test_json_gives_every_text_back(folder: Path) -> None:
    found = json.loads((folder / "json.json").read_text("utf-8"))
    quotes = {quote["quote"] for one in found["insights"] for quote in one["evidence"]}
    assert {clean(text) for text in TEXTS} <= quotes
    assert {clean(text) for text in TEXTS} <= {one["next_step"] for one in found["insights"]} | {""}
    assert found["schema"] == "themeloom-insights-1"


def test_cohorts_name_no_path_and_only_ids(folder: Path) -> None:
    with zipfile.ZipFile(folder / "amplitude.zip") as archive:
        for name in archive.namelist():
            assert re.fullmatch(r"IN-\d+\.csv|Which file is which\.txt", name)
        rows = [r for n, rows in tables(folder) if n.startswith("IN-") for r in rows]
    assert len(rows) > 50
    assert all(len(row) == 1 and not re.search(r"\s", row[0]) for row in rows)


@pytest.mark.parametrize("name", ["xlsx", "roster"])
def test_workbooks_hold_no_formula_and_every_text(folder: Path, name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl cannot keep all that the file has
        book: Any = openpyxl.load_workbook(folder / f"{name}.xlsx")
    seen: set[str] = set()
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", (sheet.title, cell.coordinate, cell.value)
                link = cell.hyperlink
                assert not link or not link.target, (sheet.title, cell.coordinate)
                if isinstance(cell.value, str):
                    seen.add(cell.value)
    missing = [
        text
        for text in TEXTS
        if fit(text)[0].strip() and not {fit(text)[0], escape(fit(text)[0])} & seen
    ]
    if name == "xlsx":
        assert not missing
        reader = fastexcel.read_excel(folder / "xlsx.xlsx")
        sheet = reader.load_sheet("All records", header_row=None, dtypes="string").to_polars()
        cells = {cell for series in sheet for cell in series}
        assert not [text for text in TEXTS if fit(text)[0] not in cells and fit(text)[0].strip()]


def test_libreoffice_runs_nothing_in_any_table(
    folder: Path, tmp_path: Path, convert: Convert
) -> None:
    paths = sorted(folder.glob("*.csv"))
    # comma, double quote, UTF-8, from row 1, evaluate formulas as the program would
    as_csv = "--infilter=CSV:44,34,76,1,,0,false,true,false,false,false,-1"
    convert(paths, "xlsx", tmp_path, as_csv)
    for path in paths:
        book: Any = openpyxl.load_workbook(tmp_path / f"{path.stem}.xlsx")
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        assert not [cell.value for cell in cells if cell.data_type == "f"], path.name
        assert not [cell.value for cell in cells if cell.hyperlink], path.name
        assert len(cells) > 100, path.name


def test_masked_cohorts_are_refused(tmp_path: Path) -> None:
    data = replace(hostile(), masker=lambda texts: texts)
    for name in ("amplitude", "mixpanel"):
        with pytest.raises(ExportError, match="personal data is masked"):
            formats()[name].write(data, tmp_path / "c", silent)
        assert not (tmp_path / "c").exists()
