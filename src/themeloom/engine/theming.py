"""Finding themes: excerpts in, proposed themes and assignments out. The engine's public door."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from themeloom.domain.encoders import MINILM, WORDS, Way
from themeloom.domain.errors import SynthesisError
from themeloom.domain.frames import THEMES, empty
from themeloom.domain.themes import Fineness, Reason
from themeloom.engine.assignment import assign
from themeloom.engine.centroids import Labels, Vectors
from themeloom.engine.distinct import distinct_texts
from themeloom.engine.encoder import Encoder, MiniLM, encoder_for
from themeloom.engine.material import Before, KnownThemes, Material
from themeloom.engine.minilm_graph import WEIGHTS_SHA256
from themeloom.engine.several import Further, find_further
from themeloom.engine.stages import (
    COMPARING,
    CUTTING,
    DIVIDING,
    FINDING,
    FIRST_LOOK,
    NAMING,
    QUOTING,
    READING,
    UNDERSTANDING,
    Report,
)
from themeloom.engine.vectors import vectors_of
from themeloom.engine.warm_up import load_bertopic
from themeloom.engine.why import why_so_many

if TYPE_CHECKING:
    from themeloom.engine.classic import ClassicClusterer
    from themeloom.engine.clustering import GraphClusterer
    from themeloom.engine.cuts import Cuts
    from themeloom.engine.proposals import Labelled
    from themeloom.engine.topic_model import Topics

FEWEST_TEXTS = 30
#: From so many distinct texts on a sample of so many is looked at first, chosen by content; of long
#: texts as many as have so many characters together, which are read in a quarter of a minute, but
#: enough of them to find themes in.
LARGE, SAMPLE = 20_000, 5_000
SAMPLE_LENGTH, SMALLEST_SAMPLE = 300_000, 500

_LOOKS = 3
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
    encoder: str = MINILM  # see domain.encoders
    way: Way = Way.GRAPH
    avoid: frozenset[str] = frozenset()  # names of people and companies
    people: frozenset[str] = frozenset()  # words of persons' names, as masking hides them
    fineness: Fineness = Fineness.BALANCED
    smallest: int | None = None  # records of the smallest theme; None: found in the texts
    taken: frozenset[str] = frozenset()  # titles that no new theme may have
    regroup: bool = False  # new groups for new themes, although there are known themes
    recut: bool = True  # prepare coarser and finer themes


@dataclass(frozen=True)
class FirstTheme:
    """A theme of a sample: title, key phrases, and its share of the excerpts, 0 to 1."""

    title: str
    key_phrases: tuple[str, ...]
    share: float


@dataclass(frozen=True)
class FirstLook:
    """Themes of a sample, largest first, before all texts have been read.

    Attributes:
        themes: what they seem to be.
        excerpts: how many were looked at.
        total: how many there are.
    """

    themes: tuple[FirstTheme, ...]
    excerpts: int
    total: int


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
        cuts: coarser and finer themes than these; None where there are no new themes, and where
            they were not asked for.
    """

    themes: pl.DataFrame
    assignments: pl.DataFrame
    unsorted: pl.DataFrame
    why: str
    versions: dict[str, str]
    stages: list[tuple[str, float]] = field(default_factory=list[tuple[str, float]])
    cuts: "Cuts | None" = None


def find_themes(
    excerpts: pl.DataFrame,
    settings: ThemingSettings,
    *,
    known: KnownThemes | None,
    store: Path,
    progress: Report,
    on_first_look: Callable[[FirstLook], None] | None = None,
) -> ThemingResult:
    """Return themes for ``excerpts``: known themes first, new ones for what fits none of them.

    Args:
        excerpts: EXCERPTS columns and ``person_key``; those that are left out are not in it.
        settings: seed, number of themes, encoder.
        known: themes to assign to first; excerpts that carry one keep it.
        store: the project's derived store, where vectors are kept.
        progress: called often with (stage, done, total); what it raises passes through.
        on_first_look: called with the themes of a sample where there are very many texts.

    Raises:
        SynthesisError: fewer than 30 texts, or the language model is missing.
    """
    if excerpts.height < FEWEST_TEXTS and (known is None or known.themes.is_empty()):
        number = excerpts.height
        there = "There is 1 text" if number == 1 else f"There are {number} texts"
        raise SynthesisError(
            f"{there}; themes can be found from {FEWEST_TEXTS} on.",
            hint="Import more feedback, or read these few and sort them by hand.",
        )
    clock = _Clock(progress)
    clock(READING, 0, excerpts.height)
    loading = load_bertopic()
    if settings.way == Way.CLASSIC:
        from themeloom.engine import classic

        classic.require()
    distinct = distinct_texts(excerpts)
    if settings.encoder == WORDS:  # it imports packages that BERTopic imports
        _wait(loading, lambda: clock(READING, 0, excerpts.height))
    encoder = encoder_for(settings.encoder, distinct.readings, store)
    count = len(distinct.texts)
    clock(UNDERSTANDING, 0, count)
    if on_first_look and known is None and count > LARGE:
        sample = excerpts.filter(pl.Series(distinct.of < _sample_size(distinct.readings)))
        look = _first_look(sample, settings, encoder, store, loading, clock, count)
        on_first_look(replace(look, total=excerpts.height))
    vectors = vectors_of(
        distinct.readings,
        encoder,
        store,
        lambda done, missing: clock(UNDERSTANDING, count - missing + done, count),
    )
    _wait(loading, lambda: clock(UNDERSTANDING, count, count))
    material = Material(excerpts, distinct, vectors, encoder)
    result = _propose(material, Before.of(material, known), settings, store, clock)
    clock.stop()
    return result


def _sample_size(readings: Sequence[str]) -> int:
    """Return how many of the first texts are looked at first."""
    lengths = np.cumsum([len(reading) for reading in readings[:SAMPLE]])
    count = int(np.searchsorted(lengths, SAMPLE_LENGTH, side="right"))
    return min(max(count, SMALLEST_SAMPLE), SAMPLE)


def _wait(loading: threading.Thread, tick: Callable[[], None]) -> None:
    while loading.is_alive():
        loading.join(0.2)
        tick()


def _first_look(
    excerpts: pl.DataFrame,
    settings: ThemingSettings,
    encoder: Encoder,
    store: Path,
    loading: threading.Thread,
    clock: "_Clock",
    count: int,
) -> FirstLook:
    """Return the themes of a sample, as a run over it alone would title them."""
    distinct = distinct_texts(excerpts)
    vectors = vectors_of(
        distinct.readings,
        encoder,
        store,
        lambda done, missing: clock(
            UNDERSTANDING, min(len(distinct.texts) - missing + done, count), count
        ),
    )
    _wait(loading, lambda: clock(FIRST_LOOK, 0, _LOOKS))
    order = [COMPARING, FINDING, NAMING]

    def report(stage: str, done: int, total: int) -> None:
        clock(FIRST_LOOK, order.index(stage), _LOOKS)

    material = Material(excerpts, distinct, vectors, encoder)
    before = Before.of(material, None)
    found = _found(material, before, settings, report)
    clock(FIRST_LOOK, _LOOKS, _LOOKS)
    if found.topics is None:
        return FirstLook((), excerpts.height, excerpts.height)
    sizes = np.bincount(
        found.labels[found.labels >= 0], distinct.weights[found.labels >= 0], minlength=1
    )
    themes: list[FirstTheme] = []
    for place, topic in enumerate(found.new):
        title, *key_phrases = found.topics.phrases(topic)
        themes.append(FirstTheme(title, tuple(key_phrases), sizes[place] / excerpts.height))
    themes.sort(key=lambda theme: (-theme.share, theme.title))
    return FirstLook(tuple(themes), excerpts.height, excerpts.height)


@dataclass(frozen=True)
class _Found:
    """What the clusterer and BERTopic made of the texts; see ``proposals.Labelled``."""

    labels: Labels
    reasons: NDArray[np.object_]
    rows: NDArray[np.int64]  # the distinct text of each document of BERTopic
    clusterer: "GraphClusterer | ClassicClusterer | None"
    topics: "Topics | None"
    new: list[int]  # topics that are new themes, in the order of their labels

    @property
    def kin(self) -> Vectors | None:
        """Return what topics are merged by, (topics, width); None: nothing but their centres."""
        if self.topics is None or self.clusterer is None or self.clusterer.centres_ is None:
            return None
        return self.topics.ordered(self.clusterer.centres_)


def _found(material: Material, before: Before, settings: ThemingSettings, report: Report) -> _Found:
    # These modules bring BERTopic: by now it was loaded beside the encoding.
    from themeloom.engine.clustering import GraphClusterer
    from themeloom.engine.counts import read_words
    from themeloom.engine.likeness import shared_words
    from themeloom.engine.topic_model import fit_topics

    distinct, vectors = material.distinct, material.vectors
    labels = before.labels.copy()
    reasons = np.full(len(labels), None, object)
    wordless, foreign = distinct.words == 0, material.foreign()
    reasons[wordless], reasons[foreign] = Reason.TOO_SHORT, Reason.LANGUAGE
    rows = np.flatnonzero(~wordless & ~foreign)
    if not (labels[rows] < 0).any():
        return _Found(labels, reasons, rows, None, None, [])
    corpus = read_words(
        [distinct.texts[row] for row in rows], [distinct.contexts[row] for row in rows]
    )
    report(COMPARING, 0, len(rows))
    if settings.way == Way.CLASSIC:
        clusterer = _classic(material, rows, labels[rows], settings, report)
    else:
        words = shared_words(corpus)
        report(COMPARING, 0, len(rows))
        clusterer = GraphClusterer(
            weights=distinct.weights[rows],
            lengths=distinct.words[rows],
            records=distinct.records[rows],
            words=words,
            known=labels[rows],
            seed=settings.seed,
            themes=settings.themes,
            report=report,
            fineness=settings.fineness,
            smallest=settings.smallest,
        )
    topics = fit_topics(
        corpus,
        np.ascontiguousarray(vectors[rows]),
        distinct.weights[rows],
        clusterer,
        material.encoder,
        avoid=settings.avoid,
        people=settings.people,
        taken={*before.titles, *settings.taken},
        progress=lambda done, total: report(NAMING, done, total),
    )
    labels[rows], reasons[rows] = clusterer.labels_, clusterer.reasons_
    fresh = {label: topic for topic, label in topics.origin.items() if label >= len(before.ids)}
    return _Found(labels, reasons, rows, clusterer, topics, [fresh[key] for key in sorted(fresh)])


def _classic(
    material: Material,
    rows: NDArray[np.int64],
    known: Labels,
    settings: ThemingSettings,
    report: Report,
) -> "ClassicClusterer":
    from themeloom.engine.classic import ClassicClusterer

    return ClassicClusterer(
        weights=material.distinct.weights[rows],
        records=material.distinct.records[rows],
        known=known,
        seed=settings.seed,
        themes=settings.themes,
        report=report,
        smallest=settings.smallest,
    )


def _propose(
    material: Material,
    before: Before,
    settings: ThemingSettings,
    store: Path,
    clock: "_Clock",
) -> ThemingResult:
    found = _found(material, before, settings, clock)
    from themeloom.engine import proposals  # brings BERTopic, as above

    labels, new = found.labels, found.new
    # Before the excerpts are divided: naming groups tells the stage of naming.
    grouped = bool(new) and (settings.regroup or not before.ids)
    groups = found.topics.groups(new, found.kin) if found.topics is not None and grouped else []
    foreign = material.foreign()
    _take_in_guests(material, foreign & (labels < 0), labels, len(before.ids) + len(new))
    outcome = proposals.Labelled.of(material, before, labels, found.reasons, len(new))
    asked = np.bincount(material.distinct.of, proposals.is_new(material, before), len(labels))
    further = find_further(
        material,
        labels,
        len(outcome.ids),
        store,
        lambda done, all_: clock(DIVIDING, done, all_),
        asked > 0,
    )
    themes, cuts = empty(THEMES), None
    if found.topics is not None and new:
        clock(QUOTING, 0, 1)
        proposals.choose_all_quotes(
            material, found.rows, found.topics, lambda done, all_: clock(QUOTING, done, all_)
        )
        themes = proposals.theme_frame(
            material, before, found.rows, found.topics, new, outcome, groups
        )
        if settings.recut:
            cuts = _cuts(material, before, found, themes, outcome, further, settings, clock)
    return ThemingResult(
        themes=themes,
        assignments=proposals.assignment_frame(material, before, outcome, further),
        unsorted=proposals.unsorted_frame(material, before, outcome),
        why=why_so_many(
            len(new),
            found.clusterer,
            had_themes=bool(before.ids),
            classic=settings.way == Way.CLASSIC,
            asked=settings.themes,
            smallest=settings.smallest,
            fineness=settings.fineness,
        ),
        versions=_versions(material.encoder, settings),
        stages=clock.stages,
        cuts=cuts,
    )


def _cuts(
    material: Material,
    before: Before,
    found: _Found,
    themes: pl.DataFrame,
    outcome: "Labelled",
    further: Further,
    settings: ThemingSettings,
    clock: "_Clock",
) -> "Cuts | None":
    from themeloom.engine.cuts import make_cuts
    from themeloom.engine.tree import grow

    if found.topics is None or found.clusterer is None:
        return None
    clock(CUTTING, 0, 1)
    known = len(before.ids)
    placed = found.clusterer.labels_
    tree = grow(
        found.clusterer.graph_,
        np.where(placed >= known, placed - known, -1),
        (found.topics.centres if found.kin is None else found.kin)[found.new],
        material.distinct.weights[found.rows],
        found.clusterer.least,
        settings.seed,
        lambda: clock(CUTTING, 0, 1),
    )
    return make_cuts(
        tree,
        material,
        before,
        found.rows,
        found.topics,
        found.new,
        themes,
        outcome,
        further,
        lambda done, total: clock(CUTTING, done, total),
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


def _versions(encoder: Encoder, settings: ThemingSettings) -> dict[str, str]:
    versions = {name: metadata.version(package) for name, package in _PACKAGES.items()}
    if settings.way == Way.CLASSIC:
        from themeloom.engine import classic

        versions |= classic.versions()
    if settings.encoder == MINILM:
        whole = isinstance(encoder, MiniLM) and encoder.quantised
        precision = ", whole numbers" if whole else ""
        return versions | {"MiniLM-L6-v2 weights": WEIGHTS_SHA256[:12] + precision}
    return versions | {"Language model": encoder.id}


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
