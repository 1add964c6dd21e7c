"""Periods from words and from the calendar."""

from datetime import date

import pytest

from themeloom.domain.errors import UsageError
from themeloom.domain.periods import (
    Period,
    last_month,
    last_quarter,
    months,
    parse_period,
    period_before,
    quarters,
    this_year,
    words,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-07..2026-09", "2026-07-01..2026-09-30"),
        ("2026-Q3", "2026-07-01..2026-09-30"),
        ("2026-q4", "2026-10-01..2026-12-31"),
        ("2026-09", "2026-09-01..2026-09-30"),
        ("2028-02", "2028-02-01..2028-02-29"),
        ("2026", "2026-01-01..2026-12-31"),
        ("2026-07-05", "2026-07-05..2026-07-05"),
        (" 2026-07-05 .. 2026-Q3 ", "2026-07-05..2026-09-30"),
        ("2025-Q4..2026-02", "2025-10-01..2026-02-28"),
    ],
)
def test_words(text: str, expected: str) -> None:
    assert str(parse_period(text)) == expected


@pytest.mark.parametrize(
    "text", ["", "..", "2026-13", "2026-Q5", "2026-02-30", "Q3", "2026-07..", "last month", "26-07"]
)
def test_what_is_no_period_is_refused_with_a_hint(text: str) -> None:
    with pytest.raises(UsageError, match=r"is no period\. Write a month"):
        parse_period(text)


def test_backwards_is_refused() -> None:
    with pytest.raises(UsageError, match="ends before it begins"):
        parse_period("2026-09..2026-07")


def test_from_the_calendar() -> None:
    assert last_month(date(2026, 3, 31)) == parse_period("2026-02")
    assert last_month(date(2026, 1, 1)) == parse_period("2025-12")
    assert last_quarter(date(2026, 11, 26)) == parse_period("2026-Q3")
    assert last_quarter(date(2026, 2, 2)) == parse_period("2025-Q4")
    assert this_year(date(2026, 11, 26)) == Period(date(2026, 1, 1), date(2026, 11, 26))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-Q3", "2026-Q2"),
        ("2026-Q1", "2025-Q4"),
        ("2026-03", "2026-02"),
        ("2026-01", "2025-12"),
        ("2026", "2025"),
        ("2025-11..2026-02", "2025-07..2025-10"),
        ("2026-07-10..2026-07-19", "2026-06-30..2026-07-09"),
        ("2026-03-01", "2026-02-28"),
    ],
)
def test_the_period_before_is_as_long(text: str, expected: str) -> None:
    assert period_before(parse_period(text)) == parse_period(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026", "2026"),
        ("2026-09", "Sep 2026"),
        ("2026-Q3", "Jul – Sep 2026"),
        ("2025-11..2026-02", "Nov 2025 – Feb 2026"),
        ("2025-01..2026-01", "Jan 2025 – Jan 2026"),
        ("2026-07-03", "3 Jul 2026"),
        ("2026-07-03..2026-08-09", "3 Jul – 9 Aug 2026"),
        ("2025-12-31..2026-01-02", "31 Dec 2025 – 2 Jan 2026"),
    ],
)
def test_for_people(text: str, expected: str) -> None:
    assert words(parse_period(text)) == expected


def test_what_there_is_to_choose_from() -> None:
    first, last = date(2025, 12, 31), date(2026, 2, 1)
    assert [str(one)[:7] for one in months(first, last)] == ["2026-02", "2026-01", "2025-12"]
    assert quarters(first, last) == [parse_period("2026-Q1"), parse_period("2025-Q4")]
