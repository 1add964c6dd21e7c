"""Hand-offs to tools whose import only adds rows: what they have already goes into a second file."""

from collections.abc import Callable, Sequence

from themeloom.exporters.handoff.news import Item, News
from themeloom.exporters.handoff.table import Table

#: Last column of the second file: where the row lives in the tool, as far as that is known.
WHERE = "Already in the tool as"


def appended(
    found: News, header: Sequence[str], row: Callable[[Item], list[str]]
) -> dict[str, Table]:
    """Return tag → table: rows to import under "", rows to bring in by hand under "changed".

    Importing the second file would make every one of its rows a second time.
    """
    fresh = [row(item) for item in found.new if item.link is None]
    known = [item for item in found.new if item.link] + list(found.changed)
    parts = {"": Table(header, fresh)}
    if known:
        parts["changed"] = Table([*header, WHERE], [[*row(item), _where(item)] for item in known])
    return parts


def _where(item: Item) -> str:
    return (item.link.url or item.link.key) if item.link else f"search for {item.insight.id}"
