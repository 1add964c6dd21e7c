"""The proposals under the tree: their cuts come from the project, accepting is an edit."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import polars as pl
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication

from themeloom.domain.changes import Deed
from themeloom.domain.themes import Status
from themeloom.gui.models.excerpt_rows import numbers_scope
from themeloom.gui.views.themes.inspector import THEME
from themeloom.gui.views.themes.proposals_list import ProposedTheme
from themeloom.gui.views.themes.quotes import texts_of
from themeloom.gui.widgets.shown_text import masked
from themeloom.services import accepting, recutting
from themeloom.services.recutting import Cuts
from themeloom.services.session import Session
from themeloom.services.synthesis import FirstLook

if TYPE_CHECKING:
    from themeloom.gui.views.themes.place import ThemesPlace


class Proposing(QObject):
    """Shows the proposals while there are some, else leaves their room to the tree."""

    def __init__(self, place: "ThemesPlace") -> None:
        """Follow the project that ``place`` shows."""
        super().__init__(place)
        self._place = place
        self._workspace = place.workspace
        self._cuts: Cuts | None = None
        pane = place.left.proposals
        pane.accept_asked.connect(self._accept)
        pane.accept_all_asked.connect(self._accept_all)
        pane.looked_at.connect(self._look)
        pane.rename_asked.connect(self._rename)
        pane.reject_asked.connect(place.curation.delete)
        self._workspace.job_partial.connect(self._show_first)

    def reload(self) -> None:
        """Read the cuts of the active run anew."""
        view = self._workspace.view
        if view is None or view.totals.proposed == 0:
            self._show(None)
            return
        self._workspace.ask("cuts", lambda session: Cuts.load(session.project), self._show)

    def take_focus(self) -> bool:
        """Give the keyboard to the proposals, if nothing else stands on the left; tell whether."""
        left = self._place.left
        if not (left.proposals.isVisible() and left.tree.none_accepted):
            return False
        left.proposals.list.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def _show(self, cuts: Cuts | None) -> None:
        self._cuts = cuts
        view = self._workspace.view
        why = view.run.why if view is not None and view.run is not None else ""
        self._place.left.proposals.say_why(why)
        self._place.left.proposals.set_read_only(self._workspace.read_only)
        tree, focus = self._place.left.tree, QApplication.focusWidget()
        new = self._place.left.proposals.isHidden()
        self._place.left.show_recutting(_Levels(cuts) if cuts is not None else None)
        # They come after the place is shown. Who has gone on to something else stays there.
        if new and focus is not None and tree.isAncestorOf(focus):
            self.take_focus()

    def _accept(self, level: int, keys: Sequence[str]) -> None:
        self._edit(level, list(keys))

    def _accept_all(self, level: int) -> None:
        self._edit(level, None)

    def _edit(self, level: int, keys: list[str] | None) -> None:
        if self._cuts is None:
            return
        count = self._cuts.levels[level]

        def deed(session: Session) -> Deed | None:
            return accepting.accept(session.project, count, keys)

        self._workspace.edit(deed)

    def _rename(self, theme_id: str) -> None:
        """Put the cursor into the title; a proposal with a name of its own moves into the tree."""
        self._place.show_theme(theme_id)
        self._place.show_inspector()
        self._place.inspector.edit_title()

    def _look(self, level: int, key: str) -> None:
        """Show a proposal in table and inspector."""
        cuts = self._cuts
        if cuts is None:
            return
        count = cuts.levels[level]

        def placed(session: Session) -> tuple[recutting.ProposedTheme | None, list[str]]:
            themes = cuts.preview(count).themes
            found = next((one for one in themes if one.key == key), None)
            return found, cuts.excerpts_of(count, key)

        self._workspace.ask("proposal", placed, lambda found: self._show_proposal(*found))

    def _show_proposal(
        self, proposal: recutting.ProposedTheme | None, excerpt_ids: Sequence[str]
    ) -> None:
        """Show the theme that a proposal is already; of another cut, what it would be."""
        place, view = self._place, self._workspace.view
        if proposal is None or view is None:
            return
        if proposal.theme_id is not None and proposal.theme_id in view.themes["theme_id"]:
            place.show_theme(proposal.theme_id)
            return
        rows = view.excerpts.filter(pl.col("excerpt_id").is_in(list(excerpt_ids)))
        scope = numbers_scope(
            proposal.title,
            rows["excerpt"].to_list(),
            f"proposal:{len(excerpt_ids)}:{proposal.key}",
            proposal.key_phrases,
        )
        place.searching.clear()
        place.showing.show_found(
            replace(scope, status=Status.PROPOSED), partial(self._words, proposal)
        )
        place.inspector.go_to(THEME)

    def _words(self, proposal: recutting.ProposedTheme) -> str:
        view, mask = self._workspace.view, self._place.screen_mask
        texts = texts_of(view, proposal.quotes) if view is not None else {}
        quotes = [texts[one] for one in proposal.quotes if one in texts]
        phrases = ", ".join(proposal.key_phrases)
        return "\n\n".join(
            [
                self.tr("A proposal: accept it to edit it."),
                proposal.definition,
                *([self.tr("Key phrases: {0}").format(phrases)] if phrases else []),
                *(f"“{masked(quote, mask)}”" for quote in quotes),
            ]
        )

    def _show_first(self, partial: object) -> None:
        """Say what the first look at a sample found, while the search goes on."""
        if isinstance(partial, FirstLook) and partial.themes:
            self._place.window_.bar.say(
                self.tr(
                    "First themes, from {n} of {all} excerpts: {titles} … The search goes on."
                ).format(
                    n=f"{partial.excerpts:,}",
                    all=f"{partial.total:,}",
                    titles=", ".join(theme.title for theme in partial.themes[:6]),
                )
            )


class _Levels:
    """The cuts as the slider counts them, from 0."""

    def __init__(self, cuts: Cuts) -> None:
        self._cuts = cuts

    @property
    def theme_ids(self) -> frozenset[str]:
        return frozenset(self._cuts.current.values())

    @property
    def levels(self) -> int:
        return len(self._cuts.levels)

    @property
    def chosen(self) -> int:
        return list(self._cuts.levels).index(self._cuts.chosen)

    def preview(self, level: int) -> Sequence[ProposedTheme]:
        found = self._cuts.preview(self._cuts.levels[level])
        return [
            ProposedTheme(one.key, one.title, one.records, one.theme_id) for one in found.themes
        ]
