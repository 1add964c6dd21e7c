"""Undo in a message takes back the deed that the message tells of, never another one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from tests.gui.opening import opened, settle

from themeloom.domain.periods import parse_period
from themeloom.gui.bridge.workspace import Workspace
from themeloom.gui.views.themes.curation import Curation
from themeloom.gui.widgets.message_bar import MessageBar


@pytest.fixture
def workspace(qtbot: QtBot, tmp_path: Path) -> Iterator[Workspace]:
    with opened(qtbot, tmp_path, few=True) as made:
        yield made


@pytest.fixture
def bar(qtbot: QtBot, workspace: Workspace) -> MessageBar:
    """Return a bar that tells that a theme was deleted."""
    made = MessageBar()
    qtbot.addWidget(made)
    Curation(workspace, made, made).delete(ids_of(workspace)[-1:])
    settle(qtbot, workspace)
    assert made.text.startswith("Deleted “")
    return made


def ids_of(workspace: Workspace) -> list[str]:
    assert workspace.view is not None
    return workspace.view.themes["theme_id"].to_list()


def test_undo_takes_the_deed_back(bar: MessageBar, workspace: Workspace, qtbot: QtBot) -> None:
    before = len(ids_of(workspace))
    bar.buttons()[0].click()
    settle(qtbot, workspace)
    assert len(ids_of(workspace)) == before + 1
    assert bar.text == ""


@pytest.mark.parametrize("what", ["undo", "rename", "close"])
def test_it_leaves_when_its_deed_is_the_last_one_no_more(
    bar: MessageBar, workspace: Workspace, qtbot: QtBot, what: str
) -> None:
    if what == "undo":
        workspace.undo()
    elif what == "rename":
        Curation(workspace, bar, bar).rename(ids_of(workspace)[0], "Something else")
    else:
        workspace.close()
    settle(qtbot, workspace)
    assert bar.text == ""


def test_a_newer_message_and_another_period_are_left_alone(
    bar: MessageBar, workspace: Workspace, qtbot: QtBot
) -> None:
    workspace.choose_period(parse_period("2026-Q3"))
    settle(qtbot, workspace)
    assert bar.text.startswith("Deleted “")
    bar.say("The disk is nearly full.", "warn")
    workspace.undo()
    settle(qtbot, workspace)
    assert bar.text == "The disk is nearly full."
