"""Themes in 10,000, 100,000 and 400,000 sentences: stages, first look, memory of the processes."""

import time
from pathlib import Path
from typing import cast

import polars as pl
import pytest
from tests.bench.quality import table

from themeloom.domain.records import ImportOptions
from themeloom.services.session import Session
from themeloom.services.synthesis import SynthesisOptions

pytestmark = pytest.mark.bench

#: Sentences → most seconds from files to themes, most MB of one process. 10,000 short texts are held
#: against 12 s in ``test_main_job``, by the command that these seconds are meant for.
AIMS = {10_000: (None, 3_000), 100_000: (150, 3_000), 400_000: (600, 6_000)}
_FIRST_LOOK = 30


@pytest.mark.parametrize("size", list(AIMS))
def test_themes_in_many_sentences(size: int, test_data: Path, tmp_path: Path) -> None:
    """Print the stages, then hold the figures against the aims."""
    source = tmp_path / "sentences.csv"
    sentences = pl.read_parquet(test_data / "scale" / "sentences_400k.parquet").head(size)
    column = next(name for name, kind in sentences.schema.items() if kind == pl.String)
    sentences.select(comment=pl.col(column)).with_row_index("id").write_csv(source)
    looks: list[float] = []
    peak = 0.0
    began = time.perf_counter()
    session = Session.create(tmp_path / "scale.loom")
    try:
        session.warm_up()
        session.bring_in([source], ImportOptions(), lambda _: None)
        imported = time.perf_counter()

        def watch(_: object) -> None:
            nonlocal peak
            peak = max(peak, _resident_mb(session.engine.pid))

        report = session.look_for_themes(
            SynthesisOptions(), watch, lambda _: looks.append(time.perf_counter() - imported)
        )
        done = time.perf_counter()
        watch(None)
        stages = cast(list[list[object]], report.run.parameters["stages"])
    finally:
        session.close()
    rows = [["import", imported - began], *stages, ["all", done - began]]
    print("\n" + table([f"{size:,} sentences", "seconds"], rows))
    first = f"first look after {looks[0]:.1f} s; " if looks else ""
    print(f"{report.new_themes} themes; {first}engine process {peak:,.0f} MB")
    seconds, most = AIMS[size]
    assert peak < most
    if looks:
        assert looks[0] < _FIRST_LOOK
    assert seconds is None or done - began < seconds


def _resident_mb(pid: int | None) -> float:
    """Return the peak resident memory of a process of this system so far, in MB."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024
