"""Proposals under the tree: a slider cuts them coarser or finer, each can be accepted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Protocol

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QLocale,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListView,
    QPushButton,
    QSlider,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from themeloom.domain.themes import Status
from themeloom.gui.look import sizes
from themeloom.gui.look.tokens import tokens
from themeloom.gui.models.background import Runner
from themeloom.gui.widgets.elided import ElidedLabel
from themeloom.gui.widgets.ground import paint_ground
from themeloom.gui.widgets.key_label import key_text
from themeloom.gui.widgets.label import Label
from themeloom.gui.widgets.marks import paint_status
from themeloom.gui.widgets.menu import Menu

Index = QModelIndex | QPersistentModelIndex
_ROW = 24


@dataclass(frozen=True, slots=True)
class ProposedTheme:
    """A theme that a cut would give.

    Attributes:
        key: names it to whoever cuts.
        title: what it is called.
        records: how many are in it.
        theme_id: the proposal of the project that it is already, or None.
    """

    key: str
    title: str
    records: int
    theme_id: str | None = None


class Recutting(Protocol):
    """Knows what a run could propose, from few broad themes to many fine ones.

    Attributes:
        levels: how many cuts there are.
        chosen: the cut that the run proposes, 0 … levels − 1.
        theme_ids: the proposals of the project that the cuts divide anew.
    """

    @property
    def theme_ids(self) -> frozenset[str]:
        """The proposals of the project that the cuts divide anew."""
        ...

    @property
    def levels(self) -> int:
        """How many cuts there are."""
        ...

    @property
    def chosen(self) -> int:
        """The cut that the run proposes."""
        ...

    def preview(self, level: int) -> Sequence[ProposedTheme]:
        """Return the themes of a cut that nobody has accepted; called off the GUI thread."""
        ...


class ProposalsPane(QWidget):
    """Shows the themes at a cut. It accepts nothing itself: it tells what a person wants."""

    accept_asked = Signal(int, list)  # level, keys
    accept_all_asked = Signal(int)  # level
    counted = Signal()  # another number of proposals is shown
    looked_at = Signal(int, str)  # level, key of the proposal that the keyboard stands on
    rename_asked = Signal(str)  # theme id
    reject_asked = Signal(list)  # theme ids

    def __init__(self, runner: Runner, parent: QWidget | None = None) -> None:
        """``runner`` works off the GUI thread; the newest position of the slider wins."""
        super().__init__(parent)
        self._runner = runner
        self._recutting: Recutting | None = None
        self._level = 0
        self._taken: set[str] = set()
        self.heading = Label(self.tr("Proposals"), bold=True)
        self._count = ElidedLabel(quiet=True, size=12)
        self.accept_all = QPushButton(self.tr("Accept all"))
        self.accept_all.clicked.connect(lambda: self.accept_all_asked.emit(self._level))
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName(self.tr("How fine: fewer, broader or more, finer themes"))
        self.slider.setPageStep(3)
        self.slider.valueChanged.connect(self._ask)
        self.model = ProposalsModel(self)
        self.list = ProposalsList(self.model, self)
        self.list.accepted.connect(self._accept)
        self.list.moved_to.connect(self._on_moved_to)
        self.list.rename_asked.connect(self.rename_asked)
        self.list.reject_asked.connect(self.reject_asked)
        self._lay_out()
        self.show_recutting(None)

    def show_recutting(self, recutting: Recutting | None) -> None:
        """Show the proposals of a run; None where there is nothing to cut."""
        same = recutting is not None and recutting is self._recutting
        self._recutting = recutting
        self._taken.clear()
        levels = recutting.levels if recutting else 0
        self.slider.blockSignals(True)
        self.slider.setRange(0, max(levels - 1, 0))
        if recutting and not same:
            self.slider.setValue(recutting.chosen)
        self.slider.blockSignals(False)
        self.slider.setEnabled(levels > 1)
        if recutting is None:
            self._show((0, ()))
        else:
            self._ask()

    def say_why(self, why: str) -> None:
        """Say with the heading why the run proposes so many themes; a search says it only once."""
        self.heading.setToolTip(f"<qt>{escape(why)}</qt>" if why else "")
        self.heading.setAccessibleDescription(why)
        self.list.setAccessibleDescription(why)

    @property
    def count(self) -> int:
        """How many proposals are shown."""
        return self.model.rowCount()

    @property
    def recut(self) -> bool:
        """Whether another cut is shown than the one that the run proposes."""
        return self._recutting is not None and self._level != self._recutting.chosen

    @property
    def level(self) -> int:
        """The cut that is shown."""
        return self._level

    def set_read_only(self, read_only: bool) -> None:
        """Accept nothing."""
        self.list.read_only = read_only
        self._mark_buttons()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(sizes.px(10))
        head.addWidget(self.heading)
        head.addWidget(self._count, 1)
        head.addWidget(self.accept_all)
        cut = QHBoxLayout()
        cut.setSpacing(sizes.px(10))
        cut.addWidget(Label(self.tr("Fewer, broader"), size=12, quiet=True))
        cut.addWidget(self.slider, 1)
        cut.addWidget(Label(self.tr("More, finer"), size=12, quiet=True))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, sizes.px(6), 0, 0)
        column.setSpacing(sizes.px(2))
        for row in (head, cut):
            row.setContentsMargins(sizes.px(12), 0, sizes.px(12), 0)
            column.addLayout(row)
        column.addWidget(self.list, 1)
        self.setMinimumHeight(sizes.px(110))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground."""
        paint_ground(self, "window", line_above=True)

    def _ask(self) -> None:
        recutting, level = self._recutting, self.slider.value()
        if recutting is not None:
            self._runner("proposals", lambda: (level, recutting.preview(level)), self._show)

    def _show(self, answer: tuple[int, Sequence[ProposedTheme]]) -> None:
        self._level, themes = answer
        self.model.show_themes([one for one in themes if one.key not in self._taken])
        self.list.begin()
        self._mark_buttons()
        number = self.model.rowCount()
        if number == 1:
            text = self.tr("1 theme at this cut")
        elif number:
            text = self.tr("{n} themes at this cut").format(n=QLocale().toString(number))
        else:
            text = self.tr("none to decide on")
        self._count.setText(text)
        self.slider.setAccessibleDescription(text)
        self.counted.emit()

    def _on_moved_to(self, key: str) -> None:
        self.looked_at.emit(self._level, key)

    def _mark_buttons(self) -> None:
        self.accept_all.setEnabled(self.model.rowCount() > 0 and not self.list.read_only)

    def _accept(self, keys: list[str]) -> None:
        # They leave at once; the view that comes after the commit says the same.
        self._taken.update(keys)
        self.model.remove(keys)
        self._show((self._level, self.model.themes))
        self.accept_asked.emit(self._level, keys)


class ProposalsModel(QAbstractListModel):
    """Titles with their records."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Show nothing yet."""
        super().__init__(parent)
        self.themes: list[ProposedTheme] = []

    def show_themes(self, themes: Sequence[ProposedTheme]) -> None:
        """Show the themes of a cut; nothing moves where they are the same."""
        if list(themes) != self.themes:
            self.beginResetModel()
            self.themes = list(themes)
            self.endResetModel()

    def remove(self, keys: Sequence[str]) -> None:
        """Let some themes leave."""
        for row in reversed(range(len(self.themes))):
            if self.themes[row].key in keys:
                self.beginRemoveRows(QModelIndex(), row, row)
                del self.themes[row]
                self.endRemoveRows()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Return how many themes there are."""
        return 0 if parent.isValid() else len(self.themes)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the title; read aloud with its records."""
        if not 0 <= index.row() < len(self.themes):
            return None
        theme = self.themes[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return theme.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            number = QLocale().toString(theme.records)
            return self.tr("{title}, proposed, {n} records").format(title=theme.title, n=number)
        return None


class ProposalsList(QListView):
    """The list: ``A`` or a click on "Accept" accepts.

    Proposals of the run's own cut can also be renamed and rejected; those of another cut are not
    in the project yet.
    """

    accepted = Signal(list)  # keys
    rename_asked = Signal(str)  # theme id
    reject_asked = Signal(list)  # theme ids
    moved_to = Signal(str)

    def __init__(self, model: ProposalsModel, parent: QWidget | None = None) -> None:
        """Show ``model``."""
        super().__init__(parent)
        self._proposals = model
        self.read_only = False
        self._delegate = _ProposalDelegate(model, self)
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(self.tr("Proposals"))
        self.setUniformItemSizes(True)
        self.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setProperty("pane", "window")
        self.selectionModel().currentChanged.connect(self._on_current)
        self._menu = Menu(self)
        self._accept_action = self._add_action(self.tr("Accept"), "A", self.accept_selected)
        self._rename_action = self._add_action(self.tr("Rename"), "F2", self._rename)
        self._reject_action = self._add_action(self.tr("Reject"), "Del", self._reject)

    def accept_selected(self) -> None:
        """Accept the proposals that are selected."""
        self._accept(sorted(index.row() for index in self.selectionModel().selectedIndexes()))

    def event(self, event: QEvent) -> bool:
        """Letters are the list's own: the actions of the place would act on another selection."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and _is_letter(event)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A accepts what is selected, F2 renames, Delete rejects."""
        if event.key() == Qt.Key.Key_F2 and not event.modifiers():
            self._rename()
        elif event.key() == Qt.Key.Key_Delete and not event.modifiers():
            self._reject()
        elif not _is_letter(event):
            super().keyPressEvent(event)
        elif event.text().lower() == "a":
            self.accept_selected()

    def keyboardSearch(self, search: str) -> None:
        """Rows are not searched by their first letters."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on the link accepts one."""
        index = self.indexAt(event.position().toPoint())
        left = event.button() == Qt.MouseButton.LeftButton
        if left and index.isValid() and self._on_link(event, index):
            self._accept([index.row()])
        else:
            super().mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with the selected proposals."""
        if not self.currentIndex().isValid():
            return
        self._accept_action.setEnabled(not self.read_only)
        self._rename_action.setEnabled(self._named() is not None)
        self._reject_action.setEnabled(bool(self._selected_ids()) and not self.read_only)
        at = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            at = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).bottomLeft())
        self._menu.popup(at)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The hand shows where a click accepts."""
        index = self.indexAt(event.position().toPoint())
        hand = index.isValid() and self._on_link(event, index)
        self.viewport().setCursor(
            Qt.CursorShape.PointingHandCursor if hand else Qt.CursorShape.ArrowCursor
        )
        super().mouseMoveEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Put a ring around the current row."""
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), tokens().color("window"))
        painter.end()
        super().paintEvent(event)
        if self.hasFocus() and self.currentIndex().isValid():
            painter = QPainter(self.viewport())
            painter.setPen(QPen(tokens().color("accent"), 1.5))
            box = QRectF(self.visualRect(self.currentIndex()))
            painter.drawRect(box.adjusted(0.75, 0.75, -0.75, -0.75))
            painter.end()

    def focusInEvent(self, event: Any) -> None:
        """Screen readers need a current row."""
        super().focusInEvent(event)
        self.begin()

    def begin(self) -> None:
        """Stand on the first row where the keyboard is here and stands on none."""
        if self.hasFocus() and not self.currentIndex().isValid() and self._proposals.rowCount():
            self.setCurrentIndex(self._proposals.index(0))

    def changeEvent(self, event: QEvent) -> None:
        """The height of rows follows the zoom."""
        if event.type() == QEvent.Type.StyleChange:
            self.scheduleDelayedItemsLayout()
        super().changeEvent(event)

    def _add_action(self, text: str, keys: str, slot: Callable[[], None]) -> QAction:
        action: QAction = self._menu.addAction(f"{text}\t{key_text(keys)}")
        action.triggered.connect(lambda: slot())
        return action

    def _selected_ids(self) -> list[str]:
        rows = sorted(index.row() for index in self.selectionModel().selectedIndexes())
        ids = (self._proposals.themes[row].theme_id for row in rows)
        return [one for one in ids if one is not None]

    def _named(self) -> str | None:
        """Return the theme that can be renamed: the current one, if it is in the project."""
        index = self.currentIndex()
        if self.read_only or not index.isValid():
            return None
        return self._proposals.themes[index.row()].theme_id

    def _rename(self) -> None:
        theme_id = self._named()
        if theme_id is not None:
            self.rename_asked.emit(theme_id)

    def _reject(self) -> None:
        ids = self._selected_ids()
        if ids and not self.read_only:
            self.reject_asked.emit(ids)

    def _on_link(self, event: QMouseEvent, index: QModelIndex) -> bool:
        link = self._delegate.link_rect(self.visualRect(index))
        return link.contains(event.position().toPoint()) and not self.read_only

    def _accept(self, rows: Sequence[int]) -> None:
        if rows and not self.read_only:
            self.accepted.emit([self._proposals.themes[row].key for row in rows])

    def _on_current(self, index: QModelIndex) -> None:
        if index.isValid():
            self.moved_to.emit(self._proposals.themes[index.row()].key)


def _is_letter(event: QKeyEvent) -> bool:
    held = event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
    return event.text().isalpha() and held == Qt.KeyboardModifier.NoModifier


class _ProposalDelegate(QStyledItemDelegate):
    """Dashed ring, title, records, link."""

    def __init__(self, model: ProposalsModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(sizes.px(200), sizes.px(_ROW))

    def link_rect(self, rect: QRect) -> QRect:
        """Return where a row's link stands."""
        width = QFontMetrics(sizes.font(12)).horizontalAdvance(self.tr("Accept")) + sizes.px(8)
        return QRect(rect.right() - sizes.px(8) - width, rect.top(), width, rect.height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme = self._model.themes[index.row()]
        rect: QRect = option.rect  # type: ignore[attr-defined]
        colors = tokens()
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:  # type: ignore[attr-defined]
            painter.fillRect(rect, colors.color("selection"))
        mark = QPointF(rect.left() + sizes.px(18), rect.top() + rect.height() / 2)
        paint_status(painter, mark, sizes.px(10), Status.PROPOSED)
        link = self.link_rect(rect)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(sizes.font(12))
        painter.setPen(colors.color("accent"))
        painter.drawText(link, middle | Qt.AlignmentFlag.AlignRight, self.tr("Accept"))
        font = sizes.font(tabular=True)
        painter.setFont(font)
        painter.setPen(colors.color("text"))
        number = QLocale().toString(theme.records)
        metrics = QFontMetrics(font)
        width = metrics.horizontalAdvance(number)
        right = link.left() - sizes.px(10)
        painter.drawText(QRect(right - width, rect.top(), width + 1, rect.height()), middle, number)
        left = rect.left() + sizes.px(30)
        room = right - width - sizes.px(10) - left
        title = metrics.elidedText(theme.title, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(left, rect.top(), room, rect.height()), middle, title)
        painter.restore()
