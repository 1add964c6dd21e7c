"""SQLite's errors in plain words."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import apsw

from themeloom.domain.errors import ProjectDamagedError, ProjectError
from themeloom.project.backup_files import newest as newest_backup

_DAMAGED = (apsw.CorruptError, apsw.NotADBError, apsw.FormatError)
_FORBIDDEN = (apsw.ReadOnlyError, apsw.PermissionsError, apsw.CantOpenError, apsw.AuthError)


@contextmanager
def plainly(path: Path) -> Generator[None]:
    """Turn what SQLite and the file system raise inside into a ``ProjectError`` about ``path``."""
    try:
        yield
    except _DAMAGED as error:
        raise damaged(path) from error
    except apsw.FullError as error:
        raise ProjectError(
            "The disk is full. The last change was not made; everything before it is safe.",
            file=path.name,
            hint="Free some space and try again.",
        ) from error
    except _FORBIDDEN as error:
        raise forbidden(path) from error
    except (apsw.BusyError, apsw.LockedError) as error:
        raise ProjectError(
            "Another program is using the project file.",
            file=path.name,
            hint="Close it (backup and sync programs included) and try again.",
        ) from error
    except apsw.IOError as error:
        raise ProjectError(
            "The project file could not be read or written: the disk is full or not reachable. "
            "The last change was not made; everything before it is safe.",
            file=path.name,
            hint="Check the disk or network folder and try again.",
        ) from error
    except PermissionError as error:
        raise forbidden(path) from error
    except OSError as error:
        raise ProjectError(
            f"The project file cannot be used: {error.strerror or error}.",
            file=path.name,
            hint="Check the disk or network folder and try again.",
        ) from error


def damaged(path: Path) -> ProjectError:
    """Return the error for a file whose content is broken; it names the newest backup."""
    newest = newest_backup(path)
    hint = (
        f"Nothing was written to it. The newest backup is {newest}."
        if newest
        else "Nothing was written to it. Take the file from your own backup."
    )
    return ProjectDamagedError("The project file is damaged.", file=path.name, hint=hint)


def forbidden(path: Path) -> ProjectError:
    """Return the error for a file or folder that may not be read or written."""
    return ProjectError(
        "The project file may not be opened or written.",
        file=path.name,
        hint="Check the permissions of the file and its folder, or work on a copy of it.",
    )
