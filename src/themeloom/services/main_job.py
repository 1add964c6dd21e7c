"""The main job in one go: files in, themes found, insight workbook out."""

import tempfile
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from themeloom.analytics.counts import counted, coverage, coverage_base
from themeloom.domain.encoders import Way
from themeloom.domain.errors import ImportFileError, JobCancelled, SynthesisError
from themeloom.domain.records import FileReport, ImportOptions, ImportReport
from themeloom.domain.themes import Level
from themeloom.exporters.safety.targets import check_target
from themeloom.jobs.messages import Progress
from themeloom.project.project import Project
from themeloom.services import encoders, workers
from themeloom.services.exporting import ExportOptions, export
from themeloom.services.importing import check_inputs, import_inputs
from themeloom.services.projects import open_or_create
from themeloom.services.synthesis import SynthesisOptions, excerpts_for_themes, find_themes


@dataclass(frozen=True, slots=True)
class Done:
    """What the main job brought; counts are of the whole project."""

    imported: ImportReport
    records: int  # duplicates not counted
    excerpts: int  # that can carry a theme
    groups: int
    themes: int
    coverage: float  # share of those excerpts that carry one, 0…1
    seconds: float
    output: Path
    why: str
    note: str  # on languages that the model does not read; "" where there are few


def synthesize(
    inputs: Sequence[Path],
    output: Path,
    *,
    import_options: ImportOptions,
    project: Path | None = None,
    seed: int = 0,
    themes: int | None = None,
    raw: bool = False,
    model: str | None = None,
    classic: bool = False,
    on_progress: Callable[[Progress], None] | None = None,
    say: Callable[[str], None] | None = None,
) -> Done:
    """Import ``inputs``, find themes and write the workbook to ``output``.

    Without ``project`` the work is kept in a temporary project that goes away afterwards. On a
    project that has themes, excerpts are assigned to them first and only what is new is added.
    ``model`` is "minilm", "none" or the folder of a language model; None is what has read the
    project's texts until now, MiniLM before anything has. ``classic`` finds themes by UMAP and
    HDBSCAN.

    Raises:
        ThemeloomError: nothing could be read, too few texts, the target cannot be written.
    """
    began = time.monotonic()
    check_target(output, [*inputs, *([] if project is None else [project])])
    check_inputs(inputs)
    if classic and (missing := encoders.classic_missing()):
        raise SynthesisError("Classic BERTopic cannot be used.", hint=missing)
    with ExitStack() as stack:
        engine = stack.enter_context(workers.engine())
        reader = stack.enter_context(workers.reader())
        engine.start()  # warms up while the files are read
        reader.start()
        if project is None:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="themeloom-"))
            project = Path(folder) / f"{output.stem}.loom"
        opened = stack.enter_context(open_or_create(project))
        wanted = model or encoders.encoder_of(opened.active_run())
        encoder = encoders.named(engine, wanted, on_progress)
        with _all_or_nothing(opened):
            imported = import_inputs(opened, inputs, import_options, reader, on_progress)
            if say:
                _tell(imported, say)
            _require_records(opened, imported)
            reader.close()
            note = encoders.language_note(excerpts_for_themes(opened)["language"], encoder)
            if say and note:
                say(note)
            report = find_themes(
                opened,
                engine,
                SynthesisOptions(
                    seed=seed,
                    themes=themes,
                    accept=True,
                    encoder=encoder.name,
                    way=Way.CLASSIC if classic else Way.GRAPH,
                ),
                on_progress,
            )
            engine.close()  # its memory is free while the workbook is written
            written = export(opened, "xlsx", output, ExportOptions(raw=raw), on_progress)
        tree = opened.themes()
        work = excerpts_for_themes(opened)
        records = opened.records(["record_id", "source_id", "non_answer", "duplicate_of"])
        return Done(
            imported=imported,
            records=counted(records).height,
            excerpts=work.height,
            groups=tree.filter(pl.col("level") == Level.GROUP).height,
            themes=tree.filter(pl.col("level") == Level.THEME).height,
            coverage=coverage(
                coverage_base(opened.excerpts(), records, opened.sources()),
                opened.assignments(),
            ),
            seconds=time.monotonic() - began,
            output=written,
            why=report.run.why,
            note=note,
        )


@contextmanager
def _all_or_nothing(project: Project) -> Generator[None]:
    """Undo the steps of the block when the person cancels: the project is as it was.

    Steps from before the block stay, whether or not the block has written one. Errors are no
    cancel: what was imported stays, so that a person can go on from there.
    """
    before = max((step.seq for step in project.history(1)), default=0)
    try:
        yield
    except (JobCancelled, KeyboardInterrupt):
        for step in project.history():
            if step.seq > before:  # numbers are never given twice
                project.undo()
        raise


def _tell(report: ImportReport, say: Callable[[str], None]) -> None:
    for file in report.files:
        if file.error:
            say(f"not read: {file.file}: {file.error}" + (f" {file.hint}" if file.hint else ""))
        elif file.role == "records":
            kind = _kind(file)
            aside = f", {file.skipped:,} skipped" if file.skipped else ""
            copies = f", {file.duplicate:,} duplicate" if file.duplicate else ""
            copies += "s" if file.duplicate > 1 else ""
            known = f", {file.updated:,} known" if file.updated else ""
            say(f"{file.file}: {file.taken:,} {kind}{known}{copies}{aside}")
        else:
            say(f"{file.file}: {file.role}")


def _kind(file: FileReport) -> str:
    """Return the word for as many records as a file brought."""
    one = file.taken == 1
    if file.kind is None:
        return "record" if one else "records"
    return file.kind.word if one else file.kind.plural


def _require_records(project: Project, report: ImportReport) -> None:
    if not project.records(["record_id"]).is_empty():
        return
    failed = next((file for file in report.files if file.error), None)
    if failed is not None and failed.error is not None:
        raise ImportFileError(failed.error, file=failed.file, hint=failed.hint)
    raise ImportFileError(
        "No record was found in the input.",
        hint="Name files with customer texts, or the text column with --text.",
    )
