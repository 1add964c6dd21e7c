"""What an export format is."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from themeloom.insights.model import BookData

#: Called with stage, done, total; may raise ``JobCancelled`` to stop.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Exporter:
    """One format: ``write`` puts the data into the file and replaces it in one step.

    ``write`` raises ``ExportError`` when the target cannot be written; the old file stays then.
    """

    name: str  # as on the command line
    suffix: str  # of the file, with the dot
    describes: str  # one line for people
    write: Callable[[BookData, Path, Progress], None]


def silent(stage: str, done: int, total: int) -> None:
    """Take progress and do nothing with it."""
