"""Intervals against published and hand-computed cases, and by simulation."""

import numpy as np
import polars as pl
import pytest

from themeloom.analytics import intervals


def bounds(pair: tuple[pl.Expr, pl.Expr], **values: float | None) -> tuple[float, float]:
    frame = pl.DataFrame({name: [value] for name, value in values.items()})
    low, high = frame.select(low=pair[0], high=pair[1]).row(0)
    return low, high


def test_quantile() -> None:
    assert intervals.quantile() == pytest.approx(1.644854, abs=1e-6)
    assert intervals.quantile(0.95) == pytest.approx(1.959964, abs=1e-6)
    # Bonferroni for 28 comparisons: 1 − 0.10 / 56.
    assert intervals.quantile(0.90, tests=28) == pytest.approx(2.9137, abs=1e-3)


@pytest.mark.parametrize(
    ("count", "n", "low", "high"),
    # Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I, method 3.
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_agrees_with_published_cases(count: int, n: int, low: float, high: float) -> None:
    pair = intervals.wilson(pl.col("count"), pl.col("n"), intervals.quantile(0.95))
    assert bounds(pair, count=count, n=n) == pytest.approx((low, high), abs=5e-5)


def test_no_base_has_no_interval() -> None:
    z = intervals.quantile()
    assert bounds(intervals.wilson(pl.col("k"), pl.col("n"), z), k=0, n=0) == (None, None)
    assert bounds(intervals.nps(pl.col("p"), pl.col("d"), pl.col("n"), z), p=0, d=0, n=0) == (
        None,
        None,
    )
    assert bounds(intervals.mean(pl.col("m"), pl.col("s"), pl.col("n"), z), m=4.0, s=None, n=1) == (
        None,
        None,
    )


def test_nps_by_hand() -> None:
    # p = 40.75/103 = .395631, d = 20.75/103 = .201456, p − d = .194175, p + d = .597087;
    # variance (.597087 − .037704)/103 = .00543090, its root .0736946; ± 1.644854 × .0736946 = .121217.
    pair = intervals.nps(pl.col("p"), pl.col("d"), pl.col("n"), intervals.quantile())
    assert bounds(pair, p=40, d=20, n=100) == pytest.approx((7.2958, 31.5392), abs=1e-3)


@pytest.mark.parametrize("n", [10, 100, 10_000])
def test_a_unanimous_nps_still_has_a_width_and_holds_its_figure(n: int) -> None:
    pair = intervals.nps(pl.col("p"), pl.col("d"), pl.col("n"), intervals.quantile())
    low, high = bounds(pair, p=0, d=n, n=n)
    assert low == -100
    assert high > -100


def test_mean_uses_students_t() -> None:
    # t(0.95; 9) = 1.833113: 7 ± 1.833113 × 2 / √10.
    pair = intervals.mean(pl.col("m"), pl.col("s"), pl.col("n"), intervals.quantile())
    assert bounds(pair, m=7.0, s=2.0, n=10) == pytest.approx((5.84064, 8.15936), abs=1e-3)


@pytest.mark.parametrize("n", [12, 40, 200])
@pytest.mark.parametrize("chances", [(0.3, 0.4, 0.3), (0.6, 0.3, 0.1), (0.1, 0.2, 0.7)])
def test_nps_interval_covers_at_about_its_rate(n: int, chances: tuple[float, ...]) -> None:
    drawn = np.random.default_rng(7).multinomial(n, chances, size=4000)
    frame = pl.DataFrame({"p": drawn[:, 0], "d": drawn[:, 2]}).with_columns(n=pl.lit(n))
    low, high = intervals.nps(pl.col("p"), pl.col("d"), pl.col("n"), intervals.quantile())
    truth = 100 * (chances[0] - chances[2])
    covered = frame.select(((low <= truth) & (high >= truth)).mean()).item()
    assert 0.87 <= covered <= 0.95
