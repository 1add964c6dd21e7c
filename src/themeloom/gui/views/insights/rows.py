"""The list of insights: a model that filters and sorts, and a delegate that paints two lines."""

from collections.abc import Sequence
from enum import StrEnum

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from themeloom.base.folding import fold
from themeloom.gui.look import sizes
from themeloom.gui.look.tokens import tokens
from themeloom.services.insight_list import InsightItem

_Index = QModelIndex | QPersistentModelIndex
ITEM = Qt.ItemDataRole.UserRole


class Order(StrEnum):
    """How the list is sorted."""

    RECORDS = "records"
    TITLE = "title"
    GROUP = "group"


class InsightModel(QAbstractListModel):
    """The insights that have the typed words, in the chosen order."""

    def __init__(self, parent: QObject | None = None) -> None:
        """It is empty."""
        super().__init__(parent)
        self._all: Sequence[InsightItem] = ()
        self._shown: list[InsightItem] = []
        self._words = ""
        self._order = Order.RECORDS

    def show_items(self, items: Sequence[InsightItem]) -> None:
        """Show other insights, largest first."""
        self._all = items
        self._arrange()

    def set_words(self, words: str) -> None:
        """Show those that have all of ``words`` in title, group, area, PM or quotes."""
        self._words = words
        self._arrange()

    def set_order(self, order: Order) -> None:
        """Sort in another way."""
        self._order = order
        self._arrange()

    def item(self, row: int) -> InsightItem | None:
        """Return the insight of a row."""
        return self._shown[row] if 0 <= row < len(self._shown) else None

    def row_of(self, insight_id: str) -> int:
        """Return the row of an insight, −1 where it is not shown."""
        ids = [item.insight.id for item in self._shown]
        return ids.index(insight_id) if insight_id in ids else -1

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - as Qt declares it
        """Return the number of insights that are shown."""
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return title, words for screen readers, or the insight itself."""
        item = self.item(index.row())
        if item is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return item.insight.title
        if role == ITEM:
            return item
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            state = [self.tr("proposed")] if item.proposed else []
            records = self.tr("{n} records").format(n=f"{item.insight.records:,}")
            return ", ".join([item.insight.title, second_line(item), records, *state])
        return None

    def _arrange(self) -> None:
        self.beginResetModel()
        wanted = fold(self._words).split()
        self._shown = [item for item in self._all if all(w in _text(item) for w in wanted)]
        if self._order == Order.TITLE:
            self._shown.sort(key=lambda item: fold(item.insight.title))
        elif self._order == Order.GROUP:
            self._shown.sort(key=lambda item: (fold(item.insight.area), -item.insight.records))
        self.endResetModel()


class InsightDelegate(QStyledItemDelegate):
    """Title and records, below them group and PM."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Return two lines."""
        return QSize(sizes.px(200), sizes.px(50))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint one row."""
        item = index.data(ITEM)
        if not isinstance(item, InsightItem):
            return
        colors = tokens()
        state: QStyle.StateFlag = option.state  # pyright: ignore[reportAttributeAccessIssue]
        rect = QRectF(option.rect)  # pyright: ignore[reportAttributeAccessIssue, reportUnknownArgumentType]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(rect, colors.color("selection"))
            mark = QRectF(rect.left(), rect.top(), sizes.px(3), rect.height())
            painter.fillRect(mark, colors.color("accent"))
            if state & QStyle.StateFlag.State_HasFocus:
                painter.setPen(QPen(colors.color("accent"), 1.5))
                painter.drawRect(rect.adjusted(1, 1, -1, -1))
        else:
            painter.setPen(colors.color("line"))
            painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        inner = rect.adjusted(sizes.px(12), sizes.px(6), -sizes.px(12), -sizes.px(6))
        half = inner.height() / 2
        figure = sizes.px(46)
        top = QRectF(inner.left(), inner.top(), inner.width() - figure, half)
        _line(painter, top, item.insight.title, 13, "text", bold=chosen)
        right = QRectF(inner.right() - figure, inner.top(), figure, half)
        _line(painter, right, f"{item.insight.records:,}", 13, "text", right=True)
        below = QRectF(inner.left(), inner.top() + half, inner.width(), half)
        if item.proposed:
            width = _chip(painter, below, self.tr("Proposed"))
            below = below.adjusted(0, 0, -width - sizes.px(6), 0)
        _line(painter, below, second_line(item), 12, "text-2")
        painter.restore()


def second_line(item: InsightItem) -> str:
    """Return group, PM and area, as far as they are known."""
    parts = [item.insight.area, item.pm]
    if item.product_area and item.product_area != item.insight.area:
        parts.append(item.product_area)
    return " · ".join(part for part in parts if part)


def _text(item: InsightItem) -> str:
    quotes = " ".join(quote.text for quote in item.quotes)
    return fold(" ".join([item.insight.title, second_line(item), item.insight.id, quotes]))


def _line(
    painter: QPainter,
    rect: QRectF,
    words: str,
    size: float,
    token: str,
    *,
    bold: bool = False,
    right: bool = False,
) -> None:
    painter.setFont(sizes.font(size, bold=bold, tabular=True))
    painter.setPen(tokens().color(token))
    metrics = QFontMetricsF(painter.font())
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    painter.drawText(
        rect,
        side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine,
        metrics.elidedText(words, Qt.TextElideMode.ElideRight, rect.width()),
    )


def _chip(painter: QPainter, line: QRectF, words: str) -> float:
    """Paint a tag at the right end of ``line``; return its width."""
    painter.setFont(sizes.font(11, bold=True))
    width = QFontMetricsF(painter.font()).horizontalAdvance(words) + sizes.px(12)
    rect = QRectF(line.right() - width, line.top() + 1, width, line.height() - 2)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tokens().color("warn-tint"))
    painter.drawRoundedRect(rect, 4, 4)
    painter.setPen(tokens().color("warn"))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, words)
    return width
