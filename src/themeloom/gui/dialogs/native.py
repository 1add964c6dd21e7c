"""The system's own dialogs behind one seam, so that flows can be driven without them."""

from pathlib import Path

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from themeloom.base.paths import projects_dir
from themeloom.base.settings import Settings

_READABLE = "*.csv *.tsv *.txt *.md *.xlsx *.xls *.xlsb *.xlsm *.ods *.docx *.vtt *.srt"  # as sniffing knows


class NativeDialogs(QObject):
    """Asks for files and opens them; the folder used last is remembered for each purpose."""

    def __init__(self, settings: Settings, parent: QWidget) -> None:
        """Dialogs belong to the window ``parent``."""
        super().__init__(parent)
        self._settings = settings
        self._window = parent

    def files_to_import(self) -> list[Path]:
        """Return the files that the person chose; none when cancelled."""
        names, _ = QFileDialog.getOpenFileNames(
            self._window,
            self.tr("Import files"),
            self._folder("import"),
            self.tr("Feedback files ({endings});;All files (*)").format(endings=_READABLE),
        )
        return self._chosen("import", [Path(name) for name in names])

    def folder_to_import(self) -> list[Path]:
        """Return the folder that the person chose."""
        name = QFileDialog.getExistingDirectory(
            self._window, self.tr("Import a folder"), self._folder("import")
        )
        return [Path(name)] if name else []

    def project_to_open(self) -> Path | None:
        """Return the project file that the person chose."""
        name, _ = QFileDialog.getOpenFileName(
            self._window,
            self.tr("Open a project"),
            self._folder("project"),
            self.tr("Themeloom projects (*.loom);;All files (*)"),
        )
        chosen = self._chosen("project", [Path(name)] if name else [])
        return chosen[0] if chosen else None

    def new_project(self, suggestion: Path) -> Path | None:
        """Return where a new project shall lie."""
        return self.target(
            "project",
            self.tr("New project"),
            suggestion,
            self.tr("Themeloom projects (*.loom)"),
        )

    def target(self, purpose: str, title: str, suggestion: Path, pattern: str) -> Path | None:
        """Return the file to write that the person chose, with the ending of ``suggestion``."""
        name, _ = QFileDialog.getSaveFileName(self._window, title, str(suggestion), pattern)
        if not name:
            return None
        path = Path(name)
        if not path.suffix:
            path = path.with_suffix(suggestion.suffix)
        return self._chosen(purpose, [path])[0]

    def folder(self, purpose: str, title: str) -> Path | None:
        """Return the folder to write to that the person chose."""
        name = QFileDialog.getExistingDirectory(self._window, title, self._folder(purpose))
        return Path(name) if name else None

    def file(self, purpose: str, title: str, pattern: str) -> Path | None:
        """Return the file to read that the person chose."""
        name, _ = QFileDialog.getOpenFileName(self._window, title, self._folder(purpose), pattern)
        chosen = self._chosen(purpose, [Path(name)] if name else [])
        return chosen[0] if chosen else None

    def stop_job_and_close(self, job: str) -> bool:
        """Ask once whether to stop the running job and close; True for yes."""
        box = QMessageBox(self._window)
        box.setWindowTitle(self.tr("Themeloom"))
        box.setText(self.tr("{job} is still under way.").format(job=job))
        box.setInformativeText(
            self.tr("It is stopped when you close. Everything done before it is saved.")
        )
        stop = box.addButton(self.tr("Stop it and close"), QMessageBox.ButtonRole.AcceptRole)
        stay = box.addButton(self.tr("Keep working"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(stay)
        box.exec()
        return box.clickedButton() is stop

    def show_in_folder(self, path: Path) -> None:
        """Open the folder of a file in the system's file manager."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))

    def open_file(self, path: Path) -> None:
        """Open a file in the program that the system has for it."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    def _folder(self, purpose: str) -> str:
        known = self._settings.get(f"folder.{purpose}", "")
        return known if known and Path(known).is_dir() else str(projects_dir())

    def _chosen(self, purpose: str, paths: list[Path]) -> list[Path]:
        if paths:
            self._settings.set(f"folder.{purpose}", str(paths[0].parent))
        return paths
