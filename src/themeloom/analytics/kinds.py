"""How often a theme occurs, within each kind of source: kinds are never pooled."""

import numpy as np
import polars as pl

from themeloom.analytics import intervals
from themeloom.analytics.voices import Codes, Mask, Voices


def kind_shares(voices: Voices, *, compared: bool) -> pl.DataFrame:
    """Return for each theme and kind of source how many of that kind's records speak of it.

    ``share`` = records of the theme in that kind ÷ records of that kind that say something. A
    thousand tickets would drown six interviews: there is no share of all kinds together.

    Args:
        voices: whose records.
        compared: whether there is a period before, to fill ``share_before`` from.

    Returns:
        KIND_SHARES of ``analytics.numbers``; pairs without a record, now or before, are absent.
    """
    kinds = voices.records["kind"].unique().sort()  # in the order of their numbers
    of_record = voices.column("kind")
    size = (len(voices.ids), len(kinds))
    cell = voices.theme * len(kinds) + of_record[voices.record]

    def table(chosen: Mask) -> tuple[Codes, Codes]:
        counts = np.bincount(cell[chosen[voices.record]], minlength=size[0] * size[1])
        return counts.reshape(size), np.bincount(of_record[chosen], minlength=size[1])

    counts, bases = table(voices.inside)
    earlier, bases_before = table(voices.before)
    theme, kind = np.nonzero(counts + earlier if compared else counts)
    low, high = intervals.wilson(pl.col("records"), pl.col("base"), intervals.quantile())
    before = pl.col("_before") / pl.when(pl.col("_base") > 0).then("_base")
    return pl.DataFrame(
        {
            "theme_id": pl.Series(voices.ids, dtype=pl.String).gather(theme),
            "kind": kinds.gather(kind),
            "records": counts[theme, kind],
            "base": bases[kind],
            "_before": earlier[theme, kind],
            "_base": bases_before[kind],
        }
    ).with_columns(
        (pl.col("records") / pl.when(pl.col("base") > 0).then("base")).alias("share"),
        low.alias("low"),
        high.alias("high"),
        (before if compared else pl.lit(None, pl.Float64)).alias("share_before"),
    )
