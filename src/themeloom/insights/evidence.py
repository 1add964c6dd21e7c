"""The quotes behind insights: which ones, how to find them again, and a short form."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from themeloom.domain.themes import Level
from themeloom.insights.files import source_files
from themeloom.insights.model import BookData, Evidence
from themeloom.insights.privacy import Veil
from themeloom.insights.record_table import persons
from themeloom.insights.wording import kind_word, locator

#: As many stand with an insight; all of a theme's quotes stand in the evidence.
QUOTES_ON_INSIGHT = 3

_MOST_QUOTES = 5
_SHORT = 240  # characters of a quote that stands with an insight


def quoted_ids(data: BookData, membership: pl.DataFrame) -> dict[str, list[str]]:
    """Return theme id → excerpt ids of its quotes, most telling first.

    Chosen quotes whose record is gone are passed over. A theme without chosen quotes (a person
    made it) shows the excerpts that fit it best, one for each person and text.
    """
    themes = data.themes.filter(pl.col("level") == Level.THEME)
    present = set(data.excerpts["excerpt_id"])
    chosen: dict[str, list[str]] = {
        theme_id: [quote for quote in quotes if quote in present][:_MOST_QUOTES]
        for theme_id, quotes in themes.select(
            "theme_id", pl.col("quotes").fill_null(pl.lit([], pl.List(pl.String)))
        ).iter_rows()
    }
    lacking = [theme_id for theme_id, quotes in chosen.items() if not quotes]
    return chosen | _best_fitting(data, membership, lacking)


def evidence_of(
    data: BookData,
    veil: Veil,
    quotes: Mapping[str, list[str]],
    numbers: Mapping[str, str],
    titles: Mapping[str, str],
) -> tuple[Evidence, ...]:
    """Return one row per quote of each insight, in the order of ``numbers`` and of ``quotes``.

    Args:
        data: what to show.
        veil: masks quotes, persons and file names.
        quotes: theme id → excerpt ids.
        numbers: theme id → insight id.
        titles: theme id → title, already masked.
    """
    rows = _rows(data, veil, [quote for theme_id in numbers for quote in quotes[theme_id]])
    found: list[Evidence] = []
    for theme_id, insight_id in numbers.items():
        for rank, excerpt_id in enumerate(quotes[theme_id], 1):
            row = rows[excerpt_id]
            place = row["finer_place"] or row["place"]
            file = row["file"] or ""
            parts = [file, f"sheet {row['sheet']}" if row["sheet"] else None, row["place"]]
            if row["finer_place"] and row["finer_place"] != row["place"]:
                parts.append(row["finer_place"])
            found.append(
                Evidence(
                    id=f"EV-{insight_id.removeprefix('IN-')}.{rank}",
                    insight_id=insight_id,
                    theme_id=theme_id,
                    theme=titles[theme_id],
                    quote=row["quote"],
                    source=file,
                    kind=kind_word(row["kind"]),
                    date=row["date"],
                    person=row["person"],
                    account=row["account"],
                    score=row["score"],
                    locator=", ".join(part for part in parts if part),
                    record_id=row["record_id"],
                    excerpt_id=excerpt_id,
                    short=_short(
                        row["quote"],
                        locator(row["kind"], row["external_id"], row["score"], place, file),
                    ),
                )
            )
    return tuple(found)


def _rows(data: BookData, veil: Veil, excerpt_ids: list[str]) -> dict[str, dict[str, Any]]:
    wanted = pl.DataFrame({"excerpt_id": excerpt_ids}, schema={"excerpt_id": pl.String}).unique()
    joined = (
        data.excerpts.join(wanted, on="excerpt_id", how="semi")
        .select("excerpt_id", "record_id", "text", pl.col("place").alias("finer_place"))
        .join(data.records.drop("text").with_columns(source_files(data, veil)), on="record_id")
    )
    shown = joined.with_columns(
        veil.texts(joined["text"]).alias("quote"),
        veil.ids(joined["external_id"]),
        persons(joined, veil).alias("person"),
    )
    return {row["excerpt_id"]: row for row in shown.iter_rows(named=True)}


def _best_fitting(
    data: BookData, membership: pl.DataFrame, theme_ids: list[str]
) -> dict[str, list[str]]:
    best = (
        membership.filter(pl.col("theme_id").is_in(theme_ids))
        .join(
            data.assignments.group_by("excerpt_id").agg(pl.col("similarity").max()), on="excerpt_id"
        )
        .join(data.excerpts.select("excerpt_id", "text"), on="excerpt_id")
        .join(data.records.select("record_id", "person_key"), on="record_id")
        .sort(["theme_id", "similarity", "excerpt_id"], descending=[False, True, False])
        .with_columns(pl.coalesce("person_key", "record_id").alias("voice"))
        .unique(["theme_id", "voice"], keep="first", maintain_order=True)
        .unique(["theme_id", "text"], keep="first", maintain_order=True)
        .group_by("theme_id", maintain_order=True)
        .agg(pl.col("excerpt_id").head(QUOTES_ON_INSIGHT))
    )
    found = {theme_id: list(quotes) for theme_id, quotes in best.iter_rows()}
    return {theme_id: found.get(theme_id, []) for theme_id in theme_ids}


def _short(quote: str, place: str) -> str:
    flat = " ".join(quote.split())
    if len(flat) > _SHORT:
        flat = flat[:_SHORT].rsplit(" ", 1)[0].rstrip(",;:.") + " …"
    return f"“{flat}” {place}"
