"""Place 3: the insights."""

from collections.abc import Mapping

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QWidget,
)

from themeloom.domain.insights import Field, Stage
from themeloom.gui.actions import Actions
from themeloom.gui.bridge.workspace import Workspace
from themeloom.gui.dialogs.quotes import QuotesDialog
from themeloom.gui.look import sizes
from themeloom.gui.views.insights.actions import add_actions
from themeloom.gui.views.insights.deeds import InsightDeeds
from themeloom.gui.views.insights.editor import Editor
from themeloom.gui.views.insights.empty import EmptyInsights
from themeloom.gui.views.insights.list_pane import ListPane
from themeloom.gui.views.insights.panes import column_of, header
from themeloom.gui.views.insights.preview import PreviewPane
from themeloom.gui.views.insights.several import SeveralPage
from themeloom.gui.views.place_view import PlaceView
from themeloom.gui.widgets.elided import ElidedLabel
from themeloom.gui.widgets.label import Label
from themeloom.gui.widgets.message_bar import MessageBar
from themeloom.gui.widgets.shown_text import Mask
from themeloom.services.insight_copies import as_markdown, as_rich_text
from themeloom.services.insight_list import InsightItem, InsightList, edited, insight_list
from themeloom.services.masking import masker

_LIST, _NO_THEMES = 0, 1
_ONE, _SEVERAL = 0, 1


class InsightsPlace(PlaceView):
    """List, editor and preview; refreshed only while it is shown."""

    theme_chosen = Signal(str)
    copied = Signal(str)
    send_wanted = Signal()

    def __init__(self, workspace: Workspace, actions: Actions, parent: QWidget) -> None:
        """Show the open project of ``workspace``."""
        super().__init__(parent)
        self._workspace = workspace
        self._actions = actions
        self._found: InsightList | None = None
        self._stale = True
        self.setAccessibleName(self.tr("Insights"))
        self.deeds = InsightDeeds(workspace, self)
        self.pane = ListPane()
        self.editor = Editor()
        self.several = SeveralPage()
        self.preview = PreviewPane()
        self.bar = MessageBar()
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        for pane, width, least in (
            (self.pane, 348, 260),
            (self._editor_pane(), 480, 320),
            (self.preview, 424, 300),
        ):
            pane.setMinimumWidth(sizes.px(least))
            self.splitter.addWidget(pane)
            self.splitter.setStretchFactor(self.splitter.count() - 1, 1 if width == 480 else 0)
        self.splitter.setSizes([sizes.px(348), sizes.px(480), sizes.px(424)])
        self.empty = EmptyInsights()
        self.empty.wanted.connect(self._trigger)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.splitter)
        self._stack.addWidget(self.empty)
        column = column_of(self)
        column.addWidget(self._stack)
        add_actions(self, actions)
        self._connect()
        self._show_chosen()

    # --- what is shown

    @property
    def found(self) -> InsightList | None:
        """All insights, None before they are drafted."""
        return self._found

    @property
    def chosen(self) -> InsightItem | None:
        """The insight that is shown, or None."""
        return self.pane.current

    @property
    def read_only(self) -> bool:
        """Whether nothing can be changed."""
        return self._workspace.read_only

    def refresh(self, _why: object = None) -> None:
        """Look again; later, where the place is not shown."""
        view = self._workspace.view
        if not self.isVisible() or view is None:
            self._stale = True
            return
        self._stale = False
        if view.totals.themes == 0:
            self.empty.describe(
                has_records=view.totals.all_records > 0, offered=lambda name: name in self._actions
            )
            self._stack.setCurrentIndex(_NO_THEMES)
            return
        self._stack.setCurrentIndex(_LIST)
        before = self._found
        if before is None:
            self.pane.counted.setText(self.tr("Writing drafts…"))
        self._workspace.ask("insights", lambda session: insight_list(session, before), self._show)

    def choose(self, insight_id: str) -> None:
        """Show an insight of the list."""
        self.pane.choose(insight_id)

    def copy(self) -> None:
        """Put the insight on the clipboard, masked: Markdown, and rich text for word processors."""
        item = self.chosen
        if item is None or self._found is None:
            return
        data = QMimeData()
        data.setText(as_markdown(item, self._found))
        data.setHtml(as_rich_text(item, self._found))
        QGuiApplication.clipboard().setMimeData(data)
        self.copied.emit(self.tr("Copied: {title}").format(title=item.insight.title))

    def show_theme(self) -> None:
        """Go to the insight's theme."""
        item = self.chosen
        if item is not None:
            self.theme_chosen.emit(item.insight.theme_id)

    def edit_title(self) -> None:
        """Put the cursor into the claim."""
        if self.chosen is not None:
            self.editor.edit_title()

    def toggle_ready(self) -> None:
        """Mark what is selected as ready, or as drafts again."""
        self.editor.save()
        self.deeds.toggle_ready(self.pane.chosen)

    def mark_checked(self) -> None:
        """Say that the words of what is selected still hold."""
        self.deeds.mark_checked([item for item in self.pane.chosen if item.insight.stale])

    def take_focus(self) -> None:
        """Let the keyboard begin in the list; where there are no themes yet, on the deed."""
        empty = self._stack.currentIndex() == _NO_THEMES
        start = self.empty.button if empty else self.pane.list
        start.setFocus(Qt.FocusReason.OtherFocusReason)

    def next_pane(self) -> None:
        """Put the focus into the next of list, editor and preview."""
        stops = (self.pane.list, self.editor.title, self.preview.tabs.buttons[0])
        panes = (self.pane, self.splitter.widget(1), self.preview)
        focus = QApplication.focusWidget()
        here = next(
            (at for at, pane in enumerate(panes) if focus and pane and pane.isAncestorOf(focus)), -1
        )
        stops[(here + 1) % len(stops)].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def choose_quotes(self) -> None:
        """Choose quotes and the counter-example from all excerpts of the theme."""
        item, view = self.chosen, self._workspace.view
        if item is None or view is None or self.read_only:
            return
        insight_id = item.insight.id

        def ask(mask: Mask) -> None:
            shown = self._found.item(insight_id) if self._found else None
            if shown is None or self._workspace.view is None:
                return
            dialog = QuotesDialog(
                self._workspace.view,
                shown.insight.theme_id,
                self.window(),
                mask,
                chosen=[quote.excerpt_id for quote in shown.quotes],
                counter=shown.counter.excerpt_id if shown.counter else "",
            )
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.chosen.connect(self._on_quotes)
            dialog.countered.connect(self._on_counter)
            dialog.open()

        self._workspace.ask("mask for quotes", lambda session: Mask.of(masker(session)), ask)

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what changed while another place was shown."""
        super().showEvent(event)
        if self._stale:
            self.refresh()

    # --- building

    def _editor_pane(self) -> QWidget:
        pane = QFrame()
        pane.setProperty("pane", "surface")
        column = column_of(pane)
        self.from_theme = ElidedLabel(quiet=True)
        self.numbers_of = ElidedLabel(size=12, quiet=True)
        self.theme_button = QPushButton(self.tr("Show theme"))
        self.theme_button.setProperty("link", "true")
        self.theme_button.clicked.connect(self.show_theme)
        self.ready_button = QPushButton()
        self.ready_button.clicked.connect(self.toggle_ready)
        column.addWidget(
            header(
                Label(self.tr("Edit"), bold=True),
                self.from_theme,
                self.theme_button,
                self.numbers_of,
                self.ready_button,
            )
        )
        column.addWidget(self.bar)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.editor)
        self._pages.addWidget(self.several)
        column.addWidget(self._pages, 1)
        return pane

    def _connect(self) -> None:
        workspace = self._workspace
        workspace.opened.connect(self._project_changed)
        workspace.closed.connect(self._project_changed)
        workspace.view_changed.connect(self.refresh)
        self.pane.selected.connect(self._show_chosen)
        self.pane.list.activated.connect(self.edit_title)
        self.pane.send_panel.send_wanted.connect(self._send)
        self.editor.edited.connect(self._on_edited)
        self.editor.typed.connect(self._on_typed)
        self.editor.quotes_chosen.connect(self._choose_quotes)
        self.editor.countered.connect(self._choose_counter)
        self.editor.choose_wanted.connect(self.choose_quotes)
        self.editor.checked.connect(self.mark_checked)
        self.editor.refused.connect(self._on_refused)
        self.several.edited.connect(self._on_several)
        self.preview.copy_wanted.connect(self.copy)

    def _trigger(self, name: str) -> None:
        if name in self._actions:
            self._actions[name].trigger()

    def _send(self) -> None:
        self.editor.save()
        self.send_wanted.emit()
        self._trigger("insights.send")

    # --- what a person wrote

    def _on_edited(self, values: Mapping[Field, str | None]) -> None:
        item = self.editor.item
        if item is not None:
            self.deeds.set_fields([item], values)

    def _on_typed(self, values: Mapping[Field, str | None]) -> None:
        item, found = self.editor.item, self._found
        if item is not None and found is not None:
            self.preview.follow(lambda: edited(item, values, found))

    def _on_several(self, values: Mapping[Field, str | None]) -> None:
        self.deeds.set_fields(self.pane.chosen, values)

    def _on_refused(self, words: str) -> None:
        self.bar.say(words, "warn")

    def _on_quotes(self, _theme_id: str, excerpt_ids: list[str]) -> None:
        self._choose_quotes(excerpt_ids)

    def _on_counter(self, _theme_id: str, excerpt_id: str) -> None:
        self._choose_counter(excerpt_id)

    def _choose_quotes(self, excerpt_ids: list[str]) -> None:
        self.bar.clear()
        item = self.editor.item
        if item is not None:
            self.deeds.choose_quotes(item, excerpt_ids)

    def _choose_counter(self, excerpt_id: str) -> None:
        item = self.editor.item
        if item is not None:
            self.deeds.choose_counter(item, excerpt_id)

    # --- what follows

    def _project_changed(self) -> None:
        self.editor.show_item(None, None)
        self._found = None
        self.bar.clear()
        self.pane.show_list(None)
        self.pane.clear_filter()
        self.pane.send_panel.show_plan(None, possible=False)
        self.refresh()

    def _show(self, found: InsightList) -> None:
        self._found = found
        self.pane.show_list(found)
        self.pane.send_panel.show_plan(found.plan, possible="insights.send" in self._actions)

    def _show_chosen(self) -> None:
        item, several = self.chosen, self.pane.chosen
        many = len(several) > 1 and self._found is not None
        self._pages.setCurrentIndex(_SEVERAL if many else _ONE)
        read_only = self.read_only
        self.editor.set_read_only(read_only=read_only)
        self.several.set_read_only(read_only=read_only)
        self.editor.show_item(item, self._found)
        if many and self._found is not None:
            self.several.show_items(several, self._found)
        self.preview.show_item(item, self._found)
        self._show_head(item, many=many)
        self._actions.refresh()

    def _show_head(self, item: InsightItem | None, *, many: bool) -> None:
        shown = item is not None and not many
        self.theme_button.setVisible(shown)
        self.from_theme.setText(
            self.tr("from theme {title}").format(title=item.insight.theme)
            if item is not None and not many
            else ""
        )
        day = self._found.numbers_of if self._found else ""
        self.numbers_of.setText(self.tr("numbers of {day}").format(day=day) if day else "")
        self.numbers_of.setVisible(shown and bool(day))
        ready = item is not None and item.insight.stage == Stage.READY
        self.ready_button.setVisible(shown)
        self.ready_button.setText(self.tr("Back to draft") if ready else self.tr("Mark as ready"))
        self.ready_button.setEnabled(not self.read_only)
