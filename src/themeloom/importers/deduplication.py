"""What is known already, and what says exactly the same as something else."""

import polars as pl

from themeloom.base.text import word_count
from themeloom.domain.frames import Schema

#: What duplicate-finding needs to know of the records that the project has.
EXISTING: Schema = {
    "record_id": pl.String,
    "content_hash": pl.String,
    "text": pl.String,
    "person_key": pl.String,
    "date": pl.Datetime("us"),
    "score": pl.Float64,
    "account": pl.String,
    "non_answer": pl.Boolean,
    "duplicate_of": pl.String,
    "file": pl.String,
}

_LONG = 12  # words: nobody writes that many in the same order by chance
_MEDIUM = 6  # words: nor does one person


def folded(text: pl.Expr) -> pl.Expr:
    """Return ``text`` in lower case, letters and digits only, words parted by one space.

    A text without letters and digits (an emoji) stays as it is, trimmed.
    """
    lower = text.str.to_lowercase()
    plain = (
        # Most texts are ASCII, and for them a plain class is several times faster.
        pl.when(text.str.len_bytes() == text.str.len_chars())
        .then(lower.str.replace_all(r"[^a-z0-9]+", " "))
        .otherwise(
            lower.str.normalize("NFKC")
            .str.to_lowercase()
            .str.replace_all(r"[^\p{L}\p{N}\p{M}]+", " ")
        )
        .str.strip_chars()
    )
    return pl.when(plain.str.len_bytes() > 0).then(plain).otherwise(text.str.strip_chars())


def mark_known(records: pl.DataFrame, existing: pl.DataFrame | None) -> pl.DataFrame:
    """Return ``records`` with Boolean columns ``known`` (by record_id) and ``unchanged``."""
    if existing is None or existing.is_empty():
        return records.with_columns(
            pl.lit(value=False).alias("known"), pl.lit(value=False).alias("unchanged")
        )
    hashes = existing.select(
        "record_id", pl.col("content_hash").fill_null("").alias("known_hash")
    ).unique("record_id", keep="last")
    return (
        records.join(hashes, on="record_id", how="left", maintain_order="left")
        .with_columns(
            pl.col("known_hash").is_not_null().alias("known"),
            (pl.col("known_hash") == pl.col("content_hash"))
            .fill_null(value=False)
            .alias("unchanged"),
        )
        .drop("known_hash")
    )


def mark_duplicates(records: pl.DataFrame, existing: pl.DataFrame | None) -> pl.DataFrame:
    """Return ``records`` with ``duplicate_of`` filled where the same was said before.

    Two records with the same folded text are the same when they have 12 words or more; when they
    have 6 or more and the same person (unknown counts as the same); else when person, date, score
    and account are the same and the person is known or the date has a time of day. Non-answers
    are never duplicates. The original is what the project has, else the record that stands first;
    records that update known ones (column ``known``) go before new ones.

    Args:
        records: RECORDS with ``known`` of ``mark_known``, in the order of the file.
        existing: EXISTING, or None.
    """
    order = pl.int_range(pl.len(), dtype=pl.Int64)
    own = records.select(
        *(pl.col(name) for name in EXISTING if name != "duplicate_of"),
        pl.when(pl.col("known")).then(1).otherwise(2).alias("rank"),
        order.alias("at"),
    )
    pool = own
    if existing is not None and not existing.is_empty():
        before = (
            existing.filter(pl.col("duplicate_of").is_null())
            .join(own, on="record_id", how="anti", maintain_order="left")
            .select(
                *(pl.col(name) for name in EXISTING if name != "duplicate_of"),
                pl.lit(0).alias("rank"),
                order.alias("at"),
            )
        )
        pool = pl.concat([before, own], how="vertical_relaxed")
    keyed = (
        pool.filter(~pl.col("non_answer").fill_null(value=False))
        .with_columns(folded(pl.col("text")).alias("folded"))
        .filter(pl.col("folded").is_duplicated())
        .with_columns(_key().alias("key"))
        .filter(pl.col("key").is_not_null())
        .sort("rank", "at")
    )
    originals = keyed.with_columns(pl.col("record_id").first().over("key").alias("original"))
    copies = originals.filter(
        (pl.col("rank") > 0) & (pl.col("original") != pl.col("record_id"))
    ).select("record_id", "original")
    return (
        records.drop("duplicate_of")
        .join(copies, on="record_id", how="left", maintain_order="left")
        .rename({"original": "duplicate_of"})
        .select(records.columns)
    )


def _key() -> pl.Expr:
    """What two records must share to be the same; null where nothing makes them so."""
    words = word_count(pl.col("folded"))
    person = pl.col("person_key").fill_null("")
    timed = pl.col("date").dt.time() != pl.time(0, 0, 0)
    all_told = pl.concat_str(
        pl.col("folded"),
        person,
        pl.col("date").cast(pl.String).fill_null(""),
        pl.col("score").cast(pl.String).fill_null(""),
        pl.col("account").fill_null("").str.to_lowercase(),
        separator="\x1f",
    )
    return (
        pl.when(words >= _LONG)
        .then(pl.col("folded"))
        .when(words >= _MEDIUM)
        .then(pl.concat_str(pl.col("folded"), person, separator="\x1f"))
        .when(pl.col("person_key").is_not_null() | timed.fill_null(value=False))
        .then(all_told)
    )
