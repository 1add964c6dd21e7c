"""Backups: when they are made, which are kept, and the way back to one."""

import os
import shutil
import statistics
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import apsw
import pytest
from tests.project.story import Deed, perform, snapshot

from themeloom.domain.errors import ProjectError
from themeloom.project import backups
from themeloom.project.backup_files import Backup, Why, folder_of, list_backups, thinned_out
from themeloom.project.project import Project

NOW = datetime(2026, 11, 26, 10, 0, tzinfo=UTC)


def whys(path: Path) -> list[str]:
    return [backup.why for backup in list_backups(path)]


def test_imports_and_runs_begin_with_a_backup_of_what_they_change(
    project: Project, path: Path
) -> None:
    perform(project, Deed("import", 1, 0, 5))
    assert whys(path) == []  # there was nothing to lose
    before = snapshot(project)
    perform(project, Deed("run", 2))
    perform(project, Deed("import", 3, 3, 5))
    assert whys(path) == [Why.IMPORT, Why.RUN]
    project.begin_import("same").discard()
    project.undo()
    project.begin_import("undone").discard()
    project.begin_import("nothing changed since").discard()
    assert whys(path) == [Why.IMPORT, Why.IMPORT, Why.IMPORT, Why.RUN]
    oldest = list_backups(path)[-1]
    assert oldest.size == oldest.path.stat().st_size
    with Project.open(oldest.path) as copy:
        assert snapshot(copy) == before
        assert copy.id == project.id


def test_every_30_minutes_of_change(project: Project, path: Path) -> None:
    start = datetime.now(UTC)
    assert project.backup_if_due(start + timedelta(hours=9)) is None  # nothing was changed
    perform(project, Deed("import", 1, 0, 5))
    assert project.backup_if_due(start + timedelta(minutes=29)) is None
    assert project.backup_if_due(start + timedelta(minutes=31)) is not None
    assert project.backup_if_due(start + timedelta(hours=9)) is None
    project.undo()
    assert project.backup_if_due(start + timedelta(minutes=29)) is None
    made = project.backup_if_due(start + timedelta(minutes=61))
    assert made is not None
    assert whys(path) == [Why.CHANGES] * 2
    project.close()
    with Project.open(path) as again:
        assert again.backup_if_due(start + timedelta(days=9)) is None
        again.redo()
        assert again.backup_if_due(start + timedelta(days=9)) is not None


def test_reading_only_makes_no_backup(project: Project, path: Path) -> None:
    perform(project, Deed("import", 1, 0, 5))
    with (
        Project.open(path, read_only=True) as reader,
        pytest.raises(ProjectError, match="reading only"),
    ):
        reader.back_up(Why.CHANGES)


def at(*ages: timedelta) -> list[Backup]:
    return [Backup(Path(str(age)), NOW - age, 1, "") for age in ages]


def days(*ages: float) -> list[Backup]:
    return at(*(timedelta(days=age) for age in ages))


@pytest.mark.parametrize(
    ("there", "gone"),
    [
        ([], []),
        (at(*(timedelta(minutes=n) for n in range(0, 2880, 30))), []),
        # Of a day, the newest one stays.
        (days(3.0, 3.1, 3.2, 4.0, 4.1), days(3.1, 3.2, 4.1)),
        (days(2.5, *range(3, 14)), days(3)),
        # Behind twelve days: one a week. 15 to 17 days before a Thursday are in one week.
        (days(*range(3, 16), 16, 17), days(16, 17)),
        # Twelve days, then ten Sundays or less, then nine ends of months.
        (
            days(*range(3, 401)),
            days(
                *[
                    age
                    for age in range(15, 401)
                    if age
                    not in {15, 18, 25, 32, 39, 46, 53, 60, 67, 74}
                    | {81, 87, 118, 149, 179, 210, 240, 271, 299}
                ]
            ),
        ),
    ],
)
def test_thinning(there: list[Backup], gone: list[Backup]) -> None:
    found = thinned_out(there, NOW)
    assert sorted(backup.when for backup in found) == sorted(backup.when for backup in gone)
    left = [backup for backup in there if backup not in found]
    assert thinned_out(left, NOW) == []  # thinning twice takes nothing more
    assert thinned_out(list(reversed(there)), NOW) == found


def test_thinning_keeps_at_most_so_many() -> None:
    there = at(*(timedelta(hours=n) for n in range(49, 24 * 800)))
    left = len(there) - len(thinned_out(there, NOW))
    assert left == 12 + 10 + 9


def test_a_new_backup_thins_the_old_ones_and_leaves_other_files(
    project: Project, path: Path
) -> None:
    perform(project, Deed("import", 1, 0, 5))
    folder = folder_of(path)
    first = project.back_up(Why.CHANGES)
    assert first is not None
    for name in ("2025-01-01 10-00-00-000000", "2025-01-01 11-00-00-000000 before an import"):
        shutil.copy(first, folder / f"{path.stem} {name}.loom")
    first.unlink()
    perform(project, Deed("import", 2, 9, 5))
    (folder / f"{path.stem} 2025-01-01 12-00-00-000000 killed.part").write_text("half")
    for name in ("Other 2025-01-01 10-00-00-000000.loom", f"{path.stem} mine.loom", "notes.txt"):
        (folder / name).write_text("mine")
    made = project.back_up(Why.CHANGES)
    assert made is not None
    assert list_backups(path)[0].path == made
    assert sorted(found.name for found in folder.iterdir()) == sorted(
        [
            made.name,
            f"{path.stem} 2025-01-01 11-00-00-000000 before an import.loom",
            f"{path.stem} mine.loom",
            "Other 2025-01-01 10-00-00-000000.loom",
            "notes.txt",
        ]
    )


def test_a_backup_is_of_one_moment_and_edits_do_not_wait_for_it(
    project: Project, path: Path
) -> None:
    perform(project, Deed("run", 1))
    perform(project, Deed("import", 2, 0, 8_000))
    before = project.state_hash()
    made: list[Path | None] = []
    copying = threading.Thread(target=lambda: made.append(project.back_up(Why.CHANGES)))
    waits: list[float] = []
    copying.start()
    while copying.is_alive():
        began = time.perf_counter()
        project.rename_theme("T-1", f"Name {len(waits)}")
        waits.append(time.perf_counter() - began)
    copying.join()
    assert len(waits) >= 3
    assert statistics.median(waits) < 0.2
    assert made[0] is not None
    with Project.open(made[0]) as copy:
        title = copy.themes()["title"][0]
        if title == "Theme 1":
            assert copy.state_hash() == before
        assert copy.undo_name in ("import of wave 2", f"rename of “Theme 1” to “{title}”") or (
            title.startswith("Name")
        )
        assert [check.name for check in copy.check() if not check.ok] == []


def test_restoring_keeps_what_was_there(project: Project, path: Path) -> None:
    perform(project, Deed("run", 1))
    project.rename_theme("T-1", "Then")
    project.back_up(Why.CHANGES)
    then = project.state_hash()
    project.rename_theme("T-1", "Now")
    now = project.state_hash()
    (backup,) = list_backups(path)
    with pytest.raises(ProjectError, match="already open"):
        backups.restore_backup(path, backup)
    project.close()
    backups.restore_backup(path, backup)
    with Project.open(path) as restored:
        assert restored.state_hash() == then
        assert restored.undo_name == "rename of “Theme 1” to “Then”"
    assert whys(path) == [Why.RESTORE, Why.CHANGES]
    backups.restore_backup(path, list_backups(path)[0])
    with Project.open(path) as restored:
        assert restored.state_hash() == now
    assert sorted(found.name for found in path.parent.iterdir()) == [
        folder_of(path).name,
        path.name,
    ]


def test_changes_of_a_killed_process_are_kept_when_restoring(project: Project, path: Path) -> None:
    """Its log lies beside the file: it must neither be lost nor meet the restored file."""
    perform(project, Deed("run", 1))
    project.back_up(Why.CHANGES)
    project.rename_theme("T-1", "Only in the log")
    killed = path.parent / "elsewhere" / path.name
    killed.parent.mkdir()
    for ending in ("", "-wal"):
        shutil.copy(path.with_name(path.name + ending), killed.with_name(path.name + ending))
    assert killed.with_name(f"{path.name}-wal").stat().st_size > 0
    backups.restore_backup(killed, list_backups(path)[0])
    with Project.open(killed) as restored:
        assert restored.themes()["title"].to_list() == ["Theme 1"]
    (kept,) = list_backups(killed)
    with Project.open(kept.path) as copy:
        assert copy.themes()["title"].to_list() == ["Only in the log"]


@pytest.mark.parametrize("damage", ["cut", "empty", "missing"])
def test_a_damaged_project_is_restored(project: Project, path: Path, damage: str) -> None:
    perform(project, Deed("import", 1, 0, 50))
    project.back_up(Why.CHANGES)
    then = project.state_hash()
    project.close()
    broken = {"cut": path.read_bytes()[:9000], "empty": b"", "missing": b""}[damage]
    path.write_bytes(broken)
    if damage == "missing":
        path.unlink()
    (backup,) = list_backups(path)
    backups.restore_backup(path, backup)
    with Project.open(path) as restored:
        assert restored.state_hash() == then
    if damage == "cut":
        (kept,) = folder_of(path).glob("*.bad")
        assert kept.read_bytes() == broken


def test_a_damaged_backup_changes_nothing(project: Project, path: Path) -> None:
    perform(project, Deed("import", 1, 0, 50))
    project.back_up(Why.CHANGES)
    project.close()
    before = path.read_bytes()
    (backup,) = list_backups(path)
    backup.path.write_bytes(backup.path.read_bytes()[:9000])
    with pytest.raises(ProjectError, match="damaged"):
        backups.restore_backup(path, backup)
    assert path.read_bytes() == before
    assert whys(path) == [Why.CHANGES]


def test_a_full_disk_leaves_no_half_backup(
    project: Project, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    perform(project, Deed("import", 1, 0, 50))

    def full(*_: object) -> None:
        raise apsw.FullError("database or disk is full")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(ProjectError, match="disk is full"):
        project.back_up(Why.CHANGES)
    assert list(folder_of(path).iterdir()) == []
