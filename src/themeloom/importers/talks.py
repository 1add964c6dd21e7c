"""Turns in written talks: ``Name: text``, ``Name  0:22`` with the text below, names on own lines."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from themeloom.importers.documents import Paragraph
from themeloom.importers.speech import KNOWN_LABELS, Turn, is_label

_TIME = r"[\[(]?(?:\d{1,2}:)?\d{1,2}:\d{2}(?:\.\d{1,3})?[\])]?"
#: "[00:12] Ann (she): [00:12] Hello" — the times are optional, the colon may stand inside.
_INLINE = re.compile(
    rf"^(?:[-*•]\s+)?(?:(?P<t1>{_TIME})\s*[-–]?\s*)?(?P<name>[^\W\d_][^:：\[\]\n]{{0,44}}?)"
    rf"\s*(?P<t2>{_TIME})?\s*[:：](?:\s+|$)(?:(?P<t3>{_TIME})\s*)?(?P<rest>.*)$"
)
#: "Ann Smith  0:22" and "Ann Smith 00:00:22" as a line of its own, as transcription tools write.
_STAMPED = re.compile(rf"^(?P<name>[^\W\d_][^:\[\]\n]{{0,44}}?)(?:\s{{2,}}|\t|\s+)(?P<t1>{_TIME})$")
_CREDIT = re.compile(r"(?i)^(?:transcribed by|transcription by|transcript by)\b.*")

#: More lines than this between two changes of speaker are no talk.
_LINES_PER_TURN = 15


@dataclass(frozen=True, slots=True)
class Speakers:
    """How a talk writes its speakers: the shape of such a line, and the names, folded."""

    line: re.Pattern[str]
    names: frozenset[str]


def find_speakers(paragraphs: Sequence[Paragraph]) -> Speakers | None:
    """Return how speakers are written, or None where the text is no talk.

    Names are speakers only where at least two of them come again and again; a note with a few
    "Next steps: …" lines is no talk.
    """
    lines = [line for _, _, line in _lines(paragraphs)]
    for pattern in (_STAMPED, _INLINE):
        names = _recurring(pattern, lines)
        if names:
            return Speakers(pattern, frozenset(names))
    lone = _lone_names(lines)
    return Speakers(_LONE, frozenset(lone)) if lone else None


def turns_by(speakers: Speakers, paragraphs: Sequence[Paragraph]) -> tuple[list[Turn], str]:
    """Return the turns, and the text that stands before the first of them.

    The place of a turn is its time where one is written, else its paragraph.
    """
    turns: list[Turn] = []
    before: list[str] = []
    speaker, place = None, ""
    said: list[str] = []
    last = -1
    for index, number, line in _lines(paragraphs):
        match = speakers.line.match(line)
        name = _canonical(match["name"]) if match else ""
        if match and (
            name in speakers.names or (speaker and name in KNOWN_LABELS and match.re is _INLINE)
        ):
            _close(turns, speaker, place, said)
            parts = match.groupdict()
            time = parts.get("t1") or parts.get("t2") or parts.get("t3")
            speaker = " ".join(match["name"].split())
            place = _clock(time) if time else f"paragraph {number}"
            said = [parts["rest"]] if parts.get("rest") else []
        elif speaker is None:
            before.append(line)
        elif not _CREDIT.match(line):
            said.append(line if index == last or not said else f"\n{line}")
        last = index
    _close(turns, speaker, place, said)
    return turns, "\n".join(before)


Line = tuple[int, int, str]


def _lines(paragraphs: Sequence[Paragraph]) -> list[Line]:
    """Return index and number of the paragraph and the line; headings inside of a talk are left out."""
    return [
        (index, paragraph.number, line.strip())
        for index, paragraph in enumerate(paragraphs)
        if not paragraph.heading
        for line in paragraph.text.split("\n")
        if line.strip()
    ]


def _recurring(pattern: re.Pattern[str], lines: Sequence[str]) -> set[str]:
    said = [
        _canonical(match["name"])
        for line in lines
        if (match := pattern.match(line)) and is_label(match["name"])
    ]
    often = {name for name, count in Counter(said).items() if count >= 2}
    turns = [name for name in said if name in often]
    changes = sum(one != other for one, other in pairwise(turns))
    if len(often) < 2 or changes < 3 or len(turns) * _LINES_PER_TURN < len(lines):
        return set()
    return often if len(turns) >= 6 or len(turns) >= 0.4 * len(lines) else set()


_LONE = re.compile(r"^(?P<name>.{1,45})$")


def _lone_names(lines: Sequence[str]) -> set[str]:
    """Names that stand on lines of their own, without times; what follows is theirs."""
    counts = Counter(
        _canonical(line)
        for line in lines
        if len(line) <= 40 and is_label(line) and not re.search(r"[.!?,;]$", line)
    )
    names = {name for name, count in counts.items() if count >= 3 and len(name.split()) >= 2}
    enough = sum(counts[name] for name in names) * _LINES_PER_TURN >= len(lines)
    return names if len(names) >= 2 and enough else set()


def _close(turns: list[Turn], speaker: str | None, place: str, said: list[str]) -> None:
    text = "\n".join(said).strip()
    if text:
        turns.append(Turn(speaker, text, place))


def _clock(time: str) -> str:
    parts = time.strip("[]()").split(".")[0].split(":")
    hours, minutes, seconds = parts if len(parts) == 3 else ("0", *parts)
    return f"{int(hours):02d}:{int(minutes):02d}:{seconds}"


def _canonical(name: str) -> str:
    return " ".join(name.casefold().split())
