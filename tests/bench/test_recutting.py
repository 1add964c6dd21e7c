"""A re-cut with its labels at 100,000 excerpts. Run with `make bench`."""

import statistics
import time
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from themeloom.domain.frames import ASSIGNMENTS, EXCERPTS, RECORDS, THEMES, conform
from themeloom.domain.records import Kind
from themeloom.domain.themes import Level, Run, Status
from themeloom.engine.hierarchy import group_count
from themeloom.engine.tree import grow
from themeloom.jobs.tables import write_table
from themeloom.project.project import Project
from themeloom.services import cut_store
from themeloom.services.accepting import accept
from themeloom.services.recutting import Cuts

pytestmark = pytest.mark.bench

EXCERPTS_IN_ALL, THEMES_IN_ALL = 100_000, 600
RUN = "bench"


def test_recut_of_100_000_excerpts(tmp_path: Path) -> None:
    """A cut with titles, phrases, counts and quotes in under 200 ms."""
    with Project.create(tmp_path / "large.loom") as project:
        _fill(project, tmp_path)
        began = time.perf_counter()
        cuts = Cuts.load(project)
        loading = time.perf_counter() - began
        assert cuts is not None
        assert cuts.open == EXCERPTS_IN_ALL
        seconds: list[float] = []
        for level in [*cuts.levels, *reversed(cuts.levels)]:
            began = time.perf_counter()
            preview = cuts.preview(level)
            seconds.append(time.perf_counter() - began)
            assert len(preview.themes) == level
        began = time.perf_counter()
        assert accept(project, cuts.levels[2]) is not None
        writing = time.perf_counter() - began
    print(
        f"\nre-cut: median {statistics.median(seconds) * 1000:.0f} ms, slowest"
        f" {max(seconds) * 1000:.0f} ms; opening {loading:.2f} s; accepting a cut {writing:.2f} s"
    )
    assert max(seconds) < 0.2


def _fill(project: Project, folder: Path) -> None:
    """Write a project whose run found themes, and the cuts that its engine would have left."""
    dice = np.random.default_rng(1)
    atoms = dice.integers(0, THEMES_IN_ALL, EXCERPTS_IN_ALL)
    atoms[:THEMES_IN_ALL] = np.arange(THEMES_IN_ALL)
    centres = dice.normal(size=(THEMES_IN_ALL, 24)).astype(np.float32)
    tree = grow(None, np.arange(THEMES_IN_ALL), centres, np.ones(THEMES_IN_ALL), 1, 0, _nothing)
    levels = tree.levels()
    numbers = pl.Series("number", range(EXCERPTS_IN_ALL))
    frame = pl.select(
        pl.format("r{}", numbers // 2).alias("record_id"),
        pl.format("r{}.{}", numbers // 2, numbers % 2).alias("excerpt_id"),
        (numbers % 2).alias("ordinal"),
        (numbers % 2 * 12).alias("start"),
        (numbers % 2 * 12 + 11).alias("end"),
        pl.lit("eleven sign").alias("text"),
    )
    with project.begin_import("bench") as stage:
        source = stage.add_source(
            {"file": "b.csv", "path": "b.csv", "kind": Kind.TICKET, "about": "us"}
        )
        records = (
            frame.select("record_id")
            .unique(maintain_order=True)
            .with_columns(
                pl.lit(source).alias("source_id"),
                pl.lit(Kind.TICKET.value).alias("kind"),
                pl.lit("eleven sign eleven sign").alias("text"),
                pl.col("record_id").alias("content_hash"),
            )
        )
        stage.add_records(conform(records, RECORDS))
        stage.add_excerpts(conform(frame, EXCERPTS))
        stage.commit()
    ids = np.array([f"T-{number:04d}" for number in range(THEMES_IN_ALL)])
    nodes = len(tree.parent)
    quotes = [[f"r{node}.0", f"r{node + 7}.1"] for node in range(nodes)]
    table = pl.DataFrame(
        {
            "node": np.arange(nodes, dtype=np.int32),
            "parent": tree.parent.astype(np.int32),
            "born": tree.born.astype(np.int32),
            "dies": tree.dies.astype(np.int32),
            "title": [f"Title number {node}" for node in range(nodes)],
            "definition": [f"Records that speak of {node}." for node in range(nodes)],
            "key_phrases": [[f"phrase {node} {n}" for n in range(5)] for node in range(nodes)],
            "quotes": quotes,
            "theme_id": [None] * nodes,
            "parent_id": [None] * nodes,
        },
        schema_overrides={"theme_id": pl.String, "parent_id": pl.String},
    )
    texts = frame.select(
        "excerpt_id",
        pl.Series("record", np.arange(EXCERPTS_IN_ALL) // 2, dtype=pl.UInt32),
        pl.Series("atom", atoms, dtype=pl.Int32),
        *(
            pl.Series(f"similarity {n}", np.full(EXCERPTS_IN_ALL, 40000), dtype=pl.UInt16)
            for n in levels
        ),
    )
    unsorted = pl.DataFrame(
        schema={"excerpt_id": pl.String, "nearest": pl.List(pl.Int32), "similarity": pl.Float32}
    )
    further = texts.gather_every(33).with_columns(atom=(pl.col("atom") + 1) % THEMES_IN_ALL)
    cut_store.keep(
        project,
        RUN,
        {
            "nodes": write_table(table, folder / "nodes.arrow"),
            "texts": write_table(texts, folder / "texts.arrow"),
            "further": write_table(further, folder / "further.arrow"),
            "unsorted": write_table(unsorted, folder / "unsorted.arrow"),
            "levels": levels,
            "chosen": THEMES_IN_ALL,
            "groups": {level: group_count(level) for level in levels},
        },
    )
    shown = {str(int(node)): str(ids[place]) for place, node in enumerate(tree.themes)}
    run = Run(
        RUN,
        "2026-01-01T00:00:00",
        0,
        "hash",
        {"cuts": {"of": RUN, "level": THEMES_IN_ALL, "themes": shown}},
    )
    themes = pl.DataFrame(
        {
            "theme_id": ids,
            "level": Level.THEME,
            "status": Status.PROPOSED,
            "title": [f"Title number {int(node)}" for node in tree.themes],
        }
    )
    with project.begin_run(run) as stage:
        stage.add_themes(conform(themes, THEMES))
        assignments = frame.select(
            "excerpt_id",
            pl.Series("theme_id", ids[atoms]),
            pl.lit("auto").alias("method"),
            pl.lit(0.6).alias("similarity"),
            pl.lit(True).alias("primary"),
            pl.lit(False).alias("reviewed"),
        )
        stage.add_assignments(conform(assignments, ASSIGNMENTS))
        stage.commit()


def _nothing() -> None:
    pass
