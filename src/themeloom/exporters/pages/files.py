"""Writing one text, or several tables that belong together."""

from pathlib import Path
from typing import BinaryIO

from themeloom.exporters.safety.targets import write_whole


def write_text(target: Path, text: str) -> None:
    """Write ``text`` as UTF-8 without byte-order mark, whole or not at all.

    Raises:
        ExportError: the target cannot be written; an older file there stays.
    """

    def write(file: BinaryIO) -> None:
        file.write(text.encode())

    write_whole(target, write)


def beside(target: Path, tag: str) -> Path:
    """Return ``name-tag.csv`` for ``name.csv``; ``target`` itself without a tag."""
    return target.with_name(f"{target.stem}-{tag}{target.suffix}") if tag else target
