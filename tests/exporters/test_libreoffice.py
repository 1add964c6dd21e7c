import re
import zipfile
from pathlib import Path

import fastexcel
import polars as pl
import pytest
from tests.exporters.office import Convert
from tests.exporters.payloads import FORMULAS, OTHERS
from tests.exporters.test_workbook import HEADER, SHEETS
from tests.insights.story import story

from themeloom.exporters.exporter import silent
from themeloom.exporters.registry import exporter
from themeloom.exporters.safety.cells import fit
from themeloom.insights.book import compose

pytestmark = pytest.mark.usefixtures("drafted_once")


@pytest.fixture(scope="module")
def converted(
    tmp_path_factory: pytest.TempPathFactory,
    drafted_once: None,
    hostile_path: Path,
    convert: Convert,
) -> dict[str, Path]:
    """Return both books as LibreOffice saves them: what is lost on opening is lost in there."""
    folder = tmp_path_factory.mktemp("libreoffice")
    exporter("xlsx").write(story(few=True), folder / "sample.xlsx", silent)
    convert([folder / "sample.xlsx", hostile_path], "ods", folder)
    return {"sample": folder / "sample.ods", "hostile": folder / f"{hostile_path.stem}.ods"}


def table(path: Path, sheet: str) -> pl.DataFrame:
    reader = fastexcel.read_excel(path)
    return reader.load_sheet(sheet, header_row=HEADER - 1, dtypes="string").to_polars()


def test_libreoffice_opens_all_of_the_sample(converted: dict[str, Path]) -> None:
    book = compose(story(few=True))
    reader = fastexcel.read_excel(converted["sample"])
    assert reader.sheet_names == SHEETS
    assert table(converted["sample"], "Insights")["Id"].to_list() == [
        one.id for one in book.insights
    ]
    assert table(converted["sample"], "Evidence").height == len(book.evidence)
    assert table(converted["sample"], "Themes").height == len(book.themes)
    records = table(converted["sample"], "All records")
    assert records["Record id"].to_list() == book.records["Record id"].to_list()
    with zipfile.ZipFile(converted["sample"]) as parts:
        content = parts.read("content.xml").decode()
    for name in ("Insights", "Evidence", "Themes", "Records"):
        assert f'table:name="{name}"' in content


def test_libreoffice_runs_nothing_and_shows_every_text(converted: dict[str, Path]) -> None:
    with zipfile.ZipFile(converted["hostile"]) as parts:
        content = parts.read("content.xml").decode()
    assert "table:formula" not in content
    links = set(re.findall(r'xlink:href="([^"]*)"', content))
    # Charts are objects inside the file itself.
    assert all(link.startswith(("#", "./Object")) for link in links)
    # Tabs and runs of spaces are elements of their own in ods; the reader passes over them.
    wanted = ["".join(fit(text)[0].split()) for text in (*FORMULAS, *OTHERS)]
    found = table(converted["hostile"], "All records")["Text"].fill_null("")
    assert ["".join(text.split()) for text in found] == wanted
