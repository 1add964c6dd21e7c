"""The commands ``send`` and ``roster``: each calls the service and turns its answer into lines and JSON."""

import argparse
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

from themeloom.base.folding import fold
from themeloom.cli.output import Output, table
from themeloom.domain.errors import UsageError
from themeloom.domain.periods import Period, parse_period
from themeloom.project.project import Project
from themeloom.services import period_choice, sending, workers
from themeloom.services import roster as rosters
from themeloom.services.projects import open_or_create
from themeloom.services.roster import Desk
from themeloom.services.sending import Chosen, HeldBack, Pack, SendPlan, SentPack


def send(options: argparse.Namespace, output: Output) -> int:
    """Write one folder per PM, or with ``--dry-run`` only say what would go where."""
    folder: Path | None = options.output
    if folder is None and not options.dry_run:
        raise UsageError("A send needs a folder.", hint="Name it with --output.")
    with Project.open(options.project, read_only=options.dry_run) as project:
        period = _period(project, options.period)
        settings = sending.settings_of(project)
        if options.limit is not None:
            settings = replace(settings, limit=options.limit)
        if options.drafts or options.ready:
            settings = replace(settings, drafts=options.drafts)
        plan = sending.plan(project, period, settings)
        if folder is None or options.dry_run:
            output.result(_plan_json(plan), _plan_lines(plan))
            return 0
        if plan.packs:
            sending.make_folder(folder)
        report = sending.send(project, plan, folder, raw=options.raw, on_progress=output.progress)
    folders = {one.pm: one for one in report.sent}
    value = _plan_json(plan, folders) | {
        "failed": [{"pm": one.pm, **asdict(one.complaint)} for one in report.failed]
    }
    lines = _plan_lines(plan, folders)
    lines += [f"not sent to {one.pm}: {one.complaint}" for one in report.failed]
    output.result(value, lines)
    return 1 if report.failed else 0


def roster(options: argparse.Namespace, output: Output) -> int:
    """Print the roster; before that bring one in, after that write it out, where asked to."""
    if options.bring is not None:
        with workers.reader() as reader, open_or_create(options.project) as project:
            rosters.import_roster(project, options.bring, reader)
    with Project.open(options.project, read_only=True) as project:
        desks = rosters.desks(project)
        if options.output is not None:
            rosters.export_roster(project, options.output)
    value = {
        "desks": [asdict(desk) for desk in desks],
        "output": str(options.output) if options.output is not None else None,
    }
    lines = _desk_lines(desks)
    if options.output is not None:
        lines.append(f"Written: {options.output}")
    output.result(value, lines)
    return 0


def _period(project: Project, text: str | None) -> Period | None:
    if text is None:
        return None
    if fold(text).replace("-", " ") != period_choice.SINCE_LAST_SEND:
        return parse_period(text)
    last = period_choice.last_send(project)
    if last is None:
        raise UsageError("Nothing was sent yet.", hint="Name another period, or none.")
    return period_choice.meaning(period_choice.SINCE_LAST_SEND, last, date.today())  # noqa: DTZ011


def _plan_json(plan: SendPlan, sent: dict[str, SentPack] | None = None) -> dict[str, object]:
    folders = sent or {}
    return {
        "period": str(plan.period) if plan.period else None,
        "limit": plan.settings.limit,
        "drafts": plan.drafts,
        "packs": [
            {
                "pm": pack.pm,
                "email": pack.email,
                "folder": str(folders[pack.pm].folder) if pack.pm in folders else None,
                "insights": [_chosen_json(one) for one in pack.chosen],
                "settled": [
                    {"id": one.insight.id, "mark": one.mark, "words": one.words}
                    for one in pack.settled
                ],
            }
            for pack in plan.packs
        ],
        "held_back": [
            {
                "id": one.insight.id,
                "title": one.insight.title,
                "reason": one.reason,
                "words": one.words,
                "score": round(one.score, 2),
            }
            for one in plan.held_back
        ],
    }


def _chosen_json(one: Chosen) -> dict[str, object]:
    return {
        "id": one.insight.id,
        "title": one.insight.title,
        "score": round(one.score, 2),
        "parts": {part.key: round(part.points, 2) for part in one.parts},
        "marks": list(one.marks),
        "changes": list(one.changes),
    }


def _plan_lines(plan: SendPlan, sent: dict[str, SentPack] | None = None) -> list[str]:
    lines: list[str] = []
    for pack in plan.packs:
        lines += _pack_lines(pack, (sent or {}).get(pack.pm))
    if plan.drafts and plan.packs:
        usual = plan.settings.drafts is None  # nobody chose it
        why = ", because no insight is marked as ready" if usual else ""
        lines.append(f"Drafts go too{why}.")
    if plan.held_back:
        lines.append(f"Held back: {len(plan.held_back)}")
        lines += table(_held_rows(plan.held_back), ["insight", "title", "why"])
    return lines or [str(sending.nothing_to_send(plan).complaint)]


def _pack_lines(pack: Pack, sent: SentPack | None) -> list[str]:
    to = f"{pack.pm} <{pack.email}>" if pack.email else pack.pm
    rows: list[dict[str, object]] = [
        {
            "insight": one.insight.id,
            "title": one.insight.title,
            "score": round(one.score),
            "marks": ", ".join(one.marks),
        }
        for one in pack.chosen
    ]
    where = [f"Written: {sent.folder}"] if sent else []
    return [to, *table(rows, ["insight", "title", "score", "marks"]), *where, ""]


def _held_rows(held: Sequence[HeldBack]) -> list[dict[str, object]]:
    return [
        {"insight": one.insight.id, "title": one.insight.title, "why": one.words} for one in held
    ]


def _desk_lines(desks: Sequence[Desk]) -> list[str]:
    if not desks:
        return ["The project has no roster yet. --import FILE brings one in."]
    rows: list[dict[str, object]] = [
        {"area": one.area, "pm": one.pm, "e-mail": one.email, "covers": "; ".join(one.covers)}
        for one in desks
    ]
    return table(rows, ["area", "pm", "e-mail", "covers"])
