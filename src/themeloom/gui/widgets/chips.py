"""Short phrases as chips that can be removed and added to."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QToolButton, QWidget

from themeloom.base.folding import fold
from themeloom.gui.look import sizes
from themeloom.gui.look.icons import icon
from themeloom.gui.widgets.flow import FlowLayout

_LONGEST = 80


class PhraseChips(QWidget):
    """Key phrases. ``Del`` or a click on × removes one, + adds one."""

    edited = Signal(object)  # list[str]

    def __init__(self, parent: QWidget | None = None) -> None:
        """It has no phrases yet."""
        super().__init__(parent)
        self._phrases: list[str] = []
        self._chips: list[_Chip] = []
        self._flow = FlowLayout(self, gap=sizes.px(6))
        self._field = _Field(self)
        self._field.setPlaceholderText(self.tr("New key phrase"))
        self._field.setAccessibleName(self.tr("New key phrase"))
        self._field.setMaxLength(_LONGEST)
        self._field.hide()
        self._field.done.connect(self._add)
        self._add_button = QToolButton(self)
        self._add_button.setIcon(icon("add", "text-2"))
        self._add_button.setToolTip(self.tr("Add a key phrase"))
        self._add_button.setAccessibleName(self.tr("Add a key phrase"))
        self._add_button.setStyleSheet(_dashed())
        self._add_button.clicked.connect(self._begin)
        self._fit_icons()
        self._flow.addWidget(self._field)
        self._flow.addWidget(self._add_button)

    @property
    def phrases(self) -> list[str]:
        """The phrases as they stand there."""
        return list(self._phrases)

    @property
    def editing(self) -> bool:
        """Whether a new phrase is being typed."""
        return not self._field.isHidden()

    def show_phrases(self, phrases: Sequence[str]) -> None:
        """Show ``phrases``; one that is being typed stays."""
        if list(phrases) == self._phrases:
            return
        self._phrases = list(phrases)
        for chip in self._chips:
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._chips = [_Chip(phrase, self._remove, self) for phrase in self._phrases]
        for at, chip in enumerate(self._chips):
            self._flow.insert_widget(at, chip)
            chip.show()
        self._fit_icons()
        self.updateGeometry()

    def finish(self) -> None:
        """Take what is being typed as a phrase."""
        if self.editing:
            self._add(self._field.text())

    def changeEvent(self, event: QEvent) -> None:
        """Icons grow with the text; the zoom comes with a new style sheet."""
        if event.type() == QEvent.Type.StyleChange:
            self._fit_icons()
        super().changeEvent(event)

    def _fit_icons(self) -> None:
        self._add_button.setIconSize(QSize(sizes.px(14), sizes.px(14)))
        for chip in self._chips:
            chip.setIconSize(QSize(sizes.px(10), sizes.px(10)))

    def _begin(self) -> None:
        self._add_button.hide()
        self._field.clear()
        self._field.show()
        self._field.setFocus()

    def _add(self, typed: str) -> None:
        back = self._field.hasFocus()
        self._field.clear()
        self._field.hide()
        self._add_button.show()
        if back:
            self._add_button.setFocus()
        phrase = " ".join(typed.split())
        if phrase and fold(phrase) not in {fold(known) for known in self._phrases}:
            self.show_phrases([*self._phrases, phrase])
            self.edited.emit(self.phrases)

    def _remove(self, phrase: str) -> None:
        at = self._phrases.index(phrase)
        self.show_phrases([known for known in self._phrases if known != phrase])
        following = self._chips[min(at, len(self._chips) - 1)] if self._chips else self._add_button
        following.setFocus()
        self.edited.emit(self.phrases)


class _Chip(QToolButton):
    """One phrase."""

    def __init__(self, phrase: str, remove: Callable[[str], None], parent: QWidget) -> None:
        super().__init__(parent)
        self._phrase = phrase
        self._remove = remove
        self.setText(phrase.replace("&", "&&"))
        self.setIcon(icon("close", "text-2"))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        # The cross stands behind the words, as in all chips of the window.
        self.setLayoutDirection(
            Qt.LayoutDirection.RightToLeft
            if parent.layoutDirection() == Qt.LayoutDirection.LeftToRight
            else Qt.LayoutDirection.LeftToRight
        )
        self.setAccessibleName(self.tr("Key phrase {0}. Delete removes it").format(phrase))
        self.setToolTip(self.tr("Remove “{0}” (Del)").format(phrase))
        self.setStyleSheet(
            "QToolButton { background: palette(midlight); border-radius: 4px; padding: 1px 5px; }"
        )
        self.clicked.connect(self._go)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._go()
        else:
            super().keyPressEvent(event)

    def _go(self) -> None:
        self._remove(self._phrase)


class _Field(QLineEdit):
    """Where a new phrase is typed. Enter and leaving take it, Esc does not."""

    done = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedWidth(sizes.px(140))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.done.emit(self.text())
        elif event.key() == Qt.Key.Key_Escape:
            self.done.emit("")
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason and not self.isHidden():
            self.done.emit(self.text())


def _dashed() -> str:
    return (
        "QToolButton { border: 1px dashed palette(dark); border-radius: 4px; padding: 1px 5px; }"
        "QToolButton:focus { border: 1px solid palette(accent); }"
    )
