"""Child processes that work on a project until they are killed."""

import select
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).parents[2]
WARM = 2  # processes that have started and wait for their turn


class Busy:
    """A child process at work on a project: ``tests.faults.<name>``."""

    def __init__(self, name: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", f"tests.faults.{name}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            bufsize=0,
        )

    def run_for(
        self, seconds: float, path: Path, number: int, seed: int, within: float | None = None
    ) -> list[str]:
        """Let it work, kill it that long after it opened the project; return what it said.

        With ``within`` it is killed so many seconds after it began the next deed instead.
        """
        assert self.process.stdin
        assert self.process.stdout
        heard = b""
        while heard != b"ready\n":
            heard += self.process.stdout.read(1)
        self.process.stdin.write(f"{path}\t{number}\t{seed}\n".encode())
        heard = b""
        until: float | None = None
        while True:
            now = time.perf_counter()
            if until is not None and now >= until:
                if within is None:
                    break
                if heard.rpartition(b"\n")[0].rpartition(b"\n")[2].startswith(b"begin "):
                    until, within = now + within, None
            waiting_for_more = until is None or now >= until
            left = 30 if until is None or waiting_for_more else until - now
            ready, _, _ = select.select([self.process.stdout], [], [], max(left, 0))
            assert ready or not waiting_for_more, "it did not go on in time"
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


@contextmanager
def always_ready(name: str) -> Generator[Iterator[Busy]]:
    """Give processes that are always a few ahead, so that none has to be waited for."""
    waiting: list[Busy] = []

    def next_one() -> Iterator[Busy]:
        while True:
            while len(waiting) <= WARM:
                waiting.append(Busy(name))
            yield waiting.pop(0)

    yield next_one()
    for busy in waiting:
        busy.end()
