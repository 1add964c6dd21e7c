"""Sending: who would get what and why, what is held back, and where the packs are written."""

from dataclasses import replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QSplitter,
    QTreeWidgetItem,
)

from themeloom.base.paths import projects_dir
from themeloom.domain import periods
from themeloom.gui.dialogs.asking import AskingDialog, Rows
from themeloom.gui.dialogs.send_flow import SendFlow, SendOrder
from themeloom.gui.dialogs.send_settings import SendSettings
from themeloom.gui.look import sizes
from themeloom.gui.widgets.label import Label
from themeloom.insights.sending import Settings
from themeloom.insights.wording import count, day
from themeloom.services import sending
from themeloom.services.sending import Chosen, HeldBack, Part, Prepared
from themeloom.services.session import Session

if TYPE_CHECKING:
    from themeloom.gui.windows.main_window import MainWindow

_Found = tuple[Prepared, Settings, Path | None]


class SendDialog(AskingDialog):
    """Closes when writing begins: progress and result then stand in the window."""

    roster_asked = Signal()

    def __init__(self, window: "MainWindow") -> None:
        """Ask about the open project of ``window``."""
        super().__init__(window.workspace, self.tr("Send insights to PMs"), (1060, 660), window)
        self._window = window
        self._prepared: Prepared | None = None
        self._before = Settings()
        self._build()
        self.wait(self.tr("Looking at the insights…"))
        self.prepare()
        window.workspace.view_changed.connect(self._on_change)

    def prepare(self) -> None:
        """Draft the insights again and plan anew."""

        def query(session: Session) -> _Found:
            project = session.project
            prepared = sending.prepare(project, session.period)
            return prepared, sending.settings_of(project), sending.usual_folder(project)

        self.ask("send.prepare", query, self._show_prepared)

    def settings(self) -> Settings:
        """Return what was chosen, with the folder."""
        return replace(self.choices.settings(), folder=self.folder_field.text().strip())

    def send(self) -> None:
        """Begin to write and close."""
        if self._prepared is None:
            return
        settings = self.settings()
        order = SendOrder(
            plan=sending.planned(self._prepared, settings),
            settings=settings if settings != self._before else None,
            folder=Path(settings.folder).expanduser(),
            raw=self.raw_button.isChecked(),
        )
        flow = SendFlow(self._window, order)
        self.accept()
        flow.start()

    def choose_folder(self) -> None:
        """Ask the system's dialog where to write."""
        chosen = self._window.dialogs.folder("send", self.tr("Write the packs to"))
        if chosen:
            self.folder_field.setText(str(chosen))

    # --- building

    def _build(self) -> None:
        self.heading = Label(size=15, bold=True, wrap=True)
        self.about = Label(size=12, quiet=True, wrap=True)
        self.rows = Rows(
            self.tr("What goes to whom"),
            [self.tr("Insight"), self.tr("Score"), self.tr("Why")],
            0,
            (0, 78, 250),
        )
        self.rows.headerItem().setTextAlignment(
            1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        )
        self.rows.setSelectionMode(Rows.SelectionMode.SingleSelection)
        self.choices = SendSettings()
        self.choices.changed.connect(self._plan)
        panes = QSplitter(Qt.Orientation.Horizontal)
        panes.setChildrenCollapsible(False)
        panes.addWidget(self.rows)
        panes.addWidget(self.choices)
        panes.setStretchFactor(0, 1)
        panes.setSizes([sizes.px(730), sizes.px(290)])
        panes.setHandleWidth(sizes.px(14))
        panes.setStyleSheet("QSplitter::handle { background: transparent; }")
        self.page.addWidget(self.heading)
        self.page.addWidget(self.about)
        self.page.addWidget(panes, 1)
        grid = QGridLayout()
        grid.setHorizontalSpacing(sizes.px(12))
        grid.setVerticalSpacing(sizes.px(8))
        grid.setColumnStretch(1, 1)
        grid.addWidget(Label(self.tr("Personal data"), quiet=True), 0, 0)
        grid.addLayout(self._personal_data(), 0, 1)
        grid.addWidget(Label(self.tr("Write to"), quiet=True), 1, 0)
        grid.addLayout(self._folder_row(), 1, 1)
        self.note = Label(size=12, quiet=True, wrap=True)
        grid.addWidget(self.note, 2, 1)
        self.page.addLayout(grid)
        self.roster_button = QPushButton()
        self.roster_button.setAutoDefault(False)
        self.roster_button.clicked.connect(self.roster_asked)
        self.roster_button.hide()
        self.foot.addWidget(self.roster_button)
        self.foot.addStretch(1)
        self.go_button.setText(self.tr("Send"))
        self.go_button.setDefault(False)  # Enter in a field sends nothing
        self.go_button.setAutoDefault(False)
        self.go_button.clicked.connect(self.send)

    def _personal_data(self) -> QHBoxLayout:
        masked = QRadioButton(self.tr("Masked"))
        self.raw_button = QRadioButton(self.tr("Raw: names and addresses can be read"))
        masked.setChecked(True)
        group = QButtonGroup(self)
        row = QHBoxLayout()
        row.setSpacing(sizes.px(16))
        for button in (masked, self.raw_button):
            group.addButton(button)
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _folder_row(self) -> QHBoxLayout:
        self.folder_field = QLineEdit()
        self.folder_field.setAccessibleName(self.tr("Folder for the packs"))
        self.folder_field.textChanged.connect(self._look_at_folder)
        self.choose_button = QPushButton(self.tr("Choose…"))
        self.choose_button.setAutoDefault(False)
        self.choose_button.clicked.connect(self.choose_folder)
        row = QHBoxLayout()
        row.setSpacing(sizes.px(8))
        row.addWidget(self.folder_field, 1)
        row.addWidget(self.choose_button)
        return row

    # --- the plan

    def _show_prepared(self, found: _Found) -> None:
        prepared, settings, folder = found
        first = self._prepared is None
        self._prepared = prepared
        if first:
            self._before = settings
            self.choices.show_settings(settings)
            usable = folder if folder is not None and folder.is_dir() else projects_dir()
            self.folder_field.setText(str(usable))
        self.show_page(self.rows)
        self._plan()

    def _on_change(self, _deed: object) -> None:
        if self._prepared is not None:
            self.prepare()

    def _plan(self) -> None:
        if self._prepared is None:
            return
        plan = sending.planned(self._prepared, self.choices.settings())
        self.choices.show_drafts(on=plan.drafts)
        whom = count(len(plan.packs), "PM")
        self.heading.setText(
            self.tr("{insights} for {whom}, {held} held back").format(
                insights=count(plan.count, "insight"), whom=whom, held=f"{len(plan.held_back):,}"
            )
            if plan.packs
            else sending.nothing_to_send(plan).complaint.message
        )
        days = periods.words(plan.period) if plan.period else self.tr("all time")
        about = self.tr("Numbers are about {days}.").format(days=days)
        if plan.packs:
            what = self.tr(
                "Each PM gets a folder with a workbook, a page and the text of a mail. "
                "Nothing is mailed from here."
            )
        else:
            what = sending.nothing_to_send(plan).complaint.hint or ""
        self.about.setText(f"{about} {what}")
        self._fill(plan)
        lacking = len(plan.without_area)
        self.roster_button.setText(
            self.tr("Roster: {insights} without a product area…").format(
                insights=count(lacking, "insight")
            )
        )
        self.roster_button.setVisible(lacking > 0)
        self.go_button.setText(
            self.tr("Send {n}").format(n=f"{plan.count:,}") if plan.count else self.tr("Send")
        )
        self._planned = plan.count
        self._allow()

    def _fill(self, plan: sending.SendPlan) -> None:
        scroll = self.rows.verticalScrollBar().value()
        opened = self._opened()
        self.rows.clear()
        for pack in plan.packs:
            told = [pack.pm, pack.email, count(len(pack.chosen), "insight")]
            if pack.last is not None:
                told.append(self.tr("last {day}").format(day=day(pack.last.when.date())))
            head = self.rows.add_heading("  ·  ".join(part for part in told if part))
            for one in pack.chosen:
                self._add(one, self._news(one), head, opened)
            for settled in pack.settled:
                words = f"{settled.mark}, {settled.words}"
                self.rows.add_row([settled.insight.title, "", words], head)
        if plan.held_back:
            text = self.tr("Held back: {n}").format(n=f"{len(plan.held_back):,}")
            head = self.rows.add_heading(text)
            for held in plan.held_back:
                self._add(held, held.words, head, opened)
        self.rows.verticalScrollBar().setValue(scroll)

    def _add(
        self, one: Chosen | HeldBack, words: str, head: QTreeWidgetItem, opened: set[str]
    ) -> None:
        title, score = one.insight.title, f"{one.score:.0f}"
        tip = f"{one.insight.id} {title}. {words}"
        item = self.rows.add_row([title, score, words], head, tip=tip)
        item.setData(0, Qt.ItemDataRole.UserRole, one.insight.id)
        item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        item.setToolTip(1, _as_tip(one.parts))
        for part in one.parts:
            points = self.tr("{points} of {weight}").format(
                points=f"{part.points:.0f}", weight=f"{part.weight:.0f}"
            )
            row = self.rows.add_row([part.name, points, part.why], item)
            row.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        item.setExpanded(one.insight.id in opened)

    def _news(self, one: Chosen) -> str:
        marks = ", ".join(one.marks)
        return f"{marks}: {'; '.join(one.changes)}" if one.changes else marks

    def _opened(self) -> set[str]:
        """Return the insights whose parts are shown."""
        return {
            str(item.data(0, Qt.ItemDataRole.UserRole))
            for item in self.rows.inner()
            if item.isExpanded()
        }

    _planned = 0

    def _look_at_folder(self) -> None:
        written = self.folder_field.text().strip()
        folder = Path(written).expanduser()
        note = ""
        if not written:
            note = self.tr("Say where to write.")
        elif not folder.is_dir():
            note = self.tr("This folder does not exist. Choose another one.")
        self._folder_fits = not note
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self._allow()

    _folder_fits = False

    def _allow(self) -> None:
        ready = self._prepared is not None and self._planned > 0 and self._folder_fits
        self.go_button.setEnabled(ready)


def _as_tip(parts: tuple[Part, ...]) -> str:
    """Return the parts of a score as a small table; its words are ours, not customers'."""
    rows = "".join(
        f"<tr><td>{escape(part.name)}&nbsp;</td><td align='right'>{part.points:.0f} of "
        f"{part.weight:.0f}&nbsp;</td><td>{escape(part.why)}</td></tr>"
        for part in parts
    )
    return f"<table>{rows}</table>"
