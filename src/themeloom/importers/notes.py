"""Notes and transcripts to records: one file is one record."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl

from themeloom.domain.frames import RECORDS, conform
from themeloom.domain.records import Kind
from themeloom.importers.dates import find_date
from themeloom.importers.documents import Document, Paragraph, read_document
from themeloom.importers.mapping import content_hashes, hash_of
from themeloom.importers.names import fold
from themeloom.importers.prefaces import Preface, add_introduction, read_preface
from themeloom.importers.sniffing import Format
from themeloom.importers.speech import Turn, mark_interviewers
from themeloom.importers.talks import find_speakers, turns_by
from themeloom.importers.transcripts import is_timed, parse_cues, turns_of

_BETWEEN = "\n\n"
_CALL = re.compile(
    r"\b(calls?|sales|demo|discovery|upsell|upselling|renewal|prospect|account review|qbr|"
    r"kick ?off|vertrieb|anruf|telefonat|appel|llamada|chiamata)\b"
)
_INTERVIEW = re.compile(
    r"\b(interviews?|interviewer|research|usability|user test|study|studie|participant|"
    r"entretien|entrevista|intervista)\b"
)


@dataclass(frozen=True, slots=True)
class Note:
    """One file's record as a row of RECORDS (a mapping), and what to tell about it."""

    row: dict[str, object]
    kind: Kind
    profile: str  # "transcript", "talk" or "notes"
    warnings: tuple[str, ...]


def read_note(path: Path, kind: Format, wanted: Kind | None = None) -> Note:
    """Return the record of a note, talk or transcript.

    Args:
        path: md, txt, docx, vtt or srt file.
        kind: what ``sniff`` said.
        wanted: interview or call where the person said so; else it is guessed from the file's
            name, its title and whether people talk in it.

    Raises:
        ImportFileError: damaged, too large, or without text.
    """
    document = read_document(path, kind)
    warnings = list(document.warnings)
    if kind is Format.TRANSCRIPT or is_timed(document.plain):
        preface, turns = _timed_talk(document)
        profile = "transcript"
    else:
        preface, turns, profile = _written(document, path)
    if not turns:
        preface, turns, profile = Preface(), _plain_turns(document.paragraphs), "notes"
    talk = profile != "notes"
    guessed = _guess_kind(path, preface, talk)
    if talk:
        turns = mark_interviewers(turns, preface.interviewers, preface.participants)
        if not any(turn.asks for turn in turns):
            warnings.append(
                "It could not be told who asks and who answers, so all that is said counts."
            )
    final = wanted or guessed
    return Note(_row(path, preface, turns, final), final, profile, tuple(warnings))


def records_of(notes: Sequence[Note], folder: str) -> pl.DataFrame:
    """Return RECORDS, one row for each note; ids come from the folder's and the file's whole name.

    (A talk may lie there twice, as ``talk.vtt`` and as ``talk.txt``.)

    Args:
        notes: in order.
        folder: name of the folder they lie in.
    """
    frame = pl.DataFrame(
        [note.row for note in notes],
        schema_overrides={"date": pl.Datetime("us"), "row": pl.Int64},
    )
    records = conform(frame, RECORDS)
    return records.with_columns(
        note_ids(records["file"], folder), content_hashes(records).alias("content_hash")
    )


def note_ids(files: pl.Series, folder: str) -> pl.Series:
    """Return the record ids of notes called ``files`` in ``folder``: a column "record_id"."""
    found = [hash_of("notes", fold(folder), str(file)) for file in files]
    return pl.Series("record_id", found, pl.String)


def _timed_talk(document: Document) -> tuple[Preface, list[Turn]]:
    cues, outside = parse_cues(document.plain)
    preface = Preface()
    if outside:
        head = [Paragraph(at, line) for at, line in enumerate(outside, start=1)]
        found, rest = read_preface(head, is_call=False)
        if len(rest) < len(head):
            preface, head = found, rest
        add_introduction(preface, "\n".join(paragraph.text for paragraph in head))
    return preface, turns_of(cues)


def _written(document: Document, path: Path) -> tuple[Preface, list[Turn], str]:
    speakers = find_speakers(document.paragraphs)
    if speakers is None:
        preface, rest = read_preface(
            document.paragraphs, is_call=_hint(fold(path.stem)) is not Kind.INTERVIEW
        )
        return preface, _plain_turns(rest), "notes"
    preface, rest = read_preface(
        document.paragraphs, is_call=_hint(fold(path.stem)) is Kind.CALL, speakers=speakers.names
    )
    turns, before = turns_by(speakers, rest)
    add_introduction(preface, before)
    return preface, turns, "talk"


def _plain_turns(paragraphs: Sequence[Paragraph]) -> list[Turn]:
    return [Turn(None, paragraph.text, f"paragraph {paragraph.number}") for paragraph in paragraphs]


def _guess_kind(path: Path, preface: Preface, talk: bool) -> Kind:
    title = fold(preface.title or "")
    return (
        _hint(fold(path.stem))
        or _hint(title)
        or (Kind.INTERVIEW if talk or preface.interviewers else None)
        or _hint(fold(path.parent.name))
        or Kind.INTERVIEW
    )


def _hint(folded: str) -> Kind | None:
    interview, call = _INTERVIEW.search(folded), _CALL.search(folded)
    if interview and call:
        return Kind.INTERVIEW if interview.start() < call.start() else Kind.CALL
    if interview:
        return Kind.INTERVIEW
    return Kind.CALL if call else None


def _row(path: Path, preface: Preface, turns: Sequence[Turn], kind: Kind) -> dict[str, object]:
    text, spans = _joined(turns)
    answering = {turn.speaker for turn in turns if turn.speaker and not turn.asks}
    asking = any(turn.asks for turn in turns)
    author = preface.author
    if author is None and asking and len(answering) == 1:
        author = next(iter(answering))
    date: datetime | None = preface.date or find_date(path.stem)
    place = turns[0].place
    return {
        "kind": str(kind),
        "external_id": path.stem,
        "date": date,
        "person_key": " ".join(author.casefold().split()) if author else None,
        "author": author,
        "account": preface.account,
        "subject": preface.title,
        "text": text,
        "file": path.name,
        "row": int(place.removeprefix("paragraph ")) if place.startswith("paragraph") else 1,
        "place": place,
        "segments_json": _json(preface.segments),
        "fields_json": _json(preface.fields),
        "turns_json": json.dumps(spans, ensure_ascii=False),
    }


def _joined(turns: Sequence[Turn]) -> tuple[str, list[list[object]]]:
    """Return the whole text and, for each turn, speaker, start, end, place, whether it asks."""
    spans: list[list[object]] = []
    at = 0
    for turn in turns:
        spans.append([turn.speaker, at, at + len(turn.text), turn.place, turn.asks])
        at += len(turn.text) + len(_BETWEEN)
    return _BETWEEN.join(turn.text for turn in turns), spans


def _json(values: dict[str, str]) -> str | None:
    return json.dumps(values, ensure_ascii=False) if values else None
