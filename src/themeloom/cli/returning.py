"""The commands about files that come back: ``verify`` and ``merge``."""

import argparse
from collections.abc import Mapping
from pathlib import Path

from themeloom.cli.output import Output, table
from themeloom.domain.errors import UsageError
from themeloom.domain.insights import RETURNING, Field
from themeloom.project.project import Project
from themeloom.services import merging, verifying
from themeloom.services.merging import Kind, MergeItem, MergePreview, Take
from themeloom.services.verifying import State, Verification

_SHOWN = 30  # items named on a terminal; --json has them all


def verify(options: argparse.Namespace, output: Output) -> int:
    """Check each quote and figure of an exported file against the project."""
    with Project.open(options.project, read_only=True) as project:
        found = verifying.verify(project, options.file)
    output.result(_verify_json(found), _verify_lines(found))
    return 0


def merge(options: argparse.Namespace, output: Output) -> int:
    """Bring the edits of a workbook back: what is in conflict stays, unless told otherwise."""
    with Project.open(options.project, read_only=options.dry_run) as project:
        shown = merging.preview(project, options.workbook, columns=_columns(options.column))
        choices = _choices(shown, options)
        if not options.dry_run:
            merging.apply(project, shown, choices)
    results = {item.key: _result(item, choices, options) for item in shown.items}
    output.result(_merge_json(shown, results), _merge_lines(shown, results))
    return 0


def add_verify(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``verify``."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a workbook, json or csv file")
    parser.set_defaults(command=verify)


def add_merge(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``merge``."""
    parser.add_argument(
        "workbook", type=Path, metavar="WORKBOOK", help="xlsx, ods or xls, or its sheet as csv"
    )
    parser.add_argument(
        "--take",
        type=_take,
        default=Take.PROJECT,
        metavar="file|project",
        help="whose value wins where both were changed; the project's when left out",
    )
    parser.add_argument("--clear", action="store_true", help="emptied cells empty the field, too")
    parser.add_argument(
        "--known-owners", action="store_true", help="take only owners that are known already"
    )
    parser.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="FIELD=HEADER",
        help="read a field from a renamed column, such as status=State; may repeat",
    )
    parser.add_argument("--dry-run", action="store_true", help="only tell what would be done")
    parser.set_defaults(command=merge)


def _take(text: str) -> Take:
    if text not in set(Take):
        raise argparse.ArgumentTypeError(f"“{text}” is none of {', '.join(Take)}")
    return Take(text)


def _columns(given: list[str]) -> dict[Field, str]:
    found: dict[Field, str] = {}
    for one in given:
        name, is_, header = one.partition("=")
        if not is_ or name not in set(RETURNING):
            raise UsageError(
                f"“{one}” names no column.",
                hint=f"Write FIELD=HEADER; fields are {', '.join(RETURNING)}.",
            )
        found[Field(name)] = header
    return found


def _choices(shown: MergePreview, options: argparse.Namespace) -> dict[str, Take]:
    wanted = {
        Kind.CONFLICT: options.take is Take.FILE,
        Kind.CLEARED: options.clear,
        Kind.NEW_OWNER: not options.known_owners,
    }
    return {item.key: Take.FILE for item in shown.items if wanted.get(item.kind)}


def _result(item: MergeItem, choices: Mapping[str, Take], options: argparse.Namespace) -> str:
    if merging.takes(item, choices):
        return "would be applied" if options.dry_run else "applied"
    if item.kind is Kind.CONFLICT and options.take is Take.PROJECT:
        return "conflict"
    return "rejected" if item.kind is Kind.REJECTED else "kept"


def _merge_json(shown: MergePreview, results: Mapping[str, str]) -> dict[str, object]:
    said = list(results.values())
    return {
        "applied": said.count("applied"),
        "unchanged": shown.unchanged,
        "conflicts": said.count("conflict"),
        "rejected": said.count("rejected"),
        "kept": said.count("kept"),
        "items": [
            {
                "result": results[item.key],
                "kind": str(item.kind),
                "row": item.row,
                "insight": item.insight,
                "theme": item.theme_id,
                "title": item.title,
                "field": str(item.field) if item.field else None,
                "column": item.column or None,
                "was": item.was,
                "file": item.file,
                "now": item.now,
                "why": item.why,
                "allowed": list(merging.ALLOWED.get(item.field, {})) if item.field else [],
            }
            for item in shown.items
        ],
        "notes": list(shown.notes),
    }


def _merge_lines(shown: MergePreview, results: Mapping[str, str]) -> list[str]:
    said = list(results.values())
    counts = [
        f"{said.count(word):,} {words}"
        for word, words in (
            ("applied", "applied"),
            ("would be applied", "would be applied"),
            ("conflict", "in conflict"),
            ("kept", "kept as it was"),
            ("rejected", "rejected"),
        )
        if said.count(word)
    ]
    lines = [f"note: {note}" for note in shown.notes]
    lines.append(", ".join(counts) + "." if counts else "Nothing was edited.")
    rows: list[dict[str, object]] = [
        {
            "insight": item.insight or f"row {item.row}",
            "field": item.field or item.column,
            "result": results[item.key],
            "was": _brief(item.was or ""),
            "file": _brief(item.file),
            "project": _brief(item.now),
        }
        for item in shown.items
        if item.field or item.column
    ]
    if rows:
        lines += table(rows[:_SHOWN], ["insight", "field", "result", "was", "file", "project"])
    reasons = [item for item in shown.items if item.why]
    lines += [f"{item.key}: {item.why}" for item in reasons[:_SHOWN]]
    if max(len(rows), len(reasons)) > _SHOWN:
        lines.append("There are more; --json lists them all.")
    if "conflict" in said:
        lines.append("Both sides of a conflict were changed: --take file takes over the file's.")
    return lines


def _verify_json(found: Verification) -> dict[str, object]:
    return {
        **{str(state): found.count(state) for state in State},
        "items": [
            {
                "state": str(item.state),
                "place": item.place,
                "quote": item.id,
                "insight": item.insight,
                "record_id": item.record_id,
                "excerpt_id": item.excerpt_id,
                "file": item.file,
                "project": item.project,
                "why": item.why,
            }
            for item in found.items
        ],
        "figures": {
            "same": len(found.figures) - len(found.figures_changed),
            "changed": len(found.figures_changed),
            "period": found.period or None,
            "items": [
                {
                    "place": figure.place,
                    "insight": figure.insight,
                    "figure": figure.name,
                    "file": figure.file,
                    "now": figure.now,
                }
                for figure in found.figures_changed
            ],
        },
        "notes": list(found.notes),
    }


def _verify_lines(found: Verification) -> list[str]:
    counts = ", ".join(f"{found.count(state):,} {state}" for state in State)
    lines = [f"note: {note}" for note in found.notes]
    lines.append(f"Quotes: {counts}.")
    odd = [item for item in found.items if item.state is not State.VERIFIED or item.why]
    for item in odd[:_SHOWN]:
        lines.append(f"{item.state}: {item.place}: {item.why}")
        if item.state is State.CHANGED:
            lines.append(f"  file:    {_brief(item.file, 200)}")
            lines.append(f"  project: {_brief(item.project, 200)}")
    if found.figures:
        same = len(found.figures) - len(found.figures_changed)
        of = f"{same:,} of {len(found.figures):,}"
        lines.append(f"Figures: {of} are what the project says now.")
    lines += [
        f"{figure.place}: {figure.name} of {figure.insight}: "
        f"{_number(figure.file)} in the file, {_number(figure.now)} now"
        for figure in found.figures_changed[:_SHOWN]
    ]
    if max(len(odd), len(found.figures_changed)) > _SHOWN:
        lines.append("There are more; --json lists them all.")
    return lines


def _number(value: int | None) -> str:
    return "no number" if value is None else f"{value:,}"


def _brief(text: str, most: int = 40) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= most else f"{flat[: most - 1]}…"
