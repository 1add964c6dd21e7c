"""Notes, talks and transcripts."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import docx
import pytest

from themeloom.domain.errors import ImportFileError
from themeloom.domain.records import Kind
from themeloom.importers.notes import Note, read_note
from themeloom.importers.sniffing import sniff

at = datetime.fromisoformat

TALK = """# Customer interview: Corrigan Heating

**Participant:** Niamh Corrigan
**Company:** Corrigan Heating, Kilkenny
**Role:** Office manager
**Date:** 2026-09-03

---

**Interviewer:** Hi Niamh, can you hear me?

**Niamh:** I can now.

**Interviewer:** How did the move go?

**Niamh:** It took two weeks.
We lost some addresses too.

**Interviewer:** Which ones?

**Niamh:** All with a flat number.
"""

CALL = """Call notes - Thornfield Group (Enterprise, live since Feb)
24 July 2026, 10:30, Teams
There: Marcus Oyelaran (IT manager), Delphine Hartigan (planner), me

Marcus opened with the login thing. It loops.

Delphine:
- planners book in Outlook
- invites reach our board late

Next steps: send the log files. Mood: fair.
"""


def note_of(text: str, tmp_path: Path, name: str, wanted: Kind | None = None) -> Note:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_note(path, sniff(path), wanted)


def turns_of(note: Note) -> list[tuple[Any, ...]]:
    """Return (speaker, text, place, asks), checking that the spans fit the text."""
    text = str(note.row["text"])
    spans = json.loads(str(note.row["turns_json"]))
    assert "\n\n".join(text[start:end] for _, start, end, _, _ in spans) == text
    return [(who, text[start:end], place, asks) for who, start, end, place, asks in spans]


def test_markdown_talk_with_a_top(tmp_path: Path) -> None:
    note = note_of(TALK, tmp_path, "interview-01.md")
    row = note.row
    assert note.kind == Kind.INTERVIEW
    assert (row["subject"], row["author"], row["account"]) == (
        "Customer interview: Corrigan Heating",
        "Niamh Corrigan",
        "Corrigan Heating",
    )
    assert row["date"] == at("2026-09-03")
    assert row["external_id"] == "interview-01"
    assert json.loads(str(row["segments_json"])) == {"Role": "Office manager"}
    turns = turns_of(note)
    assert [asks for _, _, _, asks in turns] == [True, False] * 3
    assert turns[0] == ("Interviewer", "Hi Niamh, can you hear me?", "paragraph 3", True)
    assert turns[3][1] == "It took two weeks.\nWe lost some addresses too."
    assert "Corrigan" not in str(row["text"])


def test_call_notes_without_speakers(tmp_path: Path) -> None:
    note = note_of(CALL, tmp_path, "sales-call-09.txt")
    row = note.row
    assert note.kind == Kind.CALL
    assert note.profile == "notes"
    assert row["account"] == "Thornfield Group"
    assert row["author"] == "Marcus Oyelaran"
    assert row["date"] == at("2026-07-24")
    turns = turns_of(note)
    assert [(who, place) for who, _, place, _ in turns] == [
        (None, "paragraph 2"),
        (None, "paragraph 3"),
        (None, "paragraph 4"),
    ]
    assert turns[0][1] == "Marcus opened with the login thing. It loops."


def test_the_interviewer_is_who_asks_and_says_less(tmp_path: Path) -> None:
    lines: list[str] = []
    for number in range(5):
        lines += [
            f"Marit: And what happened in step {number}?",
            f"Tobias: Then we had to do step {number} by hand, which took us most of the morning.",
        ]
    turns = turns_of(note_of("\n\n".join(lines), tmp_path, "talk.txt"))
    assert {who: asks for who, _, _, asks in turns} == {"Marit": True, "Tobias": False}


def test_otter_stamps_and_an_introduction(tmp_path: Path) -> None:
    text = (
        "# Interview with Jack\n\n## Details\n\nIt took place on February 16, 2022. "
        "Interviewer is Jonas Rosland.\nTranscription is provided by https://otter.ai.\n\n"
        "## Transcript\n\n"
    )
    for number in range(4):
        text += f"Jonas Rosland  0:{number}1  \nGo on.\n\nJack Breen  1:0{number}:33  \nWell, {number}.\n\n"
    note = note_of(text + "Transcribed by https://otter.ai\n", tmp_path, "jack.md")
    turns = turns_of(note)
    assert turns[:2] == [
        ("Jonas Rosland", "Go on.", "00:00:01", True),
        ("Jack Breen", "Well, 0.", "01:00:33", False),
    ]
    assert turns[-1][1] == "Well, 3."
    assert note.row["date"] == at("2022-02-16")
    assert note.row["author"] == "Jack Breen"


def test_voice_tags(tmp_path: Path) -> None:
    text = (
        "WEBVTT\n\nNOTE made by a machine\n\n00:00:02.780 --> 00:00:07.902\n"
        "<v Kwame Asante>Good morning. Shall we start?</v>\n\n"
        "00:00:12.690 --> 00:00:19.245\n<v Ingeborg Pfeiffer>Yes. The <i>import</i> &amp; export\n\n"
        "00:00:19.300 --> 00:00:21.245\n<v Ingeborg Pfeiffer>both fail for us.</v>\n\n"
        "00:00:31.000 --> 00:00:32.000\n<v Kwame Asante>Since when? And how often?</v>\n"
    )
    note = note_of(text, tmp_path, "call.vtt")
    assert turns_of(note) == [
        ("Kwame Asante", "Good morning. Shall we start?", "00:00:02", True),
        ("Ingeborg Pfeiffer", "Yes. The import & export both fail for us.", "00:00:12", False),
        ("Kwame Asante", "Since when? And how often?", "00:00:31", True),
    ]
    assert note.row["author"] == "Ingeborg Pfeiffer"


def test_numbered_cues_with_names(tmp_path: Path) -> None:
    text = (
        "WEBVTT\n\n1\n00:00:04.220 --> 00:00:06.964\nAnn Lee: Ready?\n\n"
        "2\n00:00:07.004 --> 00:00:10.395\nBo Kim: Yes: ready.\n\n"
        "3\n00:01:07.004 --> 00:01:10.395\nAnn Lee: How is it?\n\n"
        "4\n00:01:17.004 --> 00:01:20.395\nBo Kim: Note: this is slow.\n"
    )
    turns = turns_of(note_of(text, tmp_path, "zoom.vtt"))
    assert turns == [
        ("Ann Lee", "Ready?", "00:00:04", True),
        ("Bo Kim", "Yes: ready.", "00:00:07", False),
        ("Ann Lee", "How is it?", "00:01:07", True),
        ("Bo Kim", "Note: this is slow.", "00:01:17", False),
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "a.vtt",
            "WEBVTT\n\n00:43.810 --> 00:47.850\nHello all.\n\n01:00:48.350 --> 01:00:54.570\nBye.\n",
        ),
        (
            "a.srt",
            "1\n00:00:43,810 --> 00:00:47,850\nHello all.\n2\n01:00:48,350 --> 01:00:54,570\nBye.\n",
        ),
        ("a.txt", "[00:43.810 --> 00:47.850]  Hello all.\n[01:00:48.350 --> 01:00:54.570]  Bye.\n"),
        ("a.md", "00:43.810 --> 00:47.850\nHello all.\n\n01:00:48.350 --> 01:00:54.570\nBye.\n"),
    ],
)
def test_machine_transcripts_without_speakers(name: str, text: str, tmp_path: Path) -> None:
    note = note_of(text, tmp_path, name)
    assert note.profile == "transcript"
    assert turns_of(note) == [(None, "Hello all. Bye.", "00:00:43", False)]
    assert any("who asks" in warning for warning in note.warnings)


def test_long_monologues_keep_a_near_time(tmp_path: Path) -> None:
    cues = "".join(
        f"00:{minute:02d}:00.000 --> 00:{minute:02d}:50.000\nThis is what I said in minute {minute}, "
        f"and I said it at some length so that it fills the line.\n\n"
        for minute in range(30)
    )
    turns = turns_of(note_of(f"WEBVTT\n\n{cues}", tmp_path, "talk.vtt"))
    assert len(turns) > 4
    for _, said, place, _ in turns:
        assert f"minute {int(place[3:5])}" in said


def test_rolling_captions_are_read_once(tmp_path: Path) -> None:
    text = (
        "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nso this is\n\n"
        "00:00:02.000 --> 00:00:03.000\nso this is\nhow it works\n\n"
        "00:00:03.000 --> 00:00:04.000\nhow it works\n"
    )
    assert turns_of(note_of(text, tmp_path, "yt.vtt"))[0][1] == "so this is how it works"


def test_word_paragraphs_tables_and_tracked_changes(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("Interview: Torrens Electrical", 0)
    table = document.add_table(rows=2, cols=2)
    for row, (key, value) in enumerate([("Participant", "Priya Rao"), ("Date", "11 Sep 2026")]):
        table.cell(row, 0).text = key
        table.cell(row, 1).text = value
    for number in range(3):
        paragraph = document.add_paragraph()
        paragraph.add_run("Interviewer:").bold = True
        paragraph.add_run(f" Question {number}?")
        document.add_paragraph(f"Priya: Answer {number}.")
    last = document.paragraphs[-1]._p
    deleted = last.makeelement(
        "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}del", {}
    )
    deleted.append(document.add_paragraph("gone").runs[0]._r)
    last.append(deleted)
    path = tmp_path / "torrens.docx"
    document.save(str(path))
    note = read_note(path, sniff(path))
    assert (note.row["author"], note.row["date"]) == ("Priya Rao", at("2026-09-11"))
    turns = turns_of(note)
    assert turns[0] == ("Interviewer", "Question 0?", "paragraph 4", True)
    assert turns[-1][1] == "Answer 2."
    assert "gone" not in str(note.row["text"])


def test_kind_is_what_the_person_says(tmp_path: Path) -> None:
    assert note_of(TALK, tmp_path, "interview-01.md", Kind.CALL).row["kind"] == "call"


def test_a_document_without_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty.docx"
    docx.Document().save(str(path))
    with pytest.raises(ImportFileError, match="no text"):
        read_note(path, sniff(path))


def test_real_transcripts_keep_all_that_is_said(test_data: Path) -> None:
    """Real talks in all shapes: speakers found where they are named, no cue text lost."""
    talks = test_data / "interviews_hitsave"
    for path in sorted(talks.glob("*.md")):
        if path.name == "README.md" or "artemio" in path.name:
            continue
        note = read_note(path, sniff(path))
        speakers = {who for who, *_ in turns_of(note)}
        assert 2 <= len(speakers) <= 6, path.name
        assert all(speakers), path.name
        said = len(str(note.row["text"]).split())
        assert said > 0.93 * len(path.read_text(encoding="utf-8").split()), path.name
    one, other = (
        read_note(talks / name, sniff(talks / name))
        for name in (
            "Goodboy_Galaxy-Rik_Nicol.vtt",
            "Goodboy_Galaxy-Rik_Nicol.srt",
        )
    )
    assert one.row["text"] == other.row["text"]
    teams = test_data / "transcripts_pythonbytes" / "459_Inverted_dependency_trees.vtt"
    speakers = {who for who, *_ in turns_of(read_note(teams, sniff(teams)))}
    assert {"Brian Okken", "Michael Kennedy"} <= speakers
