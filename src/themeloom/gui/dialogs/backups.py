"""The backups of a project, and the way back to one."""

from pathlib import Path

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from themeloom.gui.look import sizes
from themeloom.services import backups


class BackupsDialog(QDialog):
    """Signals ``wanted`` with the backup that shall be restored."""

    wanted = Signal(object)

    def __init__(self, project: Path, parent: QWidget | None = None) -> None:
        """List the backups of the project file ``project``."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Backups of {name}").format(name=project.name))
        self.resize(sizes.px(540), sizes.px(440))
        self._found = backups.backups_of(project)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(sizes.px(16), sizes.px(14), sizes.px(16), sizes.px(14))
        layout.setSpacing(sizes.px(8))
        hint = QLabel(
            self.tr(
                "A checked copy is made before each import and each search for themes, and every "
                "30 minutes of change. What is there now is kept as a backup when you restore one."
            )
        )
        hint.setProperty("quiet", "true")
        hint.setWordWrap(True)
        layout.addWidget(hint)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Backups, newest first"))
        locale = QLocale()
        for backup in self._found:
            when = backup.when.astimezone()
            size = locale.formattedDataSize(backup.size)
            self.list.addItem(f"{when:%d %b %Y, %H:%M}   {backup.why}   {size}")
        self.list.setCurrentRow(0 if self._found else -1)
        self.list.setVisible(bool(self._found))
        layout.addWidget(self.list, 1)
        empty = QLabel(self.tr("There are no backups yet: nothing was changed since the start."))
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        empty.setVisible(not self._found)
        layout.addWidget(empty, 1)
        row = QHBoxLayout()
        row.addStretch(1)
        close = QPushButton(self.tr("Close"))
        close.clicked.connect(self.reject)
        self.restore_button = QPushButton(self.tr("Restore this backup"))
        self.restore_button.setProperty("primary", "true")
        self.restore_button.setEnabled(bool(self._found))
        self.restore_button.clicked.connect(self._restore)
        row.addWidget(close)
        row.addWidget(self.restore_button)
        layout.addLayout(row)

    def _restore(self) -> None:
        row = self.list.currentRow()
        if 0 <= row < len(self._found):
            self.accept()
            self.wanted.emit(self._found[row])
