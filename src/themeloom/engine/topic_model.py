"""The one BERTopic object that everything shown comes from.

BERTopic 0.17.4 with its parts plugged in: our encoder as ``BaseEmbedder``, no reduction, the graph
clusterer, counts read once, phrase titles. Documents are row numbers ("0", "1", …), see
``counts``. ``transform`` is never used: without the hdbscan package it fails for any clusterer.
"""

import shutil
import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pandas as pd
from bertopic import BERTopic
from bertopic.backend import BaseEmbedder
from bertopic.dimensionality import BaseDimensionalityReduction
from bertopic.representation import BaseRepresentation
from bertopic.vectorizers import ClassTfidfTransformer
from numpy.typing import NDArray

from themeloom.engine.centroids import Labels, Vectors, centroids
from themeloom.engine.counts import CachedCounts, Corpus
from themeloom.engine.encoder import Encoder
from themeloom.engine.hierarchy import group_count, theme_linkage
from themeloom.engine.labels import NamedTheme, PhraseLabeler, name_groups
from themeloom.engine.titles import Progress

Phrase = tuple[str, float]
#: BERTopic's own annotations leave out most of what it takes and returns.
_BERTopic: Any = BERTopic


class Clusterer(Protocol):
    """What BERTopic asks of an ``hdbscan_model``."""

    labels_: Labels

    def fit(self, vectors: Vectors, y: object = None) -> "Clusterer":
        """Set ``labels_``."""
        ...


@dataclass(frozen=True)
class TopicGroup:
    """A node of the tree above topics."""

    title: str
    topics: tuple[int, ...]


class EncoderBackend(BaseEmbedder):
    """Our encoder as BERTopic knows encoders."""

    def __init__(self, encoder: Encoder) -> None:
        """Keep the encoder."""
        super().__init__()  # pyright: ignore[reportUnknownMemberType]
        self.encoder = encoder

    def embed(self, documents: Sequence[str], verbose: bool = False) -> Vectors:
        """Return unit vectors of ``documents``, float32 (n, width)."""
        return self.encoder.encode(list(documents))


class KnownTitles(BaseRepresentation):
    """Gives topics the titles and key phrases that a project has for them."""

    def __init__(self, phrases: Sequence[Sequence[str]]) -> None:
        """Take per clusterer label its title, then its key phrases."""
        self.phrases = phrases

    def extract_topics(  # pyright: ignore[reportIncompatibleMethodOverride]: annotated wrongly there
        self,
        topic_model: Any,
        documents: Any,
        c_tf_idf: Any,
        topics: Mapping[int, Sequence[Phrase]],
    ) -> dict[int, list[Phrase]]:
        """Return the known phrases of each topic; topic −1 keeps its words."""
        mapped = topic_model.topic_mapper_.get_mappings()
        label_of = {int(topic): int(label) for label, topic in mapped.items() if label >= 0}
        return {
            int(topic): [(phrase, 1.0) for phrase in self.phrases[label_of[int(topic)]]]
            if int(topic) in label_of
            else list(words)[:5]
            for topic, words in topics.items()
        }


class Topics:
    """A fitted BERTopic over distinct texts.

    Attributes:
        model: the fitted ``bertopic.BERTopic``.
        labels: int64 (n,): topic of each text, −1 = unsorted, 0 the largest.
        count: number of topics.
        origin: the clusterer's label of each topic; BERTopic numbers topics anew by size.
        centres: float32 (count, width), unit length.
        corpus: the words that it was fitted on.
    """

    def __init__(self, model: Any, vectors: Vectors, corpus: Corpus) -> None:
        """Read the topics of a model that was fitted on ``vectors``."""
        self.model = model
        self.corpus = corpus
        self.labels: Labels = np.asarray(model.topics_, np.int64)
        self.count = int(self.labels.max()) + 1 if len(self.labels) else 0
        mapped = model.topic_mapper_.get_mappings()
        self.origin = {int(topic): int(label) for label, topic in mapped.items() if label >= 0}
        self.centres = centroids(vectors, self.labels, self.count)

    def phrases(self, topic: int) -> list[str]:
        """Return the topic's title, then its key phrases, as they stand in the model."""
        return [phrase for phrase, _ in self.model.topic_representations_[topic] if phrase]

    def ordered(self, of_labels: Vectors) -> Vectors:
        """Return the rows of ``of_labels`` (one for each of the clusterer's labels) by topic."""
        return of_labels[[self.origin[topic] for topic in range(self.count)]]

    def groups(
        self, among: Collection[int] | None = None, by: Vectors | None = None
    ) -> list[TopicGroup]:
        """Return the groups above topics, largest first, cut from ``hierarchical_topics``.

        There are none where each topic would be alone in its own.

        Args:
            among: only these topics are in groups, though all have their place in the tree.
            by: unit vectors that topics are merged by, (count, width); None: their centres.
        """
        wanted_topics = range(self.count) if among is None else sorted(among)
        wanted = group_count(self.count)
        if wanted >= self.count:
            return []
        sizes = np.bincount(self.labels[self.labels >= 0], minlength=self.count)
        merges = theme_linkage(self.centres if by is None else by, sizes)
        documents = [str(row) for row in range(len(self.labels))]

        def linkage(_: object) -> NDArray[np.float64]:
            return merges

        tree = self.model.hierarchical_topics(documents, linkage_function=linkage)
        kept = frozenset(wanted_topics)
        whole = _cut(tree, self.count, wanted)
        members = [tuple(t for t in group if t in kept) for group in whole if kept & set(group)]
        members.sort(key=lambda group: (-int(sizes[list(group)].sum()), group))
        titles = name_groups(
            [[self._named(topic, int(sizes[topic])) for topic in group] for group in members],
            self.corpus,
        )
        return [TopicGroup(title, group) for title, group in zip(titles, members, strict=True)]

    def labeler(self) -> PhraseLabeler:
        """Return the representation model that named the topics.

        Raises:
            TypeError: they were named by another one.
        """
        labeler = self.model.representation_model["Main"]
        if not isinstance(labeler, PhraseLabeler):
            raise TypeError("these topics have the titles of a project")
        return labeler

    def named(self, topic: int) -> NamedTheme:
        """Return the topic as titles of sets of topics are made from it."""
        return self._named(topic, int((self.labels == topic).sum()))

    def set_quotes(self, quotes: Mapping[int, Sequence[int]]) -> None:
        """Make the rows ``quotes`` the model's representative documents."""
        self.model.representative_docs_ = {
            topic: [str(row) for row in rows] for topic, rows in quotes.items()
        }

    def quotes(self, topic: int) -> list[int]:
        """Return the rows of the topic's representative documents, best first."""
        return [int(row) for row in self.model.get_representative_docs(topic)]

    def save(self, folder: Path) -> None:
        """Write the model so that stock ``BERTopic.load(folder)`` opens it; replaces ``folder``."""
        folder.parent.mkdir(parents=True, exist_ok=True)
        writing = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            self.model.set_topic_labels(
                {topic: self.phrases(topic)[0] for topic in range(self.count)}
            )
            self.model.save(
                str(writing),
                serialization="safetensors",
                save_ctfidf=False,
                save_embedding_model="sentence-transformers/all-MiniLM-L6-v2",
            )
            if folder.exists():
                shutil.rmtree(folder)
            writing.rename(folder)
        finally:
            shutil.rmtree(writing, ignore_errors=True)

    def _named(self, topic: int, size: int) -> NamedTheme:
        title, *key_phrases = self.phrases(topic)
        return NamedTheme(title, tuple(key_phrases), float(size))


def fit_topics(
    corpus: Corpus,
    vectors: Vectors,
    weights: NDArray[np.float64],
    clusterer: Clusterer,
    encoder: Encoder,
    titles: BaseRepresentation | None = None,
    *,
    avoid: Collection[str] = (),
    people: Collection[str] = (),
    taken: Collection[str] = (),
    progress: Progress | None = None,
) -> Topics:
    """Run the one ``BERTopic.fit_transform`` over distinct texts and return its topics.

    Args:
        corpus: the words of n distinct texts.
        vectors: their unit vectors, float32 (n, width).
        weights: how often each text occurs, (n,).
        clusterer: sets ``labels_`` in ``fit``.
        encoder: made ``vectors``; reads phrases for titles.
        titles: names topics; None = ``PhraseLabeler``.
        avoid: names of people and companies that no title may show, unless many speak of them.
        people: words of persons' names that no title may show.
        taken: titles that other themes have already.
        progress: of the naming; may raise to stop.
    """
    if titles is None:
        titles = PhraseLabeler(
            corpus, vectors, encoder.encode, weights, avoid, people, taken, progress
        )
    model = _BERTopic(
        language=None,  # with "english" BERTopic would strip every letter outside a-z
        embedding_model=EncoderBackend(encoder),
        umap_model=BaseDimensionalityReduction(),
        hdbscan_model=clusterer,
        vectorizer_model=CachedCounts(corpus, weights),
        ctfidf_model=ClassTfidfTransformer(reduce_frequent_words=True),
        representation_model={"Main": titles},
    )
    model.fit_transform([str(row) for row in range(corpus.texts)], vectors)
    return Topics(model, vectors, corpus)


def _cut(tree: pd.DataFrame, topics: int, wanted: int) -> list[tuple[int, ...]]:
    """Return the topics of each group after the first ``topics − wanted`` merges of ``tree``."""
    groups: dict[frozenset[int], None] = {frozenset([topic]): None for topic in range(topics)}
    merged = tree.sort_values("Distance", kind="stable")["Topics"].tolist()
    for members in merged[: topics - wanted]:
        whole = frozenset(int(topic) for topic in members)
        groups = {group: None for group in groups if not group <= whole} | {whole: None}
    return [tuple(sorted(group)) for group in groups]
