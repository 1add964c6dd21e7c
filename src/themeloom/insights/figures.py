"""The numbers of each theme, taken from the frames of analytics and put into words where need be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from themeloom.analytics.numbers import ThemeNumbers
from themeloom.base.figures import percent, rounded, trend_words
from themeloom.base.folding import fold
from themeloom.base.words import word_list
from themeloom.domain.insights import Direction
from themeloom.insights.model import Impact, KindBase, Score, SegmentNote, Share, Trend
from themeloom.insights.wording import count

#: As many segments as a person reads beside an insight; the sheet has them all.
_MOST_SEGMENTS = 6
#: So many times as many records as before, or as few, are told beside the trend.
_OTHER_BASE = 1.5


@dataclass(frozen=True, slots=True)
class Figures:
    """What the data say about one theme in numbers; names as in ``Insight``."""

    records: int
    excerpts: int
    people: int
    people_known: int
    accounts: int
    accounts_known: int
    revenue: float | None
    revenue_known: int
    revenue_largest: float | None
    sources: int  # kinds of source in which it occurs
    records_before: int | None
    shares: Mapping[str, Share]
    scores: Mapping[str, Score]
    impacts: Mapping[str, Impact]
    trend: Trend
    segments: tuple[SegmentNote, ...]


def figures_of(numbers: ThemeNumbers, kinds: Sequence[KindBase]) -> dict[str, Figures]:
    """Return theme id → figures for everything that has records about us."""
    shares = _grouped(numbers.kinds)
    scored = _grouped(numbers.scores)
    noted = _grouped(
        numbers.segments.filter(pl.col("mark").is_in(["more", "fewer"])).sort(
            "p_adjusted", pl.col("mark") == "fewer", "segment", "value", nulls_last=True
        )
    )
    series: dict[str, list[int]] = {
        theme_id: list(records)
        for theme_id, records in numbers.periods.sort("theme_id", "start")
        .group_by("theme_id", maintain_order=True)
        .agg("records")
        .iter_rows()
    }
    trends = {row["theme_id"]: row for row in numbers.trends.iter_rows(named=True)}
    ends = last_full(numbers)
    return {
        row["theme_id"]: Figures(
            records=row["records"],
            excerpts=row["excerpts"],
            people=row["people"],
            people_known=row["people_known"],
            accounts=row["accounts"],
            accounts_known=row["accounts_known"],
            revenue=row["revenue"],
            revenue_known=row["revenue_known"],
            revenue_largest=row["revenue_largest"],
            sources=row["kinds"],
            records_before=row["records_before"],
            shares=_shares(shares.get(row["theme_id"], []), kinds),
            scores=_scores(scored.get(row["theme_id"], [])),
            impacts=_impacts(scored.get(row["theme_id"], [])),
            trend=_trend(
                trends.get(row["theme_id"]),
                tuple(series.get(row["theme_id"], ())),
                ends,
                numbers.every,
            ),
            segments=_segments(noted.get(row["theme_id"], []), row["records"], numbers.total),
        )
        for row in numbers.reach.filter(pl.col("records") > 0).iter_rows(named=True)
    }


def last_full(numbers: ThemeNumbers) -> str:
    """Return the label of the last period that can be compared: ``Sep 2026``; "" without one."""
    full = numbers.axis.filter(~pl.col("partial") & ~pl.col("gap") & (pl.col("base") > 0))["label"]
    return str(full[-1]) if len(full) else ""


def _grouped(frame: pl.DataFrame) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in frame.iter_rows(named=True):
        found.setdefault(row["theme_id"], []).append(row)
    return found


def _shares(rows: list[dict[str, Any]], kinds: Sequence[KindBase]) -> dict[str, Share]:
    known = {row["kind"]: row for row in rows}
    return {
        kind.kind: Share(row["records"], row["base"], row["low"], row["high"], row["share_before"])
        if (row := known.get(kind.kind))
        else Share(0, kind.base)
        for kind in kinds
    }


def _scores(rows: list[dict[str, Any]]) -> dict[str, Score]:
    names = ("n", "value", "promoters", "detractors", "low", "high")
    return {row["score_kind"]: Score(*(row[name] for name in names)) for row in rows}


def _impacts(rows: list[dict[str, Any]]) -> dict[str, Impact]:
    """Return impacts where there are enough answers to say one with its interval."""
    return {
        row["score_kind"]: Impact(
            value=row["impact"],
            low=row["impact_low"],
            high=row["impact_high"],
            n=row["n"],
            effect=row["effect"],
            effect_low=row["effect_low"],
            effect_high=row["effect_high"],
        )
        for row in rows
        if None not in (row["impact"], row["impact_low"], row["impact_high"])
    }


def _trend(row: dict[str, Any] | None, series: tuple[int, ...], last: str, every: str) -> Trend:
    if row is None or row["direction"] == Direction.UNKNOWN or not last:
        unknown = Direction.UNKNOWN
        return Trend(unknown, trend_words(unknown, 0, 0.0, last, every), series)
    direction = Direction(row["direction"])
    words = trend_words(direction, row["last"], row["before"], last, every)
    words += _other_base(row["last_base"], row["before_base"] / max(row["periods"], 1), every)
    return Trend(direction, words, series, row["p_adjusted"])


def _other_base(last: int, before: float, every: str) -> str:
    """Tell where many more or fewer records came in: a share stays as it is, its records do not."""
    if not before or 1 / _OTHER_BASE < last / before < _OTHER_BASE:
        return ""
    verb = "was" if last == 1 else "were"
    return f" In all there {verb} {count(last, 'record')} then, {rounded(before)} a {every} before."


def _segments(rows: list[dict[str, Any]], records: int, total: int) -> tuple[SegmentNote, ...]:
    whole = percent(records / total) if total else ""
    notes = [
        SegmentNote(
            segment=row["segment"],
            value=row["value"],
            records=row["records"],
            base=row["base"],
            share=row["share"],
            overall=row["overall"],
            more=row["mark"] == "more",
            known_only=percent(row["overall"]) != whole,
            of_customer=fold(row["segment"]) not in word_list("process_fields"),
        )
        for row in rows
    ]
    notes.sort(key=lambda note: not note.of_customer)  # stable: strongest first within each
    return tuple(notes[:_MOST_SEGMENTS])
