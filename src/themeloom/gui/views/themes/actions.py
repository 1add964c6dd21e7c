"""The actions of the Themes place: single letters work while its tree or its table has the focus."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import polars as pl
from PySide6.QtWidgets import QWidget

from themeloom.domain.themes import Level
from themeloom.services.teaching import has_examples

if TYPE_CHECKING:
    from themeloom.gui.views.themes.place import ThemesPlace


def add_theme_actions(place: "ThemesPlace") -> None:
    """Add them to the window's registry."""
    _ThemeActions(place).add()


class _ThemeActions:
    """Each action looks up what is selected at the moment it is used."""

    def __init__(self, place: "ThemesPlace") -> None:
        self._place = place
        self._curation = place.curation
        self._workspace = place.workspace
        self._actions = place.window_.actions_
        self._tr: Callable[[str], str] = place.tr

    def add(self) -> None:
        """Register all of them."""
        tr, place = self._tr, self._place
        tree, table = place.tree_pane.tree, place.excerpts.table
        panes: QWidget = place.panes
        themes = partial(self._add, menu="Themes", enabled=self._on_themes)
        # Not translated here: the menu does that. What is used rarely, or not on themes, stands in
        # sub-menus: the menu has to fit on a screen of 768 pixels.
        levels = partial(themes, under="Le&vels and groups")
        themes("themes.rename", tr("&Rename"), tree.rename, "F2", icon="edit", focus=tree)
        themes("themes.accept", tr("&Accept"), self._accept, "A", icon="check", focus=panes)
        themes("themes.lock", tr("&Lock or unlock"), self._lock, "L", icon="lock", focus=panes)
        themes(
            "themes.merge",
            tr("&Merge…"),
            self._merge,
            "M",
            icon="merge",
            focus=panes,
            enabled=self._on_several,
        )
        themes(
            "themes.split",
            tr("&Split…"),
            self._split,
            "S",
            icon="split",
            focus=panes,
            enabled=self._on_one,
        )
        levels("themes.split-off", tr("Split &off excerpts…"), self._split_off, None)
        levels(
            "themes.promote",
            tr("Move a level &up…"),
            partial(self._move, up=True),
            "Alt+Shift+Left",
            enabled=partial(self._on_movable, up=True),
        )
        levels(
            "themes.demote",
            tr("Move a level do&wn…"),
            partial(self._move, up=False),
            "Alt+Shift+Right",
            enabled=partial(self._on_movable, up=False),
        )
        levels("themes.nest", tr("Move &to group…"), self._nest, None)
        themes("themes.rest", tr("Put to r&est or wake"), self._rest, None)
        themes("themes.delete", tr("&Delete"), self._delete, "Del", icon="trash", focus=tree)
        themes(
            "themes.new",
            tr("&New theme…"),
            self._new,
            "N",
            icon="add",
            focus=panes,
            enabled=self._writable,
        )
        levels("themes.new-group", tr("New &group…"), self._new_group, None, enabled=self._writable)
        themes(
            "themes.accept-all",
            tr("Accept a&ll proposals"),
            self._accept_all,
            None,
            enabled=self._on_proposals,
        )
        themes(
            "themes.review",
            tr("Re&view…"),
            place.begin_review,
            "Ctrl+Shift+R",
            icon="eye",
            enabled=self._has_themes,
            group="review",
        )
        themes(
            "themes.review-all",
            tr("Review all the&mes…"),
            place.review_all,
            None,
            enabled=self._has_themes,
            group="review",
        )
        themes(
            "themes.teach",
            tr("Apply what I tau&ght…"),
            place.teaching.begin,
            "Ctrl+Shift+T",
            enabled=self._on_examples,
            group="review",
        )
        themes(
            "themes.unsorted",
            tr("Show &unsorted"),
            place.show_unsorted,
            "Ctrl+U",
            enabled=self._opened,
            group="review",
        )
        themes(
            "themes.coverage",
            tr("Let in &more or less…"),
            place.reshaping.show_coverage,
            "Ctrl+Shift+U",
            enabled=self._after_a_run,
            group="review",
        )
        themes(
            "themes.inspector",
            tr("Show or hide the &inspector"),
            place.toggle_inspector,
            "Ctrl+Shift+I",
            enabled=self._opened,
            group="review",
        )
        excerpts = partial(
            self._add,
            menu="Themes",
            enabled=self._on_excerpts,
            group="excerpts",
            under="E&xcerpts",
        )
        excerpts(
            "excerpts.move",
            tr("Move e&xcerpts to theme…"),
            place.placing.pick_theme,
            "T",
            focus=panes,
        )
        excerpts(
            "excerpts.also",
            tr("Add excerpts to a second theme…"),
            partial(place.placing.pick_theme, also=True),
            "Shift+T",
            focus=panes,
        )
        several = partial(excerpts, enabled=self._on_further)
        several("excerpts.main", tr("Make it the mai&n theme"), self._make_primary, None)
        several("excerpts.take-off", tr("Take o&ff this theme"), self._take_off, None)
        excerpts("excerpts.confirm", tr("&Confirm excerpts"), self._confirm, "C", focus=panes)
        excerpts("excerpts.unsort", tr("&Unsort excerpts"), self._unsort, "U", focus=panes)
        excerpts(
            "excerpts.alike",
            tr("More li&ke this"),
            place.searching.show_alike,
            "Ctrl+K",
            icon="similar",
            enabled=self._on_any_excerpts,
        )
        excerpts(
            "excerpts.look",
            tr("&Quick look"),
            place.look_quickly,
            "Space",
            focus=table,
            enabled=self._on_any_excerpts,
        )
        excerpts(
            "excerpts.copy",
            tr("Cop&y excerpts"),
            table.copy,
            "Ctrl+C",
            icon="copy",
            focus=table,
            enabled=self._on_any_excerpts,
        )

    def _add(
        self,
        name: str,
        text: str,
        slot: Callable[[], object],
        keys: str | None,
        *,
        menu: str,
        enabled: Callable[[], bool | str],
        icon: str | None = None,
        focus: QWidget | None = None,
        group: str = "themes",
        under: str = "",
    ) -> None:
        self._actions.add(
            name,
            text,
            slot,
            menu=menu,
            shortcut=keys,
            icon=icon,
            place="themes",
            group=group,
            under=under,
            enabled=enabled,
            focus=focus,
        )

    # --- when they can be used

    def _opened(self) -> bool | str:
        return self._workspace.session is not None or self._tr("Open a project first.")

    def _writable(self) -> bool | str:
        if self._workspace.session is None:
            return self._tr("Open a project first.")
        return not self._workspace.read_only or self._tr("The project is open for reading only.")

    def _on_themes(self) -> bool | str:
        if (reason := self._writable()) is not True:
            return reason
        return bool(self._place.selected_themes) or self._tr("Select a theme first.")

    def _on_several(self) -> bool | str:
        if (reason := self._writable()) is not True:
            return reason
        return self._place.reshaping.can_merge(self._place.selected_themes)

    def _on_one(self) -> bool | str:
        if (reason := self._writable()) is not True:
            return reason
        return self._place.reshaping.can_split(self._place.selected_themes)

    def _on_movable(self, *, up: bool) -> bool | str:
        if (reason := self._writable()) is not True:
            return reason
        return self._place.reshaping.can_move(self._place.selected_themes, up=up)

    def _after_a_run(self) -> bool | str:
        if (reason := self._writable()) is not True:
            return reason
        view = self._workspace.view
        return (view is not None and view.run is not None) or self._tr("Find themes first.")

    def _on_any_excerpts(self) -> bool | str:
        return bool(self._place.selected_excerpts) or self._tr("Select excerpts first.")

    def _on_excerpts(self) -> bool | str:
        reason = self._writable()
        return self._on_any_excerpts() if reason is True else reason

    def _on_further(self) -> bool | str:
        """The table is about one theme, and what is selected has others, too."""
        place, view = self._place, self._workspace.view
        if (reason := self._on_excerpts()) is not True or view is None:
            return reason
        if len(place.showing.themes) != 1:
            return self._tr("Show one theme first.")
        chosen = view.excerpts.filter(pl.col("excerpt").is_in(place.selected_excerpts))
        several = bool((chosen["also"].list.len() > 0).any())
        return several or self._tr("Select excerpts that are in several themes.")

    def _has_themes(self) -> bool | str:
        if (reason := self._writable()) is not True:
            return reason
        view = self._workspace.view
        return (view is not None and view.totals.themes > 0) or self._tr("Find themes first.")

    def _on_examples(self) -> bool | str:
        view = self._workspace.view
        if (reason := self._writable()) is not True:
            return reason
        if self._workspace.job is not None:
            return self._tr("Wait until what is under way is done.")
        return (view is not None and has_examples(view)) or self._tr(
            "Move, confirm or unsort some excerpts first."
        )

    def _on_proposals(self) -> bool | str:
        view = self._workspace.view
        if (reason := self._writable()) is not True:
            return reason
        return (view is not None and view.totals.proposed > 0) or self._tr("Nothing is proposed.")

    # --- what they do

    def _accept(self) -> None:
        """Accept what has the focus: the nearest theme of unsorted excerpts, or a proposal."""
        place = self._place
        proposals = place.left.proposals.list
        if proposals.hasFocus():
            proposals.accept_selected()
        elif place.excerpts.table.hasFocus() and place.showing.unsorted:
            self._curation.accept_each(place.excerpts.nearest_of_selected())
        elif place.excerpts.table.hasFocus() and place.selected_excerpts:
            self._curation.confirm(place.selected_excerpts)
        else:
            self._curation.accept(place.selected_themes)

    def _accept_all(self) -> None:
        view = self._workspace.view
        if view is not None:
            self._curation.accept(view.themes["theme_id"].to_list())

    def _lock(self) -> None:
        self._curation.toggle_lock(self._themes_only())

    def _rest(self) -> None:
        self._curation.set_dormant(self._themes_only())

    def _delete(self) -> None:
        self._curation.delete(self._place.selected_themes)

    def _confirm(self) -> None:
        self._curation.confirm(self._place.selected_excerpts)

    def _make_primary(self) -> None:
        self._curation.make_primary(self._place.selected_excerpts, self._place.showing.themes[0])

    def _take_off(self) -> None:
        self._curation.take_off(self._place.selected_excerpts, self._place.showing.themes[0])

    def _unsort(self) -> None:
        self._curation.unsort(self._place.selected_excerpts)

    def _merge(self) -> None:
        self._place.reshaping.merge(self._place.selected_themes)

    def _split(self) -> None:
        self._place.reshaping.split(self._place.selected_themes[0])

    def _move(self, *, up: bool) -> None:
        self._place.reshaping.move(self._place.selected_themes, up=up)

    def _split_off(self) -> None:
        """Move some excerpts of what is shown into a theme of their own: the person ticks which."""
        place = self._place
        chosen = place.selected_excerpts
        shown = place.excerpts.model.numbers.to_list()
        place.placing.new_theme(chosen if len(chosen) > 1 else shown, chosen)

    def _new(self) -> None:
        place = self._place
        place.placing.new_theme(place.selected_excerpts if place.excerpts.table.hasFocus() else [])

    def _new_group(self) -> None:
        chosen = self._themes_only()
        title = self._tr("New group")

        def made(group_id: str) -> None:
            if chosen:
                self._curation.nest(chosen, group_id)
            self._place.show_theme(group_id)
            self._place.tree_pane.tree.rename()

        self._curation.create(title, level=Level.GROUP, then=made)

    def _nest(self) -> None:
        self._place.placing.pick_parent(self._place.selected_themes)

    def _themes_only(self) -> list[str]:
        view = self._workspace.view
        if view is None:
            return []
        groups = set(view.themes.filter(view.themes["level"] == Level.GROUP)["theme_id"])
        return [one for one in self._place.selected_themes if one not in groups]
