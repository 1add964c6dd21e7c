"""Opening project files."""

from pathlib import Path

from themeloom.project.project import Project


def open_or_create(path: Path) -> Project:
    """Return the project at ``path`` for writing; a new one is made when there is none.

    Raises:
        ProjectError: not a project, damaged, newer, or open elsewhere.
    """
    return Project.open(path) if path.exists() else Project.create(path)
