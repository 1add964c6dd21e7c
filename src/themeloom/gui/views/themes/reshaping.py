"""Split, merge, a level up or down, more or fewer let in: each asks first, then is one edit."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import polars as pl
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QDialog

from themeloom.domain.changes import Deed
from themeloom.domain.themes import Level
from themeloom.gui.dialogs.coverage import CoverageDialog
from themeloom.gui.dialogs.levels import LevelDialog
from themeloom.gui.dialogs.merge import MergeDialog
from themeloom.gui.dialogs.split import SplitDialog, Splitting
from themeloom.gui.widgets.undo_offer import say_done
from themeloom.services import joining, levels, splitting
from themeloom.services.coverage import Coverage, change_coverage
from themeloom.services.session import Session
from themeloom.services.splitting import Split
from themeloom.services.view import View

if TYPE_CHECKING:
    from themeloom.gui.views.themes.place import ThemesPlace


class Reshaping(QObject):
    """The deeds of the Themes place that change the tree, and how much of the texts is in it."""

    def __init__(self, place: "ThemesPlace") -> None:
        """Act on what ``place`` shows."""
        super().__init__(place)
        self._place = place
        self._workspace = place.workspace

    # --- split

    def can_split(self, theme_ids: Sequence[str]) -> bool | str:
        """Tell whether the selected theme can be split."""
        if self._workspace.job is not None:
            return self.tr("Wait until what is under way is done.")
        if len(theme_ids) != 1 or self._level(theme_ids[0]) in (None, Level.GROUP):
            return self.tr("Select one theme first.")
        return True

    def split(self, theme_id: str) -> None:
        """Ask the engine for the parts of a theme, and show them."""

        def job(session: Session, report: Callable[..., None]) -> Split:
            return splitting.propose(session.project, session.engine, theme_id, report)

        self._workspace.run_job(self.tr("Look for parts"), job, self._show_split, changes=False)

    def _show_split(self, split: Split) -> None:
        view = self._workspace.view
        if view is None or split.theme_id not in view.themes["theme_id"]:
            return
        dialog = SplitDialog(view, split, self._place.window_, self._place.screen_mask)
        dialog.chosen.connect(self._split)
        self._open(dialog)

    def _split(self, wanted: Splitting) -> None:
        def deed(session: Session) -> Deed | None:
            return splitting.apply(
                session.project,
                wanted.split,
                wanted.count,
                wanted.titles,
                beside=wanted.beside,
                reviewed=wanted.reviewed,
            )

        self._edit(deed, lambda _: wanted.split.theme_id)

    # --- merge

    def can_merge(self, theme_ids: Sequence[str]) -> bool | str:
        """Tell whether the selected themes can be merged."""
        view = self._workspace.view
        if view is None:
            return self.tr("Open a project first.")
        return joining.why_not(view, theme_ids) or True

    def merge(self, theme_ids: Sequence[str]) -> None:
        """Show what would move, and merge themes."""
        view = self._workspace.view
        if view is None or self.can_merge(theme_ids) is not True:
            return

        def show(fields: pl.DataFrame) -> None:
            dialog = MergeDialog(
                view, theme_ids, self._place.window_, self._place.screen_mask, fields
            )
            dialog.chosen.connect(self._place.curation.merge)
            self._open(dialog)

        self._workspace.ask("merge", lambda session: session.project.insight_fields(), show)

    # --- levels

    def can_move(self, theme_ids: Sequence[str], *, up: bool) -> bool | str:
        """Tell whether the selected themes can move a level up, or down."""
        view = self._workspace.view
        if view is None:
            return self.tr("Open a project first.")
        ask = levels.why_no_promotion if up else levels.why_no_demotion
        return ask(view, theme_ids) or True

    def move(self, theme_ids: Sequence[str], *, up: bool) -> None:
        """Show what moves a level up or down, and move it."""
        view = self._workspace.view
        ids = list(theme_ids)
        if view is None or self.can_move(ids, up=up) is not True:
            return
        dialog = LevelDialog(view, ids, self._place.window_, up=up)
        inside = view.themes.filter(pl.col("parent_id").is_in(ids))["theme_id"].to_list()

        def came(now: View) -> str | None:
            """A group that goes down is a theme with another id; it holds what the group held."""
            if up or ids[0] in now.themes["theme_id"]:
                return ids[0]
            held = now.themes.filter(pl.col("theme_id").is_in(inside))["parent_id"].drop_nulls()
            return str(held[0]) if held.len() else None

        def chosen(below: str | None) -> None:
            self._edit(
                lambda session: (
                    session.project.promote_themes(ids)
                    if up
                    else session.project.demote_themes(ids, below)
                ),
                came,
            )

        dialog.chosen.connect(chosen)
        self._open(dialog)

    # --- coverage

    def show_coverage(self) -> None:
        """Show what could be let in or put out."""
        self._workspace.ask(
            "coverage of now", lambda session: Coverage.load(session.project), self._show_coverage
        )

    def _show_coverage(self, coverage: Coverage | None) -> None:
        view = self._workspace.view
        if view is None or coverage is None:
            return
        dialog = CoverageDialog(
            view,
            coverage,
            self._workspace.compute,
            self._place.window_,
            self._place.screen_mask,
        )
        dialog.chosen.connect(self._change_coverage)
        self._open(dialog)

    def _change_coverage(self, step: int) -> None:
        self._edit(lambda session: change_coverage(session.project, step))

    # --- all of them

    def _edit(
        self,
        deed: Callable[[Session], Deed | None],
        shown: Callable[[View], str | None] = lambda _: None,
    ) -> None:
        """Change the project, then show a theme; what was done can be taken back at once.

        ``shown`` finds the theme in the project as it is then.
        """

        def done(result: Deed | None) -> None:
            if result is None:
                return
            view = self._workspace.view
            theme_id = shown(view) if view is not None else None
            if theme_id is not None:
                self._place.show_theme(theme_id)
                self._place.tree_pane.tree.open_theme(theme_id)
            name = result.name[:1].upper() + result.name[1:]
            done = self.tr("Done: {0}.").format(name)
            say_done(self._place.window_.bar, self._workspace, done)

        self._workspace.edit(deed, done)

    def _open(self, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _level(self, theme_id: str) -> str | None:
        view = self._workspace.view
        if view is None:
            return None
        found = view.themes.filter(pl.col("theme_id") == theme_id)["level"]
        return str(found[0]) if found.len() else None
