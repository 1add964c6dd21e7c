"""The roster: product areas, who answers for them, what goes where; and what has no area yet."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
)

from themeloom.domain.changes import Deed
from themeloom.domain.errors import Complaint
from themeloom.gui.dialogs.asking import AskingDialog, Rows, plain_tip
from themeloom.gui.look import sizes
from themeloom.gui.widgets.label import Label
from themeloom.insights.wording import count
from themeloom.services import roster, sending
from themeloom.services.roster import Desk, Homeless
from themeloom.services.session import Session

if TYPE_CHECKING:
    from themeloom.gui.windows.main_window import MainWindow

_AREA, _PM, _EMAIL, _COVERS = range(4)
_THEME = Qt.ItemDataRole.UserRole


class RosterDialog(AskingDialog):
    """Each edit is one undo step. The last row is empty: typing there adds one."""

    def __init__(self, window: "MainWindow") -> None:
        """Show the roster of the open project of ``window``."""
        super().__init__(window.workspace, self.tr("Product areas and PMs"), (860, 620), window)
        self._window = window
        self._desks: tuple[Desk, ...] = ()
        self._filling = False
        self._read_only = window.workspace.read_only
        self._build()
        self.wait(self.tr("Reading the roster…"))
        self._refresh()
        window.workspace.view_changed.connect(self._on_change)
        window.workspace.failed.connect(self._on_failed)

    # --- what a person does

    def remove(self) -> None:
        """Remove the current row."""
        row = self.table.currentRow()
        if 0 <= row < len(self._desks):
            self._edit(lambda session: roster.remove_desk(session.project, row))

    def import_file(self) -> None:
        """Put the roster of a file in the place of this one."""
        path = self._window.dialogs.file(
            "roster",
            self.tr("Import a roster"),
            self.tr("Rosters (*.xlsx *.ods *.xls *.csv);;All files (*)"),
        )
        if path is not None:
            self._edit(lambda session: roster.import_roster(session.project, path, session.reader))

    def export_file(self) -> None:
        """Write the roster to a workbook."""
        session = self.workspace.session
        if session is None:
            return
        stem = session.project.path.stem
        target = self._window.dialogs.target(
            "roster",
            self.tr("Export the roster"),
            session.project.path.with_name(f"{stem}-roster.xlsx"),
            "*.xlsx",
        )
        if target is None:
            return

        def done(rows: int) -> None:
            text = self.tr("{rows} written to {name}.").format(
                rows=count(rows, "row"), name=target.name
            )
            mend = (self.tr("Open"), lambda: self._window.dialogs.open_file(target))
            self.bar.say(text, "ok", [mend])

        self.ask("roster.export", lambda now: roster.export_roster(now.project, target), done)

    def give_area(self) -> None:
        """Give the selected insights of the worklist an area."""
        area = self.area_box.currentText().strip()
        ids = [str(item.data(0, _THEME)) for item in self.lacking.selectedItems()]
        if area and ids:
            self._edit(lambda session: roster.give_area(session.project, ids, area))

    # --- building

    def _build(self) -> None:
        hint = Label(
            self.tr(
                "An insight goes to the area that covers its theme. Covers lists titles of themes "
                "or groups, or words, with a semicolon between them: “Calendar sync; word: refund”."
            ),
            size=12,
            quiet=True,
            wrap=True,
        )
        self.page.addWidget(hint)
        self.table = QTableWidget(0, 4)
        self.table.setAccessibleName(self.tr("Roster"))
        self.table.setHorizontalHeaderLabels(
            [self.tr("Product area"), self.tr("PM"), self.tr("E-mail"), self.tr("Covers")]
        )
        self.table.verticalHeader().hide()
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setTabKeyNavigation(False)
        self.table.setShowGrid(False)
        self.table.setStyleSheet(
            "QTableWidget { border: 1px solid palette(mid); border-radius: 5px; }"
        )
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        for column, width in ((_AREA, 170), (_PM, 150), (_EMAIL, 190)):
            self.table.setColumnWidth(column, sizes.px(width))
        header.setSectionResizeMode(_COVERS, QHeaderView.ResizeMode.Stretch)
        if self._read_only:
            self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.itemChanged.connect(self._on_item)
        self.table.currentCellChanged.connect(self._allow)
        self.page.addWidget(self.table, 3)
        row = QHBoxLayout()
        row.setSpacing(sizes.px(8))
        self.remove_button = self._button(self.tr("Remove row"), self.remove)
        self.import_button = self._button(self.tr("Import…"), self.import_file)
        self.export_button = self._button(self.tr("Export…"), self.export_file)
        row.addWidget(self.remove_button)
        row.addStretch(1)
        row.addWidget(self.import_button)
        row.addWidget(self.export_button)
        self.page.addLayout(row)
        self.lacking_head = Label(bold=True)
        self.lacking = Rows(
            self.tr("Insights without a product area"),
            [self.tr("Insight"), self.tr("Records"), self.tr("Why")],
            0,
            (0, 70, 330),
        )
        self.lacking.setRootIsDecorated(False)
        self.lacking.setSelectionMode(Rows.SelectionMode.ExtendedSelection)
        self.lacking.itemSelectionChanged.connect(self._allow)
        self.area_box = QComboBox()
        self.area_box.setEditable(True)
        self.area_box.setAccessibleName(self.tr("Product area for the selected insights"))
        self.area_box.setMinimumWidth(sizes.px(200))
        self.area_box.currentTextChanged.connect(self._allow)
        self.give_button = self._button(self.tr("Give them this area"), self.give_area)
        give = QHBoxLayout()
        give.setSpacing(sizes.px(8))
        give.addWidget(Label(self.tr("Area for the selected"), quiet=True))
        give.addWidget(self.area_box)
        give.addWidget(self.give_button)
        give.addStretch(1)
        self.page.addWidget(self.lacking_head)
        self.page.addWidget(self.lacking, 2)
        self.page.addLayout(give)
        self.foot.addStretch(1)
        self.close_button.hide()
        self.go_button.setText(self.tr("Close"))
        self.go_button.setDefault(False)  # Enter ends typing in the table
        self.go_button.setAutoDefault(False)
        self.go_button.clicked.connect(self.accept)

    def _button(self, words: str, slot: Callable[[], None]) -> QPushButton:
        button = QPushButton(words)
        button.setAutoDefault(False)
        button.clicked.connect(slot)
        return button

    # --- what the project says

    def _refresh(self) -> None:
        self.ask("roster", lambda session: roster.desks(session.project), self._show)

        def lacking(session: Session) -> tuple[Homeless, ...]:
            insights = sending.prepare(session.project, session.period).insights
            return roster.homeless(session.project, insights)

        self.lacking_head.setText(self.tr("Looking for insights without a product area…"))
        self.ask("roster.lacking", lacking, self._show_lacking)

    def _on_change(self, _deed: object) -> None:
        self.bar.clear()
        self._refresh()

    def _on_failed(self, complaint: object) -> None:
        if isinstance(complaint, Complaint):
            self.bar.complain(complaint)
            self._show(self._desks)  # what was typed is not in the project

    def _show(self, desks: tuple[Desk, ...]) -> None:
        self.show_page(self.table)
        self.go_button.setEnabled(True)
        at = self.table.currentRow(), self.table.currentColumn()
        self._desks = desks
        self._filling = True
        self.table.setRowCount(len(desks) + (0 if self._read_only else 1))
        for row in range(self.table.rowCount()):
            texts = _texts(desks[row]) if row < len(desks) else ("", "", "", "")
            for column, text in enumerate(texts):
                item = QTableWidgetItem(text)
                item.setToolTip(plain_tip(text))
                self.table.setItem(row, column, item)
        self._filling = False
        if self.table.rowCount():
            self.table.setCurrentCell(max(min(at[0], self.table.rowCount() - 1), 0), max(at[1], 0))
        areas = list(dict.fromkeys(desk.area for desk in desks))
        typed = self.area_box.currentText()
        self.area_box.clear()
        self.area_box.addItems(areas)
        self.area_box.setEditText(typed or next(iter(areas), ""))
        self._allow()

    def _show_lacking(self, found: tuple[Homeless, ...]) -> None:
        self.lacking_head.setText(
            self.tr("{insights} without a product area").format(
                insights=count(len(found), "insight")
            )
            if found
            else self.tr("Every insight has a product area.")
        )
        self.lacking.clear()
        for one in found:
            insight = one.insight
            item = self.lacking.add_row([insight.title, f"{insight.records:,}", one.why])
            item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            item.setData(0, _THEME, insight.theme_id)
        self.lacking.setVisible(bool(found))
        self._allow()

    def _on_item(self, item: QTableWidgetItem) -> None:
        if self._filling:
            return
        row = item.row()
        desk = self._typed(row)
        if row < len(self._desks):
            if _texts(desk) != _texts(self._desks[row]):
                self._edit(lambda session: roster.change_desk(session.project, row, desk))
        elif desk.area:
            self._edit(lambda session: roster.add_desk(session.project, desk))

    def _typed(self, row: int) -> Desk:
        texts: list[str] = []
        for column in range(4):
            item = self.table.item(row, column)
            texts.append(item.text().strip() if item else "")
        covers = tuple(part.strip() for part in texts[_COVERS].split(";") if part.strip())
        return Desk(texts[_AREA], texts[_PM], texts[_EMAIL], covers)

    def _edit(self, deed: Callable[[Session], Deed | None]) -> None:
        self.workspace.edit(deed)

    def _allow(self, *_: object) -> None:
        writable = not self._read_only
        row = self.table.currentRow()
        self.remove_button.setEnabled(writable and 0 <= row < len(self._desks))
        self.import_button.setEnabled(writable)
        self.export_button.setEnabled(bool(self._desks))
        self.area_box.setEnabled(writable and self.lacking.topLevelItemCount() > 0)
        some = bool(self.lacking.selectedItems() and self.area_box.currentText().strip())
        self.give_button.setEnabled(writable and some)


def _texts(desk: Desk) -> tuple[str, str, str, str]:
    return desk.area, desk.pm, desk.email, "; ".join(desk.covers)
