"""Drives the real window: opens it, waits until it has come to rest, finds its controls."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from themeloom.base.settings import Settings
from themeloom.gui.application import make_window
from themeloom.gui.dialogs.native import NativeDialogs
from themeloom.gui.windows.main_window import MainWindow
from themeloom.services.view import View

D = TypeVar("D", bound=QWidget)


class Answers(NativeDialogs):
    """Stands in for the system's own dialogs, which no test can click."""

    def __init__(self, settings: Settings, parent: QWidget) -> None:
        super().__init__(settings, parent)
        self.files: list[Path] = []
        self.path: Path | None = None
        self.stop = True
        self.asked: list[str] = []
        self.shown: list[Path] = []

    def files_to_import(self) -> list[Path]:
        self.asked.append("files")
        return self.files

    def folder_to_import(self) -> list[Path]:
        self.asked.append("folder")
        return self.files

    def project_to_open(self) -> Path | None:
        self.asked.append("project")
        return self.path

    def new_project(self, suggestion: Path) -> Path | None:
        self.asked.append("new project")
        return self.path

    def target(self, purpose: str, title: str, suggestion: Path, pattern: str) -> Path | None:
        self.asked.append(title)
        return self.path

    def folder(self, purpose: str, title: str) -> Path | None:
        self.asked.append(title)
        return self.path

    def file(self, purpose: str, title: str, pattern: str) -> Path | None:
        self.asked.append(title)
        return self.path

    def stop_job_and_close(self, job: str) -> bool:
        self.asked.append(job)
        return self.stop

    def open_file(self, path: Path) -> None:
        self.shown.append(path)

    def show_in_folder(self, path: Path) -> None:
        self.shown.append(path)


@contextmanager
def open_window(qapp: QApplication, qtbot: QtBot, settings: Settings) -> Generator[MainWindow]:
    """Return the shown window with its own answers to system dialogs; close it at the end."""
    qapp.setStyleSheet("")  # many widgets are built much faster without; make_window puts it on
    window = make_window(qapp, settings, Answers)
    window.resize(1440, 900)
    broken: list[object] = []
    window.workspace.broken.connect(broken.append)
    window.show()
    qtbot.waitExposed(window)
    try:
        yield window
        assert not broken, f"unexpected: {broken!r}"
    finally:
        window.close()
        window.deleteLater()


def answers(window: MainWindow) -> Answers:
    assert isinstance(window.dialogs, Answers)
    return window.dialogs


def open_project(window: MainWindow, qtbot: QtBot, path: Path) -> None:
    with qtbot.waitSignal(window.workspace.opened, timeout=20_000):
        window.projects.open(path)
    settle(window, qtbot)


def settle(window: MainWindow, qtbot: QtBot, *, timeout: int = 60_000) -> None:
    """Wait until no edit, question or job is under way."""
    workspace = window.workspace
    qtbot.waitUntil(
        lambda: workspace.idle and not workspace.saving and workspace.job is None, timeout=timeout
    )


def view_of(window: MainWindow) -> View:
    view = window.workspace.view
    assert view is not None
    return view


def trigger(window: MainWindow, name: str) -> None:
    QApplication.processEvents()  # actions are asked once a turn whether they can be used
    action = window.actions_[name]
    assert action.isEnabled(), f"{name}: {action.toolTip()}"
    action.trigger()


def dialog_of(window: MainWindow, kind: type[D]) -> D:
    """Return the open dialog of a kind."""
    found = [one for one in window.findChildren(kind) if one.isVisible()]
    assert len(found) == 1, f"{len(found)} of {kind.__name__}"
    return found[0]


def wait_for_dialog(window: MainWindow, qtbot: QtBot, kind: type[D]) -> D:
    qtbot.waitUntil(
        lambda: any(one.isVisible() for one in window.findChildren(kind)), timeout=20_000
    )
    return dialog_of(window, kind)


def press(qtbot: QtBot, where: QWidget, text: str) -> None:
    """Click the button that begins with ``text``."""
    buttons = [
        one
        for one in where.findChildren(QPushButton)
        if one.isVisible() and one.text().replace("&", "").startswith(text)
    ]
    assert buttons, f"no button {text!r}"
    assert buttons[0].isEnabled(), f"{text!r} is disabled"
    qtbot.mouseClick(buttons[0], Qt.MouseButton.LeftButton)
