"""``asana``: tasks for Asana's CSV import."""

from pathlib import Path

from themeloom.exporters.exporter import Exporter, Progress, Written
from themeloom.exporters.handoff.appending import appended
from themeloom.exporters.handoff.news import Item, news
from themeloom.exporters.handoff.table import write_tables
from themeloom.exporters.markup.plain import flat
from themeloom.exporters.pages.as_text import as_text
from themeloom.insights.model import BookData

#: The leftmost column becomes the task's name.
_HEADER = "Name|Description|Assignee|Due Date|Section".split("|")


def _row(item: Item) -> list[str]:
    one = item.insight
    return [
        f"{flat(one.title)} ({one.id})",
        as_text(item.page),
        flat(one.email),
        f"{one.due:%m/%d/%Y}" if one.due else "",
        flat(one.area or one.group),
    ]


def _write(data: BookData, target: Path, progress: Progress) -> Written:
    progress("Writing tasks", 0, 1)
    found = news(data, EXPORTER.name)
    write_tables(target, appended(found, _HEADER, _row))
    progress("Writing tasks", 1, 1)
    return found.written


EXPORTER = Exporter(
    name="asana",
    suffix=".csv",
    describes="tasks for Asana's CSV import",
    write=_write,
    hand_off=True,
)
