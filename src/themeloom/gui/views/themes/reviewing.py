"""The review's decisions as edits of the project, and its ways out."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from themeloom.gui.dialogs.new_theme import NewTheme, NewThemeDialog
from themeloom.gui.views.themes.review.session import Act, Step

if TYPE_CHECKING:
    from themeloom.gui.views.themes.place import ThemesPlace


class Reviewing(QObject):
    """Stands between the review, which changes nothing, and the project."""

    def __init__(self, place: "ThemesPlace") -> None:
        """Follow the review of ``place``."""
        super().__init__(place)
        self._place = place
        review = place.review
        review.decided.connect(self._decided)
        review.undo_asked.connect(self._undo)
        place.workspace.undone.connect(self._undone)
        review.left.connect(place.leave_review)
        review.keys_asked.connect(place.window_.help.show_keys)
        review.quick_look_asked.connect(place.look_quickly)
        review.theme_wanted.connect(self._make_theme)
        review.split_asked.connect(self._split)

    def _undo(self) -> None:
        """Take a decision back at once, before the project has done so."""
        if self._place.workspace.undo(quietly=True):
            self._place.review.undone()

    def _undone(self) -> None:
        """Step back where the undo came from the menu or the history."""
        if self._place.review.isVisible():
            self._place.review.undone()

    def _decided(self, step: object) -> None:
        if not isinstance(step, Step):
            return
        curation = self._place.curation
        match step.act:
            case Act.ACCEPTED:
                self._accept(step)
            case Act.MOVED | Act.ALSO if step.theme_id is not None:
                curation.move(step.excerpts, step.theme_id, also=step.act == Act.ALSO)
            case Act.UNSORTED:
                curation.unsort(step.excerpts)
            case _:
                return

    def _accept(self, step: Step) -> None:
        """Confirm an excerpt where it is; one that was only suggested moves there."""
        curation, view = self._place.curation, self._place.workspace.view
        if view is None:
            return
        rows = view.excerpts.filter(view.excerpts["excerpt"].is_in(list(step.excerpts)))
        if step.theme_id is not None and set(rows["theme_id"]) != {step.theme_id}:
            curation.move(step.excerpts, step.theme_id)
        else:
            curation.confirm(step.excerpts)

    def _make_theme(self, title: str, also: bool) -> None:
        review, curation = self._place.review, self._place.curation
        current = review.session.current
        if current is None:
            return
        curation.create(
            title,
            [current],
            also=also,
            then=lambda theme_id: review.split_off(title, [current], theme_id),
        )

    def _split(self, excerpts: list[int]) -> None:
        place, view = self._place, self._place.workspace.view
        if view is None:
            return
        dialog = NewThemeDialog(
            view, excerpts, place.window_, ticked=excerpts[:1], mask=place.screen_mask
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.chosen.connect(self._split_off)
        dialog.open()

    def _split_off(self, wanted: NewTheme) -> None:
        review = self._place.review
        self._place.curation.create(
            wanted.title,
            wanted.excerpts,
            parent_id=wanted.parent_id,
            then=lambda theme_id: review.split_off(wanted.title, wanted.excerpts, theme_id),
        )
