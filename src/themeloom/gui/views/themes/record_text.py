"""The full text of one record with its speakers and questions, and what is marked in it."""

import json
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from themeloom.domain.themes import OUT_OF_BASE
from themeloom.gui.widgets.customer_text import Stretch, Style

#: Columns of RECORDS that ``RecordText.from_row`` reads.
COLUMNS = ("record_id", "text", "turns_json", "noise_json", "parts_json", "fields_json")


@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker said in one go."""

    speaker: str
    start: int
    end: int
    interviewer: bool


@dataclass(frozen=True, slots=True)
class RecordText:
    """What screens need of a record besides the view: its text and how that is divided."""

    record_id: str
    text: str
    turns: tuple[Turn, ...] = ()
    noise: tuple[tuple[int, int], ...] = ()
    questions: tuple[tuple[str, int], ...] = ()  # question, where its answer begins
    fields: Mapping[str, str] | None = None

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> "RecordText":
        """Return the text of a row of RECORDS."""
        parts = _list(row.get("parts_json"))
        return cls(
            record_id=row["record_id"],
            text=row["text"] or "",
            turns=tuple(
                Turn(str(turn[0] or ""), turn[1], turn[2], bool(turn[4]))
                for turn in _list(row.get("turns_json"))
            ),
            noise=tuple((span[0], span[1]) for span in _list(row.get("noise_json"))),
            questions=tuple((str(part[0]), part[1]) for part in parts) if len(parts) > 1 else (),
            fields={
                str(name): str(value)
                for name, value in json.loads(row.get("fields_json") or "{}").items()
                if value not in (None, "")
            },
        )


#: Reads a record's text off the GUI thread and hands it over; None where it is gone.
LoadRecord = Callable[[str, Callable[[RecordText | None], None]], None]


class Composed:
    """A record's text with the names of speakers and the questions written into it.

    Attributes:
        source: what is shown, before masking.
    """

    def __init__(self, record: RecordText) -> None:
        """Write speakers and questions before what they belong to."""
        self._record = record
        heads = [(turn.start, f"{turn.speaker}  ") for turn in record.turns if turn.speaker]
        heads += [(start, f"{question}\n") for question, start in record.questions]
        heads.sort(key=lambda head: head[0])
        self._at = [at for at, _ in heads]
        self._shift = [0]
        pieces: list[str] = []
        where = 0
        self._heads: list[tuple[int, int]] = []
        for at, head in heads:
            pieces += [record.text[where:at], head]
            begin = at + self._shift[-1]
            self._heads.append((begin, begin + len(head.rstrip())))
            self._shift.append(self._shift[-1] + len(head))
            where = at
        pieces.append(record.text[where:])
        self.source = "".join(pieces)

    def start(self, position: int) -> int:
        """Return where what begins at ``position`` of the record begins in ``source``."""
        return position + self._shift[bisect_right(self._at, position)]

    def end(self, position: int) -> int:
        """Return where what ends at ``position`` of the record ends in ``source``."""
        return position + self._shift[bisect_left(self._at, position)]

    def stretches(
        self, excerpts: Iterable[Mapping[str, Any]], colors: Mapping[str, int], current: int | None
    ) -> list[Stretch]:
        """Return how the parts of ``source`` look.

        Args:
            excerpts: rows of the view's excerpts of this record.
            colors: group id → place of its colour.
            current: the excerpt that is spoken of.
        """
        record = self._record
        found = [Stretch(start, end, Style.SPEAKER) for start, end in self._heads]
        quiet = [(turn.start, turn.end) for turn in record.turns if turn.interviewer]
        quiet += record.noise
        for row in excerpts:
            span = (self.start(row["start"]), self.end(row["end"]))
            if row["left_out"] in OUT_OF_BASE:
                quiet.append((row["start"], row["end"]))
            if row["left_out"] is not None and row["theme_id"] is None:
                continue
            style = Style.CURRENT if row["excerpt"] == current else Style.EXCERPT
            color = colors.get(row["group_id"] or "", -1)
            found.append(Stretch(*span, style, color, row["excerpt"]))
        found += [Stretch(self.start(a), self.end(b), Style.QUIET) for a, b in quiet]
        return found

    def around(self, start: int, end: int, *, least: int = 160, pieces: int = 2) -> tuple[int, int]:
        """Return the stretch of ``source`` around a span of the record, for reading along.

        It reaches back and forth by ``pieces`` turns or paragraphs, and by more of them where
        these are shorter than ``least`` characters together.
        """
        borders = self._borders()
        first, last = self.start(start), self.end(end)
        # The name of the speaker belongs to what they say.
        before = [border for border in borders if border <= first]
        after = [border for border in borders if border >= last]
        begin = _reach(before[::-1], first, pieces, least, default=0)
        finish = _reach(after, last, pieces, least, default=len(self.source))
        return begin, finish

    def _borders(self) -> list[int]:
        record = self._record
        if record.turns:
            heads = {turn.start: turn for turn in record.turns}
            return sorted(
                {0, len(self.source)}
                | {self.start(at) - len(f"{turn.speaker}  ") for at, turn in heads.items()}
            )
        lines = {0, len(self.source)}
        at = self.source.find("\n")
        while at >= 0:
            lines.add(at + 1)
            at = self.source.find("\n", at + 1)
        return sorted(lines)


def cut(
    source: str, stretches: Sequence[Stretch], start: int, end: int
) -> tuple[str, list[Stretch]]:
    """Return ``source[start:end]`` without spaces around it, and the stretches in it, moved along."""
    piece = source[start:end]
    start += len(piece) - len(piece.lstrip())
    piece = piece.strip()
    end = start + len(piece)
    inside = [
        Stretch(
            max(stretch.start, start) - start,
            min(stretch.end, end) - start,
            stretch.style,
            stretch.color,
            stretch.key,
        )
        for stretch in stretches
        if stretch.start < end and stretch.end > start
    ]
    return piece, inside


def _reach(borders: Sequence[int], origin: int, pieces: int, least: int, default: int) -> int:
    apart = [border for border in borders if border != origin]
    for number, border in enumerate(apart, 1):
        if number >= pieces and abs(border - origin) >= least:
            return border
    return default


def _list(text: str | None) -> list[Any]:
    return json.loads(text) if text else []
