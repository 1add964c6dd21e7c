"""Child processes for the whole run, and one search that many tests go on from."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.services.planted import planted_project

from themeloom.jobs.worker import Worker
from themeloom.project.project import Project
from themeloom.services import workers
from themeloom.services.synthesis import SynthesisOptions, find_themes


@pytest.fixture(scope="session")
def engine(session_environment: None) -> Iterator[Worker]:
    """Return the engine of all tests that only ask; those that kill or cancel take ``spare_engine``."""
    with workers.engine() as made:
        yield made


@pytest.fixture(scope="session")
def spare_engine(session_environment: None) -> Iterator[Worker]:
    """Return an engine that may be cancelled and killed."""
    with workers.engine() as made:
        yield made


@pytest.fixture(scope="session")
def reader(session_environment: None) -> Iterator[Worker]:
    with workers.reader() as made:
        yield made


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
