"""Edits are in order and seen after their commit; questions and jobs stay off the GUI thread."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot
from tests.gui.opening import fernwick
from tests.gui.spying import calls_of

from themeloom.domain.changes import Deed
from themeloom.domain.errors import Complaint, JobCancelled, ProjectError
from themeloom.gui.bridge.workspace import Workspace
from themeloom.jobs.messages import Progress
from themeloom.project.project import Project
from themeloom.services import masking
from themeloom.services.session import Session


@pytest.fixture
def workspace(qtbot: QtBot, tmp_path: Path) -> Iterator[Workspace]:
    made = Workspace()
    path = tmp_path / "p.loom"
    Project.create(path).close()
    with qtbot.waitSignal(made.opened):
        made.open(lambda: Session.open(path))
    yield made
    made.shut_down()


def test_an_edit_is_told_after_its_commit(
    workspace: Workspace, qtbot: QtBot, tmp_path: Path
) -> None:
    with qtbot.waitSignal(workspace.view_changed) as told:
        workspace.edit(lambda session: session.project.create_theme("Sync fails")[0])
    assert told.args is not None
    assert isinstance(told.args[0], Deed)
    assert workspace.view is not None
    assert workspace.view.themes["title"].to_list() == ["Sync fails"]
    with Project.open(tmp_path / "p.loom", read_only=True) as other:
        assert other.themes()["title"].to_list() == ["Sync fails"]


def test_edits_run_one_after_the_other(workspace: Workspace, qtbot: QtBot) -> None:
    titles = [f"Theme {number}" for number in range(12)]
    for title in titles:
        workspace.edit(lambda session, t=title: session.project.create_theme(t)[0])
    qtbot.waitUntil(lambda: not workspace.saving)
    assert workspace.view is not None
    assert sorted(workspace.view.themes["title"]) == sorted(titles)


def test_undo_and_redo_are_named(workspace: Workspace, qtbot: QtBot) -> None:
    workspace.edit(lambda session: session.project.create_theme("Sync fails")[0])
    workspace.undo()
    qtbot.waitUntil(lambda: not workspace.saving)
    session = workspace.session
    assert session is not None
    assert session.undo_name is None
    assert session.redo_name is not None
    assert "Sync fails" in session.redo_name


def test_a_refused_edit_is_a_message_for_people(workspace: Workspace, qtbot: QtBot) -> None:
    with qtbot.waitSignal(workspace.failed) as told:
        workspace.edit(lambda session: session.project.rename_theme("T-404", "x"))
    assert told.args is not None
    assert isinstance(told.args[0], Complaint)
    assert not workspace.saving


def test_an_exception_that_nobody_expected_is_told_apart(
    workspace: Workspace, qtbot: QtBot
) -> None:
    def breaks(session: Session) -> Deed | None:
        raise ZeroDivisionError

    with qtbot.waitSignal(workspace.broken) as told:
        workspace.edit(breaks)
    assert told.args is not None
    assert isinstance(told.args[0], ZeroDivisionError)


def test_a_newer_question_drops_the_older_answer(workspace: Workspace, qtbot: QtBot) -> None:
    first_may_end = threading.Event()
    answers: list[str] = []

    def slow(session: Session) -> str:
        first_may_end.wait(10)
        return "old"

    workspace.ask("search", slow, answers.append)
    with qtbot.waitCallback() as newer:
        workspace.ask("search", lambda session: "new", newer)
    first_may_end.set()
    qtbot.waitUntil(lambda: workspace.idle)
    assert newer.args == ["new"]
    assert answers == []


def test_only_one_long_job_at_a_time(workspace: Workspace, qtbot: QtBot) -> None:
    may_end = threading.Event()

    def job(session: Session, report: object) -> int:
        may_end.wait(10)
        return 7

    with qtbot.waitCallback() as done:
        assert workspace.run_job("Import", job, done)
        assert not workspace.run_job("Another", job, done)
        may_end.set()
    assert done.args == [7]
    assert workspace.job is None


def test_nothing_is_undone_while_a_job_builds_on_it(workspace: Workspace, qtbot: QtBot) -> None:
    def titles() -> list[str]:
        return workspace.view.themes["title"].to_list() if workspace.view else []

    with qtbot.waitSignal(workspace.view_changed):
        workspace.edit(lambda session: session.project.create_theme("Sync fails")[0])
    complaints = calls_of(workspace.failed)
    may_end = threading.Event()
    with qtbot.waitCallback() as done:
        workspace.run_job("Find themes", lambda session, report: may_end.wait(10), done)
        assert not workspace.undo()
        assert not workspace.redo()
        assert complaints == [
            (
                Complaint(
                    f"Nothing can be {what} now.", hint="Wait until what is under way is done."
                ),
            )
            for what in ("undone", "redone")
        ]
        assert not workspace.saving
        may_end.set()
    assert titles() == ["Sync fails"]
    with qtbot.waitSignal(workspace.undone):
        assert workspace.undo()
    assert titles() == []


def test_a_job_tells_its_stage(workspace: Workspace, qtbot: QtBot) -> None:
    told: list[object] = []
    workspace.job_changed.connect(told.append)

    def job(session: Session, report: object) -> None:
        assert callable(report)
        report(Progress(1, "Reading", 3, 10, 4.0))

    with qtbot.waitCallback() as done:
        workspace.run_job("Import", job, done)
    stages = [getattr(state, "stage", None) for state in told]
    assert "Reading" in stages
    assert told[-1] is None


def test_what_follows_a_job_takes_a_turn_of_the_event_loop_each(
    workspace: Workspace, qtbot: QtBot
) -> None:
    """All at once held the window up for 133 ms after an import of 100,000 rows."""
    told: list[str] = []

    def tell(what: str) -> None:
        told.append(what)
        QTimer.singleShot(0, lambda: told.append("turn"))

    workspace.view_changed.connect(lambda _: tell("view"))
    workspace.history_changed.connect(lambda: tell("history"))
    with qtbot.waitCallback() as done:
        workspace.run_job("Import", lambda session, report: None, done)
    assert told[: told.index("history")] == ["view", "turn"]


def test_a_cancelled_job_says_nothing(workspace: Workspace, qtbot: QtBot) -> None:
    complaints: list[object] = []
    workspace.failed.connect(complaints.append)

    def job(session: Session, report: object) -> None:
        raise JobCancelled("Cancelled.")

    workspace.run_job("Import", job, lambda _: complaints.append("done"))
    qtbot.waitUntil(lambda: workspace.job is None)
    assert complaints == []


def test_a_project_that_cannot_be_opened_leaves_none_open(
    workspace: Workspace, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "bad.loom").write_bytes(b"no project")
    with qtbot.waitCallback() as failed:
        workspace.open(lambda: Session.open(tmp_path / "bad.loom"), failed=failed)
    assert failed.args is not None
    assert isinstance(failed.args[0], ProjectError)
    assert workspace.session is None


def test_of_two_projects_asked_for_in_a_row_the_later_one_is_open_alone(
    workspace: Workspace, qtbot: QtBot, tmp_path: Path
) -> None:
    first, second = tmp_path / "first.loom", tmp_path / "second.loom"
    for path in (first, second):
        Project.create(path).close()
    opened: list[Path] = []
    workspace.opened.connect(lambda: opened.append(path_of(workspace)))
    for path in (first, second, first, second):
        workspace.open(lambda path=path: Session.open(path))
    qtbot.waitUntil(lambda: workspace.idle)
    assert opened == [second]
    Project.open(first).close()  # nobody has it any more


def path_of(workspace: Workspace) -> Path:
    assert workspace.session is not None
    return workspace.session.project.path


def test_closing_leaves_one_file(workspace: Workspace, qtbot: QtBot, tmp_path: Path) -> None:
    workspace.edit(lambda session: session.project.create_theme("Sync fails")[0])
    with qtbot.waitCallback() as closed:
        workspace.close(closed)
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["p.loom"]


def test_masks_are_known_before_a_screen_is_told(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "f.loom"
    path.write_bytes(fernwick(few=True))
    made = Workspace()
    seen: list[bool] = []

    def look() -> None:
        assert made.session is not None
        seen.append(masking._kept.get(made.session) is not None)

    made.opened.connect(look)
    with qtbot.waitSignal(made.opened):
        made.open(lambda: Session.open(path))
    assert seen == [True]
    made.view_changed.connect(look)
    with qtbot.waitSignal(made.view_changed):
        made.run_job("a job", lambda session, report: masking._kept.clear(), lambda _: None)
    assert seen == [True, True]
    made.shut_down()


def test_a_project_that_cannot_be_masked_is_closed_again(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "f.loom"
    path.write_bytes(fernwick(few=True))
    made = Workspace()

    def broken(session: Session) -> None:
        raise ProjectError("The names cannot be read.")

    with monkeypatch.context() as patch:
        patch.setattr("themeloom.gui.bridge.workspace.masker", broken)
        with qtbot.waitSignal(made.failed):
            made.open(lambda: Session.open(path))
    assert made.session is None
    Project.open(path).close()  # nobody holds it
    made.shut_down()


def test_what_can_wait_comes_after_the_screens_and_once(workspace: Workspace, qtbot: QtBot) -> None:
    done: list[str] = []
    workspace.prepare("index", lambda session: done.append("older"))
    workspace.prepare("index", lambda session: done.append("newer"))
    assert done == []
    qtbot.waitUntil(lambda: bool(done) and workspace.idle)
    assert done == ["newer"]


def test_what_can_wait_is_not_done_for_the_next_project(
    workspace: Workspace, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, waiting = tmp_path / "next.loom", list[Callable[[], None]]()
    Project.create(path).close()
    done: list[str] = []
    with monkeypatch.context() as clock:
        clock.setattr(
            "themeloom.gui.bridge.workspace.QTimer.singleShot",
            lambda milliseconds, begin: waiting.append(begin),
        )
        workspace.prepare("index", lambda session: done.append("done"))
    with qtbot.waitSignal(workspace.opened):
        workspace.open(lambda: Session.open(path))
    for begin in waiting:
        begin()
    qtbot.waitUntil(lambda: workspace.idle)
    assert len(waiting) == 1
    assert done == []
