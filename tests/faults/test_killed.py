"""A process that writes to a project is killed at random moments."""

import random
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from tests.project.story import Deed, Story, snapshot

from themeloom.project.project import Project

ROOT = Path(__file__).parents[2]
KILLS = 50
WARM = 2  # processes that have started and wait for their turn

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="waits on pipes as POSIX does")


class BusyWriter:
    """A child process at work; see busy_writer.py."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.busy_writer"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            bufsize=0,
        )

    def run_for(self, seconds: float, path: Path, number: int, seed: int) -> list[str]:
        """Let it work, kill it that long after it opened the project; return what it said."""
        assert self.process.stdin
        assert self.process.stdout
        heard = b""
        while heard != b"ready\n":
            heard += self.process.stdout.read(1)
        self.process.stdin.write(f"{path}\t{number}\t{seed}\n".encode())
        heard = b""
        until: float | None = None
        while until is None or time.perf_counter() < until:
            left = 30 if until is None else until - time.perf_counter()
            ready, _, _ = select.select([self.process.stdout], [], [], max(left, 0))
            assert ready or until, "it did not open the project in time"
            if ready:
                piece = self.process.stdout.read(65_536)
                assert piece, "it ended by itself"
                heard += piece
            if until is None and b"opened\n" in heard:
                until = time.perf_counter() + seconds
        self.process.kill()
        heard += self.process.stdout.read()
        self.end()
        return heard.decode().splitlines()

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            with suppress(OSError):
                assert pipe
                pipe.close()


@pytest.fixture
def writers() -> Iterator[Iterator[BusyWriter]]:
    """Yield processes that are always a few ahead, so that none has to be waited for."""
    waiting: list[BusyWriter] = []

    def next_one() -> Iterator[BusyWriter]:
        while True:
            while len(waiting) <= WARM:
                waiting.append(BusyWriter())
            yield waiting.pop(0)

    yield next_one()
    for writer in waiting:
        writer.end()


@pytest.mark.timeout(300)
def test_no_acknowledged_change_is_lost_in_50_kills(
    tmp_path: Path, writers: Iterator[BusyWriter]
) -> None:
    path = tmp_path / "p.loom"
    Project.create(path).close()
    chance = random.Random(2)
    story = Story()
    acknowledged = cut_short = 0
    for kill in range(KILLS):
        said = next(writers).run_for(chance.uniform(0.0, 0.4), path, kill * 1000, kill)
        certain, possible = told(story, said)
        acknowledged += said.count("done")
        cut_short += said[-1] != "done"

        began = time.perf_counter()
        with Project.open(path) as project:
            assert time.perf_counter() - began < 3
            seen = snapshot(project)
            assert [check.name for check in project.check() if not check.ok] == []
        assert [found.name for found in tmp_path.iterdir() if found.is_file()] == ["p.loom"]
        story = certain if seen == certain.snapshot() else possible
        assert seen == story.snapshot()
    assert acknowledged > KILLS
    assert cut_short > KILLS / 4, "kills should fall into the middle of deeds"


def told(story: Story, said: list[str]) -> tuple[Story, Story]:
    """Return the story up to the last acknowledged deed, and with the one that had begun."""
    begun = story
    for line in said:
        if line == "done":
            story = begun
        elif line.startswith("begin "):
            what = line.removeprefix("begin ")
            if what in ("undo", "redo"):
                begun = story.after(what)
            else:
                deed = Deed.from_json(what)
                begun = story.after(deed.kind, deed)
    return story, begun
