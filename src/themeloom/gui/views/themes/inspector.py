"""The right pane of the Themes place: theme, record, history."""

from collections.abc import Sequence

import polars as pl
from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QSizePolicy,
    QStackedWidget,
    QTabBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from themeloom.domain.changes import HistoryEntry
from themeloom.domain.themes import Level, Status
from themeloom.gui.look import sizes
from themeloom.gui.look.icons import icon
from themeloom.gui.views.themes.history_page import HistoryPage
from themeloom.gui.views.themes.record_page import RecordPage
from themeloom.gui.views.themes.record_text import LoadRecord
from themeloom.gui.views.themes.selection_page import SelectionPage
from themeloom.gui.views.themes.theme_page import ThemePage
from themeloom.gui.widgets.pane import Line
from themeloom.gui.widgets.shown_text import Mask
from themeloom.services.view import View

THEME, RECORD, HISTORY = range(3)


class Inspector(QWidget):
    """Three tabs about what is selected, and the lock of the theme.

    It changes nothing itself: it tells what a person wants.
    """

    described = Signal(str, str, object)  # theme id; title, definition, memo, key_phrases; value
    choose_quotes = Signal(str)  # theme id
    lock_asked = Signal(object, bool)  # theme ids, locked from now on
    merge_asked = Signal(object)  # theme ids
    theme_clicked = Signal(str)
    excerpt_clicked = Signal(int)  # inner number
    primary_asked = Signal(int, str)  # inner number of the excerpt, theme id
    take_off_asked = Signal(int, str)
    jump = Signal(int)  # seq

    def __init__(self, load: LoadRecord, parent: QWidget | None = None) -> None:
        """``load`` reads a record's text off the GUI thread."""
        super().__init__(parent)
        self.setProperty("pane", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Inspector"))
        self._view: View | None = None
        self._theme_ids: list[str] = []
        self._unsorted = False
        self._read_only = False
        self._make_tabs()
        self.theme_page = ThemePage(self)
        self.selection_page = SelectionPage(self)
        self.record_page = RecordPage(load, self)
        self.history_page = HistoryPage(self)
        self._first = QStackedWidget(self)
        self._first.addWidget(self.selection_page)
        self._first.addWidget(self.theme_page)
        self._pages = QStackedWidget(self)
        for page in (self._first, self.record_page, self.history_page):
            self._pages.addWidget(page)
        self._connect()
        head = QHBoxLayout()
        head.setContentsMargins(sizes.px(8), 0, sizes.px(8), 0)
        head.addWidget(self._tabs)
        head.addStretch()
        head.addWidget(self._lock)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(Line(self))
        layout.addWidget(self._pages, 1)
        self._show_lock()

    # --- what is selected

    def show_themes(self, view: View | None, theme_ids: Sequence[str]) -> None:
        """Show what is selected in the tree; call it again when the view has changed."""
        self._view, self._unsorted = view, False
        known = set(view.themes["theme_id"]) if view is not None else set[str]()
        self._theme_ids = [theme_id for theme_id in theme_ids if theme_id in known]
        if view is None or not self._theme_ids:
            self.theme_page.save()
            self.selection_page.show_nothing()
            self._first.setCurrentWidget(self.selection_page)
        elif len(self._theme_ids) == 1:
            self.theme_page.show_theme(view, self._theme_ids[0])
            self._first.setCurrentWidget(self.theme_page)
        else:
            self.theme_page.save()
            self.selection_page.show_themes(view, self._theme_ids)
            self._first.setCurrentWidget(self.selection_page)
        self.history_page.show_theme(self._title())
        self._show_lock()

    def show_unsorted(self, view: View) -> None:
        """Show what the unsorted excerpts are."""
        self.theme_page.save()
        self._view, self._unsorted, self._theme_ids = view, True, []
        self.selection_page.show_unsorted(view)
        self._first.setCurrentWidget(self.selection_page)
        self.history_page.show_theme("")
        self._show_lock()

    def show_words(self, view: View, head: str, words: str) -> None:
        """Say what the table shows where that is no theme: what was found, a proposal to be."""
        self.theme_page.save()
        self._view, self._unsorted, self._theme_ids = view, False, []
        self.selection_page.show_words(head, words)
        self._first.setCurrentWidget(self.selection_page)
        self.history_page.show_theme("")
        self._show_lock()

    def show_excerpt(self, view: View | None, excerpt: int | None) -> None:
        """Show the record of the current excerpt of the table."""
        self.record_page.show_excerpt(view, excerpt)

    def show_history(self, entries: Sequence[HistoryEntry]) -> None:
        """Show the steps of the project."""
        self.history_page.show_history(entries, read_only=self._read_only)

    def set_mask(self, mask: Mask) -> None:
        """Mask personal data in another way."""
        self.theme_page.set_mask(mask)
        self.record_page.set_mask(mask)

    def set_read_only(self, read_only: bool) -> None:
        """Let everything be read and nothing be changed."""
        self._read_only = read_only
        self.theme_page.set_read_only(read_only)
        self.selection_page.set_read_only(read_only)
        self.record_page.set_read_only(read_only)
        self._show_lock()

    # --- what can be asked of it

    def save(self) -> None:
        """Save what is being typed; before closing, for one."""
        self.theme_page.save()

    def edit_title(self) -> None:
        """Put the cursor into the title of the theme."""
        self.go_to(THEME)
        self.theme_page.edit_title()

    def go_to(self, tab: int) -> None:
        """Show ``THEME``, ``RECORD`` or ``HISTORY``."""
        self._tabs.setCurrentIndex(tab)

    @property
    def tab(self) -> int:
        """The tab that is shown."""
        return self._tabs.currentIndex()

    def changeEvent(self, event: QEvent) -> None:
        """Icons grow with the text; the zoom comes with a new style sheet."""
        if event.type() == QEvent.Type.StyleChange:
            self._lock.setIconSize(QSize(sizes.px(16), sizes.px(16)))
        super().changeEvent(event)

    # --- its parts

    def _make_tabs(self) -> None:
        self._tabs = QTabBar(self)
        self._tabs.setAccessibleName(self.tr("Inspector tabs"))
        self._tabs.setDrawBase(False)
        self._tabs.setExpanding(False)
        self._tabs.setUsesScrollButtons(False)  # three short words: none is ever cut
        for title in (self.tr("Theme"), self.tr("Record"), self.tr("History")):
            self._tabs.addTab(title)
        self._tabs.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self._lock = QToolButton(self)
        self._lock.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._lock.clicked.connect(self._on_lock)

    def _connect(self) -> None:
        self._tabs.currentChanged.connect(self._pages.setCurrentIndex)
        self.theme_page.described.connect(self.described)
        self.theme_page.choose_quotes.connect(self.choose_quotes)
        self.theme_page.theme_clicked.connect(self.theme_clicked)
        self.theme_page.excerpt_clicked.connect(self.excerpt_clicked)
        self.selection_page.merge_asked.connect(self.merge_asked)
        self.selection_page.theme_clicked.connect(self.theme_clicked)
        self.record_page.excerpt_clicked.connect(self.excerpt_clicked)
        self.record_page.theme_clicked.connect(self.theme_clicked)
        self.record_page.primary_asked.connect(self.primary_asked)
        self.record_page.take_off_asked.connect(self.take_off_asked)
        self.history_page.jump.connect(self.jump)

    def _selected(self) -> pl.DataFrame:
        assert self._view is not None
        return self._view.themes.filter(pl.col("theme_id").is_in(self._theme_ids))

    def _title(self) -> str:
        if self._view is None or len(self._theme_ids) != 1:
            return ""
        return str(self._selected()["title"][0])

    def _show_lock(self) -> None:
        self._lock.setVisible(self._view is not None and bool(self._theme_ids))
        if self._view is None or not self._theme_ids:
            return
        rows = self._selected()
        locked = bool((rows["status"] == Status.LOCKED).all())
        self._lock.setText(self.tr("Locked") if locked else self.tr("Lock"))
        self._lock.setIcon(icon("lock" if locked else "unlock"))
        self._lock.setAccessibleName(self.tr("Unlock") if locked else self.tr("Lock"))
        self._lock.setToolTip(
            self.tr("Locked: no run changes it. Click to unlock (L)")
            if locked
            else self.tr("No run changes a locked theme (L)")
        )
        self._lock.setProperty("locked", locked)
        themes = bool((rows["level"] != Level.GROUP).all())
        self._lock.setVisible(themes)
        self._lock.setEnabled(not self._read_only)

    def _on_lock(self) -> None:
        self.lock_asked.emit(list(self._theme_ids), not self._lock.property("locked"))
