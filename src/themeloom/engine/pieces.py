"""Pieces of texts, each with a theme, and the same cut in two: columns side by side."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from themeloom.engine.centroids import Labels


@dataclass(frozen=True)
class Pieces:
    """Pieces of texts, each with a theme: (m,) each."""

    text: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    theme: Labels

    def __getitem__(self, rows: NDArray[np.int64]) -> "Pieces":
        """Return some of them, by number."""
        return Pieces(*(column[rows] for column in self.columns))

    @property
    def columns(self) -> tuple[NDArray[np.int64], ...]:
        """Text, start, end, theme."""
        return self.text, self.start, self.end, self.theme

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Characters of each."""
        return self.end - self.start

    def places(self) -> list[tuple[int, int, int]]:
        """Return the text, the start and the end of each."""
        rows: list[tuple[int, int, int]] = np.stack(self.columns[:3], axis=1).tolist()
        return rows

    def of_themes(self, themes: Labels) -> "Pieces":
        """Return the same pieces with other themes."""
        return Pieces(self.text, self.start, self.end, themes)


@dataclass(frozen=True)
class Halved:
    """Pieces cut in two, one row for each border.

    Attributes:
        pieces: what is cut, with the theme that is theirs.
        number: int64 (m,): which piece it is.
        border: int64 (m,): where in the text.
        first: bool (m,): the part that may speak of another theme is the first one.
    """

    pieces: Pieces
    number: NDArray[np.int64]
    border: NDArray[np.int64]
    first: NDArray[np.bool_]

    def __getitem__(self, rows: NDArray[np.int64]) -> "Halved":
        """Return some of them, by row."""
        return Halved(self.pieces[rows], self.number[rows], self.border[rows], self.first[rows])

    def halves(self, first: NDArray[np.bool_]) -> Pieces:
        """Return the first halves where ``first`` is true, the second ones elsewhere."""
        pieces = self.pieces
        return Pieces(
            pieces.text,
            np.where(first, pieces.start, self.border),
            np.where(first, self.border, pieces.end),
            pieces.theme,
        )

    @property
    def parts(self) -> Pieces:
        """The parts that may speak of another theme."""
        return self.halves(self.first)

    @property
    def rests(self) -> Pieces:
        """The parts that speak of the theme that is the piece's own."""
        return self.halves(~self.first)


def joined(one: Pieces, other: Pieces) -> Pieces:
    """Return the pieces of both, in this order."""
    columns = zip(one.columns, other.columns, strict=True)
    return Pieces(*(np.concatenate(pair) for pair in columns))
