"""Distinct texts of the excerpts, in an order that does not depend on the order of the rows."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from themeloom.base.text import fold_series, word_count
from themeloom.engine.vectors import text_hashes

_FEW_EXCERPTS = 6


@dataclass(frozen=True)
class Distinct:
    """The distinct texts of ``m`` excerpts.

    Attributes:
        texts: n texts in the spelling that is first by its letters, whichever excerpt has it.
        contexts: the subject of each, or "".
        readings: n texts as the encoder reads them: with their context before them.
        of: int64 (m,): the distinct text of each excerpt.
        first: int64 (n,): the excerpt (row) that ``texts`` came from.
        weights: float64 (n,): how many excerpts have it.
        words: int64 (n,): number of words; 0 where there is not a letter.
        records: int64 (n,): a number for the record that ``first`` belongs to.
    """

    texts: list[str]
    contexts: list[str]
    readings: list[str]
    of: NDArray[np.int64]
    first: NDArray[np.int64]
    weights: NDArray[np.float64]
    words: NDArray[np.int64]
    records: NDArray[np.int64]


def distinct_texts(excerpts: pl.DataFrame) -> Distinct:
    """Return the distinct texts of ``excerpts`` (EXCERPTS columns), ordered by their hash.

    Texts that differ in case and spaces only are one; the same text under another subject is not.
    A subject tells what a ticket's few excerpts are about; the title of a long talk does not.
    """
    short = pl.len().over("record_id") <= _FEW_EXCERPTS
    frame = excerpts.select(
        pl.col("text").fill_null(""),
        pl.when(short).then(pl.col("context")).fill_null("").alias("context"),
        pl.col("excerpt_id"),
        pl.col("record_id").rank("dense").cast(pl.Int64).alias("record"),
        pl.int_range(pl.len()).alias("row"),
    )
    readings = [
        f"{context.rstrip('.!?: ')}. {text}" if context else text
        for context, text in frame.select("context", "text").iter_rows()
    ]
    folded = fold_series(pl.Series("folded", readings))
    frame = frame.with_columns(
        pl.Series("reading", readings),
        pl.Series("hash", text_hashes(folded.to_list())),
    ).sort("hash", "reading", "text", "excerpt_id")
    first = frame.group_by("hash", maintain_order=True).first()
    hashes = first["hash"].to_numpy()
    row_hashes = frame.sort("row")["hash"].to_numpy()
    of = np.searchsorted(hashes, row_hashes).astype(np.int64)
    return Distinct(
        texts=first["text"].to_list(),
        contexts=first["context"].to_list(),
        readings=first["reading"].to_list(),
        of=of,
        first=first["row"].to_numpy().astype(np.int64),
        weights=np.bincount(of, minlength=len(hashes)).astype(np.float64),
        words=first.select(
            pl.when(pl.col("text").str.contains(r"\p{L}"))
            .then(word_count(pl.col("text")))
            .otherwise(0)
        )
        .to_series()
        .to_numpy()
        .astype(np.int64),
        records=first["record"].to_numpy(),
    )
