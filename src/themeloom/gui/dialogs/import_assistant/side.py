"""The left side of the import assistant: the files, and what cannot be read of them."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from themeloom.gui.dialogs.import_assistant.file_list import FileList
from themeloom.gui.look import sizes
from themeloom.gui.widgets.label import Label
from themeloom.gui.widgets.pane import Line

_SHOWN = 3  # errors; the others are counted


class Side(QWidget):
    """Signals ``more_wanted`` when the person wants to add files.

    Attributes:
        files: the list.
        errors: what cannot be read, a sentence each.
    """

    more_wanted = Signal()

    def __init__(self) -> None:
        """Make it without files."""
        super().__init__()
        self.setProperty("pane", "surface")
        self.setFixedWidth(sizes.px(243))
        self.files = FileList()
        self.errors = Label(size=12, wrap=True, selectable=True)
        self.errors.setAccessibleName(self.tr("What cannot be read"))
        self._progress = QProgressBar()
        self._progress.setRange(0, 0)
        self._progress.setTextVisible(False)
        self._progress.setAccessibleName(self.tr("Looking at the files"))
        self._progress.setFixedHeight(3)
        self._below = QFrame()
        below = QVBoxLayout(self._below)
        below.setContentsMargins(sizes.px(12), sizes.px(8), sizes.px(12), sizes.px(10))
        below.addWidget(self.errors)
        self._below.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._build_head())
        layout.addWidget(Line())
        layout.addWidget(self._progress)
        layout.addWidget(self.files, 1)
        layout.addWidget(self._below)

    def show_looking(self, looking: bool) -> None:
        """Show whether files are being looked at."""
        self._progress.setVisible(looking)

    def show_errors(self, sentences: Sequence[str]) -> None:
        """Show what cannot be read; none hides the place."""
        more = len(sentences) - _SHOWN
        if more > 0:
            sentences = [*sentences[:_SHOWN], self.tr("{n} more cannot be read.").format(n=more)]
        self.errors.setText("\n".join(sentences))
        self._below.setVisible(bool(sentences))

    def _build_head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setContentsMargins(sizes.px(12), sizes.px(5), sizes.px(12), sizes.px(5))
        head.addWidget(Label(self.tr("Files"), bold=True), 1)
        add = QPushButton(self.tr("Add…"))
        add.setAccessibleName(self.tr("Add files"))
        add.setAutoDefault(False)
        add.clicked.connect(self.more_wanted)
        head.addWidget(add)
        return head
