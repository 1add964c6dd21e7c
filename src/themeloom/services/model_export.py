"""The themes as a folder that stock BERTopic opens; written by the engine process."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import polars as pl

from themeloom.domain.errors import ExportError
from themeloom.jobs.messages import Progress
from themeloom.jobs.tables import write_table
from themeloom.project.project import Project
from themeloom.services import workers
from themeloom.services.synthesis import excerpts_for_themes

#: Name on the command line, and what it is for.
MODEL_FORMAT = ("bertopic", "a folder that BERTopic.load opens, for data scientists")


def export_model(
    project: Project,
    target: Path,
    themes: pl.DataFrame,
    on_progress: Callable[[Progress], None] | None = None,
) -> Path:
    """Write the project's themes as a BERTopic folder to ``target`` and return it.

    The folder holds ``themes`` (THEMES) with their titles, key phrases and vectors, which theme
    each row has, and no customers' texts.

    Raises:
        ExportError: there are no themes, or ``target`` is something else than such a folder.
    """
    if target.exists() and not (target.is_dir() and _is_ours(target)):
        raise ExportError(
            "There is something else of this name.",
            file=target.name,
            hint="Choose a name for a new folder.",
        )
    with (
        tempfile.TemporaryDirectory(prefix="themeloom-model-") as name,
        workers.engine() as engine,
    ):
        folder = Path(name)
        engine.run(
            "themeloom.services.tasks.theming:save_model",
            {
                "excerpts": write_table(excerpts_for_themes(project), folder / "excerpts.arrow"),
                "assignments": write_table(project.assignments(), folder / "assignments.arrow"),
                "themes": write_table(themes, folder / "themes.arrow"),
                "store": str(project.derived_store()),
                "folder": str(target.absolute()),
            },
            on_progress=on_progress,
        )
    return target


def _is_ours(folder: Path) -> bool:
    """Tell whether ``folder`` is empty or an earlier export, which may be replaced."""
    names = {path.name for path in folder.iterdir()}
    return not names or "topics.json" in names
