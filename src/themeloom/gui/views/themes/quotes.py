"""The quotes of a theme: which ones, and where they are from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from themeloom.gui.views.themes.wording import quote_line
from themeloom.gui.widgets.shown_text import Mask
from themeloom.services.view import View

MOST = 5


@dataclass(frozen=True, slots=True)
class Quote:
    """One excerpt as a quote.

    Attributes:
        excerpt: inner number.
        excerpt_id: the id by which quotes are chosen.
        text: byte for byte as in the record, not masked.
        line: where it is from, masked.
        chosen: whether it is one of the theme's quotes.
    """

    excerpt: int
    excerpt_id: str
    text: str
    line: str
    chosen: bool = True


def quotes_of(view: View, theme_id: str, mask: Mask) -> list[Quote]:
    """Return the quotes of a theme in their order; for one without, its best fitting excerpts."""
    chosen = chosen_ids(view, theme_id)
    if not chosen:
        chosen = _of_theme(view, theme_id).head(3)["excerpt_id"].to_list()
    rows = _rows(view, view.excerpts.filter(pl.col("excerpt_id").is_in(chosen)), mask, set(chosen))
    return sorted(rows, key=lambda quote: chosen.index(quote.excerpt_id))[:MOST]


def candidates(
    view: View, theme_id: str, mask: Mask, most: int = 200, also: Sequence[str] = ()
) -> list[Quote]:
    """Return excerpts to choose quotes from: the chosen ones first, then the best fitting.

    ``also`` are excerpts that have to be among them.
    """
    chosen = chosen_ids(view, theme_id)
    present = view.excerpts.filter(pl.col("excerpt_id").is_in(list(also)))["excerpt_id"]
    chosen += [one for one in also if one not in chosen and one in set(present)]
    others = _of_theme(view, theme_id).filter(~pl.col("excerpt_id").is_in(chosen))
    first = view.excerpts.filter(pl.col("excerpt_id").is_in(chosen))
    rows = _rows(view, first, mask, set(chosen))
    rows.sort(key=lambda quote: chosen.index(quote.excerpt_id))
    return rows + _rows(view, others.head(most), mask, set())


def texts_of(view: View, excerpt_ids: Sequence[str]) -> dict[str, str]:
    """Return the texts of excerpts by their ids, whatever the period; not masked."""
    whole = view.base.whole.content.excerpts
    rows = whole.filter(pl.col("excerpt_id").is_in(list(excerpt_ids)))
    return dict(rows.select("excerpt_id", "text").iter_rows())


def chosen_ids(view: View, theme_id: str) -> list[str]:
    """Return the excerpt ids of a theme's quotes; excerpts that are gone are passed over."""
    found = view.themes.filter(pl.col("theme_id") == theme_id)["quotes"].to_list()
    ids: Sequence[str] = found[0] or [] if found else []
    present = set(view.excerpts.filter(pl.col("excerpt_id").is_in(list(ids)))["excerpt_id"])
    return [one for one in ids if one in present]


def _of_theme(view: View, theme_id: str) -> pl.DataFrame:
    return view.excerpts.filter(pl.col("theme_id") == theme_id).sort(
        "similarity", descending=True, nulls_last=True, maintain_order=True
    )


def _rows(view: View, excerpts: pl.DataFrame, mask: Mask, chosen: set[str]) -> list[Quote]:
    records = view.records.select(
        "record", "kind", "external_id", "score", "account", "file", "place"
    )
    joined = excerpts.select("excerpt", "excerpt_id", "record", "text", finer_place="place").join(
        records, on="record", maintain_order="left"
    )
    return [_quote(row, mask, chosen) for row in joined.iter_rows(named=True)]


def _quote(row: dict[str, Any], mask: Mask, chosen: set[str]) -> Quote:
    return Quote(
        row["excerpt"],
        row["excerpt_id"],
        row["text"],
        quote_line(row, mask),
        row["excerpt_id"] in chosen,
    )
