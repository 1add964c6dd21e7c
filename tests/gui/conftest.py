"""What every test of the window gets: the look, nothing left behind, and no Qt warnings."""

import threading
from collections.abc import Iterator
from multiprocessing import active_children
from pathlib import Path

import pytest
from PySide6.QtCore import QThread, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.services.processes import Kept, keep, lent

from themeloom.base.settings import Settings
from themeloom.gui.look import sizes, style, tokens
from themeloom.services import workers


@pytest.fixture(autouse=True)
def look(qapp: QApplication) -> Iterator[None]:
    """Put the light look on at 100 %, whatever the test before did."""
    tokens.choose("light")
    sizes.set_zoom(1.0)
    style.apply(qapp)
    yield
    tokens.choose(None)


@pytest.fixture(autouse=True)
def nothing_left_behind(qtbot: QtBot, qapp: QApplication) -> Iterator[None]:
    """Fail a test that leaves a window, a running timer, a thread or a process."""
    threads = set(threading.enumerate())
    children = {child.pid for child in active_children()}
    yield
    # Only the offscreen platform takes its clipboard down after Python, and crashes over our data.
    qapp.clipboard().clear()
    for widget in qapp.topLevelWidgets():
        widget.close()
        widget.deleteLater()
    qapp.processEvents()
    qapp.sendPostedEvents(None, 52)  # DeferredDelete
    visible = [widget for widget in qapp.topLevelWidgets() if widget.isVisible()]
    assert not visible, f"still visible: {visible}"
    timers = [timer for timer in qapp.findChildren(QTimer) if timer.isActive()]
    assert not timers, f"still running: {timers}"
    assert not qapp.findChildren(QThread)
    left = [
        thread
        for thread in set(threading.enumerate()) - threads
        if thread.is_alive() and thread.name.split("_")[0] in ("edits", "questions", "job")
    ]
    assert not left, f"threads left: {left}"
    orphans = [child for child in active_children() if child.pid not in children]
    assert not orphans, f"processes left: {orphans}"


@pytest.fixture
def settings(themeloom_home: Path) -> Settings:
    """Return settings of the test's own; the engine's process starts where a test needs it."""
    made = Settings(themeloom_home / "settings.json")
    made.set("general.warm-up", False)
    return made


@pytest.fixture(scope="session")
def kept_reader(session_environment: None) -> Iterator[Kept]:
    with keep(workers.reader) as made:
        yield made


@pytest.fixture(scope="session")
def kept_engine(session_environment: None) -> Iterator[Kept]:
    with keep(workers.engine) as made:
        yield made


@pytest.fixture
def shared_reader(kept_reader: Kept) -> Iterator[None]:
    """Give the next session the reader of all tests; tests that stop or kill it start their own."""
    with lent("reader", kept_reader):
        yield


@pytest.fixture
def shared_engine(kept_engine: Kept) -> Iterator[None]:
    """Give the next session the engine of all tests; tests that stop or kill it start their own."""
    with lent("engine", kept_engine):
        yield
