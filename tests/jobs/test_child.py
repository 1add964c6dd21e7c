"""What happens inside a child before a task runs."""

import threading
from pathlib import Path

import pytest

from themeloom.engine.warm_up import load_bertopic
from themeloom.jobs.child import IMPORTING, Channel, _run
from themeloom.jobs.messages import Message, Result, Start


def test_the_engine_names_its_importing_thread_so_that_tasks_wait_for_it() -> None:
    loading = load_bertopic()
    assert loading.name.startswith(IMPORTING)
    loading.join()


def test_a_task_is_imported_when_no_other_thread_imports_any_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "late_task_of_a_test.py").write_text(
        "import threading\n"
        "ALONE = not [one for one in threading.enumerate() if one.name == 'import-slowly']\n"
        "def alone(channel):\n"
        "    return ALONE\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    sent: list[Message] = []
    start = Start(1, "late_task_of_a_test:alone", {})
    threading.Thread(target=threading.Event().wait, args=(0.3,), name=f"{IMPORTING}slowly").start()
    answer = _run(start, Channel(1, sent.append))
    assert isinstance(answer, Result)
    assert answer.value is True
