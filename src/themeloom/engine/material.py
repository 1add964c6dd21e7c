"""What a run works on: excerpts with their distinct texts and vectors, and the themes so far."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from themeloom.domain.encoders import MOST_UNREAD
from themeloom.domain.frames import ASSIGNMENTS, conform, empty
from themeloom.domain.themes import Level, Status
from themeloom.engine.centroids import Labels, Vectors
from themeloom.engine.distinct import Distinct
from themeloom.engine.encoder import Encoder


@dataclass(frozen=True)
class Material:
    """The excerpts of a run.

    Attributes:
        excerpts: EXCERPTS columns and ``person_key``, m rows.
        distinct: their n distinct texts.
        vectors: float32 (n, width), unit length.
        encoder: made the vectors.
    """

    excerpts: pl.DataFrame
    distinct: Distinct
    vectors: Vectors
    encoder: Encoder

    def foreign(self) -> NDArray[np.bool_]:
        """Return which distinct texts are in a language that the encoder does not read: (n,).

        Where most texts are foreign, none counts as such: themes of what there is are better than
        none at all.
        """
        read = self.encoder.languages
        if read is None or self.excerpts.is_empty():
            return np.zeros(len(self.distinct.texts), np.bool_)
        told = self.excerpts["language"]
        foreign = (told.is_not_null() & ~told.is_in(sorted(read))).to_numpy()[self.distinct.first]
        return foreign if foreign.mean() < MOST_UNREAD else np.zeros_like(foreign)


@dataclass(frozen=True)
class KnownThemes:
    """Themes that exist already, and what carries them (domain.frames THEMES and ASSIGNMENTS)."""

    themes: pl.DataFrame
    assignments: pl.DataFrame


@dataclass(frozen=True)
class Before:
    """The themes that were there before a run.

    Attributes:
        ids: theme ids; dormant themes and groups are not among them.
        parents: their groups' ids.
        titles: their titles.
        labels: int64 (n,): which of them each distinct text carries, −1 = none.
        assignments: ASSIGNMENTS of the excerpts at hand, as they were.
    """

    ids: list[str]
    parents: list[str | None]
    titles: list[str]
    labels: Labels
    assignments: pl.DataFrame

    @staticmethod
    def of(material: Material, known: KnownThemes | None) -> "Before":
        """Return what ``known`` says of ``material``; without it, that nothing was there."""
        labels = np.full(len(material.distinct.texts), -1, np.int64)
        if known is None:
            return Before([], [], [], labels, empty(ASSIGNMENTS))
        themes = known.themes.filter(
            (pl.col("level") == Level.THEME) & (pl.col("status") != Status.DORMANT)
        ).sort("theme_id")
        ids: list[str] = themes["theme_id"].to_list()
        rows = material.excerpts.select("excerpt_id", row=pl.int_range(pl.len()))
        assignments = conform(known.assignments, ASSIGNMENTS).join(
            rows.select("excerpt_id"), on="excerpt_id", how="semi", maintain_order="left"
        )
        numbers = pl.DataFrame(
            {"theme_id": ids, "number": list(range(len(ids)))},
            schema={"theme_id": pl.String, "number": pl.Int64},
        )
        carried = (
            assignments.filter("primary")
            .with_columns(pl.col("theme_id").replace(_theme_above(known.themes)))
            .join(rows, on="excerpt_id")
            .join(numbers, on="theme_id")
            # Where excerpts of the same text carry different themes, the last one by id speaks.
            .sort("excerpt_id")
        )
        texts = material.distinct.of[carried["row"].to_numpy()]
        labels[texts] = carried["number"].to_numpy()
        titles: list[str] = themes["title"].to_list()
        return Before(ids, themes["parent_id"].to_list(), titles, labels, assignments)


def _theme_above(themes: pl.DataFrame) -> dict[str, str]:
    """Map sub-themes to the theme they are part of: what they carry is nothing new."""
    rows = {
        theme_id: (parent, level)
        for theme_id, parent, level in themes.select("theme_id", "parent_id", "level").iter_rows()
    }
    above: dict[str, str] = {}
    for theme_id in rows:
        up, (parent, level) = theme_id, rows[theme_id]
        while level == Level.SUB_THEME and parent in rows:
            up, (parent, level) = parent, rows[parent]
        if up != theme_id:
            above[theme_id] = up
    return above
