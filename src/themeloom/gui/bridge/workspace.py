"""The open project as the window sees it: its view, edits, questions and the one running job."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from themeloom.domain.changes import Deed
from themeloom.domain.errors import Complaint, JobCancelled, ThemeloomError
from themeloom.domain.periods import Period
from themeloom.gui.bridge.threads import Inbox, Threads
from themeloom.gui.bridge.turns import in_next_turn
from themeloom.jobs.messages import Progress
from themeloom.services.masking import masker
from themeloom.services.session import Session
from themeloom.services.view import View

T = TypeVar("T")
Report = Callable[[Progress], None]
_ASK_AGAIN = 0.1  # seconds
_SCREENS_STAND = 800  # milliseconds after which the screens have shown what changed


@dataclass(frozen=True)
class JobState:
    """The running job, as the status bar shows it."""

    name: str
    stage: str = ""
    done: int = 0
    total: int = 0  # 0: no count
    seconds_left: float | None = None
    cancelling: bool = False
    began: float = 0.0


class Edit:
    """An edit that was asked for.

    ``deed`` is what it did: None before its commit, and where there was nothing to do.
    """

    deed: Deed | None = None


class Workspace(QObject):
    """Everything that views may ask or change goes through here.

    Edits run one after the other on a thread of their own; ``view_changed`` comes after the commit.
    """

    opened = Signal()
    closed = Signal()
    view_changed = Signal(object)  # Deed
    stepped = Signal()  # the project was changed: a deed was done, undone or done again
    undone = Signal()
    history_changed = Signal()
    job_changed = Signal(object)  # JobState or None
    job_partial = Signal(object)
    failed = Signal(object)  # Complaint
    broken = Signal(object)  # an exception that nobody expected

    def __init__(self, parent: QObject | None = None) -> None:
        """Nothing is open yet."""
        super().__init__(parent)
        self._threads = Threads(self)
        self._progress = Inbox(self)
        self._progress.received.connect(self._on_progress)
        self._partial = Inbox(self)
        self._partial.received.connect(self.job_partial)
        self._session: Session | None = None
        self._held: Session | None = None  # what has its file locked; of the thread of the edits
        self._opens = 0
        self._asked: dict[str, int] = {}
        self._job: JobState | None = None
        self._waiting_edits = 0
        self._telling = False  # what a job brought is on its way to the screens

    # --- the open project

    @property
    def session(self) -> Session | None:
        """The open session, or None."""
        return self._session

    @property
    def view(self) -> View | None:
        """What the screens show, or None while nothing is open."""
        return self._session.view if self._session else None

    @property
    def read_only(self) -> bool:
        """Whether changes are refused."""
        return self._session is None or self._session.read_only

    @property
    def job(self) -> JobState | None:
        """The running job, or None."""
        return self._job

    @property
    def saving(self) -> bool:
        """Whether an edit is on its way to the disk."""
        return self._waiting_edits > 0

    @property
    def idle(self) -> bool:
        """Whether no edit, question or job is under way."""
        return not self._threads.busy and not self._telling

    def open(
        self,
        make: Callable[[], Session],
        then: Callable[[], None] | None = None,
        failed: Callable[[BaseException], None] | None = None,
    ) -> None:
        """Open what ``make`` returns; the project that was open is closed first.

        Where another one is asked for meanwhile, that one is opened, and ``then`` is not called.
        """
        before, self._session = self._session, None
        if before is not None:
            self.closed.emit()
        self._opens += 1
        number = self._opens

        def work() -> Session:
            self._let_go()
            session = make()
            try:
                masker(session)  # the first screen is to show tokens at once, not names
            except BaseException:
                session.close()
                raise
            self._held = session
            return session

        def done(session: Session) -> None:
            if number != self._opens:
                return  # the later one closes it
            self._session = session
            self.opened.emit()
            self.history_changed.emit()
            if then:
                then()

        def fail(error: BaseException) -> None:
            if failed:
                failed(error)
            else:
                self._complain(error)

        self._threads.run("in_order", work, done, fail)

    def close(self, then: Callable[[], None] | None = None) -> None:
        """Close the project; everything is on the disk when ``then`` is called."""
        before, self._session = self._session, None
        if before is None:
            if then:
                then()
            return
        self.closed.emit()
        self._threads.run(
            "in_order", self._let_go, lambda _: then() if then else None, self._complain
        )

    def _let_go(self) -> None:
        """Close what is open, on the thread of the edits: nobody can be in the middle of one."""
        held, self._held = self._held, None
        if held is not None:
            held.close()

    def shut_down(self) -> None:
        """Stop the job, close the project and end the threads; waits."""
        session, self._session = self._session, None
        self._threads.stop()
        # What is about to start its process has nothing to cancel yet: ask until all has ended.
        while session is not None and not self._threads.wait(_ASK_AGAIN, "alone", "beside"):
            session.stop()
        self._threads.close()
        self._let_go()

    # --- edits

    def edit(
        self,
        deed: Callable[[Session], Deed | None],
        then: Callable[[Deed | None], None] | None = None,
    ) -> Edit:
        """Change the project. ``then`` is called after the commit, with the view renewed."""
        session, edit = self._session, Edit()
        if session is None:
            return edit
        self._waiting_edits += 1
        self.history_changed.emit()

        def work() -> Deed | None:
            edit.deed = session.change(deed)
            return edit.deed

        def done(result: Deed | None) -> None:
            self._waiting_edits -= 1
            if session is self._session:
                if result is not None:
                    self.stepped.emit()
                    self.view_changed.emit(result)
                self.history_changed.emit()
                if then:
                    then(result)

        def fail(error: BaseException) -> None:
            self._waiting_edits -= 1
            self.history_changed.emit()
            self._complain(error)

        self._threads.run("in_order", work, done, fail)
        return edit

    def can_go_back(self) -> bool | str:
        """Tell whether deeds can be undone and redone now, or why not."""
        if self.read_only:
            return self.tr("Open a project first.")
        if self._job is not None:  # it builds on what is there now
            return self.tr("Wait until what is under way is done.")
        return True

    def undo(self, *, quietly: bool = False, of: Edit | None = None) -> bool:
        """Take the last deed back; False, and a complaint, where that has to wait.

        ``quietly`` is for who shows it already: ``undone`` is not told, which comes later and could
        not be told apart from another one's. ``of`` is the edit to take back, where it is the last
        one: if that did nothing, nothing is taken back.
        """
        return self._go_back(
            self.tr("Nothing can be undone now."),
            lambda session: session.project.undo() if of is None or of.deed is not None else None,
            lambda deed: self.undone.emit() if deed is not None and not quietly else None,
        )

    def redo(self) -> bool:
        """Do again what was undone last; False, and a complaint, where that has to wait."""
        return self._go_back(
            self.tr("Nothing can be redone now."), lambda session: session.project.redo()
        )

    def _go_back(
        self,
        refusal: str,
        deed: Callable[[Session], Deed | None],
        then: Callable[[Deed | None], None] | None = None,
    ) -> bool:
        able = self.can_go_back()
        if able is not True:
            self.failed.emit(Complaint(refusal, hint=str(able)))
            return False
        self.edit(deed, then)
        return True

    def choose_period(self, period: Period | None) -> None:
        """Make all numbers be about ``period`` (None: all records); the project stays as it is."""
        session = self._session
        if session is None:
            return

        def done(_: None) -> None:
            if session is self._session:
                self.view_changed.emit(Deed("period", themes=True, content=True))

        self._threads.run("in_order", lambda: session.set_period(period), done, self._complain)

    # --- questions

    def ask(
        self,
        key: str,
        query: Callable[[Session], T],
        then: Callable[[T], None],
        failed: Callable[[BaseException], None] | None = None,
    ) -> None:
        """Ask off the GUI thread; a newer question of the same key drops the older answer."""
        session = self._session
        if session is None:
            return
        number = self._asked[key] = self._asked.get(key, 0) + 1

        def done(answer: T) -> None:
            if self._asked.get(key) == number and session is self._session:
                then(answer)

        self._threads.run("beside", lambda: query(session), done, failed or self._complain)

    def prepare(self, key: str, work: Callable[[Session], object]) -> None:
        """Do in the background what nobody waits for, after the screens have shown a change.

        Both at once would fight for the interpreter, and the window would stand still.
        """
        session = self._session
        number = self._asked[key] = self._asked.get(key, 0) + 1

        def begin() -> None:
            if session is self._session and self._asked.get(key) == number:
                self.ask(key, work, lambda _: None)

        QTimer.singleShot(_SCREENS_STAND, begin)

    def compute(
        self,
        key: str,
        work: Callable[[], T],
        then: Callable[[T], None],
        failed: Callable[[BaseException], None] | None = None,
    ) -> None:
        """Like ``ask`` for work that needs no open project."""
        number = self._asked[key] = self._asked.get(key, 0) + 1

        def done(answer: T) -> None:
            if self._asked.get(key) == number:
                then(answer)

        self._threads.run("beside", work, done, failed or self._complain)

    # --- the long job

    def run_job(
        self,
        name: str,
        job: Callable[[Session, Report], T],
        then: Callable[[T], None],
        failed: Callable[[BaseException], None] | None = None,
        *,
        changes: bool = True,
    ) -> bool:
        """Run the one long job; False where another one is under way.

        ``then`` is called with the view renewed; a cancelled job calls neither. A job that
        ``changes`` nothing, such as a preview, leaves the view as it is.
        """
        session = self._session
        if session is None or self._job is not None:
            return False
        self._job = JobState(name, began=time.monotonic())
        self.job_changed.emit(self._job)

        def work() -> T:
            result = job(session, self._progress.put)
            if changes:
                session.reload()
                masker(session)  # here, where nothing else runs beside the window
            return result

        def done(result: T) -> None:
            self._end_job()
            # A turn of the event loop for each: the screens have much to show after a long job.
            self._telling = True
            in_next_turn(self, lambda: announce(result) if changes else finish(result))

        def announce(result: T) -> None:
            if session is self._session:
                self.stepped.emit()
                self.view_changed.emit(Deed(name, themes=True, content=True))
            in_next_turn(self, lambda: finish(result))

        def finish(result: T) -> None:
            self._telling = False
            if session is self._session:
                self.history_changed.emit()
                then(result)

        def fail(error: BaseException) -> None:
            self._end_job()
            if isinstance(error, JobCancelled):
                return
            if failed:
                failed(error)
            else:
                self._complain(error)

        self._threads.run("alone", work, done, fail)
        return True

    def cancel_job(self) -> None:
        """Ask the running job to stop; the project stays as it was before it."""
        if self._job is not None and self._session is not None:
            self._job = replace(self._job, cancelling=True)
            self.job_changed.emit(self._job)
            self._cancel_again()

    def _cancel_again(self) -> None:
        """Ask until the job has ended: one that is about to start its process cannot hear yet."""
        if self._job is not None and self._job.cancelling and self._session is not None:
            self._session.cancel()
            QTimer.singleShot(int(1000 * _ASK_AGAIN), self._cancel_again)

    def partial(self, value: object) -> None:
        """Take a first result of the running job; may be called from any thread."""
        self._partial.put(value)

    def _end_job(self) -> None:
        self._job = None
        self.job_changed.emit(None)

    def _on_progress(self, progress: object) -> None:
        if self._job is None or not isinstance(progress, Progress):
            return
        self._job = replace(
            self._job,
            stage=progress.stage,
            done=progress.done,
            total=progress.total,
            seconds_left=progress.seconds_left,
        )
        self.job_changed.emit(self._job)

    # --- failures

    def _complain(self, error: BaseException) -> None:
        if isinstance(error, JobCancelled):
            return
        if isinstance(error, ThemeloomError):
            self.failed.emit(error.complaint)
        elif isinstance(error, OSError):
            self.failed.emit(
                Complaint(
                    error.strerror or str(error),
                    file=Path(str(error.filename)).name if error.filename else None,
                    hint="Check the disk and the folder, then try again.",
                )
            )
        else:
            self.broken.emit(error)
