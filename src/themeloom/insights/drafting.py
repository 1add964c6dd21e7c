"""What can be suggested about a theme from the data alone: kind, severity, urgency, certainty, step.

Every suggestion carries the words or numbers that led to it. The thresholds stand here, in one
place; they are shares of the theme's records and least numbers of records.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from themeloom.base.figures import percent, score_change
from themeloom.domain.insights import Direction, Grade, InsightType, Urgency
from themeloom.domain.themes import Reason
from themeloom.insights.figures import Figures
from themeloom.insights.model import KindBase, Suggested
from themeloom.insights.signals import Heard, Signal
from themeloom.insights.wording import count, joined, kind_words, score_word

#: Severity: so large a share of the records, in at least so many of them.
_HIGH_SHARE, _HIGH_RECORDS = 0.15, 3
_MEDIUM_SHARE, _MEDIUM_RECORDS = 0.05, 2
_MILD_SHARE = 0.2
_UNHAPPY = 0.7  # part of those who scored
_HIGHER_IS_BETTER = ("nps", "csat", "rating")  # of effort, some ask how much and some how little
#: Urgency.
_NOW_SHARE, _NOW_RECORDS = 0.1, 3
_SOON_SHARE, _SOON_RECORDS = 0.02, 2
#: Certainty.
_FEW_RECORDS, _FEW_PEOPLE = 5, 3
_SOME_RECORDS, _MANY_RECORDS = 10, 30
_MANY_PEOPLE = 10
_REVIEWED = 0.2
_LOOSE = 0.5  # part of the excerpts that fit loosely
_ENOUGH_UNSORTED = 20  # under so many there is no telling what loose is
_BORDER = 0.75  # most of what is unsorted lies below it


@dataclass(frozen=True, slots=True)
class Standing:
    """How well the excerpts of a theme are known to belong to it.

    Attributes:
        reviewed: records of the theme that a person has looked at.
        loose: part of its excerpts that fit only loosely, 0…1.
        near: unsorted excerpts that come nearest to it.
    """

    reviewed: int = 0
    loose: float = 0.0
    near: int = 0


def standings(
    membership: pl.DataFrame, assignments: pl.DataFrame, unsorted: pl.DataFrame
) -> dict[str, Standing]:
    """Return theme id → how well its excerpts are known to belong to it.

    Args:
        membership: from ``speaking``.
        assignments: ASSIGNMENTS.
        unsorted: UNSORTED.
    """
    border = loose_border(assignments, unsorted)
    near = dict(unsorted["nearest_theme_id"].drop_nulls().value_counts().iter_rows())
    rows = membership.group_by("theme_id").agg(
        pl.col("record").filter(pl.col("by_hand")).n_unique(),
        (pl.col("similarity") < (border or 0.0)).mean().fill_null(0.0).alias("loose"),
    )
    return {
        theme_id: Standing(reviewed, loose, near.get(theme_id, 0))
        for theme_id, reviewed, loose in rows.iter_rows()
    }


def loose_border(assignments: pl.DataFrame, unsorted: pl.DataFrame) -> float | None:
    """Return the likeness below which an excerpt fits its theme only loosely.

    It is where three quarters of what was left unsorted because it is too far from all themes lie
    below; None where too little was left to tell.
    """
    left = unsorted.filter((pl.col("reason") == Reason.TOO_FAR) & pl.col("similarity").is_finite())[
        "similarity"
    ]
    if left.len() < _ENOUGH_UNSORTED or assignments.is_empty():
        return None
    return left.quantile(_BORDER)


def kind_of(said: Heard, title: Heard, figures: Figures) -> Suggested:
    """Return the type: what most records are about, by their words; then by their scores.

    Args:
        said: the words of its records.
        title: the words of its title, as one record.
        figures: its numbers.
    """
    if title.n(Signal.TROUBLE):
        why = _titled(title, Signal.TROUBLE)
        if said.n(Signal.TROUBLE):
            why += f" {said.told(Signal.TROUBLE)}."
        return Suggested(InsightType.PROBLEM, why)
    nps = figures.scores.get("nps")
    happy = nps is not None and nps.enough and nps.promoters * 2 > nps.n
    trouble, praise = said.share(Signal.TROUBLE), said.share(Signal.PRAISE)
    request, question = said.share(Signal.REQUEST), said.share(Signal.QUESTION)
    if praise > 0.2 and praise > 1.5 * max(trouble, request, question):
        return Suggested(InsightType.PRAISE, f"{said.told(Signal.PRAISE)}.")
    if title.n(Signal.PRAISE) and praise >= max(trouble, request, question):
        why = f"{_titled(title, Signal.PRAISE)} {said.told(Signal.PRAISE)}."
        return Suggested(InsightType.PRAISE, why)
    if happy and praise >= max(trouble, request):
        why = f"{nps.promoters:,} of {nps.n:,} who scored gave 9 or 10" if nps else ""
        return Suggested(InsightType.PRAISE, f"{why}; {said.told(Signal.PRAISE)}.")
    if request > 0.1 and request >= max(trouble, question):
        return Suggested(InsightType.REQUEST, f"{said.told(Signal.REQUEST)}.")
    if question > 0.2 and question > trouble:
        return Suggested(InsightType.QUESTION, f"{said.told(Signal.QUESTION)}.")
    if trouble:
        return Suggested(InsightType.PROBLEM, f"{said.told(Signal.TROUBLE)}.")
    return Suggested(
        InsightType.PROBLEM, "No words tell what kind it is: taken for a problem until read."
    )


def severity_of(said: Heard, title: Heard, figures: Figures, kind: str) -> Suggested:
    """Return how severe it is: loss and standstill first, then work-arounds and annoyance.

    A theme that its title calls one of loss or standstill, and one that goes with clearly lower
    scores, is of medium severity at least.

    Args:
        said: the words of its records.
        title: the words of its title, as one record.
        figures: its numbers.
        kind: its type.
    """
    if kind == InsightType.PRAISE:
        return Suggested(Grade.LOW, "It is praise.")
    if _reached(said, Signal.SEVERE, _HIGH_SHARE, _HIGH_RECORDS):
        return Suggested(Grade.HIGH, f"{said.told(Signal.SEVERE)}.")
    if _reached(said, Signal.SEVERE, _MEDIUM_SHARE, _MEDIUM_RECORDS):
        return Suggested(Grade.MEDIUM, f"{said.told(Signal.SEVERE)}.")
    if _reached(said, Signal.MILD, _MILD_SHARE, _MEDIUM_RECORDS):
        return Suggested(Grade.MEDIUM, f"{said.told(Signal.MILD)}.")
    if title.n(Signal.SEVERE):
        why = _titled(title, Signal.SEVERE)
        return Suggested(
            Grade.MEDIUM, f"{why} {said.told(Signal.SEVERE)}." if said.n(Signal.SEVERE) else why
        )
    nps = figures.scores.get("nps")
    if nps is not None and nps.enough and nps.detractors >= _UNHAPPY * nps.n:
        told = f"{nps.detractors:,} of the {nps.n:,} who scored are detractors (0 to 6)."
        return Suggested(Grade.MEDIUM, told)
    for score in _HIGHER_IS_BETTER:
        impact = figures.impacts.get(score)
        if impact is not None and impact.high < 0:
            told = ", at most ".join(
                score_change(score, one) for one in (impact.value, impact.high)
            )
            word = score_word(score)
            name = word if word.isupper() else word.lower()
            return Suggested(Grade.MEDIUM, f"It goes with a lower {name}: impact {told}.")
    either = max((Signal.SEVERE, Signal.MILD), key=said.n)
    if said.n(either):
        return Suggested(Grade.LOW, f"Only {said.told(either)}.")
    return Suggested(Grade.LOW, "No words of loss, standstill, detours or annoyance.")


def urgency_of(said: Heard, figures: Figures, kind: str, severity: str) -> Suggested:
    """Return when something has to be done: leaving, deals, law and dates; then how it goes."""
    if kind == InsightType.PRAISE:
        return Suggested(Urgency.LATER, "It is praise.")
    if _reached(said, Signal.PRESSING, _NOW_SHARE, _NOW_RECORDS):
        return Suggested(Urgency.NOW, f"{said.told(Signal.PRESSING)}.")
    growing = figures.trend.direction in (Direction.NEW, Direction.RISING)
    if severity == Grade.HIGH and growing:
        return Suggested(Urgency.NOW, f"High severity, and {figures.trend.direction}.")
    if _reached(said, Signal.PRESSING, _SOON_SHARE, _SOON_RECORDS):
        return Suggested(Urgency.NEXT_QUARTER, f"{said.told(Signal.PRESSING)}.")
    if severity == Grade.HIGH:
        return Suggested(Urgency.NEXT_QUARTER, "High severity.")
    if growing:
        return Suggested(Urgency.NEXT_QUARTER, figures.trend.words)
    if said.n(Signal.PRESSING):
        return Suggested(Urgency.LATER, f"Only {said.told(Signal.PRESSING)}.")
    return Suggested(Urgency.LATER, "No words of leaving, deals, law or dates; it does not grow.")


def confidence_of(figures: Figures, standing: Standing, kinds: Sequence[KindBase]) -> Suggested:
    """Return how sure one can be: how many say it, who, where, and how well it was looked at."""
    seen = [kind for kind, share in figures.shares.items() if share.records]
    who = f" from {count(figures.people, 'person', 'people')}"
    if figures.people_known < figures.records:
        who = (
            who.replace("from", "from at least") if figures.people else "; who said it is not known"
        )
    reasons = [f"{count(figures.records, 'record')}{who}", _sources(seen, kinds)]
    points = (figures.records >= _SOME_RECORDS) + (figures.records >= _MANY_RECORDS)
    points += (len(seen) > 1) + (len(seen) > 2) + (figures.people >= _MANY_PEOPLE)
    if standing.reviewed:
        reasons.append(f"{standing.reviewed:,} checked by hand")
    points += standing.reviewed >= _REVIEWED * figures.records
    if standing.loose > _LOOSE:
        points -= 1
        reasons.append("many of its excerpts fit only loosely")
    few = figures.records < _FEW_RECORDS or 0 < figures.people < _FEW_PEOPLE
    grade = Grade.LOW if few or points < 2 else Grade.HIGH if points >= 4 else Grade.MEDIUM
    told = "; ".join(reason for reason in reasons if reason)
    return Suggested(grade, f"{'Only ' if few else ''}{told}.")


def coverage_note(
    figures: Figures, standing: Standing, kinds: Sequence[KindBase], coverage: float
) -> str:
    """Return what the numbers of this insight may miss."""
    sentences = [f"{percent(coverage)} of all excerpts carry a theme."]
    if standing.near:
        verb = "comes" if standing.near == 1 else "come"
        sentences.append(
            f"{count(standing.near, 'unsorted excerpt')} {verb} nearest to this one and "
            f"{'is' if standing.near == 1 else 'are'} not counted."
        )
    silent = [
        kind_words(kind.kind)
        for kind in kinds
        if kind.base and not figures.shares[kind.kind].records
    ]
    if silent:
        sentences.append(f"Nothing of it in {joined(silent)}.")
    unknown = figures.records - figures.people_known
    if unknown and not figures.people_known:
        sentences.append("Who said it is not known.")
    elif unknown:
        sentences.append(
            f"Who said it is not known for {unknown:,} of {figures.records:,} records."
        )
    return " ".join(sentences)


def next_step_of(kind: str, severity: str, urgency: str, confidence: str, figures: Figures) -> str:
    """Return what to do next, verb first."""
    growing = figures.trend.direction in (Direction.NEW, Direction.RISING)
    if kind == InsightType.PRAISE:
        return "Keep it as it is, and name it where the product is presented."
    if confidence == Grade.LOW:
        return "Ask some more customers about it before anything is built: so far few speak of it."
    if kind == InsightType.QUESTION:
        return "Explain it where people look for it: in the product and on the help pages."
    if kind == InsightType.REQUEST:
        if urgency == Urgency.NOW:
            return "Talk to the accounts that press for it, and decide whether it goes on the plan."
        return "Research what people would do with it, starting with those who are quoted."
    if severity == Grade.HIGH:
        since = " and look at what changed lately" if growing else ""
        return f"Reproduce it with the quoted records{since}, and plan the fix."
    if severity == Grade.MEDIUM:
        return "Research the cause with two or three of those who are quoted, then size the fix."
    if growing:
        return "Monitor it for another period, and ask support what is new about it."
    return "Monitor it: look again when it grows."


def _titled(title: Heard, signal: Signal) -> str:
    return f"Its title says “{title.words[signal][0]}”."


def _reached(said: Heard, signal: Signal, share: float, records: int) -> bool:
    return said.n(signal) >= records and said.share(signal) >= share


def _sources(seen: Sequence[str], kinds: Sequence[KindBase]) -> str:
    known = [kind.kind for kind in kinds if kind.base]
    if not seen or len(known) < 2:
        return ""
    if len(seen) == 1:
        return f"all of them {kind_words(seen[0])}"
    if len(seen) == len(known):
        return f"all {len(known)} kinds of source" if len(known) > 2 else "both kinds of source"
    return f"{len(seen)} of {len(known)} kinds of source"
