"""A project: the one *.loom file that holds everything that cannot be computed again."""

import os
import secrets
import threading
import uuid
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TypeVar

import apsw

from themeloom import __version__
from themeloom.domain.errors import ProjectError
from themeloom.domain.themes import Run
from themeloom.project import backups, schema, sweeping
from themeloom.project.backup_files import Why, flush_folder
from themeloom.project.checking import Check, check
from themeloom.project.connection import (
    connect,
    identity,
    make_durable,
    refuse_foreign,
    refuse_odd_name,
    transaction,
    verify,
    verify_tables,
)
from themeloom.project.derived import derived_store
from themeloom.project.editing import Editing
from themeloom.project.failures import plainly
from themeloom.project.importing import ImportStage
from themeloom.project.lock import Lock
from themeloom.project.migrations import migrate
from themeloom.project.readers import Readers
from themeloom.project.reading import Reading
from themeloom.project.sql import execute, execute_many
from themeloom.project.theming import RunStage
from themeloom.project.writer import Writer

T = TypeVar("T")


class Project(Reading, Editing):
    """An open project file.

    Everything may be called from any thread. What changes the project is on the disk when the call
    returns. Frames conform to ``domain.frames`` and hold visible rows only, in a fixed order.

    Attributes:
        path: the file.
        id: 32 hex digits that stay when the file is moved or copied.
        mask_key: 32 secret bytes, made once, from which mask tokens are computed.
    """

    def __init__(
        self,
        path: Path,
        identity: tuple[str, bytes],
        readers: Readers,
        writer: Writer | None = None,
        lock: Lock | None = None,
    ) -> None:
        """Use ``create`` or ``open``."""
        self.path = path
        self.id, self.mask_key = identity
        self._readers = readers
        self._writer = writer
        self._lock = lock
        self._backing_up = threading.Lock()

    @classmethod
    def create(cls, path: Path) -> "Project":
        """Make a new project at ``path`` and return it, open for writing.

        Raises:
            ProjectError: something is there already, or the folder cannot be written to.
        """
        path = path.absolute()
        refuse_odd_name(path)
        with plainly(path):
            if not path.parent.is_dir():
                raise ProjectError(
                    f"There is no folder {path.parent}.", file=path.name, hint="Make it first."
                )
            lock = Lock.take(path)
            try:
                if path.exists():
                    raise ProjectError(
                        "There is a file of this name already.",
                        file=path.name,
                        hint="Open it, or choose another name.",
                    )
                _refuse_remains(path)
                _write_new(path)
                return cls._open_locked(path, lock)
            except BaseException:
                lock.release()
                raise

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False) -> "Project":
        """Return the project at ``path``; for writing only one may have it open.

        Leftovers of a killed import or run are no longer visible, and are removed meanwhile.

        Raises:
            ProjectError: missing, not a project, newer, damaged, or open elsewhere.
        """
        path = path.resolve()
        refuse_odd_name(path)
        with plainly(path):
            refuse_foreign(path)
            if read_only:
                return cls._open_read_only(path)
            lock = Lock.take(path)
            try:
                return cls._open_locked(path, lock)
            except BaseException:
                lock.release()
                raise

    @classmethod
    def _open_read_only(cls, path: Path) -> "Project":
        connection = connect(path, read_only=True)
        try:
            if verify(connection, path) < schema.VERSION:
                raise ProjectError(
                    "The project is of an older version.",
                    file=path.name,
                    hint="Open it for writing once to convert it.",
                )
            verify_tables(connection, path)
            return cls(path, identity(connection, path), Readers(path))
        finally:
            connection.close()

    @classmethod
    def _open_locked(cls, path: Path, lock: Lock) -> "Project":
        with ExitStack() as undo:
            connection = connect(path, read_only=False)
            undo.callback(connection.close)
            # Closing must not write to a file that turns out to be damaged.
            connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
            verify(connection, path)
            migrate(connection, path)
            verify_tables(connection, path)
            known = identity(connection, path)
            connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0)
            make_durable(connection)
            with transaction(connection):
                sweeping.discard_unfinished(connection)
            writer = Writer(connection, path)
            undo.pop_all()
            return cls(path, known, Readers(path), writer, lock)

    def __enter__(self) -> "Project":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Finish what is being written and leave exactly one file. May be called twice."""
        self._readers.close()
        if self._writer:
            self._writer.close()
        if self._lock:
            self._lock.release()
            self._lock = None

    @property
    def read_only(self) -> bool:
        """Whether the project was opened for reading only."""
        return self._writer is None

    def derived_store(self) -> Path:
        """Return the folder for what was computed from this project; made when missing."""
        return derived_store(self.id)

    def check(self) -> list[Check]:
        """Return findings about the file's integrity (name, ok, detail)."""
        return self._read(lambda connection: check(connection, self.path))

    def back_up(self, why: Why) -> Path | None:
        """Make a backup of what the project is now, and return it; None where the newest one is that.

        Others may go on reading and writing meanwhile.

        Raises:
            ProjectError: the disk is full or the like.
        """
        return self._back_up(lambda connection: backups.is_changed(connection, self.path), why)

    def backup_if_due(self, now: datetime) -> Path | None:
        """Make a backup if there are changes since the newest one, and that is 30 minutes old.

        Args:
            now: the time, with its zone.

        Raises:
            ProjectError: the disk is full or the like.
        """
        return self._back_up(
            lambda connection: backups.is_due(connection, self.path, now), Why.CHANGES
        )

    def begin_import(self, label: str) -> ImportStage:
        """Return a stage for one import, behind a backup; ``label`` names it in the undo step.

        Raises:
            ProjectError: another import is being written, or the project is read-only.
        """
        writer = self._writing()
        self.back_up(Why.IMPORT)
        return ImportStage(writer, self._readers, label)

    def begin_run(self, run: Run, *, drop_proposed: bool = False) -> RunStage:
        """Return a stage for the results of one run, behind a backup.

        They are about the excerpts that are visible now.

        Args:
            run: what made them.
            drop_proposed: proposals of earlier runs that nobody touched vanish with this one, and
                come back with its undo.

        Raises:
            ProjectError: another run is being written, or the project is read-only.
        """
        writer = self._writing()
        self.back_up(Why.RUN)
        return RunStage(writer, self._readers, run, drop_proposed=drop_proposed)

    def _back_up(self, needed: Callable[[apsw.Connection], bool], why: Why) -> Path | None:
        self._writing()
        with self._backing_up, self._readers.connection() as connection:
            return backups.make(connection, self.path, why) if needed(connection) else None

    def _read(self, query: Callable[[apsw.Connection], T]) -> T:
        with self._readers.connection() as connection:
            return query(connection)

    def _write(self, work: Callable[[apsw.Connection], T]) -> T:
        return self._writing().call(work)

    def _writing(self) -> Writer:
        if self._writer is None:
            raise ProjectError(
                "The project is open for reading only.",
                file=self.path.name,
                hint="Close it and open it for writing.",
            )
        return self._writer


def _refuse_remains(path: Path) -> None:
    """A project that was moved away while in use leaves its last changes behind: they are not ours."""
    for ending in ("-wal", "-journal"):
        remains = path.with_name(path.name + ending)
        if remains.exists() and remains.stat().st_size:
            raise ProjectError(
                f"The last changes of another project of this name lie here ({remains.name}).",
                file=path.name,
                hint=f"Put that project back, choose another name, or delete {remains.name}.",
            )


def _write_new(path: Path) -> None:
    """Write an empty project beside ``path`` and give it its name when it is complete."""
    unfinished = path.with_name(f"{path.name}-new")
    unfinished.unlink(missing_ok=True)
    connection = apsw.Connection(str(unfinished))
    try:
        execute(connection, f"PRAGMA application_id = {schema.APPLICATION_ID}")
        execute(connection, "PRAGMA synchronous = FULL")
        with transaction(connection):
            execute(connection, schema.DDL)
            execute(connection, f"PRAGMA user_version = {schema.VERSION}")
            execute_many(
                connection,
                "INSERT INTO meta VALUES (?, ?)",
                [
                    ("id", uuid.uuid4().hex),
                    ("mask_key", secrets.token_bytes(32)),
                    ("created", datetime.now(UTC).isoformat(timespec="seconds")),
                    ("app_version", __version__),
                ],
            )
    except BaseException:
        connection.close()
        unfinished.unlink(missing_ok=True)
        raise
    connection.close()
    os.replace(unfinished, path)
    flush_folder(path.parent)
