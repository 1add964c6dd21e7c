import polars as pl
import pytest
from tests.insights.story import story, tiny

from themeloom.analytics.counts import (
    ancestors,
    bases_by_kind,
    coverage,
    members,
    share_by_kind,
    sizes,
)
from themeloom.analytics.placing import groups_of, placements
from themeloom.analytics.reach import reach
from themeloom.analytics.scores import overall_scores, scores
from themeloom.domain.frames import ACCOUNTS
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
    assert coverage(data.excerpts, data.assignments) == pytest.approx(3 / 4)
    too_short = data.excerpts.with_columns(
        pl.when(pl.col("record_id") == "d").then(pl.lit("too short")).alias("left_out")
    )
    assert coverage(too_short, data.assignments) == pytest.approx(3 / 5)
    assert coverage(data.excerpts.clear(), data.assignments) == 0.0


def test_shares_are_within_each_kind() -> None:
    data = tiny(
        [
            {"record_id": "a"},
            {"record_id": "b"},
            {"record_id": "c", "duplicate_of": "a"},
            {"record_id": "d", "kind": "nps"},
            {"record_id": "e", "kind": "nps", "non_answer": True},
        ],
        {"a": ["T-001"], "d": ["T-001"]},
        TREE,
    )
    shares = share_by_kind(membership(data), data.records).filter(theme_id="T-001")
    assert shares.select("kind", "records", "base", "share").rows() == [
        ("nps", 1, 1, 1.0),
        ("ticket", 1, 2, 0.5),
    ]
    assert bases_by_kind(data.records).rows() == [("nps", 2, 1), ("ticket", 2, 2)]


def test_reach_counts_people_accounts_and_revenue_with_what_is_known() -> None:
    records = [
        {"record_id": "a", "person_key": "ann@x.example", "account": "Acme  Ltd"},
        {"record_id": "b", "person_key": "ann@x.example", "account": "ACME Ltd "},
        {"record_id": "c", "person_key": None, "account": "Bolt"},
        {"record_id": "d", "person_key": "dan", "account": " "},
    ]
    accounts = pl.DataFrame(
        {"account": ["acme ltd", "Acme Ltd", "Other"], "revenue": [1000.0, 5.0, 7.0]}
    ).match_to_schema(ACCOUNTS, missing_columns="insert")
    data = tiny(records, {r: ["T-001"] for r in "abcd"}, TREE, accounts=accounts)
    row = by_theme(reach(membership(data), data.records, data.accounts))["T-001"]
    assert row == {
        "theme_id": "T-001",
        "records": 4,
        "people": 2,
        "people_known": 3,
        "accounts": 2,
        "accounts_known": 3,
        "revenue": 1000.0,
        "revenue_known": 1,
    }


def test_nps_is_promoters_minus_detractors_and_other_scores_are_means() -> None:
    answers = [10, 9, 8, 7, 6, 0, float("nan")]
    records = [
        {"record_id": f"n{n}", "score": float(s), "score_kind": "nps"}
        for n, s in enumerate(answers)
    ]
    records += [{"record_id": "c", "score": 4.0, "score_kind": "csat"}, {"record_id": "x"}]
    data = tiny(records, {str(r["record_id"]): ["T-001"] for r in records}, TREE)
    rows = scores(membership(data), data.records).filter(theme_id="T-001")
    assert rows.drop("theme_id").rows() == [("csat", 1, 4.0, 0, 0), ("nps", 6, 0.0, 2, 2)]
    assert overall_scores(data.records)["score_kind"].to_list() == ["nps", "csat"]


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
