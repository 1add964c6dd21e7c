"""The left pane of the Themes place: header, filter, theme tree, legend."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QLocale, QObject, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from themeloom.base.folding import fold
from themeloom.domain.themes import Status
from themeloom.gui.look import sizes
from themeloom.gui.look.icons import icon
from themeloom.gui.look.tokens import tokens
from themeloom.gui.models.theme_tree import ThemeTreeModel
from themeloom.gui.views.themes.tree_delegate import ROW
from themeloom.gui.views.themes.tree_view import ThemeTree
from themeloom.gui.widgets.empty import Empty
from themeloom.gui.widgets.ground import PaneRow, paint_ground
from themeloom.gui.widgets.key_label import KeyLabel
from themeloom.gui.widgets.label import Label
from themeloom.gui.widgets.marks import paint_status
from themeloom.gui.widgets.menu import Menu
from themeloom.services.view import View


class TreePane(QWidget):
    """What a person sees of the tree and does to it; changes are asked for with signals.

    Attributes:
        model: the tree; its signals ``renamed``, ``excerpts_dropped`` and ``themes_dropped`` tell
            what a person wants.
        tree: the view; ``chosen`` tells what is selected.
    """

    find_asked = Signal()
    accept_all_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Show nothing yet."""
        super().__init__(parent)
        self.model = ThemeTreeModel(self)
        self.tree = ThemeTree(self.model, self)
        self._proposed = True
        self.setMinimumWidth(sizes.px(280))
        self.header = TreePaneHeader(self.model, self)
        self.filter = FilterField(self)
        self._pages = QStackedWidget()
        self._nothing = Empty(
            self.tr("No theme has these words."), self.tr("Clear filter"), self._pages
        )
        self._none_yet = Empty(
            self.tr("Themes stand here once they are found."), self.tr("Find themes…"), self._pages
        )
        self._none_accepted = Empty(
            self.tr("Themes that you accept stand here. The proposals are below."),
            self.tr("Accept all"),
            self._pages,
        )
        for page in (self.tree, self._nothing, self._none_yet, self._none_accepted):
            self._pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.filter)
        column.addWidget(self._pages, 1)
        self.legend = Legend(self.model.share_words(), self)
        column.addWidget(self.legend)
        self.filter.field.textChanged.connect(self._on_filter)
        self.filter.left.connect(self._on_filter_left)
        self.tree.filter_asked.connect(self.filter.take_focus)
        self.setFocusProxy(self.tree)
        self._nothing.button.clicked.connect(self.filter.field.clear)
        self._none_yet.button.clicked.connect(self.find_asked)
        self._none_accepted.button.clicked.connect(self.accept_all_asked)

    def show_view(self, view: View) -> None:
        """Show the themes of ``view``; selection, scroll and open groups stay."""
        current, chosen = self.tree.current_id(), self.tree.selected_ids()
        self.model.show_themes(view.themes)
        if chosen and current is not None and self.model.facts(current) is None:
            self._go_on()
        self.legend.show_shares(self.model.share_words())
        self.show_counts(view.totals.themes, view.totals.groups)
        self._on_filter(self.filter.field.text())

    def show_proposed(self, shown: bool) -> None:
        """Show or hide themes that nobody accepted (they may stand in the proposals instead)."""
        self._proposed = shown
        self._on_filter(self.filter.field.text())

    def show_counts(self, themes: int, groups: int) -> None:
        """Say how many themes there are; 0 groups: not known."""
        self.header.show_counts(themes, groups)

    @property
    def none_accepted(self) -> bool:
        """Whether it says only that what is accepted will stand here."""
        return self._pages.currentWidget() is self._none_accepted

    @property
    def next_step(self) -> QWidget | None:
        """The button that leads to the first themes, while there are none."""
        button = self._none_yet.button
        return button if self._pages.currentWidget() is self._none_yet else None

    @property
    def wanted_height(self) -> int:
        """How high it would be with all its rows in sight, and room for one more."""
        if self.none_accepted:
            return self.minimumSizeHint().height()
        parts = (self.header, self.filter, self.legend, self.tree.header())
        around = sum(part.sizeHint().height() for part in parts)
        return around + sizes.px(ROW) * (self.tree.rows_standing() + 1)

    def set_read_only(self, read_only: bool) -> None:
        """Refuse renames and drops."""
        self.model.read_only = read_only

    def _go_on(self) -> None:
        """Let keyboard and selection be one again: Qt has taken the keyboard to a neighbour."""
        neighbour = self.tree.current_id()
        chosen = self.tree.selected_ids() or ([neighbour] if neighbour else [])
        self.tree.select(chosen)

    def _on_filter(self, text: str) -> None:
        left = self.tree.apply_filter(fold(text), self._proposed)
        self._choose_page(left)

    def _choose_page(self, left: int | None = None) -> None:
        if not self.model.rowCount():
            page: QWidget = self._none_yet
        elif self.filter.field.text().strip() and left == 0:
            page = self._nothing
        elif not self._proposed and left == 0:
            page = self._none_accepted
        else:
            page = self.tree
        self._pages.setCurrentWidget(page)

    def _on_filter_left(self, to_first_hit: bool) -> None:
        hits = self.model.hits(fold(self.filter.field.text())) if to_first_hit else []
        if hits and self.filter.field.text().strip():
            self.tree.select(hits[:1])
        self.tree.setFocus(Qt.FocusReason.ShortcutFocusReason)


class TreePaneHeader(PaneRow):
    """How many themes there are, a button for a new one, and one for everything else."""

    def __init__(self, model: ThemeTreeModel, parent: QWidget | None = None) -> None:
        """The sort orders of ``model`` are in the menu of the second button."""
        super().__init__(parent)
        self._model = model
        self._count = Label(quiet=True, tabular=True)
        self.add_button = _icon_button("add", self.tr("New theme"))
        self.more_button = _icon_button("more", self.tr("More for themes"))
        self.more_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = Menu(self.more_button)
        self.more_button.setMenu(self._menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(sizes.px(12), 0, sizes.px(8), 0)
        row.setSpacing(sizes.px(8))
        row.addWidget(Label(self.tr("Themes"), bold=True))
        row.addWidget(self._count, 1)
        row.addWidget(self.add_button)
        row.addWidget(self.more_button)
        self.set_actions(None, ())
        self._menu.aboutToShow.connect(self._mark_order)

    def show_counts(self, themes: int, groups: int) -> None:
        """Show "38 in 7 groups"."""
        if groups:
            one = self.tr("{n} in 1 group") if groups == 1 else self.tr("{n} in {m} groups")
            self._count.setText(one.format(n=_number(themes), m=_number(groups)))
        else:
            many = self.tr("{n} themes").format(n=_number(themes))
            one = self.tr("1 theme") if themes == 1 else many
            self._count.setText(one if themes else "")

    def set_actions(self, add: QAction | None, more: Sequence[QAction | None]) -> None:
        """Offer ``add`` on the button with the plus, ``more`` above the sort orders."""
        if add is not None:
            self.add_button.setDefaultAction(add)
            self.add_button.setIcon(icon("add"))
            self.add_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self.add_button.setVisible(add is not None)
        self._menu.clear()
        for action in more:
            if action is None:
                self._menu.addSeparator()
            else:
                self._menu.addAction(action)
        if more:
            self._menu.addSeparator()
        self._orders = QActionGroup(self._menu)
        for text, key, descending in (
            (self.tr("In their own order"), "position", False),
            (self.tr("Sort by name"), "title", False),
            (self.tr("Sort by records"), "records", True),
            (self.tr("Sort by trend"), "trend", True),
        ):
            action = self._menu.addAction(text)
            action.setCheckable(True)
            action.setData((key, descending))
            self._orders.addAction(action)
        self._orders.triggered.connect(self._on_order)

    def _mark_order(self) -> None:
        for action in self._orders.actions():
            action.setChecked(action.data() == self._model.sorting)

    def _on_order(self, action: QAction) -> None:
        key, descending = action.data()
        self._model.sort_by(key, descending=descending)


class FilterField(QWidget):
    """A field that filters while a person types; its key is the slash."""

    left = Signal(bool)  # back to the list; whether to the first hit

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make an empty field."""
        super().__init__(parent)
        self.field = QLineEdit()
        self.field.setPlaceholderText(self.tr("Filter themes"))
        self.field.setAccessibleName(self.tr("Filter themes"))
        self.field.setClearButtonEnabled(False)
        self.field.addAction(icon("search", "text-2"), QLineEdit.ActionPosition.LeadingPosition)
        self.field.installEventFilter(self)
        self._key = KeyLabel("/", self.field)
        inner = QHBoxLayout(self.field)
        inner.setContentsMargins(0, 0, sizes.px(5), 0)
        inner.addStretch(1)
        inner.addWidget(self._key)
        row = QHBoxLayout(self)
        row.setContentsMargins(sizes.px(12), sizes.px(8), sizes.px(12), sizes.px(8))
        row.addWidget(self.field)
        self.field.textChanged.connect(self._on_text)

    def take_focus(self) -> None:
        """Put the cursor into the field."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Down and Enter go to the list; Esc empties the field first."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Escape:
                self.field.clear()
                self.left.emit(False)
                return True
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.left.emit(True)
                return True
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground."""
        paint_ground(self, "surface", line_below=True)

    def _on_text(self, text: str) -> None:
        self._key.setVisible(not text)


class Legend(QWidget):
    """What the letters, bars and marks mean."""

    _MARKS = (Status.ACTIVE, Status.LOCKED)

    def __init__(self, shares: str, parent: QWidget | None = None) -> None:
        """Make the line; ``shares`` says what the letters mean."""
        super().__init__(parent)
        self._words = (self.tr("accepted"), self.tr("locked"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_shares(shares)

    def show_shares(self, shares: str) -> None:
        """Say what the letters mean; nothing where there are none."""
        self._left = shares
        self.setAccessibleName(", ".join(filter(None, (shares, *self._words))))
        self.update()

    def sizeHint(self) -> QSize:
        """Return one line of small text."""
        return QSize(sizes.px(280), sizes.px(26))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the words, as many as there is room for."""
        paint_ground(self, "surface", line_above=True)
        painter = QPainter(self)
        painter.setFont(sizes.font(11))
        painter.setPen(tokens().color("text-2"))
        metrics = painter.fontMetrics()
        middle = self.height() / 2
        right = self.width() - sizes.px(12)
        align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        for status, word in reversed(tuple(zip(self._MARKS, self._words, strict=True))):
            width = metrics.horizontalAdvance(word)
            painter.drawText(right - width, 0, width + 1, self.height(), align, word)
            mark = QPointF(right - width - sizes.px(9), middle)
            paint_status(painter, mark, sizes.px(9), status)
            right -= width + sizes.px(28)
        room = right - sizes.px(12)
        text = metrics.elidedText(self._left, Qt.TextElideMode.ElideRight, room)
        painter.drawText(sizes.px(12), 0, room, self.height(), align, text)
        painter.end()


def _number(count: int) -> str:
    return QLocale().toString(count)


def _icon_button(name: str, text: str) -> QToolButton:
    button = QToolButton()
    button.setIcon(icon(name))
    button.setToolTip(text)
    button.setAccessibleName(text)
    button.setFixedSize(sizes.px(32), sizes.px(28))
    return button
