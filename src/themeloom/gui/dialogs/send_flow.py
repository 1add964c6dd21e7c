"""Writes the packs of a send in the background; says in the window what came of it."""

from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from themeloom.domain.errors import JobCancelled, ThemeloomError
from themeloom.gui.bridge.workspace import JobState, Report
from themeloom.gui.widgets.message_bar import Mend
from themeloom.insights.sending import SEND, SendPlan, Settings
from themeloom.insights.wording import count, joined
from themeloom.jobs.messages import Progress
from themeloom.services import sending
from themeloom.services.sending import SendReport
from themeloom.services.session import Session

if TYPE_CHECKING:
    from themeloom.gui.windows.main_window import MainWindow


@dataclass(frozen=True, slots=True)
class SendOrder:
    """One send as a person asked for it; ``settings`` are kept where they were changed."""

    plan: SendPlan
    settings: Settings | None
    folder: Path
    raw: bool


class SendFlow(QObject):
    """One send from its start to the message about it; it lives as long as the window."""

    def __init__(self, window: "MainWindow", order: SendOrder) -> None:
        """Wait for ``start``."""
        super().__init__(window)
        self._window = window
        self._workspace = window.workspace
        self._order = order
        self._stop = Event()
        self._workspace.job_changed.connect(self._on_job)

    def start(self) -> None:
        """Write the packs; another long job that is under way is named instead."""
        order, stop = self._order, self._stop
        stop.clear()

        def job(session: Session, report: Report) -> SendReport | int:
            """Return what was sent; where it was stopped, the number of packs that are complete."""

            def told(progress: Progress) -> None:
                if stop.is_set():
                    raise JobCancelled("Cancelled.")
                report(progress)

            project = session.project
            if order.settings is not None:
                sending.choose_settings(project, order.settings)
            before = _sends(session)
            try:
                return sending.send(
                    project, order.plan, order.folder, raw=order.raw, on_progress=told
                )
            except JobCancelled:
                return _sends(session) - before

        running = self._workspace.job
        whom = count(len(order.plan.packs), "PM")
        name = self.tr("Send to {whom}").format(whom=whom)
        began = self._workspace.run_job(name, job, self._done, self._failed)
        if not began and running is not None:
            self._window.bar.say(
                self.tr("{job} is still under way. Send when it is done.").format(job=running.name),
                "warn",
                [(self.tr("Send now"), self.start)],
            )

    def _done(self, report: SendReport | int) -> None:
        bar = self._window.bar
        if isinstance(report, int):
            bar.say(
                self.tr("Stopped. {packs} complete before that; they count as sent.").format(
                    packs=_were(report)
                )
                if report
                else self.tr("Stopped. Nothing was sent."),
                "warn" if report else "info",
                self._mends() if report else [],
            )
            return
        insights = sum(len(pack.insights) for pack in report.sent)
        text = self.tr("{insights} for {people} written.").format(
            insights=count(insights, "insight"), people=joined([one.pm for one in report.sent])
        )
        if report.failed:
            whom = "; ".join(f"{one.pm}: {one.complaint}" for one in report.failed)
            text += " " + self.tr("Not written: {whom}").format(whom=whom)
        else:
            text += " " + self.tr("Each folder holds the text of a mail.")
        bar.say(text, "warn" if report.failed else "ok", self._mends())

    def _failed(self, error: BaseException) -> None:
        mends: list[Mend] = [(self.tr("Send again"), self.start)]
        if isinstance(error, ThemeloomError):
            self._window.bar.complain(error.complaint, mends)
        else:
            self._workspace.broken.emit(error)

    def _mends(self) -> list[Mend]:
        folder = self._order.folder
        return [(self.tr("Open folder"), lambda: self._window.dialogs.open_file(folder))]

    def _on_job(self, state: JobState | None) -> None:
        if state is not None and state.cancelling:
            self._stop.set()


def _sends(session: Session) -> int:
    return sum(one.kind == SEND for one in session.project.deliveries())


def _were(packs: int) -> str:
    return "1 pack was" if packs == 1 else f"{packs:,} packs were"
