"""How themes go: what makes one rise, and what only looks like it."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy import stats
from tests.analytics.world import basis, months, numbers, of

from themeloom.analytics.numbers import ThemeNumbers, theme_numbers
from themeloom.domain.periods import parse_period

FLAT = [100] * 7


def direction(found: ThemeNumbers, theme: str = "A") -> str:
    return str(of(found.trends, theme_id=theme)["direction"])


def test_the_last_full_month_against_six_before() -> None:
    found = numbers(months({"A": [90, 10, 10, 12, 8, 10, 10, 30], "": [100] * 8}))
    row = of(found.trends, theme_id="A")
    assert (row["last"], row["last_base"]) == (30, 130)
    assert (row["before_records"], row["before_base"], row["periods"]) == (60, 660, 6)
    assert row["before"] == 10
    assert row["p"] == pytest.approx(stats.binomtest(30, 90, 130 / 790).pvalue)
    assert row["direction"] == "rising"


def test_falling_and_steady() -> None:
    found = numbers(months({"A": [30] * 6 + [5], "B": [30] * 7, "": [100] * 7}))
    assert (direction(found, "A"), direction(found, "B")) == ("falling", "steady")


def test_more_records_in_all_make_nothing_rise() -> None:
    found = numbers(months({"A": [20, 20, 20, 60], "": [200, 200, 200, 600]}))
    row = of(found.trends, theme_id="A")
    assert (row["last"], row["before"], row["direction"]) == (60, 20, "steady")
    assert row["p"] > 0.9


def test_a_survey_in_the_last_month_makes_nothing_rise() -> None:
    # The theme is 5 % of tickets in each month, and 30 % of the answers of a survey in the last.
    tickets = months({"A": [10] * 4, "": [190] * 4})
    survey = months({"A": [0, 0, 0, 60], "": [0, 0, 0, 140]}, kind="nps")
    row = of(numbers([*tickets, *survey]).trends, theme_id="A")
    assert (row["last"], row["before_records"]) == (70, 30)
    assert (row["direction"], row["p"]) == ("steady", pytest.approx(1.0))


def test_a_small_change_is_none_however_sure() -> None:
    found = numbers(months({"A": [1000, 1000, 1200], "": [3000, 3000, 3000]}))
    row = of(found.trends, theme_id="A")
    assert row["p_adjusted"] < 0.10
    assert row["direction"] == "steady"


def test_new_needs_three_records_and_two_months_before() -> None:
    before = [50, 50]
    assert direction(numbers(months({"A": [0, 0, 3], "": [*before, 50]}))) == "new"
    assert direction(numbers(months({"A": [0, 0, 2], "": [*before, 50]}))) == "unknown"
    assert direction(numbers(months({"A": [1, 0, 3], "": [*before, 50]}))) != "new"


def test_nothing_is_new_for_coming_from_a_new_source() -> None:
    survey = months({"A": [0, 0, 9], "": [0, 0, 40]}, kind="nps")
    assert direction(numbers([*months({"": [50, 50, 50]}), *survey])) == "unknown"


def test_too_few_records_or_months_are_unknown() -> None:
    assert direction(numbers(months({"A": [1, 1, 2], "": [50, 50, 50]}))) == "unknown"
    short = numbers(
        [
            {"date": f"2026-09-{day:02d}", "themes": ["A"]}
            for day in (7, 8, 11, 14, 15, 18)
            for _ in range(9)
        ]
    )
    assert (short.every, direction(short)) == ("week", "unknown")
    assert "2 full weeks: too few to tell how themes go over time." in short.notes
    undated = numbers([{"themes": ["A"]}])
    assert (direction(undated), undated.axis.height) == ("unknown", 0)


def test_a_part_month_is_not_compared() -> None:
    records = months({"A": [10] * 4 + [0], "": [50] * 5})
    records = [one for one in records if one["date"] < "2026-05-02"]  # May: its first day only
    row = of(numbers(records).trends, theme_id="A")
    assert (row["last"], row["periods"], row["direction"]) == (10, 3, "steady")


def test_a_gap_is_not_compared() -> None:
    tickets = months({"A": [10, 10, 10, 0, 10], "": [50, 50, 50, 0, 50]})
    answers = months({"": [20] * 5}, kind="nps")
    found = numbers([*tickets, *answers])
    assert found.axis["gap"].to_list() == [False, False, False, True, False]
    assert of(found.trends, theme_id="A")["periods"] == 3
    assert direction(found) == "steady"
    assert any(note.startswith("In Apr 2026 a kind of source is missing") for note in found.notes)


def test_a_chosen_period_ends_the_history() -> None:
    records = months({"A": [10, 10, 10, 40, 10], "": [50] * 5})
    found = numbers(records, period=parse_period("2026-04"))
    assert direction(found) == "rising"
    assert direction(numbers(records, period=parse_period("2026-05"))) == "steady"
    early = numbers(records, period=parse_period("2026-02"), every="month")
    assert direction(early) == "unknown"


def test_p_is_adjusted_within_a_level() -> None:
    found = numbers(months({"A": [20, 20, 34], "B": [20, 20, 20], "C": [20, 20, 20], "": FLAT[:3]}))
    themes = found.trends.filter(found.trends["theme_id"].is_in(["A", "B", "C"]))
    assert themes["p_adjusted"].to_list() == pytest.approx(
        stats.false_discovery_control(themes["p"].to_numpy())
    )
    alone = of(found.trends, theme_id="G")
    assert alone["p_adjusted"] == alone["p"]


def test_dispersion_by_hand() -> None:
    # Shares are equal months: expected 20 each; (10² + 10² + 0) ÷ 20 ÷ 2 = 5.
    found = numbers(months({"A": [10, 30, 20, 40], "": [90, 70, 80, 60]}))
    row = of(found.trends, theme_id="A")
    assert row["dispersion"] == pytest.approx(5.0)
    assert row["p_adjusted"] > row["p"]
    assert any("in waves" in note for note in found.notes)


@pytest.mark.parametrize("waves", [False, True])
def test_few_steady_themes_are_called_rising_or_falling(waves: bool) -> None:
    """No theme changes its rate: at most a few in a hundred may be called so (fixed seed)."""
    random = np.random.default_rng(5)
    themes = [{"theme_id": f"T{n}", "level": "theme"} for n in range(25)]
    called = 0
    for _ in range(6):
        records: list[dict[str, Any]] = []
        for theme in themes:
            rate = 20 * (random.gamma(4, 1 / 4, 7) if waves else np.ones(7))
            records += months({theme["theme_id"]: random.poisson(rate).tolist()})
        found = theme_numbers(basis([*records, *months({"": FLAT})], themes=themes))
        called += found.trends.filter(pl.col("direction").is_in(["rising", "falling"])).height
    assert called <= 0.10 * 150
