"""What the table of the Themes place is about: themes, what is unsorted, or what was found."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl
from PySide6.QtCore import QObject

from themeloom.domain.themes import Level
from themeloom.gui.models.excerpt_rows import Scope, numbers_scope, themes_scope, unsorted_scope
from themeloom.gui.views.themes.inspector import THEME
from themeloom.services.view import View

if TYPE_CHECKING:
    from themeloom.gui.views.themes.place import ThemesPlace

_UNSORTED = "unsorted"


class Showing(QObject):
    """Shows excerpts in the table, and the same in the inspector."""

    def __init__(self, place: "ThemesPlace") -> None:
        """Nothing is shown yet."""
        super().__init__(place)
        self._place = place
        self._key = ""
        self._theme_ids: list[str] = []  # the themes that were asked for
        self._back: list[str] = []  # those that what was found took the place of
        self._tell: Callable[[View], None] | None = None  # says in the inspector what was found

    @property
    def key(self) -> str:
        """The key of the scope that is shown; "" before the first one."""
        return self._key

    @property
    def unsorted(self) -> bool:
        """Whether the table shows excerpts without a theme."""
        return self._key == _UNSORTED

    @property
    def themes(self) -> tuple[str, ...]:
        """The themes whose excerpts are shown, those below them included; may be none."""
        scope = self._place.excerpts.scope
        return scope.theme_ids if scope else ()

    def forget(self) -> None:
        """Begin anew when the project is shown next."""
        self._key = ""
        self._tell = None

    def show_scope(self, scope: Scope) -> None:
        """Show other excerpts."""
        self._key = scope.key
        self._theme_ids = []
        self._tell = None
        self._place.excerpts.show_scope(scope)

    def show_themes(self, theme_ids: Sequence[str]) -> None:
        """Show the excerpts of themes."""
        place, view = self._place, self._place.workspace.view
        if view is None:
            return
        place.searching.clear()
        self.show_scope(themes_scope(view, theme_ids))
        self._theme_ids = list(theme_ids)
        place.inspector.show_themes(view, theme_ids)
        place.inspector.go_to(THEME)
        place.window_.actions_.refresh()

    def show_unsorted(self, *, left_out: bool = False) -> None:
        """Show the excerpts that carry no theme; with ``left_out`` those that need none too."""
        self.show_scope(unsorted_scope(self.tr("Unsorted"), left_out=left_out))

    def show_excerpts(self, title: str, excerpt_ids: Sequence[str], key: str) -> None:
        """Show certain excerpts."""
        view = self._place.workspace.view
        if view is not None:
            wanted = view.excerpts.filter(pl.col("excerpt_id").is_in(list(excerpt_ids)))
            self.show_found(numbers_scope(title, wanted["excerpt"].to_list(), f"shown:{key}"))

    def show_found(self, scope: Scope, words: Callable[[], str] | None = None) -> None:
        """Show excerpts that are not those of a theme: none is selected meanwhile.

        Args:
            scope: which excerpts.
            words: what the inspector says of a proposal; asked again when the project has changed.
        """
        place, view = self._place, self._place.workspace.view
        if view is None:
            return
        back = self._theme_ids or (self._back if self._tell is not None else [])
        place.tree_pane.tree.select([])
        if words is None:
            place.left.proposals.list.selectionModel().clear()
        self.show_scope(scope)
        self._back = back

        def tell(view: View) -> None:
            said = words() if words else self.tr("Select an excerpt to see its record and theme.")
            place.inspector.show_words(view, scope.title, said)

        self._tell = tell
        tell(view)
        place.window_.actions_.refresh()

    def show_back(self) -> None:
        """Show again the themes that what was found took the place of."""
        view = self._place.workspace.view
        known = set(view.themes["theme_id"]) if view is not None else set[str]()
        chosen = [one for one in self._back if one in known]
        if chosen:
            self._place.tree_pane.tree.select(chosen)
            self.show_themes(chosen)
        else:
            self._show_first()

    def tell_again(self) -> None:
        """Say anew what was found: texts may be masked in another way."""
        view = self._place.workspace.view
        if self._tell is not None and view is not None:
            self._tell(view)

    def follow(self, view: View) -> None:
        """Follow the project: what is shown may be called otherwise now, or accepted."""
        self._renew(view)
        inspector = self._place.inspector
        if not self._key:
            self._show_first()
        elif self.unsorted:
            inspector.show_unsorted(view)
        elif self._tell is not None:
            self._tell(view)
        elif self._theme_ids and view.themes.filter(self._are_shown).is_empty():
            self._show_first()
        else:
            inspector.show_themes(view, self._place.selected_themes)

    @property
    def _are_shown(self) -> pl.Expr:
        return pl.col("theme_id").is_in(self._theme_ids)

    def _renew(self, view: View) -> None:
        before = self._place.excerpts.scope
        shown = view.themes.filter(self._are_shown)
        if before is None or shown.is_empty():
            return
        now = themes_scope(view, shown["theme_id"].to_list())
        if replace(now, where=before.where) != before:
            self._place.excerpts.show_scope(now)

    def _show_first(self) -> None:
        """Begin with the largest theme: a table that is empty says nothing."""
        view = self._place.workspace.view
        if view is None or view.excerpts.is_empty():
            return
        themes = view.themes.filter(pl.col("level") != Level.GROUP).sort("records", descending=True)
        if themes.is_empty():
            # Without a key: once there are themes, the largest one takes its place.
            self.show_scope(replace(unsorted_scope(self.tr("All excerpts")), key=""))
            self._place.inspector.show_themes(view, [])
        else:
            self._place.show_theme(themes["theme_id"][0])
