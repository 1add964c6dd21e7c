"""One insight as it leaves: the page, the clipboard, a row of the sheet, an issue of a tracker."""

from dataclasses import replace

from themeloom.base.figures import percent
from themeloom.domain.insights import Field
from themeloom.exporters import jira
from themeloom.exporters.handoff.news import Item
from themeloom.exporters.pages.as_html import as_html
from themeloom.exporters.pages.as_markdown import as_markdown as page_as_markdown
from themeloom.exporters.pages.insight import Around, InsightPage, Said, insight_page
from themeloom.exporters.workbook.columns import HEADERS, cell_texts
from themeloom.insights.wording import kind_words, reached
from themeloom.services.insight_fields import day_words
from themeloom.services.insight_list import InsightItem, InsightList

#: Marks the columns of the sheet that the PM may edit.
OPEN = "✎"


def page_of(item: InsightItem, whole: InsightList) -> InsightPage:
    """Return the page of an insight as every format shows it."""
    around = Around(
        period=whole.period,
        privacy=whole.privacy,
        coverage=whole.coverage,
        project=whole.project_id[:6],
    )
    said = [Said(quote.text, quote.place) for quote in item.quotes]
    if item.counter:
        said.append(Said(item.counter.text, item.counter.place, counter=True))
    return replace(insight_page(item.insight, (), around), quotes=tuple(said))


def as_markdown(item: InsightItem, whole: InsightList) -> str:
    """Return the insight as Markdown; what customers wrote cannot become markup."""
    return page_as_markdown(page_of(item, whole))


def as_rich_text(item: InsightItem, whole: InsightList) -> str:
    """Return the insight as HTML for word processors, wikis and mails."""
    return as_html(page_of(item, whole))


def sheet_row(item: InsightItem) -> tuple[tuple[str, str], ...]:
    """Return the row of the sheet ``Insights``: header and what stands below it."""
    one = item.insight
    texts = cell_texts(one)

    def open_(field: Field) -> tuple[str, str]:
        return f"{HEADERS[field]} {OPEN}", texts[field]

    return (
        ("Id", one.id),
        open_(Field.TITLE),
        ("Area", one.area or "no area yet"),
        open_(Field.SEVERITY),
        ("Records", f"{one.records:,}"),
        ("Accounts", reached(one.accounts, one.accounts_known, one.records)[0]),
        ("Trend", one.trend.direction.capitalize()),
        ("Top quote", one.quotes[0] if one.quotes else ""),
        open_(Field.OWNER),
        open_(Field.STATUS),
        open_(Field.DECISION),
        open_(Field.NEXT_STEP),
        open_(Field.NOTES),
        ("Statement", one.statement),
        ("Theme", one.theme),
        ("Group", one.group),
        ("Type", one.type.value.capitalize()),
        ("Urgency", one.urgency.value.capitalize()),
        ("Confidence", one.confidence.value.capitalize()),
        ("Due", day_words(one.due)),
        *(
            (f"Share of {kind_words(kind)}", percent(share.share))
            for kind, share in one.shares.items()
            if share.base
        ),
        ("Note from the sender", one.note),
        ("Since the words were written", one.stale),
    )


def as_issue(item: InsightItem, whole: InsightList) -> tuple[tuple[str, str], ...]:
    """Return what the row for Jira's importer holds: column and text, wiki markup included."""
    link = next((one for one in item.insight.links if one.tool == jira.EXPORTER.name), None)
    found = jira.tables([Item(item.insight, page_of(item, whole), link)], [])
    table = next(one for one in found.values() if one.rows)
    return tuple(zip(table.header, table.rows[0], strict=True))
