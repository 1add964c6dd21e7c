"""The period that a person chose for a project: kept in the settings, told anew each day.

It is a way of looking, not a change of the project: it can be chosen where the project is open for
reading only, and undo leaves it alone.
"""

from dataclasses import dataclass
from datetime import date, datetime

from themeloom.base.settings import Settings
from themeloom.domain import periods
from themeloom.domain.errors import UsageError
from themeloom.domain.periods import Period, parse_period
from themeloom.project.project import Project
from themeloom.services.view import View

ALL_TIME = ""
LAST_MONTH, LAST_QUARTER, THIS_YEAR = "last month", "last quarter", "this year"
SINCE_LAST_SEND = "since last send"
#: So many quarters and months of the data are offered.
_MOST_QUARTERS, _MOST_MONTHS = 8, 24


@dataclass(frozen=True, slots=True)
class PeriodChoice:
    """One period to choose.

    Attributes:
        key: how it is kept: one of the names above, or first and last day.
        period: the days that it means today; None for all time.
    """

    key: str
    period: Period | None


@dataclass(frozen=True, slots=True)
class Offer:
    """What there is to choose from; ``first`` and ``last`` are the days that the records span."""

    named: tuple[PeriodChoice, ...]
    quarters: tuple[PeriodChoice, ...] = ()
    months: tuple[PeriodChoice, ...] = ()
    first: date | None = None
    last: date | None = None


def offer(view: View, last_send: date | None, today: date) -> Offer:
    """Return the periods to choose from: those with names, and quarters and months with records."""
    named = [
        PeriodChoice(ALL_TIME, None),
        PeriodChoice(LAST_MONTH, periods.last_month(today)),
        PeriodChoice(LAST_QUARTER, periods.last_quarter(today)),
        PeriodChoice(THIS_YEAR, periods.this_year(today)),
    ]
    if last_send is not None:
        named.append(PeriodChoice(SINCE_LAST_SEND, meaning(SINCE_LAST_SEND, last_send, today)))
    days = view.base.whole.content.records["date"].drop_nulls().dt.date().unique()
    first, last = days.min(), days.max()
    if not isinstance(first, date) or not isinstance(last, date):
        return Offer(tuple(named))

    def there(found: list[Period], most: int) -> tuple[PeriodChoice, ...]:
        full = (one for one in found if days.is_between(one.first, one.last).any())
        return tuple(PeriodChoice(str(one), one) for one, _ in zip(full, range(most), strict=False))

    return Offer(
        tuple(named),
        there(periods.quarters(first, last), _MOST_QUARTERS),
        there(periods.months(first, last), _MOST_MONTHS),
        first,
        last,
    )


def meaning(key: str, last_send: date | None, today: date) -> Period | None:
    """Return the days that a kept choice means today; None for all time, and where it means none."""
    if key == LAST_MONTH:
        return periods.last_month(today)
    if key == LAST_QUARTER:
        return periods.last_quarter(today)
    if key == THIS_YEAR:
        return periods.this_year(today)
    if key == SINCE_LAST_SEND:
        # The day itself too: what came in after the send on that day would be in no period else.
        return Period(last_send, max(last_send, today)) if last_send else None
    try:
        return parse_period(key) if key else None
    except UsageError:
        return None


def last_send(project: Project) -> date | None:
    """Return the day of the last send, in this computer's time; None where nothing was sent."""
    sent = [one.when for one in project.deliveries() if one.kind == "send"]
    return max(sent).astimezone().date() if sent else None


def kept_key(settings: Settings, project_id: str) -> str:
    """Return the choice that was kept for a project."""
    return settings.get(f"period.{project_id}", ALL_TIME)


def keep(settings: Settings, project_id: str, key: str) -> None:
    """Keep a choice for a project."""
    if key:
        settings.set(f"period.{project_id}", key)
    else:
        settings.remove(f"period.{project_id}")


def kept_period(settings: Settings, project: Project) -> Period | None:
    """Return the days that the kept choice means today."""
    key = kept_key(settings, project.id)
    today = datetime.now().astimezone().date()
    return meaning(key, last_send(project) if key == SINCE_LAST_SEND else None, today)
