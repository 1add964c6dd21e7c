"""Whom a theme reaches: people, accounts and what those accounts pay, each with what is known."""

import numpy as np
import polars as pl

from themeloom.analytics.accounts import account_key
from themeloom.analytics.voices import Apart, Codes, Voices


def reached(
    voices: Voices, apart: Apart, accounts: pl.DataFrame, *, compared: bool
) -> pl.DataFrame:
    """Return how many records, people and accounts stand behind each theme.

    ``people`` = distinct ``person_key``; ``people_known`` = records of the theme whose person is
    known (so ``people_known`` of ``records`` is the base of ``people``). The same for accounts,
    which are compared without regard to case and spacing. ``revenue`` = sum of the yearly revenue
    of those distinct accounts for which the accounts sheet has a figure; ``revenue_known`` of
    ``accounts`` says how many those are. An account listed twice counts with its first row.

    Args:
        voices: whose records.
        apart: what is counted apart.
        accounts: ACCOUNTS.
        compared: whether there is a period before, to count ``records_before`` in.

    Returns:
        REACH of ``analytics.numbers``; themes without a record are absent.
    """
    inside = voices.inside[voices.record]
    theme, record = voices.theme[inside], voices.record[inside]
    keys = voices.records["account_key"].drop_nulls().unique().sort()
    account = _codes(voices.records["account_key"], keys)
    person = voices.column("person_key")
    kind = voices.column("kind")
    size = len(voices.ids)
    of_account = _distinct(theme, account[record])
    revenues = _revenues(accounts, keys)
    paid = revenues[of_account[1]]
    known = ~np.isnan(paid)
    paying = of_account[0][known]
    count_known = np.bincount(paying, minlength=size)
    largest = np.full(size, -np.inf)
    np.maximum.at(largest, paying, paid[known])
    revenue = np.bincount(paying, weights=paid[known], minlength=size)
    none = pl.Series(count_known == 0)
    rows = pl.DataFrame(
        {
            "theme_id": pl.Series(voices.ids, dtype=pl.String),
            "records": np.bincount(theme, minlength=size),
            "excerpts": np.bincount(theme, weights=voices.excerpts[inside], minlength=size).astype(
                np.int64
            ),
            "people": np.bincount(_distinct(theme, person[record])[0], minlength=size),
            "people_known": np.bincount(theme[person[record] >= 0], minlength=size),
            "accounts": np.bincount(of_account[0], minlength=size),
            "accounts_known": np.bincount(theme[account[record] >= 0], minlength=size),
            "revenue": pl.Series(revenue).set(none, None),
            "revenue_known": count_known,
            "revenue_largest": pl.Series(largest).set(none, None),
            "kinds": np.bincount(_distinct(theme, kind[record])[0], minlength=size),
            "competitor_records": apart.of_theme,
            "records_before": pl.Series(
                voices.counts(voices.before) if compared else [None] * size, dtype=pl.Int64
            ),
        }
    )
    return rows.filter(pl.col("records") > 0)


def accounts_total(voices: Voices, accounts: pl.DataFrame) -> int:
    """Return how many distinct accounts are known in the records of the period or the sheet."""
    said = voices.records.filter(pl.Series(voices.inside))["account_key"]
    return pl.concat([said, account_key(accounts["account"])]).drop_nulls().n_unique()


def _distinct(theme: Codes, code: Codes) -> tuple[Codes, Codes]:
    """Return the distinct pairs of theme and known code."""
    known = code >= 0
    span = int(code.max(initial=0)) + 1
    seen = np.zeros((int(theme.max(initial=0)) + 1) * span, np.bool_)
    seen[theme[known] * span + code[known]] = True
    pairs = np.flatnonzero(seen)
    return pairs // span, pairs % span


def _codes(values: pl.Series, distinct: pl.Series) -> Codes:
    return values.replace_strict(
        distinct, range(len(distinct)), default=-1, return_dtype=pl.Int64
    ).to_numpy()


def _revenues(accounts: pl.DataFrame, keys: pl.Series) -> np.ndarray:
    """Return the revenue of each account of ``keys``, NaN where it is not known."""
    listed = (
        accounts.select(account_key(accounts["account"]), "revenue")
        .filter(pl.col("revenue").is_finite())
        .drop_nulls()
        .unique("account_key", keep="first", maintain_order=True)
    )
    return (
        pl.DataFrame({"account_key": keys})
        .join(listed, on="account_key", how="left", maintain_order="left")["revenue"]
        .fill_null(float("nan"))
        .to_numpy()
    )
