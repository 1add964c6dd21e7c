"""``productboard``: notes for Productboard's import, with headers that a person can change."""

from collections.abc import Callable, Mapping
from pathlib import Path

from themeloom.domain.errors import ExportError
from themeloom.exporters.exporter import ANY_NAME, Exporter, Progress, Written
from themeloom.exporters.handoff.appending import appended
from themeloom.exporters.handoff.choices import choices_of
from themeloom.exporters.handoff.news import Item, news
from themeloom.exporters.handoff.table import write_tables
from themeloom.exporters.markup.plain import flat, safe_url
from themeloom.exporters.pages.as_html import as_html
from themeloom.exporters.pages.as_text import as_text
from themeloom.insights.model import BookData

#: Header → what stands under it, where nobody chose other columns.
COLUMNS: Mapping[str, str] = {
    "Title": "title",
    "Content": "content",
    "Tags": "tags",
    "Owner e-mail": "owner_email",
    "Source origin": "source_origin",
    "Source record id": "source_id",
    "Source URL": "url",
}

#: What can stand in a column. ``source_origin`` and ``source_id`` make a note known again.
FIELDS: Mapping[str, Callable[[Item], str]] = {
    "title": lambda item: flat(item.insight.title),
    "content": lambda item: as_html(item.page, level=2, title=False),
    "content_text": lambda item: as_text(item.page),
    "tags": lambda item: ", ".join(_tags(item)),
    "owner_email": lambda item: flat(item.insight.email),
    "source_origin": lambda item: "themeloom",
    "source_id": lambda item: item.insight.id,
    "url": lambda item: next((u for x in item.insight.links if (u := safe_url(x.url))), ""),
    "area": lambda item: flat(item.insight.area),
    "severity": lambda item: item.insight.severity.value,
    "urgency": lambda item: item.insight.urgency.value,
    "type": lambda item: item.insight.type.value,
    "records": lambda item: str(item.insight.records),
    "accounts": lambda item: str(item.insight.accounts) if item.insight.accounts_known else "",
    "next_step": lambda item: flat(item.insight.next_step),
}


def columns_of(data: BookData) -> Mapping[str, str]:
    """Return header → field as chosen under ``handoff.productboard``.

    Raises:
        ExportError: a field that there is not, or no title or content at all.
    """
    found = choices_of(data.choices, EXPORTER.name) or COLUMNS
    for header, field in found.items():
        if field not in FIELDS:
            raise ExportError(
                f"The column “{flat(header)}” for Productboard asks for “{flat(field)}”, which "
                "there is not.",
                hint=f"Choose one of {', '.join(FIELDS)}.",
            )
    if not {"title", "content"} <= set(found.values()) | {
        "content" for field in found.values() if field == "content_text"
    }:
        raise ExportError(
            "Notes for Productboard need a column with the title and one with the content.",
            hint="Add them to the chosen columns.",
        )
    return found


def _tags(item: Item) -> list[str]:
    """Return tags; Productboard parts them at commas."""
    one = item.insight
    area = flat(one.area or one.group).replace(",", " ")
    return [tag for tag in ("themeloom", f"themeloom-{one.id.lower()}", area) if tag]


def _write(data: BookData, target: Path, progress: Progress) -> Written:
    progress("Writing notes", 0, 1)
    columns = columns_of(data)
    found = news(data, EXPORTER.name)

    def row(item: Item) -> list[str]:
        return [FIELDS[field](item) for field in columns.values()]

    write_tables(target, appended(found, [flat(header) for header in columns], row))
    progress("Writing notes", 1, 1)
    return found.written


EXPORTER = Exporter(
    name="productboard",
    suffix=".csv",
    describes="notes for Productboard's import",
    write=_write,
    hand_off=True,
    choices=(ANY_NAME,),
)
