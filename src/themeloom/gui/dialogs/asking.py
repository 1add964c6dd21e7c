"""The frame of dialogs that ask the project: a message bar, a place to wait, buttons, plain rows."""

from collections.abc import Callable, Sequence
from html import escape
from typing import TypeVar

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QStackedWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from themeloom.domain.errors import Complaint, JobCancelled, ThemeloomError
from themeloom.gui.bridge.workspace import Workspace
from themeloom.gui.look import sizes
from themeloom.gui.widgets.empty import Empty
from themeloom.gui.widgets.label import Label
from themeloom.gui.widgets.message_bar import Mend, MessageBar
from themeloom.gui.widgets.pane import ScrollPage
from themeloom.services.session import Session

T = TypeVar("T")
_FULL = Qt.ItemDataRole.UserRole + 1
_DETAIL_LINES = 5


class AskingDialog(QDialog):
    """What it is about is asked off the GUI's thread; until the answer is there, it says so.

    ``page`` takes the content, ``foot`` what stands left of the buttons.
    """

    def __init__(
        self, workspace: Workspace, title: str, size: tuple[int, int], parent: QWidget | None
    ) -> None:
        """``size`` is one of the design."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.workspace = workspace
        self.bar = MessageBar()
        self.waiting = Empty()
        self._stack = QStackedWidget()
        content = QWidget()
        self.page = QVBoxLayout(content)
        self.page.setContentsMargins(0, 0, 0, 0)
        self.page.setSpacing(sizes.px(10))
        self._stack.addWidget(content)
        self._stack.addWidget(self.waiting)
        self.foot = QHBoxLayout()
        self.foot.setSpacing(sizes.px(8))
        self.close_button = QPushButton(self.tr("Cancel"))
        self.close_button.setAutoDefault(False)
        self.close_button.clicked.connect(self.reject)
        self.go_button = QPushButton()
        self.go_button.setProperty("primary", "true")
        self.go_button.setDefault(True)
        buttons = QHBoxLayout()
        buttons.addLayout(self.foot, 1)
        buttons.addWidget(self.close_button)
        buttons.addWidget(self.go_button)
        inner = QVBoxLayout()
        inner.setContentsMargins(sizes.px(16), sizes.px(14), sizes.px(16), sizes.px(14))
        inner.setSpacing(sizes.px(12))
        inner.addWidget(self._stack, 1)
        inner.addLayout(buttons)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.bar)
        layout.addLayout(inner, 1)
        self.resize(_fitting(parent, QSize(sizes.px(size[0]), sizes.px(size[1]))))

    def add_detail(self, rows: "Rows") -> None:
        """Show below what the current row says in full: a column cuts it off."""
        detail = Label(size=12, wrap=True, selectable=True)
        detail.setAccessibleName(self.tr("The current row in full"))
        detail.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        scroll = ScrollPage(margin=0, gap=0)
        scroll.parts.addWidget(detail)
        scroll.parts.addStretch(1)
        # Words keep off the scroll bar, and no line is cut through at the foot.
        scroll.parts.setContentsMargins(0, 0, sizes.px(8), 0)
        scroll.setFixedHeight(sizes.line_height(12) * _DETAIL_LINES)
        self.page.addWidget(scroll)

        def show(item: QTreeWidgetItem | None, _before: object = None) -> None:
            detail.setText(rows.in_full(item) if item is not None else "")

        rows.currentItemChanged.connect(show)

    def wait(self, words: str) -> None:
        """Say what is being looked at."""
        self.waiting.say(words)
        self._stack.setCurrentIndex(1)
        self.go_button.setEnabled(False)

    def show_page(self, focus: QWidget | None = None) -> None:
        """Show the content; the first time, the keys go to ``focus``."""
        if self._stack.currentIndex() and focus is not None:
            self._stack.setCurrentIndex(0)
            focus.setFocus()
        self._stack.setCurrentIndex(0)

    @property
    def is_waiting(self) -> bool:
        """Whether the answer is not there yet, or never came."""
        return self._stack.currentIndex() == 1

    def ask(
        self,
        key: str,
        query: Callable[[Session], T],
        then: Callable[[T], None],
        mends: Sequence[Mend] = (),
    ) -> None:
        """Ask the project; a failure is said in the bar with ``mends``."""

        def answered(answer: T) -> None:
            if isValid(self):  # it may have been closed before the answer came
                then(answer)

        def failed(error: BaseException) -> None:
            if isValid(self):
                self.complain(error, mends)

        self.workspace.ask(key, query, answered, failed)

    def complain(self, error: BaseException, mends: Sequence[Mend] = ()) -> None:
        """Say what went wrong."""
        if isinstance(error, JobCancelled):
            return
        if isinstance(error, ThemeloomError):
            self.bar.complain(error.complaint, mends)
        elif isinstance(error, OSError):
            said = Complaint(error.strerror or str(error), hint=self.tr("Check the file."))
            self.bar.complain(said, mends)
        else:
            self.workspace.broken.emit(error)
        if self.is_waiting:
            self.waiting.say("")


class Rows(QTreeWidget):
    """Rows of plain text below headings. Nothing in it is read as markup."""

    def __init__(
        self, name: str, headers: Sequence[str], wide: int, widths: Sequence[int] = ()
    ) -> None:
        """Make an empty table.

        Args:
            name: read aloud.
            headers: of the columns.
            wide: the column that takes the room that is left.
            widths: of the columns, lengths of the design.
        """
        super().__init__()
        self.setAccessibleName(name)
        self.setHeaderLabels(list(headers))
        self.setUniformRowHeights(True)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setStyleSheet(
            "QTreeWidget { border: 1px solid palette(mid); border-radius: 5px; }"
            f"QTreeWidget::item {{ padding: {sizes.px(5)}px {sizes.px(4)}px; }}"
        )
        header = self.header()
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(sizes.px(40))
        for column, width in enumerate(widths):
            self.setColumnWidth(column, sizes.px(width))
        header.setSectionResizeMode(wide, QHeaderView.ResizeMode.Stretch)

    def add_heading(self, text: str, parent: QTreeWidgetItem | None = None) -> QTreeWidgetItem:
        """Return a new bold row over the whole width, open."""
        item = QTreeWidgetItem([text])
        item.setFont(0, sizes.font(bold=True))
        item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        self._put(item, parent)
        item.setFirstColumnSpanned(True)
        item.setExpanded(True)
        return item

    def add_row(
        self,
        texts: Sequence[str],
        parent: QTreeWidgetItem | None = None,
        *,
        tip: str = "",
        checked: bool | None = None,
    ) -> QTreeWidgetItem:
        """Return a new row; what is cut off stands in the tooltips. ``checked`` gives it a tick."""
        item = QTreeWidgetItem([" ".join(text.split()) for text in texts])
        item.setData(0, _FULL, list(texts))
        for column, text in enumerate(texts):
            item.setToolTip(column, plain_tip(tip or text))
        if checked is not None:
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(0, Qt.CheckState.Checked if checked else Qt.CheckState.Unchecked)
        self._put(item, parent)
        return item

    def in_full(self, item: QTreeWidgetItem) -> str:
        """Return what a row says, column by column; nothing of a heading."""
        texts: list[str] = item.data(0, _FULL) or []
        heads = self.headerItem()
        return "\n".join(
            f"{heads.text(column)}: {text}" for column, text in enumerate(texts) if text
        )

    def begin(self) -> None:
        """Make the first row below a heading the current one."""
        first = next(iter(self.inner()), None)
        if first is not None:
            self.setCurrentItem(first)

    def inner(self) -> list[QTreeWidgetItem]:
        """Return the rows right below the headings."""
        found: list[QTreeWidgetItem] = []
        for at in range(self.topLevelItemCount()):
            head = self.topLevelItem(at)
            for row in range(head.childCount() if head else 0):
                item = head.child(row) if head else None
                if item is not None:
                    found.append(item)
        return found

    def _put(self, item: QTreeWidgetItem, parent: QTreeWidgetItem | None) -> None:
        if parent is None:
            self.addTopLevelItem(item)
        else:
            parent.addChild(item)


def plain_tip(text: str) -> str:
    """Return a tooltip that breaks lines and reads nothing as markup."""
    return f"<qt>{escape(text)}</qt>" if text else ""


def is_ticked(item: QTreeWidgetItem) -> bool:
    """Tell whether a row is ticked."""
    return item.checkState(0) == Qt.CheckState.Checked


def _fitting(parent: QWidget | None, size: QSize) -> QSize:
    """Return ``size``, no larger than the window that the dialog belongs to."""
    if parent is None or not parent.window().isVisible():
        return size
    return size.boundedTo(parent.window().size() - QSize(sizes.px(40), sizes.px(40)))
