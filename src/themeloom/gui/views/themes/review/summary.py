"""The end of a review: what was done, and what to do next."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from themeloom.gui.look import sizes
from themeloom.gui.views.themes.review.session import Act, ReviewSession
from themeloom.gui.widgets.label import Label
from themeloom.insights.wording import count, joined


class Summary(QWidget):
    """Says what was done; offers the skipped ones once more, or the way back to the themes."""

    again = Signal()
    leave = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """It says nothing yet."""
        super().__init__(parent)
        self._head = Label(size=18, bold=True, wrap=True)
        self._words = Label(wrap=True)
        self._next = Label(wrap=True, quiet=True)
        self._again = QPushButton()
        self._again.clicked.connect(self.again)
        self._leave = QPushButton(self.tr("Back to the themes"))
        self._leave.setProperty("primary", True)
        self._leave.clicked.connect(self.leave)
        buttons = QHBoxLayout()
        buttons.addWidget(self._leave)
        buttons.addWidget(self._again)
        buttons.addStretch()
        layout = QVBoxLayout(self)
        layout.setSpacing(sizes.px(12))
        layout.addWidget(self._head)
        layout.addWidget(self._words)
        layout.addWidget(self._next)
        layout.addLayout(buttons)
        layout.addStretch(1)

    @property
    def words(self) -> str:
        """What it says."""
        return " ".join(part.text() for part in (self._head, self._words, self._next))

    def show_session(self, session: ReviewSession) -> None:
        """Show the end of ``session``."""
        done, waiting = session.done, session.waiting
        self._head.setText(
            self.tr("All {0} reviewed").format(count(session.total, "excerpt"))
            if done and not waiting
            else self.tr("{0} of {1} reviewed").format(f"{done:,}", count(session.total, "excerpt"))
            if session.total
            else self.tr("Nothing to review")
        )
        counts = session.counts()
        parts = [
            words.format(f"{counts[act]:,}")
            for act, words in (
                (Act.ACCEPTED, self.tr("{0} accepted")),
                (Act.MOVED, self.tr("{0} moved to another theme")),
                (Act.ALSO, self.tr("{0} given a second theme")),
                (Act.SPLIT, self.tr("{0} split off")),
                (Act.UNSORTED, self.tr("{0} left unsorted")),
            )
            if counts[act]
        ]
        self._words.setText(f"{joined(parts)}." if parts else "")
        self._words.setVisible(bool(parts))
        self._next.setText(self._what_next(done, waiting, session))
        self._again.setVisible(waiting > 0)
        self._again.setText(self.tr("Review the {0} skipped").format(f"{waiting:,}"))
        if self.isVisible():
            self._leave.setFocus(Qt.FocusReason.OtherFocusReason)

    def _what_next(self, done: int, waiting: int, session: ReviewSession) -> str:
        if not session.total:
            return self.tr("A person has seen every excerpt here. Choose another theme, or go on.")
        moved = session.counts()[Act.MOVED] + session.counts()[Act.UNSORTED]
        if done >= 5 and moved * 2 > done:
            return self.tr(
                "More than half did not fit. Find themes again: what you decided stays as it is."
            )
        if waiting:
            return self.tr("The skipped ones stay as they are. You can come back to them any time.")
        return self.tr(
            "What you decided stays, whatever later runs find. Next: write the insights."
        )
