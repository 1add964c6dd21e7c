"""``html``: one file that any browser shows, without scripts and without anything from elsewhere."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from themeloom.domain.insights import DECIDED, Direction
from themeloom.exporters.exporter import Exporter, Progress, Written
from themeloom.exporters.markup.html import line, lines, text
from themeloom.exporters.pages.as_html import links_html
from themeloom.exporters.pages.drawing import bar, sparkline
from themeloom.exporters.pages.files import write_text
from themeloom.exporters.pages.insight import (
    Figure,
    InsightPage,
    Said,
    impact_words,
    kept,
    pages_of,
    severity_rank,
)
from themeloom.exporters.pages.style import style
from themeloom.insights.book import compose
from themeloom.insights.model import Book, BookData, Grid, Insight, Section
from themeloom.insights.wording import count, score_word

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'"
_FIRST = 3  # figures that stand large
_ARROWS = {
    Direction.RISING: "▲ Rising",
    Direction.FALLING: "▼ Falling",
    Direction.STEADY: "● Steady",
    Direction.NEW: "★ New",
    Direction.UNKNOWN: "",
}


def html_of(book: Book) -> str:
    """Return the page of ``book``: what it says first, then each insight, then how it was made."""
    pages = pages_of(book)
    return "\n".join(
        (
            "<!DOCTYPE html>",
            '<html lang="en"><head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            '<meta name="referrer" content="no-referrer">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{line(book.title)}</title>",
            f"<style>{style()}</style></head><body>",
            *_head(book),
            *_glance(book),
            *(f"<h2>{heading}</h2>" for heading in ("The insights",) if pages),
            *(_article(page) for page in pages),
            *_making(book.page),
            f"<footer>{line(_made(book))}</footer>",
            "</body></html>\n",
        )
    )


def _head(book: Book) -> Iterable[str]:
    yield f"<header><h1>{line(book.title)}</h1>"
    if book.only:
        yield f"<p><strong>For {line(book.only)}</strong></p>"
    yield f'<p class="lead">{line(book.summary)}</p>'
    news = list(_news(book.insights))
    if news:
        yield f'<div class="news">{"".join(f"<p>{one}</p>" for one in news)}</div>'
    yield "</header>"


def _news(insights: Sequence[Insight]) -> Iterable[str]:
    """Say what to look at first of what is not decided: what is severe, what grows."""
    undecided = [one for one in insights if one.status not in DECIDED]
    for heading, found in (
        ("Most severe", [one for one in undecided if severity_rank(one) == 3]),
        ("Rising", [one for one in undecided if one.trend.direction == Direction.RISING]),
        ("New", [one for one in undecided if one.trend.direction == Direction.NEW]),
    ):
        if found:
            names = "; ".join(
                f'<a href="#{text(one.id)}">{line(one.title)}</a>' for one in found[:3]
            )
            more = f" and {len(found) - 3} more" if len(found) > 3 else ""
            yield f"<strong>{heading}:</strong> {names}{more}."


def _glance(book: Book) -> Iterable[str]:
    """Return the table of contents: one line per insight, with its size as a bar."""
    if not book.insights:
        yield "<p>No theme has been accepted yet, so there are no insights.</p>"
        return
    most = max(one.records for one in book.insights)
    scored = next(
        (kind for kind in book.score_kinds if any(kind in one.impacts for one in book.insights)), ""
    )
    impact = f'<th class="n wide">{line(score_word(scored))} impact</th>' if scored else ""
    yield '<div class="table"><table><thead><tr><th>Id</th><th>Insight</th><th>Severity</th>'
    known = any(one.accounts_known for one in book.insights)
    routed = any(one.owner for one in book.insights)
    accounts = '<th class="n">Accounts</th>' if known else ""
    yield f'<th class="n">Records</th><th class="wide screen"></th>{accounts}'
    yield f"{impact}<th>Trend</th>"
    owner = '<th class="wide">PM</th>' if routed else ""
    yield f"{owner}</tr></thead><tbody>"
    for one in book.insights:
        cells = (
            f'<td class="word quiet">{line(one.id)}</td>',
            f'<td class="claim"><a href="#{text(one.id)}">{line(one.title)}</a></td>',
            f'<td class="word">{_severity(one)}</td>',
            f'<td class="n">{one.records:,}</td>',
            f'<td class="bar wide screen">{bar(one.records, most)}</td>',
            f'<td class="n">{f"{one.accounts:,}" if one.accounts_known else ""}</td>'
            if known
            else "",
            f'<td class="n wide">{_impact(one, scored)}</td>' if scored else "",
            f'<td class="word">{_direction(one.trend.direction)}</td>',
            f'<td class="wide">{line(one.owner)}</td>' if routed else "",
        )
        yield f"<tr>{''.join(cells)}</tr>"
    yield "</tbody></table></div>"


def _impact(insight: Insight, kind: str) -> str:
    impact = insight.impacts.get(kind)
    if impact:
        return line(impact_words(kind, impact))
    return '<span class="quiet">too few answers</span>'


def _severity(insight: Insight) -> str:
    rank = severity_rank(insight)
    if not rank:
        return ""
    return f"{'●' * rank}{'○' * (3 - rank)} {line(insight.severity.value.capitalize())}"


def _direction(direction: Direction) -> str:
    kind = direction.value if direction in (Direction.RISING, Direction.FALLING) else ""
    word = _ARROWS[direction]
    return f'<span class="{kind}">{word}</span>' if kind else word


def _article(page: InsightPage) -> str:
    return "\n".join(
        (
            f'<article id="{text(page.id)}">',
            f'<p class="quiet">{line(page.kicker)}</p><h3>{line(page.title)}</h3>',
            "<p>" + " ".join(_chip(chip) for chip in page.chips) + "</p>" if page.chips else "",
            f"<p>{lines(page.statement)}</p>",
            _figures(page.figures[:_FIRST], "figures"),
            _trend(page),
            *_quotes(page.quotes),
            *_told("Who", page.who),
            *_told("Next step", (page.next_step,)),
            *_told("Note", (page.note,)),
            *_told("Decision", (page.decision,)),
            f"<h4>Links</h4><ul>{''.join(links_html(page))}</ul>" if page.links else "",
            "<details><summary>All figures, and how sure we are</summary>",
            _figures(page.figures[_FIRST:], "figures small"),
            *_told("", (*page.why, *page.sure)),
            f'<p class="quiet">{line(page.marker)}</p></details></article>',
        )
    )


def _chip(chip: str) -> str:
    severe = chip in ("High severity", "Urgent")
    return f'<span class="chip{" bad" if severe else ""}">{line(chip)}</span>'


def _figures(figures: Iterable[Figure], kind: str) -> str:
    cells = "".join(
        f'<div><dt>{line(one.name)}</dt><dd class="value">{line(one.value)}</dd>'
        f'<dd class="base">{line(one.base)}</dd></div>'
        for one in figures
    )
    return f'<dl class="{kind}">{cells}</dl>' if cells else ""


def _trend(page: InsightPage) -> str:
    if not page.trend:
        return ""
    named = zip(page.axis, page.series, strict=False)
    label = line(", ".join(f"{name}: {n:,}" for name, n in named))
    return f'<div class="trend">{sparkline(page.series, label)}<p>{lines(page.trend)}</p></div>'


def _quotes(quotes: Sequence[Said]) -> Iterable[str]:
    if quotes:
        yield "<h4>What people said</h4>"
    for one in quotes:
        kind, but = (' class="counter"', "But: ") if one.counter else ("", "")
        yield (
            f'<figure{kind}><blockquote dir="auto">{but}“{text(one.text)}”</blockquote>'
            f"<figcaption>{line(one.place)}</figcaption></figure>"
        )


def _told(heading: str, sentences: Iterable[str]) -> Iterable[str]:
    told = [f"<p>{lines(one)}</p>" for one in sentences if one]
    if told:
        yield (f"<h4>{heading}</h4>" if heading else "") + "".join(told)


def _making(sections: Sequence[Section]) -> Iterable[str]:
    if sections:
        yield "<h2>How this was made</h2>"
    for section in sections:
        yield f"<details><summary>{line(section.heading)}</summary>"
        yield from (f"<p>{lines(one)}</p>" for one in section.lines)
        if section.grid:
            yield _grid(section.grid)
        yield from (f"<p>{lines(one)}</p>" for one in section.more)
        yield "</details>"


def _grid(grid: Grid) -> str:
    head = "".join(f"<th>{line(name)}</th>" for name in grid.header)
    body = "".join(f"<tr>{''.join(_cell(cell) for cell in row)}</tr>" for row in grid.rows)
    return f'<div class="table"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _cell(value: str | int) -> str:
    return f'<td class="n">{value:,}</td>' if isinstance(value, int) else f"<td>{line(value)}</td>"


def _made(book: Book) -> str:
    insights = count(len(book.insights), "insight")
    return (
        f"{insights} from {book.project_name}, written {book.created:%Y-%m-%d %H:%M} UTC by "
        f"Themeloom {book.version}. {book.privacy}"
    )


def _write(data: BookData, target: Path, progress: Progress) -> Written:
    progress("Writing the page", 0, 1)
    book = compose(data)
    write_text(target, html_of(book))
    progress("Writing the page", 1, 1)
    return kept(book.insights)


EXPORTER = Exporter(
    name="html",
    suffix=".html",
    describes="one page for the browser, readable without Themeloom",
    write=_write,
)
