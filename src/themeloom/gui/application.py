"""The running workbench: the application object, its window, and a clean end."""

import gc
import sys
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from threading import Thread

from PySide6.QtCore import QLibraryInfo, QLocale, QTimer, QTranslator
from PySide6.QtWidgets import QApplication

from themeloom.base import crashes
from themeloom.base.paths import resource
from themeloom.base.settings import Settings
from themeloom.gui.bridge.exceptions import ExceptionCatcher
from themeloom.gui.bridge.instance import Instance
from themeloom.gui.dialogs.native import NativeDialogs
from themeloom.gui.look import sizes, style
from themeloom.gui.look.icons import app_icon
from themeloom.gui.windows.main_window import MainWindow
from themeloom.services.recents import recents

_FURNISHING = "themeloom.gui.windows.furnishing"
_LOOK_EVERY_MS = 15


def run(project: Path | None = None, arguments: Sequence[str] = ()) -> int:
    """Open the workbench and return its exit code.

    A second start hands ``project`` to the window that is there.
    """
    app = make_application(arguments)
    instance = Instance()
    if instance.hand_over(project.absolute() if project else None):
        return 0
    instance.listen()
    crash = crashes.watch_for_crashes()
    window = make_window(app, furnished=False)
    catcher = ExceptionCatcher()
    instance.asked.connect(partial(_raise, window))
    window.show()

    def ready() -> None:
        catcher.caught.connect(window.help.report)
        put_window_first()
        _start(window, project, crash)

    furnish_soon(window, ready)
    code = app.exec()
    catcher.remove()
    instance.close()
    crashes.end_watch()
    return code


def make_application(arguments: Sequence[str] = ()) -> QApplication:
    """Return the application object with names, icon and translations."""
    found = QApplication.instance()
    app = found if isinstance(found, QApplication) else QApplication([sys.argv[0], *arguments])
    app.setApplicationName("Themeloom")
    app.setApplicationDisplayName("")
    app.setDesktopFileName("themeloom")
    app.setWindowIcon(app_icon())
    _translate(app)
    return app


def make_window(
    app: QApplication,
    settings: Settings | None = None,
    dialogs: type[NativeDialogs] = NativeDialogs,
    *,
    furnished: bool = True,
) -> MainWindow:
    """Return the main window with the person's look on it; not shown yet.

    Args:
        app: the application object.
        settings: the person's own when None.
        dialogs: what asks for files.
        furnished: whether everything is loaded at once; else ``furnish_soon`` does it.
    """
    kept = settings or Settings()
    sizes.set_zoom(kept.get("appearance.zoom", 1.0))
    style.choose_scheme(app, style.known_scheme(kept.get("appearance.scheme", "system")))
    window = MainWindow(kept, dialogs=dialogs)
    if furnished:
        window.furnish()
    style.apply(app)
    return window


def furnish_soon(window: MainWindow, then: Callable[[], None]) -> None:
    """Load what the window still lacks beside it, furnish it, then call ``then``.

    The window is seen and answers meanwhile: most of the time goes into loading modules.
    """
    loading = Thread(target=partial(import_module, _FURNISHING), name="loading", daemon=True)
    timer = QTimer(window)
    timer.setInterval(_LOOK_EVERY_MS)

    def look() -> None:
        if loading.is_alive():
            return
        timer.stop()
        # Without the style sheet it takes half the time. It is put on once all is in its place:
        # widgets that are put together under it get some fonts and margins otherwise, and the
        # first change of the colours would move badges and menus. Nothing is painted in between.
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.setStyleSheet("")
        window.furnish()
        window.restyle()
        then()

    timer.timeout.connect(look)
    loading.start()
    timer.start()


def put_window_first() -> None:
    """Keep other threads from holding the window up.

    Python's threads take turns of 1 ms instead of 5. The garbage collector, which stops all of them
    while it looks through everything, is spared what lives as long as the program: with a whole
    window in memory that is 50 ms.
    """
    sys.setswitchinterval(0.001)
    gc.collect()
    gc.freeze()


def _start(window: MainWindow, project: Path | None, crash: str) -> None:
    """Open what is wanted, after the first paint."""
    if crash:
        window.help.report_crash()
    if project is not None:
        window.take_files([project])
    elif window.settings.get("general.reopen", False):
        last = next(iter(recents(window.settings)), None)
        if last is not None and not last.missing:
            window.projects.open(Path(last.path))


def _raise(window: MainWindow, path: object) -> None:
    window.setWindowState(window.windowState() & ~window.windowState().WindowMinimized)
    window.raise_()
    window.activateWindow()
    if isinstance(path, Path):
        window.take_files([path])


def _translate(app: QApplication) -> None:
    """Load the translations of the system's language, ours and Qt's, where there are some."""
    locale = QLocale.system()
    # Many counts are put into English texts with commas; the rest must not stand beside them with
    # dots, or, on a system without a language, with nothing.
    QLocale.setDefault(english())
    for name, folder in (
        ("qtbase", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)),
        ("themeloom", _translations()),
    ):
        translator = QTranslator(app)
        if folder and translator.load(locale, name, "_", folder):
            app.installTranslator(translator)
            if name == "themeloom":
                QLocale.setDefault(locale)


def english() -> QLocale:
    """Return how numbers and dates are written beside English texts: "6,481", "30 Sep"."""
    plain = QLocale.c()
    plain.setNumberOptions(QLocale.NumberOption.DefaultNumberOptions)
    return plain


def _translations() -> str:
    try:
        return str(resource("translations"))
    except FileNotFoundError:
        return ""
