"""Known records and exact duplicates."""

from datetime import datetime

import polars as pl

from themeloom.domain.frames import RECORDS, conform
from themeloom.importers.deduplication import EXISTING, mark_duplicates, mark_known

at = datetime.fromisoformat

LONG = "We lose all photos of a job when the phone has no signal in the cellar"
MEDIUM = "the board is slow on mondays"
SHORT = "too slow"


def records(*rows: dict[str, object]) -> pl.DataFrame:
    frame = pl.DataFrame(
        [
            {"record_id": f"r{at}", "content_hash": "h", "known": False, **row}
            for at, row in enumerate(rows)
        ],
        schema_overrides={"date": pl.Datetime("us"), "score": pl.Float64, "known": pl.Boolean},
    )
    return conform(frame, RECORDS).with_columns(frame["known"])


def duplicates(frame: pl.DataFrame, existing: pl.DataFrame | None = None) -> dict[str, str]:
    marked = mark_duplicates(frame, existing)
    assert marked["record_id"].to_list() == frame["record_id"].to_list()
    found = marked.filter(pl.col("duplicate_of").is_not_null())
    return dict(found.select("record_id", "duplicate_of").rows())


def test_long_texts_are_the_same_whoever_writes() -> None:
    frame = records(
        {"text": LONG, "person_key": "ann"},
        {"text": LONG.upper() + "!!", "person_key": "bo"},
        {"text": LONG + " again", "person_key": "bo"},
    )
    assert duplicates(frame) == {"r1": "r0"}


def test_medium_texts_need_the_same_person_unknown_counts_as_one() -> None:
    frame = records(
        {"text": MEDIUM, "person_key": "ann"},
        {"text": MEDIUM, "person_key": "bo"},
        {"text": MEDIUM, "person_key": None},
        {"text": MEDIUM, "person_key": "ann"},
        {"text": MEDIUM, "person_key": None},
    )
    assert duplicates(frame) == {"r3": "r0", "r4": "r2"}


def test_short_texts_need_all_to_be_the_same() -> None:
    day = at("2026-01-02")
    frame = records(
        {"text": SHORT, "person_key": "ann", "date": day, "score": 3.0},
        {"text": SHORT, "person_key": "ann", "date": day, "score": 4.0},
        {"text": SHORT, "person_key": "ann", "date": day, "score": 3.0},
        {"text": SHORT},
        {"text": SHORT},
    )
    assert duplicates(frame) == {"r2": "r0"}


def test_non_answers_are_no_duplicates() -> None:
    text = "nothing to add here from my side really thank you and all the best"
    frame = records({"text": text, "non_answer": True}, {"text": text, "non_answer": True})
    assert duplicates(frame) == {}


def test_scripts_without_spaces_count_two_signs_a_word() -> None:
    text = "应用程序经常崩溃请尽快修复以前很好用现在太慢了"
    frame = records({"text": text, "person_key": "a"}, {"text": text, "person_key": "b"})
    assert duplicates(frame) == {"r1": "r0"}


def test_the_original_is_what_the_project_has() -> None:
    before = conform(
        pl.DataFrame(
            [
                {"record_id": "old", "text": LONG, "content_hash": "x", "duplicate_of": None},
                {"record_id": "copy", "text": LONG, "content_hash": "x", "duplicate_of": "old"},
            ]
        ),
        EXISTING,
    )
    assert duplicates(records({"text": LONG}), before) == {"r0": "old"}


def test_known_and_unchanged() -> None:
    before = conform(
        pl.DataFrame(
            [{"record_id": "r0", "content_hash": "h"}, {"record_id": "r1", "content_hash": "k"}]
        ),
        EXISTING,
    )
    marked = mark_known(records({"text": "a"}, {"text": "b"}, {"text": "c"}).drop("known"), before)
    assert marked.select("known", "unchanged").rows() == [
        (True, True),
        (True, False),
        (False, False),
    ]
