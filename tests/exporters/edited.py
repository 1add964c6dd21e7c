"""Edited workbooks: what a person could do to the sheet Insights, and what has to come of it."""

import csv
import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.packaging.custom import StringProperty
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.table import Table as ExcelTable

from themeloom.domain.insights import RETURNING, Field
from themeloom.exporters.returning.three_way import Ground, Kind, Standing
from themeloom.exporters.workbook.columns import HEADERS, INSIGHT_ID, KEY, REVISION
from themeloom.exporters.workbook.keys import insight_key, revision

PROJECT = "5f0c" * 8
OTHER = "0b1a" * 8
EXPORT = "e" * 32

OWNERS = ("Mara Lind", "Priya Nair", "Tomás Vidal")
STATUS = {"New": "new", "Accepted": "accepted", "In work": "in work", "Done": "done"}
SEVERITY = {"●●● High": "high", "●●○ Medium": "medium", "●○○ Low": "low"}

#: As in an export: (header, field that comes back or what else stands there).
COLUMNS: tuple[tuple[str, Field | str], ...] = (
    (KEY, "key"),
    (REVISION, "revision"),
    (INSIGHT_ID, "id"),
    (HEADERS[Field.TITLE], Field.TITLE),
    ("Area", "area"),
    ("Statement", "statement"),
    ("Records", "records"),
    (HEADERS[Field.SEVERITY], Field.SEVERITY),
    ("Confidence", "confidence"),
    ("Trend", "trend"),
    (HEADERS[Field.OWNER], Field.OWNER),
    (HEADERS[Field.STATUS], Field.STATUS),
    (HEADERS[Field.NEXT_STEP], Field.NEXT_STEP),
    (HEADERS[Field.DECISION], Field.DECISION),
    (HEADERS[Field.NOTES], Field.NOTES),
    ("Top quote", "quote"),
)

Expected = tuple[str, Field, Kind, str | None]  # insight, field, kind, value that is kept


@dataclass
class Project:
    """What was exported, and what the project says now."""

    written: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    standing: dict[str, Standing] = field(default_factory=dict[str, Standing])

    def ground(self) -> Ground:
        by_key = {values[KEY]: values for values in self.written.values()}

        def written(key: str, insight_id: str, _revision: str) -> dict[str, str]:
            return by_key.get(key) or self.written.get(insight_id, {})

        return Ground(
            project_id=PROJECT,
            standing={self.written[one]["_key"]: self.standing[one] for one in self.standing},
            written=written,
            owners={name.casefold(): name for name in OWNERS},
            ids={one: self.written[one]["_key"] for one in self.standing},
        )


def make_project(dice: random.Random, insights: int = 12) -> Project:
    """Return a project in which some fields were changed after the export."""
    project = Project()
    for number in range(1, insights + 1):
        name = f"IN-{number:03d}"
        was = {
            Field.TITLE: f"Exports fail for large boards, case {number}",
            Field.SEVERITY: dice.choice(list(SEVERITY)),
            Field.OWNER: dice.choice((*OWNERS, "")),
            Field.STATUS: dice.choice(list(STATUS)),
            Field.DECISION: dice.choice(("", "", f"Decided in meeting {number}")),
            Field.NEXT_STEP: f"Fix the export of case {number}",
            Field.NOTES: dice.choice(("", "", "=1+1 is what they typed", "Ask\nsupport first")),
        }
        now, by_hand = dict(was), set[Field]()
        for changed in dice.sample(RETURNING, dice.choice((0, 0, 1, 2))):
            now[changed] = _other(dice, changed, was[changed], number)
            if dice.random() < 0.6 or changed not in _DRAFTED:
                by_hand.add(changed)
        key = insight_key(PROJECT, f"T-{number:03d}")
        project.written[name] = {
            **{str(known): text for known, text in was.items()},
            KEY: key,
            REVISION: revision(was[known] for known in RETURNING),
        }
        project.standing[name] = Standing(
            name, f"T-{number:03d}", now[Field.TITLE], now, frozenset(by_hand)
        )
    return project


_DRAFTED = (Field.TITLE, Field.SEVERITY, Field.NEXT_STEP)


def _other(dice: random.Random, known: Field, was: str, number: int) -> str:
    """Return another text for a cell, valid for its field."""
    choices = {
        Field.SEVERITY: list(SEVERITY),
        Field.STATUS: list(STATUS),
        Field.OWNER: list(OWNERS),
    }.get(known) or [
        f"Another {known} {number}.{dice.randrange(10_000)}",
        f"Anders {dice.randrange(10_000)}: “naïve” – 日本 🙂",
        f"+{dice.randrange(10_000)} % more of it",
        f"two\nlines {dice.randrange(10_000)}" if known is not Field.TITLE else f"T {number}",
    ]
    return dice.choice([one for one in choices if one != was])


@dataclass
class Edited:
    """A sheet after a person had it, and what has to come back."""

    header: list[str]
    rows: list[list[Any]]
    expected: set[Expected]
    refused: int
    above: int  # rows above the header
    sheet: str = "Insights"
    table: bool = True
    properties: bool = True
    foreign_sheet: bool = False


def edit(dice: random.Random, project: Project) -> Edited:
    """Return a sheet with random edits: of cells, rows, columns and the sheet itself."""
    cells = {
        name: {what: values.get(what, "") for _, what in COLUMNS}
        | {
            "key": values[KEY],
            "revision": values[REVISION],
            "id": name,
            "area": "Export",
            "statement": f"Some people say a lot about {name}",
            "records": 100 + len(name),
            "confidence": dice.choice(list(SEVERITY)),
            "trend": dice.choice(("New", "Rising", "Steady")),
            "quote": '“It, "never" works; really” Ticket 12',
        }
        for name, values in project.written.items()
    }
    expected: dict[tuple[str, Field], Expected | None] = {}
    for name in project.written:
        for known in dice.sample(RETURNING, dice.choice((0, 0, 1, 1, 2, 3))):
            cells[name][known], result = _edited(dice, project, name, known)
            expected[name, known] = (name, known, *result) if result else None
    wanted = {one for one in expected.values() if one}
    columns = list(COLUMNS)
    wanted, columns = _edit_columns(dice, columns, wanted)
    rows = [[cells[name].get(what, "") for _, what in columns] for name in project.written]
    _fill_strangers(dice, columns, rows)
    wanted, refused = _edit_rows(dice, project, columns, rows, wanted)
    edited = Edited([header for header, _ in columns], rows, wanted, refused, 4)
    if dice.random() < 0.3:
        edited.above = dice.choice((0, 1, 7))
    if dice.random() < 0.3:
        edited.sheet = dice.choice(("Feedback Q3", "Sheet1", "Kopie"))
    if dice.random() < 0.4:
        edited.table = False
    edited.foreign_sheet = dice.random() < 0.3
    # Without the key a row is known by its id, and the file has to say which project it is of.
    edited.properties = not any(header == KEY for header in edited.header) or dice.random() < 0.7
    return edited


def _edited(
    dice: random.Random, project: Project, name: str, known: Field
) -> tuple[Any, tuple[Kind, str | None] | None]:
    """Return what a person writes into a cell, and what has to come of it (None: nothing)."""
    standing = project.standing[name]
    was, now = project.written[name][known], standing.texts[known]
    both = was != now and (known not in _DRAFTED or known in standing.by_hand)
    how = dice.random()
    if how < 0.06:
        return now, None
    if how < 0.12:  # typed again, the same in other spelling
        return (f" {was.upper()} " if known in (Field.STATUS, Field.OWNER) else f"{was}  "), None
    if how < 0.24 and was:
        if not now:
            return "", None
        emptied = "" if known is Field.NEXT_STEP else None
        return "", (Kind.CONFLICT if both else Kind.CLEARED, emptied)
    if how < 0.4 and known in (Field.STATUS, Field.SEVERITY, Field.TITLE, Field.OWNER):
        return dice.choice((42, 3.5, "2026", "?!")), (Kind.REJECTED, None)
    if how < 0.5 and known is Field.OWNER:
        return "Somebody Else", (Kind.CONFLICT if both else Kind.NEW_OWNER, "Somebody Else")
    new = _other(dice, known, was, int(name[3:]))
    if new == now:
        return new, None
    kept = {**STATUS, **SEVERITY}.get(new, new)
    written = new
    if known in (Field.STATUS, Field.SEVERITY) and dice.random() < 0.5:
        written = dice.choice((kept, kept.upper(), f"  {kept.capitalize()} "))
    return written, (Kind.CONFLICT if both else Kind.EDIT, kept)


def _edit_columns(
    dice: random.Random, columns: list[tuple[str, Field | str]], wanted: set[Expected]
) -> tuple[set[Expected], list[tuple[str, Field | str]]]:
    if dice.random() < 0.4:
        dice.shuffle(columns)
    if dice.random() < 0.3:
        gone = dice.choice([what for _, what in columns if what not in ("key", "id")])
        columns = [one for one in columns if one[1] != gone]
        wanted = {one for one in wanted if one[1] != gone}
    elif dice.random() < 0.2:  # the key goes, the id stays, or the other way round
        gone = dice.choice(("key", "id"))
        columns = [one for one in columns if one[1] != gone]
    if dice.random() < 0.3:
        what = dice.choice((Field.NEXT_STEP, Field.TITLE, Field.NOTES))
        if what is Field.NOTES:  # mostly empty: nothing tells that it is still the same column
            wanted = {one for one in wanted if one[1] != what}
            columns = [("My words", "mine") if one == what else (h, one) for h, one in columns]
        else:  # known again by the sentences that stand in it
            columns = [("My words" if one == what else h, one) for h, one in columns]
    for _ in range(dice.choice((0, 0, 1, 3))):
        columns.insert(dice.randrange(len(columns) + 1), (dice.choice(_MINE), "mine"))
    return wanted, columns


_MINE = ("My comment", "Priority", "Team", "", "Owner's view")


def _fill_strangers(
    dice: random.Random, columns: list[tuple[str, Field | str]], rows: list[list[Any]]
) -> None:
    for place, (_, what) in enumerate(columns):
        if what == "mine":
            for row in rows:
                row[place] = dice.choice(("", "yes", "New", "●●● High", 7, *OWNERS))


def _edit_rows(
    dice: random.Random,
    project: Project,
    columns: list[tuple[str, Field | str]],
    rows: list[list[Any]],
    wanted: set[Expected],
) -> tuple[set[Expected], int]:
    refused = 0
    names = list(project.written)
    at = {what: place for place, (_, what) in enumerate(columns)}
    order = list(range(len(rows)))
    if dice.random() < 0.5:
        dice.shuffle(order)
    if dice.random() < 0.3:
        gone = set(dice.sample(order, 3))
        order = [one for one in order if one not in gone]
        wanted = {one for one in wanted if names.index(one[0]) not in gone}
    kept = [list(rows[one]) for one in order]
    if dice.random() < 0.2:
        kept.insert(dice.randrange(len(kept)), list(dice.choice(kept)))
        refused += 1
    elif dice.random() < 0.2 and Field.DECISION in at:
        place = dice.randrange(len(kept))
        copy = list(kept[place])
        copy[at[Field.DECISION]] = "Quite another decision"
        kept.insert(dice.randrange(len(kept)), copy)
        name = names[order[place]]
        wanted = {one for one in wanted if one[0] != name}
        refused += 2
    if dice.random() < 0.3:
        foreign = list(dice.choice(kept))
        if "key" in at:
            foreign[at["key"]] = insight_key(OTHER, "T-001")
        if "id" in at:
            foreign[at["id"]] = "IN-907"
        kept.insert(dice.randrange(len(kept) + 1), foreign)
        refused += 1
    if dice.random() < 0.3:
        typed: list[Any] = [None] * len(columns)
        typed[at.get(Field.DECISION, at.get(Field.OWNER, 0))] = "by hand, below"
        if not any(what in at for what in (Field.DECISION, Field.OWNER)):
            typed = []
        if typed:
            kept.append(typed)
            refused += 1
    if dice.random() < 0.4:
        kept.insert(dice.randrange(len(kept)), [None] * len(columns))
    rows[:] = kept
    return wanted, refused


def write_csv(edited: Edited, path: Path, dice: random.Random) -> Path:
    """Write the sheet as programs save it as csv: padded rows above, one of several dialects."""
    width = len(edited.header)
    above = [["What customers told us"] + [""] * (width - 1) for _ in range(edited.above)]
    with path.open("w", encoding=dice.choice(("utf-8", "utf-8-sig")), newline="") as file:
        writer = csv.writer(file, delimiter=dice.choice((",", ";", "\t")))
        writer.writerows([*above, edited.header, *edited.rows])
    return path


def write_xlsx(edited: Edited, path: Path) -> Path:
    """Write the sheet with openpyxl, among others."""
    book = Workbook()
    first = book.active
    assert first is not None
    first.title = "Read me"
    first["A1"] = "What customers told us"
    if edited.foreign_sheet:
        other = book.create_sheet("Evidence")
        other.append([KEY, "Id", "Insight", "Quote", "Record id", "Excerpt id"])
        other.append(["k", "EV-001.1", "IN-001", "It never works", "r", "r.0"])
    sheet: Any = book.create_sheet(edited.sheet)
    head = edited.above + 1
    if edited.above:
        sheet.cell(1, 1).value = "What customers told us"
    for row, values in enumerate([edited.header, *edited.rows], head):
        for column, value in enumerate(values, 1):
            cell = sheet.cell(row, column)
            cell.value = None if value == "" else value
            if cell.data_type == "f":
                cell.data_type = "s"
    if edited.table and all(edited.header) and len(set(edited.header)) == len(edited.header):
        last = f"{get_column_letter(len(edited.header))}{head + len(edited.rows)}"
        sheet.add_table(ExcelTable(displayName="Insights", ref=f"A{head}:{last}"))
    if edited.properties:
        custom: Any = book  # the stubs do not know of custom properties
        custom.custom_doc_props.append(StringProperty(name="Project id", value=PROJECT))
        custom.custom_doc_props.append(StringProperty(name="Export id", value=EXPORT))
    book.save(path)
    return path
