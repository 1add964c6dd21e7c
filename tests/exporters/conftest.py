"""The sample as it is drafted and written once for many tests."""

import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests.exporters.hostile import hostile
from tests.exporters.office import Convert, converter
from tests.exporters.payloads import FORMULAS, OTHERS
from tests.insights.story import story

from themeloom.exporters.exporter import Written, silent
from themeloom.exporters.registry import exporter
from themeloom.insights import book
from themeloom.insights.book import Drafts
from themeloom.insights.model import BookData


@pytest.fixture(scope="session")
def drafts() -> dict[int, tuple[BookData, Drafts]]:
    return {}


@pytest.fixture(scope="module")
def drafted_once(drafts: dict[int, tuple[BookData, Drafts]]) -> Iterator[None]:
    """Draft the very same data once in modules whose tests are about what is made of drafts."""
    real = book.draft

    def draft(data: BookData) -> Drafts:
        if id(data) not in drafts:
            drafts[id(data)] = (data, real(data))
        return drafts[id(data)][1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(book, "draft", draft)
        yield


@pytest.fixture(scope="session")
def sample_written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Written]:
    target = tmp_path_factory.mktemp("book") / "insights.xlsx"
    stages: list[tuple[int, int]] = []
    said = exporter("xlsx").write(
        story(), target, lambda _stage, done, total: stages.append((done, total))
    )
    assert list(dict.fromkeys(stages)) == [(n, 6) for n in range(7)]
    return target, said


@pytest.fixture(scope="session")
def sample_workbook(sample_written: tuple[Path, Written]) -> Path:
    """Return the workbook of the sample: to be read only."""
    return sample_written[0]


@pytest.fixture(scope="session")
def sample_said(sample_written: tuple[Path, Written]) -> Written:
    """Return what was told to be in it, to be remembered."""
    return sample_written[1]


@pytest.fixture(scope="session")
def sample_opened(sample_workbook: Path) -> Any:
    """Return the same as openpyxl reads it: to be read only."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl cannot keep the solid data bars
        return openpyxl.load_workbook(sample_workbook)


@pytest.fixture(scope="session")
def hostile_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the workbook of nothing but payloads: to be read only."""
    target = tmp_path_factory.mktemp("hostile") / "=cmd.xlsx"
    exporter("xlsx").write(hostile((*FORMULAS, *OTHERS)), target, silent)
    return target


@pytest.fixture(scope="session")
def convert(
    tmp_path_factory: pytest.TempPathFactory, require_tool: Callable[[str], str]
) -> Convert:
    """Return a function that lets LibreOffice save files in another format."""
    return converter(require_tool("soffice"), tmp_path_factory.mktemp("office") / "profile")
