"""The roster: product areas, who answers for them, and which themes go where."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import polars as pl

from themeloom.base.folding import fold
from themeloom.domain.changes import Deed
from themeloom.domain.errors import ImportFileError, ProjectError
from themeloom.domain.frames import RECORDS, ROSTER, empty
from themeloom.domain.insights import Field
from themeloom.domain.records import FileReport, ImportOptions
from themeloom.exporters import roster as sheet
from themeloom.importers.deduplication import EXISTING
from themeloom.importers.inputs import PassedOver, expand_inputs
from themeloom.insights.model import Insight
from themeloom.insights.routing import covers, route
from themeloom.jobs.tables import read_table, write_table
from themeloom.jobs.worker import Worker
from themeloom.project.project import Project
from themeloom.services.workers import READER_SECONDS


@dataclass(frozen=True, slots=True)
class Desk:
    """One row of the roster; ``covers`` are its entries, see ``insights.routing``."""

    area: str
    pm: str = ""
    email: str = ""
    covers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Homeless:
    """An insight that no product area is known for, and why."""

    insight: Insight
    why: str


def desks(project: Project) -> tuple[Desk, ...]:
    """Return the roster in its order."""
    return tuple(_desk(row) for row in project.roster().iter_rows(named=True))


def areas(project: Project) -> tuple[str, ...]:
    """Return the product areas, each once, in the order of the roster."""
    return tuple(dict.fromkeys(desk.area for desk in desks(project)))


def pms(project: Project) -> tuple[str, ...]:
    """Return the PMs, each once, in the order of the roster."""
    return tuple(dict.fromkeys(desk.pm for desk in desks(project) if desk.pm))


def add_desk(project: Project, desk: Desk) -> Deed | None:
    """Add a row at the end.

    Raises:
        ProjectError: it has no area, or a row of this area and PM is there.
    """
    return _save(project, [*desks(project), desk], f"“{desk.area.strip()}” added to the roster")


def change_desk(project: Project, row: int, desk: Desk) -> Deed | None:
    """Put ``desk`` in the place of row ``row`` (from 0).

    A renamed area or PM takes along the insights that a person had given them by hand.

    Raises:
        ProjectError: no such row, no area, or another row has this area and PM.
    """
    known = list(desks(project))
    old = _at(known, row)
    known[row] = desk
    edits: dict[str, dict[Field, str | None]] = {}
    for field, before, after, left in (
        (Field.AREA, old.area, desk.area, {fold(one.area) for one in known}),
        (Field.OWNER, old.pm, desk.pm, {fold(one.pm) for one in known}),
    ):
        if before and after.strip() and fold(before) not in left:
            for theme_id in _set_to(project, field, before):
                edits.setdefault(theme_id, {})[field] = after.strip()
    return _save(project, known, f"change of “{old.area}” in the roster", edits)


def remove_desk(project: Project, row: int) -> Deed | None:
    """Remove row ``row`` (from 0); what was set by hand of insights stays.

    Raises:
        ProjectError: no such row.
    """
    known = list(desks(project))
    old = _at(known, row)
    del known[row]
    return _save(project, known, f"“{old.area}” removed from the roster")


def read_desks(path: Path, reader: Worker) -> tuple[Desk, ...]:
    """Return the roster in a file (xlsx, csv …), told by its headers as the import does.

    Raises:
        ImportFileError: it cannot be read, or holds no roster.
    """
    item = expand_inputs([path])[0]
    if isinstance(item, PassedOver):
        raise ImportFileError(item.reason, file=path.name)
    with tempfile.TemporaryDirectory(prefix="themeloom-roster-") as name:
        none = write_table(
            empty({key: RECORDS[key] for key in EXISTING}), Path(name) / "none.arrow"
        )
        answer = reader.run(
            "themeloom.services.tasks.reading:read_input",
            {"item": item, "options": ImportOptions(), "existing": [none], "folder": name},
            timeout=READER_SECONDS,
        )
        _reports, parts = cast(tuple[Sequence[FileReport], Sequence[Mapping[str, object]]], answer)
        found = [read_table(str(part["roster"])) for part in parts]
        rows = pl.concat([frame for frame in found if not frame.is_empty()] or [empty(ROSTER)])
    if rows.is_empty():
        raise ImportFileError(
            "No roster was found in it.",
            file=path.name,
            hint="The first row has to name the columns Product area, PM, PM e-mail, Covers.",
        )
    return tuple(_desk(row) for row in rows.iter_rows(named=True))


def import_roster(project: Project, path: Path, reader: Worker) -> Deed | None:
    """Put the roster of a file in the place of the one that is there, as one step.

    Raises:
        ImportFileError: it cannot be read, or holds no roster.
        ProjectError: two of its rows have the same area and PM.
    """
    return _save(project, read_desks(path, reader), f"import of the roster from {path.name}")


def export_roster(project: Project, target: Path) -> int:
    """Write the roster to an xlsx file and return its number of rows; import reads it back.

    Raises:
        ExportError: there is none yet, or the target cannot be written.
    """
    roster = project.roster()
    sheet.write_roster(roster, target)
    return roster.height


def homeless(project: Project, insights: Sequence[Insight]) -> tuple[Homeless, ...]:
    """Return the insights of accepted themes without a product area, in their order: a worklist."""
    lacking = [one for one in insights if not one.area and not one.proposed]
    if not lacking:
        return ()
    routed = route(project.themes(), project.roster(), project.insight_fields())
    return tuple(
        Homeless(one, routed[one.theme_id].why if one.theme_id in routed else "") for one in lacking
    )


def give_area(project: Project, theme_ids: Sequence[str], area: str) -> Deed | None:
    """Give insights a product area by hand ("" = as the roster says), as one step.

    Raises:
        ProjectError: no such theme.
    """
    value = area.strip() or None
    what = f"“{value}” for" if value else "the roster's area for"
    of = "1 insight" if len(theme_ids) == 1 else f"{len(theme_ids):,} insights"
    return project.edit_insights(
        {theme_id: {Field.AREA: value} for theme_id in theme_ids}, name=f"{what} {of}"
    )


def _save(
    project: Project,
    rows: Sequence[Desk],
    name: str,
    edits: Mapping[str, Mapping[Field, str | None]] | None = None,
) -> Deed | None:
    clean = [_clean(desk) for desk in rows]
    seen: set[tuple[str, str]] = set()
    for number, desk in enumerate(clean, 1):
        key = (fold(desk.area), fold(desk.pm))
        if not desk.area:
            raise ProjectError(
                "A row of the roster has no product area.",
                place=f"row {number}",
                hint="Name the area, or remove the row.",
            )
        if key in seen:
            whom = f"“{desk.area}” with {desk.pm or 'no PM'}"
            raise ProjectError(
                f"The roster has {whom} twice.",
                place=f"row {number}",
                hint="Put what both cover into one row.",
            )
        seen.add(key)
    frame = pl.DataFrame(
        [(desk.area, desk.pm, desk.email, "; ".join(desk.covers)) for desk in clean],
        schema=ROSTER,
        orient="row",
    )
    return project.set_roster(frame, edits=edits, name=name)


def _clean(desk: Desk) -> Desk:
    entries = tuple(dict.fromkeys(one for text in desk.covers for one in covers(text)))
    return replace(
        desk,
        area=" ".join(desk.area.split()),
        pm=" ".join(desk.pm.split()),
        email="".join(desk.email.split()),
        covers=entries,
    )


def _desk(row: Mapping[str, str | None]) -> Desk:
    return Desk(
        area=row["area"] or "",
        pm=row["pm"] or "",
        email=row["email"] or "",
        covers=covers(row["covers"]),
    )


def _at(rows: Sequence[Desk], row: int) -> Desk:
    if not 0 <= row < len(rows):
        raise ProjectError(
            "The roster has no such row any more.", hint="Close the roster and open it again."
        )
    return rows[row]


def _set_to(project: Project, field: Field, value: str) -> list[str]:
    """Return the themes whose field a person set to ``value``."""
    return [
        theme_id
        for theme_id, name, text in project.insight_fields()
        .select("theme_id", "field", "value")
        .iter_rows()
        if name == field and fold(text) == fold(value)
    ]
