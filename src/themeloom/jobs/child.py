"""What runs inside a child process: wait for a task, run it, report, wait again."""

import importlib
import os
import signal
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import parent_process
from multiprocessing.connection import Connection
from multiprocessing.connection import wait as wait_for
from multiprocessing.sharedctypes import Synchronized

from themeloom.domain.errors import JobCancelled, ThemeloomError
from themeloom.jobs.messages import Ask, Failed, Message, Partial, Progress, Result, Start
from themeloom.jobs.progress import Estimator

#: Exit code by which a child says that it reached its memory cap.
OUT_OF_MEMORY = 77

#: How the name of a thread begins that imports packages.
IMPORTING = "import-"

_REPORT_EVERY = 0.1  # seconds; more often only fills the pipe


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps of one child. ``memory`` in bytes, None for no cap."""

    memory: int | None = None
    lower_priority: bool = True


class Channel:
    """What a task gets to speak through: progress, first results, and whether to stop."""

    def __init__(
        self,
        job_id: int,
        send: Callable[[Message], None],
        cancelled_job: "Synchronized[int] | None" = None,
        serve_asked: Callable[[], None] | None = None,
    ) -> None:
        """Bind the channel to one job.

        Args:
            job_id: the job's number.
            send: hands a message to the parent.
            cancelled_job: the newest job that was cancelled; None where nobody cancels.
            serve_asked: answers short questions that came meanwhile; None where none can come.
        """
        self._job_id = job_id
        self._send = send
        self._cancelled_job = cancelled_job
        self._serve_asked = serve_asked
        self._estimator = Estimator()
        self._last: tuple[str, float] = ("", 0.0)

    def report(self, stage: str, done: int, total: int) -> None:
        """Tell where the job stands.

        Raises:
            JobCancelled: the person cancelled; a task lets it pass through.
        """
        self.check()
        left = self._estimator.update(stage, done, total)
        now = time.monotonic()
        last_stage, last_time = self._last
        if stage == last_stage and now - last_time < _REPORT_EVERY and done < total:
            return
        self._last = (stage, now)
        self._send(Progress(self._job_id, stage, done, total, left))

    def partial(self, value: object) -> None:
        """Hand over a first result while the job goes on."""
        self._send(Partial(self._job_id, value))

    def check(self) -> None:
        """Answer what was asked meanwhile; raise ``JobCancelled`` when the person cancelled."""
        self._raise_if_cancelled()
        if self._serve_asked is not None:
            self._serve_asked()
            self._raise_if_cancelled()

    def _raise_if_cancelled(self) -> None:
        cancelled = self._cancelled_job
        if cancelled is not None and cancelled.value >= self._job_id:
            raise JobCancelled("Cancelled. The project is as it was.")


def serve(connection: Connection, cancelled_job: "Synchronized[int]", limits: Limits) -> None:
    """Run tasks until the pipe closes. The target of the spawned process."""
    _leave_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    _apply(limits)
    service = _Service(connection, cancelled_job)
    while True:
        try:
            service.take_next()
        except (EOFError, OSError):
            # What a task leaves is written by now, and taking down the engine's packages in order
            # takes half a second that the parent would wait for.
            os._exit(0)


class _Service:
    """Runs what comes through the pipe; short questions also in the middle of a long task."""

    def __init__(self, connection: Connection, cancelled_job: "Synchronized[int]") -> None:
        self._connection = connection
        self._cancelled_job = cancelled_job
        self._sending = threading.Lock()
        self._thread = threading.get_ident()
        self._jobs = deque[Start]()  # that came while another one ran, as the warm-up does

    def take_next(self) -> None:
        """Wait for the next task, run it and send what came of it."""
        message = self._jobs.popleft() if self._jobs else self._connection.recv()
        if isinstance(message, Start):
            channel = Channel(message.job_id, self._send, self._cancelled_job, self._serve_asked)
            self._send(_run(message, channel))
        elif isinstance(message, Ask):
            self._answer(message)

    def _serve_asked(self) -> None:
        if threading.get_ident() != self._thread:
            return
        while self._connection.poll():
            message = self._connection.recv()
            if isinstance(message, Ask):
                self._answer(message)
            elif isinstance(message, Start):
                self._jobs.append(message)

    def _answer(self, question: Ask) -> None:
        self._send(_run(question, Channel(question.job_id, self._send)))

    def _send(self, message: Message) -> None:
        with self._sending:
            self._connection.send(message)


def _run(start: Start | Ask, channel: Channel) -> Result | Failed:
    module, _, name = start.task.partition(":")
    try:
        if module not in sys.modules:
            _wait_for_imports()
        task = getattr(importlib.import_module(module), name)
        return Result(start.job_id, task(channel, **start.params))
    except JobCancelled as error:
        return Failed(start.job_id, error.complaint, "", cancelled=True)
    except ThemeloomError as error:
        return Failed(start.job_id, error.complaint, traceback.format_exc())
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except (Exception, BaseException) as error:  # Rust panics are BaseExceptions (calamine)
        if isinstance(error, (KeyboardInterrupt, SystemExit)):
            raise
        return Failed(start.job_id, None, traceback.format_exc())


def _wait_for_imports() -> None:
    """Wait for threads that import: two imports of packages with circles find them half made."""
    for thread in threading.enumerate():
        if thread.name.startswith(IMPORTING):
            thread.join()


def _leave_with_parent() -> None:
    """End this process when the parent ends, however it ends."""
    parent = parent_process()
    if parent is None:
        return

    def watch() -> None:
        wait_for([parent.sentinel])
        os._exit(0)

    threading.Thread(target=watch, daemon=True, name="parent-watch").start()


def _apply(limits: Limits) -> None:
    if limits.lower_priority and sys.platform != "win32":
        os.nice(5)
    if limits.memory is None:
        return
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    else:  # RLIMIT_AS does nothing on macOS and does not exist on Windows
        cap = limits.memory
        threading.Thread(target=_watch_memory, args=(cap,), daemon=True, name="memory").start()


def _watch_memory(cap: int) -> None:
    from themeloom.jobs.memory import peak_memory

    while peak_memory() < cap:
        time.sleep(0.2)
    os._exit(OUT_OF_MEMORY)
