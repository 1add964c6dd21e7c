"""The fields of an insight as a person sees and writes them."""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from themeloom.domain.errors import UsageError
from themeloom.domain.insights import Field, Link
from themeloom.domain.periods import MONTHS
from themeloom.insights.model import Insight, Suggested

#: Words that are written with numbers in mind: the numbers are kept with them.
WRITTEN = frozenset(
    {
        Field.TITLE,
        Field.STATEMENT,
        Field.TYPE,
        Field.SEVERITY,
        Field.URGENCY,
        Field.CONFIDENCE,
        Field.NEXT_STEP,
        Field.NOTE,
    }
)
#: Emptied, these stay empty; all others go back to what the data say.
_MAY_BE_EMPTY = frozenset({Field.NEXT_STEP, Field.COUNTER})
_ONE_LINE = frozenset({Field.TITLE, Field.AREA, Field.OWNER})


def value_of(insight: Insight, field: Field) -> str:
    """Return a field of an insight as it is stored; "" where there is nothing."""
    match field:
        case Field.TYPE | Field.SEVERITY | Field.URGENCY | Field.CONFIDENCE:
            grade: Suggested = getattr(insight, field.value)
            return grade.value
        case Field.NEXT_STEP:
            return insight.next_step
        case Field.DUE:
            return insight.due.isoformat() if insight.due else ""
        case Field.LINKS:
            return links_json(insight.links)
        case Field.COUNTER | Field.BASIS:
            return ""
        case _:
            return str(getattr(insight, field.value))


def normal(field: Field, text: str | None, drafted: str) -> str | None:
    """Return what is stored for what a person wrote; None: as drafted."""
    if text is None:
        return None
    text = " ".join(text.split()) if field in _ONE_LINE else text.strip()
    if text == drafted or (not text and field not in _MAY_BE_EMPTY):
        return None
    return text


def links_json(links: Sequence[Link]) -> str:
    """Return links as they are stored; "" for none."""
    return json.dumps([asdict(link) for link in links], ensure_ascii=False) if links else ""


def day_words(day: date | None) -> str:
    """Return ``16 Oct 2026``; "" for None."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}" if day else ""


def parse_day(text: str, today: date) -> date | None:
    """Return the day that ``text`` names, None for an empty text.

    Takes ``2026-10-16``, ``16 Oct 2026``, ``16.10.2026``, and without a year the next such day.

    Raises:
        UsageError: it names none.
    """
    words = " ".join(text.replace(",", " ").split()).casefold()
    if not words:
        return None
    try:
        if found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", words):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := re.fullmatch(r"(\d{1,2})\.\s?(\d{1,2})\.(?:\s?(\d{4}))?", words):
            return _next(int(found[1]), int(found[2]), found[3], today)
        if found := re.fullmatch(r"(\d{1,2})\.? ([a-z]{3,9})\.?(?: (\d{4}))?", words):
            return _next(int(found[1]), _month(found[2]), found[3], today)
        if found := re.fullmatch(r"([a-z]{3,9})\.? (\d{1,2})(?: (\d{4}))?", words):
            return _next(int(found[2]), _month(found[1]), found[3], today)
        raise ValueError
    except ValueError:
        raise UsageError(
            f"“{text.strip()}” is no day.", hint="Write 16 Oct 2026 or 2026-10-16."
        ) from None


def _next(day: int, month: int, year: str | None, today: date) -> date:
    if year:
        return date(int(year), month, day)
    this = date(today.year, month, day)
    return this if this >= today else date(today.year + 1, month, day)


def _month(word: str) -> int:
    return MONTHS.index(word[:3].capitalize()) + 1
