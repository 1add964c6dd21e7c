"""The reader process: one input file in, frames of records and excerpts out as Arrow files."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from themeloom.domain.records import FileReport, ImportOptions
from themeloom.importers import languages
from themeloom.importers.files import import_file
from themeloom.importers.inputs import Input
from themeloom.jobs.child import Channel
from themeloom.jobs.tables import read_table, write_table

_FRAMES = ("records", "excerpts", "skipped", "accounts", "roster")


def warm_up(channel: Channel) -> None:
    """Load what reads files, and start reading the language model: it takes half a second."""
    languages.prepare()


def read_input(
    channel: Channel,
    *,
    item: Input,
    options: ImportOptions,
    existing: Sequence[str],
    folder: str,
) -> tuple[list[FileReport], list[dict[str, object]]]:
    """Read one input and write its frames to ``folder``.

    Args:
        channel: for progress and cancel.
        item: a file, or the notes of a folder.
        options: what the person overrode.
        existing: Arrow files of the records that are there already (project and earlier inputs).
        folder: where the Arrow files go.

    Returns:
        The input's reports (one for each kind of notes in a folder), and for each source in it its SOURCES row under ``source`` and the path
        of each frame's Arrow file under the frame's name.
    """
    known = pl.concat([read_table(path) for path in existing])
    imported = import_file(item, options, existing=known, progress=channel.report)
    channel.check()
    parts: list[dict[str, object]] = []
    for number, source in enumerate(imported.sources):
        part: dict[str, object] = {"source": source.row}
        for name in _FRAMES:
            frame: pl.DataFrame = getattr(source, name)
            part[name] = write_table(frame, Path(folder) / f"{number}-{name}.arrow")
        parts.append(part)
    return list(imported.by_kind or (imported.report,)), parts
