"""What promoters speak of, and what detractors speak of."""

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from themeloom.analytics import intervals
from themeloom.analytics.answers import NPS
from themeloom.analytics.significance import association, benjamini_hochberg

if TYPE_CHECKING:
    from themeloom.analytics.numbers import ThemeNumbers

#: Promoters and detractors differ: the adjusted p is below this.
CHANCE = 0.10


def camps(numbers: "ThemeNumbers") -> pl.DataFrame:
    """Return for each theme its share among promoters and among detractors.

    ``promoter_share`` = promoters who speak of it ÷ all promoters, with Wilson's 90 % interval; the
    same for detractors. p: that both speak of it alike (``significance.association``), adjusted
    for all rows (Benjamini and Hochberg). It compares answers, not people.

    Returns:
        ``theme_id``, ``promoters``, ``promoter_base``, ``promoter_share``, ``promoter_low``,
        ``promoter_high``, the same five for ``detractor``, ``p``, ``p_adjusted``, ``mark``
        ("promoters", "detractors" or "": who speaks of it more); sorted by theme. No rows without
        NPS.
    """
    overall = numbers.overall.filter(pl.col("score_kind") == NPS)
    likes, dislikes = (
        int(overall[name].sum()) if overall.height else 0 for name in ("promoters", "detractors")
    )
    z = intervals.quantile()
    rows = numbers.scores.filter(pl.col("score_kind") == NPS).sort("theme_id")
    frame = rows.select(
        "theme_id",
        *_share("promoter", likes, z),
        *_share("detractor", dislikes, z),
    )
    both = rows["promoters"].to_numpy()
    of_theme = both + rows["detractors"].to_numpy()
    total = likes + dislikes
    comparable = (of_theme > 0) & (of_theme < total) & (likes > 0) & (dislikes > 0)
    p = np.full(rows.height, np.nan)
    if comparable.any():
        n = int(comparable.sum())
        p[comparable] = association(
            both[comparable], of_theme[comparable], np.full(n, likes), np.full(n, total)
        )
    frame = frame.with_columns(
        pl.Series("p", p), pl.Series("p_adjusted", benjamini_hochberg(p))
    ).with_columns(pl.col("p", "p_adjusted").fill_nan(None))
    surprising = pl.col("p_adjusted") < CHANCE
    return frame.with_columns(
        pl.when(surprising & (pl.col("promoter_share") > pl.col("detractor_share")))
        .then(pl.lit("promoters"))
        .when(surprising & (pl.col("promoter_share") < pl.col("detractor_share")))
        .then(pl.lit("detractors"))
        .otherwise(pl.lit(""))
        .alias("mark")
    )


def _share(camp: str, base: int, z: float) -> list[pl.Expr]:
    count, n = pl.col(f"{camp}s"), pl.lit(base, pl.Int64)
    low, high = intervals.wilson(count, n, z)
    return [
        count,
        n.alias(f"{camp}_base"),
        (count / pl.when(n > 0).then(n)).alias(f"{camp}_share"),
        low.alias(f"{camp}_low"),
        high.alias(f"{camp}_high"),
    ]
