"""The reader process for the import assistant: looks, tries and counts; keeps what it has read."""

import json
import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from themeloom.domain.errors import Complaint, ImportFileError
from themeloom.domain.frames import conform
from themeloom.domain.previews import (
    InputPreview,
    PersonalData,
    PersonalSample,
    RecordCard,
    SkipReason,
    Totals,
    Trial,
)
from themeloom.domain.records import Duplicates, SheetChoice
from themeloom.importers.cleaning import macros_of, mark_answers
from themeloom.importers.deduplication import EXISTING, mark_duplicates, mark_known
from themeloom.importers.inputs import FolderOfNotes
from themeloom.importers.mapping import Mapped
from themeloom.importers.notes import records_of
from themeloom.importers.previewing import (
    column_previews,
    is_notes,
    map_sheet,
    note_records,
    notes_of,
    preview,
    short_date,
    try_sheet,
)
from themeloom.importers.sheets import OpenFiles
from themeloom.importers.streams import settle_ids, settle_notes
from themeloom.jobs.child import Channel
from themeloom.jobs.tables import read_table
from themeloom.privacy.finding import Kind as Personal
from themeloom.privacy.masking import SUSPECT, TOKEN, Masker, find_personal
from themeloom.privacy.names import KnownNames, name_value
from themeloom.services.names import people_in

_CHUNK = 4_000  # rows between two looks at cancel: well under its grace time
_SAMPLES = 60  # of personal data
_PLACES = 5  # of skipped rows
_CARD = 700  # characters of a record that are shown

Item = Path | FolderOfNotes

#: Lives as long as the process does.
_files = OpenFiles()
_counted: "dict[Hashable, _Counted]" = {}


@dataclass(frozen=True, slots=True)
class _Counted:
    totals: Totals
    seen: pl.DataFrame  # EXISTING of the sheet's records


def look_at_input(channel: Channel, *, item: Item) -> InputPreview:
    """Return what an input seems to be."""
    channel.check()
    return preview(item, _files)


def try_sheet_out(channel: Channel, *, item: Item, sheet: str | None, choice: SheetChoice) -> Trial:
    """Return the first records that a choice makes of a sheet; what is wrong stands in ``error``."""
    channel.check()
    try:
        if is_notes(item, _files):
            return _try_notes(item, choice)
        tried = try_sheet(_files.open(item), sheet, choice) if isinstance(item, Path) else None
    except ImportFileError as error:
        return _failed_trial(item, sheet, choice, error.complaint)
    assert tried is not None
    return Trial(
        columns=column_previews(tried.table, tried.recognised),
        kind=tried.recognised.kind,
        header_row=tried.table.header_row,
        first_row=tried.table.first_row,
        rows=tried.table.frame.height,
        cards=_cards(tried.records, tried.excerpts),
        dates=tried.dates,
        notes=(*tried.table.notes, *tried.recognised.warnings),
    )


def count_sheets(
    channel: Channel,
    *,
    chosen: Sequence[tuple[Item, str | None, SheetChoice]],
    existing: str | None,
) -> list[Totals]:
    """Return what each chosen sheet comes to, in order; each one is handed over as soon as known.

    Args:
        channel: gets ``(place in chosen, Totals)`` as partial results.
        chosen: inputs with their sheets, those that are imported.
        existing: Arrow file with EXISTING of the project's records, or None.
    """
    known: pl.DataFrame | None = None
    chain: Hashable = _stamp(Path(existing)) if existing else None
    found: list[Totals] = []
    fresh: dict[Hashable, _Counted] = {}
    for number, (item, sheet, choice) in enumerate(chosen):
        chain = (chain, _stamp(item), sheet, repr(sorted(choice.as_mapping().items(), key=str)))
        counted = _counted.get(chain)
        if counted is None:
            if known is None:
                known = _known(existing, fresh.values())
            counted = _count(channel, item, sheet, choice, known)
            known = pl.concat([known, counted.seen])
        elif known is not None:
            known = pl.concat([known, counted.seen])
        fresh[chain] = counted
        found.append(counted.totals)
        channel.partial((number, counted.totals))
    _counted.clear()
    _counted.update(fresh)
    return found


def _known(existing: str | None, before: Iterable[_Counted]) -> pl.DataFrame:
    frames = [read_table(existing)] if existing else [pl.DataFrame(schema=EXISTING)]
    return pl.concat([*frames, *(counted.seen for counted in before)])


def _stamp(item: Item) -> Hashable:
    paths = item.files if isinstance(item, FolderOfNotes) else (item,)
    return tuple(
        (str(path), path.stat().st_mtime_ns) if path.exists() else str(path) for path in paths
    )


def _try_notes(item: Item, choice: SheetChoice) -> Trial:
    notes, failed = notes_of(item, _files, choice.kind)
    if not notes:
        raise failed[0]
    records, excerpts = note_records(notes, _folder(item).name)
    kinds = {note.kind for note in notes}
    return Trial(
        kind=next(iter(kinds)) if len(kinds) == 1 else None,
        header_row=1,
        first_row=2,
        rows=len(notes),
        cards=_cards(records, excerpts),
        notes=tuple(dict.fromkeys(warning for note in notes for warning in note.warnings)),
    )


def _folder(item: Item) -> Path:
    return item.folder if isinstance(item, FolderOfNotes) else item.parent


def _failed_trial(
    item: Item, sheet: str | None, choice: SheetChoice, complaint: Complaint
) -> Trial:
    """Return the columns all the same, so that the person can mend the choice."""
    try:
        if not isinstance(item, Path):
            return Trial(error=complaint)
        table = _files.open(item).table(sheet, choice.header_row)
    except ImportFileError:
        return Trial(error=complaint)
    roles = choice.roles or {}
    columns = tuple(
        column
        if column.name not in roles
        else type(column)(column.index, column.name, roles[column.name])
        for column in column_previews(table, None)
    )
    return Trial(
        columns=columns,
        header_row=table.header_row,
        first_row=table.first_row,
        rows=table.frame.height,
        error=complaint,
    )


def _cards(records: pl.DataFrame, excerpts: pl.DataFrame) -> tuple[RecordCard, ...]:
    masker = Masker(b"preview", people_in(records))
    numbers: dict[str, str] = {}

    def numbered(match: re.Match[str]) -> str:
        token = match[0]
        kind = token[1:].partition("_")[0]
        same = sum(name.startswith(f"[{kind}_") for name in numbers.values())
        return numbers.setdefault(token, f"[{kind}_{same + 1}]")

    opinions = dict(
        excerpts.filter(pl.col("left_out").is_null()).group_by("record_id").len().iter_rows()
    )
    return tuple(
        RecordCard(
            title=str(row["external_id"] or row["place"] or row["file"]),
            meta=_meta(row, masker),
            text=TOKEN.sub(numbered, masker.mask(str(row["text"])[:_CARD])),
            excerpts=int(opinions.get(row["record_id"], 0)),
        )
        for row in records.iter_rows(named=True)
    )


_SCORES = {"nps": "NPS", "csat": "CSAT", "ces": "CES", "rating": "Rating"}


def _meta(row: Mapping[str, Any], masker: Masker) -> str:
    score = row["score"]
    segments: dict[str, str] = json.loads(row["segments_json"] or "{}")
    parts: list[str] = [
        f"{_SCORES.get(row['score_kind'], 'Score')} {score:g}" if score is not None else "",
        short_date(row["date"]) if row["date"] else "",
        masker.mask_account(row["account"] or ""),
        *list(segments.values())[:3],
    ]
    return " · ".join(part for part in parts if part)


def _count(
    channel: Channel, item: Item, sheet: str | None, choice: SheetChoice, known: pl.DataFrame
) -> _Counted:
    try:
        mapped = settle_ids(_mapped(item, sheet, choice), known, _file(item))
        if not mapped.stream:
            settled = settle_notes(mapped.records, known, _folder(item).resolve())
            mapped = replace(mapped, records=settled)
    except ImportFileError as error:
        return _Counted(Totals(error=error.complaint), pl.DataFrame(schema=EXISTING))
    compared = mark_known(mapped.records, known)
    unchanged = int(compared["unchanged"].sum())
    compared = compared.filter(~pl.col("unchanged"))
    records = compared.drop("known", "unchanged")
    macros = macros_of(records)
    pieces: list[pl.DataFrame] = []
    for start in range(0, records.height, _CHUNK):
        channel.report("Counting records", start, records.height)
        pieces.append(mark_answers(records.slice(start, _CHUNK), macros))
    marked = pl.concat(pieces or [records]).with_columns(compared["known"])
    if choice.duplicates is Duplicates.COUNT_ONCE:
        marked = mark_duplicates(marked, known)
    updated = int(marked["known"].sum()) + unchanged
    copies = marked.filter(~pl.col("known") & pl.col("duplicate_of").is_not_null()).height
    totals = Totals(
        read=mapped.read,
        taken=mapped.read - mapped.skipped.height - updated - copies,
        updated=updated,
        duplicates=copies,
        skipped=_skipped(mapped.skipped),
        personal=_personal(channel, marked),
    )
    named = marked.with_columns(pl.col("file").fill_null(_file(item)))
    return _Counted(totals, conform(named, EXISTING))


def _file(item: Item) -> str:
    return item.folder.name if isinstance(item, FolderOfNotes) else item.name


def _mapped(item: Item, sheet: str | None, choice: SheetChoice) -> Mapped:
    if isinstance(item, Path) and not is_notes(item, _files):
        return map_sheet(_files.open(item), sheet, choice)
    notes, failed = notes_of(item, _files, choice.kind)
    skipped = [
        {"row": None, "place": error.complaint.file, "reason": error.complaint.message}
        for error in failed
    ]
    return Mapped(
        records_of(notes, _folder(item).name),
        pl.DataFrame(skipped, schema={"row": pl.Int64, "place": pl.String, "reason": pl.String}),
        len(notes) + len(failed),
        (),
    )


def _skipped(rows: pl.DataFrame) -> tuple[SkipReason, ...]:
    if "place" not in rows.columns:
        rows = rows.with_columns(place=pl.format("row {}", "row"))
    grouped = (
        rows.group_by("reason", maintain_order=True)
        .agg(pl.len(), pl.col("place").head(_PLACES))
        .sort("len", descending=True, maintain_order=True)
    )
    return tuple(
        SkipReason(reason, count, tuple(places)) for reason, count, places in grouped.iter_rows()
    )


def _personal(channel: Channel, records: pl.DataFrame) -> PersonalData:
    people = people_in(records)
    known = KnownNames(people)
    found: dict[Personal, set[str]] = {kind: set() for kind in Personal}
    found[Personal.EMAIL].update(records["email"].drop_nulls().str.to_lowercase())
    found[Personal.NAME].update(name_value(name) for name in people if "@" not in name)
    samples: list[PersonalSample] = []
    rows = records.select("text", "place", "file", pl.col("text").str.contains(SUSPECT).alias("s"))
    for number, (text, place, file, suspect) in enumerate(rows.iter_rows()):
        if number % _CHUNK == 0:
            channel.report("Looking for personal data", number, records.height)
        if not text or not (suspect or known.may_be_in(text)):
            continue
        for finding in find_personal(text, known):
            if finding.kind is None:
                continue
            found[finding.kind].add(finding.value)
            if len(samples) < _SAMPLES:
                where = f"{file}, {place}" if file else place
                samples.append(
                    PersonalSample(_WORDS[finding.kind], text[finding.start : finding.end], where)
                )
    return PersonalData(
        emails=len(found[Personal.EMAIL]),
        phones=len(found[Personal.PHONE]),
        names=len(found[Personal.NAME]),
        others=sum(len(found[kind]) for kind in (Personal.IBAN, Personal.CARD, Personal.SECRET)),
        samples=tuple(samples),
    )


_WORDS = {
    Personal.EMAIL: "e-mail",
    Personal.PHONE: "phone number",
    Personal.NAME: "name",
    Personal.IBAN: "bank account",
    Personal.CARD: "card number",
    Personal.SECRET: "key or password",
}
