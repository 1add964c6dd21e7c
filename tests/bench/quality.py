"""Labelled sets for the benchmarks of quality: reading, vectors, scores, and the engine on them.

Scores are those of scikit-learn over all rows: adjusted mutual information (Vinh, Epps & Bailey
2010) and the adjusted Rand index (Hubert & Arabie 1985). What stays unsorted counts as one more
cluster, so that leaving much out costs. A text that occurs twice counts once.
"""

import json
import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score
from tests.engine.feedback import excerpts

from themeloom.engine.clustering import GraphClusterer
from themeloom.engine.counts import read_words
from themeloom.engine.cuts import Cuts
from themeloom.engine.distinct import distinct_texts
from themeloom.engine.encoder import open_encoder
from themeloom.engine.likeness import shared_words
from themeloom.engine.theming import ThemingResult, ThemingSettings, find_themes
from themeloom.engine.vectors import vectors_of

#: Out-of-scope rows of a set: they belong nowhere.
STRAY = "oos"

ROOT = Path(__file__).parents[2]
PEERS = ROOT / ".venv-peers" / "bin" / "python"
#: Vectors are computed once per text and kept between runs; `make clean` removes them.
STORE = Path(os.environ.get("THEMELOOM_BENCH_STORE", ROOT / "output" / "bench-vectors"))

Labels = np.ndarray


@dataclass(frozen=True)
class Labelled:
    """Distinct texts and the label that people gave each: both (n,)."""

    name: str
    texts: list[str]
    labels: np.ndarray

    @property
    def themes(self) -> int:
        """Return the number of labels, strays left out."""
        return len(set(self.labels.tolist()) - {STRAY})

    def __getitem__(self, rows: np.ndarray) -> "Labelled":
        numbers = np.arange(len(self.texts))[rows]  # numbers or a mask
        return Labelled(self.name, [self.texts[row] for row in numbers], self.labels[numbers])


@dataclass(frozen=True)
class Score:
    """How well themes agree with labels.

    Attributes:
        themes: number of themes.
        ami: adjusted mutual information.
        ari: adjusted Rand index.
        coverage: share of texts that have a theme.
    """

    themes: int
    ami: float
    ari: float
    coverage: float


def read(folder: Path, name: str, *, strays: bool = False) -> Labelled:
    """Return the set ``name`` below ``folder``/labelled, without its strays unless asked for."""
    rows = pl.read_csv(folder / "labelled" / f"{name}.csv", infer_schema=False)
    rows = rows.filter(pl.col("text").fill_null("").str.strip_chars() != "").unique(
        "text", keep="first", maintain_order=True
    )
    if not strays:
        rows = rows.filter(pl.col("label") != STRAY)
    return Labelled(name, rows["text"].to_list(), rows["label"].to_numpy())


def vectors(of: Labelled) -> np.ndarray:
    """Return the unit vectors of the texts, float32 (n, 384)."""
    return vectors_of(of.texts, open_encoder("minilm"), STORE)


def score(of: Labelled, found: Labels) -> Score:
    """Return how well ``found`` (−1 = unsorted) agrees with the labels."""
    return Score(
        int(found.max()) + 1,
        float(adjusted_mutual_info_score(of.labels, found)),
        float(adjusted_rand_score(of.labels, found)),
        float((found >= 0).mean()),
    )


def themed(of: Labelled) -> tuple[Labels, ThemingResult]:
    """Return the theme of each text, −1 = unsorted, as ``find_themes`` proposes them."""
    frame = excerpts(of.texts)
    result = find_themes(
        frame, ThemingSettings(), known=None, store=STORE, progress=lambda *_: None
    )
    owners = frame.select("excerpt_id").join(
        result.assignments.filter("primary"), on="excerpt_id", how="left", maintain_order="left"
    )
    return _numbered(owners["theme_id"].fill_null("")), result


def clustered(of: Labelled, seed: int = 0) -> Labels:
    """Return the same themes without titles, which takes a fraction of the time."""
    distinct = distinct_texts(excerpts(of.texts))
    rows = np.flatnonzero(distinct.words > 0)
    clusterer = GraphClusterer(
        weights=distinct.weights[rows],
        lengths=distinct.words[rows],
        records=distinct.records[rows],
        words=shared_words(read_words([distinct.texts[row] for row in rows])),
        known=np.full(len(rows), -1),
        seed=seed,
        themes=None,
        report=lambda *_: None,
    )
    read_as = [distinct.readings[row] for row in rows]
    clusterer.fit(vectors_of(read_as, open_encoder("minilm"), STORE))
    found = np.full(len(distinct.texts), -1)
    found[rows] = clusterer.labels_
    return found[distinct.of]


def best_cut(of: Labelled, cuts: Cuts) -> Score:
    """Return the score of the cut that agrees best with the labels, of those that are offered."""
    atoms = np.full(len(of.texts), -1)
    # Excerpts are called "r0.0", "r1.0", … in the order of the texts.
    rows = cuts.texts["excerpt_id"].str.extract(r"r(\d+)").cast(pl.Int64).to_numpy()
    atoms[rows] = cuts.texts["atom"].to_numpy()
    parent = cuts.nodes.sort("node")["parent"].to_numpy()
    dies = cuts.nodes.sort("node")["dies"].to_numpy()

    def at(level: int) -> Labels:
        node = np.arange(len(parent))
        while (late := dies[node] >= level).any():
            node = np.where(late, parent[node], node)
        return _numbered(pl.Series(np.where(atoms >= 0, node[atoms], -1)).cast(pl.String))

    return max((score(of, at(level)) for level in cuts.levels), key=lambda found: found.ami)


def told(of: Labelled) -> Labels:
    """Return k-means on the vectors, told the number of labels."""
    means = KMeans(of.themes, n_init=3, random_state=0)  # pyright: ignore[reportArgumentType]
    return means.fit_predict(vectors(of))


@cache
def have_peers() -> bool:
    """Return whether `make bench-peers` has built the peers' environment."""
    return PEERS.exists()


def peers(of: Labelled, folder: Path) -> dict[str, Labels]:
    """Return what stock BERTopic, its outlier reduction, and UMAP + k-means make of the vectors."""
    texts, array, out = folder / "texts.json", folder / "vectors.npy", folder / "labels.npz"
    texts.write_text(json.dumps(of.texts), "utf-8")
    np.save(array, vectors(of))
    script = Path(__file__).with_name("quality_peers.py")
    subprocess.run([PEERS, script, texts, array, str(of.themes), out], check=True)
    with np.load(out) as labels:
        return {name: labels[name] for name in labels}


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a Markdown table; numbers get three decimals."""
    lines = [head, ["---"] * len(head)]
    lines += [[f"{x:.3f}" if isinstance(x, float) else str(x) for x in row] for row in rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _numbered(owners: pl.Series) -> Labels:
    """Return 0 … for the values of ``owners``, −1 for "" and "-1"."""
    clear = owners.replace(["", "-1"], None)
    return (clear.rank("dense").cast(pl.Int64) - 1).fill_null(-1).to_numpy()
