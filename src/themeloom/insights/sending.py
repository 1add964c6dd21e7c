"""What goes to which PM: the few insights that matter most, what is held back, and what is new."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from themeloom.base.figures import percent
from themeloom.base.folding import fold
from themeloom.domain.insights import DECIDED, Delivery, Stage
from themeloom.domain.periods import Period
from themeloom.insights.model import Insight
from themeloom.insights.past_sends import SEND as SEND
from themeloom.insights.past_sends import SNAPSHOT as SNAPSHOT
from themeloom.insights.past_sends import PastSends, Then, is_settled, state_of
from themeloom.insights.past_sends import resolved as resolved
from themeloom.insights.past_sends import snapshot as snapshot
from themeloom.insights.scoring import Part, Weights, scorer, total
from themeloom.insights.wording import count, day

#: From this change of the records on, up or down, the numbers count as changed …
CHANGED_SHARE = 0.10
#: … if at least so many records are behind it.
CHANGED_RECORDS = 3


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person can choose for sending; kept in the project.

    Attributes:
        limit: insights per PM and send, at least 1.
        growth: share (0.25 = 25 %) by which a decided insight has to grow to be sent again.
        weights: of the parts of the score.
        folder: where packs were written last, "" for nowhere yet.
        drafts: whether insights go that nobody marked as ready; None: as long as nobody marks any.
    """

    limit: int = 5
    growth: float = 0.25
    weights: Weights = field(default_factory=Weights)
    folder: str = ""
    drafts: bool | None = None


class Reason(StrEnum):
    """Why an insight is held back; the first that holds, in this order."""

    PROPOSED = "proposed theme"
    DECIDED = "decided"
    NO_AREA = "no product area"
    NO_PM = "no PM"
    DRAFT = "draft"
    LIMIT = "over the limit"


class Mark(StrEnum):
    """What is to say of an insight since the PM got it last."""

    NEW = "new"
    CHANGED = "changed"
    RESOLVED = "resolved"
    DECIDED = "decided"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Chosen:
    """An insight that goes out.

    Attributes:
        insight: the insight.
        score: sum of the points of ``parts``.
        parts: what the score is made of.
        marks: what is to say of it; empty in a first pack and where nothing happened.
        changes: what changed, in words: "121 records, 62 then".
    """

    insight: Insight
    score: float
    parts: tuple[Part, ...]
    marks: tuple[Mark, ...] = ()
    changes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HeldBack:
    """An insight that does not go out, and why: ``words`` as a person reads it."""

    insight: Insight
    reason: Reason
    words: str
    score: float
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Settled:
    """An insight that the PM got, and that was resolved or decided since; told once."""

    insight: Insight
    mark: Mark
    words: str  # "done", "declined: not this year"


@dataclass(frozen=True, slots=True)
class Pack:
    """What one PM gets: at least one insight, best first.

    Attributes:
        pm: name.
        email: "" where not known.
        chosen: the insights.
        settled: what was resolved or decided since the last send.
        left_out: what else was in the last send and is held back now.
        last: the last send to this PM, None for a first one.
    """

    pm: str
    email: str
    chosen: tuple[Chosen, ...]
    settled: tuple[Settled, ...] = ()
    left_out: tuple[HeldBack, ...] = ()
    last: Delivery | None = None

    @property
    def areas(self) -> tuple[str, ...]:
        """Product areas of what is in it, each once."""
        return tuple(dict.fromkeys(one.insight.area for one in self.chosen if one.insight.area))

    def marked(self, mark: Mark) -> tuple[Chosen, ...]:
        """Return what carries a mark."""
        return tuple(one for one in self.chosen if mark in one.marks)


@dataclass(frozen=True, slots=True)
class SendPlan:
    """What a send would do. Every insight is in one pack or held back, with one reason.

    Attributes:
        packs: one per PM, by name.
        held_back: the others, best first.
        settings: what the plan was made with.
        drafts: whether insights that nobody marked as ready go along.
        period: that the numbers are about; None for all time.
    """

    packs: tuple[Pack, ...]
    held_back: tuple[HeldBack, ...]
    settings: Settings
    drafts: bool
    period: Period | None = None

    @property
    def without_area(self) -> tuple[HeldBack, ...]:
        """Insights that no product area is known for: a list to work off."""
        return tuple(one for one in self.held_back if one.reason == Reason.NO_AREA)

    @property
    def count(self) -> int:
        """How many insights go out."""
        return sum(len(pack.chosen) for pack in self.packs)


def make_plan(
    insights: Sequence[Insight],
    deliveries: Sequence[Delivery],
    settings: Settings,
    today: date,
    period: Period | None = None,
) -> SendPlan:
    """Return what a send would do.

    Decided insights (done, declined, or done in a linked tool) stay quiet unless their records
    grew by more than ``settings.growth`` since the last delivery that has them.

    Args:
        insights: of all themes, numbers of ``period``.
        deliveries: the log with values, oldest first.
        settings: limit, weights, threshold.
        today: what due days are compared with.
        period: that the numbers are about.
    """
    past = PastSends(deliveries, period)
    drafts = settings.drafts
    if drafts is None:
        drafts = past.drafts_went and not any(one.stage == Stage.READY for one in insights)
    parts_of = scorer(insights, settings.weights)
    ranked: list[Chosen] = []
    for one in insights:
        marks, changes = _marks(one, past, today)
        parts = parts_of(one, _news(marks, past.last(one.owner)))
        ranked.append(Chosen(one, total(parts), parts, marks, changes))
    ranked.sort(key=lambda one: (-one.score, one.insight.id))
    taken: dict[str, list[Chosen]] = {}
    held: list[HeldBack] = []
    for one in ranked:
        pm = fold(one.insight.owner)
        reason = _reason(one.insight, past, settings, drafts=drafts)
        if reason is None and len(taken.get(pm, ())) >= settings.limit:
            words = f"over the limit of {settings.limit} for {one.insight.owner}"
            reason = (Reason.LIMIT, words)
        if reason is None:
            taken.setdefault(pm, []).append(one)
        else:
            held.append(HeldBack(one.insight, *reason, one.score, one.parts))
    packs = [_pack(chosen, held, past) for chosen in taken.values()]
    return SendPlan(
        packs=tuple(sorted(packs, key=lambda pack: fold(pack.pm))),
        held_back=tuple(held),
        settings=settings,
        drafts=drafts,
        period=period,
    )


def _reason(
    one: Insight, past: PastSends, settings: Settings, *, drafts: bool
) -> tuple[Reason, str] | None:
    """Return why an insight does not go out whatever the limit, with the words for it."""
    if one.proposed:
        return Reason.PROPOSED, "proposed theme"
    if one.status in DECIDED or resolved(one):
        growth = past.growth(one)
        if growth is None:
            return Reason.DECIDED, "decided"
        if growth <= settings.growth:
            return Reason.DECIDED, f"decided, {_grew(growth)}"
    if not one.owner:
        if not one.area:
            return Reason.NO_AREA, "no product area"
        return Reason.NO_PM, f"no PM for {one.area}"
    if one.stage == Stage.DRAFT and not drafts:
        return Reason.DRAFT, "draft"
    return None


def _grew(growth: float) -> str:
    if growth <= -0.005:
        return f"fell by {percent(-growth)}"
    return f"grew only {percent(growth)}" if growth >= 0.005 else "did not grow"


def _pack(chosen: Sequence[Chosen], held: Sequence[HeldBack], past: PastSends) -> Pack:
    pm = chosen[0].insight.owner
    last = past.last(pm)
    settled = tuple(_settled(held, pm, past))
    told = {one.insight.id for one in settled}
    return Pack(
        pm=pm,
        email=next((one.insight.email for one in chosen if one.insight.email), ""),
        chosen=tuple(chosen),
        settled=settled,
        left_out=tuple(
            one
            for one in held
            if last is not None
            and SNAPSHOT in last.values.get(one.insight.id, {})
            and one.insight.id not in told
        ),
        last=last,
    )


def _marks(one: Insight, past: PastSends, today: date) -> tuple[tuple[Mark, ...], tuple[str, ...]]:
    overdue = [Mark.OVERDUE] if one.due and one.due < today and not is_settled(one) else []
    then = past.then(one.owner, one.id)
    if then is None:
        first = past.last(one.owner) is None
        return tuple(overdue if first else [Mark.NEW, *overdue]), ()
    changes = tuple(_changes(one, then, past.growth(one, then)))
    marks = [Mark.CHANGED] if changes else []
    if is_settled(one) and not then.settled:
        marks.append(Mark.RESOLVED if resolved(one) else Mark.DECIDED)
    return (*marks, *overdue), changes


def _changes(one: Insight, then: Then, growth: float | None) -> Iterable[str]:
    was = then.records
    if growth is not None and was is not None:
        behind = abs(was * growth)  # records more or fewer than the old rate would give
        if abs(growth) >= CHANGED_SHARE and behind >= CHANGED_RECORDS:
            yield f"{count(one.records, 'record')}, {was:,} then"
    now = {name: str(value or "") for name, value in state_of(one).items()}
    for name in ("direction", "severity", "urgency", "status"):
        if now[name] != then.text(name):
            word = "trend" if name == "direction" else name
            yield f"{word} {now[name] or 'open'}, {then.text(name) or 'open'} then"
    if now["due"] != then.text("due"):
        yield f"due {day(one.due)}" if one.due else "no longer due"
    for name, words in _REWORDED.items():
        if now[name] != then.text(name):
            yield words


_REWORDED = {
    "title": "new title",
    "statement": "claim reworded",
    "next step": "another next step",
    "decision": "decision written",
    "note": "another note",
}


def _news(marks: Sequence[Mark], last: Delivery | None) -> str:
    return "not sent before" if last is None else " and ".join(marks)


def _settled(held: Iterable[HeldBack], pm: str, past: PastSends) -> Iterable[Settled]:
    for one in held:
        then = past.then(pm, one.insight.id)
        if one.reason == Reason.DECIDED and then is not None and not then.settled:
            mark = Mark.RESOLVED if resolved(one.insight) else Mark.DECIDED
            status = "done" if mark == Mark.RESOLVED else str(one.insight.status)
            decision = one.insight.decision
            yield Settled(one.insight, mark, f"{status}: {decision}" if decision else status)
