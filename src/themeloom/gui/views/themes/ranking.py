"""Which themes a person may mean by a few typed letters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from themeloom.domain.themes import Level
from themeloom.gui.widgets.matching import FUZZY, INSIDE, PREFIX, WORDS, Span, Target, query_of
from themeloom.services.view import View

#: Tiers by the rank of a match, best first.
_TITLE = {PREFIX: 0, WORDS: 1, INSIDE: 3, FUZZY: 5}
_PHRASE = {PREFIX: 2, WORDS: 2, INSIDE: 4}


@dataclass(frozen=True)
class ThemeChoice:
    """A theme that can be picked, made ready for many matches."""

    theme_id: str
    title: Target
    phrases: tuple[Target, ...] = ()
    records: int = 0
    color: int = -1
    group: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A theme that matches, and why.

    Attributes:
        choice: the theme.
        spans: letters of its title.
        phrase: the key phrase that matches instead, or an empty text.
        phrase_spans: letters of it.
    """

    choice: ThemeChoice
    spans: tuple[Span, ...] = ()
    phrase: str = ""
    phrase_spans: tuple[Span, ...] = field(default=())


def choices_of(view: View) -> list[ThemeChoice]:
    """Return the themes and sub-themes of a view; groups carry no excerpts."""
    titles: Mapping[str, str] = dict(view.themes.select("theme_id", "title").iter_rows())
    shown = view.themes.filter(pl.col("level") != Level.GROUP)
    columns = "theme_id title key_phrases records color parent_id".split()
    return [
        ThemeChoice(
            theme_id,
            Target(title),
            tuple(Target(phrase) for phrase in phrases or ()),
            records,
            color,
            titles.get(parent or "", ""),
        )
        for theme_id, title, phrases, records, color, parent in shown.select(columns).iter_rows()
    ]


def ranked(choices: Sequence[ThemeChoice], typed: str, recent: Sequence[str] = ()) -> list[Found]:
    """Return the themes that match, best first.

    Titles that begin so, then titles with words that do, then key phrases, then titles that hold
    the letters; within these the ones used last, then the larger ones. Nothing typed: all of them,
    those used last first.
    """
    query = query_of(typed)
    used = {theme_id: at for at, theme_id in enumerate(recent)}
    scored: list[tuple[tuple[int, int, int, int], Found]] = []
    for choice in choices:
        found = _find(choice, query)
        if found is not None:
            tier, spread, result = found
            last = used.get(choice.theme_id, len(used))
            scored.append(((tier, spread, last, -choice.records), result))
    scored.sort(key=lambda entry: entry[0])
    return [found for _, found in scored]


def _find(choice: ThemeChoice, query: str) -> tuple[int, int, Found] | None:
    found: list[tuple[int, int, Found]] = []
    title = choice.title.match(query)
    if title is not None:
        # Where in the title a word stands says less than how much a theme is used.
        spread = title.spread if title.rank == FUZZY else title.spread // 1000
        found.append((_TITLE[title.rank], spread, Found(choice, title.spans)))
    if title is None or title.rank >= INSIDE:
        for phrase in choice.phrases:
            match = phrase.match(query)
            if match is not None and match.rank < FUZZY:
                result = Found(choice, (), phrase.text, match.spans)
                found.append((_PHRASE[match.rank], 0, result))
    return min(found, key=lambda one: one[:2], default=None)
