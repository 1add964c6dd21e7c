"""Merge, new theme, quotes and keys: what will happen is shown before it does."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot
from tests.gui.talks import mask, talk_view

from themeloom.gui.dialogs.keys import KeysDialog, Section, section_of
from themeloom.gui.dialogs.merge import Merge, MergeDialog
from themeloom.gui.dialogs.new_theme import NewTheme, NewThemeDialog
from themeloom.gui.dialogs.quotes import QuotesDialog
from themeloom.services.view import View


@pytest.fixture
def view() -> View:
    return talk_view(reviewed=range(5, 30))


def _words(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel))


def _merge(qtbot: QtBot, view: View) -> MergeDialog:
    dialog = MergeDialog(view, ["drops", "slow", "manual"], None, mask)
    qtbot.addWidget(dialog)
    dialog.open()
    return dialog


def test_merge_says_what_moves(qtbot: QtBot, view: View) -> None:
    dialog = _merge(qtbot, view)
    words = _words(dialog)
    assert "Together they have 35\u00a0records." in words
    assert "1\u00a0record in more than one of them" in words
    assert "15\u00a0excerpts stay reviewed" in words
    assert "locked" in words
    assert "[EMAIL_7]" in words
    assert "ines@orla" not in words
    assert dialog._merge.text() == "Merge 3\u00a0themes"


def test_a_locked_title_stays_unless_another_is_chosen(qtbot: QtBot, view: View) -> None:
    dialog = _merge(qtbot, view)
    with qtbot.waitSignal(dialog.chosen) as told:
        dialog._merge.click()
    assert told.args == [Merge(("drops", "slow", "manual"), "manual", None)]
    dialog = _merge(qtbot, view)
    dialog._radios[0].setChecked(True)
    with qtbot.waitSignal(dialog.chosen) as told:
        dialog._merge.click()
    assert told.args == [Merge(("drops", "slow", "manual"), "drops", None)]


def test_another_title_has_to_be_typed(qtbot: QtBot, view: View) -> None:
    dialog = _merge(qtbot, view)
    dialog._other.setChecked(True)
    assert not dialog._merge.isEnabled()
    qtbot.keyClicks(dialog._field, "Sync loses events")
    with qtbot.waitSignal(dialog.chosen) as told:
        dialog._merge.click()
    assert told.args == [Merge(("drops", "slow", "manual"), "manual", "Sync loses events")]


def test_cancel_merges_nothing(qtbot: QtBot, view: View) -> None:
    dialog = _merge(qtbot, view)
    told: list[object] = []
    dialog.chosen.connect(told.append)
    dialog.reject()
    assert told == []


def test_a_new_theme_takes_in_what_is_ticked(qtbot: QtBot, view: View) -> None:
    dialog = NewThemeDialog(view, [3, 5, 8], None, ticked=[3, 5], parent_id="g-bill", mask=mask)
    qtbot.addWidget(dialog)
    dialog.open()
    assert not dialog._make.isEnabled()
    qtbot.keyClicks(dialog._title, "Checks  by hand ")
    dialog._list.item(2).setCheckState(Qt.CheckState.Checked)
    dialog._list.item(0).setCheckState(Qt.CheckState.Unchecked)
    assert dialog._make.text() == "Move 2\u00a0excerpts into a new theme"
    assert "[EMAIL_7]" in dialog._list.item(0).text()
    with qtbot.waitSignal(dialog.chosen) as told:
        dialog._make.click()
    assert told.args == [NewTheme("Checks by hand", "g-bill", (5, 8))]


def test_a_title_that_exists_is_said_before(qtbot: QtBot, view: View) -> None:
    dialog = NewThemeDialog(view, [], None)
    qtbot.addWidget(dialog)
    dialog.open()
    qtbot.keyClicks(dialog._title, "pricing jump at renewal")
    assert not dialog._make.isEnabled()
    assert "Pricing jump at renewal" in dialog._note.text()
    qtbot.keyClicks(dialog._title, " 2027")
    assert dialog._make.isEnabled()
    assert dialog._make.text() == "Make the theme"


def test_a_large_selection_moves_in_whole(qtbot: QtBot) -> None:
    view = talk_view(filler=300)
    excerpts = view.excerpts["excerpt"].to_list()[-250:]
    dialog = NewThemeDialog(view, excerpts, None, title="Many")
    qtbot.addWidget(dialog)
    dialog.open()
    assert "50 more" in dialog._note.text()
    with qtbot.waitSignal(dialog.chosen) as told:
        dialog._make.click()
    assert told.args == [NewTheme("Many", None, tuple(excerpts))]


def test_quotes_stand_in_the_order_of_the_ticks(qtbot: QtBot, view: View) -> None:
    dialog = QuotesDialog(view, "drops", None, mask)
    qtbot.addWidget(dialog)
    dialog.open()
    dialog._list.item(0).setCheckState(Qt.CheckState.Unchecked)
    dialog._list.item(3).setCheckState(Qt.CheckState.Checked)
    dialog._list.item(0).setCheckState(Qt.CheckState.Checked)
    with qtbot.waitSignal(dialog.chosen) as told:
        dialog._use.click()
    assert told.args is not None
    theme_id, ids = told.args
    assert theme_id == "drops"
    assert ids[:2] == ["r-N-0.0", "r-interview-09.2"]
    assert ids[-1] == "r-ZD-48213.0"
    assert len(ids) == 4


def test_more_quotes_than_stand_there_cannot_be_chosen(qtbot: QtBot, view: View) -> None:
    dialog = QuotesDialog(view, "drops", None, mask)
    qtbot.addWidget(dialog)
    dialog.open()
    for row in range(6):
        dialog._list.item(row).setCheckState(Qt.CheckState.Checked)
    assert not dialog._use.isEnabled()
    assert "At most 5" in dialog._note.text()


def test_the_keys_come_from_the_actions_and_can_be_filtered(qtbot: QtBot) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    merge, plain = QAction("&Merge themes…", host), QAction("No keys", host)
    merge.setShortcut(QKeySequence("M"))
    dialog = KeysDialog(
        [section_of("Themes", [merge, plain]), Section("Everywhere", (("Ctrl+Z", "Undo"),))], host
    )
    dialog.open()
    assert "Merge themes" in _words(dialog)
    assert "No keys" not in _words(dialog)
    qtbot.keyClicks(dialog._field, "undo")
    shown = [label.text() for label in dialog.findChildren(QLabel) if not label.isHidden()]
    assert dialog._body.count() == 1
    assert "Undo" in shown
    dialog.reject()
