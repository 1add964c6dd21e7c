"""Words and figures as people read them: counts, shares, dates, kinds, places."""

from datetime import date
from pathlib import PurePath

from themeloom.base.figures import NBSP
from themeloom.domain.records import Kind

#: What stands where coverage is told, before the first search.
NOT_SEARCHED = "Themes have not been looked for yet"

_MONTHS = (
    "January February March April May June July August September October November December".split()
)

_SINGULAR = {
    Kind.TICKET: "Ticket",
    Kind.NPS: "NPS answer",
    Kind.INTERVIEW: "Interview",
    Kind.CALL: "Call",
    Kind.OTHER: "Record",
}

_SCORES = {
    "nps": "NPS",
    "csat": "Average satisfaction",
    "ces": "Average effort",
    "rating": "Average rating",
}


def count(n: int, one: str, many: str | None = None) -> str:
    """Return ``1 record`` or ``4,743 records``."""
    return f"{n:,}{NBSP}{one if n == 1 else many or one + 's'}"


def reached(n: int, known: int, records: int) -> tuple[str, str]:
    """Return how many people or accounts there are, and for how many records that is known.

    ``("58", "known 59 of 74")``; in words where no record tells: 0 would be false.
    """
    if not known:
        return "unknown", "in none of its records" if records else ""
    return f"{n:,}", "all known" if known == records else f"known {known:,} of {records:,}"


def joined(parts: list[str]) -> str:
    """Return ``a``, ``a and b`` or ``a, b and c``."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def day(value: date) -> str:
    """Return ``3 September 2026``."""
    return f"{value.day}{NBSP}{_MONTHS[value.month - 1]} {value.year}"


def months(first: date, last: date) -> str:
    """Return the months from ``first`` to ``last``: ``July to September 2026``."""
    end = f"{_MONTHS[last.month - 1]} {last.year}"
    if (first.year, first.month) == (last.year, last.month):
        return end
    start = _MONTHS[first.month - 1]
    return f"{start} to {end}" if first.year == last.year else f"{start} {first.year} to {end}"


def kind_word(kind: str | None) -> str:
    """Return the word for one record of a kind: ``Ticket``."""
    return _SINGULAR[Kind(kind)] if kind in set(Kind) else "Record"


def kind_words(kind: str | None, *, alone: bool = False) -> str:
    """Return the word for several records of a kind: ``tickets``.

    Where no other kind occurs (``alone``), "other records" are just ``records``.
    """
    if kind not in set(Kind) or (alone and kind == Kind.OTHER):
        return "records"
    return Kind(kind).plural


def score_word(kind: str) -> str:
    """Return the name of a kind of score: ``NPS``, ``Average rating``."""
    return _SCORES.get(kind, f"Average {kind}")


#: A longer id is one of a program: it tells a person nothing, and takes a line of its own.
_READ_ID = 24


def locator(
    kind: str | None, external_id: str | None, score: float | None, place: str | None, file: str
) -> str:
    """Return how a person finds a record again, short enough to stand behind a quote.

    ``Ticket ZD-48213`` · ``NPS 2, row 644`` · ``Interview 04, paragraph 12`` · ``Call, row 8``; a
    record with a program's long id by its row.
    """
    word = kind_word(kind)
    talk = kind in (Kind.INTERVIEW, Kind.CALL)
    if place and external_id and not talk and len(external_id) > _READ_ID:
        external_id = None
    if kind == Kind.NPS:
        name = f"NPS{NBSP}{score:g}" if score is not None else word
    elif external_id:
        name = _named(word, _stem(external_id) if talk else external_id)
    elif talk:
        name = _named(word, _stem(file))
    else:
        name = word
    if place and (talk or not external_id or kind == Kind.NPS):
        return f"{name}, {place}"
    return name


def _named(word: str, name: str) -> str:
    """Return ``Call 04`` for both ``04`` and ``call-04``."""
    if word.casefold() in name.casefold():
        return name[:1].upper() + name[1:]
    return f"{word}{NBSP}{name}"


def _stem(name: str) -> str:
    known = {".md", ".txt", ".docx", ".vtt", ".srt", ".csv", ".tsv", ".xlsx", ".xls", ".ods"}
    path = PurePath(name.replace("\\", "/"))
    stem = path.stem if path.suffix.casefold() in known else path.name
    return stem.replace("-", " ").replace("_", " ").strip() or name
