"""Writing a run: its themes, assignments and unsorted excerpts, visible in one small transaction."""

import json
from collections.abc import Sequence
from functools import partial
from types import TracebackType
from typing import Any

import apsw
import polars as pl

from themeloom.domain import frames
from themeloom.domain.changes import Deed
from themeloom.domain.errors import ProjectError
from themeloom.domain.themes import Run
from themeloom.project import locking, queries
from themeloom.project.changes import DECISIONS, Changes
from themeloom.project.journal import record
from themeloom.project.pieces import Pieces, discard, require_staging
from themeloom.project.readers import Readers
from themeloom.project.schema import State
from themeloom.project.sql import execute, execute_many, value
from themeloom.project.writer import Writer

_INSERT_ASSIGNMENT = "INSERT INTO assignments VALUES (?, ?, ?, ?, ?, ?, ?)"
_INSERT_UNSORTED = "INSERT INTO unsorted VALUES (?, ?, ?, ?, ?, ?)"
_INSERT_THEME = (
    "INSERT INTO themes (tid, run, theme_id, parent, level, title, definition, status, position,"
    " memo) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


class RunStage:
    """One run being written. Leaving its ``with`` block without ``commit`` discards it.

    Decisions (by hand, by rule, reviewed) and the titles and status of themes that the project has
    are out of its reach: of an excerpt that a person decided on a run says what the run before it
    said, so that it stays known where the excerpt came from. What lies under a locked theme stays there, as do its phrases and quotes;
    new excerpts may join it. Rows about excerpts that are not in the project any more are left out,
    those about themes that were merged or deleted meanwhile are seen where that leads.
    """

    def __init__(
        self, writer: Writer, readers: Readers, run: Run, *, drop_proposed: bool = False
    ) -> None:
        """Use ``Project.begin_run``."""
        self._readers = readers
        self._drop_proposed = drop_proposed
        self._kept = locking.NOTHING
        self._writer = writer
        self._pieces = Pieces(writer)
        self._ended = False
        self._run, self._next_tid = writer.call(lambda connection: _begin(connection, run))
        try:
            with readers.connection() as connection:
                self._excerpts = queries.excerpt_keys(connection).select("excerpt_id", "excerpt")
                self._themes = queries.theme_keys(connection)
        except BaseException:
            self.discard()
            raise

    def __enter__(self) -> "RunStage":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.discard()

    def add_themes(self, frame: pl.DataFrame) -> None:
        """Add THEMES. Of those that the project has, only key phrases and quotes are taken.

        Raises:
            ProjectError: a parent is neither in the project nor in the run: the run that the
                search builds on was undone meanwhile.
        """
        found = list(frames.conform(frame, frames.THEMES).iter_rows(named=True))
        new = [theme for theme in found if theme["theme_id"] not in self._themes]
        for number, theme in enumerate(new, self._next_tid):
            self._themes[theme["theme_id"]] = number
        self._next_tid += len(new)
        themes = [self._theme_row(theme) for theme in new]
        evidence = [self._evidence_row(theme) for theme in found]

        def write(connection: apsw.Connection) -> None:
            execute_many(connection, _INSERT_THEME, themes)
            execute_many(connection, "INSERT INTO theme_evidence VALUES (?, ?, ?, ?)", evidence)

        self._writer.call(write)

    def add_assignments(self, frame: pl.DataFrame) -> None:
        """Add ASSIGNMENTS to themes of the project or the run; one row per excerpt and theme.

        Raises:
            ProjectError: a theme is neither in the project nor in the run, as above.
        """
        rows = (
            frames.conform(frame, frames.ASSIGNMENTS)
            .unique(["excerpt_id", "theme_id"], keep="first", maintain_order=True)
            .join(self._excerpts, on="excerpt_id", maintain_order="left")
            .select(
                pl.lit(self._run),
                "excerpt",
                self._numbers("theme_id", frame),
                "method",
                "similarity",
                pl.col("primary").cast(pl.Int64),
                pl.col("reviewed").cast(pl.Int64),
            )
        )
        self._pieces.insert(rows, _INSERT_ASSIGNMENT)

    def add_unsorted(self, frame: pl.DataFrame) -> None:
        """Add UNSORTED; one row per excerpt.

        Raises:
            ProjectError: a theme is neither in the project nor in the run, as above.
        """
        rows = (
            frames.conform(frame, frames.UNSORTED)
            .unique("excerpt_id", keep="first", maintain_order=True)
            .join(self._excerpts, on="excerpt_id", maintain_order="left")
            .select(
                pl.lit(self._run),
                "excerpt",
                "reason",
                self._numbers("nearest_theme_id", frame),
                self._numbers("second_theme_id", frame),
                "similarity",
            )
        )
        self._pieces.insert(rows, _INSERT_UNSORTED)

    def carry_over(self, without: Sequence[str]) -> None:
        """Add what the active run says, as it stands, of all excerpts but those in ``without``.

        Excerpts that are hidden are carried over, too: their source may be shown again.
        """
        with self._readers.connection() as connection:
            assigned, unsorted = queries.run_rows(connection)
        left = self._excerpts.filter(pl.col("excerpt_id").is_in(list(without)))
        run = pl.lit(self._run, pl.Int64).alias("run")
        for rows, sql in ((assigned, _INSERT_ASSIGNMENT), (unsorted, _INSERT_UNSORTED)):
            kept = rows.join(left, on="excerpt", how="anti", maintain_order="left")
            self._pieces.insert(kept.select(run, pl.all()), sql)

    def commit(self, name: str = "search for themes") -> Deed:
        """Make this the active run at once, as one undo step. The run before it stays for undo.

        Args:
            name: of the step, as it stands behind "Undo".

        Raises:
            ProjectError: it could not be written, or the stage had ended.
        """
        self._keep_decided()
        while True:
            self._keep_locked()
            deed = self._writer.call(partial(self._flip, name=name))
            if deed is not None:
                self._ended = True
                return deed

    def discard(self) -> None:
        """Leave the project as it was. Does nothing after ``commit``."""
        if not self._ended:
            self._ended = True
            discard(self._writer, "runs", self._run)

    def _keep_locked(self) -> None:
        """Give excerpts under locked themes the rows that they have, in place of the run's."""
        with self._readers.connection() as connection:
            self._kept = locking.locked_shares(connection)
        self._forget(self._kept.shares)
        rows = self._kept.shares.select(pl.lit(self._run, pl.Int64).alias("run"), *DECISIONS)
        self._pieces.insert(rows, _INSERT_ASSIGNMENT)

    def _keep_decided(self) -> None:
        """Give excerpts that a person decided on the rows that they have, in place of the run's."""
        with self._readers.connection() as connection:
            decided = queries.decision_rows(connection).select("excerpt").unique()
            if decided.is_empty():
                return
            said = queries.run_rows(connection)
        self._forget(decided)
        run = pl.lit(self._run, pl.Int64).alias("run")
        for rows, sql in zip(said, (_INSERT_ASSIGNMENT, _INSERT_UNSORTED), strict=True):
            kept = rows.join(decided, on="excerpt", how="semi", maintain_order="left")
            self._pieces.insert(kept.select(run, pl.all()), sql)

    def _forget(self, said: pl.DataFrame) -> None:
        """Take back the run's rows about the excerpts of ``said`` (``excerpt``)."""
        run = self._run

        def forget(connection: apsw.Connection, piece: Sequence[tuple[Any, ...]]) -> None:
            keys = [(run, excerpt) for (excerpt,) in piece]
            for table in ("assignments", "unsorted"):
                sql = f"DELETE FROM {table} WHERE run = ? AND excerpt = ?"
                execute_many(connection, sql, keys)

        self._pieces.write(said.select(pl.col("excerpt").unique(maintain_order=True)), forget)

    def _flip(self, connection: apsw.Connection, *, name: str) -> Deed | None:
        require_staging(connection, "runs", self._run)
        if locking.locked(connection) != self._kept.themes:
            return None  # somebody locked or unlocked a theme while the rows were written
        locking.keep_evidence(connection, self._run)
        locking.settle_parents(connection, self._run)
        if self._drop_proposed:
            locking.retire_proposals(connection, self._run)
        execute(
            connection,
            "UPDATE runs SET state = ?,"
            " assignments = (SELECT count(*) FROM assignments WHERE run = seq),"
            " unsorted = (SELECT count(*) FROM unsorted WHERE run = seq) WHERE seq = ?",
            (State.VISIBLE, self._run),
        )
        changes = Changes(shown=(("runs", self._run),))
        record(connection, name, changes)
        return changes.deed(name)

    def _theme_row(self, theme: dict[str, Any]) -> tuple[Any, ...]:
        parent = theme["parent_id"]
        if parent is not None and parent not in self._themes:
            raise _gone(parent)
        return (
            self._themes[theme["theme_id"]],
            self._run,
            theme["theme_id"],
            None if parent is None else self._themes[parent],
            theme["level"],
            theme["title"],
            theme["definition"] or "",
            theme["status"],
            theme["position"] or 0,
            theme["memo"] or "",
        )

    def _evidence_row(self, theme: dict[str, Any]) -> tuple[Any, ...]:
        phrases = json.dumps(theme["key_phrases"] or [], ensure_ascii=False)
        quotes = json.dumps(theme["quotes"] or [])
        return self._themes[theme["theme_id"]], self._run, phrases, quotes

    def _numbers(self, column: str, frame: pl.DataFrame) -> pl.Expr:
        if column not in frame.columns:
            return pl.lit(None, pl.Int64).alias(column)
        unknown = set(frame[column].drop_nulls().unique().to_list()) - set(self._themes)
        if unknown:
            raise _gone(min(unknown))
        if not self._themes:
            return pl.lit(None, pl.Int64).alias(column)
        return pl.col(column).replace_strict(self._themes, return_dtype=pl.Int64)


def _gone(theme_id: str) -> ProjectError:
    return ProjectError(
        f"The theme {theme_id} went while themes were looked for; nothing was changed.",
        hint="Find themes again, and undo nothing meanwhile.",
    )


def _begin(connection: apsw.Connection, run: Run) -> tuple[int, int]:
    """Open a run; return its number and the first free theme number."""
    if value(connection, "SELECT count(*) FROM runs WHERE state = ?", (State.STAGING,)):
        raise ProjectError(
            "Another search for themes is being written.",
            hint="Wait until it is done, or cancel it.",
        )
    execute(
        connection,
        "INSERT INTO runs (run_id, created, seed, inputs_hash, parameters_json, versions_json, why,"
        " state) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            run.id,
            run.created,
            run.seed,
            run.inputs_hash,
            json.dumps(run.parameters, ensure_ascii=False),
            json.dumps(run.versions, ensure_ascii=False),
            run.why,
            State.STAGING,
        ),
    )
    number = connection.last_insert_rowid()
    return number, value(connection, "SELECT coalesce(max(tid), 0) + 1 FROM themes")
