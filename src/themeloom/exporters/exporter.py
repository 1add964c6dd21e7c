"""What an export format is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from themeloom.insights.model import BookData

#: Called with stage, done, total; may raise ``JobCancelled`` to stop.
Progress = Callable[[str, int, int], None]

#: Stands in ``Exporter.choices`` where the names are a person's own, such as headers of columns.
ANY_NAME = "*"

#: Insight id → name of a value (``Field`` or the format's own) → text.
Written = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Exporter:
    """One format: ``write`` puts the data into the file and replaces it in one step.

    ``write`` returns what it wrote of each insight (insight id → name → text): the log of deliveries
    keeps it, so that edits can be told from what was written, and a second hand-off writes only
    what is new. Formats without insights return nothing. ``write`` raises ``ExportError`` when the target cannot be written; the old file stays then.
    """

    name: str  # as on the command line
    suffix: str  # of the file, with the dot
    describes: str  # one line for people
    write: Callable[[BookData, Path, Progress], Written]
    hand_off: bool = False  # for another tool: a second one writes only what is new or changed
    raw_only: bool = False  # it names people: with masked data there would be nothing in it
    choices: tuple[str, ...] = ()  # names of what can be set for it; (ANY_NAME,): any


def silent(stage: str, done: int, total: int) -> None:
    """Take progress and do nothing with it."""
