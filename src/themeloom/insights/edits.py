"""What people set of insights, laid over what the data draft; and what has grown stale since."""

import json
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any, cast

import polars as pl

from themeloom.domain.insights import (
    Direction,
    Field,
    Grade,
    InsightType,
    Link,
    PmStatus,
    Stage,
    Urgency,
)
from themeloom.insights.model import Insight, Suggested
from themeloom.insights.privacy import Veil
from themeloom.insights.routing import Routed

#: What counts as changed: so many records, and so large a part of those before.
_RECORDS, _PART = 5, 0.2

#: Fields whose words were written with numbers in mind: they can grow stale.
_WRITTEN = frozenset(
    {Field.TITLE, Field.STATEMENT, Field.SEVERITY, Field.URGENCY, Field.NEXT_STEP, Field.NOTE}
)
_MASKED = (
    Field.TITLE, Field.STATEMENT, Field.NEXT_STEP, Field.NOTE, Field.NOTES, Field.DECISION,
)  # fmt: skip


@dataclass(frozen=True)
class Edits:
    """The fields that people set, masked as the book asks for; raw ones where nothing is shown."""

    values: Mapping[str, Mapping[Field, str]] = field(
        default_factory=dict[str, Mapping[Field, str]]
    )

    @classmethod
    def of(cls, fields: pl.DataFrame, veil: Veil) -> "Edits":
        """Return the edits in ``fields`` (INSIGHT_FIELDS); unknown fields are passed over."""
        known = fields.filter(pl.col("value").is_not_null() & pl.col("field").is_in(list(Field)))
        worded = pl.col("field").is_in(list(_MASKED))
        plain = known.filter(~worded)
        masked = known.filter(worded)
        masked = masked.with_columns(veil.texts(masked["value"]))
        found: dict[str, dict[Field, str]] = {}
        for theme_id, name, value in (
            pl.concat([plain, masked]).select("theme_id", "field", "value").iter_rows()
        ):
            found.setdefault(theme_id, {})[Field(name)] = value
        return cls(found)

    def counters(self) -> dict[str, str]:
        """Return theme id → excerpt id of the counter-example that a person chose, "" for none."""
        return {
            theme_id: values[Field.COUNTER]
            for theme_id, values in self.values.items()
            if Field.COUNTER in values
        }

    def desk(self, theme_id: str, routed: Routed) -> tuple[str, str]:
        """Return product area and PM of a theme: set by a person, else by the roster."""
        values = self.values.get(theme_id, {})
        return (
            values.get(Field.AREA, "").strip() or routed.area,
            values.get(Field.OWNER, "").strip() or routed.pm,
        )

    def graded(self, theme_id: str, name: Field, drafted: Suggested) -> Suggested:
        """Return the grade or type that a person set, else the one that was drafted."""
        value = self.values.get(theme_id, {}).get(name, "")
        return Suggested(value, drafted.why, by_hand=True) if _is_valid(name, value) else drafted

    def kept_quotes(self) -> list[str]:
        """Return the excerpt ids of the quotes on which people wrote their words."""
        found: list[str] = []
        for values in self.values.values():
            quotes = _object(values.get(Field.BASIS)).get("quotes")
            found += map(str, cast(list[object], quotes)) if isinstance(quotes, list) else ()
        return found

    def over(self, draft: Insight, quotes: AbstractSet[str]) -> Insight:
        """Return the insight with what people set in place of what was drafted.

        Type and grades are in the draft already: see ``graded``. A value that is none (an unknown
        status, a day that is no day) leaves the draft as it is.

        Args:
            draft: from the data.
            quotes: those of ``kept_quotes`` that are in its theme now.
        """
        values = self.values.get(draft.theme_id, {})
        if not values:
            return draft
        due = _day(values.get(Field.DUE))
        links = _links(values.get(Field.LINKS))
        set_ = {
            name
            for name, value in values.items()
            if name not in (Field.BASIS, Field.STAGE) and _is_valid(name, value)
        }

        def text(name: Field, drafted: str) -> str:
            return values[name] if name in set_ else drafted

        edited = replace(
            draft,
            title=text(Field.TITLE, draft.title),
            statement=text(Field.STATEMENT, draft.statement),
            next_step=text(Field.NEXT_STEP, draft.next_step),
            note=text(Field.NOTE, draft.note),
            area=text(Field.AREA, draft.area),
            owner=text(Field.OWNER, draft.owner),
            status=PmStatus(text(Field.STATUS, draft.status)),
            stage=Stage(stage) if (stage := values.get(Field.STAGE)) in set(Stage) else draft.stage,
            decision=text(Field.DECISION, draft.decision),
            notes=text(Field.NOTES, draft.notes),
            due=due or draft.due,
            links=links or draft.links,
            edited=frozenset(set_),
        )
        return replace(edited, stale=_stale(edited, values.get(Field.BASIS), set_, quotes))


def basis_of(insight: Insight) -> str:
    """Return what an insight's words stand on, as JSON: to be kept as ``Field.BASIS`` with them.

    ``{"period", "records", "direction", "impact": {kind: -1, 0 or 1}, "quotes": [excerpt id]}``.
    """
    return json.dumps(
        {
            "period": insight.period,
            "records": insight.records,
            "direction": str(insight.trend.direction),
            "impact": {kind: _sign(one.low, one.high) for kind, one in insight.impacts.items()},
            "quotes": list(insight.quote_ids),
        },
        separators=(",", ":"),
    )


def _stale(
    insight: Insight, basis: str | None, edited: AbstractSet[Field], present: AbstractSet[str]
) -> str:
    """Return what has changed since the words were written, "" where nothing has."""
    then = _object(basis)
    if not then or not edited & _WRITTEN or then.get("period") != insight.period:
        return ""
    changes: list[str] = []
    records = then.get("records")
    if isinstance(records, int):
        change = abs(insight.records - records)
        if change >= _RECORDS and change >= _PART * records:
            verb = "grew" if insight.records > records else "shrank"
            changes.append(f"it {verb} from {records:,} to {insight.records:,} records")
    direction = then.get("direction")
    now = insight.trend.direction
    if (
        direction in set(Direction)
        and direction != now
        and Direction.UNKNOWN not in (direction, now)
    ):
        changes.append(f"it was {direction} and is {now} now")
    impact = then.get("impact")
    if isinstance(impact, dict):
        for kind, one in insight.impacts.items():
            sign = cast(dict[str, Any], impact).get(kind)
            fresh = _sign(one.low, one.high)
            if isinstance(sign, int) and sign * fresh < 0:
                changes.append(f"it goes with {'higher' if fresh > 0 else 'lower'} scores now")
    quotes = then.get("quotes")
    if isinstance(quotes, list):
        gone = set(map(str, cast(list[object], quotes))) - present
        if gone:
            many = len(gone) > 1
            changes.append(
                f"{len(gone)} of its quotes {'are' if many else 'is'} not there any more"
            )
    if not changes:
        return ""
    told = "; ".join(changes)
    return f"Since the words were written {told}."


def _sign(low: float, high: float) -> int:
    """Return −1 or 1 where the interval is on one side of zero, else 0."""
    return (low > 0) - (high < 0)


_CHOICES: Mapping[Field, type[StrEnum]] = {
    Field.TYPE: InsightType,
    Field.SEVERITY: Grade,
    Field.URGENCY: Urgency,
    Field.CONFIDENCE: Grade,
    Field.STATUS: PmStatus,
}


def _is_valid(name: Field, value: str) -> bool:
    if name in _CHOICES:
        return value in set(_CHOICES[name])
    if name == Field.DUE:
        return _day(value) is not None
    if name == Field.LINKS:
        return bool(_links(value))
    return bool(value.strip()) or name in (Field.COUNTER, Field.NEXT_STEP, Field.NOTE)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _links(text: str | None) -> tuple[Link, ...]:
    """Return the links in JSON: a list of mappings; what is no link is passed over."""
    try:
        found: object = json.loads(text) if text else []
    except ValueError:
        return ()
    if not isinstance(found, list):
        return ()
    names = ("tool", "key", "url", "title", "status")
    rows = [
        cast(Mapping[str, object], one)
        for one in cast(list[object], found)
        if isinstance(one, dict)
    ]
    return tuple(
        Link(**{name: str(row.get(name) or "") for name in names})
        for row in rows
        if row.get("tool") and row.get("key")
    )


def _object(text: str | None) -> Mapping[str, object]:
    try:
        found: object = json.loads(text) if text else {}
    except ValueError:
        return {}
    return cast(Mapping[str, object], found) if isinstance(found, dict) else {}
