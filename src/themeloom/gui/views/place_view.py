"""What the window asks of each of the four places."""

from PySide6.QtWidgets import QWidget

from themeloom.base.settings import Settings


class PlaceView(QWidget):
    """A place of the window; it overrides what concerns it."""

    def take_focus(self) -> None:
        """Let the keyboard begin where the work of the place does."""
        raise NotImplementedError

    def next_pane(self) -> None:
        """Put the focus into the next pane; into the next control where there is only one."""
        self.focusNextChild()

    def show_personal_data(self, *, shown: bool) -> None:
        """Show texts as they are, or with tokens in place of personal data."""

    def show_compact(self, *, compact: bool) -> None:
        """Show one or two lines for each excerpt."""

    def keep_state(self, settings: Settings) -> None:
        """Keep what shall be the same at the next start."""
