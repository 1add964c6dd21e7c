"""Views with realistic texts for tests of the window: no project, no process."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache

import polars as pl

from themeloom.domain import frames
from themeloom.domain.themes import Level, Method, Reason, Status
from themeloom.services.view import Choices, Content, View, make_view

#: Group → theme → (status, excerpts, texts).
TREE: Mapping[str, Mapping[str, tuple[Status, int, Sequence[str]]]] = {
    "Calendar sync": {
        "Calendar sync drops events": (
            Status.ACTIVE,
            60,
            (
                "Since Tuesday the Outlook sync drops events that were moved by the organiser. We found out when a customer stood in front of a locked door.",
                "Events vanish from the shared calendar after someone edits the series.",
                "I like the product but I can no longer trust the calendar. Twice this week a meeting was gone.",
                "We keep a second spreadsheet because the sync forgets bookings. Nobody wants to be the one who missed the auditor.",
                "Recurring stand-up gone from Google Calendar on all phones, still there on the web.",
                "Prospect asked three times whether sync loses events. They were burnt by another tool.",
            ),
        ),
        "Outlook invites arrive twice": (
            Status.LOCKED,
            36,
            (
                "Every guest gets two invitations from Outlook, one of them without the room.",
                "Invites arrive twice since we connected the second mailbox.",
            ),
        ),
        "Time zone shifts after travel": (
            Status.ACTIVE,
            33,
            ("After a trip to Lisbon all my appointments were one hour late until I logged out.",),
        ),
        "Two-way sync takes too long": (
            Status.DORMANT,
            14,
            ("It takes up to forty minutes before a change made in Google shows up here.",),
        ),
    },
    "Billing and plans": {
        "Pricing jump at renewal": (
            Status.ACTIVE,
            44,
            (
                "The price went up by 38 % at renewal and nobody told us beforehand.",
                "Renewal quote is far above what we agreed on last year, we are looking around.",
            ),
        ),
        "Seat counting is unclear": (
            Status.ACTIVE,
            27,
            ("Are people who only receive invitations counted as seats? The invoice says yes.",),
        ),
        "Invoice lacks VAT number": (
            Status.PROPOSED,
            16,
            ("Our accounting rejects the invoice because the VAT number is missing.",),
        ),
    },
    "Reports and export": {
        "Export to PDF fails": (
            Status.ACTIVE,
            39,
            ("Exporting the monthly report to PDF stops at 90 % and then says nothing.",),
        ),
        "Scheduled reports arrive late": (
            Status.PROPOSED,
            24,
            ("The Monday report comes on Tuesday afternoon, when the meeting is over.",),
        ),
    },
    "Praise": {
        "Support answers quickly": (
            Status.ACTIVE,
            31,
            ("Your support answered within ten minutes and solved it. Thank you, Mara!",),
        ),
    },
}
UNSORTED: tuple[tuple[str, Reason], ...] = (
    ("The sync settings page is confusing, I never know which calendar wins.", Reason.TOO_FAR),
    ("Either the renewal or the seat count must be wrong on this invoice.", Reason.TIE),
    ("Wann kommt die deutsche Version?", Reason.LANGUAGE),
    ("Could you add a dark mode for the booking page?", Reason.TOO_FAR),
)
LEFT_OUT: tuple[tuple[str, Reason], ...] = (
    ("n/a", Reason.NON_ANSWER),
    ("ok", Reason.TOO_SHORT),
)
KINDS = ("ticket", "nps", "interview", "call")
ACCOUNTS = ("Northlight", "Harbor Clinics", "Veldt & Co", "Orla Logistics", "Brightwave", None)
NEWEST = datetime.fromisoformat("2026-09-24T09:30")


def build_view(
    *, tree: Mapping[str, Mapping[str, tuple[Status, int, Sequence[str]]]] = TREE
) -> View:
    """Return a view of some 330 excerpts in 4 groups, as `make_view` makes it."""
    return _view() if tree is TREE else make_view(*build_parts(tree))


@cache
def _view() -> View:
    return make_view(*build_parts())


def build_parts(
    tree: Mapping[str, Mapping[str, tuple[Status, int, Sequence[str]]]] = TREE,
) -> tuple[Content, Choices]:
    """Return what a project would give for `build_view`."""
    texts: list[tuple[str, str | None, str | None, str | None]] = []  # text, theme, reason, out
    themes: list[dict[str, object]] = []
    for group, below in tree.items():
        themes.append(_theme(group, None, Level.GROUP, Status.ACTIVE, len(themes)))
        for title, (status, count, wordings) in below.items():
            themes.append(_theme(title, theme_id(group), Level.THEME, status, len(themes)))
            texts += [
                (wordings[n % len(wordings)], theme_id(title), None, None) for n in range(count)
            ]
    texts += [(text, None, str(reason), None) for text, reason in UNSORTED * 6]
    texts += [(text, None, None, str(reason)) for text, reason in LEFT_OUT * 3]
    # Spread over time and sources, the same each time.
    mixed = sorted(range(len(texts)), key=lambda n: (n * 7919) % 1009)
    rows = [texts[n] for n in mixed]
    records = pl.DataFrame([_record(n, row[0]) for n, row in enumerate(rows)])
    excerpts = pl.DataFrame(
        [
            {
                "excerpt": 100 + n,
                "excerpt_id": f"r{n}.0",
                "record_id": f"r{n}",
                "ordinal": 0,
                "start": 0,
                "end": len(text),
                "text": text,
                "language": "de" if text.startswith("Wann") else "en",
                "left_out": out,
            }
            for n, (text, _, _, out) in enumerate(rows)
        ],
    )
    assigned = pl.DataFrame(
        [
            {
                "excerpt": 100 + n,
                "theme_id": theme,
                "method": str(Method.AUTO),
                "similarity": 0.3 + (n * 37 % 60) / 100,
                "primary": True,
                "reviewed": n % 3 == 0,
            }
            for n, (_, theme, _, _) in enumerate(rows)
            if theme
        ],
        schema={
            "excerpt": pl.Int64,
            "theme_id": pl.String,
            "method": pl.String,
            "similarity": pl.Float64,
            "primary": pl.Boolean,
            "reviewed": pl.Boolean,
        },
    )
    unsorted = pl.DataFrame(
        [
            {
                "excerpt": 100 + n,
                "reason": reason,
                "nearest_theme_id": theme_id("Calendar sync drops events")
                if "sync" in text
                else None,
                "second_theme_id": None,
                "similarity": 0.2,
            }
            for n, (text, _, reason, _) in enumerate(rows)
            if reason
        ],
        schema_overrides={"nearest_theme_id": pl.String, "second_theme_id": pl.String},
    )
    content = Content(
        records=frames.conform(records, frames.RECORDS),
        excerpts=frames.conform(excerpts, frames.EXCERPTS).with_columns(excerpts["excerpt"]),
        sources=frames.conform(
            pl.DataFrame(
                [{"source_id": kind, "file": f"{kind}-q3.csv", "kind": kind} for kind in KINDS]
            ),
            frames.SOURCES,
        ),
        assigned=assigned,
        unsorted=unsorted,
        run=None,
    )
    choices = Choices(
        themes=_conform_themes(themes),
        decisions=assigned.clear(),
    )
    return content, choices


def theme_id(title: str) -> str:
    """Return the id that a theme of `TREE` has."""
    return title.lower().replace(" ", "-")


def with_theme(choices: Choices, changed: str, **values: object) -> Choices:
    """Return the choices with some values of the theme ``changed`` set."""
    themes = choices.themes.with_columns(
        pl.when(pl.col("theme_id") == changed)
        .then(pl.lit(value, choices.themes.schema[name]))
        .otherwise(pl.col(name))
        .alias(name)
        for name, value in values.items()
    )
    return Choices(themes, choices.decisions, choices.redirects)


def without_themes(choices: Choices, *gone: str) -> Choices:
    """Return the choices after themes were deleted."""
    return Choices(
        choices.themes.filter(~pl.col("theme_id").is_in(gone)),
        choices.decisions,
        {**choices.redirects, **dict.fromkeys(gone)},
    )


def decided(choices: Choices, excerpts: Sequence[int], theme: str | None) -> Choices:
    """Return the choices after a person gave ``excerpts`` a theme, or set them aside."""
    made = pl.DataFrame(
        {
            "excerpt": excerpts,
            "theme_id": [theme] * len(excerpts),
            "method": [str(Method.MANUAL)] * len(excerpts),
            "similarity": [None] * len(excerpts),
            "primary": [True] * len(excerpts),
            "reviewed": [True] * len(excerpts),
        },
        schema=choices.decisions.schema,
    )
    kept = choices.decisions.filter(~pl.col("excerpt").is_in(excerpts))
    return Choices(choices.themes, pl.concat([kept, made]), choices.redirects)


def _theme(
    title: str, parent: str | None, level: Level, status: Status, position: int
) -> dict[str, object]:
    phrases = ["drops events", "loses events", "calendar sync"] if "drops" in title else []
    return {
        "theme_id": theme_id(title),
        "parent_id": parent,
        "level": str(level),
        "title": title,
        "definition": "",
        "status": str(status),
        "key_phrases": phrases,
        "quotes": [],
        "position": position,
        "memo": "",
    }


def _conform_themes(rows: Sequence[Mapping[str, object]]) -> pl.DataFrame:
    schema = {**frames.THEMES, "memo": pl.String}
    return pl.DataFrame(rows, schema=schema)


def _record(number: int, text: str) -> dict[str, object]:
    kind = KINDS[(number * 3) % 7 % 4]
    plan = ("Business", "Team", "Free")[number % 3]
    return {
        "record_id": f"r{number}",
        "source_id": kind,
        "file": f"{kind}-q3.csv",
        "kind": kind,
        "external_id": f"ZD-{48000 + number}",
        "date": NEWEST - timedelta(days=(number * 5) % 178, hours=number % 7),
        "person_key": f"person{number % 90}@example.com",
        "author": f"Person {number % 90}",
        "account": ACCOUNTS[number % len(ACCOUNTS)],
        "score": float(number % 11) if kind == "nps" else None,
        "score_kind": "nps" if kind == "nps" else None,
        "text": text,
        "row": number + 2,
        "place": f"row {number + 2}",
        "language": "en",
        "non_answer": text == "n/a",
        "duplicate_of": None,
        "segments_json": json.dumps({"plan": plan, "region": ("EU", "US")[number % 2]}),
    }
