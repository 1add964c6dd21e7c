"""Who gets what: from the roster of product areas and PMs to the desk of each theme.

A roster's ``covers`` lists entries separated by ``;``. An entry is

- the title of a theme or of a group, or its id, word for word: it covers that theme, or all themes
  of the group;
- ``word: refund`` (or ``words: refund, payout``): it covers themes that have one of these words in
  their title or among their key phrases;
- any other words, such as ``parts and van stock``: it covers themes that have more than half of
  them there, function words left out. What follows "with", "for", "in" and the like, or stands in
  brackets, explains: ``calendar sync with Google and Outlook`` asks for calendar and sync.

Words are whole words, whatever their case, accents and plural s. An area's own name counts as an
entry that has to be a title. What a theme is called goes before what its group is called, and that
before words; among words the entry with most of them found goes first. Two areas that fit equally
well are a conflict: nobody gets it, because a guess would send it to the wrong desk.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from themeloom.analytics.placing import groups_of
from themeloom.base.folding import fold
from themeloom.base.matching import words_of
from themeloom.base.words import stop_words
from themeloom.domain.insights import Field
from themeloom.domain.themes import Level

_REMEMBERED = 4_096  # titles and rules: each is compared with all of the others
_WORD_RULE = re.compile(r"words?\s*:(?P<words>.+)", re.DOTALL)
_EXPLANATION = re.compile(r"\s(?:with|for|in|from|such as|like|including)\s|[(:]")

#: How well an entry fits, best first; words add how many were found.
_TITLE, _GROUP, _WORDS = 3, 2, 1


@dataclass(frozen=True, slots=True)
class Routed:
    """The desk of one theme.

    Attributes:
        area: product area, "" where none or more than one fits.
        pm: who answers for it, "" where not known.
        email: the PM's, "" where not known.
        why: how it came there, or why not: words of the roster, never of customers.
    """

    area: str
    pm: str
    email: str
    why: str


@dataclass(frozen=True, slots=True)
class _Desk:
    """One row of the roster."""

    area: str
    pm: str
    email: str
    entries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Theme:
    """What a theme is told by."""

    names: frozenset[str]  # title and id, folded
    group: frozenset[str]
    words: frozenset[str]


#: How well a desk fits (larger is better), and the sentence about it.
_Fit = tuple[tuple[int, int], str]


def route(themes: pl.DataFrame, roster: pl.DataFrame, fields: pl.DataFrame) -> Mapping[str, Routed]:
    """Return theme id → its desk, for every theme of the level "theme".

    What a person set (``Field.AREA``, ``Field.OWNER``) goes before all rules.

    Args:
        themes: THEMES, unmasked.
        roster: ROSTER.
        fields: INSIGHT_FIELDS.
    """
    desks = _desks(roster)
    chosen = {
        (theme_id, field): value
        for theme_id, field, value in fields.select("theme_id", "field", "value").iter_rows()
    }
    return {
        theme_id: _routed(
            theme,
            desks,
            (chosen.get((theme_id, Field.AREA)) or "").strip(),
            (chosen.get((theme_id, Field.OWNER)) or "").strip(),
        )
        for theme_id, theme in _told(themes)
    }


def covers(text: str | None) -> tuple[str, ...]:
    """Return the entries of a roster's ``covers``, without empty ones."""
    return tuple(entry for part in (text or "").split(";") if (entry := part.strip()))


def _routed(theme: _Theme, desks: Sequence[_Desk], area: str, pm: str) -> Routed:
    if area:
        found = _in_area(theme, [desk for desk in desks if fold(desk.area) == fold(area)], area)
    else:
        found = _by_rules(theme, desks)
    if not pm:
        return found
    known = next((desk for desk in desks if fold(desk.pm) == fold(pm)), None)
    if known is None:
        return Routed(found.area, pm, "", "The PM was set by hand; the roster does not know them.")
    theirs = {desk.area for desk in desks if fold(desk.pm) == fold(pm)}
    own = found.area or (theirs.pop() if len(theirs) == 1 else "")
    return Routed(own, known.pm, known.email, "The PM was set by hand.")


def _in_area(theme: _Theme, desks: Sequence[_Desk], area: str) -> Routed:
    """Return the desk of an area that a person chose; its PM by the rules where there are several."""
    if not desks:
        return Routed(area, "", "", f"“{area}” was set by hand; the roster has no such area.")
    if len({fold(desk.pm) for desk in desks}) > 1:
        found = _by_rules(theme, desks)
        if not found.area:
            several = _listed(sorted({desk.pm for desk in desks if desk.pm}))
            return Routed(desks[0].area, "", "", f"{desks[0].area} has several PMs: {several}.")
        return found
    return Routed(desks[0].area, desks[0].pm, desks[0].email, f"{desks[0].area} was set by hand.")


def _by_rules(theme: _Theme, desks: Sequence[_Desk]) -> Routed:
    fits = [(fit, desk) for desk in desks if (fit := _fit(theme, desk)) is not None]
    if not fits:
        why = "Nothing in the roster covers it." if desks else "There is no roster yet."
        return Routed("", "", "", why)
    best = max(score for (score, _), _ in fits)
    winners = {
        (fold(desk.area), fold(desk.pm)): (desk, why)
        for (score, why), desk in fits
        if score == best
    }
    if len(winners) > 1:
        areas = sorted({desk.area for desk, _ in winners.values()})
        if len(areas) == 1:
            pms = _listed(sorted({desk.pm for desk, _ in winners.values()}))
            return Routed(areas[0], "", "", f"It fits several PMs of {areas[0]}: {pms}.")
        return Routed("", "", "", f"It fits {_listed(areas)} equally well.")
    desk, why = next(iter(winners.values()))
    return Routed(desk.area, desk.pm, desk.email, why)


def _fit(theme: _Theme, desk: _Desk) -> _Fit | None:
    """Return the best fit among the entries of a desk, None where none fits."""
    return max(_fits(theme, desk), default=None, key=lambda fit: fit[0])


def _fits(theme: _Theme, desk: _Desk) -> Iterator[_Fit]:
    for entry in (*desk.entries, desk.area):
        name = fold(entry)
        if name in theme.names:
            yield (_TITLE, 0), f"{desk.area} covers this theme by its name."
        if name in theme.group:
            yield (_GROUP, 0), f"{desk.area} covers its group by its name."
    for entry in desk.entries:
        rule = _WORD_RULE.fullmatch(fold(entry))
        found = _forms(rule["words"] if rule else entry) & theme.words
        if found and (rule or _has_most(theme, entry)):
            yield (_WORDS, len(found)), f"{desk.area} covers “{entry}”."


def _has_most(theme: _Theme, entry: str) -> bool:
    wanted = _forms(entry)
    main = _forms(_EXPLANATION.split(fold(entry), maxsplit=1)[0])
    return any(
        len(words & theme.words) * 2 > len(words)
        for words in (wanted, main if len(main) > 1 else wanted)
    )


def _desks(roster: pl.DataFrame) -> list[_Desk]:
    return [
        _Desk((area or "").strip(), (pm or "").strip(), (email or "").strip(), covers(entries))
        for area, pm, email, entries in roster.select("area", "pm", "email", "covers").iter_rows()
        if (area or "").strip()
    ]


def _told(themes: pl.DataFrame) -> Iterator[tuple[str, _Theme]]:
    titles = dict(themes.select("theme_id", "title").iter_rows())
    groups = dict(groups_of(themes).iter_rows())
    for theme_id, title, phrases in (
        themes.filter(pl.col("level") == Level.THEME)
        .select("theme_id", "title", "key_phrases")
        .iter_rows()
    ):
        group = groups.get(theme_id)
        yield (
            theme_id,
            _Theme(
                names=frozenset({fold(title or ""), fold(theme_id)} - {""}),
                group=frozenset({fold(group), fold(titles.get(group) or "")} - {""})
                if group
                else frozenset(),
                words=_forms(" ".join([title or "", *(phrases or ())])),
            ),
        )


@lru_cache(_REMEMBERED)
def _forms(text: str) -> frozenset[str]:
    """Return the words of a text as they are compared, without function words and plural s."""
    forms = {word.form for word in words_of(text)} - stop_words("en")
    return frozenset(
        form[:-1] if len(form) > 3 and form.endswith("s") and not form.endswith("ss") else form
        for form in forms
    )


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)
