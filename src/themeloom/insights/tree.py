"""The theme tree as rows, and the ids by which insights are called."""

from collections.abc import Container, Mapping

import polars as pl

from themeloom.domain.themes import Level
from themeloom.insights.model import Evidence, ThemeRow
from themeloom.insights.privacy import Veil

Sizes = Mapping[str, Mapping[str, int]]


def insight_numbers(themes: pl.DataFrame, sizes: Container[str]) -> dict[str, str]:
    """Return theme id → insight id for all themes that have records, in the order of the tree."""
    return {
        theme_id: insight_id(theme_id)
        for theme_id in themes.filter(pl.col("level") == Level.THEME)["theme_id"]
        if theme_id in sizes
    }


def insight_id(theme_id: str) -> str:
    """Return the id of a theme's insight: its own for ever, whatever other themes there are.

    ``T-014`` becomes ``IN-014``. A sub-theme or a group that has become a theme keeps its id, so
    its letter stands before the number: ``S-014`` becomes ``IN-S014``.
    """
    return f"IN-{theme_id.removeprefix('T-').replace('-', '')}"


def theme_rows(
    themes: pl.DataFrame,
    veil: Veil,
    sizes: Sizes,
    numbers: Mapping[str, str],
    evidence: tuple[Evidence, ...],
    carrying: int,
) -> tuple[ThemeRow, ...]:
    """Return the tree, parents before their children, larger ones first.

    Args:
        themes: THEMES, title and definition already masked.
        veil: masks key phrases.
        sizes: theme id → records, excerpts.
        numbers: theme id → insight id.
        evidence: all quotes.
        carrying: number of excerpts that carry a theme, the base of ``share``.
    """
    quotes: dict[str, int] = {}
    for quote in evidence:
        quotes[quote.theme_id] = quotes.get(quote.theme_id, 0) + 1
    phrases = veil.texts(themes["key_phrases"].list.join("; ").fill_null(""))
    by_id = {
        row["theme_id"]: (row, phrase)
        for row, phrase in zip(themes.iter_rows(named=True), phrases, strict=True)
    }
    children: dict[str | None, list[str]] = {}
    for theme_id, (row, _) in by_id.items():
        parent = row["parent_id"] if row["parent_id"] in by_id else None
        children.setdefault(parent, []).append(theme_id)

    def size(theme_id: str, of: str) -> int:
        return sizes.get(theme_id, {}).get(of, 0)

    ordered: list[ThemeRow] = []

    def visit(parent: str | None, depth: int) -> None:
        for theme_id in sorted(children.get(parent, []), key=lambda t: (-size(t, "records"), t)):
            row, phrase = by_id[theme_id]
            excerpts = size(theme_id, "excerpts")
            ordered.append(
                ThemeRow(
                    theme_id=theme_id,
                    depth=depth,
                    level=row["level"],
                    title=row["title"],
                    definition=row["definition"],
                    key_phrases=phrase,
                    records=size(theme_id, "records"),
                    excerpts=excerpts,
                    share=excerpts / carrying if carrying else 0.0,
                    status=row["status"],
                    quotes=quotes.get(theme_id, 0),
                    insight_id=numbers.get(theme_id),
                )
            )
            visit(theme_id, depth + 1)

    visit(None, 0)
    return tuple(ordered)
