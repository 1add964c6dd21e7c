"""From labels of distinct texts to the frames that a run hands back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

from themeloom.domain.frames import ASSIGNMENTS, THEMES, UNSORTED, conform
from themeloom.domain.themes import Level, Method, Reason, Status
from themeloom.engine.centroids import Labels, Vectors, centroids
from themeloom.engine.labels import define
from themeloom.engine.material import Before, Material
from themeloom.engine.quotes import choose_quotes
from themeloom.engine.several import Further
from themeloom.engine.topic_model import TopicGroup, Topics

QUOTES = 5
_Value = TypeVar("_Value")


@dataclass(frozen=True)
class Labelled:
    """The outcome of a run on distinct texts.

    Attributes:
        labels: int64 (n,): known themes 0 … k − 1, then new ones; −1 = unsorted.
        reasons: object (n,): Reason where −1.
        new: number of new themes.
        ids: ids of all themes, known ones first.
        centres: float32 (len(ids), width).
    """

    labels: Labels
    reasons: NDArray[np.object_]
    new: int
    ids: list[str]
    centres: Vectors

    @staticmethod
    def of(
        material: Material, before: Before, labels: Labels, reasons: NDArray[np.object_], new: int
    ) -> "Labelled":
        """Return the outcome with its ids and centres."""
        ids = [*before.ids, *(f"new-{number + 1}" for number in range(new))]
        return Labelled(labels, reasons, new, ids, centroids(material.vectors, labels, len(ids)))


def choose_all_quotes(
    material: Material,
    rows: NDArray[np.int64],
    topics: Topics,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Choose each topic's quotes and make them its representative documents.

    Args:
        material: the run's texts.
        rows: the distinct text of each document of ``topics``.
        topics: gets the quotes, as document numbers.
        progress: called with the topic's number and the number of topics; may raise to stop.
    """
    quotes: dict[int, list[int]] = {}
    for topic in range(topics.count):
        if progress:
            progress(topic, topics.count)
        documents = np.flatnonzero(topics.labels == topic)
        chosen = quotes_of(material, rows[documents], topics.centres[topic], topics.phrases(topic))
        quotes[topic] = [int(documents[place]) for place in chosen]
    topics.set_quotes(quotes)


def quotes_of(
    material: Material,
    members: NDArray[np.int64],
    centre: Vectors,
    phrases: Sequence[str] = (),
) -> list[int]:
    """Return the positions of the best quotes among the distinct texts ``members``.

    ``phrases``: title and key phrases of what they are to speak for.
    """
    persons = material.excerpts["person_key"]
    return choose_quotes(
        material.vectors[members],
        centre,
        persons.gather(material.distinct.first[members]).to_list(),
        _picked(material.distinct.texts, members),
        material.distinct.words[members].tolist(),
        QUOTES,
        phrases,
    )


def theme_frame(
    material: Material,
    before: Before,
    rows: NDArray[np.int64],
    topics: Topics,
    new: Sequence[int],
    outcome: Labelled,
    groups: Sequence[TopicGroup],
) -> pl.DataFrame:
    """Return THEMES of the new themes and groups, read from the fitted BERTopic object.

    Args:
        material: the run's texts.
        before: the themes that were there.
        rows: the distinct text of each document of ``topics``.
        topics: the fitted model with quotes set.
        new: the topics that are new themes, in the order of their ids.
        outcome: ids and centres.
        groups: new groups; none where new themes join the groups that are there.
    """
    excerpt_ids = material.excerpts["excerpt_id"].to_list()
    first = material.distinct.first
    parent = {topic: f"group-{n + 1}" for n, group in enumerate(groups) for topic in group.topics}
    table: list[dict[str, object]] = []
    for number, group in enumerate(groups):
        titles = [topics.phrases(topic)[0] for topic in group.topics]
        table.append(
            {
                "theme_id": f"group-{number + 1}",
                "level": Level.GROUP,
                "title": group.title,
                "definition": f"Themes: {'; '.join(titles)}.",
                "key_phrases": titles,
                "quotes": [],
                "position": number,
            }
        )
    for place, topic in enumerate(new):
        title, *key_phrases = topics.phrases(topic)
        theme_id = outcome.ids[len(before.ids) + place]
        table.append(
            {
                "theme_id": theme_id,
                "parent_id": parent.get(topic) or _nearest_parent(before, outcome, theme_id),
                "level": Level.THEME,
                "title": title,
                "definition": define(title, key_phrases),
                "key_phrases": key_phrases,
                "quotes": [excerpt_ids[first[rows[row]]] for row in topics.quotes(topic)],
                "position": place,
            }
        )
    frame = pl.DataFrame(table, schema={**THEMES, "status": pl.String}, orient="row")
    return conform(frame.with_columns(status=pl.lit(Status.PROPOSED.value)), THEMES)


def is_new(material: Material, before: Before) -> NDArray[np.bool_]:
    """Return which excerpts had no theme before: (m,)."""
    settled = material.excerpts["excerpt_id"].is_in(before.assignments["excerpt_id"].to_list())
    return ~settled.to_numpy()


def assignment_frame(
    material: Material, before: Before, outcome: Labelled, further: Further
) -> pl.DataFrame:
    """Return ASSIGNMENTS of all excerpts with a theme: what was there before, then new ones.

    Further themes come after the primary ones; their similarity is that of the whole text, too.
    """
    labels = outcome.labels[material.distinct.of]
    new = is_new(material, before)
    rows = np.flatnonzero((labels >= 0) & new)
    primary = _shares(material, outcome, rows, labels[rows]).with_columns(primary=True)
    rows, place = further.for_each(material.distinct.of, new)
    others = _shares(material, outcome, rows, further.themes[place]).with_columns(primary=False)
    found = pl.concat([primary, others]).with_columns(
        method=pl.lit(Method.AUTO.value), reviewed=False
    )
    return pl.concat([before.assignments, conform(found, ASSIGNMENTS)])


def _shares(
    material: Material, outcome: Labelled, rows: NDArray[np.int64], themes: Labels
) -> pl.DataFrame:
    """Return ``excerpt_id``, ``theme_id``, ``similarity`` of excerpts (rows), each with a theme."""
    texts, centres = material.distinct.of[rows], outcome.centres[themes]
    likeness = np.einsum("ij,ij->i", material.vectors[texts], centres)
    return pl.DataFrame(
        {
            "excerpt_id": material.excerpts["excerpt_id"].gather(rows),
            "theme_id": _picked(outcome.ids, themes),
            "similarity": np.clip(likeness, 0.0, 1.0).astype(np.float64),
        },
        schema_overrides={"excerpt_id": pl.String, "theme_id": pl.String},
    )


def unsorted_frame(material: Material, before: Before, outcome: Labelled) -> pl.DataFrame:
    """Return UNSORTED: each excerpt without a theme, why, and the themes nearest to it."""
    labels = outcome.labels[material.distinct.of]
    rows = np.flatnonzero((labels < 0) & is_new(material, before))
    texts = material.distinct.of[rows]
    # By distinct text: the last bits of a product depend on the place of its rows.
    distinct, place = np.unique(texts, return_inverse=True)
    likeness = (material.vectors[distinct] @ outcome.centres.T)[place]
    nearest, second, value = _two_nearest(likeness, outcome.ids)
    reasons = [str(reason or Reason.TOO_FAR.value) for reason in outcome.reasons[texts]]
    frame = pl.DataFrame(
        {
            "excerpt_id": material.excerpts["excerpt_id"].gather(rows),
            "reason": reasons,
            "nearest_theme_id": nearest,
            "second_theme_id": second,
            "similarity": value,
        },
        schema=UNSORTED,
    )
    return conform(frame, UNSORTED)


def _picked(values: Sequence[_Value], places: NDArray[np.int64]) -> list[_Value]:
    chosen: list[int] = places.tolist()
    return [values[place] for place in chosen]


def _two_nearest(
    likeness: NDArray[np.float32], ids: Sequence[str]
) -> tuple[list[str | None], list[str | None], list[float | None]]:
    count = len(likeness)
    order = np.argsort(-likeness, axis=1, kind="stable")[:, :2]
    names: list[list[str | None]] = []
    for place in range(2):
        known = order.shape[1] > place
        chosen: list[int] = order[:, place].tolist() if known else []
        names.append([ids[theme] for theme in chosen] if known else [None] * count)
    if order.shape[1] == 0:
        return names[0], names[1], [None] * count
    best = np.take_along_axis(likeness, order[:, :1], 1)[:, 0]
    return names[0], names[1], np.clip(best, 0.0, 1.0).astype(np.float64).tolist()


def _nearest_parent(before: Before, outcome: Labelled, theme_id: str) -> str | None:
    """Return the group of the known theme nearest to a new one."""
    if not before.ids:
        return None
    place = outcome.ids.index(theme_id)
    likeness = outcome.centres[: len(before.ids)] @ outcome.centres[place]
    return before.parents[int(likeness.argmax())]
