"""The three-way merge: what was exported, what the file says now, what the project says now."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from themeloom.domain.insights import Field
from themeloom.exporters.returning.closed_columns import edited, why_not
from themeloom.exporters.returning.insight_rows import InsightRow, Returned, WrittenValues
from themeloom.exporters.returning.words import ALLOWED, Unknown, plain, value_of, words_of
from themeloom.exporters.workbook.marks import CLOSED

#: Drafted from the data again and again: only what a person set of these can be in conflict.
_DRAFTED = frozenset({Field.TITLE, Field.SEVERITY, Field.NEXT_STEP})

_NOT_HERE = "The key of this row is not known in this project any more."
_ELSEWHERE = "The key of this row is not known here: it belongs to another project."


class Kind(StrEnum):
    """What is to become of one edited cell, or of one row that cannot be taken."""

    EDIT = "edit"  # applied, unless the person says otherwise
    CONFLICT = "conflict"  # the project changed, too: the person chooses
    CLEARED = "cleared"  # the cell was emptied: kept, unless the person confirms
    NEW_OWNER = "new owner"  # nobody of that name is known: the person confirms
    REJECTED = "rejected"  # cannot be taken; ``why`` says what would do


class Take(StrEnum):
    """Whose value wins."""

    FILE = "file"
    PROJECT = "project"


@dataclass(frozen=True, slots=True)
class MergeItem:
    """One edited cell, or one row that cannot be taken. Texts are as people read them.

    Attributes:
        key: names the item in this file: "IN-014/status", or "row 12".
        insight: insight id; "" where the row does not tell.
        theme_id: its theme; "" where it is not known.
        title: of the insight, as it is in the project.
        field: None where it is about the whole row.
        was: what was exported; None where that is not known.
        file: what the file says.
        now: what the project says.
        value: what the project would keep; None: as drafted.
        kind: what is to become of it.
        why: the reason, where there is one to tell.
        row: as a person sees it in the file.
        column: header, where the edit is in a column that does not come back; "" otherwise.
    """

    key: str
    insight: str
    theme_id: str
    title: str
    field: Field | None
    was: str | None
    file: str
    now: str
    value: str | None
    kind: Kind
    why: str
    row: int
    column: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """An insight as the project has it.

    Attributes:
        id: insight id.
        theme_id: its theme.
        title: its headline.
        texts: field → text as an export would write it now.
        by_hand: fields that a person set.
    """

    id: str
    theme_id: str
    title: str
    texts: Mapping[Field, str]
    by_hand: Collection[Field] = ()


@dataclass(frozen=True)
class Ground:
    """What the file is compared with.

    Attributes:
        project_id: of this project.
        standing: key → insight.
        gone: key → what became of an insight that is no more.
        written: key, insight id, revision → what was written; {} where that is not known.
        owners: folded name or address → name.
        ids: insight id → key.
    """

    project_id: str
    standing: Mapping[str, Standing]
    gone: Mapping[str, str] = field(default_factory=dict[str, str])
    written: Callable[[str, str, str], WrittenValues] = lambda _key, _id, _revision: {}
    owners: Mapping[str, str] = field(default_factory=dict[str, str])
    ids: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class Merged:
    """What a merge would do.

    Attributes:
        items: edits, conflicts, questions and refusals, in the order of the file.
        unchanged: cells that say what was exported, or what the project says by now.
    """

    items: tuple[MergeItem, ...]
    unchanged: int


def three_way(returned: Returned, ground: Ground) -> Merged:
    """Return what is edited in ``returned``.

    A cell that says what was exported is not edited; one that says what the project says by now
    has nothing to add. Rows that are missing change nothing.
    """
    items: list[MergeItem] = []
    unchanged = 0
    by_key: dict[str, list[InsightRow]] = {}
    titles = _titles(returned, ground)
    for row in returned.rows:
        key, why = _key_of(row, returned, ground)
        if not why:
            why = _mixed_up(row, key, titles, ground)
        if why:
            items.append(_refused(row, row.id, why))
        else:
            by_key.setdefault(key, []).append(row)
    for key, rows in by_key.items():
        insight = ground.standing[key]
        if len({tuple(row.cells.items()) for row in rows}) > 1:
            numbers = ", ".join(str(row.row) for row in rows)
            why = f"{insight.id} stands in several rows that differ ({numbers}): keep one of them."
            items += [_refused(row, insight.id, why, insight) for row in rows]
            continue
        items += [
            _refused(
                row,
                insight.id,
                f"{insight.id} stands in row {rows[0].row} already; that row was taken.",
                insight,
            )
            for row in rows[1:]
        ]
        found, same = _row(rows[0], insight, returned, ground)
        items += found
        unchanged += same
    items.sort(key=lambda item: item.row)
    return Merged(tuple(items), unchanged)


def _key_of(row: InsightRow, returned: Returned, ground: Ground) -> tuple[str, str]:
    """Return the key of a row, and why it cannot be taken, "" where it can."""
    if returned.project_id and returned.project_id != ground.project_id:
        if row.key not in ground.standing:
            return "", "The file belongs to another project."
    elif not row.key and not row.id:
        return "", "The row has no id: it was not written by an export."
    if row.key:
        if row.key in ground.standing:
            return row.key, ""
        here = returned.project_id == ground.project_id
        return "", ground.gone.get(row.key, _NOT_HERE if here else _ELSEWHERE)
    key = ground.ids.get(row.id, "")
    if not key:
        return "", f"There is no insight {row.id} in this project."
    if key not in ground.standing:
        return "", ground.gone.get(key, f"There is no insight {row.id} in this project.")
    if not returned.project_id and not _known_by_title(row, key, ground):
        return "", (
            "The row does not say which project it is from: its hidden column “_key” is missing."
        )
    return key, ""


def _known_by_title(row: InsightRow, key: str, ground: Ground) -> bool:
    """Without key and project id the title has to be the insight's own."""
    title = plain(Field.TITLE, row.cells.get(Field.TITLE, ""))
    written = ground.written(key, row.id, row.revision).get(Field.TITLE, "")
    return title != "" and title in (
        plain(Field.TITLE, written),
        plain(Field.TITLE, ground.standing[key].texts.get(Field.TITLE, "")),
    )


def _titles(returned: Returned, ground: Ground) -> dict[str, str]:
    """Return the titles that were written → the key of their insight; "" for several of a name."""
    found: dict[str, str] = {}
    for row in returned.rows:
        key = row.key or ground.ids.get(row.id, "")
        title = plain(
            Field.TITLE, ground.written(row.key, row.id, row.revision).get(Field.TITLE, "")
        )
        if key and title:
            found[title] = key if found.get(title, key) == key else ""
    return found


def _mixed_up(row: InsightRow, key: str, titles: Mapping[str, str], ground: Ground) -> str:
    """Return why a row cannot be one insight's: some of its cells were sorted without the others."""
    insight = ground.standing[key]
    if row.key and row.id and row.id != insight.id and row.id in ground.ids:
        return (
            f"The hidden key is that of {insight.id}, the id is {row.id}: "
            "the sheet was sorted without all of its columns."
        )
    owner = titles.get(plain(Field.TITLE, row.cells.get(Field.TITLE, "")), "")
    if owner and owner != key and owner in ground.standing:
        return (
            f"It has the headline of {ground.standing[owner].id}: "
            "the sheet was sorted without all of its columns, or the row was pasted over."
        )
    return ""


def _row(
    row: InsightRow, insight: Standing, returned: Returned, ground: Ground
) -> tuple[list[MergeItem], int]:
    written = ground.written(row.key, row.id, row.revision)
    items: list[MergeItem] = []
    unchanged = 0
    for known, cell in row.cells.items():
        item = _cell(known, cell, row, insight, written.get(known), returned, ground)
        if item is None:
            unchanged += 1
        else:
            items.append(item)
    for header in edited(written.get(CLOSED, ""), row.closed):
        why = why_not(header, returned.place(header, row.row))
        refused = _refused(row, insight.id, why, insight)
        items.append(
            replace(
                refused,
                key=f"{insight.id}/{header}",
                file=row.closed[header].strip().removesuffix(" 00:00:00"),
                column=header,
            )
        )
    return items, unchanged


def _cell(
    known: Field,
    cell: str,
    row: InsightRow,
    insight: Standing,
    was: str | None,
    returned: Returned,
    ground: Ground,
) -> MergeItem | None:
    """Return what is to become of a cell, None where it is not edited."""
    now = insight.texts.get(known, "")

    def same(one: str, other: str) -> bool:
        return _same(known, one, other, ground.owners, blanks=not returned.loses_blanks)

    if same(cell, now) or (was is not None and same(cell, was)):
        return None

    def item(kind: Kind, value: str | None, why: str = "") -> MergeItem:
        return MergeItem(
            key=f"{insight.id}/{known}",
            insight=insight.id,
            theme_id=insight.theme_id,
            title=insight.title,
            field=known,
            was=None if was is None else _words(known, was, ground.owners),
            file=_words(known, cell, ground.owners),
            now=_words(known, now, ground.owners),
            value=value,
            kind=kind,
            why=why,
            row=row.row,
        )

    try:
        value = value_of(known, cell, ground.owners)
    except Unknown as unknown:
        return item(Kind.REJECTED, None, str(unknown))
    if was is None:
        if not value:
            return None  # nobody can tell whether there was anything to clear
        if now:
            why = "It is not known what was exported, so both may be edited."
            return item(Kind.CONFLICT, value, why)
    elif not same(was, now) and (known not in _DRAFTED or known in insight.by_hand):
        why = "Both the file and the project were changed."
        return item(Kind.CONFLICT, _kept(known, value), why)
    if not value:
        return item(Kind.CLEARED, _kept(known, value), "The cell was emptied.")
    if known is Field.OWNER and ground.owners and value.casefold() not in ground.owners:
        return item(Kind.NEW_OWNER, value, f"Nobody called “{value}” is known so far.")
    return item(Kind.EDIT, value)


def _kept(known: Field, value: str) -> str | None:
    """Return what the project keeps of a value; an emptied one is as drafted, or stays empty."""
    return value if value or known is Field.NEXT_STEP else None


def _same(known: Field, one: str, other: str, owners: Mapping[str, str], *, blanks: bool) -> bool:
    try:
        first, second = value_of(known, one, owners), value_of(known, other, owners)
    except Unknown:
        first, second = plain(known, one), plain(known, other)
    if not blanks:
        first, second = "".join(first.split()), "".join(second.split())
    return first == second


def _words(known: Field, cell: str, owners: Mapping[str, str]) -> str:
    """Return a cell as people read it, without the marks around its words."""
    if known not in ALLOWED:
        return plain(known, cell)
    try:
        return words_of(known, value_of(known, cell, owners))
    except Unknown:
        return plain(known, cell)


def _refused(
    row: InsightRow, insight_id: str, why: str, insight: Standing | None = None
) -> MergeItem:
    return MergeItem(
        key=f"row {row.row}",
        insight=insight_id,
        theme_id=insight.theme_id if insight else "",
        title=insight.title if insight else plain(Field.TITLE, row.cells.get(Field.TITLE, "")),
        field=None,
        was=None,
        file="",
        now="",
        value=None,
        kind=Kind.REJECTED,
        why=why,
        row=row.row,
    )
