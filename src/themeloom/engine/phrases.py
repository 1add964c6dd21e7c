"""Phrases that people repeat: what titles and key phrases are made of.

A phrase is a run of 1 to 6 words inside one clause, articles and fillers left out. It starts and
ends on words that carry meaning and keeps its negation.
"""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from themeloom.engine.counts import Corpus, Ints
from themeloom.engine.stream import LONGEST, Bools, Span, Stream
from themeloom.engine.wording import Part

_SPELLINGS_READ = 200


class Phrases:
    """All repeated phrases of a corpus.

    Args:
        corpus: the words.
        min_texts: a phrase counts as repeated from this many texts on.
    """

    def __init__(self, corpus: Corpus, min_texts: int = 2) -> None:
        self.corpus = corpus
        self.stream = Stream(corpus)
        starts, sizes, numbers, count = _repeated(self.stream, min_texts)
        order = np.lexsort((starts, numbers))
        self._starts, self._sizes, numbers = starts[order], sizes[order], numbers[order]
        self._first = np.searchsorted(numbers, np.arange(count + 1))
        rows = self.stream.row[self._starts]
        by_row = sparse.csr_matrix(
            (np.ones(len(rows), np.float32), (rows, numbers)), shape=(corpus.rows, count)
        )
        by_row.data[:] = 1.0
        #: Which text holds which phrase: shape (rows, phrases), float32, ones.
        self.by_row = by_row

    def __len__(self) -> int:
        """Return the number of phrases."""
        return len(self._first) - 1

    @cached_property
    def sizes(self) -> Ints:
        """Per phrase: its number of words."""
        return self._sizes[self._first[:-1]].astype(np.int64)

    @cached_property
    def starts_well(self) -> NDArray[np.float64]:
        """Per phrase: share of its uses that begin where a clause or noun phrase begins."""
        return self._share(self.stream.left_open[self._starts])

    @cached_property
    def ends_well(self) -> NDArray[np.float64]:
        """Per phrase: share of its uses that end where a clause or noun phrase ends."""
        return self._share(self.stream.right_open[self._starts + self._sizes - 1])

    @cached_property
    def negated(self) -> NDArray[np.float64]:
        """Per phrase: share of its uses with a negation before it that it does not hold itself."""
        return self._share(self.stream.negated[self._starts])

    def span(self, number: int) -> Span:
        """Return phrase ``number`` in its most frequent spelling."""
        first, last = self._first[number], self._first[number + 1]
        uses = range(first, min(last, first + _SPELLINGS_READ))
        size = int(self._sizes[first])
        spellings = self.stream.spellings([int(self._starts[use]) for use in uses], size)
        text = min(spellings, key=lambda spelling: (-spellings[spelling], spelling))
        start = int(self._starts[first])
        return Span(
            text=text,
            stems=self.stream.content_stems(start, size),
            size=len(text.split()),
            starts_well=min(float(self.starts_well[number]), self.stream.begins(start, size)),
            ends_well=float(self.ends_well[number]),
            negates=self.stream.holds_negation(start, size),
            begins_with=Part(int(self.stream.kind[start])),
        )

    def strays(self, number: int) -> bool:
        """Return whether phrase ``number`` runs over the end of a statement: "CSV and import broke"."""
        start, size = int(self._starts[self._first[number]]), int(self.sizes[number])
        return any(
            self.stream.strays(start, end) for end in range(start + 1, start + size)
        ) or self.stream.unfinished(start, start + size - 1)

    def _share(self, flags: Bools) -> NDArray[np.float64]:
        if len(flags) == 0:
            return np.zeros(0)
        total = np.add.reduceat(flags.astype(np.float64), self._first[:-1])
        return total / np.diff(self._first)


def _repeated(stream: Stream, min_texts: int) -> tuple[Ints, Ints, Ints, int]:
    """Return start, size and phrase number of every use of a repeated phrase, and their count.

    Longer runs grow only from runs that occur in enough texts themselves (a-priori pruning).
    """
    size = len(stream.stem)
    width = max(len(stream.corpus.stem_names), 1)
    starts, sizes, numbers = (
        [np.zeros(0, np.int64)],
        [np.zeros(0, np.int64)],
        [np.zeros(0, np.int64)],
    )
    position = np.arange(size, dtype=np.int64)
    code = stream.stem.copy()
    count = 0
    for length in range(1, LONGEST + 1):
        if length > 1:
            last = position + length - 1
            inside = last < size
            inside[inside] &= stream.segment[last[inside]] == stream.segment[position[inside]]
            position, code = position[inside], code[inside]
            code = code * width + stream.stem[position + length - 1]
        _, code = np.unique(code, return_inverse=True)
        enough = _texts(code, stream.row[position], stream.corpus.rows) >= min_texts
        keep = enough[code]
        position, code = position[keep], code[keep]
        whole = stream.starts[position] & stream.ends[position + length - 1]
        chosen, chosen_code = position[whole], code[whole]
        _, chosen_code = np.unique(chosen_code, return_inverse=True)
        enough = _texts(chosen_code, stream.row[chosen], stream.corpus.rows) >= min_texts
        keep = enough[chosen_code]
        kept_codes, number = np.unique(chosen_code[keep], return_inverse=True)
        starts.append(chosen[keep])
        sizes.append(np.full(int(keep.sum()), length))
        numbers.append(number + count)
        count += len(kept_codes)
    return np.concatenate(starts), np.concatenate(sizes), np.concatenate(numbers), count


def _texts(code: Ints, row: NDArray[np.int32], rows: int) -> Ints:
    """Return, per code, in how many texts it occurs."""
    if len(code) == 0:
        return np.zeros(0, np.int64)
    pairs = np.unique(code * rows + row)
    return np.bincount(pairs // rows)
