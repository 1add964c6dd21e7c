"""Speakers and questions are written into a record's text without moving its excerpts."""

import json

from tests.gui.talks import TALK, talk_records, talk_view

from themeloom.gui.views.themes.record_text import Composed, RecordText, cut
from themeloom.gui.widgets.customer_text import Style


def _talk() -> tuple[RecordText, Composed]:
    record = talk_records()["r-interview-09"]
    return record, Composed(record)


def test_every_excerpt_is_found_byte_for_byte_between_the_speakers() -> None:
    view = talk_view()
    for record in talk_records().values():
        composed = Composed(record)
        for row in view.excerpts.iter_rows(named=True):
            if row["excerpt_id"].startswith(f"{record.record_id}."):
                start, end = composed.start(row["start"]), composed.end(row["end"])
                assert composed.source[start:end] == row["text"]


def test_each_turn_begins_with_its_speaker() -> None:
    _, composed = _talk()
    for speaker, said, _ in TALK:
        assert f"{speaker}  {said}" in composed.source


def test_speakers_are_bold_and_the_interviewer_stands_back() -> None:
    record, composed = _talk()
    view = talk_view()
    rows = [row for row in view.excerpts.iter_rows(named=True) if row["record"] == 0]
    stretches = composed.stretches(rows, {"g-sync": 0, "g-bill": 1}, 3)
    of = {
        style: [composed.source[s.start : s.end] for s in stretches if s.style == style]
        for style in Style
    }
    assert of[Style.SPEAKER] == [speaker for speaker, _, _ in TALK]
    assert set(of[Style.QUIET]) == {said for who, said, _ in TALK if who == "Interviewer"}
    assert of[Style.CURRENT] == [TALK[2][1]]
    colors = {s.key: s.color for s in stretches if s.style == Style.EXCERPT}
    assert colors[7] == 1
    assert record.turns[0].interviewer


def test_greetings_and_quoted_replies_stand_back() -> None:
    composed = Composed(talk_records()["r-ZD-48213"])
    quiet = [s for s in composed.stretches([], {}, None) if s.style == Style.QUIET]
    words = "".join(composed.source[s.start : s.end] for s in quiet)
    assert "Hello team" in words
    assert "We are looking into it" in words
    assert "Outlook" not in words


def test_questions_stand_above_their_answers() -> None:
    row = {
        "record_id": "r",
        "text": "Price.\n\nSupport.",
        "parts_json": json.dumps([["What is bad?", 0, 6], ["What is good?", 8, 16]]),
    }
    composed = Composed(RecordText.from_row(row))
    assert composed.source == "What is bad?\nPrice.\n\nWhat is good?\nSupport."
    assert composed.source[composed.start(8) : composed.end(16)] == "Support."


def test_reading_along_takes_whole_turns_and_ends_with_the_record() -> None:
    record, composed = _talk()
    start = record.text.index("But we keep")
    begin, finish = composed.around(start, record.text.index("the gaps.") + 9, least=10)
    assert composed.source[begin:].startswith(("Interviewer", "Ines Duarte"))
    before, _ = cut(composed.source, [], begin, composed.start(start))
    assert "Confirming is fine" in before
    after, _ = cut(composed.source, [], composed.end(record.text.index("the gaps.") + 9), finish)
    assert after.startswith("Interviewer  How long")
    assert composed.around(0, len(record.text)) == (0, len(composed.source))


def test_stretches_move_along_with_a_cut() -> None:
    _, composed = _talk()
    stretches = composed.stretches([], {}, None)
    begin = composed.source.index("Interviewer  How long")
    piece, inside = cut(composed.source, stretches, begin - 2, len(composed.source))
    speakers = [piece[s.start : s.end] for s in inside if s.style == Style.SPEAKER]
    assert speakers[0] == "Interviewer"
    assert "Ines Duarte" in speakers
