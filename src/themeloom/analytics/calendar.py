"""The axis of time: whole weeks, months or quarters, and which of them the records fill."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import numpy as np
import polars as pl

from themeloom.analytics.voices import Codes, Mask, Voices
from themeloom.domain.periods import MONTHS, Period

#: A trend needs a last period and two before it.
ENOUGH_PERIODS = 3
#: More months than these are hard to read: quarters take their place.
MOST_MONTHS = 36
#: A kind of source that brings as many records a period, and none in one of them, was not imported:
#: by chance that happens to under 1 in 100 (Poisson, e⁻⁵).
EXPECTED_IN_GAP = 5


class Every(StrEnum):
    """Length of a period."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"


@dataclass(frozen=True)
class Axis:
    """Periods, oldest first.

    Attributes:
        every: their length.
        starts: first days.
        labels: for people.
        of_record: for each record the number of its period; −1 without a date.
        base: records in each period.
        partial: for each period, whether the records fill only a part of it.
        gap: for each period, whether a kind of source is missing that is there before and after.
    """

    every: Every
    starts: tuple[date, ...]
    labels: tuple[str, ...]
    of_record: Codes
    base: Codes
    partial: Mask
    gap: Mask

    @property
    def full(self) -> Mask:
        """For each period, whether it can be compared with others."""
        return ~self.partial & ~self.gap & (self.base > 0)

    @property
    def last_full(self) -> str:
        """The label of the last period that can be compared: ``Sep 2026``; "" without one."""
        full = np.flatnonzero(self.full)
        return self.labels[int(full[-1])] if full.size else ""


def axis_of(
    voices: Voices, period: Period | None, every: Every | None, now: date | None = None
) -> Axis:
    """Return the axis of all records up to the end of the period.

    Without ``every`` the length is that of the period where it is one whole week, month or quarter
    and at least ``ENOUGH_PERIODS`` of them are full; else months, weeks where fewer months are
    full, quarters where there are more than ``MOST_MONTHS``. The last day of the records (or
    ``now``, where records are dated later) ends the last period.
    """
    days = voices.records["day"]
    first, last = voices.first, voices.last
    if first is None or last is None or days.null_count() == days.len():
        none = np.zeros(0, np.bool_)
        nowhere = np.full(days.len(), -1, np.int64)
        return Axis(every or Every.MONTH, (), (), nowhere, np.zeros(0, np.int64), none, none)
    if now is not None and now >= first:
        last = min(last, now)
    if every is not None:
        return _cut(voices, every, first, last)
    own = _length(period) if period else None
    if own is not None:
        axis = _cut(voices, own, first, last)
        if axis.full.sum() >= ENOUGH_PERIODS:
            return axis
    axis = _cut(voices, Every.MONTH, first, last)
    if len(axis.starts) > MOST_MONTHS:
        return _cut(voices, Every.QUARTER, first, last)
    return axis if axis.full.sum() >= ENOUGH_PERIODS else _cut(voices, Every.WEEK, first, last)


def is_partial(start: date, every: Every, first: date, last: date) -> bool:
    """Tell whether the records begin late in a period or end early in it.

    A weekend, or as long at the rim of a longer period, is no gap.

    Args:
        start: of the period.
        every: its length.
        first: day of the first record.
        last: day of the last record.
    """
    slack = timedelta(days={Every.WEEK: 2, Every.MONTH: 3, Every.QUARTER: 7}[every])
    late = timedelta(days=1) if every == Every.WEEK else slack  # weeks begin with working days
    end = end_of(start, every)
    begins_late = start < first <= end and first - start > late
    ends_early = start <= last < end and end - last > slack
    return begins_late or ends_early


def end_of(start: date, every: Every) -> date:
    """Return the last day of the period that begins with ``start``."""
    if every == Every.WEEK:
        return start + timedelta(days=6)
    month = start.month + (2 if every == Every.QUARTER else 0)
    return start.replace(month=month, day=monthrange(start.year, month)[1])


def label(start: date, every: Every) -> str:
    """Return the name of the period that begins with ``start``: "6 Jul", "Jul 2026", "Q3 2026"."""
    if every == Every.WEEK:
        return f"{start.day} {MONTHS[start.month - 1]}"
    if every == Every.MONTH:
        return f"{MONTHS[start.month - 1]} {start.year}"
    return f"Q{(start.month + 2) // 3} {start.year}"


def _length(period: Period) -> Every | None:
    for every in Every:
        if (
            _start(period.first, every) == period.first
            and end_of(period.first, every) == period.last
        ):
            return every
    return None


def _start(day: date, every: Every) -> date:
    if every == Every.WEEK:
        return day - timedelta(days=day.weekday())
    return day.replace(
        month=(day.month - 1) // 3 * 3 + 1 if every == Every.QUARTER else day.month, day=1
    )


def _cut(voices: Voices, every: Every, first: date, last: date) -> Axis:
    step = {Every.WEEK: "1w", Every.MONTH: "1mo", Every.QUARTER: "1q"}[every]
    begun = voices.records["day"].dt.truncate(step)
    low, high = begun.min(), begun.max()
    assert isinstance(low, date)
    assert isinstance(high, date)
    starts: list[date] = pl.date_range(low, high, step, eager=True).to_list()
    place = {start: number for number, start in enumerate(starts)}
    of_record = begun.replace_strict(place, default=-1, return_dtype=pl.Int64).to_numpy()
    dated = of_record >= 0
    return Axis(
        every=every,
        starts=tuple(starts),
        labels=tuple(label(start, every) for start in starts),
        of_record=of_record,
        base=np.bincount(of_record[dated], minlength=len(starts)),
        partial=_partial(starts, every, first, last),
        gap=_gaps(voices, of_record, len(starts)),
    )


def _partial(starts: Sequence[date], every: Every, first: date, last: date) -> Mask:
    return np.array([start > last or is_partial(start, every, first, last) for start in starts])


def _gaps(voices: Voices, of_record: Codes, periods: int) -> Mask:
    gap = np.zeros(periods, np.bool_)
    kinds = voices.column("kind")
    for kind in np.unique(kinds[kinds >= 0]):
        counts = np.bincount(of_record[(kinds == kind) & (of_record >= 0)], minlength=periods)
        there = np.flatnonzero(counts)
        if there.size < 2 or np.median(counts[there]) < EXPECTED_IN_GAP:
            continue
        first, last = int(there[0]), int(there[-1])
        gap[first:last] |= counts[first:last] == 0
    return gap
