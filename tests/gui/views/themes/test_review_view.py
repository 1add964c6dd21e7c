"""Reviewing by keyboard: one key, one deed, the next excerpt at once."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from time import process_time

import polars as pl
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from tests.gui.builders import with_theme
from tests.gui.talks import loader, mask, talk_view

from themeloom.gui.views.themes.review.review_view import ReviewView
from themeloom.gui.views.themes.review.session import Act, Step
from themeloom.services.likeness import NearTheme, Shared
from themeloom.services.view import View, with_choices


class _Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def _near(excerpt: int, then: Callable[[Sequence[NearTheme]], None]) -> None:
    shared = (Shared("second spreadsheet", 3, 10, 28),) if excerpt == 3 else ()
    then(
        [
            NearTheme("drops", "Good", shared, 41, True),
            NearTheme("manual", "Weak", (), 12, False),
        ]
    )


@pytest.fixture
def clock() -> _Clock:
    return _Clock()


@pytest.fixture
def review(qtbot: QtBot, clock: _Clock) -> ReviewView:
    view = talk_view()
    widget = ReviewView(loader(), _near, clock=clock)
    qtbot.addWidget(widget)
    widget.resize(1200, 700)
    widget.set_mask(mask)
    able = view.excerpts.filter(pl.col("left_out").is_null())["excerpt"].to_list()
    widget.begin(view, [3, *(one for one in able if one != 3)][:20], "Calendar sync")
    with qtbot.waitActive(widget):
        widget.show()
        widget.activateWindow()
    widget.setFocus()
    return widget


def _steps(review: ReviewView) -> list[Step]:
    steps: list[Step] = []
    review.decided.connect(steps.append)
    return steps


def _texts(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def test_it_shows_the_excerpt_in_its_record_with_the_reason(review: ReviewView) -> None:
    assert "[EMAIL_7] checks it on Monday" in review.excerpt.shown
    assert "ines@orla" not in review.excerpt.shown
    words = review._card.words
    assert "Calendar sync drops events" in words
    assert "Because it shares “second spreadsheet” with 41 confirmed excerpts." in words
    assert "Next best: Manual work around the calendar (weak)" in words
    assert "0 of 20" in _texts(review)
    assert "What happens at the end of the week" in review.excerpt._before.shown


def test_a_accepts_and_u_unsorts(review: ReviewView, qtbot: QtBot) -> None:
    steps = _steps(review)
    qtbot.keyClick(review, Qt.Key.Key_A)
    second = review.session.current
    qtbot.keyClick(review, Qt.Key.Key_U)
    assert [(step.act, step.excerpts) for step in steps] == [
        (Act.ACCEPTED, (3,)),
        (Act.UNSORTED, (second,)),
    ]
    assert steps[0].theme_id == "drops"
    assert "2 of 20" in _texts(review)


def _click(qtbot: QtBot, review: ReviewView, name: str) -> None:
    QApplication.processEvents()  # links of the next best are shown in the next turn
    found = [one for one in review.findChildren(QPushButton) if one.accessibleName() == name]
    shown = [one for one in found if one.isVisible()]
    assert shown, name
    assert shown[-1].cursor().shape() == Qt.CursorShape.PointingHandCursor
    qtbot.mouseClick(shown[-1], Qt.MouseButton.LeftButton)


def test_the_mouse_does_what_the_keys_do(review: ReviewView, qtbot: QtBot) -> None:
    steps = _steps(review)
    _click(qtbot, review, "Unsort")
    _click(qtbot, review, "Accept")
    _click(qtbot, review, "Skip")
    _click(qtbot, review, "Move to Manual work around the calendar")
    assert [(step.act, step.theme_id) for step in steps] == [
        (Act.UNSORTED, None),
        (Act.ACCEPTED, "drops"),
        (Act.MOVED, "manual"),
    ]
    _click(qtbot, review, "Also fits")
    assert review.picker.isVisible()
    review.picker.hide()
    assert QApplication.focusWidget() is review, "the keys go on working"
    with qtbot.waitSignal(review.undo_asked):
        _click(qtbot, review, "Undo")


def with_many_themes(view: View) -> View:
    """Return the view with twenty themes more."""
    like = view.themes.filter(pl.col("theme_id") == "manual")
    more = [
        like.with_columns(theme_id=pl.lit(f"more {n}"), title=pl.lit(f"More of {n}"))
        for n in range(20)
    ]
    return replace(view, themes=pl.concat([view.themes, *more]))


def test_t_moves_it_to_what_is_picked(review: ReviewView, qtbot: QtBot) -> None:
    steps = _steps(review)
    qtbot.keyClick(review, Qt.Key.Key_T)
    assert review.picker.isVisible()
    qtbot.keyClicks(review.picker.field, "manual w")
    qtbot.keyClick(review.picker.field, Qt.Key.Key_Return)
    assert [(step.act, step.theme_id) for step in steps] == [(Act.MOVED, "manual")]
    assert not review.picker.isVisible()


def test_the_picker_covers_neither_excerpt_nor_suggestion(review: ReviewView, qtbot: QtBot) -> None:
    qtbot.keyClick(review, Qt.Key.Key_T)
    bottom = review._card.mapToGlobal(QPoint(0, review._card.height())).y()
    top = review.excerpt.mapToGlobal(QPoint(0, 0)).y()
    frame = review.picker.geometry()
    assert frame.top() >= bottom or frame.bottom() <= top


@pytest.mark.parametrize("room", [30, 120, 200, 300])
def test_the_picker_covers_nothing_however_little_room_is_below(
    review: ReviewView, qtbot: QtBot, room: int
) -> None:
    """Themes are many, so the whole list would be higher than the room below."""
    assert review._view is not None
    review.show_view(with_many_themes(review._view))
    low = review._card.mapToGlobal(review._card.rect().bottomLeft()).y()
    review.move(0, review.y() + review.screen().availableGeometry().bottom() - room - low)
    QApplication.processEvents()
    qtbot.keyClick(review, Qt.Key.Key_T)
    for part in (review.excerpt.card, review._card):
        box = QRect(part.mapToGlobal(QPoint(0, 0)), part.size())
        assert not review.picker.geometry().intersects(box)
    qtbot.keyClicks(review.picker.field, "manual w")
    below = review._card.mapToGlobal(review._card.rect().bottomLeft()).y()
    above = review.excerpt.card.mapToGlobal(QPoint(0, 0)).y()
    frame = review.picker.geometry()
    assert min(abs(frame.top() - below), abs(frame.bottom() - above)) <= 8, "it stays beside it"
    review.picker.hide()


def test_2_gives_a_second_theme(review: ReviewView, qtbot: QtBot) -> None:
    steps = _steps(review)
    qtbot.keyClick(review, Qt.Key.Key_2)
    assert "Calendar sync drops events" not in [row.text for row in review.picker.rows()]
    qtbot.keyClicks(review.picker.field, "price")
    qtbot.keyClick(review.picker.field, Qt.Key.Key_Return)
    assert [(step.act, step.theme_id) for step in steps] == [(Act.ALSO, "price")]


def test_picking_the_suggested_theme_is_accepting(review: ReviewView, qtbot: QtBot) -> None:
    steps = _steps(review)
    qtbot.keyClick(review, Qt.Key.Key_T)
    qtbot.keyClicks(review.picker.field, "calendar sync d")
    qtbot.keyClick(review.picker.field, Qt.Key.Key_Return)
    assert [step.act for step in steps] == [Act.ACCEPTED]


def test_a_title_that_is_not_there_asks_for_a_new_theme(review: ReviewView, qtbot: QtBot) -> None:
    qtbot.keyClick(review, Qt.Key.Key_T)
    qtbot.keyClicks(review.picker.field, "Friday checks")
    with qtbot.waitSignal(review.theme_wanted) as told:
        qtbot.keyClick(review.picker.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert told.args == ["Friday checks", False]
    assert review.session.current == 3
    review.split_off("Friday checks", [3], "T-9")
    assert review.session.done == 1


def test_arrows_skip_and_go_back(review: ReviewView, qtbot: QtBot) -> None:
    steps = _steps(review)
    qtbot.keyClick(review, Qt.Key.Key_Right)
    assert review.session.current != 3
    qtbot.keyClick(review, Qt.Key.Key_Left)
    assert review.session.current == 3
    assert steps == []


def test_a_click_into_the_text_leaves_the_keys_to_the_review(
    review: ReviewView, qtbot: QtBot
) -> None:
    qtbot.mouseClick(review.excerpt._excerpt.viewport(), Qt.MouseButton.LeftButton)
    focused = QApplication.focusWidget()
    assert focused is review
    qtbot.keyClick(focused, Qt.Key.Key_Right)
    assert review.session.current != 3


def test_an_edit_elsewhere_refreshes_what_is_shown(review: ReviewView) -> None:
    view = talk_view()
    renamed = with_choices(view, with_theme(view.choices, "drops", title="Sync loses events"))
    review.show_view(renamed)
    assert "Sync loses events" in review._card.words
    assert review.session.current == 3
    assert "second spreadsheet" in review.accessibleDescription()


def test_excerpts_that_are_gone_are_not_shown(review: ReviewView) -> None:
    view = talk_view()
    review.show_view(replace(view, excerpts=view.excerpts.filter(pl.col("excerpt") > 7)))
    assert review.session.current == 8


def test_in_the_smallest_window_excerpt_and_suggestion_are_in_sight(review: ReviewView) -> None:
    review.resize(800, 470)
    QApplication.processEvents()
    page = review._page.viewport().rect()
    for part in (review.excerpt.card, review._card):
        assert page.contains(part.mapTo(review._page.viewport(), part.rect().center()))
    assert not review.done_pane.isVisible()


def test_undo_takes_the_last_decision_back(review: ReviewView, qtbot: QtBot) -> None:
    asked: list[None] = []
    review.undo_asked.connect(lambda: asked.append(None))
    control = Qt.KeyboardModifier.ControlModifier
    qtbot.keyClick(review, Qt.Key.Key_Z, control)
    assert asked == []  # nothing of this review to take back: the window's own undo has it
    qtbot.keyClick(review, Qt.Key.Key_A)
    qtbot.keyClick(review, Qt.Key.Key_Z, control)
    assert len(asked) == 1
    assert review.session.done == 1  # it stands until the project can take it back
    review.undone()
    assert review.session.current == 3
    assert review.session.done == 0


def test_s_offers_this_one_and_the_last_ones(review: ReviewView, qtbot: QtBot) -> None:
    qtbot.keyClick(review, Qt.Key.Key_A)
    with qtbot.waitSignal(review.split_asked) as told:
        qtbot.keyClick(review, Qt.Key.Key_S)
    current = review.session.current
    assert told.args == [[current, 3]]
    assert current is not None
    review.split_off("Friday checks", [current, 3], "T-9")
    assert review.session.counts()[Act.SPLIT] == 2


def test_a_key_that_is_held_down_decides_once(review: ReviewView) -> None:
    steps = _steps(review)
    QTest.keyPress(review, Qt.Key.Key_A)
    again = QKeyEvent(
        QKeyEvent.Type.KeyPress, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier, "a", True
    )
    QApplication.sendEvent(review, again)
    QTest.keyRelease(review, Qt.Key.Key_A)
    assert len(steps) == 1


def test_the_end_says_what_was_done_and_offers_the_skipped(
    review: ReviewView, qtbot: QtBot
) -> None:
    qtbot.keyClick(review, Qt.Key.Key_Right)
    while not review.session.finished:
        qtbot.keyClick(review, Qt.Key.Key_A)
    assert "19 of 20" in review.summary.words
    assert "19 accepted" in review.summary.words
    review.summary._again.click()
    assert review.session.current == 3
    qtbot.keyClick(review, Qt.Key.Key_A)
    assert "All 20" in review.summary.words


def test_esc_leaves(review: ReviewView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(review.left):
        qtbot.keyClick(review, Qt.Key.Key_Escape)


def test_the_question_mark_and_space_ask_for_more(review: ReviewView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(review.keys_asked):
        qtbot.keyClicks(review, "?")
    with qtbot.waitSignal(review.quick_look_asked) as told:
        qtbot.keyClick(review, Qt.Key.Key_Space)
    assert told.args == [3]


def test_the_time_left_is_said_in_words(review: ReviewView, qtbot: QtBot, clock: _Clock) -> None:
    for _n in range(4):
        clock.now += 12
        qtbot.keyClick(review, Qt.Key.Key_A)
    assert "about 3 min left" in _texts(review)


def test_nothing_to_review_says_so(review: ReviewView) -> None:
    review.begin(talk_view(), [], "")
    assert "Nothing to review" in review.summary.words


def test_twenty_keys_a_minute_are_no_work_for_the_window(review: ReviewView, qtbot: QtBot) -> None:
    began = process_time()
    for _n in range(10):
        qtbot.keyClick(review, Qt.Key.Key_A)
    assert (process_time() - began) / 10 < 0.25
