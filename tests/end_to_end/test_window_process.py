"""The workbench as a process of its own: one window per person, a safe end."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.services.fernwick import make_fernwick

from themeloom.gui.bridge.instance import Instance
from themeloom.project.lock import lock_path
from themeloom.project.project import Project


@pytest.fixture
def running(themeloom_home: Path) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "themeloom", "gui"],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        stderr=subprocess.PIPE,
    )
    yield process
    process.terminate()
    process.communicate(timeout=20)


def test_a_second_start_hands_its_project_to_the_window_that_runs(
    qapp: QApplication, qtbot: QtBot, running: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    path = make_fernwick(tmp_path / "voice.loom")
    with Project.open(path) as project:
        before = project.state_hash()
    qtbot.waitUntil(lambda: Instance().hand_over(None), timeout=30_000)
    second = subprocess.run(
        [sys.executable, "-m", "themeloom", str(path)],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        timeout=60,
        check=False,
    )
    assert second.returncode == 0
    qtbot.waitUntil(lambda: _is_open(path), timeout=30_000)
    assert running.poll() is None
    running.terminate()
    running.wait(20)
    with Project.open(path) as project:
        assert project.state_hash() == before


def test_wrong_arguments_say_how_it_is_called() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "themeloom", "gui", "a.loom", "b.loom"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "usage" in done.stderr


def _is_open(path: Path) -> bool:
    # Only looked at: opening it here would keep the window from opening it.
    lock = lock_path(path)
    return lock.exists() and lock.stat().st_size > 0
