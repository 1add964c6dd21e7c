"""The language models of the settings: which one reads the texts, and adding one from a folder."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from themeloom.gui.look import sizes
from themeloom.jobs.messages import Progress
from themeloom.services import encoders
from themeloom.services.encoders import Checked
from themeloom.services.session import Session

if TYPE_CHECKING:
    from themeloom.gui.windows.main_window import MainWindow


class ModelChooser(QWidget):
    """A box with the language models, what is known of the chosen one, and two buttons."""

    def __init__(self, window: "MainWindow") -> None:
        """Show the models of the window's settings."""
        super().__init__()
        self._window = window
        self._settings = window.settings
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self.box = QComboBox()
        self.box.setAccessibleName(self.tr("Language model"))
        layout.addWidget(self.box)
        self.about = QLabel()
        self.about.setTextFormat(Qt.TextFormat.PlainText)
        self.about.setProperty("quiet", "true")
        self.about.setFont(sizes.font(12))
        self.about.setWordWrap(True)
        layout.addWidget(self.about)
        row = QHBoxLayout()
        self.add_button = QPushButton(self.tr("Add a model…"))
        self.add_button.setToolTip(
            self.tr("A folder with config.json, tokenizer.json and model.safetensors or model.onnx")
        )
        self.add_button.clicked.connect(self.add)
        self.remove_button = QPushButton(self.tr("Remove"))
        self.remove_button.clicked.connect(self._remove)
        row.addWidget(self.add_button)
        row.addWidget(self.remove_button)
        row.addStretch(1)
        layout.addLayout(row)
        self._fill()
        self.box.currentIndexChanged.connect(self._choose)

    def add(self) -> None:
        """Let the person choose a folder, and check it before it is offered."""
        folder = self._window.dialogs.folder("model", self.tr("Folder of a language model"))
        if folder is not None:
            self.check(folder)

    def check(self, folder: Path) -> None:
        """Try the model in ``folder``; it is added where it can be used."""

        def job(session: Session, report: Callable[[Progress], None]) -> Checked:
            return encoders.check(session.engine, folder, report)

        started = self._window.workspace.run_job(
            self.tr("Check a language model"), job, self._checked, changes=False
        )
        if started:
            self.add_button.setEnabled(False)
            self.about.setText(self.tr("Trying {name} …").format(name=folder.name))
        else:
            self.about.setText(
                self.tr("Open a project first, and let what is running come to its end.")
            )

    def _checked(self, found: Checked) -> None:
        if found.choice is not None:
            encoders.add(self._settings, found.choice)
            self._settings.set(encoders.CHOSEN, found.choice.name)
        if not isValid(self):  # the settings were closed meanwhile
            return
        self.add_button.setEnabled(True)
        if found.choice is None:
            self.about.setText(self.tr("Not added. ") + " ".join(found.sentences))
        else:
            self._fill()

    def _remove(self) -> None:
        encoders.remove(self._settings, str(self.box.currentData()))
        self._fill()

    def _fill(self) -> None:
        chosen = encoders.chosen(self._settings)
        self.box.blockSignals(True)
        self.box.clear()
        for choice in encoders.choices(self._settings):
            self.box.addItem(f"{choice.title}  ·  {choice.reads}", choice.name)
        self.box.setCurrentIndex(self.box.findData(chosen.name))
        self.box.blockSignals(False)
        self._tell()

    def _choose(self) -> None:
        self._settings.set(encoders.CHOSEN, str(self.box.currentData()))
        self._tell()

    def _tell(self) -> None:
        chosen = encoders.chosen(self._settings)
        self.about.setText(" ".join(chosen.about))
        self.remove_button.setEnabled(encoders.removable(chosen))
