"""The command line's parser and its way out: exit codes, one-line errors, JSON."""

import argparse
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from themeloom import __version__
from themeloom.cli import commands, returning, sending
from themeloom.cli.output import Output
from themeloom.domain.errors import JobCancelled, ThemeloomError, UsageError
from themeloom.domain.records import Kind


def run(
    arguments: Sequence[str] | None = None, window_check: Callable[[], str] | None = None
) -> int:
    """Run one command and return its exit code: 0 done, 1 failed, 2 wrong usage.

    Args:
        arguments: those of the command line when None.
        window_check: looks at the window for ``selftest``; None where there is no window.
    """
    given = sys.argv[1:] if arguments is None else list(arguments)
    output = Output(as_json="--json" in given)
    try:
        options = build_parser().parse_args(given, argparse.Namespace(window_check=window_check))
        output = Output(as_json=bool(options.json))
        return int(options.command(options, output))
    except UsageError as error:
        output.fail(error.complaint)
        return 2
    except ThemeloomError as error:
        output.fail(error.complaint)
        return 1
    except KeyboardInterrupt:
        output.fail(JobCancelled("Cancelled. The project is as it was.").complaint)
        return 1
    except BrokenPipeError:  # the reader of our output went away (`| head`)
        sys.stderr.close()
        return 1


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    parser = _Parser(
        prog="themeloom",
        description="Turn customer feedback into themes and insight sheets, on this computer.",
        epilog="Without a command, and with 'themeloom gui [PROJECT.loom]', the workbench opens.",
    )
    parser.add_argument("--version", action="version", version=f"Themeloom {__version__}")
    subs = parser.add_subparsers(required=True, metavar="COMMAND")

    synthesize = _command(
        subs, "synthesize", "the main job in one go: files in, insight workbook out"
    )
    _add_inputs(synthesize)
    synthesize.add_argument("--output", "-o", type=_workbook, required=True, metavar="OUT.xlsx")
    synthesize.add_argument("--project", type=Path, metavar="P.loom", help="keep the project here")
    synthesize.add_argument("--seed", type=_whole, default=0, metavar="N")
    synthesize.add_argument(
        "--themes",
        type=_themes,
        default=None,
        metavar="N|auto",
        help="how many themes; found in the texts when left out",
    )
    synthesize.add_argument(
        "--model",
        metavar="minilm|none|FOLDER",
        help="what reads the texts: MiniLM (English), none (any language, by words and letters), "
        "or the folder of a language model; what read the project last when left out, else MiniLM",
    )
    synthesize.add_argument(
        "--classic",
        action="store_true",
        help="find themes as stock BERTopic does (UMAP and HDBSCAN), for comparison",
    )
    _add_raw(synthesize)
    synthesize.set_defaults(command=commands.synthesize)

    importing = _command(subs, "import", "bring files into a project")
    _add_inputs(importing)
    _add_project(importing)
    importing.set_defaults(command=commands.import_files)

    themes = _command(subs, "themes", "the tree of themes with counts")
    _add_project(themes)
    themes.set_defaults(command=commands.themes)

    export = _command(subs, "export", "write results of a project to a file")
    _add_project(export)
    formats = commands.export_formats()
    export.add_argument(
        "--format",
        required=True,
        choices=[name for name, _ in formats],
        metavar="FORMAT",
        help="; ".join(f"{name}: {what}" for name, what in formats),
    )
    export.add_argument("--output", "-o", type=Path, required=True, metavar="OUT")
    export.add_argument(
        "--period",
        metavar="PERIOD",
        help="only records of 2026-09, 2026-Q3, 2026, a day, or from..to such as 2026-07..2026-09",
    )
    export.add_argument(
        "--for",
        dest="recipient",
        default="",
        metavar="PM|AREA",
        help="only the insights of this PM or product area",
    )
    export.add_argument(
        "--all",
        action="store_true",
        help="of a hand-off (jira, notion …): also what the tool has already",
    )
    export.add_argument(
        "--set",
        dest="chosen",
        type=_choice,
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="what the page of a hand-off lets you choose, such as id=HEADER for amplitude; the "
        "project keeps it, NAME= takes it back; may repeat",
    )
    _add_raw(export)
    export.set_defaults(command=commands.export)

    send = _command(subs, "send", "write one folder per PM, and remember what went to whom")
    _add_project(send)
    send.add_argument("--output", "-o", type=Path, metavar="FOLDER", help="made if missing")
    send.add_argument(
        "--period",
        metavar="PERIOD",
        help="what the numbers are about, as for 'export', or since-last-send",
    )
    send.add_argument("--limit", type=_one_or_more, metavar="N", help="insights per PM, usually 5")
    send.add_argument(
        "--dry-run", action="store_true", help="only say what would go to whom, and what not"
    )
    stages = send.add_mutually_exclusive_group()
    stages.add_argument(
        "--drafts",
        action="store_true",
        help="drafts too; usual as long as no insight is marked as ready",
    )
    stages.add_argument("--ready", action="store_true", help="only what is marked as ready")
    _add_raw(send)
    send.set_defaults(command=sending.send)

    roster = _command(subs, "roster", "product areas, PMs and what goes where")
    _add_project(roster)
    roster.add_argument(
        "--import", dest="bring", type=Path, metavar="FILE", help="put this one in its place"
    )
    roster.add_argument("--output", "-o", type=Path, metavar="OUT.xlsx", help="write it here")
    roster.set_defaults(command=sending.roster)

    verify = _command(subs, "verify", "check the quotes and figures of an exported file")
    _add_project(verify)
    returning.add_verify(verify)

    merge = _command(subs, "merge", "bring the edits of an exported workbook back in")
    _add_project(merge)
    returning.add_merge(merge)

    doctor = _command(subs, "doctor", "check the installation, and a project file's integrity")
    doctor.add_argument("project", type=Path, nargs="?", metavar="PROJECT")
    doctor.set_defaults(command=commands.doctor)

    selftest = _command(subs, "selftest", "prove that this installation works, on a tiny set")
    selftest.set_defaults(command=commands.selftest)
    return parser


class _Parser(argparse.ArgumentParser):
    """Shows how a command is used, and leaves the error to whoever tells all errors."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        raise UsageError(message)


def _command(
    subs: "argparse._SubParsersAction[_Parser]",  # pyright: ignore[reportPrivateUsage]
    name: str,
    what: str,
) -> argparse.ArgumentParser:
    parser = subs.add_parser(name, help=what, description=what[0].upper() + what[1:] + ".")
    parser.add_argument("--json", action="store_true", help="machine-readable result on stdout")
    return parser


def _add_inputs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "inputs",
        type=Path,
        nargs="+",
        metavar="INPUT",
        help="files, or folders (the files in them, not those in their subfolders)",
    )
    parser.add_argument("--kind", type=_kind, metavar="KIND", help=_kinds())
    parser.add_argument("--profile", metavar="NAME", help="the tool that wrote the files")
    parser.add_argument("--text", action="append", default=[], metavar="COL", help="may repeat")
    for name, what in (
        ("id", "the record's id"),
        ("date", "when it was said"),
        ("score", "NPS, CSAT or rating"),
        ("author", "who said it"),
        ("account", "for which customer"),
    ):
        parser.add_argument(f"--{name}", metavar="COL", help=what)
    parser.add_argument(
        "--segment", action="append", default=[], metavar="COL", help="plan, region …; may repeat"
    )


def _add_project(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--project", type=Path, required=True, metavar="P.loom")


def _add_raw(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--raw", action="store_true", help="do not mask personal data; the file says so"
    )


def _kinds() -> str:
    return ", ".join(kind.value for kind in Kind)


def _kind(text: str) -> Kind:
    if text not in set(Kind):
        raise argparse.ArgumentTypeError(f"“{text}” is none of {_kinds()}")
    return Kind(text)


def _workbook(text: str) -> Path:
    """Return the path of a workbook to be; a name that promises something else is refused."""
    path, others = Path(text), commands.other_suffixes(".xlsx")
    if path.suffix.casefold() in others:
        raise argparse.ArgumentTypeError(
            f"writes a workbook, so its name ends in .xlsx, not in “{path.suffix}”; "
            "'themeloom export' writes other formats of a project"
        )
    return path


def _choice(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not name.strip() or not sign:
        raise argparse.ArgumentTypeError(f"must be NAME=VALUE, not “{text}”")
    return name.strip(), value.strip()


def _whole(text: str) -> int:
    return _number(text, 0, "0 or more")


def _one_or_more(text: str) -> int:
    return _number(text, 1, "1 or more")


def _themes(text: str) -> int | None:
    if text == "auto":
        return None
    return _number(text, 2, "'auto' or between 2 and 1000", 1000)


def _number(text: str, least: int, allowed: str, most: int | None = None) -> int:
    """Return a whole number; ``allowed`` says in words which ones may be given."""
    number = int(text) if re.fullmatch(r"-?\d{1,18}", text.strip()) else None
    if number is None or number < least or (most is not None and number > most):
        raise argparse.ArgumentTypeError(f"must be {allowed}, not “{text}”")
    return number
