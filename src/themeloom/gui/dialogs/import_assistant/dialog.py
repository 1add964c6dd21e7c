"""The import assistant: one dialog, no "Next". Everything in it can be changed until Import."""

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from themeloom.base.settings import Settings
from themeloom.domain.errors import Complaint, JobCancelled, ThemeloomError
from themeloom.domain.previews import Holds, InputPreview, Totals, Trial
from themeloom.domain.records import About, DateOrder, Duplicates, Kind, Role, SheetChoice
from themeloom.gui.bridge.workspace import Workspace
from themeloom.gui.dialogs.import_assistant.cards import RecordCards
from themeloom.gui.dialogs.import_assistant.columns import ColumnTable
from themeloom.gui.dialogs.import_assistant.date_question import DateQuestionBar
from themeloom.gui.dialogs.import_assistant.file_list import FileList
from themeloom.gui.dialogs.import_assistant.found import FoundDialog
from themeloom.gui.dialogs.import_assistant.panels import Panels
from themeloom.gui.dialogs.import_assistant.plan import Plan, SheetPlan
from themeloom.gui.dialogs.import_assistant.settings_row import SettingsRow
from themeloom.gui.dialogs.import_assistant.words import counted
from themeloom.gui.dialogs.native import NativeDialogs
from themeloom.gui.look import sizes
from themeloom.gui.widgets.label import Label
from themeloom.gui.widgets.message_bar import MessageBar
from themeloom.gui.widgets.pane import Line
from themeloom.services import workers
from themeloom.services.assistant import Key, count, look, try_out, write_existing
from themeloom.services.profiles import SavedProfiles
from themeloom.services.session import Session

_SMALL = 10_000  # rows that are counted in no time
_COUNT_AFTER_MS = 250  # a person who goes on changing things is not counted for in between


class ImportAssistant(QDialog):
    """Signals ``wanted`` with files and options when the person presses Import."""

    wanted = Signal(list, object)  # list[Path], ImportOptions
    _totals_came = Signal(int, object, object)  # number of the count, Key, Totals

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
        # Large files are counted in a process of their own: no preview waits for a long count.
        self._counter = workers.reader()
        self._folder = tempfile.TemporaryDirectory(prefix="themeloom-assistant-")
        self._existing: str | None = None
        self._looking = 0
        self._counting = 0
        self._ended = False
        self._current: SheetPlan | None = None
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_COUNT_AFTER_MS)
        self._later.timeout.connect(self._count)
        self._totals_came.connect(self._on_totals, Qt.ConnectionType.QueuedConnection)
        name = session.project.path.stem
        self.setWindowTitle(self.tr("Import into {name}").format(name=name))
        self.setMinimumSize(sizes.px(900), sizes.px(560))
        self.resize(sizes.px(1195), sizes.px(720))
        self._build()
        self.finished.connect(self._end)
        self.files.setFocus()
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
        self.files.show_plan(self.plan)
        feedback = [one for one in self.plan.included() if one.sheet.holds == Holds.RECORDS]
        if first_look and feedback:
            # Begin with what needs an eye most: the longest table.
            self.files.go_to(max(feedback, key=lambda one: one.sheet.rows).key)
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
        self.files.show_plan(self.plan)
        if self._current is None and self.files.current() is None:
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
            self._show_remember()
            return
        self._render()
        if sheet.trial is None:
            self._try(sheet)

    def _say_unreadable(self, path: str) -> None:
        preview = next((one for one in self.plan.inputs if str(one.path) == path), None)
        if preview is not None and preview.error is not None:
            self._nothing.setText(_sentence(preview.name, preview.error))

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
            self.cards.say(_sentence("", trial.error))
        elif trial is not None:
            self.cards.show_cards(trial.cards, sheet.records if sheet.totals else None)
        self._show_totals(sheet)
        self._show_remember()
        self.files.refresh(sheet)

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
        self.files.refresh(sheet)
        self._show_sum()

    # --- what the person changes

    def _after_change(self, sheet: SheetPlan) -> None:
        if sheet is self._current:
            self._render()
        self._try(sheet)
        self.files.refresh(sheet)
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
            self.files.go_to(key)
            self._after_change(sheet)

    # --- counting

    def _changed(self) -> None:
        """Count again, a moment after the last change; what is under way is out of date."""
        self._counting += 1
        self._counter.cancel()
        self._later.start()
        self._show_sum()

    def _count(self) -> None:
        number = self._counting
        previews = list(self.plan.inputs)
        choices = dict(self.plan.choices())
        if self._looking or not any(choice.include for choice in choices.values()):
            return
        project, folder = self._session.project, Path(self._folder.name)
        small = sum(sheet.weight for sheet in self.plan.included()) <= _SMALL
        counter = self._session.reader if small else self._counter

        def work() -> dict[Key, Totals]:
            if number != self._counting or self._ended:
                raise JobCancelled("A newer count is on its way.")
            existing = self._existing or write_existing(project, folder)
            self._existing = existing
            return count(
                previews,
                choices,
                counter,
                existing=existing,
                on_totals=lambda key, totals: self._totals_came.emit(number, key, totals),
            )

        self._workspace.compute("import assistant: count", work, lambda _: None, self._complain)

    def _on_totals(self, number: int, key: Key, totals: Totals) -> None:
        sheet = self.plan.sheets.get((key[0], key[1]))
        if self._ended or number != self._counting or sheet is None:
            return
        sheet.totals = totals
        if sheet is self._current:
            self._render()
        self.files.refresh(sheet)
        self._show_sum()

    # --- foot and lists

    def _show_sum(self) -> None:
        sheets = list(self.plan.included())
        records = self.plan.records()
        known = self.plan.counted()
        problem = self.plan.problem()
        lists_only = bool(sheets) and not any(sheet.is_feedback for sheet in sheets)
        if not sheets:
            text = self.tr("Import")
        elif lists_only:
            text = self.tr("Import {n}").format(
                n=counted(len(sheets), self.tr("list"), self.tr("lists"))
            )
        elif known:
            number = counted(records, self.tr("record"), self.tr("records"))
            text = self.tr("Import {n}").format(n=number)
        else:
            text = self.tr("Import about {n} records").format(n=f"{records:,}")
        self.import_button.setText(text)
        ready = bool(sheets) and not self._looking and problem is None
        self.import_button.setEnabled(ready and (records > 0 or lists_only or not known))
        self.import_button.setToolTip(
            self.tr("Choose a column of text for {name}, or leave it out.").format(
                name=problem.sheet.name or problem.preview.name
            )
            if problem
            else ""
        )
        of = counted(len(sheets), self.tr("source"), self.tr("sources"))
        if known and sheets:
            of = f"{of}, {counted(records, self.tr('record'), self.tr('records'))}"
        self._sum.setText(of if sheets else self.tr("Nothing is ticked"))

    def _show_looking(self) -> None:
        self._progress.setVisible(self._looking > 0)
        if not self.plan.inputs:
            self._show(None)
        self._show_sum()

    def _show_errors(self) -> None:
        sentences = [
            _sentence(preview.name, preview.error)
            for preview in self.plan.inputs
            if preview.error is not None
        ]
        more = len(sentences) - 3
        if more > 0:
            sentences = [*sentences[:3], self.tr("{n} more cannot be read.").format(n=more)]
        self._errors.setText("\n".join(sentences))
        self._errors_frame.setVisible(bool(sentences))

    def _show_remember(self) -> None:
        sheet = self._current
        usable = sheet is not None and sheet.choice.include and sheet.is_feedback
        has_columns = usable and sheet is not None and bool(sheet.columns)
        self.remember.setVisible(has_columns)
        self.remember_name.setVisible(has_columns)
        if sheet is not None and has_columns and not self.remember_name.isModified():
            self.remember_name.setText(sheet.saved or sheet.preview.path.stem)

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
        name = self.remember_name.text().strip()
        sheet = self._current
        if sheet is None or not self.remember.isChecked() or not self.remember.isVisibleTo(self):
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
        self._later.stop()
        if self._looking:
            self._session.reader.cancel()
        self._counter.cancel()
        counter, folder = self._counter, self._folder

        def tidy() -> None:
            counter.close()
            folder.cleanup()

        self._workspace.compute("import assistant: end", tidy, lambda _: None)

    def _complain(self, error: BaseException) -> None:
        if self._ended or isinstance(error, JobCancelled):
            return
        if isinstance(error, ThemeloomError):
            self.bar.complain(error.complaint)
        else:
            self._workspace.broken.emit(error)

    # --- the parts

    def _build(self) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addWidget(self._build_files())
        body.addWidget(_upright())
        body.addWidget(self._build_right(), 1)
        whole.addLayout(body, 1)
        whole.addWidget(Line())
        whole.addWidget(self._build_foot())

    def _build_files(self) -> QWidget:
        side = QWidget()
        side.setProperty("pane", "surface")
        side.setFixedWidth(sizes.px(243))
        layout = QVBoxLayout(side)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(sizes.px(12), sizes.px(5), sizes.px(12), sizes.px(5))
        head.addWidget(Label(self.tr("Files"), bold=True), 1)
        self.add_button = QPushButton(self.tr("Add…"))
        self.add_button.setAccessibleName(self.tr("Add files"))
        self.add_button.setAutoDefault(False)
        self.add_button.clicked.connect(self._choose_more)
        head.addWidget(self.add_button)
        layout.addLayout(head)
        layout.addWidget(Line())
        self._progress = QProgressBar()
        self._progress.setRange(0, 0)
        self._progress.setTextVisible(False)
        self._progress.setAccessibleName(self.tr("Looking at the files"))
        self._progress.setFixedHeight(3)
        layout.addWidget(self._progress)
        self.files = FileList()
        self.files.chosen.connect(self._go_to)
        self.files.ticked.connect(self._set_included)
        self.files.removed.connect(self._remove)
        layout.addWidget(self.files, 1)
        self._errors_frame = QFrame()
        below = QVBoxLayout(self._errors_frame)
        below.setContentsMargins(sizes.px(12), sizes.px(8), sizes.px(12), sizes.px(10))
        self._errors = Label(size=12, wrap=True, selectable=True)
        self._errors.setAccessibleName(self.tr("What cannot be read"))
        below.addWidget(self._errors)
        layout.addWidget(self._errors_frame)
        self._errors_frame.hide()
        return side

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

    def _build_foot(self) -> QWidget:
        foot = QWidget()
        row = QHBoxLayout(foot)
        row.setContentsMargins(sizes.px(16), sizes.px(9), sizes.px(16), sizes.px(9))
        row.setSpacing(sizes.px(8))
        self.remember = QCheckBox(self.tr("Remember these columns as"))
        self.remember_name = QLineEdit()
        self.remember_name.setAccessibleName(self.tr("Name for these columns"))
        self.remember_name.setFixedWidth(sizes.px(190))
        self.remember_name.textEdited.connect(lambda: self.remember.setChecked(True))
        row.addWidget(self.remember)
        row.addWidget(self.remember_name)
        row.addStretch(1)
        self._sum = Label(size=12, quiet=True)
        row.addWidget(self._sum)
        cancel = QPushButton(self.tr("Cancel"))
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        row.addWidget(cancel)
        self.import_button = QPushButton(self.tr("Import"))
        self.import_button.setProperty("primary", "true")
        self.import_button.setDefault(True)
        self.import_button.clicked.connect(self._import)
        row.addWidget(self.import_button)
        return foot


def _sentence(name: str, error: Complaint) -> str:
    """Return an error in one line: what, why, what to do."""
    message = error.message.replace("This is", f"{name} is", 1) if name else error.message
    if name and not message.startswith(name):
        message = f"{name}: {message}"
    return f"{message} {error.hint}" if error.hint else message


def _upright() -> QFrame:
    line = QFrame()
    line.setFixedWidth(1)
    line.setProperty("pane", "sunken")
    return line
