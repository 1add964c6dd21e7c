"""The log tells what broke without customers' texts; a hard crash is told at the next start."""

import os
import subprocess
import sys

import polars as pl
import pytest

from themeloom.base import crashes
from themeloom.base.paths import log_dir
from themeloom.services.diagnosis import diagnosis


def test_texts_in_messages_stay_out_of_the_log() -> None:
    try:
        raise ValueError("cannot place 'the sync lost my booking' at “Hotel Bristol”")
    except ValueError as error:
        crashes.log_exception(error)
    log = crashes.recent_errors()
    assert "ValueError" in log
    assert "test_crashes.py" in log
    assert "booking" not in log
    assert "Bristol" not in log


@pytest.mark.parametrize("said", ["ann@example.com", "+44 20 7946 0958", "Ann Lee"])
def test_a_value_that_could_not_be_read_stays_out_of_the_log(said: str) -> None:
    table = f"score\n1\n{said}\n".encode()
    with pytest.raises(pl.exceptions.ComputeError) as raised:
        pl.read_csv(table, schema_overrides={"score": pl.Int64})
    assert said in str(raised.value)
    crashes.log_exception(raised.value)
    log = diagnosis(None)
    assert "ComputeError" in log
    assert said not in log


def test_an_address_or_number_in_a_message_stays_out_of_the_log() -> None:
    crashes.log_exception(RuntimeError("no answer from ann@example.com, 020 7946 0958, after 3 s"))
    assert "RuntimeError: no answer from … …, after 3 s" in crashes.recent_errors()


def test_a_hard_crash_is_told_at_the_next_start_only_once() -> None:
    code = (
        "from themeloom.base import crashes; import faulthandler;"
        "crashes.watch_for_crashes(); faulthandler._sigsegv()"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, env=os.environ)
    assert done.returncode != 0
    found = crashes.watch_for_crashes()
    try:
        assert "Segmentation fault" in found
        assert "Segmentation fault" in crashes.last_crash()
    finally:
        crashes.end_watch()
    again = crashes.watch_for_crashes()
    crashes.end_watch()
    assert again == ""


def test_a_regular_end_leaves_no_trace() -> None:
    crashes.watch_for_crashes()
    crashes.end_watch()
    assert not list(log_dir().glob("crash-*"))


def test_the_log_does_not_grow_for_ever() -> None:
    path = log_dir() / "errors.log"
    path.write_text("x" * 600_000, encoding="utf-8")
    crashes.log_exception(ValueError())
    assert path.stat().st_size < 10_000
