"""The theme tree's view: keys, selection by id, drag and drop, filter."""

from collections.abc import Iterable, Sequence
from functools import partial

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QRect,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QDrag,
    QFocusEvent,
    QKeyEvent,
    QPainter,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from themeloom.domain.themes import Level
from themeloom.gui.look import sizes
from themeloom.gui.look.icons import paint_icon
from themeloom.gui.look.tokens import tokens
from themeloom.gui.models.theme_tree import Index, ThemeTreeModel, TreeColumn
from themeloom.gui.views.themes.tree_delegate import RECORDS_WIDTH, TreeDelegate
from themeloom.gui.views.themes.tree_header import TreeHeader
from themeloom.gui.widgets.ground import HeaderCorner
from themeloom.gui.widgets.menu import Menu

_WIDTHS = {TreeColumn.RECORDS: RECORDS_WIDTH, TreeColumn.SHARES: 54, TreeColumn.TREND: 50}
#: Narrower than this the bars and the trend make room for the names.
_NARROW = 330
_INDENT = 16
#: A first look shows all themes where they fit on a screen, else the groups.
_FIRST_LOOK = 40


class ThemeTree(QTreeView):
    """Groups and themes. Selection, expansion and filter go by theme id and outlive refreshes."""

    chosen = Signal(list)  # theme ids
    opened = Signal(str)  # Enter or double click on a theme
    filter_asked = Signal()

    def __init__(self, model: ThemeTreeModel, parent: QWidget | None = None) -> None:
        """Show ``model``."""
        super().__init__(parent)
        self._themes = model
        self._open: dict[str, bool] = {}
        self._filter = ("", True)
        self._kept: set[str] | None = None
        self._busy = False
        self._remembered: tuple[list[str], str | None] = ([], None)
        self._scrolled = 0
        self._recalling = False
        self._menu_actions: Sequence[QAction | None] = ()
        self.setModel(model)
        self.setItemDelegate(TreeDelegate(model, self))
        self.setHeader(TreeHeader(model, self))
        # Qt makes headers of trees unclickable when they are set.
        self.header().setSectionsClickable(True)
        self.addScrollBarWidget(HeaderCorner(self), Qt.AlignmentFlag.AlignTop)
        self.setAccessibleName(self.tr("Themes"))
        self.setUniformRowHeights(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        # Things are dropped onto rows, never between them.
        self.setDragDropOverwriteMode(True)
        self.setDragEnabled(True)
        self.setAutoExpandDelay(600)
        self._lay_out()
        self.expanded.connect(partial(self._note, open_=True))
        self.collapsed.connect(partial(self._note, open_=False))
        self.selectionModel().selectionChanged.connect(self._on_selection)
        self.activated.connect(self._on_activated)
        model.modelAboutToBeReset.connect(self._remember)
        model.modelReset.connect(self._recall)

    # --- what is shown

    def refresh(self) -> None:
        """Open and hide rows after the model has changed."""
        self.apply_filter(*self._filter)

    def apply_filter(self, words: str, proposed: bool = True) -> int:
        """Leave the themes whose titles have all of the folded ``words``; return how many are left.

        With ``proposed`` False those that nobody has accepted are hidden as well.
        """
        self._filter = (words, proposed)
        plain = not words and proposed
        kept = None if plain else self._themes.with_words(words, proposed=proposed)
        hits = set(self._themes.hits(words)) if words else None
        self._busy = True
        self.setUpdatesEnabled(False)
        if kept is not None or self._kept is not None:
            for theme_id in self._themes.theme_ids():
                index = self._themes.theme_index(theme_id)
                hidden = kept is not None and theme_id not in kept
                if self.isRowHidden(index.row(), index.parent()) != hidden:
                    self.setRowHidden(index.row(), index.parent(), hidden)
        for theme_id in self._themes.holders():
            index = self._themes.theme_index(theme_id)
            self.setExpanded(index, self._wants_open(theme_id, kept, hits))
        self.setUpdatesEnabled(True)
        self._busy = False
        self._kept = kept
        return self._themes.count if kept is None else len(kept)

    def rows_standing(self) -> int:
        """Return how many rows there are in open groups, scrolled out of sight or not."""
        count, waiting = 0, [QModelIndex()]
        while waiting:
            parent = waiting.pop()
            for row in range(self._themes.rowCount(parent)):
                if not self.isRowHidden(row, parent):
                    count += 1
                    index = self._themes.index(row, 0, parent)
                    if self.isExpanded(index):
                        waiting.append(index)
        return count

    def set_menu(self, actions: Sequence[QAction | None]) -> None:
        """Offer ``actions`` in the context menu; None is a separator."""
        self._menu_actions = actions

    # --- selection

    def selected_ids(self) -> list[str]:
        """Return the selected themes, top-down as they stand."""
        chosen = set(self._selected())
        return [one for one in self._themes.theme_ids() if one in chosen]

    def current_id(self) -> str | None:
        """Return the theme that the keyboard stands on."""
        return self._themes.theme_id(self.currentIndex())

    def select(self, theme_ids: Iterable[str], *, current: str | None = None) -> None:
        """Select themes, make one of them current and show it."""
        selection = QItemSelection()
        first: QModelIndex | None = None
        for theme_id in theme_ids:
            index = self._themes.theme_index(theme_id)
            if index.isValid():
                selection.select(index, index.siblingAtColumn(len(TreeColumn) - 1))
                first = first or index
        there = self._themes.theme_index(current) if current else first
        flags = QItemSelectionModel.SelectionFlag
        if there is not None and there.isValid():
            self.selectionModel().setCurrentIndex(there, flags.NoUpdate)
            self.scrollTo(there)
        self.selectionModel().select(selection, flags.ClearAndSelect | flags.Rows)

    def open_theme(self, theme_id: str) -> None:
        """Show what is below a theme."""
        self.expand(self._themes.theme_index(theme_id))

    def rename(self) -> None:
        """Edit the name of the current theme in place."""
        index = self.currentIndex().siblingAtColumn(TreeColumn.NAME)
        if index.isValid() and self._themes.flags(index) & Qt.ItemFlag.ItemIsEditable:
            self.scrollTo(index)
            self.edit(index)

    # --- Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Slash goes to the filter, F2 renames, Enter opens."""
        if event.text() == "/":
            self.filter_asked.emit()
        elif event.key() == Qt.Key.Key_F2 and not event.modifiers():
            self.rename()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            # Everywhere, not only where the system's style activates by Enter.
            self._on_activated(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters are keys of actions here; names are found with the filter."""

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Show the actions for the selected themes."""
        if not self._menu_actions or not self.currentIndex().isValid():
            return
        menu = Menu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for action in self._menu_actions:
            if action is None:
                menu.addSeparator()
            else:
                menu.addAction(action)
        at = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            at = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).bottomLeft())
        menu.popup(at)

    def startDrag(self, actions: Qt.DropAction, /) -> None:
        """Drag the selected themes; whoever takes them changes the project, never this view."""
        indexes = [self._themes.theme_index(one) for one in self.selected_ids()]
        if indexes:
            drag = QDrag(self)
            drag.setMimeData(self._themes.mimeData(indexes))
            drag.exec(Qt.DropAction.CopyAction)

    def drawRow(self, painter: QPainter, options: QStyleOptionViewItem, index: Index) -> None:
        """Tint a selected row over its whole width, mark the current one."""
        rect: QRect = options.rect  # type: ignore[attr-defined]
        colors = tokens()
        selected = self.selectionModel().isRowSelected(index.row(), index.parent())
        row = QRect(0, rect.top(), self.viewport().width(), rect.height())
        if selected:
            painter.fillRect(row, colors.color("selection"))
        super().drawRow(painter, options, index)
        if (
            index.row() != self.currentIndex().row()
            or index.parent() != self.currentIndex().parent()
        ):
            return
        if selected:
            painter.fillRect(QRect(0, row.top(), sizes.px(3), row.height()), colors.color("accent"))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colors.color("accent"), 1.5))
            painter.drawRect(QRectF(row).adjusted(0.75, 0.75, -0.75, -0.75))

    def drawBranches(self, painter: QPainter, rect: QRect, index: Index) -> None:
        """Paint the chevron only."""
        if not self._themes.rowCount(index) or not self._has_shown_child(index):
            return
        side = sizes.px(14)
        middle = rect.right() + 1 - sizes.px(_INDENT) / 2 + sizes.px(1)
        square = QRectF(middle - side / 2, rect.top() + (rect.height() - side) / 2, side, side)
        shape = "chevron-down" if self.isExpanded(index) else "chevron-right"
        paint_icon(painter, shape, square, tokens().hex("text-2"))

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Paint both rows anew over their whole width: the ring goes across all cells."""
        super().currentChanged(current, previous)
        for index in (current, previous):
            row = self.visualRect(index)
            self.viewport().update(0, row.top() - 1, self.viewport().width(), row.height() + 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where it gets narrow, bars and trend make room for the names."""
        super().resizeEvent(event)
        self._lay_out()

    def changeEvent(self, event: QEvent) -> None:
        """The zoom comes with a new style sheet."""
        if event.type() == QEvent.Type.StyleChange:
            self._lay_out()
            self.scheduleDelayedItemsLayout()
        super().changeEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Screen readers need a current row."""
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self._themes.rowCount():
            self.selectionModel().setCurrentIndex(
                self._themes.index(0, 0), QItemSelectionModel.SelectionFlag.NoUpdate
            )

    # --- inside

    def _lay_out(self) -> None:
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(TreeColumn.NAME, QHeaderView.ResizeMode.Stretch)
        self.setIndentation(sizes.px(_INDENT))
        for column, width in _WIDTHS.items():
            if header.sectionSize(column) != sizes.px(width):
                header.resizeSection(column, sizes.px(width))
        narrow = 0 < self.width() < sizes.px(_NARROW)
        for column in (TreeColumn.SHARES, TreeColumn.TREND):
            if self.isColumnHidden(column) != narrow:
                self.setColumnHidden(column, narrow)

    def _wants_open(self, theme_id: str, kept: set[str] | None, hits: set[str] | None) -> bool:
        if hits is not None and kept is not None:
            below = self._themes.theme_index(theme_id)
            return any(
                self._themes.theme_id(self._themes.index(row, 0, below)) in kept
                for row in range(self._themes.rowCount(below))
            ) and self._holds(below, hits)
        facts = self._themes.facts(theme_id)
        first = facts is not None and facts.level == Level.GROUP
        few = self._themes.count <= _FIRST_LOOK
        return self._open.get(theme_id, first and few)

    def _holds(self, above: QModelIndex, hits: set[str]) -> bool:
        for row in range(self._themes.rowCount(above)):
            index = self._themes.index(row, 0, above)
            if self._themes.theme_id(index) in hits or self._holds(index, hits):
                return True
        return False

    def _has_shown_child(self, index: Index) -> bool:
        return any(
            not self.isRowHidden(row, index)  # type: ignore[arg-type]
            for row in range(self._themes.rowCount(index))
        )

    def _note(self, index: Index, *, open_: bool) -> None:
        theme_id = self._themes.theme_id(index)
        if theme_id and not self._busy and not self._filter[0]:
            self._open[theme_id] = open_

    def _selected(self) -> list[str]:
        found = (self._themes.theme_id(one) for one in self.selectionModel().selectedRows())
        return [one for one in found if one]

    def _remember(self) -> None:
        self._remembered = (self._selected(), self.current_id())
        self._scrolled = self.verticalScrollBar().value()

    def _recall(self) -> None:
        self._kept = None  # in a new tree no row is hidden
        self.refresh()
        chosen, current = self._remembered
        self._recalling = True
        self.select(chosen, current=current)
        self._recalling = False
        self.executeDelayedItemsLayout()  # before it there is nothing to scroll
        self.verticalScrollBar().setValue(self._scrolled)
        if set(self._selected()) != set(chosen):
            self._on_selection()

    def _on_selection(self) -> None:
        if not self._recalling:
            self.chosen.emit(self.selected_ids())

    def _on_activated(self, index: Index) -> None:
        theme_id = self._themes.theme_id(index)
        if theme_id:
            self.opened.emit(theme_id)
