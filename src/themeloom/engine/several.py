"""Further themes of texts that speak of several: found from their parts, without labels.

A text lies between two themes because they are near each other, or because it speaks of both. Only
its parts tell which: where a sentence or clause by itself fits another theme, and fits it better
than the whole text does, while the rest of the text fits the first theme better than the whole does.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from themeloom.engine.borders import LEAST_WORDS, Borders
from themeloom.engine.centroids import Labels, Vectors
from themeloom.engine.material import Material
from themeloom.engine.pieces import Halved, Pieces, joined
from themeloom.engine.theme_centres import ThemeCentres
from themeloom.engine.vectors import vectors_of

#: How much nearer a part is to its own theme than to that of the rest, against the distance
#: between the two.
_LEAST_LEAD = 0.3
#: Texts that fit their theme better than this share of its texts do are about nothing else.
_SURELY_ONE = 0.8
_SAMPLE = 5_000
#: Characters of parts that are read: so many, or this share of all texts'; and what share of them
#: goes to parts that may speak of another theme, before any rest is read.
_READ, _READ_SHARE, _PARTS_SHARE = 20_000, 0.12, 0.8
_OPENING = 20  # characters that could be read in the time that each part costs beside its own
#: Of a rest that is not read: how clearly words must tell the two parts apart, what share of the
#: likeness that is asked for elsewhere must be expected, and how much of what words do not tell
#: about the whole, and about the part, is true of it.
_SURE_GUESS, _LEAST_EXPECTED, _OF_WHOLE, _OF_PART = 0.3, 0.85, 0.3, 0.2
_ROWS = 4096

#: Called with what is done and what there is to do; may raise to stop.
Progress = Callable[[int, int], None]
_Fits = Callable[[NDArray[np.int64]], NDArray[np.float32]]


@dataclass(frozen=True)
class Further:
    """Further themes: one row for each, ordered by text.

    Attributes:
        texts: int64 (m,): the distinct text.
        themes: int64 (m,): a theme that it has beside its own, at most 2 for each text.
        parts: float32 (m, width): unit vector of what it says of that theme.
    """

    texts: NDArray[np.int64]
    themes: Labels
    parts: Vectors

    @staticmethod
    def none(width: int) -> "Further":
        """Return no further theme at all."""
        nothing = np.zeros(0, np.int64)
        return Further(nothing, nothing, np.zeros((0, width), np.float32))

    def for_each(
        self, of: NDArray[np.int64], wanted: NDArray[np.bool_]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return which excerpt has which further theme, as places of both.

        Args:
            of: the distinct text of each excerpt, (e,).
            wanted: only these excerpts, (e,).
        """
        first = np.searchsorted(self.texts, of)
        count = np.where(wanted, np.searchsorted(self.texts, of, side="right") - first, 0)
        excerpts = np.repeat(np.arange(len(of)), count)
        place = np.arange(len(excerpts)) - np.repeat(np.cumsum(count) - count, count)
        return excerpts, first[excerpts] + place


def find_further(
    material: Material,
    labels: Labels,
    count: int,
    store: Path,
    progress: Progress,
    asked: NDArray[np.bool_] | None = None,
) -> Further:
    """Return the further themes of texts that have a theme.

    A text is divided in two at each of its likeliest borders. Its parts tell of two themes where

    - each fits its theme as well as most of the theme's own texts do, and as most texts fit theirs
      (all but the lowest 10 %);
    - each fits its theme better than the whole text does;
    - each is clearly nearer to its theme than to that of the other part, against how far apart the
      two are: neighbouring themes do not both get what lies between them;
    - one of the themes is that of the text.

    The parts are divided once more the same way. Likeness is measured without what all texts of the
    corpus have in common.

    Only as much is read as costs a small share of reading all texts. What the parts are about is
    guessed from their words first; then the part that speaks of another theme is read, where the
    words tell it most clearly for what reading costs; and last, where that fits, the rest of the
    text. A rest that cannot be afforded counts where words let expect clearly enough that it fits.

    Args:
        material: the run's texts.
        labels: their themes, 0 … count − 1, −1 = none, (n,).
        count: number of themes.
        store: the derived store, where the parts' vectors are kept.
        progress: called often.
        asked: only these texts, (n,); None: all.
    """
    width = material.vectors.shape[1]
    if count < 2 or not (labels >= 0).any():
        return Further.none(width)
    progress(0, 1)
    centres = ThemeCentres(material.vectors, labels, count, lambda: progress(0, 1))
    chosen = (labels >= 0) & (centres.standing < _SURELY_ONE)
    chosen &= material.distinct.words >= 2 * LEAST_WORDS
    if asked is not None:
        chosen &= asked
    rows = np.flatnonzero(chosen)
    if len(rows) == 0:
        return Further.none(width)
    reader = _Reader(material, centres, store, progress)
    texts = material.distinct.texts
    spans = Pieces(
        rows,
        np.zeros(len(rows), np.int64),
        np.array([len(texts[row]) for row in rows], np.int64),
        labels[rows],
    )
    found = reader.divide(spans, lambda some: centres.fit(material.vectors, rows[some]))
    first = Further(found.spans.text, found.other, found.vectors)
    again = reader.divide(found.sides, lambda some: found.side_fits[some])
    return _together(first, again, labels)


@dataclass(frozen=True)
class _Divided:
    """Pieces that speak of two themes.

    Attributes:
        spans: the pieces.
        other: the theme that is not theirs.
        vectors: of the part that speaks of it.
        value: how well the part that fits less does fit.
        sides: the parts that speak of it, then all rests, each with its theme.
        side_fits: the likeness of the sides to all themes.
    """

    spans: Pieces
    other: Labels
    vectors: Vectors
    value: NDArray[np.float32]
    sides: Pieces
    side_fits: NDArray[np.float32]


class _Reader:
    """Divides pieces of texts."""

    def __init__(
        self, material: Material, centres: ThemeCentres, store: Path, progress: Progress
    ) -> None:
        from themeloom.engine.expected import LEARNED, Expected  # brings scikit-learn

        self._material, self._centres = material, centres
        self._store, self._progress = store, progress
        # In the order of their hashes the first texts are a sample by chance.
        self._borders = Borders(material.distinct.texts[:_SAMPLE])
        self._expected = Expected(
            material.distinct.readings[:LEARNED],
            centres.fit(material.vectors[:LEARNED]),
            lambda: progress(0, 1),
        )
        self._left = max(_READ, _READ_SHARE * sum(map(len, material.distinct.readings)))
        told = material.excerpts["language"].gather(material.distinct.first)
        self._languages: list[str | None] = told.to_list()

    def divide(self, spans: Pieces, fits: _Fits) -> _Divided:
        """Return the pieces that can be divided, each at its best border.

        Args:
            spans: the pieces.
            fits: returns the likeness of some of them, by number, to all themes.
        """
        halved, lead = self._guessed(self._cut(spans))
        worth = lead / np.sqrt(halved.parts.lengths + _OPENING)
        rows = np.lexsort((halved.border, halved.number, -worth))
        rows = _first_of_each(rows[lead[rows] > 0], halved.number)
        rows = self._affordable(rows, halved.parts.lengths, _PARTS_SHARE)
        halved, lead, whole = halved[rows], lead[rows], fits(halved.number[rows])
        vectors = self._read(halved.parts)
        part, home = self._centres.fit(vectors), halved.pieces.theme
        theme = part.argmax(axis=1).astype(np.int64)
        kept = self._fits(part, theme, home, whole) & (theme != home)
        rows = np.flatnonzero(kept)
        halved, vectors, part, theme = halved[rows], vectors[rows], part[rows], theme[rows]
        rest, kept = self._rest(halved, whole[rows], part, theme, lead[rows])

        places = np.arange(len(rows))
        lesser = np.minimum(part[places, theme], rest[places, halved.pieces.theme])
        rows = np.flatnonzero(kept)
        rows = rows[np.lexsort((halved.border[rows], -lesser[rows], halved.number[rows]))]
        rows = rows[np.unique(halved.number[rows], return_index=True)[1]]
        halved, theme = halved[rows], theme[rows]
        return _Divided(
            spans=halved.pieces,
            other=theme,
            vectors=vectors[rows],
            value=lesser[rows],
            sides=joined(halved.parts.of_themes(theme), halved.rests),
            side_fits=np.concatenate([part[rows], rest[rows]]),
        )

    def _affordable(
        self, rows: NDArray[np.int64], cost: NDArray[np.int64], share: float = 1.0
    ) -> NDArray[np.int64]:
        """Return the first of ``rows`` that may be read for a share of what is left, in rising order."""
        spent = np.cumsum(cost[rows])
        count = int(np.searchsorted(spent, share * self._left, side="right"))
        self._left -= float(spent[count - 1]) if count else 0.0
        return np.sort(rows[:count])

    def _cut(self, spans: Pieces) -> Halved:
        """Return the pieces at each of their likeliest borders."""
        texts = self._material.distinct.texts
        found: list[tuple[int, int]] = []
        for number, (text, start, end) in enumerate(spans.places()):
            if number % _ROWS == 0:
                self._progress(0, 1)
            borders = self._borders.inside(texts[text], start, end, self._languages[text])
            found += [(number, border) for border in borders]
        number, border = np.array(found, np.int64).reshape(-1, 2).T
        return Halved(spans[number], number, border, np.ones(len(number), np.bool_))

    def _guessed(self, halved: Halved) -> tuple[Halved, NDArray[np.float32]]:
        """Return which part may speak of another theme, and how clearly, as far as words tell.

        That is the lesser of two leads: the other theme's in the part, the own theme's in the rest;
        0 where no theme has both.
        """
        first, lead = halved.first.copy(), np.zeros(len(halved.number), np.float32)
        for start in range(0, len(lead), _ROWS):
            rows = np.arange(start, min(start + _ROWS, len(lead)))
            some = halved[rows]
            expected = self._expected.of(self._texts(joined(some.parts, some.rests)))
            # How much more the other themes have of it than the own one.
            home = some.pieces.theme
            more = expected - np.take_along_axis(expected, np.tile(home, 2)[:, None], 1)
            left, right = np.split(more, 2)
            apart = self._centres.all_apart(home)
            in_left = (np.minimum(left, -right) / apart).max(axis=1)
            in_right = (np.minimum(right, -left) / apart).max(axis=1)
            first[rows], lead[rows] = in_left >= in_right, np.maximum(in_left, in_right)
        return Halved(halved.pieces, halved.number, halved.border, first), lead

    def _rest(
        self,
        halved: Halved,
        whole: NDArray[np.float32],
        part: NDArray[np.float32],
        theme: Labels,
        lead: NDArray[np.float32],
    ) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """Return the likeness of the rests, and whether they fit the pieces' own theme.

        It is read where that can be afforded, the least sure ones first; elsewhere it is what
        their words, and what the whole and its part have beyond their words, let expect.
        """
        home = halved.pieces.theme
        all_three = joined(joined(halved.rests, halved.pieces), halved.parts)
        of_rest, of_whole, of_part = np.split(self._expected.of(self._texts(all_three)), 3)
        beyond = _OF_WHOLE * (whole - of_whole) - _OF_PART * (part - of_part)
        rest = (of_rest + beyond).astype(np.float32)
        kept = self._fits(rest, home, theme, whole, _LEAST_EXPECTED) & (lead >= _SURE_GUESS)
        order = np.lexsort((halved.border, halved.number, -lead, kept))
        rows = self._affordable(order, halved.rests.lengths)
        rest[rows] = self._centres.fit(self._read(halved[rows].rests))
        kept[rows] = self._fits(rest[rows], home[rows], theme[rows], whole[rows])
        return rest, kept

    def _texts(self, spans: Pieces) -> list[str]:
        texts = self._material.distinct.texts
        return [texts[text][start:end].strip() for text, start, end in spans.places()]

    def _read(self, spans: Pieces) -> Vectors:
        return vectors_of(
            self._texts(spans),
            self._material.encoder,
            self._store,
            lambda done, missing: self._progress(min(done, missing), max(missing, 1)),
        )

    def _fits(
        self,
        likeness: NDArray[np.float32],
        theme: Labels,
        other: Labels,
        whole: NDArray[np.float32],
        share: float = 1.0,
    ) -> NDArray[np.bool_]:
        """Return whether parts fit a theme: best, clearly better than another, and well.

        Args:
            likeness: theirs to all themes.
            theme: the one.
            other: the other one.
            whole: the whole's likeness to all themes.
            share: of what the theme asks for, and of the whole's likeness, that they must have.
        """
        rows = np.arange(len(likeness))
        value = likeness[rows, theme]
        lead = (value - likeness[rows, other]) / self._centres.apart(theme, other)
        fits = (likeness.argmax(axis=1) == theme) & (lead >= _LEAST_LEAD)
        return fits & (value >= share * np.maximum(self._centres.least[theme], whole[rows, theme]))


def _first_of_each(rows: NDArray[np.int64], number: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the rows with the first one of each piece before all that are not."""
    later = np.ones(len(rows), np.bool_)
    later[np.unique(number[rows], return_index=True)[1]] = False
    return rows[np.argsort(later, kind="stable")]


def _together(first: Further, again: _Divided, labels: Labels) -> Further:
    """Return the further themes of both rounds; of the second, each text's best new one."""
    order = np.lexsort((again.other, -again.value, again.spans.text))
    taken = {*zip(first.texts.tolist(), first.themes.tolist(), strict=True)}
    rows: list[int] = []
    seen: set[int] = set()
    for row in order.tolist():
        text, theme = int(again.spans.text[row]), int(again.other[row])
        if text not in seen and (text, theme) not in taken and theme != labels[text]:
            seen.add(text)
            rows.append(row)
    texts = np.concatenate([first.texts, again.spans.text[rows]])
    themes = np.concatenate([first.themes, again.other[rows]])
    parts = np.concatenate([first.parts, again.vectors[rows]])
    order = np.argsort(texts, kind="stable")
    return Further(texts[order], themes[order], parts[order])
