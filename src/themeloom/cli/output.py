"""What the command line prints: results on stdout, progress and messages on stderr."""

import json
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import TextIO

from themeloom.domain.errors import Complaint
from themeloom.jobs.messages import Progress

_BAR = 24


class Output:
    """Prints for people, or JSON for scripts."""

    def __init__(
        self, *, as_json: bool, out: TextIO | None = None, err: TextIO | None = None
    ) -> None:
        """Choose between words and JSON; streams are arguments for tests."""
        self.as_json = as_json
        self._out = out or sys.stdout
        self._err = err or sys.stderr
        self._bar_shown = False

    def result(self, value: object, lines: Sequence[str]) -> None:
        """Print the result: ``value`` as JSON, or ``lines`` for people."""
        self._clear()
        if self.as_json:
            print(json.dumps(value, ensure_ascii=False), file=self._out)
        else:
            for line in lines:
                print(line, file=self._out)

    def say(self, line: str) -> None:
        """Print a message for people on stderr."""
        self._clear()
        print(line, file=self._err)

    def fail(self, complaint: Complaint) -> None:
        """Print an error: one line on stderr, and JSON on stdout when asked for."""
        self._clear()
        print(f"themeloom: {complaint}", file=self._err)
        if self.as_json:
            print(json.dumps({"error": asdict(complaint)}, ensure_ascii=False), file=self._out)

    @property
    def progress(self) -> Callable[[Progress], None] | None:
        """A callback that draws a progress bar on a terminal, else None."""
        return self._draw if self._err.isatty() else None

    def _draw(self, step: Progress) -> None:
        width = shutil.get_terminal_size().columns
        line = f"{step.stage}"
        if step.total > 0:
            filled = round(_BAR * step.done / step.total)
            bar = "█" * filled + "░" * (_BAR - filled)
            line = f"{bar} {step.stage} · {step.done:,} of {step.total:,}"
        if step.seconds_left is not None and step.seconds_left >= 1:
            line += f" · about {duration(step.seconds_left)} left"
        self._err.write("\r\x1b[2K" + line[: width - 1])
        self._err.flush()
        self._bar_shown = True

    def _clear(self) -> None:
        if self._bar_shown:
            self._err.write("\r\x1b[2K")
            self._err.flush()
            self._bar_shown = False


def duration(seconds: float) -> str:
    """Return a rough duration in words: "40 s", "3 min"."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min"


def table(rows: Sequence[Mapping[str, object]], columns: Sequence[str]) -> list[str]:
    """Return aligned lines for a terminal: a header and one line per row; numbers to the right."""
    cells = [[_cell(row.get(name)) for name in columns] for row in rows]
    widths = [max(len(line[i]) for line in [list(columns), *cells]) for i in range(len(columns))]
    numeric = [
        bool(rows) and all(isinstance(row.get(name), int | float) for row in rows)
        for name in columns
    ]

    def line(values: Sequence[str]) -> str:
        parts = [
            value.rjust(width) if right else value.ljust(width)
            for value, width, right in zip(values, widths, numeric, strict=True)
        ]
        return "  ".join(parts).rstrip()

    return [line(columns), *(line(row) for row in cells)]


def _cell(value: object) -> str:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) else str(value)
