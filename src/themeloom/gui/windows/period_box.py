"""The box in the toolbar that says which period all numbers are about, and the strip below it."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QWidget,
)

from themeloom.gui.look import sizes
from themeloom.gui.look.tokens import tokens
from themeloom.gui.widgets.label import Label

#: What the last row of the box stands for.
OTHER_DAYS = "other days"


class PeriodBox(QWidget):
    """Tells which choice a person made: its key, or ``OTHER_DAYS``."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        """It offers nothing yet."""
        super().__init__(parent)
        self.box = _Box(self)
        self.box.setAccessibleName(self.tr("Period that all numbers are about"))
        self.box.activated.connect(self._on_activated)
        label = Label(self.tr("Period"), quiet=True)
        label.setBuddy(self.box)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, sizes.px(8), 0)
        row.setSpacing(sizes.px(8))
        row.addWidget(label)
        row.addWidget(self.box)
        self._key = ""
        self.show_closed()

    def show_closed(self) -> None:
        """Show that no project is open."""
        self._key = ""
        self.box.clear()
        self.box.setEnabled(False)
        self.box.say("")

    def show_choices(self, blocks: list[list[tuple[str, str]]], key: str, said: str) -> None:
        """Offer blocks of (key, words); ``said`` stands in the closed box."""
        self.box.clear()
        for number, block in enumerate(blocks):
            if number and block:
                self.box.insertSeparator(self.box.count())
            for one, words in block:
                self.box.addItem(words, one)
        self._key = key
        self.box.setCurrentIndex(max(self.box.findData(key), 0))
        self.box.setEnabled(True)
        self.box.say(said)

    def open_list(self) -> None:
        """Open the list, to be chosen from with the arrow keys."""
        self.box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.box.showPopup()

    def _on_activated(self, row: int) -> None:
        key = str(self.box.itemData(row) or "")
        # What is shown follows once it holds.
        self.box.setCurrentIndex(max(self.box.findData(self._key), 0))
        self.chosen.emit(key)


class _Box(QComboBox):
    """Says the days where the list says "Last quarter" too."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._said = ""
        self.setMaxVisibleItems(40)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)

    def say(self, text: str) -> None:
        self._said = text
        self.setAccessibleDescription(text)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(sizes.px(162), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(sizes.px(110), super().minimumSizeHint().height())

    def showPopup(self) -> None:
        """Let the list be as wide as its words."""
        widest = max(
            (self.fontMetrics().horizontalAdvance(self.itemText(at)) for at in range(self.count())),
            default=0,
        )
        self.view().setMinimumWidth(widest + sizes.px(40))
        super().showPopup()

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        said = self._said or self.currentText()
        option.currentText = self.fontMetrics().elidedText(  # pyright: ignore[reportAttributeAccessIssue]
            said, Qt.TextElideMode.ElideRight, self.width() - sizes.px(38)
        )
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)


class PeriodStrip(QFrame):
    """Says what numbers are about while records are hidden; ``show_all`` asks for all of them."""

    show_all = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make a hidden strip."""
        super().__init__(parent)
        self.setAccessibleName(self.tr("Period"))
        self.label = Label(size=12)
        self.button = QPushButton(self.tr("Show all"))
        self.button.setProperty("link", "true")
        self.button.setAccessibleName(self.tr("Show records of all time"))
        self.button.clicked.connect(self.show_all)
        row = QHBoxLayout(self)
        row.setContentsMargins(sizes.px(12), sizes.px(2), sizes.px(12), sizes.px(2))
        row.setSpacing(sizes.px(8))
        row.addWidget(self.label)
        row.addWidget(self.button)
        row.addStretch(1)
        self.hide()

    def say(self, text: str) -> None:
        """Show a sentence, or nothing where it is empty."""
        self.label.setText(text)
        self.setAccessibleDescription(text)
        self.setVisible(bool(text))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the tint and the line below; colours are looked up anew for a changed scheme."""
        colors = tokens()
        painter = QPainter(self)
        painter.fillRect(self.rect(), colors.color("selection"))
        painter.setPen(colors.color("line"))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        painter.end()
