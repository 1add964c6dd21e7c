"""What charts are made of: the numbers, and the themes to show."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from themeloom.analytics.numbers import ThemeNumbers
from themeloom.base.figures import counted


@dataclass(frozen=True)
class Shown:
    """The numbers, and the themes to show: ``theme_id``, ``title``, ``color``, ``records``; largest first."""

    numbers: ThemeNumbers
    themes: pl.DataFrame

    @property
    def left_out(self) -> str:
        """A sentence about competitors, "" where there are none."""
        n = self.numbers.competitors
        said = counted(n, "record about a competitor is", "records about competitors are")
        return f"{said} left out." if n else ""


def shown(numbers: ThemeNumbers, themes: pl.DataFrame, ids: Sequence[str]) -> Shown:
    """Return those of the themes ``ids`` that any record speaks of.

    Args:
        numbers: of all themes.
        themes: ``theme_id``, ``title``, ``color``.
        ids: of the themes to show.
    """
    chosen = themes.filter(pl.col("theme_id").is_in(list(ids)))
    return Shown(
        numbers,
        chosen.select("theme_id", "title", "color")
        .join(numbers.reach.select("theme_id", "records"), on="theme_id")
        .sort("records", "theme_id", descending=[True, False]),
    )
