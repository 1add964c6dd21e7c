"""The welcome page: one thing to do, the sample, and the projects that were open lately."""

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from themeloom.gui.look import sizes
from themeloom.gui.look.icons import paint_icon
from themeloom.gui.look.tokens import tokens
from themeloom.gui.widgets.picture import Picture
from themeloom.services.recents import Recent

_SHOWN = 6


class WelcomePage(QScrollArea):
    """Shown while no project is open."""

    choose_files = Signal()
    open_sample = Signal()
    open_other = Signal()
    open_recent = Signal(str)
    locate = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make the page without recent projects."""
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        page = QWidget()
        page.setProperty("pane", "surface")
        self.setWidget(page)
        outer = QHBoxLayout(page)
        outer.setContentsMargins(sizes.px(32), sizes.px(40), sizes.px(32), sizes.px(32))
        column = QWidget()
        column.setMaximumWidth(sizes.px(890))
        column.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        outer.addStretch(1)
        outer.addWidget(column, 20)
        outer.addStretch(1)
        layout = QVBoxLayout(column)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(sizes.px(4))
        layout.addStretch(1)
        layout.addWidget(_text(self.tr("What did people tell you?"), 24, bold=True))
        layout.addWidget(
            _text(
                self.tr(
                    "Bring in tickets, survey answers, interviews and calls. "
                    "Everything stays on this computer."
                ),
                14,
                quiet=True,
            )
        )
        layout.addSpacing(sizes.px(16))
        layout.addWidget(self._drop_area())
        layout.addSpacing(sizes.px(24))
        self._lower = QGridLayout()
        self._lower.setHorizontalSpacing(sizes.px(40))
        self._lower.setColumnStretch(0, 2)
        self._lower.setColumnStretch(1, 1)
        layout.addLayout(self._lower)
        layout.addStretch(3)
        self._recent_box = QWidget()
        self._lower.addWidget(self._recent_box, 0, 0)
        self._lower.addWidget(self._about_sample(), 0, 1, Qt.AlignmentFlag.AlignTop)
        self.show_recents([])

    def show_recents(self, recents: list[Recent]) -> None:
        """List the projects that were open lately."""
        box = QWidget()
        rows = QVBoxLayout(box)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        head = QHBoxLayout()
        head.addWidget(_text(self.tr("Recent projects"), 13, bold=True))
        head.addStretch(1)
        other = QPushButton(self.tr("Open other…"))
        other.setProperty("link", "true")
        other.clicked.connect(self.open_other)
        head.addWidget(other)
        rows.addLayout(head)
        rows.addSpacing(sizes.px(4))
        if not recents:
            rows.addWidget(
                _text(
                    self.tr("None yet. A project is one file that keeps all you bring in and do."),
                    12,
                    quiet=True,
                )
            )
        for place, recent in enumerate(recents[:_SHOWN]):
            row = RecentRow(recent, first=place == 0)
            row.opened.connect(self.open_recent)
            row.locate.connect(self.locate)
            rows.addWidget(row)
        rows.addStretch(1)
        self._lower.replaceWidget(self._recent_box, box)
        self._recent_box.hide()  # it goes later, and must not be seen until then
        self._recent_box.deleteLater()
        self._recent_box = box

    def _drop_area(self) -> QWidget:
        area = DropArea()
        layout = QVBoxLayout(area)
        layout.setContentsMargins(sizes.px(24), sizes.px(74), sizes.px(24), sizes.px(34))
        layout.setSpacing(sizes.px(4))
        title = _text(self.tr("Drop files here"), 16, bold=True)
        title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(title)
        line = QHBoxLayout()
        line.addStretch(1)
        kinds = _text(
            self.tr("Excel, CSV, Word, text, subtitles · or paste rows from a spreadsheet with"),
            12,
            quiet=True,
        )
        kinds.setWordWrap(False)
        line.addWidget(kinds)
        line.addWidget(key("Ctrl+V"))
        line.addStretch(1)
        layout.addLayout(line)
        layout.addSpacing(sizes.px(10))
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        self.choose_button = QPushButton(self.tr("Choose files…"))
        self.choose_button.setProperty("primary", "true")
        self.choose_button.clicked.connect(self.choose_files)
        self.sample_button = QPushButton(self.tr("Open the sample"))
        self.sample_button.clicked.connect(self.open_sample)
        buttons.addWidget(self.choose_button)
        buttons.addWidget(self.sample_button)
        buttons.addStretch(1)
        layout.addLayout(buttons)
        return area

    def _about_sample(self) -> QWidget:
        box = QWidget()
        layout = QVBoxLayout(box)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(sizes.px(6))
        layout.addWidget(_text(self.tr("The sample"), 13, bold=True))
        layout.addWidget(
            _text(
                self.tr(
                    "Made-up feedback on an app for trade firms: tickets, NPS answers, "
                    "interviews, calls. From opening it to a finished workbook takes under "
                    "five minutes."
                ),
                12,
                quiet=True,
            )
        )
        layout.addSpacing(sizes.px(6))
        for keys, what in (
            ("Ctrl+Shift+P", self.tr("finds every action")),
            ("?", self.tr("shows the keys of the place you are in")),
            ("Ctrl+Z", self.tr("takes back anything, also tomorrow")),
        ):
            row = QHBoxLayout()
            row.addWidget(key(keys))
            row.addWidget(_text(what, 12, quiet=True), 1)
            layout.addLayout(row)
        return box


class DropArea(QFrame):
    """A dashed frame with the import icon. Dropping works on the whole window."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint frame and icon."""
        colors = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(colors.color("window"))
        painter.setPen(QPen(colors.color("edge"), 1.4, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        side = sizes.px(40)
        box = QRectF((self.width() - side) / 2, sizes.px(26), side, side)
        paint_icon(painter, "import", box, colors.hex("accent"))
        painter.end()


class RecentRow(QFrame):
    """One project: name, folder and when it was open, what is in it."""

    opened = Signal(str)
    locate = Signal(str)

    def __init__(self, recent: Recent, *, first: bool) -> None:
        """Make the row; the first one is tinted."""
        super().__init__()
        self._recent = recent
        self._tinted = first and not recent.missing
        path = Path(recent.path)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(self.tr("Open {name}").format(name=path.name))
        row = QHBoxLayout(self)
        row.setContentsMargins(sizes.px(12), sizes.px(7), sizes.px(12), sizes.px(7))
        row.setSpacing(sizes.px(12))
        row.addWidget(Picture(16, "themes", "text-2" if recent.missing else "accent"))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(_text(path.name, 13, bold=first, quiet=recent.missing))
        where = _short(path.parent)
        detail = (
            self.tr("not found in {folder}").format(folder=where)
            if recent.missing
            else self.tr("{folder} · {when}").format(folder=where, when=_when(recent.opened))
        )
        words.addWidget(_text(detail, 12, quiet=True))
        row.addLayout(words, 1)
        if recent.missing:
            button = QPushButton(self.tr("Locate…"))
            button.clicked.connect(lambda: self.locate.emit(recent.path))
            row.addWidget(button)
        else:
            counts = self.tr("{records} records, {themes} themes").format(
                records=f"{recent.records:,}", themes=f"{recent.themes:,}"
            )
            row.addWidget(_text(counts, 12, quiet=True))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open the project."""
        if event.button() == Qt.MouseButton.LeftButton and not self._recent.missing:
            self.opened.emit(self._recent.path)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the project with Enter or Space."""
        keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        if event.key() in keys and not self._recent.missing:
            self.opened.emit(self._recent.path)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the tint, the line below and the focus ring."""
        colors = tokens()
        painter = QPainter(self)
        if self._tinted or self.underMouse():
            painter.fillRect(self.rect(), colors.color("selection" if self._tinted else "window"))
        painter.setPen(colors.color("line"))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        if self.hasFocus():
            painter.setPen(QPen(colors.color("accent"), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()


def key(keys: str) -> QLabel:
    """Return a label that looks like a key."""
    label = QLabel(keys)
    label.setProperty("key", "true")
    label.setFont(sizes.font(11, bold=True))
    label.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return label


def _text(text: str, size: float, *, bold: bool = False, quiet: bool = False) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setFont(sizes.font(size, bold=bold))
    label.setWordWrap(len(text) > 60)
    if quiet:
        label.setProperty("quiet", "true")
    return label


def _short(folder: Path) -> str:
    try:
        return f"~/{folder.relative_to(Path.home()).as_posix()}"
    except ValueError:
        return str(folder)


def _when(opened: str) -> str:
    try:
        moment = datetime.fromisoformat(opened).astimezone()
    except ValueError:
        return opened
    days = (datetime.now().astimezone().date() - moment.date()).days
    if days == 0:
        return f"opened today {moment:%H:%M}"
    if days == 1:
        return f"opened yesterday {moment:%H:%M}"
    return f"{moment.day} {moment:%B}" if days < 300 else f"{moment.day} {moment:%B %Y}"
