"""Periods of the trend that screens show: weeks, months or quarters, as the dates span."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from themeloom.domain.periods import MONTHS

_MOST_WEEKS = 27
_MOST_MONTHS = 30


@dataclass(frozen=True)
class Cut:
    """Periods, oldest first.

    Attributes:
        labels: one per period.
        numbers: per record the number of its period, null where it has no date.
    """

    labels: list[str]
    numbers: pl.Series


def of(records: pl.DataFrame) -> Cut:
    """Return the periods of ``records`` by their column ``date``."""
    dates = records["date"]
    first, last = dates.min(), dates.max()
    if not isinstance(first, datetime) or not isinstance(last, datetime):
        return Cut([], pl.Series("period", [None] * records.height, pl.Int64))
    weeks = (last - first).days // 7 + 2
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if weeks <= _MOST_WEEKS:
        return _cut(dates, "1w", lambda start: f"{start.day} {MONTHS[start.month - 1]}")
    if months <= _MOST_MONTHS:
        return _cut(dates, "1mo", lambda start: f"{MONTHS[start.month - 1]} {start.year}")
    return _cut(dates, "1q", lambda start: f"Q{(start.month + 2) // 3} {start.year}")


def _cut(dates: pl.Series, every: str, label: Callable[[datetime], str]) -> Cut:
    starts = dates.dt.truncate(every)
    span = (
        pl.DataFrame({"start": starts})
        .select(pl.datetime_range(pl.col("start").min(), pl.col("start").max(), every))
        .to_series()
        .to_list()
    )
    known = {start: number for number, start in enumerate(span)}
    numbers = starts.replace_strict(known, default=None, return_dtype=pl.Int64).alias("period")
    return Cut([label(start) for start in span], numbers)
