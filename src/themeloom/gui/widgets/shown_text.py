"""A customer's text as it is shown: mask tokens in place of personal data, positions translated.

Texts of the project are counted in code points, Qt counts UTF-16 units, and a token is longer or
shorter than what it stands for. This module keeps the three apart.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from themeloom.privacy.masking import Masker

#: Returns what of a text is masked: start, end, token; in order, without overlaps.
Spans = Callable[[str], Sequence[tuple[int, int, str]]]


@dataclass(frozen=True)
class Mask:
    """What is shown in place of personal data: in texts, and in cells that hold one thing.

    They are masked as in exports, so that a person finds on the screen what stands in the file.

    Attributes:
        spans: of a text.
        person: a cell that holds a name or an address.
        account: a cell that holds an account.
        file: the name of a file.
    """

    spans: Spans
    person: Callable[[str], str | None] = str
    account: Callable[[str], str] = str
    file: Callable[[str], str] = str

    @classmethod
    def of(cls, masker: Masker) -> "Mask":
        """Return what ``masker`` masks."""
        return cls(masker.spans, masker.mask_name, masker.mask_account, masker.mask_file)

    def __call__(self, text: str) -> Sequence[tuple[int, int, str]]:
        """Return what of a text is masked."""
        return self.spans(text)

    def external_id(self, name: str, file: str) -> str:
        """Return an id: an address is one of a person, and notes are called like their file."""
        if "@" in name:
            return self.person(name) or name
        return self.file(name) if name in (file, PurePath(file).stem) else name


#: Shows everything as it is.
no_mask = Mask(lambda _: ())


def masked(text: str, mask: Spans) -> str:
    """Return ``text`` with tokens in place of personal data."""
    return ShownText(text, mask).text


class ShownText:
    """One text as it is shown.

    Attributes:
        text: with tokens.
        tokens: where they stand in ``text``, in UTF-16 units: (start, length).
    """

    def __init__(self, source: str, mask: Spans = no_mask) -> None:
        """Put the tokens of ``mask`` into ``source``."""
        pieces: list[str] = []
        self._source_starts = [0]
        self._shown_starts = [0]
        self._fixed = [False]  # whether the stretch is a token, which has no inside
        where = shown = 0
        tokens: list[tuple[int, int]] = []
        for start, end, token in mask(source):
            if not where <= start < end <= len(source):
                continue
            pieces += [source[where:start], token]
            shown += start - where
            tokens.append((shown, shown + len(token)))
            self._stretch(start, shown, fixed=True)
            shown += len(token)
            self._stretch(end, shown, fixed=False)
            where = end
        pieces.append(source[where:])
        self.text = "".join(pieces)
        self._length = len(source)
        # Characters that take two UTF-16 units each: every one before a place shifts it by one.
        self._wide = [at for at, sign in enumerate(self.text) if ord(sign) > 0xFFFF]
        self._wide_units = [at + number for number, at in enumerate(self._wide)]
        self.tokens = [(self._units(a), self._units(b) - self._units(a)) for a, b in tokens]

    def position(self, source: int, *, end: bool = False) -> int:
        """Return the place in ``text`` (UTF-16 units) of a place in the source (code points).

        A place inside a token is its start, or with ``end`` its end.
        """
        source = min(max(source, 0), self._length)
        at = bisect_right(self._source_starts, source) - 1
        inside = source - self._source_starts[at]
        if self._fixed[at]:
            shown = self._shown_starts[at + 1] if end and inside else self._shown_starts[at]
        else:
            shown = self._shown_starts[at] + inside
        return self._units(shown)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return a span of the source as (start, length) in ``text``, in UTF-16 units."""
        first = self.position(start)
        return first, max(self.position(end, end=True) - first, 0)

    def source(self, position: int) -> int:
        """Return the place in the source (code points) of a place in ``text`` (UTF-16 units)."""
        shown = position - bisect_right(self._wide_units, position - 1)
        at = bisect_right(self._shown_starts, shown) - 1
        inside = 0 if self._fixed[at] else shown - self._shown_starts[at]
        return min(self._source_starts[at] + inside, self._length)

    def _stretch(self, source: int, shown: int, *, fixed: bool) -> None:
        self._source_starts.append(source)
        self._shown_starts.append(shown)
        self._fixed.append(fixed)

    def _units(self, shown: int) -> int:
        return shown + bisect_right(self._wide, shown - 1)
