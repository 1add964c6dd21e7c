"""The figures of themes, on worlds small enough to count by hand."""

from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest
from tests.analytics.world import basis, numbers, of

from themeloom.analytics import numbers as contract
from themeloom.analytics.numbers import theme_numbers
from themeloom.domain.periods import Period, parse_period, period_before


def test_frames_are_those_of_the_contract() -> None:
    schemas = {
        "reach": contract.REACH,
        "kinds": contract.KIND_SHARES,
        "axis": contract.AXIS,
        "periods": contract.PERIOD_SHARES,
        "trends": contract.TRENDS,
        "scores": contract.SCORES,
        "overall": contract.OVERALL_SCORES,
        "segments": contract.SEGMENT_SHARES,
    }
    for records in (
        [],
        [{"date": "2026-07-01", "themes": ["A"], "score": 9.0, "score_kind": "nps"}],
    ):
        found = numbers(records)
        for name, schema in schemas.items():
            assert dict(getattr(found, name).schema) == schema, name
    assert numbers([]).reach.is_empty()
    assert numbers([]).coverage == 0


def test_reach_counts_each_record_person_and_account_once() -> None:
    found = numbers(
        [
            {"themes": ["A", "A", "A1"], "person_key": "ann", "account": "Acme  Ltd"},
            {"themes": ["A B"], "person_key": "ann", "account": "ACME ltd", "kind": "nps"},
            {"themes": ["A1"], "person_key": None, "account": "Bolt"},
            {"themes": ["A"], "person_key": " ", "account": " "},
            {"themes": ["A"], "person_key": "dup", "duplicate_of": "r00000"},
            {"themes": ["A"], "person_key": "none", "non_answer": True},
        ],
        accounts=[
            {"account": "acme ltd", "revenue": 1000.0},
            {"account": "Acme Ltd", "revenue": 5.0},
            {"account": "Bolt", "revenue": 400.0},
            {"account": "Other", "revenue": float("nan")},
        ],
    )
    assert of(found.reach, theme_id="A") == {
        "theme_id": "A",
        "records": 4,
        "excerpts": 6,
        "people": 1,
        "people_known": 2,
        "accounts": 2,
        "accounts_known": 3,
        "revenue": 1400.0,
        "revenue_known": 2,
        "revenue_largest": 1000.0,
        "kinds": 2,
        "competitor_records": 0,
        "records_before": None,
    }
    assert of(found.reach, theme_id="G")["records"] == 4  # a record in two of its themes: once
    assert of(found.reach, theme_id="A1")["records"] == 2
    assert of(found.reach, theme_id="B")["revenue"] == 1000.0
    assert found.total == 4
    assert found.accounts_total == 3


def test_an_account_without_revenue_gives_none() -> None:
    row = of(numbers([{"themes": ["A"], "account": "Bolt"}]).reach, theme_id="A")
    assert (row["accounts"], row["revenue"], row["revenue_known"], row["revenue_largest"]) == (
        1,
        None,
        0,
        None,
    )


def test_competitors_enter_nothing_but_their_own_count() -> None:
    ours: list[dict[str, Any]] = [
        {
            "themes": ["A"],
            "date": "2026-07-01",
            "person_key": f"p{n}",
            "score": float(n % 11),
            "score_kind": "nps",
            "segments_json": f'{{"plan": "{"Free" if n % 2 else "Team"}"}}',
        }
        for n in range(24)
    ] + [
        {"themes": [""], "date": "2026-07-02", "score": 9.0, "score_kind": "nps"} for _ in range(12)
    ]
    theirs: list[dict[str, Any]] = [
        {**record, "source_id": "rival", "themes": ["A B"], "account": "Rival’s", "kind": "call"}
        for record in ours
    ]
    alone, mixed = numbers(ours), numbers([*ours, *theirs])
    for name in ("kinds", "axis", "periods", "trends", "scores", "overall", "segments"):
        assert getattr(mixed, name).equals(getattr(alone, name)), name
    assert mixed.reach.drop("competitor_records").equals(alone.reach.drop("competitor_records"))
    assert of(mixed.reach, theme_id="A")["competitor_records"] == 36
    assert (mixed.coverage, mixed.total, mixed.accounts_total) == (24 / 36, 36, 0)
    assert (alone.competitors, mixed.competitors) == (0, 36)
    assert "36 records about competitors are left out of all numbers." in mixed.notes


def test_shares_stay_within_their_kind() -> None:
    records = [{"themes": ["A"]}] * 3 + [{"themes": [""]}] * 17
    records += [{"themes": ["A"], "kind": "interview"}, {"themes": [""], "kind": "interview"}]
    found = numbers([*records, {"themes": ["A"], "non_answer": True}])
    ticket = of(found.kinds, theme_id="A", kind="ticket")
    assert (ticket["records"], ticket["base"], ticket["share"]) == (3, 20, 0.15)
    # Wilson by hand: z² = 2.705543; (.15 + .067639 ± 1.644854 √(.006375 + .001691)) ÷ 1.135277.
    assert (ticket["low"], ticket["high"]) == pytest.approx((0.061577, 0.321831), abs=1e-5)
    assert of(found.kinds, theme_id="A", kind="interview")["share"] == 0.5
    assert found.kinds.filter(theme_id="B").is_empty()


def test_coverage_is_of_excerpts() -> None:
    found = numbers(
        [
            {"themes": ["A", ""]},
            {"themes": ["B C"]},
            {"themes": [""]},
            {"themes": [""], "non_answer": True},
        ]
    )
    assert found.coverage == 2 / 4


def test_a_period_rules_all_and_stands_beside_the_one_before() -> None:
    records = [
        {"date": "2026-07-31", "themes": ["A"]},
        {"date": "2026-08-01", "themes": ["A"], "person_key": "ann"},
        {"date": "2026-08-31T23:59", "themes": [""]},
        {"date": "2026-09-01", "themes": ["A B"], "person_key": "ann"},
        {"date": "2026-09-30T23:59", "themes": ["A"], "person_key": "bob"},
        {"date": "2026-10-01", "themes": ["A"], "person_key": "cat"},
        {"date": None, "themes": ["A"], "person_key": "dan"},
        {"date": "2026-09-02", "themes": ["A"], "source_id": "rival"},
    ]
    found = numbers(records, period=parse_period("2026-09"))
    assert found.before == Period(date(2026, 8, 1), date(2026, 8, 31))
    assert (found.total, found.total_before) == (2, 2)
    row = of(found.reach, theme_id="A")
    assert (row["records"], row["people"], row["records_before"]) == (2, 2, 1)
    assert row["competitor_records"] == 1
    assert of(found.reach, theme_id="B")["records_before"] == 0
    assert of(found.kinds, theme_id="A")["share_before"] == 0.5
    assert found.coverage == 1.0
    assert (found.first, found.last) == (date(2026, 9, 1), date(2026, 9, 30))
    # Time goes on before the period, but not after it.
    assert found.axis["start"].to_list()[-1] < date(2026, 10, 1)
    assert found.periods.filter(theme_id="A")["records"].sum() == 4


def test_without_a_period_nothing_is_compared_and_undated_records_count() -> None:
    found = numbers([{"themes": ["A"]}, {"themes": ["A"], "date": "2026-09-01"}])
    assert of(found.reach, theme_id="A")["records"] == 2
    assert (found.before, found.total_before) == (None, None)
    assert of(found.kinds, theme_id="A")["share_before"] is None
    assert "1 record has no date: left out of the trend." in found.notes


def test_an_empty_period_before_has_no_share() -> None:
    found = numbers([{"themes": ["A"], "date": "2026-09-01"}], period=parse_period("2026-09"))
    assert of(found.kinds, theme_id="A")["share_before"] is None
    assert of(found.reach, theme_id="A")["records_before"] == 0


@pytest.mark.parametrize(
    ("period", "before"),
    [
        ("2026-09", "2026-08-01..2026-08-31"),
        ("2026-03", "2026-02-01..2026-02-28"),
        ("2026-01", "2025-12-01..2025-12-31"),
        ("2026-Q1", "2025-10-01..2025-12-31"),
        ("2026", "2025-01-01..2025-12-31"),
        ("2026-01..2026-05", "2025-08-01..2025-12-31"),
        ("2026-09-07..2026-09-13", "2026-08-31..2026-09-06"),
        ("2026-09-01..2026-09-29", "2026-08-03..2026-08-31"),
        ("2026-09-15", "2026-09-14..2026-09-14"),
    ],
)
def test_the_period_before_is_as_long_in_the_calendar(period: str, before: str) -> None:
    assert str(period_before(parse_period(period))) == before


def test_the_same_seed_gives_the_same_numbers() -> None:
    records = [
        {"themes": ["A" if n % 3 else "B"], "score": float(n % 11), "score_kind": "nps"}
        for n in range(60)
    ]
    data = basis(records)
    one, two, three = (theme_numbers(data, seed=seed) for seed in (1, 1, 2))
    assert one.scores.equals(two.scores)
    assert not one.scores.equals(three.scores)
    assert one.scores.drop("impact_low", "impact_high").equals(
        three.scores.drop("impact_low", "impact_high")
    )


def test_now_ends_a_month_that_records_are_dated_after() -> None:
    records = [
        {"date": f"2026-{month:02d}-{day:02d}", "themes": ["A"]}
        for month in (6, 7, 8, 9)
        for day in (1, 15, 30)
    ]
    data = basis([*records, {"date": "2026-10-31", "themes": ["A"]}])
    late = theme_numbers(data, now=datetime(2026, 10, 5, tzinfo=UTC))
    assert late.axis["partial"].to_list() == [False] * 4 + [True]
    assert theme_numbers(data).axis["partial"].to_list() == [False] * 5


def test_scores_with_their_intervals() -> None:
    # A: 6 promoters, 2 passives, 4 detractors of 12 answers; the interval by hand as of charts.
    given = [9] * 3 + [10] * 3 + [7, 8] + [0, 3, 6, 6]
    records = [{"themes": ["A"], "score": float(one), "score_kind": "nps"} for one in given]
    records += [{"themes": ["B"], "score": 4.0, "score_kind": "csat"}]
    records += [{"themes": ["A"], "score": float("nan"), "score_kind": "nps"}, {"themes": ["A"]}]
    found = numbers(records)
    row = of(found.scores, theme_id="A")
    assert (row["n"], row["promoters"], row["detractors"]) == (12, 6, 4)
    assert row["value"] == pytest.approx(100 * 2 / 12)
    assert (row["low"], row["high"]) == pytest.approx((-23.4194, 50.0860), abs=1e-3)
    assert row["impact"] is None  # no answer without the theme
    assert of(found.scores, theme_id="B")["low"] is None  # of one answer
    assert found.overall["score_kind"].to_list() == ["csat", "nps"]
    assert found.overall.filter(score_kind="nps").select(pl.col("n")).item() == 12
