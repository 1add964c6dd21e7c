"""The review: one excerpt after the other by keyboard, in its record, with a suggestion."""

import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

import polars as pl
from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from themeloom.gui.look import sizes
from themeloom.gui.views.themes.picker import ThemePicker
from themeloom.gui.views.themes.record_text import LoadRecord, RecordText
from themeloom.gui.views.themes.review.done_pane import DonePane
from themeloom.gui.views.themes.review.excerpt_card import ExcerptInPlace
from themeloom.gui.views.themes.review.head import ReviewFoot, ReviewHead
from themeloom.gui.views.themes.review.session import Act, ReviewSession, Step
from themeloom.gui.views.themes.review.suggestion import (
    FindNear,
    Suggestion,
    excerpt_row,
    suggest,
)
from themeloom.gui.views.themes.review.suggestion_card import SuggestionCard
from themeloom.gui.views.themes.review.summary import Summary
from themeloom.gui.widgets.pane import Line, ScrollPage
from themeloom.gui.widgets.shown_text import Mask, masked, no_mask
from themeloom.services.likeness import NearTheme
from themeloom.services.view import View

_WIDTH = 776
#: Below these there is no room for what was done so far, or for much of the record.
_NARROW, _LOW = 820, 620
#: Records and nearest themes kept for going back and forth.
_KEPT = 40
_SPLIT_FROM = 12

_K = TypeVar("_K")
_V = TypeVar("_V")


class ReviewView(QWidget):
    """Takes the place of the three panes while a person reviews.

    It changes nothing itself. Each ``decided`` is one edit; ``undo_asked`` takes the last back.
    """

    decided = Signal(object)  # Step, never of Act.SPLIT
    split_asked = Signal(object)  # inner numbers of excerpts that can be split off, newest first
    undo_asked = Signal()
    left = Signal()
    keys_asked = Signal()
    quick_look_asked = Signal(int)  # inner number
    #: Title of a theme to make for the current excerpt, also. Once it is made: call ``split_off``.
    theme_wanted = Signal(str, bool)

    def __init__(
        self,
        load: LoadRecord,
        find_near: FindNear,
        parent: QWidget | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Nothing is reviewed yet.

        Args:
            load: reads a record's text.
            find_near: finds the themes nearest to an excerpt.
            parent: the place.
            clock: seconds that only ever grow.
        """
        super().__init__(parent)
        self._load, self._find_near, self._clock = load, find_near, clock
        self._view: View | None = None
        self._mask: Mask = no_mask
        self._session = ReviewSession((), clock)
        self._records: dict[str, RecordText | None] = {}
        self._near: dict[int, Sequence[NearTheme]] = {}
        self._rows: dict[int, dict[str, Any] | None] = {}
        self._suggestion: Suggestion | None = None
        self._scope = ""
        self._short = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Review"))
        self._make_parts()
        self._lay_out()

    # --- from outside

    @property
    def session(self) -> ReviewSession:
        """Where the review stands."""
        return self._session

    def begin(self, view: View, queue: Sequence[int], scope: str) -> None:
        """Review ``queue`` (inner numbers, in that order); ``scope`` says what it is of."""
        self._view, self._scope = view, scope
        self._near.clear()
        self._rows.clear()
        self._session = ReviewSession(queue, self._clock)
        self._show()
        self.setFocus()

    def show_view(self, view: View) -> None:
        """Take what an edit has changed."""
        self._view = view
        self._rows.clear()
        waiting = pl.Series(self._session.queue, dtype=pl.Int64)
        self._session.keep(
            frozenset(
                view.excerpts["excerpt"].filter(view.excerpts["excerpt"].is_in(waiting.implode()))
            )
        )
        self._show()

    def set_mask(self, mask: Mask) -> None:
        """Mask personal data in another way."""
        self._mask = mask
        if not self.isHidden():  # else it would take the keyboard out of sight
            self._show()

    def split_off(
        self,
        title: str,
        excerpts: Sequence[int],
        theme_id: str | None = None,
        *,
        also: bool = False,
    ) -> None:
        """Count excerpts as split off into the theme that was made for them, or as ``also`` in it."""
        act = Act.ALSO if also else Act.SPLIT
        self._session.decide(act, theme_id, title=title, excerpts=excerpts)
        self._show()
        self.setFocus()

    def undone(self) -> None:
        """Step back: the project takes the last decision back."""
        self._session.undo()
        self._show()

    # --- what a person does

    def accept(self) -> None:
        """The suggested theme is right."""
        suggestion = self._suggestion
        if suggestion is None:
            return
        self._decide(Act.ACCEPTED, suggestion.theme_id)

    def unsort(self) -> None:
        """It belongs nowhere."""
        self._decide(Act.UNSORTED)

    def pick(self, *, also: bool = False) -> None:
        """Open the picker; ``also`` for a second theme."""
        if self._view is None or self._session.finished:
            return
        held = [self._suggestion.theme_id] if self._suggestion and also else []
        # Both are being decided of: the picker opens below the one or above the other.
        top = self.excerpt.card.mapToGlobal(QPoint(0, 0))
        bottom = self._card.mapToGlobal(self._card.rect().bottomRight())
        self.picker.pick(self._view, QRect(top, bottom), also=also, without=held)

    def split(self) -> None:
        """Put this excerpt and others before it into a theme of their own."""
        current = self._session.current
        if current is None:
            return
        before = [one for step in self._session.last for one in step.excerpts]
        found = list(dict.fromkeys([current, *before]))
        self.split_asked.emit(found[:_SPLIT_FROM])

    def skip(self) -> None:
        """Go on without deciding."""
        self._session.skip()
        self._show()

    def back(self) -> None:
        """Go to the excerpt before."""
        self._session.back()
        self._show()

    def undo(self) -> None:
        """Ask that the last decision be taken back; ``undone`` is called where it can be."""
        if self._session.can_undo:
            self.undo_asked.emit()

    def leave(self) -> None:
        """Go back to the three panes."""
        self.picker.hide()
        self.left.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, what helps to decide comes first."""
        super().resizeEvent(event)
        self.done_pane.setVisible(self.width() >= sizes.px(_NARROW))
        short = self.height() < sizes.px(_LOW)
        if short != self._short:
            self._short = short
            self._show()

    # --- keys

    def event(self, event: QEvent) -> bool:
        """Keys of the review go before the window's."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            undo = event.matches(QKeySequence.StandardKey.Undo)
            if (undo and self._session.can_undo) or self._deed_of(event) is not None:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """One key, one deed."""
        if event.matches(QKeySequence.StandardKey.Undo) and self._session.can_undo:
            self.undo()
            return
        deed = self._deed_of(event)
        if deed is None:
            super().keyPressEvent(event)
            return
        # A key that is held down must not decide of excerpts that nobody read.
        if not event.isAutoRepeat():
            deed()

    def _deed_of(self, event: QKeyEvent) -> Callable[[], None] | None:
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.text() == "?":
            return self.keys_asked.emit
        if modifiers != Qt.KeyboardModifier.NoModifier:
            return None
        key = event.key()
        if key == Qt.Key.Key_Escape:
            return self.leave
        deeds: dict[int, Callable[[], None]] = {
            Qt.Key.Key_A: self.accept,
            Qt.Key.Key_T: self.pick,
            Qt.Key.Key_2: self._pick_second,
            Qt.Key.Key_U: self.unsort,
            Qt.Key.Key_S: self.split,
            Qt.Key.Key_Right: self.skip,
            Qt.Key.Key_Left: self.back,
            Qt.Key.Key_Space: self._look,
        }
        if self._session.finished and key != Qt.Key.Key_Left:
            return None
        return deeds.get(key)

    def _on_hint(self, keys: str) -> None:
        """Do what a key does; the hints at the foot are for the mouse."""
        deeds: dict[str, Callable[[], None]] = {
            "A": self.accept,
            "T": self.pick,
            "2": self._pick_second,
            "U": self.unsort,
            "S": self.split,
            "Right": self.skip,
            "Left": self.back,
            "Ctrl+Z": self.undo,
            "?": self.keys_asked.emit,
        }
        deeds[keys]()

    def _pick_second(self) -> None:
        self.pick(also=True)

    def _look(self) -> None:
        if self._session.current is not None:
            self.quick_look_asked.emit(self._session.current)

    # --- deciding

    def _decide(self, act: Act, theme_id: str | None = None, title: str = "") -> None:
        step = self._session.decide(act, theme_id, title=title)
        if step is not None:
            self.decided.emit(step)
            self._show()

    def _on_chosen(self, theme_id: str, also: bool) -> None:
        suggestion = self._suggestion
        # Without a theme there is nothing that a second one could be second to.
        if also and suggestion is not None and suggestion.holds:
            self._decide(Act.ALSO, theme_id)
        elif suggestion is not None and suggestion.theme_id == theme_id:
            self._decide(Act.ACCEPTED, theme_id)
        else:
            self._decide(Act.MOVED, theme_id)
        self.setFocus()

    def _on_created(self, title: str, also: bool) -> None:
        holds = self._suggestion is not None and self._suggestion.holds
        self.theme_wanted.emit(title, also and holds)
        self.setFocus()

    # --- showing

    def _show(self) -> None:
        session = self._session
        self._head.show_session(session, self._scope)
        self.done_pane.show_session(session, self._text_of, self._title_of)
        row = self._row(session.current)
        if self._view is None or row is None:
            self._suggestion = None
            self._pages.setCurrentWidget(self._end)
            self.summary.show_session(session)
            return
        if self._pages.currentWidget() is not self._page:
            self._pages.setCurrentWidget(self._page)
            self.setFocus()
        excerpt = int(row["excerpt"])
        self._suggestion = suggest(self._view, row, self._near.get(excerpt))
        step = session.decision(excerpt)
        self._card.show_suggestion(self._suggestion, self._decided_words(step), self._mask)
        shared = self._suggestion.shared if self._suggestion else ()
        color = self._suggestion.color if self._suggestion else -1
        record = self._records.get(row["record_id"])
        self.excerpt.show_excerpt(row, record, shared, color, self._mask, short=self._short)
        self.setAccessibleDescription(f"{self.excerpt.shown}. {self._card.words}")
        self._fetch(excerpt, row["record_id"])
        self._prefetch()

    def _scroll(self) -> None:
        """Bring excerpt and suggestion into sight; of a long excerpt its beginning."""
        gap = sizes.px(12)
        self._page.ensureWidgetVisible(self._card, 0, gap)
        bar = self._page.verticalScrollBar()
        seen = self.excerpt.card.mapTo(self._page.viewport(), QPoint(0, 0)).y()
        top = seen + bar.value() - gap
        bar.setValue(min(bar.value(), max(top, 0)))

    def _decided_words(self, step: Step | None) -> str:
        if step is None:
            return ""
        return {
            Act.ACCEPTED: self.tr("You accepted"),
            Act.MOVED: self.tr("You moved it to"),
            Act.ALSO: self.tr("You kept, and added a second theme"),
            Act.UNSORTED: self.tr("You left it unsorted; nearest"),
            Act.SPLIT: self.tr("You split it off to"),
        }[step.act]

    def _row(self, excerpt: int | None) -> dict[str, Any] | None:
        if self._view is None or excerpt is None:
            return None
        if excerpt not in self._rows:
            _make_room(self._rows)
            self._rows[excerpt] = excerpt_row(self._view, excerpt)
        return self._rows[excerpt]

    def _text_of(self, excerpt: int) -> str:
        row = self._row(excerpt)
        return masked(row["text"], self._mask) if row else ""

    def _title_of(self, theme_id: str) -> str:
        if self._view is None:
            return ""
        found = self._view.themes.filter(pl.col("theme_id") == theme_id)["title"]
        return str(found[0]) if found.len() else ""

    # --- what is read off the GUI thread

    def _fetch(self, excerpt: int, record_id: str) -> None:
        if record_id not in self._records:
            _make_room(self._records)
            self._records[record_id] = None
            self._load(record_id, self._receive_record)
        if excerpt not in self._near:
            self._find_near(excerpt, lambda near: self._receive_near(excerpt, near))

    def _prefetch(self) -> None:
        row = self._row(self._session.upcoming)
        if row is not None and row["record_id"] not in self._records:
            _make_room(self._records)
            self._records[row["record_id"]] = None
            self._load(row["record_id"], self._receive_record)

    def _receive_record(self, record: RecordText | None) -> None:
        if record is None:
            return
        known = self._records.get(record.record_id)
        self._records[record.record_id] = record
        if known is None and self._current_record() == record.record_id:
            self._show()

    def _receive_near(self, excerpt: int, near: Sequence[NearTheme]) -> None:
        _make_room(self._near)
        self._near[excerpt] = near
        if excerpt == self._session.current:
            self._show()

    def _current_record(self) -> str | None:
        row = self._row(self._session.current)
        return row["record_id"] if row else None

    # --- its parts

    def _make_parts(self) -> None:
        self.excerpt = ExcerptInPlace(self)
        self._card = SuggestionCard(self)
        self._card.accepted.connect(self.accept)
        self._card.other_chosen.connect(partial(self._on_chosen, also=False))
        self.done_pane = DonePane(self)
        self.summary = Summary(self)
        self.summary.again.connect(self._on_again)
        self.summary.leave.connect(self.leave)
        self.picker = ThemePicker(self)
        self.picker.chosen.connect(self._on_chosen)
        self.picker.created.connect(self._on_created)
        self._head = ReviewHead(self)
        self._head.leave.connect(self.leave)

    def _lay_out(self) -> None:
        self._page = ScrollPage(self, margin=24, gap=16)
        self._page.verticalScrollBar().rangeChanged.connect(self._scroll)
        column = QWidget()
        column.setMaximumWidth(sizes.px(_WIDTH))
        inside = QVBoxLayout(column)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(sizes.px(16))
        inside.addWidget(self.excerpt)
        inside.addWidget(self._card)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(column, 100)
        row.addStretch(1)
        self._page.parts.addLayout(row)
        self._page.parts.addStretch(1)
        end = QWidget()
        around = QHBoxLayout(end)
        around.setContentsMargins(sizes.px(48), sizes.px(48), sizes.px(48), sizes.px(24))
        around.addWidget(self.summary)
        self._pages = QStackedWidget(self)
        self._pages.setProperty("pane", "surface")
        self._pages.addWidget(self._page)
        self._pages.addWidget(end)
        self._end = end
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(self._head)
        left.addWidget(Line(self))
        left.addWidget(self._pages, 1)
        left.addWidget(Line(self))
        foot = ReviewFoot(self)
        foot.asked.connect(self._on_hint)
        left.addWidget(foot)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(1)
        layout.addLayout(left, 1)
        layout.addWidget(self.done_pane)

    def _on_again(self) -> None:
        self._session.again()
        self._show()
        self.setFocus()


def _make_room(kept: dict[_K, _V]) -> None:
    while len(kept) >= _KEPT:
        kept.pop(next(iter(kept)))
