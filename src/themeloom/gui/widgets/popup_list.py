"""A field to type in with a list below it, in a popup: the picker and the palette are made of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from themeloom.gui.look import sizes
from themeloom.gui.look.icons import paint_icon
from themeloom.gui.look.tokens import tokens
from themeloom.gui.widgets.label import Label
from themeloom.gui.widgets.matching import Span
from themeloom.gui.widgets.pane import Line
from themeloom.gui.widgets.swatch import paint_swatch

_Index = QModelIndex | QPersistentModelIndex
_ROW = Qt.ItemDataRole.UserRole
_HEIGHT = 30
_MOST_ROWS = 9
_LEAST_ROWS = 3  # where not even these fit below, it opens above


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the list.

    Attributes:
        text: what it is.
        key: what is told when it is taken.
        bold: spans of ``text``.
        swatch: place of a group's colour, or None.
        icon: name of an icon, or None.
        quiet: stands behind the text: a menu, a reason.
        right: stands at the right: a count.
        keys: a shortcut, framed at the far right.
        enabled: whether it can be taken.
        apart: a line stands above it.
    """

    text: str
    key: object
    bold: tuple[Span, ...] = ()
    swatch: int | None = None
    icon: str | None = None
    quiet: str = ""
    right: str = ""
    keys: str = ""
    enabled: bool = True
    apart: bool = False


class PopupList(QFrame):
    """A frameless popup. Arrows move in the list while the cursor stays in the field."""

    typed = Signal(str)
    taken = Signal(object, object)  # key of the row, Qt.KeyboardModifier
    closed = Signal()

    def __init__(self, parent: QWidget, *, width: int, hint: str, name: str) -> None:
        """``hint`` stands in the empty field, ``name`` is read aloud."""
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setAccessibleName(name)
        self._owner = parent
        self._width = width
        self._most = _MOST_ROWS
        self._above: int | None = None  # the anchor's upper edge, where it opened above
        self.field = QLineEdit(self)
        self.field.setPlaceholderText(hint)
        self.field.setAccessibleName(name)
        self.field.setStyleSheet("QLineEdit, QLineEdit:focus { border: none; padding: 2px 4px; }")
        self.field.textChanged.connect(self.typed)
        self.field.installEventFilter(self)
        self._count = Label(size=12, quiet=True)
        self._model = _Rows(self)
        self.list = QListView(self)
        self.list.setAccessibleName(name)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setModel(self._model)
        self.list.setItemDelegate(_RowDelegate(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.clicked.connect(self._on_clicked)
        self._empty = Label(quiet=True, wrap=True)
        self._foot = Label(size=11, quiet=True)
        self._lay_out()

    def show_rows(self, rows: Sequence[Row], count: str = "", empty: str = "") -> None:
        """Show ``rows``; the first one that can be taken is chosen."""
        self._model.show_rows(rows)
        self._count.setText(count)
        self._empty.setText(empty)
        self._empty.setVisible(not rows)
        self.list.setVisible(bool(rows))
        first = next((at for at, row in enumerate(rows) if row.enabled), 0)
        self.list.setCurrentIndex(self._model.index(first))
        self._fit()

    def rows(self) -> list[Row]:
        """Return the rows that are shown."""
        return list(self._model.rows)

    def current(self) -> Row | None:
        """Return the chosen row."""
        row = self.list.currentIndex().data(_ROW)
        return row if isinstance(row, Row) else None

    def set_foot(self, text: str) -> None:
        """Say at the bottom which keys do what."""
        self._foot.setText(text)

    def open_under(self, anchor: QRect) -> None:
        """Open below ``anchor`` (global) with as many rows as fit, or above it for want of room."""
        self.field.clear()
        self._most, self._above = _MOST_ROWS, None
        self._fit()
        screen = self._owner.screen().availableGeometry()
        gap = sizes.px(4)
        at = QPoint(anchor.left(), anchor.bottom() + gap)
        below, above = screen.bottom() - at.y(), anchor.top() - gap - screen.top()
        if self.height() > below:
            if self._rows_in(below) >= _LEAST_ROWS:
                self._most = self._rows_in(below)
            elif self._rows_in(above) >= _LEAST_ROWS:
                self._most, self._above = min(self._rows_in(above), _MOST_ROWS), anchor.top() - gap
            else:
                at.setY(max(screen.bottom() - self.height(), 0))
            self._fit()
        if self._above is not None:
            at.setY(self._above - self.height())
        at.setX(max(min(at.x(), screen.right() - self.width()), screen.left()))
        self.move(at)
        self.show()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys for the list reach the field first."""
        if watched is self.field and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress and self._on_key(event):
                return True
        return super().eventFilter(watched, event)

    def hideEvent(self, event: Any) -> None:
        """Tell that it is gone, however it went."""
        super().hideEvent(event)
        self.closed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the popup's ground and border."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colors = tokens()
        painter.fillRect(self.rect(), colors.color("surface"))
        painter.setPen(QPen(colors.color("accent"), 2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        side = sizes.px(16)
        middle = self.field.geometry().center().y()
        icon = QRectF(sizes.px(12), middle - side / 2, side, side)
        paint_icon(painter, "search", icon, colors.hex("text-2"))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(sizes.px(32), sizes.px(6), sizes.px(12), sizes.px(6))
        head.addWidget(self.field, 1)
        head.addWidget(self._count)
        self._empty.setContentsMargins(sizes.px(12), sizes.px(8), sizes.px(12), sizes.px(8))
        self._foot.setContentsMargins(sizes.px(12), sizes.px(5), sizes.px(12), sizes.px(6))
        layout = self._layout = QVBoxLayout(self)
        layout.setContentsMargins(2, 2, 2, 2)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(Line(self))
        layout.addWidget(self._empty)
        layout.addWidget(self.list)
        layout.addWidget(Line(self))
        layout.addWidget(self._foot)

    def _rows_in(self, height: int) -> int:
        """Return how many rows fit into a popup of a height."""
        around = self.height() - (self.list.height() if not self.list.isHidden() else 0)
        return (height - around) // sizes.px(_HEIGHT)

    def _fit(self) -> None:
        shown = min(self._model.rowCount(), self._most)
        self.list.setFixedHeight(shown * sizes.px(_HEIGHT))
        width = sizes.px(self._width)
        self.setFixedWidth(width)
        self._layout.activate()
        height = self._layout.totalHeightForWidth(width)
        self.setFixedHeight(height if height > 0 else self._layout.totalSizeHint().height())
        if self._above is not None and self.isVisible():
            self.move(self.x(), self._above - self.height())

    def _on_key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            steps = {
                Qt.Key.Key_Up: -1,
                Qt.Key.Key_Down: 1,
                Qt.Key.Key_PageUp: -_MOST_ROWS,
                Qt.Key.Key_PageDown: _MOST_ROWS,
            }
            self._move(steps[Qt.Key(key)])
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take(event.modifiers())
            return True
        if key == Qt.Key.Key_Escape:
            self.hide()
            return True
        # The field is all there is to be in.
        return key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)

    def _move(self, by: int) -> None:
        rows = self._model.rowCount()
        if rows:
            at = max(min(self.list.currentIndex().row() + by, rows - 1), 0)
            self.list.setCurrentIndex(self._model.index(at))

    def _take(self, modifiers: Qt.KeyboardModifier) -> None:
        row = self.current()
        if row is not None and row.enabled:
            self.taken.emit(row.key, modifiers & ~Qt.KeyboardModifier.KeypadModifier)

    def _on_clicked(self, index: QModelIndex) -> None:
        self.list.setCurrentIndex(index)
        self._take(Qt.KeyboardModifier.NoModifier)


class _Rows(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: Sequence[Row] = ()

    def show_rows(self, rows: Sequence[Row]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 Qt's own signature
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        row = self.rows[index.row()]
        if role == _ROW:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            parts = (row.text, row.quiet, row.right, row.keys)
            return ", ".join(part for part in parts if part)
        return None


class _RowDelegate(QStyledItemDelegate):
    """Colour or icon, text with bold letters, a quiet part; count and keys at the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(sizes.px(200), sizes.px(_HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row: Row = index.data(_ROW)
        rect: QRect = option.rect  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownVariableType]
        state: QStyle.StateFlag = option.state  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownVariableType]
        colors = tokens()
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, colors.color("selection"))
        if row.apart:
            painter.setPen(colors.color("line"))
            painter.drawLine(rect.topLeft(), rect.topRight())
        inner = rect.adjusted(sizes.px(10), 0, -sizes.px(10), 0)
        inner = self._paint_sign(painter, inner, row)
        inner = self._paint_right(painter, inner, row)
        text = colors.color("text" if row.enabled else "disabled")
        inner = _runs(painter, inner, row, text)
        if row.quiet and inner.width() > sizes.px(24):
            _text(painter, inner, row.quiet, 12, colors.color("text-2"))
        painter.restore()

    def _paint_sign(self, painter: QPainter, rect: QRect, row: Row) -> QRect:
        side = sizes.px(16)
        if row.swatch is None and row.icon is None:
            return rect
        square = QRectF(rect.left(), rect.center().y() - side / 2 + 1, side, side)
        if row.swatch is not None:
            paint_swatch(painter, square, row.swatch)
        elif row.icon is not None:
            paint_icon(painter, row.icon, square, tokens().hex("accent"))
        return rect.adjusted(side + sizes.px(6), 0, 0, 0)

    def _paint_right(self, painter: QPainter, rect: QRect, row: Row) -> QRect:
        colors = tokens()
        if row.keys:
            font = sizes.font(11, bold=True)
            width = max(QFontMetrics(font).horizontalAdvance(row.keys) + sizes.px(10), sizes.px(19))
            height = sizes.px(18)
            frame = QRectF(
                rect.right() - width + 0.5, rect.center().y() - height // 2 + 0.5, width, height
            )
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(colors.color("edge"))
            painter.setBrush(colors.color("surface"))
            painter.drawRoundedRect(frame, 4, 4)
            painter.setFont(font)
            painter.setPen(colors.color("text"))
            painter.drawText(frame, int(Qt.AlignmentFlag.AlignCenter), row.keys)
            rect = rect.adjusted(0, 0, -width - sizes.px(8), 0)
        if row.right:
            font = sizes.font(12, tabular=True)
            width = QFontMetrics(font).horizontalAdvance(row.right)
            painter.setFont(font)
            painter.setPen(colors.color("text-2"))
            painter.drawText(
                rect, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), row.right
            )
            rect = rect.adjusted(0, 0, -width - sizes.px(8), 0)
        return rect


def _runs(painter: QPainter, rect: QRect, row: Row, color: QColor) -> QRect:
    """Paint the text, its bold spans bold; return what is left of ``rect``."""
    left = rect.left()
    where = 0
    for start, end in (*row.bold, (len(row.text), len(row.text))):
        for piece, bold in ((row.text[where:start], False), (row.text[start:end], True)):
            if not piece:
                continue
            room = QRect(left, rect.top(), rect.right() - left, rect.height())
            if room.width() <= 0:
                return QRect()
            left += _text(painter, room, piece, sizes.BASE, color, bold=bold)
        where = end
    return QRect(left + sizes.px(8), rect.top(), rect.right() - left - sizes.px(8), rect.height())


def _text(
    painter: QPainter, rect: QRect, text: str, size: float, color: QColor, *, bold: bool = False
) -> int:
    font = sizes.font(size, bold=bold)
    metrics = QFontMetrics(font)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    painter.setFont(font)
    painter.setPen(color)
    painter.drawText(rect, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)
    return metrics.horizontalAdvance(shown)
