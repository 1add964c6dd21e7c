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
def program(session_environment: None, tmp_path_factory: pytest.TempPathFactory) -> Program:
    """Return a function that runs `themeloom` with arguments in a process of its own."""
    home = tmp_path_factory.mktemp("program-home")

    def run(*arguments: object, environment: Mapping[str, str] | None = None) -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", "themeloom", *map(str, arguments)],
            env={**os.environ, "THEMELOOM_HOME": str(home), **(environment or {})},
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
    ran: Ran
    project: Path
    workbook: Path


@pytest.fixture(scope="session")
def synthesis(program: Program, tmp_path_factory: pytest.TempPathFactory) -> Synthesis:
    """Return the main job's outcome on the first wave of the sample data."""
    folder = tmp_path_factory.mktemp("synthesis")
    project, workbook = folder / "fernwick.loom", folder / "insights.xlsx"
    ran = program("synthesize", sample_data(), "--output", workbook, "--project", project, "--json")
    assert ran.code == 0, ran.err
    return Synthesis(ran, project, workbook)
