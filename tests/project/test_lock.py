"""One writer at a time, whoever dies."""

import getpass
import json
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from tests.project.story import Deed, perform

from themeloom.domain.errors import ProjectError
from themeloom.project.lock import Lock, lock_path
from themeloom.project.project import Project

ROOT = Path(__file__).parents[2]
HOLD = """
import sys
from pathlib import Path
from themeloom.project.project import Project
project = Project.open(Path(sys.argv[1]))
print("open", flush=True)
sys.stdin.read()
project.close()
"""


def holder(path: Path) -> "subprocess.Popen[str]":
    """Return a process that has the project open until its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert process.stdout
    assert process.stdout.readline() == "open\n"
    return process


def test_second_writer_is_told_who_has_it_and_a_killed_one_gives_way(
    project: Project, path: Path
) -> None:
    project.close()
    with holder(path) as other:
        with pytest.raises(ProjectError, match="already open") as caught:
            Project.open(path)
        said = str(caught.value)
        assert socket.gethostname() in said
        assert getpass.getuser() in said
        assert " since 20" in said
        Project.open(path, read_only=True).close()
        other.kill()
        other.wait()
        assert lock_path(path).exists()
        Project.open(path).close()
    assert [found.name for found in path.parent.iterdir()] == [path.name]


def test_same_process_cannot_open_twice(project: Project, path: Path) -> None:
    with pytest.raises(ProjectError, match="already open"):
        Project.open(path)
    project.close()
    Project.open(path).close()


def test_lock_of_another_computer_is_respected(project: Project, path: Path) -> None:
    project.close()
    there = {"host": "elsewhere", "user": "mia", "pid": 1, "since": "2026-11-01T09:30:00+00:00"}
    lock_path(path).write_text(json.dumps(there))
    with pytest.raises(ProjectError, match=r"elsewhere by mia since 2026-1.*-lock"):
        Project.open(path)
    assert json.loads(lock_path(path).read_text()) == there
    Project.open(path, read_only=True).close()
    lock_path(path).unlink()
    Project.open(path).close()


@pytest.mark.parametrize("content", ["", "{", '{"host": 1}', "[]"])
def test_unreadable_remains_of_a_lock_are_taken_over(path: Path, content: str) -> None:
    lock_path(path).write_text(content)
    Lock.take(path).release()
    assert not lock_path(path).exists()


_OFTEN, _LONGEST = 120, 60.0  # times the lock is taken, however busy the machine is; seconds


@pytest.mark.skipif(os.name != "posix", reason="opening and removing do not race elsewhere")
def test_never_two_holders(path: Path) -> None:
    """Four threads fight for the lock; the file is made and removed under their feet."""
    holders = 0
    most = 0
    taken = 0
    guard = threading.Lock()

    def fight() -> None:
        nonlocal holders, most, taken
        until = time.monotonic() + _LONGEST
        while taken < _OFTEN and time.monotonic() < until:
            try:
                lock = Lock.take(path)
            except ProjectError:
                continue
            with guard:
                holders += 1
                taken += 1
                most = max(most, holders)
            with guard:
                holders -= 1
            lock.release()

    threads = [threading.Thread(target=fight) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1
    assert taken >= _OFTEN
    assert not lock_path(path).exists()


def test_another_process_reads_what_the_holder_wrote(project: Project, path: Path) -> None:
    perform(project, Deed("run", 1))
    project.rename_theme("T-1", "Still in the log only")
    script = (
        "import sys; from pathlib import Path; from themeloom.project.project import Project\n"
        "with Project.open(Path(sys.argv[1]), read_only=True) as project:\n"
        "    sys.stdout.write(project.state_hash())"
    )
    command = [sys.executable, "-c", script, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == project.state_hash()
    assert project.rename_theme("T-1", "Writing goes on") is not None
