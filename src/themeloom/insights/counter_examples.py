"""The one excerpt that speaks against a claim, where there is one."""

from collections.abc import Mapping, Sequence

import polars as pl

from themeloom.base.text import word_count
from themeloom.domain.insights import InsightType
from themeloom.domain.records import Kind
from themeloom.insights.model import BookData
from themeloom.insights.signals import Signal
from themeloom.insights.theme_words import word_patterns

_READABLE = (4, 60)  # words
_TALKS = [str(kind) for kind in (Kind.NPS, Kind.INTERVIEW, Kind.CALL)]
_SHARED_ELSEWHERE = 2  # words of the theme that an excerpt of another theme has to have

_AGAINST = {
    "praise": pl.Boolean,
    "excerpt": pl.UInt32,
    "excerpt_id": pl.String,
    "text": pl.String,
    "kind": pl.String,
}


def speaking_against(
    data: BookData, membership: pl.DataFrame, signals: pl.DataFrame, types: Mapping[str, str]
) -> pl.DataFrame:
    """Return the excerpts that speak against the claim of each theme, the clearest first.

    A problem, request or question is spoken against by an excerpt with words of praise and none of
    trouble, not by a detractor; praise by one with words of trouble and none of praise, not by a
    promoter; neither wishes for something nor takes a turn ("great, but …").

    Args:
        data: excerpts and records.
        membership: from ``speaking``.
        signals: from ``signals_in``.
        types: theme id → ``InsightType``.

    Returns:
        ``praise`` (whether it speaks against praise, or against the rest), ``excerpt``,
        ``excerpt_id``, ``text`` in small letters, ``kind``.
    """
    found = [
        _against(data, membership, signals, praise=praise)
        for praise in (False, True)
        if any((kind == InsightType.PRAISE) == praise for kind in types.values())
    ]
    return pl.concat(found) if found else pl.DataFrame(schema=_AGAINST)


def unfit_quotes(
    membership: pl.DataFrame, against: pl.DataFrame, types: Mapping[str, str]
) -> pl.DataFrame:
    """Return the excerpts that no machine should quote for a claim: ``theme_id``, ``excerpt_id``."""
    praise = pl.DataFrame(
        [(theme_id, kind == InsightType.PRAISE) for theme_id, kind in types.items()],
        schema={"theme_id": pl.String, "praise": pl.Boolean},
        orient="row",
    )
    return (
        membership.select("theme_id", "excerpt")
        .join(praise, on="theme_id")
        .join(against.select("praise", "excerpt", "excerpt_id"), on=["praise", "excerpt"])
        .select("theme_id", "excerpt_id")
    )


def counter_examples(
    data: BookData,
    membership: pl.DataFrame,
    against: pl.DataFrame,
    types: Mapping[str, str],
    chosen: Mapping[str, str],
) -> dict[str, str]:
    """Return theme id → excerpt id of its counter-example, for themes that have one.

    It is about the same thing: in the theme itself it has one of the words of the title and key
    phrases; elsewhere it has at least two, and comes from a survey, an interview or a call: tickets
    greet and thank. What a person chose goes before that ("" for none); what a person chose to
    quote for the claim is passed over.

    Args:
        data: excerpts, and titles, key phrases and quotes of themes.
        membership: from ``speaking``.
        against: from ``speaking_against``.
        types: theme id → ``InsightType``.
        chosen: theme id → excerpt id that a person chose.
    """
    wanted = pl.DataFrame({"excerpt_id": list(chosen.values())}, {"excerpt_id": pl.String})
    present = set(data.excerpts.join(wanted, on="excerpt_id", how="semi")["excerpt_id"])
    quotes: dict[str, list[str] | None] = dict(data.themes.select("theme_id", "quotes").iter_rows())
    patterns = word_patterns(data.themes)
    speaking = {
        praise: against.filter(pl.col("praise") == praise).lazy() for praise in (False, True)
    }
    inside: dict[str, list[int]] = dict(
        membership.group_by("theme_id").agg("excerpt").select("theme_id", "excerpt").iter_rows()
    )
    found: dict[str, str] = {}
    asked: dict[str, pl.LazyFrame] = {}
    for theme_id, kind in types.items():
        own = chosen.get(theme_id)
        if own is not None and own in present:
            found[theme_id] = own
        elif own != "" and theme_id in patterns:
            passed = quotes[theme_id] if theme_id in data.own_quotes else None
            asked[theme_id] = _clearest(
                speaking[kind == InsightType.PRAISE],
                inside.get(theme_id, []),
                patterns[theme_id],
                passed or (),
            )
    # All themes at once: asking for each takes longer than answering.
    best = pl.collect_all(asked.values())
    answers = zip(asked, best, strict=True)
    return found | {theme_id: one["excerpt_id"][0] for theme_id, one in answers if one.height}


def _against(
    data: BookData, membership: pl.DataFrame, signals: pl.DataFrame, *, praise: bool
) -> pl.DataFrame:
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
        .select(
            pl.lit(praise).alias("praise"),
            "excerpt",
            "excerpt_id",
            pl.col("text").str.to_lowercase(),
            "kind",
        )
    )


def _clearest(
    against: pl.LazyFrame, inside: Sequence[int], pattern: str, quotes: Sequence[str]
) -> pl.LazyFrame:
    """Return the clearest excerpt about the same thing, if any; one of the theme goes first."""
    return (
        against.with_columns(
            pl.col("text").str.extract_all(pattern).list.n_unique().alias("shared"),
            pl.col("excerpt").is_in(inside).alias("inside"),
        )
        .filter(
            pl.when("inside")
            .then(pl.col("shared") >= 1)
            .otherwise((pl.col("shared") >= _SHARED_ELSEWHERE) & pl.col("kind").is_in(_TALKS))
            & ~pl.col("excerpt_id").is_in(list(quotes))
        )
        .sort("inside", descending=True, maintain_order=True)
        .select("excerpt_id")
        .head(1)
    )
