"""The Themes place: tree, excerpts and inspector side by side, and the review in their stead."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import polars as pl
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from themeloom.base.settings import Settings
from themeloom.domain.changes import Deed
from themeloom.gui.bridge.turns import in_next_turn
from themeloom.gui.look import sizes
from themeloom.gui.views.place_view import PlaceView
from themeloom.gui.views.themes.actions import add_theme_actions
from themeloom.gui.views.themes.curation import Curation
from themeloom.gui.views.themes.inspector import RECORD, Inspector
from themeloom.gui.views.themes.left import LeftSide
from themeloom.gui.views.themes.picker import ThemePicker
from themeloom.gui.views.themes.placing import Placing
from themeloom.gui.views.themes.proposing import Proposing
from themeloom.gui.views.themes.quick_look import QuickLook
from themeloom.gui.views.themes.record_text import RecordText
from themeloom.gui.views.themes.reshaping import Reshaping
from themeloom.gui.views.themes.review.review_view import ReviewView
from themeloom.gui.views.themes.reviewing import Reviewing
from themeloom.gui.views.themes.searching import Searching
from themeloom.gui.views.themes.showing import Showing
from themeloom.gui.views.themes.table import ExcerptsPane
from themeloom.gui.views.themes.teaching import Teaching
from themeloom.gui.widgets.shown_text import Mask, no_mask
from themeloom.services.likeness import NearTheme
from themeloom.services.masking import masker
from themeloom.services.reviewing import review_order
from themeloom.services.session import Session

if TYPE_CHECKING:
    from themeloom.gui.windows.main_window import MainWindow

_INSPECTOR_FROM = 1100  # narrower windows show it on demand only
_HISTORY_SHOWN = 300


class ThemesPlace(PlaceView):
    """Holds the panes together: what is selected in one is shown in the others."""

    def __init__(self, window: "MainWindow") -> None:
        """Make the panes; nothing is shown yet."""
        super().__init__(window)
        self.window_ = window
        self.workspace = window.workspace
        self.curation = Curation(window.workspace, window.bar, self)
        self._mask: Mask = no_mask
        self._inspector_wanted = True
        self._make_panes()
        self._lay_out()
        self.picker = ThemePicker(self)
        self.quick_look = QuickLook(self._load, self)
        self.placing = Placing(self)
        self.proposing = Proposing(self)
        self.reviewing = Reviewing(self)
        self.showing = Showing(self)
        self.searching = Searching(self)
        self.reshaping = Reshaping(self)
        self.teaching = Teaching(self)
        self._connect()
        add_theme_actions(self)
        self._set_menus()
        self._restore(window.settings)

    # --- what is selected

    @property
    def selected_themes(self) -> list[str]:
        """Ids of the themes that are selected in the tree."""
        return self.tree_pane.tree.selected_ids()

    @property
    def selected_excerpts(self) -> list[int]:
        """Inner numbers of the excerpts that are selected in the table."""
        return self.excerpts.selected_excerpts()

    @property
    def screen_mask(self) -> Mask:
        """What of a text is masked on the screen."""
        return self._mask

    @property
    def panes(self) -> QWidget:
        """Tree, table and inspector: where single letters are keys."""
        return self._panes

    def show_theme(self, theme_id: str) -> None:
        """Select a theme and show its excerpts."""
        self.leave_review()
        self.tree_pane.tree.select([theme_id])
        self.showing.show_themes([theme_id])

    def show_unsorted(self) -> None:
        """Show the excerpts that carry no theme."""
        self.tree_pane.tree.select([])
        self.left.proposals.list.selectionModel().clear()
        self.showing.show_unsorted()
        if self.workspace.view is not None:
            self.inspector.show_unsorted(self.workspace.view)

    def begin_review(self) -> None:
        """Review the selected themes, or all, least certain first."""
        self._review(self.curation.themes_in(self.selected_themes))

    def review_all(self) -> None:
        """Review all themes in turns, least certain first."""
        self._review([])

    def _review(self, chosen: list[str]) -> None:
        view = self.workspace.view
        if view is None:
            return
        queue = review_order(view, frozenset(chosen) if chosen else None)
        if not queue and chosen:
            queue = review_order(view)
            chosen = []
        if not queue:
            self.window_.bar.say(self.tr("Every excerpt that carries a theme was reviewed."), "ok")
            return
        scope = self.curation.title(chosen[0]) if len(chosen) == 1 else self.tr("All themes")
        self._pages.setCurrentWidget(self.review)
        self.review.begin(view, queue, scope)
        self.review.setFocus()

    def leave_review(self) -> None:
        """Go back to the panes."""
        if self._pages.currentWidget() is self.review:
            self._pages.setCurrentWidget(self._panes)
            self.excerpts.take_focus()

    def toggle_inspector(self) -> None:
        """Show or hide the inspector."""
        if self.inspector.isVisible():
            self._inspector_wanted = False
            self.inspector.hide()
        else:
            self.show_inspector()

    def show_inspector(self) -> None:
        """Show the inspector, in a narrow window too."""
        self._inspector_wanted = True
        self.inspector.show()

    def look_quickly(self, excerpt: int | None = None) -> None:
        """Show the whole record of the current excerpt in a popup."""
        view = self.workspace.view
        number = self.excerpts.table.current_number() if excerpt is None else excerpt
        if view is not None and number is not None:
            self.quick_look.look(view, number)

    def take_focus(self) -> None:
        """Let the keyboard begin in the tree; before there is one, where its themes come from."""
        if self.proposing.take_focus():
            return
        if self._pages.currentWidget() is self.review:
            start: QWidget = self.review
        else:
            start = self.tree_pane.next_step or self.tree_pane.tree
        start.setFocus(Qt.FocusReason.OtherFocusReason)

    def next_pane(self) -> None:
        """Put the focus into the next of tree, proposals, table and inspector."""
        panes: list[QWidget] = [
            self.tree_pane.tree,
            self.left.proposals.list,
            self.excerpts.table,
            self.inspector,
        ]
        panes = [pane for pane in panes if pane.isVisible()]
        focused = QApplication.focusWidget()
        place = next(
            (
                number
                for number, pane in enumerate(panes)
                if focused is not None and (pane is focused or pane.isAncestorOf(focused))
            ),
            -1,
        )
        target = panes[(place + 1) % len(panes)] if panes else self
        if target is self.inspector:
            self.inspector.setFocus()
            self.inspector.focusNextChild()
        else:
            target.setFocus(Qt.FocusReason.TabFocusReason)

    # --- what the window tells

    def show_personal_data(self, *, shown: bool) -> None:
        """Show texts as they are, or with tokens."""
        if shown:
            self._set_mask(no_mask)
            return
        self.workspace.ask("mask", masker, lambda made: self._set_mask(Mask.of(made)))

    def show_compact(self, *, compact: bool) -> None:
        """Show one or two lines for each excerpt."""
        self.excerpts.table.set_compact(compact)

    def keep_state(self, settings: Settings) -> None:
        """Keep the table's columns and what was picked last."""
        self.inspector.save()
        self.left.restore_room()
        settings.set("themes.columns", self.excerpts.layout_state())
        settings.set("themes.recent", self.picker.recent)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Hide the inspector in a narrow window."""
        super().resizeEvent(event)
        wide = self.window_.width() >= sizes.px(_INSPECTOR_FROM)
        self.inspector.setVisible(wide and self._inspector_wanted)

    def changeEvent(self, event: QEvent) -> None:
        """Make room for larger texts."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.left.setMinimumWidth(sizes.px(280))

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what changed while another place was shown."""
        super().showEvent(event)
        self._refresh()

    # --- building

    def _make_panes(self) -> None:
        self.left = LeftSide(self.workspace.compute, self)
        self.tree_pane = self.left.tree
        self.excerpts = ExcerptsPane(self.workspace.compute, self)
        self.inspector = Inspector(self._load, self)
        self.inspector.setMinimumWidth(sizes.px(280))
        self.review = ReviewView(self._load, self._find_near, self)

    def _lay_out(self) -> None:
        self._panes = QSplitter(Qt.Orientation.Horizontal)
        for pane in (self.left, self.excerpts, self.inspector):
            self._panes.addWidget(pane)
        self._panes.setChildrenCollapsible(False)
        self._panes.setStretchFactor(1, 1)
        self._panes.setSizes([sizes.px(384), sizes.px(600), sizes.px(324)])
        self._pages = QStackedWidget()
        self._pages.addWidget(self._panes)
        self._pages.addWidget(self.review)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._pages)

    def _connect(self) -> None:
        workspace, curation = self.workspace, self.curation
        workspace.opened.connect(self._on_opened)
        workspace.closed.connect(self._on_closed)
        workspace.view_changed.connect(self._on_change)
        workspace.history_changed.connect(self._show_history)
        tree = self.tree_pane
        tree.tree.chosen.connect(self._on_tree)
        tree.tree.opened.connect(self.excerpts.take_focus)
        tree.find_asked.connect(self.window_.work.find_themes)
        tree.accept_all_asked.connect(self._accept_all)
        tree.model.renamed.connect(curation.rename)
        tree.model.themes_dropped.connect(curation.nest)
        self.left.unsorted_asked.connect(self.show_unsorted)
        table = self.excerpts
        table.table.moved_to.connect(self._on_current)
        table.chosen.connect(self._on_chosen)
        table.table.quick_look.connect(self.look_quickly)
        table.table.opened.connect(self._on_opened_row)
        table.confirm_asked.connect(lambda: curation.confirm(self.selected_excerpts))
        table.unsort_asked.connect(lambda: curation.unsort(self.selected_excerpts))
        table.accept_asked.connect(curation.accept_each)
        table.left_out_asked.connect(self._show_left_out)
        self.quick_look.step.connect(self._step)
        self.quick_look.theme_clicked.connect(self.show_theme)
        self.quick_look.excerpt_clicked.connect(self._on_excerpt_clicked)
        inspector = self.inspector
        inspector.described.connect(curation.describe)
        inspector.lock_asked.connect(curation.set_locked)
        inspector.theme_clicked.connect(self.show_theme)
        inspector.excerpt_clicked.connect(self._on_excerpt_clicked)
        inspector.jump.connect(self._jump)
        inspector.merge_asked.connect(self.reshaping.merge)

    def _set_menus(self) -> None:
        actions = self.window_.actions_
        self.tree_pane.header.set_actions(
            actions["themes.new"],
            [actions[name] for name in ("themes.new-group", "themes.accept-all")],
        )
        self.tree_pane.tree.set_menu(
            [
                actions[name] if name else None
                for name in (
                    "themes.rename",
                    "themes.accept",
                    "themes.lock",
                    "",
                    "themes.merge",
                    "themes.split",
                    "themes.split-off",
                    "themes.promote",
                    "themes.demote",
                    "themes.nest",
                    "themes.rest",
                    "",
                    "themes.review",
                    "",
                    "themes.delete",
                )
            ]
        )
        self.excerpts.header.follow(actions["themes.coverage"])
        self.excerpts.table.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        for name in (
            "excerpts.move",
            "excerpts.also",
            "excerpts.main",
            "excerpts.take-off",
            "excerpts.confirm",
            "excerpts.unsort",
            "themes.new",
            "excerpts.alike",
            "excerpts.look",
            "excerpts.copy",
        ):
            self.excerpts.table.addAction(actions[name])

    def _restore(self, settings: Settings) -> None:
        self.excerpts.restore_layout(settings.get("themes.columns", dict[str, object]()))
        self.picker.set_recent(settings.get("themes.recent", list[str]()))
        self.excerpts.table.set_compact(settings.get("appearance.compact", False))

    # --- following the project

    def _on_opened(self) -> None:
        read_only = self.workspace.read_only
        self.tree_pane.set_read_only(read_only)
        self.inspector.set_read_only(read_only)
        self.show_personal_data(
            shown=self.window_.settings.get("privacy.show-personal-data", False)
        )
        self.workspace.prepare("index", Session.prepare_search)
        self.showing.forget()
        self._refresh()
        self.proposing.reload()

    def _on_closed(self) -> None:
        self.leave_review()
        self.tree_pane.tree.select([])
        self.inspector.show_themes(None, [])
        self.inspector.show_excerpt(None, None)

    def _on_change(self, deed: object) -> None:
        if isinstance(deed, Deed) and deed.content:
            self.workspace.prepare("index", Session.prepare_search)
            self.show_personal_data(
                shown=self.window_.settings.get("privacy.show-personal-data", False)
            )
        self.proposing.reload()
        if isinstance(deed, Deed) and deed.content:
            # A turn of the event loop for each part: everything is new.
            self._refresh_tree()
            in_next_turn(self, self._refresh_rest)
        else:
            self._refresh()

    def _refresh(self) -> None:
        self._refresh_tree()
        self._refresh_rest()

    def _refresh_tree(self) -> None:
        view = self.workspace.view
        if view is not None and self.isVisible():
            self.left.show_view(view)

    def _refresh_rest(self) -> None:
        view = self.workspace.view
        if view is None or not self.isVisible():
            return
        self.excerpts.show_view(view)
        if self._pages.currentWidget() is self.review:
            self.review.show_view(view)
        self.showing.follow(view)
        self.inspector.show_excerpt(view, self.excerpts.table.current_number())
        self._show_history()
        self.window_.actions_.refresh()

    def _show_history(self) -> None:
        if self.isVisible() and self.workspace.session is not None and not self.workspace.saving:
            self.workspace.ask(
                "theme history",
                lambda session: session.project.history(_HISTORY_SHOWN),
                self.inspector.show_history,
            )

    def _on_tree(self, theme_ids: list[str]) -> None:
        if theme_ids:
            self.showing.show_themes(theme_ids)

    def _on_current(self, excerpt: object) -> None:
        number = excerpt if isinstance(excerpt, int) else None
        self.inspector.show_excerpt(self.workspace.view, number)

    def _on_chosen(self, _count: int) -> None:
        self.window_.actions_.refresh()

    def _on_opened_row(self, _excerpt: int) -> None:
        self.inspector.go_to(RECORD)

    def _show_left_out(self, shown: bool) -> None:
        self.showing.show_unsorted(left_out=shown)

    def _step(self, rows: int) -> None:
        """Follow the arrows of the quick look."""
        table = self.excerpts.table
        row = table.currentIndex().row() + rows
        if 0 <= row < self.excerpts.model.rowCount():
            table.selectRow(row)
            self.look_quickly()

    def _on_excerpt_clicked(self, excerpt: int) -> None:
        self.excerpts.table.select_numbers(pl.Series([excerpt], dtype=pl.Int64), current=excerpt)
        self.inspector.show_excerpt(self.workspace.view, excerpt)

    def _accept_all(self) -> None:
        self.window_.actions_["themes.accept-all"].trigger()

    def _jump(self, seq: int) -> None:
        if self.workspace.job is not None:
            self.window_.bar.say(self.tr("Wait until what is under way is done."), "warn")
            return
        self.workspace.edit(lambda session: session.project.jump_to(seq))

    # --- reading beside the GUI thread

    def _load(self, record_id: str, then: Callable[[RecordText | None], None]) -> None:
        def read(session: Session) -> RecordText | None:
            rows = session.project.record(record_id)
            return RecordText.from_row(rows.row(0, named=True)) if rows.height else None

        self.workspace.ask(f"record {record_id}", read, then)

    def _find_near(self, excerpt: int, then: Callable[[Sequence[NearTheme]], None]) -> None:
        self.workspace.ask(
            f"near {excerpt}",
            lambda session: session.near_themes(excerpt),
            then,
            failed=lambda _: None,  # a suggestion that cannot be made is not missed
        )

    def _set_mask(self, mask: Mask) -> None:
        self._mask = mask
        self.excerpts.model.set_mask(mask)
        self.inspector.set_mask(mask)
        self.review.set_mask(mask)
        self.quick_look.set_mask(mask)
        self.showing.tell_again()
