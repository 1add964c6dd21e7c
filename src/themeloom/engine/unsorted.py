"""Which texts fit no theme well enough, and why. Found from the texts alone, without labels."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from themeloom.domain.themes import Reason
from themeloom.engine.centroids import Fit

#: A text this like its theme and its neighbours is surely about the same thing (MiniLM's scale).
SURELY_ALIKE = 0.5
#: One less like than this is surely about something else.
SURELY_APART = 0.25
_SPREADS = 1.8
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


def judge(near: NDArray[np.float32], fit: Fit, lengths: NDArray[np.int64]) -> Verdict:
    """Return which texts stay out: far below what is usual in this corpus, and not surely alike.

    The fit is the mean of a text's likeness to its nearest neighbours and to its theme's centre.
    It must not fall more than 1.8 robust standard deviations below the corpus' median (measured
    on the lower half), but more than ``SURELY_ALIKE`` is never asked, nor less than ``SURELY_APART``.

    Args:
        near: cosines to the nearest neighbours, nearest first, (n, k).
        fit: to the themes' centres.
        lengths: numbers of words, (n,).
    """
    value = 0.5 * (near[:, :_NEIGHBOURS].mean(axis=1) + fit.own)
    threshold = max(min(_lower_bound(value), SURELY_ALIKE), SURELY_APART)
    out = value < threshold
    reasons = np.full(len(value), None, object)
    reasons[out] = Reason.TOO_FAR
    reasons[out & (fit.own - fit.other < _TIE)] = Reason.TIE
    reasons[out & (lengths < _SHORT_WORDS)] = Reason.TOO_SHORT
    return Verdict(out, reasons, threshold)


def _lower_bound(value: NDArray[np.float32]) -> float:
    middle = float(np.median(value))
    spread = 1.4826 * float(np.median(np.abs(value - middle)))
    return middle - _SPREADS * spread
