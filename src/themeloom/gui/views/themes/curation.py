"""What a person does to themes and excerpts: each deed is one edit of the workspace."""

from collections.abc import Callable, Mapping, Sequence
from typing import cast

import polars as pl
from PySide6.QtCore import QObject, Signal

from themeloom.domain.changes import Deed
from themeloom.domain.themes import Level, Status
from themeloom.gui.bridge.workspace import Edit, Workspace
from themeloom.gui.dialogs.merge import Merge
from themeloom.gui.widgets.message_bar import MessageBar
from themeloom.gui.widgets.undo_offer import say_done
from themeloom.services.session import Session

Then = Callable[[], None]


class Curation(QObject):
    """The deeds of the Themes place. Excerpts are named by their inner numbers.

    ``placed`` tells into which theme excerpts went, for the picker's memory.
    """

    placed = Signal(str)

    def __init__(self, workspace: Workspace, bar: MessageBar, parent: QObject) -> None:
        """Say what can be taken back at once in ``bar``."""
        super().__init__(parent)
        self._workspace = workspace
        self._bar = bar

    # --- themes

    def rename(self, theme_id: str, title: str) -> None:
        """Give a theme another title."""
        self._edit(lambda session: session.project.rename_theme(theme_id, title))

    def describe(self, theme_id: str, field: str, value: object) -> None:
        """Change title, definition, memo or key phrases of a theme."""
        if field == "title":
            self.rename(theme_id, str(value))
            return

        def deed(session: Session) -> Deed | None:
            project = session.project
            if field == "definition":
                return project.describe_theme(theme_id, definition=str(value))
            if field == "memo":
                return project.describe_theme(theme_id, memo=str(value))
            phrases = [str(one) for one in cast(Sequence[object], value)]
            return project.describe_theme(theme_id, key_phrases=phrases)

        self._edit(deed)

    def accept(self, theme_ids: Sequence[str]) -> None:
        """Accept proposals; of groups, the proposals in them."""
        ids = self._with_status(self._inside(theme_ids), Status.PROPOSED)
        if ids:
            self._edit(lambda session: session.project.set_theme_status(ids, Status.ACTIVE))

    def set_locked(self, theme_ids: Sequence[str], locked: bool) -> None:
        """Lock themes against later searches, or unlock them."""
        status = Status.LOCKED if locked else Status.ACTIVE
        ids = list(theme_ids)
        self._edit(lambda session: session.project.set_theme_status(ids, status))

    def toggle_lock(self, theme_ids: Sequence[str]) -> None:
        """Lock themes, or unlock them where all are locked."""
        locked = self._with_status(theme_ids, Status.LOCKED)
        self.set_locked(theme_ids, len(locked) < len(theme_ids))

    def set_dormant(self, theme_ids: Sequence[str]) -> None:
        """Put themes to rest, or wake them where all are at rest."""
        ids = list(theme_ids)
        resting = self._with_status(ids, Status.DORMANT)
        status = Status.ACTIVE if len(resting) == len(ids) else Status.DORMANT
        self._edit(lambda session: session.project.set_theme_status(ids, status))

    def merge(self, wanted: Merge) -> None:
        """Merge themes into one of them, and give that another title where one is given."""
        others = [one for one in wanted.theme_ids if one != wanted.into]
        title = wanted.title or None
        self._edit(lambda session: session.project.merge_themes(others, wanted.into, title=title))

    def nest(self, theme_ids: Sequence[str], parent_id: str | None) -> None:
        """Put themes under a group or theme, or at the top."""
        ids = list(theme_ids)
        self._edit(lambda session: session.project.move_themes(ids, parent_id))

    def delete(self, theme_ids: Sequence[str]) -> None:
        """Delete themes at once, and offer to take it back."""
        ids = list(theme_ids)
        titles = [self.title(one) for one in ids]

        def said(deed: Deed | None) -> None:
            if deed is None:
                return
            many = self.tr("{n} themes").format(n=f"{len(ids):,}")
            what = f"“{titles[0]}”" if len(titles) == 1 else many
            text = self.tr("Deleted {what}. The excerpts are unsorted now.").format(what=what)
            say_done(self._bar, self._workspace, text)

        self._workspace.edit(lambda session: session.project.delete_themes(ids), said)

    def create(
        self,
        title: str,
        excerpts: Sequence[int] = (),
        *,
        parent_id: str | None = None,
        level: Level = Level.THEME,
        also: bool = False,
        instead_of: Sequence[str] = (),
        then: Callable[[str], None] | None = None,
    ) -> None:
        """Make a theme; excerpts move in, or also belong to it. ``then`` gets its id.

        Excerpts in several themes leave one of ``instead_of``, or their main theme.
        """
        ids = self.ids_of(excerpts)
        made: list[str] = []

        def deed(session: Session) -> Deed:
            result, theme_id = session.project.create_theme(
                title,
                parent_id=parent_id,
                level=level,
                excerpt_ids=ids,
                also=also,
                instead_of=instead_of,
            )
            made.append(theme_id)
            return result

        def done(_: Deed | None) -> None:
            self.placed.emit(made[0])
            if then:
                then(made[0])

        self._workspace.edit(deed, done)

    def choose_quotes(self, theme_id: str, excerpt_ids: Sequence[str]) -> None:
        """Show other quotes for a theme."""
        ids = list(excerpt_ids)
        self._edit(lambda session: session.project.choose_quotes(theme_id, ids))

    # --- excerpts

    def move(
        self,
        excerpts: Sequence[int],
        theme_id: str,
        *,
        also: bool = False,
        instead_of: Sequence[str] = (),
    ) -> Edit:
        """Put excerpts under a theme; ``also`` keeps the themes that they have.

        Excerpts in several themes leave one of ``instead_of``, or their main theme.
        """
        ids = self.ids_of(excerpts)
        if not ids:
            return Edit()
        self.placed.emit(theme_id)
        return self._edit(
            lambda session: session.project.assign(ids, theme_id, also=also, instead_of=instead_of)
        )

    def take_off(self, excerpts: Sequence[int], theme_id: str) -> None:
        """Take excerpts off one of several themes that they have."""
        ids = self.ids_of(excerpts)
        if ids:
            self._edit(lambda session: session.project.take_off(ids, theme_id))

    def make_primary(self, excerpts: Sequence[int], theme_id: str) -> None:
        """Make one of several themes of excerpts their main one."""
        ids = self.ids_of(excerpts)
        if ids:
            self._edit(lambda session: session.project.make_primary(ids, theme_id))

    def confirm(self, excerpts: Sequence[int]) -> Edit:
        """Say that excerpts are where they belong."""
        ids = self.ids_of(excerpts)
        return self._edit(lambda session: session.project.confirm(ids)) if ids else Edit()

    def unsort(self, excerpts: Sequence[int]) -> Edit:
        """Say that excerpts fit no theme."""
        ids = self.ids_of(excerpts)
        return self._edit(lambda session: session.project.unassign(ids)) if ids else Edit()

    def accept_each(self, nearest: Mapping[str, Sequence[int]]) -> None:
        """Put unsorted excerpts under the themes that come nearest to them."""
        placed = {theme_id: self.ids_of(excerpts) for theme_id, excerpts in nearest.items()}
        self._edit(lambda session: session.project.assign_each(placed))

    # --- looking up

    def ids_of(self, excerpts: Sequence[int]) -> list[str]:
        """Return the ids of excerpts by their inner numbers, in the order of the project."""
        view = self._workspace.view
        if view is None or not excerpts:
            return []
        return view.excerpts.filter(pl.col("excerpt").is_in(list(excerpts)))["excerpt_id"].to_list()

    def title(self, theme_id: str) -> str:
        """Return a theme's title."""
        view = self._workspace.view
        if view is None:
            return theme_id
        found = view.themes.filter(pl.col("theme_id") == theme_id)["title"]
        return str(found[0]) if found.len() else theme_id

    def themes_in(self, theme_ids: Sequence[str]) -> list[str]:
        """Return themes as they are and, of groups, the themes in them."""
        return self._inside(theme_ids)

    def _inside(self, theme_ids: Sequence[str]) -> list[str]:
        view = self._workspace.view
        if view is None:
            return []
        chosen = pl.col("theme_id").is_in(list(theme_ids))
        inside = pl.col("group_id").is_in(list(theme_ids)) & (pl.col("level") != Level.GROUP)
        return view.themes.filter(chosen | inside)["theme_id"].to_list()

    def _with_status(self, theme_ids: Sequence[str], status: Status) -> list[str]:
        view = self._workspace.view
        if view is None:
            return []
        return view.themes.filter(
            pl.col("theme_id").is_in(list(theme_ids)) & (pl.col("status") == status)
        )["theme_id"].to_list()

    def _edit(self, deed: Callable[[Session], Deed | None]) -> Edit:
        return self._workspace.edit(deed)
