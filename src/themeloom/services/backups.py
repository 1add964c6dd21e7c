"""Backups of a project file: the list, and going back to one."""

from pathlib import Path

from themeloom.project import backups as files
from themeloom.project.backups import Backup

__all__ = ["Backup", "backups_of", "restore"]


def backups_of(project: Path) -> list[Backup]:
    """Return the backups of the project file ``project``, newest first."""
    return files.list_backups(project)


def restore(project: Path, backup: Backup) -> None:
    """Put a backup in the project's place; what is there now becomes a backup itself.

    Raises:
        ProjectError: the project is open, or the backup is not sound.
    """
    files.restore_backup(project, backup)
