"""The whole export of 100,000 coded records as a workbook: time and memory of the process."""

import sys
from pathlib import Path

import pytest
from tests.bench.large_project import large_project
from tests.bench.whole_process import measure

pytestmark = pytest.mark.bench


def test_workbook_of_100_000_records(tmp_path: Path) -> None:
    """From command to file in under 30 s and 1.5 GB, masked, all sheets and charts."""
    project, target = tmp_path / "large.loom", tmp_path / "large.xlsx"
    large_project(project, excerpts=100_000, themes=60)
    command = [sys.executable, "-m", "themeloom", "export", "--project", str(project)]
    command += ["--format", "xlsx", "--output", str(target)]
    home = {"THEMELOOM_HOME": str(tmp_path / "home")}
    measured = measure({"xlsx": command}, runs=3, environment=home)["xlsx"]
    print(f"\n100,000 records as a workbook: {measured}, {target.stat().st_size / 1e6:.1f} MB")
    assert measured.median < 30
    assert measured.peak_mb < 1500
