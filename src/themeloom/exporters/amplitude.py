"""``amplitude``: one cohort per insight, each a file with one column of user ids, in one archive."""

import zipfile
from pathlib import Path
from typing import BinaryIO

from themeloom.exporters.exporter import Exporter, Progress, Written
from themeloom.exporters.handoff.choices import choices_of
from themeloom.exporters.handoff.cohorts import Cohort, cohorts, contents_of
from themeloom.exporters.handoff.news import Item, news
from themeloom.exporters.handoff.table import Table, csv_text
from themeloom.exporters.markup.plain import flat
from themeloom.exporters.safety.targets import write_whole
from themeloom.insights.model import BookData

#: Parts of an archive carry a date; a fixed one makes equal cohorts equal files.
_DATE = (1980, 1, 1, 0, 0, 0)


def _write(data: BookData, target: Path, progress: Progress) -> Written:
    progress("Writing cohorts", 0, 1)
    found = cohorts(data, EXPORTER.name)
    told = news(data, EXPORTER.name, lambda insights: contents_of(found, insights))
    header = choices_of(data.choices, EXPORTER.name).get("header", "")
    items = (*told.new, *told.changed)

    def write(file: BinaryIO) -> None:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            _add(archive, "Which file is which.txt", _index(items, found))
            for item in items:
                table = Table([header], [[one] for one in found[item.insight.theme_id].ids])
                _add(archive, f"{item.insight.id}.csv", csv_text(table))

    write_whole(target, write)
    progress("Writing cohorts", 1, 1)
    return told.written


def _index(items: tuple[Item, ...], found: dict[str, Cohort]) -> str:
    lines = [
        f"{item.insight.id}.csv  {flat(item.insight.title)}: {found[item.insight.theme_id].told}"
        for item in items
    ]
    return "\n".join(("One cohort per file, one user id per line.", "", *lines, ""))


def _add(archive: zipfile.ZipFile, name: str, text: str) -> None:
    archive.writestr(zipfile.ZipInfo(name, _DATE), text.encode(), zipfile.ZIP_DEFLATED)


EXPORTER = Exporter(
    name="amplitude",
    suffix=".zip",
    describes="people behind each insight, as Amplitude cohorts (raw data only)",
    write=_write,
    hand_off=True,
    raw_only=True,
    choices=("id", "header"),
)
