"""Themes by segment."""

import json
from typing import Any

import numpy as np
import pytest
from scipy import stats
from tests.analytics.world import numbers, of


def plans(counts: dict[str, tuple[int, int]], **more: Any) -> list[dict[str, Any]]:
    """Return records of plans: (with theme A, without)."""
    return [
        {
            "themes": ["A" if place < spoken else ""],
            "segments_json": json.dumps({"plan": plan}),
            **more,
        }
        for plan, (spoken, silent) in counts.items()
        for place in range(spoken + silent)
    ]


def test_shares_tests_and_marks() -> None:
    # Enterprise 40 of 100, Free 2 of 100 and Team 3 of 6 speak of A: overall 45 of 206.
    records = plans({"Enterprise": (40, 60), "Free": (2, 98), "Team": (3, 3)})
    found = numbers([*records, {"themes": ["A"]}, {"themes": [""]}])
    rows = found.segments.filter(theme_id="A").sort("value").to_dicts()
    assert [(row["value"], row["records"], row["base"], row["mark"]) for row in rows] == [
        ("Enterprise", 40, 100, "more"),
        ("Free", 2, 100, "fewer"),
        ("Team", 3, 6, "few"),
    ]
    assert rows[0]["share"] == 0.4
    assert rows[0]["overall"] == 45 / 206
    p = [
        stats.chi2_contingency([[40, 5], [60, 101]], correction=False)[1],
        stats.chi2_contingency([[2, 43], [98, 63]], correction=False)[1],
        stats.fisher_exact(np.array([[3, 42], [3, 158]])).pvalue,
    ]
    assert [row["p"] for row in rows] == pytest.approx(p)
    assert [row["p_adjusted"] for row in rows] == pytest.approx(stats.false_discovery_control(p))


def test_a_theme_that_a_value_never_speaks_of_is_there() -> None:
    row = of(
        numbers(plans({"Enterprise": (60, 40), "Free": (0, 100)})).segments,
        theme_id="A",
        value="Free",
    )
    assert (row["records"], row["mark"]) == (0, "fewer")


def test_which_segments_break_numbers_down() -> None:
    records = [
        {
            "themes": ["A"],
            "segments_json": json.dumps(
                {
                    "one": "x",
                    "each": str(n),
                    "role": "ab"[n % 2],
                    "rare": "cd"[n % 2] if n < 7 else None,
                }
            ),
        }
        for n in range(30)
    ]
    assert numbers(records).segments["segment"].unique().sort().to_list() == ["rare", "role"]
    chosen = numbers(records, segments=["one", "none such"])
    assert chosen.segments["segment"].unique().to_list() == ["one"]
    assert of(chosen.segments, theme_id="A")["p"] == 1.0


def test_a_records_segment_wins_over_its_accounts() -> None:
    records: list[dict[str, Any]] = [
        {"themes": ["A"], "account": "ACME  Ltd", "segments_json": '{"plan": "Team"}'},
        {"themes": ["A"], "account": "acme ltd", "segments_json": '{"plan": " "}'},
        {"themes": ["A"], "account": "acme ltd", "segments_json": "[1]"},
        {"themes": ["A"], "account": "Other"},
    ]
    accounts = [
        {"account": "Acme Ltd", "segments_json": '{"plan": "Free", "seats": 3}'},
        {"account": "ACME LTD", "segments_json": '{"plan": "Second"}'},
    ]
    found = numbers(records, accounts=accounts, segments=["plan", "seats"]).segments
    told = {row["value"]: row["base"] for row in found.filter(theme_id="A").to_dicts()}
    assert told == {"Team": 1, "Free": 2, "3": 3}


def test_marks_of_chance_are_few() -> None:
    """Themes have nothing to do with plans: under a tenth of segments show a mark (fixed seed)."""
    random = np.random.default_rng(2)
    shown = 0
    for _ in range(40):
        records = [
            {"themes": [theme], "segments_json": json.dumps({"plan": plan})}
            for theme, plan in zip(
                random.choice(["A", "B", "C", ""], 400),
                random.choice(list("pqrst"), 400),
                strict=True,
            )
        ]
        marks = numbers(records).segments.filter(theme_id="A")["mark"]
        shown += marks.is_in(["more", "fewer"]).any()
    assert shown <= 4
