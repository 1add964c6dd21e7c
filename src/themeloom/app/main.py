"""The entry point ``themeloom``."""

import multiprocessing
import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    multiprocessing.freeze_support()  # must come first: a frozen child starts here too
    from themeloom.cli.main import run

    for stream in (sys.stdout, sys.stderr):  # Windows consoles are not UTF-8 by themselves
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")
    return run(arguments)


if __name__ == "__main__":
    sys.exit(main())
