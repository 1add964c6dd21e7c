"""Which excerpt of a corrected record goes on which excerpt of its older version."""

from collections import Counter
from collections.abc import Iterator, Sequence

import polars as pl

_SAME = 0.5  # share of the words of the longer text that makes it the same excerpt

_REACH = 50  # changed excerpts further on or back that are compared: talks have a thousand

#: Id, words and number of words of an excerpt.
_Words = tuple[str, "Counter[str]", int]


def continued(new: pl.DataFrame, older: pl.DataFrame) -> pl.DataFrame:
    """Return ``new`` with ``origin``, and with the ordinals of what each excerpt goes on.

    The same text of the same record is the same excerpt, wherever it stands now; else the one with
    which it shares most words, half of the longer one at least. An excerpt that goes on nothing is
    its own origin and gets an ordinal that the older version has not: an id never comes to mean
    another text, for people's decisions, chosen quotes and exported files name excerpts by it.

    Args:
        new: EXCERPTS and ``eid``, the excerpts of whole records in their order.
        older: ``record_id``, ``excerpt_id``, ``ordinal``, ``text`` and ``origin`` of the older
            versions of some of these records, in their order.
    """
    if older.is_empty():
        return new.with_columns(origin="eid")
    turn = pl.int_range(pl.len()).over("record_id", "text").alias("turn")
    same = (
        new.with_columns(turn)
        .join(older.with_columns(turn), on=["record_id", "text", "turn"], suffix="_older")
        .select("excerpt_id", older="excerpt_id_older")
    )
    near = _near(
        new.join(older, on="record_id", how="semi", maintain_order="left").join(
            same, on="excerpt_id", how="anti", maintain_order="left"
        ),
        older.join(same, left_on="excerpt_id", right_on="older", how="anti", maintain_order="left"),
    )
    goes_on = pl.concat([same, near]).join(
        older.select("excerpt_id", "origin", was="ordinal"), left_on="older", right_on="excerpt_id"
    )
    found = (
        new.join(goes_on.drop("older"), on="excerpt_id", how="left", maintain_order="left")
        .join(
            older.group_by("record_id").agg(last=pl.col("ordinal").max()),
            on="record_id",
            how="left",
            maintain_order="left",
        )
        .with_columns(origin=pl.coalesce("origin", "eid"))
    )
    fresh = pl.col("last") + pl.col("was").is_null().cum_sum().over("record_id")
    return found.with_columns(ordinal=pl.coalesce("was", fresh, "ordinal")).drop("was", "last")


def _near(new: pl.DataFrame, older: pl.DataFrame) -> pl.DataFrame:
    """Return ``excerpt_id`` and ``older``, its id: pairs that share most words, the nearest first."""
    before = dict(_by_record(older))
    pairs: list[tuple[str, str]] = []
    for record_id, now in _by_record(new):
        pairs += _paired(now, before.get(record_id, []))
    schema = {"excerpt_id": pl.String, "older": pl.String}
    return pl.DataFrame(pairs, schema=schema, orient="row")


def _by_record(excerpts: pl.DataFrame) -> Iterator[tuple[str, list[_Words]]]:
    for (record_id,), part in excerpts.select("record_id", "excerpt_id", "text").group_by(
        "record_id", maintain_order=True
    ):
        rows = part.select("excerpt_id", "text").iter_rows()
        yield str(record_id), [_words(one, text) for one, text in rows]


def _words(excerpt_id: str, text: str) -> _Words:
    counts = Counter(text.casefold().split())
    return excerpt_id, counts, counts.total()


def _paired(new: Sequence[_Words], older: Sequence[_Words]) -> Iterator[tuple[str, str]]:
    scored: list[tuple[float, int, int]] = []
    for row, (_, now, length) in enumerate(new):
        first = max(row - _REACH, 0)
        for column, (_, then, before) in enumerate(older[first : row + _REACH + 1], first):
            longer = max(length, before, 1)
            if min(length, before) < _SAME * longer:
                continue
            share = (now & then).total() / longer
            if share >= _SAME:
                scored.append((-share, row, column))
    rows: set[int] = set()
    columns: set[int] = set()
    for _, row, column in sorted(scored):
        if row not in rows and column not in columns:
            rows.add(row)
            columns.add(column)
            yield new[row][0], older[column][0]
