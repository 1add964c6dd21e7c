"""Tests for counts, and their correction where many are made. Two-sided; scipy is the oracle in tests.

scipy itself is not used: the window's process has to stay light.
"""

from collections.abc import Sequence
from math import erfc, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from themeloom.analytics.voices import Codes, Mask

Floats = NDArray[np.float64]

#: An expected count below which chi-squared is not to be trusted (Cochran 1954, Biometrics 10).
ENOUGH_EXPECTED = 5
#: Outcomes are as unlikely as the observed one up to this much rounding (as in R and scipy).
_SAME = 1 + 1e-7
_TINY = 1e-300


def benjamini_hochberg(p: Floats) -> Floats:
    """Return the adjusted p of each test: below q, at most a share q of those are false.

    pᵢ · m ÷ rankᵢ, made monotone from the largest down. Benjamini and Hochberg 1995, J. R. Stat.
    Soc. B 57. NaN stays NaN and is not counted as a test.
    """
    adjusted = np.full(p.shape, np.nan)
    tested = np.flatnonzero(~np.isnan(p))
    order = tested[np.argsort(p[tested], kind="stable")]
    m = order.size
    raised = p[order] * m / np.arange(1, m + 1)
    adjusted[order] = np.minimum(np.minimum.accumulate(raised[::-1])[::-1], 1)
    return adjusted


def association(both: Codes, theme: Codes, value: Codes, total: Codes) -> Floats:
    """Return the p that a theme and a segment value have nothing to do with each other, per cell.

    Pearson's chi-squared of the fourfold table without Yates' correction, or Fisher's exact test
    where a cell is expected to hold fewer than ``ENOUGH_EXPECTED``.

    Args:
        both: records that speak of the theme and have the value.
        theme: records that speak of the theme.
        value: records that have the value.
        total: all records.
    """
    part = theme * value / total
    others = [theme - part, value - part, total - theme - value + part]
    small = np.minimum.reduce([part, *others]) < ENOUGH_EXPECTED
    p = np.empty(both.size)
    p[small] = fisher(both[small], theme[small], value[small], total[small])
    big = ~small
    p[big] = chi_squared(both[big], theme[big], value[big], total[big])
    return p


def chi_squared(both: Codes, theme: Codes, value: Codes, total: Codes) -> Floats:
    """Return p of Pearson's chi-squared: N (ad − bc)² ÷ (product of the margins), 1 degree of freedom."""
    n = total.astype(np.float64)
    off = both * n - theme * value.astype(np.float64)  # ad − bc
    margins = theme * value.astype(np.float64) * (n - theme) * (n - value)
    squared = n * off * off / margins
    return np.array([erfc(sqrt(one / 2)) for one in squared])


def fisher(both: Codes, theme: Codes, value: Codes, total: Codes) -> Floats:
    """Return p of Fisher's exact test: the chance of all tables that are no likelier than this one.

    With fixed margins the cell is hypergeometric: C(K, x) C(N−K, n−x) ÷ C(N, n).
    """
    if both.size == 0:
        return np.zeros(0)
    low = np.maximum(0, theme + value - total)
    length = np.minimum(theme, value) - low + 1
    start = np.concatenate([[0], np.cumsum(length)[:-1]])
    cell = np.repeat(np.arange(both.size), length)
    x = np.arange(cell.size) - start[cell] + low[cell]
    log = log_factorials(int(total.max()))
    k, n, whole = theme[cell], value[cell], total[cell]
    weight = -(log[x] + log[k - x] + log[n - x] + log[whole - k - n + x])
    weight = np.exp(weight - np.maximum.reduceat(weight, start)[cell])
    observed = weight[start + both - low]
    tail = np.add.reduceat(np.where(weight <= observed[cell] * _SAME, weight, 0), start)
    return np.minimum(tail / np.add.reduceat(weight, start), 1)


def same_rate(last: int, strata: Sequence[tuple[int, float]]) -> float:
    """Return the p that events came in the last period at the same rate as before.

    Given how many events there are in both times together, those in the last one are binomial with
    its share of the exposure (Przyborowski and Wilenski 1940, Biometrika 31). Where sources have
    exposures of their own, the sum of such binomials is what is expected: its distribution is the
    convolution of theirs.

    Args:
        last: events in the last period, over all strata.
        strata: for each of them the events of both times and the last period's share of exposure.
    """
    chance, low = np.ones(1), 0
    for n, share in strata:
        one, begin = _binomial(n, share)
        chance, low = np.convolve(chance, one), low + begin
    at = last - low
    observed = chance[at] if 0 <= at < chance.size else 0.0
    return float(min(chance[chance <= observed * _SAME].sum() / chance.sum(), 1))


def tempered(p: float, dispersion: float) -> float:
    """Return ``p`` for counts that vary more than by chance: its normal deviate shrinks by √dispersion.

    Quasi-likelihood, McCullagh and Nelder 1989, "Generalized Linear Models", 4.5. A dispersion
    below 1, or NaN, changes nothing.
    """
    if not (dispersion > 1 and p >= 0):  # NaN: not known
        return p
    deviate = -NormalDist().inv_cdf(max(p, _TINY) / 2)
    return erfc(deviate / sqrt(2 * dispersion))


def log_factorials(largest: int) -> Floats:
    """Return ln 0!, ln 1!, … up to ``largest``."""
    return np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, largest + 1)))])


def _binomial(n: int, share: float) -> tuple[Floats, int]:
    """Return the chances of counts around the mean, and the first of those counts.

    Counts with a chance under 10⁻³⁰⁰ of the likeliest one are left out.
    """
    log = log_factorials(n)
    x = np.arange(n + 1)
    weight = -(log[x] + log[n - x]) + x * np.log(share) + (n - x) * np.log1p(-share)
    weight -= weight.max()
    kept: Mask = weight > np.log(_TINY)
    first = int(np.argmax(kept))
    chance = np.exp(weight[kept])
    return chance / chance.sum(), first
