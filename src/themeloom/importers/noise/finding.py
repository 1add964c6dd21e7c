"""All noise of one text."""

import re

from themeloom.importers.noise.greetings import mark_greeting
from themeloom.importers.noise.lines import Lines, Noise, read_lines
from themeloom.importers.noise.quotes import mark_quotes
from themeloom.importers.noise.signatures import is_disclaimer, is_machine_line, mark_signature


def find_noise(
    text: str, start: int, end: int, *, author: str | None, macros: frozenset[str]
) -> list[tuple[int, int, Noise]]:
    """Return what of ``text[start:end]`` is noise: spans in order, in code points of ``text``.

    Nothing is noise when nothing but noise would remain.
    """
    lines = read_lines(text, start, end)
    mark_quotes(lines)
    _mark_disclaimers(lines)
    _mark_edges(lines, macros)
    greeted = mark_greeting(lines)
    while mark_signature(lines, author, greeted=greeted) and _mark_edges(lines, macros):
        continue
    spans = lines.result()
    return spans if _something_remains(text, start, end, spans) else []


def _mark_edges(lines: Lines, macros: frozenset[str]) -> bool:
    """Set machine lines and repeated lines aside from both ends inwards; return if there were any."""
    before = len(lines.marks)
    for live in (lines.live(), lines.live()[::-1]):
        for index in live:
            line = lines.lines[index]
            if line.folded in macros:
                lines.marks[index] = Noise.MACRO
            elif noise := is_machine_line(line):
                lines.marks[index] = noise
            else:
                break
    return len(lines.marks) > before


def _mark_disclaimers(lines: Lines) -> None:
    """Set confidentiality notices aside wherever they stand, each with the rest of its paragraph."""
    inside = False
    for index, line in enumerate(lines.lines):
        inside = (inside and not line.after_blank) or (index > 0 and is_disclaimer(line))
        if inside:
            lines.marks.setdefault(index, Noise.SIGNATURE)


def _something_remains(
    text: str, start: int, end: int, spans: list[tuple[int, int, Noise]]
) -> bool:
    where = start
    for begin, stop, _ in spans:
        if _LETTERS.search(text, where, begin):
            return True
        where = stop
    return bool(_LETTERS.search(text, where, end))


_LETTERS = re.compile(r"[^\W_]")
