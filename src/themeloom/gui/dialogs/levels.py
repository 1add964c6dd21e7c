"""Moving themes a level up or down: every theme that changes its place is shown before it does."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from themeloom.domain.themes import Level
from themeloom.gui.look import sizes
from themeloom.gui.widgets.elided import ElidedLabel
from themeloom.gui.widgets.label import Label
from themeloom.gui.widgets.pane import Line, ScrollPage, clear
from themeloom.insights.wording import count
from themeloom.services.levels import LevelChange, Moving, demotion, places, promotion
from themeloom.services.view import View


class LevelDialog(QDialog):
    """What moves, from where to where; below which theme, where there is a choice."""

    chosen = Signal(object)  # id of the theme that others become part of, or None

    def __init__(
        self, view: View, theme_ids: Sequence[str], parent: QWidget | None, *, up: bool
    ) -> None:
        """``theme_ids`` can move a level ``up``, or else down."""
        super().__init__(parent)
        self._view, self._ids, self._up = view, list(theme_ids), up
        levels = dict(view.themes.select("theme_id", "level").iter_rows())
        self._level = Level(levels[self._ids[0]])
        self.setWindowTitle(self.tr("Move a level up") if up else self.tr("Move a level down"))
        self._below = QComboBox()
        self._below.setAccessibleName(self.tr("Part of which theme"))
        self._asks = not up and self._level == Level.THEME
        if self._asks:
            for theme_id, title in places(view, self._ids):
                self._below.addItem(title, theme_id)
        self._head = Label(wrap=True)
        self._page = ScrollPage(self, margin=0, gap=8)
        self._note = Label(size=12, quiet=True, wrap=True)
        self._move = QPushButton(self.windowTitle())
        self._move.setProperty("primary", True)
        self._move.setDefault(True)
        self._move.clicked.connect(self._on_move)
        self._lay_out()
        self._below.currentIndexChanged.connect(self._refresh)
        self._refresh()
        (self._below if self._asks else self._move).setFocus()
        self.resize(sizes.px(560), sizes.px(400))

    def _lay_out(self) -> None:
        target = QHBoxLayout()
        target.setSpacing(sizes.px(8))
        label = Label(self.tr("Part of which theme?"))
        target.addWidget(label)
        target.addWidget(self._below, 1)
        label.setVisible(self._asks)
        self._below.setVisible(self._asks)
        cancel = QPushButton(self.tr("Cancel"))
        cancel.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(cancel)
        buttons.addWidget(self._move)
        layout = QVBoxLayout(self)
        space = sizes.px(16)
        layout.setContentsMargins(space, space, space, space)
        layout.setSpacing(sizes.px(12))
        layout.addWidget(self._head)
        layout.addLayout(target)
        layout.addWidget(Line(self))
        layout.addWidget(self._page, 1)
        layout.addWidget(self._note)
        layout.addWidget(Line(self))
        layout.addLayout(buttons)

    @property
    def _target(self) -> str | None:
        data = self._below.currentData() if self._asks else None
        return data if isinstance(data, str) else None

    def _refresh(self) -> None:
        if self._up:
            change = promotion(self._view, self._ids)
        else:
            change = demotion(self._view, self._ids, self._target)
        self._head.setText(self._sentence(change))
        clear(self._page.parts)
        for moving in change.moves:
            self._page.parts.addWidget(self._row(moving))
        self._page.parts.addStretch()
        words = [self.tr("No excerpt changes its theme.")]
        if change.empty:
            words.append(
                self.tr(
                    "“{0}” has no excerpt of its own: it stays in the group, empty, until you"
                    " delete it."
                ).format(change.empty)
            )
        words.append(self.tr("You can undo it at any time."))
        self._note.setText(" ".join(words))

    def _sentence(self, change: LevelChange) -> str:
        number = len(change.moves)
        if change.gone:
            return self.tr(
                "The group “{0}” becomes a theme. {1} of it then; the group itself goes."
            ).format(change.gone, count(number, "theme becomes part", "themes become parts"))
        if change.made:
            return self.tr("A new group “{0}” is made. {1} into it.").format(
                change.made, count(number, "theme moves", "themes move")
            )
        kind = self.tr("theme") if self._up else self.tr("sub-theme")
        if number == 1:
            return self.tr("“{0}” becomes a {1}.").format(change.moves[0].title, kind)
        return self.tr("{0} become {1}s.").format(count(number, "theme"), kind)

    def _row(self, moving: Moving) -> QWidget:
        row = QWidget()
        head = QHBoxLayout()
        head.addWidget(ElidedLabel(moving.title, bold=True), 1)
        head.addWidget(Label(count(moving.records, "record"), size=12, quiet=True, tabular=True))
        layout = QVBoxLayout(row)
        layout.setContentsMargins(0, 0, sizes.px(4), 0)
        layout.setSpacing(sizes.px(2))
        layout.addLayout(head)
        layout.addWidget(ElidedLabel(f"{moving.now} → {moving.then}", size=12, quiet=True))
        return row

    def _on_move(self) -> None:
        self.chosen.emit(self._target)
        self.accept()
