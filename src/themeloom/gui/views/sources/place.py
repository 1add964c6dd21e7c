"""The place "Sources": the list, its details, and what to do while there is none."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import cast

from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from themeloom.domain.changes import Deed
from themeloom.domain.errors import ImportFileError, ThemeloomError
from themeloom.domain.records import ImportReport, SkippedRow
from themeloom.gui.actions import Actions
from themeloom.gui.bridge.turns import in_next_turn
from themeloom.gui.bridge.workspace import Report, Workspace
from themeloom.gui.dialogs.native import NativeDialogs
from themeloom.gui.look import sizes
from themeloom.gui.views.place_view import PlaceView
from themeloom.gui.views.sources.details import SourceDetails
from themeloom.gui.views.sources.model import NAME, SourceModel
from themeloom.gui.views.sources.table import SourcesTable
from themeloom.gui.views.welcome import DropArea, key
from themeloom.gui.widgets.label import Label
from themeloom.gui.widgets.message_bar import MessageBar
from themeloom.gui.widgets.pane import Line
from themeloom.gui.widgets.undo_offer import say_done
from themeloom.services.session import Session
from themeloom.services.sources import SourceEntry, entries_of, reimport, skipped_rows


class SourcesPlace(PlaceView):
    """Shows what came in; reads again and removes, each as one undo step."""

    def __init__(
        self,
        workspace: Workspace,
        actions: Actions,
        parent: QWidget,
        *,
        dialogs: NativeDialogs | None = None,
    ) -> None:
        """Show the project of ``workspace``; "sources.import" is among ``actions`` already."""
        super().__init__(parent)
        self._workspace = workspace
        self._actions = actions
        self._dialogs = dialogs or cast(NativeDialogs | None, getattr(parent, "dialogs", None))
        self._wanted: tuple[str, ...] | None = None
        self._build()
        self._add_actions()
        workspace.opened.connect(self._refresh)
        workspace.closed.connect(self._refresh)
        workspace.view_changed.connect(self._on_view_changed)
        self._refresh()

    def current(self) -> SourceEntry | None:
        """Return the selected source."""
        row = self.table.currentIndex().row()
        return self._model.entries[row] if 0 <= row < len(self._model.entries) else None

    def select(self, title: str) -> None:
        """Select the source called ``title``."""
        for row, entry in enumerate(self._model.entries):
            if entry.title == title:
                self._select_row(row)

    def take_focus(self) -> None:
        """Let the keyboard begin in the table; where nothing came in yet, on the deed."""
        start = self.table if self._model.entries else self.choose_button
        start.setFocus(Qt.FocusReason.OtherFocusReason)

    def read_again(self, path: Path | None = None) -> None:
        """Read the selected source again; ``path`` is where its file lies now."""
        entry = self.current()
        if entry is None:
            return

        def job(session: Session, report: Report) -> ImportReport:
            return reimport(session.project, entry, session.reader, report, path=path)

        self._wanted = entry.source_ids
        self._workspace.run_job(
            self.tr("Read {name} again").format(name=entry.name),
            job,
            partial(self._read_again_done, entry),
            partial(self._read_again_failed, entry),
        )

    def remove(self) -> None:
        """Remove the selected source with its records."""
        entry = self.current()
        if entry is None:
            return

        def done(deed: Deed | None) -> None:
            if deed is not None:
                text = self.tr("{name} and its records are removed.").format(name=entry.title)
                say_done(self.bar, self._workspace, text)

        self._workspace.edit(lambda session: session.project.remove_sources(entry.source_ids), done)

    def locate(self) -> None:
        """Ask where the file of the selected source lies now, and read it there."""
        entry = self.current()
        if entry is None or self._dialogs is None:
            return
        folder = entry.path.suffix == ""
        chosen = self._dialogs.folder_to_import() if folder else self._dialogs.files_to_import()
        if chosen:
            self.read_again(chosen[0])

    # --- what the project says

    def _on_view_changed(self, deed: Deed) -> None:
        if deed.content and self.isVisible():
            self._refresh()
        elif deed.content:
            in_next_turn(self, self._refresh)  # the place that is shown goes first

    def _refresh(self) -> None:
        before = self.current()
        wanted = self._wanted or (before.source_ids if before else ())
        self._wanted = None
        view = self._workspace.view
        entries = entries_of(view.sources) if view is not None else []
        self._model.show(entries)
        # Where it is hidden with the keyboard on it, Qt takes the next button: to import once more.
        waited = self.choose_button.hasFocus()
        self._stack.setCurrentIndex(1 if entries else 0)
        self._count.setText(f"{len(entries):,}" if entries else "")
        rows = [row for row, entry in enumerate(entries) if set(entry.source_ids) & set(wanted)]
        if entries:
            self._select_row(rows[0] if rows else 0)
        if entries and waited:
            self.take_focus()
        self._show_current()
        self._actions.refresh()

    def _select_row(self, row: int) -> None:
        index = self._model.index(row, NAME)
        flags = QItemSelectionModel.SelectionFlag
        self.table.selectionModel().setCurrentIndex(
            index, flags.ClearAndSelect | flags.Rows | flags.Current
        )

    def _show_current(self) -> None:
        entry = self.current()
        self.details.show_entry(entry, read_only=self._workspace.read_only)
        if entry is not None and entry.skipped:
            self._workspace.ask(
                "sources: skipped",
                lambda session: (entry, skipped_rows(session.project, entry)),
                self._show_skipped,
            )

    def _show_skipped(self, answer: tuple[SourceEntry, Sequence[SkippedRow]]) -> None:
        entry, rows = answer
        if entry is self.current():
            self.details.show_skipped(rows, entry.skipped)

    # --- after a deed

    def _read_again_done(self, entry: SourceEntry, report: ImportReport) -> None:
        taken = sum(file.taken for file in report.files)
        updated = sum(file.updated for file in report.files)
        text = self.tr("{name}: {new} new records, {known} known.").format(
            name=entry.name, new=f"{taken:,}", known=f"{updated:,}"
        )
        if taken or updated:
            say_done(self.bar, self._workspace, text)
        else:  # no step was made: Undo would take back something else
            self.bar.say(text, "ok")

    def _read_again_failed(self, entry: SourceEntry, error: BaseException) -> None:
        if not isinstance(error, ThemeloomError):
            self._workspace.broken.emit(error)
            return
        gone = isinstance(error, ImportFileError) and "no longer" in error.complaint.message
        mends = [(self.tr("Locate…"), self.locate)] if gone and self._dialogs else []
        self.bar.complain(error.complaint, mends)

    # --- what can be done

    def _can_read_again(self) -> bool | str:
        reason = self._can_change()
        entry = self.current()
        if reason is not True or entry is None:
            return reason
        if entry.pasted:
            return self.tr("Pasted rows cannot be read again.")
        return True

    def _can_change(self) -> bool | str:
        if self.current() is None:
            return self.tr("Select a source first.")
        if self._workspace.read_only:
            return self.tr("The project is open for reading only.")
        if self._workspace.job is not None:
            return self.tr("Wait until what is under way is done.")
        return True

    def _add_actions(self) -> None:
        self._actions.add(
            "sources.again",
            self.tr("&Read again"),
            self.read_again,
            menu="Sources",
            shortcut="F5",
            icon="refresh",
            place="sources",
            group="one",
            enabled=self._can_read_again,
            focus=self,
        )
        self._actions.add(
            "sources.locate",
            self.tr("&Locate the file…"),
            self.locate,
            menu="Sources",
            place="sources",
            group="one",
            enabled=self._can_read_again,
        )
        self._actions.add(
            "sources.remove",
            self.tr("Re&move"),
            self.remove,
            menu="Sources",
            shortcut="Del",
            icon="trash",
            place="sources",
            group="one",
            enabled=self._can_change,
            focus=self.table,
        )

    # --- the parts

    def _build(self) -> None:
        self._stack = QStackedWidget()
        self._stack.addWidget(self._build_empty())
        self._stack.addWidget(self._build_list())
        self.bar = MessageBar()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.bar)
        layout.addWidget(self._stack, 1)

    def _build_empty(self) -> QWidget:
        page = QWidget()
        page.setProperty("pane", "surface")
        outer = QVBoxLayout(page)
        outer.addStretch(2)
        row = QHBoxLayout()
        row.addStretch(1)
        area = DropArea()
        area.setFixedWidth(sizes.px(560))
        inside = QVBoxLayout(area)
        inside.setContentsMargins(sizes.px(24), sizes.px(74), sizes.px(24), sizes.px(34))
        inside.setSpacing(sizes.px(4))
        middle = Qt.AlignmentFlag.AlignHCenter
        inside.addWidget(Label(self.tr("Drop files here"), size=16, bold=True), 0, middle)
        words = QHBoxLayout()
        words.addStretch(1)
        words.addWidget(
            Label(
                self.tr("Tickets, survey answers, interviews, calls · or paste rows with"),
                size=12,
                quiet=True,
            )
        )
        words.addWidget(key("Ctrl+V"))
        words.addStretch(1)
        inside.addLayout(words)
        inside.addSpacing(sizes.px(10))
        self.choose_button = QPushButton(self.tr("Choose files…"))
        self.choose_button.setProperty("primary", "true")
        self.choose_button.clicked.connect(self._actions["sources.import"].trigger)
        inside.addWidget(self.choose_button, 0, middle)
        row.addWidget(area)
        row.addStretch(1)
        outer.addLayout(row)
        outer.addStretch(3)
        return page

    def _build_list(self) -> QWidget:
        left = QWidget()
        left.setProperty("pane", "surface")
        layout = QVBoxLayout(left)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(sizes.px(14), sizes.px(5), sizes.px(10), sizes.px(5))
        head.setSpacing(sizes.px(8))
        head.addWidget(Label(self.tr("Sources"), bold=True))
        self._count: QLabel = Label(size=12, quiet=True, tabular=True)
        head.addWidget(self._count, 1)
        self.import_button = QPushButton(self.tr("Import files…"))
        self.import_button.clicked.connect(self._actions["sources.import"].trigger)
        head.addWidget(self.import_button)
        layout.addLayout(head)
        layout.addWidget(Line())
        self._model = SourceModel(self)
        self.table = SourcesTable(self._model)
        self.table.selectionModel().currentRowChanged.connect(self._on_row)
        layout.addWidget(self.table, 1)
        self.details = SourceDetails()
        self.details.setMinimumWidth(sizes.px(280))
        self.details.again_wanted.connect(self.read_again)
        self.details.remove_wanted.connect(self.remove)
        self.details.locate_wanted.connect(self.locate)
        panes = QSplitter(Qt.Orientation.Horizontal)
        panes.addWidget(left)
        panes.addWidget(self.details)
        panes.setChildrenCollapsible(False)
        panes.setStretchFactor(0, 1)
        panes.setSizes([sizes.px(760), sizes.px(360)])
        return panes

    def _on_row(self) -> None:
        self._show_current()
        self._actions.refresh()
