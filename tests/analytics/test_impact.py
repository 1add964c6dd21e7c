"""Impact: leaving a theme out, and the regression beside it."""

from typing import Any

import numpy as np
import pytest
from scipy import stats
from tests.analytics.world import numbers, of

from themeloom.analytics.answers import Answers
from themeloom.analytics.impact import impacts, ridge


def said(scores: list[int], theme: str, **more: Any) -> list[dict[str, Any]]:
    return [{"themes": [theme], "score": float(s), "score_kind": "nps", **more} for s in scores]


def test_leaving_out_by_hand() -> None:
    # A: 2 promoters, 8 detractors of 10; others: 9 promoters, 3 passives, 3 detractors of 15.
    records = [*said([9] * 2 + [3] * 8, "A"), *said([10] * 9 + [7] * 3 + [0] * 3, "")]
    row = of(numbers(records).scores, theme_id="A")
    # All: 100 × (11 − 11) ÷ 25 = 0; without A: 100 × (9 − 3) ÷ 15 = 40.
    assert row["impact"] == pytest.approx(0 - 40)
    assert row["impact_low"] < row["impact"] < row["impact_high"] < 0
    # Share × (with − without): 10/25 × (−60 − 40), shrunk a little by the ridge.
    assert -40 < row["effect"] < -30
    assert row["effect_low"] < row["effect"] < row["effect_high"]


def test_nothing_is_ranked_under_ten_answers_with_or_without() -> None:
    few = numbers([*said([3] * 9, "A"), *said([9] * 30, "")])
    assert of(few.scores, theme_id="A")["impact"] is None
    assert of(few.scores, theme_id="A")["effect"] is None
    many = numbers([*said([3] * 30, "A"), *said([9] * 9, "")])
    assert of(many.scores, theme_id="A")["impact"] is None
    enough = numbers([*said([3] * 10, "A"), *said([9] * 10, "")])
    assert of(enough.scores, theme_id="A")["impact"] == pytest.approx(-100)


def test_means_of_other_scales() -> None:
    records = [
        {"themes": ["B" if n < 12 else ""], "score": 2.0 if n < 12 else 4.0, "score_kind": "csat"}
        for n in range(36)
    ]
    row = of(numbers(records).scores, theme_id="B")
    assert row["impact"] == pytest.approx((12 * 2 + 24 * 4) / 36 - 4)


def test_the_regression_holds_other_themes_as_they_are() -> None:
    # B costs nothing, but goes with A, which does.
    random = np.random.default_rng(3)
    records: list[dict[str, Any]] = []
    for n in range(600):
        a = n % 3 == 0
        b = random.random() < (0.8 if a else 0.1)
        low = random.random() < (0.8 if a else 0.2)
        themes = " ".join(name for name, has in (("A", a), ("B", b)) if has)
        records += said([2 if low else 10], themes)
    found = numbers(records).scores
    a, b = of(found, theme_id="A"), of(found, theme_id="B")
    assert b["impact"] < -15  # leaving B out looks as if it mattered
    assert b["effect_low"] < 0 < b["effect_high"]
    assert a["effect_high"] < -25


def design_of(design: np.ndarray, points: np.ndarray, person: np.ndarray) -> Answers:
    theme, answer = np.nonzero(design.T)
    people, person = np.unique(person, return_inverse=True)
    return Answers("csat", points, points, person, people.size, theme, answer, design.shape[1])


def fitted(
    design: np.ndarray, points: np.ndarray, person: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    return ridge(design_of(design, points, person), np.arange(design.shape[1]))


def random_design(seed: int = 4) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    design = (random.random((150, 5)) < 0.3).astype(float)
    points = design @ np.array([-40, 10, 0, 25, -5]) + random.normal(0, 60, 150)
    return design, points, random.integers(0, 90, 150)


def test_ridge_by_its_definition() -> None:
    design, points, person = random_design()
    coefficient, error = fitted(design, points, person)
    centred, y = design - design.mean(axis=0), points - points.mean()
    n, k = design.shape

    inverse = np.linalg.inv(centred.T @ centred + np.eye(k))
    b = inverse @ centred.T @ y
    df = 1 + float(np.trace(centred @ inverse @ centred.T))
    assert coefficient == pytest.approx(b)
    left = y - centred @ b
    meat = np.zeros((k, k))
    people = np.unique(person)
    for one in people:
        pushed = (centred[person == one] * left[person == one, None]).sum(axis=0)
        meat += np.outer(pushed, pushed)
    spread = inverse @ meat @ inverse
    spread *= people.size / (people.size - 1) * n / (n - df)
    assert error == pytest.approx(np.sqrt(np.diag(spread)))


def test_ridge_error_of_one_theme_is_that_of_unequal_spreads() -> None:
    # Without repeated people and with little shrinking: √(s₁²/n₁ + s₂²/n₂), as of Welch's t.
    random = np.random.default_rng(6)
    design = np.repeat([1.0, 0.0], [400, 600])[:, None]
    points = np.concatenate([random.normal(-30, 90, 400), random.normal(20, 40, 600)])
    coefficient, error = fitted(design, points, np.arange(1000))
    result = stats.ttest_ind(points[:400], points[400:], equal_var=False)
    welch = (points[:400].mean() - points[400:].mean()) / result.statistic
    assert coefficient[0] == pytest.approx(points[:400].mean() - points[400:].mean(), rel=0.02)
    assert error[0] == pytest.approx(welch, rel=0.02)


def test_people_who_answer_often_widen_the_interval() -> None:
    scores = [9] * 10 + [3] * 30 + [10] * 40 + [2] * 20
    alone = [
        {"themes": ["A" if n < 40 else ""], "score": float(s), "score_kind": "nps"}
        for n, s in enumerate(scores)
    ]
    often = [{**record, "person_key": f"p{n // 5}"} for n, record in enumerate(alone)]
    narrow, wide = (of(numbers(one).scores, theme_id="A") for one in (alone, often))
    assert wide["impact"] == narrow["impact"]
    assert wide["impact_high"] - wide["impact_low"] > 1.4 * (
        narrow["impact_high"] - narrow["impact_low"]
    )
    assert wide["effect_high"] - wide["effect_low"] > 1.4 * (
        narrow["effect_high"] - narrow["effect_low"]
    )


def world(random: np.random.Generator, people: int) -> Answers:
    """Return answers of people, some of whom answer twice alike; 30 % carry the theme."""
    times = 1 + (random.random(people) < 0.3)
    carries = random.random(people) < 0.3
    low = random.random(people) < np.where(carries, 0.6, 0.25)
    high = ~low & (random.random(people) < 0.7)
    person = np.repeat(np.arange(people), times)
    score = np.where(low, 3.0, np.where(high, 10.0, 8.0))[person]
    answer = np.flatnonzero(carries[person])
    points = 100.0 * (score >= 9) - 100.0 * (score <= 6)
    return Answers(
        "nps", score, points, person, people, np.zeros(answer.size, np.int64), answer, themes=1
    )


@pytest.mark.parametrize("people", [80, 300])
@pytest.mark.parametrize("worlds", [100, pytest.param(300, marks=pytest.mark.faults_long)])
def test_both_intervals_cover_at_about_their_rate(people: int, worlds: int) -> None:
    """The true impact: −30·… from the chances above, in as many worlds (fixed seed)."""
    random = np.random.default_rng(11)
    with_theme = 100 * (0.4 * 0.7 - 0.6)
    without = 100 * (0.75 * 0.7 - 0.25)
    truth = 0.3 * (with_theme - without)
    inside, beside = [], []
    for _ in range(worlds):
        row = impacts(world(random, people), ["A"], ["theme"], seed=1).row(0, named=True)
        inside.append(row["impact_low"] <= truth <= row["impact_high"])
        beside.append(row["effect_low"] <= truth <= row["effect_high"])
    assert 0.85 <= np.mean(inside) <= 0.95
    assert 0.85 <= np.mean(beside) <= 0.95
