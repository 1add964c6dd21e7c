"""Place 3: the insights."""

from PySide6.QtCore import QMimeData, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from themeloom.gui.actions import Actions
from themeloom.gui.bridge.workspace import Workspace
from themeloom.gui.look import sizes
from themeloom.gui.look.icons import icon
from themeloom.gui.views.insights.rows import InsightDelegate, InsightModel, Order
from themeloom.gui.views.insights.sheet import SheetPreview
from themeloom.gui.views.insights.standing import StandingInsight
from themeloom.gui.widgets.elided import ElidedLabel
from themeloom.gui.widgets.label import Label
from themeloom.services.insight_list import (
    InsightItem,
    InsightList,
    as_markdown,
    as_rich_text,
    insight_list,
)

_LIST, _NO_THEMES = 0, 1


class InsightsPlace(QWidget):
    """The list, the insight as it stands, and the sheet; refreshed only while it is shown."""

    theme_chosen = Signal(str)
    copied = Signal(str)

    def __init__(self, workspace: Workspace, actions: Actions, parent: QWidget) -> None:
        """Show the open project of ``workspace``."""
        super().__init__(parent)
        self._workspace = workspace
        self._actions = actions
        self._found: InsightList | None = None
        self._stale = True
        self._next = ""
        self.setAccessibleName(self.tr("Insights"))
        self.model = InsightModel(self)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self._show_sheet)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        for pane, width, least in (
            (self._list_pane(), 348, 260),
            (self._standing_pane(), 480, 300),
            (self._sheet_pane(), 424, 300),
        ):
            pane.setMinimumWidth(sizes.px(least))
            self.splitter.addWidget(pane)
            self.splitter.setStretchFactor(self.splitter.count() - 1, 1 if width == 480 else 0)
        self.splitter.setSizes([sizes.px(348), sizes.px(480), sizes.px(424)])
        self._stack = QStackedWidget()
        self._stack.addWidget(self.splitter)
        self._stack.addWidget(self._empty())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        self._add_actions()
        workspace.opened.connect(self._project_changed)
        workspace.closed.connect(self._project_changed)
        workspace.view_changed.connect(self.refresh)
        self._show_chosen()

    # --- what is shown

    @property
    def chosen(self) -> InsightItem | None:
        """The insight that is shown, or None."""
        return self.model.item(self.list.currentIndex().row())

    def refresh(self, _why: object = None) -> None:
        """Compute the list anew; later, where the place is not shown."""
        view = self._workspace.view
        if not self.isVisible() or view is None:
            self._stale = True
            return
        self._stale = False
        if view.totals.themes == 0:
            self._describe_empty(has_records=view.totals.records > 0)
            self._stack.setCurrentIndex(_NO_THEMES)
            return
        self._stack.setCurrentIndex(_LIST)
        self._workspace.ask("insights", insight_list, self._show)

    def choose(self, insight_id: str) -> None:
        """Show an insight of the list."""
        row = self.model.row_of(insight_id)
        if row >= 0:
            self.list.setCurrentIndex(self.model.index(row))

    def copy(self) -> None:
        """Put the insight on the clipboard, masked: Markdown, and rich text for word processors."""
        item = self.chosen
        if item is None or self._found is None:
            return
        data = QMimeData()
        data.setText(as_markdown(item, self._found))
        data.setHtml(as_rich_text(item, self._found))
        QGuiApplication.clipboard().setMimeData(data)
        self.copied.emit(self.tr("Copied: {title}").format(title=item.insight.title))

    def show_theme(self) -> None:
        """Go to the insight's theme."""
        item = self.chosen
        if item is not None:
            self.theme_chosen.emit(item.insight.theme_id)

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what changed while another place was shown."""
        super().showEvent(event)
        if self._stale:
            self.refresh()

    # --- building

    def _list_pane(self) -> QWidget:
        pane = QFrame()
        pane.setProperty("pane", "surface")
        column = _column(pane)
        self._counted = Label(quiet=True)
        column.addWidget(_header(Label(self.tr("Insights"), bold=True), self._counted))
        tools = QHBoxLayout()
        tools.setContentsMargins(sizes.px(12), sizes.px(8), sizes.px(12), sizes.px(8))
        tools.setSpacing(sizes.px(8))
        self.filter_field = QLineEdit()
        self.filter_field.setPlaceholderText(self.tr("Filter"))
        self.filter_field.setAccessibleName(self.tr("Filter insights"))
        self.filter_field.setClearButtonEnabled(True)
        self.filter_field.addAction(
            icon("search", "text-2"), QLineEdit.ActionPosition.LeadingPosition
        )
        self.filter_field.textChanged.connect(self._filter)
        self.order_box = QComboBox()
        self.order_box.setAccessibleName(self.tr("Sort by"))
        for words, order in (
            (self.tr("Records"), Order.RECORDS),
            (self.tr("Title"), Order.TITLE),
            (self.tr("Group"), Order.GROUP),
        ):
            self.order_box.addItem(words, order)
        self.order_box.currentIndexChanged.connect(self._sort)
        tools.addWidget(self.filter_field, 1)
        tools.addWidget(self.order_box)
        column.addLayout(tools)
        self.list = QListView()
        self.list.setAccessibleName(self.tr("Insights"))
        self.list.setModel(self.model)
        self.list.setItemDelegate(InsightDelegate(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.activated.connect(self.show_theme)
        self.list.selectionModel().currentChanged.connect(self._show_chosen)
        column.addWidget(self.list, 1)
        self._no_hits = QWidget()
        words = QVBoxLayout(self._no_hits)
        words.addWidget(Label(self.tr("No insight has these words."), quiet=True, wrap=True))
        self.clear_button = QPushButton(self.tr("Clear filter"))
        self.clear_button.setProperty("link", "true")
        self.clear_button.clicked.connect(self.filter_field.clear)
        words.addWidget(self.clear_button, 0, Qt.AlignmentFlag.AlignLeft)
        words.addStretch(1)
        self._no_hits.hide()
        column.addWidget(self._no_hits, 1)
        return pane

    def _standing_pane(self) -> QWidget:
        pane = QFrame()
        pane.setProperty("pane", "surface")
        column = _column(pane)
        self._from_theme = ElidedLabel(quiet=True)
        self.theme_button = QPushButton(self.tr("Show theme"))
        self.theme_button.setProperty("link", "true")
        self.theme_button.clicked.connect(self.show_theme)
        header = _header(Label(self.tr("Insight"), bold=True), self._from_theme, self.theme_button)
        column.addWidget(header)
        self.standing = StandingInsight()
        column.addWidget(self.standing, 1)
        return pane

    def _sheet_pane(self) -> QWidget:
        pane = QFrame()
        pane.setProperty("pane", "sunken")
        column = _column(pane)
        self._reader = ElidedLabel(bold=True)
        self.copy_button = QPushButton(self.tr("Copy"))
        self.copy_button.setIcon(icon("copy"))
        self.copy_button.setToolTip(self.tr("Copy as Markdown and rich text, masked"))
        self.copy_button.clicked.connect(self.copy)
        self.export_button = QPushButton(self.tr("Export workbook…"))
        self.export_button.clicked.connect(lambda: self._trigger("file.export"))
        column.addWidget(_header(self._reader, self.copy_button, self.export_button))
        self.sheet = SheetPreview()
        column.addWidget(self.sheet, 1)
        return pane

    def _empty(self) -> QWidget:
        page = QWidget()
        page.setProperty("pane", "surface")
        column = QVBoxLayout(page)
        column.setSpacing(sizes.px(10))
        column.addStretch(1)
        self._empty_words = Label(quiet=True)
        self.empty_button = QPushButton()
        self.empty_button.setProperty("primary", "true")
        self.empty_button.clicked.connect(lambda: self._trigger(self._next))
        title = Label(self.tr("What product managers get stands here"), size=15, bold=True)
        for part in (title, self._empty_words, self.empty_button):
            column.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)
        return page

    def _describe_empty(self, *, has_records: bool) -> None:
        self._next = "themes.find" if has_records else "sources.import"
        self._empty_words.setText(
            self.tr("Each theme becomes an insight with its numbers and quotes. Find themes first.")
            if has_records
            else self.tr("Bring in tickets, survey answers, interviews or calls first.")
        )
        self.empty_button.setText(
            self.tr("Find themes…") if has_records else self.tr("Import files…")
        )
        self.empty_button.setVisible(self._next in self._actions)

    def _add_actions(self) -> None:
        def chosen() -> bool | str:
            return self.chosen is not None or self.tr("Choose an insight first.")

        self._actions.add(
            "insights.theme",
            self.tr("Show &theme"),
            self.show_theme,
            menu="Insights",
            place="insights",
            enabled=chosen,
        )
        self._actions.add(
            "insights.copy",
            self.tr("&Copy insight"),
            self.copy,
            menu="Insights",
            shortcut="C",
            focus=self.list,
            icon="copy",
            place="insights",
            enabled=chosen,
        )
        self._actions.add(
            "insights.filter",
            self.tr("&Filter insights"),
            self.filter_field.setFocus,
            menu="Insights",
            shortcut="/",
            focus=self.list,
            place="insights",
        )

    def _trigger(self, name: str) -> None:
        if name in self._actions:
            self._actions[name].trigger()

    # --- what follows

    def _project_changed(self) -> None:
        self._found = None
        self.model.show_items(())
        self.filter_field.clear()
        self._show_chosen()
        self.refresh()

    def _show(self, found: InsightList) -> None:
        before = self.chosen
        self._found = found
        self.model.show_items(found.items)
        self._counted.setText(f"{len(found.items):,}")
        self._choose_again(before)

    def _filter(self, words: str) -> None:
        before = self.chosen
        self.model.set_words(words)
        self._choose_again(before)

    def _sort(self) -> None:
        before = self.chosen
        self.model.set_order(self.order_box.currentData())
        self._choose_again(before)

    def _choose_again(self, before: InsightItem | None) -> None:
        """Keep what was chosen where it is still in the list, else take the first."""
        row = self.model.row_of(before.insight.id) if before else 0
        self.list.setCurrentIndex(self.model.index(max(row, 0)))
        nothing = self.model.rowCount() == 0 and bool(self.filter_field.text())
        self._no_hits.setVisible(nothing)
        self.list.setVisible(not nothing)
        self._show_chosen()

    def _show_chosen(self) -> None:
        item = self.chosen
        self.standing.show_item(item, self._found)
        # The sheet comes a turn later: holding an arrow key down stays quick.
        self._later.start()
        for button in (self.theme_button, self.copy_button):
            button.setEnabled(item is not None)
        self.export_button.setVisible("file.export" in self._actions)
        group = item.insight.area if item else ""
        self._from_theme.setText(self.tr("in {group}").format(group=group) if group else "")
        reader = item.pm.split()[0] if item and item.pm else self.tr("the PM")
        self._reader.setText(self.tr("What {name} gets").format(name=reader))

    def _show_sheet(self) -> None:
        self.sheet.show_item(self.chosen, self._found)


def _column(pane: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(pane)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    return column


def _header(*parts: QWidget) -> QWidget:
    header = QFrame()
    header.setProperty("line", "bottom")
    header.setProperty("pane", "window")
    header.setFixedHeight(sizes.px(36))
    row = QHBoxLayout(header)
    row.setContentsMargins(sizes.px(12), 0, sizes.px(8), 0)
    row.setSpacing(sizes.px(8))
    elastic = any(isinstance(part, ElidedLabel) for part in parts)
    for part in parts:
        row.addWidget(part, 1 if isinstance(part, ElidedLabel) else 0)
    if not elastic:
        row.addStretch(1)
    return header
