"""Our tests of counts against scipy's."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from themeloom.analytics.significance import (
    association,
    benjamini_hochberg,
    chi_squared,
    fisher,
    log_factorials,
    same_rate,
    tempered,
)

TABLES = [(0, 5, 7, 40), (3, 5, 7, 40), (5, 5, 7, 40), (10, 30, 20, 50), (40, 45, 100, 206),
          (2, 45, 100, 206), (0, 1, 1, 2), (10, 10, 10, 10), (700, 5000, 9000, 60_000)]  # fmt: skip


def columns(tables: list[tuple[int, ...]]) -> list[np.ndarray]:
    return [np.array(column) for column in zip(*tables, strict=True)]


def fourfold(both: int, theme: int, value: int, total: int) -> list[list[int]]:
    return [[both, theme - both], [value - both, total - theme - value + both]]


def test_fisher_is_scipys() -> None:
    expected = [stats.fisher_exact(np.array(fourfold(*table))).pvalue for table in TABLES]
    assert fisher(*columns(TABLES)) == pytest.approx(expected, rel=1e-6)


def test_fishers_tea() -> None:
    # Fisher 1935, "The Design of Experiments": three of four cups right, two-sided 34/70.
    assert fisher(*columns([(3, 4, 4, 8)])) == pytest.approx([34 / 70])


def test_chi_squared_is_scipys() -> None:
    tables = [table for table in TABLES if table[1] < table[3] and table[2] < table[3]]
    expected = [
        stats.chi2_contingency(np.array(fourfold(*table)), correction=False)[1] for table in tables
    ]
    assert chi_squared(*columns(tables)) == pytest.approx(expected, rel=1e-9)


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_any_fourfold_table(data: st.DataObject) -> None:
    total = data.draw(st.integers(1, 300))
    theme, value = data.draw(st.integers(0, total)), data.draw(st.integers(0, total))
    both = data.draw(st.integers(max(0, theme + value - total), min(theme, value)))
    table = fourfold(both, theme, value, total)
    found = association(*columns([(both, theme, value, total)]))[0]
    expected = np.outer([theme, total - theme], [value, total - value]) / total
    exact = expected.min() < 5
    p = (
        stats.fisher_exact(np.array(table)).pvalue
        if exact
        else stats.chi2_contingency(np.array(table), correction=False)[1]
    )
    assert found == pytest.approx(p, rel=1e-6, abs=1e-12)


@pytest.mark.parametrize(
    ("last", "n", "share"),
    [
        (0, 0, 0.5),
        (0, 12, 0.2),
        (121, 493, 1 / 7),
        (62, 434, 1 / 7),
        (5, 5, 0.25),
        (900, 4000, 0.3),
    ],
)
def test_one_source_is_the_binomial_test(last: int, n: int, share: float) -> None:
    expected = stats.binomtest(last, n, share).pvalue if n else 1.0
    assert same_rate(last, [(n, share)]) == pytest.approx(expected, rel=1e-6)


def test_two_sources_are_the_sum_of_their_binomials() -> None:
    # By hand: 1 of 2 at ½ and 1 of 1 at ¼: chances of 0, 1, 2, 3 are 3/16, 7/16, 5/16, 1/16.
    strata = [(2, 0.5), (1, 0.25)]
    assert same_rate(3, strata) == pytest.approx(1 / 16)
    assert same_rate(0, strata) == pytest.approx(4 / 16)
    assert same_rate(2, strata) == pytest.approx(9 / 16)
    assert same_rate(1, strata) == pytest.approx(1)


def test_equal_sources_are_like_one() -> None:
    assert same_rate(30, [(60, 0.3), (20, 0.3)]) == pytest.approx(same_rate(30, [(80, 0.3)]))


def test_large_counts_neither_fail_nor_take_long() -> None:
    assert same_rate(50_000, [(100_000, 0.5), (0, 0.2)]) == pytest.approx(1)
    assert same_rate(60_000, [(60_000, 0.2), (40_000, 0.5)]) < 1e-200


def test_adjusted_p_are_scipys_and_nan_is_no_test() -> None:
    p = np.array([0.01, 0.04, 0.03, np.nan, 0.5, 0.005, 0.04])
    adjusted = benjamini_hochberg(p)
    told = ~np.isnan(p)
    assert adjusted[told] == pytest.approx(stats.false_discovery_control(p[told]))
    assert np.isnan(adjusted[~told]).all()
    assert benjamini_hochberg(np.array([])).size == 0


def test_adjusted_p_by_hand() -> None:
    # Benjamini and Hochberg 1995, section 3.2: the first 4 of 15 are rejected at 0.05.
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
         0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]  # fmt: skip
    adjusted = benjamini_hochberg(np.array(p))
    assert (adjusted <= 0.05).sum() == 4
    assert adjusted[3] == pytest.approx(0.0095 * 15 / 4)


def test_uneven_counts_need_more() -> None:
    p = 2 * stats.norm.sf(3.0)
    assert tempered(p, 4.0) == pytest.approx(2 * stats.norm.sf(1.5))
    assert tempered(p, 0.5) == p
    assert tempered(p, float("nan")) == p
    assert np.isnan(tempered(float("nan"), 3.0))
    assert 0 <= tempered(0.0, 2.0) < 1e-60
    assert tempered(1.0, 2.0) == 1.0


def test_log_factorials() -> None:
    assert np.exp(log_factorials(6)) == pytest.approx([1, 1, 2, 6, 24, 120, 720])
    assert log_factorials(0).tolist() == [0.0]
