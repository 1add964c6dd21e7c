"""A new project for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from themeloom.project.project import Project


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "Félix & co.loom"


@pytest.fixture
def project(path: Path) -> Iterator[Project]:
    with Project.create(path) as made:
        yield made
