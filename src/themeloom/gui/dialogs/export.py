"""Asks what to export: format, personal data, period, target; says before what will be written."""

from datetime import date
from pathlib import Path

from PySide6.QtCore import QDate, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QDateEdit,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QRadioButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
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
from themeloom.gui.dialogs.native import NativeDialogs
from themeloom.gui.look import sizes
from themeloom.gui.look.tokens import tokens
from themeloom.gui.widgets.label import Label
from themeloom.gui.widgets.message_bar import MessageBar
from themeloom.services.exporting import ExportOptions, Format, Preview, format_list, preview

_FIRST = "xlsx"  # what most people come for
_NAME = Qt.ItemDataRole.UserRole
_ALL, _MONTH, _QUARTER, _YEAR, _DAYS = range(5)
_MONTHS = (
    "January February March April May June July August September October November December".split()
)


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
        self._formats = sorted(format_list(), key=lambda one: (one.name != _FIRST, one.name))
        self._named = ""  # the target that was suggested; another one is the person's own
        self._build(wanted or settings.get("export.format", _FIRST))
        self._suggest()
        self._count()

    # --- what was chosen

    def order(self) -> Order:
        """Return what was chosen."""
        return Order(
            self._format(),
            Path(self.target_field.text().strip()).expanduser(),
            ExportOptions(raw=self.raw_button.isChecked(), period=self.period()),
        )

    def period(self) -> Period | None:
        """Return the chosen period, None for all."""
        chosen = self.period_box.currentIndex()
        if chosen == _MONTH:
            return periods.last_month(self._today)
        if chosen == _QUARTER:
            return periods.last_quarter(self._today)
        if chosen == _YEAR:
            return periods.this_year(self._today)
        if chosen == _DAYS:
            first, last = _date(self.first_field), _date(self.last_field)
            return Period(min(first, last), max(first, last))
        return None

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
        self.format_list = self._format_list(chosen)
        layout.addWidget(self.format_list)
        grid = QGridLayout()
        grid.setHorizontalSpacing(sizes.px(12))
        grid.setVerticalSpacing(sizes.px(10))
        grid.setColumnStretch(1, 1)
        rows = (
            (self.tr("Personal data"), self._personal_data()),
            (self.tr("Period"), self._period_row()),
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
        self.format_list.currentRowChanged.connect(self._suggest)
        self.period_box.currentIndexChanged.connect(self._period_changed)
        self.first_field.dateChanged.connect(self._period_changed)
        self.last_field.dateChanged.connect(self._period_changed)
        self.raw_button.toggled.connect(self.warning.setVisible)
        self.target_field.textChanged.connect(self._look_at_target)

    def _format_list(self, chosen: str) -> QListWidget:
        found = QListWidget()
        found.setAccessibleName(self.tr("Format"))
        found.setItemDelegate(_FormatDelegate(found))
        found.setUniformItemSizes(True)
        found.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        found.setStyleSheet("QListWidget { border: 1px solid palette(dark); border-radius: 5px; }")
        for one in self._formats:
            words = f"{one.describes[:1].upper()}{one.describes[1:]}"
            item = QListWidgetItem(words)
            ending = f" ({one.suffix})" if one.suffix and one.suffix[1:] != one.name else ""
            item.setData(_NAME, f"{one.name}{ending}")
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{words}, {one.name}")
            found.addItem(item)
        names = [one.name for one in self._formats]
        found.setCurrentRow(names.index(chosen) if chosen in names else 0)
        found.setFixedHeight(sizes.px(44) * min(len(names), 6) + 4)
        return found

    def _personal_data(self) -> QVBoxLayout:
        self.masked_button = QRadioButton(self.tr("Masked: names and addresses become tokens"))
        self.raw_button = QRadioButton(self.tr("Raw: as it came"))
        self.masked_button.setChecked(True)
        group = QButtonGroup(self)
        group.addButton(self.masked_button)
        group.addButton(self.raw_button)
        self.warning = Label(
            self.tr(
                "Names, e-mail addresses and phone numbers can be read in this file. "
                "It says so. Pass it on with care."
            ),
            size=12,
            wrap=True,
        )
        self.warning.setProperty("chip", "warn")
        self.warning.hide()
        column = QVBoxLayout()
        column.setSpacing(sizes.px(4))
        column.addWidget(self.masked_button)
        column.addWidget(self.raw_button)
        column.addWidget(self.warning)
        return column

    def _period_row(self) -> QHBoxLayout:
        self.period_box = QComboBox()
        self.period_box.setAccessibleName(self.tr("Period"))
        month, quarter = periods.last_month(self._today), periods.last_quarter(self._today)
        self.period_box.addItems(
            [
                self.tr("All records"),
                self.tr("Last month ({month} {year})").format(
                    month=_MONTHS[month.first.month - 1], year=month.first.year
                ),
                self.tr("Last quarter ({quarter} {year})").format(
                    quarter=f"Q{(quarter.first.month + 2) // 3}", year=quarter.first.year
                ),
                self.tr("This year ({year})").format(year=self._today.year),
                self.tr("From … to …"),
            ]
        )
        first, last = self._span()
        self.first_field = _day_field(first, self.tr("First day"))
        self.last_field = _day_field(last, self.tr("Last day"))
        self._until = Label(self.tr("to"), quiet=True)
        row = QHBoxLayout()
        row.setSpacing(sizes.px(8))
        row.addWidget(self.period_box)
        for part in (self.first_field, self._until, self.last_field):
            part.hide()
            row.addWidget(part)
        row.addStretch(1)
        return row

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
        return self._formats[max(self.format_list.currentRow(), 0)]

    def _period_changed(self) -> None:
        by_days = self.period_box.currentIndex() == _DAYS
        for part in (self.first_field, self._until, self.last_field):
            part.setVisible(by_days)
        self._suggest()
        self._count()

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
        about = "insights" if chosen.name == _FIRST else chosen.name
        when = f"-{_short(self.period())}" if self.period() else ""
        return str(folder / f"{project.stem}-{about}{when}{chosen.suffix}")

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

    def _show_counts(self, found: Preview) -> None:
        if not isValid(self):  # closed before the answer came
            return
        self._holds = found
        self.will_write.setText(
            self.tr("{insights}, {records}").format(
                insights=_count(found.insights, self.tr("insight"), self.tr("insights")),
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
        self.leaves_out.setText(
            self.tr("Left out of all numbers: {what}.").format(what=what) if what else ""
        )
        self.leaves_out.setVisible(bool(what))
        self._allow()

    def _allow(self) -> None:
        ready = self._holds is not None and self._holds.records > 0 and self._target_fits
        self.write_button.setEnabled(ready)

    _holds: Preview | None = None
    _target_fits = True

    def _span(self) -> tuple[date, date]:
        view = self._workspace.view
        dates = view.records["date"].drop_nulls() if view else None
        if dates is None or dates.is_empty():
            return self._today, self._today
        ends = dates.dt.date()
        first, last = ends.min(), ends.max()
        assert isinstance(first, date)
        assert isinstance(last, date)
        return first, last


class _FormatDelegate(QStyledItemDelegate):
    """What a format is for, and its name, on two lines."""

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(sizes.px(200), sizes.px(44))

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        colors = tokens()
        state: QStyle.StateFlag = option.state  # pyright: ignore[reportAttributeAccessIssue]
        rect = QRectF(option.rect)  # pyright: ignore[reportAttributeAccessIssue, reportUnknownArgumentType]
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, colors.color("selection"))
            painter.fillRect(
                QRectF(rect.left(), rect.top(), sizes.px(3), rect.height()), colors.color("accent")
            )
        inner = rect.adjusted(sizes.px(12), sizes.px(4), -sizes.px(8), -sizes.px(4))
        half = inner.height() / 2
        lines = (
            (index.data(), 13, "text", inner.top()),
            (index.data(_NAME), 12, "text-2", inner.top() + half),
        )
        for words, size, token, top in lines:
            painter.setFont(sizes.font(size))
            painter.setPen(colors.color(token))
            painter.drawText(
                QRectF(inner.left(), top, inner.width(), half),
                Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft,
                str(words),
            )
        painter.restore()


def _day_field(day: date, name: str) -> QDateEdit:
    field = QDateEdit(QDate(day.year, day.month, day.day))
    field.setDisplayFormat("d MMM yyyy")
    # The style sheet's padding does not reach the text beside the step buttons.
    field.lineEdit().setTextMargins(sizes.px(6), 0, 0, 0)
    field.setAccessibleName(name)
    return field


def _date(field: QDateEdit) -> date:
    day = field.date()
    return date(day.year(), day.month(), day.day())


def _short(period: Period | None) -> str:
    """Return the period for a file name: ``2026-Q3``, ``2026-09``, else its days."""
    if period is None:
        return ""
    first = period.first
    for name in (f"{first.year}", f"{first.year}-Q{(first.month + 2) // 3}", f"{first:%Y-%m}"):
        if periods.parse_period(name) == period:
            return name
    return f"{period.first}-to-{period.last}"


def _count(n: int, one: str, many: str) -> str:
    return f"{n:,} {one if n == 1 else many}"
