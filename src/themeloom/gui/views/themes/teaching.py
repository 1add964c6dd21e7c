"""Apply what I taught: look what would follow, show it, and do it; both as jobs of the window."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from themeloom.domain.changes import Deed
from themeloom.gui.dialogs.teach import TeachDialog
from themeloom.gui.widgets.undo_offer import say_done
from themeloom.jobs.messages import Progress
from themeloom.services import teaching
from themeloom.services.session import Session
from themeloom.services.teaching import Lesson

if TYPE_CHECKING:
    from themeloom.gui.views.themes.place import ThemesPlace

_Report = Callable[[Progress], None]


class Teaching(QObject):
    """Stands between the menu, the dialog and the project."""

    def __init__(self, place: "ThemesPlace") -> None:
        """Teach the project that ``place`` shows."""
        super().__init__(place)
        self._place = place
        self._workspace = place.workspace
        self._name = self.tr("Apply what I taught")

    def begin(self) -> None:
        """Look what would follow from the reviewed excerpts, then show it."""

        def look(session: Session, report: _Report) -> Lesson:
            return teaching.preview(session.project, session.engine, report)

        self._workspace.run_job(self._name, look, self._show)

    def _show(self, lesson: Lesson) -> None:
        view = self._workspace.view
        if view is None:
            return
        if not lesson.excerpts:
            self._place.window_.bar.say(
                self.tr(
                    "Nothing would move: what is like your examples lies where they lie already."
                ),
                "ok",
            )
            return
        dialog = TeachDialog(
            self._workspace, view, lesson, self._place.window_, self._place.screen_mask
        )
        dialog.chosen.connect(partial(self._apply, lesson))
        dialog.open()

    def _apply(self, lesson: Lesson, to_ids: frozenset[str | None]) -> None:
        def do(session: Session, _report: _Report) -> Deed | None:
            return teaching.apply(session.project, lesson, to_ids)

        self._workspace.run_job(self._name, do, self._applied)

    def _applied(self, deed: Deed | None) -> None:
        bar = self._place.window_.bar
        if deed is None:
            bar.say(self.tr("Nothing has changed."), "info")
            return
        said = self.tr("Done: {deed}.").format(deed=deed.name)
        say_done(bar, self._workspace, said)
