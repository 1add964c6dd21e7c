"""Excerpts are exact spans of about one point, and keep off what carries no theme."""

import json
import time
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from themeloom.base.text import count_words
from themeloom.domain.frames import EXCERPTS, RECORDS, conform
from themeloom.importers.cleaning import clean, spans_of
from themeloom.importers.splitting import split


def records(*texts: str | None, **columns: str | None) -> pl.DataFrame:
    frame = pl.DataFrame(
        {
            "record_id": [f"r{number}" for number in range(len(texts))],
            "text": texts,
            **{name: [value] * len(texts) for name, value in columns.items()},
        },
        schema_overrides={"text": pl.String},
    )
    return clean(conform(frame, RECORDS))


def pieces(text: str, **columns: str | None) -> list[str]:
    return split(records(text, **columns))["text"].to_list()


def talk(*turns: tuple[str, bool, str]) -> pl.DataFrame:
    """Return one interview of (speaker, asks, text)."""
    spans: list[list[object]] = []
    at = 0
    for number, (speaker, asks, text) in enumerate(turns):
        spans.append([speaker, at, at + len(text), f"00:00:{number:02}", asks])
        at += len(text) + 2
    text = "\n\n".join(text for _, _, text in turns)
    return split(records(text, turns_json=json.dumps(spans), kind="interview"))


LONG = (
    "The export to PDF fails whenever an invoice has more than two pages of positions. It stops at the "
    "first page and the rest is simply missing from the file. Also the calendar of our team does not "
    "show the jobs that were moved by phone. Any idea? We lose about an hour a day with looking for them."
)


def test_a_short_text_is_one_excerpt() -> None:
    assert pieces("The export fails. Please fix it.") == ["The export fails. Please fix it."]
    assert pieces("  The export fails \n") == ["The export fails"]
    two = " ".join(["word"] * 20) + ". " + " ".join(["word"] * 20) + "."
    assert pieces(two) == [two]
    assert len(pieces(" ".join(["word"] * 25) + ". " + " ".join(["word"] * 26) + ".")) == 2


def test_a_long_text_is_grouped_by_points() -> None:
    assert pieces(LONG) == [
        "The export to PDF fails whenever an invoice has more than two pages of positions. It stops at "
        "the first page and the rest is simply missing from the file.",
        "Also the calendar of our team does not show the jobs that were moved by phone. Any idea? "
        "We lose about an hour a day with looking for them.",
    ]


def test_noise_is_in_no_excerpt() -> None:
    text = (
        f"Hi team,\n\n{LONG}\n\n> your answer was\n\nStill the same today.\n\nBest regards,\nAnna"
    )
    frame = records(text)
    excerpts = split(frame)
    assert excerpts["text"].to_list()[-1] == "Still the same today."
    noise = spans_of(frame["noise_json"][0])
    for start, end in excerpts.select("start", "end").iter_rows():
        assert all(end <= begin or start >= stop for begin, stop, _ in noise)


def test_list_items_stay_apart_and_lose_their_bullets() -> None:
    text = "We would need these things to be able to go on with it:\n- group mapping\n- finer roles than four\n- an export"
    assert pieces(text)[1:] == ["group mapping", "finer roles than four", "an export"]


def test_short_sentences_join_a_neighbour() -> None:
    excerpts = pieces(
        "I maintain escalators in the metro. Nothing I do below street level gets kept. Not times. Not "
        "notes. Not the fault codes. I surface and my shift is blank."
    )
    assert all(count_words(text) >= 8 for text in excerpts)


def test_only_endless_sentences_are_cut_and_at_a_clause() -> None:
    endless = ", ".join(["we have to open it and look for it and close it again"] * 12) + "."
    cut = pieces(endless)
    assert len(cut) > 2
    assert all(count_words(text) <= 80 for text in cut)
    assert all(text.startswith(("we have", "and ")) for text in cut)
    assert pieces(" ".join(["blah"] * 79) + ".") == [" ".join(["blah"] * 79) + "."]
    assert all(count_words(text) <= 80 for text in pieces("語" * 900))


def test_parts_stay_apart_and_give_the_context() -> None:
    text = "Slow\n\nn/a\n\nMore colours"
    parts = json.dumps([["Bad?", 0, 4], ["Else?", 6, 9], ["Wish?", 11, 23]])
    excerpts = split(records(text, parts_json=parts))
    assert excerpts.select("text", "context", "left_out").rows() == [
        ("Slow", "Bad?", None),
        ("n/a", "Else?", "non-answer"),
        ("More colours", "Wish?", None),
    ]


def test_non_answers_are_left_out() -> None:
    excerpts = split(records("n/a", "Great!", None, "   "))
    assert excerpts.select("record_id", "text", "left_out").rows() == [
        ("r0", "n/a", "non-answer"),
        ("r1", "Great!", None),
    ]


def test_the_subject_is_context_and_never_an_excerpt() -> None:
    excerpts = split(records("It fails", LONG, subject="Export"))
    assert excerpts["context"].unique().to_list() == ["Export"]
    assert "Export" not in excerpts["text"].to_list()


def test_interviewer_and_small_talk_are_left_out() -> None:
    content = ("Niamh", False, "The sync makes doubles of every job that I move.")
    excerpts = talk(
        ("Interviewer", True, "Hi Niamh, can you hear me alright?"),
        ("Niamh", False, "I can now, the headset was off."),
        ("Interviewer", True, "I'm recording, is that okay with you?"),
        ("Niamh", False, "Go on, so."),
        ("Interviewer", True, "Thanks for joining. What do you use it for?"),
        content,
        ("Interviewer", True, "How often?"),
        ("Niamh", False, "Mm-hm. Yeah."),
        content,
        ("Interviewer", True, "And what then?"),
        content,
        content,
        ("Interviewer", True, "Thank you for your time. Anything else?"),
        ("Niamh", False, "The export is slow as well."),
        ("Interviewer", True, "I'll let you go back to work."),
        ("Niamh", False, "It was fun, stay dry."),
    )
    reasons = excerpts.select("text", "left_out").rows()
    assert [reason for _, reason in reasons] == [
        "interviewer", "small talk", "interviewer", "small talk", "interviewer", None, "interviewer",
        "small talk", None, "interviewer", None, None, "interviewer", None, "interviewer", "small talk",
    ]  # fmt: skip
    assert excerpts["speaker"].unique(maintain_order=True).to_list() == ["Interviewer", "Niamh"]
    assert excerpts["place"][3] == "00:00:03"


def test_turns_of_one_person_stay_apart() -> None:
    excerpts = talk(("Bob", False, "The export is slow."), ("Bob", False, "The import is slow."))
    assert excerpts["text"].to_list() == ["The export is slow.", "The import is slow."]


def test_ids_count_in_the_record() -> None:
    excerpts = split(records(LONG, "Short one"))
    assert excerpts["excerpt_id"].to_list() == ["r0.1", "r0.2", "r1.1"]
    assert excerpts["ordinal"].to_list() == [1, 2, 1]
    assert excerpts.schema == pl.Schema(EXCERPTS)


def test_no_records_no_excerpts() -> None:
    assert split(conform(pl.DataFrame(), RECORDS)).schema == pl.Schema(EXCERPTS)


SENTENCE = st.sampled_from(
    ["It fails.", "Also it is slow!", "Any idea?", "- item", "1. first", "アプリが落ちる。", "n/a", "Heading:", "",
     "  ", "The " + "very " * 30 + "long one.", "x " * 95, "Hi team,", "Thanks", "> quoted", "語" * 200]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(SENTENCE, max_size=10), st.sampled_from([" ", "\n", "\n\n"]))
def test_excerpts_are_exact_in_order_and_lose_only_noise(said: list[str], between: str) -> None:
    frame = records(between.join(said))
    text = frame["text"][0]
    where = 0
    kept = [False] * len(text)
    for start, end, piece in split(frame).select("start", "end", "text").iter_rows():
        assert text[start:end] == piece == piece.strip() != ""
        assert where <= start < end
        kept[start:end] = [True] * (end - start)
        where = end
    for start, end, _ in spans_of(frame["noise_json"][0]):
        assert not any(kept[start:end])
        kept[start:end] = [True] * (end - start)
    lost = "".join(letter for letter, there in zip(text, kept, strict=True) if not there)
    assert not set(lost.replace("Heading", "")) - set(" \n-1.:>")


@pytest.mark.parametrize(
    "piece",
    ["word ", "word, ", "語", "From: x\n", "On 1 May X wrote:\n", "- item\n", "It fails. ", "Thanks\n", "a\n\n",
     "+1 555 010 7788\n", "<p>x</p>", ".", "1. ", "Hi ", "-- \n", "A. ", "(", " "],
)  # fmt: skip
def test_endless_texts_take_no_time_out_of_proportion(piece: str) -> None:
    started = time.process_time()
    split(records(piece * (100_000 // len(piece)), author="Anna Vogt"))
    assert time.process_time() - started < 3


@pytest.mark.bench
def test_hundred_thousand_short_texts_in_two_seconds(test_data: Path) -> None:
    texts = pl.read_parquet(test_data / "scale" / "sentences_400k.parquet")["text"].head(100_000)
    frame = records(*texts)
    started = time.process_time()  # of this process: others share the machine
    excerpts = split(frame)
    assert time.process_time() - started < 2
    assert excerpts.height >= 100_000
