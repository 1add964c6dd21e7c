"""Who speaks of what, and when: one look at the project from which all numbers are counted.

Rows and themes are numbers here, counted from 0: joins and counts of numbers take a tenth of the
time that those of texts take.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from themeloom.analytics.accounts import account_key
from themeloom.analytics.counts import (
    about_competitors,
    ancestors,
    answering,
    coverage,
    in_base,
)
from themeloom.domain.periods import Period

Codes = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Voices:
    """Records about us that say something, and the themes that they speak of.

    A theme holds what stands below it. A duplicate is not here: its original speaks for it.
    Records after the end of the period are not here either; without a date they are where there is
    no period.

    Attributes:
        records: in the order of their numbers: ``kind``, ``day``, ``person_key`` (blank is null),
            ``account``, ``account_key``, ``score``, ``score_kind``, ``segments_json``.
        ids: theme ids; a theme's number is its place.
        levels: of the themes, in the same order.
        theme: numbers of themes, one for each pair of theme and record, sorted.
        record: numbers of records, beside ``theme``.
        excerpts: how many excerpts of the record speak of the theme, beside ``theme``.
        inside: for each record, whether it is in the period; all of them without one.
        before: for each record, whether it is in the period before.
        first: day of the first record; None where no record has one.
        last: day of the last record, whether about the period or after it.
        undated: how many records have no date.
        places: for each record its place among those that were given.
    """

    records: pl.DataFrame
    ids: tuple[str, ...]
    levels: tuple[str, ...]
    theme: Codes
    record: Codes
    excerpts: Codes
    inside: Mask
    before: Mask
    first: date | None
    last: date | None
    undated: int
    places: Codes

    def counts(self, chosen: Mask) -> Codes:
        """Return for each theme how many of the ``chosen`` records (a mask) speak of it."""
        return np.bincount(self.theme[chosen[self.record]], minlength=len(self.ids))

    def column(self, name: str) -> Codes:
        """Return the values of a column of the records as numbers from 0; −1 where it is null."""
        return _numbered(self.records[name])


@dataclass(frozen=True)
class Apart:
    """What is counted apart: it enters none of the other numbers.

    Attributes:
        competitors: how many records in the period are about competitors.
        of_theme: for each theme how many of those speak of it.
        coverage: share of excerpts in the period, of records about us, that carry a theme.
    """

    competitors: int
    of_theme: Codes
    coverage: float


def hear(
    records: pl.DataFrame,
    excerpts: pl.DataFrame,
    assignments: pl.DataFrame,
    themes: pl.DataFrame,
    sources: pl.DataFrame,
    period: Period | None,
    before: Period | None,
) -> tuple[Voices, Apart]:
    """Return who speaks of what, and what is counted apart. Frames are those of ``Basis``."""
    said = (
        answering(records.with_row_index("given"))
        .select(
            "record_id",
            pl.col("given").cast(pl.Int64),
            pl.col("kind").fill_null("other"),
            pl.col("date").dt.date().alias("day"),
            pl.when(pl.col("person_key").str.strip_chars() != "")
            .then("person_key")
            .alias("person_key"),
            "account",
            "score",
            "score_kind",
            "segments_json",
            about_competitors(sources).alias("rival"),
        )
        .with_row_index("row")
        .with_columns(pl.col("row").cast(pl.Int64))
    )
    ids = themes["theme_id"].unique().sort()
    pairs = _pairs(said, excerpts, assignments, themes, ids)
    inside, earlier = _within(said["day"], period), _within(said["day"], before)
    if before is None:
        earlier = np.zeros(said.height, np.bool_)
    rival = said["rival"].to_numpy()
    theme, record, n = (pairs[name].to_numpy() for name in ("theme", "row", "excerpts"))
    apart = Apart(
        competitors=int((rival & inside).sum()),
        of_theme=np.bincount(theme[(rival & inside)[record]], minlength=len(ids)),
        coverage=_coverage(
            said.filter(pl.lit(inside & ~rival)).select("record_id"), excerpts, assignments
        ),
    )
    past = inside | earlier
    if period:
        past |= (said["day"] <= period.last).fill_null(False).to_numpy()
    kept = past & ~rival
    ours = said.filter(pl.lit(~rival))
    number = np.cumsum(kept) - 1
    chosen = kept[record]
    levels = dict(themes.select("theme_id", "level").iter_rows())
    return (
        Voices(
            records=said.filter(pl.lit(kept)).select(
                "kind",
                "day",
                "person_key",
                "account",
                _account_keys(said["account"]).filter(pl.Series(kept)),
                "score",
                "score_kind",
                "segments_json",
            ),
            ids=tuple(ids),
            levels=tuple(levels[theme_id] or "" for theme_id in ids),
            theme=theme[chosen],
            record=number[record[chosen]],
            excerpts=n[chosen],
            inside=inside[kept],
            before=earlier[kept],
            first=_day(ours["day"].min()),
            last=_day(ours["day"].max()),
            undated=ours["day"].null_count(),
            places=said["given"].to_numpy()[kept],
        ),
        apart,
    )


def _pairs(
    said: pl.DataFrame,
    excerpts: pl.DataFrame,
    assignments: pl.DataFrame,
    themes: pl.DataFrame,
    ids: pl.Series,
) -> pl.DataFrame:
    """Return ``theme``, ``row``, ``excerpts``: one row for each theme and record that speaks of it."""
    code = pl.DataFrame({"theme_id": ids}).with_row_index("theme")
    above = (
        ancestors(themes)
        .join(code.rename({"theme": "own"}), on="theme_id")
        .join(code, left_on="ancestor_id", right_on="theme_id")
        .select("own", pl.col("theme").cast(pl.Int64))
    )
    pieces = (
        excerpts.select("excerpt_id", "record_id")
        .with_row_index("piece")
        .join(said.select("record_id", "row"), on="record_id")
    )
    return (
        assignments.select("excerpt_id", "theme_id")
        .join(code.rename({"theme": "own"}), on="theme_id")
        .join(pieces.select("excerpt_id", "piece", "row"), on="excerpt_id")
        .select("own", "piece", "row")
        .join(above, on="own")
        .group_by("theme", "row")
        .agg(pl.col("piece").n_unique().cast(pl.Int64).alias("excerpts"))
        .sort("theme", "row")
    )


def _coverage(chosen: pl.DataFrame, excerpts: pl.DataFrame, assignments: pl.DataFrame) -> float:
    return coverage(in_base(excerpts).join(chosen, on="record_id", how="semi"), assignments)


def _within(days: pl.Series, period: Period | None) -> Mask:
    if period is None:
        return np.ones(days.len(), np.bool_)
    return days.is_between(period.first, period.last).fill_null(False).to_numpy()


def _account_keys(names: pl.Series) -> pl.Series:
    """Return the names as keys; each distinct one is folded once."""
    distinct = names.unique()
    return names.replace_strict(
        distinct, account_key(distinct), default=None, return_dtype=pl.String
    ).rename("account_key")


def _numbered(values: pl.Series) -> Codes:
    return (values.rank("dense").cast(pl.Int64) - 1).fill_null(-1).to_numpy()


def _day(found: object) -> date | None:
    return found if isinstance(found, date) else None
