"""Child processes: results, progress, cancel, crashes and caps, with real processes."""

import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from themeloom.domain.errors import JobCancelled, JobFailed
from themeloom.jobs.child import Limits
from themeloom.jobs.messages import Progress
from themeloom.jobs.progress import Estimator
from themeloom.jobs.worker import Worker

TASKS = "tests.jobs.tasks_for_tests"


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with Worker("tester", environment={"THEMELOOM_TEST_MARK": "inherited"}) as made:
        yield made


def test_value_and_progress_arrive(worker: Worker) -> None:
    seen: list[Progress] = []
    assert worker.run(f"{TASKS}:count", {"to": 5}, on_progress=seen.append) == 5
    assert seen[0].stage == "Counting"
    assert (seen[-1].done, seen[-1].total) == (5, 5)


def test_partial_results_come_before_the_result(worker: Worker) -> None:
    parts: list[object] = []
    assert worker.run(f"{TASKS}:first_result", {}, on_partial=parts.append) == "whole"
    assert parts == [{"half": 1}]


def test_environment_reaches_the_child_and_leaves_the_parent_alone(worker: Worker) -> None:
    assert worker.run(f"{TASKS}:environment", {"name": "THEMELOOM_TEST_MARK"}) == "inherited"
    assert "THEMELOOM_TEST_MARK" not in os.environ


def test_complaint_keeps_its_parts(worker: Worker) -> None:
    with pytest.raises(JobFailed) as caught:
        worker.run(f"{TASKS}:complain", {})
    said = caught.value.complaint
    assert (said.message, said.file, said.place, said.hint) == (
        "No text.",
        "a.csv",
        "row 3",
        "Choose a column.",
    )


def test_unexpected_error_is_reported_and_the_process_lives(worker: Worker) -> None:
    pid = worker.pid
    with pytest.raises(JobFailed, match="surprise"):
        worker.run(f"{TASKS}:stumble", {})
    assert worker.run(f"{TASKS}:count", {"to": 1}) == 1
    assert worker.pid == pid


def test_crash_is_reported_and_the_next_job_works(worker: Worker) -> None:
    worker.start()
    with pytest.raises(JobFailed, match="stopped unexpectedly"):
        worker.run(f"{TASKS}:die", {})
    assert worker.run(f"{TASKS}:count", {"to": 2}) == 2


def test_polite_cancel_keeps_the_process(worker: Worker) -> None:
    worker.start()
    pid = worker.pid
    started = threading.Event()
    cancelled_at: list[float] = []

    def cancel() -> None:
        started.wait()
        cancelled_at.append(time.monotonic())
        worker.cancel()

    thread = threading.Thread(target=cancel)
    thread.start()
    with pytest.raises(JobCancelled):
        worker.run(
            f"{TASKS}:count",
            {"to": 10_000, "pause": 0.01},
            on_progress=lambda _: started.set(),
        )
    assert time.monotonic() - cancelled_at[0] < 2
    thread.join()
    assert worker.run(f"{TASKS}:count", {"to": 1}) == 1
    assert worker.pid == pid


def test_deaf_work_is_terminated_within_two_seconds(worker: Worker) -> None:
    worker.start()
    timer = threading.Timer(0.3, worker.cancel)
    timer.start()
    begun = time.monotonic()
    with pytest.raises(JobCancelled):
        worker.run(f"{TASKS}:deaf", {})
    assert time.monotonic() - begun < 0.3 + 2
    assert worker.run(f"{TASKS}:count", {"to": 1}) == 1


def _in_the_middle(worker: Worker, task: str, params: dict[str, object]) -> "_Run":
    """Start a job in a thread and return when it is under way."""
    run = _Run(worker, task, params)
    run.begun.wait()
    return run


class _Run(threading.Thread):
    def __init__(self, worker: Worker, task: str, params: dict[str, object]) -> None:
        super().__init__()
        self.begun = threading.Event()
        self.value: object = None
        self.error: Exception | None = None
        self._job = (worker, task, params)
        self.start()

    def run(self) -> None:
        worker, task, params = self._job
        try:
            self.value = worker.run(
                f"{TASKS}:{task}", params, on_progress=lambda _: self.begun.set()
            )
        except Exception as error:  # noqa: BLE001
            self.error = error


def test_an_idle_worker_answers_at_once(worker: Worker) -> None:
    assert worker.ask(f"{TASKS}:double", {"number": 21}) == 42


def test_questions_are_answered_in_the_middle_of_a_job(worker: Worker, tmp_path: Path) -> None:
    mark = tmp_path / "enough"
    run = _in_the_middle(worker, "long_at", {"mark": str(mark)})
    pid = worker.pid
    answers = [worker.ask(f"{TASKS}:double", {"number": number}) for number in range(20)]
    assert run.is_alive(), "the job goes on until the mark is there"
    mark.touch()
    run.join()
    assert answers == [2 * number for number in range(20)]
    assert isinstance(run.value, int)
    assert worker.pid == pid


def test_a_question_that_fails_leaves_the_job_alone(worker: Worker, tmp_path: Path) -> None:
    mark = tmp_path / "enough"
    run = _in_the_middle(worker, "long_at", {"mark": str(mark)})
    with pytest.raises(JobFailed, match="No text"):
        worker.ask(f"{TASKS}:complain", {})
    with pytest.raises(JobFailed, match="surprise"):
        worker.ask(f"{TASKS}:stumble", {})
    mark.touch()
    run.join()
    assert run.error is None


def test_a_cancel_of_the_job_spares_the_question(worker: Worker, tmp_path: Path) -> None:
    run = _in_the_middle(worker, "long_at", {"mark": str(tmp_path / "never")})
    worker.cancel()
    assert worker.ask(f"{TASKS}:double", {"number": 4}) == 8
    run.join()
    assert isinstance(run.error, JobCancelled)


def test_a_question_survives_the_end_of_a_deaf_job(worker: Worker) -> None:
    run = _in_the_middle(worker, "deaf", {})
    answers: list[object] = []
    asker = threading.Thread(
        target=lambda: answers.append(worker.ask(f"{TASKS}:double", {"number": 3}))
    )
    asker.start()
    while run.is_alive():
        worker.cancel()
        run.join(0.05)
    asker.join()
    assert isinstance(run.error, JobCancelled)
    assert answers == [6]


def test_a_question_that_ends_its_process_is_reported(worker: Worker) -> None:
    with pytest.raises(JobFailed, match="stopped unexpectedly"):
        worker.ask(f"{TASKS}:die", {})
    assert worker.ask(f"{TASKS}:double", {"number": 1}) == 2


def test_a_question_without_an_answer_is_given_up(worker: Worker) -> None:
    with pytest.raises(JobFailed, match="did not answer"):
        worker.ask(f"{TASKS}:deaf", {}, timeout=0.5)
    assert worker.ask(f"{TASKS}:double", {"number": 1}) == 2


def test_timeout_stops_the_job(worker: Worker) -> None:
    with pytest.raises(JobFailed, match="longer than"):
        worker.run(f"{TASKS}:deaf", {}, timeout=0.5)


@pytest.mark.skipif(sys.platform != "linux", reason="the cap is an address-space limit on Linux")
def test_memory_cap_ends_the_child_with_a_reason() -> None:
    with Worker("eater", limits=Limits(memory=2 * 1024**3)) as eater:
        with pytest.raises(JobFailed, match="more memory"):
            eater.run(f"{TASKS}:eat", {})
        assert eater.run(f"{TASKS}:count", {"to": 1}) == 1


def test_close_leaves_no_process() -> None:
    worker = Worker("closer")
    worker.start()
    pid = worker.pid
    assert pid is not None
    worker.close()
    assert not worker.alive
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_estimate_waits_then_follows_the_pace() -> None:
    now = [0.0]
    estimator = Estimator(lambda: now[0])
    assert estimator.update("Reading", 0, 100) is None
    now[0] = 1.0
    assert estimator.update("Reading", 10, 100) == pytest.approx(9.0)
    now[0] = 2.0
    assert estimator.update("Reading", 20, 100) == pytest.approx(8.7)
    assert estimator.update("Writing", 50, 100) is None  # a new stage begins anew


def test_estimate_counts_no_time_for_what_was_there_before() -> None:
    now = [0.0]
    estimator = Estimator(lambda: now[0])
    estimator.update("Encoding", 90, 100)
    now[0] = 1.0
    assert estimator.update("Encoding", 91, 100) == pytest.approx(9.0)
