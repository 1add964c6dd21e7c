"""Opening project files, and where new ones go."""

from itertools import count
from pathlib import Path

from themeloom.base.paths import projects_dir
from themeloom.project.project import Project

ENDING = ".loom"
SAMPLE_NAME = "Themeloom sample"


def open_or_create(path: Path) -> Project:
    """Return the project at ``path`` for writing; a new one is made when there is none.

    Raises:
        ProjectError: not a project, damaged, newer, or open elsewhere.
    """
    try:
        there = path.exists()
    except OSError:  # a name that is too long: making it says so in plain words
        there = False
    return Project.open(path) if there else Project.create(path)


def free_path(stem: str, folder: Path | None = None) -> Path:
    """Return a path for a new project called ``stem``; a number is added where one is there."""
    place = folder or projects_dir()
    clean = "".join(letter for letter in stem if letter not in '<>:"/\\|?*' and letter >= " ")
    name = clean.strip(" .")[:80] or "Feedback"
    for number in count(1):
        path = place / f"{name}{f' {number}' if number > 1 else ''}{ENDING}"
        if not path.exists():
            return path
    raise AssertionError("count never ends")


def sample_path() -> Path:
    """Return where the project of the sample data lies, or will lie."""
    return projects_dir() / f"{SAMPLE_NAME}{ENDING}"
