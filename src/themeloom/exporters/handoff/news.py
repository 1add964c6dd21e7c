"""What is new or changed since the last hand-off to the same tool."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from themeloom.domain.errors import ExportError, NothingNewError
from themeloom.domain.insights import Delivery, Field, Link
from themeloom.exporters.exporter import Written
from themeloom.exporters.pages.insight import InsightPage, kept, pages_of
from themeloom.insights.book import compose
from themeloom.insights.model import Book, BookData, Insight

#: The insights that are shown to insight id → what is compared with the last hand-off.
Contents = Callable[[tuple[Insight, ...]], Mapping[str, str]]

#: Name under which the log of deliveries keeps what an insight said.
HASH = "hash"


@dataclass(frozen=True)
class Item:
    """One insight to hand off; ``link`` is where it lives in that tool already."""

    insight: Insight
    page: InsightPage
    link: Link | None


@dataclass(frozen=True)
class News:
    """What a hand-off writes, and what the log keeps of it: all insights known to the tool."""

    book: Book
    new: tuple[Item, ...]
    changed: tuple[Item, ...]
    written: Written


def news(data: BookData, tool: str, contents: Contents | None = None) -> News:
    """Return the insights that ``tool`` does not have yet, or has as they were.

    Args:
        data: what to show.
        tool: name of the exporter.
        contents: tells what is compared; without it the substance of each insight: its words,
            numbers, quotes and places, but no shares and no status, which would make every insight
            new with every import.

    Raises:
        ExportError: there are no insights.
        NothingNewError: none is new or changed.
    """
    book = compose(data)
    if not book.insights:
        raise ExportError(
            "There are no insights to hand off.",
            hint="Accept themes first, or choose another period or PM.",
        )
    past = _past(data, tool)
    known = {key: dict(values) for one in past for key, values in one.values.items()}
    items = [
        Item(insight, page, _link(insight.links, tool))
        for insight, page in zip(book.insights, pages_of(book), strict=True)
    ]
    told = contents(book.insights) if contents else {i.insight.id: substance(i) for i in items}
    items = [item for item in items if item.insight.id in told]
    hashes = {item.insight.id: _hash(told[item.insight.id]) for item in items}
    new = [item for item in items if item.insight.id not in known]
    changed = [
        item
        for item in items
        if item.insight.id in known and known[item.insight.id].get(HASH) != hashes[item.insight.id]
    ]
    if not new and not changed:
        if not past:
            raise ExportError(
                "There is nothing to hand off.", hint="Choose another period or another PM."
            )
        raise NothingNewError(
            f"Nothing is new or changed since the hand-off of {past[-1].when:%Y-%m-%d %H:%M} UTC.",
            hint="If that file was lost, write all of them again (--all).",
        )
    values = kept(item.insight for item in (*new, *changed))
    fresh = {key: {**value, HASH: hashes[key]} for key, value in values.items()}
    return News(book, tuple(new), tuple(changed), {**known, **fresh})


def substance(item: Item) -> str:
    """Return what makes an insight another one for those who have it already."""
    one, page = item.insight, item.page
    told = (
        one.title,
        one.statement if Field.STATEMENT in one.edited else "",
        one.type.value,
        one.severity.value,
        one.urgency.value,
        one.records,
        one.people,
        one.accounts,
        one.revenue,
        str(one.trend.direction),
        [quote.text for quote in page.quotes],
        one.next_step,
        one.note,
        one.decision,
        one.owner,
        one.area,
        str(one.due or ""),
    )
    return json.dumps(told, ensure_ascii=False)


def again_key(tool: str) -> str:
    """Return the choice that says from when on hand-offs count: an ISO moment, as JSON."""
    return f"handoff.{tool}.again"


def _past(data: BookData, tool: str) -> list[Delivery]:
    since = json.loads(data.choices.get(again_key(tool), '""'))
    return [one for one in data.deliveries if one.format == tool and one.created > since]


def _link(links: Iterable[Link], tool: str) -> Link | None:
    return next((link for link in links if link.tool == tool and link.key), None)


def _hash(content: str) -> str:
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:16]
