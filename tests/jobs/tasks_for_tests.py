"""Tasks that the job tests run in real child processes."""

import os
import time

from themeloom.domain.errors import ImportFileError
from themeloom.jobs.child import Channel


def count(channel: Channel, *, to: int, pause: float = 0.0) -> int:
    for n in range(to):
        channel.report("Counting", n, to)
        time.sleep(pause)
    channel.report("Counting", to, to)
    return to


def double(channel: Channel, *, number: int) -> int:
    channel.report("Doubling", 0, 1)
    return 2 * number


def long_at(channel: Channel, *, mark: str) -> float:
    """Work that goes on until the file ``mark`` is there; returns how often it reported."""
    rounds = 0
    while not os.path.exists(mark):
        channel.report("Waiting", 0, 1)
        time.sleep(0.01)
        rounds += 1
    return rounds


def first_result(channel: Channel) -> str:
    channel.partial({"half": 1})
    return "whole"


def deaf(channel: Channel) -> None:
    """Work that never looks at its channel again, as a long native call does."""
    channel.report("Working", 0, 1)
    end = time.monotonic() + 60
    while time.monotonic() < end:
        pass


def complain(channel: Channel) -> None:
    raise ImportFileError("No text.", file="a.csv", place="row 3", hint="Choose a column.")


def stumble(channel: Channel) -> None:
    raise KeyError("surprise")


def die(channel: Channel) -> None:
    os.abort()


def eat(channel: Channel) -> int:
    hoard = [bytearray(50_000_000) for _ in range(200)]
    return len(hoard)


def environment(channel: Channel, *, name: str) -> str | None:
    return os.environ.get(name)
