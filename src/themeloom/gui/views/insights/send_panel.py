"""The foot of the list: what a send would do now, and what it holds back."""

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from themeloom.gui.look import sizes
from themeloom.gui.look.icons import icon
from themeloom.gui.widgets.elided import ElidedLabel
from themeloom.gui.widgets.label import Label
from themeloom.gui.widgets.pane import clear
from themeloom.insights.sending import HeldBack, SendPlan

#: Rows of what is held back: at first, and at most. All of them stand in the dialog.
_HELD_BACK, _MOST = 3, 10


class SendPanel(QFrame):
    """It sends nothing itself."""

    send_wanted = Signal()
    chosen = Signal(str)  # insight id

    def __init__(self, parent: QWidget | None = None) -> None:
        """It is hidden until there is a plan."""
        super().__init__(parent)
        self.setProperty("pane", "window")
        self.setProperty("line", "top")
        self.setAccessibleName(self.tr("Send"))
        self._plan: SendPlan | None = None
        self._all = False
        self.head = Label(bold=True)
        self.button = QPushButton()
        self.button.setIcon(icon("send", "on-accent"))
        self.button.setIconSize(QSize(sizes.px(14), sizes.px(14)))
        self.button.setProperty("primary", "true")
        self.button.clicked.connect(self.send_wanted)
        self.held = Label(size=12, quiet=True)
        self.more = QPushButton()
        self.more.setProperty("link", True)
        self.more.clicked.connect(self._toggle)
        top = QHBoxLayout()
        top.addWidget(self.head, 1)
        top.addWidget(self.button)
        second = QHBoxLayout()
        second.addWidget(self.held, 1)
        second.addWidget(self.more)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(sizes.px(2))
        column = QVBoxLayout(self)
        column.setContentsMargins(sizes.px(12), sizes.px(8), sizes.px(12), sizes.px(8))
        column.setSpacing(sizes.px(4))
        column.addLayout(top)
        column.addLayout(second)
        column.addLayout(self._rows)
        self.hide()

    def show_plan(self, plan: SendPlan | None, *, possible: bool) -> None:
        """Show what a send would do; ``possible``: there is something that sends."""
        self.setVisible(plan is not None)
        self.button.setVisible(possible)
        if plan is None or plan == self._plan:
            return
        self._plan = plan
        pms = len(plan.packs)
        if pms:
            words = self.tr("Send to {n} PMs") if pms > 1 else self.tr("Send to {n} PM")
            self.head.setText(words.format(n=f"{pms:,}"))
            self.button.setText(self.tr("Send {n}…").format(n=f"{plan.count:,}"))
            self.button.setAccessibleName(self.tr("Send {n} insights").format(n=f"{plan.count:,}"))
        else:
            self.head.setText(self.tr("Nothing to send yet"))
            self.button.setText(self.tr("Send…"))
            self.button.setAccessibleName(self.tr("Send insights"))
        held = plan.held_back
        told = self.tr("Held back: {n}").format(n=f"{len(held):,}")
        self.held.setText(told if held else self.tr("Nothing held back"))
        self._show_held()

    def _show_held(self) -> None:
        clear(self._rows)
        held = self._plan.held_back if self._plan else ()
        for one in held[: _MOST if self._all else _HELD_BACK]:
            self._rows.addWidget(_Held(one))
        if self._all and len(held) > _MOST:
            left = self.tr("and {n} more").format(n=f"{len(held) - _MOST:,}")
            self._rows.addWidget(Label(left, size=12, quiet=True))
        self.more.setVisible(len(held) > _HELD_BACK)
        self.more.setText(self.tr("Show fewer") if self._all else self.tr("Show more"))

    def _toggle(self) -> None:
        self._all = not self._all
        self._show_held()


class _Held(QWidget):
    """Title at the left, reason at the right."""

    def __init__(self, one: HeldBack) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(sizes.px(8))
        row.addWidget(ElidedLabel(one.insight.title, size=12), 3)
        reason = Label(one.words, size=12, quiet=True)
        row.addWidget(reason)
