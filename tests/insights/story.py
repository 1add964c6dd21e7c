"""The sample feedback as ``BookData``, with its planted themes in place of found ones."""

import csv
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

import openpyxl
import polars as pl

from themeloom.base.paths import sample_data
from themeloom.domain.frames import (
    ACCOUNTS,
    ASSIGNMENTS,
    EXCERPTS,
    RECORDS,
    ROSTER,
    SKIPPED,
    SOURCES,
    THEMES,
    UNSORTED,
    Schema,
)
from themeloom.domain.themes import Run
from themeloom.insights.model import BookData

GROUPS = {
    "G-01": ("Mobile app", ["offline_lost", "forms_signature", "easy_to_use"]),
    "G-02": ("Scheduling", ["calendar_sync", "slow_board", "recurring_jobs", "route_planning"]),
    "G-03": ("Billing", ["invoice_pdf", "card_payments", "accounting_sync", "price_renewal"]),
    "G-04": ("Customers", ["sms_reminders", "support_praise"]),
    "G-05": ("Account and data", ["login_sso", "permissions", "data_import", "custom_reports"]),
    "G-06": ("Stock", ["parts_stock"]),
}
CREATED = datetime(2026, 10, 2, 14, 3, tzinfo=UTC)
#: Stands for the real masker: stable tokens for what it is told to hide.
HIDDEN = {
    r"[\w.+-]+@[\w.-]+\.\w+": "[EMAIL_3f2a]",
    r"\+49 30 23125 482": "[PHONE_91bc]",
    "Annegret Viebrock": "[NAME_0d1e]",
}


def frame(rows: list[dict[str, Any]], schema: Schema) -> pl.DataFrame:
    """Return rows as a frame of ``schema``; what a row does not name is null."""
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)


def mask(texts: pl.Series) -> pl.Series:
    for pattern, token in HIDDEN.items():
        texts = texts.str.replace_all(pattern, token)
    return texts


def mask_name(name: str | None) -> str | None:
    return None if name is None else f"[NAME_{sum(map(ord, name)) % 65536:04x}]"


@cache
def story(*, raw: bool = False, few: bool = False) -> BookData:
    """Return tickets, survey answers, calls and interviews of the sample's first wave.

    ``few`` leaves out most records: all themes, kinds, months and quotes are there, and copies
    with their originals. It is enough wherever nothing depends on the sample's own numbers.
    """
    data = _few(_whole()) if few else _whole()
    return replace(data, masker=None) if raw else data


def _few(data: BookData) -> BookData:
    def those(rows: pl.DataFrame, kept: pl.DataFrame, on: str) -> pl.DataFrame:
        return rows.join(kept.select(on), on=on, how="semi", maintain_order="left")

    quotes = data.themes["quotes"].explode().drop_nulls().implode()
    quoted = data.excerpts.filter(pl.col("excerpt_id").is_in(quotes))["record_id"].implode()
    record, original = pl.col("record_id"), pl.col("duplicate_of")
    records = data.records.filter(
        (pl.int_range(pl.len()) % 6 == 0)
        | pl.col("kind").is_in(["call", "interview"])
        | record.is_in(quoted)
        | original.is_not_null()
        | record.is_in(original.drop_nulls().implode())
    )
    excerpts = those(data.excerpts, records, "record_id")
    return replace(
        data,
        records=records,
        excerpts=excerpts,
        assignments=those(data.assignments, excerpts, "excerpt_id"),
        unsorted=those(data.unsorted, excerpts, "excerpt_id"),
    )


@cache
def _whole() -> BookData:
    with (sample_data() / "truth" / "records.csv").open(encoding="utf-8", newline="") as file:
        truth = {(row["kind"], row["external_id"]): row for row in csv.DictReader(file)}
    records = [*_tickets(), *_answers(), *_calls(), *_interviews()]
    titles = {
        theme["key"]: theme["title"]
        for theme in json.loads((sample_data() / "truth" / "story.json").read_text("utf-8"))[
            "themes"
        ]
    }
    excerpts, assignments, unsorted = [], [], []
    quotes: dict[str, list[str]] = {}
    keys = [key for _, members in GROUPS.values() for key in members]
    ids = {key: f"T-{number:03d}" for number, key in enumerate(keys, 1)}
    for record in records:
        planted = truth.get((record["kind"], record["external_id"]), {})
        theme = planted.get("theme") or record.pop("planted", "one_off")
        record.pop("planted", None)
        record["record_id"] = f"{record['kind']}/{record['external_id']}"
        record["non_answer"] = planted.get("special") == "non-answer"
        if planted.get("special") == "duplicate":
            record["duplicate_of"] = f"{record['kind']}/{planted['original']}"
        for ordinal, (start, end) in enumerate(_pieces(record["text"])):
            excerpt_id = f"{record['record_id']}.{ordinal}"
            excerpts.append(
                {
                    "excerpt_id": excerpt_id,
                    "record_id": record["record_id"],
                    "ordinal": ordinal,
                    "start": start,
                    "end": end,
                    "text": record["text"][start:end],
                    "left_out": "non-answer" if record["non_answer"] else None,
                }
            )
            if record["non_answer"] or "duplicate_of" in record:
                continue
            if theme not in ids:
                unsorted.append({"excerpt_id": excerpt_id, "reason": "too far"})
                continue
            assignments.append(
                {
                    "excerpt_id": excerpt_id,
                    "theme_id": ids[theme],
                    "method": "auto",
                    "similarity": 0.9 - 0.1 * ordinal,
                    "primary": True,
                    "reviewed": False,
                }
            )
            if 8 <= len(record["text"][start:end].split()) <= 40:
                quotes.setdefault(theme, []).append(excerpt_id)
    themes: list[dict[str, Any]] = []
    for group, (title, members) in GROUPS.items():
        themes.append({"theme_id": group, "level": "group", "title": title, "status": "active"})
        themes += [
            {
                "theme_id": ids[key],
                "parent_id": group,
                "level": "theme",
                "title": titles[key],
                "definition": f"Records that speak of this: {titles[key].lower()}.",
                "status": "active",
                "key_phrases": titles[key].lower().split()[:4],
                "quotes": quotes.get(key, [])[3:40:9],
            }
            for key in members
        ]
    sources = [
        _source("tickets", "support-tickets-2026-q3.csv", "ticket", records, duplicate=6, skipped=3),
        _source("nps", "nps-survey-2026-q3.xlsx", "nps", records, sheet="Responses"),
        _source("calls", "sales-calls-2026-q3.csv", "call", records),
        *(
            _source(f"talk{n}", f"interview-0{n}.md", "interview", records)
            for n in (1, 2)
        ),
    ]  # fmt: skip
    sources.append(
        {
            "source_id": "accounts",
            "file": "accounts.xlsx",
            "sheet": "Accounts",
            "report_json": json.dumps({"role": "accounts"}),
        }
    )
    accounts = [
        {
            "account": row[0],
            "revenue": float(row[2]),
            "segments_json": json.dumps({"Plan": row[1], "Region": row[3]}),
            "owner": row[6],
        }
        for row in _sheet("accounts.xlsx")
    ]
    roster = [
        {"area": row[0], "pm": row[1], "email": row[2], "covers": row[3]}
        for row in _sheet("roster.xlsx")
    ]
    skipped = [
        {
            "source_id": "tickets",
            "file": "support-tickets-2026-q3.csv",
            "row": row,
            "reason": "no text in the description column",
        }
        for row in (44, 310, 571)
    ]
    return BookData(
        project_name="Fernwick feedback",
        records=frame(records, RECORDS),
        excerpts=frame(excerpts, EXCERPTS),
        assignments=frame(assignments, ASSIGNMENTS),
        unsorted=frame(unsorted, UNSORTED),
        themes=frame(themes, THEMES),
        sources=frame(sources, SOURCES),
        skipped=frame(skipped, SKIPPED),
        accounts=frame(accounts, ACCOUNTS),
        roster=frame(roster, ROSTER),
        run=Run(
            id="0123456789abcdef",
            created="2026-10-02T14:02:11+00:00",
            seed=0,
            inputs_hash="",
            versions={"bertopic": "0.17.4", "polars": "2.1.0"},
            why="18 themes: with fewer, themes that speak of different things would merge; with "
            "more, the same thing would stand in several themes.",
        ),
        masker=mask,
        mask_name=mask_name,
        mask_account=str,
        period=None,
        created=CREATED,
        version="0.1.0",
        cleaning={"HTML turned into text": 61, "greetings": 214, "signatures": 188},
        project_id="5f0c2d",
    )


def tiny(
    records: list[dict[str, Any]],
    placed: dict[str, list[str]],
    themes: list[dict[str, Any]],
    **changes: Any,
) -> BookData:
    """Return a project of a few records, one excerpt each; ``placed`` = record id → theme ids."""
    rows = [{"kind": "ticket", "source_id": "s", "text": "Text.", **record} for record in records]
    data = BookData(
        project_name="Tiny",
        records=frame(rows, RECORDS),
        excerpts=frame(
            [
                {
                    "excerpt_id": f"{row['record_id']}.0",
                    "record_id": row["record_id"],
                    "ordinal": 0,
                    "start": 0,
                    "end": len(row["text"]),
                    "text": row["text"],
                    "left_out": "non-answer" if row.get("non_answer") else None,
                }
                for row in rows
            ],
            EXCERPTS,
        ),
        assignments=frame(
            [
                {
                    "excerpt_id": f"{record_id}.0",
                    "theme_id": theme_id,
                    "method": "auto",
                    "similarity": 0.8,
                    "primary": theme_id == theme_ids[0],
                }
                for record_id, theme_ids in placed.items()
                for theme_id in theme_ids
            ],
            ASSIGNMENTS,
        ),
        unsorted=frame([], UNSORTED),
        themes=frame([{"level": "theme", "status": "active", **theme} for theme in themes], THEMES),
        sources=frame([{"source_id": "s", "file": "tickets.csv", "kind": "ticket"}], SOURCES),
        skipped=frame([], SKIPPED),
        accounts=frame([], ACCOUNTS),
        roster=frame([], ROSTER),
        run=None,
        masker=None,
        mask_name=mask_name,
        mask_account=str,
        period=None,
        created=CREATED,
        version="0.1.0",
    )
    return replace(data, **changes)


def _tickets() -> list[dict[str, Any]]:
    path = sample_data() / "support-tickets-2026-q3.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [
            {
                "kind": "ticket",
                "source_id": "tickets",
                "external_id": row["Ticket ID"],
                "date": datetime.fromisoformat(row["Created time"]),
                "author": row["Requester name"] or None,
                "email": row["Requester email"] or None,
                "person_key": row["Requester email"] or None,
                "account": row["Company"] or None,
                "text": re.sub(r"<[^>]+>", " ", row["Description"]).strip(),
                "row": number,
                "place": f"row {number}",
                "segments_json": json.dumps({"Priority": row["Priority"]}),
            }
            for number, row in enumerate(csv.DictReader(file), 2)
            if row["Description"].strip()
        ]


def _answers() -> list[dict[str, Any]]:
    return [
        {
            "kind": "nps",
            "source_id": "nps",
            "external_id": row[0],
            "date": row[1],
            "score": float(row[2]),
            "score_kind": "nps",
            "text": row[3],
            "account": row[5],
            "email": row[6],
            "person_key": row[6],
            "sheet": "Responses",
            "row": number,
            "place": f"row {number}",
            "segments_json": json.dumps({"Plan": row[4], "Role": row[7]}),
        }
        for number, row in enumerate(_sheet("nps-survey-2026-q3.xlsx"), 2)
        if row[3]
    ]


def _calls() -> list[dict[str, Any]]:
    path = sample_data() / "sales-calls-2026-q3.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [
            {
                "kind": "call",
                "source_id": "calls",
                "external_id": row["Call ID"],
                "date": datetime.fromisoformat(row["Date"]),
                "author": row["Contact"],
                "person_key": row["Contact"],
                "account": row["Account"],
                "text": row["Notes"],
                "row": number,
                "place": f"row {number}",
                "planted": "calendar_sync",
            }
            for number, row in enumerate(csv.DictReader(file), 2)
        ]


def _interviews() -> list[dict[str, Any]]:
    return [
        {
            "kind": "interview",
            "source_id": f"talk{number}",
            "external_id": f"interview-0{number}",
            "date": datetime(2026, 9, number),  # noqa: DTZ001
            "author": "Niamh Corrigan",
            "person_key": "niamh corrigan",
            "account": "Corrigan & Daly Heating",
            "text": (sample_data() / f"interview-0{number}.md").read_text("utf-8"),
            "row": 1,
            "place": "paragraph 1",
            "planted": "easy_to_use",
        }
        for number in (1, 2)
    ]


def _pieces(text: str) -> list[tuple[int, int]]:
    """Cut where a sentence ends, at most 25 words a piece."""
    spans: list[tuple[int, int]] = []
    for found in re.finditer(r"\S.*?(?:[.!?](?=\s)|$)", text, re.DOTALL):
        start, end = found.span()
        if spans and len(text[spans[-1][0] : end].split()) <= 25:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans


def _sheet(name: str) -> list[tuple[Any, ...]]:
    sheet = openpyxl.load_workbook(sample_data() / name).active
    assert sheet is not None
    return list(sheet.iter_rows(min_row=2, values_only=True))


def _source(
    source_id: str,
    file: str,
    kind: str,
    records: list[dict[str, Any]],
    *,
    sheet: str | None = None,
    duplicate: int = 0,
    skipped: int = 0,
) -> dict[str, Any]:
    n = sum(record["source_id"] == source_id for record in records)
    report = {
        "read": n + skipped,
        "taken": n - duplicate,
        "updated": 0,
        "duplicate": duplicate,
        "skipped": skipped,
    }
    return {
        "source_id": source_id,
        "file": file,
        "sheet": sheet,
        "kind": kind,
        "report_json": json.dumps(report),
    }
