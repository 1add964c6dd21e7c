"""Words of the Themes place: where a quote comes from, facts of a record, fit, dates."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from themeloom.domain.periods import MONTHS
from themeloom.domain.records import Kind
from themeloom.domain.themes import Reason
from themeloom.gui.widgets.shown_text import Mask, masked
from themeloom.insights.wording import kind_word, locator

DASH = " · "

FITS = {"strong": "Strong", "good": "Good", "weak": "Weak"}

REASONS = {
    Reason.TOO_FAR: "It is not close to any theme",
    Reason.TIE: "It lies between two themes",
    Reason.TOO_SHORT: "It is too short to tell",
    Reason.NON_ANSWER: "It says nothing (“n/a”, “none”)",
    Reason.LANGUAGE: "Its language is not supported by the reading model",
    Reason.INTERVIEWER: "It is a question of the interviewer",
    Reason.SMALL_TALK: "It is small talk",
    Reason.SET_ASIDE: "It was set aside by hand",
    Reason.DELETED: "Its theme was deleted",
    Reason.NO_SEARCH: "Themes have not been looked for yet",
}


def short_day(value: datetime | None) -> str:
    """Return ``24 Sep 2026``; nothing for None."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}" if value else ""


def moment(iso: str, now: datetime | None = None) -> str:
    """Return a time of the history as people say it: ``today 14:05``, ``24 Sep, 14:05``."""
    when = datetime.fromisoformat(iso)
    when = (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone()
    today = (now or datetime.now(UTC)).astimezone().date()
    clock = f"{when:%H:%M}"
    days = (today - when.date()).days
    if days == 0:
        return f"today {clock}"
    if days == 1:
        return f"yesterday {clock}"
    year = "" if when.year == today.year else f" {when.year}"
    return f"{when.day} {MONTHS[when.month - 1]}{year}, {clock}"


def place_words(place: str | None) -> str:
    """Return a locator with its number grouped: ``row 2,817``."""
    if not place:
        return ""
    words = place.split(" ")
    return " ".join(f"{int(word):,}" if word.isdecimal() else word for word in words)


def quote_line(row: Mapping[str, Any], mask: Mask) -> str:
    """Return where a quote comes from: ``Ticket ZD-48213 · Northlight · row 2,817``.

    Args:
        row: ``kind``, ``external_id``, ``score``, ``account``, ``file``, ``place`` of the record
            and, where there is one, ``finer_place`` of the excerpt.
        mask: what is personal in it.
    """
    own, file = row["external_id"] or "", row["file"] or ""
    own, file = mask.external_id(own, file), mask.file(file)
    name = locator(row["kind"], own, row["score"], None, file)
    place = place_words(row.get("finer_place") or row["place"])
    if row["kind"] == Kind.NPS and file:
        place = f"{file}, {place}" if place else file
    return DASH.join(part for part in (name, mask.account(row["account"] or ""), place) if part)


def record_facts(
    row: Mapping[str, Any], mask: Mask, fields: Mapping[str, str] | None = None
) -> list[tuple[str, str]]:
    """Return what is known of a record as (label, value); what is unknown is left out."""
    score = row["score"]
    found = [
        ("Source", kind_word(row["kind"])),
        ("Id", mask.external_id(row["external_id"] or "", row["file"] or "")),
        ("Date", short_day(row["date"])),
        ("Person", mask.person(row["author"] or "") or ""),
        ("Account", mask.account(row["account"] or "")),
        (_SCORES.get(row["score_kind"] or "", "Score"), f"{score:g}" if score is not None else ""),
        ("Subject", masked(row["subject"] or "", mask)),
    ]
    segments: dict[str, Any] = json.loads(row["segments_json"] or "{}")
    found += [(str(name), masked(str(value or ""), mask)) for name, value in segments.items()]
    found += [(name, masked(value, mask)) for name, value in (fields or {}).items()]
    sheet = f"sheet {mask.file(row['sheet'])}" if row["sheet"] else ""
    where = (mask.file(row["file"] or ""), sheet, place_words(row["place"]))
    found.append(("File", ", ".join(part for part in where if part)))
    return [(label, value) for label, value in found if value]


def listed(titles: Sequence[str], most: int = 3) -> str:
    """Return ``a, b and 4 more``."""
    if len(titles) <= most:
        return ", ".join(titles[:-1]) + (" and " if len(titles) > 1 else "") + "".join(titles[-1:])
    return f"{', '.join(titles[:most])} and {len(titles) - most:,} more"


_SCORES = {"nps": "NPS score", "csat": "Satisfaction", "ces": "Effort", "rating": "Rating"}
