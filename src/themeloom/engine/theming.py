"""Finding themes: excerpts in, proposed themes and assignments out. The engine's public door."""

import time
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from themeloom.domain.errors import SynthesisError
from themeloom.domain.frames import THEMES, empty
from themeloom.domain.themes import Reason
from themeloom.engine.assignment import assign
from themeloom.engine.clustering import GraphClusterer, Report
from themeloom.engine.distinct import distinct_texts
from themeloom.engine.encoder import open_encoder
from themeloom.engine.material import Before, KnownThemes, Material
from themeloom.engine.minilm_graph import WEIGHTS_SHA256
from themeloom.engine.vectors import vectors_of
from themeloom.engine.warm_up import load_bertopic

FEWEST_TEXTS = 30

READING = "Reading texts"
UNDERSTANDING = "Understanding texts"
_PACKAGES = {
    "BERTopic": "bertopic",
    "OpenVINO": "openvino",
    "Faiss": "faiss-cpu",
    "graspologic-native": "graspologic-native",
    "tokenizers": "tokenizers",
    "scikit-learn": "scikit-learn",
    "NumPy": "numpy",
}


@dataclass(frozen=True)
class ThemingSettings:
    """What a person can ask of a run, and what titles have to keep clear of."""

    seed: int = 0
    themes: int | None = None  # None: found in the texts
    encoder: str = "minilm"
    avoid: frozenset[str] = frozenset()  # names of people and companies


@dataclass(frozen=True)
class ThemingResult:
    """What a run proposes.

    Attributes:
        themes: THEMES: the new themes and groups, ids "new-1" …, "group-1" ….
        assignments: ASSIGNMENTS: of all excerpts; what was assigned before is as it was.
        unsorted: UNSORTED: excerpts without a theme, with the reason.
        why: a plain sentence on the number of themes.
        versions: of the packages and weights that made the themes.
        stages: (name, seconds), in order.
    """

    themes: pl.DataFrame
    assignments: pl.DataFrame
    unsorted: pl.DataFrame
    why: str
    versions: dict[str, str]
    stages: list[tuple[str, float]] = field(default_factory=list[tuple[str, float]])


def find_themes(
    excerpts: pl.DataFrame,
    settings: ThemingSettings,
    *,
    known: KnownThemes | None,
    store: Path,
    progress: Report,
) -> ThemingResult:
    """Return themes for ``excerpts``: known themes first, new ones for what fits none of them.

    Args:
        excerpts: EXCERPTS columns and ``person_key``; those that are left out are not in it.
        settings: seed, number of themes, encoder.
        known: themes to assign to first; excerpts that carry one keep it.
        store: the project's derived store, where vectors are kept.
        progress: called often with (stage, done, total); what it raises passes through.

    Raises:
        SynthesisError: fewer than 30 texts, or the language model is missing.
    """
    if excerpts.height < FEWEST_TEXTS and known is None:
        raise SynthesisError(
            f"There are {excerpts.height} texts; themes can be found from {FEWEST_TEXTS} on.",
            hint="Import more feedback, or read these few and sort them by hand.",
        )
    clock = _Clock(progress)
    material = _material(excerpts, settings, store, clock)
    before = Before.of(material, known)
    result = _propose(material, before, settings, clock)
    clock.stop()
    return result


def _material(
    excerpts: pl.DataFrame, settings: ThemingSettings, store: Path, clock: "_Clock"
) -> Material:
    clock(READING, 0, excerpts.height)
    loading = load_bertopic()
    encoder = open_encoder(settings.encoder)
    distinct = distinct_texts(excerpts)
    count = len(distinct.texts)
    clock(UNDERSTANDING, 0, count)
    vectors = vectors_of(
        distinct.readings, encoder, store, lambda done, total: clock(UNDERSTANDING, done, total)
    )
    while loading.is_alive():
        loading.join(0.2)
        clock(UNDERSTANDING, count, count)
    return Material(excerpts, distinct, vectors, encoder)


def _propose(
    material: Material, before: Before, settings: ThemingSettings, clock: "_Clock"
) -> ThemingResult:
    # These modules bring BERTopic: by now it was loaded beside the encoding.
    from themeloom.engine import proposals
    from themeloom.engine.counts import read_words
    from themeloom.engine.likeness import shared_words
    from themeloom.engine.topic_model import fit_topics

    distinct, vectors = material.distinct, material.vectors
    labels = before.labels.copy()
    reasons = np.full(len(labels), None, object)
    wordless, foreign = distinct.words == 0, material.foreign()
    reasons[wordless], reasons[foreign] = Reason.TOO_SHORT, Reason.LANGUAGE
    rows = np.flatnonzero(~wordless & ~foreign)
    topics, clusterer, new = None, None, list[int]()
    if (labels[rows] < 0).any():
        corpus = read_words(
            [distinct.texts[row] for row in rows], [distinct.contexts[row] for row in rows]
        )
        clusterer = GraphClusterer(
            weights=distinct.weights[rows],
            lengths=distinct.words[rows],
            records=distinct.records[rows],
            words=shared_words(corpus),
            known=labels[rows],
            seed=settings.seed,
            themes=settings.themes,
            report=clock,
        )
        topics = fit_topics(
            corpus,
            np.ascontiguousarray(vectors[rows]),
            distinct.weights[rows],
            clusterer,
            material.encoder,
            avoid=settings.avoid,
            taken=before.titles,
        )
        labels[rows], reasons[rows] = clusterer.labels_, clusterer.reasons_
        fresh = {label: topic for topic, label in topics.origin.items() if label >= len(before.ids)}
        new = [fresh[label] for label in sorted(fresh)]
    _take_in_guests(material, foreign & (labels < 0), labels, len(before.ids) + len(new))
    outcome = proposals.Labelled.of(material, before, labels, reasons, len(new))
    themes = empty(THEMES)
    if topics is not None and new:
        proposals.choose_all_quotes(material, rows, topics)
        themes = proposals.theme_frame(material, before, rows, topics, new, outcome)
    return ThemingResult(
        themes=themes,
        assignments=proposals.assignment_frame(material, before, outcome),
        unsorted=proposals.unsorted_frame(material, before, outcome),
        why=_why(len(new), clusterer, settings, bool(before.ids)),
        versions=_versions(),
        stages=clock.stages,
    )


def _take_in_guests(
    material: Material, guests: NDArray[np.bool_], labels: NDArray[np.int64], count: int
) -> None:
    """Give texts in other languages a theme where they fit one as well as its own texts do."""
    members = labels >= 0
    if guests.any() and members.any():
        labels[guests], _ = assign(
            material.vectors[guests], material.vectors[members], labels[members], count
        )


def _why(
    new: int, clusterer: GraphClusterer | None, settings: ThemingSettings, had_themes: bool
) -> str:
    if clusterer is None:
        return "No new themes: every text has one already, or cannot be read."
    if new == 0:
        found = "no new theme" if had_themes else "no theme"
        return f"There is {found}: no problem is told often enough in like words."
    themes = f"{new} theme{'s' if new > 1 else ''}"
    if had_themes:
        return f"{themes} new: texts that fit none of the existing themes and are like each other."
    if settings.themes is not None:
        return f"{themes}: a number near {settings.themes} was asked for."
    counts = sorted({partition.count for partition in clusterer.tried_})
    if len(counts) < 2:
        return f"{themes}: so few different texts leave little choice."
    return (
        f"{themes}: of the divisions tried, into {counts[0]} up to {counts[-1]} parts, this one "
        "sets the texts of each theme most clearly apart from those of the others."
    )


def _versions() -> dict[str, str]:
    versions = {name: metadata.version(package) for name, package in _PACKAGES.items()}
    return versions | {"MiniLM-L6-v2 weights": WEIGHTS_SHA256[:12]}


class _Clock:
    """Passes progress on, and notes how long each stage takes."""

    def __init__(self, progress: Report) -> None:
        self._progress = progress
        self._stage: str | None = None
        self._began = time.perf_counter()
        self.stages: list[tuple[str, float]] = []

    def __call__(self, stage: str, done: int, total: int) -> None:
        if stage != self._stage:
            self.stop()
            self._stage, self._began = stage, time.perf_counter()
        self._progress(stage, done, total)

    def stop(self) -> None:
        """Close the current stage."""
        if self._stage is not None:
            self.stages.append((self._stage, round(time.perf_counter() - self._began, 3)))
            self._stage = None
