"""The middle pane of the Themes place: what it is about, filters, excerpts, what to do with them."""

from typing import Any, cast

import polars as pl
from PySide6.QtCore import QLocale, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from themeloom.domain.themes import Status
from themeloom.gui.look import sizes
from themeloom.gui.look.tokens import tokens
from themeloom.gui.models.background import Runner
from themeloom.gui.models.excerpt_columns import SHOWN
from themeloom.gui.models.excerpt_rows import Question, Rows, Scope, find_rows
from themeloom.gui.models.excerpt_table import ExcerptTableModel
from themeloom.gui.models.filter_terms import Values, expression, read_values
from themeloom.gui.views.themes.excerpt_header import ExcerptHeader
from themeloom.gui.views.themes.excerpt_view import ExcerptTable
from themeloom.gui.views.themes.filters import FilterBar
from themeloom.gui.widgets.elided import ElidedLabel
from themeloom.gui.widgets.empty import Empty
from themeloom.gui.widgets.ground import PaneRow
from themeloom.gui.widgets.key_button import KeyButton
from themeloom.gui.widgets.label import Label
from themeloom.services.view import View

_SLOW = 300  # milliseconds after which a question is seen to be under way
_FIRST_SORT = {"themes": ("date", True), "unsorted": ("", False)}

#: More selected excerpts than a person would ask about one by one.
_LOOKED_AT = 256


class ExcerptsPane(QWidget):
    """Excerpts of one scope. Rows are found off the GUI thread; the newest question wins.

    Attributes:
        model: the rows.
        table: the view; its ``quick_look``, ``opened`` and ``moved_to`` name inner excerpt numbers.
        filters: the filter bar.
    """

    chosen = Signal(int)  # how many rows are selected
    move_asked = Signal()
    confirm_asked = Signal()
    unsort_asked = Signal()
    accept_asked = Signal(object)  # dict: theme id → inner numbers that go to their nearest theme
    left_out_asked = Signal(bool)  # show what is left out as well
    layout_changed = Signal()
    answered = Signal()  # the rows are those that were asked for last

    def __init__(self, runner: Runner, parent: QWidget | None = None) -> None:
        """``runner`` works off the GUI thread: ``Workspace.compute``, or a ``Background``."""
        super().__init__(parent)
        self._runner = runner
        self._view: View | None = None
        self._scope: Scope | None = None
        self._sorts = dict(_FIRST_SORT)
        self._values_of: object = None
        self.setMinimumWidth(sizes.px(350))  # beside tree and inspector in the smallest window
        self.model = ExcerptTableModel(self)
        self.table = ExcerptTable(self.model, runner, self)
        self.header = PaneTitle(self)
        self.filters = FilterBar(self)
        self.foot = ExcerptsFoot(self)
        self._bar = SlowBar(self)
        self._slow = QTimer(self)
        self._slow.setSingleShot(True)
        self._slow.setInterval(_SLOW)
        self._slow.timeout.connect(self._bar.show)
        self._pages = QStackedWidget()
        self._nothing = Empty(
            self.tr("No excerpt passes these filters."), self.tr("Clear filters"), self._pages
        )
        self._none = Empty(self.tr("Choose a theme to see its excerpts."))
        for page in (self.table, self._nothing, self._none):
            self._pages.addWidget(page)
        self._pages.setCurrentWidget(self._none)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.header, self.filters, self._bar):
            column.addWidget(part)
        column.addWidget(self._pages, 1)
        column.addWidget(self.foot)
        self._connect()

    def _connect(self) -> None:
        self.filters.changed.connect(self._ask)
        self.filters.left.connect(self.take_focus)
        self._nothing.button.clicked.connect(self.filters.clear)
        self.table.filter_asked.connect(self.filters.open_menu)
        self.table.asked.connect(self._on_asked)
        self.table.chosen.connect(self._on_chosen)
        self.columns.sort_asked.connect(self._on_sort)
        self.columns.compact_asked.connect(self._on_compact)
        self.columns.changed.connect(self.layout_changed)
        self.foot.asked.connect(self._on_asked)
        self.header.left_out.toggled.connect(self.left_out_asked)

    # --- what is shown

    def show_view(self, view: View) -> None:
        """Show the project as it is now; selection and place stay where rows stay."""
        self._view = view
        if self._values_of is not view.records:
            self._values_of = view.records
            self._runner("filter values", lambda: read_values(view), self._show_values)
        self._ask()

    def show_scope(self, scope: Scope) -> None:
        """Show the excerpts of a theme, the unsorted, found ones…; the same scope stays in place."""
        before = self._scope
        self._scope = scope
        self.header.show_scope(scope)
        self.foot.use(scope.columns)
        if before is None or before.columns != scope.columns:
            self.columns.use(scope.columns)
            self.columns.set_sorting(*self._sorts[scope.columns])
        self._ask()

    @property
    def scope(self) -> Scope | None:
        """What the pane is about."""
        return self._scope

    def sort_by(self, column: str, *, descending: bool) -> None:
        """Sort by a column; "" is the project's own order."""
        columns = self._scope.columns if self._scope else "themes"
        self._sorts[columns] = (column, descending)
        self.columns.set_sorting(column, descending)
        self._ask()
        self.layout_changed.emit()

    @property
    def sorting(self) -> tuple[str, bool]:
        """What the rows that are shown are sorted by, and whether the largest come first."""
        rows = self.model.rows
        return (rows.question.sort, rows.question.descending) if rows else ("", False)

    # --- selection

    def selected_excerpts(self) -> list[int]:
        """Return the inner numbers of the selected excerpts, in the order of the table."""
        return self.table.selected_numbers().to_list()

    def nearest_of_selected(self) -> dict[str, list[int]]:
        """Return the selected excerpts by the theme that is nearest to them; none has none."""
        view, numbers = self._view, self.table.selected_numbers()
        if view is None or numbers.is_empty():
            return {}
        near = view.excerpts.lazy().filter(
            pl.col("excerpt").is_in(numbers.implode())
            & pl.col("theme_id").is_null()
            & pl.col("nearest_theme_id").is_not_null()
        )
        found = near.group_by("nearest_theme_id", maintain_order=True).agg("excerpt").collect()
        return dict(found.iter_rows())

    def take_focus(self) -> None:
        """Give the keyboard to the rows."""
        self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # --- what is remembered

    @property
    def columns(self) -> ExcerptHeader:
        """The header, which knows the columns."""
        return cast(ExcerptHeader, self.table.horizontalHeader())

    def layout_state(self) -> dict[str, Any]:
        """Return columns, widths, order and height of rows, as JSON holds them."""
        sorts = {name: list(sort) for name, sort in self._sorts.items()}
        return {**self.columns.layout_state(), "sort": sorts, "compact": self.table.compact}

    def restore_layout(self, state: object) -> None:
        """Take back what ``layout_state`` returned; what makes no sense is left out."""
        saved: dict[str, Any] = cast("dict[str, Any]", state) if isinstance(state, dict) else {}
        self.columns.restore_layout(saved)
        self.table.set_compact(saved.get("compact") is True)
        sorts = saved.get("sort")
        for name in SHOWN:
            sort: object = sorts.get(name) if isinstance(sorts, dict) else None  # type: ignore[union-attr]
            match sort:
                case [str(column), bool(descending)]:
                    self._sorts[name] = (column, descending)
                case _:  # type: ignore[reportUnknownVariableType]
                    continue
        current = self._scope.columns if self._scope else "themes"
        self.columns.set_sorting(*self._sorts[current])
        self._ask()

    # --- inside

    def _ask(self) -> None:
        view, scope = self._view, self._scope
        if view is None or scope is None:
            return
        terms, values = self.filters.terms, self.filters.values
        column, descending = self._sorts[scope.columns]

        def work() -> Rows:
            passing = expression(terms, view, values)
            return find_rows(Question(view, scope, passing, column, descending))

        self._slow.start()
        self._runner("excerpts", work, self._show_rows)

    def _show_rows(self, rows: Rows) -> None:
        self._slow.stop()
        self._bar.hide()
        before = self.model.rows
        scope = rows.question.scope
        same = before is not None and before.question.scope.key == scope.key
        if before is not None and not self.table.selected_ranges():
            # Who sorts or filters and holds on to nothing wants to see the first ones.
            old, new = before.question, rows.question
            same &= (old.sort, old.descending) == (new.sort, new.descending)
            same &= (old.filter is None) == (new.filter is None)
        self.table.keep_selection(same)
        dated = self.model.words.years
        self.model.show_rows(rows)
        if self.model.words.years != dated:
            self.columns.fit()  # dates with their years take more room
        self.filters.show_count(rows.order.len(), rows.total)
        self._choose_page(rows)
        self._on_chosen(self.table.selected_count())
        if scope.columns == "unsorted":
            view = rows.question.view
            aside = view.excerpts.select(
                (pl.col("left_out").is_not_null() & pl.col("theme_id").is_null()).sum()
            ).item()
            self.header.show_left_out(int(aside or 0))
        self.answered.emit()

    def _choose_page(self, rows: Rows) -> None:
        page: QWidget = self.table
        if rows.order.is_empty():
            page = self._nothing if rows.total else self._none
            self._none.say(
                self.tr("Every excerpt carries a theme.")
                if rows.question.scope.columns == "unsorted"
                else rows.question.scope.empty or self.tr("No excerpt is in here.")
            )
        had_focus = self._pages.isAncestorOf(QApplication.focusWidget() or self)
        self._pages.setCurrentWidget(page)
        if had_focus and page is self.table:
            self.table.setFocus()

    def _show_values(self, values: Values) -> None:
        self.model.set_segments(values.segments.values)
        self.filters.set_values(values)
        if self.filters.terms.chosen:
            self._ask()

    def _on_chosen(self, count: int) -> None:
        unsorted = self._scope is not None and self._scope.columns == "unsorted"
        near = not unsorted or self._any_near()
        self.foot.show_count(count, near=near)
        self.chosen.emit(count)

    def _any_near(self) -> bool:
        """Whether any of the selected excerpts has a nearest theme; many are not looked through."""
        looked = 0
        for first, last in self.table.selected_ranges():
            for row in range(first, last + 1):
                if self.model.row_at(row).nearest_theme_id is not None or looked > _LOOKED_AT:
                    return True
                looked += 1
        return False

    def _on_sort(self, column: str, descending: bool) -> None:
        self.sort_by(column, descending=descending)

    def _on_compact(self, compact: bool) -> None:
        self.table.set_compact(compact)
        self.layout_changed.emit()

    def _on_asked(self, what: str) -> None:
        unsorted = self._scope is not None and self._scope.columns == "unsorted"
        if not self.table.selected_ranges() or self.model.read_only:
            return
        if what == "accept":
            nearest = self.nearest_of_selected() if unsorted else {}
            if nearest:
                self.accept_asked.emit(nearest)
        elif what == "move":
            self.move_asked.emit()
        elif what == "confirm":
            self.confirm_asked.emit()
        elif not unsorted:
            self.unsort_asked.emit()


class PaneTitle(PaneRow):
    """What the excerpts are about; room for more at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Say nothing yet."""
        super().__init__(parent)
        self._title = ElidedLabel("", self, bold=True)
        self._title.setSizePolicy(
            self._title.sizePolicy().Policy.Maximum, self._title.sizePolicy().Policy.Preferred
        )
        self._chip = Label(size=12)
        self._chip.hide()
        self.left_out = QCheckBox()
        self.left_out.hide()
        self.coverage = QPushButton(self.tr("Let in more or less…"))
        self.coverage.hide()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(sizes.px(12), 0, sizes.px(12), 0)
        self._row.setSpacing(sizes.px(10))
        self._row.addWidget(self._title)
        self._row.addWidget(self._chip, 0, Qt.AlignmentFlag.AlignVCenter)
        self._row.addStretch(1)
        self._row.addWidget(self.left_out)
        self._row.addWidget(self.coverage)

    def follow(self, action: QAction) -> None:
        """Let the button be used where ``action`` can, and say why not where it cannot."""

        def changed() -> None:
            self.coverage.setEnabled(action.isEnabled())
            self.coverage.setToolTip(action.toolTip())

        action.changed.connect(changed)
        changed()
        self.coverage.clicked.connect(action.trigger)

    def show_scope(self, scope: Scope) -> None:
        """Show the title, and a theme's status behind it."""
        self._title.setText(scope.title)
        words = {
            Status.PROPOSED: (self.tr("Proposed"), "warn"),
            Status.ACTIVE: (self.tr("Accepted"), "ok"),
            Status.LOCKED: (self.tr("Locked"), "plain"),
            Status.DORMANT: (self.tr("Dormant"), "plain"),
        }
        word, kind = words[Status(scope.status)] if scope.status else ("", "plain")
        self._chip.set_chip(kind)
        self._chip.setText(word)
        self._chip.setVisible(bool(word))
        self.coverage.setVisible(scope.columns == "unsorted")
        if scope.columns != "unsorted":
            self.left_out.hide()

    def show_left_out(self, count: int) -> None:
        """Offer to show what needs no theme: non-answers, talk of the interviewer."""
        number = QLocale().toString(count)
        self.left_out.setText(self.tr("Also show {n} left out").format(n=number))
        self.left_out.setVisible(count > 0)


class ExcerptsFoot(PaneRow):
    """How many rows are selected, and what can be done with them."""

    asked = Signal(str)  # "move", "confirm", "unsort", "accept"

    def __init__(self, parent: QWidget | None = None) -> None:
        """Nothing is selected yet."""
        super().__init__(parent, ground="window", foot=True)
        self._number = 0
        self._count = ElidedLabel(bold=True)
        self.buttons = {
            "accept": KeyButton(self.tr("Accept nearest"), "A"),
            "move": KeyButton(self.tr("Move to theme…"), "T"),
            "confirm": KeyButton(self.tr("Confirm"), "C"),
            "unsort": KeyButton(self.tr("Unsort"), "U"),
        }
        row = QHBoxLayout(self)
        row.setContentsMargins(sizes.px(12), 0, sizes.px(12), 0)
        row.setSpacing(sizes.px(8))
        row.addWidget(self._count, 1)
        for name, button in self.buttons.items():
            button.clicked.connect(lambda _=False, what=name: self.asked.emit(what))
            row.addWidget(button)
        self.use("themes")
        self.show_count(0)

    def use(self, columns: str) -> None:
        """Offer what fits the rows: unsorted ones can go to their nearest theme."""
        for name in ("confirm", "unsort"):
            self.buttons[name].setVisible(columns == "themes")
        self.buttons["accept"].setVisible(columns == "unsorted")

    def show_count(self, count: int, *, near: bool = True) -> None:
        """Say how many rows are selected; ``near``: whether any has a nearest theme."""
        self._number = count
        for button in self.buttons.values():
            button.setEnabled(count > 0)
        self.buttons["accept"].setEnabled(count > 0 and near)
        self._make_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where it is narrow, the keys go before the words do; of the count, the number stays."""
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        shown = [button for button in self.buttons.values() if not button.isHidden()]
        needed = sum(button.whole_width() + sizes.px(8) for button in shown)
        number = QLocale().toString(self._number)
        words = self.tr("{n} selected").format(n=number)
        self._count.setText(words if self._number else self.tr("None selected"))
        counted = self._count.sizeHint().width() + sizes.px(24)
        for button in shown:
            button.show_key(needed + counted <= self.width())
        bare = sum(button.sizeHint().width() + sizes.px(8) for button in shown)
        if bare + counted > self.width():
            self._count.setText(number)
            self._count.setAccessibleName(words)


class SlowBar(QWidget):
    """A thin bar while rows are being found; seen only where that takes long."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin hidden."""
        super().__init__(parent)
        self.setFixedHeight(2)
        self.setAccessibleName(self.tr("Excerpts are being found"))
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the bar."""
        QPainter(self).fillRect(self.rect(), tokens().color("accent"))
