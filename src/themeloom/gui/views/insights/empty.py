"""What stands in the Insights place before there are themes."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from themeloom.gui.look import sizes
from themeloom.gui.widgets.label import Label


class EmptyInsights(QWidget):
    """What belongs here, and the one thing to do."""

    wanted = Signal(str)  # name of an action

    def __init__(self) -> None:
        """It describes nothing yet."""
        super().__init__()
        self.setProperty("pane", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._next = ""
        self.words = Label(quiet=True)
        self.button = QPushButton()
        self.button.setProperty("primary", "true")
        self.button.clicked.connect(lambda: self.wanted.emit(self._next))
        column = QVBoxLayout(self)
        column.setSpacing(sizes.px(10))
        column.addStretch(1)
        title = Label(self.tr("What product managers get stands here"), size=15, bold=True)
        for part in (title, self.words, self.button):
            column.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)

    def describe(self, *, has_records: bool, offered: Callable[[str], bool]) -> None:
        """Say what is missing; ``offered`` tells whether there is such an action."""
        self._next = "themes.find" if has_records else "sources.import"
        self.words.setText(
            self.tr("Each theme becomes an insight with its numbers and quotes. Find themes first.")
            if has_records
            else self.tr("Bring in tickets, survey answers, interviews or calls first.")
        )
        self.button.setText(self.tr("Find themes…") if has_records else self.tr("Import files…"))
        self.button.setVisible(offered(self._next))
