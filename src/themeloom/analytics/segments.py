"""Who speaks of a theme more, or less, than all do: themes by any field of records and accounts."""

import json
from collections.abc import Mapping, Sequence
from typing import cast

import numpy as np
import polars as pl

from themeloom.analytics.accounts import account_key
from themeloom.analytics.significance import Floats, association, benjamini_hochberg
from themeloom.analytics.voices import Codes, Voices

#: A cell that neither holds nor would be expected to hold as many says nothing (Cochran 1954).
ENOUGH_IN_CELL = 5
#: More, or fewer: the adjusted p is below this.
CHANCE = 0.10
#: A segment with more values than these, or fewer records than so many for each of them, is none.
MOST_VALUES, RECORDS_PER_VALUE = 60, 3

Values = Mapping[str, pl.Series]


def segment_values(voices: Voices, accounts: pl.DataFrame) -> Values:
    """Return the values of each segment, one for each record in the period, null where not known.

    A record's own value comes before its account's.

    Args:
        voices: whose records.
        accounts: ACCOUNTS.
    """
    records = voices.records.filter(pl.Series(voices.inside)).select("segments_json", "account_key")
    own = _opened(records["segments_json"])
    sheet = accounts.select(account_key(accounts["account"]), "segments_json").drop_nulls()
    listed = records.select("account_key").join(
        sheet.unique("account_key", keep="first", maintain_order=True),
        on="account_key",
        how="left",
        maintain_order="left",
    )
    theirs = _opened(listed["segments_json"])
    found: dict[str, pl.Series] = {}
    for name in sorted({*own, *theirs}):
        told, listed_value = own.get(name), theirs.get(name)
        if told is not None and listed_value is not None:
            found[name] = told.zip_with(told.is_not_null(), listed_value)
        elif told is not None:
            found[name] = told
        elif listed_value is not None:
            found[name] = listed_value
    return found


def telling(values: Values) -> list[str]:
    """Return the segments that break numbers down, the best known first.

    A segment with one value, or with nearly as many values as records, is none.
    """
    known = {
        name: (one.drop_nulls().len(), one.drop_nulls().n_unique()) for name, one in values.items()
    }
    useful = [
        name
        for name, (n, distinct) in known.items()
        if 1 < distinct <= MOST_VALUES and distinct * RECORDS_PER_VALUE <= n
    ]
    return sorted(useful, key=lambda name: (-known[name][0], name))


def segment_shares(voices: Voices, values: Values, names: Sequence[str]) -> pl.DataFrame:
    """Return for each theme and value of each segment how many of the value's records speak of it.

    ``share`` = records of the theme with that value ÷ records with that value; ``overall`` =
    records of the theme ÷ all records whose value is known. p is that of
    ``significance.association``, adjusted for all cells of the segment at the same level of the
    tree (Benjamini and Hochberg). ``mark``: "few" where a cell neither holds nor would be expected
    to hold ``ENOUGH_IN_CELL`` records; else "more" or "fewer" where the adjusted p < ``CHANCE``.

    Returns:
        SEGMENT_SHARES of ``analytics.numbers``, of all themes with a record in the period.
    """
    inside = voices.inside[voices.record]
    theme = voices.theme[inside]
    record = (np.cumsum(voices.inside) - 1)[voices.record[inside]]
    spoken, theme = np.unique(theme, return_inverse=True)
    parts = [_cells(values[name], name, theme, record, spoken) for name in names if name in values]
    if not parts or spoken.size == 0:
        return pl.DataFrame()
    cells = pl.concat(parts)
    both, of_theme, base, total = (
        cells[name].to_numpy() for name in ("records", "of_theme", "base", "total")
    )
    p = association(both, of_theme, base, total)
    levels = pl.Series(voices.levels, dtype=pl.String).gather(cells["theme"])
    cells = cells.with_columns(pl.Series("p", p), levels.alias("level"))
    expected = pl.col("of_theme") * pl.col("base") / pl.col("total")
    surprising = pl.col("p_adjusted") < CHANCE
    return (
        cells.with_columns(_adjusted(cells))
        .with_columns(
            pl.Series(voices.ids, dtype=pl.String).gather(cells["theme"]).alias("theme_id"),
            (pl.col("records") / pl.col("base")).alias("share"),
            (pl.col("of_theme") / pl.col("total")).alias("overall"),
            pl.when(pl.max_horizontal("records", expected) < ENOUGH_IN_CELL)
            .then(pl.lit("few"))
            .when(surprising & (pl.col("records") > expected))
            .then(pl.lit("more"))
            .when(surprising & (pl.col("records") < expected))
            .then(pl.lit("fewer"))
            .otherwise(pl.lit(""))
            .alias("mark"),
        )
        .drop("of_theme", "total", "theme", "level")
    )


def _cells(
    values: pl.Series, name: str, theme: Codes, record: Codes, spoken: Codes
) -> pl.DataFrame:
    distinct = values.drop_nulls().unique().sort()
    code = values.replace_strict(
        distinct, range(distinct.len()), default=-1, return_dtype=pl.Int64
    ).to_numpy()
    size = (spoken.size, distinct.len())
    told = code[record] >= 0
    both = np.bincount(
        theme[told] * size[1] + code[record[told]], minlength=size[0] * size[1]
    ).reshape(size)
    base = np.bincount(code[code >= 0], minlength=size[1])
    return pl.DataFrame(
        {
            "theme": np.repeat(spoken, size[1]),
            "segment": pl.repeat(name, both.size, dtype=pl.String, eager=True),
            "value": pl.concat([distinct] * size[0]) if size[0] else distinct.clear(),
            "records": both.ravel(),
            "of_theme": np.repeat(both.sum(axis=1), size[1]),
            "base": np.tile(base, size[0]),
            "total": np.full(both.size, base.sum()),
        }
    )


def _adjusted(cells: pl.DataFrame) -> pl.Series:
    p: Floats = cells["p"].to_numpy()
    adjusted = np.full(p.shape, np.nan)
    family = cells.select(pl.struct("segment", "level").rank("dense")).to_series().to_numpy()
    for one in np.unique(family):
        adjusted[family == one] = benjamini_hochberg(p[family == one])
    return pl.Series("p_adjusted", adjusted)


def _opened(texts: pl.Series) -> dict[str, pl.Series]:
    """Return the values in JSON mappings by key, in the order of ``texts``."""
    distinct = texts.drop_nulls().unique()
    found: list[object] = json.loads(
        f"[{','.join(distinct)}]"
    )  # one call: a tenth faster than many
    rows = [
        cast(Mapping[str, object], one) if isinstance(one, dict) else dict[str, object]()
        for one in found
    ]
    place = texts.replace_strict(
        distinct, range(distinct.len()), default=None, return_dtype=pl.UInt32
    )
    return {
        key: _texts(key, [row.get(key) for row in rows]).gather(place)
        for key in sorted(set[str]().union(*rows))
    }


def _texts(name: str, values: list[object]) -> pl.Series:
    texts = [one if one is None or isinstance(one, str) else str(one) for one in values]
    return pl.Series(name, texts, dtype=pl.String).str.strip_chars().replace("", None)
