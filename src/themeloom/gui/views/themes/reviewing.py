"""The review's decisions as edits of the project, and its ways out."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from themeloom.gui.bridge.workspace import Edit
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
        self._edits: list[tuple[Step, Edit]] = []  # equal steps are told apart by who they are
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
        newest = self._place.review.session.last[:1]
        edit = self._edit_of(newest[0]) if newest else None
        if self._place.workspace.undo(quietly=True, of=edit):
            self._place.review.undone()

    def _undone(self) -> None:
        """Step back where the undo came from the menu or the history."""
        review = self._place.review
        if not review.isVisible():
            return
        # What changed nothing (accepted once more) was no deed of the project to take back.
        while (last := review.session.last) and self._is_idle(last[0]):
            review.undone()
        review.undone()

    def _edit_of(self, step: Step) -> Edit | None:
        return next((edit for one, edit in reversed(self._edits) if one is step), None)

    def _is_idle(self, step: Step) -> bool:
        edit = self._edit_of(step)
        return edit is not None and edit.deed is None

    def _decided(self, step: object) -> None:
        if not isinstance(step, Step):
            return
        curation = self._place.curation
        match step.act:
            case Act.ACCEPTED:
                edit = self._accept(step)
            case Act.MOVED | Act.ALSO if step.theme_id is not None:
                edit = curation.move(step.excerpts, step.theme_id, also=step.act == Act.ALSO)
            case Act.UNSORTED:
                edit = curation.unsort(step.excerpts)
            case _:
                return
        self._edits.append((step, edit))

    def _accept(self, step: Step) -> Edit:
        """Confirm an excerpt where it is; one that was only suggested moves there."""
        curation, view = self._place.curation, self._place.workspace.view
        if view is None:
            return Edit()
        rows = view.excerpts.filter(view.excerpts["excerpt"].is_in(list(step.excerpts)))
        if step.theme_id is not None and set(rows["theme_id"]) != {step.theme_id}:
            return curation.move(step.excerpts, step.theme_id)
        return curation.confirm(step.excerpts)

    def _make_theme(self, title: str, also: bool) -> None:
        review, curation = self._place.review, self._place.curation
        current = review.session.current
        if current is None:
            return
        curation.create(
            title,
            [current],
            also=also,
            then=lambda theme_id: review.split_off(title, [current], theme_id, also=also),
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
