"""The page of an insight as Markdown."""

from collections.abc import Iterable

from themeloom.exporters.markup.markdown import line, lines, link
from themeloom.exporters.pages.insight import Figure, InsightPage, Said


def as_markdown(page: InsightPage, *, level: int = 2, title: bool = True) -> str:
    """Return the page; what customers wrote cannot become markup. ``level`` of its heading."""
    return "\n".join(_blocks(page, "#" * level, title=title)).rstrip("\n") + "\n"


def _blocks(page: InsightPage, marks: str, *, title: bool) -> Iterable[str]:
    if title:
        yield f"{marks} {line(page.title)}\n"
    yield f"{line(page.kicker)}\n"
    if page.chips:
        yield " · ".join(f"**{line(chip)}**" for chip in page.chips) + "\n"
    yield f"{lines(page.statement)}\n"
    if page.trend:
        yield f"{lines(page.trend)}\n"
    yield from (_figure(figure) for figure in page.figures)
    if page.quotes:
        yield f"\n{marks}# What people said\n"
        yield from (_quote(quote) for quote in page.quotes)
    if page.who:
        yield f"{marks}# Who\n"
        yield from (f"- {line(one)}" for one in page.who)
        yield ""
    for heading, text in (
        ("Next step", page.next_step),
        ("Note", page.note),
        ("Decision", page.decision),
    ):
        if text:
            yield f"{marks}# {heading}\n\n{lines(text)}\n"
    yield f"{marks}# How sure are we\n"
    yield from (f"- {line(one)}" for one in (*page.why, *page.sure))
    if page.links:
        yield f"\n{marks}# Links\n"
        for one in page.links:
            words = " ".join(part for part in (one.key, one.title) if part)
            yield f"- {link(one.url, words)}" + (f" ({line(one.status)})" if one.status else "")
    yield f"\n{line(page.marker)}\n"


def _figure(figure: Figure) -> str:
    base = f" ({line(figure.base)})" if figure.base else ""
    return f"- {line(figure.name)}: **{line(figure.value)}**{base}"


def _quote(quote: Said) -> str:
    but = "But: " if quote.counter else ""
    return f"> {but}“{lines(quote.text, '> ')}”\n>\n> {line(quote.place)}\n"
