"""A view of a few records that are hard to show: talks, noise, markup, Arabic, Japanese, emoji."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

import polars as pl

from themeloom.domain import frames
from themeloom.domain.themes import Level, Method, Reason, Status
from themeloom.gui.views.themes.record_text import RecordText
from themeloom.gui.widgets.shown_text import Mask
from themeloom.services.view import Choices, Content, View, make_view

TALK: Sequence[tuple[str, str, str | None]] = (
    ("Interviewer", "What happens at the end of the week, when the drivers confirm?", None),
    ("Ines Duarte", "Confirming is fine, they do it on the phone in the yard.", None),
    (
        "Ines Duarte",
        "But we keep a second spreadsheet because the sync forgets bookings about once a week. I"
        " send it round on Friday, ines@orla.example checks it on Monday, and that is how we find"
        " the gaps.",
        "drops",
    ),
    ("Interviewer", "How long does the check take?", None),
    ("Ines Duarte", "An hour, more after a holiday. It is the hour I would pay for.", "manual"),
    ("Interviewer", "And the invoices?", None),
    ("Ines Duarte", "Renewal was 38 % more and nobody called before.", "price"),
)
TICKET = (
    "Hello team,\n\nSince Tuesday the Outlook sync drops events that were moved by the organiser."
    " <b>Please</b> write to ines@orla.example & fix it.\n\nKind regards\nInes\n\n"
    "> On Monday, support wrote:\n> We are looking into it."
)
ARABIC = "المزامنة مع التقويم تحذف المواعيد كل أسبوع ولا أحد يخبرنا بذلك."
JAPANESE = "カレンダーの同期が予定を消してしまいます。毎週手作業で確認しています。"
EMOJI = "🎉🎉 Love the booking page 👩‍💻 but the sync loses events every few days 😡"

_THEMES: Sequence[tuple[str, str | None, str, Status, Sequence[str]]] = (
    ("g-sync", None, "Calendar sync", Status.ACTIVE, ()),
    ("g-bill", None, "Billing and plans", Status.ACTIVE, ()),
    (
        "drops",
        "g-sync",
        "Calendar sync drops events",
        Status.ACTIVE,
        ("drops events", "loses events", "forgets bookings", "sync"),
    ),
    ("slow", "g-sync", "Two-way sync takes too long", Status.PROPOSED, ("slow sync", "minutes")),
    (
        "manual",
        "g-sync",
        "Manual work around the calendar",
        Status.LOCKED,
        ("second spreadsheet", "check by hand"),
    ),
    ("price", "g-bill", "Pricing jump at renewal", Status.ACTIVE, ("renewal", "price went up")),
)


def _spans(text: str) -> list[tuple[int, int, str]]:
    """Return the address and the name of these records with their tokens."""
    found = [
        (match.start(), match.end(), "[EMAIL_7]") for match in re.finditer(r"ines@orla\S+", text)
    ]
    found += [
        (match.start(), match.end(), "[NAME_4]") for match in re.finditer("Ines Duarte", text)
    ]
    return sorted(found)


mask = Mask(_spans, person=lambda name: name and "[NAME_4]")


def talk_view(*, reviewed: Sequence[int] = (), filler: int = 60) -> View:
    """Return a view whose excerpts are numbered from 1 in the order of the records."""
    return _view(tuple(reviewed), filler)


@cache
def _view(reviewed: tuple[int, ...], filler: int) -> View:
    content, choices, _ = talk_parts(reviewed=reviewed, filler=filler)
    return make_view(content, choices)


def talk_records(filler: int = 60) -> dict[str, RecordText]:
    """Return the texts of the records by their ids."""
    _, _, records = talk_parts(filler=filler)
    return {row["record_id"]: RecordText.from_row(row) for row in records}


def loader(filler: int = 60) -> Callable[[str, Callable[[RecordText | None], None]], None]:
    """Return what reads these records at once."""
    records = talk_records(filler)
    return lambda record_id, then: then(records.get(record_id))


def talk_parts(
    *, reviewed: Sequence[int] = (), filler: int = 60
) -> tuple[Content, Choices, list[dict[str, Any]]]:
    """Return what a project would give, and the rows of the records."""
    records: list[dict[str, Any]] = []
    excerpts: list[dict[str, Any]] = []
    themes: dict[int, str] = {}

    def add(
        record: dict[str, Any], spans: Sequence[tuple[int, int, str | None, str | None]]
    ) -> None:
        record["row"] = len(records) + 2
        record["place"] = record.get("place") or f"row {2815 + len(records):d}"
        records.append(record)
        for ordinal, (start, end, theme, left_out) in enumerate(spans):
            number = len(excerpts) + 1
            excerpts.append(
                {
                    "excerpt": number,
                    "excerpt_id": f"{record['record_id']}.{ordinal}",
                    "record_id": record["record_id"],
                    "ordinal": ordinal,
                    "start": start,
                    "end": end,
                    "text": record["text"][start:end],
                    "left_out": left_out,
                    "language": "en",
                    "place": "paragraph 31" if record["kind"] == "interview" else None,
                }
            )
            if theme:
                themes[number] = theme

    _add_talk(add)
    start = TICKET.index("Since")
    end = TICKET.index("\n\nKind")
    noise = [[0, start, "greeting"], [end, len(TICKET), "quoted reply"]]
    ticket = _record("ticket", TICKET, "ZD-48213", noise_json=json.dumps(noise))
    add(ticket, [(start, end, "drops", None)])
    for number, text in enumerate((ARABIC, JAPANESE, EMOJI)):
        survey = _record("nps", text, f"N-{number}", score=4.0, score_kind="nps")
        add(survey, [(0, len(text), "drops", None)])
    for number in range(filler):
        text = f"The sync loses events every few days, case {number}."
        add(
            _record("ticket", text, f"ZD-{50000 + number}", day=number % 27 + 1),
            [(0, len(text), ("drops", "slow", "price", None)[number % 4], None)],
        )
    return _parts(records, excerpts, themes, reviewed), _choices(), records


def _add_talk(add: Callable[[dict[str, Any], Any], None]) -> None:
    text, turns, spans = "", [], []
    for speaker, said, theme in TALK:
        start = len(text)
        text += said + "\n\n"
        asked = speaker == "Interviewer"
        turns.append([speaker, start, start + len(said), f"paragraph {len(turns) + 3}", asked])
        spans.append((start, start + len(said), theme, Reason.INTERVIEWER if asked else None))
    talk = _record(
        "interview",
        text.strip(),
        "interview-09",
        file="interviews/orla-2026-09.docx",
        place="paragraph 3",
        turns_json=json.dumps(turns),
    )
    add(talk, spans)


def _record(kind: str, text: str, external_id: str, day: int = 19, **more: Any) -> dict[str, Any]:
    number = sum(map(ord, external_id))
    return {
        "record_id": f"r-{external_id}",
        "source_id": kind,
        "file": f"{kind}s-q3.xlsx",
        "kind": kind,
        "external_id": external_id,
        "date": datetime.fromisoformat(f"2026-0{9 - number % 6}-{day:02d}T09:00:00"),
        "person_key": f"p{number}@example.com",
        "author": "Ines Duarte",
        "account": "Orla Logistics",
        "text": text,
        "language": "en",
        "non_answer": False,
        "segments_json": json.dumps({"Plan": "Business", "Role": "Operations lead"}),
        "fields_json": json.dumps({"Agent": "Mara"}),
        **more,
    }


def _parts(
    records: Sequence[Mapping[str, Any]],
    excerpts: Sequence[Mapping[str, Any]],
    themes: Mapping[int, str],
    reviewed: Sequence[int],
) -> Content:
    assigned = pl.DataFrame(
        [
            {
                "excerpt": number,
                "theme_id": theme,
                "method": str(Method.AUTO),
                "similarity": 0.3 + (number * 37 % 60) / 100,
                "primary": True,
                "reviewed": number in reviewed,
            }
            for number, theme in themes.items()
        ]
    )
    unsorted = pl.DataFrame(
        [
            {
                "excerpt": row["excerpt"],
                "reason": str(Reason.TOO_FAR),
                "nearest_theme_id": "slow",
                "second_theme_id": "drops",
                "similarity": 0.2,
            }
            for row in excerpts
            if row["excerpt"] not in themes and row["left_out"] is None
        ]
    )
    frame = pl.DataFrame(excerpts, infer_schema_length=None)
    return Content(
        records=frames.conform(pl.DataFrame(records, infer_schema_length=None), frames.RECORDS),
        excerpts=frames.conform(frame, frames.EXCERPTS).with_columns(frame["excerpt"]),
        sources=frames.empty(frames.SOURCES),
        assigned=assigned,
        unsorted=unsorted,
        run=None,
    )


def _choices() -> Choices:
    rows = [
        {
            "theme_id": theme_id,
            "parent_id": parent,
            "level": str(Level.THEME if parent else Level.GROUP),
            "title": title,
            "definition": "Events that exist in one calendar vanish from the other after an edit, a"
            " move or a reconnect. Not: double invites, delays."
            if theme_id == "drops"
            else "",
            "status": str(status),
            "key_phrases": list(phrases),
            "quotes": ["r-ZD-48213.0", "r-N-0.0", "r-interview-09.2"]
            if theme_id == "drops"
            else [],
            "position": position,
            "memo": "Split series edits from reconnects after the 9.4 release? Ask Ines for the"
            " webhook logs."
            if theme_id == "drops"
            else "",
        }
        for position, (theme_id, parent, title, status, phrases) in enumerate(_THEMES)
    ]
    themes = pl.DataFrame(rows, schema={**frames.THEMES, "memo": pl.String})
    decisions = pl.DataFrame(
        schema={
            "excerpt": pl.Int64,
            "theme_id": pl.String,
            "method": pl.String,
            "similarity": pl.Float64,
            "primary": pl.Boolean,
            "reviewed": pl.Boolean,
        }
    )
    return Choices(themes, decisions)
