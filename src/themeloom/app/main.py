"""The entry point ``themeloom``."""

import importlib.util
import multiprocessing
import sys
from collections.abc import Callable, Sequence
from pathlib import Path


def main(arguments: Sequence[str] | None = None) -> int:
    """Open the workbench, or run a command of the command line, and return the exit code."""
    multiprocessing.freeze_support()  # must come first: a frozen child starts here too
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given or given[0] == "gui" or (len(given) == 1 and given[0].endswith(".loom")):
        return _open_window([argument for argument in given if argument != "gui"])
    try:
        from themeloom.cli.main import run
    except KeyboardInterrupt:  # Ctrl-C while the packages load, which takes half a second
        print("themeloom: Cancelled. Nothing was begun.", file=sys.stderr)
        return 1

    for stream in (sys.stdout, sys.stderr):  # Windows consoles are not UTF-8 by themselves
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")
    return run(given, _window_check())


def _window_check() -> Callable[[], str] | None:
    """Return the window's part of the self-test; a frozen command line comes without a window."""
    if importlib.util.find_spec("PySide6") is None:
        return None

    def check() -> str:
        from themeloom.gui.window_check import window_check

        return window_check()

    return check


def _open_window(given: list[str]) -> int:
    usage = "usage: themeloom [gui] [PROJECT.loom]"
    if given in (["-h"], ["--help"]):
        print(f"{usage}\n\nOpen the workbench.")
        return 0
    unknown = [argument for argument in given if argument.startswith("-")]
    if unknown or len(given) > 1:
        print(usage, file=sys.stderr)
        return 2
    if importlib.util.find_spec("PySide6") is None:
        print("This build has no window. 'themeloom --help' lists the commands.", file=sys.stderr)
        return 2
    from themeloom.gui.application import run

    return run(Path(given[0]) if given else None)


if __name__ == "__main__":
    sys.exit(main())
