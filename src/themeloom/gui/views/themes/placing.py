"""Where excerpts and themes go: what the picker, menus, drops and dialogs of the place ask for."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import polars as pl
from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QAction

from themeloom.domain.themes import Level
from themeloom.gui.dialogs.new_theme import NewTheme, NewThemeDialog
from themeloom.gui.dialogs.quotes import QuotesDialog
from themeloom.gui.look import sizes
from themeloom.gui.widgets.menu import Menu

if TYPE_CHECKING:
    from themeloom.gui.views.themes.place import ThemesPlace


class Placing(QObject):
    """Stands between the panes, which only ask, and the edits of the project."""

    def __init__(self, place: "ThemesPlace") -> None:
        """Follow the panes, the picker and the inspector of ``place``."""
        super().__init__(place)
        self._place = place
        self._workspace = place.workspace
        self._curation = place.curation
        place.tree_pane.model.excerpts_dropped.connect(self._on_dropped)
        place.excerpts.move_asked.connect(self.pick_theme)
        place.inspector.choose_quotes.connect(self._choose_quotes)
        place.inspector.primary_asked.connect(self._make_primary)
        place.inspector.take_off_asked.connect(self._take_off)
        place.picker.chosen.connect(self._on_picked)
        place.picker.created.connect(self._on_named)
        place.curation.placed.connect(self._remember)

    def pick_theme(self, *, also: bool = False) -> None:
        """Open the picker for the selected excerpts."""
        view = self._workspace.view
        if view is None or not self._place.selected_excerpts:
            return
        self._place.picker.pick(view, self._place.excerpts.foot, also=also)

    def pick_parent(self, theme_ids: Sequence[str]) -> None:
        """Open a menu of the groups that themes can move to."""
        view = self._workspace.view
        if view is None:
            return
        menu = Menu(self._place)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        groups = view.themes.filter(pl.col("level") == Level.GROUP)
        for group_id, title in groups.select("theme_id", "title").iter_rows():
            action: QAction = menu.addAction(str(title).replace("&", "&&"))
            action.triggered.connect(partial(self._nest, theme_ids, group_id))
        menu.addSeparator()
        top = menu.addAction(self.tr("To the top, outside groups"))
        top.triggered.connect(partial(self._nest, theme_ids, None))
        menu.popup(self._place.tree_pane.mapToGlobal(QPoint(sizes.px(40), sizes.px(120))))

    def new_theme(self, excerpts: Sequence[int], ticked: Sequence[int] | None = None) -> None:
        """Ask for the title of a theme that excerpts move into."""
        view = self._workspace.view
        if view is None:
            return
        dialog = NewThemeDialog(
            view, excerpts, self._place.window_, ticked=ticked, mask=self._place.screen_mask
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.chosen.connect(self._create)
        dialog.open()

    def _nest(self, theme_ids: Sequence[str], parent: str | None, _checked: bool = False) -> None:
        self._curation.nest(theme_ids, parent)

    def _on_picked(self, theme_id: str, also: bool) -> None:
        self._curation.move(
            self._place.selected_excerpts,
            theme_id,
            also=also,
            instead_of=self._place.showing.themes,
        )
        self._place.excerpts.take_focus()

    def _on_dropped(self, excerpts: Sequence[int], theme_id: str) -> None:
        self._curation.move(excerpts, theme_id, instead_of=self._place.showing.themes)

    def _make_primary(self, excerpt: int, theme_id: str) -> None:
        self._curation.make_primary([excerpt], theme_id)

    def _take_off(self, excerpt: int, theme_id: str) -> None:
        self._curation.take_off([excerpt], theme_id)

    def _on_named(self, title: str, also: bool) -> None:
        self._curation.create(
            title, self._place.selected_excerpts, also=also, instead_of=self._place.showing.themes
        )
        self._place.excerpts.take_focus()

    def _remember(self, theme_id: str) -> None:
        self._place.picker.set_recent(
            [theme_id, *(one for one in self._place.picker.recent if one != theme_id)]
        )

    def _create(self, wanted: NewTheme) -> None:
        self._curation.create(
            wanted.title,
            wanted.excerpts,
            parent_id=wanted.parent_id,
            instead_of=self._place.showing.themes,
            then=self._place.show_theme,
        )

    def _choose_quotes(self, theme_id: str) -> None:
        view = self._workspace.view
        if view is None:
            return
        dialog = QuotesDialog(view, theme_id, self._place.window_, self._place.screen_mask)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.chosen.connect(self._curation.choose_quotes)
        dialog.open()
