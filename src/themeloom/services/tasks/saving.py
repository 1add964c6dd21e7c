"""In the engine process: a project's themes as a folder that stock BERTopic opens.

A module of its own, because it brings BERTopic: what a task's module imports waits until no other
thread imports (``jobs.child``).
"""

from pathlib import Path

from themeloom.engine import model_export
from themeloom.jobs.child import Channel
from themeloom.jobs.tables import read_table


def save_model(
    channel: Channel,
    *,
    excerpts: str,
    assignments: str,
    themes: str,
    encoder: str,
    store: str,
    folder: str,
) -> None:
    """Save the themes of three Arrow files as a folder that stock BERTopic opens."""
    model_export.save_model(
        read_table(excerpts),
        read_table(assignments),
        read_table(themes),
        encoder=encoder,
        store=Path(store),
        folder=Path(folder),
        progress=channel.report,
    )
