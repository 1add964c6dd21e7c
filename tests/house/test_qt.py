"""Qt can be blocked for the rooms that must do without it, and the locked PySide6 does not wear out."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

BLOCK_QT = Path(__file__).parents[1] / "block_qt"


@pytest.mark.parametrize("module", ["PySide6", "PySide6.QtCore", "shiboken6"])
def test_blocked_qt_raises_in_every_process(module: str) -> None:
    grandchild = f"import subprocess, sys; sys.exit(subprocess.call([sys.executable, '-c', 'import {module}']))"
    for code in (f"import {module}", grandchild):
        done = subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"PYTHONPATH": str(BLOCK_QT)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 1
        assert f"ImportError: {module.partition('.')[0]} is blocked" in done.stderr


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None has no reference count there")
def test_void_calls_of_pyside_keep_the_references_to_none() -> None:
    # PySide6 6.12.0 loses one with each call, and Python 3.11 aborts after about 20,000.
    from PySide6.QtCore import QObject

    thing = QObject()
    before = sys.getrefcount(None)
    for _ in range(2000):
        thing.setObjectName("x")
    assert sys.getrefcount(None) > before - 1000
