"""Older files are brought up to date behind a backup, or left exactly as they were."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import apsw
import pytest
from tests.project.story import Deed, Snapshot, perform, snapshot

from themeloom.domain.errors import ProjectError
from themeloom.project import backups, schema
from themeloom.project.backup_files import Why, newest
from themeloom.project.connection import connect, refuse_foreign, verify
from themeloom.project.migrations import Migration, migrate
from themeloom.project.project import Project

GOLDEN = Path(__file__).parent / "golden"
STEPS = (
    "ALTER TABLE themes ADD COLUMN hue TEXT",
    "UPDATE themes SET hue = 'from ' || title",
    # Rebuilding a table that others refer to: what ALTER TABLE cannot do.
    "CREATE TABLE themes_2 AS SELECT * FROM themes",
    "DELETE FROM themes",
    "INSERT INTO themes SELECT * FROM themes_2",
    "DROP TABLE themes_2",
)


def stopping_after(steps: int) -> Callable[[apsw.Connection], None]:
    """Return a migration that fails when it has run so many statements."""

    def apply(connection: apsw.Connection) -> None:
        for sql in STEPS[:steps]:
            connection.execute(sql)
        if steps < len(STEPS):
            connection.execute("SELECT no_such_column FROM themes")

    return apply


def renamed(connection: apsw.Connection) -> None:
    connection.execute("ALTER TABLE themes RENAME COLUMN hue TO tint")


@pytest.fixture
def old(project: Project, path: Path) -> Path:
    """Return a project file of today with content."""
    perform(project, Deed("import", 1, 0, 10))
    perform(project, Deed("run", 2))
    project.close()
    return path


def test_all_steps_are_applied_behind_a_backup(old: Path) -> None:
    before = old.read_bytes()
    connection = connect(old, read_only=False)
    steps = [
        Migration(schema.VERSION + 1, stopping_after(len(STEPS))),
        Migration(schema.VERSION + 2, renamed),
    ]
    backup = migrate(connection, old, steps)
    assert connection.pragma("user_version") == schema.VERSION + 2
    assert connection.pragma("foreign_keys") == 1
    assert connection.execute("SELECT tint FROM themes").fetchall() == [("from Theme 2",)]
    assert migrate(connection, old, steps) is None
    connection.close()
    assert backup is not None
    assert backup == newest(old)
    assert backups.is_sound(backup)
    with pytest.raises(ProjectError, match="newer"):  # this program does not know those steps
        Project.open(old)
    with Project.open(backup) as kept, Project.open(copy(before, old)) as original:
        assert snapshot(kept) == snapshot(original)


def copy(content: bytes, beside: Path) -> Path:
    target = beside.with_name("copy.loom")
    target.write_bytes(content)
    return target


@pytest.mark.parametrize("steps", range(len(STEPS)))
def test_a_failing_step_leaves_the_file_as_it_was(old: Path, steps: int) -> None:
    connection = connect(old, read_only=False)
    with pytest.raises(ProjectError, match=r"left as it was.*A copy is"):
        migrate(connection, old, [Migration(schema.VERSION + 1, stopping_after(steps))])
    assert verify(connection, old) == schema.VERSION
    connection.close()
    refuse_foreign(old)
    with Project.open(old) as project:
        assert [theme[1] for theme in snapshot(project)["themes"]] == ["Theme 2"]


def test_a_migration_that_breaks_references_is_refused(old: Path) -> None:
    def lose_themes(connection: apsw.Connection) -> None:
        connection.execute("DELETE FROM themes")

    connection = connect(old, read_only=False)
    with pytest.raises(ProjectError, match="left as it was"):
        migrate(connection, old, [Migration(schema.VERSION + 1, lose_themes)])
    connection.close()
    with Project.open(old) as project:
        assert project.themes().height == 1


def golden(folder: Path, version: int = 1) -> Path:
    """Return a copy of a file written when that was the newest format; its last step was undone."""
    path = folder / f"version-{version}.loom"
    path.write_bytes(gzip.decompress((GOLDEN / f"{path.name}.gz").read_bytes()))
    return path


def states_of(name: str) -> list[Snapshot]:
    """Return what was seen after each step, as the code of that format saw it."""
    found = json.loads(gzip.decompress((GOLDEN / name).read_bytes()))
    return [
        {
            key: [tuple(row) if isinstance(row, list) else row for row in value]
            if isinstance(value, list)
            else value
            for key, value in state.items()
        }
        for state in found
    ]


@pytest.mark.parametrize(
    ("version", "last"),
    [(1, "rename of “Theme 5” to “Title 9”"), (2, "retirement of “Words 244670 ½ “x””")],
)
def test_a_file_of_an_older_format_opens_with_all_its_steps(
    tmp_path: Path, version: int, last: str
) -> None:
    path = golden(tmp_path, version)
    states = states_of(f"version-{version}.json.gz")
    with Project.open(path) as project:
        assert snapshot(project) == states[-2]
        assert project.redo() is not None
        assert snapshot(project) == states[-1]
        for state in reversed(states[:-1]):
            project.undo()
            assert snapshot(project) == state
        assert project.undo() is None
        for state in states[1:]:
            project.redo()
            assert snapshot(project) == state
        assert project.undo_name == last
        assert [check.name for check in project.check() if not check.ok] == []
    backup = newest(path)
    assert apsw.Connection(str(backup)).pragma("user_version") == version


@pytest.mark.parametrize("version", [1, 2])
def test_a_converted_file_has_the_tables_of_a_new_one(tmp_path: Path, version: int) -> None:
    path = golden(tmp_path, version)
    Project.open(path).close()
    new = tmp_path / "new.loom"
    Project.create(new).close()
    assert shapes(path) == shapes(new)


def shapes(path: Path) -> dict[str, list[str]]:
    """Return columns, references and indices of each table, whatever their order."""
    connection = apsw.Connection(str(path))
    names = connection.execute("SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite%'")
    kinds = ("table_xinfo", "foreign_key_list", "index_xinfo", "index_list")
    return {
        str(name): sorted(
            # The first column is a running number.
            repr(row[1:])
            for kind in kinds
            for row in connection.execute(f"PRAGMA {kind}({name})")
        )
        for (name,) in names.fetchall()
    }


def test_a_file_of_format_1_is_unharmed_when_it_cannot_be_converted(tmp_path: Path) -> None:
    path = golden(tmp_path)
    connection = apsw.Connection(str(path))
    connection.execute("UPDATE steps SET payload = zeroblob(9) WHERE seq = 3")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(ProjectError, match="left as it was"):
        Project.open(path)
    assert path.read_bytes() == before


def test_backups_are_listed_by_age_and_damaged_ones_are_noticed(old: Path) -> None:
    connection = connect(old, read_only=False)
    made = [backups.make(connection, old, Why.MIGRATION) for _ in range(3)]
    connection.close()
    assert newest(old) == made[-1]
    assert len(set(made)) == 3
    made[-1].write_bytes(made[-1].read_bytes()[:9000])
    assert [backups.is_sound(backup) for backup in made] == [True, True, False]
    with Project.open(old) as project:
        assert [check.name for check in project.check() if not check.ok] == ["Backup"]
