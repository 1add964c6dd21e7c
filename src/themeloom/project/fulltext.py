"""The full-text index of a project's excerpts: an SQLite file of its own in the derived store.

It holds words but no texts (FTS5, contentless), and a hash of what it read of each excerpt. It is
never needed to be right: what does not fit is brought up to date, what is damaged is made anew.
"""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import apsw
import polars as pl

from themeloom.base.matching import searchable
from themeloom.domain import frames
from themeloom.domain.finding import All, Either, Node, Not, Words
from themeloom.project.connection import transaction
from themeloom.project.pace import Pace
from themeloom.project.queries import fetch
from themeloom.project.sql import execute, execute_many, rows, value

#: Called with excerpts done and to do; may raise to stop. What is done by then is kept.
Progress = Callable[[int, int], None]

#: Up to so many hits the best come first; more are nobody's to read through from the top.
MOST_RANKED = 10_000

_FORMAT = 1
_FILE = "fulltext.sqlite"
_ENDINGS = ("", "-wal", "-shm", "-journal")
_DDL = """
CREATE TABLE entries (excerpt INTEGER PRIMARY KEY, hash INTEGER NOT NULL);
CREATE VIRTUAL TABLE words USING fts5 (
  text, subject, content='', contentless_delete=1,
  tokenize="unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'"
);
INSERT INTO words (words, rank) VALUES ('rank', 'bm25(2.0, 1.0)');
"""
_COLUMNS = ("excerpt", "text", "subject")


def entries_of(excerpts: pl.DataFrame) -> pl.DataFrame:
    """Return what is indexed of excerpts: ``excerpt``, ``text``, ``subject`` and their ``hash``.

    Args:
        excerpts: columns ``excerpt``, ``text`` and, where there are subjects, ``subject``.
    """
    if "subject" not in excerpts.columns:
        excerpts = excerpts.with_columns(subject=pl.lit(None, pl.String))
    return excerpts.select(
        pl.col("excerpt").cast(pl.Int64),
        pl.col("text").fill_null(""),
        pl.col("subject").fill_null(""),
    ).with_columns(hash=pl.struct("text", "subject").hash(_FORMAT).reinterpret(signed=True))


class FullText:
    """The index in a folder; may be used from several threads.

    Searching goes on while another thread brings the index up to date.
    """

    def __init__(self, folder: Path) -> None:
        """Use the index in ``folder``, the project's derived store; it is made by ``update``."""
        self._path = folder / _FILE
        self._reading = threading.Lock()
        self._writing = threading.Lock()
        self._reader: apsw.Connection | None = None

    def update(self, entries: pl.DataFrame, progress: Progress | None = None) -> bool:
        """Bring the index to exactly ``entries`` (as of ``entries_of``), in short transactions.

        Returns whether it is there: False where it cannot be written (no space, no rights, in use
        elsewhere), which is nobody's loss but time.
        """
        with self._writing:
            try:
                try:
                    self._bring_up_to(entries, progress)
                except _DAMAGED:
                    self._remove()
                    self._bring_up_to(entries, progress)
            except (apsw.Error, OSError):
                return False
            return True

    def find(self, tree: Node) -> list[int] | None:
        """Return the excerpts in which the words of ``tree`` stand; None where it cannot be told.

        The best come first, or with more than ``MOST_RANKED`` the first of the project. It cannot
        be told for trees with filters, for those that ask for no words, or from a damaged index.
        """
        expression = _expression(tree)
        if expression is None:
            return None
        try:
            with self._reading:
                if self._reader is None:
                    self._reader = self._open(write=False)
                found = _numbers(self._reader, "SELECT rowid FROM words (?)", expression)
                if 1 < len(found) <= MOST_RANKED:
                    ranked = "SELECT rowid FROM words (?) ORDER BY rank, rowid"
                    found = _numbers(self._reader, ranked, expression)
                return found
        except (apsw.Error, OSError):
            self.close()
            return None

    def close(self) -> None:
        """Close the file; the next use opens it again."""
        with self._reading:
            if self._reader is not None:
                self._reader.close()
                self._reader = None

    def _bring_up_to(self, entries: pl.DataFrame, progress: Progress | None) -> None:
        connection = self._open(write=True)
        try:
            if not _made_by_us(connection):
                connection.close()
                self._remove()
                connection = self._open(write=True)
                _make(connection)
            known = _known(connection)
            gone = known.join(entries, on=["excerpt", "hash"], how="anti")["excerpt"]
            new = entries.join(known, on=["excerpt", "hash"], how="anti", maintain_order="left")
            total = len(gone) + new.height
            done = 0
            for removed in _in_chunks(gone.len(), lambda at, end: _drop(connection, gone[at:end])):
                done += removed
                if progress:
                    progress(done, total)
            for added in _in_chunks(new.height, lambda at, end: _add(connection, new[at:end])):
                done += added
                if progress:
                    progress(done, total)
            if len(gone):
                # Deleting only hides words; putting the index together anew drops them.
                execute(connection, "INSERT INTO words (words) VALUES ('optimize')")
            if total:
                execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()

    def _open(self, *, write: bool) -> apsw.Connection:
        flags = apsw.SQLITE_OPEN_READONLY
        if write:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            flags = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE
        connection = apsw.Connection(str(self._path), flags=flags)
        try:
            connection.set_busy_timeout(2_000)
            execute(connection, "PRAGMA cell_size_check = ON")
            if write:
                execute(connection, "PRAGMA secure_delete = ON")
                execute(connection, "PRAGMA journal_mode = WAL")
                execute(connection, "PRAGMA synchronous = NORMAL")
        except BaseException:
            connection.close()
            raise
        return connection

    def _remove(self) -> None:
        self.close()
        for ending in _ENDINGS:
            path = self._path.with_name(_FILE + ending)
            with suppress(FileNotFoundError):
                _overwrite(path)
                path.unlink()


_DAMAGED = (apsw.CorruptError, apsw.NotADBError, apsw.FormatError, apsw.SQLError)


def _expression(node: Node) -> str | None:
    """Return the FTS5 expression of a tree of words, or None where it is none."""
    if isinstance(node, Words):
        # Forms hold letters, digits and marks only: nothing can end the string early.
        return f'"{" ".join(node.forms)}"{" *" if node.open else ""}'
    if isinstance(node, Either):
        parts = [_expression(part) for part in node.parts]
        return f"({' OR '.join(map(str, parts))})" if None not in parts else None
    if isinstance(node, All):
        wanted = [_expression(part) for part in node.parts if not isinstance(part, Not)]
        barred = [_expression(part.part) for part in node.parts if isinstance(part, Not)]
        if not wanted or None in wanted or None in barred:
            return None
        words = f"({' AND '.join(map(str, wanted))})"
        return f"({words} NOT ({' OR '.join(map(str, barred))}))" if barred else words
    return None


def _numbers(connection: apsw.Connection, sql: str, expression: str) -> list[int]:
    return [number for (number,) in rows(connection, sql, (expression,))]


def _made_by_us(connection: apsw.Connection) -> bool:
    """Whether the file is of this format; hashes hold for one version of polars only."""
    tables = {name for (name,) in rows(connection, "SELECT name FROM sqlite_schema")}
    if not {"entries", "words"} <= tables:
        return False
    if value(connection, "PRAGMA user_version") != _version():
        return False
    return value(connection, "PRAGMA quick_check(1)") == "ok"


def _make(connection: apsw.Connection) -> None:
    with transaction(connection):
        execute(connection, _DDL)
        execute(connection, f"PRAGMA user_version = {_version()}")


def _version() -> int:
    major, minor, *_ = pl.__version__.split(".")
    return _FORMAT * 1_000_000 + int(major) * 1_000 + int(minor)


def _known(connection: apsw.Connection) -> pl.DataFrame:
    schema: frames.Schema = {"excerpt": pl.Int64, "hash": pl.Int64}
    return fetch(connection, "SELECT excerpt, hash FROM entries", schema)


def _in_chunks(count: int, write: Callable[[int, int], None]) -> Iterator[int]:
    """Write rows ``0 … count`` in short transactions; yields the number of rows of each."""
    pace = Pace()
    at = 0
    while at < count:
        end = min(at + pace.rows, count)
        began = time.perf_counter()
        write(at, end)
        pace.note(end - at, time.perf_counter() - began)
        yield end - at
        at = end


def _drop(connection: apsw.Connection, excerpts: pl.Series) -> None:
    each = [(number,) for number in excerpts.to_list()]
    with transaction(connection):
        execute_many(connection, "DELETE FROM words WHERE rowid = ?", each)
        execute_many(connection, "DELETE FROM entries WHERE excerpt = ?", each)


def _add(connection: apsw.Connection, entries: pl.DataFrame) -> None:
    texts = [
        (number, _indexed(text), _indexed(subject))
        for number, text, subject in entries.select(_COLUMNS).iter_rows()
    ]
    with transaction(connection):
        execute_many(connection, "INSERT INTO words (rowid, text, subject) VALUES (?, ?, ?)", texts)
        execute_many(
            connection,
            "INSERT INTO entries VALUES (?, ?)",
            entries.select("excerpt", "hash").iter_rows(),
        )


def _indexed(text: str) -> str:
    return text if text.isascii() else searchable(text)


def _overwrite(path: Path) -> None:
    with path.open("r+b") as file:
        left = path.stat().st_size
        while left > 0:
            left -= file.write(bytes(min(left, 1 << 20)))
        file.flush()
        os.fsync(file.fileno())
