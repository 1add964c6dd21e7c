"""Periods that exports are about: parsed from words, cut from the calendar."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from themeloom.domain.errors import UsageError

_RANGE = ".."
_HINT = (
    "Write a month (2026-09), a quarter (2026-Q3), a year, a day, or two of them: 2026-07..2026-09."
)


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days from ``first`` to ``last``, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        """Refuse a period that ends before it begins.

        Raises:
            UsageError: it does.
        """
        if self.last < self.first:
            raise UsageError(f"The period {self} ends before it begins.", hint=_HINT)

    def __str__(self) -> str:
        """Return ``2026-07-01..2026-09-30``."""
        return f"{self.first}{_RANGE}{self.last}"


def parse_period(text: str) -> Period:
    """Return the period that ``text`` names: ``2026-09``, ``2026-Q3``, ``2026-07..2026-09`` ….

    Raises:
        UsageError: it names none.
    """
    first, between, last = text.strip().partition(_RANGE)
    start = _named(first)
    return Period(start.first, _named(last).last) if between else start


def last_month(today: date) -> Period:
    """Return the month before the one of ``today``."""
    end = today.replace(day=1) - timedelta(days=1)
    return _months(end.year, end.month, 1)


def last_quarter(today: date) -> Period:
    """Return the quarter before the one of ``today``."""
    quarter = (today.month - 1) // 3  # of the one before, counted from 1; 0 is last year's fourth
    return _months(today.year, 3 * quarter - 2, 3) if quarter else _months(today.year - 1, 10, 3)


def this_year(today: date) -> Period:
    """Return the year of ``today``, up to today."""
    return Period(date(today.year, 1, 1), today)


def _named(text: str) -> Period:
    found = re.fullmatch(r"(\d{4})(?:-(?:[Qq]([1-4])|(\d\d)(?:-(\d\d))?))?", text.strip())
    try:
        if found is None:
            raise ValueError
        year, quarter, month, day = (int(part) if part else 0 for part in found.groups())
        if quarter:
            return _months(year, 3 * quarter - 2, 3)
        if day:
            return Period(date(year, month, day), date(year, month, day))
        return _months(year, month or 1, 1 if found[3] else 12)
    except ValueError:
        raise UsageError(f"“{text}” is no period.", hint=_HINT) from None


def _months(year: int, month: int, count: int) -> Period:
    end = month + count - 1
    return Period(date(year, month, 1), date(year, end, monthrange(year, end)[1]))
