"""Writing an import: in pieces that nobody sees, then visible in one small transaction."""

import time
from collections.abc import Iterable, Mapping, Sequence
from types import TracebackType
from typing import Any

import apsw
import polars as pl

from themeloom.base.text import fold_series
from themeloom.domain import frames
from themeloom.domain.changes import Deed
from themeloom.domain.errors import ProjectError
from themeloom.project import queries
from themeloom.project.changes import Changes
from themeloom.project.continuity import continued
from themeloom.project.journal import record
from themeloom.project.pieces import Pieces, discard, require_staging
from themeloom.project.readers import Readers
from themeloom.project.schema import State
from themeloom.project.sql import execute, execute_many, value
from themeloom.project.writer import Writer

_RECORD_COLUMNS = [name for name in frames.RECORDS if name not in ("source_id", "record_id")]
_EXCERPT_COLUMNS = [
    "ordinal",
    "start",
    "end",
    "speaker",
    "place",
    "context",
    "language",
    "left_out",
]
_KNOWN: frames.Schema = {"record_id": pl.String, "rid": pl.Int64, "content_hash": pl.String}


class ImportStage:
    """One import being written. Leaving its ``with`` block without ``commit`` discards it.

    A record whose id the project has becomes a new version of it, or nothing when its content hash
    is the same: its excerpts and their themes stay. A later record of the same import replaces an
    earlier one with the same id.
    """

    def __init__(self, writer: Writer, readers: Readers, label: str) -> None:
        """Use ``Project.begin_import``."""
        self._writer = writer
        self._readers = readers
        self._label = label
        self._pieces = Pieces(writer)
        self._sources: dict[str, int] = {}
        self._staged = frames.empty(_KNOWN)
        self._without_excerpts = frames.empty(_KNOWN)
        self._lists: dict[str, pl.DataFrame] = {}
        self._excerpts = 0
        self._ended = False
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        self._batch, self._next_rid, self._next_eid = writer.call(
            lambda connection: _begin(connection, label, now)
        )
        try:
            self._known = self._read_known()
        except BaseException:
            self.discard()
            raise

    def __enter__(self) -> "ImportStage":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.discard()

    def add_source(self, source: Mapping[str, Any]) -> str:
        """Add a row of SOURCES (its ``source_id`` is ignored) and return its new source id."""
        names = [name for name in frames.SOURCES if name != "source_id"]
        values = [source.get(name) for name in names]
        source_id, seq = self._writer.call(
            lambda connection: _add_source(connection, self._batch, names, values)
        )
        self._sources[source_id] = seq
        return source_id

    def add_records(self, frame: pl.DataFrame) -> int:
        """Add RECORDS of this stage's sources; return how many versions were written.

        Raises:
            ValueError: a source id that this stage did not give.
            ProjectError: the disk is full or the like.
        """
        new = self._with_sources(frames.conform(frame, frames.RECORDS)).unique(
            "record_id", keep="last", maintain_order=True
        )
        new = self._without_staged(new)
        first = self._next_rid
        new = (
            new.join(
                self._known, on="record_id", how="left", suffix="_known", maintain_order="left"
            )
            .filter(~pl.col("content_hash").eq(pl.col("content_hash_known")).fill_null(False))
            .with_columns(old=pl.col("rid"), date=pl.col("date").cast(pl.Int64))
            .drop("rid")
            .with_row_index("rid", offset=first)
            .with_columns(pl.col("rid").cast(pl.Int64))
        )
        self._next_rid += new.height
        names = ["rid", "source", "record_id", *_filled(new, _RECORD_COLUMNS)]
        insert = _insert("records", names)

        def write(connection: apsw.Connection, piece: Sequence[tuple[Any, ...]]) -> None:
            execute_many(connection, insert, [row[:-1] for row in piece])
            replaced = [(self._batch, row[-1], row[1]) for row in piece if row[-1] is not None]
            execute_many(
                connection, "INSERT INTO replaced (batch, rid, source) VALUES (?, ?, ?)", replaced
            )

        self._pieces.write(new.select([*names, "old"]), write)
        written = new.select(list(_KNOWN))
        self._staged = pl.concat([self._staged, written])
        self._without_excerpts = pl.concat([self._without_excerpts, written])
        return new.height

    def add_excerpts(self, frame: pl.DataFrame) -> int:
        """Add EXCERPTS of records added before; return how many were written.

        All excerpts of a record must come at once. Those of records that were not written because
        the same content was there are left out: it has its excerpts. In a new version of a record
        they have the ids of what they go on, see ``continued``.

        Raises:
            ValueError: an excerpt of an unknown record, or whose id is not ``record_id.ordinal``.
            ProjectError: the disk is full or the like.
        """
        asked = frames.conform(frame, frames.EXCERPTS)
        known = pl.concat([self._staged.select("record_id"), self._known.select("record_id")])
        if stray := asked.join(known, on="record_id", how="anti").head(1)["excerpt_id"].to_list():
            raise ValueError(f"excerpt {stray[0]} is of no record that was added")
        if asked.filter(pl.col("excerpt_id") != queries.excerpt_id()).height:
            raise ValueError("excerpt ids must be record_id.ordinal")
        new = (
            asked.join(self._without_excerpts, on="record_id", maintain_order="left")
            .with_row_index("eid", offset=self._next_eid)
            .with_columns(pl.col("eid").cast(pl.Int64))
        )
        self._without_excerpts = self._without_excerpts.join(new, on="record_id", how="anti")
        self._next_eid += new.height
        self._excerpts += new.height
        new = continued(new, self._older(new))
        names = ["eid", "rid", "origin", *_filled(new, _EXCERPT_COLUMNS)]
        self._pieces.insert(new.select(names), _insert("excerpts", names))
        return new.height

    def add_skipped(self, frame: pl.DataFrame) -> None:
        """Add SKIPPED rows of this stage's sources.

        Raises:
            ValueError: a source id that this stage did not give.
        """
        new = self._with_sources(frames.conform(frame, frames.SKIPPED))
        taken = self._writer.call(
            lambda connection: value(
                connection,
                "SELECT coalesce(max(position) + 1, 0) FROM skipped WHERE source IN"
                " (SELECT seq FROM sources WHERE batch = ?)",
                (self._batch,),
            )
        )
        names = ["source", "position", "file", "sheet", "row", "reason"]
        numbered = new.with_row_index("position", offset=taken).select(names)
        self._pieces.insert(numbered, _insert("skipped", names))

    def set_accounts(self, frame: pl.DataFrame) -> None:
        """Make ACCOUNTS those of ``frame``; an empty one leaves the older ones in place.

        Further ones of the same import are added: a later row counts for its account.
        """
        self._replace_list("accounts", "account", frames.conform(frame, frames.ACCOUNTS))

    def set_roster(self, frame: pl.DataFrame) -> None:
        """Make ROSTER that of ``frame``; an empty one leaves the older one in place.

        Further ones of the same import are added: a later one counts for the areas in it.
        """
        self._replace_list("roster", "area", frames.conform(frame, frames.ROSTER))

    def commit(self) -> Deed:
        """Make everything visible at once, as one undo step.

        Raises:
            ProjectError: it could not be written, or the stage had ended.
        """
        deed = self._writer.call(self._flip)
        self._ended = True
        return deed

    def discard(self) -> None:
        """Leave the project as it was. Does nothing after ``commit``."""
        if not self._ended:
            self._ended = True
            discard(self._writer, "batches", self._batch)

    def _read_known(self) -> pl.DataFrame:
        """Return what may come again. Records of removed sources do not count as the same."""
        seen = f"SELECT r.record_id, r.rid, r.content_hash FROM records r WHERE {queries.VISIBLE_RECORDS}"
        removed = (
            "SELECT r.record_id, max(r.rid), NULL FROM records r JOIN sources s ON s.seq = r.source"
            f" JOIN batches b ON b.seq = s.batch WHERE s.removed AND b.state = '{State.VISIBLE}'"
            " GROUP BY r.record_id"
        )
        with self._readers.connection() as connection:
            return pl.concat(
                [queries.fetch(connection, sql, _KNOWN) for sql in (seen, removed)]
            ).unique("record_id", keep="first", maintain_order=True)

    def _flip(self, connection: apsw.Connection) -> Deed:
        require_staging(connection, "batches", self._batch)
        execute(
            connection,
            "UPDATE batches SET state = ?, records = ?, excerpts = ? WHERE seq = ?",
            (State.VISIBLE, self._staged.height, self._excerpts, self._batch),
        )
        name = f"import of {self._label}"
        changes = Changes(shown=(("batches", self._batch),))
        record(connection, name, changes)
        return changes.deed(name)

    def _with_sources(self, frame: pl.DataFrame) -> pl.DataFrame:
        if unknown := set(frame["source_id"].unique().to_list()) - set(self._sources):
            raise ValueError(f"this import has no source {sorted(map(str, unknown))}")
        numbers = pl.col("source_id").replace_strict(self._sources, return_dtype=pl.Int64)
        return frame.with_columns(source=numbers if self._sources else pl.lit(None, pl.Int64))

    def _without_staged(self, new: pl.DataFrame) -> pl.DataFrame:
        """Drop what this import has already, and from the stage what ``new`` replaces."""
        again = self._staged.join(
            new.select("record_id", newer="content_hash"), on="record_id", how="inner"
        )
        if again.is_empty():
            return new
        same = again.filter(pl.col("content_hash").eq(pl.col("newer")).fill_null(False))
        outdated = again.join(same, on="record_id", how="anti")
        with self._readers.connection() as connection:
            self._excerpts -= _count_excerpts(connection, outdated["rid"])
        self._pieces.write(outdated.select("rid"), self._remove)
        self._staged = self._staged.join(outdated, on="rid", how="anti")
        self._without_excerpts = self._without_excerpts.join(outdated, on="rid", how="anti")
        return new.join(same, on="record_id", how="anti", maintain_order="left")

    def _remove(self, connection: apsw.Connection, piece: Sequence[tuple[Any, ...]]) -> None:
        """Take staged records out again; what they were to replace is decided anew."""
        execute_many(connection, "DELETE FROM excerpts WHERE rid = ?", piece)
        execute_many(
            connection,
            "DELETE FROM replaced WHERE batch = :batch AND rid IN (SELECT o.rid FROM records o"
            " JOIN records n USING (record_id) WHERE n.rid = :rid)",
            [{"batch": self._batch, "rid": rid} for (rid,) in piece],
        )
        execute_many(connection, "DELETE FROM records WHERE rid = ?", piece)

    def _older(self, new: pl.DataFrame) -> pl.DataFrame:
        """Return the excerpts of the versions that the records of ``new`` replace."""
        updated = self._known.join(new.select("record_id").unique(), on="record_id", how="semi")
        with self._readers.connection() as connection:
            return queries.excerpts_of(connection, updated["rid"])

    def _replace_list(self, table: str, key: str, frame: pl.DataFrame) -> None:
        if table in self._lists:
            earlier = self._lists[table]
            again = fold_series(earlier[key]).is_in(fold_series(frame[key]).to_list())
            frame = pl.concat([earlier.filter(~again.fill_null(False)), frame])
        self._lists[table] = frame
        names = ["batch", "position", *frame.columns]
        numbered = frame.with_row_index("position").with_columns(batch=pl.lit(self._batch))
        found = numbered.select(names).rows()

        def write(connection: apsw.Connection) -> None:
            execute(connection, f"DELETE FROM {table} WHERE batch = ?", (self._batch,))
            execute_many(connection, _insert(table, names), found)

        self._writer.call(write)


def _begin(connection: apsw.Connection, label: str, now: str) -> tuple[int, int, int]:
    """Open a batch; return its number and the first free record and excerpt numbers."""
    if value(connection, "SELECT count(*) FROM batches WHERE state = ?", (State.STAGING,)):
        raise ProjectError(
            "Another import is being written.", hint="Wait until it is done, or cancel it."
        )
    execute(
        connection,
        "INSERT INTO batches (label, created, state) VALUES (?, ?, ?)",
        (label, now, State.STAGING),
    )
    return (
        connection.last_insert_rowid(),
        value(connection, "SELECT coalesce(max(rid), 0) + 1 FROM records"),
        value(connection, "SELECT coalesce(max(eid), 0) + 1 FROM excerpts"),
    )


def _add_source(
    connection: apsw.Connection, batch: int, names: Sequence[str], values: Sequence[Any]
) -> tuple[str, int]:
    """Insert a source under the next number that was never given before."""
    sql = "SELECT coalesce(max(seq), 0) + 1 FROM sqlite_sequence WHERE name = 'sources'"
    seq = int(value(connection, sql))
    source_id = f"S-{seq:03d}"
    insert = _insert("sources", ["seq", "batch", "source_id", *names])
    execute(connection, insert, [seq, batch, source_id, *values])
    return source_id, seq


def _filled(frame: pl.DataFrame, names: Sequence[str]) -> list[str]:
    """Return the columns that hold anything: a table of tickets leaves a third of them empty."""
    return [name for name in names if frame[name].null_count() < frame.height]


def _insert(table: str, names: Iterable[str]) -> str:
    listed = [f'"{name}"' for name in names]
    return f"INSERT INTO {table} ({', '.join(listed)}) VALUES ({', '.join('?' * len(listed))})"


def _count_excerpts(connection: apsw.Connection, rids: pl.Series) -> int:
    sql = "SELECT count(*) FROM excerpts WHERE rid IN (SELECT value FROM json_each(?))"
    return int(value(connection, sql, (str(rids.to_list()),)))
