"""What can be read of a project: frames of visible rows, each in a fixed order."""

import hashlib
import io
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import TypeVar

import apsw
import polars as pl

from themeloom.domain.changes import HistoryEntry
from themeloom.domain.insights import Delivery
from themeloom.domain.themes import Run
from themeloom.project import insights, journal, queries, resolving

T = TypeVar("T")


class Reading(ABC):
    """The reading half of ``Project``. Everything may be called from any thread."""

    @abstractmethod
    def _read(self, query: Callable[[apsw.Connection], T]) -> T:
        """Return what ``query`` returns; all that it reads is of one moment."""

    def sources(self) -> pl.DataFrame:
        """Return SOURCES in the order of import."""
        return self._read(queries.sources)

    def records(self, columns: Sequence[str] | None = None) -> pl.DataFrame:
        """Return RECORDS, or only ``columns`` of it, by source, file, row and record id.

        Raises:
            ValueError: a column that records do not have.
        """
        return self._read(lambda connection: queries.records(connection, columns))

    def record(self, record_id: str) -> pl.DataFrame:
        """Return the row of RECORDS of one record, or no row."""
        return self._read(lambda connection: queries.record(connection, record_id))

    def kept_records(self, record_ids: Sequence[str]) -> set[str]:
        """Return those of the ids that the file still holds in any version, seen or not."""
        return self._read(lambda connection: queries.kept_records(connection, record_ids))

    def excerpts(self) -> pl.DataFrame:
        """Return EXCERPTS in the order of their records."""
        return self._read(queries.excerpts)

    def assignments(self) -> pl.DataFrame:
        """Return ASSIGNMENTS: a person's decisions, else the active run's; merges are followed."""
        return self._read(queries.assignments)

    def unsorted(self) -> pl.DataFrame:
        """Return UNSORTED: the active run's, those set aside by hand and those of deleted themes."""
        return self._read(queries.unsorted)

    def themes(self) -> pl.DataFrame:
        """Return THEMES, groups first, then by position."""
        return self._read(queries.themes)

    def accounts(self) -> pl.DataFrame:
        """Return ACCOUNTS as last imported."""
        return self._read(queries.accounts)

    def roster(self) -> pl.DataFrame:
        """Return ROSTER as last imported."""
        return self._read(queries.roster)

    def insight_fields(self) -> pl.DataFrame:
        """Return INSIGHT_FIELDS: what a person set of insights."""
        return self._read(insights.insight_fields)

    def own_quotes(self) -> frozenset[str]:
        """Return the ids of themes whose quotes a person chose."""
        return self._read(insights.own_quotes)

    def choice(self, key: str) -> str | None:
        """Return what a person chose for the whole project, as JSON, or None."""
        return self._read(lambda connection: insights.choice(connection, key))

    def choices(self) -> dict[str, str]:
        """Return all choices for the whole project, as JSON by key."""
        return self._read(insights.choices)

    def deliveries(self, *, values: bool = False) -> list[Delivery]:
        """Return what left the project, oldest first; with what was written where ``values``."""
        return self._read(lambda connection: insights.deliveries(connection, values=values))

    def delivery(self, delivery_id: str) -> Delivery | None:
        """Return one delivery with what was written, or None."""
        return self._read(lambda connection: insights.delivery(connection, delivery_id))

    def skipped(self) -> pl.DataFrame:
        """Return SKIPPED in the order of import."""
        return self._read(queries.skipped)

    def runs(self) -> list[Run]:
        """Return the runs that were not undone, oldest first."""
        return self._read(queries.runs)

    def active_run(self) -> Run | None:
        """Return the run whose assignments are shown, or None before the first one."""
        runs = self.runs()
        return runs[-1] if runs else None

    # --- as stored, for what applies decisions and redirects itself (``excerpt``: inner number)

    def excerpt_rows(self) -> pl.DataFrame:
        """Return EXCERPTS and ``excerpt``, in the order of their records."""
        return self._read(queries.excerpt_rows)

    def excerpt_keys(self) -> pl.DataFrame:
        """Return ``excerpt_id`` and ``excerpt`` of all excerpts, without their texts."""
        return self._read(queries.excerpt_keys).select("excerpt_id", "excerpt")

    def raw_assignments(self) -> pl.DataFrame:
        """Return ASSIGNMENTS of the active run with ``excerpt`` in place of ``excerpt_id``.

        Without decisions, without redirects, and with rows of excerpts that are hidden.
        """
        return self._read(queries.raw_assignments)

    def raw_unsorted(self) -> pl.DataFrame:
        """Return UNSORTED of the active run with ``excerpt`` in place of ``excerpt_id``."""
        return self._read(queries.raw_unsorted)

    def decisions(self, excerpts: Sequence[int] | None = None) -> pl.DataFrame:
        """Return what a person decided on all excerpts, or on some.

        Columns: ``excerpt``, ``theme_id`` (null: set aside by hand; redirects not applied),
        ``method``, ``similarity``, ``primary``, ``reviewed``.
        """
        return self._read(lambda connection: queries.decisions(connection, excerpts))

    def redirects(self) -> dict[str, str | None]:
        """Return merged themes → the living ones they are part of; deleted themes → None."""
        return self._read(resolving.redirects)

    # --- history

    @property
    def undo_name(self) -> str | None:
        """The name of what ``undo`` would take back: it stands behind "Undo"."""
        return self._read(journal.undo_name)

    @property
    def redo_name(self) -> str | None:
        """The name of what ``redo`` would do again."""
        return self._read(journal.redo_name)

    def history(self, limit: int = 200) -> list[HistoryEntry]:
        """Return the newest steps, newest first, undone ones included."""
        return self._read(lambda connection: journal.history(connection, limit))

    def state_hash(self) -> str:
        """Return a hash of everything that a person sees, of one moment."""
        return self._read(_state_hash)


def _state_hash(connection: apsw.Connection) -> str:
    digest = hashlib.blake2b(digest_size=16)
    queried: list[Callable[[apsw.Connection], pl.DataFrame]] = [
        queries.sources,
        queries.records,
        queries.excerpts,
        queries.skipped,
        queries.accounts,
        queries.roster,
        queries.themes,
        queries.assignments,
        queries.unsorted,
        insights.insight_fields,
    ]
    for query in queried:
        lines = io.BytesIO()
        query(connection).write_ndjson(lines)
        digest.update(f"{lines.tell()}:".encode() + lines.getvalue())
    digest.update(repr(queries.runs(connection)).encode())
    digest.update(repr(insights.choices(connection)).encode())
    return digest.hexdigest()
