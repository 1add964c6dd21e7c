# pyright: basic, reportMissingImports=false
"""Stock BERTopic and UMAP + k-means on vectors that are there. Runs in the environment of bench-peers.

usage: quality_peers.py TEXTS.json VECTORS.npy THEMES OUT.npz
TEXTS.json is a list of texts, VECTORS.npy their vectors, THEMES the number that k-means is told.
OUT.npz gets `stock`, `reduced` and `umap_kmeans`: int64 labels, -1 for none.
"""

import json
import sys
from pathlib import Path

import numpy as np
from bertopic import BERTopic
from sklearn.cluster import KMeans
from umap import UMAP

SEED = 42


class Kept:
    """BERTopic's own UMAP; keeps what it made, so that it is computed once for both peers."""

    def __init__(self) -> None:
        # BERTopic's defaults, and a seed: without one every run differs.
        self.umap = UMAP(
            n_neighbors=15,
            n_components=5,
            min_dist=0.0,
            metric="cosine",
            low_memory=False,
            random_state=SEED,
        )
        self.result = np.zeros((0, 5), np.float32)

    def fit(self, X, y=None):  # noqa: N803
        self.result = np.asarray(self.umap.fit_transform(X))
        return self

    def transform(self, X):  # noqa: N803
        return self.result


def main() -> None:
    texts_path, vectors_path, themes, out = sys.argv[1:5]
    texts = json.loads(Path(texts_path).read_text("utf-8"))
    vectors = np.load(vectors_path)
    reducer = Kept()
    model = BERTopic(umap_model=reducer)
    topics, _ = model.fit_transform(texts, vectors)
    # The strongest of its strategies here: the nearest topic by the texts' own vectors.
    reduced = topics
    if -1 in topics and max(topics) >= 0:
        reduced = model.reduce_outliers(texts, topics, strategy="embeddings", embeddings=vectors)
    means = KMeans(int(themes), n_init=10, random_state=SEED)  # pyright: ignore[reportArgumentType]
    told = means.fit_predict(reducer.result)
    np.savez(
        out,
        stock=np.asarray(topics, np.int64),
        reduced=np.asarray(reduced, np.int64),
        umap_kmeans=np.asarray(told, np.int64),
    )


if __name__ == "__main__":
    main()
