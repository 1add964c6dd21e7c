"""Ids of two lists that number their rows alike, and ids that come again."""

from pathlib import Path

import polars as pl
import pytest

from themeloom.domain.records import ImportOptions
from themeloom.importers.deduplication import EXISTING
from themeloom.importers.files import ImportedFile, import_file
from themeloom.importers.inputs import expand_inputs

PHONE = (
    "the app logs me out in the cellar",
    "too slow",
    "photos are lost when there is no signal",
    "invoices come twice",
    "where is the calendar",
)
WATCH = (
    "strap broke after two weeks",
    "sleep is counted wrongly",
    "I like the battery",
    "glass scratches",
    "cannot be paired",
)


def read(path: Path, known: pl.DataFrame | None = None) -> ImportedFile:
    return import_file(path, ImportOptions(), existing=known)


def put(path: Path, texts: tuple[str, ...], *, first: int = 1, day: str = "") -> Path:
    rows = [f"{number},{text},{day}" for number, text in enumerate(texts, start=first)]
    path.write_text("\n".join(["id,review,date", *rows]) + "\n")
    return path


def brought(*files: ImportedFile) -> pl.DataFrame:
    """Return what the project has after these files."""
    every = [source.records.select(list(EXISTING)) for file in files for source in file.sources]
    return pl.concat(every).unique("record_id", keep="last", maintain_order=True)


def test_two_lists_that_number_their_rows_alike_are_both_taken(tmp_path: Path) -> None:
    phone = read(put(tmp_path / "phone.csv", PHONE))
    watch = read(put(tmp_path / "watch.csv", WATCH), brought(phone))
    assert (watch.report.taken, watch.report.updated) == (5, 0)
    assert "within this file only" in watch.report.warnings[-1]
    both = brought(phone, watch)
    assert sorted(both["text"]) == sorted((*PHONE, *WATCH))
    for path in (tmp_path / "watch.csv", tmp_path / "phone.csv"):
        again = read(path, both)
        assert (again.report.taken, again.report.updated) == (0, 5)


def test_a_list_of_its_own_goes_on_under_another_name(tmp_path: Path) -> None:
    phone = read(put(tmp_path / "phone.csv", PHONE))
    watch = read(put(tmp_path / "watch.csv", WATCH), brought(phone))
    both = brought(phone, watch)
    battery = "I like the battery, but not the glass"
    later = (*WATCH[:2], battery, *WATCH[3:], "the time is wrong abroad")
    more = read(put(tmp_path / "watch later.csv", later), both)
    assert (more.report.taken, more.report.updated) == (1, 5)
    # The first list is gone: what is left keeps its ids.
    alone = read(tmp_path / "watch.csv", brought(watch))
    assert (alone.report.taken, alone.report.updated) == (0, 5)


def test_a_few_texts_written_anew_are_updates(tmp_path: Path) -> None:
    """The same id again is an update: somebody may have corrected them in another file."""
    phone = read(put(tmp_path / "phone.csv", PHONE))
    anew = read(put(tmp_path / "corrected.csv", WATCH[:4]), brought(phone))
    assert (anew.report.taken, anew.report.updated) == (0, 4)


@pytest.mark.parametrize("name", ["phone.csv", "october.csv"])
def test_edited_rows_are_updates_whatever_the_file_is_called(tmp_path: Path, name: str) -> None:
    before = read(put(tmp_path / "phone.csv", PHONE, day="2026-09-03"))
    edited = ("it logs me out below ground", "still slow!", *PHONE[2:], "new: no dark colours")
    after = read(put(tmp_path / name, edited, day="2026-09-03"), brought(before))
    assert (after.report.taken, after.report.updated) == (1, 5)


def test_numbers_that_begin_anew_each_month_are_new_answers(tmp_path: Path) -> None:
    july = read(put(tmp_path / "nps 2026-07.csv", PHONE, day="2026-07-31"))
    august = read(put(tmp_path / "nps 2026-08.csv", WATCH, day="2026-08-31"), brought(july))
    assert (august.report.taken, august.report.updated) == (5, 0)
    both = brought(july, august)
    other = ("export is wrong", "no reply from support", "prices went up", "no SMS", "nice crew")
    september = read(put(tmp_path / "nps 2026-09.csv", other, day="2026-09-30"), both)
    assert (september.report.taken, september.report.updated) == (5, 0)


def note(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def read_folder(folder: Path, known: pl.DataFrame | None = None) -> ImportedFile:
    (item,) = expand_inputs([folder])
    return import_file(item, ImportOptions(), existing=known)


def test_folders_of_the_same_name_are_both_taken(tmp_path: Path) -> None:
    north, south = tmp_path / "north" / "notes", tmp_path / "south" / "notes"
    note(north / "2026-09-01.md", "The planning board is slow when we open it in the morning.")
    note(north / "2026-09-02.md", "Nobody of us found the export of invoices in the new menu.")
    note(south / "2026-09-01.md", "Our drivers lose all photos where the phone has no signal.")
    note(south / "2026-09-02.md", "We would pay for a calendar that talks to the one we have.")
    first = read_folder(north)
    second = read_folder(south, brought(first))
    assert (second.report.taken, second.report.updated) == (2, 0)
    both = brought(first, second)
    for folder in (south, north):
        again = read_folder(folder, both)
        assert (again.report.taken, again.report.updated) == (0, 2)


def test_edited_notes_are_updates_wherever_their_folder_lies(tmp_path: Path) -> None:
    before = "The planning board is slow when we open it in the morning."
    note(tmp_path / "a" / "notes" / "one.md", before)
    first = read_folder(tmp_path / "a" / "notes")
    note(tmp_path / "b" / "notes" / "one.md", f"{before}\n\nSince the update it is fine.")
    second = read_folder(tmp_path / "b" / "notes", brought(first))
    assert (second.report.taken, second.report.updated) == (0, 1)
