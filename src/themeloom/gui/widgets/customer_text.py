"""A customer's text, read only: with excerpts at its edge, speakers, marks and mask tokens."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QFont,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextEdit, QWidget

from themeloom.gui.look import sizes
from themeloom.gui.look.tokens import tokens
from themeloom.gui.widgets.shown_text import ShownText, Spans, no_mask


class Style(StrEnum):
    """What a stretch of text is."""

    QUIET = "quiet"  # set aside: greetings, quoted replies, the interviewer
    SPEAKER = "speaker"
    MARK = "mark"  # found words, reasons
    EXCERPT = "excerpt"  # wears the colour of its group at the edge
    CURRENT = "current"  # the excerpt that is spoken of


@dataclass(frozen=True, slots=True)
class Stretch:
    """A span of the source text (code points) and how it looks.

    Attributes:
        start: first code point.
        end: one past the last.
        style: how it looks.
        color: of an excerpt: the place of its group, −1 for none.
        key: of an excerpt: what ``clicked`` tells.
    """

    start: int
    end: int
    style: Style
    color: int = -1
    key: int | None = None


class CustomerText(QTextEdit):
    """Shows one text. Nothing in it is ever read as markup.

    With ``grows`` it is as high as its text and leaves scrolling to what it stands in.
    """

    clicked = Signal(int)  # key of the excerpt under the mouse

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        size: float = sizes.BASE,
        grows: bool = False,
        edge: bool = False,
    ) -> None:
        """``edge`` keeps room at the side for the colours of excerpts."""
        super().__init__(parent)
        self._size = size
        self._grows = grows
        self._edge = edge
        self._stretches: Sequence[Stretch] = ()
        self._mask: Spans = no_mask
        self._shown = ShownText("")
        self._pressed: QPointF | None = None
        self.setReadOnly(True)
        self.setAcceptRichText(False)
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setStyleSheet("QTextEdit { border: none; padding: 0; background: transparent; }")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.viewport().setAutoFillBackground(False)
        if grows:
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_text(
        self, source: str, stretches: Sequence[Stretch] = (), mask: Spans = no_mask
    ) -> None:
        """Show ``source``; stretches of excerpts may overlap other ones, not each other."""
        self._stretches, self._mask = stretches, mask
        self._shown = ShownText(source, mask)
        self._render()

    @property
    def shown(self) -> str:
        """What stands there, with tokens."""
        return self._shown.text

    def go_to(self, start: int) -> None:
        """Scroll to a place of the source, a third from the top."""
        cursor = QTextCursor(self.document())
        cursor.setPosition(self._shown.position(start))
        self.setTextCursor(cursor)
        bar = self.verticalScrollBar()
        top = self.cursorRect(cursor).top() + bar.value()
        bar.setValue(top - self.viewport().height() // 3)

    def key_at(self, point: QPointF) -> int | None:
        """Return the key of the excerpt at a point of the viewport."""
        layout = self.document().documentLayout()
        inside = point + QPointF(0, self.verticalScrollBar().value())
        place = layout.hitTest(inside, Qt.HitTestAccuracy.FuzzyHit)
        source = self._shown.source(place)
        for stretch in self._stretches:
            if stretch.key is not None and stretch.start <= source < stretch.end:
                return stretch.key
        return None

    # --- events

    def sizeHint(self) -> QSize:
        """Return the height of the text where it grows."""
        hint = super().sizeHint()
        return QSize(hint.width(), self._text_height()) if self._grows else hint

    def minimumSizeHint(self) -> QSize:
        """Return one line, or the whole text where it grows."""
        height = self._text_height() if self._grows else sizes.line_height(self._size)
        return QSize(sizes.px(80), height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The height follows from the width."""
        super().resizeEvent(event)
        self._fit_height()

    def changeEvent(self, event: QEvent) -> None:
        """Colours and sizes stand in the document: write it anew with the look."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._render()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Where it grows, what it stands in scrolls."""
        if self._grows:
            event.ignore()
        else:
            super().wheelEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click is a press and a release at one place."""
        self._pressed = event.position()
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Tell which excerpt was clicked, unless text was selected."""
        super().mouseReleaseEvent(event)
        pressed, self._pressed = self._pressed, None
        if pressed is None or event.button() != Qt.MouseButton.LeftButton:
            return
        moved = (event.position() - pressed).manhattanLength() > 4
        if moved or self.textCursor().hasSelection():
            return
        key = self.key_at(event.position())
        if key is not None:
            self.clicked.emit(key)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the text, then the colours of the excerpts beside it."""
        super().paintEvent(event)
        if not self._edge:
            return
        painter = QPainter(self.viewport())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for stretch in self._stretches:
            if stretch.style in (Style.EXCERPT, Style.CURRENT):
                self._paint_edge(painter, stretch, QRectF(event.rect()))

    # --- the document

    def _render(self) -> None:
        bar = self.verticalScrollBar().value()
        document = self.document()
        document.setDocumentMargin(0)
        document.setDefaultFont(sizes.font(self._size))
        document.clear()
        cursor = QTextCursor(document)
        cursor.beginEditBlock()
        # Not setPlainText: it would go on in the format of what stood here before.
        cursor.insertText(self._shown.text, QTextCharFormat())
        self._set_blocks(cursor)
        order = [Style.QUIET, Style.SPEAKER, Style.CURRENT, Style.MARK]
        for style in order:
            for stretch in self._stretches:
                if stretch.style == style:
                    start, length = self._shown.span(stretch.start, stretch.end)
                    _put(cursor, start, length, _format(style))
        for start, length in self._shown.tokens:
            _put(cursor, start, length, _token_format())
        cursor.endEditBlock()
        self._fit_height()
        self.verticalScrollBar().setValue(bar)

    def _set_blocks(self, cursor: QTextCursor) -> None:
        """Lines a little apart, and each paragraph in the direction that its words are read."""
        block = self.document().begin()
        indent = sizes.px(14) if self._edge else 0
        while block.isValid():
            cursor.setPosition(block.position())
            shape = block.blockFormat()
            shape.setLineHeight(118, 1)  # of the font's own height
            rtl = block.textDirection() == Qt.LayoutDirection.RightToLeft
            shape.setLayoutDirection(block.textDirection())
            shape.setAlignment(
                Qt.AlignmentFlag.AlignRight
                if rtl
                else Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute
            )
            shape.setLeftMargin(0 if rtl else indent)
            shape.setRightMargin(indent if rtl else 0)
            cursor.setBlockFormat(shape)
            block = block.next()

    def _text_height(self) -> int:
        return int(self.document().size().height() + 0.999) + 2

    def _fit_height(self) -> None:
        if self._grows:
            height = self._text_height()
            if height != self.height() or self.minimumHeight() != height:
                self.setFixedHeight(height)

    def _paint_edge(self, painter: QPainter, stretch: Stretch, shown: QRectF) -> None:
        start, length = self._shown.span(stretch.start, stretch.end)
        current = stretch.style == Style.CURRENT
        width = sizes.px(4 if current else 2)
        color = tokens().theme(stretch.color)
        block = self.document().findBlock(start)
        while block.isValid() and block.position() < start + max(length, 1):
            rect = self._lines(block, start, start + length)
            if rect is not None and rect.intersects(shown.adjusted(0, -rect.height(), 0, 0)):
                rtl = block.textDirection() == Qt.LayoutDirection.RightToLeft
                left = self.viewport().width() - width if rtl else 0
                painter.setBrush(QBrush(color))
                painter.drawRoundedRect(
                    QRectF(left, rect.top() + 1, width, rect.height() - 2), 1, 1
                )
            block = block.next()

    def _lines(self, block: QTextBlock, start: int, end: int) -> QRectF | None:
        """Return where the lines of ``block`` that hold some of start…end stand in the viewport."""
        layout = block.layout()
        first = max(start - block.position(), 0)
        last = min(end - block.position(), block.length() - 1) - 1
        if block.length() <= 1 or last < first:
            return None
        top, bottom = layout.lineForTextPosition(first), layout.lineForTextPosition(last)
        if not (top.isValid() and bottom.isValid()):
            return None
        origin = self.document().documentLayout().blockBoundingRect(block).topLeft()
        rect = QRectF(top.rect()).united(bottom.rect())
        return rect.translated(origin).translated(0, -self.verticalScrollBar().value())


def _put(cursor: QTextCursor, start: int, length: int, shape: QTextCharFormat) -> None:
    if length:
        cursor.setPosition(start)
        cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
        cursor.mergeCharFormat(shape)


def _format(style: Style) -> QTextCharFormat:
    shape = QTextCharFormat()
    colors = tokens()
    if style == Style.QUIET:
        shape.setForeground(colors.color("text-2"))
    elif style == Style.SPEAKER:
        shape.setFontWeight(QFont.Weight.DemiBold)
        shape.setForeground(colors.color("text-2"))
    elif style == Style.MARK:
        shape.setBackground(colors.color("mark"))
    elif style == Style.CURRENT:
        shape.setBackground(colors.color("selection"))
    return shape


def _token_format() -> QTextCharFormat:
    shape = QTextCharFormat()
    shape.setBackground(tokens().color("sunken"))
    shape.setForeground(tokens().color("text-2"))
    return shape
