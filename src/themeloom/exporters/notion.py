"""``notion``: rows of a Notion database."""

from pathlib import Path

from themeloom.exporters.exporter import Exporter, Progress, Written
from themeloom.exporters.handoff.appending import appended
from themeloom.exporters.handoff.news import Item, news
from themeloom.exporters.handoff.table import write_tables
from themeloom.exporters.markup.plain import clean, flat
from themeloom.exporters.pages.as_text import figures_text, quotes_text
from themeloom.insights.model import BookData

#: The leftmost column becomes the page's name.
_HEADER = (
    "Name|Insight id|Severity|Urgency|Type|Product area|PM|PM status|Due|Records|Accounts|Trend|"
    "Statement|Next step|Quotes|Figures|How sure are we|Key"
).split("|")


def _row(item: Item) -> list[str]:
    one, page = item.insight, item.page
    return [
        flat(one.title),
        one.id,
        one.severity.value.capitalize(),
        one.urgency.value.capitalize(),
        one.type.value.capitalize(),
        flat(one.area),
        flat(one.owner),
        str(one.status).capitalize(),
        one.due.isoformat() if one.due else "",
        str(one.records),
        str(one.accounts) if one.accounts_known else "",
        str(one.trend.direction).capitalize() if one.trend.words else "",
        clean(one.statement),
        clean(one.next_step),
        quotes_text(page.quotes),
        figures_text(page.figures),
        "\n".join(map(flat, (*page.why, *page.sure))),
        page.marker,
    ]


def _write(data: BookData, target: Path, progress: Progress) -> Written:
    progress("Writing rows", 0, 1)
    found = news(data, EXPORTER.name)
    write_tables(target, appended(found, _HEADER, _row))
    progress("Writing rows", 1, 1)
    return found.written


EXPORTER = Exporter(
    name="notion",
    suffix=".csv",
    describes="rows for a Notion database",
    write=_write,
    hand_off=True,
)
