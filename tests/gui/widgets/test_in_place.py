"""Typing is saved when the focus leaves, and a refresh never takes it away."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from themeloom.gui.widgets.chips import PhraseChips
from themeloom.gui.widgets.in_place import InPlaceLine, InPlaceText

_hosts: list[QWidget] = []


@pytest.fixture(autouse=True)
def hosts() -> Iterator[None]:
    """Hold what the fields stand in for the time of a test."""
    yield
    _hosts.clear()


def _host(qtbot: QtBot, field: QWidget) -> QLineEdit:
    host = QWidget()
    _hosts.append(host)
    layout = QVBoxLayout(host)
    elsewhere = QLineEdit()
    layout.addWidget(field)
    layout.addWidget(elsewhere)
    qtbot.addWidget(host)
    with qtbot.waitActive(host):
        host.show()
        host.activateWindow()
    return elsewhere


def test_leaving_saves_once(qtbot: QtBot) -> None:
    line = InPlaceLine()
    elsewhere = _host(qtbot, line)
    line.load("Old")
    told: list[str] = []
    line.edited.connect(told.append)
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, "New title")
    elsewhere.setFocus()
    line.refresh("Old")  # another edit's refresh, before ours is stored
    assert line.text() == "New title"
    line.refresh("New title")
    line.save()
    assert told == ["New title"]


def test_an_undo_shows_the_old_text_again(qtbot: QtBot) -> None:
    line = InPlaceLine()
    _host(qtbot, line)
    line.load("Old")
    line.setFocus()
    line.setText("New")
    line.save()
    line.refresh("New")
    line.refresh("Old")
    assert line.text() == "Old"


def test_a_refresh_does_not_touch_what_is_being_typed(qtbot: QtBot) -> None:
    text = InPlaceText()
    elsewhere = _host(qtbot, text)
    text.load("Definition")
    text.setFocus()
    qtbot.keyClicks(text, "My ")
    text.refresh("Somebody else's words")
    assert text.toPlainText() == "My Definition"
    with qtbot.waitSignal(text.edited) as told:
        elsewhere.setFocus()
    assert told.args == ["My Definition"]


def test_a_refresh_is_shown_where_nobody_types(qtbot: QtBot) -> None:
    text = InPlaceText()
    _host(qtbot, text)
    text.load("Definition")
    text.setFocus()
    text.refresh("Changed by an undo")
    assert text.toPlainText() == "Changed by an undo"


def test_another_thing_is_loaded_after_the_first_is_saved(qtbot: QtBot) -> None:
    line = InPlaceLine()
    _host(qtbot, line)
    line.load("First")
    told: list[str] = []
    line.edited.connect(told.append)
    line.setFocus()
    line.setText("First, mended")
    line.load("Second")
    assert told == ["First, mended"]
    assert line.text() == "Second"
    line.save()
    assert told == ["First, mended"]


def test_an_emptied_title_comes_back_and_esc_takes_back(qtbot: QtBot) -> None:
    line = InPlaceLine()
    elsewhere = _host(qtbot, line)
    line.load("Title")
    told: list[str] = []
    line.edited.connect(told.append)
    line.setFocus()
    line.clear()
    elsewhere.setFocus()
    assert line.text() == "Title"
    line.setFocus()
    qtbot.keyClicks(line, "typed")
    qtbot.keyClick(line, Qt.Key.Key_Escape)
    assert line.text() == "Title"
    assert told == []


def test_hiding_saves(qtbot: QtBot) -> None:
    text = InPlaceText()
    _host(qtbot, text)
    text.load("")
    text.setFocus()
    qtbot.keyClicks(text, "Ask Ines")
    with qtbot.waitSignal(text.edited) as told:
        text.hide()
    assert told.args == ["Ask Ines"]


def test_the_field_grows_with_its_text(qtbot: QtBot) -> None:
    text = InPlaceText(framed=False)
    _host(qtbot, text)
    low = text.height()
    text.load("One line\nanother\nand a third")
    assert text.height() >= low + 2 * text.fontMetrics().lineSpacing() - 2


def test_phrases_are_added_and_removed_by_keyboard(qtbot: QtBot) -> None:
    chips = PhraseChips()
    _host(qtbot, chips)
    chips.show_phrases(["drops events", "sync"])
    told: list[list[str]] = []
    chips.edited.connect(told.append)
    chips._add_button.click()
    qtbot.keyClicks(chips._field, "moved  meeting gone")
    qtbot.keyClick(chips._field, Qt.Key.Key_Return)
    assert told == [["drops events", "sync", "moved meeting gone"]]
    chips._chips[0].setFocus()
    qtbot.keyClick(chips._chips[0], Qt.Key.Key_Delete)
    assert told[-1] == ["sync", "moved meeting gone"]


def test_a_phrase_that_is_there_already_is_not_added_again(qtbot: QtBot) -> None:
    chips = PhraseChips()
    _host(qtbot, chips)
    chips.show_phrases(["Sync"])
    told: list[list[str]] = []
    chips.edited.connect(told.append)
    chips._add_button.click()
    qtbot.keyClicks(chips._field, "sync")
    qtbot.keyClick(chips._field, Qt.Key.Key_Return)
    assert told == []
    assert not chips.editing


def test_a_phrase_that_is_being_typed_outlives_a_refresh(qtbot: QtBot) -> None:
    chips = PhraseChips()
    _host(qtbot, chips)
    chips.show_phrases(["sync"])
    chips._add_button.click()
    qtbot.keyClicks(chips._field, "half")
    chips.show_phrases(["sync", "other"])
    assert chips._field.text() == "half"
    assert chips.editing
