"""Frames between processes: Arrow files, read whole so that no file stays mapped or open."""

from pathlib import Path

import polars as pl


def write_table(frame: pl.DataFrame, path: Path) -> str:
    """Write ``frame`` as an Arrow file and return the path as text, ready for a message."""
    frame.write_ipc(path)
    return str(path)


def read_table(path: str) -> pl.DataFrame:
    """Return the frame of an Arrow file; the file may be removed at once, on Windows too."""
    return pl.read_ipc(Path(path).read_bytes())
