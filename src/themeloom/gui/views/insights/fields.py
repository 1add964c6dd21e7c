"""Fields of the editor: each saves at once and never takes away what is being typed."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime

from PySide6.QtCore import QDate, QEvent, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QCalendarWidget,
    QComboBox,
    QCompleter,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from themeloom.domain.errors import UsageError
from themeloom.gui.look import sizes
from themeloom.gui.look.icons import icon
from themeloom.gui.widgets.in_place import Draft, InPlaceText
from themeloom.gui.widgets.label import Label
from themeloom.services.insight_fields import day_words, parse_day

#: A person who stops typing for so long has written something.
PAUSE_MS = 600


class TextField(InPlaceText):
    """Several lines that are saved after a pause, and when the focus leaves."""

    typed = Signal()

    def __init__(
        self, parent: QWidget | None = None, *, size: float = 13, bold: bool = False
    ) -> None:
        """``size`` is that of the design."""
        super().__init__(parent)
        self._look = (size, bold)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self.save)
        self.setFont(sizes.font(size, bold=bold))
        self.textChanged.connect(self._on_typed)

    def toPlainText(self) -> str:
        """Return the text with its no-break spaces: Qt makes plain ones of them, as if typed anew."""
        return re.sub("[\u2028\u2029]", "\n", self.document().toRawText())

    def load(self, text: str) -> None:
        """Show another thing's text; what was typed for the last one is saved first."""
        super().load(text)
        self._pause.stop()

    def refresh(self, text: str) -> None:
        """Show what is stored now, unless the person is typing; the cursor stays where it is."""
        before, cursor = self.toPlainText(), self.textCursor().position()
        shown = self._draft.refresh(text, before)
        if shown == before or (self.hasFocus() and shown.strip() == before.strip()):
            return
        self.blockSignals(True)
        self.setPlainText(shown)
        self.blockSignals(False)
        self._fit_height()
        moved = self.textCursor()
        moved.setPosition(min(cursor, len(shown)))
        self.setTextCursor(moved)

    def save(self) -> None:
        """Tell what was typed, if anything."""
        self._pause.stop()
        super().save()

    def hideEvent(self, event: QHideEvent) -> None:
        """What goes out of sight is saved."""
        super().hideEvent(event)
        self._pause.stop()

    def _on_typed(self) -> None:
        if self.hasFocus() and not self.isReadOnly():
            self._pause.start()
            self.typed.emit()


class ChoiceField(QComboBox):
    """One of a few values; told when a person chooses."""

    chosen = Signal(str)

    def __init__(self, choices: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        """``choices`` are words and values."""
        super().__init__(parent)
        for words, value in choices:
            self.addItem(words, value)
        self.setMinimumContentsLength(5)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.activated.connect(self._on_activated)

    def _on_activated(self, _at: int) -> None:
        self.chosen.emit(self.currentData())

    def show_value(self, value: str) -> None:
        """Show what is stored."""
        self.setCurrentIndex(self.findData(value))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """What it stands in scrolls."""
        event.ignore()


class NameField(QComboBox):
    """A name from a list, or a new one that is typed."""

    chosen = Signal(str)

    def __init__(self, hint: str, parent: QWidget | None = None) -> None:
        """``hint`` stands in the empty field."""
        super().__init__(parent)
        self._draft = Draft()
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setMinimumContentsLength(5)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.line.setPlaceholderText(hint)
        self.line.editingFinished.connect(self.save)
        self.activated.connect(self._on_activated)
        completer = QCompleter(self.model(), self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.setCompleter(completer)

    @property
    def line(self) -> QLineEdit:
        """Where a name is typed."""
        line = self.lineEdit()
        assert line is not None
        return line

    def offer(self, names: Sequence[str]) -> None:
        """Offer other names; what is typed stays."""
        if [self.itemText(at) for at in range(self.count())] == list(names):
            return
        typed = self.line.text()
        self.clear()
        self.addItems(list(names))
        self.setCurrentIndex(self.findText(typed))
        self.line.setText(typed)

    def load(self, text: str) -> None:
        """Show another thing's name; what was typed for the last one is saved first."""
        self.save()
        self._draft.load(text)
        self._show(text)

    def refresh(self, text: str) -> None:
        """Show what is stored now, unless the person is typing."""
        shown = self._draft.refresh(text, self.line.text())
        if shown != self.line.text():
            self._show(shown)

    def save(self) -> None:
        """Tell what was chosen or typed, if anything."""
        typed = self.line.text()
        if self._draft.send(typed, " ".join(typed.split())):
            self.chosen.emit(" ".join(typed.split()))

    def forget(self) -> None:
        """Drop what is typed."""
        self._draft.load(self.line.text())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """What it stands in scrolls."""
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc takes back."""
        if event.key() == Qt.Key.Key_Escape and self.line.text() != self._draft.stored:
            self._show(self._draft.stored)
        else:
            super().keyPressEvent(event)

    def _on_activated(self, _at: int) -> None:
        self.save()

    def _show(self, text: str) -> None:
        self.setCurrentIndex(self.findText(text))
        self.line.setText(text)
        self.line.setCursorPosition(0)


class DayField(QLineEdit):
    """A day as people write it, or from a calendar."""

    chosen = Signal(str)  # ISO 8601, "" for none
    wrong = Signal(str)  # why what is typed is no day, "" when it is one again

    def __init__(self, parent: QWidget | None = None) -> None:
        """No day is chosen."""
        super().__init__(parent)
        self._stored: date | None = None
        self.setPlaceholderText(self.tr("No date"))
        self._open = self.addAction(
            icon("chevron-down", "text-2"), QLineEdit.ActionPosition.TrailingPosition
        )
        self._open.setText(self.tr("Choose from a calendar"))
        self._open.setToolTip(self.tr("Choose from a calendar (Alt+Down)"))
        self._open.triggered.connect(self._open_calendar)
        self.calendar: QCalendarWidget | None = None
        self.editingFinished.connect(self.save)

    def load(self, day: date | None) -> None:
        """Show another thing's day; what was typed for the last one is saved first."""
        self.save()
        self._stored = day
        self.setText(day_words(day))
        self.wrong.emit("")

    def refresh(self, day: date | None) -> None:
        """Show what is stored now, unless the person is typing."""
        before, self._stored = self._stored, day
        if self.text() == day_words(before):
            self.setText(day_words(day))

    def save(self) -> None:
        """Tell the day that was typed, or why it is none."""
        try:
            day = parse_day(self.text(), datetime.now(UTC).astimezone().date())
        except UsageError as error:
            self.wrong.emit(str(error.complaint))
            return
        self.wrong.emit("")
        self.setText(day_words(day))
        if day != self._stored:
            self._stored = day
            self.chosen.emit(day.isoformat() if day else "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc takes back, Alt+Down opens the calendar."""
        if event.key() == Qt.Key.Key_Escape and self.text() != day_words(self._stored):
            self.setText(day_words(self._stored))
            self.wrong.emit("")
        elif (
            event.key() == Qt.Key.Key_Down
            and event.modifiers() & Qt.KeyboardModifier.AltModifier
            and not self.isReadOnly()
        ):
            self._open_calendar()
        else:
            super().keyPressEvent(event)

    def setReadOnly(self, read_only: bool) -> None:
        """Let the day be read only."""
        super().setReadOnly(read_only)
        self._open.setEnabled(not read_only)

    def _open_calendar(self) -> None:
        popup = QFrame(self, Qt.WindowType.Popup)
        popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        popup.setProperty("card", True)
        self.calendar = QCalendarWidget(popup)
        self.calendar.setAccessibleName(self.tr("Calendar"))
        self.calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        if self._stored:
            self.calendar.setSelectedDate(
                QDate(self._stored.year, self._stored.month, self._stored.day)
            )
        layout = QVBoxLayout(popup)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.addWidget(self.calendar)

        def take(day: QDate) -> None:
            self.setText(day_words(date(day.year(), day.month(), day.day())))
            popup.close()
            self.save()

        self.calendar.clicked.connect(take)
        self.calendar.activated.connect(take)
        popup.destroyed.connect(self._forget_calendar)
        popup.adjustSize()
        popup.move(self.mapToGlobal(QPoint(0, self.height())))
        popup.show()
        self.calendar.setFocus()

    def _forget_calendar(self) -> None:
        self.calendar = None

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Save, but for the calendar."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.save()


class Labelled(QWidget):
    """A field with its name above it, and a way back to what the data suggest."""

    back = Signal()

    def __init__(self, name: str, field: QWidget, *, wide: bool = False) -> None:
        """``wide``: there is room for the way back in words."""
        super().__init__()
        self.field = field
        self._name = name
        label = Label(name, size=12, quiet=True)
        label.setBuddy(field)
        field.setAccessibleName(name)
        self.button: QAbstractButton
        if wide:
            self.button = QPushButton(self.tr("Use suggestion"))
            self.button.setProperty("link", True)
        else:
            self.button = QToolButton()
            self.button.setIcon(icon("undo", "accent"))
        self._fit()
        self.button.hide()
        self.button.clicked.connect(self.back)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(sizes.px(4))
        head.addWidget(label)
        head.addStretch(1)
        head.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(sizes.px(2))
        column.addLayout(head)
        column.addWidget(field)

    def suggest(self, text: str | None) -> None:
        """Offer to go back to ``text``; None: there is nothing to go back to."""
        self.button.setVisible(text is not None)
        if text is not None:
            self.button.setToolTip(self.tr("Use the suggestion: {text}").format(text=text))
            self.button.setAccessibleName(
                self.tr("{name}: use the suggestion “{text}”").format(name=self._name, text=text)
            )

    def changeEvent(self, event: QEvent) -> None:
        """The zoom comes with a new style sheet."""
        if event.type() == QEvent.Type.StyleChange:
            self._fit()
        super().changeEvent(event)

    def _fit(self) -> None:
        # As high as the name beside it: nothing moves when it comes and goes.
        side = sizes.px(16)
        self.button.setStyleSheet(
            "QAbstractButton { padding: 0 2px; min-height: 0; border: none; }"
        )
        self.button.setFixedHeight(side)
        self.button.setIconSize(QSize(sizes.px(12), sizes.px(12)))
        self.button.setFont(sizes.font(11))
