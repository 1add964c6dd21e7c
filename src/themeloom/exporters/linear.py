"""``linear``: issues in the columns of Linear's CSV import."""

from pathlib import Path

from themeloom.exporters.exporter import Exporter, Progress, Written
from themeloom.exporters.handoff.appending import appended
from themeloom.exporters.handoff.news import Item, news
from themeloom.exporters.handoff.table import write_tables
from themeloom.exporters.markup.plain import flat
from themeloom.exporters.pages.as_markdown import as_markdown
from themeloom.insights.model import BookData

_HEADER = "Title|Description|Priority|Status|Assignee|Created|Completed|Labels|Estimate".split("|")


def _row(item: Item) -> list[str]:
    one = item.insight
    return [
        flat(one.title),
        as_markdown(item.page, title=False),
        one.severity.value.capitalize(),
        "",  # Linear's own first status
        flat(one.email),
        "",
        "",
        f"themeloom, themeloom-{one.id.lower()}",
        "",
    ]


def _write(data: BookData, target: Path, progress: Progress) -> Written:
    progress("Writing issues", 0, 1)
    found = news(data, EXPORTER.name)
    write_tables(target, appended(found, _HEADER, _row))
    progress("Writing issues", 1, 1)
    return found.written


EXPORTER = Exporter(
    name="linear",
    suffix=".csv",
    describes="issues for Linear's CSV import",
    write=_write,
    hand_off=True,
)
