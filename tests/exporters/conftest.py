"""The sample as it is drafted and written once for many tests."""

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests.insights.story import story

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
def sample_workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the workbook of the sample: to be read only."""
    target = tmp_path_factory.mktemp("book") / "insights.xlsx"
    stages: list[tuple[int, int]] = []
    exporter("xlsx").write(
        story(), target, lambda _stage, done, total: stages.append((done, total))
    )
    assert list(dict.fromkeys(stages)) == [(n, 6) for n in range(7)]
    return target


@pytest.fixture(scope="session")
def sample_opened(sample_workbook: Path) -> Any:
    """Return the same as openpyxl reads it: to be read only."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl cannot keep the solid data bars
        return openpyxl.load_workbook(sample_workbook)
