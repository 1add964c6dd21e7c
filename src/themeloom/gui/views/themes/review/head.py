"""The review's upper edge: what is reviewed, how far it is, how long it takes, the way out."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QWidget

from themeloom.gui.look import sizes
from themeloom.gui.views.themes.review.session import ReviewSession
from themeloom.gui.widgets.elided import ElidedLabel
from themeloom.gui.widgets.flow import FlowLayout
from themeloom.gui.widgets.key_label import KeyHintButton, key_text
from themeloom.gui.widgets.label import Label


class ReviewHead(QWidget):
    """Counts what is decided; the time left follows the person's own pace."""

    leave = Signal()

    def __init__(self, parent: QWidget) -> None:
        """Nothing is reviewed yet."""
        super().__init__(parent)
        self._scope = ElidedLabel(quiet=True)
        self._count = Label(size=12, tabular=True)
        self._bar = QProgressBar(self)
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(sizes.px(116))
        self._bar.setAccessibleName(self.tr("Reviewed"))
        self._left = Label(size=12, quiet=True)
        leave = QPushButton(f"{self.tr('Leave')}   {key_text('Esc')}")
        leave.setAccessibleName(self.tr("Leave the review"))
        leave.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        leave.clicked.connect(self.leave)
        self.setMinimumHeight(sizes.px(36))
        row = QHBoxLayout(self)
        row.setContentsMargins(sizes.px(12), 0, sizes.px(12), 0)
        row.setSpacing(sizes.px(8))
        row.addWidget(Label(self.tr("Review"), bold=True))
        row.addWidget(self._scope, 1)
        for part in (self._count, self._bar, self._left, leave):
            row.addWidget(part)

    def show_session(self, session: ReviewSession, scope: str) -> None:
        """Show how far ``session`` is; ``scope`` says what it is of."""
        order = self.tr("least certain first")
        self._scope.setText(f"{scope} · {order}" if scope else order)
        self._count.setText(self.tr("{0} of {1}").format(f"{session.done:,}", f"{session.total:,}"))
        self._bar.setMaximum(max(session.total, 1))
        self._bar.setValue(session.done)
        left = session.seconds_left()
        self._left.setText(self._left_words(left) if left and session.waiting else "")

    def _left_words(self, seconds: float) -> str:
        if seconds < 45:
            return self.tr("less than a minute left")
        if seconds < 90:
            return self.tr("about a minute left")
        if seconds < 5400:
            return self.tr("about {0} min left").format(round(seconds / 60))
        return self.tr("about {0} h left").format(f"{seconds / 3600:.1f}".removesuffix(".0"))


class ReviewFoot(QWidget):
    """The keys, each with what it does; a click on one is the same as the key."""

    asked = Signal(str)  # the key

    def __init__(self, parent: QWidget) -> None:
        """They break into lines where there is no room."""
        super().__init__(parent)
        flow = FlowLayout(self, gap=sizes.px(16))
        flow.setContentsMargins(sizes.px(12), sizes.px(10), sizes.px(12), sizes.px(10))
        for keys, does in (
            ("A", self.tr("Accept")),
            ("T", self.tr("Pick theme")),
            ("2", self.tr("Also fits")),
            ("U", self.tr("Unsort")),
            ("S", self.tr("Split off")),
            ("Right", self.tr("Skip")),
            ("Left", self.tr("Back")),
            ("Ctrl+Z", self.tr("Undo")),
            ("?", self.tr("All keys")),
        ):
            hint = KeyHintButton(keys, does, self)
            hint.clicked.connect(partial(self._on_clicked, keys))
            flow.addWidget(hint)

    def _on_clicked(self, keys: str, _checked: bool = False) -> None:
        self.asked.emit(keys)
