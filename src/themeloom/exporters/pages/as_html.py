"""The page of an insight as plain HTML: for pasting, for notes of other tools, for wikis.

The same markup is well-formed XML, so Confluence's storage format takes it as it is.
"""

from collections.abc import Iterable

from themeloom.exporters.markup.html import line, lines, link
from themeloom.exporters.pages.insight import Figure, InsightPage, Said


def as_html(page: InsightPage, *, level: int = 2, title: bool = True) -> str:
    """Return the page without styles and scripts; ``level`` of its heading."""
    return "".join(_blocks(page, level, title=title))


def _blocks(page: InsightPage, level: int, *, title: bool) -> Iterable[str]:
    sub = min(level + 1, 6)
    if title:
        yield f"<h{level}>{line(page.title)}</h{level}>"
    yield f"<p>{line(page.kicker)}</p>"
    if page.chips:
        yield f"<p><strong>{line(' · '.join(page.chips))}</strong></p>"
    yield f"<p>{lines(page.statement)}</p>"
    if page.trend:
        yield f"<p>{lines(page.trend)}</p>"
    yield f"<ul>{''.join(_figure(figure) for figure in page.figures)}</ul>"
    if page.quotes:
        yield f"<h{sub}>What people said</h{sub}>"
        yield from (_quote(quote) for quote in page.quotes)
    if page.who:
        yield f"<h{sub}>Who</h{sub}>{_list(page.who)}"
    for heading, text in (
        ("Next step", page.next_step),
        ("Note", page.note),
        ("Decision", page.decision),
    ):
        if text:
            yield f"<h{sub}>{heading}</h{sub}><p>{lines(text)}</p>"
    yield f"<h{sub}>How sure are we</h{sub}>{_list((*page.why, *page.sure))}"
    if page.links:
        yield f"<h{sub}>Links</h{sub}><ul>{''.join(links_html(page))}</ul>"
    yield f"<p><em>{line(page.marker)}</em></p>"


def links_html(page: InsightPage) -> Iterable[str]:
    """Return one list item per link."""
    for one in page.links:
        words = " ".join(part for part in (one.key, one.title) if part)
        status = f" ({line(one.status)})" if one.status else ""
        yield f"<li>{link(one.url, words)}{status}</li>"


def _list(sentences: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{line(one)}</li>' for one in sentences)}</ul>"


def _figure(figure: Figure) -> str:
    base = f" ({line(figure.base)})" if figure.base else ""
    return f"<li>{line(figure.name)}: <strong>{line(figure.value)}</strong>{base}</li>"


def _quote(quote: Said) -> str:
    but = "But: " if quote.counter else ""
    return f"<blockquote><p>{but}“{lines(quote.text)}”</p><p>{line(quote.place)}</p></blockquote>"
