"""Which texts fit no theme well enough, and why. Found from the texts alone, without labels."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from themeloom.domain.themes import Reason
from themeloom.engine.centroids import Fit, Labels

#: A text this like its theme and its neighbours is surely about the same thing (MiniLM's scale).
SURELY_ALIKE = 0.5
#: One less like than this is surely about something else.
SURELY_APART = 0.25
#: A theme whose texts are this alike on average is surely one.
SURELY_ONE = 0.42

_MOST_EXPECTED = 1 / 3  # share of those below the threshold that would be there by chance
_LEAST_BELOW = 1.0  # spreads below the middle, at least
_OWN_LEVEL, _OWN_SPREAD = 0.2, 0.1  # how far a theme's own middle and spread count
_TEXTS_TO_COUNT = 20.0  # texts from which on a theme's own figures weigh more than half
_LEAST_SPREAD = 0.3  # of a theme, against the corpus'
_MOSTLY = 0.5  # share of a theme's texts that fit it too little, from which on it is none
_NORMAL = 1.4826  # standard deviation of a normal distribution, in median absolute deviations
_THEME_SPREADS = 2.0  # how far below the other themes' middle a theme is loose
_THEMES_TO_COMPARE = 6
_NEIGHBOURS = 10
_TIE = 0.02
_SHORT_WORDS = 3


@dataclass(frozen=True)
class Verdict:
    """Who stays out.

    Attributes:
        out: bool (n,): the text fits no theme well enough.
        reasons: object (n,): domain.themes.Reason where ``out``, else None.
        fits: float64 (n,): how well each text fits its theme, −1 to 1.
        thresholds: float64 (themes,): the fit that each theme asks for.
    """

    out: NDArray[np.bool_]
    reasons: NDArray[np.object_]
    fits: NDArray[np.float64]
    thresholds: NDArray[np.float64]


def judge(
    near: NDArray[np.float32],
    fit: Fit,
    labels: Labels,
    lengths: NDArray[np.int64],
    known: int = 0,
) -> Verdict:
    """Return which texts stay out: more of them fit badly than chance explains, and not surely.

    The fit is the mean of a text's likeness to its nearest neighbours and to its theme's centre.
    Each theme asks for its own: what is usual in the corpus, moved some way to what is usual in the
    theme. How far below the usual is too far is found as in Efron (2004), "Large-scale simultaneous
    hypothesis testing": the middle of the distribution (median, median absolute deviation) says how
    many texts would fit so badly by chance; below the threshold at most a third are such. So a
    corpus without strays keeps nearly all of its texts. More than ``SURELY_ALIKE`` is never asked,
    nor less than ``SURELY_APART``. A theme most of whose texts stay out is a leftover: all do. So
    is one whose texts are far less alike than those of the other themes.

    Args:
        near: cosines to the nearest neighbours, nearest first, (n, k).
        fit: to the themes' centres.
        labels: the themes, all 0 or above, (n,).
        lengths: numbers of words, (n,).
        known: themes below this number are not doubted.
    """
    value = 0.5 * (near[:, :_NEIGHBOURS].mean(axis=1, dtype=np.float64) + fit.own)
    middle, spread = _usual(value, labels)
    lowest = _lowest((value - middle[labels]) / spread[labels])
    thresholds = np.clip(middle + lowest * spread, SURELY_APART, SURELY_ALIKE)
    out = value < thresholds[labels]
    leftover = (np.bincount(labels, out) > _MOSTLY * np.bincount(labels)) | _loose(value, labels)
    leftover[:known] = False
    out |= leftover[labels]
    reasons = np.full(len(value), None, object)
    reasons[out] = Reason.TOO_FAR
    reasons[out & (fit.own - fit.other < _TIE)] = Reason.TIE
    reasons[out & (lengths < _SHORT_WORDS)] = Reason.TOO_SHORT
    return Verdict(out, reasons, value, thresholds)


def _loose(value: NDArray[np.float64], labels: Labels) -> NDArray[np.bool_]:
    """Return which themes are no themes: far less alike inside than the others are."""
    sizes = np.bincount(labels)
    if len(sizes) < _THEMES_TO_COMPARE:
        return np.zeros(len(sizes), np.bool_)
    inside = np.bincount(labels, value) / np.maximum(sizes, 1)
    middle, spread = _middle(inside[sizes > 0])
    asked = min(middle - _THEME_SPREADS * spread, SURELY_ONE)
    return inside < max(asked, SURELY_APART)


def _usual(
    value: NDArray[np.float64], labels: Labels
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the middle and the spread that each theme's texts are held against, (themes,) each.

    The corpus' figures, and the theme's own the more, the more texts it has.
    """
    middle, spread = _middle(value)
    spread = max(spread, 1e-6)
    count = int(labels.max()) + 1
    own = np.tile([[middle], [spread]], count)
    ends = np.cumsum(np.bincount(labels, minlength=count))
    ordered = value[np.argsort(labels, kind="stable")]
    for theme, texts in enumerate(np.split(ordered, ends[:-1])):
        if len(texts):
            own[:, theme] = _middle(texts)
    sizes = np.diff(ends, prepend=0)
    weight = sizes / (sizes + _TEXTS_TO_COUNT)
    level = middle + _OWN_LEVEL * weight * (own[0] - middle)
    usual = max(float(np.median(own[1][sizes > 0])), 1e-6)
    width = spread * (1.0 + _OWN_SPREAD * weight * (own[1] / usual - 1.0))
    return level, np.maximum(width, _LEAST_SPREAD * spread)


def _lowest(standing: NDArray[np.float64]) -> float:
    """Return the standing (in spreads from the middle) under which most are there by no chance.

    Minus infinity where there is no such excess.
    """
    middle, spread = _middle(standing)
    ordered = np.sort(standing)
    usual = (ordered - middle) / max(spread, 1e-6)
    expected = ndtr(usual) * len(ordered)
    seen = np.arange(1, len(ordered) + 1)
    excess = np.flatnonzero((expected <= _MOST_EXPECTED * seen) & (usual < -_LEAST_BELOW))
    return float(ordered[excess[-1]]) if len(excess) else -np.inf


def _middle(value: NDArray[np.float64]) -> tuple[float, float]:
    """Return the median and the robust standard deviation."""
    middle = float(np.median(value))
    return middle, _NORMAL * float(np.median(np.abs(value - middle)))
