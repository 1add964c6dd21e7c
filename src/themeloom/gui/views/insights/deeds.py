"""What a person does to insights: each deed is one edit of the workspace."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject

from themeloom.domain.insights import Field, Stage
from themeloom.gui.bridge.workspace import Workspace
from themeloom.services import insight_editing
from themeloom.services.insight_list import InsightItem


class InsightDeeds(QObject):
    """The deeds of the Insights place; a project that is open for reading only takes none."""

    def __init__(self, workspace: Workspace, parent: QObject) -> None:
        """Change the open project of ``workspace``."""
        super().__init__(parent)
        self._workspace = workspace

    def set_fields(self, items: Sequence[InsightItem], values: Mapping[Field, str | None]) -> None:
        """Set fields of insights, as one undo step."""
        if items and not self._workspace.read_only:
            chosen = list(items)
            self._workspace.edit(lambda one: insight_editing.set_fields(one, chosen, values))

    def toggle_ready(self, items: Sequence[InsightItem]) -> None:
        """Mark insights as ready, or as drafts again where all of them are ready."""
        ready = all(item.insight.stage == Stage.READY for item in items)
        stage = Stage.DRAFT if ready else Stage.READY
        self.set_fields(items, {Field.STAGE: str(stage)})

    def mark_checked(self, items: Sequence[InsightItem]) -> None:
        """Say that the words still hold with the numbers of now."""
        if items and not self._workspace.read_only:
            chosen = list(items)
            self._workspace.edit(lambda one: insight_editing.mark_checked(one, chosen))

    def choose_quotes(self, item: InsightItem, excerpt_ids: Sequence[str]) -> None:
        """Choose the quotes of an insight, best first."""
        if not self._workspace.read_only:
            ids = list(excerpt_ids)
            self._workspace.edit(lambda one: insight_editing.choose_quotes(one, item, ids))

    def choose_counter(self, item: InsightItem, excerpt_id: str) -> None:
        """Choose what speaks against the claim, "" for nothing."""
        if not self._workspace.read_only:
            self._workspace.edit(lambda one: insight_editing.choose_counter(one, item, excerpt_id))
