"""Chart descriptions on small worlds: the figures are those of ``theme_numbers``."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from tests.analytics.world import months, numbers

from themeloom.analytics.charts import (
    ChartKind,
    Shown,
    score_by_theme,
    segment_names,
    shown,
    themes_by_segment,
    themes_by_source,
    themes_over_time,
)

TITLES = pl.DataFrame(
    {"theme_id": ["A", "B", "G"], "title": ["Sync drops", "Price jump", "Group"], "color": 0},
)


def world(records: Sequence[Mapping[str, Any]], **more: Any) -> Shown:
    return shown(numbers(records, **more), TITLES, ["A", "B"])


def same(values: pl.Series) -> pl.Series:
    return values


def test_the_largest_themes_come_first_and_competitors_are_named() -> None:
    found = world(
        [{"themes": ["A", "B"]}, {"themes": ["A1"]}, {"themes": ["B"], "source_id": "rival"}]
    )
    assert found.themes.rows() == [("A", "Sync drops", 0, 2), ("B", "Price jump", 0, 1)]
    assert "1 record about a competitor" in themes_by_source(found).note


def test_weeks_with_a_part_and_undated_records() -> None:
    start = date(2026, 7, 6)  # a Monday
    records = [
        {"date": (start + timedelta(days=day)).isoformat(), "themes": [theme]}
        for day, theme in ((0, "A"), (4, ""), (7, "A"), (11, "A"), (21, ""), (22, "B"))
    ]
    chart = themes_over_time(world([*records, {"themes": ["B"]}]))
    assert [column.label for column in chart.columns] == ["6 Jul", "13 Jul", "20 Jul", "27 Jul"]
    assert [column.n for column in chart.columns] == [2, 2, 0, 2]
    assert [column.why for column in chart.columns] == ["", "", "", "part"]
    assert dict(chart.rows.select("theme_id", "counts").iter_rows()) == {
        "A": [1, 2, 0, 0],
        "B": [0, 0, 0, 1],
    }
    assert chart.n == 6
    assert "1 record has no date" in chart.note
    assert chart.table.columns == ["Theme", "6 Jul", "13 Jul", "20 Jul", "27 Jul (part)", "Trend"]


def test_how_themes_go_stands_beside_their_lines() -> None:
    chart = themes_over_time(
        world(months({"A": [10, 10, 10, 40], "B": [0, 0, 0, 6], "": [80] * 4}))
    )
    told = {row["theme_id"]: (row["direction"], row["trend"]) for row in chart.rows.to_dicts()}
    assert told == {
        "A": ("rising", "Rising: 40\u00a0records in Apr 2026, 10 a month before that."),
        "B": ("new", "New: 6\u00a0records in Apr 2026, none before."),
    }
    assert chart.table["Trend"].to_list() == ["rising", "new"]


def test_a_gap_is_marked() -> None:
    tickets = months({"A": [10, 0, 10, 10], "": [40, 0, 40, 40]})
    chart = themes_over_time(world([*tickets, *months({"": [20] * 4}, kind="nps")]))
    assert [column.why for column in chart.columns] == ["", "gap", "", ""]
    assert "In Feb 2026 a kind of source is missing" in chart.note


def test_a_theme_without_dates_has_a_line_of_zeros() -> None:
    chart = themes_over_time(world([{"themes": ["A"]}, *months({"": [5, 5]})], every="month"))
    assert chart.rows["counts"].to_list() == [[0, 0]]
    assert chart.rows["trend"].to_list() == [""]


def test_without_dates_the_chart_says_so() -> None:
    chart = themes_over_time(world([{"themes": ["A"]}]))
    assert chart.kind is ChartKind.LINES
    assert chart.empty == "No record has a date."


def test_nps_by_theme_needs_ten_answers() -> None:
    scores = [9] * 3 + [10] * 3 + [7, 8] + [0, 3, 6, 6] + [2] * 9
    records = [
        {"themes": ["A" if n < 12 else "B"], "score": float(s), "score_kind": "nps"}
        for n, s in enumerate(scores)
    ]
    chart = score_by_theme(world([*records, {"themes": ["B"]}]))
    row = chart.rows.row(0, named=True)
    assert chart.rows["theme_id"].to_list() == ["A"]
    assert (row["n"], row["promoters"], row["detractors"]) == (12, 6, 4)
    assert row["value"] == pytest.approx(100 * 2 / 12)
    assert (row["low"], row["high"]) == pytest.approx((-23.4194, 50.0860), abs=1e-3)
    assert row["impact"] is None  # nine answers without it: too few
    assert chart.reference == pytest.approx(100 * (6 - 13) / 21)
    assert chart.n == 21
    assert "1 theme with under 10 answers" in chart.note
    assert "Association, not cause" in chart.note


def test_impact_stands_in_the_table() -> None:
    records = [
        {"themes": ["A" if n < 12 else ""], "score": 2.0 if n < 12 else 9.0, "score_kind": "nps"}
        for n in range(36)
    ]
    table = score_by_theme(world(records)).table
    assert table["Impact"].to_list() == [pytest.approx(100 / 3 - 100, abs=0.05)]
    assert table["Impact, 90 % from"][0] < table["Impact"][0] < table["Impact, 90 % to"][0]


def test_other_scores_are_averaged_where_there_is_no_nps() -> None:
    records = [
        {"themes": ["B"], "score": float(1 + place % 5), "score_kind": "csat"}
        for place in range(10)
    ]
    chart = score_by_theme(world(records))
    assert chart.title == "Average satisfaction by theme"
    assert chart.rows["value"].to_list() == [3.0]
    assert chart.table.columns[:5] == [
        "Theme",
        "Answers",
        "Average satisfaction",
        "90 % from",
        "90 % to",
    ]
    assert "Promoters" not in chart.table.columns


def test_segments_against_all_records() -> None:
    # Enterprise 40 of 100, Free 2 of 100 and Team 3 of 6 speak of A: overall 45 of 206.
    plans = ["Enterprise"] * 100 + ["Free"] * 100 + ["Team"] * 6 + [None] * 4
    carried = {*range(40), *range(100, 102), *range(200, 203), 206}
    records = [
        {
            "themes": ["A" if n in carried else ""],
            "segments_json": json.dumps({"plan": plan, "role": "x" if n % 2 else "y"}),
        }
        for n, plan in enumerate(plans)
    ]
    found = world(records)
    assert segment_names(found) == ["role", "plan"]
    chart = themes_by_segment(found, "plan", lambda values: values.str.replace("Team", "[T]"))
    assert [(column.label, column.n, column.weak) for column in chart.columns] == [
        ("Enterprise", 100, False),
        ("Free", 100, False),
        ("[T]", 6, True),
    ]
    row = chart.rows.row(0, named=True)
    assert row["counts"] == [40, 2, 3]
    assert row["shares"] == pytest.approx([0.4, 0.02, 0.5])
    assert row["marks"] == ["more", "fewer", "few"]
    assert row["overall"] == pytest.approx(45 / 206)
    assert "Known for 206 of 210" in chart.subtitle
    assert chart.table.row(0) == ("Sync drops", 21.8, 40, 40.0, 2, 2.0, 3, 50.0)


def test_sources_are_never_pooled() -> None:
    records = [{"themes": ["A" if n < 3 else ""]} for n in range(60)]
    records += [{"themes": ["A" if n < 2 else ""], "kind": "interview"} for n in range(4)]
    chart = themes_by_source(world(records))
    assert [(column.label, column.n, column.weak) for column in chart.columns] == [
        ("Tickets", 60, False),
        ("Interviews", 4, True),
    ]
    assert chart.rows["shares"].to_list() == [pytest.approx([0.05, 0.5])]
    assert chart.table.columns == [
        "Theme",
        "Tickets, records of 60",
        "Tickets, %",
        "Interviews, records of 4",
        "Interviews, %",
    ]


@pytest.mark.parametrize(
    "chart",
    [
        themes_over_time,
        score_by_theme,
        themes_by_source,
        lambda found: themes_by_segment(found, "", same),
    ],
)
def test_an_empty_project_has_reasons_in_place_of_charts(chart: Any) -> None:
    assert chart(world([])).empty
