"""The two kinds of child processes, described once: reader and engine."""

import os

from themeloom.jobs.child import Limits
from themeloom.jobs.worker import Worker

_READER_MEMORY = 6 * 1024**3  # address space on Linux: polars reserves far more than it uses
READER_SECONDS = 900.0  # for one file


def reader() -> Worker:
    """Return the disposable process that reads files; memory is capped, no engine packages."""
    return Worker(
        "reader",
        limits=Limits(memory=_READER_MEMORY),
        environment={"POLARS_MAX_THREADS": str(_cores())},
        warm_up="themeloom.services.tasks.reading:warm_up",
    )


def engine() -> Worker:
    """Return the long-lived process that finds themes; it warms up when started."""
    cores = str(_cores())
    return Worker(
        "engine",
        limits=Limits(lower_priority=True),
        environment={
            "OMP_NUM_THREADS": cores,
            "OPENBLAS_NUM_THREADS": cores,
            "POLARS_MAX_THREADS": cores,
            "TOKENIZERS_PARALLELISM": "false",
            "JOBLIB_MULTIPROCESSING": "0",
            "HF_HUB_OFFLINE": "1",  # nothing in the default path asks a hub; this makes it certain
            "TRANSFORMERS_OFFLINE": "1",
        },
        warm_up="themeloom.services.tasks.theming:warm_up",
    )


def _cores() -> int:
    """Physical cores are not told by the standard library; beyond 8 nothing gains."""
    return max(1, min(8, os.cpu_count() or 1))
