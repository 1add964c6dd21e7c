"""The project's themes, as a person left them, as a BERTopic folder that stock BERTopic opens."""

from pathlib import Path

import numpy as np
import polars as pl

from themeloom.domain.errors import ExportError
from themeloom.domain.themes import Level
from themeloom.engine.centroids import Labels, Vectors
from themeloom.engine.counts import read_words
from themeloom.engine.distinct import distinct_texts
from themeloom.engine.encoder import encoder_for
from themeloom.engine.stages import NAMING, UNDERSTANDING, Report
from themeloom.engine.topic_model import KnownTitles, fit_topics
from themeloom.engine.vectors import vectors_of


class GivenLabels:
    """A clusterer for BERTopic that only tells what is known already.

    Attributes:
        labels_: int64 (n,), −1 = no theme.
    """

    def __init__(self, labels: Labels) -> None:
        """Keep the labels."""
        self.labels_ = labels

    def fit(self, vectors: Vectors, y: object = None) -> "GivenLabels":
        """Do nothing: the labels are there."""
        return self


def save_model(
    excerpts: pl.DataFrame,
    assignments: pl.DataFrame,
    themes: pl.DataFrame,
    *,
    encoder: str,
    store: Path,
    folder: Path,
    progress: Report,
) -> None:
    """Fit BERTopic on the given themes and save it to ``folder`` (safetensors).

    Topics carry the project's titles and key phrases, renames included; excerpts without a theme
    are topic −1. Text that stands in several themes goes to the first by theme id.

    Args:
        excerpts: EXCERPTS that can carry a theme.
        assignments: ASSIGNMENTS; the primary ones count.
        themes: THEMES.
        encoder: what read the texts; see ``domain.encoders``.
        store: the derived store, whose vectors are used.
        folder: replaced when it exists.
        progress: called with (stage, done, total); may raise to stop.

    Raises:
        ExportError: no excerpt carries a theme.
    """
    wanted = themes.filter(pl.col("level") != Level.GROUP).sort("theme_id")
    placed = (
        excerpts.select("excerpt_id")
        .with_row_index("row")
        .join(assignments.filter(pl.col("primary")), on="excerpt_id")
        .join(wanted.select("theme_id"), on="theme_id", how="semi")
        .sort("theme_id", "row")
    )
    used = placed["theme_id"].unique().sort().to_list()
    if not used:
        raise ExportError(
            "No excerpt carries a theme yet.", hint="Find themes first, then export them."
        )
    distinct = distinct_texts(excerpts)
    opened = encoder_for(encoder, distinct.readings)
    vectors = vectors_of(
        distinct.readings, opened, store, lambda done, total: progress(UNDERSTANDING, done, total)
    )
    labels = np.full(len(distinct.texts), -1, np.int64)
    number = {theme_id: index for index, theme_id in enumerate(used)}
    for row, theme_id in placed.reverse().select("row", "theme_id").iter_rows():
        labels[distinct.of[row]] = number[theme_id]
    kept = np.unique(labels[labels >= 0])  # a theme whose every text went to another is no topic
    position = np.full(len(used) + 1, -1, np.int64)
    position[kept] = np.arange(len(kept))
    phrases: dict[str, list[str]] = {
        theme_id: [title, *(key_phrases or [])]
        for theme_id, title, key_phrases in wanted.select(
            "theme_id", "title", "key_phrases"
        ).iter_rows()
    }
    progress(NAMING, 0, 1)
    topics = fit_topics(
        read_words(distinct.texts, distinct.contexts),
        vectors,
        distinct.weights,
        GivenLabels(position[labels]),
        opened,
        KnownTitles([phrases[used[index]] for index in kept]),
    )
    topics.save(folder)
    progress(NAMING, 1, 1)
