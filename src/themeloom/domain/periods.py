"""Periods that exports are about: parsed from words, cut from the calendar."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from themeloom.domain.errors import UsageError

#: Short names of the months, January first.
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

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


def words(period: Period) -> str:
    """Return the period for people: ``2026``, ``Sep 2026``, ``Jul – Sep 2026``, ``3 Jul – 9 Aug 2026``."""
    first, last = period.first, period.last
    if first.day == 1 and (last + timedelta(days=1)).day == 1:
        if (first.year, first.month, last.month) == (last.year, 1, 12):
            return str(first.year)
        start, end = MONTHS[first.month - 1], f"{MONTHS[last.month - 1]} {last.year}"
    elif first == last:
        return f"{first.day} {MONTHS[first.month - 1]} {first.year}"
    else:
        start = f"{first.day} {MONTHS[first.month - 1]}"
        end = f"{last.day} {MONTHS[last.month - 1]} {last.year}"
    if first.year != last.year:
        start = f"{start} {first.year}"
    elif start == end.rpartition(" ")[0]:
        return end
    return f"{start} – {end}"


def months(first: date, last: date) -> list[Period]:
    """Return the whole months that reach from ``first`` to ``last``, the newest first."""
    return _cut(first, last, 1)


def quarters(first: date, last: date) -> list[Period]:
    """Return the whole quarters that reach from ``first`` to ``last``, the newest first."""
    return _cut(first, last, 3)


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


def _cut(first: date, last: date, count: int) -> list[Period]:
    start = (12 * first.year + first.month - 1) // count
    end = (12 * last.year + last.month - 1) // count
    return [
        _months(count * number // 12, count * number % 12 + 1, count)
        for number in range(end, start - 1, -1)
    ]


def period_before(period: Period) -> Period:
    """Return the period of the same length right before: a quarter before a quarter.

    Whole months are counted in months, whatever their days; everything else in days.
    """
    end = period.first - timedelta(days=1)
    after = period.last + timedelta(days=1)
    if period.first.day == 1 and after.day == 1:
        months = 12 * (after.year - period.first.year) + after.month - period.first.month
        year, month = divmod(12 * period.first.year + period.first.month - 1 - months, 12)
        return Period(date(year, month + 1, 1), end)
    return Period(end - (period.last - period.first), end)


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
    years, rest = divmod(month + count - 2, 12)
    end, last = year + years, rest + 1
    return Period(date(year, month, 1), date(end, last, monthrange(end, last)[1]))
