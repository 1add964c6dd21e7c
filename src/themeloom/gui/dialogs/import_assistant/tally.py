"""Counting what the import would take, a moment after the last change, off the window's thread."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from themeloom.domain.errors import JobCancelled
from themeloom.domain.previews import Totals
from themeloom.gui.bridge.workspace import Workspace
from themeloom.gui.dialogs.import_assistant.plan import Plan
from themeloom.services import workers
from themeloom.services.assistant import Key, count, write_existing
from themeloom.services.session import Session

_SMALL = 10_000  # rows that are counted in no time
_AFTER_MS = 250  # a person who goes on changing things is not counted for in between


class Tally(QObject):
    """Signals ``counted`` with the key and the totals of each sheet of the newest count.

    ``failed`` carries an error of counting.
    """

    counted = Signal(object, object)  # Key, Totals
    failed = Signal(object)  # BaseException
    _came = Signal(int, object, object)  # number of the count, Key, Totals

    def __init__(
        self, workspace: Workspace, session: Session, plan: Plan, may: Callable[[], bool]
    ) -> None:
        """Count for ``plan`` while ``may`` says so."""
        super().__init__()
        self._workspace = workspace
        self._session = session
        self._plan = plan
        self._may = may
        # Large files are counted in a process of their own: no preview waits for a long count.
        self._counter = workers.reader()
        self._folder = tempfile.TemporaryDirectory(prefix="themeloom-assistant-")
        self._existing: str | None = None
        self._number = 0
        self._ended = False
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_AFTER_MS)
        self._later.timeout.connect(self._count)
        self._came.connect(self._on_totals, Qt.ConnectionType.QueuedConnection)

    def changed(self) -> None:
        """Count again, a moment after the last change; what is under way is out of date."""
        self._number += 1
        self._counter.cancel()
        self._later.start()

    def end(self) -> None:
        """Stop counting, and tidy up."""
        self._ended = True
        self._later.stop()
        self._counter.cancel()
        counter, folder = self._counter, self._folder

        def tidy() -> None:
            counter.close()
            folder.cleanup()

        self._workspace.compute("import assistant: end", tidy, lambda _: None)

    def _count(self) -> None:
        number = self._number
        previews = list(self._plan.inputs)
        choices = dict(self._plan.choices())
        if not self._may() or not any(choice.include for choice in choices.values()):
            return
        project, folder = self._session.project, Path(self._folder.name)
        small = sum(sheet.weight for sheet in self._plan.included()) <= _SMALL
        counter = self._session.reader if small else self._counter

        def work() -> dict[Key, Totals]:
            if number != self._number or self._ended:
                raise JobCancelled("A newer count is on its way.")
            existing = self._existing or write_existing(project, folder)
            self._existing = existing
            return count(
                previews,
                choices,
                counter,
                existing=existing,
                on_totals=lambda key, totals: self._came.emit(number, key, totals),
            )

        self._workspace.compute("import assistant: count", work, lambda _: None, self._on_failed)

    def _on_totals(self, number: int, key: Key, totals: Totals) -> None:
        if not self._ended and number == self._number:
            self.counted.emit(key, totals)

    def _on_failed(self, error: BaseException) -> None:
        if not self._ended:
            self.failed.emit(error)
