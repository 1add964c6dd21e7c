"""Where ids count: two lists that both number their rows from 1 are no versions of each other."""

from dataclasses import replace
from pathlib import Path

import polars as pl

from themeloom.importers.deduplication import folded
from themeloom.importers.mapping import Mapped, record_ids
from themeloom.importers.names import fold
from themeloom.importers.notes import note_ids

_LOOKED_AT = 2_000  # rows of which it is told, and that are tried under the ids of other files
_MOST_FILES = 50  # files that are tried
_FEWEST = 5  # that stand for something else: of fewer, somebody may have written the texts anew
_RUN = 4  # words in a row
_KEPT = 0.5  # of the runs of the shorter note: interviews share their questions
_SHARED = 0.5  # of the words of the shorter text: an edited text keeps more, another one less


def settle_ids(mapped: Mapped, known: pl.DataFrame | None, file: str) -> Mapped:
    """Return ``mapped`` with ids that say of each known record whether it comes again.

    The same id in the same stream is an update. Where most of the ids that are known from other
    files stand for something else there (other words, another date, another person), ids count
    within this file only, or within the file that it continues.

    Args:
        mapped: records with the ids of their stream; notes have none, and stay as they are.
        known: EXISTING of the project and of earlier inputs, or None.
        file: the name of the file.
    """
    records = mapped.records
    if known is None or known.is_empty() or not mapped.stream:
        return mapped
    same, others = _met(records, known, file)
    came_before = bool((known["file"] == file).any())
    if (same and same >= others) or (others < _FEWEST and not came_before):
        return mapped
    sample = records.gather_every(max(1, records.height // _LOOKED_AT))
    best, most = None, same
    for name in dict.fromkeys((file, *_files(known))):
        found, strange = _met(_under(sample, mapped.stream, name), known, file)
        if found > most and found >= strange:
            best, most = name, found
    if best is None and others < _FEWEST:
        return mapped
    settled = _under(records, mapped.stream, best or file)
    told = (
        *mapped.warnings,
        "Its ids stand for other records in files that came before, so they count within this "
        "file only.",
    )
    return replace(mapped, records=settled, warnings=told if others else mapped.warnings)


def settle_notes(records: pl.DataFrame, known: pl.DataFrame | None, folder: Path) -> pl.DataFrame:
    """Return the records of notes with ids that say of each known one whether it comes again.

    A note is known by its name and that of its folder. Where most of the known ones say something
    else, another folder of that name was there before: then the folder above counts, too.

    Args:
        records: as ``records_of`` makes them for the folder's name.
        known: EXISTING of the project and of earlier inputs, or None.
        folder: where the notes lie.
    """
    if known is None or known.is_empty():
        return records
    named = records.with_columns(note_ids(records["file"], f"{folder.parent.name}/{folder.name}"))
    same, others = _edited(records, known)
    if same and same >= others:
        return records
    return named if others or _edited(named, known)[0] else records


def _edited(notes: pl.DataFrame, known: pl.DataFrame) -> tuple[int, int]:
    """Return how many notes are known, and how many only share their id with another one.

    Long texts share most of their words anyway, and notes of one day are called the same: only
    words in the same order tell.
    """
    met = notes.select("record_id", "text").join(
        known.select("record_id", "text"), on="record_id", suffix="_known"
    )
    same = 0
    for _, now, before in met.iter_rows():
        one, other = _runs(now), _runs(before)
        same += len(one & other) >= _KEPT * min(len(one), len(other))
    return same, met.height - same


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    words = fold(text).split()
    return frozenset(zip(*(words[at:] for at in range(_RUN)), strict=False)) or frozenset(
        [tuple(words)]
    )


def _under(records: pl.DataFrame, stream: str, file: str) -> pl.DataFrame:
    """Return ``records`` with ids that count within ``file``."""
    ids = record_ids(records, f"{stream}/{fold(Path(file).stem)}")
    return records.with_columns(ids.alias("record_id"))


def _files(known: pl.DataFrame) -> list[str]:
    """Return the names of the files that brought the most records."""
    counted = known["file"].drop_nulls().value_counts(sort=True)
    return counted["file"].head(_MOST_FILES).to_list()


def _met(records: pl.DataFrame, known: pl.DataFrame, file: str) -> tuple[int, int]:
    """Return how many records are known, and how many only share their id with another one.

    Of many, some tell.
    """
    columns = ["record_id", "text", "date", "person_key"]
    met = (
        records.filter(pl.col("external_id").is_not_null())
        .select(columns)
        .join(known.select(*columns, "file"), on="record_id", suffix="_known")
    )
    if met.is_empty():
        return 0, 0
    met = met.gather_every(max(1, met.height // _LOOKED_AT))
    words = [folded(pl.col(name)).str.split(" ").list.unique() for name in ("text", "text_known")]
    alike = met.with_columns(words[0].alias("words"), words[1].alias("words_known")).select(
        (
            (pl.col("file") == file)
            | (pl.col("date") == pl.col("date_known"))
            | (pl.col("person_key") == pl.col("person_key_known"))
        ).fill_null(value=False)
        | (
            pl.col("words").list.set_intersection("words_known").list.len()
            >= _SHARED
            * pl.min_horizontal(pl.col("words").list.len(), pl.col("words_known").list.len())
        ).fill_null(value=False)
    )
    same = int(alike.to_series().sum())
    return same, met.height - same
