"""The page ``Read me``: what the workbook is, where it comes from, how to read it."""

import json
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

import polars as pl

from themeloom.base.figures import percent
from themeloom.domain.insights import Direction, InsightType
from themeloom.insights.model import BookData, Grid, Insight, KindBase, Section
from themeloom.insights.privacy import Veil
from themeloom.insights.wording import NOT_SEARCHED, count, day, joined, kind_word, kind_words

_TOP = 5
_MOST_SKIPPED = 30
_COUNTS = ("read", "taken", "updated", "duplicate", "skipped")


@dataclass(frozen=True)
class Facts:
    """What other parts of the book have counted already."""

    insights: tuple[Insight, ...]
    evidence: int
    kinds: tuple[KindBase, ...]
    coverage: float
    score_kinds: list[str]
    tokens: list[str]  # "21 e-mail addresses"
    privacy: str


def page(data: BookData, veil: Veil, facts: Facts) -> tuple[Section, ...]:
    """Return the sections of the page, the most telling first."""
    sections = [
        _top(data, facts),
        _sources(data, veil),
        _skipped(data, veil),
        _set_aside(data, facts),
        _coverage(data, facts),
        _making(data),
        _reading(facts),
        _privacy(veil, facts),
        _versions(data),
    ]
    return tuple(
        replace(
            section,
            lines=tuple(filter(None, section.lines)),
            more=tuple(filter(None, section.more)),
        )
        for section in sections
        if section is not None
    )


def _top(data: BookData, facts: Facts) -> Section | None:
    if not facts.insights:
        why = "No theme has been found or accepted yet"
        if data.awaits_search(facts.coverage):
            why = NOT_SEARCHED
        return Section("What stands out", (f"{why}, so there are no insights to show.",))
    largest = facts.insights[:_TOP]
    return Section(
        "What stands out",
        grid=Grid(
            ("Insight", "Records", "In short"),
            tuple((one.title, one.records, _in_short(one)) for one in largest),
            {row: f"Insights/{one.id}" for row, one in enumerate(largest)},
        ),
        more=(
            f"The {len(largest)} largest of {count(len(facts.insights), 'insight')}, by records."
            if len(facts.insights) > _TOP
            else "",
        ),
    )


def _in_short(one: Insight) -> str:
    """Return what a headline leaves open, in a few words: how bad, how it goes, whom it reaches."""
    standing = f"{one.severity.value.capitalize()} severity"
    if one.type.value == InsightType.PRAISE:
        standing = "Praise"
    if one.trend.direction != Direction.UNKNOWN:
        standing += f", {one.trend.direction}"
    least = "at least " if one.people_known < one.records else ""
    reached = [f"{least}{count(one.people, 'person', 'people')}"] if one.people else []
    reached += [count(one.accounts, "account")] if one.accounts else []
    return f"{standing}." + (f" Raised by {' in '.join(reached)}." if reached else "")


def _sources(data: BookData, veil: Veil) -> Section:
    dates = {
        source_id: (first, last)
        for source_id, first, last in data.records.group_by("source_id")
        .agg(pl.col("date").min().alias("first"), pl.col("date").max().alias("last"))
        .iter_rows()
    }
    files = veil.files(data.sources["file"])
    sheets = veil.files(data.sources["sheet"])
    rows: list[tuple[str | int, ...]] = []
    lists: list[str] = []
    for source, file, sheet in zip(data.sources.iter_rows(named=True), files, sheets, strict=True):
        report = _report(source["report_json"])
        name = f"{file}, sheet {sheet}" if sheet else file
        if report.get("role", "records") != "records":
            lists.append(f"{name} ({report['role']})")
            continue
        rows.append(
            (
                name,
                kind_word(source["kind"]),
                *(_number(report.get(column)) for column in _COUNTS),
                _span(*dates.get(source["source_id"], (None, None))),
            )
        )
    lines: list[str] = []
    if data.period:
        first, last = data.period
        lines.append(f"Chosen period: {day(first)} to {day(last)}. {_left_out(data)}")
    return Section(
        "Sources",
        tuple(lines),
        Grid(
            ("File", "Kind", "Read", "New", "Updated", "Duplicates", "Skipped", "Dates"),
            tuple(rows),
        ),
        (
            "Read = new + updated + duplicates + skipped. Times are UTC where the file names a "
            "time zone, else as written in the file.",
            f"Not counted, used for revenue, segments and owners: {joined(lists)}."
            if lists
            else "",
        ),
    )


def _left_out(data: BookData) -> str:
    left = [
        f"{count(data.outside, 'record')} outside it" if data.outside else "",
        f"{count(data.undated, 'record')} without a date" if data.undated else "",
    ]
    what = joined([part for part in left if part])
    if not what:
        return "All records lie in it."
    verb = "is" if data.outside + data.undated == 1 else "are"
    return (
        f"{what[:1].upper()}{what[1:]} {verb} left out of all numbers. The counts of rows here "
        "and under “Skipped rows” are those of the whole files."
    )


def _report(report_json: str | None) -> dict[str, object]:
    return cast(dict[str, object], json.loads(report_json)) if report_json else {}


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _span(first: datetime | None, last: datetime | None) -> str:
    if first is None or last is None:
        return "no dates"
    if first.date() == last.date():
        return f"{first:%Y-%m-%d}"
    return f"{first:%Y-%m-%d} to {last:%Y-%m-%d}"


def _skipped(data: BookData, veil: Veil) -> Section | None:
    if data.skipped.is_empty():
        return None
    reasons = Counter(veil.texts(data.skipped["reason"].fill_null("no reason given")))
    shown = data.skipped.head(_MOST_SKIPPED)
    rows = tuple(
        (f"{file}, sheet {sheet}" if sheet else str(file), "" if row is None else row, str(reason))
        for file, sheet, row, reason in zip(
            veil.files(shown["file"]),
            veil.files(shown["sheet"]),
            shown["row"],
            veil.texts(shown["reason"]),
            strict=True,
        )
    )
    left = data.skipped.height - shown.height
    told = [f"{reason[:1].upper()}{reason[1:]}: {n:,}" for reason, n in reasons.most_common(8)]
    return Section(
        "Skipped rows",
        (f"{count(data.skipped.height, 'row')} did not become records. {'. '.join(told)}.",),
        Grid(("File", "Row", "Reason"), rows),
        (f"… and {left:,} more.",) if left else (),
    )


def _set_aside(data: BookData, facts: Facts) -> Section | None:
    cleaned = {what: n for what, n in data.cleaning.items() if n}
    if not cleaned:
        return None
    return Section(
        "Set aside before themes were found",
        ("Nothing of it is lost: the project file keeps every text as it came.",),
        Grid(("What", "How many"), tuple(cleaned.items())),
    )


def _coverage(data: BookData, facts: Facts) -> Section:
    bases: list[str] = []
    for kind in facts.kinds:
        many = kind_words(kind.kind, alone=len(facts.kinds) == 1)
        bases.append(count(kind.base, many.removesuffix("s"), many))
    silent = sum(kind.records - kind.base for kind in facts.kinds)
    duplicates = data.records["duplicate_of"].drop_nulls().len()
    told = f"{percent(facts.coverage)} of the excerpts carry a theme"
    if data.awaits_search(facts.coverage):
        told = f"{NOT_SEARCHED}, so no excerpt carries one"
    lines = [
        f"{told}. An excerpt is a piece of a text "
        "that says one thing. Answers that say nothing (“n/a”, “nothing”), questions of "
        "interviewers and small talk are not in this base.",
    ]
    if bases:
        lines.append(f"Shares of a kind of source are of {joined(bases)} that say something.")
    if silent:
        verb = "is" if silent == 1 else "are"
        lines.append(f"{count(silent, 'record')} said nothing and {verb} left out of those shares.")
    if duplicates:
        lines.append(
            f"{count(duplicates, 'duplicate')} carry their original's themes and count once."
            if duplicates > 1
            else f"{count(duplicates, 'duplicate')} carries its original's themes and counts once."
        )
    return Section("Coverage", tuple(lines))


def _making(data: BookData) -> Section:
    lines = [
        "Texts were cut into excerpts; excerpts that say similar things were grouped into themes, "
        "and themes into groups, on this computer, without a network. Titles and key phrases are "
        "words that the excerpts of a theme use and others do not. Quotes are typical excerpts "
        "from different people, word for word.",
    ]
    if data.run is None:
        lines = ["No themes have been found in this project yet."]
    elif data.run.why:
        lines.append(data.run.why)
    if data.run is not None:
        lines.append(f"The same texts with seed {data.run.seed} give the same themes again.")
    return Section("How the themes were made", tuple(lines))


def _reading(facts: Facts) -> Section:
    rows: list[tuple[str | int, ...]] = [
        ("Id", "Stays with the theme, also when it gets another title."),
        ("Insight", "What is the matter, in one line: the theme's title, or what a person wrote."),
        ("Area", "The product area that answers for it, from the roster or set by hand."),
        ("Statement", "The claim, and sentences that follow from the words and numbers of its records alone; or what a person wrote."),
        ("Severity", "Suggested from words of loss and standstill (high), detours and annoyance (medium); or set by a person. The words stand beside it."),
        ("Urgency", "Suggested from words of leaving, deals, law and dates, and from the trend."),
        ("Confidence", "How sure one can be: from the number of records, people and kinds of source, how many were checked by hand, and how well they fit."),
        ("Trend", "The last full period against up to six full ones before it."),
        ("Records", "Tickets, answers, interviews and calls in which somebody speaks of it. A record can speak of several themes, so the rows do not add up."),
        ("People, Accounts", "Different people and accounts behind those records. “Known” says for how many of the records that could be told."),
    ]  # fmt: skip
    for kind in facts.score_kinds:
        if kind == "nps":
            rows.append(("NPS", "Share of 9 and 10 minus share of 0 to 6, of those records that have a score. It says what these people scored, not what the theme does to the score. Below 10 answers no figure is shown."))  # fmt: skip
    if any(kind != "nps" for kind in facts.score_kinds):
        rows.append(("Average …", "Mean of the scores of those records. Below 10 answers no figure is shown."))  # fmt: skip
    rows += [
        ("Share of …", "Records of the theme among the records of that kind that say something. Kinds are never mixed into one percentage."),
        ("Revenue of accounts", "Yearly revenue of those accounts, from the accounts sheet and in its currency, summed. “Known” says for how many accounts there was a figure."),
        ("Owner", "The PM of that product area, or whom a person chose."),
    ]  # fmt: skip
    if facts.score_kinds:
        rows.append(("Impact", "Score of all answers minus the score of those without this theme; below 0 it goes with lower scores. Association, not cause. In brackets the range that nine of ten such surveys would give."))  # fmt: skip
    return Section("What the figures mean", grid=Grid(("Figure", "Meaning"), tuple(rows)))


def _privacy(veil: Veil, facts: Facts) -> Section:
    if not veil.masked:
        return Section(
            "Personal data",
            (
                "Shown as it came (raw): names, e-mail addresses and phone numbers can be read "
                "here. Pass this file on with care.",
            ),
        )
    lines = [
        "Masked: e-mail addresses, phone, bank and card numbers, keys in web addresses and names of "
        "known people are replaced by tokens such as [EMAIL_3f2a]. The same person has the same "
        "token everywhere. Names that no source lists as a person may still stand in the texts.",
    ]
    if facts.tokens:
        lines.append(f"In the texts of all records: {joined(facts.tokens)}.")
    return Section("Personal data", tuple(lines))


def _versions(data: BookData) -> Section:
    versions = {"Themeloom": data.version, **(data.run.versions if data.run else {})}
    rows: list[tuple[str | int, ...]] = [
        ("Written", f"{data.created:%Y-%m-%d %H:%M} UTC"),
        ("Project", data.project_name),
    ]
    if data.run is not None:
        rows.append(("Themes found", data.run.created.replace("T", " ").replace("+00:00", " UTC")))
    rows += list(versions.items())
    return Section("Versions", grid=Grid(("What", "Value"), tuple(rows)))
