"""The axis of time: its length, its part periods and its gaps."""

from datetime import date, timedelta
from typing import Any

import pytest
from tests.analytics.world import months, numbers

from themeloom.analytics.calendar import Every, end_of, is_partial, label
from themeloom.domain.periods import parse_period


def daily(first: str, last: str, **more: Any) -> list[dict[str, Any]]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return [
        {"date": (start + timedelta(days=day)).isoformat(), "themes": ["A"], **more}
        for day in range((end - start).days + 1)
    ]


@pytest.mark.parametrize(
    ("first", "last", "every", "periods"),
    [
        ("2026-07-01", "2026-09-30", "month", 3),
        ("2026-07-01", "2026-09-20", "week", 12),  # two full months only
        ("2026-07-20", "2026-10-31", "month", 4),
        ("2024-01-01", "2026-12-31", "month", 36),
        ("2023-12-01", "2026-12-31", "quarter", 13),
        ("2026-07-01", "2026-07-03", "week", 1),
    ],
)
def test_the_length_fits_the_dates(first: str, last: str, every: str, periods: int) -> None:
    found = numbers(daily(first, last))
    assert (found.every, found.axis.height) == (every, periods)


@pytest.mark.parametrize(
    ("period", "every"),
    [
        ("2026-Q2", "quarter"),
        ("2026-06", "month"),
        ("2026-06-08..2026-06-14", "week"),
        ("2026-06-09..2026-06-15", "month"),
        ("2026-01..2026-06", "month"),
    ],
)
def test_a_period_of_the_calendar_is_compared_with_its_like(period: str, every: str) -> None:
    found = numbers(daily("2025-07-01", "2026-09-30"), period=parse_period(period))
    assert found.every == every


def test_a_quarter_with_one_before_it_is_told_in_months() -> None:
    found = numbers(daily("2026-04-01", "2026-09-30"), period=parse_period("2026-Q3"))
    assert found.every == "month"


def test_a_person_may_choose() -> None:
    found = numbers(daily("2026-07-01", "2026-09-30"), every="quarter")
    assert found.axis["label"].to_list() == ["Q3 2026"]


def test_a_month_is_full_up_to_a_weekend_at_its_rim() -> None:
    first, last = date(2026, 7, 4), date(2026, 9, 27)
    assert not is_partial(date(2026, 7, 1), Every.MONTH, first, last)
    assert not is_partial(date(2026, 9, 1), Every.MONTH, first, last)
    assert is_partial(date(2026, 7, 1), Every.MONTH, date(2026, 7, 5), last)
    assert is_partial(date(2026, 9, 1), Every.MONTH, first, date(2026, 9, 26))
    assert not is_partial(date(2026, 8, 1), Every.MONTH, first, last)


def test_ends_and_names() -> None:
    assert end_of(date(2024, 2, 1), Every.MONTH) == date(2024, 2, 29)
    assert end_of(date(2026, 10, 1), Every.QUARTER) == date(2026, 12, 31)
    assert end_of(date(2026, 7, 6), Every.WEEK) == date(2026, 7, 12)
    assert [label(date(2026, 7, 6), every) for every in Every] == ["6 Jul", "Jul 2026", "Q3 2026"]


def test_the_base_of_a_period_counts_all_records_that_say_something() -> None:
    found = numbers(
        [*months({"A": [3, 4, 5], "": [10, 10, 10]}), {"date": "2026-01-05", "non_answer": True}]
    )
    assert found.axis["base"].to_list() == [13, 14, 15]
    rows = found.periods.filter(theme_id="A")
    assert rows["records"].to_list() == [3, 4, 5]
    assert rows["share"].to_list() == [3 / 13, 4 / 14, 5 / 15]


def test_a_source_that_starts_or_ends_is_no_gap_and_a_rare_one_neither() -> None:
    tickets = months({"A": [50] * 5})
    begun = months({"A": [0, 0, 20, 20, 20]}, kind="nps")
    rare = months({"A": [1, 0, 0, 0, 1]}, kind="interview")
    assert not numbers([*tickets, *begun, *rare]).axis["gap"].any()


def test_a_month_without_any_record_is_a_gap_and_has_no_share() -> None:
    found = numbers(months({"A": [50, 0, 50, 50]}))
    assert found.axis["gap"].to_list() == [False, True, False, False]
    assert found.periods["share"].to_list()[1] is None
