"""Proposals under the tree: a slider cuts them coarser or finer, each can be accepted."""

from collections.abc import Sequence
from html import escape
from typing import Protocol

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSlider, QVBoxLayout, QWidget

from themeloom.gui.look import sizes
from themeloom.gui.models.background import Runner
from themeloom.gui.views.themes.proposals_list import ProposalsList, ProposalsModel, ProposedTheme
from themeloom.gui.widgets.elided import ElidedLabel
from themeloom.gui.widgets.ground import paint_ground
from themeloom.gui.widgets.label import Label


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
