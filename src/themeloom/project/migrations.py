"""Bringing older project files up to date: backup first, then all steps in one transaction."""

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import apsw

from themeloom.domain.errors import ProjectError
from themeloom.project import backups
from themeloom.project.connection import transaction
from themeloom.project.format_2 import to_format_2
from themeloom.project.format_3 import to_format_3
from themeloom.project.sql import execute, rows, value


@dataclass(frozen=True, slots=True)
class Migration:
    """Brings a file from version ``to - 1`` to ``to``."""

    to: int
    apply: Callable[[apsw.Connection], None]


#: In order. Version 1 is the first one.
MIGRATIONS: tuple[Migration, ...] = (Migration(2, to_format_2), Migration(3, to_format_3))


def migrate(
    connection: apsw.Connection, path: Path, migrations: Sequence[Migration] = MIGRATIONS
) -> Path | None:
    """Apply the migrations that the file at ``path`` lacks.

    Returns the backup made before, or None where nothing was to do. Foreign keys are checked at
    the end instead of at each statement, so that tables can be rebuilt.

    Raises:
        ProjectError: the file cannot be converted; it is as it was before.
        apsw.Error: the backup could not be written.
    """
    version = int(value(connection, "PRAGMA user_version"))
    pending = [migration for migration in migrations if migration.to > version]
    if not pending:
        return None
    backup = backups.make(connection, path, backups.Why.MIGRATION)
    execute(connection, "PRAGMA foreign_keys = OFF")
    try:
        with transaction(connection):
            for migration in pending:
                migration.apply(connection)
            _require_sound(connection)
            # Last: a file has the number of the tables that it really has.
            execute(connection, f"PRAGMA user_version = {pending[-1].to}")
    except (
        apsw.ConstraintError,
        apsw.SQLError,
        apsw.CorruptError,
        ValueError,
        KeyError,
        zlib.error,
    ) as error:
        raise ProjectError(
            "The project is of an older version and could not be converted. It was left as it was.",
            file=path.name,
            hint=f"Open it with the version of Themeloom that made it. A copy is {backup}.",
        ) from error
    finally:
        execute(connection, "PRAGMA foreign_keys = ON")
    return backup


def _require_sound(connection: apsw.Connection) -> None:
    if rows(connection, "PRAGMA foreign_key_check"):
        raise apsw.ConstraintError("references are broken after the migration")
    if value(connection, "PRAGMA integrity_check(1)") != "ok":
        raise apsw.CorruptError("the file is not sound after the migration")
