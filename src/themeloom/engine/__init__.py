"""Vectors, clustering, BERTopic and titles. Imported inside the engine process only."""

import os
import sys
import threading
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, cast

# BERTopic shows progress bars of its own on stderr; tqdm reads this when it is imported.
os.environ.setdefault("TQDM_DISABLE", "1")

from tqdm import tqdm


class _NotHere(MetaPathFinder):
    """Refuses packages that BERTopic imports wherever they happen to be installed.

    They take seconds and hundreds of megabytes for parts that are not used here.
    """

    def __init__(self) -> None:
        """Refuse all that nothing here needs."""
        self.names = {"hdbscan", "numba", "sentence_transformers", "torch", "umap"}

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Raise for the refused packages, leave the others to whoever knows them."""
        if fullname in self.names:
            raise ModuleNotFoundError(f"{fullname} is not used by this engine", name=fullname)
        return None


_not_here = _NotHere()
sys.meta_path.insert(0, _not_here)


def allow(*names: str) -> None:
    """Let these packages be imported from now on: somebody asked for what needs them."""
    _not_here.names.difference_update(names)


# BERTopic asks for plotly by find_spec, which takes None in sys.modules for "not installed".
sys.modules.setdefault("plotly", cast(Any, None))

# By default tqdm makes a lock for several processes; a child that is terminated would leak it.
cast(Any, tqdm).set_lock(threading.RLock())
