"""A part of the self-test: the window opens, paints itself and closes, without a screen if need be."""

import os
import sys
import tempfile
from pathlib import Path

from PySide6.QtGui import QGuiApplication

from themeloom.base.settings import Settings
from themeloom.domain.errors import ThemeloomError

#: Packages that the process of the window must never load.
HEAVY = ("bertopic", "sklearn", "openvino", "faiss", "pandas", "torch", "numba", "umap", "openpyxl")


def window_check() -> str:
    """Open the window off the screen, look at a picture of it, and close it.

    Raises:
        ThemeloomError: it is blank, or loaded packages that belong to the engine process.
    """
    before = set(sys.modules)
    if QGuiApplication.instance() is None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from themeloom.gui.application import make_application, make_window

    app = make_application()
    with tempfile.TemporaryDirectory(prefix="themeloom-window-") as folder:
        window = make_window(app, Settings(Path(folder) / "settings.json"))
        window.show()
        app.processEvents()
        picture = window.grab().toImage()
        window.close()
        window.deleteLater()
        app.processEvents()
    colors = {
        picture.pixelColor(x, y).rgb()
        for x in range(0, picture.width(), 16)
        for y in range(0, picture.height(), 16)
    }
    if len(colors) < 4:
        raise ThemeloomError("The window stays blank.")
    heavy = sorted({name.split(".")[0] for name in set(sys.modules) - before} & set(HEAVY))
    if heavy:
        raise ThemeloomError(f"The window loads {', '.join(heavy)}.")
    return f"{picture.width()} × {picture.height()}, {QGuiApplication.platformName()}"
