"""What a review has done so far."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from themeloom.gui.look import sizes
from themeloom.gui.look.icons import paint_icon
from themeloom.gui.look.tokens import tokens
from themeloom.gui.views.themes.review.session import Act, ReviewSession, Step
from themeloom.gui.widgets.elided import ElidedLabel
from themeloom.gui.widgets.label import Label
from themeloom.gui.widgets.pane import Line, clear

_SIGNS = {
    Act.ACCEPTED: ("check", "ok"),
    Act.MOVED: ("chevron-right", "accent"),
    Act.ALSO: ("add", "accent"),
    Act.UNSORTED: ("close", "text-2"),
    Act.SPLIT: ("split", "accent"),
}


class DonePane(QWidget):
    """Counts of what was decided, and the last five decisions."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Nothing is done yet."""
        super().__init__(parent)
        self.setProperty("pane", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Done so far"))
        self.setFixedWidth(sizes.px(288))
        self._names = {
            Act.ACCEPTED: self.tr("Accepted"),
            Act.MOVED: self.tr("Moved to another theme"),
            Act.ALSO: self.tr("Given a second theme"),
            Act.SPLIT: self.tr("Split off"),
            Act.UNSORTED: self.tr("Unsorted"),
        }
        self._counts: dict[Act, tuple[Label, Label]] = {}
        self._last = QVBoxLayout()
        self._last.setSpacing(0)
        self._lay_out()

    def show_session(
        self,
        session: ReviewSession,
        text_of: Callable[[int], str],
        title_of: Callable[[str], str],
    ) -> None:
        """Show the counts and the last steps.

        Args:
            session: the review.
            text_of: the text of an excerpt, masked.
            title_of: the title of a theme.
        """
        counts = session.counts()
        for act, (name, figure) in self._counts.items():
            figure.setText(f"{counts[act]:,}")
            figure.setAccessibleName(f"{self._names[act]}: {counts[act]:,}")
            always = act in (Act.ACCEPTED, Act.MOVED, Act.UNSORTED)
            for part in (name, figure):
                part.setVisible(always or counts[act] > 0)
        clear(self._last)
        self._show_steps(session.last, text_of, title_of)

    def _show_steps(
        self, steps: Sequence[Step], text_of: Callable[[int], str], title_of: Callable[[str], str]
    ) -> None:
        if not steps:
            self._last.addWidget(
                Label(self.tr("Nothing decided yet."), quiet=True, size=12, wrap=True)
            )
        for step in steps:
            title = step.title or (title_of(step.theme_id) if step.theme_id else "")
            where = {
                Act.ACCEPTED: title,
                Act.MOVED: self.tr("to {0}").format(title),
                Act.ALSO: self.tr("also {0}").format(title),
                Act.SPLIT: self.tr("to the new theme {0}").format(title),
                Act.UNSORTED: self.tr("Unsorted"),
            }[step.act]
            text = text_of(step.excerpts[0])
            if len(step.excerpts) > 1:
                text = self.tr("{0} excerpts: {1}").format(len(step.excerpts), text)
            self._last.addWidget(_StepRow(step.act, text, where, self))

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setVerticalSpacing(sizes.px(6))
        for row, act in enumerate(self._names):
            name = Label(self._names[act])
            figure = Label("0", bold=True, tabular=True)
            figure.setAlignment(Qt.AlignmentFlag.AlignRight)
            grid.addWidget(name, row, 0)
            grid.addWidget(figure, row, 1)
            self._counts[act] = (name, figure)
        head = Label(self.tr("Done so far"), bold=True)
        head.setFixedHeight(sizes.px(36))
        words = self.tr("Everything you accept here is marked as seen. Later runs never change it.")
        layout = QVBoxLayout(self)
        space = sizes.px(12)
        layout.setContentsMargins(space, 0, space, space)
        layout.setSpacing(sizes.px(10))
        layout.addWidget(head)
        layout.addLayout(grid)
        layout.addWidget(Line(self))
        layout.addWidget(Label(self.tr("Last five"), bold=True))
        layout.addLayout(self._last)
        layout.addStretch(1)
        layout.addWidget(Line(self))
        layout.addWidget(Label(words, size=12, quiet=True, wrap=True))


class _StepRow(QWidget):
    """One decision: its sign, what was said, where it went."""

    def __init__(self, act: Act, text: str, where: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._sign = _SIGNS[act]
        self.setAccessibleName(f"{text}: {where}")
        lines = QVBoxLayout()
        lines.setSpacing(0)
        lines.addWidget(ElidedLabel(text, size=12))
        lines.addWidget(ElidedLabel(where, size=11, quiet=True))
        row = QHBoxLayout(self)
        row.setContentsMargins(sizes.px(22), sizes.px(4), 0, sizes.px(5))
        row.addLayout(lines)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        name, token = self._sign
        side = sizes.px(14)
        box = QRectF(0, (self.height() - side) / 2, side, side)
        paint_icon(painter, name, box, tokens().hex(token))
        painter.setPen(tokens().color("line"))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
