"""What has to hold of numbers whatever the project: sums hold, nobody is counted twice."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analytics.world import TREE, basis

from themeloom.analytics import intervals
from themeloom.analytics.numbers import Basis, theme_numbers
from themeloom.domain.periods import Period, parse_period, period_before

THEMES = [theme["theme_id"] for theme in TREE]
BELOW = {"G": ["G", "A", "B", "A1"], "A": ["A", "A1"], "B": ["B"], "C": ["C"], "A1": ["A1"]}
START = datetime.fromisoformat("2026-07-01T12")

records = st.lists(
    st.fixed_dictionaries(
        {
            "themes": st.lists(
                st.lists(st.sampled_from(THEMES), max_size=2, unique=True).map(" ".join),
                min_size=1,
                max_size=3,
            ),
            "date": st.none() | st.integers(0, 91).map(lambda day: START + timedelta(days=day)),
            "kind": st.sampled_from(["ticket", "nps", "call"]),
            "person_key": st.sampled_from([None, "", "ann", "bob", "cat"]),
            "account": st.sampled_from([None, " ", "Acme", "ACME ", "Bolt"]),
            "source_id": st.sampled_from(["us", "us", "old", "rival"]),
            "non_answer": st.sampled_from([False, False, False, True, None]),
            "duplicate_of": st.sampled_from([None, None, None, "r00000"]),
            "score": st.none() | st.integers(0, 10).map(float),
            "score_kind": st.sampled_from([None, "nps", "csat"]),
            "segments_json": st.sampled_from([None, '{"plan": "Free"}', '{"plan": "Team"}']),
        }
    ),
    max_size=40,
)
quick = settings(deadline=None, max_examples=20)
long = settings(quick, max_examples=500)


def counted(data: Basis) -> list[dict[str, Any]]:
    """Return the records that count, each with the set of its themes: by plain loops."""
    placed: dict[str, set[str]] = {}
    for excerpt, theme in data.assignments.select("excerpt_id", "theme_id").iter_rows():
        placed.setdefault(excerpt.partition(".")[0], set()).add(theme)
    return [
        {**row, "of": placed.get(row["record_id"], set())}
        for row in data.records.iter_rows(named=True)
        if row["duplicate_of"] is None and not row["non_answer"] and row["source_id"] != "rival"
    ]


@quick
@given(records)
def test_counts_are_those_of_plain_loops(rows: list[dict[str, Any]]) -> None:
    data = basis(rows, accounts=[{"account": "acme", "revenue": 7.0}], segments=["plan"])
    found, plain = theme_numbers(data), counted(data)
    assert found.total == len(plain)
    told: dict[str, dict[str, Any]] = {row["theme_id"]: row for row in found.reach.to_dicts()}
    for theme, below in BELOW.items():
        spoken = [row for row in plain if row["of"] & set(below)]
        if not spoken:
            assert theme not in told
            continue
        people = [(row["person_key"] or "").strip() for row in spoken]
        accounts = [(row["account"] or "").strip().lower() for row in spoken]
        assert told[theme]["records"] == len(spoken)
        assert told[theme]["people"] == len(set(people) - {""})
        assert told[theme]["people_known"] == sum(map(bool, people))
        assert told[theme]["accounts"] == len(set(accounts) - {""})
        assert told[theme]["revenue"] == (7.0 if "acme" in accounts else None)
        scored = found.scores.filter(theme_id=theme)
        given_ = [row for row in spoken if row["score"] is not None and row["score_kind"]]
        assert scored["n"].sum() == len(given_)
        cells = found.segments.filter(theme_id=theme)
        assert cells["records"].sum() == sum(row["segments_json"] is not None for row in spoken)


@quick
@given(records)
def test_sums_hold(rows: list[dict[str, Any]]) -> None:
    found = theme_numbers(basis(rows, segments=["plan"]))
    reach = dict(found.reach.select("theme_id", "records").iter_rows())
    by_kind = found.kinds.group_by("theme_id").agg(pl.col("records").sum())
    assert dict(by_kind.iter_rows()) == reach
    dated = found.periods.group_by("theme_id").agg(pl.col("records").sum())
    assert all(n <= reach[theme] for theme, n in dated.iter_rows())
    for theme, below in BELOW.items():
        parts = [reach.get(one, 0) for one in below if one != theme]
        assert reach.get(theme, 0) >= max(parts, default=0)
    for frame in (found.kinds, found.segments):
        assert (frame["records"] <= frame["base"]).all()
    assert (found.reach["people"] <= found.reach["people_known"]).all()
    assert (found.reach["people_known"] <= found.reach["records"]).all()
    assert (found.scores["promoters"] + found.scores["detractors"] <= found.scores["n"]).all()
    assert 0 <= found.coverage <= 1
    for frame in (
        found.kinds,
        found.scores.filter(pl.col("score_kind") == "csat").drop_nulls("low"),
    ):
        value = frame["share"] if "share" in frame.columns else frame["value"]
        assert ((frame["low"] <= value + 1e-9) & (value <= frame["high"] + 1e-9)).all()


@quick
@given(records)
def test_the_parts_of_a_time_are_the_whole(rows: list[dict[str, Any]]) -> None:
    dated = [row for row in rows if row["date"] is not None]
    data = basis([{**row, "duplicate_of": None} for row in dated])
    whole = theme_numbers(data)
    parts = [
        theme_numbers(replace(data, period=parse_period(month)))
        for month in ("2026-07", "2026-08", "2026-09")
    ]
    assert sum(part.total for part in parts) == whole.total
    assert sum(part.competitors for part in parts) == whole.competitors
    joined = pl.concat([part.reach for part in parts]).group_by("theme_id")
    for name in ("records", "excerpts", "people_known", "accounts_known"):
        sums = dict(joined.agg(pl.col(name).sum()).iter_rows())
        assert sums == dict(whole.reach.select("theme_id", name).iter_rows()), name
    for earlier, later in pairwise(parts):
        assert later.total_before == earlier.total
        before = dict(later.reach.select("theme_id", "records_before").iter_rows())
        known = dict(earlier.reach.select("theme_id", "records").iter_rows())
        assert all(known.get(theme, 0) == n for theme, n in before.items())


@quick
@given(records, st.randoms(use_true_random=False))
def test_order_changes_nothing(rows: list[dict[str, Any]], random: Any) -> None:
    data = basis(rows, segments=["plan"])
    shuffled = replace(
        data,
        **{
            name: value.sample(fraction=1, shuffle=True, seed=random.randrange(1000))
            for name, value in vars(data).items()
            if isinstance(value, pl.DataFrame)
        },
    )
    one, two = theme_numbers(data), theme_numbers(shuffled)
    for name in ("reach", "kinds", "axis", "periods", "trends", "overall", "segments"):
        first, second = getattr(one, name), getattr(two, name)
        assert first.equals(second), name


@pytest.mark.faults_long
@pytest.mark.parametrize(
    ("quick_one", "drawn"),
    [
        (test_counts_are_those_of_plain_loops, [records]),
        (test_sums_hold, [records]),
        (test_the_parts_of_a_time_are_the_whole, [records]),
        (test_order_changes_nothing, [records, st.randoms(use_true_random=False)]),
    ],
)
def test_the_same_for_many_projects(quick_one: Any, drawn: list[Any]) -> None:
    long(given(*drawn)(quick_one.hypothesis.inner_test))()


@settings(deadline=None, max_examples=60)
@given(st.dates(date(2001, 1, 1), date(2100, 1, 1)), st.integers(0, 500))
def test_periods_before_touch_and_do_not_overlap(first: date, days: int) -> None:
    period = Period(first, first + timedelta(days=days))
    before = period_before(period)
    assert before.last + timedelta(days=1) == period.first
    length = (before.last - before.first).days - days
    assert abs(length) <= 4  # months are not equally long


@pytest.mark.parametrize("n", [12, 60, 400])
@pytest.mark.parametrize("chance", [0.1, 0.35, 0.7])
def test_wilson_covers_at_about_its_rate(n: int, chance: float) -> None:
    drawn = np.random.default_rng(7).binomial(n, chance, size=4000)
    frame = pl.DataFrame({"k": drawn}).with_columns(n=pl.lit(n))
    low, high = intervals.wilson(pl.col("k"), pl.col("n"), intervals.quantile())
    assert 0.85 <= frame.select(((low <= chance) & (high >= chance)).mean()).item() <= 0.95
