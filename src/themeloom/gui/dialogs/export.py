"""Asks what to export: format, for whom, personal data, period, target; says before what is in it."""

from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLayout,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from themeloom.base.paths import projects_dir
from themeloom.base.settings import Settings
from themeloom.domain import periods
from themeloom.domain.periods import Period
from themeloom.gui.bridge.workspace import Workspace
from themeloom.gui.dialogs.export_flow import ExportFlow, Order
from themeloom.gui.dialogs.export_formats import FIRST, FormatList
from themeloom.gui.dialogs.export_period import PeriodRow
from themeloom.gui.dialogs.native import NativeDialogs
from themeloom.gui.look import sizes
from themeloom.gui.widgets.label import Label
from themeloom.gui.widgets.message_bar import MessageBar
from themeloom.services import period_choice
from themeloom.services.exporting import (
    ExportOptions,
    Format,
    Preview,
    format_list,
    preview,
    recipients,
)
from themeloom.services.period_choice import PeriodChoice
from themeloom.services.session import Session

_Known = tuple[tuple[PeriodChoice, ...], list[str], list[str]]


class ExportDialog(QDialog):
    """Closes when writing begins: progress, result and failures then stand in the window."""

    def __init__(
        self,
        workspace: Workspace,
        settings: Settings,
        bar: MessageBar,
        parent: QWidget,
        *,
        dialogs: NativeDialogs | None = None,
        today: date | None = None,
        wanted: str | None = None,
    ) -> None:
        """Ask about the open project.

        Args:
            workspace: its project has to be open.
            settings: remembers format and folder.
            bar: where the result is said.
            parent: the window.
            dialogs: the system's dialogs.
            today: what "last month" is counted from.
            wanted: name of the format to begin with; the last used one without.
        """
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Export"))
        self.setMinimumWidth(sizes.px(600))
        self._workspace = workspace
        self._settings = settings
        self._bar = bar
        self._window = parent
        self._dialogs = dialogs or NativeDialogs(settings, parent)
        self._today = today or date.today()  # noqa: DTZ011 - the person's own day
        self._named = ""  # the target that was suggested; another one is the person's own
        self._build(wanted or settings.get("export.format", FIRST))
        self._suggest()
        self._count()
        workspace.ask("export.known", self._find_known, self._show_known)

    # --- what was chosen

    def order(self) -> Order:
        """Return what was chosen."""
        return Order(
            self._format(),
            Path(self.target_field.text().strip()).expanduser(),
            ExportOptions(
                raw=self.raw_button.isChecked(), period=self.period(), only=self.recipient()
            ),
        )

    def period(self) -> Period | None:
        """Return the chosen period, None for all."""
        return self.period_row.period()

    def recipient(self) -> str:
        """Return the PM or the area that it is for, "" for everybody."""
        chosen = self.for_box.currentData() if self.for_box.isEnabled() else ""
        return str(chosen or "")

    def choose_target(self) -> None:
        """Ask the system's dialog where to write."""
        suffix = self._format().suffix
        suggestion = Path(self.target_field.text().strip() or self._suggestion())
        pattern = f"*{suffix}" if suffix else self.tr("All files (*)")
        chosen = self._dialogs.target("export", self.tr("Export to"), suggestion, pattern)
        if chosen:
            self.target_field.setText(str(chosen))

    def write(self) -> None:
        """Begin to write and close."""
        order = self.order()
        self._settings.set("folder.export", str(order.target.parent))
        flow = ExportFlow(
            self._workspace, self._settings, self._bar, self._dialogs, order, self._window
        )
        self.accept()
        flow.start()

    # --- building

    def _build(self, chosen: str) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(sizes.px(20), sizes.px(18), sizes.px(20), sizes.px(16))
        layout.setSpacing(sizes.px(12))
        self.format_list = FormatList(format_list())
        self.format_list.choose(chosen)
        layout.addWidget(self.format_list)
        grid = QGridLayout()
        grid.setHorizontalSpacing(sizes.px(12))
        grid.setVerticalSpacing(sizes.px(10))
        grid.setColumnStretch(1, 1)
        self.period_row = PeriodRow(self._shown(), self._span())
        self.period_row.offer(self._named_periods())
        for_whom, period = QVBoxLayout(), QVBoxLayout()
        self.for_box = QComboBox()
        self.for_box.setAccessibleName(self.tr("For whom"))
        self.for_box.addItem(self.tr("Everybody"), "")
        for_whom.addWidget(self.for_box, 0, Qt.AlignmentFlag.AlignLeft)
        period.addWidget(self.period_row)
        rows: tuple[tuple[str, QLayout], ...] = (
            (self.tr("For"), for_whom),
            (self.tr("Personal data"), self._personal_data()),
            (self.tr("Period"), period),
            (self.tr("Write to"), self._target_row()),
        )
        for row, (words, parts) in enumerate(rows):
            label = Label(words, quiet=True)
            label.setFixedHeight(sizes.px(28))
            grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addLayout(parts, row, 1)
        layout.addLayout(grid)
        self.will_write = Label(bold=True)
        self.leaves_out = Label(size=12, quiet=True, wrap=True)
        layout.addWidget(self.will_write)
        layout.addWidget(self.leaves_out)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        cancel = QPushButton(self.tr("Cancel"))
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        self.write_button = QPushButton()
        self.write_button.setProperty("primary", "true")
        self.write_button.setDefault(True)
        self.write_button.clicked.connect(self.write)
        buttons.addWidget(cancel)
        buttons.addWidget(self.write_button)
        layout.addLayout(buttons)
        self.format_list.format_changed.connect(self._format_changed)
        self.period_row.changed.connect(self._period_changed)
        self.for_box.currentIndexChanged.connect(self._recipient_changed)
        self.raw_button.toggled.connect(self._raw_changed)
        self.target_field.textChanged.connect(self._look_at_target)

    def _personal_data(self) -> QVBoxLayout:
        self.masked_button = QRadioButton(self.tr("Masked: names and addresses become tokens"))
        self.raw_button = QRadioButton(self.tr("Raw: as it came"))
        self.masked_button.setChecked(True)
        group = QButtonGroup(self)
        group.addButton(self.masked_button)
        group.addButton(self.raw_button)
        self.warning = Label(size=12, wrap=True)
        self.warning.set_chip("warn")
        self.warning.hide()
        column = QVBoxLayout()
        column.setSpacing(sizes.px(4))
        column.addWidget(self.masked_button)
        column.addWidget(self.raw_button)
        column.addWidget(self.warning)
        return column

    def _target_row(self) -> QVBoxLayout:
        self.target_field = QLineEdit()
        self.target_field.setAccessibleName(self.tr("Write to"))
        self.choose_button = QPushButton(self.tr("Choose…"))
        self.choose_button.setAutoDefault(False)
        self.choose_button.clicked.connect(self.choose_target)
        self.target_note = Label(size=12, quiet=True, wrap=True)
        row = QHBoxLayout()
        row.setSpacing(sizes.px(8))
        row.addWidget(self.target_field, 1)
        row.addWidget(self.choose_button)
        column = QVBoxLayout()
        column.setSpacing(sizes.px(4))
        column.addLayout(row)
        column.addWidget(self.target_note)
        return column

    # --- what follows from a choice

    def _format(self) -> Format:
        return self.format_list.format

    def _format_changed(self) -> None:
        self.for_box.setEnabled(self._format().has_insights)
        self.for_box.setToolTip(
            "" if self._format().has_insights else self.tr("This format holds no insights.")
        )
        self._suggest()
        self._raw_changed()
        self._say_what()

    def _period_changed(self) -> None:
        self._suggest()
        self._count()

    def _recipient_changed(self) -> None:
        self._suggest()
        self._say_what()

    def _raw_changed(self) -> None:
        raw = self.raw_button.isChecked()
        needs_raw = self._format().raw_only and not raw
        self.warning.setText(
            self.tr(
                "This hand-off is a list of people. It can only be written raw: choose that if "
                "their ids may be passed on."
            )
            if needs_raw
            else self.tr(
                "Names, e-mail addresses and phone numbers can be read in this file. "
                "It says so. Pass it on with care."
            )
        )
        self.warning.setVisible(raw or needs_raw)
        self._allow()

    def _suggest(self) -> None:
        """Name the target after project and period, unless the person has named it."""
        folder = not self._format().suffix
        self.write_button.setText(self.tr("Write folder") if folder else self.tr("Write file"))
        written = self.target_field.text()
        if written in ("", self._named):
            self._named = self._suggestion()
            self.target_field.setText(self._named)
        elif written and self._format().suffix:
            self.target_field.setText(str(Path(written).with_suffix(self._format().suffix)))
        self._look_at_target()

    def _suggestion(self) -> str:
        session = self._workspace.session
        project = session.project.path if session else Path("project.loom")
        known = self._settings.get("folder.export", "")
        folder = Path(known) if known and Path(known).is_dir() else project.parent
        if not folder.is_dir():
            folder = projects_dir()
        chosen = self._format()
        about = "insights" if chosen.name == FIRST else chosen.name
        whom = f"-{_as_file(self.recipient())}" if self.recipient() else ""
        when = f"-{_short(self.period())}" if self.period() else ""
        return str(folder / f"{project.stem}-{about}{whom}{when}{chosen.suffix}")

    def _look_at_target(self) -> None:
        written = self.target_field.text().strip()
        target = Path(written).expanduser()
        note = ""
        if not written:
            note = self.tr("Say where to write.")
        elif not target.parent.is_dir():
            note = self.tr("This folder does not exist. Choose another one.")
        elif self._format().suffix and target.is_dir():
            note = self.tr("This is a folder. Add the name of a file.")
        self._target_fits = not note
        if not note and target.exists():
            note = self.tr("It is there already and will be replaced.")
        self.target_note.setText(note)
        self.target_note.setVisible(bool(note))
        self._allow()

    def _count(self) -> None:
        self._holds: Preview | None = None
        self._allow()
        period = self.period()
        self._workspace.ask(
            "export.preview", lambda session: preview(session.view, period), self._show_counts
        )

    def _find_known(self, session: Session) -> _Known:
        sent = period_choice.last_send(session.project)
        offered = period_choice.offer(session.view, sent, self._today)
        return (offered.named, *recipients(session.project))

    def _show_known(self, found: _Known) -> None:
        if not isValid(self):  # closed before the answer came
            return
        named, people, areas = found
        self.period_row.offer(named)
        for group in (people, [area for area in areas if area not in people]):
            if group:
                self.for_box.insertSeparator(self.for_box.count())
            for one in group:
                self.for_box.addItem(one, one)
        self._format_changed()

    def _show_counts(self, found: Preview) -> None:
        if not isValid(self):
            return
        self._holds = found
        self._say_what()
        self._allow()

    def _say_what(self) -> None:
        found = self._holds
        if found is None:
            return
        whom = self.recipient()
        insights = (
            self.tr("Insights for {whom}").format(whom=whom)
            if whom
            else _count(found.insights, self.tr("insight"), self.tr("insights"))
        )
        self.will_write.setText(
            self.tr("{insights}, {records}").format(
                insights=insights,
                records=_count(found.records, self.tr("record"), self.tr("records")),
            )
            if found.records
            else self.tr("No record lies in this period. Choose another one.")
        )
        left = [
            self.tr("{n} outside the period").format(n=f"{found.outside:,}")
            if found.outside
            else "",
            self.tr("{n} without a date").format(n=f"{found.undated:,}") if found.undated else "",
        ]
        what = self.tr(" and ").join(part for part in left if part)
        told = self.tr("Left out of all numbers: {what}.").format(what=what) if what else ""
        if self._format().hand_off:
            news = self.tr("Only what is new or changed since the last hand-off is written.")
            told = f"{told} {news}".strip()
        self.leaves_out.setText(told)
        self.leaves_out.setVisible(bool(told))

    def _allow(self) -> None:
        named = self._format().raw_only and not self.raw_button.isChecked()
        ready = (
            self._holds is not None and self._holds.records > 0 and self._target_fits and not named
        )
        self.write_button.setEnabled(ready)

    _holds: Preview | None = None
    _target_fits = True

    def _shown(self) -> Period | None:
        view = self._workspace.view
        return view.period if view else None

    def _named_periods(self) -> tuple[PeriodChoice, ...]:
        view = self._workspace.view
        return period_choice.offer(view, None, self._today).named if view else ()

    def _span(self) -> tuple[date, date]:
        view = self._workspace.view
        offered = period_choice.offer(view, None, self._today) if view else None
        if offered is None or offered.first is None or offered.last is None:
            return self._today, self._today
        return offered.first, offered.last


def _short(period: Period | None) -> str:
    """Return the period for a file name: ``2026-Q3``, ``2026-09``, else its days."""
    if period is None:
        return ""
    first = period.first
    for name in (f"{first.year}", f"{first.year}-Q{(first.month + 2) // 3}", f"{first:%Y-%m}"):
        if periods.parse_period(name) == period:
            return name
    return f"{period.first}-to-{period.last}"


def _as_file(name: str) -> str:
    """Return a name as a part of a file's name: letters, digits and hyphens."""
    words = "".join(letter if letter.isalnum() else " " for letter in name).split()
    return "-".join(words)[:40] or "one"


def _count(n: int, one: str, many: str) -> str:
    return f"{n:,} {one if n == 1 else many}"
