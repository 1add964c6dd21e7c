"""How an insight is ranked among those that could be sent: a sum of parts that can all be seen."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields

from themeloom.base.figures import score_change
from themeloom.domain.insights import Direction, Grade, Urgency
from themeloom.insights.model import Insight
from themeloom.insights.wording import count, joined, score_word


@dataclass(frozen=True, slots=True)
class Weights:
    """How many points each part of the score can give at most; they need not sum to 100."""

    reach: float = 20.0
    revenue: float = 15.0
    severity: float = 20.0
    urgency: float = 10.0
    trend: float = 10.0
    confidence: float = 5.0
    score: float = 10.0
    news: float = 10.0


#: What people call the parts, in the order in which they are shown.
PART_NAMES = {
    "reach": "Reach",
    "revenue": "Revenue",
    "severity": "Severity",
    "urgency": "Urgency",
    "trend": "Trend",
    "confidence": "Confidence",
    "score": "NPS and other scores",
    "news": "News for the PM",
}
assert tuple(PART_NAMES) == tuple(one.name for one in fields(Weights))


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a score: ``points`` = ``share`` × weight.

    Attributes:
        key: field of ``Weights``.
        name: for people.
        weight: points that it can give at most.
        share: how much of that it gives, 0…1.
        why: the figure or word behind it.
    """

    key: str
    name: str
    weight: float
    share: float
    why: str

    @property
    def points(self) -> float:
        """What this part adds to the score."""
        return self.weight * self.share


_GRADES: Mapping[str, float] = {Grade.HIGH: 1.0, Grade.MEDIUM: 0.5, Grade.LOW: 0.0}
_URGENCIES: Mapping[str, float] = {Urgency.NOW: 1.0, Urgency.NEXT_QUARTER: 0.5, Urgency.LATER: 0.0}
_DIRECTIONS: Mapping[str, float] = {
    Direction.NEW: 1.0,
    Direction.RISING: 1.0,
    Direction.STEADY: 0.4,
    Direction.UNKNOWN: 0.4,
    Direction.FALLING: 0.0,
}


def total(parts: Sequence[Part]) -> float:
    """Return the score: the sum of the points."""
    return sum(part.points for part in parts)


def scorer(
    insights: Sequence[Insight], weights: Weights
) -> Callable[[Insight, str], tuple[Part, ...]]:
    """Return a function that gives the parts of an insight's score, ranked among ``insights``.

    Reach is the mean of records ÷ most records and accounts ÷ most accounts (records alone where
    no account is known at all); revenue is that of the accounts ÷ the most. Severity and
    confidence give all for high and half for medium, urgency all for now and half for next
    quarter; trend all for new and rising and two fifths for steady or not known. The score part is
    the impact with the largest size ÷ the largest of all; an impact whose interval holds 0, or
    that stands on too few answers, gives nothing. News is given where ``news`` says what is new.
    """
    most_records = max((one.records for one in insights), default=0)
    most_accounts = max((one.accounts for one in insights), default=0)
    most_revenue = max((one.revenue or 0.0 for one in insights), default=0.0)
    most_impact: dict[str, float] = {}
    for one in insights:
        for kind, size in _impacts(one).items():
            most_impact[kind] = max(most_impact.get(kind, 0.0), abs(size))

    def reach(one: Insight) -> tuple[float, str]:
        parts = [_over(one.records, most_records)]
        if most_accounts:
            parts.append(_over(one.accounts, most_accounts))
        told = [count(one.records, "record")]
        if one.accounts:
            told.append(count(one.accounts, "account"))
        return sum(parts) / len(parts), joined(told)

    def revenue(one: Insight) -> tuple[float, str]:
        if one.revenue is None:
            return 0.0, "not known"
        known = f"known of {one.revenue_known:,} of {count(one.accounts, 'account')}"
        return _over(max(one.revenue, 0.0), most_revenue), f"{one.revenue:,.0f}, {known}"

    def score(one: Insight) -> tuple[float, str]:
        found = _impacts(one)
        if not found:
            return 0.0, "no clear impact" if one.impacts else "too few answers"
        kind = max(found, key=lambda kind: _over(abs(found[kind]), most_impact[kind]))
        share = _over(abs(found[kind]), most_impact[kind])
        return share, f"{score_word(kind)} impact {score_change(kind, found[kind])}"

    def parts(one: Insight, news: str) -> tuple[Part, ...]:
        direction = one.trend.direction
        found = {
            "reach": reach(one),
            "revenue": revenue(one),
            "severity": (_GRADES.get(one.severity.value, 0.0), one.severity.value),
            "urgency": (_URGENCIES.get(one.urgency.value, 0.0), one.urgency.value),
            "trend": (_DIRECTIONS[direction], "" if direction == Direction.UNKNOWN else direction),
            "confidence": (_GRADES.get(one.confidence.value, 0.0), one.confidence.value),
            "score": score(one),
            "news": (1.0, news) if news else (0.0, "nothing new"),
        }
        return tuple(
            Part(key, name, getattr(weights, key), found[key][0], found[key][1] or "not known")
            for key, name in PART_NAMES.items()
        )

    return parts


def _impacts(one: Insight) -> dict[str, float]:
    """Return kind of score → impact, of those whose interval leaves no doubt about the direction."""
    return {
        kind: impact.value
        for kind, impact in one.impacts.items()
        if impact.low > 0 or impact.high < 0
    }


def _over(part: float, most: float) -> float:
    return part / most if most > 0 else 0.0
