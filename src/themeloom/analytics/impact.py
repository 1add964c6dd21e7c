"""What a theme goes with in a score: leaving it out, and a regression beside it. Association, not cause."""

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from themeloom.analytics import intervals
from themeloom.analytics.answers import Answers
from themeloom.analytics.significance import Floats
from themeloom.analytics.voices import Codes, Mask

Weights = NDArray[np.float32]

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
    of_theme, answer = _chosen(answers, enough)
    without_n = n - carrying[enough]
    sums = np.bincount(of_theme, weights=answers.points[answer], minlength=enough.size)
    impact = answers.points.mean() - (answers.points.sum() - sums) / without_n
    low, high = _bootstrapped(answers, of_theme, answer, enough.size, seed)
    effect, error = np.full(answers.themes, np.nan), np.full(answers.themes, np.nan)
    ranked = np.array(levels)
    for level in sorted(set(levels)):
        wanted = np.flatnonzero((ranked == level) & (carrying > 0) & (carrying < n))
        if wanted.size:
            coefficient, deviation = ridge(answers, wanted)
            share = carrying[wanted] / n
            effect[wanted] = coefficient * share
            error[wanted] = np.hypot(deviation * share, coefficient * _share_error(answers, wanted))
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


def ridge(answers: Answers, themes: Codes) -> tuple[Floats, Floats]:
    """Return the coefficients of a ridge regression on ``themes``, in points, and their errors.

    b = (Z′Z + λI)⁻¹ Z′y with λ = ``PENALTY``; Z has a row for each answer and a column for each
    theme, 1 where the answer carries it; its columns and the points y are about their means (Hoerl
    and Kennard 1970, Technometrics 12): the intercept is not shrunk. Standard errors allow for
    people who answered more than once and for unequal spread: (Z′Z + λI)⁻¹ (Σ uₚu′ₚ)
    (Z′Z + λI)⁻¹ · P/(P − 1) · n/(n − df), where uₚ = Σ z·e over the answers of a person (Liang and
    Zeger 1986, Biometrika 73) and df = 1 + Σ d²/(d² + λ), d² the eigenvalues of Z′Z. They leave
    out that shrinking draws towards 0.
    """
    n, size = answers.points.size, themes.size
    of_theme, answer = _chosen(answers, themes)
    carrying = np.bincount(of_theme, minlength=size)
    share = carrying / n
    design = np.zeros((n, size), np.float32)  # whole numbers: exact up to 16 million
    design[answer, of_theme] = 1
    y = answers.points - answers.points.mean()
    values, vectors = np.linalg.eigh(
        (design.T @ design).astype(np.float64) - n * np.outer(share, share)
    )
    values = np.maximum(values, 0)
    shrunk = values + PENALTY
    pull = np.bincount(of_theme, weights=y[answer], minlength=size)  # Z′y, as y is about its mean
    coefficient = vectors @ ((vectors.T @ pull) / shrunk)
    freedom = 1 + float((values / shrunk).sum())
    fitted = np.bincount(answer, weights=coefficient[of_theme], minlength=n) - share @ coefficient
    left = y - fitted
    pushed = _by_person(answers, of_theme, answer, left[answer], size)
    pushed -= np.outer(np.bincount(answers.person, weights=left, minlength=answers.people), share)
    inverse = (vectors / shrunk) @ vectors.T
    spread = inverse @ (pushed.T @ pushed) @ inverse
    correction = answers.people / max(answers.people - 1, 1) * n / max(n - freedom, 1)
    return coefficient, np.sqrt(np.maximum(np.diag(spread), 0) * correction)


def _share_error(answers: Answers, themes: Codes) -> Floats:
    """Return the standard errors of shares of answers, by people: √(Σ uₚ²) ÷ n, uₚ = Σ (z − share)."""
    n = answers.points.size
    of_theme, answer = _chosen(answers, themes)
    off = _by_person(answers, of_theme, answer, np.ones(answer.size), themes.size)
    share = off.sum(axis=0) / n
    answered = np.bincount(answers.person, minlength=answers.people)
    away: Floats = off - answered[:, None] * share
    return np.sqrt((away**2).sum(axis=0)) / n


def _chosen(answers: Answers, themes: Codes) -> tuple[Codes, Codes]:
    """Return the pairs of theme and answer of ``themes``, which are numbered anew."""
    column = np.full(answers.themes, -1)
    column[themes] = np.arange(themes.size)
    of_theme = column[answers.theme]
    chosen = of_theme >= 0
    return of_theme[chosen], answers.answer[chosen]


def _by_person(
    answers: Answers, of_theme: Codes, answer: Codes, weights: Floats, themes: int
) -> Floats:
    """Return the sums of ``weights`` by person and theme."""
    cell = answers.person[answer] * themes + of_theme
    sums = np.bincount(cell, weights=weights, minlength=answers.people * themes)
    return sums.astype(np.float64, copy=False).reshape(answers.people, themes)


def _bootstrapped(
    answers: Answers, of_theme: Codes, answer: Codes, themes: int, seed: int
) -> tuple[Floats, Floats]:
    """Return the 5th and 95th percentile of each theme's impact among redrawn people."""
    people, person = answers.people, answers.person
    n_of = np.bincount(person, minlength=people)
    sum_of = np.bincount(person, weights=answers.points, minlength=people)
    n_with = _by_person(answers, of_theme, answer, np.ones(answer.size), themes)
    sum_with = _by_person(answers, of_theme, answer, answers.points[answer], themes)
    parts = np.concatenate([n_of[:, None], sum_of[:, None], n_with, sum_with], axis=1)
    parts = parts.astype(np.float32)
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


def _weights(random: np.random.Generator, draws: int, people: int) -> Weights:
    """Return how often each person is drawn, for each draw (draws × people)."""
    weights = np.empty((draws, people), np.float32)
    for row in weights:  # one draw fits into the processor's cache
        row[:] = np.bincount(random.integers(0, people, people), minlength=people)
    return weights
