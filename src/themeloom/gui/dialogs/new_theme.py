"""A new theme: title, where it stands, and which excerpts move in."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from themeloom.base.folding import fold
from themeloom.domain.themes import Level
from themeloom.gui.look import sizes
from themeloom.gui.widgets.label import Label
from themeloom.gui.widgets.pane import Line
from themeloom.gui.widgets.shown_text import Mask, masked, no_mask
from themeloom.insights.wording import count
from themeloom.services.view import View

_LONGEST_TITLE = 120
_MOST_LISTED = 200


@dataclass(frozen=True, slots=True)
class NewTheme:
    """What was chosen: title, id of the group (None: at the top), inner numbers that move in."""

    title: str
    parent_id: str | None
    excerpts: tuple[int, ...]


class NewThemeDialog(QDialog):
    """Splits off what is ticked; without excerpts it makes an empty theme."""

    chosen = Signal(object)  # NewTheme

    def __init__(
        self,
        view: View,
        excerpts: Sequence[int],
        parent: QWidget | None,
        *,
        ticked: Sequence[int] | None = None,
        parent_id: str | None = None,
        title: str = "",
        mask: Mask = no_mask,
    ) -> None:
        """Ask.

        Args:
            view: the project.
            excerpts: inner numbers that can move in, in the order in which they are listed.
            parent: the window.
            ticked: those that are chosen at first; None for all.
            parent_id: the group that is chosen at first.
            title: what stands in the field at first.
            mask: what is personal.
        """
        super().__init__(parent)
        self.setWindowTitle(self.tr("Split off") if excerpts else self.tr("New theme"))
        self._listed = list(excerpts)[:_MOST_LISTED]
        # What is not listed one by one moves in as it was selected.
        self._beyond = tuple(excerpts[_MOST_LISTED:]) if ticked is None else ()
        self._titles = {
            fold(known): known
            for known in view.themes.filter(pl.col("level") != Level.GROUP)["title"]
        }
        self._title = QLineEdit(title)
        self._title.setMaxLength(_LONGEST_TITLE)
        self._title.setAccessibleName(self.tr("Title"))
        self._title.setPlaceholderText(self.tr("What do these excerpts say?"))
        self._title.textChanged.connect(self._refresh)
        self._group = QComboBox()
        self._group.setAccessibleName(self.tr("Group"))
        self._group.addItem(self.tr("No group"), None)
        for theme_id, name in (
            view.themes.filter(pl.col("level") == Level.GROUP)
            .select("theme_id", "title")
            .iter_rows()
        ):
            self._group.addItem(name, theme_id)
        self._group.setCurrentIndex(max(self._group.findData(parent_id), 0))
        self._list = QListWidget()
        self._list.setAccessibleName(self.tr("Excerpts that move in"))
        self._list.setWordWrap(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.itemChanged.connect(self._refresh)
        self._note = Label(size=12, quiet=True, wrap=True)
        self._make = QPushButton()
        self._make.setProperty("primary", True)
        self._make.setDefault(True)
        self._make.clicked.connect(self._on_make)
        self._fill(view, set(self._listed if ticked is None else ticked), mask)
        self._lay_out(bool(excerpts))
        self._refresh()
        self._title.setFocus()

    def _fill(self, view: View, ticked: set[int], mask: Mask) -> None:
        texts = dict(
            view.excerpts.filter(pl.col("excerpt").is_in(self._listed))
            .select("excerpt", "text")
            .iter_rows()
        )
        self._listed = [one for one in self._listed if one in texts]
        self._list.blockSignals(True)
        for excerpt in self._listed:
            item = QListWidgetItem(" ".join(masked(texts[excerpt], mask).split()))
            item.setToolTip(item.text())
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            on = excerpt in ticked
            item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
            self._list.addItem(item)
        self._list.blockSignals(False)

    def _lay_out(self, with_excerpts: bool) -> None:
        form = QFormLayout()
        form.addRow(self.tr("Title"), self._title)
        form.addRow(self.tr("Group"), self._group)
        cancel = QPushButton(self.tr("Cancel"))
        cancel.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addWidget(self._note, 1)
        buttons.addWidget(cancel)
        buttons.addWidget(self._make)
        layout = QVBoxLayout(self)
        space = sizes.px(16)
        layout.setContentsMargins(space, space, space, space)
        layout.setSpacing(sizes.px(12))
        layout.addLayout(form)
        if with_excerpts:
            layout.addWidget(Label(self.tr("Move in"), bold=True))
            layout.addWidget(self._list, 1)
        layout.addWidget(Line(self))
        layout.addLayout(buttons)
        self.resize(sizes.px(520), sizes.px(420) if with_excerpts else self.sizeHint().height())

    def _chosen(self) -> tuple[int, ...]:
        ticked = [
            excerpt
            for at, excerpt in enumerate(self._listed)
            if self._list.item(at).checkState() == Qt.CheckState.Checked
        ]
        return (*ticked, *self._beyond)

    def _refresh(self) -> None:
        title = " ".join(self._title.text().split())
        known = self._titles.get(fold(title))
        moving = len(self._chosen())
        self._make.setText(
            self.tr("Move {0} into a new theme").format(count(moving, "excerpt"))
            if moving
            else self.tr("Make the theme")
        )
        self._make.setEnabled(bool(title) and known is None)
        beyond = f"{len(self._beyond):,}"
        self._note.setText(
            self.tr("There is a theme “{0}” already. T moves excerpts there.").format(known)
            if known
            else self.tr("and {0} more that are selected").format(beyond)
            if self._beyond
            else ""
        )

    def _on_make(self) -> None:
        title = " ".join(self._title.text().split())
        data = self._group.currentData()
        parent_id = data if isinstance(data, str) else None
        self.chosen.emit(NewTheme(title, parent_id, self._chosen()))
        self.accept()
