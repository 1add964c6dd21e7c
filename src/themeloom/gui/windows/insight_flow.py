"""The deeds around insights: send, bring edits back, check, roster, trackers."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
from PySide6.QtCore import QObject

from themeloom.gui.dialogs.returning import ReturningDialog
from themeloom.gui.dialogs.roster import RosterDialog
from themeloom.gui.dialogs.send import SendDialog
from themeloom.gui.dialogs.trackers import TrackersDialog
from themeloom.gui.dialogs.verify import VerifyDialog
from themeloom.gui.views.themes.place import ThemesPlace
from themeloom.services import recognising

if TYPE_CHECKING:
    from themeloom.gui.windows.main_window import MainWindow


class InsightFlow(QObject):
    """What the menu Insights and the last step of the way through set off."""

    def __init__(self, window: "MainWindow") -> None:
        """Use the window's own parts."""
        super().__init__(window)
        self._window = window
        self._workspace = window.workspace

    # --- what can be done now

    def can_send(self) -> bool | str:
        """Tell whether there is something to send."""
        view = self._workspace.view
        if view is None or view.totals.themes == 0:
            return self.tr("Find themes first.")
        return self._writable()

    def can_change(self) -> bool | str:
        """Tell whether something can come back."""
        if self._workspace.session is None:
            return self.tr("Open a project first.")
        return self._writable()

    def _writable(self) -> bool | str:
        if self._workspace.job is not None:
            return self.tr("Wait until what is under way is done.")
        return not self._workspace.read_only or self.tr("The project is open for reading only.")

    # --- deeds

    def send(self) -> None:
        """Show who would get what."""
        dialog = SendDialog(self._window)
        dialog.roster_asked.connect(self.show_roster)
        dialog.open()

    def show_roster(self) -> None:
        """Show product areas and PMs."""
        RosterDialog(self._window).open()

    def bring_back(self) -> None:
        """Ask for an edited workbook and show what it would change."""
        pattern = self.tr("Edited sheets (*.xlsx *.ods *.xls *.csv);;All files (*)")
        path = self._window.dialogs.file("returning", self.tr("Bring edits back"), pattern)
        if path is not None:
            self.bring_back_from(path)

    def bring_back_from(self, path: Path) -> None:
        """Show what an edited workbook would change."""
        ReturningDialog(self._window, path).open()

    def verify(self) -> None:
        """Ask for an exported file and check it."""
        pattern = self.tr("Exported files (*.xlsx *.ods *.xls *.csv *.json);;All files (*)")
        path = self._window.dialogs.file("returning", self.tr("Check an export"), pattern)
        if path is not None:
            self.check(path)

    def check(self, path: Path) -> None:
        """Check an exported file."""
        dialog = VerifyDialog(self._window, path)
        dialog.excerpt_asked.connect(self.show_excerpt)
        dialog.open()

    def read_tracker(self) -> None:
        """Ask for a tracker's export and show what it would attach."""
        pattern = self.tr("CSV files (*.csv);;All files (*)")
        path = self._window.dialogs.file("trackers", self.tr("Read a tracker's export"), pattern)
        if path is not None:
            self.read_tracker_from(path)

    def read_tracker_from(self, path: Path) -> None:
        """Show what a tracker's export would attach."""
        TrackersDialog(self._window, path).open()

    def show_excerpt(self, excerpt_id: str) -> None:
        """Show an excerpt in its place; records of all time where the period hides it."""
        view = self._workspace.view
        if view is None:
            return
        hidden = view.excerpts.filter(pl.col("excerpt_id") == excerpt_id).is_empty()
        if hidden and view.period is not None:
            self._window.period.show_all()
            self._workspace.edit(lambda _: None, lambda _: self._show_excerpt(excerpt_id))
        else:
            self._show_excerpt(excerpt_id)

    def _show_excerpt(self, excerpt_id: str) -> None:
        place = self._window.places["themes"]
        if isinstance(place, ThemesPlace):
            self._window.show_place("themes")
            title = self.tr("From the checked file")
            place.showing.show_excerpts(title, [excerpt_id], f"checked {excerpt_id}")

    # --- files from outside

    def take_dropped(self, path: Path, otherwise: Callable[[], None]) -> None:
        """Bring back the edits of a dropped file that was exported; do ``otherwise`` with others."""
        if self._workspace.session is None or not recognising.may_be_export(path):
            otherwise()
            return

        def known(is_export: bool) -> None:
            if is_export and self.can_change() is True:
                self.bring_back_from(path)
            elif is_export:
                self._window.bar.say(str(self.can_change()), "warn")
            else:
                otherwise()

        self._workspace.compute("recognise", partial(recognising.is_export, path), known)
