"""Vectors, clustering, BERTopic and titles. Imported inside the engine process only."""

import os
import threading

# BERTopic shows progress bars of its own on stderr; tqdm reads this when it is imported.
os.environ.setdefault("TQDM_DISABLE", "1")

from typing import Any, cast

from tqdm import tqdm

# By default tqdm makes a lock for several processes; a child that is terminated would leak it.
cast(Any, tqdm).set_lock(threading.RLock())
