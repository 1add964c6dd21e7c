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
from themeloom.engine.centroids import Labels, Vectors, sums, unit
from themeloom.engine.material import Material
from themeloom.engine.vectors import vectors_of

#: Share of a theme's own texts, and of all texts, that fit worse than a part of another text may.
_LOWEST_SHARE = 0.1
#: How much nearer a part is to its own theme than to that of the rest, against the distance
#: between the two.
_LEAST_LEAD = 0.3
#: Texts that fit their theme better than this share of its texts do are about nothing else.
_SURELY_ONE = 0.8
_FEWEST_TEXTS = 5  # of a theme, to say what is usual among them
_SAMPLE = 5_000
#: Characters of parts that are read: so many, or this share of all texts'.
_READ, _READ_SHARE = 200_000, 0.12
_ROWS = 4096

#: Called with what is done and what there is to do; may raise to stop.
Progress = Callable[[int, int], None]


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
    corpus have in common. The shorter part is read first, the other one only where that
    fits. In large corpora only as much is read as costs a small share of reading all texts: the
    likeliest borders first, and of these the texts that fit their themes least.

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
    centres = _Centres(material.vectors, labels, count, progress)
    chosen = (labels >= 0) & (centres.standing < _SURELY_ONE)
    chosen &= material.distinct.words >= 2 * LEAST_WORDS
    if asked is not None:
        chosen &= asked
    rows = np.flatnonzero(chosen)
    if len(rows) == 0:
        return Further.none(width)
    reader = _Reader(material, centres, store, progress)
    texts = material.distinct.texts
    spans = _Spans(
        rows,
        np.zeros(len(rows), np.int64),
        np.array([len(texts[row]) for row in rows], np.int64),
        labels[rows],
    )
    found = reader.divide(spans, centres.fit(material.vectors, rows))
    first = Further(found.spans.text, found.other, found.vectors)
    again = reader.divide(found.sides(), found.side_fits)
    return _together(first, again, labels)


class _Centres:
    """The themes' centres, without what all texts have in common, and what fits them.

    Attributes:
        least: float32 (themes,): the likeness that each theme asks for.
        standing: float64 (n,): share of its theme's texts that fit it worse than a text does.
    """

    def __init__(self, vectors: Vectors, labels: Labels, count: int, progress: Progress) -> None:
        self._common = vectors.mean(axis=0, dtype=np.float64).astype(np.float32)
        sizes = np.bincount(labels[labels >= 0], minlength=count)
        total = np.zeros((count, vectors.shape[1]), np.float32)
        for start in range(0, len(vectors), _ROWS):
            progress(0, 1)
            part = slice(start, start + _ROWS)
            total += sums(self.special(vectors[part]), labels[part], count)
        self.vectors = unit(total)
        own = np.zeros(len(vectors), np.float32)
        for start in range(0, len(vectors), _ROWS):
            progress(0, 1)
            rows = start + np.flatnonzero(labels[start : start + _ROWS] >= 0)
            mine, theirs = self.special(vectors[rows]), total[labels[rows]]
            rest = np.linalg.norm(theirs - mine, axis=1)
            # The text itself is left out of its theme's centre.
            own[rows] = (np.einsum("ij,ij->i", mine, theirs) - 1.0) / np.maximum(rest, 1e-6)
        usual = float(np.quantile(own[labels >= 0], _LOWEST_SHARE))
        self.least = np.full(count, np.inf, np.float32)
        self.standing = np.ones(len(vectors), np.float64)
        for theme in np.flatnonzero(sizes >= _FEWEST_TEXTS):
            members = np.flatnonzero(labels == theme)
            # Nearly everything fits a loose theme as well as its own texts do.
            self.least[theme] = max(np.quantile(own[members], _LOWEST_SHARE), usual)
            ordered = np.sort(own[members])
            self.standing[members] = np.searchsorted(ordered, own[members]) / len(members)

    def special(self, vectors: Vectors) -> Vectors:
        return unit(vectors - self._common)

    def fit(self, vectors: Vectors, rows: NDArray[np.int64] | None = None) -> NDArray[np.float32]:
        """Return the likeness of (some) vectors to all centres: float32 (rows, themes)."""
        rows = np.arange(len(vectors)) if rows is None else rows
        result = np.empty((len(rows), len(self.vectors)), np.float32)
        for start in range(0, len(rows), _ROWS):
            part = self.special(vectors[rows[start : start + _ROWS]])
            result[start : start + _ROWS] = part @ self.vectors.T
        return result

    def apart(self, one: Labels, other: Labels) -> NDArray[np.float32]:
        """Return how far apart themes are, pair by pair: 1 − cosine, not 0."""
        likeness = np.einsum("ij,ij->i", self.vectors[one], self.vectors[other])
        return np.maximum(1.0 - likeness, 1e-6).astype(np.float32)


@dataclass(frozen=True)
class _Spans:
    """Pieces of texts, each with a theme: (m,) each."""

    text: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    theme: Labels

    def __getitem__(self, rows: NDArray[np.int64]) -> "_Spans":
        return _Spans(self.text[rows], self.start[rows], self.end[rows], self.theme[rows])


@dataclass(frozen=True)
class _Divided:
    """Pieces that speak of two themes.

    Attributes:
        spans: the pieces.
        other: the theme that is not theirs.
        vectors: of the part that speaks of it.
        value: how well the part that fits less does fit.
        left: the first parts.
        right: the second parts.
        side_fits: likeness of all first parts, then of all second parts, to all themes.
    """

    spans: _Spans
    other: Labels
    vectors: Vectors
    value: NDArray[np.float32]
    left: _Spans
    right: _Spans
    side_fits: NDArray[np.float32]

    def sides(self) -> _Spans:
        """Return all first parts, then all second parts."""
        pairs = zip(_columns(self.left), _columns(self.right), strict=True)
        return _Spans(*(np.concatenate(pair) for pair in pairs))


class _Reader:
    """Divides pieces of texts."""

    def __init__(
        self, material: Material, centres: _Centres, store: Path, progress: Progress
    ) -> None:
        self._material, self._centres = material, centres
        self._store, self._progress = store, progress
        # In the order of their hashes the first texts are a sample by chance.
        self._borders = Borders(material.distinct.texts[:_SAMPLE])
        self._left = max(_READ, _READ_SHARE * sum(map(len, material.distinct.readings)))
        told = material.excerpts["language"].gather(material.distinct.first)
        self._languages: list[str | None] = told.to_list()

    def divide(self, spans: _Spans, fits: NDArray[np.float32]) -> _Divided:
        """Return the pieces that can be divided, each at its best border.

        Args:
            spans: the pieces.
            fits: their likeness to all themes, (m, themes).
        """
        owner, border, place = self._cut(spans)
        standing = self._centres.standing[spans.text[owner]]
        cost = np.minimum(border - spans.start[owner], spans.end[owner] - border)
        rows = self._affordable(np.lexsort((owner, standing, place)), cost)
        owner, border = owner[rows], border[rows]
        first_is_shorter = border - spans.start[owner] <= spans.end[owner] - border
        vectors = self._read(spans, owner, border, first_is_shorter)
        part = self._centres.fit(vectors)
        whole, home = fits[owner], spans.theme[owner]
        theme, value, kept = self._fitting(part, whole)
        kept &= (theme == home) | (self._lead(part, theme, home) >= _LEAST_LEAD)
        rows = np.flatnonzero(kept)
        cost = np.maximum(border - spans.start[owner], spans.end[owner] - border)
        rows = self._affordable(rows[np.lexsort((owner[rows], -value[rows]))], cost)
        owner, border, whole, home = owner[rows], border[rows], whole[rows], home[rows]
        vectors, part, theme, value = vectors[rows], part[rows], theme[rows], value[rows]
        first_is_shorter = first_is_shorter[rows]

        rest_vectors = self._read(spans, owner, border, ~first_is_shorter)
        rest = self._centres.fit(rest_vectors)
        rest_theme, rest_value, kept = self._fitting(rest, whole)
        kept &= (theme != rest_theme) & ((theme == home) | (rest_theme == home))
        kept &= self._lead(part, theme, rest_theme) >= _LEAST_LEAD
        kept &= self._lead(rest, rest_theme, theme) >= _LEAST_LEAD
        lesser = np.minimum(value, rest_value)
        rows = np.flatnonzero(kept)
        rows = rows[np.lexsort((border[rows], -lesser[rows], owner[rows]))]
        _, best = np.unique(owner[rows], return_index=True)
        rows = rows[best]

        owner, border = owner[rows], border[rows]
        at_home = theme[rows] == home[rows]
        first = first_is_shorter[rows]
        pieces = spans[owner]
        themes = np.where(first, theme[rows], rest_theme[rows])
        others = np.where(first, rest_theme[rows], theme[rows])
        short, long = part[rows], rest[rows]
        return _Divided(
            spans=pieces,
            other=np.where(at_home, rest_theme[rows], theme[rows]),
            vectors=np.where(at_home[:, None], rest_vectors[rows], vectors[rows]),
            value=lesser[rows],
            left=_Spans(pieces.text, pieces.start, border, themes),
            right=_Spans(pieces.text, border, pieces.end, others),
            side_fits=np.concatenate(
                [np.where(first[:, None], short, long), np.where(first[:, None], long, short)]
            ),
        )

    def _affordable(self, rows: NDArray[np.int64], cost: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the first of ``rows`` whose parts may still be read, in rising order."""
        spent = np.cumsum(cost[rows])
        count = int(np.searchsorted(spent, self._left, side="right"))
        self._left -= float(spent[count - 1]) if count else 0.0
        return np.sort(rows[:count])

    def _cut(self, spans: _Spans) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Return the pieces' borders: the piece, where in the text, and its place among them."""
        texts = self._material.distinct.texts
        found: list[tuple[int, int, int]] = []
        for number, (text, start, end) in enumerate(_places(spans.text, spans.start, spans.end)):
            if number % _ROWS == 0:
                self._progress(0, 1)
            borders = self._borders.inside(texts[text], start, end, self._languages[text])
            found += [(number, border, place) for place, border in enumerate(borders)]
        table = np.array(found, np.int64).reshape(-1, 3)
        return table[:, 0], table[:, 1], table[:, 2]

    def _read(
        self,
        spans: _Spans,
        owner: NDArray[np.int64],
        border: NDArray[np.int64],
        first: NDArray[np.bool_],
    ) -> Vectors:
        """Return the vectors of the parts before or behind the borders."""
        starts = np.where(first, spans.start[owner], border)
        ends = np.where(first, border, spans.end[owner])
        texts = self._material.distinct.texts
        places = _places(spans.text[owner], starts, ends)
        parts = [texts[text][start:end].strip() for text, start, end in places]
        return vectors_of(
            parts,
            self._material.encoder,
            self._store,
            lambda done, missing: self._progress(min(done, missing), max(missing, 1)),
        )

    def _fitting(
        self, part: NDArray[np.float32], whole: NDArray[np.float32]
    ) -> tuple[Labels, NDArray[np.float32], NDArray[np.bool_]]:
        """Return each part's best theme, its likeness, and whether it fits, better than the whole."""
        rows = np.arange(len(part))
        theme = part.argmax(axis=1)
        value = part[rows, theme]
        kept = (value >= self._centres.least[theme]) & (value >= whole[rows, theme])
        return theme.astype(np.int64), value, kept

    def _lead(self, part: NDArray[np.float32], theme: Labels, other: Labels) -> NDArray[np.float32]:
        rows = np.arange(len(part))
        return (part[rows, theme] - part[rows, other]) / self._centres.apart(theme, other)


def _places(*columns: NDArray[np.int64]) -> list[tuple[int, int, int]]:
    rows: list[tuple[int, int, int]] = np.stack(columns, axis=1).tolist()
    return rows


def _columns(spans: _Spans) -> tuple[NDArray[np.int64], ...]:
    return spans.text, spans.start, spans.end, spans.theme


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
