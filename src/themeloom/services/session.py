"""An open project with its view and its processes: what the window holds on to."""

from collections.abc import Callable
from pathlib import Path
from threading import Lock

from themeloom.domain.changes import Deed
from themeloom.domain.errors import ProjectError
from themeloom.jobs.worker import Worker
from themeloom.project.project import Project
from themeloom.services import workers
from themeloom.services.view import Choices, Content, View, make_view, with_choices


class Session:
    """One open project.

    ``change`` is called from one thread; everything else may be called from any.

    Attributes:
        project: the project file.
        reader: the process that reads files; started when first needed.
        engine: the process that finds themes; ``warm_up`` starts it.
    """

    def __init__(self, project: Project) -> None:
        """Take over an open project and read it."""
        self.project = project
        self.reader = workers.reader()
        self.engine = workers.engine()
        self._lock = Lock()
        self._view = make_view(_content(project), _choices(project))

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False) -> "Session":
        """Open the project at ``path``.

        Raises:
            ProjectError: missing, not a project, newer, damaged, or open elsewhere.
        """
        return cls._with(Project.open(path, read_only=read_only))

    @classmethod
    def create(cls, path: Path) -> "Session":
        """Make a new project at ``path``.

        Raises:
            ProjectError: something is there already, or the folder cannot be written to.
        """
        return cls._with(Project.create(path))

    @classmethod
    def _with(cls, project: Project) -> "Session":
        try:
            return cls(project)
        except BaseException:
            project.close()
            raise

    @property
    def view(self) -> View:
        """The newest view."""
        return self._view

    @property
    def read_only(self) -> bool:
        """Whether changes are refused."""
        return self.project.read_only

    def warm_up(self) -> None:
        """Start the engine process; it warms up by itself."""
        self.engine.start()

    def change(self, deed: Callable[["Session"], Deed | None]) -> Deed | None:
        """Run an edit and renew the view; what the edit returns says what has to be read again.

        Raises:
            ProjectError: the edit was refused or could not be written; the view stays.
        """
        if self.read_only:
            raise ProjectError(
                "The project is open for reading only.",
                file=self.project.path.name,
                hint="You can read and export. Close it where it is open, then open it again.",
            )
        result = deed(self)
        if result is None:
            return None
        if result.content:
            self.reload()
        else:
            with self._lock:
                self._view = with_choices(self._view, _choices(self.project))
        return result

    def reload(self) -> None:
        """Read everything anew: after imports and runs."""
        with self._lock:
            self._view = make_view(_content(self.project), _choices(self.project))

    def cancel(self) -> None:
        """Ask whatever runs in the processes to stop."""
        self.reader.cancel()
        self.engine.cancel()

    def close(self) -> None:
        """End the processes and leave exactly one file."""
        workers_: tuple[Worker, ...] = (self.reader, self.engine)
        for worker in workers_:
            worker.close()
        self.project.close()


def _content(project: Project) -> Content:
    return Content(
        records=project.records(),
        excerpts=project.excerpt_rows(),
        sources=project.sources(),
        assigned=project.raw_assignments(),
        unsorted=project.raw_unsorted(),
        run=project.active_run(),
    )


def _choices(project: Project) -> Choices:
    return Choices(
        themes=project.themes(),
        decisions=project.decisions(),
        redirects=project.redirects(),
    )
