"""Paints the cells of the excerpts table."""

from collections import OrderedDict
from dataclasses import dataclass
from html import escape

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QHelpEvent,
    QPainter,
    QStaticText,
    QTextLayout,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
)

from themeloom.gui.look import sizes
from themeloom.gui.look.icons import paint_icon
from themeloom.gui.look.tokens import tokens
from themeloom.gui.models.excerpt_columns import CENTERED, GIVES_WAY, RIGHT, ExcerptRow
from themeloom.gui.models.excerpt_table import ExcerptTableModel
from themeloom.gui.widgets.fit import paint_fit

Index = QModelIndex | QPersistentModelIndex
#: Two lines hold less than so many characters at any width.
_LONGEST = 700
_CACHED = 2000
#: Pixels that a character takes at least, on the average of a line.
_THINNEST = 3
FIRST_INSET, INSET = 12, 8


@dataclass(frozen=True)
class _Line:
    """A line of a text and where its marks begin and end."""

    text: str
    shown: QStaticText
    marks: tuple[tuple[int, int], ...]


class ExcerptDelegate(QStyledItemDelegate):
    """One delegate for all columns. It asks the model for rows, not for roles: that is quicker."""

    def __init__(self, model: ExcerptTableModel, parent: QObject | None = None) -> None:
        """Paint what ``model`` says."""
        super().__init__(parent)
        self._model = model
        self._lines: OrderedDict[tuple[int, int, int], list[_Line]] = OrderedDict()
        self._texts: OrderedDict[tuple[str, int], QStaticText] = OrderedDict()
        self._wraps: OrderedDict[tuple[str, int, int], list[str]] = OrderedDict()
        self._look: tuple[str, float] | None = None
        self._font = QFont()
        self._metrics = QFontMetrics(self._font)
        self._height = self._metrics.height()
        self._first_inset, self._inset = FIRST_INSET, INSET
        self._colors: dict[str, QColor] = {}
        self.lines = 2

    def forget(self) -> None:
        """Break texts into lines anew: texts or marks have changed."""
        self._lines.clear()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell. The line below a row is the view's, which calls ``prepare`` before."""
        if self._look is None:
            self.prepare()
        rect: QRect = option.rect  # type: ignore[attr-defined]
        selected = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        if selected:
            painter.fillRect(rect, self._colors["selection"])
        row = self._model.row_at(index.row())
        column = self._model.columns[index.column()]
        first = self._first_inset if column == "excerpt" else self._inset
        inner = rect.adjusted(first, 0, -self._inset, -1)
        painter.setFont(self._font)
        if column == "excerpt":
            self._paint_text(painter, self._beside_others(painter, inner, row), row)
        elif column == "fit":
            self._paint_fit(painter, inner, row)
        elif column == "seen":
            if row.reviewed:
                side = sizes.px(14)
                box = QRect(0, 0, side, side)
                box.moveCenter(rect.center())
                paint_icon(painter, "check", QRectF(box), self._colors["ok"].name())
        else:
            self._paint_plain(painter, inner, row, column)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return any size: widths and heights are the headers'."""
        return QSize(sizes.px(60), sizes.px(26))

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        """Show what is cut in its cell: which two themes an excerpt lies between, long titles."""
        tip = index.data(Qt.ItemDataRole.ToolTipRole) or self.cut_text(view, index)
        if event.type() != QEvent.Type.ToolTip or not tip:
            return super().helpEvent(event, view, option, index)
        # Titles come from customers' texts: nothing in them is markup.
        QToolTip.showText(event.globalPos(), f"<qt>{escape(tip)}</qt>", view)
        return True

    def cut_text(self, view: QAbstractItemView, index: Index) -> str:
        """Return the text of a cell that has no room for all of it, else nothing."""
        column = self._model.columns[index.column()] if index.isValid() else ""
        if column in ("", "excerpt", "fit", "seen"):
            return ""
        text = self._model.words.text(self._model.row_at(index.row()), column)
        room = view.visualRect(index).width() - 2 * self._inset
        if self._metrics.horizontalAdvance(text) <= room:
            return ""
        whole = column in GIVES_WAY and " ".join(self._wrapped(text, room)) == text
        return "" if whole else text

    def _paint_text(self, painter: QPainter, rect: QRect, row: ExcerptRow) -> None:
        lines = self._broken(row, rect.width())
        height = self._height
        top = rect.top() + (rect.height() - height * len(lines)) // 2
        for line in lines:
            for start, end in line.marks:
                left = self._metrics.horizontalAdvance(line.text[:start])
                width = self._metrics.horizontalAdvance(line.text[:end]) - left
                box = QRect(rect.left() + left - 1, top, width + 2, height)
                painter.fillRect(box, self._colors["mark"])
            painter.setPen(self._colors["text"])
            painter.drawStaticText(rect.left(), top, line.shown)
            top += height

    def _beside_others(self, painter: QPainter, rect: QRect, row: ExcerptRow) -> QRect:
        """Paint how many further themes an excerpt has, and return the room that is left."""
        if not row.also:
            return rect
        shown = self._elided(f"+{len(row.also)}", rect.width())
        width = round(shown.size().width())
        painter.setPen(self._colors["text-2"])
        top = rect.top() + (rect.height() - self._height) / 2
        painter.drawStaticText(QPointF(rect.right() + 1 - width, top), shown)
        return rect.adjusted(0, 0, -width - self._inset, 0)

    def _paint_fit(self, painter: QPainter, rect: QRect, row: ExcerptRow) -> None:
        if row.fit is None:
            return
        width, height = sizes.px(16), sizes.px(11)
        box = QRectF(rect.left(), rect.top() + (rect.height() - height) / 2, width, height)
        paint_fit(painter, box, row.fit)
        self._paint_plain(painter, rect.adjusted(sizes.px(22), 0, 0, 0), row, "fit")

    def _paint_plain(self, painter: QPainter, rect: QRect, row: ExcerptRow, column: str) -> None:
        text = self._model.words.text(row, column)
        quiet = column in ("source", "date", "language", "reason")
        if column in RIGHT and not text:
            text, quiet = "–", True
        if not text:
            return
        self._paint_words(painter, rect, text, column, quiet=quiet)

    def _paint_words(
        self, painter: QPainter, rect: QRect, text: str, column: str, *, quiet: bool
    ) -> None:
        if column in GIVES_WAY and self._metrics.horizontalAdvance(text) > rect.width():
            lines = self._wrapped(text, rect.width())
            painter.setPen(self._colors["text-2" if quiet else "text"])
            top = rect.top() + (rect.height() - self._height * len(lines)) // 2
            for place, line in enumerate(lines):
                shown = self._elided(line, rect.width())
                painter.drawStaticText(rect.left(), top + place * self._height, shown)
            return
        shown = self._elided(text, rect.width())
        left, width = rect.left(), shown.size().width()
        if column in RIGHT:
            left = rect.right() + 1 - width
        elif column in CENTERED:
            left += (rect.width() - width) / 2
        painter.setPen(self._colors["text-2" if quiet else "text"])
        top = rect.top() + (rect.height() - self._height) / 2
        painter.drawStaticText(QPointF(left, top), shown)

    def _elided(self, text: str, width: int) -> QStaticText:
        """Return a text, cut where it does not fit, with its glyphs in place already."""
        key = (text, width)
        shown = self._texts.get(key)
        if shown is None:
            cut = self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
            shown = self._texts[key] = self._static(cut)
            if len(self._texts) > _CACHED:
                self._texts.popitem(last=False)
        return shown

    def _wrapped(self, text: str, width: int) -> list[str]:
        """Return the lines of a cell of words, as many as rows have; the last one may be cut."""
        key = (text, width, self.lines)
        found = self._wraps.get(key)
        if found is None:
            found = self._wraps[key] = [line.text for line in self._break(text, width)]
            if len(self._wraps) > _CACHED:
                self._wraps.popitem(last=False)
        return found

    def _static(self, text: str) -> QStaticText:
        shown = QStaticText(text)
        shown.setTextFormat(Qt.TextFormat.PlainText)
        shown.prepare(font=self._font)
        return shown

    def _broken(self, row: ExcerptRow, width: int) -> list[_Line]:
        key = (row.excerpt, width, self.lines)
        lines = self._lines.get(key)
        if lines is None:
            lines = self._lines[key] = self._break(" ".join(row.text[:_LONGEST].split()), width)
            if len(self._lines) > _CACHED:
                self._lines.popitem(last=False)
        return lines

    def _break(self, text: str, width: int) -> list[_Line]:
        spans = self._model.spans(text)
        lines: list[_Line] = []
        begin = 0
        for number in range(self.lines):
            rest = text[begin:]
            # Measuring all of a long text for the little that is shown takes most of a frame.
            near = rest[: width // _THINNEST + 8]
            if number == self.lines - 1:
                shown = self._metrics.elidedText(near, Qt.TextElideMode.ElideRight, width)
                if len(near) < len(rest) and not shown.endswith("…"):
                    shown += "…"
            else:
                shown = near[: self._fitting(near, width)]
            whole = len(shown) - (1 if shown.endswith("…") and shown != rest else 0)
            marks = tuple(
                (max(start - begin, 0), min(end - begin, whole))
                for start, end in spans
                if end > begin and start - begin < whole
            )
            line = shown.rstrip()
            lines.append(_Line(line, self._static(line), () if _from_right(line) else marks))
            begin += len(shown)
            if begin >= len(text):
                break
        return lines

    def _fitting(self, text: str, width: int) -> int:
        """Return how many characters of ``text`` make its first line."""
        layout = QTextLayout(text, self._font)
        layout.beginLayout()
        line = layout.createLine()
        if not line.isValid():
            layout.endLayout()
            return 0
        line.setLineWidth(width)
        units = line.textLength()
        layout.endLayout()
        # Qt counts UTF-16 units, Python characters.
        return len(text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore"))

    def prepare(self) -> None:
        """Take colours and fonts as they are now; once for each frame, not for each cell."""
        colors = tokens()
        look = (colors.scheme, sizes.zoom())
        if look == self._look:
            return
        self._look = look
        self._font = sizes.font(tabular=True)
        self._metrics = QFontMetrics(self._font)
        self._height = self._metrics.height()
        self._first_inset, self._inset = sizes.px(FIRST_INSET), sizes.px(INSET)
        self._colors = {
            name: colors.color(name)
            for name in ("text", "text-2", "selection", "surface", "line", "mark", "ok")
        }
        self._lines.clear()
        self._texts.clear()
        self._wraps.clear()


def _from_right(text: str) -> bool:
    """Whether a line runs from right to left: its marks would stand in the wrong places."""
    return any("\u0590" <= sign <= "\u08ff" for sign in text)
