"""Paints the rows of the theme tree."""

from PySide6.QtCore import (
    QAbstractItemModel,
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
)
from PySide6.QtGui import QFont, QFontMetricsF, QKeyEvent, QPainter
from PySide6.QtWidgets import QLineEdit, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from themeloom.domain.themes import Level, Status
from themeloom.gui.look import sizes
from themeloom.gui.look.tokens import tokens
from themeloom.gui.models.theme_nodes import Facts
from themeloom.gui.models.theme_tree import ThemeTreeModel, TreeColumn
from themeloom.gui.models.trend import thinned
from themeloom.gui.widgets.marks import paint_group, paint_shares, paint_status
from themeloom.gui.widgets.spark import paint_spark

Index = QModelIndex | QPersistentModelIndex
ROW, RECORDS_WIDTH = 28, 54
#: From the left of a name's cell to its mark's middle and to its title.
_MARK, _TITLE = 7, 19
#: Marks of themes stand below the squares of groups, not a whole step to the right.
_BACK = 9
_TITLE_MIN = 80
#: More points than these are noise in so little room.
_SPARK_POINTS = 10


class TreeDelegate(QStyledItemDelegate):
    """One delegate for all columns; backgrounds and rings are the view's."""

    def __init__(self, model: ThemeTreeModel, parent: QObject | None = None) -> None:
        """Paint what ``model`` says."""
        super().__init__(parent)
        self._model = model

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
        facts = self._model.facts_at(index)
        rect: QRect = option.rect  # type: ignore[attr-defined]
        painter.save()
        column = index.column()
        if column == TreeColumn.NAME:
            self._paint_name(painter, rect.adjusted(-sizes.px(self.back(index)), 0, 0, 0), facts)
        elif column == TreeColumn.RECORDS:
            self._paint_records(painter, rect, facts)
        elif column == TreeColumn.SHARES:
            top = self._model.full_share(facts.level)
            shares = [facts.shares[at] for at in self._model.kinds]
            bars = shares_rect(rect, len(shares))
            paint_shares(painter, bars, shares, top, tokens().color("text-2"))
        else:
            inner = QRectF(rect).adjusted(sizes.px(6), sizes.px(9), -sizes.px(10), -sizes.px(8))
            counts = thinned(facts.trend, _SPARK_POINTS)
            paint_spark(painter, inner, counts, tokens().color("text-2"))
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the height of a row; widths are the header's."""
        return QSize(sizes.px(60), sizes.px(ROW))

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """Return a field for the title."""
        editor = QLineEdit(parent)
        editor.setFont(sizes.font())
        editor.setAccessibleName(self.tr("Name of the theme"))
        return editor

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        """Take a title the moment Enter is pressed.

        Qt puts that off to the next turn: a tree that is shown anew in between had closed the field,
        and the title was lost.
        """
        if (
            event.type() == QEvent.Type.KeyPress
            and isinstance(editor, QLineEdit)
            and isinstance(event, QKeyEvent)
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        ):
            self.commitData.emit(editor)
            self.closeEditor.emit(editor)
            return True
        return super().eventFilter(editor, event)

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Begin with the title, all of it selected."""
        if isinstance(editor, QLineEdit):
            editor.setText(self._model.facts_at(index).title)
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Ask for the new title."""
        if isinstance(editor, QLineEdit):
            model.setData(index, editor.text(), Qt.ItemDataRole.EditRole)

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """Cover the title, not the mark."""
        rect: QRect = option.rect  # type: ignore[attr-defined]
        inner = rect.adjusted(sizes.px(_TITLE - 9 - self.back(index)), 0, 0, 0)
        inner.setWidth(max(inner.width(), sizes.px(_TITLE_MIN)))
        editor.setGeometry(inner)

    def back(self, index: Index) -> int:
        """Return how far the mark of a row stands left of its cell: where it opens, a chevron does."""
        group = self._model.facts_at(index).level == Level.GROUP
        return 0 if group or self._model.rowCount(index) else _BACK

    def _paint_name(self, painter: QPainter, rect: QRect, facts: Facts) -> None:
        group = facts.level == Level.GROUP
        middle = QPointF(rect.left() + sizes.px(_MARK), rect.top() + rect.height() / 2)
        if group:
            paint_group(painter, middle, sizes.px(10), facts.color, facts.status)
        else:
            paint_status(painter, middle, sizes.px(10), facts.status)
        font = sizes.font(bold=group)
        painter.setFont(font)
        quiet = facts.status == Status.DORMANT
        painter.setPen(tokens().color("text-2" if quiet else "text"))
        # A short number leaves room for a longer name.
        number = self._records_font(group)
        taken = QFontMetricsF(number).horizontalAdvance(QLocale().toString(facts.records))
        spare = sizes.px(RECORDS_WIDTH) - round(taken) - sizes.px(14)
        inner = rect.adjusted(sizes.px(_TITLE), 0, max(spare, 0), 0)
        title = QFontMetricsF(font).elidedText(
            facts.title, Qt.TextElideMode.ElideRight, inner.width()
        )
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, title)

    def _paint_records(self, painter: QPainter, rect: QRect, facts: Facts) -> None:
        painter.setFont(self._records_font(facts.level == Level.GROUP))
        painter.setPen(tokens().color("text-2" if facts.status == Status.DORMANT else "text"))
        painter.drawText(
            rect.adjusted(0, 0, -sizes.px(4), 0),
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight,
            QLocale().toString(facts.records),
        )

    @staticmethod
    def _records_font(group: bool) -> QFont:
        return sizes.font(bold=group, tabular=True)


def shares_rect(cell: QRect, bars: int) -> QRectF:
    """Return where the bars stand in their cell; the header's letters stand above them."""
    width, height = bars * sizes.px(11), sizes.px(15)
    left = cell.left() + (cell.width() - width) / 2
    return QRectF(left, cell.top() + (cell.height() - height) / 2, width, height)
