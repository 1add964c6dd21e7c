"""Finding themes: the project's excerpts go to the engine, its proposals come back as a run."""

import hashlib
import platform
import tempfile
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import cast

import polars as pl

from themeloom import __version__
from themeloom.domain.frames import ASSIGNMENTS, THEMES, UNSORTED, conform
from themeloom.domain.records import Kind
from themeloom.domain.themes import Level, Run, Status
from themeloom.jobs.messages import Progress
from themeloom.jobs.tables import read_table, write_table
from themeloom.jobs.worker import Worker
from themeloom.project.project import Project
from themeloom.services.names import names_in

_PREFIX = {Level.GROUP: "G", Level.THEME: "T", Level.SUB_THEME: "S"}


@dataclass(frozen=True, slots=True)
class SynthesisOptions:
    """What a person can ask of a run."""

    seed: int = 0
    themes: int | None = None  # None: found in the texts
    accept: bool = False  # accept what is proposed, as the command line does


@dataclass(frozen=True, slots=True)
class SynthesisReport:
    """What a run brought."""

    run: Run
    new_themes: int
    new_groups: int
    excerpts: int  # that were looked at
    seconds: float


def find_themes(
    project: Project,
    engine: Worker,
    options: SynthesisOptions,
    on_progress: Callable[[Progress], None] | None = None,
) -> SynthesisReport:
    """Propose themes for all excerpts of the project; existing themes are assigned to first.

    The project changes in one step at the end: cancelled or failed, it is as it was.

    Raises:
        JobCancelled: the person cancelled.
        JobFailed: too few texts, or the engine stopped.
    """
    began = time.monotonic()
    work = excerpts_for_themes(project)
    known = project.themes()
    with tempfile.TemporaryDirectory(prefix="themeloom-run-") as name:
        folder = Path(name)
        paths: dict[str, str] | None = None
        if not known.is_empty():
            paths = {
                "themes": write_table(known, folder / "known.arrow"),
                "assignments": write_table(project.assignments(), folder / "was.arrow"),
            }
        answer = cast(
            Mapping[str, object],
            engine.run(
                "themeloom.services.tasks.theming:propose",
                {
                    "excerpts": write_table(work, folder / "excerpts.arrow"),
                    "seed": options.seed,
                    "themes": options.themes,
                    "avoid": frozenset(names_in(project)),
                    "known": paths,
                    "store": str(project.derived_store()),
                    "folder": name,
                },
                on_progress=on_progress,
            ),
        )
        themes, assignments, unsorted = (
            read_table(str(answer[part])) for part in ("themes", "assignments", "unsorted")
        )
    names = _project_ids(project, themes)
    themes = _renamed(themes, names, "theme_id", "parent_id").with_columns(
        pl.lit(Status.ACTIVE if options.accept else Status.PROPOSED).alias("status"),
    )
    run = Run(
        id=uuid.uuid4().hex,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        seed=options.seed,
        inputs_hash=_inputs_hash(work),
        parameters={"themes": options.themes, "stages": answer["stages"]},
        versions=_versions(cast(Mapping[str, str], answer["versions"])),
        why=str(answer["why"]),
    )
    with project.begin_run(run) as stage:
        stage.add_themes(conform(themes, THEMES))
        stage.add_assignments(conform(_renamed(assignments, names, "theme_id"), ASSIGNMENTS))
        stage.add_unsorted(
            conform(_renamed(unsorted, names, "nearest_theme_id", "second_theme_id"), UNSORTED)
        )
        stage.commit()
    return SynthesisReport(
        run=run,
        new_themes=themes.filter(pl.col("level") == Level.THEME).height,
        new_groups=themes.filter(pl.col("level") == Level.GROUP).height,
        excerpts=work.height,
        seconds=time.monotonic() - began,
    )


def excerpts_for_themes(project: Project) -> pl.DataFrame:
    """Return the excerpts that can carry a theme, with what the engine needs of their records.

    Left out: duplicates (they carry their original's themes), non-answers, interviewer turns and
    small talk. Columns: EXCERPTS and ``kind``, ``person_key``, ``source_id``. Only a ticket's
    subject says what its text is about; that of a talk names the company, which is no theme.
    """
    records = project.records(["record_id", "kind", "person_key", "source_id", "duplicate_of"])
    return (
        project.excerpts()
        .filter(pl.col("left_out").is_null())
        .join(
            records.filter(pl.col("duplicate_of").is_null()).drop("duplicate_of"),
            on="record_id",
            maintain_order="left",
        )
        .with_columns(context=pl.when(pl.col("kind") == Kind.TICKET).then("context"))
    )


def _project_ids(project: Project, new: pl.DataFrame) -> dict[str, str]:
    """Map the engine's provisional ids to ids of the project: G-001, T-001, S-001."""
    names: dict[str, str] = {}
    for level, prefix in _PREFIX.items():
        provisional = new.filter(pl.col("level") == level)["theme_id"].to_list()
        if provisional:
            ids = project.reserve_theme_ids(prefix, len(provisional))
            names |= dict(zip(provisional, ids, strict=True))
    return names


def _renamed(frame: pl.DataFrame, names: Mapping[str, str], *columns: str) -> pl.DataFrame:
    return frame.with_columns(pl.col(column).replace(dict(names)) for column in columns)


def _inputs_hash(excerpts: pl.DataFrame) -> str:
    digest = hashlib.blake2b(digest_size=16)
    ordered = excerpts.select("excerpt_id", "text").sort("excerpt_id")
    for excerpt_id, text in ordered.iter_rows():
        digest.update(f"{excerpt_id}\0{text}\0".encode(errors="surrogatepass"))
    return digest.hexdigest()


def _versions(of_engine: Mapping[str, str]) -> dict[str, str]:
    return {
        "Themeloom": __version__,
        "Python": platform.python_version(),
        "polars": metadata.version("polars"),
        **of_engine,
    }
