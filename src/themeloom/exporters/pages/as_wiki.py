"""The page of an insight in Jira's wiki markup."""

from collections.abc import Iterable

from themeloom.exporters.markup.wiki import line, lines, link
from themeloom.exporters.pages.insight import InsightPage, Said


def as_wiki(page: InsightPage) -> str:
    """Return the page without its title, which is the summary of the issue."""
    return "\n".join(_blocks(page)).rstrip("\n") + "\n"


def _blocks(page: InsightPage) -> Iterable[str]:
    yield f"{line(page.kicker)}\n"
    if page.chips:
        yield f"*{line(' · '.join(page.chips))}*\n"
    yield f"{lines(page.statement)}\n"
    if page.trend:
        yield f"{lines(page.trend)}\n"
    for figure in page.figures:
        base = f" ({line(figure.base)})" if figure.base else ""
        yield f"* {line(figure.name)}: *{line(figure.value)}*{base}"
    if page.quotes:
        yield "\nh3. What people said\n"
        yield from (_quote(quote) for quote in page.quotes)
    if page.who:
        yield "h3. Who\n"
        yield from (f"* {line(one)}" for one in page.who)
        yield ""
    for heading, text in (
        ("Next step", page.next_step),
        ("Note", page.note),
        ("Decision", page.decision),
    ):
        if text:
            yield f"h3. {heading}\n\n{lines(text)}\n"
    yield "h3. How sure are we\n"
    yield from (f"* {line(one)}" for one in (*page.why, *page.sure))
    if page.links:
        yield "\nh3. Links\n"
        for one in page.links:
            yield f"* {link(one.url, ' '.join(part for part in (one.key, one.title) if part))}"
    yield f"\n{line(page.marker)}"


def _quote(quote: Said) -> str:
    but = "But: " if quote.counter else ""
    return f"{{quote}}\n{but}“{lines(quote.text)}”\n{line(quote.place)}\n{{quote}}\n"
