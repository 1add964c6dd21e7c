"""Exports: everything that leaves the project as a file, masked unless asked otherwise."""

import json
import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import cast

import polars as pl

from themeloom import __version__
from themeloom.analytics.counts import counted
from themeloom.analytics.numbers import Basis
from themeloom.domain.errors import ExportError
from themeloom.domain.insights import Delivery, Field
from themeloom.domain.periods import Period
from themeloom.domain.themes import Level
from themeloom.exporters import registry
from themeloom.exporters.handoff.choices import choices_key, with_choices
from themeloom.exporters.handoff.news import again_key
from themeloom.exporters.safety.targets import check_target
from themeloom.exporters.safety.targets import free_name as free_name
from themeloom.insights.model import BookData
from themeloom.jobs.messages import Progress
from themeloom.jobs.worker import Worker
from themeloom.privacy.masking import Masker
from themeloom.project.project import Project
from themeloom.services.model_export import MODEL_FORMAT, export_model
from themeloom.services.names import people_in
from themeloom.services.period_cut import in_period
from themeloom.services.view import View, of_period

_MASKING = "Masking personal data"
_READ = (".xlsx", ".md", ".html")
#: Endings by which a program opens a file that then is no such file, or is taken for damaged.
_OWN_PROGRAM = {".xlsx", ".xls", ".ods", ".docx", ".pdf", ".zip"}


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What a person can choose for an export.

    Attributes:
        raw: personal data unmasked; the file says so.
        period: records outside it, or without a date, are left out of all numbers; the file says
            so where its format has room for words.
        only: a PM or a product area; insights of others are left out. "" for everybody.
        again: a hand-off writes what the tool has already, too; other formats always hold it.
        chosen: what is set for a tool from now on (name → text, "" takes it back); the project keeps
            it when the export is written.
    """

    raw: bool = False
    period: Period | None = None
    only: str = ""
    again: bool = False
    chosen: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Format:
    """One export format as a person chooses it."""

    name: str
    describes: str
    suffix: str  # with the dot; "" for a folder
    hand_off: bool = False  # for another tool: a second one writes only what is new or changed
    raw_only: bool = False  # it names people, so it cannot be masked

    @property
    def is_read(self) -> bool:
        """Whether it is meant to be read by people as it is."""
        return self.has_insights and not self.hand_off and self.suffix in _READ

    @property
    def has_insights(self) -> bool:
        """Whether it holds insights, so that it can be for one PM or area."""
        return self.name not in ("coded-csv", "records-csv", "roster", MODEL_FORMAT[0])


@dataclass(frozen=True, slots=True)
class Preview:
    """What an export would hold."""

    insights: int
    records: int  # counted ones, in the period
    outside: int
    undated: int


def formats() -> list[tuple[str, str]]:
    """Return the formats as (name, a few words for people), in alphabetical order."""
    return [(one.name, one.describes) for one in format_list()]


def format_list() -> list[Format]:
    """Return the formats in alphabetical order."""
    found = [
        Format(one.name, one.describes, one.suffix, one.hand_off, one.raw_only)
        for one in registry.formats().values()
    ]
    return sorted([*found, Format(*MODEL_FORMAT, suffix="")], key=lambda one: one.name)


def recipients(project: Project) -> tuple[list[str], list[str]]:
    """Return the PMs and the product areas that an export can be for, each once, by name."""
    people, areas = set(project.roster()["pm"]), set(project.roster()["area"])
    for name, value in project.insight_fields().select("field", "value").iter_rows():
        if name == Field.OWNER:
            people.add(value)
        elif name == Field.AREA:
            areas.add(value)
    return sorted(one for one in people if one), sorted(one for one in areas if one)


def preview(view: View, period: Period | None) -> Preview:
    """Return what an export of ``period`` would hold, whatever period ``view`` is about."""
    there = view if view.period == period else of_period(view, view.choices, period)
    themes = there.themes.filter((pl.col("level") == Level.THEME) & (pl.col("records") > 0))
    everything = counted(view.base.whole.content.records)
    undated = everything["date"].null_count() if period else 0
    return Preview(
        insights=themes.height,
        records=there.totals.records,
        outside=everything.height - there.totals.records - undated,
        undated=undated,
    )


def export(
    project: Project,
    name: str,
    target: Path,
    options: ExportOptions,
    on_progress: Callable[[Progress], None] | None = None,
    *,
    engine: Worker | None = None,
) -> Path:
    """Write the project in the format ``name`` to ``target`` and return where it was written.

    ``on_progress`` may raise ``JobCancelled``: nothing is written then. ``engine`` is the engine
    process where there is one already.

    Raises:
        ExportError: nothing to export, the target cannot be written, or its ending is that of
            another program; an older file there stays.
        UsageError: what is chosen is none of the format's choices.
    """
    takes = () if name == MODEL_FORMAT[0] else registry.exporter(name).choices
    kept = with_choices(project.choices(), name, takes, options.chosen) if options.chosen else None
    if name != MODEL_FORMAT[0]:
        _check_ending(name, target)
        check_target(target)
    records = project.records(["record_id", "duplicate_of", "date"])
    if records.is_empty():
        raise ExportError("The project has no records yet.", hint="Import files first.")
    chosen = in_period(records, options.period)
    if chosen.is_empty():
        raise ExportError(
            f"No record lies in the period {options.period}.", hint="Choose another period."
        )
    if name == MODEL_FORMAT[0]:
        themes = _themes(project, raw=options.raw)
        return export_model(project, target, themes, on_progress, records=chosen, engine=engine)

    def report(stage: str, done: int, total: int) -> None:
        if on_progress:
            on_progress(Progress(0, stage, done, total))

    data = book_data(project, raw=options.raw, period=options.period, only=options.only)
    data = watched(data, report)
    exporter = registry.exporter(name)
    if options.chosen:
        data = replace(data, choices={**data.choices, choices_key(name): kept or ""})
    if options.again and exporter.hand_off:
        # As if a person had chosen it just now; nothing of that is kept.
        now = json.dumps(data.created.isoformat(timespec="seconds"))
        data = replace(data, choices={**data.choices, again_key(name): now})
    written = exporter.write(data, target, report)
    if not project.read_only:
        if options.chosen:
            project.choose(choices_key(name), kept, name=f"choice for {name}")
        project.add_delivery(
            Delivery(
                id=data.delivery_id,
                created=data.created.isoformat(timespec="seconds"),
                kind="hand-off" if exporter.hand_off else "export",
                format=name,
                recipient=options.only,
                place=str(target.absolute()),
                values=written,
                about={
                    "period": str(options.period or ""),
                    "personal data": "raw" if options.raw else "masked",
                },
            )
        )
    return target


def _check_ending(name: str, target: Path) -> None:
    """Refuse a name by which the wrong program would open the file, and call it damaged."""
    own, given = registry.exporter(name).suffix, target.suffix.casefold()
    if given and given != own and {own, given} & _OWN_PROGRAM:
        raise ExportError(
            f"What {name} writes is a {own} file, but the name ends in {given}.",
            file=target.name,
            hint=f"Call it {target.stem}{own}.",
        )


def book_data(
    project: Project, *, raw: bool, period: Period | None = None, only: str = ""
) -> BookData:
    """Return everything that an export may show, with the masking that it has to use."""
    records = project.records()
    sources = project.sources()
    masker = masker_of(project, records)
    excerpts, assignments, unsorted = project.excerpts(), project.assignments(), project.unsorted()
    outside = undated = 0
    basis = Basis(
        records=records.drop("text", "raw_text"),
        excerpts=excerpts.drop("text"),
        assignments=assignments,
        themes=project.themes(),
        sources=sources,
        accounts=project.accounts(),
        period=period,
    )
    if period:
        chosen = in_period(records, period)
        outside, undated = _left_out(records, chosen)
        records = records.join(chosen, on="record_id", how="semi", maintain_order="left")
        excerpts = excerpts.join(chosen, on="record_id", how="semi", maintain_order="left")
        said = excerpts.select("excerpt_id")
        assignments = assignments.join(said, on="excerpt_id", how="semi", maintain_order="left")
        unsorted = unsorted.join(said, on="excerpt_id", how="semi", maintain_order="left")
    return BookData(
        project_name=project.path.stem if raw else masker.mask_file(project.path.stem),
        project_id=project.id,
        records=records,
        excerpts=excerpts,
        assignments=assignments,
        unsorted=unsorted,
        themes=basis.themes,
        sources=sources,
        skipped=project.skipped(),
        accounts=basis.accounts,
        roster=project.roster(),
        run=project.active_run(),
        masker=None if raw else masker.mask_series,
        mask_name=masker.mask_name,
        mask_account=masker.mask_account,
        mask_file=masker.mask_file,
        period=(period.first, period.last) if period else None,
        created=datetime.now(UTC),
        version=__version__,
        # These are counts of whole files: in a period they would be about other records.
        cleaning={} if period else _cleaning(sources),
        outside=outside,
        undated=undated,
        basis=basis,
        fields=project.insight_fields(),
        own_quotes=project.own_quotes(),
        redirects=project.redirects(),
        choices=project.choices(),
        deliveries=tuple(project.deliveries(values=True)),
        only=only,
        delivery_id=uuid.uuid4().hex,
    )


def masker_of(project: Project, records: pl.DataFrame) -> Masker:
    """Return the project's masker: its key, and the names of all known authors and speakers.

    It is the last one again where neither has changed.
    """
    return _masker(project.mask_key, tuple(people_in(records)))


@lru_cache(maxsize=1)
def _masker(key: bytes, names: tuple[str, ...]) -> Masker:
    return Masker(key, names)


def _left_out(records: pl.DataFrame, chosen: pl.DataFrame) -> tuple[int, int]:
    """Return how many counted records are outside the period, and how many have no date."""
    left = counted(records).join(chosen, on="record_id", how="anti")
    undated = left["date"].null_count()
    return left.height - undated, undated


def watched(data: BookData, report: Callable[[str, int, int], None]) -> BookData:
    """Let the report be heard while texts are masked, the longest part: a person may stop there."""
    mask = data.masker
    if mask is None:
        return data

    def masked(texts: pl.Series) -> pl.Series:
        report(_MASKING, 0, 0)
        return mask(texts)

    return replace(data, masker=masked)


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
