"""What was sent before, and what an insight was then."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from themeloom.base.folding import fold
from themeloom.domain.insights import DECIDED, Delivery, Field, PmStatus
from themeloom.domain.periods import Period
from themeloom.insights.model import Insight

#: Kind of ``Delivery`` that a send writes.
SEND = "send"

#: Name under which a delivery keeps what an insight was when it was sent.
SNAPSHOT = "sent"

#: Words by which other tools say that an item is done, folded.
DONE_WORDS = frozenset(
    "done,closed,resolved,fixed,complete,completed,released,shipped,live".split(",")
)


def resolved(insight: Insight) -> bool:
    """Whether what the insight asks for is done: the PM says so, or the linked item does."""
    return insight.status == PmStatus.DONE or any(
        fold(link.status) in DONE_WORDS for link in insight.links
    )


def is_settled(one: Insight) -> bool:
    """Whether the PM decided, or what the insight asks for is done: it stays quiet."""
    return one.status in DECIDED or resolved(one)


def snapshot(insight: Insight) -> str:
    """Return what a delivery keeps of an insight, as JSON: what the next send is compared with."""
    return json.dumps(state_of(insight), ensure_ascii=False)


def state_of(one: Insight) -> dict[str, object]:
    """Return what changes of an insight are told by; drafted words follow from the numbers."""
    return {
        "title": one.title,
        "statement": one.statement if Field.STATEMENT in one.edited else "",
        "records": one.records,
        "people": one.people,
        "accounts": one.accounts,
        "direction": str(one.trend.direction),
        "severity": one.severity.value,
        "urgency": one.urgency.value,
        "status": str(one.status),
        "decision": one.decision,
        "due": one.due.isoformat() if one.due else "",
        "next step": one.next_step if Field.NEXT_STEP in one.edited else "",
        "note": one.note,
        "resolved": resolved(one),
    }


@dataclass(frozen=True, slots=True)
class Then:
    """What an insight was when it was delivered."""

    delivery: Delivery
    values: Mapping[str, object]

    def text(self, name: str) -> str:
        """Return one value of ``state_of``, "" where there is none."""
        return str(self.values.get(name) or "")

    @property
    def records(self) -> int | None:
        """Its records then, None where that is not known."""
        found = self.values.get("records")
        return found if isinstance(found, int) else None

    @property
    def settled(self) -> bool:
        """Whether it was settled by then."""
        return bool(self.values.get("resolved")) or self.text("status") in DECIDED


class PastSends:
    """The log as a send needs it."""

    def __init__(self, deliveries: Iterable[Delivery], period: Period | None) -> None:
        self._period = period
        self._last: dict[str, Delivery] = {}
        self._then: dict[tuple[str, str], Then] = {}
        self._newest: dict[str, Then] = {}
        self.drafts_went = True
        for delivery in deliveries:
            if delivery.kind != SEND:
                continue
            pm = fold(delivery.recipient)
            self._last[pm] = delivery
            self.drafts_went = delivery.about.get("drafts") != "no"
            for insight_id, values in delivery.values.items():
                if SNAPSHOT in values:
                    then = Then(delivery, _mapping(values[SNAPSHOT]))
                    self._then[pm, insight_id] = self._newest[insight_id] = then

    def last(self, pm: str) -> Delivery | None:
        """Return the last send to a PM."""
        return self._last.get(fold(pm))

    def then(self, pm: str, insight_id: str) -> Then | None:
        """Return what the PM last got of an insight."""
        return self._then.get((fold(pm), insight_id))

    def growth(self, one: Insight, then: Then | None = None) -> float | None:
        """Return by what share the records grew since ``then`` (None: since anybody got it).

        Counts of two periods are compared per day; None where there is nothing to compare, or
        where one count is about a period and the other about all time.
        """
        then = then or self._newest.get(one.id)
        if then is None or not then.records:
            return None
        told = then.delivery.about.get("period") or ""
        if not told or self._period is None:
            return None if told or self._period else one.records / then.records - 1
        first, _, last = told.partition("..")
        days = _days(Period(date.fromisoformat(first), date.fromisoformat(last)))
        return (one.records / _days(self._period)) / (then.records / days) - 1


def _days(period: Period) -> int:
    return (period.last - period.first).days + 1


def _mapping(text: str) -> Mapping[str, object]:
    value: object = json.loads(text)
    return value if isinstance(value, dict) else {}  # pyright: ignore[reportUnknownVariableType]
