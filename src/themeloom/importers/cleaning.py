"""Minimal cleaning, all of it reversible: markup to text, noise as spans, non-answers marked."""

import json
import re
from functools import cache
from typing import Any

import polars as pl

from themeloom.base.words import word_list
from themeloom.domain.frames import RECORDS, conform
from themeloom.importers.languages import detect_languages
from themeloom.importers.markup import MAYBE_MARKUP, plain_text
from themeloom.importers.noise.finding import find_noise
from themeloom.importers.noise.lines import Noise
from themeloom.importers.noise.macros import repeated_lines
from themeloom.importers.non_answers import is_non_answer, non_answers


def clean(records: pl.DataFrame, macros: frozenset[str] | None = None) -> pl.DataFrame:
    """Return the records (RECORDS) with text, raw_text, noise_json, non_answer and language filled.

    HTML becomes plain text and ``raw_text`` keeps what the file says. Quoted replies, greetings,
    signatures and repeated macros become spans of the text in ``noise_json``: nothing is deleted.
    A record is a non-answer when what remains says nothing, in each of its parts. Talks (records
    with ``turns_json``) have no noise: their small talk is found turn by turn (``splitting``).

    Args:
        records: RECORDS.
        macros: lines that repeat in the whole of which ``records`` are a part (``macros_of``);
            None where they are all there is.
    """
    marked, said = set_noise_aside(records, macros)
    return marked.with_columns(language=detect_languages(said)).select(RECORDS.keys())


def mark_answers(records: pl.DataFrame, macros: frozenset[str] | None = None) -> pl.DataFrame:
    """Do what ``clean`` does but for the language, which takes longest and which counting needs not."""
    return set_noise_aside(records, macros)[0]


def set_noise_aside(
    records: pl.DataFrame, macros: frozenset[str] | None = None
) -> tuple[pl.DataFrame, pl.Series]:
    """Do what ``clean`` does but for the language; return the records and what is said in them.

    Whoever wants the languages asks ``detect_languages`` about the latter: it takes longest.
    """
    records = _without_markup(conform(records, RECORDS))
    noisy = _with_noise(records, macros_of(records) if macros is None else macros)
    said = _said(noisy)
    return noisy.with_columns(non_answer=_non_answers(noisy, said)), said


def macros_of(records: pl.DataFrame) -> frozenset[str]:
    """Return the lines, folded, that many of the texts (RECORDS, talks left out) begin or end with."""
    return repeated_lines(records.filter(pl.col("turns_json").is_null())["text"])


def cleaning_counts(records: pl.DataFrame) -> dict[str, int]:
    """Return in how many records each kind of cleaning did something; kinds that did not are left out."""
    counts = {"HTML turned into text": records.height - records["raw_text"].null_count()}
    for noise, label in _LABELS.items():
        found = records["noise_json"].str.contains(f'"{noise}"', literal=True)
        counts[label] = int(found.sum() or 0)
    counts["non-answers"] = int(records["non_answer"].fill_null(value=False).sum())
    return {label: count for label, count in counts.items() if count}


def spans_of(packed: str | None) -> list[list[Any]]:
    """Return the rows of ``noise_json``, ``parts_json`` or ``turns_json``; none for null."""
    return json.loads(packed) if packed else []


_LABELS = {
    Noise.QUOTED: "quoted replies",
    Noise.GREETING: "greetings",
    Noise.SIGNATURE: "signatures",
    Noise.MACRO: "repeated macros",
}


def _without_markup(records: pl.DataFrame) -> pl.DataFrame:
    """Turn HTML into text, part by part where a record has several."""
    suspects = records.with_row_index("at").filter(
        pl.col("text").str.contains(MAYBE_MARKUP) & pl.col("turns_json").is_null()
    )
    changed: list[tuple[int, str, str, str | None]] = []
    for at, text, parts in suspects.select("at", "text", "parts_json").iter_rows():
        plain, parts_now = _plain_parts(text, parts) if parts else (plain_text(text), None)
        if plain is not None and plain != text:
            changed.append((at, plain, text, parts_now))
    if not changed:
        return records
    schema = {"at": pl.UInt32, "plain": pl.String, "raw": pl.String, "parts_now": pl.String}
    news = pl.DataFrame(changed, schema=schema, orient="row")
    joined = records.with_row_index("at").join(news, on="at", how="left", maintain_order="left")
    return joined.with_columns(
        text=pl.coalesce("plain", "text"),
        raw_text=pl.coalesce("raw", "raw_text"),
        parts_json=pl.coalesce("parts_now", "parts_json"),
    ).select(RECORDS.keys())


def _plain_parts(text: str, parts: str) -> tuple[str | None, str]:
    """Turn each part's HTML into text; return the text and the parts with their new places."""
    pieces: list[str] = []
    length = where = 0
    moved: list[list[Any]] = []
    for question, start, end in spans_of(parts):
        between = text[where:start]
        plain = plain_text(text[start:end])
        body = text[start:end] if plain is None else plain
        pieces += [between, body]
        moved.append([question, length + len(between), length + len(between) + len(body)])
        length += len(between) + len(body)
        where = end
    pieces.append(text[where:])
    return "".join(pieces), json.dumps(moved, ensure_ascii=False)


@cache
def _letter_marks() -> str:
    """Return the pattern (polars) of what a single line needs for noise to be worth looking for."""
    greetings = _any_of(word_list("greetings") | word_list("pleasantries"))
    endings = _any_of(word_list("closings") | word_list("machine_lines", "device"))
    return (
        rf"(?i)^\s*(?:>|(?:{greetings})(?:$|[^\p{{L}}\p{{N}}-])|[^\x00-\x7f]{{2,20}}[。、，！])"
        rf"|[.!?…。！)]\s*(?:{endings})(?:$|[^\p{{L}}\p{{N}}].{{0,80}}$)"
        r"|[.!?…)]\s*[-–—~/]\s?\p{L}[\p{L}'’ .-]{0,30}$"
    )


def _any_of(phrases: frozenset[str]) -> str:
    # Typed text has other apostrophes and more spaces than the folded lists.
    return "|".join(
        re.escape(phrase).replace(r"\ ", r"\s+").replace("'", "['’´`]")
        for phrase in sorted(phrases)
    )


def _with_noise(records: pl.DataFrame, macros: frozenset[str]) -> pl.DataFrame:
    several = pl.col("text").str.strip_chars().str.contains(r"\n|\r")
    letters = pl.col("text").str.contains(_letter_marks())
    signed = pl.col("text").str.contains(pl.col("author"), literal=True).fill_null(value=False)
    suspects = records.with_row_index("at").filter(
        pl.col("turns_json").is_null() & (several | letters | signed)
    )
    found: list[tuple[int, str]] = []
    columns = suspects.select("at", "text", "author", "parts_json")
    for at, text, author, parts in columns.iter_rows():
        units = [(start, end) for _, start, end in spans_of(parts)] or [(0, len(text))]
        spans = [
            span
            for start, end in units
            for span in find_noise(text, start, end, author=author, macros=macros)
        ]
        if spans:
            found.append((at, json.dumps(spans, ensure_ascii=False)))
    noise = pl.DataFrame(found, schema={"at": pl.UInt32, "noise": pl.String}, orient="row")
    joined = records.with_row_index("at").join(noise, on="at", how="left", maintain_order="left")
    return joined.with_columns(noise_json=pl.col("noise")).select(RECORDS.keys())


def _said(records: pl.DataFrame) -> pl.Series:
    """Return the texts without their noise: what is looked at, never what is shown."""
    if records["noise_json"].null_count() == records.height:
        return records["text"]
    said = [
        without_noise(text, noise) if text and noise else text
        for text, noise in records.select("text", "noise_json").iter_rows()
    ]
    return pl.Series("text", said, pl.String)


def without_noise(text: str, noise_json: str | None) -> str:
    """Return the text without its noise, for looking at: its places are no places of the record."""
    kept: list[str] = []
    where = 0
    for start, end, _ in spans_of(noise_json):
        kept.append(text[where:start])
        where = end
    kept.append(text[where:])
    return " ".join(piece.strip() for piece in kept if piece.strip())


def _non_answers(records: pl.DataFrame, said: pl.Series) -> pl.Series:
    whole = non_answers(said)
    several = records.with_row_index("at").filter(pl.col("parts_json").is_not_null())
    empty = {
        at
        for at, text, parts in several.select("at", "text", "parts_json").iter_rows()
        if all(is_non_answer(text[start:end]) for _, start, end in spans_of(parts))
    }
    if not empty:
        return whole
    return pl.Series("non_answer", [flag or at in empty for at, flag in enumerate(whole)])
