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
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from themeloom.base.settings import Settings
from themeloom.domain.errors import JobCancelled, ThemeloomError
from themeloom.domain.previews import Holds, InputPreview, Totals, Trial
from themeloom.domain.records import About, DateOrder, Duplicates, Kind, Role, SheetChoice
from themeloom.gui.bridge.workspace import Workspace
from themeloom.gui.dialogs.import_assistant.cards import RecordCards
from themeloom.gui.dialogs.import_assistant.columns import ColumnTable
from themeloom.gui.dialogs.import_assistant.date_question import DateQuestionBar
from themeloom.gui.dialogs.import_assistant.foot import Foot
from themeloom.gui.dialogs.import_assistant.found import FoundDialog
from themeloom.gui.dialogs.import_assistant.panels import Panels
from themeloom.gui.dialogs.import_assistant.plan import Plan, SheetPlan
from themeloom.gui.dialogs.import_assistant.settings_row import SettingsRow
from themeloom.gui.dialogs.import_assistant.side import Side
from themeloom.gui.dialogs.import_assistant.tally import Tally
from themeloom.gui.dialogs.import_assistant.words import sentence
from themeloom.gui.dialogs.native import NativeDialogs
from themeloom.gui.look import sizes
from themeloom.gui.widgets.label import Label
from themeloom.gui.widgets.message_bar import MessageBar
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
        self._stack.setCurrentIndex(1 if sheet is not None else 0)
        if sheet is None:
            self._nothing.setText(
                self.tr("Looking at the files…")
                if self._looking
                else self.tr("Add files with what people told you.")
            )
            self.dates.ask(None, None, settled=False)
            self.foot.show_remember(self._current)
            return
        self._render()
        if sheet.trial is None:
            self._try(sheet)

    def _say_unreadable(self, path: str) -> None:
        preview = next((one for one in self.plan.inputs if str(one.path) == path), None)
        if preview is not None and preview.error is not None:
            self._nothing.setText(sentence(preview.name, preview.error))

    def _render(self) -> None:
        """Show the current sheet anew from its plan."""
        sheet = self._current
        if sheet is None:
            return
        trial = sheet.trial
        saved = [profile.name for profile in self._profiles.all()]
        self.settings_row.show_sheet(sheet, saved)
        self.dates.ask(
            sheet.question if sheet.choice.include else None,
            sheet.choice.dates,
            settled=sheet.answered,
        )
        is_list = not sheet.is_feedback
        self.columns.show_rows(
            sheet.sheet.head,
            () if is_list else sheet.columns,
            sheet.header_row,
            trial.first_row if trial else sheet.sheet.first_row,
            sheet.kind,
        )
        self.settings_row.set_hint(bool(sheet.columns) and not is_list)
        if is_list:
            self.cards.say(self._about_lists(sheet))
        elif trial is not None and trial.error is not None:
            self.cards.say(sentence("", trial.error))
        elif trial is not None:
            self.cards.show_cards(trial.cards, sheet.records if sheet.totals else None)
        self._show_totals(sheet)
        self.foot.show_remember(self._current)
        self.side.files.refresh(sheet)

    def _about_lists(self, sheet: SheetPlan) -> str:
        if sheet.sheet.holds is Holds.ACCOUNTS:
            return self.tr(
                "This is a list of accounts. It adds revenue and segments to the records of "
                "these companies; it holds no feedback of its own. If it does, choose a kind above."
            )
        return self.tr(
            "This says who answers for which product area. It holds no feedback of its own. "
            "If it does, choose a kind above."
        )

    def _show_totals(self, sheet: SheetPlan) -> None:
        self.panels.setVisible(sheet.is_feedback and not sheet.failed)
        self.panels.show_totals(sheet.totals, sheet.choice.duplicates)
        if not sheet.choice.include:
            self.panels.setVisible(False)

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

    def _show_found(self) -> None:
        if self._current is None or self._current.totals is None:
            return
        personal = self._current.totals.personal
        FoundDialog(
            self.tr("Personal data in {name}").format(name=self._current.preview.name),
            self.tr(
                "The first {n} places in the texts. They are masked in everything you send out; "
                "here they stay as they are."
            ).format(n=len(personal.samples)),
            (self.tr("What"), self.tr("Found"), self.tr("Where")),
            [(sample.what, sample.value, sample.place) for sample in personal.samples],
            self,
        ).open()

    def _show_skipped(self) -> None:
        if self._current is None or self._current.totals is None:
            return
        rows = [
            (f"{reason.rows:,}", reason.reason, self._places(reason.rows, reason.places))
            for reason in self._current.totals.skipped
        ]
        FoundDialog(
            self.tr("Skipped rows of {name}").format(name=self._current.preview.name),
            self.tr(
                "These rows do not become records. Sources lists each of them after the import."
            ),
            (self.tr("Rows"), self.tr("Why"), self.tr("Where")),
            rows,
            self,
        ).open()

    @staticmethod
    def _places(rows: int, places: Sequence[str]) -> str:
        return ", ".join(places) + (" …" if rows > len(places) else "")

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
            self.bar.complain(error.complaint)
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
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addWidget(self.side)
        body.addWidget(_upright())
        body.addWidget(self._build_right(), 1)
        whole.addLayout(body, 1)
        whole.addWidget(Line())
        whole.addWidget(self.foot)

    def _build_right(self) -> QWidget:
        self._stack = QStackedWidget()
        empty = QWidget()
        center = QVBoxLayout(empty)
        center.setContentsMargins(sizes.px(60), 0, sizes.px(60), 0)
        self._nothing = Label(quiet=True, wrap=True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        center.addWidget(self._nothing)
        self._stack.addWidget(empty)
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self.bar = MessageBar()
        layout.addWidget(self.bar)
        self.dates = DateQuestionBar()
        self.dates.answered.connect(self._set_dates)
        layout.addWidget(self.dates)
        middle = QVBoxLayout()
        middle.setContentsMargins(sizes.px(12), sizes.px(10), sizes.px(12), sizes.px(10))
        middle.setSpacing(sizes.px(10))
        self.settings_row = SettingsRow()
        self.settings_row.kind_chosen.connect(self._set_kind)
        self.settings_row.about_chosen.connect(self._set_about)
        self.settings_row.profile_chosen.connect(self._set_profile)
        self.settings_row.no_header_wanted.connect(partial(self._set_header, 0))
        middle.addWidget(self.settings_row)
        framed = QFrame()
        framed.setProperty("card", "true")
        inside = QVBoxLayout(framed)
        inside.setContentsMargins(1, 1, 1, 1)
        self.columns = ColumnTable()
        self.columns.role_chosen.connect(self._set_role)
        self.columns.header_chosen.connect(self._set_header)
        inside.addWidget(self.columns)
        middle.addWidget(framed, 5)
        self.cards = RecordCards()
        self.cards.setMinimumHeight(sizes.px(128))
        middle.addWidget(self.cards, 3)
        layout.addLayout(middle, 1)
        layout.addWidget(Line())
        self.panels = Panels()
        self.panels.duplicates_chosen.connect(self._set_duplicates)
        self.panels.personal_wanted.connect(self._show_found)
        self.panels.skipped_wanted.connect(self._show_skipped)
        layout.addWidget(self.panels)
        self._stack.addWidget(page)
        return self._stack


def _upright() -> QFrame:
    line = QFrame()
    line.setFixedWidth(1)
    line.setProperty("pane", "sunken")
    return line
