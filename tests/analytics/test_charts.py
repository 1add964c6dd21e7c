"""Chart descriptions on small worlds whose figures can be counted by hand."""

from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest

from themeloom.analytics.charts import (
    ChartKind,
    Every,
    score_by_theme,
    segment_names,
    themes_by_segment,
    themes_by_source,
    themes_over_time,
)
from themeloom.analytics.speaking import Speaking, segment_values, speaking
from themeloom.domain import frames

START = datetime.fromisoformat("2026-07-06T09")  # a Monday


def world(
    records: list[dict[str, Any]], carried: list[tuple[int, str]], *, about: str = "us"
) -> Speaking:
    """Return the speaking of records (numbered by place); ``carried``: record → theme."""
    columns: dict[str, Any] = {
        "source_id": pl.String, "kind": pl.String, "date": pl.Datetime("us"), "score": pl.Float64,
        "score_kind": pl.String, "account": pl.String, "segments_json": pl.String,
        "duplicate_of": pl.String, "non_answer": pl.Boolean,
    }  # fmt: skip
    filled = [{"source_id": "s", "kind": "ticket", **record} for record in records]
    frame = pl.DataFrame(
        [{name: record.get(name) for name in columns} for record in filled], schema=columns
    ).with_row_index("record")
    themes = pl.DataFrame(
        [
            {"theme_id": "G", "level": "group", "title": "Group"},
            {"theme_id": "A", "parent_id": "G", "level": "theme", "title": "Sync drops"},
            {"theme_id": "B", "parent_id": "G", "level": "theme", "title": "Price jump"},
            {"theme_id": "A1", "parent_id": "A", "level": "sub-theme", "title": "Outlook"},
        ],
        schema={name: frames.THEMES[name] for name in ("theme_id", "parent_id", "level", "title")},
    ).with_columns(color=pl.lit(0))
    sources = pl.DataFrame(
        [{"source_id": "s", "about": "us"}, {"source_id": "rival", "about": about}]
    )
    return speaking(
        frame,
        pl.DataFrame(
            {"excerpt": range(len(carried)), "record": [record for record, _ in carried]},
            schema={"excerpt": pl.Int64, "record": pl.UInt32},
        ),
        pl.DataFrame(
            {"excerpt": range(len(carried)), "theme_id": [theme for _, theme in carried]},
            schema={"excerpt": pl.Int64, "theme_id": pl.String},
        ),
        themes,
        sources,
        ["A", "B"],
    )


def test_who_speaks() -> None:
    found = world(
        [{}, {}, {"duplicate_of": "x"}, {"non_answer": True}, {"source_id": "rival"}],
        [(0, "A"), (0, "A1"), (1, "A1"), (1, "B"), (2, "A"), (3, "A"), (4, "B")],
        about="competitor",
    )
    # Record 0 says it twice, record 1 says it in a sub-theme; the others are not in the base.
    assert set(found.pairs.iter_rows()) == {("A", 0), ("A", 1), ("B", 1)}
    assert found.records.height == 2
    assert found.competitors == 1
    assert found.themes.rows() == [("A", "Sync drops", 0, 2), ("B", "Price jump", 0, 1)]


def test_weeks_are_counted_and_a_part_week_is_marked() -> None:
    days = [0, 1, 7, 7, 21, 22]
    found = world(
        [{"date": START + timedelta(days=day)} for day in days] + [{}],
        [(0, "A"), (2, "A"), (3, "A"), (5, "B"), (6, "B")],
    )
    chart = themes_over_time(found)
    assert [column.label for column in chart.columns] == ["6 Jul", "13 Jul", "20 Jul", "27 Jul"]
    assert [column.n for column in chart.columns] == [2, 2, 0, 2]
    assert [column.weak for column in chart.columns] == [False, False, False, True]
    assert dict(chart.rows.select("theme_id", "counts").iter_rows()) == {
        "A": [1, 2, 0, 0],
        "B": [0, 0, 0, 1],
    }
    assert chart.n == 6
    assert "1 without a date" in chart.note
    assert chart.table.columns == ["Theme", "6 Jul", "13 Jul", "20 Jul", "27 Jul (part)"]


def test_whole_quarters_are_not_marked() -> None:
    dates = [
        datetime.fromisoformat("2025-10-03"),
        datetime.fromisoformat("2026-02-01"),
        datetime.fromisoformat("2026-06-27"),
    ]
    found = world([{"date": date} for date in dates], [(0, "A"), (2, "B")])
    chart = themes_over_time(found, Every.QUARTER)
    assert [column.label for column in chart.columns] == ["Q4 2025", "Q1 2026", "Q2 2026"]
    assert not any(column.weak for column in chart.columns)
    late = world(
        [
            {"date": datetime.fromisoformat("2026-01-20")},
            {"date": datetime.fromisoformat("2026-04-02")},
        ],
        [(0, "A")],
    )
    assert [c.weak for c in themes_over_time(late, Every.QUARTER).columns] == [True, True]


def test_without_dates_the_chart_says_so() -> None:
    chart = themes_over_time(world([{}], [(0, "A")]))
    assert chart.kind is ChartKind.LINES
    assert chart.empty == "No record has a date."


def test_nps_by_theme_needs_ten_answers() -> None:
    # A: 6 promoters, 2 passives, 4 detractors of 12 answers; B: 9 answers.
    scores = [9] * 3 + [10] * 3 + [7, 8] + [0, 3, 6, 6] + [2] * 9
    records: list[dict[str, Any]] = [
        {"kind": "nps", "score": float(score), "score_kind": "nps"} for score in scores
    ]
    carried = [(place, "A") for place in range(12)] + [(place, "B") for place in range(12, 21)]
    chart = score_by_theme(world([*records, {}], [*carried, (21, "B")]))
    row = chart.rows.row(0, named=True)
    assert chart.rows["theme_id"].to_list() == ["A"]
    assert (row["n"], row["promoters"], row["detractors"]) == (12, 6, 4)
    assert row["value"] == pytest.approx(100 * 2 / 12)
    # (6.75 − 4.75)/15 = .133333; variance (.766667 − .017778)/15 = .0499259; ± 1.644854 × .223441.
    assert (row["low"], row["high"]) == pytest.approx((-23.4194, 50.0860), abs=1e-3)
    assert chart.reference == pytest.approx(100 * (6 - 13) / 21)
    assert chart.n == 21
    assert "1 themes with under 10 answers" in chart.note
    assert "Association, not cause" in chart.note


def test_other_scores_are_averaged_where_there_is_no_nps() -> None:
    records: list[dict[str, Any]] = [
        {"score": float(1 + place % 5), "score_kind": "csat"} for place in range(10)
    ]
    chart = score_by_theme(world(records, [(place, "B") for place in range(10)]))
    assert chart.title == "Average satisfaction by theme"
    assert chart.rows["value"].to_list() == [3.0]
    assert chart.table.columns == [
        "Theme",
        "Answers",
        "Average satisfaction",
        "90 % from",
        "90 % to",
    ]


def test_segments_against_all_records() -> None:
    # Enterprise 40 of 100, Free 2 of 100 and Team 3 of 6 speak of A: overall 45 of 206.
    records: list[dict[str, Any]] = [{"segments_json": '{"plan": "Enterprise"}'}] * 100
    records += [{"segments_json": '{"plan": "Free"}'}] * 100
    records += [{"segments_json": '{"plan": "Team"}'}] * 6 + [{}] * 4
    carried = [*range(40), *range(100, 102), *range(200, 203), 206]
    found = world(records, [(place, "A") for place in carried])
    values = segment_values(found, frames.empty(frames.ACCOUNTS))
    assert segment_names(values) == ["plan"]
    chart = themes_by_segment(found, values, "plan")
    assert [(column.label, column.n, column.weak) for column in chart.columns] == [
        ("Enterprise", 100, False),
        ("Free", 100, False),
        ("Team", 6, True),
    ]
    row = chart.rows.row(0, named=True)
    assert row["counts"] == [40, 2, 3]
    assert row["shares"] == pytest.approx([0.4, 0.02, 0.5])
    assert row["marks"] == ["more", "fewer", "few"]
    assert row["overall"] == pytest.approx(45 / 206)
    assert "Known for 206 of 210" in chart.subtitle
    assert chart.table.row(0) == ("Sync drops", 21.8, 40, 40.0, 2, 2.0, 3, 50.0)


def test_a_records_segment_wins_over_its_accounts() -> None:
    records: list[dict[str, Any]] = [
        {"account": "ACME  Ltd", "segments_json": '{"plan": "Team"}'},
        {"account": "acme ltd"},
        {"account": "Other"},
    ]
    accounts = pl.DataFrame(
        [{"account": "Acme Ltd", "segments_json": '{"plan": "Free", "region": "DACH"}'}],
        schema=frames.ACCOUNTS,
    )
    values = segment_values(world(records, []), accounts)
    assert sorted(values.rows()) == [
        (0, "plan", "Team"),
        (0, "region", "DACH"),
        (1, "plan", "Free"),
        (1, "region", "DACH"),
    ]


def test_sources_are_never_pooled() -> None:
    records = [{"kind": "ticket"}] * 60 + [{"kind": "interview"}] * 4
    found = world(records, [(0, "A"), (1, "A"), (2, "A"), (60, "A"), (61, "A")])
    chart = themes_by_source(found)
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


@pytest.mark.parametrize("chart", [themes_over_time, score_by_theme, themes_by_source])
def test_an_empty_project_has_reasons_in_place_of_charts(chart: Any) -> None:
    assert chart(world([], [])).empty
