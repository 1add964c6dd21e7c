"""The filter bar: chips by mouse and keyboard, values by typing, a period."""

import pytest
from PySide6.QtCore import QDate, Qt
from pytestqt.qtbot import QtBot
from tests.gui import builders
from tests.gui.spying import calls_of

from themeloom.gui.models.filter_terms import Terms, read_values
from themeloom.gui.views.themes.filters import FilterBar


@pytest.fixture
def bar(qtbot: QtBot) -> FilterBar:
    bar = FilterBar()
    qtbot.addWidget(bar)
    bar.resize(700, 40)
    bar.set_values(read_values(builders.build_view()))
    with qtbot.waitExposed(bar):
        bar.show()
    return bar


def test_a_value_is_found_by_typing_and_chosen_with_enter(bar: FilterBar, qtbot: QtBot) -> None:
    changed = calls_of(bar.changed)
    bar.open_menu()
    assert bar._menu.isVisible()
    qtbot.keyClicks(bar._menu.field, "busi")
    assert [row.text for row in bar._menu.rows()] == ["Plan: Business"]
    qtbot.keyClick(bar._menu.field, Qt.Key.Key_Return)
    assert not bar._menu.isVisible()
    assert bar.chips() == ["Plan: Business"]
    assert len(changed) == 1


def test_everything_can_be_filtered_by(bar: FilterBar) -> None:
    bar.open_menu()
    heads = {row.text.partition(":")[0] for row in bar._menu.rows()}
    assert heads == {"Kind", "Source", "Date", "Score", "Plan", "Region", "Language", "Review"}
    bar._menu.hide()


def test_words_that_nothing_has_are_told(bar: FilterBar, qtbot: QtBot) -> None:
    bar.open_menu()
    qtbot.keyClicks(bar._menu.field, "zebra")
    assert bar._menu.rows() == []
    bar._menu.hide()


def test_chips_leave_by_click_and_by_delete(bar: FilterBar, qtbot: QtBot) -> None:
    bar.set_terms(Terms().toggled("kind", "nps").toggled("kind", "call").toggled("seen", "no"))
    assert bar.chips() == ["NPS, Call", "Not seen yet"]
    first, second = bar._chips
    assert first.accessibleName() == "Filter NPS, Call. Delete removes it"
    qtbot.mouseClick(second, Qt.MouseButton.LeftButton)
    assert bar.chips() == ["NPS, Call"]
    bar._chips[0].setFocus()
    qtbot.keyClick(bar._chips[0], Qt.Key.Key_Delete)
    assert bar.chips() == []
    assert bar.terms.chosen == {}
    assert bar.add_button.hasFocus()


def test_a_chosen_value_says_so_and_can_be_taken_back(bar: FilterBar, qtbot: QtBot) -> None:
    bar.set_terms(Terms().toggled("kind", "nps"))
    bar.open_menu()
    qtbot.keyClicks(bar._menu.field, "kind nps")
    assert bar._menu.rows()[0].quiet == "chosen"
    qtbot.keyClick(bar._menu.field, Qt.Key.Key_Return)
    assert bar.chips() == []


def test_a_period_between_two_days(bar: FilterBar, qtbot: QtBot) -> None:
    bar.open_menu()
    qtbot.keyClicks(bar._menu.field, "between")
    qtbot.keyClick(bar._menu.field, Qt.Key.Key_Return)
    assert bar._dates.isVisible()
    bar._dates.first.setDate(QDate(2026, 9, 30))
    bar._dates.last.setDate(QDate(2026, 9, 1))
    qtbot.keyClick(bar._dates, Qt.Key.Key_Return)
    assert bar.terms.chosen == {"date": ("2026-09-01/2026-09-30",)}
    assert bar.chips() == ["1 September 2026 – 30 September 2026"]


def test_many_chips_take_more_lines_and_nothing_is_cut(bar: FilterBar, qtbot: QtBot) -> None:
    terms = Terms().toggled("kind", "nps").toggled("seen", "no").toggled("language", "de")
    for plan in ("Business", "Team", "Free"):
        terms = terms.toggled("segment:plan", plan)
    bar.set_terms(terms.toggled("segment:region", "EU"))
    bar.resize(420, bar.heightForWidth(420) if bar.hasHeightForWidth() else 80)
    tops = {chip.geometry().top() for chip in bar._chips}
    assert len(tops) > 1
    assert all(bar.rect().contains(chip.mapTo(bar, chip.rect().center())) for chip in bar._chips)
