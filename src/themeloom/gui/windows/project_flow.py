"""Opening, making and closing projects from the window, and what can go wrong with that."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from themeloom.base.settings import Settings
from themeloom.domain.errors import (
    Complaint,
    ProjectDamagedError,
    ProjectInUseError,
    ThemeloomError,
)
from themeloom.gui.bridge.workspace import Workspace
from themeloom.gui.dialogs.native import NativeDialogs
from themeloom.gui.widgets.message_bar import Mend, MessageBar
from themeloom.services import period_choice, projects, recents
from themeloom.services.session import Session


class ProjectFlow(QObject):
    """The deeds of the File menu that open and close."""

    recents_changed = Signal()
    restore_wanted = Signal(object)  # Path of a damaged project

    def __init__(
        self,
        workspace: Workspace,
        settings: Settings,
        dialogs: NativeDialogs,
        bar: MessageBar,
        parent: QObject,
    ) -> None:
        """Use the window's own parts."""
        super().__init__(parent)
        self._workspace = workspace
        self._settings = settings
        self._dialogs = dialogs
        self._bar = bar
        self._opening: Path | None = None
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(50)  # after the screens have followed
        self._later.timeout.connect(self._note)
        workspace.opened.connect(self._later.start)
        workspace.view_changed.connect(self._note_later)

    def new(self) -> None:
        """Ask where, and make an empty project."""
        path = self._dialogs.new_project(projects.free_path("Feedback"))
        if path is not None:
            self.create(path)

    def create(self, path: Path, then: Callable[[], None] | None = None) -> None:
        """Make an empty project at ``path``."""
        self._open(path, partial(Session.create, path), then)

    def create_for(self, files: list[Path], then: Callable[[], None]) -> None:
        """Make a project named after the files that are about to come in."""
        self.create(projects.free_path(files[0].stem), then)

    def open_other(self) -> None:
        """Ask which project, and open it."""
        path = self._dialogs.project_to_open()
        if path is not None:
            self.open(path)

    def open(
        self, path: Path, *, read_only: bool = False, then: Callable[[], None] | None = None
    ) -> None:
        """Open the project at ``path``."""
        make = partial(
            Session.open,
            path,
            read_only=read_only,
            period=partial(period_choice.kept_period, self._settings),
        )
        self._open(path, make, then)

    def _open(
        self, path: Path, make: Callable[[], Session], then: Callable[[], None] | None
    ) -> None:
        if path == self._opening:  # a double click asks twice; the first one has it locked
            return
        self._opening = path

        def over() -> None:
            if self._opening == path:
                self._opening = None

        def done() -> None:
            over()
            if then:
                then()

        def failed(error: BaseException) -> None:
            over()
            self._failed(path, error)

        self._workspace.open(make, done, failed)

    def locate(self, lost: str) -> None:
        """Ask where a project of the list is now, and open it there."""
        path = self._dialogs.project_to_open()
        if path is not None:
            recents.forget(self._settings, lost)
            self.open(path)

    def open_sample(self, then: Callable[[], None]) -> None:
        """Open the sample's project; ``then`` is called when its data has yet to be brought in."""
        path = projects.sample_path()

        def opened() -> None:
            view = self._workspace.view
            if view is not None and view.totals.all_records == 0:
                then()

        if path.exists():
            self.open(path, then=opened)
        else:
            self.create(path, opened)

    def close(self) -> None:
        """Close the project and go back to the welcome page."""
        self._workspace.close()

    def _note_later(self, _deed: object) -> None:
        self._later.start()

    def _note(self) -> None:
        session = self._workspace.session
        if session is None:
            return
        totals = session.view.totals
        recents.note(
            self._settings, session.project.path, records=totals.all_records, themes=totals.themes
        )
        self.recents_changed.emit()

    def _failed(self, path: Path, error: BaseException) -> None:
        if isinstance(error, ThemeloomError):
            self._bar.complain(error.complaint, self._mends(path, error))
        elif isinstance(error, OSError):
            self._bar.complain(
                Complaint(error.strerror or str(error), file=path.name, hint="Check the folder.")
            )
        else:
            self._workspace.broken.emit(error)

    def _mends(self, path: Path, error: ThemeloomError) -> list[Mend]:
        """Return the buttons that help: what each failure of opening can be answered with."""
        if isinstance(error, ProjectInUseError):
            return [
                (self.tr("Open to read"), partial(self.open, path, read_only=True)),
                (self.tr("Try again"), partial(self.open, path)),
            ]
        if isinstance(error, ProjectDamagedError):
            return [(self.tr("Restore a backup…"), partial(self.restore_wanted.emit, path))]
        return [(self.tr("Open other…"), self.open_other)]
