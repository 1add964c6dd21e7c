"""What is different from the last delivery: the rows of the sheet ``Changes``."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from themeloom.base.folding import fold
from themeloom.domain.insights import DECIDED, Delivery, PmStatus
from themeloom.domain.themes import Level
from themeloom.insights import tree
from themeloom.insights.model import BookData, Change, ChangeRow, Insight
from themeloom.insights.past_sends import state_of
from themeloom.insights.sending import CHANGED_RECORDS, CHANGED_SHARE, SNAPSHOT
from themeloom.insights.wording import count, day

_ORDER = tuple(Change)

#: Values of ``state_of`` that are told one by one, and their words.
_GRADES = {"severity": "Severity", "urgency": "Urgency", "direction": "Trend", "status": "Status"}


@dataclass(frozen=True)
class Changes:
    """The rows, the most important kind first, and since when they are counted."""

    rows: tuple[ChangeRow, ...]
    note: str


def changes_of(data: BookData, insights: Sequence[Insight], period: str) -> Changes:
    """Return what became of each insight since the last delivery of this kind to this reader.

    Grown and shrunk: by as much as a send calls changed. Of another period only what people
    decided and wrote is compared, because its counts are about other records.

    Args:
        data: deliveries, and whom this one is for.
        insights: those that are delivered now.
        period: the chosen one, "" for all time.
    """
    last = _last(data)
    today = data.created.date()
    if last is None:
        for_whom = f" for {data.only}" if data.only else ""
        late = tuple(row for one in insights for row in _overdue(one, today))
        return Changes(
            late, f"This is the first one{for_whom}: there is nothing to compare it with."
        )
    then = {
        insight_id: _object(values[SNAPSHOT])
        for insight_id, values in last.values.items()
        if SNAPSHOT in values
    }
    same_period = (last.about.get("period") or "") == period
    rows: list[ChangeRow] = []
    for one in insights:
        was = then.get(one.id)
        if was is None:
            rows.append(_new(one))
        else:
            rows += _changed(one, was, same_period=same_period)
        rows += _overdue(one, today)
    known = {one.id: one for one in insights}
    rows += [
        _gone(insight_id, was, _why_gone(insight_id, data, known))
        for insight_id, was in then.items()
        if insight_id not in known
    ]
    rows.sort(key=lambda row: (_ORDER.index(row.change), row.insight_id))
    note = f"Since {day(last.when.date())}, when it was last written{_to(last)}."
    if not same_period:
        about = last.about.get("period") or "all time"
        note += f" That was about another period ({about}): numbers are not compared."
    return Changes(tuple(rows), note)


def _last(data: BookData) -> Delivery | None:
    """Return the newest delivery of the same kind to the same reader that tells what was in it."""
    reader = fold(data.only)
    for delivery in reversed(data.deliveries):
        if delivery.kind != data.delivery_kind or fold(delivery.recipient) != reader:
            continue
        if any(SNAPSHOT in values for values in delivery.values.values()):
            return delivery
    return None


def _new(one: Insight) -> ChangeRow:
    records = count(one.records, "record")
    return ChangeRow(Change.NEW, one.id, one.title, "", records, f"New, with {records}.")


def _changed(one: Insight, was: Mapping[str, Any], *, same_period: bool) -> Iterator[ChangeRow]:
    records = was.get("records")
    if same_period and isinstance(records, int):
        more = one.records - records
        if abs(more) >= CHANGED_RECORDS and abs(more) >= CHANGED_SHARE * records:
            change, verb = (Change.GROWN, "Grew") if more > 0 else (Change.SHRUNK, "Shrank")
            before, now = count(records, "record"), count(one.records, "record")
            yield ChangeRow(
                change, one.id, one.title, before, now, f"{verb} from {before} to {now}."
            )
    status = str(was.get("status") or PmStatus.NEW)
    if one.status in DECIDED and status not in DECIDED:
        decision = " ".join(one.decision.split())
        words = f"Decided: {one.status}." + (f" {decision}" if decision else "")
        yield ChangeRow(Change.DECIDED, one.id, one.title, status, str(one.status), words)
    yield from _regraded(one, was, same_period=same_period)
    title = str(was.get("title") or one.title)
    if title != one.title:
        yield ChangeRow(
            Change.REWORDED, one.id, one.title, title, one.title, "It has another title now."
        )


def _regraded(one: Insight, was: Mapping[str, Any], *, same_period: bool) -> Iterator[ChangeRow]:
    now = state_of(one)
    for name, word in _GRADES.items():
        before, after = was.get(name), now[name]
        if before is None or before == after or (name == "direction" and not same_period):
            continue
        if name == "status" and one.status in DECIDED and before not in DECIDED:
            continue  # told as a decision
        then, since = str(before or "open"), str(after or "open")
        words = f"{word}: {since}, {then} then."
        yield ChangeRow(Change.REGRADED, one.id, one.title, then, since, words)


def _overdue(one: Insight, today: date) -> Iterator[ChangeRow]:
    if one.due and one.due < today and one.status not in DECIDED:
        due = day(one.due)
        words = f"It was due on {due}, and its status is “{one.status}”."
        yield ChangeRow(Change.OVERDUE, one.id, one.title, due, str(one.status), words)


def _gone(insight_id: str, was: Mapping[str, Any], why: str) -> ChangeRow:
    records = was.get("records")
    before = count(records, "record") if isinstance(records, int) else ""
    return ChangeRow(Change.GONE, insight_id, str(was.get("title") or ""), before, "", why)


def _why_gone(insight_id: str, data: BookData, known: Mapping[str, Insight]) -> str:
    """Return what became of an insight that is not among those that are delivered."""
    into = {tree.insight_id(theme_id): to for theme_id, to in data.redirects.items()}
    parents = {
        tree.insight_id(theme_id): parent
        for theme_id, parent, level in data.themes.select(
            "theme_id", "parent_id", "level"
        ).iter_rows()
        if level == Level.SUB_THEME
    }
    above = into.get(insight_id) or parents.get(insight_id)
    if above is not None:
        there = tree.insight_id(above)
        title = f" “{known[there].title}”" if there in known else ", which is not among these"
        return f"Its theme is part of {there}{title} now."
    if insight_id in into:
        return "Its theme was deleted."
    if data.only or data.chosen:
        return "It is not among these insights any more: no records, or it goes to somebody else."
    return "No record speaks of it any more."


def _to(delivery: Delivery) -> str:
    return f" for {delivery.recipient}" if delivery.recipient else ""


def _object(text: str) -> Mapping[str, Any]:
    try:
        found: object = json.loads(text)
    except ValueError:
        return {}
    return cast(Mapping[str, Any], found) if isinstance(found, dict) else {}
