"""The page of an insight as plain text, for tools whose fields know no markup."""

from collections.abc import Iterable

from themeloom.exporters.markup.plain import clean, flat
from themeloom.exporters.pages.insight import Figure, InsightPage, Said


def as_text(page: InsightPage) -> str:
    """Return the page without its title."""
    return "\n\n".join(_blocks(page))


def figures_text(figures: Iterable[Figure]) -> str:
    """Return one line per figure."""
    return "\n".join(
        f"{flat(one.name)}: {flat(one.value)}" + (f" ({flat(one.base)})" if one.base else "")
        for one in figures
    )


def quotes_text(quotes: Iterable[Said]) -> str:
    """Return the quotes, each with its place on the line below."""
    return "\n\n".join(
        f"{'But: ' if one.counter else ''}“{clean(one.text)}”\n{flat(one.place)}" for one in quotes
    )


def _blocks(page: InsightPage) -> Iterable[str]:
    yield flat(page.kicker)
    if page.chips:
        yield flat(" · ".join(page.chips))
    yield clean(page.statement)
    if page.trend:
        yield clean(page.trend)
    yield figures_text(page.figures)
    if page.quotes:
        yield f"What people said\n\n{quotes_text(page.quotes)}"
    if page.who:
        yield "Who\n" + "\n".join(map(flat, page.who))
    for heading, text in (
        ("Next step", page.next_step),
        ("Note", page.note),
        ("Decision", page.decision),
    ):
        if text:
            yield f"{heading}\n{clean(text)}"
    yield "How sure are we\n" + "\n".join(map(flat, (*page.why, *page.sure)))
    yield page.marker
