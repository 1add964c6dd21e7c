"""Place 4: the dashboard."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from themeloom.analytics.calendar import Every
from themeloom.gui.actions import Actions
from themeloom.gui.bridge.workspace import Workspace
from themeloom.gui.look import sizes
from themeloom.gui.views.dashboard.card import ChartCard
from themeloom.gui.views.place_view import PlaceView
from themeloom.gui.widgets.label import Label
from themeloom.services.dashboard import Dashboard, DashboardOptions, dashboard

_EVERY = (None, Every.WEEK, Every.MONTH, Every.QUARTER)
_SEGMENT_MOST = 220  # a survey's question may be a whole sentence: its tooltip has the rest
_ONE_COLUMN = 880  # below this width the charts stand below each other


class DashboardPlace(PlaceView):
    """Four charts. They are computed off the GUI thread, and only while the place is shown."""

    theme_chosen = Signal(str)
    copied = Signal(str)

    def __init__(self, workspace: Workspace, actions: Actions, parent: QWidget) -> None:
        """Show the open project of ``workspace``."""
        super().__init__(parent)
        self._workspace = workspace
        self._actions = actions
        self._stale = True
        self.setAccessibleName(self.tr("Dashboard"))
        self.every_box = QComboBox()
        self.every_box.setAccessibleName(self.tr("Length of a period"))
        self.every_box.addItems(
            [self.tr("Fitting"), self.tr("Week"), self.tr("Month"), self.tr("Quarter")]
        )
        self.segment_box = QComboBox()
        self.segment_box.setAccessibleName(self.tr("Segment"))
        self.segment_box.setMinimumContentsLength(8)
        self.segment_box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.segment_box.setMaximumWidth(sizes.px(_SEGMENT_MOST))
        self.segment_box.currentTextChanged.connect(self.segment_box.setToolTip)
        self.themes_box = QComboBox()
        self.themes_box.setAccessibleName(self.tr("Which themes"))
        self.themes_box.addItems([self.tr("All themes"), self.tr("Accepted themes")])
        self.cards = [ChartCard() for _ in range(4)]
        for card in self.cards:
            card.theme_chosen.connect(self.theme_chosen)
            card.copied.connect(self.copied)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._charts())
        self._stack.addWidget(self._empty())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header())
        column.addWidget(self._stack, 1)
        for box in (self.every_box, self.segment_box, self.themes_box):
            box.currentIndexChanged.connect(self.refresh)
        workspace.opened.connect(self._project_changed)
        workspace.closed.connect(self._project_changed)
        workspace.view_changed.connect(self.refresh)

    def options(self) -> DashboardOptions:
        """Return what is chosen in the header."""
        return DashboardOptions(
            every=_EVERY[self.every_box.currentIndex()],
            segment=self.segment_box.currentText() or None,
            accepted_only=self.themes_box.currentIndex() == 1,
        )

    def refresh(self, _why: object = None) -> None:
        """Compute the charts anew; later, where the place is not shown."""
        view = self._workspace.view
        if not self.isVisible() or view is None:
            self._stale = True
            return
        self._stale = False
        nothing = view.totals.themes == 0
        self._stack.setCurrentIndex(1 if nothing else 0)
        self._controls.setVisible(not nothing)
        if nothing:
            self._describe_empty(has_records=view.totals.all_records > 0)
            return
        options = self.options()
        self._workspace.ask("dashboard", lambda session: dashboard(session, options), self._show)

    def take_focus(self) -> None:
        """Let the keyboard begin in the first control of the header; where that is empty, on the deed."""
        start = self.themes_box if self._stack.currentIndex() == 0 else self.empty_button
        start.setFocus(Qt.FocusReason.OtherFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what changed while another place was shown."""
        super().showEvent(event)
        if self._stale:
            self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """One column where two would be too narrow."""
        super().resizeEvent(event)
        self._arrange()

    # --- building

    def _header(self) -> QWidget:
        header = QFrame()
        header.setProperty("line", "bottom")
        header.setProperty("pane", "surface")
        header.setFixedHeight(sizes.px(42))
        row = QHBoxLayout(header)
        row.setContentsMargins(sizes.px(16), 0, sizes.px(16), 0)
        row.setSpacing(sizes.px(8))
        row.addWidget(Label(self.tr("Dashboard"), bold=True))
        row.addStretch(1)
        self._controls = QWidget()
        controls = QHBoxLayout(self._controls)
        controls.setContentsMargins(0, 0, 0, 0)
        controls.setSpacing(sizes.px(8))
        controls.addWidget(self.themes_box)
        for words, box in (
            (self.tr("By"), self.every_box),
            (self.tr("Segment"), self.segment_box),
        ):
            label = Label(words, quiet=True)
            label.setBuddy(box)
            controls.addSpacing(sizes.px(4))
            controls.addWidget(label)
            controls.addWidget(box)
        row.addWidget(self._controls)
        return header

    def _charts(self) -> QWidget:
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        page = QWidget()
        self._grid = QGridLayout(page)
        space = sizes.px(14)
        self._grid.setContentsMargins(space, space, space, space)
        self._grid.setSpacing(sizes.px(12))
        scroll.setWidget(page)
        self._columns = 0
        return scroll

    def _arrange(self) -> None:
        columns = 2 if self.width() >= sizes.px(_ONE_COLUMN) else 1
        if columns == self._columns:
            return
        self._columns = columns
        for at, card in enumerate(self.cards):
            self._grid.addWidget(card, at // columns, at % columns)
        for at in range(4):
            self._grid.setRowStretch(at, 1 if at < 4 // columns else 0)
            self._grid.setColumnStretch(at, 1 if at < columns else 0)

    def _empty(self) -> QWidget:
        page = QWidget()
        page.setProperty("pane", "surface")
        column = QVBoxLayout(page)
        column.setSpacing(sizes.px(10))
        column.addStretch(1)
        self._empty_title = Label(size=15, bold=True)
        self._empty_words = Label(quiet=True)
        self.empty_button = QPushButton()
        self.empty_button.setProperty("primary", "true")
        self.empty_button.clicked.connect(self._go_on)
        for part in (self._empty_title, self._empty_words, self.empty_button):
            column.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)
        return page

    def _describe_empty(self, *, has_records: bool) -> None:
        self._next = "themes.find" if has_records else "sources.import"
        self._empty_title.setText(self.tr("Charts of your themes stand here"))
        self._empty_words.setText(
            self.tr("Find themes first: there are records to look through.")
            if has_records
            else self.tr("Bring in tickets, survey answers, interviews or calls first.")
        )
        self.empty_button.setText(
            self.tr("Find themes…") if has_records else self.tr("Import files…")
        )
        self.empty_button.setVisible(self._next in self._actions)

    _next = ""

    def _go_on(self) -> None:
        if self._next in self._actions:
            self._actions[self._next].trigger()

    # --- answers

    def _project_changed(self) -> None:
        self.segment_box.blockSignals(True)
        self.segment_box.clear()
        self.segment_box.blockSignals(False)
        self.refresh()

    def _show(self, found: Dashboard) -> None:
        self.segment_box.blockSignals(True)
        if [self.segment_box.itemText(at) for at in range(self.segment_box.count())] != list(
            found.segments
        ):
            self.segment_box.clear()
            self.segment_box.addItems(list(found.segments))
        if found.segment:
            self.segment_box.setCurrentText(found.segment)
        self.segment_box.setEnabled(self.segment_box.count() > 0)
        self.segment_box.blockSignals(False)
        for card, chart in zip(self.cards, found.charts, strict=True):
            card.show_chart(chart)
