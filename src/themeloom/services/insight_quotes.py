"""Quotes as the editor of insights offers them: the chosen ones and others that fit, masked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from themeloom.insights.model import Evidence
from themeloom.insights.privacy import Veil
from themeloom.insights.wording import locator
from themeloom.services.view import View

#: As many quotes stand with an insight at most.
MOST = 5
_OFFERED = 8  # of each theme


@dataclass(frozen=True, slots=True)
class Quote:
    """One quote; ``place`` is how a person finds it again."""

    text: str
    place: str
    excerpt_id: str = ""


def of_evidence(evidence: Evidence) -> Quote:
    """Return a quote of the drafts."""
    place = evidence.short.rpartition("” ")[2]
    return Quote(evidence.quote, _with_account(place, evidence.account), evidence.excerpt_id)


def offered(view: View, veil: Veil) -> Mapping[str, tuple[Quote, ...]]:
    """Return theme id → the excerpts that fit it best, each text once."""
    best = (
        view.excerpts.filter(pl.col("theme_id").is_not_null())
        .select("theme_id", "excerpt_id", "similarity", "text")
        .sort("similarity", descending=True, nulls_last=True, maintain_order=True)
        .unique(["theme_id", "text"], keep="first", maintain_order=True)
        .group_by("theme_id", maintain_order=True)
        .agg(pl.col("excerpt_id").head(_OFFERED))
    )
    ids: dict[str, list[str]] = dict(best.iter_rows())
    known = by_id(view, [one for group in ids.values() for one in group], veil)
    return {theme_id: tuple(known[one] for one in group) for theme_id, group in ids.items()}


def by_id(view: View, excerpt_ids: Sequence[str], veil: Veil) -> dict[str, Quote]:
    """Return excerpt id → quote; excerpts that are gone are passed over."""
    rows = view.excerpts.filter(pl.col("excerpt_id").is_in(list(excerpt_ids))).select(
        "excerpt_id", "record", "text", finer_place="place"
    )
    of_records = view.records.select(
        "record", "kind", "external_id", "score", "account", "file", "place"
    )
    joined = rows.join(of_records, on="record", maintain_order="left")
    shown = joined.with_columns(
        veil.texts(joined["text"]),
        veil.ids(joined["external_id"], joined["file"]),
        veil.files(joined["file"]),
        veil.accounts(joined["account"]),
    )
    return {row["excerpt_id"]: _quote(row) for row in shown.iter_rows(named=True)}


def pool(*groups: Iterable[Quote]) -> tuple[Quote, ...]:
    """Return the quotes of all groups in their order, each excerpt once."""
    found: dict[str, Quote] = {}
    for group in groups:
        for quote in group:
            found.setdefault(quote.excerpt_id, quote)
    return tuple(found.values())


def _quote(row: Mapping[str, Any]) -> Quote:
    place = locator(
        row["kind"],
        row["external_id"],
        row["score"],
        row["finer_place"] or row["place"],
        row["file"] or "",
    )
    return Quote(row["text"], _with_account(place, row["account"]), row["excerpt_id"])


def _with_account(place: str, account: str | None) -> str:
    return f"{place} · {account}" if account else place
