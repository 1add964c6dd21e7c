"""Which texts fit no theme well enough, and why. Found from the texts alone, without labels."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from themeloom.domain.themes import Reason
from themeloom.engine.centroids import Fit, Labels

#: A text this like its theme and its neighbours is surely about the same thing (MiniLM's scale).
SURELY_ALIKE = 0.5
#: One less like than this is surely about something else.
SURELY_APART = 0.25
#: A theme whose texts are this alike on average is surely one.
SURELY_ONE = 0.42
_SPREADS = 2.0
_THEME_SPREADS = 2.0
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
        threshold: the fit that was asked for.
    """

    out: NDArray[np.bool_]
    reasons: NDArray[np.object_]
    threshold: float


def judge(
    near: NDArray[np.float32],
    fit: Fit,
    labels: Labels,
    lengths: NDArray[np.int64],
    known: int = 0,
) -> Verdict:
    """Return which texts stay out: far below what is usual in this corpus, and not surely alike.

    The fit is the mean of a text's likeness to its nearest neighbours and to its theme's centre.
    It must not fall more than 2 robust standard deviations below the corpus' median, but more
    than ``SURELY_ALIKE`` is never asked, nor less than ``SURELY_APART``. Themes that as a whole
    fall far below the other themes are leftovers: their texts stay out too.

    Args:
        near: cosines to the nearest neighbours, nearest first, (n, k).
        fit: to the themes' centres.
        labels: the themes, all 0 or above, (n,).
        lengths: numbers of words, (n,).
        known: themes below this number are not doubted.
    """
    value = 0.5 * (near[:, :_NEIGHBOURS].mean(axis=1) + fit.own)
    threshold = _asked(value, _SPREADS, SURELY_ALIKE)
    loose = _loose(value, labels)
    loose[:known] = False
    out = (value < threshold) | loose[labels]
    reasons = np.full(len(value), None, object)
    reasons[out] = Reason.TOO_FAR
    reasons[out & (fit.own - fit.other < _TIE)] = Reason.TIE
    reasons[out & (lengths < _SHORT_WORDS)] = Reason.TOO_SHORT
    return Verdict(out, reasons, threshold)


def _loose(value: NDArray[np.float32], labels: Labels) -> NDArray[np.bool_]:
    """Return which themes are no themes: far less alike inside than the others are."""
    sizes = np.bincount(labels)
    inside = np.bincount(labels, value) / np.maximum(sizes, 1)
    if len(sizes) < _THEMES_TO_COMPARE:
        return np.zeros(len(sizes), np.bool_)
    return inside < _asked(inside[sizes > 0], _THEME_SPREADS, SURELY_ONE)


def _asked(value: NDArray[np.floating], spreads: float, most: float) -> float:
    middle = float(np.median(value))
    spread = 1.4826 * float(np.median(np.abs(value - middle)))
    return max(min(middle - spreads * spread, most), SURELY_APART)
