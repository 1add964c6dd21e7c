"""The left pane: the insights, what they are filtered and sorted by, and what a send would do."""

from collections.abc import Sequence

from PySide6.QtCore import QItemSelectionModel, QSize, Qt, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFrame,
    QLineEdit,
    QListView,
    QToolButton,
    QVBoxLayout,
)

from themeloom.domain.insights import Grade
from themeloom.gui.look import sizes
from themeloom.gui.look.icons import icon
from themeloom.gui.views.insights.panes import Wrapping, column_of, header
from themeloom.gui.views.insights.rows import (
    NO_PM,
    STALE,
    InsightDelegate,
    InsightModel,
    Order,
    Wanted,
)
from themeloom.gui.views.insights.send_panel import SendPanel
from themeloom.gui.widgets.elided import ElidedLabel
from themeloom.gui.widgets.empty import Empty
from themeloom.gui.widgets.label import Label
from themeloom.gui.widgets.menu import Menu
from themeloom.services.insight_list import InsightItem, InsightList


class ListPane(QFrame):
    """Several insights can be selected; the current one is shown."""

    selected = Signal()

    def __init__(self) -> None:
        """It is empty."""
        super().__init__()
        self.setProperty("pane", "surface")
        self.model = InsightModel(self)
        self.counted = ElidedLabel(quiet=True)
        self.sort_button = self._make_sort_button()
        self.filter_field = QLineEdit()
        self.filter_field.setPlaceholderText(self.tr("Filter"))
        self.filter_field.setAccessibleName(self.tr("Filter insights"))
        self.filter_field.setClearButtonEnabled(True)
        self.filter_field.addAction(
            icon("search", "text-2"), QLineEdit.ActionPosition.LeadingPosition
        )
        self.pm_box = _box(self.tr("PM"), [(self.tr("All PMs"), "")])
        self.severity_box = _box(
            self.tr("Severity"),
            [(self.tr("Severity"), ""), *((one.value.capitalize(), one.value) for one in Grade)],
        )
        self.stage_box = _box(
            self.tr("Stage"),
            [
                (self.tr("Stage"), ""),
                (self.tr("Draft"), "draft"),
                (self.tr("Ready"), "ready"),
                (self.tr("Sent"), "sent"),
                (self.tr("Decided"), "decided"),
                (self.tr("Stale"), STALE),
            ],
        )
        self.list = QListView()
        self.list.setAccessibleName(self.tr("Insights"))
        self.list.setModel(self.model)
        self.list.setItemDelegate(InsightDelegate(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.no_hits = Empty(self.tr("No insight is like this."), self.tr("Clear filter"))
        self.send_panel = SendPanel()
        self._lay_out()
        self._connect()

    # --- what is shown

    @property
    def current(self) -> InsightItem | None:
        """The insight that is shown, or None."""
        return self.model.item(self.list.currentIndex().row())

    @property
    def chosen(self) -> list[InsightItem]:
        """The selected insights in the order of the list."""
        rows = sorted(index.row() for index in self.list.selectionModel().selectedIndexes())
        return [item for row in rows if (item := self.model.item(row)) is not None]

    @property
    def filtered(self) -> bool:
        """Whether anything is left out on purpose."""
        return self._wanted() != Wanted()

    def show_list(self, whole: InsightList | None) -> None:
        """Show other insights; what was selected stays where it is still in the list."""
        before, ids = self.current, [item.insight.id for item in self.chosen]
        self.model.show_items(whole.items if whole else ())
        self._offer_pms(whole)
        if whole is None:
            self.counted.setText("")
        else:
            ready = self.tr("{n} ready").format(n=f"{whole.ready:,}")
            self.counted.setText(f"{len(whole.items):,}, {ready}")
        self._choose_again(before, ids)

    def choose(self, insight_id: str) -> None:
        """Show an insight of the list."""
        row = self.model.row_of(insight_id)
        if row >= 0:
            self.list.setCurrentIndex(self.model.index(row))

    def clear_filter(self) -> None:
        """Show all insights."""
        for box in (self.pm_box, self.severity_box, self.stage_box):
            box.setCurrentIndex(0)
        self.filter_field.clear()

    def set_order(self, order: Order) -> None:
        """Sort in another way."""
        before, ids = self.current, [item.insight.id for item in self.chosen]
        self.model.set_order(order)
        self._choose_again(before, ids)

    # --- its parts

    def _make_sort_button(self) -> QToolButton:
        button = QToolButton()
        button.setIcon(icon("sort"))
        button.setIconSize(QSize(sizes.px(16), sizes.px(16)))
        button.setAccessibleName(self.tr("Sort by"))
        button.setToolTip(self.tr("Sort by"))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = Menu(button)
        group = QActionGroup(menu)
        for words, order in (
            (self.tr("Most records first"), Order.RECORDS),
            (self.tr("Most severe first"), Order.SEVERITY),
            (self.tr("Title"), Order.TITLE),
            (self.tr("Product area"), Order.AREA),
        ):
            action = menu.addAction(words)
            action.setCheckable(True)
            action.setChecked(order == Order.RECORDS)
            action.setActionGroup(group)
            action.triggered.connect(lambda _=False, order=order: self.set_order(order))
        button.setMenu(menu)
        return button

    def _lay_out(self) -> None:
        column = column_of(self)
        column.addWidget(
            header(Label(self.tr("Insights"), bold=True), self.counted, self.sort_button)
        )
        tools = QVBoxLayout()
        tools.setContentsMargins(sizes.px(12), sizes.px(8), sizes.px(12), sizes.px(8))
        tools.setSpacing(sizes.px(6))
        tools.addWidget(self.filter_field)
        tools.addWidget(Wrapping(300, self.pm_box, self.severity_box, self.stage_box))
        column.addLayout(tools)
        column.addWidget(self.list, 1)
        column.addWidget(self.no_hits, 1)
        self.no_hits.hide()
        column.addWidget(self.send_panel)

    def _connect(self) -> None:
        self.filter_field.textChanged.connect(self._filter)
        for box in (self.pm_box, self.severity_box, self.stage_box):
            box.currentIndexChanged.connect(self._filter)
        self.no_hits.button.clicked.connect(self.clear_filter)
        self.list.selectionModel().currentChanged.connect(self.selected)
        self.list.selectionModel().selectionChanged.connect(self.selected)

    def _offer_pms(self, whole: InsightList | None) -> None:
        names = list(whole.pms) if whole else []
        if whole and any(not item.insight.owner for item in whole.items):
            names.append(NO_PM)
        if [self.pm_box.itemData(at) for at in range(1, self.pm_box.count())] == names:
            return
        chosen = self.pm_box.currentData()
        self.pm_box.blockSignals(True)
        while self.pm_box.count() > 1:
            self.pm_box.removeItem(1)
        for name in names:
            self.pm_box.addItem(self.tr("No PM yet") if name == NO_PM else name, name)
        self.pm_box.setCurrentIndex(max(self.pm_box.findData(chosen), 0))
        self.pm_box.blockSignals(False)
        self.model.filter(self._wanted())

    def _wanted(self) -> Wanted:
        return Wanted(
            words=self.filter_field.text(),
            pm=self.pm_box.currentData() or "",
            severity=self.severity_box.currentData() or "",
            badge=self.stage_box.currentData() or "",
        )

    def _filter(self) -> None:
        before, ids = self.current, [item.insight.id for item in self.chosen]
        self.model.filter(self._wanted())
        self._choose_again(before, ids)

    def _choose_again(self, before: InsightItem | None, ids: Sequence[str]) -> None:
        """Keep what was selected where it is still in the list, else take the first."""
        selection = self.list.selectionModel()
        row = self.model.row_of(before.insight.id) if before else 0
        here = self.model.index(max(row, 0))
        flag = QItemSelectionModel.SelectionFlag
        if here.row() != self.list.currentIndex().row() or not selection.hasSelection():
            selection.setCurrentIndex(here, flag.ClearAndSelect)
            for one in ids:
                at = self.model.row_of(one)
                if at >= 0 and row >= 0:
                    selection.select(self.model.index(at), flag.Select)
        nothing = self.model.rowCount() == 0 and self.filtered
        self.no_hits.setVisible(nothing)
        self.list.setVisible(not nothing)
        self.selected.emit()


def _box(name: str, choices: Sequence[tuple[str, str]]) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    box.setMinimumContentsLength(4)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    for words, value in choices:
        box.addItem(words, value)
    return box
