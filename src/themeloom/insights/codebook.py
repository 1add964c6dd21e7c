"""The codebook: what each theme means, with texts that belong to it and texts that do not."""

from collections.abc import Mapping, Sequence

import polars as pl

from themeloom.insights.model import BookData, CodebookRow, Evidence, ThemeRow
from themeloom.insights.privacy import Veil

_INCLUDE, _EXCLUDE = 3, 2
#: Left unsorted for such reasons an excerpt shows where a theme ends.
_BORDER_REASONS = {"too far": "too far from every theme", "tie": "just as near to another theme"}


def codebook(
    data: BookData,
    veil: Veil,
    themes: Sequence[ThemeRow],
    evidence: Sequence[Evidence],
    titles: Mapping[str, str],
) -> tuple[CodebookRow, ...]:
    """Return one row per group, theme and sub-theme, in the order of the tree.

    What does not belong: the counter-example where it stands in another theme, then the unsorted
    excerpts that come nearest.

    Args:
        data: unsorted excerpts, assignments and texts.
        veil: masks those texts.
        themes: the rows of the tree.
        evidence: all quotes, masked.
        titles: theme id → title, masked.
    """
    include: dict[str, list[str]] = {}
    exclude: dict[str, list[str]] = {}
    elsewhere = _themes_of([one.excerpt_id for one in evidence if one.counter], data)
    for quote in evidence:
        if not quote.counter:
            include.setdefault(quote.theme_id, []).append(quote.quote)
            continue
        others = [titles.get(one, "") for one in elsewhere.get(quote.excerpt_id, ())]
        if quote.theme_id not in elsewhere.get(quote.excerpt_id, ()):
            where = f"in “{others[0]}”" if others and others[0] else "in no theme"
            exclude.setdefault(quote.theme_id, []).append(f"“{quote.quote}” ({where})")
    for theme_id, texts in _misfits(data, veil).items():
        exclude.setdefault(theme_id, []).extend(texts)
    above: dict[int, str] = {}
    rows: list[CodebookRow] = []
    for theme in themes:
        above[theme.depth] = theme.title
        rows.append(
            CodebookRow(
                theme_id=theme.theme_id,
                depth=theme.depth,
                level=theme.level,
                group=above.get(theme.depth - 1, ""),
                theme=theme.title,
                definition=theme.definition,
                key_phrases=theme.key_phrases,
                include=tuple(include.get(theme.theme_id, ())[:_INCLUDE]),
                exclude=tuple(exclude.get(theme.theme_id, ())[:_EXCLUDE]),
                records=theme.records,
                status=theme.status,
            )
        )
    return tuple(rows)


def _themes_of(excerpt_ids: list[str], data: BookData) -> dict[str, list[str]]:
    """Return excerpt id → ids of the themes it is in, the primary one first."""
    found = (
        data.assignments.filter(pl.col("excerpt_id").is_in(excerpt_ids))
        .sort(["excerpt_id", "primary", "theme_id"], descending=[False, True, False])
        .group_by("excerpt_id", maintain_order=True)
        .agg("theme_id")
    )
    return {excerpt_id: list(theme_ids) for excerpt_id, theme_ids in found.iter_rows()}


def _misfits(data: BookData, veil: Veil) -> dict[str, list[str]]:
    """Return theme id → unsorted excerpts that come nearest to it, each with the reason."""
    near = (
        data.unsorted.filter(
            pl.col("reason").is_in(list(_BORDER_REASONS)) & pl.col("nearest_theme_id").is_not_null()
        )
        .sort(
            ["nearest_theme_id", "similarity", "excerpt_id"],
            descending=[False, True, False],
            nulls_last=True,
        )
        .join(data.excerpts.select("excerpt_id", "text"), on="excerpt_id", maintain_order="left")
        .unique(["nearest_theme_id", "text"], keep="first", maintain_order=True)
        .group_by("nearest_theme_id", maintain_order=True)
        .agg(pl.col("text").head(_EXCLUDE), pl.col("reason").head(_EXCLUDE))
        .explode("text", "reason")
    )
    found: dict[str, list[str]] = {}
    for theme_id, text, reason in zip(
        near["nearest_theme_id"], veil.texts(near["text"]), near["reason"], strict=True
    ):
        found.setdefault(theme_id, []).append(f"“{text}” ({_BORDER_REASONS[reason]})")
    return found
