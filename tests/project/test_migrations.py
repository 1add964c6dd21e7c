"""Older files are brought up to date behind a backup, or left exactly as they were."""

from collections.abc import Callable
from pathlib import Path

import apsw
import pytest
from tests.project.story import Deed, perform, snapshot

from themeloom.domain.errors import ProjectError
from themeloom.project import backups
from themeloom.project.connection import connect, refuse_foreign, verify
from themeloom.project.migrations import Migration, migrate
from themeloom.project.project import Project

STEPS = (
    "ALTER TABLE themes ADD COLUMN memo TEXT",
    "UPDATE themes SET memo = 'from ' || title",
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
    connection.execute("ALTER TABLE themes RENAME COLUMN memo TO note")


@pytest.fixture
def old(project: Project, path: Path) -> Path:
    """Return a project file of version 1 with content."""
    perform(project, Deed("import", 1, 0, 10))
    perform(project, Deed("run", 2))
    project.close()
    return path


def test_all_steps_are_applied_behind_a_backup(old: Path) -> None:
    before = old.read_bytes()
    connection = connect(old, read_only=False)
    steps = [Migration(2, stopping_after(len(STEPS))), Migration(3, renamed)]
    backup = migrate(connection, old, steps)
    assert connection.pragma("user_version") == 3
    assert connection.pragma("foreign_keys") == 1
    assert connection.execute("SELECT note FROM themes").fetchall() == [("from Theme 2",)]
    assert migrate(connection, old, steps) is None
    connection.close()
    assert backup is not None
    assert backup == backups.newest(old)
    assert backups.is_sound(backup)
    with pytest.raises(ProjectError, match="newer"):  # this program still writes version 1
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
        migrate(connection, old, [Migration(2, stopping_after(steps))])
    assert verify(connection, old) == 1
    connection.close()
    refuse_foreign(old)
    with Project.open(old) as project:
        assert [theme[1] for theme in snapshot(project)["themes"]] == ["Theme 2"]


def test_a_migration_that_breaks_references_is_refused(old: Path) -> None:
    def lose_themes(connection: apsw.Connection) -> None:
        connection.execute("DELETE FROM themes")

    connection = connect(old, read_only=False)
    with pytest.raises(ProjectError, match="left as it was"):
        migrate(connection, old, [Migration(2, lose_themes)])
    connection.close()
    with Project.open(old) as project:
        assert project.themes().height == 1


def test_backups_are_listed_by_age_and_damaged_ones_are_noticed(old: Path) -> None:
    connection = connect(old, read_only=False)
    made = [backups.make(connection, old) for _ in range(3)]
    connection.close()
    assert backups.newest(old) == made[-1]
    assert len(set(made)) == 3
    made[-1].write_bytes(made[-1].read_bytes()[:9000])
    assert [backups.is_sound(backup) for backup in made] == [True, True, False]
    with Project.open(old) as project:
        assert [check.name for check in project.check() if not check.ok] == ["Backup"]
