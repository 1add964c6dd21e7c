"""The list of proposals: each can be accepted, renamed or rejected by mouse and by keyboard."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QLocale,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import (
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from themeloom.domain.themes import Status
from themeloom.gui.look import sizes
from themeloom.gui.look.tokens import tokens
from themeloom.gui.widgets.key_label import key_text
from themeloom.gui.widgets.marks import paint_status
from themeloom.gui.widgets.menu import Menu

Index = QModelIndex | QPersistentModelIndex
_ROW = 24


@dataclass(frozen=True, slots=True)
class ProposedTheme:
    """A theme that a cut would give.

    Attributes:
        key: names it to whoever cuts.
        title: what it is called.
        records: how many are in it.
        theme_id: the proposal of the project that it is already, or None.
    """

    key: str
    title: str
    records: int
    theme_id: str | None = None


class ProposalsModel(QAbstractListModel):
    """Titles with their records."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Show nothing yet."""
        super().__init__(parent)
        self.themes: list[ProposedTheme] = []

    def show_themes(self, themes: Sequence[ProposedTheme]) -> None:
        """Show the themes of a cut; nothing moves where they are the same."""
        if list(themes) != self.themes:
            self.beginResetModel()
            self.themes = list(themes)
            self.endResetModel()

    def remove(self, keys: Sequence[str]) -> None:
        """Let some themes leave."""
        for row in reversed(range(len(self.themes))):
            if self.themes[row].key in keys:
                self.beginRemoveRows(QModelIndex(), row, row)
                del self.themes[row]
                self.endRemoveRows()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Return how many themes there are."""
        return 0 if parent.isValid() else len(self.themes)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the title; read aloud with its records."""
        if not 0 <= index.row() < len(self.themes):
            return None
        theme = self.themes[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return theme.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            number = QLocale().toString(theme.records)
            return self.tr("{title}, proposed, {n} records").format(title=theme.title, n=number)
        return None


class ProposalsList(QListView):
    """The list: ``A`` or a click on "Accept" accepts.

    Proposals of the run's own cut can also be renamed and rejected; those of another cut are not
    in the project yet.
    """

    accepted = Signal(list)  # keys
    rename_asked = Signal(str)  # theme id
    reject_asked = Signal(list)  # theme ids
    moved_to = Signal(str)

    def __init__(self, model: ProposalsModel, parent: QWidget | None = None) -> None:
        """Show ``model``."""
        super().__init__(parent)
        self._proposals = model
        self.read_only = False
        self._delegate = _ProposalDelegate(model, self)
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(self.tr("Proposals"))
        self.setUniformItemSizes(True)
        self.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setProperty("pane", "window")
        self.selectionModel().currentChanged.connect(self._on_current)
        self._menu = Menu(self)
        self._accept_action = self._add_action(self.tr("Accept"), "A", self.accept_selected)
        self._rename_action = self._add_action(self.tr("Rename"), "F2", self._rename)
        self._reject_action = self._add_action(self.tr("Reject"), "Del", self._reject)

    def accept_selected(self) -> None:
        """Accept the proposals that are selected."""
        self._accept(sorted(index.row() for index in self.selectionModel().selectedIndexes()))

    def event(self, event: QEvent) -> bool:
        """Letters are the list's own: the actions of the place would act on another selection."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and _is_letter(event)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A accepts what is selected, F2 renames, Delete rejects."""
        if event.key() == Qt.Key.Key_F2 and not event.modifiers():
            self._rename()
        elif event.key() == Qt.Key.Key_Delete and not event.modifiers():
            self._reject()
        elif not _is_letter(event):
            super().keyPressEvent(event)
        elif event.text().lower() == "a":
            self.accept_selected()

    def keyboardSearch(self, search: str) -> None:
        """Rows are not searched by their first letters."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on the link accepts one."""
        index = self.indexAt(event.position().toPoint())
        left = event.button() == Qt.MouseButton.LeftButton
        if left and index.isValid() and self._on_link(event, index):
            self._accept([index.row()])
        else:
            super().mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with the selected proposals."""
        if not self.currentIndex().isValid():
            return
        self._accept_action.setEnabled(not self.read_only)
        self._rename_action.setEnabled(self._named() is not None)
        self._reject_action.setEnabled(bool(self._selected_ids()) and not self.read_only)
        at = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            at = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).bottomLeft())
        self._menu.popup(at)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The hand shows where a click accepts."""
        index = self.indexAt(event.position().toPoint())
        hand = index.isValid() and self._on_link(event, index)
        self.viewport().setCursor(
            Qt.CursorShape.PointingHandCursor if hand else Qt.CursorShape.ArrowCursor
        )
        super().mouseMoveEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Put a ring around the current row."""
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), tokens().color("window"))
        painter.end()
        super().paintEvent(event)
        if self.hasFocus() and self.currentIndex().isValid():
            painter = QPainter(self.viewport())
            painter.setPen(QPen(tokens().color("accent"), 1.5))
            box = QRectF(self.visualRect(self.currentIndex()))
            painter.drawRect(box.adjusted(0.75, 0.75, -0.75, -0.75))
            painter.end()

    def focusInEvent(self, event: Any) -> None:
        """Screen readers need a current row."""
        super().focusInEvent(event)
        self.begin()

    def begin(self) -> None:
        """Stand on the first row where the keyboard is here and stands on none."""
        if self.hasFocus() and not self.currentIndex().isValid() and self._proposals.rowCount():
            self.setCurrentIndex(self._proposals.index(0))

    def changeEvent(self, event: QEvent) -> None:
        """The height of rows follows the zoom."""
        if event.type() == QEvent.Type.StyleChange:
            self.scheduleDelayedItemsLayout()
        super().changeEvent(event)

    def _add_action(self, text: str, keys: str, slot: Callable[[], None]) -> QAction:
        action: QAction = self._menu.addAction(f"{text}\t{key_text(keys)}")
        action.triggered.connect(lambda: slot())
        return action

    def _selected_ids(self) -> list[str]:
        rows = sorted(index.row() for index in self.selectionModel().selectedIndexes())
        ids = (self._proposals.themes[row].theme_id for row in rows)
        return [one for one in ids if one is not None]

    def _named(self) -> str | None:
        """Return the theme that can be renamed: the current one, if it is in the project."""
        index = self.currentIndex()
        if self.read_only or not index.isValid():
            return None
        return self._proposals.themes[index.row()].theme_id

    def _rename(self) -> None:
        theme_id = self._named()
        if theme_id is not None:
            self.rename_asked.emit(theme_id)

    def _reject(self) -> None:
        ids = self._selected_ids()
        if ids and not self.read_only:
            self.reject_asked.emit(ids)

    def _on_link(self, event: QMouseEvent, index: QModelIndex) -> bool:
        link = self._delegate.link_rect(self.visualRect(index))
        return link.contains(event.position().toPoint()) and not self.read_only

    def _accept(self, rows: Sequence[int]) -> None:
        if rows and not self.read_only:
            self.accepted.emit([self._proposals.themes[row].key for row in rows])

    def _on_current(self, index: QModelIndex) -> None:
        if index.isValid():
            self.moved_to.emit(self._proposals.themes[index.row()].key)


def _is_letter(event: QKeyEvent) -> bool:
    held = event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
    return event.text().isalpha() and held == Qt.KeyboardModifier.NoModifier


class _ProposalDelegate(QStyledItemDelegate):
    """Dashed ring, title, records, link."""

    def __init__(self, model: ProposalsModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(sizes.px(200), sizes.px(_ROW))

    def link_rect(self, rect: QRect) -> QRect:
        """Return where a row's link stands."""
        width = QFontMetrics(sizes.font(12)).horizontalAdvance(self.tr("Accept")) + sizes.px(8)
        return QRect(rect.right() - sizes.px(8) - width, rect.top(), width, rect.height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme = self._model.themes[index.row()]
        rect: QRect = option.rect  # type: ignore[attr-defined]
        colors = tokens()
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:  # type: ignore[attr-defined]
            painter.fillRect(rect, colors.color("selection"))
        mark = QPointF(rect.left() + sizes.px(18), rect.top() + rect.height() / 2)
        paint_status(painter, mark, sizes.px(10), Status.PROPOSED)
        link = self.link_rect(rect)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(sizes.font(12))
        painter.setPen(colors.color("accent"))
        painter.drawText(link, middle | Qt.AlignmentFlag.AlignRight, self.tr("Accept"))
        font = sizes.font(tabular=True)
        painter.setFont(font)
        painter.setPen(colors.color("text"))
        number = QLocale().toString(theme.records)
        metrics = QFontMetrics(font)
        width = metrics.horizontalAdvance(number)
        right = link.left() - sizes.px(10)
        painter.drawText(QRect(right - width, rect.top(), width + 1, rect.height()), middle, number)
        left = rect.left() + sizes.px(30)
        room = right - width - sizes.px(10) - left
        title = metrics.elidedText(theme.title, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(left, rect.top(), room, rect.height()), middle, title)
        painter.restore()
