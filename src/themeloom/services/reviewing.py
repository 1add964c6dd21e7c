"""Which excerpts a person should look at, in which order, and how many are enough."""

import polars as pl

from themeloom.domain.themes import Level
from themeloom.services.view import View

#: Excerpts of each theme that a person should have seen before the numbers go out.
PER_THEME = 3


def review_order(view: View, theme_ids: frozenset[str] | None = None) -> list[int]:
    """Return the inner numbers of the excerpts to review, least certain first.

    Certainty is the place of an excerpt's similarity within its own theme, so that themes take
    turns: the least certain of each theme, then the next of each. Reviewed excerpts, and those
    without a theme, are left out.

    Args:
        view: the project.
        theme_ids: only these themes, None for all.
    """
    waiting = view.excerpts.filter(pl.col("theme_id").is_not_null() & ~pl.col("reviewed"))
    if theme_ids is not None:
        waiting = waiting.filter(pl.col("theme_id").is_in(list(theme_ids)))
    return (
        waiting.with_columns(
            turn=pl.col("similarity").rank("ordinal").over("theme_id"),
            size=pl.len().over("theme_id"),
        )
        .sort("turn", "size", "theme_id", "excerpt", descending=[False, True, False, False])[
            "excerpt"
        ]
        .to_list()
    )


def review_goal(view: View) -> tuple[int, int]:
    """Return how many excerpts were reviewed of how many that should be.

    The goal is ``PER_THEME`` for each theme, or all of a smaller one; more reviews of one theme do
    not make up for another.
    """
    themes = view.themes.filter(pl.col("level") == Level.THEME)
    if themes.is_empty():
        return 0, 0
    wanted = pl.min_horizontal(pl.col("excerpts"), pl.lit(PER_THEME))
    sums = themes.select(
        done=pl.min_horizontal(pl.col("reviewed"), wanted).sum(), goal=wanted.sum()
    ).row(0)
    return int(sums[0]), int(sums[1])
