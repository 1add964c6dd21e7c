"""The deeds on an open project: bring in, find themes, export, go back."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from themeloom.base.paths import sample_data
from themeloom.domain.errors import ImportFileError
from themeloom.domain.records import ImportOptions, ImportReport
from themeloom.gui.dialogs.backups import BackupsDialog
from themeloom.gui.dialogs.export import ExportDialog
from themeloom.gui.dialogs.find_themes import FindThemesDialog
from themeloom.gui.dialogs.history import HistoryDialog
from themeloom.gui.dialogs.import_assistant import ImportAssistant
from themeloom.gui.dialogs.settings import SettingsDialog
from themeloom.gui.widgets.undo_offer import say_done
from themeloom.services import backups, encoders, pasting
from themeloom.services.headway import Headway, headway
from themeloom.services.session import Session
from themeloom.services.synthesis import SynthesisOptions, SynthesisReport

if TYPE_CHECKING:
    from themeloom.gui.windows.main_window import MainWindow

_BACKUP_EVERY_MS = 60_000  # how often it is asked whether a backup is due


class WorkFlow(QObject):
    """What the menus, the welcome page and the steps of the way through set off."""

    def __init__(self, window: "MainWindow") -> None:
        """Use the window's own parts."""
        super().__init__(window)
        self._window = window
        self._workspace = window.workspace
        self._settings = window.settings
        self._bar = window.bar
        self.headway: Headway | None = None
        self._backups = QTimer(self)
        self._backups.setInterval(_BACKUP_EVERY_MS)
        self._backups.timeout.connect(self._back_up_if_due)
        self._workspace.opened.connect(self._backups.start)
        self._workspace.closed.connect(self._backups.stop)
        self._workspace.closed.connect(self._forget_headway)

    # --- what can be done now

    def can_import(self) -> bool | str:
        """Tell whether files can come in; without a project one is made."""
        if self._workspace.job is not None:
            return self.tr("Wait until what is under way is done.")
        if self._workspace.session is not None and self._workspace.read_only:
            return self.tr("The project is open for reading only.")
        return True

    def can_find(self) -> bool | str:
        """Tell whether themes can be looked for."""
        view = self._workspace.view
        if view is None or view.totals.all_excerpts == 0:
            return self.tr("Import files first.")
        return self.can_import()

    def can_export(self) -> bool | str:
        """Tell whether there is something to export."""
        view = self._workspace.view
        if view is None or view.totals.all_records == 0:
            return self.tr("Import files first.")
        if self._workspace.job is not None:
            return self.tr("Wait until what is under way is done.")
        return True

    def can_cancel(self) -> bool | str:
        """Tell whether a job is under way."""
        return self._workspace.job is not None or self.tr("Nothing is under way.")

    def can_undo(self) -> bool | str:
        """Tell whether there is something to take back."""
        return self._undoable("undo_name", self.tr("Nothing to undo."))

    def can_redo(self) -> bool | str:
        """Tell whether there is something to do again."""
        return self._undoable("redo_name", self.tr("Nothing to redo."))

    def name_undo(self) -> None:
        """Name in the menu what undo and redo would do."""
        session = self._workspace.session
        undo = session.undo_name if session else None
        redo = session.redo_name if session else None
        actions = self._window.actions_
        actions["edit.undo"].setText(
            self.tr("&Undo {deed}").format(deed=_menu_text(undo)) if undo else self.tr("&Undo")
        )
        actions["edit.redo"].setText(
            self.tr("&Redo {deed}").format(deed=_menu_text(redo)) if redo else self.tr("&Redo")
        )

    def warm_up(self) -> None:
        """Start the engine process, once the window is there."""
        session = self._workspace.session
        wanted = self._settings.get("general.warm-up", True)
        if session is not None and not session.read_only and wanted:
            self._workspace.ask("warm up", Session.warm_up, lambda _: None)

    # --- bringing in

    def choose_files(self) -> None:
        """Ask for files and open the import assistant on them."""
        self.import_files(self._window.dialogs.files_to_import())

    def choose_folder(self) -> None:
        """Ask for a folder and open the import assistant on it."""
        self.import_files(self._window.dialogs.folder_to_import())

    def import_files(self, files: list[Path]) -> None:
        """Open the import assistant; a project is made where none is open."""
        if not files:
            return
        reason = self.can_import()
        if reason is not True:
            self._bar.say(str(reason), "warn")
        elif self._workspace.session is None:
            self._window.projects.create_for(files, partial(self._assist, files))
        else:
            self._assist(files)

    def import_pasted(self, text: str, html: str) -> None:
        """Open the import assistant on rows from the clipboard."""
        try:
            rows = pasting.pasted_table(html or text, now=datetime.now())  # noqa: DTZ005 - for a name
        except ImportFileError as error:
            self._bar.complain(error.complaint)
            return
        self.import_files([rows])

    def open_sample(self) -> None:
        """Open the sample; its data is brought in the first time."""
        self._window.projects.open_sample(partial(self._bring_in, [sample_data()], ImportOptions()))

    def _assist(self, files: list[Path]) -> None:
        assistant = ImportAssistant(
            self._workspace, files, self._settings, self._window, dialogs=self._window.dialogs
        )
        assistant.wanted.connect(self._bring_in)
        assistant.open()

    def _bring_in(self, files: list[Path], options: ImportOptions) -> None:
        def job(session: Session, report: Callable[..., None]) -> ImportReport:
            return session.bring_in(files, options, report)

        self._workspace.run_job(self.tr("Import"), job, self._brought_in)

    def _brought_in(self, report: ImportReport) -> None:
        self._window.show_place("sources")
        failed = [file for file in report.files if file.error]
        skipped = sum(file.skipped for file in report.files)
        text = self.tr("{n} records came in.").format(n=f"{report.taken:,}")
        updated = sum(file.updated for file in report.files)
        if updated:
            text += " " + self.tr("{n} were known and are up to date.").format(n=f"{updated:,}")
        if skipped:
            text += " " + self.tr("{n} rows were skipped: Sources says why.").format(
                n=f"{skipped:,}"
            )
        if failed:
            text += " " + self.tr("Not read: {files}.").format(
                files=", ".join(file.file for file in failed)
            )
        view = self._workspace.view
        if view is not None:
            able = view.excerpts.filter(view.excerpts["left_out"].is_null())
            note = encoders.language_note(able["language"], encoders.chosen(self._settings))
            text = f"{text} {note}".strip()
        mends = [] if self.can_find() is not True else [(self.tr("Find themes…"), self.find_themes)]
        self._bar.say(text, "warn" if failed else "ok", mends)

    # --- themes

    def find_themes(self) -> None:
        """Ask how, then look for themes; where that cannot be now, say why."""
        view, reason = self._workspace.view, self.can_find()
        if view is None or reason is not True:
            self._bar.say(str(reason), "warn")
            return
        dialog = FindThemesDialog(view, self._settings, self._window)
        dialog.wanted.connect(self._look_for_themes)
        dialog.open()

    def _look_for_themes(self, options: SynthesisOptions) -> None:
        def job(session: Session, report: Callable[..., None]) -> SynthesisReport:
            return session.look_for_themes(options, report, self._workspace.partial)

        self._window.show_place("themes")
        if not self._workspace.run_job(self.tr("Find themes"), job, self._found):
            # Another job has begun while the dialog was open.
            self._bar.say(str(self.can_find()), "warn")

    def _found(self, report: SynthesisReport) -> None:
        self._window.show_place("themes")
        say_done(self._bar, self._workspace, report.sentences)

    # --- out

    def export(self) -> None:
        """Open the export dialog."""
        ExportDialog(
            self._workspace,
            self._settings,
            self._bar,
            self._window,
            dialogs=self._window.dialogs,
        ).open()

    def look_at_headway(self, then: Callable[[], None]) -> None:
        """Ask how far the insights are; ``then`` is called where that has changed."""

        def known(found: Headway) -> None:
            if found != self.headway:
                self.headway = found
                then()

        self._workspace.ask("headway", headway, known)

    # --- going back

    def show_history(self) -> None:
        """Open the list of all deeds."""
        HistoryDialog(self._workspace, self._window).open()

    def show_backups(self) -> None:
        """Open the list of backups."""
        session = self._workspace.session
        if session is not None:
            self._open_backups(session.project.path)

    def restore(self, path: Path) -> None:
        """Open the list of backups of a project that cannot be opened."""
        self._open_backups(path)

    def show_settings(self) -> None:
        """Open the settings."""
        SettingsDialog(self._window).open()

    def take_step(self, step: int) -> None:
        """Go where a step of the way through is done."""
        if self._workspace.session is None:
            self.choose_files()
            return
        deeds: list[Callable[[], object]] = [
            partial(self._window.show_place, "sources"),
            self.find_themes if self._no_themes() else partial(self._window.show_place, "themes"),
            self._review,
            partial(self._window.show_place, "insights"),
            self._send,
        ]
        deeds[step]()

    def _send(self) -> None:
        reason = self._window.insights.can_send()
        if reason is True:
            self._window.insights.send()
        else:
            self._bar.say(str(reason), "warn")

    def _forget_headway(self) -> None:
        self.headway = None

    def _review(self) -> None:
        self._window.show_place("themes")
        if not self._no_themes():
            self._window.actions_["themes.review-all"].trigger()

    def _no_themes(self) -> bool:
        view = self._workspace.view
        return view is None or view.totals.themes == 0

    def _open_backups(self, path: Path) -> None:
        dialog = BackupsDialog(path, self._window)
        dialog.wanted.connect(partial(self._restore, path))
        dialog.open()

    def _restore(self, path: Path, backup: backups.Backup) -> None:
        def closed() -> None:
            self._workspace.compute(
                "restore",
                lambda: backups.restore(path, backup),
                lambda _: self._window.projects.open(path, then=partial(self._restored, path)),
            )

        self._workspace.close(closed)

    def _restored(self, path: Path) -> None:
        self._bar.say(
            self.tr("The backup was restored. What was there before is kept as a backup too."), "ok"
        )

    def _back_up_if_due(self) -> None:
        if self._workspace.job is None and not self._workspace.read_only:
            self._workspace.ask("backup", Session.back_up_if_due, lambda _: None)

    def _undoable(self, which: str, reason: str) -> bool | str:
        able = self._workspace.can_go_back()
        if able is not True:
            return able
        return getattr(self._workspace.session, which) is not None or reason


def _menu_text(deed: str) -> str:
    """Return a deed for a menu: a title may hold an ampersand, and may be long."""
    text = deed if len(deed) <= 60 else f"{deed[:58]}…"
    return text.replace("&", "&&")
