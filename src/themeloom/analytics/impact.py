"""What a theme goes with in a score: leaving it out, and a regression beside it. Association, not cause."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from themeloom.analytics import intervals
from themeloom.analytics.answers import Answers
from themeloom.analytics.significance import Floats
from themeloom.analytics.voices import Codes, Mask

#: Nothing is said of a theme that fewer answers carry, or that fewer do not carry.
ENOUGH_ANSWERS = 10
#: How often people are drawn anew; fewer where so many answered that it changes nothing.
DRAWS, DRAWS_OF_MANY, MANY = 1000, 400, 20_000
#: How much coefficients are shrunk: about as if one more answer showed no difference. It keeps
#: themes that nearly always go together apart from absurd figures, and changes others little.
PENALTY = 1.0
_CHUNK = 4_000_000  # drawn people at once: 16 MB


def impacts(answers: Answers, ids: Sequence[str], levels: Sequence[str], seed: int) -> pl.DataFrame:
    """Return what each theme goes with in the score of all, by two formulas, with 90 % intervals.

    ``impact`` = score of all answers − score of the answers without the theme. Negative: the theme
    goes with lower scores. Themes overlap, so impacts do not add up. Its interval is that of the
    bootstrap: people, with all their answers, are drawn with replacement, and the 5th and 95th
    percentile of the impacts are taken (Efron and Tibshirani 1993, "An Introduction to the
    Bootstrap", 13; by clusters: Davison and Hinkley 1997, 3.8).

    ``effect`` = the theme's coefficient in a ridge regression of the score on all themes of its
    level × the share of answers that carry it: the same figure with the other themes held as they
    are. With a single theme and no shrinking both are equal, as score of all − score without =
    share × (score with − score without). See ``ridge``; its interval is that of a product:
    ± z √(share² · error(b)² + b² · error(share)²).

    Returns:
        ``theme_id``, ``score_kind``, ``impact``, ``impact_low``, ``impact_high``, ``effect``,
        ``effect_low``, ``effect_high``; themes under ``ENOUGH_ANSWERS`` are absent.
    """
    n = answers.points.size
    carrying = np.bincount(answers.theme, minlength=answers.themes)
    enough = np.flatnonzero((carrying >= ENOUGH_ANSWERS) & (n - carrying >= ENOUGH_ANSWERS))
    if enough.size == 0:
        return pl.DataFrame()
    column = np.full(answers.themes, -1)
    column[enough] = np.arange(enough.size)
    chosen = column[answers.theme] >= 0
    of_theme, answer = column[answers.theme[chosen]], answers.answer[chosen]
    without_n = n - carrying[enough]
    sums = np.bincount(of_theme, weights=answers.points[answer], minlength=enough.size)
    impact = answers.points.mean() - (answers.points.sum() - sums) / without_n
    low, high = _bootstrapped(answers, of_theme, answer, enough.size, seed)
    effect, error = np.full(answers.themes, np.nan), np.full(answers.themes, np.nan)
    ranked = np.array(levels)
    for level in sorted(set(levels)):
        wanted = np.flatnonzero((ranked == level) & (carrying > 0) & (carrying < n))
        if wanted.size:
            design = _design(answers, wanted)
            coefficient, deviation = ridge(design, answers.points, answers.person)
            share = carrying[wanted] / n
            effect[wanted] = coefficient * share
            error[wanted] = np.hypot(
                deviation * share, coefficient * _share_error(design, share, answers)
            )
    z = intervals.quantile()
    return pl.DataFrame(
        {
            "theme_id": pl.Series(ids, dtype=pl.String).gather(enough),
            "score_kind": pl.repeat(answers.kind, enough.size, dtype=pl.String, eager=True),
            "impact": impact,
            "impact_low": low,
            "impact_high": high,
            "effect": effect[enough],
            "effect_low": (effect - z * error)[enough],
            "effect_high": (effect + z * error)[enough],
        }
    )


def ridge(design: Floats, points: Floats, person: Codes) -> tuple[Floats, Floats]:
    """Return the coefficients of a ridge regression, in points, and their standard errors.

    b = (Z′Z + λI)⁻¹ Z′y with λ = ``PENALTY``, columns of ``design`` and ``points`` about their
    means (Hoerl and Kennard 1970, Technometrics 12): the intercept is not shrunk. Errors allow for
    people who answered more than once and for unequal spread: (Z′Z + λI)⁻¹ (Σ uₚu′ₚ) (Z′Z + λI)⁻¹ ·
    P/(P − 1) · n/(n − df), where uₚ = Σ z·e over the answers of a person (Liang and Zeger 1986,
    Biometrika 73) and df = 1 + Σ d²/(d² + λ), d² the eigenvalues of Z′Z. They leave out that
    shrinking draws towards 0.

    Args:
        design: answers × themes, 0 or 1.
        points: of each answer.
        person: of each answer, counted from 0.
    """
    n = points.size
    order = np.argsort(person, kind="stable")
    starts = np.flatnonzero(np.diff(person[order], prepend=-1))
    centred, y = design[order], points[order] - points.mean()
    centred -= centred.mean(axis=0)
    values, vectors = np.linalg.eigh(centred.T @ centred)
    values = np.maximum(values, 0)
    shrunk = values + PENALTY
    coefficient = vectors @ ((vectors.T @ (centred.T @ y)) / shrunk)
    freedom = 1 + float((values / shrunk).sum())
    left = y - centred @ coefficient
    centred *= left[:, None]
    of_person = np.add.reduceat(centred, starts, axis=0)
    people = starts.size
    inverse = (vectors / shrunk) @ vectors.T
    spread = inverse @ (of_person.T @ of_person) @ inverse
    correction = people / max(people - 1, 1) * n / max(n - freedom, 1)
    return coefficient, np.sqrt(np.maximum(np.diag(spread), 0) * correction)


def _share_error(design: Floats, share: Floats, answers: Answers) -> Floats:
    """Return the standard errors of shares of answers, by people: √(Σ uₚ²) ÷ n, uₚ = Σ (z − share)."""
    order = np.argsort(answers.person, kind="stable")
    starts = np.flatnonzero(np.diff(answers.person[order], prepend=-1))
    of_person = np.add.reduceat(design[order] - share, starts, axis=0)
    return np.sqrt((of_person**2).sum(axis=0)) / answers.points.size


def _bootstrapped(
    answers: Answers, of_theme: Codes, answer: Codes, themes: int, seed: int
) -> tuple[Floats, Floats]:
    """Return the 5th and 95th percentile of each theme's impact among redrawn people."""
    people, person = answers.people, answers.person
    n_of = np.bincount(person, minlength=people)
    sum_of = np.bincount(person, weights=answers.points, minlength=people)
    cell = person[answer] * themes + of_theme
    size = people * themes
    n_with = np.bincount(cell, minlength=size).reshape(people, themes)
    sum_with = np.bincount(cell, weights=answers.points[answer], minlength=size)
    parts = np.concatenate(
        [n_of[:, None], sum_of[:, None], n_with, sum_with.reshape(people, themes)], axis=1
    ).astype(np.float32)
    draws = DRAWS if people <= MANY else DRAWS_OF_MANY
    random = np.random.default_rng(seed)
    at_once = max(1, _CHUNK // people)
    totals = np.concatenate(
        [
            _weights(random, min(at_once, draws - done), people) @ parts
            for done in range(0, draws, at_once)
        ]
    ).astype(np.float64)
    n, total = totals[:, :1], totals[:, 1:2]
    left = n - totals[:, 2 : 2 + themes]
    some: Mask = left > 0
    without = np.divide(
        total - totals[:, 2 + themes :], left, out=np.full(left.shape, np.nan), where=some
    )
    tail = 50 * (1 - intervals.LEVEL)
    low, high = np.nanpercentile(total / n - without, [tail, 100 - tail], axis=0)
    return low, high


def _weights(random: np.random.Generator, draws: int, people: int) -> np.ndarray:
    """Return how often each person is drawn, for each draw (float32, draws × people)."""
    drawn = random.integers(0, people, size=(draws, people), dtype=np.int32)
    drawn += (np.arange(draws, dtype=np.int32) * people)[:, None]
    counts = np.bincount(drawn.ravel(), minlength=draws * people)
    return counts.reshape(draws, people).astype(np.float32)


def _design(answers: Answers, wanted: Codes) -> Floats:
    column = np.full(answers.themes, -1)
    column[wanted] = np.arange(wanted.size)
    chosen = column[answers.theme] >= 0
    design = np.zeros((answers.points.size, wanted.size))
    design[answers.answer[chosen], column[answers.theme[chosen]]] = 1
    return design
