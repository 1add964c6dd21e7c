"""The inspector's third tab: what was done, newest first, with a way back."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QListView,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from themeloom.base.folding import fold
from themeloom.domain.changes import HistoryEntry
from themeloom.gui.look import sizes
from themeloom.gui.look.tokens import tokens
from themeloom.gui.views.themes.wording import moment
from themeloom.gui.widgets.label import Label

_Index = QModelIndex | QPersistentModelIndex
ENTRY = Qt.ItemDataRole.UserRole


class HistoryPage(QWidget):
    """The steps of the project, or those that name the theme."""

    jump = Signal(int)  # seq of the step after which things shall stand

    def __init__(self, parent: QWidget | None = None) -> None:
        """There are no steps yet."""
        super().__init__(parent)
        self._entries: Sequence[HistoryEntry] = ()
        self._title = ""
        self._read_only = False
        self._model = _Steps(self)
        self._all = self._switch(self.tr("Everything"))
        self._own = self._switch(self.tr("Naming this theme"))
        self._all.setChecked(True)
        self._choice = QButtonGroup(self)
        self._choice.addButton(self._all)
        self._choice.addButton(self._own)
        self._choice.buttonClicked.connect(self._show)
        self._list = QListView(self)
        self._list.setAccessibleName(self.tr("Steps, newest first"))
        self._list.setModel(self._model)
        self._list.setItemDelegate(_StepDelegate(self._list))
        self._list.setUniformItemSizes(True)
        self._list.selectionModel().currentChanged.connect(self._on_current)
        self._list.activated.connect(self._go)
        self._button = QPushButton()
        self._button.clicked.connect(self._go)
        self._empty = Label(quiet=True, wrap=True)
        head = QHBoxLayout()
        head.setSpacing(sizes.px(4))
        head.addWidget(self._all)
        head.addWidget(self._own)
        head.addStretch()
        layout = QVBoxLayout(self)
        space = sizes.px(12)
        layout.setContentsMargins(space, sizes.px(8), space, space)
        layout.setSpacing(sizes.px(8))
        layout.addLayout(head)
        layout.addWidget(self._empty)
        layout.addWidget(self._list, 1)
        layout.addWidget(self._button)
        layout.addStretch(0)
        self._show()

    def show_history(self, entries: Sequence[HistoryEntry], *, read_only: bool = False) -> None:
        """Show the steps, in any order."""
        self._entries = sorted(entries, key=lambda entry: -entry.seq)
        self._read_only = read_only
        self._show()

    def show_theme(self, title: str) -> None:
        """Tell which theme is selected; an empty title for none."""
        self._title = title
        self._own.setEnabled(bool(title))
        if not title and self._own.isChecked():
            self._all.setChecked(True)
        self._show()

    def _switch(self, text: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setCheckable(True)
        return button

    def _show(self) -> None:
        entries = self._entries
        if self._own.isChecked():
            wanted = fold(self._title)
            entries = [entry for entry in entries if wanted in fold(entry.name)]
        kept = self._current()
        self._model.show_entries(entries)
        self._list.setVisible(bool(entries))
        self._empty.setVisible(not entries)
        self._empty.setText(
            self.tr("No step names this theme.")
            if self._entries
            else self.tr("What you do stands here, and can be taken back to any step.")
        )
        at = next((n for n, entry in enumerate(entries) if kept and entry.seq == kept.seq), 0)
        self._list.setCurrentIndex(self._model.index(at))
        self._on_current()

    def _current(self) -> HistoryEntry | None:
        entry = self._list.currentIndex().data(ENTRY)
        return entry if isinstance(entry, HistoryEntry) else None

    def _on_current(self) -> None:
        entry = self._current()
        latest = next((step.seq for step in self._entries if not step.undone), None)
        self._button.setVisible(entry is not None)
        if entry is None:
            return
        if entry.undone:
            self._button.setText(self.tr("Redo up to here"))
        else:
            self._button.setText(self.tr("Undo back to here"))
        here = entry.seq == latest
        self._button.setEnabled(not here and not self._read_only)
        self._button.setToolTip(self.tr("Things stand here now") if here else "")

    def _go(self) -> None:
        entry = self._current()
        if entry is not None and self._button.isEnabled():
            self.jump.emit(entry.seq)


class _Steps(QAbstractListModel):
    """The steps; undone ones say so."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._entries: Sequence[HistoryEntry] = ()

    def show_entries(self, entries: Sequence[HistoryEntry]) -> None:
        self.beginResetModel()
        self._entries = entries
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 Qt's own signature
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._entries):
            return None
        entry = self._entries[index.row()]
        if role == ENTRY:
            return entry
        if role == Qt.ItemDataRole.DisplayRole:
            return _first_upper(entry.name)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            undone = ", undone" if entry.undone else ""
            return f"{_first_upper(entry.name)}, {moment(entry.when)}{undone}"
        return None


class _StepDelegate(QStyledItemDelegate):
    """Two lines: what was done, and when."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(sizes.px(120), sizes.px(44))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        entry: HistoryEntry = index.data(ENTRY)
        rect: QRect = option.rect  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownVariableType]
        state: QStyle.StateFlag = option.state  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownVariableType]
        colors = tokens()
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, colors.color("selection"))
        inner = rect.adjusted(sizes.px(8), sizes.px(4), -sizes.px(8), -sizes.px(4))
        half = inner.height() // 2
        strong: QColor = colors.color("text-2" if entry.undone else "text")
        _line(painter, inner.adjusted(0, 0, 0, -half), str(index.data()), sizes.BASE, strong)
        when = moment(entry.when) + (self.tr(" · undone") if entry.undone else "")
        _line(painter, inner.adjusted(0, half, 0, 0), when, 12, colors.color("text-2"))
        painter.setPen(colors.color("line"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.restore()


def _line(painter: QPainter, rect: QRect, text: str, size: float, color: QColor) -> None:
    painter.setFont(sizes.font(size))
    painter.setPen(color)
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]
