"""The program as a person runs it: real processes, the sample data, one synthesis for all tests."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from themeloom.base.paths import sample_data
from themeloom.project.project import Project


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Program = Callable[..., Ran]


@pytest.fixture(scope="session")
def program_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the root of settings and caches of the programs that are run."""
    return tmp_path_factory.mktemp("program-home")


@pytest.fixture(scope="session")
def program(session_environment: None, program_home: Path) -> Program:
    """Return a function that runs `themeloom` with arguments in a process of its own."""

    def run(*arguments: object, environment: Mapping[str, str] | None = None) -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", "themeloom", *map(str, arguments)],
            env={**os.environ, "THEMELOOM_HOME": str(program_home), **(environment or {})},
            capture_output=True,
            encoding="utf-8",
            stdin=subprocess.DEVNULL,
            timeout=240,
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    return run


@dataclass(frozen=True)
class Synthesis:
    """The main job's outcome; ``vectors``: the folder with those of its texts."""

    ran: Ran
    project: Path
    workbook: Path
    vectors: Path


@pytest.fixture(scope="session")
def synthesis(
    program: Program, program_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Synthesis:
    """Return the main job's outcome on the first wave of the sample data."""
    folder = tmp_path_factory.mktemp("synthesis")
    project, workbook = folder / "fernwick.loom", folder / "insights.xlsx"
    ran = program("synthesize", sample_data(), "--output", workbook, "--project", project, "--json")
    assert ran.code == 0, ran.err
    with pytest.MonkeyPatch.context() as patch, Project.open(project, read_only=True) as opened:
        patch.setenv("THEMELOOM_HOME", str(program_home))
        (vectors,) = opened.derived_store().glob("vectors-*")
    return Synthesis(ran, project, workbook, vectors)
