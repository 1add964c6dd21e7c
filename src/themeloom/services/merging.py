"""What product managers edited in a workbook, brought back: a preview, then one undo step."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from themeloom.domain.changes import Deed
from themeloom.domain.frames import INSIGHT_FIELDS, empty
from themeloom.domain.insights import Delivery, Field
from themeloom.exporters.returning.insight_rows import Returned, WrittenValues, read_insights
from themeloom.exporters.returning.tables import ReturnedFile
from themeloom.exporters.returning.three_way import (
    Ground,
    Kind,
    MergeItem,
    Standing,
    Take,
    three_way,
)
from themeloom.exporters.returning.words import ALLOWED
from themeloom.exporters.workbook.columns import EXPORT_ID, KEY, REVISION, cell_texts
from themeloom.exporters.workbook.keys import insight_key
from themeloom.exporters.workbook.marks import CLOSED
from themeloom.insights.book import draft
from themeloom.insights.edits import basis_of
from themeloom.insights.model import BookData, Insight
from themeloom.project.project import Project
from themeloom.services.exporting import book_data
from themeloom.services.insight_fields import WRITTEN, value_of

__all__ = ["ALLOWED", "Kind", "MergeItem", "MergePreview", "Take", "apply", "preview", "takes"]

_DAY = "%d %b %Y"


@dataclass(frozen=True)
class MergePreview:
    """What a merge of one file would do, before anything is done.

    Attributes:
        file: its name.
        items: edits, conflicts, questions and refusals, in the order of the file.
        unchanged: cells that say nothing new.
        notes: what to tell the person about the file, one sentence each.
        headers: field → header of the column that was read for it.
        unknown: headers of columns that no export wrote; a person may point at one of them.
        bases: theme id → the numbers that its words rest on now.
    """

    file: str
    items: tuple[MergeItem, ...]
    unchanged: int
    notes: tuple[str, ...]
    headers: Mapping[Field, str]
    unknown: tuple[str, ...]
    bases: Mapping[str, str]

    def of_kind(self, *kinds: Kind) -> tuple[MergeItem, ...]:
        """Return the items of some kinds."""
        return tuple(item for item in self.items if item.kind in kinds)

    @property
    def edits(self) -> tuple[MergeItem, ...]:
        """What is applied unless the person says otherwise."""
        return self.of_kind(Kind.EDIT)

    @property
    def conflicts(self) -> tuple[MergeItem, ...]:
        """What the file and the project changed differently: kept as it is unless chosen."""
        return self.of_kind(Kind.CONFLICT)

    @property
    def questions(self) -> tuple[MergeItem, ...]:
        """Emptied cells and unknown owners: kept as it is unless confirmed."""
        return self.of_kind(Kind.CLEARED, Kind.NEW_OWNER)

    @property
    def rejected(self) -> tuple[MergeItem, ...]:
        """What cannot be taken."""
        return self.of_kind(Kind.REJECTED)


def preview(
    project: Project, path: Path, *, columns: Mapping[Field, str] | None = None
) -> MergePreview:
    """Return what a merge of an edited workbook (or of its sheet as csv) would do.

    Args:
        project: where it was exported from; may be open for reading only.
        path: xlsx, ods, xls or csv.
        columns: field → header, where a person pointed at a renamed column.

    Raises:
        ImportFileError: not readable, or without a table of insights.
    """
    file = ReturnedFile(path)
    log = _Log(project, file.properties)
    data = book_data(project, raw=log.raw)
    drafted = draft(data).insights
    by_theme = {one.theme_id: one for one in drafted}
    ground = Ground(
        project_id=project.id,
        standing={insight_key(project.id, one.theme_id): _standing(one) for one in drafted},
        gone=_gone(project, by_theme),
        written=log.written,
        owners=_owners(project, drafted),
        ids={one.id: insight_key(project.id, one.theme_id) for one in drafted},
    )
    returned = read_insights(file, log.written, columns)
    merged = three_way(returned, ground)
    return MergePreview(
        file=path.name,
        items=_as_drafted(merged.items, by_theme, data),
        unchanged=merged.unchanged,
        notes=(*log.notes(returned), *returned.notes),
        headers=returned.headers,
        unknown=returned.unknown,
        bases={one.theme_id: basis_of(one) for one in drafted},
    )


def takes(item: MergeItem, choices: Mapping[str, Take]) -> bool:
    """Return whether the file's value is taken: edits are, the rest only where a person says so."""
    if item.kind is Kind.REJECTED or item.field is None:
        return False
    usual = Take.FILE if item.kind is Kind.EDIT else Take.PROJECT
    return choices.get(item.key, usual) is Take.FILE


def apply(
    project: Project, shown: MergePreview, choices: Mapping[str, Take] | None = None
) -> Deed | None:
    """Take over what ``shown`` holds and the person chose, as one undo step.

    Args:
        project: open for writing.
        shown: what the person saw.
        choices: key of an item → whose value wins, where it is not the usual one.

    Raises:
        ProjectError: the project could not be written, or a theme is gone meanwhile.
    """
    taken = [item for item in shown.items if takes(item, choices or {})]
    edits: dict[str, dict[Field, str | None]] = {}
    for item in taken:
        assert item.field is not None
        edits.setdefault(item.theme_id, {})[item.field] = item.value
    for theme_id, values in edits.items():
        if any(value is not None for field, value in values.items() if field in WRITTEN):
            values[Field.BASIS] = shown.bases.get(theme_id)
    what = "1 edit" if len(taken) == 1 else f"{len(taken):,} edits"
    return project.edit_insights(edits, name=f"merge of {what} from {shown.file}")


class _Log:
    """What the project knows to have written."""

    def __init__(self, project: Project, properties: Mapping[str, str]) -> None:
        self._export_id = properties.get(EXPORT_ID, "")
        self._newest: dict[str, WrittenValues] = {}
        self._by_revision: dict[tuple[str, str], WrittenValues] = {}
        self._of_export: dict[str, WrittenValues] = {}
        self._closed: dict[str, dict[str, None]] = {}
        self._last: Delivery | None = None
        self._guessed = False
        raw = properties.get(_PERSONAL_DATA) == "raw"
        for delivery in project.deliveries(values=True):
            for insight_id, values in delivery.values.items():
                key = values.get(KEY)
                if not key:
                    continue
                self._last = delivery
                for name in (key, insight_id):
                    self._newest[name] = values
                    self._by_revision[name, values.get(REVISION, "")] = values
                    self._closed.setdefault(name, {})[values.get(CLOSED, "")] = None
                    if delivery.id == self._export_id:
                        self._of_export[name] = values
            if delivery.id == self._export_id:
                raw = delivery.about.get("personal data") == "raw"
        self.raw = raw

    def written(self, key: str, insight_id: str, revision: str) -> WrittenValues:
        """Return what was written of an insight, {} where nobody knows.

        The export of the file comes first; a row that another export wrote is known by its
        revision; where both are lost, the newest export has to do. The figures of a row that is
        not known by its export can be those of any export.
        """
        name = key or insight_id
        own = self._of_export.get(name)
        if own is not None and revision in ("", own.get(REVISION)):
            return own
        found = self._by_revision.get((name, revision)) if revision else None
        if found is None and own is None and name in self._newest:
            self._guessed = True
        written = found or own or self._newest.get(name, {})
        return {**written, CLOSED: "\n".join(self._closed.get(name, ()))} if written else {}

    def notes(self, returned: Returned) -> list[str]:
        """Return what to tell about the exports that were compared with."""
        if self._last is None and returned.rows:
            return ["The project does not remember what it exported: everything was compared."]
        if self._guessed and self._last is not None:
            day = datetime.fromisoformat(self._last.created).strftime(_DAY).lstrip("0")
            return [
                "The file does not say which export it is: "
                f"it was compared with the newest one ({day})."
            ]
        return []


_PERSONAL_DATA = "Personal data"


def _standing(one: Insight) -> Standing:
    return Standing(one.id, one.theme_id, one.title, cell_texts(one), one.edited)


def _gone(project: Project, known: Mapping[str, Insight]) -> dict[str, str]:
    """Return key → what became of an insight that the project had."""
    found: dict[str, str] = {}
    for theme_id, into in project.redirects().items():
        if into and into in known:
            why = f"Its theme became part of {known[into].id} “{known[into].title}”."
        else:
            why = "Its theme was deleted."
        found[insight_key(project.id, theme_id)] = why
    for theme_id in project.themes()["theme_id"]:
        if theme_id not in known:
            found[insight_key(project.id, theme_id)] = "Its theme has no records any more."
    return found


def _owners(project: Project, insights: tuple[Insight, ...]) -> dict[str, str]:
    """Return folded name or address → name of everybody who is known to own insights."""
    names = {name: name for name in project.roster()["pm"].drop_nulls()}
    names |= {one.owner: one.owner for one in insights if one.owner}
    for pm, email in project.roster().select("pm", "email").iter_rows():
        if pm and email:
            names[email] = pm
    return {" ".join(name.split()).casefold(): " ".join(of.split()) for name, of in names.items()}


def _as_drafted(
    items: tuple[MergeItem, ...], insights: Mapping[str, Insight], data: BookData
) -> tuple[MergeItem, ...]:
    """Let what the data say anyway be as drafted, where a person had set it otherwise."""
    asked = {
        item.theme_id
        for item in items
        if item.value and item.field in insights[item.theme_id].edited
    }
    if not asked:
        return items
    drafts = {
        one.theme_id: one
        for one in draft(replace(data, fields=empty(INSIGHT_FIELDS))).insights
        if one.theme_id in asked
    }
    return tuple(
        replace(item, value=None)
        if item.value
        and item.field
        and item.theme_id in drafts
        and value_of(drafts[item.theme_id], item.field) == item.value
        else item
        for item in items
    )
