"""Measures whole commands: wall time and the memory of the largest process, median of several runs."""

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

RUNS = 5


@dataclass(frozen=True)
class Measured:
    seconds: list[float]
    peak_mb: float  # largest single process of the command, over all runs

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    def __str__(self) -> str:
        low, high = min(self.seconds), max(self.seconds)
        return f"{self.median:.1f} s ({low:.1f}–{high:.1f}), peak {self.peak_mb:,.0f} MB"


def measure(
    commands: Mapping[str, Sequence[str]], *, runs: int = RUNS, environment: Mapping[str, str]
) -> dict[str, Measured]:
    """Run the commands in turn (A B A B …), so that a drifting machine is fair to all."""
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    peaks: dict[str, float] = dict.fromkeys(commands, 0.0)
    for _ in range(runs):
        for name, command in commands.items():
            wall, peak = _once(command, environment)
            seconds[name].append(wall)
            peaks[name] = max(peaks[name], peak)
    return {name: Measured(seconds[name], peaks[name]) for name in commands}


_WRAPPER = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(code)
"""


def _once(command: Sequence[str], environment: Mapping[str, str]) -> tuple[float, float]:
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", _WRAPPER, *command],
        env={**os.environ, **environment},
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    wall = time.perf_counter() - began
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed:\n{done.stderr[-2000:]}")
    unit = 1024 if sys.platform == "linux" else 1024 * 1024
    return wall, int(done.stderr.strip().splitlines()[-1]) / unit


def own_peak_mb() -> float:
    """Return this process's peak resident memory in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
