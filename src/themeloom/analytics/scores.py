"""What the records of a theme scored: NPS, or the mean of other scales, always with n."""

import polars as pl

#: The scale on which Net Promoter Score is defined.
NPS = "nps"


def scores(membership: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """Return the score of the records of each theme, for each kind of score by itself.

    For ``nps``: value = 100 × (promoters − detractors) ÷ n, where promoters answered 9 or 10 and
    detractors 0 to 6 (Reichheld 2003, "The One Number You Need to Grow"). For all other kinds:
    value = mean. Only records with a score take part. It tells what those people scored, not what
    the theme does to the score.

    Returns:
        Columns ``theme_id``, ``score_kind``, ``n``, ``value``, ``promoters``, ``detractors`` (the
        last two are 0 for other kinds than ``nps``).
    """
    scored = records.select("record_id", "score_kind", "score").filter(
        pl.col("score").is_finite() & pl.col("score_kind").is_not_null()
    )
    joined = membership.select("theme_id", "record_id").unique().join(scored, on="record_id")
    return _summed(joined, "theme_id", "score_kind").sort("theme_id", "score_kind")


def overall_scores(records: pl.DataFrame) -> pl.DataFrame:
    """Return ``score_kind``, ``n``, ``value``, … of all ``records``, most frequent kind first.

    Formulas as in ``scores``.
    """
    scored = records.filter(pl.col("score").is_finite() & pl.col("score_kind").is_not_null())
    return _summed(scored, "score_kind").sort("n", "score_kind", descending=[True, False])


def _summed(scored: pl.DataFrame, *by: str) -> pl.DataFrame:
    is_nps = pl.col("score_kind") == NPS
    counted = scored.group_by(*by).agg(
        pl.len().cast(pl.Int64).alias("n"),
        (is_nps & (pl.col("score") >= 9)).sum().cast(pl.Int64).alias("promoters"),
        (is_nps & (pl.col("score") <= 6)).sum().cast(pl.Int64).alias("detractors"),
        pl.col("score").mean().alias("mean"),
    )
    nps = 100 * (pl.col("promoters") - pl.col("detractors")) / pl.col("n")
    return counted.with_columns(
        pl.when(is_nps).then(nps).otherwise(pl.col("mean")).alias("value")
    ).select(*by, "n", "value", "promoters", "detractors")
