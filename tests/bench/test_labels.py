"""Titles against c-TF-IDF and KeyBERTInspired on the labelled sets, same vectors, themes as labelled.

A title is good when it leads to its theme and to no other: from the title to the nearest centroid
(retrieval at 1), and, harder, from each text to the nearest title. Where the others' labels lead to
0.95 of the themes already, no title can be 0.10 above them.
"""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from bertopic import BERTopic
from bertopic.backend import BaseEmbedder
from bertopic.cluster import BaseCluster
from bertopic.dimensionality import BaseDimensionalityReduction
from bertopic.representation import KeyBERTInspired
from numpy.typing import NDArray
from sklearn.feature_extraction.text import CountVectorizer

from themeloom.engine.centroids import centroids
from themeloom.engine.counts import read_words
from themeloom.engine.encoder import Vectors, open_encoder
from themeloom.engine.phrases import Phrases
from themeloom.engine.titles import name_themes

pytestmark = [pytest.mark.bench, pytest.mark.timeout(1_800)]

LEADING = 0.97  # of the titles lead to their theme
WORDS = 4  # of a label that stock BERTopic shows
Embed = Callable[[Sequence[str]], Vectors]


@pytest.mark.parametrize("name", ["banking77_train", "clinc150", "hwu64"])
def test_titles_lead_to_their_themes(name: str, test_data: Path) -> None:
    """Unique, median of at most four words, and nearer to texts and true labels than the others."""
    frame, vectors = _labelled(test_data, name)
    texts = frame["text"].to_list()
    labels: list[str] = sorted(set(frame["label"]))
    theme_of_row = np.array([labels.index(label) for label in frame["label"]], np.int64)
    embed = _embedder()
    phrases = Phrases(read_words(texts), 2 if len(texts) < 20_000 else 3)
    named = name_themes(phrases, theme_of_row, vectors, lambda batch: embed(batch))
    titles = [named[theme].title for theme in range(len(labels))]
    words, inspired = _stock(texts, vectors, theme_of_row, embed, len(labels))
    found = {
        how: _measured(those, labels, vectors, theme_of_row, embed)
        for how, those in (
            ("titles", titles),
            ("c-TF-IDF", words),
            ("KeyBERTInspired", inspired),
            ("the true labels", [label.replace("_", " ") for label in labels]),
        )
    }
    for how, (to_theme, to_title, likeness) in found.items():
        print(f"\n{name}: {how}: {to_theme:.3f} {to_title:.3f} {likeness:.3f}", end="")
    lengths = [len(title.split()) for title in titles]
    print(f"\n{name}: words: median {np.median(lengths)}, most {max(lengths)}")
    assert len({title.casefold() for title in titles}) == len(titles)
    assert np.median(lengths) <= 4
    assert max(lengths) <= 6
    assert found["titles"][0] >= LEADING
    assert found["titles"][1] > found["the true labels"][1]
    ours = found["titles"]
    for other in ("c-TF-IDF", "KeyBERTInspired"):
        assert ours[0] >= found[other][0]
        assert ours[1] > found[other][1]
        assert ours[2] > found[other][2]


class _Backend(BaseEmbedder):
    def __init__(self, embed: Embed) -> None:
        super().__init__()
        self._embed = embed

    def embed(self, documents: Any, verbose: bool = False) -> Vectors:
        return self._embed([str(document) for document in documents])


def _embedder() -> Embed:
    known: dict[str, NDArray[np.float32]] = {}

    def embed(texts: Sequence[str]) -> Vectors:
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            known.update(zip(new, open_encoder("minilm").encode(new), strict=True))
        return np.stack([known[text] for text in texts])

    return embed


def _labelled(test_data: Path, name: str) -> tuple[pl.DataFrame, Vectors]:
    """Return the rows with a label, and their vectors (THEMELOOM_BENCH_VECTORS may hold them)."""
    frame = pl.read_csv(test_data / "labelled" / f"{name}.csv", infer_schema=False)
    kept = frame["label"] != "oos"
    made = Path(os.environ.get("THEMELOOM_BENCH_VECTORS", "")) / f"{name}.npy"
    if made.is_file():
        return frame.filter(kept), np.load(made)[kept.to_numpy()]
    frame = frame.filter(kept)
    return frame, open_encoder("minilm").encode(frame["text"].to_list())


def _stock(
    texts: list[str],
    vectors: Vectors,
    theme_of_row: NDArray[np.int64],
    embed: Embed,
    count: int,
) -> tuple[list[str], list[str]]:
    """Return the labels of BERTopic's own representations: their best words, joined."""
    parts: dict[str, Any] = {
        "embedding_model": _Backend(embed),
        "umap_model": BaseDimensionalityReduction(),
        "hdbscan_model": BaseCluster(),
        "vectorizer_model": CountVectorizer(stop_words="english"),
        # In a list: alone, it reads other rows than the topic's (BERTopic 0.17.4).
        "representation_model": {"inspired": [KeyBERTInspired(random_state=0)]},
    }
    model = BERTopic(**parts)
    topics, _ = model.fit_transform(texts, vectors, y=theme_of_row)
    topic_of = [topics[int(np.flatnonzero(theme_of_row == theme)[0])] for theme in range(count)]
    plain: Any = model.get_topics()
    inspired: Any = model.topic_aspects_
    return (
        [" ".join(word for word, _ in plain[topic][:WORDS]) for topic in topic_of],
        [" ".join(word for word, _ in inspired["inspired"][topic][:WORDS]) for topic in topic_of],
    )


def _measured(
    titles: Sequence[str],
    labels: Sequence[str],
    vectors: Vectors,
    theme_of_row: NDArray[np.int64],
    embed: Embed,
) -> tuple[float, float, float]:
    """Return title → theme and text → title retrieval at 1, and likeness to the true labels."""
    rows = embed(titles)
    centres = centroids(vectors, theme_of_row, len(labels))
    to_theme = float(((rows @ centres.T).argmax(axis=1) == np.arange(len(labels))).mean())
    hits = (vectors @ rows.T).argmax(axis=1) == theme_of_row
    per_theme = np.bincount(theme_of_row, hits) / np.bincount(theme_of_row)
    true = embed([label.replace("_", " ") for label in labels])
    return to_theme, float(per_theme.mean()), float((rows * true).sum(axis=1).mean())
