"""Whom a theme reaches: people and accounts, each with how many of its records are known."""

import polars as pl

from themeloom.base.text import fold_series


def reach(
    membership: pl.DataFrame, records: pl.DataFrame, accounts: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Return how many people and accounts stand behind each theme, and what those accounts pay.

    ``people`` = distinct ``person_key``; ``people_known`` = records of the theme whose person is
    known (so ``people_known`` of ``records`` is the base of ``people``). The same for accounts,
    which are compared without regard to case and spacing. ``revenue`` = sum of the yearly revenue
    of those distinct accounts for which the accounts sheet has a figure; ``revenue_known`` of
    ``accounts`` says how many those are. An account listed twice counts with its first row.

    Args:
        membership: from ``counts.members``.
        records: RECORDS.
        accounts: ACCOUNTS.

    Returns:
        Columns ``theme_id``, ``records``, ``people``, ``people_known``, ``accounts``,
        ``accounts_known``, ``revenue`` (null where no account's revenue is known) and
        ``revenue_known``.
    """
    voices = records.select(
        "record_id", _blank_is_null(pl.col("person_key")), account_key(records["account"])
    )
    speaking = (
        membership.select("theme_id", "record_id").unique().join(voices, on="record_id", how="left")
    )
    people = speaking.group_by("theme_id").agg(
        pl.len().cast(pl.Int64).alias("records"),
        pl.col("person_key").drop_nulls().n_unique().cast(pl.Int64).alias("people"),
        pl.col("person_key").is_not_null().sum().cast(pl.Int64).alias("people_known"),
        pl.col("account_key").drop_nulls().n_unique().cast(pl.Int64).alias("accounts"),
        pl.col("account_key").is_not_null().sum().cast(pl.Int64).alias("accounts_known"),
    )
    paying = (
        speaking.select("theme_id", "account_key")
        .drop_nulls()
        .unique()
        .join(_revenues(accounts), on="account_key")
        .group_by("theme_id")
        .agg(
            pl.col("revenue").sum(),
            pl.len().cast(pl.Int64).alias("revenue_known"),
        )
    )
    return (
        people.join(paying, on="theme_id", how="left")
        .with_columns(pl.col("revenue_known").fill_null(0))
        .sort("theme_id")
    )


def account_key(names: pl.Series) -> pl.Series:
    """Return account names as ``account_key`` for joins: case and spacing unified, blank is null."""
    return fold_series(names).rename("account_key").replace("", None)


def _revenues(accounts: pl.DataFrame | None) -> pl.DataFrame:
    if accounts is None:
        return pl.DataFrame(schema={"account_key": pl.String, "revenue": pl.Float64})
    return (
        accounts.select(account_key(accounts["account"]), "revenue")
        .filter(pl.col("revenue").is_finite())
        .drop_nulls()
        .unique("account_key", keep="first", maintain_order=True)
    )


def _blank_is_null(column: pl.Expr) -> pl.Expr:
    return pl.when(column.str.strip_chars() != "").then(column)
