"""Which records a period is about."""

from datetime import datetime, time, timedelta

import polars as pl

from themeloom.domain.periods import Period


def in_period(records: pl.DataFrame, period: Period | None) -> pl.DataFrame:
    """Return ``record_id`` of the records in ``period``; all of them without one.

    A duplicate goes with its original: one voice is in or out as a whole.

    Args:
        records: ``record_id``, ``duplicate_of``, ``date``.
        period: whole days; dates are compared as they stand in the project (UTC or local).
    """
    if period is None:
        return records.select("record_id")
    start = datetime.combine(period.first, time.min)
    end = datetime.combine(period.last + timedelta(days=1), time.min)
    original = pl.coalesce("duplicate_of", "record_id").alias("original")
    inside = records.filter((pl.col("date") >= start) & (pl.col("date") < end)).select("record_id")
    return (
        records.select("record_id", original)
        .join(inside, left_on="original", right_on="record_id", how="semi", maintain_order="left")
        .select("record_id")
    )
