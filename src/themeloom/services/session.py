"""An open project with its view and its processes: what the window holds on to."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from themeloom.domain.changes import Deed
from themeloom.domain.errors import JobCancelled, ProjectError
from themeloom.domain.periods import Period
from themeloom.domain.records import ImportOptions, ImportReport
from themeloom.jobs.messages import Progress
from themeloom.jobs.worker import Worker
from themeloom.project.project import Project
from themeloom.services import likeness, workers
from themeloom.services.encoders import encoder_of
from themeloom.services.finding import Finder, Found
from themeloom.services.finding_filters import Around
from themeloom.services.importing import import_inputs
from themeloom.services.likeness import Alike, NearTheme
from themeloom.services.synthesis import SynthesisOptions, SynthesisReport, find_themes
from themeloom.services.view import Choices, Content, View, make_view, of_period, with_choices

#: Tells which period a project is to be shown in.
PeriodOf = Callable[[Project], Period | None]


class Session:
    """One open project.

    ``change`` is called from one thread; everything else may be called from any.

    Attributes:
        project: the project file.
        reader: the process that reads files; started when first needed.
        engine: the process that finds themes; ``warm_up`` starts it.
    """

    def __init__(self, project: Project, period: Period | None = None) -> None:
        """Take over an open project and read it; its view is about ``period`` (None: everything)."""
        self.project = project
        self.reader = workers.reader()
        self.engine = workers.engine()
        self._lock = Lock()
        self._view = make_view(_content(project), _choices(project), period)
        self._names = (project.undo_name, project.redo_name)
        self._stopping = False
        self._finder = Finder(project.derived_store())

    @classmethod
    def open(
        cls, path: Path, *, read_only: bool = False, period: PeriodOf | None = None
    ) -> "Session":
        """Open the project at ``path``.

        Raises:
            ProjectError: missing, not a project, newer, damaged, or open elsewhere.
        """
        return cls._with(Project.open(path, read_only=read_only), period)

    @classmethod
    def create(cls, path: Path) -> "Session":
        """Make a new project at ``path``.

        Raises:
            ProjectError: something is there already, or the folder cannot be written to.
        """
        return cls._with(Project.create(path))

    @classmethod
    def _with(cls, project: Project, period: PeriodOf | None = None) -> "Session":
        try:
            return cls(project, period(project) if period else None)
        except BaseException:
            project.close()
            raise

    @property
    def view(self) -> View:
        """The newest view."""
        return self._view

    @property
    def period(self) -> Period | None:
        """The period that all numbers are about; None: all records."""
        return self._view.period

    @property
    def read_only(self) -> bool:
        """Whether changes are refused."""
        return self.project.read_only

    @property
    def undo_name(self) -> str | None:
        """What undo would take back, or None."""
        return self._names[0]

    @property
    def redo_name(self) -> str | None:
        """What redo would do again, or None."""
        return self._names[1]

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
                if result.themes or result.excerpts or not result.insights:
                    # What is set of insights is in no view.
                    self._view = with_choices(self._view, _choices(self.project))
                self._names = (self.project.undo_name, self.project.redo_name)
        return result

    def reload(self) -> None:
        """Read everything anew: after imports and runs."""
        with self._lock:
            self._view = make_view(_content(self.project), _choices(self.project), self.period)
            self._names = (self.project.undo_name, self.project.redo_name)

    def set_period(self, period: Period | None) -> None:
        """Show the records of ``period`` only (None: all); nothing in the project changes."""
        with self._lock:
            if period != self.period:
                self._view = of_period(self._view, _choices(self.project), period)

    def bring_in(
        self,
        files: Sequence[Path],
        options: ImportOptions,
        report: Callable[[Progress], None],
    ) -> ImportReport:
        """Import files and folders as one undo step; see ``services.importing``.

        Raises:
            JobCancelled: the person cancelled; the project is as it was.
            ThemeloomError: nothing could be imported.
        """
        return import_inputs(self.project, files, options, self.reader, report)

    def look_for_themes(
        self,
        options: SynthesisOptions,
        report: Callable[[Progress], None],
        partial: Callable[[object], None] | None = None,
    ) -> SynthesisReport:
        """Propose themes as one undo step; see ``services.synthesis``.

        Raises:
            JobCancelled: the person cancelled; the project is as it was.
            ThemeloomError: too few texts, or the engine stopped.
        """
        return find_themes(self.project, self.engine, options, report, on_partial=partial)

    def prepare_search(self) -> None:
        """Bring the full-text index up to date; takes a while after an import, ``stop`` ends it.

        It holds all excerpts, whatever the period: another one is searched at once.
        """

        def go_on(_done: int, _total: int) -> None:
            if self._stopping:
                raise JobCancelled("The project is being closed.")

        self._finder.prepare(self.view.base.whole.content.excerpts, go_on)

    def find(self, text: str) -> Found:
        """Return the excerpts that a search asks for; never raises for what is typed."""
        view = self.view
        return self._finder.search(
            text, view.excerpts, around=Around(view.sources, view.themes, view.records)
        )

    def alike(self, excerpts: Sequence[int], count: int = 100) -> list[Alike]:
        """Return the excerpts most like some excerpts (inner numbers), most alike first.

        Raises:
            JobFailed: the engine stopped, or the language model is missing.
        """
        return likeness.similar(
            self.engine,
            self.project.derived_store(),
            self.view.excerpts,
            like=excerpts,
            count=count,
            encoder=encoder_of(self.project.active_run()),
        )

    def near_themes(self, excerpt: int, count: int = 3) -> list[NearTheme]:
        """Return the themes that fit an excerpt (inner number) best, each with the reason.

        Raises:
            JobFailed: the engine stopped, or the language model is missing.
        """
        return likeness.nearest_themes(
            self.engine,
            self.project.derived_store(),
            self.view.excerpts,
            like=[excerpt],
            count=count,
            encoder=encoder_of(self.project.active_run()),
        )

    def back_up_if_due(self) -> None:
        """Make a backup where 30 minutes of change have gone by."""
        self.project.backup_if_due(datetime.now(UTC))

    def cancel(self) -> None:
        """Ask whatever runs in the processes to stop."""
        self.reader.cancel()
        self.engine.cancel()

    def stop(self) -> None:
        """Ask everything to stop, because the project is about to be closed."""
        self._stopping = True
        self.cancel()

    def close(self) -> None:
        """End the processes and leave exactly one file."""
        workers_: tuple[Worker, ...] = (self.reader, self.engine)
        for worker in workers_:
            worker.close()
        self._finder.close()
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
