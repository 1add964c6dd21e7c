"""Numbers as every screen, sheet and page writes them: shares, means, scores and their differences.

Halves are rounded away from zero, as spreadsheets do where they show the same number in a cell.
"""

from decimal import ROUND_HALF_UP, Decimal

#: Keeps a figure and its unit on one line.
NBSP = "\u00a0"

#: The kind of score that goes from −100 to +100; the others are means of what was given.
_NPS = "nps"


def percent(share: float) -> str:
    """Return a share (0…1) as ``82 %``; between 0 and 1 % as ``under 1 %``, so ``over 99 %``."""
    if 0 < share < 0.01:
        return f"under 1{NBSP}%"
    if 0.99 < share < 1:
        return f"over 99{NBSP}%"
    return f"{_rounded(share, 2).scaleb(2):.0f}{NBSP}%"


def counted(number: int, one: str, many: str) -> str:
    """Return "1 row", "3,231 rows"."""
    return f"{number:,} {one if number == 1 else many}"


def part_of(records: int, base: int) -> str:
    """Return records as a part of those that say something: ``8 % of 937 that say something``.

    That is the base of every share; "" where nobody said anything.
    """
    return f"{percent(records / base)} of {base:,} that say something" if base else ""


def rounded(value: float) -> str:
    """Return a mean as people say it: whole from 10 on, else with one place where it has one."""
    places = 0 if value >= 10 or value == round(value) else 1
    return f"{_rounded(value, places):,}"


def trend_words(direction: str, last: int, before: float, period: str, every: str) -> str:
    """Return how a theme goes: "Rising: 39 records in Sep 2026, 12 a month before that".

    Args:
        direction: of ``domain.insights.Direction``; of "unknown" nothing is told.
        last: records in the last full period.
        before: mean records of a full period before.
        period: the last full one's label.
        every: "week", "month" or "quarter".
    """
    if direction == "unknown" or not period:
        return "Too early to say how it goes over time."
    now = f"{last:,}{NBSP}{'record' if last == 1 else 'records'} in {period}"
    earlier = "none before" if direction == "new" else f"{rounded(before)} a {every} before that"
    return f"{direction.capitalize()}: {now}, {earlier}."


def signed(value: float) -> str:
    """Return a whole figure with its sign: ``+12``, ``−34``, ``0``."""
    return _signed(value, 0)


def score_value(kind: str, value: float) -> str:
    """Return what was scored: NPS whole, with its sign (``−34``), other scores as ``3.36``."""
    return signed(value) if kind == _NPS else _minus(_rounded(value, score_places(kind)))


def score_change(kind: str, value: float) -> str:
    """Return an impact, or a difference of scores, with its sign: ``−4.1``, ``+0.36``, ``0.0``."""
    return _signed(value, score_places(kind))


def change_interval(kind: str, low: float, high: float) -> str:
    """Return the interval of a difference of scores: ``[−6.0, −2.2]``."""
    return f"[{score_change(kind, low)}, {score_change(kind, high)}]"


def score_places(kind: str) -> int:
    """Return how many places a difference of scores has.

    NPS goes from −100 to +100 and has one; other scores have two: of five stars, a theme seldom
    moves a whole tenth.
    """
    return 1 if kind == _NPS else 2


def _signed(value: float, places: int) -> str:
    found = _rounded(value, places)
    return f"{'+' if found > 0 else ''}{_minus(found)}"


def _minus(found: Decimal) -> str:
    """Return a figure with a true minus, and none before a zero."""
    return str(found).replace("-", "−") if found else str(abs(found))


def _rounded(value: float, places: int) -> Decimal:
    # 15 digits are what a spreadsheet keeps: 0.145 is 15 %, though the float lies under it.
    return Decimal(f"{value:.15g}").quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
