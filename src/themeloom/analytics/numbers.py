"""The numbers of themes: one door for everything that an insight, a sheet or a chart says."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import polars as pl

from themeloom.domain.frames import Schema
from themeloom.domain.periods import Period

#: One row per theme, group and sub-theme with at least one record (of the period).
REACH: Schema = {
    "theme_id": pl.String,
    "records": pl.Int64,
    "excerpts": pl.Int64,
    "people": pl.Int64,  # distinct known ones
    "people_known": pl.Int64,  # of ``records``
    "accounts": pl.Int64,
    "accounts_known": pl.Int64,  # of ``records``
    "revenue": pl.Float64,  # of those accounts, null where none is known
    "revenue_known": pl.Int64,  # of ``accounts``
    "revenue_largest": pl.Float64,
    "kinds": pl.Int64,  # kinds of source in which it occurs: triangulation
    "competitor_records": pl.Int64,  # about competitors: in none of the other figures
    "records_before": pl.Int64,  # in the period before the chosen one; null without a period
}

#: One row per theme and kind of source with records.
KIND_SHARES: Schema = {
    "theme_id": pl.String,
    "kind": pl.String,
    "records": pl.Int64,
    "base": pl.Int64,
    "share": pl.Float64,  # 0…1
    "low": pl.Float64,  # 90 % Wilson
    "high": pl.Float64,
    "share_before": pl.Float64,  # in the period before, null without one
}

#: One row per theme and period, all periods of the axis.
PERIOD_SHARES: Schema = {
    "theme_id": pl.String,
    "start": pl.Date,
    "records": pl.Int64,
    "base": pl.Int64,  # records of that period that say something
    "share": pl.Float64,
}

#: The axis of time: whole weeks, months or quarters.
AXIS: Schema = {
    "start": pl.Date,
    "label": pl.String,  # "Sep 2026"
    "base": pl.Int64,
    "partial": pl.Boolean,  # the records fill only a part of it
    "gap": pl.Boolean,  # a kind of source that is there before and after is missing
}

#: One row per theme: how it goes.
TRENDS: Schema = {
    "theme_id": pl.String,
    "direction": pl.String,  # domain.insights.Direction
    "last": pl.Int64,  # records in the last full period
    "last_base": pl.Int64,
    "before": pl.Float64,  # mean records per full period before, up to six
    "before_records": pl.Int64,
    "before_base": pl.Int64,
    "periods": pl.Int64,  # how many those are
    "p": pl.Float64,  # of the test, null where there is none
    "p_adjusted": pl.Float64,  # for all themes of the same level
}

#: One row per theme and kind of score with answers.
SCORES: Schema = {
    "theme_id": pl.String,
    "score_kind": pl.String,
    "n": pl.Int64,
    "value": pl.Float64,
    "low": pl.Float64,  # 90 %
    "high": pl.Float64,
    "promoters": pl.Int64,
    "detractors": pl.Int64,
    "impact": pl.Float64,  # value of all − value without the theme; null under the stated n
    "impact_low": pl.Float64,  # bootstrap over people, 90 %
    "impact_high": pl.Float64,
    "effect": pl.Float64,  # ridge coefficient × share of answers: what the theme adds to the score
    "effect_low": pl.Float64,
    "effect_high": pl.Float64,
}

#: One row per theme, segment and value.
SEGMENT_SHARES: Schema = {
    "theme_id": pl.String,
    "segment": pl.String,
    "value": pl.String,
    "records": pl.Int64,
    "base": pl.Int64,  # records of that value that say something
    "share": pl.Float64,
    "overall": pl.Float64,  # share of the theme in all records whose value is known
    "p": pl.Float64,
    "p_adjusted": pl.Float64,
    "mark": pl.String,  # "more", "fewer", "few" (too few to say), ""
}

#: One row per kind of score: all answers.
OVERALL_SCORES: Schema = {
    "score_kind": pl.String,
    "n": pl.Int64,
    "value": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "promoters": pl.Int64,
    "detractors": pl.Int64,
}


@dataclass(frozen=True)
class Basis:
    """What numbers are computed from: everything in the project, whatever the period.

    Frames have the schemas of ``domain.frames``; of RECORDS only these columns are needed:
    ``record_id, source_id, kind, date, person_key, account, score, score_kind, non_answer,
    duplicate_of, segments_json``; of EXCERPTS ``excerpt_id, record_id, left_out``.
    """

    records: pl.DataFrame
    excerpts: pl.DataFrame
    assignments: pl.DataFrame
    themes: pl.DataFrame
    sources: pl.DataFrame
    accounts: pl.DataFrame
    period: Period | None = None
    segments: Sequence[str] = ()  # which ones; empty: those that break numbers down


@dataclass(frozen=True)
class ThemeNumbers:
    """All numbers; every frame is sorted by its keys. Words stand with each schema.

    Attributes:
        total: counted records about us that say something, in the period: the base of coverage.
        total_before: the same in the period before; None without a period.
        coverage: share of excerpts (of records about us) that carry a theme, 0…1.
        competitors: counted records about competitors, left out of everything.
        every: "week", "month" or "quarter": length of the periods of ``axis``.
        accounts_total: distinct accounts known in the records or the accounts sheet.
        notes: what a reader has to know, one sentence each: undated records, gaps, partial periods.
    """

    reach: pl.DataFrame
    kinds: pl.DataFrame
    axis: pl.DataFrame
    periods: pl.DataFrame
    trends: pl.DataFrame
    scores: pl.DataFrame
    overall: pl.DataFrame
    segments: pl.DataFrame
    total: int
    total_before: int | None
    coverage: float
    competitors: int
    every: str
    accounts_total: int
    period: Period | None
    before: Period | None
    first: date | None
    last: date | None
    notes: tuple[str, ...] = field(default=())


def theme_numbers(basis: Basis, *, seed: int = 0, now: datetime | None = None) -> ThemeNumbers:
    """Return all numbers of ``basis``; the same input and seed give the same numbers.

    ``now`` ends the last period where records do not tell (None: the last record's day).
    """
    raise NotImplementedError
