"""Intervals around shares, NPS and means: how far a figure may be off when few people speak."""

from statistics import NormalDist

import polars as pl

LEVEL = 0.90


def quantile(level: float = LEVEL, tests: int = 1) -> float:
    """Return the two-sided normal quantile; ``tests`` > 1 corrects for that many (Bonferroni)."""
    return NormalDist().inv_cdf(1 - (1 - level) / (2 * max(tests, 1)))


def wilson(count: pl.Expr, n: pl.Expr, z: float) -> tuple[pl.Expr, pl.Expr]:
    """Return the lower and upper bound (0…1) of the share ``count`` ÷ ``n``; null where n is 0.

    Wilson 1927, "Probable inference", J. Am. Stat. Assoc. 22:

        (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) ÷ (1 + z²/n)
    """
    base = pl.when(n > 0).then(n.cast(pl.Float64))
    share = count / base
    centre = share + z * z / (2 * base)
    half = z * (share * (1 - share) / base + z * z / (4 * base * base)).sqrt()
    scale = 1 + z * z / base
    return ((centre - half) / scale).clip(0, 1), ((centre + half) / scale).clip(0, 1)


def nps(promoters: pl.Expr, detractors: pl.Expr, n: pl.Expr, z: float) -> tuple[pl.Expr, pl.Expr]:
    """Return the lower and upper bound (−100…100) of an NPS; null where n is 0.

    Promoters, passives and detractors are multinomial, so the variance of p − d is
    (p + d − (p − d)²) ÷ n. Three answers are added before (¾ promoters, 1½ passives, ¾
    detractors): without them ten detractors in a row would have an interval of no width. Rocks
    2016, "Interval estimation for the Net Promoter Score", Am. Stat. 70 (adjusted Wald (3, T)).
    """
    base = pl.when(n > 0).then(n + 3.0)
    liking, disliking = (promoters + 0.75) / base, (detractors + 0.75) / base
    score = liking - disliking
    half = z * ((liking + disliking - score * score) / base).sqrt()
    return (100 * (score - half)).clip(-100, 100), (100 * (score + half)).clip(-100, 100)


def mean(value: pl.Expr, deviation: pl.Expr, n: pl.Expr, z: float) -> tuple[pl.Expr, pl.Expr]:
    """Return the lower and upper bound of a mean; null where n is below 2.

    ``value`` ± t · ``deviation`` ÷ √n, with Student's t for n − 1 degrees of freedom v by the
    expansion t ≈ z + (z³ + z)/4v + (5z⁵ + 16z³ + 3z)/96v² (Abramowitz and Stegun, 26.7.5; off by
    under 0.1 % from v = 9 on).
    """
    freedom = pl.when(n > 1).then(n - 1.0)
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    half = (z + first / freedom + second / freedom.pow(2)) * deviation / n.sqrt()
    return value - half, value + half
