"""One source in full: where it is from, what became of its rows, which were skipped and why."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from themeloom.domain.records import SkippedRow
from themeloom.gui.look import sizes
from themeloom.gui.views.sources.model import dates_text, kind_text, when_text
from themeloom.gui.widgets.elided import ElidedLabel
from themeloom.gui.widgets.label import Label
from themeloom.services.sources import SourceEntry

_MOST = 2_000  # skipped rows that are listed


class SourceDetails(QWidget):
    """The pane beside the list."""

    again_wanted = Signal()
    remove_wanted = Signal()
    locate_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Nothing is selected yet."""
        super().__init__(parent)
        self.setProperty("pane", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._title = ElidedLabel(size=15, bold=True)
        self._missing = Label(size=12, wrap=True)
        self._facts = QFormLayout()
        self._facts.setHorizontalSpacing(sizes.px(14))
        self._facts.setVerticalSpacing(sizes.px(4))
        self._facts.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        self._notes = Label(size=12, quiet=True, wrap=True, selectable=True)
        self._skipped_title = Label(bold=True)
        self.skipped = QTableWidget(0, 2)
        self.skipped.setAccessibleName(self.tr("Skipped rows"))
        self.skipped.setHorizontalHeaderLabels([self.tr("Where"), self.tr("Why")])
        self.skipped.verticalHeader().hide()
        self.skipped.setShowGrid(False)
        self.skipped.setTabKeyNavigation(False)
        self.skipped.setStyleSheet("QTableView::item { padding: 0 5px; }")
        self.skipped.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.skipped.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        head = self.skipped.horizontalHeader()
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setHighlightSections(False)
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        head.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.again = QPushButton(self.tr("Read again"))
        self.again.clicked.connect(self.again_wanted)
        self.locate = QPushButton(self.tr("Locate…"))
        self.locate.clicked.connect(self.locate_wanted)
        self.remove = QPushButton(self.tr("Remove"))
        self.remove.clicked.connect(self.remove_wanted)
        buttons = QHBoxLayout()
        buttons.setSpacing(sizes.px(8))
        for button in (self.again, self.locate, self.remove):
            buttons.addWidget(button)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(sizes.px(14), sizes.px(12), sizes.px(14), sizes.px(12))
        layout.setSpacing(sizes.px(10))
        layout.addWidget(self._title)
        layout.addWidget(self._missing)
        layout.addLayout(self._facts)
        layout.addLayout(buttons)
        layout.addWidget(self._notes)
        layout.addWidget(self._skipped_title)
        layout.addWidget(self.skipped, 1)
        self._rest = QWidget()
        layout.addWidget(self._rest, 1)
        self.show_entry(None, read_only=True)

    def show_entry(self, entry: SourceEntry | None, *, read_only: bool) -> None:
        """Show a source; its skipped rows come with ``show_skipped``."""
        while self._facts.rowCount():
            self._facts.removeRow(0)
        shown = entry is not None
        for part in (self.again, self.locate, self.remove):
            part.setVisible(shown and not read_only)
        self.show_skipped([], 0)
        if entry is None:
            self._title.setText(self.tr("Select a source"))
            self._missing.hide()
            self._notes.hide()
            return
        gone = entry.missing and not entry.pasted
        self._title.setText(entry.title)
        self._missing.setText(
            self.tr("The file is no longer in {folder}.").format(folder=entry.path.parent)
        )
        self._missing.setVisible(gone)
        self.again.setVisible(not read_only and not gone and not entry.pasted)
        self.locate.setVisible(not read_only and gone)
        facts = [
            (self.tr("Kind"), kind_text(entry)),
            (self.tr("Read"), when_text(entry.imported_at)),
            (self.tr("Dates"), dates_text(entry)),
        ]
        if entry.role == "records":
            facts += [
                (self.tr("Rows read"), f"{entry.read:,}"),
                (self.tr("Records"), f"{entry.records:,}"),
                (self.tr("Duplicates"), f"{entry.duplicates:,}" if entry.duplicates else ""),
                (self.tr("Known before"), f"{entry.updated:,}" if entry.updated else ""),
                (self.tr("Excerpts"), f"{entry.excerpts:,}"),
            ]
        where = self.tr("clipboard") if entry.pasted else str(entry.path.parent)
        facts.append((self.tr("From"), where))
        for name, value in facts:
            if value:
                self._facts.addRow(Label(name, size=12, quiet=True), _value(value))
        self._notes.setText("\n".join(entry.notes))
        self._notes.setVisible(bool(entry.notes))

    def show_skipped(self, rows: Sequence[SkippedRow], total: int) -> None:
        """List the rows that were skipped."""
        self._skipped_title.setVisible(bool(rows))
        self.skipped.setVisible(bool(rows))
        self._rest_visible(not rows)
        title = self.tr("{n} skipped rows") if total != 1 else self.tr("{n} skipped row")
        self._skipped_title.setText(title.format(n=f"{total:,}"))
        listed = rows[:_MOST]
        self.skipped.setRowCount(len(listed))
        for at, row in enumerate(listed):
            where = self.tr("row {n}").format(n=f"{row.row:,}") if row.row else row.file
            for column, text in enumerate((where, row.reason)):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                self.skipped.setItem(at, column, item)

    def _rest_visible(self, shown: bool) -> None:
        self._rest.setVisible(shown)


def _value(text: str) -> ElidedLabel:
    return ElidedLabel(text, size=12)
