"""Writes an export in the background; says in the window what came of it and what can be done."""

from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event

from PySide6.QtCore import QObject

from themeloom.base.settings import Settings
from themeloom.domain.errors import Complaint, JobCancelled, NothingNewError, ThemeloomError
from themeloom.gui.bridge.workspace import JobState, Report, Workspace
from themeloom.gui.dialogs.native import NativeDialogs
from themeloom.gui.widgets.message_bar import Mend, MessageBar
from themeloom.jobs.messages import Progress
from themeloom.services.exporting import ExportOptions, Format, export, free_name
from themeloom.services.session import Session


@dataclass(frozen=True, slots=True)
class Order:
    """One export as a person asked for it."""

    format: Format
    target: Path
    options: ExportOptions


class ExportFlow(QObject):
    """One export from its start to the message about it; it lives as long as the window."""

    def __init__(
        self,
        workspace: Workspace,
        settings: Settings,
        bar: MessageBar,
        dialogs: NativeDialogs,
        order: Order,
        parent: QObject,
    ) -> None:
        """Wait for ``start``."""
        super().__init__(parent)
        self._workspace = workspace
        self._settings = settings
        self._bar = bar
        self._dialogs = dialogs
        self._order = order
        self._stop = Event()
        workspace.job_changed.connect(self._on_job)

    def start(self) -> None:
        """Write; another long job that is under way is named instead."""
        order, stop = self._order, self._stop
        stop.clear()

        def job(session: Session, report: Report) -> Path:
            def told(progress: Progress) -> None:
                # The export runs in this process: nobody but itself can stop it.
                if stop.is_set():
                    raise JobCancelled("Cancelled. Nothing was written.")
                report(progress)

            return export(
                session.project,
                order.format.name,
                order.target,
                order.options,
                told,
                engine=session.engine,
            )

        running = self._workspace.job
        name = self.tr("Export to {name}").format(name=order.target.name)
        began = self._workspace.run_job(name, job, self._done, self._failed)
        if not began and running is not None:
            self._bar.say(
                self.tr("{job} is still under way. Write when it is done.").format(
                    job=running.name
                ),
                "warn",
                [(self.tr("Write again"), self.start)],
            )

    def _done(self, written: Path) -> None:
        if self._settings.get("export.open", False):
            self._dialogs.open_file(written)
        self._bar.say(
            self.tr("Written: {name}").format(name=written.name),
            "ok",
            [
                (self.tr("Open"), lambda: self._dialogs.open_file(written)),
                (self.tr("Show in folder"), lambda: self._dialogs.show_in_folder(written)),
            ],
        )

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, NothingNewError):
            # No failure: the other tool has everything already.
            self._bar.say(
                error.complaint.message,
                "info",
                [(self.tr("Write all insights again"), self._write_all)],
            )
            return
        mends: list[Mend] = [
            (self.tr("Write again"), self.start),
            (self.tr("Save under another name…"), self._rename),
        ]
        if isinstance(error, ThemeloomError):
            self._bar.complain(error.complaint, mends)
        elif isinstance(error, OSError):
            said = Complaint(
                self.tr("The file cannot be written ({why}).").format(why=error.strerror or error),
                file=self._order.target.name,
                hint=self.tr("Choose another place, then write again."),
            )
            self._bar.complain(said, mends)
        else:
            self._workspace.broken.emit(error)

    def _write_all(self) -> None:
        self._order = replace(self._order, options=replace(self._order.options, again=True))
        self.start()

    def _rename(self) -> None:
        suffix = self._order.format.suffix
        chosen = self._dialogs.target(
            "export",
            self.tr("Export to"),
            free_name(self._order.target),
            f"*{suffix}" if suffix else self.tr("All files (*)"),
        )
        if chosen:
            self._order = replace(self._order, target=chosen)
            self.start()

    def _on_job(self, state: JobState | None) -> None:
        if state is not None and state.cancelling:
            self._stop.set()
