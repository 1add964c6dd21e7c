"""``json``: the insights for programs; the keys are described in docs/handoffs/json.md."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from themeloom.exporters.exporter import Exporter, Progress, Written
from themeloom.exporters.markup.plain import clean
from themeloom.exporters.pages.files import write_text
from themeloom.exporters.pages.insight import kept
from themeloom.insights.book import compose
from themeloom.insights.model import Book, BookData, Evidence, Insight, Suggested

#: Changes only when a key is renamed or taken away; new keys may be added.
SCHEMA = "themeloom-insights-1"


def json_of(book: Book) -> str:
    """Return ``book`` as JSON. Numbers are numbers, days are ISO 8601, shares are 0…1."""
    numbers = book.numbers
    evidence: dict[str, list[Evidence]] = {}
    for one in book.evidence:
        evidence.setdefault(one.insight_id, []).append(one)
    whole = {
        "schema": SCHEMA,
        "project": {
            "id": book.properties.get("Project id", ""),
            "name": book.project_name,
            "title": book.title,
        },
        "created": book.created.isoformat(timespec="seconds"),
        "version": book.version,
        "personal_data": "masked" if book.masked else "raw",
        "for": book.only or None,
        "period": {
            "first": numbers.first.isoformat() if numbers.first else None,
            "last": numbers.last.isoformat() if numbers.last else None,
            "chosen": str(numbers.period) if numbers.period else None,
        },
        "records": numbers.total,
        "coverage": numbers.coverage,
        "kinds": [asdict(kind) for kind in book.kinds],
        "periods": list(book.axis),
        "insights": [_insight(one, evidence.get(one.id, [])) for one in book.insights],
        "themes": [asdict(row) for row in book.themes],
    }
    return json.dumps(_plain(whole), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _insight(one: Insight, evidence: list[Evidence]) -> dict[str, Any]:
    return {
        "id": one.id,
        "theme_id": one.theme_id,
        "theme": one.theme,
        "group": one.group,
        "title": one.title,
        "statement": one.statement,
        "type": _suggested(one.type),
        "severity": _suggested(one.severity),
        "urgency": _suggested(one.urgency),
        "confidence": _suggested(one.confidence),
        "records": one.records,
        "records_before": one.records_before,
        "people": {"n": one.people, "known": one.people_known, "of": one.records},
        "accounts": {"n": one.accounts, "known": one.accounts_known, "of": one.records},
        "revenue": {
            "sum": one.revenue,
            "largest": one.revenue_largest,
            "known": one.revenue_known,
            "of": one.accounts,
        },
        "shares": {
            kind: {**asdict(share), "share": share.share} for kind, share in one.shares.items()
        },
        "scores": {
            kind: {**asdict(score), "value": score.value if score.enough else None}
            for kind, score in one.scores.items()
        },
        "impacts": {kind: asdict(impact) for kind, impact in one.impacts.items()},
        "trend": asdict(one.trend),
        "segments": [asdict(note) for note in one.segments],
        "coverage_note": one.coverage_note,
        "next_step": one.next_step,
        "area": one.area,
        "owner": one.owner,
        "owner_email": one.email,
        "status": str(one.status),
        "stage": str(one.stage),
        "decision": one.decision,
        "notes": one.notes,
        "note": one.note,
        "due": one.due.isoformat() if one.due else None,
        "links": [asdict(link) for link in one.links],
        "proposed": one.proposed,
        "edited": sorted(str(field) for field in one.edited),
        "stale": one.stale,
        "evidence": [_evidence(quote) for quote in evidence],
    }


def _suggested(one: Suggested) -> dict[str, Any]:
    return {"value": one.value or None, "why": one.why, "by_hand": one.by_hand}


def _evidence(one: Evidence) -> dict[str, Any]:
    found = asdict(one)
    for key in ("insight_id", "theme_id", "theme", "short"):
        del found[key]
    return found | {"date": one.date.isoformat() if one.date else None}


def _plain(value: Any) -> Any:
    """Return ``value`` with every text cleaned of what no document can hold."""
    if isinstance(value, str):
        return clean(str(value))
    if isinstance(value, Mapping):
        return {clean(str(key)): _plain(inner) for key, inner in value.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]  # pyright: ignore[reportUnknownVariableType]
    return value


def _write(data: BookData, target: Path, progress: Progress) -> Written:
    progress("Writing JSON", 0, 1)
    book = compose(data)
    write_text(target, json_of(book))
    progress("Writing JSON", 1, 1)
    return kept(book.insights)


EXPORTER = Exporter(
    name="json",
    suffix=".json",
    describes="all insights with their numbers and quotes, for programs",
    write=_write,
)
