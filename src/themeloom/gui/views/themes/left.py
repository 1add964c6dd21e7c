"""The left side of the Themes place: tree above, proposals and the unsorted line below."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QSplitter, QVBoxLayout, QWidget

from themeloom.gui.look import sizes
from themeloom.gui.models.background import Runner
from themeloom.gui.views.themes.proposals import ProposalsPane, Recutting
from themeloom.gui.views.themes.tree import TreePane
from themeloom.gui.views.themes.unsorted import UnsortedLine
from themeloom.services.view import View

_HEIGHTS = (500, 190)


class LeftSide(QWidget):
    """The three parts with a splitter between the first two.

    While the proposals are shown, the tree leaves to them what they divide: nothing stands twice,
    and proposals that a person named or described stand in the tree.
    """

    unsorted_asked = Signal()

    def __init__(self, runner: Runner, parent: QWidget | None = None) -> None:
        """``runner`` works off the GUI thread."""
        super().__init__(parent)
        self.tree = TreePane()
        self.proposals = ProposalsPane(runner)
        self.unsorted = UnsortedLine()
        self.unsorted.clicked.connect(lambda: self.unsorted_asked.emit())
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(1)
        self.splitter.addWidget(self.tree)
        self.splitter.addWidget(self.proposals)
        self._view: View | None = None
        self._lent = False  # the proposals have room of the tree
        self._by_hand = False
        self._usual = [sizes.px(height) for height in _HEIGHTS]
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setSizes(self._usual)
        self.splitter.splitterMoved.connect(self._on_moved)
        self.proposals.counted.connect(self._show_counts)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.splitter, 1)
        column.addWidget(self.unsorted)
        self.show_proposals(False)

    def show_view(self, view: View) -> None:
        """Show the project as it is now."""
        self._view = view
        self.tree.show_view(view)
        self._show_counts()
        self._share_room()
        self.unsorted.show_view(view)

    def show_recutting(self, recutting: Recutting | None) -> None:
        """Show what could be proposed instead; None closes the proposals."""
        focus = QApplication.focusWidget()
        left = recutting is None and focus is not None and self.proposals.isAncestorOf(focus)
        self.proposals.show_recutting(recutting)
        self.tree.model.elsewhere = recutting.theme_ids if recutting else None
        self.show_proposals(recutting is not None)
        if left:
            # What was accepted stands there; Qt would go on to the line below.
            self.tree.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_proposals(self, shown: bool) -> None:
        """Open or close the proposals; closed, they stand in the tree."""
        self.proposals.setVisible(shown)
        self.tree.show_proposed(not shown)
        self._show_counts()
        self._share_room()

    def restore_room(self) -> None:
        """Give the tree its usual room again, before the sizes are kept."""
        if self._lent:
            self._take_back()
            self.splitter.setSizes(self._usual)

    def _take_back(self) -> None:
        """Let the tree have what room comes and goes with the window."""
        self._lent = False
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 0)

    def _share_room(self) -> None:
        """Leave to the proposals what the tree does not need; they give way as it grows.

        Where a person has moved the handle, it stays there until the proposals are closed.
        """
        if self.proposals.isHidden():
            self._by_hand = False
            self.restore_room()
        elif not self._by_hand and not self.tree.filter.field.text():
            usual = self._usual if self._lent else self._sizes()
            shown = self.splitter.isVisible()
            total = self.splitter.height() - 1 if shown else sum(usual)
            wanted = self.tree.wanted_height
            if not self.tree.none_accepted and wanted >= total - usual[1]:
                self.restore_room()
                return
            if not self._lent:
                self._lent, self._usual = True, usual
                self.splitter.setStretchFactor(0, 0)
                self.splitter.setStretchFactor(1, 1)
            self.splitter.setSizes([wanted, total - wanted])

    def _on_moved(self) -> None:
        self._by_hand = True
        self._take_back()

    def _sizes(self) -> list[int]:
        """Return the heights of both parts; a part that was never shown has its usual one."""
        sizes_now = self.splitter.sizes()
        return sizes_now if all(sizes_now) else self._usual

    def _show_counts(self) -> None:
        """Say how many themes stand here, those of the cut that is shown included."""
        if self._view is None:
            return
        totals = self._view.totals
        if self.proposals.isHidden() or not self.proposals.recut:
            self.tree.show_counts(totals.themes, totals.groups)
        else:  # groups are cut as well
            self.tree.show_counts(totals.themes - totals.proposed + self.proposals.count, 0)
