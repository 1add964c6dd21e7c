"""Records into excerpts: exact spans of about one point each."""

from dataclasses import dataclass

import polars as pl

from themeloom.base.text import Span, count_words, sentence_spans, word_count
from themeloom.domain.frames import EXCERPTS, RECORDS, conform
from themeloom.domain.themes import Reason
from themeloom.importers.cleaning import spans_of
from themeloom.importers.grouping import group_sentences
from themeloom.importers.non_answers import is_non_answer
from themeloom.importers.small_talk import Turn, left_out_turns

#: The design's short-text rule: up to so much is one excerpt.
SHORT_SENTENCES = 2
SHORT_WORDS = 40


def split(records: pl.DataFrame) -> pl.DataFrame:
    """Return the excerpts (EXCERPTS) of cleaned records (RECORDS), in the records' order.

    ``text == record.text[start:end]`` for each. A text of at most 2 sentences and 40 words is one
    excerpt; longer ones are grouped by sentences (``group_sentences``). Excerpts never contain
    noise, never cross list items, parts of a record or turns of a talk. ``left_out`` says why an
    excerpt carries no theme: interviewer, small talk, non-answer. ``ordinal`` counts from 1.
    """
    rows = conform(records, RECORDS).with_row_index("at")
    rows = rows.filter(pl.col("text").is_not_null())
    easy = _is_easy()
    whole = _whole_texts(rows.filter(easy))
    pieces = _pieces(rows.filter(~easy))
    both = whole if pieces.is_empty() else pl.concat([whole, pieces]).sort("at", "ordinal")
    named = both.with_columns(excerpt_id=pl.format("{}.{}", pl.col("record_id"), pl.col("ordinal")))
    return conform(named, EXCERPTS)


def with_languages(excerpts: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """Return ``excerpts`` with the languages of their records, where these were told later."""
    told = records.select("record_id", "language").unique("record_id", keep="last")
    return (
        excerpts.drop("language")
        .join(told, on="record_id", how="left", maintain_order="left")
        .select(EXCERPTS.keys())
    )


_CARRIED = {"at": pl.UInt32, "record_id": pl.String, "context": pl.String, "language": pl.String}
_CUT = {
    "ordinal": pl.Int64,
    "start": pl.Int64,
    "end": pl.Int64,
    "text": pl.String,
    "speaker": pl.String,
    "place": pl.String,
    "left_out": pl.String,
}
#: At most so many of these lie inside a text of two sentences (its end counts as one).
_BORDER = (
    r"[.!?…][\"'”’»)\]*_]*(?:\s|$)|[。！？｡]|\p{L}[.!?]\p{L}|[\n\r\v\f\x{2028}\x{2029}]|\s[•‣▪●·]\s"
)


@dataclass(frozen=True, slots=True)
class _Piece:
    start: int
    end: int
    left_out: str | None = None
    speaker: str | None = None
    place: str | None = None
    question: str | None = None


def _is_easy() -> pl.Expr:
    """Plain short texts, by far the most: one excerpt each without looking for sentences."""
    plain = (
        pl.col("noise_json").is_null()
        & pl.col("parts_json").is_null()
        & pl.col("turns_json").is_null()
    )
    stripped = pl.col("text").str.strip_chars()
    # The last border ends the text; without one there, the count is too high by one at most.
    inner = stripped.str.count_matches(_BORDER)
    ends = stripped.str.contains(r"(?:[.!?…][\"'”’»)\]*_]*|[。！？｡])$")
    sentences = inner + pl.when(ends).then(0).otherwise(1)
    short = (sentences <= SHORT_SENTENCES) & (word_count(pl.col("text")) <= SHORT_WORDS)
    return plain & (short | pl.col("non_answer").fill_null(value=False))


def _whole_texts(rows: pl.DataFrame) -> pl.DataFrame:
    stripped = pl.col("text").str.strip_chars()
    lead = pl.col("text").str.len_chars() - pl.col("text").str.strip_chars_start().str.len_chars()
    return rows.filter(stripped != "").select(
        "at",
        "record_id",
        context=pl.col("subject"),
        language=pl.col("language"),
        ordinal=pl.lit(1, pl.Int64),
        start=lead.cast(pl.Int64),
        end=(lead + stripped.str.len_chars()).cast(pl.Int64),
        text=stripped,
        speaker=pl.lit(None, pl.String),
        place=pl.lit(None, pl.String),
        left_out=pl.when(pl.col("non_answer")).then(pl.lit(Reason.NON_ANSWER.value)),
    )


def _pieces(rows: pl.DataFrame) -> pl.DataFrame:
    found: list[tuple[object, ...]] = []
    columns = (
        "at", "record_id", "subject", "language", "text", "non_answer", "noise_json", "parts_json",
        "turns_json",
    )  # fmt: skip
    for at, record_id, subject, language, text, non_answer, noise, parts, turns in rows.select(
        columns
    ).iter_rows():
        if turns:
            pieces = _talk_pieces(text, turns)
        else:
            pieces = _text_pieces(text, parts, noise, non_answer=bool(non_answer))
        for ordinal, piece in enumerate(pieces, start=1):
            cut = text[piece.start : piece.end]
            found.append(
                (at, record_id, subject or piece.question, language, ordinal, piece.start, piece.end,
                 cut, piece.speaker, piece.place, piece.left_out)
            )  # fmt: skip
    return pl.DataFrame(found, schema=_CARRIED | _CUT, orient="row")


def _text_pieces(
    text: str, parts: str | None, noise: str | None, *, non_answer: bool
) -> list[_Piece]:
    set_aside = [(start, end) for start, end, _ in spans_of(noise)]
    pieces: list[_Piece] = []
    for question, start, end in spans_of(parts) or [(None, 0, len(text))]:
        nothing = non_answer or (parts and is_non_answer(text[start:end]))
        for span in _live_spans(text, start, end, set_aside):
            cuts = [span] if nothing else _excerpt_spans(text, *span)
            reason = Reason.NON_ANSWER if nothing else None
            pieces += [_Piece(*cut, left_out=reason, question=question) for cut in cuts]
    return pieces


def _talk_pieces(text: str, turns: str) -> list[_Piece]:
    talk = [Turn(*turn) for turn in spans_of(turns)]
    said: list[_Piece] = []
    for turn, reason in zip(talk, left_out_turns(text, talk), strict=True):
        for span in _live_spans(text, turn.start, turn.end, []):
            spans = [span] if reason else _excerpt_spans(text, *span)
            said += [_Piece(*cut, reason, turn.speaker, turn.place) for cut in spans]
    return said


def _live_spans(text: str, start: int, end: int, set_aside: list[Span]) -> list[Span]:
    """Return what is left of ``text[start:end]`` between the noise, without spaces at the ends."""
    spans: list[Span] = []
    where = start
    for begin, stop in [*[span for span in set_aside if start <= span[0] < end], (end, end)]:
        piece = text[where:begin]
        inner = piece.strip()
        if any(character.isalnum() for character in inner) or (inner and not set_aside):
            lead = where + len(piece) - len(piece.lstrip())
            spans.append((lead, lead + len(inner)))
        where = max(where, stop)
    return spans


def _excerpt_spans(text: str, start: int, end: int) -> list[Span]:
    sentences = sentence_spans(text, start, end)
    if len(sentences) <= SHORT_SENTENCES and count_words(text[start:end]) <= SHORT_WORDS:
        return [(sentences[0][0], sentences[-1][1])] if sentences else []
    return group_sentences(text, sentences)
