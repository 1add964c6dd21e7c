"""Shares, means and scores as people read them, rounded as a spreadsheet rounds the same number."""

import pytest

from themeloom.base.figures import (
    change_interval,
    part_of,
    percent,
    rounded,
    score_change,
    score_value,
    signed,
)


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.0, "0 %"),
        (0.004, "under 1 %"),
        (0.0099, "under 1 %"),
        (0.01, "1 %"),
        (0.0812, "8 %"),
        (1 / 8, "13 %"),  # a cell with the format 0 % shows 13 %
        (0.145, "15 %"),
        (0.99, "99 %"),
        (0.996, "over 99 %"),
        (1.0, "100 %"),
    ],
)
def test_shares(share: float, words: str) -> None:
    assert percent(share).replace("\u00a0", " ") == words


def test_a_share_says_what_it_is_of() -> None:
    assert part_of(74, 937).replace("\u00a0", " ") == "8 % of 937 that say something"
    assert part_of(0, 0) == ""


def test_means() -> None:
    assert [rounded(one) for one in (7.5, 14.5, 21.0, 1.25, 1200.0)] == [
        "7.5", "15", "21", "1.3", "1,200",
    ]  # fmt: skip


def test_scores_and_what_changes_them() -> None:
    assert [signed(one) for one in (12.5, -12.5, 0.2, -0.4)] == ["+13", "−13", "0", "0"]
    assert score_value("nps", -65.0) == "−65"
    assert score_value("rating", 3.355) == "3.36"
    assert score_change("nps", 12.79) == "+12.8"
    assert score_change("nps", -0.04) == "0.0"
    assert score_change("csat", -0.125) == "−0.13"
    assert change_interval("nps", 3.96, 21.2) == "[+4.0, +21.2]"
