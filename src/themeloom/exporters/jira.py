"""``jira``: issues for Jira's CSV import, 250 to a file; known ones as comments."""

from collections.abc import Sequence
from pathlib import Path

from themeloom.exporters.exporter import Exporter, Progress, Written
from themeloom.exporters.handoff.news import Item, news
from themeloom.exporters.handoff.table import Table, chunks, write_tables
from themeloom.exporters.markup.plain import flat
from themeloom.exporters.pages.as_wiki import as_wiki
from themeloom.insights.model import BookData

#: What the importer for people without admin rights takes at once.
MOST_ROWS = 250

_NEW = "Summary|Priority|Assignee|Due date|Labels|Labels|External ID|Description".split("|")
_KNOWN = "Issue key|Summary|Labels|Labels|External ID|Comment".split("|")
_LOST = ["Find with JQL", *_KNOWN[1:]]
_SUMMARY = 255  # characters that Jira takes


def tables(new: Sequence[Item], changed: Sequence[Item]) -> dict[str, Table]:
    """Return tag → table: new issues under "", "2", "3" …; issues with a key under "changed" ….

    An issue that exists gets a comment and the label: its own words in Jira stay. What was handed
    off but whose key nobody read back stands under "no-key", with a search that finds it.
    """
    fresh = [_issue(item) for item in new if item.link is None]
    known = [_comment(item, item.link.key) for item in (*new, *changed) if item.link]
    lost = [_comment(item, f"labels = {label(item)}") for item in changed if item.link is None]
    found = {
        "" if n == 1 else str(n): Table(_NEW, rows)
        for n, rows in enumerate(chunks(fresh, MOST_ROWS), 1)
    }
    for tag, header, rows in (("changed", _KNOWN, known), ("no-key", _LOST, lost)):
        if rows:
            for n, chunk in enumerate(chunks(rows, MOST_ROWS), 1):
                found[tag if n == 1 else f"{tag}-{n}"] = Table(header, chunk)
    return found


def label(item: Item) -> str:
    """Return the label by which the issue is found again."""
    return f"themeloom-{item.insight.id.lower()}"


def _issue(item: Item) -> list[str]:
    one = item.insight
    return [
        flat(one.title)[:_SUMMARY],
        one.severity.value.capitalize(),
        flat(one.email),
        f"{one.due:%Y-%m-%d}" if one.due else "",
        "themeloom",
        label(item),
        one.id,
        as_wiki(item.page),
    ]


def _comment(item: Item, key: str) -> list[str]:
    title = item.link.title if item.link and item.link.title else item.insight.title
    words = f"{as_wiki(item.page)}"
    return [key, flat(title)[:_SUMMARY], "themeloom", label(item), item.insight.id, words]


def _write(data: BookData, target: Path, progress: Progress) -> Written:
    progress("Writing issues", 0, 1)
    found = news(data, EXPORTER.name)
    write_tables(target, tables(found.new, found.changed))
    progress("Writing issues", 1, 1)
    return found.written


EXPORTER = Exporter(
    name="jira",
    suffix=".csv",
    describes="issues for Jira's CSV import, 250 to a file",
    write=_write,
    hand_off=True,
    choices=("site",),
)
