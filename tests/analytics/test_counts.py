import polars as pl
import pytest
from tests.insights.story import story, tiny

from themeloom.analytics.counts import (
    ancestors,
    bases_by_kind,
    coverage,
    coverage_base,
    members,
    sizes,
)
from themeloom.analytics.placing import groups_of, placements
from themeloom.insights.model import BookData

TREE = [
    {"theme_id": "G-01", "level": "group", "title": "Group"},
    {"theme_id": "T-001", "parent_id": "G-01", "title": "One"},
    {"theme_id": "T-002", "parent_id": "G-01", "title": "Two"},
    {"theme_id": "S-001", "parent_id": "T-001", "level": "sub-theme", "title": "Part of one"},
]


def membership(data: BookData) -> pl.DataFrame:
    return members(data.assignments, data.excerpts, data.records, data.themes)


def by_theme(frame: pl.DataFrame) -> dict[str, dict[str, object]]:
    return {row["theme_id"]: row for row in frame.iter_rows(named=True)}


def test_groups_count_what_is_under_them_once() -> None:
    data = tiny(
        [{"record_id": "a"}, {"record_id": "b"}, {"record_id": "c", "duplicate_of": "a"}],
        {"a": ["T-001", "T-002"], "b": ["S-001"], "c": ["T-001"]},
        TREE,
    )
    counted = by_theme(sizes(membership(data)))
    assert {theme: row["records"] for theme, row in counted.items()} == {
        "G-01": 2,
        "T-001": 2,
        "T-002": 1,
        "S-001": 1,
    }


def test_ancestors_survive_a_ring_and_a_lost_parent() -> None:
    themes = tiny(
        [],
        {},
        [
            {"theme_id": "T-001", "parent_id": "T-002", "title": "a"},
            {"theme_id": "T-002", "parent_id": "T-001", "title": "b"},
            {"theme_id": "T-003", "parent_id": "G-99", "title": "c"},
        ],
    ).themes
    found = ancestors(themes).group_by("theme_id").agg(pl.col("ancestor_id").sort())
    assert dict(found.iter_rows()) == {
        "T-001": ["T-001", "T-002"],
        "T-002": ["T-001", "T-002"],
        "T-003": ["T-003"],
    }


def test_coverage_leaves_non_answers_out_of_its_base() -> None:
    data = tiny(
        [{"record_id": r} for r in "abcd"] + [{"record_id": "n", "non_answer": True}],
        {"a": ["T-001"], "b": ["T-001", "T-002"], "c": ["T-002"]},
        TREE,
    )
    base = coverage_base(data.excerpts, data.records, data.sources)
    assert coverage(base, data.assignments) == pytest.approx(3 / 4)
    too_short = data.excerpts.with_columns(
        pl.when(pl.col("record_id") == "d").then(pl.lit("too short")).alias("left_out")
    )
    base = coverage_base(too_short, data.records, data.sources)
    assert coverage(base, data.assignments) == pytest.approx(3 / 4), "too short stays in the base"
    assert coverage(data.excerpts.clear(), data.assignments) == 0.0


def test_primary_theme_has_most_characters_then_similarity_and_copies_follow() -> None:
    data = tiny(
        [{"record_id": "a"}, {"record_id": "copy", "duplicate_of": "a"}, {"record_id": "none"}],
        {},
        TREE,
    )
    excerpts = pl.concat(
        [
            data.excerpts.filter(record_id="a").with_columns(
                pl.lit(f"a.{n}").alias("excerpt_id"), pl.lit(length).alias("end")
            )
            for n, length in enumerate((10, 30, 20))
        ]
    )
    codes = pl.DataFrame(
        {
            "excerpt_id": ["a.0", "a.1", "a.2", "a.2"],
            "theme_id": ["T-002", "T-001", "T-002", "S-001"],
            "similarity": [0.4, 0.5, 0.9, 0.99],
            "primary": [True, True, True, False],
        }
    )
    placed = placements(data.records, excerpts, codes, data.themes)
    expected = ["T-002", "T-001", "S-001"]  # 30 characters each: the closer one is primary
    assert placed.rows() == [
        ("a", expected, "T-002", "G-01"),
        ("copy", expected, "T-002", "G-01"),
    ]
    assert dict(groups_of(data.themes).iter_rows()) == dict.fromkeys(
        ("S-001", "T-001", "T-002"), "G-01"
    )


def test_the_sample_adds_up_with_its_truth() -> None:
    data = story()
    counted = by_theme(sizes(membership(data)))
    by_hand = (
        data.assignments.join(data.excerpts, on="excerpt_id")
        .filter(theme_id="T-001")["record_id"]
        .n_unique()
    )
    assert counted["T-001"]["records"] == by_hand


def test_bases_leave_duplicates_and_non_answers_out() -> None:
    data = tiny(
        [
            {"record_id": "a"},
            {"record_id": "b"},
            {"record_id": "c", "duplicate_of": "a"},
            {"record_id": "d", "kind": "nps"},
            {"record_id": "e", "kind": "nps", "non_answer": True},
        ],
        {},
        TREE,
    )
    assert bases_by_kind(data.records).rows() == [("nps", 2, 1), ("ticket", 2, 2)]
