"""Figures are told with what they are figures of."""

import json
from datetime import UTC, datetime
from typing import Any

from tests.insights.story import tiny

from themeloom.insights.book import compose
from themeloom.insights.model import Insight

THEMES = [{"theme_id": "T-1", "title": "Export fails", "level": "theme", "status": "active"}]


def only(records: list[dict[str, Any]], spoken: list[str]) -> Insight:
    (one,) = compose(tiny(records, {key: ["T-1"] for key in spoken}, THEMES)).insights
    return one


def dated(record_id: str, month: int, day: int) -> dict[str, Any]:
    return {
        "record_id": record_id,
        "date": datetime(2026, month, day, 9, tzinfo=UTC).replace(tzinfo=None),
    }


def test_a_steady_theme_says_when_all_records_became_fewer() -> None:
    """8 records after 40 are steady where there are only 10 in all after 50: that is to be said."""
    records = [
        dated(f"{month}-{n}", month, 1 + n % 28)
        for month, many in ((4, 50), (5, 50), (6, 50), (7, 50), (8, 9))
        for n in range(many)
    ]
    # The last day of the last month, so that it is a whole one.
    records.append(dated("8-9", 8, 31))
    spoken = [str(one["record_id"]) for n, one in enumerate(records) if n % 5]
    words = only(records, spoken).trend.words.replace("\u00a0", " ")
    assert words == (
        "Steady: 8 records in Aug 2026, 40 a month before that. "
        "In all there were 10 records then, 50 a month before."
    )
    even = [one for one in records if one["date"].month != 8]
    told = only(even, [key for key in spoken if not key.startswith("8-")]).trend.words
    assert "In all" not in told


def test_a_share_of_records_whose_segment_is_known_says_so() -> None:
    """11 % of all and 12 % of all stood beside each other: one was of those whose plan is known."""

    def records(unknown: int) -> list[dict[str, Any]]:
        return [
            {
                "record_id": f"r{n:03d}",
                "segments_json": json.dumps(
                    {"Plan": "Team" if n % 2 else "Pro"} if n >= unknown else {}
                ),
            }
            for n in range(400)
        ]

    spoken = [f"r{n:03d}" for n in range(200, 400) if n % 2]
    (note, *_) = only(records(100), spoken).segments
    assert note.told_overall.replace("\u00a0", " ") == "33 % of all where that is known"
    (note, *_) = only(records(0), spoken).segments
    assert note.told_overall.replace("\u00a0", " ") == "25 % of all"
