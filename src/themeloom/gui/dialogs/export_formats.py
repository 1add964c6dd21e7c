"""The list of export formats, in groups: to be read, for another tool, data."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from themeloom.gui.look import sizes
from themeloom.gui.look.tokens import tokens
from themeloom.services.exporting import Format

FIRST = "xlsx"  # what most people come for
_NAME, _FORMAT = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1
_HEAD, _ROW = 28, 44
_SHOWN = 340


class FormatList(QListWidget):
    """Tells ``format_changed`` when another format is current; headings cannot be."""

    format_changed = Signal()

    def __init__(self, formats: Sequence[Format], parent: QWidget | None = None) -> None:
        """Show ``formats`` in their groups; the workbook comes first."""
        super().__init__(parent)
        self._formats = {one.name: one for one in formats}
        self.setAccessibleName(self.tr("Format"))
        self.setItemDelegate(_FormatDelegate(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setStyleSheet("QListWidget { border: 1px solid palette(dark); border-radius: 5px; }")
        ordered = sorted(formats, key=lambda one: (one.name != FIRST, one.name))
        for heading, group in (
            (self.tr("To read"), [one for one in ordered if one.is_read]),
            (self.tr("Hand-offs to other tools"), [one for one in ordered if one.hand_off]),
            (
                self.tr("Data"),
                [one for one in ordered if not one.is_read and not one.hand_off],
            ),
        ):
            if group:
                self._add_heading(heading)
            for one in group:
                self._add(one)
        height = sum(self.sizeHintForRow(row) for row in range(self.count()))
        self.setFixedHeight(min(height + 4, sizes.px(_SHOWN)))
        self.currentRowChanged.connect(self._on_row)

    @property
    def format(self) -> Format:
        """The chosen format."""
        item = self.currentItem()
        return self._formats[str(item.data(_FORMAT))]

    def choose(self, name: str) -> None:
        """Choose the format called ``name``; the workbook where there is none of that name."""
        wanted = name if name in self._formats else FIRST
        for row in range(self.count()):
            if self.item(row).data(_FORMAT) == wanted:
                self.setCurrentRow(row)
                # The heading above the first of a group is worth seeing too.
                self.scrollToItem(self.item(max(row - 1, 0)))
                self.scrollToItem(self.item(row))

    def _on_row(self, _row: int) -> None:
        self.format_changed.emit()

    def _add_heading(self, words: str) -> None:
        item = QListWidgetItem(words)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        self.addItem(item)

    def _add(self, one: Format) -> None:
        words = f"{one.describes[:1].upper()}{one.describes[1:]}"
        item = QListWidgetItem(words)
        ending = f" ({one.suffix})" if one.suffix and one.suffix[1:] != one.name else ""
        item.setData(_NAME, f"{one.name}{ending}")
        item.setData(_FORMAT, one.name)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{words}, {one.name}")
        self.addItem(item)


class _FormatDelegate(QStyledItemDelegate):
    """What a format is for, and its name, on two lines; a heading on one."""

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(sizes.px(200), sizes.px(_ROW if index.data(_FORMAT) else _HEAD))

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        colors = tokens()
        state: QStyle.StateFlag = option.state  # pyright: ignore[reportAttributeAccessIssue]
        rect = QRectF(option.rect)  # pyright: ignore[reportAttributeAccessIssue, reportUnknownArgumentType]
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, colors.color("selection"))
            painter.fillRect(
                QRectF(rect.left(), rect.top(), sizes.px(3), rect.height()), colors.color("accent")
            )
        inner = rect.adjusted(sizes.px(12), sizes.px(4), -sizes.px(8), -sizes.px(4))
        half = inner.height() / 2
        heading = not index.data(_FORMAT)
        lines = (
            ((index.data(), sizes.font(12, bold=True), "text-2", inner.top(), inner.height()),)
            if heading
            else (
                (index.data(), sizes.font(13), "text", inner.top(), half),
                (index.data(_NAME), sizes.font(12), "text-2", inner.top() + half, half),
            )
        )
        for words, font, token, top, height in lines:
            painter.setFont(font)
            painter.setPen(colors.color(token))
            painter.drawText(
                QRectF(inner.left(), top, inner.width(), height),
                Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft,
                painter.fontMetrics().elidedText(
                    str(words), Qt.TextElideMode.ElideRight, int(inner.width())
                ),
            )
        painter.restore()
