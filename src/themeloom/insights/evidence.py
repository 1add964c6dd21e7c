"""The quotes behind insights: which ones, how to find them again, and a short form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import polars as pl

from themeloom.base.text import word_count
from themeloom.domain.themes import Level
from themeloom.insights.files import source_files
from themeloom.insights.ledger import quote_hash
from themeloom.insights.model import BookData, Evidence
from themeloom.insights.privacy import Veil
from themeloom.insights.record_table import persons
from themeloom.insights.theme_words import word_patterns
from themeloom.insights.wording import kind_word, locator

#: As many stand with an insight; all of a theme's quotes stand in the evidence.
QUOTES_ON_INSIGHT = 3

_MOST_QUOTES = 5
_TITLE_WORDS = 2  # a quote with so many words of the title, or all of them, says it
_LOOKED_AT, _CONSIDERED = 200, 40  # closest excerpts of each kind of source; those kept of them
_READABLE = (4, 60)  # words: such a quote says something and is read to the end
_WORDS = 2  # a quote with so many words of its theme's title and key phrases tells it
_SHORT = 240  # characters of a quote that stands with an insight


@dataclass(frozen=True, slots=True)
class _Candidate:
    """An excerpt that could be quoted."""

    excerpt_id: str
    record_id: str
    kind: str
    voice: str  # the person, or the record where nobody is known
    text: str
    titled: bool = False  # it holds words of the theme's title


def quoted_ids(
    data: BookData, membership: pl.DataFrame, unfit: pl.DataFrame
) -> dict[str, list[str]]:
    """Return theme id → excerpt ids of its quotes, most telling first, at most five.

    Quotes that a person chose stay as they were chosen, but for those whose record is gone. Quotes
    that a run proposed are completed by the excerpts that fit best, one for each person and text;
    those with words of the theme's title and key phrases go first, and after the third there are
    only such as say the title. Where a theme has several kinds
    of source, its first three quotes come from at least two. No machine quotes for a claim what
    speaks against it.

    Args:
        data: themes, excerpts and records.
        membership: from ``speaking``.
        unfit: ``theme_id``, ``excerpt_id`` of what speaks against the theme's claim.
    """
    themes = data.themes.filter(pl.col("level") == Level.THEME)
    present = set(data.excerpts["excerpt_id"])
    given: dict[str, list[str]] = {
        theme_id: [quote for quote in quotes if quote in present][:_MOST_QUOTES]
        for theme_id, quotes in themes.select(
            "theme_id", pl.col("quotes").fill_null(pl.lit([], pl.List(pl.String)))
        ).iter_rows()
    }
    unfit_of: dict[str, set[str]] = {
        theme_id: set(excerpts)
        for theme_id, excerpts in unfit.group_by("theme_id").agg("excerpt_id").iter_rows()
    }
    given = {
        theme_id: quotes
        if theme_id in data.own_quotes
        else [quote for quote in quotes if quote not in unfit_of.get(theme_id, ())]
        for theme_id, quotes in given.items()
    }
    fit = membership.join(unfit, on=["theme_id", "excerpt_id"], how="anti")
    patterns = word_patterns(themes)
    titles = word_patterns(themes.with_columns(key_phrases=pl.lit([], pl.List(pl.String))))
    candidates = _candidates(data, fit, list(given), patterns, titles)
    proposed = [quote for quotes in given.values() for quote in quotes]
    known = {one.excerpt_id: one for one in _described(data, proposed)}
    proposals = _telling_first(
        {theme_id: [known[quote] for quote in quotes] for theme_id, quotes in given.items()},
        patterns,
    )
    return {
        theme_id: quotes
        if quotes and theme_id in data.own_quotes
        else _completed(proposals[theme_id], candidates.get(theme_id, []))
        for theme_id, quotes in given.items()
    }


def evidence_of(
    data: BookData,
    veil: Veil,
    quotes: Mapping[str, list[str]],
    counters: Mapping[str, str],
    numbers: Mapping[str, str],
    titles: Mapping[str, str],
) -> tuple[Evidence, ...]:
    """Return one row per quote of each insight, in the order of ``numbers`` and of ``quotes``.

    Args:
        data: what to show.
        veil: masks quotes, persons, accounts and file names.
        quotes: theme id → excerpt ids.
        counters: theme id → excerpt id of its counter-example; it stands last.
        numbers: theme id → insight id.
        titles: theme id → title, already masked.
    """
    shown = {
        theme_id: [*quotes[theme_id], *filter(None, [counters.get(theme_id)])]
        for theme_id in numbers
    }
    rows = _rows(data, veil, [quote for some in shown.values() for quote in some])
    found: list[Evidence] = []
    for theme_id, insight_id in numbers.items():
        for rank, excerpt_id in enumerate(shown[theme_id], 1):
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
                    counter=excerpt_id == counters.get(theme_id),
                    start=row["start"],
                    end=row["end"],
                    hash=quote_hash(row["quote"]),
                )
            )
    return tuple(found)


def _rows(data: BookData, veil: Veil, excerpt_ids: list[str]) -> dict[str, dict[str, Any]]:
    wanted = pl.DataFrame({"excerpt_id": excerpt_ids}, schema={"excerpt_id": pl.String}).unique()
    joined = (
        data.excerpts.join(wanted, on="excerpt_id", how="semi")
        .select(
            "excerpt_id",
            "record_id",
            "start",
            "end",
            pl.col("text").alias("plain"),
            pl.col("place").alias("finer_place"),
        )
        .join(
            data.records.drop("text").with_columns(
                veil.ids(data.records["external_id"], data.records["file"]),
                source_files(data, veil),
            ),
            on="record_id",
        )
    )
    shown = joined.with_columns(
        veil.texts(joined["plain"]).alias("quote"),
        persons(joined, veil).alias("person"),
        veil.files(joined["sheet"]),
        veil.accounts(joined["account"]),
    )
    return {row["excerpt_id"]: row for row in shown.iter_rows(named=True)}


def _candidates(
    data: BookData,
    membership: pl.DataFrame,
    theme_ids: Sequence[str],
    patterns: Mapping[str, str],
    titles: Mapping[str, str],
) -> dict[str, list[_Candidate]]:
    """Return the excerpts that fit each theme best, some of each kind.

    Readable ones go first, and of these the ones with words of the theme.
    """
    spoken = membership.filter(pl.col("theme_id").is_in(list(theme_ids)))
    spoken = spoken.with_columns(data.records["kind"].gather(spoken["record"]).fill_null(""))
    # Only the closest are looked at; as many as are equally close as the last of them.
    closest = spoken.group_by("theme_id", "kind").agg(
        pl.col("similarity").top_k(_LOOKED_AT).min().alias("least")
    )
    near = spoken.join(closest, on=["theme_id", "kind"]).filter(
        pl.col("similarity").is_null() | (pl.col("similarity") >= pl.col("least"))
    )
    best = (
        near.with_columns(
            data.excerpts["text"].gather(near["excerpt"]),
            data.records["person_key"].gather(near["record"]),
        )
        .with_columns(
            pl.coalesce("person_key", "record_id").alias("voice"),
            word_count(pl.col("text")).is_between(*_READABLE).alias("readable"),
        )
        .pipe(_with_telling, patterns, titles)
        .sort(
            ["theme_id", "readable", "telling", "similarity", "excerpt_id"],
            descending=[False, True, True, True, False],
            nulls_last=True,
        )
        .unique(["theme_id", "voice"], keep="first", maintain_order=True)
        .unique(["theme_id", "text"], keep="first", maintain_order=True)
        .filter(pl.int_range(pl.len()).over("theme_id", "kind") < _CONSIDERED)
        .select("theme_id", "excerpt_id", "record_id", "kind", "voice", "text", "titled")
    )
    found: dict[str, list[_Candidate]] = {}
    for theme_id, *candidate in best.iter_rows():
        found.setdefault(theme_id, []).append(_Candidate(*candidate))
    return found


def _described(data: BookData, excerpt_ids: list[str]) -> list[_Candidate]:
    wanted = pl.DataFrame({"excerpt_id": excerpt_ids}, schema={"excerpt_id": pl.String}).unique()
    rows = (
        data.excerpts.join(wanted, on="excerpt_id", how="semi")
        .select("excerpt_id", "record_id", "text")
        .join(data.records.select("record_id", "person_key", "kind"), on="record_id")
        .select(
            "excerpt_id",
            "record_id",
            pl.col("kind").fill_null(""),
            pl.coalesce("person_key", "record_id"),
            "text",
        )
    )
    return [_Candidate(*row) for row in rows.iter_rows()]


def _with_telling(
    excerpts: pl.DataFrame, patterns: Mapping[str, str], titles: Mapping[str, str]
) -> pl.DataFrame:
    """Return ``excerpts`` with ``telling``: how many words of the theme are in the text.

    And with ``titled``: whether enough words of its title are.
    """
    parts = [
        part.lazy().with_columns(
            _telling(patterns.get(str(theme_id))).alias("telling"),
            _titled(titles.get(str(theme_id))).alias("titled"),
        )
        for (theme_id,), part in excerpts.group_by("theme_id", maintain_order=True)
    ]
    told, titled = pl.Series("telling", [], pl.UInt32), pl.Series("titled", [], pl.Boolean)
    # All themes at once: asking for each takes longer than answering.
    return pl.concat(parts).collect() if parts else excerpts.with_columns(told, titled)


def _titled(pattern: str | None) -> pl.Expr:
    wanted = 0 if pattern is None else min(pattern.count("|") + 1, _TITLE_WORDS)
    return _telling(pattern) >= wanted


def _telling(pattern: str | None) -> pl.Expr:
    """Return how many different words of a theme are in ``text``; enough of them is enough."""
    if pattern is None:
        return pl.lit(0, pl.UInt32)
    words = pl.col("text").str.to_lowercase().str.extract_all(pattern).list.n_unique()
    return words.clip(upper_bound=_WORDS).cast(pl.UInt32)


def _telling_first(
    quotes: Mapping[str, Sequence[_Candidate]], patterns: Mapping[str, str]
) -> dict[str, list[_Candidate]]:
    """Return the quotes of a run, one of each record; those with words of the theme first."""
    rows = [(theme_id, one.text) for theme_id, some in quotes.items() for one in some]
    texts = pl.DataFrame(rows, {"theme_id": pl.String, "text": pl.String}, orient="row")
    told = iter(_with_telling(texts, patterns, {})["telling"].to_list())
    found: dict[str, list[_Candidate]] = {}
    for theme_id, some in quotes.items():
        own = islice(told, len(some))
        ranked = sorted(zip(some, own, strict=True), key=lambda pair: -pair[1])
        first: dict[str, _Candidate] = {}
        for one, _ in ranked:
            first.setdefault(one.record_id, one)
        found[theme_id] = list(first.values())
    return found


def _completed(given: list[_Candidate], candidates: Sequence[_Candidate]) -> list[str]:
    """Return up to five quotes: those given, then the next best of other people and kinds."""
    chosen = list(given)

    def fresh(one: _Candidate) -> bool:
        return all(one.voice != other.voice and one.text != other.text for other in chosen)

    for one in candidates:
        if len(chosen) >= _MOST_QUOTES:
            break
        if fresh(one) and (one.titled or len(chosen) < QUOTES_ON_INSIGHT):
            chosen.append(one)
    top = {one.kind for one in chosen[:QUOTES_ON_INSIGHT]}
    if len(top) == 1:
        other = next((one for one in chosen if one.kind not in top), None)
        if other is None:
            others = [one for one in candidates if one.kind not in top and fresh(one)]
            other = next((one for one in others if one.titled), next(iter(others), None))
        if other is not None:
            rest = [one for one in chosen if one is not other]
            chosen = [*rest[: QUOTES_ON_INSIGHT - 1], other, *rest[QUOTES_ON_INSIGHT - 1 :]]
    return [one.excerpt_id for one in chosen[:_MOST_QUOTES]]


def _short(quote: str, place: str) -> str:
    flat = " ".join(quote.split())
    if len(flat) > _SHORT:
        flat = flat[:_SHORT].rsplit(" ", 1)[0].rstrip(",;:.") + " …"
    return f"“{flat}” {place}"
