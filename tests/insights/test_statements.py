import pytest

from themeloom.insights.model import Score, Share
from themeloom.insights.statements import statement


def said(**facts: object) -> str:
    known = {"people": 0, "people_known": 0, "accounts": 0, "accounts_known": 0, "scores": {}}
    text = statement(**{**known, **facts})  # pyright: ignore[reportArgumentType]
    return text.replace("\u00a0", " ")


def test_people_accounts_and_kinds() -> None:
    assert (
        said(
            records=142,
            people=64,
            people_known=142,
            accounts=51,
            accounts_known=142,
            shares={
                "ticket": Share(120, 1300),
                "nps": Share(20, 388),
                "interview": Share(2, 6),
                "call": Share(0, 12),
            },
            scores={"nps": Score(20, -34.4, 2, 9)},
        )
        == "64 people in 51 accounts speak of this in 142 records, most of them tickets "
        "(9 % of the tickets). Also in 5 % of the NPS answers and 2 of 6 interviews. "
        "NPS of the 20 who scored: −34."
    )


def test_unknown_people_are_not_counted_as_known() -> None:
    shares = {"ticket": Share(3, 400)}
    assert said(records=3, shares=shares) == "3 records speak of this (under 1 % of the tickets)."
    assert said(records=3, people=2, people_known=2, shares=shares).startswith(
        "At least 2 people speak of this in 3 records"
    )
    assert said(
        records=3, people=3, people_known=3, accounts=1, accounts_known=2, shares=shares
    ).startswith("3 people in at least 1 account speak")


def test_one_record_and_even_parts() -> None:
    assert (
        said(records=1, people=1, people_known=1, shares={"call": Share(1, 12), "nps": Share(0, 9)})
        == "1 person speaks of this in 1 record (1 of 12 calls)."
    )
    assert (
        said(records=2, shares={"call": Share(1, 12), "interview": Share(1, 1)})
        == "2 records speak of this: 1 of 12 calls and 1 of 1 interview."
    )
    assert "all of them calls (2 of 12 calls)" in said(
        records=2, shares={"call": Share(2, 12), "nps": Share(0, 9)}
    )


@pytest.mark.parametrize(
    ("score", "told"),
    [
        (Score(9, -100, 0, 9), ""),
        (Score(23, -100, 0, 23), "All 23 who gave a score are detractors (0 to 6)."),
        (Score(10, 100, 10, 0), "All 10 who gave a score are promoters (9 or 10)."),
        (Score(10, 0.2, 4, 4), "NPS of the 10 who scored: 0."),
    ],
)
def test_scores_are_told_from_ten_answers_on(score: Score, told: str) -> None:
    text = said(records=30, shares={"nps": Share(30, 60)}, scores={"nps": score})
    assert text == f"30 records speak of this (50 % of the NPS answers). {told}".strip()
