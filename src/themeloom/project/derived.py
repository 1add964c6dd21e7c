"""The derived store: what can be computed again (vectors, graph, map), outside the project file."""

from pathlib import Path

from themeloom.base.paths import cache_dir


def derived_store(project_id: str) -> Path:
    """Return the folder for what was computed for a project; made when missing."""
    folder = cache_dir() / "projects" / project_id
    folder.mkdir(parents=True, exist_ok=True)
    return folder
