"""What a person can change of a project: each call is one transaction and one undo step."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TypeVar

import apsw
import polars as pl

from themeloom.domain.changes import Deed
from themeloom.domain.insights import Delivery, Field
from themeloom.domain.themes import Level, NewPart, Status
from themeloom.project import edits as theme_edits
from themeloom.project import insights, journal, levels, lookups, placing, tree
from themeloom.project.lookups import ExcerptKey

T = TypeVar("T")


class Editing(ABC):
    """The editing half of ``Project``. Everything may be called from any thread.

    What a call changed is on the disk when it returns. It returns None where there was nothing to
    change; then there is no step either. Excerpts are named by inner number (``excerpt`` in the
    frames) or by ``excerpt_id``.
    """

    @abstractmethod
    def _write(self, work: Callable[[apsw.Connection], T]) -> T:
        """Return what ``work`` returns, once it is on the disk.

        Raises:
            ProjectError: the project is read-only or closed, or it could not be written.
        """

    def rename_theme(self, theme_id: str, title: str) -> Deed | None:
        """Give a theme another title.

        Raises:
            ProjectError: no such theme, or an empty title.
        """
        return self._write(lambda connection: theme_edits.rename_theme(connection, theme_id, title))

    def set_theme_status(self, theme_ids: str | Sequence[str], status: Status) -> Deed | None:
        """Give one or several themes another status, as one step.

        Raises:
            ProjectError: no such theme.
        """
        ids = [theme_ids] if isinstance(theme_ids, str) else list(theme_ids)
        return self._write(lambda connection: theme_edits.set_theme_status(connection, ids, status))

    def describe_theme(
        self,
        theme_id: str,
        *,
        definition: str | None = None,
        memo: str | None = None,
        key_phrases: Sequence[str] | None = None,
    ) -> Deed | None:
        """Change a theme's wording; what is None stays. Chosen phrases win over those of runs.

        Raises:
            ProjectError: no such theme.
        """
        return self._write(
            lambda connection: theme_edits.describe_theme(
                connection, theme_id, definition=definition, memo=memo, key_phrases=key_phrases
            )
        )

    def choose_quotes(self, theme_id: str, excerpt_ids: Sequence[ExcerptKey]) -> Deed | None:
        """Choose a theme's quotes, best first; they win over those of runs.

        Raises:
            ProjectError: no such theme or excerpt.
        """
        return self._write(
            lambda connection: theme_edits.choose_quotes(connection, theme_id, excerpt_ids)
        )

    def create_theme(
        self,
        title: str,
        *,
        parent_id: str | None = None,
        level: Level = Level.THEME,
        excerpt_ids: Sequence[ExcerptKey] = (),
        before: str | None = None,
        also: bool = False,
        instead_of: Collection[str] = (),
    ) -> tuple[Deed, str]:
        """Make an accepted theme, with excerpts that move in, and return its id, too.

        Below a theme it is a sub-theme whatever ``level`` says. It stands last there, or before the
        theme named by ``before``. With ``also`` the excerpts keep the themes that they have; else they
        leave one of those named by ``instead_of``, or their primary one.

        Raises:
            ProjectError: no title, no such theme or excerpt, or it cannot stand there.
        """
        return self._write(
            lambda connection: tree.create_theme(
                connection,
                title,
                parent_id=parent_id,
                level=level,
                excerpts=excerpt_ids,
                before=before,
                also=also,
                instead_of=instead_of,
            )
        )

    def merge_themes(
        self, theme_ids: Sequence[str], into: str, *, title: str | None = None
    ) -> Deed | None:
        """Make themes part of another one, with their sub-themes; takes no longer for many excerpts.

        An excerpt in several of them counts once. A group that is left empty stays until deleted.
        ``title`` gives what comes of it another title.

        Raises:
            ProjectError: no such theme, or groups and themes are mixed.
        """
        return self._write(lambda connection: tree.merge_themes(connection, theme_ids, into, title))

    def move_themes(
        self, theme_ids: Sequence[str], parent_id: str | None, *, before: str | None = None
    ) -> Deed | None:
        """Put themes below a group, below a theme (as sub-themes) or at the top level (None).

        Sub-themes go along; those of a theme that becomes a sub-theme come to stand beside it. A
        group that is left empty stays until deleted. Moved themes stand last, or before ``before``.

        Raises:
            ProjectError: no such theme, below itself, below a sub-theme, or a group below anything.
        """
        return self._write(
            lambda connection: tree.move_themes(connection, theme_ids, parent_id, before)
        )

    def split_theme(
        self,
        theme_id: str,
        parts: Sequence[NewPart],
        *,
        beside: bool = False,
        reviewed: bool = False,
    ) -> Deed | None:
        """Make parts of a theme accepted themes of their own, as one step; the rest stays in it.

        They become its sub-themes or, with ``beside``, stand right behind it. Reviewed excerpts stay
        in the theme unless ``reviewed`` says otherwise. Nobody looked at each of the others: they
        are not reviewed afterwards, but runs leave them where they are.

        Raises:
            ProjectError: no such theme or excerpt, a part without a title, or a group.
        """
        return self._write(
            lambda connection: levels.split_theme(
                connection, theme_id, parts, beside=beside, reviewed=reviewed
            )
        )

    def promote_themes(self, theme_ids: Sequence[str]) -> Deed | None:
        """Move sub-themes a level up, or one theme, as one step.

        Sub-themes become themes behind the one that they were part of. A theme gets a group of its
        title to stand in, and its sub-themes become themes beside it there.

        Raises:
            ProjectError: no such theme, a group, or a theme together with others.
        """
        return self._write(lambda connection: levels.promote(connection, theme_ids))

    def demote_themes(self, theme_ids: Sequence[str], below: str | None = None) -> Deed | None:
        """Move themes a level down, or one group, as one step.

        Themes become sub-themes of ``below``, as do the sub-themes that they have. A group becomes a
        theme of its title, with its themes as sub-themes.

        Raises:
            ProjectError: no such theme, a sub-theme, a group together with others, or nothing to
                stand below.
        """
        return self._write(lambda connection: levels.demote(connection, theme_ids, below))

    def delete_themes(self, theme_ids: Sequence[str]) -> Deed | None:
        """Delete themes: their excerpts become unsorted with the reason "theme deleted".

        Deleting a group moves its themes to the top level; deleting a theme moves its sub-themes to
        where it stood.

        Raises:
            ProjectError: no such theme.
        """
        return self._write(lambda connection: tree.delete_themes(connection, theme_ids))

    def assign(
        self,
        excerpt_ids: Sequence[ExcerptKey],
        theme_id: str,
        *,
        also: bool = False,
        instead_of: Collection[str] = (),
    ) -> Deed | None:
        """Put excerpts under a theme by hand, in place of their primary one. Runs leave it so.

        With ``also`` it is a further one; with ``instead_of`` it takes the place of one of these.

        Raises:
            ProjectError: no such theme or excerpt, or the theme is a group.
        """
        return self._write(
            lambda connection: placing.assign(
                connection, excerpt_ids, theme_id, also=also, instead_of=instead_of
            )
        )

    def take_off(self, excerpt_ids: Sequence[ExcerptKey], theme_id: str) -> Deed | None:
        """Take excerpts off one of their themes; those that have no other one stay as they are.

        Raises:
            ProjectError: no such theme or excerpt.
        """
        return self._write(lambda connection: placing.take_off(connection, excerpt_ids, theme_id))

    def make_primary(self, excerpt_ids: Sequence[ExcerptKey], theme_id: str) -> Deed | None:
        """Make one of the themes that excerpts have the primary one.

        Raises:
            ProjectError: no such theme or excerpt.
        """
        return self._write(
            lambda connection: placing.make_primary(connection, excerpt_ids, theme_id)
        )

    def assign_each(self, placed: Mapping[str, Sequence[ExcerptKey]]) -> Deed | None:
        """Put excerpts under several themes (theme id → excerpts) by hand, as one step.

        Raises:
            ProjectError: no such theme or excerpt, or a theme is a group.
        """
        return self._write(lambda connection: placing.assign_each(connection, placed))

    def unassign(self, excerpt_ids: Sequence[ExcerptKey]) -> Deed | None:
        """Set excerpts aside: no theme fits. They are unsorted, "set aside by hand".

        Raises:
            ProjectError: no such excerpt.
        """
        return self._write(lambda connection: placing.unassign(connection, excerpt_ids))

    def confirm(self, excerpt_ids: Sequence[ExcerptKey]) -> Deed | None:
        """Mark excerpts as reviewed with the themes they have; those without one stay as they are.

        Raises:
            ProjectError: no such excerpt.
        """
        return self._write(lambda connection: placing.confirm(connection, excerpt_ids))

    def edit_insights(
        self, edits: Mapping[str, Mapping[Field, str | None]], *, name: str | None = None
    ) -> Deed | None:
        """Set fields of insights (theme id → field → value; None: as drafted), as one step.

        Raises:
            ProjectError: no such theme.
        """
        return self._write(lambda connection: insights.edit_insights(connection, edits, name))

    def set_roster(
        self,
        roster: pl.DataFrame,
        *,
        edits: Mapping[str, Mapping[Field, str | None]] | None = None,
        name: str = "change of the roster",
    ) -> Deed | None:
        """Put ROSTER in the place of what was imported until now, as one step.

        ``edits`` are fields of insights that change along, as in ``edit_insights``.

        Raises:
            ProjectError: no such theme.
        """
        return self._write(
            lambda connection: insights.set_roster(connection, roster, edits or {}, name)
        )

    def choose(self, key: str, new: str | None, *, name: str) -> Deed | None:
        """Set a choice for the whole project (JSON; None: the usual one), as one step."""
        return self._write(lambda connection: insights.choose(connection, key, new, name))

    def add_delivery(self, delivery: Delivery) -> None:
        """Write down that something left the project: a log, without an undo step."""
        self._write(lambda connection: insights.add_delivery(connection, delivery))

    def remove_sources(self, source_ids: Sequence[str]) -> Deed | None:
        """Hide sources and their records; what these had replaced is seen again. Undo restores them.

        Raises:
            ProjectError: no such source, or an import or a run is being written.
        """
        return self._write(lambda connection: theme_edits.remove_sources(connection, source_ids))

    def reserve_theme_ids(self, prefix: str, count: int) -> list[str]:
        """Return ``count`` ids such as "T-001" that no theme of this project has or ever had."""
        return self._write(lambda connection: lookups.next_ids(connection, prefix, count))

    def undo(self) -> Deed | None:
        """Take the last deed back and return it; None when there is none.

        Raises:
            ProjectError: the deed is an import or a run while another one is being written.
        """
        return self._write(journal.undo)

    def redo(self) -> Deed | None:
        """Do again what was undone last and return it; None when there is none.

        Raises:
            ProjectError: the deed is an import or a run while another one is being written.
        """
        return self._write(journal.redo)

    def jump_to(self, seq: int) -> Deed | None:
        """Undo or redo, in one transaction, until step ``seq`` is the last one done; 0 is none.

        Raises:
            ProjectError: there is no such step, or an import or a run is being written.
        """
        return self._write(lambda connection: journal.jump_to(connection, seq))
