"""The filters of search: their names, and what their values mean."""

import calendar
import math
import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from themeloom.base.matching import searchable
from themeloom.domain.finding import (
    Dated,
    Filter,
    InScoreGroup,
    InSegment,
    Is,
    Like,
    OfKind,
    Property,
    Scored,
    ScoreGroup,
    State,
)
from themeloom.domain.records import Kind


class ValueProblem(ValueError):  # noqa: N818 - told to the person, not a failure
    """A filter's value was not understood; the text is a sentence for the screen."""


def filter_names(segments: Collection[str]) -> dict[str, str]:
    """Return what may stand before the colon (``searchable`` form), and the filter it means."""
    own = {searchable(name): f"{_SEGMENT}{name}" for name in segments}
    spaceless = {name.replace(" ", ""): meant for name, meant in own.items()}
    joined = {name.replace(" ", "-"): meant for name, meant in own.items()}
    return {**own, **spaceless, **joined, **_NAMES}


def filter_of(name: str, values: Sequence[str]) -> Filter:
    """Return the filter ``name`` (a value of ``filter_names``) with its values; any may hold.

    Raises:
        ValueProblem: no value, or one that is not understood.
    """
    if name.startswith(_SEGMENT):
        name = name.removeprefix(_SEGMENT)
        return InSegment(name, _forms(name, values))
    if name == "kind":
        return OfKind(frozenset(_kind(value) for value in _some(name, values, _KIND_HINT)))
    if name == "is":
        return Is(_state(_some(name, values, _STATE_HINT)[0]))
    if name == "score":
        return _score(_some(name, values, _SCORE_HINT))
    if name == "date":
        return _dates(_some(name, values, _DATE_HINT)[0])
    return Like(Property(name), _forms(name, values))


_SEGMENT = "segment "
_NAMES = {
    **{name: name for name in (*Property, "kind", "score", "date", "is")},
    "file": "source",
    "company": "account",
    "customer": "account",
    "who": "person",
    "author": "person",
    "language": "lang",
    "nps": "score",
}
_KIND_HINT = "Write kind:ticket, nps, interview, call or other."
_STATE_HINT = "Write is:reviewed, unreviewed, sorted or unsorted."
_SCORE_HINT = "Write score:6, score:<=6, score:7..8 or score:detractor."
_DATE_HINT = "Write date:2026-09 or date:2026-07..2026-09."

#: What people call the kinds, in the singular.
_KINDS: Mapping[str, Kind] = {
    **{kind.value: kind for kind in Kind},
    "support": Kind.TICKET,
    "survey": Kind.NPS,
    "note": Kind.INTERVIEW,
    "sale": Kind.CALL,
}
_DAY = re.compile(r"(\d{4})(?:-(?:q([1-4])|(\d{1,2})(?:-(\d{1,2}))?))?", re.IGNORECASE)
_LIMIT = re.compile(r"(<=|>=|=|<|>|≤|≥)?\s*(-?\d+(?:[.,]\d+)?)")
_COMPARED = re.compile(r"(<=|>=|=|<|>|≤|≥)\s*(.+)")


def _some(name: str, values: Sequence[str], hint: str) -> Sequence[str]:
    if not values:
        raise ValueProblem(f"“{name}:” needs a value. {hint}")
    return values


def _forms(name: str, values: Sequence[str]) -> tuple[str, ...]:
    forms = tuple(form for value in values if (form := searchable(value)))
    if not forms:
        raise ValueProblem(f"“{name}:” needs a value: write it behind the colon.")
    return forms


def _kind(value: str) -> Kind:
    form = searchable(value)
    for name, kind in _KINDS.items():
        if form and name.startswith(form.removesuffix("s") or form):
            return kind
    raise ValueProblem(f"There is no kind “{value}”. {_KIND_HINT}")


def _state(value: str) -> State:
    try:
        return State(searchable(value))
    except ValueError:
        raise ValueProblem(f"“is:{value}” is not known. {_STATE_HINT}") from None


def _score(values: Sequence[str]) -> Filter:
    groups = [group for value in values for group in ScoreGroup if _names_group(value, group)]
    if len(groups) == len(values):
        return InScoreGroup(frozenset(groups))
    value = values[0]
    low, dots, high = value.partition("..")
    if dots:
        lowest, highest = _number(low, -math.inf), _number(high, math.inf)
        if lowest is not None and highest is not None and (low or high):
            return Scored(min(lowest, highest), max(lowest, highest))
    found = _LIMIT.fullmatch(value.strip())
    if not found:
        raise ValueProblem(f"“score:{value}” is no score. {_SCORE_HINT}")
    number = float(found[2].replace(",", "."))
    # Scores are decimal numbers: "below 6" ends at the next smaller one.
    return {
        "<": Scored(highest=math.nextafter(number, -math.inf)),
        ">": Scored(lowest=math.nextafter(number, math.inf)),
        "<=": Scored(highest=number),
        "≤": Scored(highest=number),
        ">=": Scored(lowest=number),
        "≥": Scored(lowest=number),
    }.get(found[1] or "=", Scored(number, number))


def _names_group(value: str, group: ScoreGroup) -> bool:
    form = searchable(value).removesuffix("s")
    return len(form) > 2 and group.value.startswith(form)


def _number(text: str, empty: float) -> float | None:
    if not text.strip():
        return empty
    found = _LIMIT.fullmatch(text.strip())
    return float(found[2].replace(",", ".")) if found and not found[1] else None


def _dates(value: str) -> Dated:
    first, dots, last = value.partition("..")
    if dots and (first or last):
        return Dated(
            _period(value, first)[0] if first else None, _period(value, last)[1] if last else None
        )
    if compared := _COMPARED.fullmatch(value):
        start, end = _period(value, compared[2])
        return {
            "<": Dated(None, date.fromordinal(max(start.toordinal() - 1, 1))),
            ">": Dated(date.fromordinal(min(end.toordinal() + 1, date.max.toordinal())), None),
            "<=": Dated(None, end),
            "≤": Dated(None, end),
            ">=": Dated(start, None),
            "≥": Dated(start, None),
        }.get(compared[1], Dated(start, end))
    return Dated(*_period(value, value))


def _period(value: str, text: str) -> tuple[date, date]:
    """Return the first and last day of "2026", "2026-09", "2026-q3" or "2026-09-14"."""
    found = _DAY.fullmatch(text.strip().replace("/", "-"))
    if not found:
        raise ValueProblem(f"“date:{value}” is no date. {_DATE_HINT}")
    year, quarter, month, day = (int(part) if part else None for part in found.groups())
    year = year or 0
    try:
        if day is not None and month is not None:
            return date(year, month, day), date(year, month, day)
        if quarter is not None:
            month, last = 3 * quarter - 2, 3 * quarter
        else:
            month, last = (1, 12) if month is None else (month, month)
        return date(year, month, 1), date(year, last, calendar.monthrange(year, last)[1])
    except ValueError:
        raise ValueProblem(f"“date:{value}” is no date. {_DATE_HINT}") from None
