"""The one excerpt that speaks against a claim, where there is one."""

import re
from collections.abc import Mapping, Sequence

import polars as pl

from themeloom.base.text import word_count
from themeloom.base.words import stop_words
from themeloom.domain.insights import InsightType
from themeloom.domain.records import Kind
from themeloom.insights.model import BookData
from themeloom.insights.signals import Signal

_READABLE = (4, 60)  # words
_LONG_WORD = 4  # letters; shorter words are too common to tell a theme
_TALKS = [str(kind) for kind in (Kind.NPS, Kind.INTERVIEW, Kind.CALL)]
_SHARED_ELSEWHERE = 2  # words of the theme that an excerpt of another theme has to have


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
    promoter; neither wishes for something nor takes a turn ("great, but …"). It is about the same
    thing: in the theme itself it has one of the words of the title and key phrases; elsewhere it has
    at least two, and comes from a survey, an interview or a call: tickets greet and thank. What a person chose goes before that ("" for none).

    Args:
        data: excerpts, records and key phrases.
        membership: from ``speaking``.
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
    patterns = _patterns(data.themes)
    for praise in (False, True):
        wanted = [one for one, kind in open_.items() if (kind == InsightType.PRAISE) == praise]
        against = _against(data, membership, signals, praise=praise) if wanted else None
        if against is None or against.is_empty():
            continue
        own = membership.filter(pl.col("theme_id").is_in(wanted))
        for theme_id in wanted:
            if theme_id in patterns:
                inside = own.filter(pl.col("theme_id") == theme_id)["excerpt"]
                best = _clearest(against, inside, patterns[theme_id], quotes[theme_id])
                found |= {theme_id: best} if best else {}
    return found


def _against(
    data: BookData, membership: pl.DataFrame, signals: pl.DataFrame, *, praise: bool
) -> pl.DataFrame:
    """Return the excerpts that speak against praise or against the rest, the clearest first.

    Returns:
        ``excerpt``, ``excerpt_id``, ``text`` in small letters, ``kind``.
    """
    says, not_ = (Signal.TROUBLE, Signal.PRAISE) if praise else (Signal.PRAISE, Signal.TROUBLE)
    words = (
        signals.filter(pl.col("signal") == says)
        .group_by("excerpt")
        .agg(pl.col("word").n_unique().alias("words"))
        .join(
            signals.filter(pl.col("signal").is_in([not_, Signal.REQUEST, Signal.CONTRAST])),
            on="excerpt",
            how="anti",
        )
    )
    found = membership.group_by("excerpt").agg(
        pl.col("record", "excerpt_id").first(), pl.col("similarity").max()
    )
    found = found.join(words, on="excerpt")
    of_record = data.records.select("kind", "score", "score_kind")[found["record"]]
    nps = pl.col("score_kind") == "nps"
    unfit = nps & (pl.col("score") > 6 if praise else pl.col("score") < 9)
    return (
        found.hstack(of_record)
        .with_columns(data.excerpts["text"].gather(found["excerpt"]))
        .filter(~unfit.fill_null(False) & word_count(pl.col("text")).is_between(*_READABLE))
        .with_columns(nps.fill_null(False).alias("scored"))
        .sort(
            ["scored", "words", "similarity", "excerpt_id"],
            descending=[True, True, True, False],
            nulls_last=True,
        )
        .select("excerpt", "excerpt_id", pl.col("text").str.to_lowercase(), "kind")
    )


def _patterns(themes: pl.DataFrame) -> dict[str, str]:
    """Return theme id → pattern of the words that its title and key phrases are made of."""
    common = stop_words()
    found: dict[str, str] = {}
    for theme_id, title, phrases in themes.select("theme_id", "title", "key_phrases").iter_rows():
        words = {
            word.removesuffix("s")
            for word in re.findall(r"[^\W\d_]+", " ".join([title or "", *(phrases or ())]).lower())
            if len(word) >= _LONG_WORD and word not in common
        }
        if words:
            found[theme_id] = rf"\b(?:{'|'.join(sorted(words))})"
    return found


def _clearest(
    against: pl.DataFrame, inside: pl.Series, pattern: str, quotes: Sequence[str]
) -> str | None:
    """Return the clearest excerpt about the same thing; one of the theme itself goes first."""
    found = (
        against.with_columns(
            pl.col("text").str.extract_all(pattern).list.n_unique().alias("shared"),
            pl.col("excerpt").is_in(inside.implode()).alias("inside"),
        )
        .filter(
            pl.when("inside")
            .then(pl.col("shared") >= 1)
            .otherwise((pl.col("shared") >= _SHARED_ELSEWHERE) & pl.col("kind").is_in(_TALKS))
            & ~pl.col("excerpt_id").is_in(list(quotes))
        )
        .sort("inside", descending=True, maintain_order=True)
    )
    return found["excerpt_id"][0] if found.height else None
