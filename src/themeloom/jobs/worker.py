"""The parent's side of a child process: start it, give it jobs, cancel, outlive its crashes."""

import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess

from themeloom.domain.errors import JobCancelled, JobFailed, ThemeloomError
from themeloom.jobs.child import OUT_OF_MEMORY, Limits, serve
from themeloom.jobs.messages import Ask, Failed, Partial, Progress, Result, Start

_POLL = 0.05  # seconds between looks at cancel and deadline
_GRACE = 1.5  # seconds that a child has to stop by itself before it is terminated
_LEAVE = 0.5  # seconds that an idle child has to leave; longer is not worth waiting for

_environment_lock = threading.Lock()


class Worker:
    """One child process that runs one job at a time, and short questions in the middle of it.

    The process is spawned by :meth:`start` or at the first job, and again after a crash or a hard
    cancel: nothing that a child does ends the parent. Jobs and questions block the calling thread;
    :meth:`cancel`, :meth:`ask` may be called from any other.
    """

    def __init__(
        self,
        name: str,
        *,
        limits: Limits = Limits(),  # noqa: B008 - frozen
        environment: Mapping[str, str] | None = None,
        warm_up: str | None = None,
    ) -> None:
        """Describe the child; nothing is started yet.

        Args:
            name: the process's name, for logs ("reader", "engine").
            limits: memory cap and priority.
            environment: variables that must be set before the child imports anything.
            warm_up: a task that runs once when the child starts, its result dropped.
        """
        self._name = name
        self._limits = limits
        self._environment = dict(environment or {})
        self._warm_up = warm_up
        self._context = multiprocessing.get_context("spawn")
        self._cancelled_job = self._context.Value("q", -1)
        self._process: SpawnProcess | None = None
        self._connection: Connection | None = None
        self._next_job = 0
        self._current: int | None = None
        self._busy = threading.Lock()  # held by whoever reads the pipe
        self._sending = threading.Lock()
        self._questions: dict[int, _Question] = {}

    def start(self) -> None:
        """Spawn the child if none lives; returns at once, the child warms up by itself."""
        with self._busy:
            self._ensure()

    @property
    def alive(self) -> bool:
        """Whether a child process lives."""
        return self._process is not None and self._process.is_alive()

    @property
    def pid(self) -> int | None:
        """The child's process id, or None."""
        return self._process.pid if self._process is not None else None

    def run(
        self,
        task: str,
        params: Mapping[str, object],
        *,
        on_progress: Callable[[Progress], None] | None = None,
        on_partial: Callable[[object], None] | None = None,
        timeout: float | None = None,
    ) -> object:
        """Run ``task`` ("module:function") in the child and return its value.

        Raises:
            JobCancelled: :meth:`cancel` was called.
            JobFailed: the child crashed, ran out of memory or time, or hit an unexpected error.
            ThemeloomError: the task's own error, meant for people.
        """
        with self._busy:
            connection = self._ensure()
            job_id = self._number()
            self._current = job_id
            try:
                self._send(connection, Start(job_id, task, dict(params)))
                return self._await(connection, job_id, on_progress, on_partial, timeout)
            except (BrokenPipeError, ConnectionResetError, EOFError) as error:
                raise self._crashed() from error
            except KeyboardInterrupt:
                self._terminate()
                raise
            finally:
                self._current = None

    def ask(self, task: str, params: Mapping[str, object], *, timeout: float = 60.0) -> object:
        """Run a short ``task`` and return its value, in the middle of the job that is under way.

        The job answers at its next report; without one the task runs at once. It must change
        nothing: where its process ends under it (a hard cancel of the job), it is asked again.

        Raises:
            JobFailed: the child crashed on it, or did not answer in ``timeout`` seconds.
            ThemeloomError: the task's own error, meant for people.
        """
        question = _Question(self._number(), task, dict(params))
        deadline = time.monotonic() + timeout
        self._questions[question.job_id] = question
        try:
            self._pass_on(question)
            while not question.answered.wait(_POLL):
                if self._busy.acquire(blocking=False):
                    try:
                        self._answer_idle(question, deadline)
                    finally:
                        self._busy.release()
                elif question.lost:
                    self._pass_on(question)
                if time.monotonic() > deadline and not question.answered.is_set():
                    raise JobFailed(f"The {self._name} did not answer in {timeout:.0f} s.")
        finally:
            del self._questions[question.job_id]
        if isinstance(question.answer, Failed):
            raise _error_of(question.answer)
        return question.answer.value if question.answer is not None else None

    def cancel(self) -> None:
        """Ask the running job to stop; after a grace time its process is terminated."""
        job_id = self._current
        if job_id is not None:
            self._cancelled_job.value = job_id

    def close(self) -> None:
        """End the child."""
        self.cancel()
        with self._busy:
            if self._connection is not None and self._process is not None:
                self._connection.close()  # an idle child leaves by itself when the pipe closes
                self._process.join(_LEAVE)
            self._terminate()

    def __enter__(self) -> "Worker":
        """Return the worker itself."""
        return self

    def __exit__(self, *exc: object) -> None:
        """End the child."""
        self.close()

    def _await(
        self,
        connection: Connection,
        job_id: int,
        on_progress: Callable[[Progress], None] | None,
        on_partial: Callable[[object], None] | None,
        timeout: float | None,
    ) -> object:
        deadline = time.monotonic() + timeout if timeout else None
        cancel_seen: float | None = None
        while True:
            if connection.poll(_POLL):
                message = connection.recv()
                if getattr(message, "job_id", None) != job_id:
                    self._hand_over(message)
                    continue
                if isinstance(message, Progress) and on_progress:
                    on_progress(message)
                elif isinstance(message, Partial) and on_partial:
                    on_partial(message.value)
                elif isinstance(message, Result):
                    return message.value
                elif isinstance(message, Failed):
                    raise _error_of(message)
            elif not self.alive:
                raise self._crashed()
            now = time.monotonic()
            if self._cancelled_job.value >= job_id:
                cancel_seen = cancel_seen or now
                if now - cancel_seen > _GRACE:
                    self._terminate()
                    raise JobCancelled("Cancelled. The project is as it was.")
            if deadline is not None and now > deadline:
                self._terminate()
                raise JobFailed(
                    f"The {self._name} took longer than {timeout:.0f} s and was stopped.",
                    hint="Split the input into smaller files and try again.",
                )

    def _ensure(self) -> Connection:
        if self._connection is not None and self.alive:
            return self._connection
        self._terminate()
        ours, theirs = self._context.Pipe()
        process = self._context.Process(
            target=serve,
            args=(theirs, self._cancelled_job, self._limits),
            name=f"themeloom-{self._name}",
            daemon=True,
        )
        with _environment_lock:  # a spawned child inherits os.environ; there is no other way
            before = {key: os.environ.get(key) for key in self._environment}
            os.environ.update(self._environment)
            try:
                process.start()
            finally:
                for key, value in before.items():
                    if value is None:
                        del os.environ[key]
                    else:
                        os.environ[key] = value
        theirs.close()
        self._process, self._connection = process, ours
        if self._warm_up:
            self._send(ours, Start(self._number(), self._warm_up, {}))
        return ours

    def _number(self) -> int:
        with self._sending:
            self._next_job += 1
            return self._next_job

    def _send(self, connection: Connection, message: Start | Ask) -> None:
        with self._sending:
            connection.send(message)

    def _pass_on(self, question: "_Question") -> None:
        """Send a question to the child, where one lives; without one it is asked later."""
        try:
            connection = self._connection
            if connection is not None and self.alive:
                question.lost = False
                self._send(connection, Ask(question.job_id, question.task, question.params))
        except (OSError, ValueError):  # closed under our hands: the child was just terminated
            question.lost = True

    def _answer_idle(self, question: "_Question", deadline: float) -> None:
        """Read the pipe until the answer is there; the caller holds ``_busy``."""
        if question.answered.is_set():
            return
        try:
            connection = self._ensure()
            if question.lost:
                self._pass_on(question)
            while not question.answered.is_set() and time.monotonic() < deadline:
                if connection.poll(_POLL):
                    self._hand_over(connection.recv())
                elif not self.alive:
                    raise self._crashed()
        except (BrokenPipeError, ConnectionResetError, EOFError) as error:
            raise self._crashed() from error
        if not question.answered.is_set():
            self._terminate()

    def _hand_over(self, message: object) -> None:
        """Give an answer to whoever asked; the warm-up's and late ones of cancelled jobs go."""
        if isinstance(message, Result | Failed):
            question = self._questions.get(message.job_id)
            if question is not None:
                question.answer = message
                question.answered.set()

    def _crashed(self) -> JobFailed:
        process = self._process
        if process is not None:
            process.join(1)
        code = process.exitcode if process is not None else None
        self._terminate()
        if code == OUT_OF_MEMORY:
            return JobFailed(
                f"The {self._name} needed more memory than it may use and was stopped.",
                hint="Close other programs, or split the input into smaller files.",
            )
        return JobFailed(
            f"The {self._name} stopped unexpectedly (exit code {code}).",
            hint="The project is as it was. Try again; if it happens again, run "
            "'themeloom doctor'.",
        )

    def _terminate(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.join(1)
            if self._process.is_alive():
                self._process.kill()
                self._process.join()
            self._process.close()
        if self._connection is not None:
            with self._sending:
                self._connection.close()
        self._connection = self._process = None
        for question in list(self._questions.values()):
            question.lost = True


class _Question:
    """A short task on its way."""

    def __init__(self, job_id: int, task: str, params: dict[str, object]) -> None:
        self.job_id, self.task, self.params = job_id, task, params
        self.answered = threading.Event()
        self.answer: Result | Failed | None = None
        self.lost = True  # no child has it


def _error_of(message: Failed) -> ThemeloomError:
    said = message.complaint
    if message.cancelled:
        return JobCancelled(said.message if said else "Cancelled.")
    if said is not None:
        return JobFailed(said.message, file=said.file, place=said.place, hint=said.hint)
    lines = message.detail.strip().splitlines()
    error = JobFailed(
        f"An unexpected error stopped the job: {lines[-1] if lines else 'unknown'}.",
        hint="The project is as it was. Please report it with the log.",
    )
    error.add_note(message.detail)
    return error
