"""Which records are copies of another one, as things stand now.

An import says it of the records that it brings. Later the original may be corrected or its source
removed, and a file in another order may take the copy for the original.
"""

from collections.abc import Iterable
from typing import Any

import polars as pl

from themeloom.base.folding import fold_series


def with_originals(records: pl.DataFrame, versions: pl.DataFrame, shown: pl.Series) -> pl.DataFrame:
    """Return ``records`` with ``duplicate_of`` as it holds now.

    Of records that came to be copies of each other, those that still say the same are the same.
    The one that said it in an earlier import is the original, else the one that is known longer:
    what people decided is about its excerpts.

    Args:
        records: ``record_id``, ``duplicate_of`` and others.
        versions: ``record_id``, ``rid``, ``batch`` and ``text``: all versions of those that are
            copies or have some, also of removed sources.
        shown: ``rid`` of the versions that are visible.
    """
    copies = records.select("record_id", "duplicate_of").drop_nulls()
    together = pl.DataFrame(
        list(_components(copies.iter_rows()).items()),
        schema={"record_id": pl.String, "together": pl.String},
        orient="row",
    )
    said = _said(versions).with_columns(
        pl.col("batch").min().over("record_id", "said"),
        known=pl.col("rid").min().over("record_id"),
    )
    same = (
        said.filter(pl.col("rid").is_in(shown.implode()))
        .join(together, on="record_id")
        .sort("batch", "known")
        .with_columns(original=pl.col("record_id").first().over("together", "said"))
        .select("record_id", pl.when(pl.col("original") != pl.col("record_id")).then("original"))
    )
    return (
        records.join(same, on="record_id", how="left", maintain_order="left")
        .with_columns(duplicate_of="original")
        .drop("original")
    )


def _said(records: pl.DataFrame) -> pl.DataFrame:
    """Replace ``text`` by ``said``: its letters and digits, as copies are found by."""
    plain = fold_series(records["text"]).str.replace_all(r"[^\p{L}\p{M}\p{N}]+", " ")
    return records.select(pl.exclude("text"), said=plain.str.strip_chars())


def _components(pairs: Iterable[tuple[Any, ...]]) -> dict[str, str]:
    """Return a name of its component for each end of ``pairs``."""
    above: dict[str, str] = {}

    def top(one: str) -> str:
        while (higher := above.setdefault(one, one)) != one:
            above[one] = above[higher]
            one = higher
        return one

    for copy, original in pairs:
        above[top(copy)] = top(original)
    return {one: top(one) for one in above}
