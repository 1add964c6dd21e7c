"""The filters of search as conditions on the columns of the view's excerpts."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import cast

import polars as pl

from themeloom.domain.encoders import LANGUAGES
from themeloom.domain.finding import (
    SCORES_OF,
    Dated,
    Filter,
    InScoreGroup,
    InSegment,
    Is,
    Like,
    OfKind,
    Property,
    Scored,
    State,
)
from themeloom.domain.records import Kind
from themeloom.services.reading_along import comparable


@dataclass(frozen=True)
class Around:
    """The other frames of the view that filters compare with; what is missing finds nothing.

    Attributes:
        sources: ``source_id``, ``file``.
        themes: ``theme_id``, ``parent_id``, ``title``.
        records: ``record``, ``author``, ``score_kind``.
    """

    sources: pl.DataFrame | None = None
    themes: pl.DataFrame | None = None
    records: pl.DataFrame | None = None


def condition(asked: Filter, excerpts: pl.DataFrame, around: Around) -> pl.Expr:
    """Return which of ``excerpts`` a filter lets through: never null.

    Names are compared by the beginnings of their words: ``account:bris`` lets "Hotel Bristol"
    through. Columns that ``excerpts`` does not have let nothing through.
    """
    found = _condition(asked, excerpts, around)
    if not set(found.meta.root_names()) <= set(excerpts.columns):
        return pl.lit(False)
    return found.fill_null(False)


def segment_names(excerpts: pl.DataFrame) -> list[str]:
    """Return the names of the segments that the excerpts' records have, sorted."""
    return sorted({name for segments in _segments(excerpts) for name in segments[1]})


def _condition(asked: Filter, excerpts: pl.DataFrame, around: Around) -> pl.Expr:
    match asked:
        case OfKind(kinds):
            return pl.col("kind").is_in(sorted(kinds))
        case Scored(lowest, highest):
            return pl.col("score").is_between(lowest, highest)
        case InScoreGroup(groups):
            in_one = [pl.col("score").is_between(*SCORES_OF[group]) for group in sorted(groups)]
            return _answers_nps(around) & pl.any_horizontal(in_one)
        case Dated(first, last):
            day = pl.col("date").dt.date()
            since = day >= first if first else day.is_not_null()
            return since & (day <= last) if last else since
        case Is(state):
            return _in_state(state)
        case InSegment(name, values):
            with_it = [
                (text, segments[name]) for text, segments in _segments(excerpts) if name in segments
            ]
            texts = pl.Series([text for text, _ in with_it], dtype=pl.String)
            held = pl.Series([value for _, value in with_it], dtype=pl.String)
            return pl.col("segments_json").is_in(texts.filter(_starts(held, values)).implode())
        case Like(property, values):
            return _like(property, values, excerpts, around)


def _answers_nps(around: Around) -> pl.Expr:
    if around.records is None:
        return pl.col("kind") == Kind.NPS
    answers = around.records.filter(pl.col("score_kind") == "nps")["record"]
    return pl.col("record").is_in(answers.implode())


def _in_state(state: State) -> pl.Expr:
    reviewed = pl.col("reviewed").fill_null(False)
    themed = pl.col("theme_id").is_not_null()
    return {
        State.REVIEWED: reviewed,
        State.UNREVIEWED: ~reviewed,
        State.SORTED: themed,
        # Interviewers' questions and the like are left out, nobody has to sort them.
        State.UNSORTED: ~themed & pl.col("left_out").is_null(),
    }[state]


def _like(
    property: Property, values: Sequence[str], excerpts: pl.DataFrame, around: Around
) -> pl.Expr:
    match property:
        case Property.SOURCE:
            if around.sources is None:
                return pl.lit(False)
            fits = _starts(around.sources["file"], values) | _is(
                around.sources["source_id"], values
            )
            return pl.col("source_id").is_in(around.sources["source_id"].filter(fits).implode())
        case Property.THEME:
            return pl.col("theme_id").is_in(_themes(values, around.themes))
        case Property.ACCOUNT:
            return _one_of("account", values, excerpts)
        case Property.PERSON:
            named = _one_of("person_key", values, excerpts)
            if around.records is None:
                return named
            fits = _starts(around.records["author"], values)
            authored = around.records["record"].filter(fits)
            return named | pl.col("record").is_in(authored.implode())
        case Property.LANGUAGE:
            named = [code for code, name in LANGUAGES.items() if name.lower() in values]
            return pl.col("language").str.to_lowercase().is_in([*named, *values])


def _one_of(column: str, values: Sequence[str], excerpts: pl.DataFrame) -> pl.Expr:
    if column not in excerpts.columns:
        return pl.lit(False)
    distinct = excerpts[column].drop_nulls().unique()
    return pl.col(column).is_in(distinct.filter(_starts(distinct, values)).implode())


def _themes(values: Sequence[str], themes: pl.DataFrame | None) -> Collection[str]:
    """Return the themes whose titles or ids fit, with all that stands below them in the tree."""
    if themes is None:
        return []
    fits = _starts(themes["title"], values) | _is(themes["theme_id"], values)
    found: set[str] = set(themes["theme_id"].filter(fits).to_list())
    while True:
        below = themes.filter(pl.col("parent_id").is_in(sorted(found)))["theme_id"].to_list()
        if found.issuperset(below):
            return sorted(found)
        found.update(below)


def _starts(names: pl.Series, values: Sequence[str]) -> pl.Series:
    """Return which names hold one of the values, from the beginning of a word on."""
    fits = pl.repeat(False, names.len(), eager=True)
    for value in values:
        # Most names are ruled out before they are made comparable, which takes longer.
        longest = max(value.split(), key=len)
        plain = names.str.len_bytes() == names.str.len_chars()
        holds = names.str.to_lowercase().str.contains(longest, literal=True)
        rows = (holds | ~plain).fill_null(False).arg_true()
        padded = pl.select(pl.lit(" ") + comparable(names.gather(rows))).to_series()
        found = padded.str.contains(f" {value}", literal=True).fill_null(False)
        fits = fits.scatter(rows.filter(found), True)
    return fits


def _is(names: pl.Series, values: Sequence[str]) -> pl.Series:
    return comparable(names).is_in(list(values)).fill_null(False)


def _segments(excerpts: pl.DataFrame) -> list[tuple[str, dict[str, str]]]:
    found: list[tuple[str, dict[str, str]]] = []
    if "segments_json" not in excerpts.columns:
        return found
    for text in excerpts["segments_json"].drop_nulls().unique().to_list():
        try:
            segments = cast("object", json.loads(text))
        except ValueError:
            continue
        if isinstance(segments, dict):
            pairs = cast("dict[object, object]", segments).items()
            found.append((text, {str(name): str(value) for name, value in pairs}))
    return found
