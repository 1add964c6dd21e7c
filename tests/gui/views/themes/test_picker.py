"""The type-ahead picker: what it finds, in which order, and what the keys do."""

from time import process_time

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from tests.gui.talks import talk_view

from themeloom.gui.views.themes.picker import ThemePicker
from themeloom.gui.views.themes.ranking import ThemeChoice, ranked
from themeloom.gui.widgets.matching import Target

SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def host(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.resize(800, 500)
    widget.show()
    return widget


@pytest.fixture
def picker(host: QWidget) -> ThemePicker:
    picker = ThemePicker(host)
    picker.pick(talk_view(), QRect(host.mapToGlobal(QPoint(20, 20)), host.size() / 4))
    return picker


def _titles(picker: ThemePicker) -> list[str]:
    return [row.text for row in picker.rows()]


def test_all_themes_are_there_and_no_group(picker: ThemePicker) -> None:
    assert _titles(picker) == [
        "Calendar sync drops events",
        "Pricing jump at renewal",
        "Two-way sync takes too long",
        "Manual work around the calendar",
    ]
    assert picker.rows()[0].right == "20\u00a0records"


def test_enter_moves(picker: ThemePicker, qtbot: QtBot) -> None:
    qtbot.keyClicks(picker.field, "man")
    with qtbot.waitSignal(picker.chosen) as told:
        qtbot.keyClick(picker.field, Qt.Key.Key_Return)
    assert told.args == ["manual", False]
    assert not picker.isVisible()


def test_shift_enter_adds_a_second_theme(picker: ThemePicker, qtbot: QtBot) -> None:
    qtbot.keyClick(picker.field, Qt.Key.Key_Down)
    with qtbot.waitSignal(picker.chosen) as told:
        qtbot.keyClick(picker.field, Qt.Key.Key_Return, SHIFT)
    assert told.args == ["price", True]


def test_ctrl_enter_makes_a_theme_though_others_match(picker: ThemePicker, qtbot: QtBot) -> None:
    qtbot.keyClicks(picker.field, "manual  w")
    assert _titles(picker)[-1] == "New theme “manual w”"
    with qtbot.waitSignal(picker.created) as told:
        qtbot.keyClick(picker.field, Qt.Key.Key_Return, CONTROL)
    assert told.args == ["manual w", False]


def test_enter_makes_it_where_nothing_matches(picker: ThemePicker, qtbot: QtBot) -> None:
    qtbot.keyClicks(picker.field, "Offline mode")
    assert _titles(picker) == ["New theme “Offline mode”"]
    with qtbot.waitSignal(picker.created):
        qtbot.keyClick(picker.field, Qt.Key.Key_Return)


def test_a_title_that_is_there_is_not_made_twice(picker: ThemePicker, qtbot: QtBot) -> None:
    qtbot.keyClicks(picker.field, "pricing jump at RENEWAL")
    assert _titles(picker) == ["Pricing jump at renewal"]


def test_a_key_phrase_finds_its_theme_and_says_so(picker: ThemePicker, qtbot: QtBot) -> None:
    qtbot.keyClicks(picker.field, "second spr")
    row = picker.rows()[0]
    assert row.text == "Manual work around the calendar (key phrase: second spreadsheet)"
    assert [row.text[a:b] for a, b in row.bold] == ["second spr"]


def test_the_theme_used_last_stands_first(picker: ThemePicker, host: QWidget, qtbot: QtBot) -> None:
    qtbot.keyClicks(picker.field, "two")
    qtbot.keyClick(picker.field, Qt.Key.Key_Return)
    picker.pick(talk_view(), host)
    assert _titles(picker)[0] == "Two-way sync takes too long"
    assert picker.recent == ["slow"]
    picker.hide()


def test_esc_closes_and_changes_nothing(picker: ThemePicker, qtbot: QtBot) -> None:
    told: list[object] = []
    picker.chosen.connect(lambda *what: told.append(what))
    with qtbot.waitSignal(picker.closed):
        qtbot.keyClick(picker.field, Qt.Key.Key_Escape)
    assert told == []


def test_it_opens_below_and_where_there_is_no_room_above(host: QWidget) -> None:
    picker = ThemePicker(host)
    screen = host.screen().availableGeometry()
    high = QRect(40, screen.top() + 40, 300, 30)
    picker.pick(talk_view(), high)
    assert picker.geometry().top() > high.bottom()
    low = QRect(40, screen.bottom() - 40, 300, 30)
    picker.pick(talk_view(), low)
    assert picker.geometry().bottom() < low.top()
    picker.hide()


def _choice(theme_id: str, title: str, records: int = 1, *phrases: str) -> ThemeChoice:
    return ThemeChoice(theme_id, Target(title), tuple(Target(one) for one in phrases), records)


def test_titles_come_before_key_phrases_and_scattered_letters_last() -> None:
    choices = [
        _choice("fuzzy", "Payroll sums"),
        _choice("phrase", "Exported by hand", 90, "sync problems"),
        _choice("inside", "Unsynced rooms", 99),
        _choice("word", "Calendar sync", 5),
        _choice("begin", "Sync takes long", 2),
        _choice("none", "Praise"),
    ]
    found = [one.choice.theme_id for one in ranked(choices, "sync")]
    assert found == ["begin", "word", "phrase", "inside"]
    assert ranked(choices, "pysm")[0].choice.theme_id == "fuzzy"


def test_equal_matches_follow_use_and_then_size() -> None:
    choices = [
        _choice("small", "Sync a", 1),
        _choice("large", "Sync b", 9),
        _choice("used", "Sync c"),
    ]
    found = [one.choice.theme_id for one in ranked(choices, "sync", ["used"])]
    assert found == ["used", "large", "small"]


def test_500_themes_are_ranked_between_two_keystrokes() -> None:
    words = "calendar sync invoice export report booking mobile seat plan price".split()
    choices = [
        _choice(
            f"T-{n}",
            f"{words[n % 10]} {words[n // 10 % 10]} number {n} stays open too long",
            n,
            *(f"{words[(n + k) % 10]} phrase {k}" for k in range(6)),
        )
        for n in range(500)
    ]
    began = process_time()
    for typed in ("c", "ca", "cal", "cal s", "cal sy", "zzz", "nbr", ""):
        ranked(choices, typed)
    assert (process_time() - began) / 8 < 0.05
