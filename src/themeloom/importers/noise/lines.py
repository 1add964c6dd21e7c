"""The lines of a text with their places, and the noise that is found in them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from themeloom.base.text import fold


class Noise(StrEnum):
    """What is set aside, as it stands in ``noise_json``."""

    QUOTED = "quoted reply"
    GREETING = "greeting"
    SIGNATURE = "signature"
    MACRO = "repeated macro"


#: Words of sentences: a line that has one says something.
SENTENCE_WORDS = frozenset(
    "i i'm i've i'd we we're we've you it it's he she they is are was were am isn't aren't wasn't be "
    "been has have had do does did don't doesn't didn't can can't could couldn't will won't would "
    "should shouldn't not no never also but because if when where why how what which this that these "
    "there please still need needs want wants fails fail works work crashes add fix "
    "ich wir er es ist sind war hat haben kann können nicht kein keine auch aber weil wenn wie was "
    "bitte noch muss je j'ai nous vous il elle est sont c'est ne pas mais parce aussi quand comment "
    "pourquoi yo tengo es está son hay pero también porque cuando cómo qué io ho abbiamo è sono non "
    "anche ma perché quando come ik wij is zijn niet geen ook maar omdat eu temos é são não também "
    "mas porque quando como ja mamy jest nie też ale jag är inte också men".split()
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line that is not blank; positions are code points of the whole text."""

    start: int
    end: int
    text: str  # without spaces at its ends
    folded: str
    after_blank: bool  # a blank line, or nothing, stands before it


@dataclass(slots=True)
class Lines:
    """The lines of one text and what became of them."""

    lines: list[Line]
    marks: dict[int, Noise] = field(default_factory=dict[int, Noise])
    spans: list[tuple[int, int, Noise]] = field(default_factory=list[tuple[int, int, Noise]])

    def mark(self, indexes: Iterator[int] | range, noise: Noise) -> None:
        """Set whole lines aside; what is set aside already keeps its mark."""
        for index in indexes:
            self.marks.setdefault(index, noise)

    def live(self) -> list[int]:
        """Return the indexes of the lines that are not set aside."""
        return [index for index in range(len(self.lines)) if index not in self.marks]

    def result(self) -> list[tuple[int, int, Noise]]:
        """Return all noise as spans in order; neighbouring lines of one kind make one span."""
        found = [*self.spans]
        for index, line in enumerate(self.lines):
            if index not in self.marks:
                continue
            noise = self.marks[index]
            if index and self.marks.get(index - 1) == noise:
                start, _, _ = found.pop()
                found.append((start, line.end, noise))
            else:
                found.append((line.start, line.end, noise))
        return sorted(found)


def read_lines(text: str, start: int, end: int) -> Lines:
    """Return the lines of ``text[start:end]``."""
    lines: list[Line] = []
    after_blank = True
    for match in _LINE.finditer(text, start, end):
        raw = match[0]
        stripped = raw.strip()
        if not stripped:
            after_blank = True
            continue
        begin = match.start() + len(raw) - len(raw.lstrip())
        lines.append(Line(begin, begin + len(stripped), stripped, fold(stripped), after_blank))
        after_blank = False
    return Lines(lines)


_LINE = re.compile(r"[^\r\n\u2028\u2029\v\f]+|\n(?=\n)")
