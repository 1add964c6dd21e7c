"""The sidebar: the four places, and below them the way through with what is done."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QLabel, QVBoxLayout, QWidget

from themeloom.gui.look import sizes
from themeloom.gui.look.icons import paint_icon
from themeloom.gui.look.tokens import tokens

WIDE, NARROW = 152, 48


@dataclass(frozen=True)
class Step:
    """One step of the way through."""

    title: str
    detail: str
    state: str  # "done", "now" or "ahead"


class Sidebar(QWidget):
    """Signals which place or step was clicked."""

    chosen = Signal(str)
    step_clicked = Signal(int)

    def __init__(self, places: list[tuple[str, str, str]], parent: QWidget | None = None) -> None:
        """Make a button for each place: (id, title, icon)."""
        super().__init__(parent)
        self.setAccessibleName(self.tr("Places"))
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._places: dict[str, PlaceButton] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(sizes.px(8), sizes.px(10), sizes.px(8), sizes.px(14))
        layout.setSpacing(sizes.px(2))
        for number, (name, title, outline) in enumerate(places, 1):
            button = PlaceButton(title, outline, f"Ctrl+{number}")
            button.clicked.connect(lambda _=False, place=name: self.chosen.emit(place))
            self._group.addButton(button)
            self._places[name] = button
            layout.addWidget(button)
        layout.addStretch(1)
        self._heading = QLabel(self.tr("The way through"))
        self._heading.setProperty("quiet", "true")
        self._heading.setFont(sizes.font(11))
        self._heading.setContentsMargins(sizes.px(7), 0, 0, sizes.px(2))
        layout.addWidget(self._heading)
        self._steps: list[StepButton] = []
        for number in range(5):
            step = StepButton(first=number == 0, last=number == 4)
            step.clicked.connect(lambda _=False, which=number: self.step_clicked.emit(which))
            self._steps.append(step)
            layout.addWidget(step)
        self.set_narrow(narrow=False)

    def set_current(self, place: str | None) -> None:
        """Mark a place as the one that is shown."""
        self._group.setExclusive(False)
        for name, button in self._places.items():
            button.setChecked(name == place)
        self._group.setExclusive(True)

    def set_open(self, *, opened: bool) -> None:
        """Let places be chosen; without a project they say why they cannot be."""
        for button in self._places.values():
            button.set_open(opened=opened)

    def set_count(self, place: str, count: int | None) -> None:
        """Show a number behind a place."""
        self._places[place].set_count(count)

    def set_steps(self, heading: str, steps: list[Step]) -> None:
        """Show what is done of the way through."""
        self._heading.setText(heading)
        for button, step in zip(self._steps, steps, strict=True):
            button.set_step(step)

    def set_narrow(self, *, narrow: bool) -> None:
        """Show icons only, or all."""
        self.setFixedWidth(sizes.px(NARROW if narrow else WIDE))
        self._heading.setVisible(not narrow)
        for button in self._places.values():
            button.narrow = narrow
            button.update()
        for step in self._steps:
            step.narrow = narrow
            step.update()


class PlaceButton(QAbstractButton):
    """A place: icon, title, count; a mark at the edge and a tint where it is shown."""

    def __init__(self, title: str, outline: str, keys: str) -> None:
        """Make the button; ``keys`` stand in its tooltip."""
        super().__init__()
        self.narrow = False
        self._outline = outline
        self._count: int | None = None
        self.setText(title)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # who clicks goes on in the place
        self.setAccessibleName(title)
        self._tip = f"{title} ({keys})"
        self.setToolTip(self._tip)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def set_open(self, *, opened: bool) -> None:
        """Let it be chosen, or say why not."""
        self.setEnabled(opened)
        why = self.tr("Open a project first.")
        self.setToolTip(self._tip if opened else f"{self._tip}\n{why}")

    def set_count(self, count: int | None) -> None:
        """Show a number, or none."""
        self._count = count
        said = "" if count is None else f"{count:,}"
        self.setAccessibleDescription(said)
        self.update()

    def sizeHint(self) -> QSize:
        """Return the height of a row; the width is the sidebar's."""
        return QSize(sizes.px(40), max(sizes.px(34), sizes.line_height() + sizes.px(10)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint mark, icon, title and count."""
        colors = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 1.5, -0.5, -1.5)
        if self.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colors.color("selection"))
            painter.drawRoundedRect(box, sizes.px(5), sizes.px(5))
            painter.setBrush(colors.color("accent"))
            painter.drawRoundedRect(QRectF(box.x(), box.y(), 3, box.height()), 1.5, 1.5)
        elif self.underMouse() and self.isEnabled():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colors.color("sunken"))
            painter.drawRoundedRect(box, sizes.px(5), sizes.px(5))
        if self.hasFocus():
            painter.setPen(QPen(colors.color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), sizes.px(5), sizes.px(5))
        side = sizes.px(16)
        word = "text" if self.isEnabled() else "disabled"
        left = (self.width() - side) / 2 if self.narrow else sizes.px(10)
        middle = self.height() / 2
        paint_icon(
            painter, self._outline, QRectF(left, middle - side / 2, side, side), colors.hex(word)
        )
        if not self.narrow:
            text = QRectF(self.rect()).adjusted(sizes.px(34), 0, -sizes.px(10), 0)
            painter.setPen(colors.color(word))
            painter.setFont(sizes.font(13, bold=self.isChecked()))
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            painter.drawText(text, int(flags), self.text())
            if self._count is not None:
                painter.setPen(colors.color("text-2"))
                painter.setFont(sizes.font(12, tabular=True))
                flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
                painter.drawText(text, int(flags), f"{self._count:,}")
        painter.end()


class StepButton(QAbstractButton):
    """One step: a circle on the line that joins the steps, its title and what is done."""

    def __init__(self, *, first: bool, last: bool) -> None:
        """Make an empty step."""
        super().__init__()
        self.narrow = False
        self._first, self._last = first, last
        self._step = Step("", "", "ahead")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # who clicks goes on in the place
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def set_step(self, step: Step) -> None:
        """Show ``step``."""
        self._step = step
        self.setText(step.title)
        state = {"done": self.tr("done"), "now": self.tr("next"), "ahead": self.tr("not begun")}
        self.setAccessibleName(step.title)
        self.setAccessibleDescription(f"{state[step.state]}. {step.detail}".strip())
        self.setToolTip(f"{step.title}: {step.detail}" if step.detail else step.title)
        self.update()

    def sizeHint(self) -> QSize:
        """Return the height of two lines."""
        return QSize(sizes.px(40), sizes.line_height(13) + sizes.line_height(11) + sizes.px(6))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line, the circle and the words."""
        colors = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        radius = sizes.px(7)
        center = QPointF(
            self.width() / 2 if self.narrow else sizes.px(15), sizes.line_height(13) / 2 + 2
        )
        painter.setPen(QPen(colors.color("edge"), 1))
        if not self._first:
            painter.drawLine(QPointF(center.x(), 0), center)
        if not self._last:
            painter.drawLine(center, QPointF(center.x(), self.height()))
        self._paint_circle(painter, center, radius)
        if not self.narrow:
            left = sizes.px(32)
            ahead = self._step.state == "ahead"
            painter.setPen(colors.color("text-2" if ahead else "text"))
            painter.setFont(sizes.font(12, bold=self._step.state == "now"))
            top = QRectF(left, 0, self.width() - left, sizes.line_height(13) + 2)
            painter.drawText(top, int(Qt.AlignmentFlag.AlignVCenter), self._step.title)
            painter.setPen(colors.color("text-2"))
            painter.setFont(sizes.font(11, tabular=True))
            low = QRectF(left, top.bottom(), self.width() - left, sizes.line_height(11))
            painter.drawText(low, int(Qt.AlignmentFlag.AlignVCenter), self._step.detail)
        if self.hasFocus():
            painter.setPen(QPen(colors.color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        painter.end()

    def _paint_circle(self, painter: QPainter, center: QPointF, radius: float) -> None:
        colors = tokens()
        fills: dict[str, QColor] = {
            "done": colors.color("ok"),
            "now": colors.color("accent"),
            "ahead": colors.color("window"),
        }
        painter.setBrush(fills[self._step.state])
        border = "edge" if self._step.state == "ahead" else "window"
        painter.setPen(QPen(colors.color(border), 1.4))
        painter.drawEllipse(center, radius, radius)
        if self._step.state == "done":
            side = radius * 1.5
            box = QRectF(center.x() - side / 2, center.y() - side / 2, side, side)
            paint_icon(painter, "check", box, colors.hex("surface"))
        elif self._step.state == "now":
            painter.setBrush(colors.color("surface"))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawEllipse(center, radius * 0.4, radius * 0.4)
