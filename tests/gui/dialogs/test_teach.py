"""Apply what I taught, in the real window with a real engine process."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QTreeWidgetItem
from pytestqt.qtbot import QtBot
from tests.gui import builders
from tests.gui.builders import theme_id
from tests.gui.driving import (
    open_project,
    open_window,
    press,
    settle,
    trigger,
    view_of,
    wait_for_dialog,
)
from tests.services.taught import IDS, LOGIN, PDF, make_mixed_up, name, rows, teach

from themeloom.base.settings import Settings
from themeloom.gui.bridge.workspace import JobState, Workspace
from themeloom.gui.dialogs.teach import TeachDialog
from themeloom.gui.look import sizes
from themeloom.gui.widgets.label import Label
from themeloom.gui.widgets.pane import ScrollPage
from themeloom.gui.windows.main_window import MainWindow
from themeloom.project.project import Project
from themeloom.services.teaching import Lesson, Move


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return make_mixed_up(tmp_path / "voice.loom")


@pytest.fixture
def window(
    qapp: QApplication, qtbot: QtBot, settings: Settings, path: Path
) -> Iterator[MainWindow]:
    with Project.open(path) as project:
        teach(project)
        project.unassign([name(rows("price")[0])])
    settings.set("general.warm-up", False)
    with open_window(qapp, qtbot, settings) as made:
        open_project(made, qtbot, path)
        made.show_place("themes")
        yield made


def theme_of(window: MainWindow, excerpt_id: str) -> str | None:
    excerpts = view_of(window).excerpts
    return excerpts.filter(excerpts["excerpt_id"] == excerpt_id)["theme_id"].item()


def opened(window: MainWindow, qtbot: QtBot) -> TeachDialog:
    trigger(window, "themes.teach")
    qtbot.waitUntil(lambda: window.workspace.job is None, timeout=120_000)
    return wait_for_dialog(window, qtbot, TeachDialog)


def heads(dialog: TeachDialog) -> dict[str, int]:
    found = (dialog.rows.topLevelItem(at) for at in range(dialog.rows.topLevelItemCount()))
    return {item.text(0): int(item.text(1)) for item in found if item is not None}


def children(item: QTreeWidgetItem | None) -> list[QTreeWidgetItem]:
    found = [] if item is None else [item.child(row) for row in range(item.childCount())]
    return [child for child in found if child is not None]


@pytest.mark.usefixtures("shared_engine")
def test_what_would_move_is_shown_then_done_as_one_step(window: MainWindow, qtbot: QtBot) -> None:
    told: list[str] = []
    window.workspace.job_changed.connect(
        lambda job: told.append(job.stage) if isinstance(job, JobState) else None
    )
    dialog = opened(window, qtbot)
    assert "Learning from your examples" in told
    moves = heads(dialog)
    assert moves["pdf"] >= 6
    total = sum(moves.values())
    assert dialog.heading.text().replace("\u00a0", " ").startswith(f"{total} excerpts would move")
    assert "6 excerpts that you moved or confirmed and 1 that you set aside" in (
        dialog.notes.text().replace("\u00a0", " ")
    )
    assert "cannot be cut coarser or finer" in dialog.notes.text()
    inner = children(dialog.rows.topLevelItem(0))
    assert "from login" in [item.text(0) for item in inner]
    quotes = [quote.text(0) for item in inner for quote in children(item)]
    assert all(quote.startswith("“") for quote in quotes)
    waiting = name(rows("pdf")[5])
    assert theme_of(window, waiting) == LOGIN
    press(qtbot, dialog, "Move")
    settle(window, qtbot)
    assert theme_of(window, waiting) == PDF
    session = window.workspace.session
    assert session is not None
    assert session.undo_name == f"move of {total} excerpts by what you taught"
    window.workspace.undo()
    settle(window, qtbot)
    assert theme_of(window, waiting) == LOGIN


@pytest.mark.usefixtures("shared_engine")
def test_only_what_is_ticked_moves(window: MainWindow, qtbot: QtBot) -> None:
    dialog = opened(window, qtbot)
    every = [dialog.rows.topLevelItem(at) for at in range(dialog.rows.topLevelItemCount())]
    for item in every:
        assert item is not None
        item.setCheckState(0, Qt.CheckState.Unchecked)
    assert not dialog.go_button.isEnabled()
    assert dialog.heading.text() == "Nothing is ticked."
    pdf = next(item for item in every if item is not None and item.text(0) == "pdf")
    pdf.setCheckState(0, Qt.CheckState.Checked)
    assert dialog.ticked() == {PDF}
    assert dialog.go_button.text().replace("\u00a0", " ") == f"Move {pdf.text(1)} excerpts"
    before = view_of(window).excerpts["theme_id"]
    press(qtbot, dialog, "Move")
    settle(window, qtbot)
    after = view_of(window).excerpts["theme_id"]
    changed = [now for was, now in zip(before, after, strict=True) if was != now]
    assert set(changed) == {PDF}


def test_it_can_be_cancelled_and_is_not_offered_without_examples(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    trigger(window, "themes.teach")
    window.workspace.cancel_job()
    qtbot.waitUntil(lambda: window.workspace.job is None, timeout=120_000)
    settle(window, qtbot)
    assert not window.findChildren(TeachDialog)
    open_project(window, qtbot, make_mixed_up(tmp_path / "untouched.loom"))
    window.actions_.refresh_now()
    action = window.actions_["themes.teach"]
    assert not action.isEnabled()
    assert "Move, confirm or unsort some excerpts first." in action.toolTip()


@pytest.mark.usefixtures("shared_engine")
def test_where_nothing_would_move_it_says_so(window: MainWindow, qtbot: QtBot) -> None:
    session = window.workspace.session
    assert session is not None
    project = session.project
    project.assign([name(row) for row in rows("pdf")], PDF)
    for topic in ("login", "slow", "price"):
        project.assign([name(row) for row in rows(topic)], IDS[topic])
    session.reload()
    trigger(window, "themes.teach")
    qtbot.waitUntil(lambda: window.bar.isVisible(), timeout=120_000)
    settle(window, qtbot)
    assert not window.findChildren(TeachDialog)


def test_its_rows_and_what_they_say_in_full_are_whole(qtbot: QtBot) -> None:
    quote = "The export of the monthly report stops at 90 %, and nobody knows why. " * 12
    move = Move(theme_id("Export to PDF fails"), None, 1_200, 900, (quote,))
    lesson = Lesson(48, 3, (move,), True, pl.DataFrame({"excerpt_id": ["a"]}))
    workspace = Workspace()
    dialog = TeachDialog(workspace, builders.build_view(), lesson, None)
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    head = dialog.rows.topLevelItem(0)
    assert head is not None
    assert head.textAlignment(1) & Qt.AlignmentFlag.AlignRight, "figures stand below each other"
    assert dialog.rows.headerItem().textAlignment(1) & Qt.AlignmentFlag.AlignRight
    (place,) = children(head)
    dialog.rows.setCurrentItem(children(place)[0])
    (detail,) = [one for one in dialog.findChildren(Label) if quote.strip() in one.text()]
    (page,) = [one for one in dialog.findChildren(ScrollPage) if one.isAncestorOf(detail)]
    # It is read by scrolling.
    qtbot.waitUntil(lambda: detail.height() > page.viewport().height())
    assert page.viewport().height() % sizes.line_height(12) == 0, "no line is cut through"
    assert detail.geometry().right() < page.viewport().width() - sizes.px(4)
    workspace.shut_down()
