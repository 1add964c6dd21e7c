"""Captions and machine transcripts (vtt, srt, timed lines) to cues, and cues to turns."""

import html
import re
from collections import Counter
from dataclasses import dataclass

from themeloom.importers.speech import KNOWN_LABELS, Turn, is_label

_CLOCK = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})(?:[.,](\d{1,3}))?"
_TIMING = re.compile(rf"^\s*\[?{_CLOCK}\s*-->\s*(?:\d{{1,3}}:)?\d{{1,2}}:\d{{2}}[.,]?\d*\]?(.*)$")
_LEADING = re.compile(r"^\s*\[?((?:\d{1,2}:)?\d{1,2}:\d{2})(?:[.,]\d{1,3})?\]?\s+(?=\S)(.+)$")
_VOICE = re.compile(r"<v(?:\.[\w.]+)?\s+([^>]+)>")
_TAG = re.compile(r"</?(?:[cibuv]|ruby|rt|lang|font|\d{1,2}:)[^>]*>", re.IGNORECASE)
_SPEAKER = re.compile(r"^\s*(?:[-–]\s*)?([^\W\d_][^:：<>\[\]]{0,39}?)\s*[:：]\s+(\S.*)$", re.DOTALL)
_NAME_LINE = re.compile(r"^\(([^()]{2,40})\)$")
_END = re.compile(r"[.!?…。！？][\"'”’»)]*$")

_ENOUGH = 80  # words of one speaker, after which a turn ends with the next sentence
_TOO_MANY = 160  # captions without punctuation are cut here


@dataclass(frozen=True, slots=True)
class Cue:
    """One caption: where it starts (``HH:MM:SS``), who speaks (where it is told), what is said."""

    start: str
    speaker: str | None
    text: str


def is_timed(text: str) -> bool:
    """Tell whether ``text`` is a transcript with times: cue timings, or most lines begin with one."""
    lines = [line for line in text.splitlines() if line.strip()]
    timings = sum(1 for line in lines[:4000] if _TIMING.match(line))
    if timings >= 2 and timings >= 0.05 * min(len(lines), 4000):
        return True
    leading = sum(1 for line in lines[:400] if _LEADING.match(line))
    return leading >= 5 and leading >= 0.5 * min(len(lines), 400)


def parse_cues(text: str) -> tuple[list[Cue], list[str]]:
    """Return the cues of a transcript in order, and the lines that belong to none.

    Missing hours, numbers, blank lines and the ``WEBVTT`` line do not matter. Rolling captions
    that repeat the line before are read once.
    """
    raw: list[tuple[str, list[str]]] = []
    outside: list[str] = []
    lines = text.splitlines()
    has_timings = any(_TIMING.match(line) for line in lines)
    passing_over = False  # inside of a note or style block
    after_gap = True
    for at, line in enumerate(lines):
        stripped = line.strip()
        timing = _TIMING.match(line) if has_timings else None
        leading = None if has_timings else _LEADING.match(line)
        if timing:
            rest = timing[5].strip()
            raw.append((_clock(timing), [] if _is_setting(rest) else [rest]))
            passing_over = after_gap = False
        elif leading:
            raw.append((_padded(leading[1]), [leading[2].strip()]))
            after_gap = False
        elif not stripped:
            passing_over, after_gap = False, True
        elif passing_over or stripped.startswith("WEBVTT"):
            continue
        elif after_gap and re.match(r"(?:NOTE|STYLE|REGION)\b", stripped):
            passing_over = True
        elif has_timings and _is_cue_name(stripped, lines[at + 1] if at + 1 < len(lines) else ""):
            continue
        elif raw and not (after_gap and has_timings):
            raw[-1][1].append(stripped)
        else:
            outside.append(stripped)
    return _cues(raw), outside


def turns_of(cues: list[Cue]) -> list[Turn]:
    """Merge consecutive cues of one speaker; a long turn is cut at the end of a sentence.

    The place of a turn is the time of its first cue.
    """
    turns: list[Turn] = []
    current: list[Cue] = []
    words = 0
    for cue in cues:
        if current:
            ended = bool(_END.search(current[-1].text))
            if (
                cue.speaker != current[0].speaker
                or (words >= _ENOUGH and ended)
                or words >= _TOO_MANY
            ):
                turns.append(_turn(current))
                current, words = [], 0
        current.append(cue)
        words += len(cue.text.split())
    if current:
        turns.append(_turn(current))
    return turns


def _turn(cues: list[Cue]) -> Turn:
    return Turn(cues[0].speaker, " ".join(cue.text for cue in cues), cues[0].start)


def _clock(match: re.Match[str]) -> str:
    return f"{int(match[1] or 0):02d}:{int(match[2]):02d}:{match[3]}"


def _padded(time: str) -> str:
    hours, minutes, seconds = time.split(":") if time.count(":") == 2 else ("0", *time.split(":"))
    return f"{int(hours):02d}:{int(minutes):02d}:{seconds}"


def _is_cue_name(line: str, following: str) -> bool:
    """A number or an identifier right above a timing names the cue."""
    return (
        bool(_TIMING.match(following))
        and (line.isdigit() or bool(re.search(r"[\d-]", line)))
        and (" " not in line)
    )


def _is_setting(rest: str) -> bool:
    return not rest or bool(re.match(r"(?:align|line|position|size|region|vertical):", rest))


def _cues(raw: list[tuple[str, list[str]]]) -> list[Cue]:
    named = _labels(raw)
    cues: list[Cue] = []
    speaker: str | None = None
    last_line = ""
    for start, lines in raw:
        if len(lines) == 1 and lines[0] == last_line:
            continue  # rolling captions show a line twice
        if len(lines) > 1 and lines[0] == last_line:
            lines = lines[1:]
        last_line = lines[-1] if lines else last_line
        pieces = _pieces(lines, named)
        for piece_speaker, text in pieces:
            plain = " ".join(html.unescape(_TAG.sub("", text)).split())
            if not plain:
                continue
            if piece_speaker is _SAME:
                cues.append(Cue(start, speaker, plain))
            else:
                speaker = piece_speaker
                cues.append(Cue(start, speaker, plain))
    return cues


_SAME = "\0same"  # the speaker of the cue before goes on
_OTHER: str | None = None  # somebody else, whose name is not told


def _pieces(lines: list[str], named: set[str]) -> list[tuple[str | None, str]]:
    """Return who says what in one cue."""
    if not lines:
        return []
    text = "\n".join(lines)
    if _VOICE.search(text):
        parts = _VOICE.split(text)
        head = [(_SAME, parts[0])] if parts[0].strip() else []
        voices = zip(parts[1::2], parts[2::2], strict=True)
        return [*head, *((html.unescape(name).strip(), said) for name, said in voices)]
    name_line = _NAME_LINE.match(lines[0])
    if name_line and len(lines) > 1:
        return [(name_line[1], " ".join(lines[1:]))]
    if ">>" in text or "&gt;&gt;" in text:
        parts = re.split(r"(?:>>|&gt;&gt;)", text)
        head = [(_SAME, parts[0])] if parts[0].strip() else []
        return [*head, *((_OTHER, part) for part in parts[1:])]
    if len(lines) > 1 and all(line.startswith(("- ", "– ")) for line in lines):
        return [(_OTHER, line[2:]) for line in lines]
    pieces: list[tuple[str | None, str]] = []
    for line in lines:
        match = _SPEAKER.match(line)
        if match and _canonical(match[1]) in named:
            pieces.append((match[1].strip(), match[2]))
        elif pieces:
            pieces[-1] = (pieces[-1][0], f"{pieces[-1][1]} {line}")
        else:
            pieces.append((_SAME if named else None, line))
    return pieces


def _labels(raw: list[tuple[str, list[str]]]) -> set[str]:
    """Return the ``Name:`` beginnings that are speakers: they come again, or are well known."""
    counts: Counter[str] = Counter()
    for _, lines in raw:
        for line in lines:
            match = _SPEAKER.match(line)
            if match and is_label(match[1]):
                counts[_canonical(match[1])] += 1
    return {name for name, count in counts.items() if count >= 2 or name in KNOWN_LABELS}


def _canonical(name: str) -> str:
    return " ".join(name.casefold().split())
