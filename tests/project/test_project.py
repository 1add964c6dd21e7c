"""Opening, closing and refusing project files."""

import os
import shutil
import sys
from pathlib import Path

import apsw
import pytest
from tests.project.story import Deed, perform, snapshot

from themeloom.domain.errors import ProjectError
from themeloom.domain.themes import Run
from themeloom.project import schema
from themeloom.project.project import Project


def names_beside(path: Path) -> list[str]:
    """Return the files beside a project and itself; its backups lie in a folder."""
    return sorted(found.name for found in path.parent.iterdir() if found.is_file())


def test_one_file_remains_and_keeps_id_and_key(path: Path) -> None:
    with Project.create(path) as project:
        identity = project.id, project.mask_key
        perform(project, Deed("import", 1, 0, 5))
        seen = snapshot(project)
        assert len(names_beside(path)) > 1  # the lock and SQLite's companions
    assert names_beside(path) == [path.name]
    with Project.open(path) as project:
        assert (project.id, project.mask_key) == identity
        assert snapshot(project) == seen
    assert names_beside(path) == [path.name]


def test_settings_of_the_file(project: Project, path: Path) -> None:
    project.close()
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    assert connection.pragma("application_id") == schema.APPLICATION_ID
    assert connection.pragma("user_version") == schema.VERSION
    assert connection.pragma("journal_mode") == "delete"
    connection.close()


def test_the_write_connection_is_durable(project: Project) -> None:
    assert project._writer is not None
    names = ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "trusted_schema")
    found = project._writer.call(lambda connection: [connection.pragma(name) for name in names])
    assert found == ["wal", 2, 1, 1, 0]
    assert project._writer.call(lambda connection: connection.pragma("cell_size_check")) == 1


def test_closed_twice_and_used_after(project: Project) -> None:
    project.close()
    project.close()
    with pytest.raises(ProjectError, match="closed"):
        project.records()
    with pytest.raises(ProjectError, match="closed"):
        project.undo()


def test_reading_while_another_writes(project: Project, path: Path) -> None:
    perform(project, Deed("import", 1, 0, 5))
    with Project.open(path, read_only=True) as reader:
        assert reader.read_only
        assert snapshot(reader) == snapshot(project)
        perform(project, Deed("import", 2, 3, 9))
        assert snapshot(reader) == snapshot(project)
        with pytest.raises(ProjectError, match="reading only"):
            reader.undo()
    project.close()
    with Project.open(path, read_only=True) as reader:
        assert reader.records().height == 12
        assert names_beside(path) == [path.name]


def test_create_refuses_what_is_there(project: Project, path: Path) -> None:
    project.close()
    before = path.read_bytes()
    with pytest.raises(ProjectError, match="file of this name"):
        Project.create(path)
    assert path.read_bytes() == before
    with pytest.raises(ProjectError, match="no folder"):
        Project.create(path.parent / "missing" / "p.loom")
    assert names_beside(path) == [path.name]


def test_create_leaves_the_last_changes_of_another_project_alone(tmp_path: Path) -> None:
    remains = tmp_path / "p.loom-wal"
    remains.write_bytes(b"changes")
    with pytest.raises(ProjectError, match=r"p\.loom-wal"):
        Project.create(tmp_path / "p.loom")
    assert remains.read_bytes() == b"changes"
    assert names_beside(remains) == ["p.loom-wal"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b"Ticket,Text\n1,Hello\n", "not a Themeloom project"),
        (b"SQLite format 3\x00", "damaged"),
    ],
)
def test_other_files_are_refused(path: Path, content: bytes, message: str) -> None:
    path.write_bytes(content)
    for read_only in (False, True):
        with pytest.raises(ProjectError, match=message) as caught:
            Project.open(path, read_only=read_only)
        assert caught.value.complaint.file == path.name
        assert caught.value.complaint.hint
    assert path.read_bytes() == content
    assert names_beside(path) == [path.name]


def test_missing_files_and_folders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="no such project"):
        Project.open(tmp_path / "p.loom")
    with pytest.raises(ProjectError, match="folder"):
        Project.open(tmp_path)


def alter(path: Path, sql: str) -> None:
    connection = apsw.Connection(str(path))
    connection.execute(sql)
    connection.close()


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("PRAGMA application_id = 1", "another program"),
        (f"PRAGMA user_version = {schema.VERSION + 1}", "newer version"),
        ("PRAGMA user_version = 0", "damaged"),
        ("DROP TABLE steps", "damaged"),
        ("CREATE TRIGGER t AFTER UPDATE ON themes BEGIN DELETE FROM records; END", "damaged"),
        ("CREATE VIEW v AS SELECT 1", "damaged"),
        ("UPDATE meta SET value = '../../../outside' WHERE key = 'id'", "damaged"),
        ("UPDATE meta SET value = 'text' WHERE key = 'mask_key'", "damaged"),
        ("DELETE FROM meta", "damaged"),
    ],
)
def test_foreign_newer_and_tampered_databases_are_refused(
    project: Project, path: Path, sql: str, message: str
) -> None:
    project.close()
    alter(path, sql)
    before = path.read_bytes()
    for read_only in (True, False):
        with pytest.raises(ProjectError, match=message):
            Project.open(path, read_only=read_only)
    assert path.read_bytes() == before
    assert names_beside(path) == [path.name]


def test_damaged_files_are_refused_and_not_written_to(project: Project, path: Path) -> None:
    perform(project, Deed("import", 1, 0, 300))
    project.close()
    sound = path.read_bytes()
    for kind in ("cut", "zeros", "noise"):
        for eighth in range(1, 8):
            at = len(sound) * eighth // 8 // 4096 * 4096
            broken = {
                "cut": sound[:at],
                "zeros": sound[:at] + bytes(4096) + sound[at + 4096 :],
                "noise": sound[:at] + b"\xa5" * 4096 + sound[at + 4096 :],
            }[kind]
            path.write_bytes(broken)
            with pytest.raises(ProjectError, match="damaged"):
                Project.open(path)
            assert path.read_bytes() == broken
            assert names_beside(path) == [path.name]


def test_the_hint_names_the_newest_backup(project: Project, path: Path) -> None:
    project.close()
    folder = path.with_name(f"{path.stem} backups")
    folder.mkdir()
    for day in ("2026-11-01", "2026-11-09", "2026-10-30"):
        shutil.copy(path, folder / f"{path.stem} {day} 10-00-00-000000.loom")
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(ProjectError, match="2026-11-09"):
        Project.open(path)


@pytest.mark.skipif(sys.platform != "linux", reason="names are Unicode there")
def test_a_name_that_is_no_text_is_refused(tmp_path: Path) -> None:
    odd = tmp_path / os.fsdecode(b"caf\xe9.loom")
    for use in (Project.create, Project.open):
        with pytest.raises(ProjectError, match="no text") as refused:
            use(odd)
        assert str(refused.value).encode()
    assert not any(tmp_path.iterdir())


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission_is_refused(path: Path) -> None:
    path.parent.chmod(0o500)
    try:
        with pytest.raises(ProjectError, match="may not be opened or written"):
            Project.create(path)
    finally:
        path.parent.chmod(0o700)


def test_a_file_replaced_under_us_is_noticed_before_the_next_change(
    project: Project, path: Path
) -> None:
    with project.begin_run(Run("run", "2026-11-01", 0, "hash")) as stage:
        stage.commit()
    other = path.with_name("downloaded")
    shutil.copy(path, other)
    os.replace(other, path)
    with pytest.raises(ProjectError, match="moved, replaced or deleted"):
        project.undo()
    path.unlink()
    with pytest.raises(ProjectError, match="moved, replaced or deleted"):
        project.undo()


def test_derived_store_is_one_folder_per_project(project: Project, themeloom_home: Path) -> None:
    store = project.derived_store()
    assert store.is_dir()
    assert store.name == project.id
    assert store.is_relative_to(themeloom_home)


def test_check_of_a_sound_project(project: Project) -> None:
    perform(project, Deed("import", 1, 0, 20))
    perform(project, Deed("run", 2))
    checks = project.check()
    assert [check.name for check in checks] == [
        "File integrity",
        "References",
        "Completeness",
        "Leftovers",
        "Versions",
        "Backup",
    ]
    assert all(check.ok for check in checks)


@pytest.mark.parametrize(
    ("sql", "name"),
    [
        ("DELETE FROM excerpts WHERE eid = 7", "References"),  # an assignment points there
        ("DELETE FROM assignments WHERE excerpt = 7", "Completeness"),
        ("DELETE FROM excerpts WHERE eid = 5", "Completeness"),
    ],
)
def test_check_finds_missing_rows(project: Project, path: Path, sql: str, name: str) -> None:
    perform(project, Deed("import", 1, 0, 20))
    perform(project, Deed("run", 2))
    project.close()
    alter(path, sql)  # a connection without foreign keys
    with Project.open(path) as again:
        assert name in [check.name for check in again.check() if not check.ok]
