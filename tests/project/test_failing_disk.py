"""Full disks and writing side by side."""

import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import polars as pl
import pytest
from tests.project.story import Deed, perform, snapshot

from themeloom.domain.errors import ProjectError
from themeloom.project.project import Project

ROOT = Path(__file__).parents[2]

LIMITED = """
import resource, signal, sys
from pathlib import Path
from tests.project.story import Deed, perform
from themeloom.domain.errors import ProjectError
from themeloom.project.project import Project
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
path = Path(sys.argv[1])
with Project.open(path) as project:
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 200_000, -1))
    try:
        perform(project, Deed("import", 2, 1000, 5000))
    except ProjectError as error:
        print(error)
    print(project.records().height)
    resource.setrlimit(resource.RLIMIT_FSIZE, (-1, -1))
    perform(project, Deed("import", 3, 1000, 50))
    print(project.records().height)
"""


def test_full_disk_changes_nothing_and_a_retry_works(project: Project) -> None:
    perform(project, Deed("import", 1, 0, 50))
    perform(project, Deed("run", 2))
    before = snapshot(project)
    assert project._writer is not None
    pages = project._writer.call(lambda connection: connection.pragma("page_count"))
    limit = f"PRAGMA max_page_count = {pages + 20}"
    project._writer.call(lambda connection: connection.execute(limit).fetchall())
    with pytest.raises(ProjectError, match="disk is full"):
        perform(project, Deed("import", 3, 100, 3000))
    assert snapshot(project) == before
    assert all(check.ok for check in project.check())
    limit = "PRAGMA max_page_count = 1000000"
    project._writer.call(lambda connection: connection.execute(limit).fetchall())
    perform(project, Deed("import", 4, 100, 3000))
    assert project.records().height == 3050


def test_a_full_disk_halves_no_bulk_edit(project: Project) -> None:
    perform(project, Deed("import", 1, 0, 3000))
    perform(project, Deed("run", 2))
    numbers = project.excerpt_rows()["excerpt"].to_list()
    before = project.state_hash()
    assert project._writer is not None
    pages = project._writer.call(lambda connection: connection.pragma("page_count"))
    limit = f"PRAGMA max_page_count = {pages + 20}"
    project._writer.call(lambda connection: connection.execute(limit).fetchall())
    with pytest.raises(ProjectError, match="disk is full"):
        project.confirm(numbers)
    assert project.state_hash() == before
    assert project.undo_name == "search for themes"
    assert project.rename_theme("T-2", "Small edits still fit") is not None
    limit = "PRAGMA max_page_count = 1000000"
    project._writer.call(lambda connection: connection.execute(limit).fetchall())
    assert project.confirm(numbers) is not None
    project.undo()
    project.undo()
    assert project.state_hash() == before


@pytest.mark.skipif(sys.platform == "win32", reason="file sizes cannot be limited there")
def test_failing_writes_change_nothing_and_a_retry_works(project: Project, path: Path) -> None:
    """A size limit makes the system refuse writes in the middle of the log file."""
    perform(project, Deed("import", 1, 0, 50))
    project.close()
    command = [sys.executable, "-c", LIMITED, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
    message, after_failure, after_retry = done.stdout.splitlines()
    assert "The last change was not made" in message
    assert (after_failure, after_retry) == ("50", "100")
    with Project.open(path) as again:
        assert again.records().height == 100
        assert all(check.ok for check in again.check())


def test_a_rename_does_not_wait_for_an_import_of_100_000_rows(project: Project) -> None:
    perform(project, Deed("run", 1))
    text = "It takes very long to export a report to PDF, longer than last year."
    many = pl.DataFrame({"record_id": [f"{number:016x}" for number in range(100_000)]})
    records = many.with_columns(text=pl.lit(text), fields_json=pl.lit(text))

    def bring_in() -> None:
        with project.begin_import("large") as stage:
            source_id = stage.add_source({"file": "large.csv"})
            stage.add_records(records.with_columns(source_id=pl.lit(source_id)))
            stage.commit()

    waits: list[float] = []
    with ThreadPoolExecutor(1) as pool:
        importing = pool.submit(bring_in)
        while not wait([importing], 0.02).done:
            began = time.perf_counter()
            project.rename_theme("T-1", f"Name {len(waits)}")
            waits.append(time.perf_counter() - began)
        importing.result()
    assert project.records(["record_id"]).height == 100_000
    assert len(waits) >= 5
    # A busy machine may stop us for a moment, a few times.
    assert statistics.median(waits) < 0.1
    assert max(waits) < 0.5
