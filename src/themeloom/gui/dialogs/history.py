"""The list of all deeds, newest first, with a way back to each."""

from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from themeloom.domain.changes import Deed, HistoryEntry
from themeloom.gui.bridge.workspace import Workspace
from themeloom.gui.look import sizes
from themeloom.gui.look.tokens import tokens

_SHOWN = 2000


class HistoryDialog(QDialog):
    """Stays open while the person goes back and forth."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        """List the deeds of the open project."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._workspace = workspace
        self._entries: list[HistoryEntry] = []
        self.setWindowTitle(self.tr("History"))
        self.resize(sizes.px(560), sizes.px(520))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(sizes.px(16), sizes.px(14), sizes.px(16), sizes.px(14))
        layout.setSpacing(sizes.px(8))
        hint = QLabel(
            self.tr("Everything that was done, newest first. Choose a line to go back to it.")
        )
        hint.setProperty("quiet", "true")
        hint.setWordWrap(True)
        layout.addWidget(hint)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Deeds, newest first"))
        self.list.setUniformItemSizes(True)
        self.list.currentRowChanged.connect(self._chosen)
        self.list.itemActivated.connect(self._go)
        layout.addWidget(self.list, 1)
        row = QHBoxLayout()
        row.addStretch(1)
        close = QPushButton(self.tr("Close"))
        close.clicked.connect(self.reject)
        self.go_button = QPushButton(self.tr("Go back to here"))
        self.go_button.setProperty("primary", "true")
        self.go_button.clicked.connect(self._go)
        row.addWidget(close)
        row.addWidget(self.go_button)
        layout.addLayout(row)
        workspace.history_changed.connect(self._refresh)
        workspace.job_changed.connect(self._on_job)
        self._refresh()

    def _refresh(self) -> None:
        self._workspace.ask("history", lambda session: session.project.history(_SHOWN), self._show)

    def _show(self, entries: list[HistoryEntry]) -> None:
        if self._workspace.saving or entries == self._entries:
            return
        self._entries = sorted(entries, key=lambda entry: -entry.seq)
        self.list.blockSignals(True)
        self.list.clear()
        for entry in self._entries:
            item = QListWidgetItem(
                f"{_when(entry.when)}   {entry.name[:1].upper()}{entry.name[1:]}"
            )
            if entry.undone:
                item.setForeground(QColor(tokens().hex("text-2")))
                item.setText(self.tr("{deed}  (undone)").format(deed=item.text()))
            self.list.addItem(item)
        present = next((n for n, entry in enumerate(self._entries) if not entry.undone), -1)
        self.list.blockSignals(False)
        self.list.setCurrentRow(present)
        self._chosen(present)

    def _on_job(self, _job: object) -> None:
        self._chosen(self.list.currentRow())

    def _chosen(self, row: int) -> None:
        present = next((n for n, entry in enumerate(self._entries) if not entry.undone), -1)
        busy = self._workspace.job is not None  # it builds on what is there now
        self.go_button.setEnabled(
            0 <= row != present and not self._workspace.read_only and not busy
        )
        self.go_button.setToolTip(self.tr("Wait until what is under way is done.") if busy else "")
        forward = 0 <= row < len(self._entries) and self._entries[row].undone
        self.go_button.setText(
            self.tr("Redo up to here") if forward else self.tr("Go back to here")
        )

    def _go(self, _item: object = None) -> None:
        row = self.list.currentRow()
        if not self.go_button.isEnabled() or not 0 <= row < len(self._entries):
            return
        seq = self._entries[row].seq

        def jump(session: object) -> Deed | None:
            current = self._workspace.session
            return current.project.jump_to(seq) if current is not None else None

        self._workspace.edit(jump)


def _when(moment: str) -> str:
    try:
        local = datetime.fromisoformat(moment).astimezone()
    except ValueError:
        return moment
    today = datetime.now().astimezone().date() == local.date()
    return f"{local:%H:%M}" if today else f"{local:%d %b %H:%M}"
