"""Exports: everything that leaves the project as a file, masked unless asked otherwise."""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import polars as pl

from themeloom import __version__
from themeloom.domain.errors import ExportError
from themeloom.exporters import registry
from themeloom.exporters.safety.targets import check_target
from themeloom.insights.model import BookData
from themeloom.jobs.messages import Progress
from themeloom.privacy.masking import Masker
from themeloom.project.project import Project
from themeloom.services.model_export import MODEL_FORMAT, export_model
from themeloom.services.names import people_in


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What a person can choose for an export."""

    raw: bool = False  # personal data unmasked; the file says so


def formats() -> list[tuple[str, str]]:
    """Return the formats as (name, a few words for people), in alphabetical order."""
    found = {name: exporter.describes for name, exporter in registry.formats().items()}
    return sorted((found | dict([MODEL_FORMAT])).items())


def export(
    project: Project,
    name: str,
    target: Path,
    options: ExportOptions,
    on_progress: Callable[[Progress], None] | None = None,
) -> Path:
    """Write the project in the format ``name`` to ``target`` and return where it was written.

    Raises:
        ExportError: nothing to export, or the target cannot be written; an older file there stays.
    """
    if name != MODEL_FORMAT[0]:
        check_target(target)
    if project.records(["record_id"]).is_empty():
        raise ExportError("The project has no records yet.", hint="Import files first.")
    if name == MODEL_FORMAT[0]:
        return export_model(project, target, _themes(project, raw=options.raw), on_progress)

    def report(stage: str, done: int, total: int) -> None:
        if on_progress:
            on_progress(Progress(0, stage, done, total))

    registry.exporter(name).write(book_data(project, raw=options.raw), target, report)
    return target


def book_data(project: Project, *, raw: bool) -> BookData:
    """Return everything that an export may show, with the masking that it has to use."""
    records = project.records()
    sources = project.sources()
    masker = masker_of(project, records)
    return BookData(
        project_name=project.path.stem,
        project_id=project.id,
        records=records,
        excerpts=project.excerpts(),
        assignments=project.assignments(),
        unsorted=project.unsorted(),
        themes=project.themes(),
        sources=sources,
        skipped=project.skipped(),
        accounts=project.accounts(),
        roster=project.roster(),
        run=project.active_run(),
        masker=None if raw else masker.mask_series,
        mask_name=masker.mask_name,
        period=None,
        created=datetime.now(UTC),
        version=__version__,
        cleaning=_cleaning(sources),
    )


def masker_of(project: Project, records: pl.DataFrame) -> Masker:
    """Return the project's masker: its key, and the names of all known authors and speakers."""
    return Masker(project.mask_key, people_in(records))


def _themes(project: Project, *, raw: bool) -> pl.DataFrame:
    """Return THEMES, their wording masked: titles and phrases were taken from customers' texts."""
    themes = project.themes()
    if raw:
        return themes
    mask = masker_of(project, project.records(["author", "turns_json", "fields_json"])).mask_series
    return themes.with_columns(
        mask(themes["title"]),
        pl.Series("key_phrases", [mask(phrases) for phrases in themes["key_phrases"]]),
    )


def _cleaning(sources: pl.DataFrame) -> Mapping[str, int]:
    total: Counter[str] = Counter()
    for report in sources["report_json"].drop_nulls():
        total.update(cast(Mapping[str, int], json.loads(report).get("cleaning") or {}))
    return dict(total)
