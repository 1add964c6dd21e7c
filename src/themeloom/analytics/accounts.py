"""Accounts as records and sheets name them."""

import polars as pl

from themeloom.base.text import fold_series


def account_key(names: pl.Series) -> pl.Series:
    """Return account names as ``account_key`` for joins: case and spacing unified, blank is null."""
    return fold_series(names).rename("account_key").replace("", None)
