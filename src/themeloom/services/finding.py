"""Searching all excerpts: words through the full-text index, filters on the view's columns."""

import time
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from weakref import ReferenceType, ref

import polars as pl

from themeloom.domain.asking import parse
from themeloom.domain.finding import All, Either, Node, Not, Words, found_spans
from themeloom.project.fulltext import FullText, Progress, entries_of
from themeloom.services.finding_filters import Around, condition, segment_names
from themeloom.services.reading_along import Comparable


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found.

    Attributes:
        excerpts: inner numbers, the best first; with many hits, or without words in the search, in
            the order of the project.
        total: how many there are, where ``excerpts`` was limited.
        message: a sentence for the screen where something was not understood.
        seconds: how long it took.
    """

    excerpts: list[int]
    total: int
    message: str | None
    seconds: float
    tree: Node | None = field(default=None, repr=False)

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Return where an excerpt's text holds what was searched for, to be marked."""
        return found_spans(text, self.tree)


class Finder:
    """Search over the excerpts of one project; may be used from several threads.

    Until ``prepare`` is through, and whenever the index does not fit the excerpts at hand, the
    texts themselves are read: slower, with the same hits.
    """

    def __init__(self, store: Path) -> None:
        """Keep the index in ``store``, the project's derived store."""
        self._index = FullText(store)
        self._indexed: _Indexed | None = None
        self._lock = Lock()
        self._read: tuple[tuple[int, int], Comparable] | None = None

    def prepare(self, excerpts: pl.DataFrame, progress: Progress | None = None) -> None:
        """Bring the index up to date with ``excerpts`` (of the view); not on the GUI's thread.

        ``progress`` is called with excerpts done and to do, and may raise to stop. What cannot be
        written leaves search without an index, which is no error.
        """
        entries = entries_of(excerpts)
        self._indexed = None
        if self._index.update(entries, progress):
            self._indexed = _Indexed(entries.select("excerpt", "hash"))

    def search(
        self,
        text: str,
        excerpts: pl.DataFrame,
        *,
        around: Around = Around(),  # noqa: B008 - frozen
    ) -> Found:
        """Return the excerpts that ``text`` asks for; never raises for what is typed.

        Args:
            text: as typed; blank finds nothing.
            excerpts: those of the view, all or some of them.
            around: what filters compare with: names of sources, titles of themes, authors.
        """
        began = time.perf_counter()
        parsed = parse(text, segment_names(excerpts) if ":" in text else ())
        found: list[int] = []
        if parsed.tree is not None and excerpts.height:
            found = self._found(parsed.tree, excerpts, around)
        seconds = time.perf_counter() - began
        return Found(found, len(found), parsed.message, seconds, parsed.tree)

    def close(self) -> None:
        """Close the index's file."""
        self._index.close()

    def _found(self, tree: Node, excerpts: pl.DataFrame, around: Around) -> list[int]:
        search = _Search(self, excerpts, around)
        parts = tree.parts if isinstance(tree, All) else (tree,)
        words = [part for part in parts if _only_words(part)]
        others = [part for part in parts if not _only_words(part)]
        kept = pl.lit(True)
        for part in others:
            kept &= search.condition(part)
        ranked = search.ranked(words) if words else None
        if ranked is None:
            for part in words:
                kept &= search.condition(part)
            return _numbers(excerpts.filter(kept))
        if others:
            excerpts = excerpts.filter(kept)
        order = pl.DataFrame({"excerpt": ranked})
        here = excerpts.select(pl.col("excerpt").cast(pl.Int64))
        return _numbers(order.join(here, on="excerpt", how="semi", maintain_order="left"))

    def index_for(self, excerpts: pl.DataFrame) -> FullText | None:
        """Return the index where it has read these excerpts as they are."""
        indexed = self._indexed
        return self._index if indexed is not None and indexed.holds(excerpts) else None

    def comparable(self, excerpts: pl.DataFrame) -> Comparable:
        """Return the excerpts' texts in comparable form; kept for the next key stroke."""
        entries = entries_of(excerpts)
        now = _print_of(entries)
        with self._lock:
            if self._read is None or self._read[0] != now:
                self._read = now, Comparable.of(entries)
            return self._read[1]


class _Indexed:
    """What the index has read."""

    def __init__(self, entries: pl.DataFrame) -> None:
        self._entries = entries
        self._compared: ReferenceType[pl.DataFrame] | None = None

    def holds(self, excerpts: pl.DataFrame) -> bool:
        """Return whether all of ``excerpts`` were read as they are."""
        # The view's frame is the same from key stroke to key stroke: compared once.
        if self._compared is not None and self._compared() is excerpts:
            return True
        asked = entries_of(excerpts).select(self._entries.columns)
        missing = asked.join(self._entries, on=asked.columns, how="anti")
        if missing.is_empty():
            self._compared = ref(excerpts)
        return missing.is_empty()


class _Search:
    """One search: words answered by the index, or by reading along."""

    def __init__(self, finder: Finder, excerpts: pl.DataFrame, around: Around) -> None:
        self._finder = finder
        self._excerpts = excerpts
        self._around = around
        self._index = finder.index_for(excerpts)

    def ranked(self, words: list[Node]) -> pl.Series | None:
        """Return the excerpts in which all ``words`` stand, best first; None: not by the index."""
        tree = words[0] if len(words) == 1 else All(tuple(words))
        found = self._index.find(tree) if self._index else None
        return None if found is None else pl.Series("excerpt", found, pl.Int64)

    def condition(self, node: Node) -> pl.Expr:
        """Return which excerpts ``node`` holds for: never null."""
        if _only_words(node):
            found = self.ranked([node])
            if found is not None:
                return pl.col("excerpt").cast(pl.Int64).is_in(found.implode())
        if isinstance(node, Words):
            return pl.lit(self._finder.comparable(self._excerpts).holds(node))
        if isinstance(node, Not):
            return ~self.condition(node.part)
        if isinstance(node, All | Either):
            parts = [self.condition(part) for part in node.parts]
            together = pl.all_horizontal if isinstance(node, All) else pl.any_horizontal
            return together(parts)
        return condition(node, self._excerpts, self._around)


def _only_words(node: Node) -> bool:
    if isinstance(node, All | Either):
        return all(_only_words(part) for part in node.parts)
    if isinstance(node, Not):
        return _only_words(node.part)
    return isinstance(node, Words)


def _print_of(entries: pl.DataFrame) -> tuple[int, int]:
    """Return what tells one set of entries from another."""
    mixed = entries.select(
        (pl.col("hash") ^ (pl.col("excerpt") * 0x9E3779B97F4A7C1)).reinterpret(signed=False).sum()
    )
    return entries.height, int(mixed.item() or 0)


def _numbers(frame: pl.DataFrame) -> list[int]:
    return frame["excerpt"].to_list()
