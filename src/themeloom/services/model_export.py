"""The themes as a folder that stock BERTopic opens; written by the engine process."""

import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import polars as pl

from themeloom.domain.errors import ExportError
from themeloom.jobs.messages import Progress
from themeloom.jobs.tables import write_table
from themeloom.jobs.worker import Worker
from themeloom.project.project import Project
from themeloom.services import workers
from themeloom.services.encoders import encoder_of
from themeloom.services.synthesis import excerpts_for_themes

#: Name on the command line, and what it is for.
MODEL_FORMAT = ("bertopic", "a folder that BERTopic.load opens, for data scientists")


def export_model(
    project: Project,
    target: Path,
    themes: pl.DataFrame,
    on_progress: Callable[[Progress], None] | None = None,
    *,
    records: pl.DataFrame | None = None,
    engine: Worker | None = None,
) -> Path:
    """Write the project's themes as a BERTopic folder to ``target`` and return it.

    The folder holds ``themes`` (THEMES) with their titles, key phrases and vectors, which theme
    each row has, and no customers' texts. ``records`` (``record_id``) leaves out what others say.
    ``engine`` is used when there is one already, else a process is started for this.

    Raises:
        ExportError: there are no themes, or ``target`` is something else than such a folder.
    """
    if target.exists() and not (target.is_dir() and _is_ours(target)):
        raise ExportError(
            "There is something else of this name.",
            file=target.name,
            hint="Choose a name for a new folder.",
        )
    excerpts = excerpts_for_themes(project)
    if records is not None:
        excerpts = excerpts.join(records, on="record_id", how="semi", maintain_order="left")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="themeloom-model-")))
        running = engine or stack.enter_context(workers.engine())
        running.run(
            "themeloom.services.tasks.saving:save_model",
            {
                "excerpts": write_table(excerpts, folder / "excerpts.arrow"),
                "assignments": write_table(project.assignments(), folder / "assignments.arrow"),
                "themes": write_table(themes, folder / "themes.arrow"),
                "encoder": encoder_of(project.active_run()),
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
