"""From what was read to what is kept: compared with the known, cleaned, split, counted."""

import json
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from hashlib import blake2b
from pathlib import Path

import polars as pl

from themeloom.base.figures import counted
from themeloom.domain.frames import ACCOUNTS, RECORDS, ROSTER, SKIPPED, conform, empty
from themeloom.domain.records import Duplicates, FileReport, Kind, SheetChoice
from themeloom.importers.cleaning import cleaning_counts, set_noise_aside
from themeloom.importers.deduplication import mark_duplicates, mark_known
from themeloom.importers.languages import detect_languages
from themeloom.importers.splitting import split, with_languages

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class ImportedSource:
    """One source: a table, a sheet, a note, or the notes of one kind in a folder.

    Attributes:
        row: SOURCES as a mapping; ``source_id`` and ``imported_at`` are set by the project.
        records: RECORDS, new and changed ones; what is known and unchanged is only counted.
        excerpts: EXCERPTS of these records.
        skipped: SKIPPED.
        accounts: ACCOUNTS.
        roster: ROSTER.
    """

    row: dict[str, object]
    records: pl.DataFrame
    excerpts: pl.DataFrame
    skipped: pl.DataFrame
    accounts: pl.DataFrame
    roster: pl.DataFrame


@dataclass(slots=True)
class Draft:
    """A source on its way: what was read, before it is compared with what is known."""

    sheet: str | None
    kind: Kind
    profile: str
    records: pl.DataFrame
    skipped: pl.DataFrame
    read: int
    warnings: tuple[str, ...] = ()
    columns: dict[str, str] = field(default_factory=dict[str, str])
    choice: SheetChoice = field(default_factory=SheetChoice)


def finish(
    draft: Draft,
    path: Path,
    name: str,
    known: pl.DataFrame | None,
    digest: str,
    progress: Progress,
) -> tuple[FileReport, ImportedSource]:
    """Compare with what is known, clean, mark duplicates, split and count.

    Returns the report and the source; ``known`` conforms to EXISTING.
    """
    records = mark_known(draft.records, known)
    unchanged = int(records["unchanged"].sum())
    records = records.filter(~pl.col("unchanged"))
    progress("Cleaning", 0, records.height)
    cleaned, said = set_noise_aside(records.drop("known", "unchanged"))
    with ThreadPoolExecutor(1, "languages") as beside:
        languages = beside.submit(detect_languages, said)
        progress("Finding duplicates", 0, records.height)
        marked = cleaned.with_columns(records["known"])
        if draft.choice.duplicates is Duplicates.COUNT_ONCE:
            marked = mark_duplicates(marked, known)
        updated = int(marked["known"].sum()) + unchanged
        duplicate = marked.filter(~pl.col("known") & pl.col("duplicate_of").is_not_null()).height
        final = conform(marked, RECORDS).with_columns(pl.col("file").fill_null(name))
        progress("Splitting into excerpts", 0, final.height)
        excerpts = split(final)
        final = final.with_columns(languages.result().alias("language"))
    excerpts = with_languages(excerpts, final)
    warnings = draft.warnings
    if unchanged:
        known_already = counted(
            unchanged,
            "record is known already and has not changed.",
            "records are known already and have not changed.",
        )
        warnings = (*warnings, known_already)
    report = FileReport(
        file=name,
        profile=draft.profile,
        kind=draft.kind,
        read=draft.read,
        taken=draft.read - draft.skipped.height - updated - duplicate,
        updated=updated,
        duplicate=duplicate,
        skipped=draft.skipped.height,
        warnings=warnings,
        columns=draft.columns,
        cleaning=cleaning_counts(final),
    )
    skipped = conform(draft.skipped, SKIPPED).with_columns(
        pl.col("file").fill_null(name), pl.lit(draft.sheet, pl.String).alias("sheet")
    )
    source = ImportedSource(
        row=source_row(
            path, name, draft.sheet, draft.kind, draft.profile, report, digest, draft.choice
        ),
        records=final,
        excerpts=excerpts,
        skipped=skipped,
        accounts=empty(ACCOUNTS),
        roster=empty(ROSTER),
    )
    return report, source


def together(name: str, reports: Sequence[FileReport], notes: Iterable[str]) -> FileReport:
    """Return one report for a file's sources: sums, and the first of what has no sum."""
    of_records = [report for report in reports if report.role == "records"]
    first = max(of_records or reports, key=lambda report: report.read)
    columns: dict[str, str] = {}
    cleaning: dict[str, int] = {}
    for report in of_records:
        columns |= {header: columns.get(header, role) for header, role in report.columns.items()}
        for what, count in report.cleaning.items():
            cleaning[what] = cleaning.get(what, 0) + count
    warnings = dict.fromkeys(
        (*(warning for report in reports for warning in report.warnings), *notes)
    )
    return replace(
        first,
        file=name,
        read=sum(report.read for report in reports),
        taken=sum(report.taken for report in reports),
        updated=sum(report.updated for report in reports),
        duplicate=sum(report.duplicate for report in reports),
        skipped=sum(report.skipped for report in reports),
        warnings=tuple(warnings),
        columns=columns,
        cleaning=cleaning,
    )


def source_row(
    path: Path,
    name: str,
    sheet: str | None,
    kind: Kind | None,
    profile: str,
    report: FileReport,
    digest: str,
    choice: SheetChoice = SheetChoice(),  # noqa: B008 - frozen
) -> dict[str, object]:
    """Return SOURCES as a mapping; the project sets ``source_id`` and ``imported_at``.

    ``report_json`` holds ``choice`` as well, so that the file can be read again in the same way.
    """
    return {
        "source_id": None,
        "file": name,
        "path": str(path.resolve()),
        "sheet": sheet,
        "kind": str(kind) if kind else None,
        "profile": profile,
        "about": str(choice.about),
        "imported_at": None,
        "content_hash": digest,
        "report_json": json.dumps(
            {**asdict(report), "choice": choice.as_mapping()}, ensure_ascii=False
        ),
    }


def digest_of(paths: Iterable[Path]) -> str:
    """Return the hash of the files' bytes, 32 hexadecimal digits."""
    digest = blake2b(digest_size=16)
    for path in paths:
        with path.open("rb") as file:
            while chunk := file.read(1 << 20):
                digest.update(chunk)
    return digest.hexdigest()
