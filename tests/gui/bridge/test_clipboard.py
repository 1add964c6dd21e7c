"""A program that copied something ends cleanly."""

import os
import subprocess
import sys

_CODE = """
from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QApplication
from themeloom.gui.bridge.clipboard import leave_text_behind
app = QApplication([])
data = QMimeData()
data.setText("plain")
data.setHtml("<b>plain</b>")
app.clipboard().setMimeData(data)
del data
leave_text_behind()
print(app.clipboard().text())
"""


def test_copied_data_does_not_crash_the_end_of_the_program() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _CODE],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "plain"
