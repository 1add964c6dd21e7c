"""One function per command: calls the service, turns its answer into lines and JSON."""

import argparse
from collections.abc import Sequence
from dataclasses import asdict

from themeloom.base.figures import percent
from themeloom.cli.output import Output, duration, table
from themeloom.domain.errors import ProjectInUseError
from themeloom.domain.periods import parse_period
from themeloom.domain.records import ColumnMap, FileReport, ImportOptions, ImportReport
from themeloom.insights.wording import count
from themeloom.project.project import Project
from themeloom.services import exporting, health, importing, main_job, workers
from themeloom.services.exporting import ExportOptions
from themeloom.services.overview import ThemeNode, theme_tree
from themeloom.services.projects import open_or_create

_OTHER_FILES = frozenset({".loom", ".xls", ".xlsm", ".xlsb", ".ods", ".tsv", ".pdf", ".docx"})
_SHOWN_SKIPS = 10  # rows named on a terminal; --json and the workbook have them all


def synthesize(options: argparse.Namespace, output: Output) -> int:
    """Do the main job in one go."""
    done = main_job.synthesize(
        options.inputs,
        options.output,
        import_options=_import_options(options),
        project=options.project,
        seed=options.seed,
        themes=options.themes,
        raw=options.raw,
        model=options.model,
        classic=options.classic,
        on_progress=output.progress,
        say=None if output.as_json else output.say,
    )
    value = _import_json(done.imported) | {
        "records": done.records,
        "excerpts": done.excerpts,
        "groups": done.groups,
        "themes": done.themes,
        "coverage": round(done.coverage, 4),
        "seconds": round(done.seconds, 2),
        "output": str(done.output),
        "note": done.note,
    }
    groups = f" in {count(done.groups, 'group')}" if done.groups else ""
    lines = [
        f"{count(done.themes, 'theme')}{groups} from {count(done.records, 'record')} "
        f"({count(done.excerpts, 'excerpt')}), "
        f"{percent(done.coverage)} of the excerpts carry a theme.",
        done.why,
        f"The workbook is {done.output} ({duration(done.seconds)}).",
    ]
    output.result(value, [line for line in lines if line])
    return 0


def import_files(options: argparse.Namespace, output: Output) -> int:
    """Import files into a project and report what became of each row."""
    importing.check_inputs(options.inputs)
    with workers.reader() as reader, open_or_create(options.project) as project:
        report = importing.import_inputs(
            project, options.inputs, _import_options(options), reader, output.progress
        )
    output.result(_import_json(report), import_lines(report))
    if report.read_nothing:
        output.say("themeloom: Nothing was imported: none of the files could be read.")
        return 1
    return 0


def themes(options: argparse.Namespace, output: Output) -> int:
    """Print the tree of themes with counts."""
    with Project.open(options.project, read_only=True) as project:
        nodes = theme_tree(project)
    if nodes:
        output.result(nodes, _tree_lines(nodes))
    else:
        output.result(nodes, ["No themes yet. 'themeloom synthesize' finds them."])
    return 0


def export(options: argparse.Namespace, output: Output) -> int:
    """Write one export; the project remembers it, so that edits can come back."""
    period = parse_period(options.period) if options.period is not None else None
    chosen = ExportOptions(
        raw=options.raw,
        period=period,
        only=options.recipient,
        again=options.all,
        chosen=dict(options.chosen),
    )
    try:
        project = Project.open(options.project)
    except ProjectInUseError:
        output.say("The project is open elsewhere, so this export is not remembered in it.")
        project = Project.open(options.project, read_only=True)
    with project:
        written = exporting.export(
            project, options.format, options.output, chosen, on_progress=output.progress
        )
        remembered = not project.read_only
    value = {
        "format": options.format,
        "output": str(written),
        "period": str(period) if period else None,
        "for": options.recipient or None,
        "remembered": remembered,
    }
    output.result(value, [f"Written: {written}"])
    return 0


def doctor(options: argparse.Namespace, output: Output) -> int:
    """Check the installation, and a project when one is named."""
    return _print_checks(health.doctor(options.project), output)


def selftest(options: argparse.Namespace, output: Output) -> int:
    """Prove the installation on a part of the sample data."""
    return _print_checks(health.selftest(options.window_check), output)


def export_formats() -> list[tuple[str, str]]:
    """Return the formats of ``export`` with a few words each."""
    return exporting.formats()


def other_suffixes(suffix: str) -> frozenset[str]:
    """Return the endings of names of files that are no ``suffix`` (with the dot)."""
    return (_OTHER_FILES | {one.suffix for one in exporting.format_list()}) - {suffix, ""}


def import_lines(report: ImportReport) -> list[str]:
    """Return the import report as lines: a table of files, then notes and skipped rows."""
    rows: list[dict[str, object]] = [
        {
            "file": file.file,
            "what": file.kind.plural if file.kind else file.role if not file.error else "",
            "read": file.read,
            "taken": file.taken,
            "updated": file.updated,
            "duplicate": file.duplicate,
            "skipped": file.skipped,
        }
        for file in report.files
    ]
    lines = table(rows, ["file", "what", "read", "taken", "updated", "duplicate", "skipped"])
    for file in report.files:
        lines += _notes(file)
    for skipped in report.skipped[:_SHOWN_SKIPS]:
        where = ", ".join(
            part
            for part in (skipped.file, skipped.sheet, f"row {skipped.row}" if skipped.row else None)
            if part
        )
        lines.append(f"skipped: {where}: {skipped.reason}")
    more = len(report.skipped) - _SHOWN_SKIPS
    if more > 0:
        lines.append(f"skipped: {more:,} more rows; --json lists them all")
    return lines


def _notes(file: FileReport) -> list[str]:
    lines: list[str] = []
    if file.error:
        lines.append(
            f"not read: {file.file}: {file.error}" + (f" {file.hint}" if file.hint else "")
        )
    lines += [f"note: {file.file}: {warning}" for warning in file.warnings]
    aside = ", ".join(f"{what} {count:,}" for what, count in file.cleaning.items() if count)
    if aside:
        lines.append(f"set aside in {file.file}: {aside}")
    return lines


def _import_options(options: argparse.Namespace) -> ImportOptions:
    return ImportOptions(
        kind=options.kind,
        profile=options.profile,
        columns=ColumnMap(
            text=tuple(options.text),
            id=options.id,
            date=options.date,
            score=options.score,
            author=options.author,
            account=options.account,
            segments=tuple(options.segment),
        ),
    )


def _import_json(report: ImportReport) -> dict[str, object]:
    return {
        "files": [asdict(file) for file in report.files],
        "skipped": [asdict(row) for row in report.skipped],
    }


def _tree_lines(nodes: Sequence[ThemeNode]) -> list[str]:
    depth: dict[str, int] = {}
    rows: list[dict[str, object]] = []
    for node in nodes:
        parent = node["parent_id"]
        depth[node["id"]] = depth.get(parent, -1) + 1 if parent else 0
        rows.append(
            {
                "theme": "  " * depth[node["id"]] + node["title"],
                "id": node["id"],
                "records": node["records"],
                "excerpts": node["excerpts"],
                "status": node["status"],
            }
        )
    return table(rows, ["theme", "id", "records", "excerpts", "status"])


def _print_checks(checks: Sequence[health.Check], output: Output) -> int:
    ok = all(check.ok for check in checks)
    output.result(
        {"ok": ok, "checks": [asdict(check) for check in checks]},
        [f"{'ok    ' if check.ok else 'FAILED'}  {check.name}: {check.detail}" for check in checks],
    )
    return 0 if ok else 1
