"""Texts that are edited where they stand, saved when the focus leaves them, and never lost."""

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QLineEdit, QPlainTextEdit, QSizePolicy, QWidget

from themeloom.gui.look import sizes


class Draft:
    """What is stored, what was typed, and what was sent but is not stored yet."""

    def __init__(self) -> None:
        """Nothing is stored."""
        self.stored = ""
        self._sent: str | None = None

    def load(self, text: str) -> None:
        """Begin with another thing."""
        self.stored, self._sent = text, None

    def refresh(self, text: str, typed: str) -> str:
        """Take what is stored now; return what to show.

        What a person typed and has not sent stays. So does what was sent while its edit is still
        under way: another edit's refresh would show the old text for a moment.
        """
        before, self.stored = self.stored, text
        if typed != (before if self._sent is None else self._sent):
            return typed
        if self._sent is not None and text == before:
            return typed
        self._sent = None
        return text

    def send(self, typed: str, value: str) -> bool:
        """Return whether ``value`` of what was ``typed`` has to be stored; remember that it was sent."""
        if typed == self._sent or (self._sent is None and value == self.stored):
            return False
        self._sent = typed
        return True


class InPlaceLine(QLineEdit):
    """One line. Enter saves, Esc takes back; an emptied line comes back too."""

    edited = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, size: float = 15) -> None:
        """``size`` is that of the design."""
        super().__init__(parent)
        self._size = size
        self._draft = Draft()
        self._apply_font()

    def load(self, text: str) -> None:
        """Show another thing's text; what was typed for the last one is saved first."""
        self.save()
        self._draft.load(text)
        self.setText(text)
        self.setCursorPosition(0)

    def refresh(self, text: str) -> None:
        """Show what is stored now, unless the person is typing."""
        shown = self._draft.refresh(text, self.text())
        if shown != self.text():
            self.setText(shown)
            self.setCursorPosition(0)

    def save(self) -> None:
        """Tell what was typed, if anything."""
        typed = " ".join(self.text().split())
        if not typed:
            self.setText(self._draft.stored)
        elif self._draft.send(self.text(), typed):
            self.edited.emit(typed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter saves, Esc takes back."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.save()
            self.selectAll()
        elif event.key() == Qt.Key.Key_Escape and self.text() != self._draft.stored:
            self.setText(self._draft.stored)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Save."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.save()

    def hideEvent(self, event: QHideEvent) -> None:
        """What goes out of sight is saved."""
        self.save()
        super().hideEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """The zoom comes with a new style sheet."""
        if event.type() == QEvent.Type.StyleChange:
            self._apply_font()
        super().changeEvent(event)

    def _apply_font(self) -> None:
        font = sizes.font(self._size, bold=True)
        if font != self.font():
            self.setFont(font)


class InPlaceText(QPlainTextEdit):
    """Several lines, as high as their text. With ``framed=False`` it looks like text until used."""

    edited = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, framed: bool = True) -> None:
        """Its text is plain."""
        super().__init__(parent)
        self._draft = Draft()
        self._framed = framed
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(0)
        self.textChanged.connect(self._fit_height)
        if not framed:
            # The border keeps its place, so that nothing moves when the field is used.
            self.setStyleSheet(
                "QPlainTextEdit:!focus:!hover { border-color: transparent; background: transparent; }"
            )

    def load(self, text: str) -> None:
        """Show another thing's text; what was typed for the last one is saved first."""
        self.save()
        self._draft.load(text)
        self.setPlainText(text)

    def refresh(self, text: str) -> None:
        """Show what is stored now, unless the person is typing."""
        shown = self._draft.refresh(text, self.toPlainText())
        if shown != self.toPlainText():
            self.setPlainText(shown)

    def save(self) -> None:
        """Tell what was typed, if anything."""
        typed = self.toPlainText().strip()
        if self._draft.send(self.toPlainText(), typed):
            self.edited.emit(typed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc takes back, Ctrl+Enter saves."""
        changed = self.toPlainText() != self._draft.stored
        if event.key() == Qt.Key.Key_Escape and changed:
            self.setPlainText(self._draft.stored)
        elif (
            event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self.save()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Save."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.save()

    def hideEvent(self, event: QHideEvent) -> None:
        """What goes out of sight is saved."""
        self.save()
        super().hideEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """What it stands in scrolls."""
        event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The height follows from the width."""
        super().resizeEvent(event)
        self._fit_height()

    def showEvent(self, event: QShowEvent) -> None:
        """What was loaded out of sight gets its height; its width need not have changed since."""
        super().showEvent(event)
        self._fit_height()

    def sizeHint(self) -> QSize:
        """Return the height of the text."""
        return QSize(super().sizeHint().width(), self._wanted_height())

    def _fit_height(self) -> None:
        height = self._wanted_height()
        if self.minimumHeight() != height or self.maximumHeight() != height:
            self.setFixedHeight(height)

    def _wanted_height(self) -> int:
        lines = 0
        block = self.document().begin()
        layout = self.document().documentLayout()
        while block.isValid():
            layout.blockBoundingRect(block)  # Qt breaks a text that is out of sight into no lines
            lines += max(block.layout().lineCount(), 1)
            block = block.next()
        least = 2 if self._framed else 1
        return max(lines, least) * self.fontMetrics().lineSpacing() + sizes.px(10) + 2
