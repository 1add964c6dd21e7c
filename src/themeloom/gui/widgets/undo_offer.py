"""A message that offers to take a deed back, as long as that is the deed that Undo takes back."""

from PySide6.QtCore import QObject

from themeloom.gui.bridge.workspace import Workspace
from themeloom.gui.widgets.message_bar import MessageBar


def say_done(bar: MessageBar, workspace: Workspace, text: str) -> None:
    """Say what was just done, with Undo; the message leaves with the next step of the project.

    Args:
        bar: where it stands.
        workspace: its last deed is the one that ``text`` is about.
        text: one sentence.
    """
    _Offer(bar, workspace, text)


class _Offer(QObject):
    """Lives until the project goes a step on or back, or is closed."""

    def __init__(self, bar: MessageBar, workspace: Workspace, text: str) -> None:
        super().__init__(bar)
        self._bar, self._workspace = bar, workspace
        bar.say(text, "ok", [(self.tr("Undo"), self._undo)])
        self._number = bar.number
        workspace.stepped.connect(self._end)
        workspace.closed.connect(self._end)

    def _undo(self) -> None:
        # With an edit on its way, the last deed will be another one.
        if not self._workspace.saving:
            self._workspace.undo()

    def _end(self) -> None:
        self._workspace.stepped.disconnect(self._end)
        self._workspace.closed.disconnect(self._end)
        if self._bar.number == self._number:
            self._bar.clear()
        self.deleteLater()
