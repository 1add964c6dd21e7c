"""The figures of docs/benchmarks.md. Run with `make bench`; the peers need `make bench-peers` first."""

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import polars as pl
import pytest
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score
from tests.bench.large_project import large_workbook
from tests.bench.whole_process import RUNS, measure, own_peak_mb

from themeloom.base.paths import sample_data

pytestmark = pytest.mark.bench

ROOT = Path(__file__).parents[2]
PEERS = ROOT / ".venv-peers" / "bin" / "python"
STOCK = Path(__file__).with_name("stock_bertopic.py")


def test_banking77_against_stock_bertopic(
    test_data: Path, tmp_path: Path, home: Mapping[str, str]
) -> None:
    """`synthesize` under 12 s, 5 times faster than stock BERTopic; ARI ≥ 0.55, AMI ≥ 0.79."""
    if not PEERS.exists():
        pytest.skip("make bench-peers builds the environment of stock BERTopic")
    labelled = test_data / "labelled" / "banking77_train.csv"
    project, theirs = tmp_path / "ours.loom", tmp_path / "stock.csv"
    ours = _themeloom("synthesize", labelled, "--output", tmp_path / "ours.xlsx")
    measured = measure(
        {"Themeloom": ours, "stock BERTopic": [str(PEERS), str(STOCK), str(labelled), str(theirs)]},
        environment=home,
    )
    subprocess.run(
        [*ours, "--project", str(project)], env={**os.environ, **home}, check=True, text=True
    )
    target = tmp_path / "records.csv"
    subprocess.run(
        _themeloom("export", "--project", project, "--format", "records-csv", "--output", target),
        env={**os.environ, **home},
        check=True,
    )
    scores = {"Themeloom": _scores(target, labelled), "stock BERTopic": _scores(theirs, labelled)}
    ratio = measured["stock BERTopic"].median / measured["Themeloom"].median
    for name, figure in measured.items():
        print(f"\n{name}: {figure}; {scores[name]}")
    print(f"\nstock / Themeloom: {ratio:.1f}")
    assert ratio >= 5
    assert measured["Themeloom"].median < 12
    assert scores["Themeloom"]["ARI"] >= 0.55
    assert scores["Themeloom"]["AMI"] >= 0.79
    assert measured["Themeloom"].peak_mb < 1500


def test_encoding_against_sentence_transformers(test_data: Path, home: Mapping[str, str]) -> None:
    """Encoding alone at least 4 times as fast as sentence-transformers on torch."""
    if not PEERS.exists():
        pytest.skip("make bench-peers builds the environment of sentence-transformers")
    labelled = test_data / "labelled" / "banking77_train.csv"
    seconds: dict[str, list[float]] = {"Themeloom": [], "sentence-transformers": []}
    for _ in range(RUNS):
        for name, command in {
            "Themeloom": [sys.executable, __file__, str(labelled)],
            "sentence-transformers": [str(PEERS), str(STOCK), str(labelled), "-", "--encode-only"],
        }.items():
            done = subprocess.run(
                command,
                env={**os.environ, **home, "PYTHONPATH": str(ROOT)},
                capture_output=True,
                text=True,
                check=True,
            )
            seconds[name].append(float(done.stdout.split()[-1]))
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    print({name: f"{value:.2f} s" for name, value in medians.items()})
    ratio = medians["sentence-transformers"] / medians["Themeloom"]
    print(f"ratio {ratio:.1f}")
    assert ratio >= 4


def test_xlsx_of_100_000_rows(tmp_path: Path, home: Mapping[str, str]) -> None:
    """From command to records in the project in under 10 s and 1 GB."""
    source = tmp_path / "tickets.xlsx"
    large_workbook(source, rows=100_000)
    seconds: list[float] = []
    peak = 0.0
    for run in range(RUNS):
        command = _themeloom("import", source, "--project", tmp_path / f"{run}.loom", "--json")
        measured = measure({"import": command}, runs=1, environment=home)["import"]
        seconds += measured.seconds
        peak = max(peak, measured.peak_mb)
    print(f"\n100,000 × 12: {statistics.median(seconds):.1f} s, largest process {peak:,.0f} MB")
    assert statistics.median(seconds) < 10
    assert peak < 1000


def test_sample_data_cold(tmp_path: Path, home: Mapping[str, str]) -> None:
    """From command to workbook in under 20 s."""
    command = _themeloom("synthesize", sample_data(), "--output", tmp_path / "sample.xlsx")
    measured = measure({"sample": command}, environment=home)["sample"]
    print(f"\nsample data: {measured}")
    assert measured.median < 20


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """A home of its own: no vector of an earlier run is there, the encoder graph is built once."""
    folder = tmp_path_factory.mktemp("bench-home")
    return {
        "THEMELOOM_HOME": str(folder),
        "THEMELOOM_ENCODER_CACHE": os.environ["THEMELOOM_ENCODER_CACHE"],
    }


def _themeloom(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "themeloom", *map(str, arguments)]


def _scores(records: Path, labelled: Path) -> dict[str, float]:
    truth = pl.read_csv(labelled).with_row_index("source_row", offset=2).unique("text")
    found = pl.read_csv(records, infer_schema=False).with_columns(
        pl.col("source_row").cast(pl.UInt32)
    )
    both = truth.join(found, on="source_row", how="left")
    themes = both["primary_theme_id"].fill_null("unsorted").replace("", "unsorted").to_list()
    labels = both["label"].to_list()
    return {
        "AMI": round(adjusted_mutual_info_score(labels, themes), 3),
        "ARI": round(adjusted_rand_score(labels, themes), 3),
        "themes": len(set(themes) - {"unsorted"}),
    }


def _encode(labelled: str) -> None:
    """Print the seconds that encoding the texts takes after a warm-up, in this process."""
    from themeloom.engine.encoder import MiniLM

    texts = pl.read_csv(labelled)["text"].to_list()
    encoder = MiniLM()
    encoder.encode(texts[:64])
    began = time.perf_counter()
    encoder.encode(texts)
    print(json.dumps({"peak_mb": own_peak_mb(), "cpu": resource.getrusage(0).ru_utime}))
    print(time.perf_counter() - began)


if __name__ == "__main__":
    _encode(sys.argv[1])
