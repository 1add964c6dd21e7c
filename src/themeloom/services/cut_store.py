"""Where the cuts of a run are kept: four Arrow files and a page of JSON in the derived store."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from themeloom.domain.frames import CUT_FURTHER, CUT_NODES, CUT_TEXTS, CUT_UNSORTED
from themeloom.jobs.tables import read_table, write_table
from themeloom.project.project import Project

FRAMES = ("nodes", "texts", "further", "unsorted")

_FORMAT = 2
_RUNS_KEPT = 6


@dataclass(frozen=True)
class StoredCuts:
    """What the engine found out about coarser and finer themes of one run.

    Attributes:
        nodes: CUT_NODES; ``theme_id`` as the engine called the run's themes.
        texts: CUT_TEXTS and "similarity <level>", UInt16: 65,535 is 1.
        further: CUT_FURTHER and the same columns.
        unsorted: CUT_UNSORTED.
        levels: numbers of themes, coarse to fine.
        chosen: the one that the run proposed.
        groups: number of groups at each level.
    """

    nodes: pl.DataFrame
    texts: pl.DataFrame
    further: pl.DataFrame
    unsorted: pl.DataFrame
    levels: list[int]
    chosen: int
    groups: dict[int, int]


def keep(project: Project, run_id: str, made: Mapping[str, Any]) -> None:
    """Store what the engine made under a run's id; those of long gone runs are removed.

    Args:
        project: whose derived store is used.
        run_id: the run's id.
        made: paths under the names of ``FRAMES``; ``levels``, ``chosen``, ``groups``.
    """
    folder = _folder(project, run_id)
    folder.mkdir(parents=True, exist_ok=True)
    for name in FRAMES:
        write_table(read_table(str(made[name])), folder / f"{name}.arrow")
    page = {key: made[key] for key in ("levels", "chosen", "groups")} | {"format": _FORMAT}
    part = folder / "cuts.part"
    part.write_text(json.dumps(page), encoding="utf-8")
    part.replace(folder / "cuts.json")  # last: without it the rest does not count
    stored = sorted(folder.parent.iterdir(), key=lambda path: path.stat().st_mtime)
    for old in stored[:-_RUNS_KEPT]:
        shutil.rmtree(old, ignore_errors=True)


def load(project: Project, run_id: str) -> StoredCuts | None:
    """Return what is stored for a run; None when it is missing or cannot be read."""
    folder = _folder(project, run_id)
    try:
        page = json.loads((folder / "cuts.json").read_text(encoding="utf-8"))
        if page["format"] != _FORMAT:
            return None
        frames = {name: read_table(str(folder / f"{name}.arrow")) for name in FRAMES}
        stored = StoredCuts(
            **frames,
            levels=[int(level) for level in page["levels"]],
            chosen=int(page["chosen"]),
            groups={int(level): int(count) for level, count in page["groups"].items()},
        )
    except (OSError, ValueError, KeyError, TypeError, pl.exceptions.PolarsError):
        return None
    for frame, schema in (
        (stored.nodes, CUT_NODES),
        (stored.texts, CUT_TEXTS),
        (stored.further, CUT_FURTHER),
        (stored.unsorted, CUT_UNSORTED),
    ):
        if any(frame.schema.get(name) != kind for name, kind in schema.items()):
            return None
    return stored


def _folder(project: Project, run_id: str) -> Path:
    return project.derived_store() / "cuts" / run_id
