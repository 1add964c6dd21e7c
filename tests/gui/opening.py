"""An open workspace on the sample as a real project."""

import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from tests.services.fernwick import make_fernwick

from themeloom.gui.bridge.workspace import Workspace
from themeloom.services.session import Session


@contextmanager
def opened(
    qtbot: QtBot,
    folder: Path,
    *,
    themes: bool = True,
    few: bool = False,
    name: str = "fernwick.loom",
) -> Generator[Workspace]:
    """Open a copy of the sample that lies in ``folder``; close it at the end."""
    path = folder / name
    path.write_bytes(fernwick(themes=themes, few=few))
    workspace = Workspace()
    with qtbot.waitSignal(workspace.opened, timeout=20_000):
        workspace.open(lambda: Session.open(path))
    try:
        yield workspace
    finally:
        # The platform of the tests keeps what was copied beyond the end of Python, which crashes.
        QGuiApplication.clipboard().clear()
        workspace.shut_down()
        workspace.deleteLater()


def settle(qtbot: QtBot, workspace: Workspace) -> None:
    """Wait until every question, edit and job has been answered."""
    qtbot.waitUntil(lambda: workspace.idle, timeout=60_000)
    for _ in range(3):  # what follows a job is spread over turns of the event loop
        QGuiApplication.processEvents()
    qtbot.waitUntil(lambda: workspace.idle, timeout=60_000)


@cache
def fernwick(*, themes: bool = True, few: bool = False) -> bytes:
    """Return the sample as a project file, for copies of it; ``few`` as in ``make_fernwick``."""
    folder = Path(tempfile.mkdtemp(prefix="fernwick-"))
    try:
        return make_fernwick(folder / "made.loom", themes=themes, few=few).read_bytes()
    finally:
        shutil.rmtree(folder)


def add_window(qtbot: QtBot) -> QWidget:
    """Return a window that lives until the test's end.

    The plugin keeps a weak reference only: once a test function has returned, the collector may
    run inside a paint event and destroy the window that is being painted.
    """
    window = QWidget()
    held = [window]
    qtbot.addWidget(window, before_close_func=lambda _: held.clear())
    return window
