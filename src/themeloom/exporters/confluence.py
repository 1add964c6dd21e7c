"""``confluence``: a page to paste, and beside it the same in Confluence's storage format."""

from pathlib import Path

from themeloom.exporters.exporter import Exporter, Progress, Written
from themeloom.exporters.handoff.news import Item, News, news
from themeloom.exporters.markup.html import line
from themeloom.exporters.pages.as_html import as_html
from themeloom.exporters.pages.files import write_text
from themeloom.exporters.safety.targets import check_target
from themeloom.insights.model import BookData

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def pasted(found: News) -> str:
    """Return HTML without styles; each insight between two rules, so that its block is found."""
    blocks = "".join(
        f"<hr>{_replaces(item, found)}"
        f'<section id="{line(item.insight.id)}">{_heading(item)}'
        f"{as_html(item.page, level=2, title=False)}{_end(item)}</section>"
        for item in (*found.new, *found.changed)
    )
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f"<title>{line(found.book.title)}</title></head><body>"
        f"<h1>{line(found.book.title)}</h1><p>{line(found.book.summary)}</p>{blocks}"
        "</body></html>\n"
    )


def stored(found: News) -> str:
    """Return the body of a page in storage format (XML with ``ac:`` macros, no root element).

    An anchor called like the insight begins each block; a line names its end.
    """
    blocks = "".join(
        f"<hr/>{_replaces(item, found)}{_anchor(item)}{_heading(item)}"
        f"{as_html(item.page, level=2, title=False)}{_end(item)}\n"
        for item in (*found.new, *found.changed)
    )
    return f"<p>{line(found.book.title)}</p><p>{line(found.book.summary)}</p>\n{blocks}"


def _anchor(item: Item) -> str:
    return (
        '<p><ac:structured-macro ac:name="anchor"><ac:parameter ac:name="">'
        f"{line(item.insight.id)}</ac:parameter></ac:structured-macro></p>"
    )


def _heading(item: Item) -> str:
    return f"<h2>{line(item.insight.id)} · {line(item.insight.title)}</h2>"


def _end(item: Item) -> str:
    return f"<p><em>End of {line(item.insight.id)}</em></p>"


def _replaces(item: Item, found: News) -> str:
    if all(item.insight.id != one.insight.id for one in found.changed):
        return ""
    one = line(item.insight.id)
    return f"<p><em>Changed: put this in the place of the block {one} to “End of {one}”.</em></p>"


def _write(data: BookData, target: Path, progress: Progress) -> Written:
    progress("Writing the page", 0, 1)
    found = news(data, EXPORTER.name)
    storage = target.with_name(f"{target.stem}.storage.xml")
    check_target(target)
    write_text(storage, stored(found))
    write_text(target, pasted(found))
    progress("Writing the page", 1, 1)
    return found.written


EXPORTER = Exporter(
    name="confluence",
    suffix=".html",
    describes="a page to paste into Confluence, and its storage format beside it",
    write=_write,
    hand_off=True,
)
