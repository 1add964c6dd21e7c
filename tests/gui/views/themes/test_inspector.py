"""The inspector shows what is selected, saves what is typed, and tells what is wanted."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QTabBar, QWidget
from pytestqt.qtbot import QtBot
from tests.gui.builders import with_theme
from tests.gui.talks import ARABIC, TALK, loader, mask, talk_view

from themeloom.domain.changes import HistoryEntry
from themeloom.gui.views.themes.inspector import HISTORY, RECORD, Inspector
from themeloom.gui.views.themes.record_text import RecordText
from themeloom.gui.widgets.customer_text import CustomerText
from themeloom.gui.widgets.shown_text import no_mask
from themeloom.services.view import View, with_choices


@pytest.fixture
def view() -> View:
    return talk_view(reviewed=range(5, 30))


@pytest.fixture
def inspector(qtbot: QtBot) -> Inspector:
    widget = Inspector(loader())
    qtbot.addWidget(widget)
    widget.resize(324, 760)
    widget.set_mask(mask)
    with qtbot.waitActive(widget):
        widget.show()
        widget.activateWindow()
    return widget


def _words(widget: QWidget) -> str:
    QApplication.processEvents()  # new rows are shown with the next layout
    labels = [label.text() for label in widget.findChildren(QLabel) if label.isVisible()]
    texts = [text.shown for text in widget.findChildren(CustomerText) if text.isVisible()]
    return "\n".join(labels + texts)


def _described(inspector: Inspector) -> list[tuple[str, str, object]]:
    told: list[tuple[str, str, object]] = []
    inspector.described.connect(lambda *what: told.append(what))
    return told


def test_a_theme_with_its_figures_quotes_and_memo(inspector: Inspector, view: View) -> None:
    inspector.show_themes(view, ["drops"])
    words = _words(inspector)
    assert inspector.theme_page._title.text() == "Calendar sync drops events"
    assert "Records\n20\n31\u00a0% of 65 that say something" in words
    assert "all known" in words
    assert "9 of 20\u00a0excerpts reviewed" in words
    assert "Ticket ZD-48213 · Orla Logistics · row 2,816" in words
    assert f"“{ARABIC}”" in words
    assert "<b>Please</b> write to [EMAIL_7] & fix it." in words
    assert "ines@orla" not in words
    assert inspector.theme_page._memo.toPlainText().startswith("Split series edits")


def test_too_few_records_are_said_in_words(inspector: Inspector, view: View) -> None:
    inspector.show_themes(view, ["manual"])
    assert "Too early to say how it goes" in _words(inspector)


def test_what_is_typed_is_saved_for_the_theme_it_was_typed_for(
    inspector: Inspector, view: View, qtbot: QtBot
) -> None:
    told = _described(inspector)
    inspector.show_themes(view, ["drops"])
    inspector.edit_title()
    qtbot.keyClicks(inspector.theme_page._title, "Sync loses events")
    inspector.show_themes(view, ["manual"])
    assert told == [("drops", "title", "Sync loses events")]
    assert inspector.theme_page._title.text() == "Manual work around the calendar"


def test_a_refresh_leaves_a_field_under_edit_alone(
    inspector: Inspector, view: View, qtbot: QtBot
) -> None:
    inspector.show_themes(view, ["drops"])
    memo = inspector.theme_page._memo
    memo.setFocus()
    qtbot.keyClicks(memo, "Half a thought")
    changed = with_choices(view, with_theme(view.choices, "drops", title="Renamed", memo="Other"))
    inspector.show_themes(changed, ["drops"])
    assert "Half a thought" in memo.toPlainText()
    assert inspector.theme_page._title.text() == "Renamed"


@pytest.mark.parametrize("field", ["definition", "memo"])
def test_each_field_is_saved_on_its_own(
    inspector: Inspector, view: View, qtbot: QtBot, field: str
) -> None:
    told = _described(inspector)
    inspector.show_themes(view, ["manual"])
    widget = getattr(inspector.theme_page, f"_{field}")
    widget.setFocus()
    qtbot.keyClicks(widget, "What belongs here")
    inspector.theme_page._title.setFocus()
    assert told == [("manual", field, "What belongs here")]


def test_key_phrases_are_told_as_a_whole(inspector: Inspector, view: View, qtbot: QtBot) -> None:
    told = _described(inspector)
    inspector.show_themes(view, ["manual"])
    inspector.theme_page._chips._chips[0].setFocus()
    qtbot.keyClick(inspector.theme_page._chips._chips[0], Qt.Key.Key_Delete)
    assert told == [("manual", "key_phrases", ["check by hand"])]


def test_leaving_for_nothing_unsorted_or_several_saves(
    inspector: Inspector, view: View, qtbot: QtBot
) -> None:
    told = _described(inspector)
    leaving: list[Callable[[], None]] = [
        lambda: inspector.show_themes(view, []),
        lambda: inspector.show_unsorted(view),
        lambda: inspector.show_themes(view, ["drops", "slow"]),
        lambda: inspector.go_to(HISTORY),
    ]
    for number, leave in enumerate(leaving):
        inspector.show_themes(view, ["drops"])
        inspector.edit_title()
        qtbot.keyClicks(inspector.theme_page._title, f"Title {number}")
        leave()
        assert told[-1] == ("drops", "title", f"Title {number}")


def test_several_themes_offer_to_merge(inspector: Inspector, view: View, qtbot: QtBot) -> None:
    inspector.show_themes(view, ["drops", "slow", "manual"])
    words = _words(inspector)
    assert "3\u00a0themes selected" in words
    assert "Together 35\u00a0records. 1\u00a0record in more than one of them." in words
    assert "1\u00a0theme locked." in words
    with qtbot.waitSignal(inspector.merge_asked) as told:
        inspector.selection_page._merge.click()
    assert sorted(told.args[0] if told.args else []) == ["drops", "manual", "slow"]


def test_a_group_and_a_theme_are_not_offered_to_merge(inspector: Inspector, view: View) -> None:
    button = inspector.selection_page._merge
    inspector.show_themes(view, ["g-sync", "slow"])
    assert "1\u00a0group and 1\u00a0theme selected" in _words(inspector)
    assert not button.isEnabled()
    assert "A group cannot be merged with a theme" in button.toolTip()
    assert button.toolTip() in _words(inspector)
    inspector.set_read_only(False)
    assert not button.isEnabled()
    inspector.show_themes(view, ["drops", "slow"])
    assert button.isEnabled()
    assert not button.toolTip()


def test_a_group_lists_its_themes(inspector: Inspector, view: View, qtbot: QtBot) -> None:
    inspector.show_themes(view, ["g-sync"])
    assert "Themes in this group" in _words(inspector)
    links = {
        button.accessibleName(): button
        for button in inspector.findChildren(QAbstractButton)
        if button.isVisible()
    }
    with qtbot.waitSignal(inspector.theme_clicked) as told:
        links["Go to theme Two-way sync takes too long"].click()
    assert told.args == ["slow"]


def test_unsorted_says_what_it_is_and_why(inspector: Inspector, view: View) -> None:
    inspector.show_unsorted(view)
    words = _words(inspector)
    assert "16\u00a0excerpts unsorted" in words
    assert "It is not close to any theme: 16" in words


def test_the_lock_is_asked_for_and_shown(inspector: Inspector, view: View, qtbot: QtBot) -> None:
    inspector.show_themes(view, ["drops"])
    with qtbot.waitSignal(inspector.lock_asked) as told:
        inspector._lock.click()
    assert told.args == [["drops"], True]
    inspector.show_themes(view, ["manual"])
    assert inspector._lock.text() == "Locked"
    with qtbot.waitSignal(inspector.lock_asked) as told:
        inspector._lock.click()
    assert told.args == [["manual"], False]


def test_the_record_with_speakers_excerpts_and_facts(inspector: Inspector, view: View) -> None:
    inspector.go_to(RECORD)
    inspector.show_excerpt(view, 3)
    words = _words(inspector.record_page)
    assert "[NAME_4]  But we keep a second spreadsheet" in words
    assert f"Interviewer  {TALK[0][1]}" in words
    assert "Ines" not in words
    assert "Orla Logistics" in words
    assert "Operations lead" in words
    assert "interviews/orla-2026-09.docx, paragraph 3" in words
    names = {button.text() for button in inspector.record_page.findChildren(QAbstractButton)}
    assert {"Manual work around the calendar", "Pricing jump at renewal"} <= names


def test_the_hidden_record_tab_reads_nothing(qtbot: QtBot, view: View) -> None:
    asked: list[str] = []

    def load(record_id: str, then: Callable[[RecordText | None], None]) -> None:
        asked.append(record_id)
        loader()(record_id, then)

    inspector = Inspector(load)
    qtbot.addWidget(inspector)
    inspector.show()
    for excerpt in (3, 8, 9):
        inspector.show_excerpt(view, excerpt)
    assert asked == []
    inspector.go_to(RECORD)
    assert len(asked) == 1
    assert inspector.record_page._record.excerpt == 9


def test_a_late_answer_for_another_record_is_dropped(qtbot: QtBot, view: View) -> None:
    waiting: list[tuple[str, Callable[[RecordText | None], None]]] = []
    inspector = Inspector(lambda record_id, then: waiting.append((record_id, then)))
    qtbot.addWidget(inspector)
    inspector.show()
    inspector.go_to(RECORD)
    inspector.show_excerpt(view, 3)
    assert TALK[2][1] in _words(inspector.record_page)  # the excerpt itself is there at once
    inspector.show_excerpt(view, 9)
    late = waiting[0]
    loader()(late[0], late[1])
    assert "Interviewer" not in _words(inspector.record_page)


def test_personal_data_is_shown_when_asked_for(inspector: Inspector, view: View) -> None:
    inspector.go_to(RECORD)
    inspector.show_excerpt(view, 3)
    inspector.set_mask(no_mask)
    assert "ines@orla.example" in _words(inspector.record_page)


def test_history_goes_back_to_a_step(inspector: Inspector, view: View, qtbot: QtBot) -> None:
    entries = [
        HistoryEntry(1, "2026-11-26T09:01:00+00:00", "import of tickets-q3.csv", False),
        HistoryEntry(2, "2026-11-26T09:02:00+00:00", "lock of Calendar sync drops events", False),
        HistoryEntry(3, "2026-11-26T09:03:00+00:00", "rename of Price to Pricing", False),
        HistoryEntry(4, "2026-11-26T09:04:00+00:00", "deletion of 2 themes", True),
    ]
    inspector.show_themes(view, ["drops"])
    inspector.show_history(entries)
    inspector.go_to(HISTORY)
    page = inspector.history_page
    shown = [page._model.index(row).data() for row in range(page._model.rowCount())]
    assert shown[0] == "Deletion of 2 themes"
    assert page._button.text() == "Redo up to here"
    page._list.setCurrentIndex(page._model.index(1))
    assert not page._button.isEnabled()  # things stand there now
    page._list.setCurrentIndex(page._model.index(3))
    assert page._button.text() == "Undo back to here"
    with qtbot.waitSignal(inspector.jump) as told:
        page._button.click()
    assert told.args == [1]
    page._own.click()
    assert page._model.rowCount() == 1
    assert page._model.index(0).data() == "Lock of Calendar sync drops events"


def test_read_only_can_be_read_and_not_changed(inspector: Inspector, view: View) -> None:
    inspector.set_read_only(True)
    inspector.show_themes(view, ["drops"])
    assert inspector.theme_page._title.isReadOnly()
    assert not inspector._lock.isEnabled()
    inspector.show_themes(view, ["drops", "slow"])
    assert not inspector.selection_page._merge.isEnabled()


def test_every_control_has_a_name(inspector: Inspector, view: View) -> None:
    inspector.show_themes(view, ["drops"])
    inspector.show_excerpt(view, 3)
    for tab in range(3):
        inspector.go_to(tab)
        nameless = [
            widget
            for widget in inspector.findChildren(QWidget)
            if widget.isVisible()
            and widget.focusPolicy() != Qt.FocusPolicy.NoFocus
            and not widget.accessibleName()
            and not getattr(widget, "text", lambda: "")()
        ]
        assert not nameless


def test_the_names_of_the_tabs_are_never_cut(inspector: Inspector) -> None:
    tabs = inspector.findChild(QTabBar)
    assert tabs is not None
    wanted = sum(tabs.tabRect(place).width() for place in range(tabs.count()))
    assert tabs.minimumSizeHint().width() >= wanted
