"""The numbers of themes: one door for everything that an insight, a sheet or a chart says."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import numpy as np
import polars as pl

from themeloom.analytics.answers import Answers, answers_of, overall_score, theme_scores
from themeloom.analytics.calendar import Axis, Every, axis_of
from themeloom.analytics.impact import impacts
from themeloom.analytics.kinds import kind_shares
from themeloom.analytics.notes import notes
from themeloom.analytics.people import accounts_total, reached
from themeloom.analytics.segments import segment_shares, segment_values, telling
from themeloom.analytics.trends import trends
from themeloom.analytics.voices import Voices, hear
from themeloom.domain.frames import Schema, conform, empty
from themeloom.domain.periods import Period, period_before

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
    "p_adjusted": pl.Float64,  # for all themes of the same level, and for uneven periods before
    "dispersion": pl.Float64,  # of the periods before: 1 as by chance; null under three
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
    "effect": pl.Float64,  # ridge coefficient × share of answers: the same, others held as they are
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
    every: str = ""  # "week", "month" or "quarter"; empty: what fits the period and the dates


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
    period = basis.period
    before = period_before(period) if period else None
    voices, apart = hear(
        basis.records,
        basis.excerpts,
        basis.assignments,
        basis.themes,
        basis.sources,
        period,
        before,
    )
    compared = before is not None
    axis = axis_of(
        voices, period, Every(basis.every) if basis.every else None, now.date() if now else None
    )
    answers = answers_of(voices)
    values = segment_values(voices, basis.accounts)
    shares = segment_shares(voices, values, basis.segments or telling(values))
    going = trends(voices, axis)
    days = voices.records["day"].filter(pl.Series(voices.inside))
    first, last = days.min(), days.max()
    return ThemeNumbers(
        reach=_sorted(reached(voices, apart, basis.accounts, compared=compared), REACH),
        kinds=_sorted(kind_shares(voices, compared=compared), KIND_SHARES, "kind"),
        axis=_axis(axis),
        periods=_sorted(_periods(voices, axis), PERIOD_SHARES, "start"),
        trends=_sorted(going, TRENDS),
        scores=_joined([_scores(one, voices, seed) for one in answers], SCORES),
        overall=_joined([overall_score(one) for one in answers], OVERALL_SCORES),
        segments=_sorted(shares, SEGMENT_SHARES, "segment", "value"),
        total=int(voices.inside.sum()),
        total_before=int(voices.before.sum()) if compared else None,
        coverage=apart.coverage,
        competitors=apart.competitors,
        every=str(axis.every),
        accounts_total=accounts_total(voices, basis.accounts),
        period=period,
        before=before,
        first=first if isinstance(first, date) else None,
        last=last if isinstance(last, date) else None,
        notes=notes(voices, apart, axis, going, chosen=compared),
    )


def _scores(answers: Answers, voices: Voices, seed: int) -> pl.DataFrame:
    scored = theme_scores(answers, voices.ids)
    found = impacts(answers, voices.ids, voices.levels, seed)
    return scored.join(found, on=["theme_id", "score_kind"], how="left") if found.width else scored


def _axis(axis: Axis) -> pl.DataFrame:
    columns = {
        "start": axis.starts,
        "label": axis.labels,
        "base": axis.base,
        "partial": axis.partial,
        "gap": axis.gap,
    }
    return pl.DataFrame(columns, schema=AXIS)


def _periods(voices: Voices, axis: Axis) -> pl.DataFrame:
    """Return each theme's records in each period, of all themes that any record speaks of."""
    size = len(axis.starts)
    period = axis.of_record[voices.record]
    dated = period >= 0
    table = np.bincount(
        voices.theme[dated] * size + period[dated], minlength=len(voices.ids) * size
    ).reshape(len(voices.ids), size)
    spoken = np.flatnonzero(table.any(axis=1))
    shown = table[spoken]
    return pl.DataFrame(
        {
            "theme_id": pl.Series(voices.ids, dtype=pl.String).gather(np.repeat(spoken, size)),
            "start": pl.Series(axis.starts, dtype=pl.Date).gather(
                np.tile(np.arange(size), spoken.size)
            ),
            "records": shown.ravel(),
            "base": np.tile(axis.base, spoken.size),
        }
    ).with_columns((pl.col("records") / pl.when(pl.col("base") > 0).then("base")).alias("share"))


def _joined(frames: Sequence[pl.DataFrame], schema: Schema) -> pl.DataFrame:
    """Return the frames of all kinds of score as one, sorted by their keys."""
    keys = [name for name in ("theme_id", "score_kind") if name in schema]
    return pl.concat([empty(schema), *(conform(one, schema) for one in frames)]).sort(keys)


def _sorted(frame: pl.DataFrame, schema: Schema, *keys: str) -> pl.DataFrame:
    return conform(frame, schema).sort("theme_id", *keys)
