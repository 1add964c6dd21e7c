"""Sending: what each PM would get, the packs on the disk, and the log of what went to whom."""

import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Any, cast

from themeloom.base.paths import is_unicode, shown
from themeloom.domain.changes import Deed
from themeloom.domain.errors import Complaint, ExportError, ProjectError
from themeloom.domain.insights import Delivery, Field, Stage
from themeloom.domain.periods import Period
from themeloom.exporters import packs
from themeloom.insights.book import draft
from themeloom.insights.model import BookData, Insight
from themeloom.insights.scoring import PART_NAMES as PART_NAMES
from themeloom.insights.scoring import Part as Part
from themeloom.insights.scoring import Weights as Weights
from themeloom.insights.sending import (
    SEND,
    Pack,
    SendPlan,
    Settings,
    make_plan,
)
from themeloom.insights.sending import Chosen as Chosen
from themeloom.insights.sending import HeldBack as HeldBack
from themeloom.insights.sending import Mark as Mark
from themeloom.insights.sending import Reason as Reason
from themeloom.insights.sending import Settled as Settled
from themeloom.jobs.messages import Progress
from themeloom.project.project import Project
from themeloom.services.exporting import book_data, watched

#: Key of the project's choice that keeps ``Settings``.
SETTINGS = "sending"

_MOST = 1000  # insights per PM, and points of a part


@dataclass(frozen=True, slots=True)
class Prepared:
    """What plans are made of; making one anew with other settings takes no time."""

    insights: tuple[Insight, ...]  # masked
    deliveries: tuple[Delivery, ...]
    period: Period | None
    today: date


@dataclass(frozen=True, slots=True)
class SentPack:
    """One pack that is on the disk and in the log."""

    pm: str
    email: str
    folder: Path
    insights: tuple[str, ...]  # insight ids, best first
    delivery_id: str


@dataclass(frozen=True, slots=True)
class NotSent:
    """A pack that could not be written, and why."""

    pm: str
    complaint: Complaint


@dataclass(frozen=True, slots=True)
class SendReport:
    """What a send did."""

    sent: tuple[SentPack, ...]
    failed: tuple[NotSent, ...]
    folder: Path


def settings_of(project: Project) -> Settings:
    """Return what was chosen for sending; the usual for what was not, or cannot be read."""
    found = project.choice(SETTINGS)
    return _settings(found) if found else Settings()


def choose_settings(project: Project, settings: Settings) -> Deed | None:
    """Keep what was chosen for sending, as one step.

    Raises:
        ProjectError: a limit under 1, or a weight or threshold under 0.
    """
    weights = asdict(settings.weights)
    if not 1 <= settings.limit <= _MOST:
        raise ProjectError(f"The limit has to be between 1 and {_MOST:,}.")
    if settings.growth < 0 or any(not 0 <= one <= _MOST for one in weights.values()):
        raise ProjectError(f"The threshold and the weights have to be between 0 and {_MOST:,}.")
    kept = None if settings == Settings() else json.dumps(asdict(settings), ensure_ascii=False)
    return project.choose(SETTINGS, kept, name="change of what is sent")


def usual_folder(project: Project) -> Path | None:
    """Return where packs go unless told otherwise: as chosen, else where the last ones went."""
    chosen = settings_of(project).folder
    if chosen:
        return Path(chosen)
    places = [one.place for one in project.deliveries() if one.kind == SEND]
    return Path(places[-1]).parent if places else None


def prepare(project: Project, period: Period | None = None) -> Prepared:
    """Return what plans are made of; takes seconds for 100,000 records."""
    data = book_data(project, raw=False, period=period)
    return Prepared(
        insights=draft(data).insights,
        deliveries=data.deliveries,
        period=period,
        today=data.created.astimezone().date(),
    )


def planned(prepared: Prepared, settings: Settings) -> SendPlan:
    """Return what a send with these settings would do."""
    return make_plan(
        prepared.insights, prepared.deliveries, settings, prepared.today, prepared.period
    )


def plan(
    project: Project, period: Period | None = None, settings: Settings | None = None
) -> SendPlan:
    """Return what a send would do, with the project's settings unless others are given."""
    return planned(prepare(project, period), settings or settings_of(project))


def plan_of(
    project: Project,
    insights: Sequence[Insight],
    period: Period | None = None,
    settings: Settings | None = None,
    today: date | None = None,
) -> SendPlan:
    """Return what a send would do, of insights that are known already; takes no time."""
    deliveries = tuple(project.deliveries(values=True))
    prepared = Prepared(tuple(insights), deliveries, period, today or date.today())  # noqa: DTZ011
    return planned(prepared, settings or settings_of(project))


def make_folder(folder: Path) -> None:
    """Make a folder for packs where there is none.

    Raises:
        ExportError: it cannot be made, a file is in its place, or its name is no text.
    """
    if not is_unicode(folder):  # the project notes where it wrote what
        raise ExportError(
            "The name holds bytes that are no text.",
            file=shown(folder),
            hint="Choose another folder.",
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ExportError(
            f"The folder cannot be made ({error.strerror or error}).",
            file=str(folder),
            hint="Choose another folder.",
        ) from error


def send(
    project: Project,
    send_plan: SendPlan,
    folder: Path,
    *,
    raw: bool = False,
    on_progress: Callable[[Progress], None] | None = None,
) -> SendReport:
    """Write one folder per PM below ``folder`` and remember what went to whom.

    Each pack is whole or not there at all; what can be written is, whatever happens to another.
    The insights that went are marked as sent, all of them as one undo step. ``on_progress`` may
    raise ``JobCancelled``: packs that are complete by then stay, and are remembered.

    Raises:
        ExportError: there is nothing to send, or no pack could be written.
        ProjectError: the project is open for reading only.
        JobCancelled: the person cancelled.
    """
    if project.read_only:
        raise ProjectError(
            "The project is open for reading only, so nothing can be remembered of a send.",
            file=project.path.name,
            hint="Close it where it is open, then send again.",
        )
    if not send_plan.packs:
        raise nothing_to_send(send_plan)
    if not folder.is_dir():
        raise ExportError(
            f"The folder {folder} does not exist.", hint="Make it first, or choose another one."
        )
    of = len(send_plan.packs)

    def progress_of(number: int, pack: Pack) -> Callable[[str, int, int], None]:
        def report(_stage: str, done: int, total: int) -> None:
            if on_progress:
                part = done / total if total else 0.0
                stage = f"Writing the pack for {pack.pm}"
                on_progress(Progress(0, stage, round(100 * (number + part)), 100 * of))

        return report

    data = book_data(project, raw=raw, period=send_plan.period)
    sent: list[SentPack] = []
    failed: list[NotSent] = []
    stages: dict[str, dict[Field, str | None]] = {}
    try:
        for number, pack in enumerate(send_plan.packs):
            report = progress_of(number, pack)
            report("", 0, 1)
            try:
                sent.append(_send(project, pack, watched(data, report), folder, send_plan, report))
            except ExportError as error:
                failed.append(NotSent(pack.pm, error.complaint))
                continue
            for one in pack.chosen:
                stages[one.insight.theme_id] = {Field.STAGE: Stage.SENT}
    finally:
        if stages:
            project.edit_insights(stages, name=f"send to {_people(len(sent))}")
    if not sent:
        first = failed[0].complaint
        raise ExportError(first.message, file=first.file, place=first.place, hint=first.hint)
    return SendReport(tuple(sent), tuple(failed), folder)


def nothing_to_send(send_plan: SendPlan) -> ExportError:
    """Return the error that says why a plan is empty, and what to do about it."""
    reasons = {one.reason for one in send_plan.held_back}
    if not reasons and send_plan.period:
        return ExportError(
            f"No insight has a record in the period {send_plan.period}.",
            hint="Choose another period.",
        )
    if not reasons:
        return ExportError("There are no insights yet.", hint="Find themes and accept them first.")
    hints = {
        Reason.DRAFT: "Mark insights as ready, or send drafts too.",
        Reason.NO_AREA: "Import a roster of product areas and PMs, or give insights an area.",
        Reason.NO_PM: "Name a PM for each product area in the roster.",
        Reason.PROPOSED: "Accept the themes first.",
        Reason.DECIDED: "All have been decided; they stay quiet until they grow.",
    }
    hint = next(hints[reason] for reason in hints if reason in reasons)
    return ExportError("There is nothing to send.", hint=hint)


def _send(
    project: Project,
    pack: Pack,
    data: BookData,
    folder: Path,
    send_plan: SendPlan,
    report: Callable[[str, int, int], None],
) -> SentPack:
    chosen = frozenset(one.insight.id for one in pack.chosen)
    mine = replace(
        data, only=pack.pm, chosen=chosen, delivery_id=uuid.uuid4().hex, delivery_kind=SEND
    )
    target, written = packs.write_pack(pack, mine, folder, report)
    project.add_delivery(
        Delivery(
            id=mine.delivery_id,
            created=mine.created.isoformat(timespec="seconds"),
            kind=SEND,
            format="xlsx",
            recipient=pack.pm,
            place=str(target.absolute()),
            values=written,
            about={
                "period": str(send_plan.period or ""),
                "personal data": "masked" if mine.masker else "raw",
                "drafts": "yes" if send_plan.drafts else "no",
            },
        )
    )
    ids = tuple(one.insight.id for one in pack.chosen)
    return SentPack(pack.pm, pack.email, target, ids, mine.delivery_id)


def _settings(text: str) -> Settings:
    usual = Settings()
    try:
        kept: Any = json.loads(text)
        given = cast(Mapping[str, Any], kept["weights"])
        weights = {
            one.name: float(given.get(one.name, getattr(usual.weights, one.name)))
            for one in fields(Weights)
        }
        drafts = kept.get("drafts")
        return Settings(
            limit=int(kept["limit"]),
            growth=float(kept["growth"]),
            weights=Weights(**weights),
            folder=str(kept.get("folder") or ""),
            drafts=drafts if isinstance(drafts, bool) else None,
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return usual


def _people(n: int) -> str:
    return "1 PM" if n == 1 else f"{n} PMs"
