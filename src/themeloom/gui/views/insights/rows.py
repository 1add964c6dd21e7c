"""The list of insights: a model that filters and sorts, and a delegate that paints two lines."""

from collections.abc import Sequence
from dataclasses import dataclass
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
from themeloom.domain.insights import Grade
from themeloom.gui.look import sizes
from themeloom.gui.look.tokens import tokens
from themeloom.gui.views.insights.marks import paint_badge, paint_severity
from themeloom.services.insight_list import InsightItem

_Index = QModelIndex | QPersistentModelIndex
ITEM = Qt.ItemDataRole.UserRole

#: Filters a PM that nobody has named.
NO_PM = "\0"
STALE = "stale"

_WORST_FIRST = {Grade.HIGH: 0, Grade.MEDIUM: 1, Grade.LOW: 2}


class Order(StrEnum):
    """How the list is sorted."""

    RECORDS = "records"
    SEVERITY = "severity"
    TITLE = "title"
    AREA = "area"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is filtered by; an empty text lets everything through."""

    words: str = ""
    pm: str = ""  # or ``NO_PM``
    severity: str = ""  # Grade
    badge: str = ""  # "draft", "ready", "sent", "decided" or ``STALE``

    def lets(self, item: InsightItem) -> bool:
        """Tell whether an insight is shown."""
        insight = item.insight
        if self.pm and insight.owner != ("" if self.pm == NO_PM else self.pm):
            return False
        if self.severity and insight.severity.value != self.severity:
            return False
        if self.badge == STALE:
            if not insight.stale:
                return False
        elif self.badge and item.badge != self.badge:
            return False
        words = fold(self.words).split()
        return not words or all(word in _text(item) for word in words)


class InsightModel(QAbstractListModel):
    """The insights that a person wants to see, in the chosen order."""

    def __init__(self, parent: QObject | None = None) -> None:
        """It is empty."""
        super().__init__(parent)
        self._all: Sequence[InsightItem] = ()
        self.shown: list[InsightItem] = []
        self._wanted = Wanted()
        self._order = Order.RECORDS

    def show_items(self, items: Sequence[InsightItem]) -> None:
        """Show other insights, largest first."""
        self._all = items
        self._arrange()

    def filter(self, wanted: Wanted) -> None:
        """Show those that ``wanted`` lets through."""
        self._wanted = wanted
        self._arrange()

    def set_order(self, order: Order) -> None:
        """Sort in another way."""
        self._order = order
        self._arrange()

    def item(self, row: int) -> InsightItem | None:
        """Return the insight of a row."""
        return self.shown[row] if 0 <= row < len(self.shown) else None

    def row_of(self, insight_id: str) -> int:
        """Return the row of an insight, −1 where it is not shown."""
        ids = [item.insight.id for item in self.shown]
        return ids.index(insight_id) if insight_id in ids else -1

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - as Qt declares it
        """Return the number of insights that are shown."""
        return 0 if parent.isValid() else len(self.shown)

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
            records = self.tr("{n} records").format(n=f"{item.insight.records:,}")
            severity = self.tr("severity {grade}").format(grade=item.insight.severity.value)
            parts = [item.insight.title, severity, *self.desk(item), records]
            parts += [words for words, _ in self.badges(item)]
            return ", ".join(parts)
        return None

    def desk(self, item: InsightItem) -> list[str]:
        """Return PM and product area in words."""
        return [
            item.insight.owner or self.tr("No PM yet"),
            item.insight.area or self.tr("No area yet"),
        ]

    def badges(self, item: InsightItem) -> list[tuple[str, str]]:
        """Return words and names of the badges, the rightmost first."""
        words = {
            "draft": self.tr("Draft"),
            "ready": self.tr("Ready"),
            "sent": self.tr("Sent"),
            "decided": self.tr("Decided"),
        }
        found = [(words[item.badge], item.badge)]
        if item.insight.proposed:
            found.append((self.tr("Proposed"), "proposed"))
        if item.insight.stale:
            found.append((self.tr("Stale"), STALE))
        return found

    def _arrange(self) -> None:
        shown = [item for item in self._all if self._wanted.lets(item)]
        if self._order == Order.TITLE:
            shown.sort(key=lambda item: fold(item.insight.title))
        elif self._order == Order.AREA:
            shown.sort(key=lambda item: (not item.insight.area, fold(item.insight.area)))
        elif self._order == Order.SEVERITY:
            shown.sort(key=lambda item: _WORST_FIRST.get(Grade(item.insight.severity.value), 3))
        if [one.insight.id for one in shown] == [one.insight.id for one in self.shown]:
            # Nothing moved: the selection, and what a person is doing with it, stays.
            self.shown = shown
            if shown:
                self.dataChanged.emit(self.index(0), self.index(len(shown) - 1))
            return
        self.beginResetModel()
        self.shown = shown
        self.endResetModel()


class InsightDelegate(QStyledItemDelegate):
    """Title and badges; below them severity, PM and area."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Return two lines."""
        return QSize(sizes.px(200), sizes.px(51))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint one row."""
        item, model = index.data(ITEM), index.model()
        if not isinstance(item, InsightItem) or not isinstance(model, InsightModel):
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
        elif not chosen:
            painter.setPen(colors.color("line"))
            painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        inner = rect.adjusted(sizes.px(12), sizes.px(7), -sizes.px(12), -sizes.px(7))
        half = inner.height() / 2
        top = QRectF(inner.left(), inner.top(), inner.width(), half)
        right = top.right()
        for words, name in model.badges(item):
            right = paint_badge(painter, right, top, words, name) - sizes.px(6)
        top.setRight(right)
        _line(painter, top, item.insight.title, 13, "text", bold=chosen)
        below = QRectF(inner.left(), inner.top() + half, inner.width(), half)
        below.setLeft(
            below.left() + paint_severity(painter, below, item.insight.severity.value) + sizes.px(6)
        )
        parts = [(item.insight.severity.value.capitalize(), "text-2")]
        owner, area = model.desk(item)
        parts.append((owner, "text-2" if item.insight.owner else "warn"))
        parts.append((area, "text-2" if item.insight.area else "warn"))
        for at, (words, token) in enumerate(parts):
            if at:
                below.setLeft(below.left() + _line(painter, below, "  ·  ", 12, "text-2"))
            below.setLeft(below.left() + _line(painter, below, words, 12, token))
        painter.restore()


def _text(item: InsightItem) -> str:
    insight = item.insight
    quotes = " ".join(quote.text for quote in item.quotes)
    return fold(
        " ".join([insight.title, insight.theme, insight.owner, insight.area, insight.id, quotes])
    )


def _line(
    painter: QPainter, rect: QRectF, words: str, size: float, token: str, *, bold: bool = False
) -> float:
    """Write words at the left of ``rect``, as many as fit; return their width."""
    painter.setFont(sizes.font(size, bold=bold, tabular=True))
    painter.setPen(tokens().color(token))
    metrics = QFontMetricsF(painter.font())
    shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, max(rect.width(), 0))
    painter.drawText(
        rect,
        Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine,
        shown,
    )
    return min(metrics.horizontalAdvance(words), rect.width())
