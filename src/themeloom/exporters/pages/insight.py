"""The page of one insight as plain values: the one content of all pages and hand-offs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from themeloom.base.figures import change_interval, percent, score_change, score_value
from themeloom.domain.insights import Direction, Field, Grade, Link, PmStatus
from themeloom.insights.model import (
    ENOUGH_SCORES,
    Book,
    Evidence,
    Impact,
    Insight,
    Score,
    SegmentNote,
)
from themeloom.insights.sending import SNAPSHOT, snapshot
from themeloom.insights.wording import count, day, kind_words, reached, score_word

#: Below this many records of a kind, "2 of 6" says more than a percentage.
SMALL_BASE = 30


@dataclass(frozen=True, slots=True)
class Figure:
    """One number in words, with the base that it stands on."""

    name: str
    value: str
    base: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """One quote; ``place`` is how a person finds it again."""

    text: str
    place: str
    counter: bool = False  # speaks against the claim


@dataclass(frozen=True)
class Around:
    """What holds for all insights of a book."""

    period: str = ""  # "July to September 2026"
    privacy: str = ""
    coverage: float = 0.0
    axis: tuple[str, ...] = ()
    project: str = ""  # the first digits of its id, to tell insights of other projects

    @classmethod
    def of(cls, book: Book) -> "Around":
        """Return it for ``book``."""
        return cls(
            period=book.title.partition(", ")[2],
            privacy=book.privacy,
            coverage=book.numbers.coverage,
            axis=book.axis,
            project=book.properties.get("Project id", "")[:6],
        )


@dataclass(frozen=True)
class InsightPage:
    """Everything that is shown of one insight, in the order of reading. "" = nothing to show."""

    id: str
    theme_id: str
    title: str
    kicker: str  # "Integrations · Insight IN-014 · July to September 2026"
    chips: tuple[str, ...]  # "High severity"
    statement: str
    figures: tuple[Figure, ...]  # the first three tell most
    direction: Direction
    trend: str
    series: tuple[int, ...]
    axis: tuple[str, ...]
    quotes: tuple[Said, ...]
    who: tuple[str, ...]
    next_step: str
    note: str
    decision: str
    why: tuple[str, ...]  # what the suggestions rest on
    sure: tuple[str, ...]
    links: tuple[Link, ...]
    marker: str  # "Themeloom IN-014 · 5f0c2d": by it the insight is found again


def pages_of(book: Book) -> tuple[InsightPage, ...]:
    """Return the pages of all insights of ``book``, in its order."""
    quotes: dict[str, list[Evidence]] = {}
    for one in book.evidence:
        quotes.setdefault(one.insight_id, []).append(one)
    around = Around.of(book)
    return tuple(insight_page(one, quotes.get(one.id, ()), around) for one in book.insights)


def insight_page(insight: Insight, evidence: Sequence[Evidence], around: Around) -> InsightPage:
    """Return the page of one insight."""
    group = insight.group if insight.group != insight.theme else ""
    kicker = (insight.area or group, f"Insight {insight.id}", around.period)
    return InsightPage(
        id=insight.id,
        theme_id=insight.theme_id,
        title=insight.title,
        kicker=" · ".join(part for part in kicker if part),
        chips=tuple(_chips(insight)),
        statement=_beyond_title(insight),
        figures=tuple(_figures(insight)),
        direction=insight.trend.direction,
        trend=insight.trend.words,
        series=insight.trend.series,
        axis=around.axis,
        quotes=tuple(_said(evidence)),
        who=tuple(_who(note) for note in insight.segments if note.of_customer),
        next_step=insight.next_step,
        note=insight.note,
        decision=insight.decision,
        why=tuple(_reasons(insight)),
        sure=tuple(_sure(insight, around)),
        links=insight.links,
        marker=marker(insight.id, around.project),
    )


def marker(insight_id: str, project: str) -> str:
    """Return the line by which an insight is found again in another tool."""
    return f"Themeloom {insight_id} · {project}" if project else f"Themeloom {insight_id}"


def impact_words(kind: str, impact: Impact) -> str:
    """Return ``−4.1 [−6.0, −2.2]``."""
    value = score_change(kind, impact.value)
    return f"{value} {change_interval(kind, impact.low, impact.high)}"


def score_words(kind: str, score: Score) -> str:
    """Return the figure, or that there are too few answers for one."""
    if not score.enough:
        return f"too few answers: under {ENOUGH_SCORES}"
    return score_value(kind, score.value)


def place_of(evidence: Evidence) -> str:
    """Return how a person finds a quote again: ``Ticket ZD-48213 · Northlight``."""
    place = evidence.short.rpartition("” ")[2] or evidence.locator
    return " · ".join(part for part in (place, evidence.account) if part)


def _beyond_title(insight: Insight) -> str:
    """Return the statement; where it begins with the title, which stands above it, what follows.

    A drafted one begins with the title of the theme, also where a person has given another one.
    """
    titles = [insight.title]
    if Field.STATEMENT not in insight.edited:
        titles.append(insight.theme)
    for title in titles:
        rest = insight.statement.removeprefix(title)
        if rest != insight.statement and rest[:1] in (".", "!", "?") and rest[1:].strip():
            return rest[1:].strip()
    return insight.statement


def _said(evidence: Iterable[Evidence]) -> Iterable[Said]:
    ordered = sorted(evidence, key=lambda one: one.counter)
    return (Said(one.quote, place_of(one), one.counter) for one in ordered)


def _chips(insight: Insight) -> Iterable[str]:
    if insight.severity.value:
        yield f"{insight.severity.value.capitalize()} severity"
    if insight.urgency.value == "now":
        yield "Urgent"
    if insight.confidence.value:
        yield f"{insight.confidence.value.capitalize()} confidence"
    if insight.status != PmStatus.NEW:
        yield insight.status.capitalize()
    if insight.due:
        yield f"Due {day(insight.due)}"


def _figures(insight: Insight) -> list[Figure]:
    before = insight.records_before
    figures = [
        Figure(
            "Records",
            f"{insight.records:,}",
            f"{before:,} in the period before" if before is not None else "",
        ),
        *_people("Accounts", insight.accounts, insight.accounts_known, insight.records),
        *(
            Figure(f"{score_word(kind)} impact", impact_words(kind, one), count(one.n, "answer"))
            for kind, one in insight.impacts.items()
        ),
        *_people("People", insight.people, insight.people_known, insight.records),
    ]
    if insight.revenue is not None:
        base = f"known {insight.revenue_known:,} of {count(insight.accounts, 'account')}"
        figures.append(Figure("Revenue of accounts", f"{insight.revenue:,.0f}", base))
    for kind, score in insight.scores.items():
        figures.append(Figure(score_word(kind), score_words(kind, score), count(score.n, "answer")))
    for kind, share in insight.shares.items():
        if share.base:
            told = f"{share.records:,} of {share.base:,}"
            large = share.base >= SMALL_BASE
            value, base = (percent(share.share), told) if large else (told, "")
            many = kind_words(kind, alone=len(insight.shares) == 1)
            figures.append(Figure(f"Of the {many}", value, base))
    return figures


def _people(name: str, n: int, known: int, records: int) -> list[Figure]:
    """Return how many; nothing where no record tells."""
    return [Figure(name, *reached(n, known, records))] if known else []


def _who(note: SegmentNote) -> str:
    more = "More" if note.more else "Less"
    return (
        f"{more} than others: {note.segment} {note.value}, {percent(note.share)} of their records "
        f"({note.records:,} of {note.base:,}), {note.told_overall}."
    )


def _reasons(insight: Insight) -> Iterable[str]:
    told: Mapping[str, tuple[str, str, bool]] = {
        "Severity": (insight.severity.value, insight.severity.why, insight.severity.by_hand),
        "Urgency": (insight.urgency.value, insight.urgency.why, insight.urgency.by_hand),
        "Confidence": (
            insight.confidence.value,
            insight.confidence.why,
            insight.confidence.by_hand,
        ),
    }
    for name, (value, why, by_hand) in told.items():
        if value and by_hand:
            yield f"{name} {value}: set by a person."
        elif value and why:
            yield f"{name} {value}: {why}"


def _sure(insight: Insight, around: Around) -> Iterable[str]:
    if insight.coverage_note:
        yield insight.coverage_note
    else:
        yield f"{percent(around.coverage)} of the excerpts carry a theme."
    yield "Shares are of the records that say something."
    if insight.impacts or any(score.enough for score in insight.scores.values()):
        yield "Scores are those of the people who speak of it: association, not cause."
    if insight.proposed:
        yield "Its theme is a proposal that nobody has accepted yet."
    if insight.stale and Field.STATEMENT in insight.edited:
        yield insight.stale
    if around.privacy:
        yield around.privacy


def severity_rank(insight: Insight) -> int:
    """Return 3, 2, 1 for high, medium, low, and 0 where nobody can say."""
    order = (Grade.LOW, Grade.MEDIUM, Grade.HIGH)
    value = insight.severity.value
    return order.index(Grade(value)) + 1 if value in set(Grade) else 0


def kept(insights: Iterable[Insight]) -> dict[str, dict[str, str]]:
    """Return what the log of deliveries keeps of each insight that was written."""
    return {
        one.id: {
            str(Field.TITLE): one.title,
            str(Field.SEVERITY): one.severity.value,
            str(Field.OWNER): one.owner,
            str(Field.STATUS): str(one.status),
            str(Field.NEXT_STEP): one.next_step,
            "records": str(one.records),
            SNAPSHOT: snapshot(one),
        }
        for one in insights
    }
