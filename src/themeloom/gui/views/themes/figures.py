"""The figures of a theme as the inspector says them, in words where there are too few."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from themeloom.base.figures import part_of, percent, trend_words
from themeloom.domain.records import Kind
from themeloom.insights.wording import count, reached
from themeloom.services.view import View

_KINDS = (Kind.TICKET, Kind.NPS, Kind.INTERVIEW, Kind.CALL)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: ``Records`` · ``74`` · ``8 % of 937 that say something``."""

    label: str
    value: str
    base: str
    tip: str = ""


def theme_figures(theme: Mapping[str, Any], view: View) -> list[Figure]:
    """Return records, people and accounts of a row of the view's themes."""
    records = int(theme["records"])
    base = part_of(records, view.totals.answering)
    tip = count(int(theme["excerpts"]), "excerpt")
    before = theme.get("records_before")
    if before is not None:
        # Where a period was chosen, the one before says more than the share; that is in the tip.
        tip = f"{base}, {tip}, {count(int(before), 'record')} in the period before"
        base = f"{int(before):,} before"
    return [
        Figure("Records", f"{records:,}", base, tip),
        _known("People", int(theme["people"]), int(theme["people_known"]), records),
        _known("Accounts", int(theme["accounts"]), int(theme["accounts_known"]), records),
    ]


def reviewed_words(theme: Mapping[str, Any]) -> str:
    """Return how much of a theme a person has seen: ``41 of 286 excerpts reviewed``."""
    total, seen = int(theme["excerpts"]), int(theme["reviewed"])
    if not total:
        return "No excerpts yet"
    if seen == total:
        return f"All {count(total, 'excerpt')} reviewed" if total > 1 else "Its excerpt is reviewed"
    if not seen:
        return f"None of {count(total, 'excerpt')} reviewed"
    return f"{seen:,} of {count(total, 'excerpt')} reviewed"


def share_words(theme: Mapping[str, Any]) -> str:
    """Return in how much of each kind of source it is: ``9 % of tickets · under 1 % of calls``."""
    parts: list[str] = []
    for kind in _KINDS:
        share = theme.get(f"share_{kind}")
        if share:
            parts.append(f"{percent(share)} of {kind.plural}")
    return " · ".join(parts)


def trend_told(theme: Mapping[str, Any], view: View) -> tuple[str, str]:
    """Return the word of the trend and what it rests on, as the insight has it; no word if unknown."""
    going = view.base.going
    told = trend_words(
        theme["direction"], theme["last"] or 0, theme["before"] or 0.0, going.last, going.every
    )
    word, between, rest = told.removesuffix(".").partition(": ")
    return (word, rest) if between else ("", word)


def _known(label: str, value: int, known: int, records: int) -> Figure:
    return Figure(label, *reached(value, known, records))
