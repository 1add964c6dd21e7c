"""Pictures of every place and dialog, light and dark, at one and two pixels a point.

usage: python packaging/screenshots.py OUTPUT [--only NAME]

Works on the sample data, with the real engine. Without a display a virtual one is started (Xvfb)
where it is installed; else Qt draws off the screen.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from themeloom.gui.windows.main_window import MainWindow

SCHEMES = ("light", "dark")
FACTORS = {"1x": "1", "2x": "2"}
SIZE = (1440, 900)


def main() -> int:
    """Make the projects once, then take the pictures in a process for each scheme and factor."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output", type=Path)
    parser.add_argument("--only", default="", help="pictures whose names begin so")
    parser.add_argument("--take", nargs=2, metavar=("SCHEME", "FACTOR"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    if options.take:
        take(options.output, options.take[0], options.take[1], options.only)
        return 0
    with tempfile.TemporaryDirectory(prefix="themeloom-screens-") as folder:
        environment = os.environ | {"THEMELOOM_HOME": folder}
        os.environ["THEMELOOM_HOME"] = folder
        make_projects(Path(folder))
        for scheme in SCHEMES:
            for factor, scale in FACTORS.items():
                command = [sys.executable, __file__, str(options.output), "--only", options.only]
                subprocess.run(
                    [*_display(), *command, "--take", scheme, factor],
                    env=environment | {"QT_SCALE_FACTOR": scale},
                    check=True,
                )
    print(f"The pictures are in {options.output}")
    return 0


def make_projects(folder: Path) -> None:
    """Import the sample and find its themes: proposed in one project, accepted in the other."""
    from themeloom.base.paths import sample_data
    from themeloom.domain.records import ImportOptions
    from themeloom.project.project import Project
    from themeloom.services import workers
    from themeloom.services.importing import import_inputs
    from themeloom.services.synthesis import SynthesisOptions, find_themes

    with workers.reader() as reader, workers.engine() as engine:
        for name, accept in (("fernwick-proposed", False), ("fernwick-voice-q3", True)):
            with Project.create(folder / f"{name}.loom") as project:
                import_inputs(project, [sample_data()], ImportOptions(), reader)
                find_themes(project, engine, SynthesisOptions(accept=accept))


def take(output: Path, scheme: str, factor: str, only: str) -> None:
    """Take all pictures of one scheme and factor."""
    from themeloom.base.settings import Settings
    from themeloom.gui.application import make_application, make_window

    app = make_application()
    home = Path(os.environ["THEMELOOM_HOME"])
    settings = Settings(home / f"settings-{scheme}-{factor}.json")
    settings.set("appearance.scheme", scheme)
    window = make_window(app, settings)
    window.resize(*SIZE)
    window.show()
    _rest(window)
    for name, widget in _scenes(window, home):
        if name.startswith(only):
            widget.grab().save(str(output / f"{name}-{scheme}-{factor}.png"))
    window.close()


def _scenes(window: "MainWindow", home: Path) -> Iterator[tuple[str, "QWidget"]]:
    """Go through places and dialogs; yield each when it has come to rest."""
    from themeloom.base.paths import sample_data
    from themeloom.gui.views.themes.place import ThemesPlace

    yield "welcome", window
    created: list[bool] = []
    empty = home / f"new-{len(list(home.glob('new-*.loom')))}.loom"
    window.projects.create(empty, lambda: created.append(True))
    _wait(lambda: bool(created))
    _rest(window)
    yield "empty", window
    files = sorted(path for path in sample_data().iterdir() if path.is_file())
    yield from _dialog(window, "import", lambda: window.work.import_files(files))
    _open(window, home / "fernwick-proposed.loom")
    window.show_place("themes")
    _rest(window)
    yield "proposals", window
    for name, deed in (
        ("find-themes", window.work.find_themes),
        ("export", window.work.export),
        ("settings", window.work.show_settings),
        ("history", window.work.show_history),
        ("backups", window.work.show_backups),
        ("keys", window.help.show_keys),
        ("about", window.help.show_about),
    ):
        yield from _dialog(window, name, deed)
    window.help.show_palette()
    _rest(window)
    yield "palette", window.help.palette
    window.help.palette.close()
    place = window.places["themes"]
    assert isinstance(place, ThemesPlace)
    _open(window, home / "fernwick-voice-q3.loom")
    yield from _around_insights(window, home)
    for name in ("sources", "themes", "insights", "dashboard"):
        window.show_place(name)
        _rest(window)
        if name == "themes":
            place.excerpts.table.selectRow(2)
            _rest(window)
        yield name, window
    window.show_place("themes")
    place.inspector.go_to(1)
    _rest(window)
    yield "record", window
    place.show_unsorted()
    _rest(window)
    yield "unsorted", window
    window.search_field.setText("calendar -outlook")
    _rest(window)
    yield "search", window
    window.search_field.clear()
    themes = place.workspace.view.themes if place.workspace.view else None
    assert themes is not None
    ids = themes.filter(themes["level"] == "theme")["theme_id"].to_list()
    yield from _dialog(window, "merge", lambda: place.reshaping.merge(ids[:3]))
    largest = themes.filter(themes["level"] == "theme").sort("records", descending=True)
    yield from _dialog(window, "split", lambda: place.reshaping.split(largest["theme_id"][0]))
    yield from _dialog(window, "level-up", lambda: place.reshaping.move(ids[:1], up=True))
    yield from _dialog(window, "level-down", lambda: place.reshaping.move(ids[:1], up=False))
    yield from _dialog(window, "let-in", place.reshaping.show_coverage)
    yield from _teach(window, largest["theme_id"].to_list())
    yield from _dialog(
        window,
        "new-theme",
        lambda: place.placing.new_theme(place.excerpts.model.numbers.head(6).to_list()),
    )
    place.show_theme(ids[0])
    _rest(window)
    place.begin_review()
    _rest(window)
    yield "review", window
    place.leave_review()
    window.resize(1000, 640)
    window.show_place("themes")
    _rest(window)
    yield "themes-narrow", window
    window.resize(*SIZE)
    window.set_zoom(1.5)
    _rest(window)
    yield "themes-zoomed", window


def _teach(window: "MainWindow", theme_ids: Sequence[str]) -> Iterator[tuple[str, "QWidget"]]:
    """Move some excerpts of one theme to another, and show what follows from it."""
    view = window.workspace.view
    assert view is not None
    first, second = (
        view.excerpts.filter(view.excerpts["theme_id"] == theme_id)["excerpt_id"].to_list()
        for theme_id in theme_ids[:2]
    )
    window.workspace.edit(lambda session: session.project.confirm(first[:6]))
    window.workspace.edit(lambda session: session.project.assign(second[:6], theme_ids[0]))
    _rest(window)
    yield from _dialog(window, "teach", window.actions_["themes.teach"].trigger)
    window.workspace.undo()
    window.workspace.undo()
    _rest(window)


def _around_insights(window: "MainWindow", home: Path) -> Iterator[tuple[str, "QWidget"]]:
    """Go through what is sent and what comes back, and show a period."""
    from themeloom.gui.windows.period_box import OTHER_DAYS
    from themeloom.services.exporting import ExportOptions, export

    session = window.workspace.session
    assert session is not None
    yield from _dialog(window, "send", window.insights.send)
    yield from _dialog(window, "roster", window.insights.show_roster)
    number = len(list(home.glob("edited-*.xlsx")))
    edited = home / f"edited-{number}.xlsx"
    export(session.project, "xlsx", edited, ExportOptions())
    _edit(edited)
    yield from _dialog(window, "returning", lambda: window.insights.bring_back_from(edited))
    yield from _dialog(window, "verify", lambda: window.insights.check(edited))
    issues = home / f"jira-{number}.csv"
    issues.write_text(
        "Summary,Issue key,Status,Labels\n"
        "Photos are lost,APP-12,Done,themeloom-IN-001\n"
        "Calendar sync drops jobs,APP-14,To Do,\n",
        encoding="utf-8",
    )
    yield from _dialog(window, "trackers", lambda: window.insights.read_tracker_from(issues))
    window.period.choose("2026-08-01..2026-08-31")
    window.show_place("themes")
    _rest(window)
    yield "period", window
    yield from _dialog(window, "days", lambda: window.period.choose(OTHER_DAYS))
    window.period.show_all()
    _rest(window)


def _edit(workbook: Path) -> None:
    """Edit an exported workbook as a PM would, and one letter of a quote."""
    from typing import Any, cast

    import openpyxl

    book = cast(Any, openpyxl.load_workbook(workbook))
    for name, header, edits in (
        ("Insights", "Status", ("Accepted", "nonsense")),
        ("Insights", "Decision", ("We do it in Q4.",)),
        ("Insights", "Owner", ("Nobody Known",)),
        ("Evidence", "Quote", ("What nobody said.",)),
    ):
        sheet = book[name]
        cell = next(c for row in sheet["A1:Z12"] for c in row if c.value == header)
        for row, edit in enumerate(edits, 1):
            sheet.cell(cell.row + row, cell.column).value = edit
    book.save(workbook)


def _open(window: "MainWindow", path: Path) -> None:
    opened: list[bool] = []
    window.projects.open(path, then=lambda: opened.append(True))
    _wait(lambda: bool(opened))
    _rest(window)


def _dialog(
    window: "MainWindow", name: str, deed: Callable[[], object]
) -> Iterator[tuple[str, "QWidget"]]:
    from PySide6.QtWidgets import QDialog

    deed()
    _rest(window)
    dialog = next(one for one in window.findChildren(QDialog) if one.isVisible())
    yield name, dialog
    dialog.close()
    _rest(window)


def _rest(window: "MainWindow") -> None:
    """Wait until nothing is asked or edited any more, and a moment for what follows."""
    workspace = window.workspace
    for _ in range(3):
        _wait(lambda: workspace.idle and not workspace.saving and workspace.job is None)
        _pass(250)


def _wait(done: Callable[[], bool], seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while not done():
        if time.monotonic() > until:
            raise TimeoutError("the window does not come to rest")
        _pass(20)


def _pass(milliseconds: int) -> None:
    """Let the event loop run; ``QTest.qWait`` sleeps with the interpreter's lock in its hands."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def _display() -> list[str]:
    if sys.platform != "linux" or os.environ.get("DISPLAY"):
        return []
    if shutil.which("xvfb-run"):
        return ["xvfb-run", "--auto-servernum", "--server-args", "-screen 0 3600x2400x24"]
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    return []


if __name__ == "__main__":
    sys.exit(main())
