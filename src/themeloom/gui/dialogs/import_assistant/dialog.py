"""The import assistant: one dialog, no "Next". Everything in it can be changed until Import."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from themeloom.base.settings import Settings
from themeloom.domain.errors import JobCancelled, ThemeloomError
from themeloom.domain.previews import Holds, InputPreview, Totals, Trial
from themeloom.domain.records import About, DateOrder, Duplicates, Kind, Role, SheetChoice
from themeloom.gui.bridge.workspace import Workspace
from themeloom.gui.dialogs.import_assistant.foot import Foot
from themeloom.gui.dialogs.import_assistant.plan import Plan, SheetPlan
from themeloom.gui.dialogs.import_assistant.sheet_page import SheetPage
from themeloom.gui.dialogs.import_assistant.side import Side
from themeloom.gui.dialogs.import_assistant.tally import Tally
from themeloom.gui.dialogs.import_assistant.words import sentence
from themeloom.gui.dialogs.native import NativeDialogs
from themeloom.gui.look import sizes
from themeloom.gui.widgets.pane import Line
from themeloom.services.assistant import Key, look, try_out
from themeloom.services.profiles import SavedProfiles
from themeloom.services.session import Session


class ImportAssistant(QDialog):
    """Signals ``wanted`` with files and options when the person presses Import."""

    wanted = Signal(list, object)  # list[Path], ImportOptions

    def __init__(
        self,
        workspace: Workspace,
        files: Sequence[Path],
        settings: Settings,
        parent: QWidget | None = None,
        *,
        dialogs: NativeDialogs | None = None,
    ) -> None:
        """Look at ``files`` and folders; more can be added."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAcceptDrops(True)
        session = workspace.session
        assert session is not None, "files are imported into an open project"
        self._session: Session = session
        self._workspace = workspace
        self._profiles = SavedProfiles(settings)
        self._dialogs = dialogs or NativeDialogs(settings, self)
        self.plan = Plan(self._profiles)
        self._looking = 0
        self._ended = False
        self._current: SheetPlan | None = None
        self._tally = Tally(workspace, session, self.plan, lambda: not self._looking)
        self._tally.setParent(self)
        self._tally.counted.connect(self._on_totals)
        self._tally.failed.connect(self._complain)
        name = session.project.path.stem
        self.setWindowTitle(self.tr("Import into {name}").format(name=name))
        self.setMinimumSize(sizes.px(900), sizes.px(560))
        self.resize(sizes.px(1195), sizes.px(720))
        self._build()
        self.finished.connect(self._end)
        self.side.files.setFocus()
        self.add_files(files)

    # --- files

    def add_files(self, files: Sequence[Path]) -> None:
        """Look at more files and folders."""
        if not files:
            return
        given = list(files)
        self._looking += 1
        self._show_looking()
        reader = self._session.reader

        def failed(error: BaseException) -> None:
            if self._ended:
                return
            self._looking -= 1
            self._show_looking()
            self._complain(error)

        self._workspace.compute(
            f"import assistant: look {id(given)}",
            lambda: look(given, reader),
            partial(self._looked, given),
            failed,
        )

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files can be dropped here as well."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Add what is dropped."""
        urls = event.mimeData().urls()
        self.add_files([Path(url.toLocalFile()) for url in urls if url.isLocalFile()])
        event.acceptProposedAction()

    def _looked(self, given: list[Path], previews: list[InputPreview]) -> None:
        if self._ended:
            return
        self._looking -= 1
        first_look = self._current is None
        self.plan.add(given, previews)
        self.side.files.show_plan(self.plan)
        feedback = [one for one in self.plan.included() if one.sheet.holds == Holds.RECORDS]
        if first_look and feedback:
            # Begin with what needs an eye most: the longest table.
            self.side.files.go_to(max(feedback, key=lambda one: one.sheet.rows).key)
        self._show_looking()
        self._show_errors()
        for sheet in self.plan.included():
            if sheet.trial is None and sheet is not self._current:
                self._try(sheet)
        self._changed()

    def _remove(self, place: Key | str | None) -> None:
        path = place[0] if isinstance(place, tuple) else place
        gone = next((one for one in self.plan.inputs if str(one.path) == path), None)
        if gone is None:
            return
        self.plan.remove(gone)
        if self._current is not None and self._current.preview is gone:
            self._current = None
        self.side.files.show_plan(self.plan)
        if self._current is None and self.side.files.current() is None:
            self._show(None)
        self._show_errors()
        self._changed()

    def _choose_more(self) -> None:
        self.add_files(self._dialogs.files_to_import())

    # --- one sheet

    def _go_to(self, place: Key | str) -> None:
        sheet = None if isinstance(place, str) else self.plan.sheets.get(place)
        self._show(sheet)
        if isinstance(place, str):
            self._say_unreadable(place)

    def _show(self, sheet: SheetPlan | None) -> None:
        self._current = sheet
        if sheet is None:
            self.page.show_nothing(
                self.tr("Looking at the files…")
                if self._looking
                else self.tr("Add files with what people told you.")
            )
            self.foot.show_remember(self._current)
            return
        self._render()
        if sheet.trial is None:
            self._try(sheet)

    def _say_unreadable(self, path: str) -> None:
        preview = next((one for one in self.plan.inputs if str(one.path) == path), None)
        if preview is not None and preview.error is not None:
            self.page.say(sentence(preview.name, preview.error))

    def _render(self) -> None:
        """Show the current sheet anew from its plan."""
        sheet = self._current
        if sheet is None:
            return
        self.page.show_sheet(sheet, [profile.name for profile in self._profiles.all()])
        self.foot.show_remember(sheet)
        self.side.files.refresh(sheet)

    def _try(self, sheet: SheetPlan) -> None:
        if not sheet.is_feedback:
            return
        choice = sheet.choice
        reader, preview, name = self._session.reader, sheet.preview, sheet.sheet.name
        self._workspace.compute(
            f"import assistant: try {sheet.key}",
            lambda: try_out(preview, name, choice, reader),
            partial(self._tried, sheet, choice),
            self._complain,
        )

    def _tried(self, sheet: SheetPlan, choice: SheetChoice, trial: Trial) -> None:
        if (
            self._ended
            or sheet.choice is not choice
            or self.plan.sheets.get(sheet.key) is not sheet
        ):
            return
        sheet.trial = trial
        if sheet is self._current:
            self._render()
        self.side.files.refresh(sheet)
        self._show_sum()

    # --- what the person changes

    def _after_change(self, sheet: SheetPlan) -> None:
        if sheet is self._current:
            self._render()
        self._try(sheet)
        self.side.files.refresh(sheet)
        self._changed()

    def _set_role(self, name: str, role: Role) -> None:
        if self._current is not None:
            self._current.set_role(name, role)
            self._after_change(self._current)

    def _set_header(self, row: int) -> None:
        if self._current is not None:
            self._current.set_header_row(row)
            self._after_change(self._current)

    def _set_kind(self, kind: Kind | None) -> None:
        if self._current is not None:
            self._current.set_kind(kind)
            self._after_change(self._current)

    def _set_about(self, about: About) -> None:
        if self._current is not None:
            totals = self._current.totals
            choice = replace(self._current.choice, about=about)
            self._current.change(choice)
            self._current.totals = totals  # who it is about changes no figure
            self._try(self._current)

    def _set_profile(self, saved: str | None, layout: str | None) -> None:
        sheet = self._current
        if sheet is None:
            return
        if layout is not None:
            sheet.use_layout(layout)
        else:
            sheet.use(next((one for one in self._profiles.all() if one.name == saved), None))
        self._after_change(sheet)

    def _set_dates(self, order: DateOrder) -> None:
        if self._current is not None:
            for sheet in self.plan.answer_dates(self._current, order):
                self._after_change(sheet)

    def _set_duplicates(self, duplicates: Duplicates) -> None:
        if self._current is not None:
            self._current.change(replace(self._current.choice, duplicates=duplicates))
            self._after_change(self._current)

    def _set_included(self, key: Key, included: bool) -> None:
        sheet = self.plan.sheets.get(key)
        if sheet is not None and sheet.choice.include != included:
            sheet.change(replace(sheet.choice, include=included))
            self.side.files.go_to(key)
            self._after_change(sheet)

    # --- counting

    def _changed(self) -> None:
        self._tally.changed()
        self._show_sum()

    def _on_totals(self, key: Key, totals: Totals) -> None:
        sheet = self.plan.sheets.get((key[0], key[1]))
        if sheet is None:
            return
        sheet.totals = totals
        if sheet is self._current:
            self._render()
        self.side.files.refresh(sheet)
        self._show_sum()

    # --- foot and lists

    def _show_looking(self) -> None:
        self.side.show_looking(self._looking > 0)
        if not self.plan.inputs:
            self._show(None)
        self._show_sum()

    def _show_errors(self) -> None:
        self.side.show_errors(
            [
                sentence(preview.name, preview.error)
                for preview in self.plan.inputs
                if preview.error is not None
            ]
        )

    def _show_sum(self) -> None:
        self.foot.show_sum(self.plan, looking=self._looking > 0)

    # --- end

    def _import(self) -> None:
        files, options = self.plan.order()
        self._remember()
        self.accept()
        self.wanted.emit(files, options)

    def _remember(self) -> None:
        name, sheet = self.foot.name_to_remember(), self._current
        if sheet is None:
            return
        headers = [column.name for column in sheet.columns]
        if name and headers:
            self._profiles.remember(name, headers, sheet.to_remember())

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing is Cancel."""
        super().closeEvent(event)
        self._end()

    def _end(self) -> None:
        if self._ended:
            return
        self._ended = True
        if self._looking:
            self._session.reader.cancel()
        self._tally.end()

    def _complain(self, error: BaseException) -> None:
        if self._ended or isinstance(error, JobCancelled):
            return
        if isinstance(error, ThemeloomError):
            self.page.bar.complain(error.complaint)
        else:
            self._workspace.broken.emit(error)

    # --- the parts

    def _build(self) -> None:
        self.side = Side()
        self.side.more_wanted.connect(self._choose_more)
        self.side.files.chosen.connect(self._go_to)
        self.side.files.ticked.connect(self._set_included)
        self.side.files.removed.connect(self._remove)
        self.foot = Foot()
        self.foot.import_wanted.connect(self._import)
        self.foot.cancelled.connect(self.reject)
        self.page = SheetPage()
        self.page.dates.answered.connect(self._set_dates)
        self.page.settings_row.kind_chosen.connect(self._set_kind)
        self.page.settings_row.about_chosen.connect(self._set_about)
        self.page.settings_row.profile_chosen.connect(self._set_profile)
        self.page.settings_row.no_header_wanted.connect(partial(self._set_header, 0))
        self.page.columns.role_chosen.connect(self._set_role)
        self.page.columns.header_chosen.connect(self._set_header)
        self.page.panels.duplicates_chosen.connect(self._set_duplicates)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addWidget(self.side)
        body.addWidget(_upright())
        body.addWidget(self.page, 1)
        whole.addLayout(body, 1)
        whole.addWidget(Line())
        whole.addWidget(self.foot)


def _upright() -> QFrame:
    line = QFrame()
    line.setFixedWidth(1)
    line.setProperty("pane", "sunken")
    return line
