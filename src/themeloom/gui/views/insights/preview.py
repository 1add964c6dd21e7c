"""The right pane: what the PM gets, as a page, a row of the sheet, or an issue."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from themeloom.gui.look import sizes
from themeloom.gui.look.icons import icon
from themeloom.gui.views.insights.page import Page
from themeloom.gui.views.insights.panes import column_of, fit_height, header
from themeloom.gui.widgets.elided import ElidedLabel
from themeloom.gui.widgets.label import Label
from themeloom.gui.widgets.pane import Line, ScrollPage, clear
from themeloom.services.insight_copies import as_issue, sheet_row
from themeloom.services.insight_list import InsightItem, InsightList

PAGE, ROW, ISSUE = range(3)
#: While a person types, the preview follows so many milliseconds later.
_FOLLOW_MS = 80


class PreviewPane(QFrame):
    """Follows the insight that is edited, also while it is typed."""

    copy_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """It shows nothing yet."""
        super().__init__(parent)
        self.setProperty("pane", "sunken")
        self._item: InsightItem | None = None
        self._whole: InsightList | None = None
        self._typed: Callable[[], InsightItem] | None = None
        self._shown_id = ""
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._show)
        self.head = ElidedLabel(bold=True)
        self.copy_button = QToolButton()
        self.copy_button.setIcon(icon("copy"))
        self.copy_button.setAccessibleName(self.tr("Copy the insight"))
        self.copy_button.setToolTip(self.tr("Copy as Markdown and rich text, masked"))
        self.copy_button.clicked.connect(self.copy_wanted)
        self.tabs = _Segments((self.tr("Page"), self.tr("Sheet row"), self.tr("Jira")))
        self.tabs.chosen.connect(self._on_tab)
        self.page = ScrollPage(margin=14, gap=0)
        self.page.setProperty("pane", "sunken")
        self.page.setAccessibleName(self.tr("Preview"))
        self.page.parts.setAlignment(Qt.AlignmentFlag.AlignTop)
        fit_height(self.page)
        column = column_of(self)
        column.addWidget(header(self.head, self.copy_button, self.tabs))
        column.addWidget(self.page, 1)

    def show_item(self, item: InsightItem | None, whole: InsightList | None) -> None:
        """Show an insight, a turn of the event loop later: holding an arrow key down stays quick."""
        self._item, self._whole, self._typed = item, whole, None
        self.copy_button.setEnabled(item is not None)
        owner = item.insight.owner if item else ""
        reader = owner.split()[0] if owner else self.tr("the PM")
        self.head.setText(self.tr("What {name} gets").format(name=reader))
        self._later.start(0)

    def follow(self, typed: Callable[[], InsightItem]) -> None:
        """Show what ``typed`` returns as soon as the fingers rest for a moment."""
        self._typed = typed
        self._later.start(_FOLLOW_MS)

    def _on_tab(self, _at: int) -> None:
        self._show(anew=True)

    def _show(self, *, anew: bool = False) -> None:
        item, whole = self._typed() if self._typed else self._item, self._whole
        bar = self.page.verticalScrollBar()
        same = item is not None and item.insight.id == self._shown_id and not anew
        place = bar.value() if same else 0
        clear(self.page.parts)
        self._shown_id = item.insight.id if item else ""
        if item is not None and whole is not None:
            self.page.parts.addWidget(self._made(item, whole))
            self.page.parts.activate()
        bar.setValue(place)

    def _made(self, item: InsightItem, whole: InsightList) -> QWidget:
        if self.tabs.current == PAGE:
            return Page(item, whole)
        if self.tabs.current == ROW:
            return FieldTable(sheet_row(item), self.tr("Row of the sheet Insights"))
        return FieldTable(as_issue(item, whole), self.tr("Issue in Jira"))


class FieldTable(QFrame):
    """Names of columns or fields at the left, what stands in them at the right."""

    def __init__(self, fields: Sequence[tuple[str, str]], name: str) -> None:
        """Show ``fields``; empty ones say so."""
        super().__init__()
        self.setProperty("card", "true")
        self.setAccessibleName(name)
        column = QVBoxLayout(self)
        column.setContentsMargins(sizes.px(14), sizes.px(8), sizes.px(14), sizes.px(10))
        column.setSpacing(sizes.px(5))
        for at, (field, text) in enumerate(fields):
            if at:
                column.addWidget(Line())
            row = QHBoxLayout()
            row.setSpacing(sizes.px(10))
            label = Label(field, size=12, quiet=True, wrap=True)
            label.setFixedWidth(sizes.px(112))
            row.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(Label(text or "–", quiet=not text, wrap=True, selectable=True), 1)
            column.addLayout(row)


class _Segments(QWidget):
    """A few buttons of which one is on; arrow keys go from one to the next."""

    chosen = Signal(int)

    def __init__(self, words: Sequence[str]) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self.buttons: list[QPushButton] = []
        for at, text in enumerate(words):
            button = QPushButton(text)
            button.setCheckable(True)
            button.setChecked(at == 0)
            button.setStyleSheet(_round(first=at == 0, last=at == len(words) - 1))
            self._group.addButton(button, at)
            self.buttons.append(button)
            row.addWidget(button)
        self._group.idToggled.connect(self._on_toggled)

    @property
    def current(self) -> int:
        """The one that is on."""
        return self._group.checkedId()

    def _on_toggled(self, at: int, on: bool) -> None:
        if on:
            self.chosen.emit(at)


def _round(*, first: bool, last: bool) -> str:
    """Return the style of one of several buttons that stand together."""
    corners = ("top-left", "bottom-left", "top-right", "bottom-right")
    square = [] if first else list(corners[:2])
    square += [] if last else list(corners[2:])
    rules = "".join(f"border-{corner}-radius: 0;" for corner in square)
    joined = "" if first else "border-left-width: 0;"
    return (
        f"QPushButton {{ padding: 2px 8px; {rules} }} QPushButton:!focus {{ {joined} }}"
        f" QPushButton:focus {{ padding: 1px 7px; {rules} }}"
    )
