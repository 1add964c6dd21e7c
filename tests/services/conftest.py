"""Child processes for the whole run; one search and one export that many tests go on from."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
from tests.services.drafts import made_once
from tests.services.fernwick import copy_fernwick
from tests.services.planted import planted_project
from tests.services.processes import Kept, keep, lent

from themeloom.jobs.worker import Worker
from themeloom.project.project import Project
from themeloom.services import workers
from themeloom.services.exporting import ExportOptions, export
from themeloom.services.synthesis import SynthesisOptions, find_themes


@pytest.fixture(scope="session")
def engine(session_environment: None) -> Iterator[Kept]:
    """Return the engine of all tests that only ask; those that kill or cancel take ``spare_engine``."""
    with keep(workers.engine) as made:
        yield made


@pytest.fixture(scope="session")
def spare_engine(session_environment: None) -> Iterator[Worker]:
    """Return an engine that may be cancelled and killed."""
    with workers.engine() as made:
        yield made


@pytest.fixture(scope="session")
def reader(session_environment: None) -> Iterator[Kept]:
    with keep(workers.reader) as made:
        yield made


@pytest.fixture
def shared_processes(engine: Kept, reader: Kept) -> Iterator[None]:
    """Give what starts an engine and a reader those of all tests; it must not cancel its job."""
    with lent("engine", engine), lent("reader", reader):
        yield


@pytest.fixture(scope="session")
def searched(tmp_path_factory: pytest.TempPathFactory, engine: Worker) -> Callable[[Path], Project]:
    """Return a function: a path to the planted project with what the usual search proposes.

    The search was made once; every project is a copy, with the cuts and vectors that it left.
    """
    folder = tmp_path_factory.mktemp("searched")
    with planted_project(folder / "searched.loom") as project:
        find_themes(project, engine, SynthesisOptions())
        shutil.copytree(project.derived_store(), folder / "derived")

    def copied(path: Path) -> Project:
        shutil.copy(folder / "searched.loom", path)
        made = Project.open(path)
        shutil.copytree(folder / "derived", made.derived_store(), dirs_exist_ok=True)
        return made

    return copied


@pytest.fixture(scope="module")
def drafted_once() -> Iterator[None]:
    """Draft the same project once in modules whose tests are about what is made of drafts."""
    with made_once():
        yield


@pytest.fixture(scope="session")
def exported(tmp_path_factory: pytest.TempPathFactory, session_environment: None) -> Path:
    """Return a folder with a project and exports that it remembers: to be read only."""
    folder = tmp_path_factory.mktemp("exported")
    with Project.open(copy_fernwick(folder / "fernwick.loom", few=True)) as project:
        for name in ("xlsx", "json", "csv"):
            export(project, name, folder / f"whole.{name}", ExportOptions())
    book = openpyxl.load_workbook(folder / "whole.xlsx")
    # A person may delete sheets; it makes the tests quick, too.
    for file, sheets in (
        ("three", ("Insights", "Evidence", "Themes")),
        ("two", ("Insights", "Evidence")),
        ("insights", ("Insights",)),
    ):
        for name in set(book.sheetnames) - set(sheets):
            del book[name]
        book.save(folder / f"{file}.xlsx")
    return folder


@pytest.fixture
def place(exported: Path, tmp_path: Path) -> Path:
    """Return a folder of this test's own with copies of them."""
    shutil.copytree(exported, tmp_path, dirs_exist_ok=True)
    return tmp_path
