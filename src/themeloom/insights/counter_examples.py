"""The one excerpt that speaks against a claim, where there is one."""

import re
from collections.abc import Mapping, Sequence

import polars as pl

from themeloom.base.text import word_count
from themeloom.domain.insights import InsightType
from themeloom.insights.model import BookData
from themeloom.insights.signals import Signal

_READABLE = (4, 60)  # words
_LONG_WORD = 5  # letters; a shorter single word is too common to tell a theme
_CONSIDERED = 200  # excerpts that come near by their words


def counter_examples(
    data: BookData,
    membership: pl.DataFrame,
    signals: pl.DataFrame,
    types: Mapping[str, str],
    quotes: Mapping[str, Sequence[str]],
    chosen: Mapping[str, str],
) -> dict[str, str]:
    """Return theme id → excerpt id of its counter-example, for themes that have one.

    A problem, request or question is spoken against by an excerpt with words of praise and none of
    trouble, not by a detractor; praise by one with words of trouble and none of praise, not by a
    promoter. It stands in the theme itself, or shares one of its key phrases. What a person chose
    goes before that ("" for none).

    Args:
        data: excerpts, records and key phrases.
        membership: ``theme_id``, ``record_id``, ``excerpt_id``.
        signals: from ``signals_in``.
        types: theme id → ``InsightType``.
        quotes: theme id → excerpts that are quoted for the claim.
        chosen: theme id → excerpt id that a person chose.
    """
    present = data.excerpts.join(
        pl.DataFrame({"excerpt_id": list(chosen.values())}, {"excerpt_id": pl.String}),
        on="excerpt_id",
        how="semi",
    )["excerpt_id"].to_list()
    found = {
        theme_id: excerpt_id
        for theme_id, excerpt_id in chosen.items()
        if theme_id in types and excerpt_id in present
    }
    open_ = {
        theme_id: kind
        for theme_id, kind in types.items()
        if theme_id not in found and chosen.get(theme_id) != ""
    }
    for praise in (False, True):
        wanted = [one for one, kind in open_.items() if (kind == InsightType.PRAISE) == praise]
        if wanted:
            against = _against(data, membership, signals, praise=praise)
            found |= _inside(membership, against, wanted, quotes)
            rest = [one for one in wanted if one not in found]
            found |= _near(data, against, rest, quotes)
    return found


def _against(
    data: BookData, membership: pl.DataFrame, signals: pl.DataFrame, *, praise: bool
) -> pl.DataFrame:
    """Return the excerpts that speak against praise or against the rest, the clearest first.

    Returns:
        ``excerpt_id``, ``text`` in small letters, ``order``.
    """
    says, not_ = (Signal.TROUBLE, Signal.PRAISE) if praise else (Signal.PRAISE, Signal.TROUBLE)
    words = (
        signals.filter(pl.col("signal") == says)
        .group_by("excerpt_id")
        .agg(pl.col("word").n_unique().alias("words"))
        .join(signals.filter(pl.col("signal") == not_), on="excerpt_id", how="anti")
        .join(signals.filter(pl.col("signal") == Signal.REQUEST), on="excerpt_id", how="anti")
    )
    nps = pl.col("score_kind") == "nps"
    unfit = nps & (pl.col("score") > 6 if praise else pl.col("score") < 9)
    likeness = data.assignments.group_by("excerpt_id").agg(pl.col("similarity").max())
    return (
        data.excerpts.select("excerpt_id", "record_id", "text")
        .join(words, on="excerpt_id")
        .filter(word_count(pl.col("text")).is_between(*_READABLE))
        .join(data.records.select("record_id", "score", "score_kind"), on="record_id")
        .filter(~unfit.fill_null(False))
        .with_columns(nps.fill_null(False).alias("scored"))
        .join(likeness, on="excerpt_id", how="left")
        .sort(
            ["scored", "words", "similarity", "excerpt_id"],
            descending=[True, True, True, False],
            nulls_last=True,
        )
        .select("excerpt_id", pl.col("text").str.to_lowercase())
        .with_row_index("order")
    )


def _inside(
    membership: pl.DataFrame,
    against: pl.DataFrame,
    theme_ids: Sequence[str],
    quotes: Mapping[str, Sequence[str]],
) -> dict[str, str]:
    quoted = [quote for theme_id in theme_ids for quote in quotes[theme_id]]
    return dict(
        membership.filter(pl.col("theme_id").is_in(list(theme_ids)))
        .join(against, on="excerpt_id")
        .filter(~pl.col("excerpt_id").is_in(quoted))
        .sort("theme_id", "order")
        .unique("theme_id", keep="first", maintain_order=True)
        .select("theme_id", "excerpt_id")
        .iter_rows()
    )


def _near(
    data: BookData,
    against: pl.DataFrame,
    theme_ids: Sequence[str],
    quotes: Mapping[str, Sequence[str]],
) -> dict[str, str]:
    """Return the clearest excerpts of other themes, or of none, that share a key phrase."""
    found: dict[str, str] = {}
    phrases = dict(data.themes.select("theme_id", "key_phrases").iter_rows())
    for theme_id in theme_ids:
        telling = [
            phrase.lower()
            for phrase in phrases.get(theme_id) or ()
            if " " in phrase.strip() or len(phrase) >= _LONG_WORD
        ]
        if not telling:
            continue
        pattern = "|".join(re.escape(phrase).replace(r"\ ", r"\s+") for phrase in telling)
        near = against.filter(pl.col("text").str.contains(rf"\b(?:{pattern})\b"))
        near = near.head(_CONSIDERED).filter(~pl.col("excerpt_id").is_in(list(quotes[theme_id])))
        if near.height:
            found[theme_id] = near["excerpt_id"][0]
    return found
