"""Makes importing Qt's Python packages raise in this process.

A folder of its own, so that tests/conftest.py can put it on PYTHONPATH: Python imports it at start,
and the engine and reader processes that the tests spawn refuse Qt as well.
"""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

BLOCKED = frozenset({"PySide6", "shiboken6"})


class QtBlocker(MetaPathFinder):
    """Refuses PySide6 and shiboken6, leaves everything else to the finders after it."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] in BLOCKED:
            raise ImportError(f"{fullname} is blocked: this room has to work without Qt")
        return None


if not any(type(finder).__name__ == QtBlocker.__name__ for finder in sys.meta_path):
    sys.meta_path.insert(0, QtBlocker())
