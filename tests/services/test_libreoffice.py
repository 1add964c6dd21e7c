"""Workbooks that LibreOffice saved after somebody had a hand in them: merged, and verified."""

import random
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.services.test_merging import edit
from tests.services.test_verifying import HEADER, check, odd, write

from themeloom.project.project import Project
from themeloom.services.merging import Kind, MergePreview, preview
from themeloom.services.verifying import State

pytestmark = pytest.mark.usefixtures("drafted_once")

#: All sheets as csv: comma, quotes, UTF-8, texts as shown, one file for each sheet.
_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"


def ids(project: Project) -> list[str]:
    themes = project.themes().filter(pl.col("level") == "theme")["theme_id"]
    return [f"IN-{theme_id[2:]}" for theme_id in themes]


@pytest.fixture(scope="module")
def saved(
    exported: Path,
    tmp_path_factory: pytest.TempPathFactory,
    require_tool: Callable[[str], str],
) -> Path:
    """Return a folder with a project, its workbook with edits and a changed quote, and it saved."""
    soffice = require_tool("soffice")
    folder = tmp_path_factory.mktemp("libreoffice")
    for name in ("fernwick.loom", "three.xlsx"):
        shutil.copy(exported / name, folder / name)
    dice = random.Random(4)
    texts = ["Zwei\nZeilen", "“naïve” 日本 🙂", "=SUM(A1:A9)", "a  b\tc", "'quoted"]
    wanted: dict[str, dict[str, Any]] = {}
    with Project.open(folder / "fernwick.loom", read_only=True) as project:
        for number, insight in enumerate(ids(project)):
            wanted[insight] = {
                "Decision": f"{dice.choice(texts)} {number}",
                "Status": dice.choice(("Accepted", "Done", "Declined")),
                "Notes": dice.choice(texts),
            }
    edit(folder / "three.xlsx", wanted)
    write(folder / "three.xlsx", "Evidence", "Quote", 5, lambda text: f"X{text}")
    for kind in ("ods", "xlsx", _CSV):
        subprocess.run(
            [
                soffice,
                "--headless",
                f"-env:UserInstallation={(folder / 'profile').as_uri()}",
                *("--convert-to", kind, "--outdir", str(folder / "saved")),
                str(folder / "three.xlsx"),
            ],
            check=True,
            capture_output=True,
            timeout=110,
        )
    return folder


def found(shown: MergePreview) -> set[tuple[str, Kind, str | None]]:
    return {(item.key, item.kind, item.value) for item in shown.items}


def test_what_was_edited_comes_back(saved: Path) -> None:
    with Project.open(saved / "fernwick.loom", read_only=True) as project:
        expected = found(preview(project, saved / "three.xlsx"))
        assert len(expected) == 3 * len(ids(project))
        files = saved / "saved"
        for name in ("three.xlsx", "three-Insights.csv"):
            assert found(preview(project, files / name)) == expected, name
        # The reader passes over tabs and runs of blanks, which are elements of their own in ods.
        blanks = {(key, kind, "".join((value or "").split())) for key, kind, value in expected}
        assert {
            (key, kind, "".join((value or "").split()))
            for key, kind, value in found(preview(project, files / "three.ods"))
        } == blanks


@pytest.mark.parametrize("name", ["three.xlsx", "three.ods", "three-Evidence.csv"])
def test_a_changed_quote_is_found_and_all_others_are_verified(saved: Path, name: str) -> None:
    checked = check(saved, f"saved/{name}")
    (item,) = odd(checked)
    assert item.state is State.CHANGED
    assert item.place.endswith(f"row {HEADER + 5}")
    assert len(checked.items) > 50
