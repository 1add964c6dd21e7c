"""Which records speak of which theme, in the small form that charts are counted from."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import polars as pl

from themeloom.analytics.counts import ancestors, answering
from themeloom.analytics.reach import account_key


@dataclass(frozen=True)
class Speaking:
    """The base of all charts.

    Attributes:
        records: counted records that say something, about us: ``record``, ``kind``, ``date``,
            ``score``, ``score_kind``, ``account``, ``segments_json``.
        pairs: ``theme_id``, ``record``: one row for each theme and record that speaks of it; a
            theme holds what stands below it.
        themes: themes to show: ``theme_id``, ``title``, ``color``, ``records``; largest first.
        competitors: how many records about competitors were left out.
    """

    records: pl.DataFrame
    pairs: pl.DataFrame
    themes: pl.DataFrame
    competitors: int


def speaking(
    records: pl.DataFrame,
    excerpts: pl.DataFrame,
    shares: pl.DataFrame,
    themes: pl.DataFrame,
    sources: pl.DataFrame,
    shown: Sequence[str],
) -> Speaking:
    """Return who speaks of the themes ``shown``.

    Args:
        records: ``record``, ``source_id`` and what ``Speaking.records`` has.
        excerpts: ``excerpt``, ``record``.
        shares: ``excerpt``, ``theme_id``.
        themes: THEMES with ``color``.
        sources: SOURCES; those about a competitor are left out.
        shown: theme ids.
    """
    ours = records.filter(~pl.col("source_id").is_in(_about_competitors(sources)))
    base = answering(ours).select(
        "record", "kind", "date", "score", "score_kind", "account", "segments_json"
    )
    pairs = (
        shares.select("excerpt", "theme_id")
        .join(excerpts.select("excerpt", "record"), on="excerpt")
        .join(base.select("record"), on="record", how="semi")
        .join(ancestors(themes).select("theme_id", "ancestor_id"), on="theme_id")
        .select(pl.col("ancestor_id").alias("theme_id"), "record")
        .filter(pl.col("theme_id").is_in(list(shown)))
        .unique()
    )
    counted = (
        themes.select("theme_id", "title", "color")
        .join(pairs.group_by("theme_id").agg(records=pl.len().cast(pl.Int64)), on="theme_id")
        .sort("records", "theme_id", descending=[True, False])
    )
    return Speaking(base, pairs, counted, answering(records).height - base.height)


def segment_values(speaking: Speaking, accounts: pl.DataFrame) -> pl.DataFrame:
    """Return ``record``, ``segment``, ``value``: segments of records, completed by their account's.

    Args:
        speaking: whose records.
        accounts: ACCOUNTS.
    """
    keyed = speaking.records.select("record", "segments_json").with_columns(
        account_key(speaking.records["account"])
    )
    own = _opened(keyed["segments_json"].unique(), "segments_json")
    of_account = _opened(accounts["segments_json"].unique(), "segments_json")
    named = accounts.select(account_key(accounts["account"]), "segments_json").drop_nulls()
    told = keyed.join(own, on="segments_json").select("record", "segment", "value")
    completed = (
        keyed.select("record", "account_key")
        .join(named.unique("account_key", keep="first", maintain_order=True), on="account_key")
        .join(of_account, on="segments_json")
        .select("record", "segment", "value")
    )
    return pl.concat([told, completed.join(told, on=["record", "segment"], how="anti")]).sort(
        "segment", "record"
    )


def _about_competitors(sources: pl.DataFrame) -> list[str]:
    return sources.filter(pl.col("about") == "competitor")["source_id"].to_list()


def _opened(texts: pl.Series, name: str) -> pl.DataFrame:
    rows: list[tuple[str, str, str]] = []
    for text in texts:
        found: object = json.loads(text) if text else None
        if isinstance(found, Mapping):
            rows += [
                (text, str(segment), str(value).strip())
                for segment, value in cast(Mapping[str, object], found).items()
                if value is not None and str(value).strip()
            ]
    schema = {name: pl.String, "segment": pl.String, "value": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")
