"""``markdown``: one readable text file of all insights."""

from collections.abc import Iterable
from pathlib import Path

from themeloom.exporters.exporter import Exporter, Progress, Written
from themeloom.exporters.markup.markdown import line, lines
from themeloom.exporters.pages.as_markdown import as_markdown
from themeloom.exporters.pages.files import write_text
from themeloom.exporters.pages.insight import kept, pages_of
from themeloom.insights.book import compose
from themeloom.insights.model import Book, BookData, Grid


def markdown_of(book: Book) -> str:
    """Return ``book`` as Markdown: a table of all insights, each insight, how it was made."""
    return "\n".join(_blocks(book)).rstrip("\n") + "\n"


def _blocks(book: Book) -> Iterable[str]:
    yield f"# {line(book.title)}\n"
    if book.only:
        yield f"For **{line(book.only)}**\n"
    yield f"{line(book.summary)}\n"
    if book.insights:
        rows = tuple(
            (
                one.id,
                one.title,
                one.severity.value.capitalize(),
                one.records,
                one.accounts if one.accounts_known else "",
                "" if one.trend.direction == "unknown" else one.trend.direction.capitalize(),
                one.owner,
            )
            for one in book.insights
        )
        header = ("Id", "Insight", "Severity", "Records", "Accounts", "Trend", "PM")
        told = [at for at in range(len(header)) if any(row[at] != "" for row in rows)]
        yield _table(
            Grid(
                tuple(header[at] for at in told),
                tuple(tuple(row[at] for at in told) for row in rows),
            )
        )
    yield from (as_markdown(page) for page in pages_of(book))
    if book.page:
        yield "## How this was made\n"
    for section in book.page:
        yield f"### {line(section.heading)}\n"
        yield from (f"{lines(one)}\n" for one in section.lines)
        if section.grid:
            yield _table(section.grid)
        yield from (f"{lines(one)}\n" for one in section.more)


def _table(grid: Grid) -> str:
    head = f"| {' | '.join(line(name) for name in grid.header)} |"
    numbers = [
        any(isinstance(row[at], int) for row in grid.rows)
        and all(isinstance(row[at], int) or row[at] == "" for row in grid.rows)
        for at in range(len(grid.header))
    ]
    rule = f"| {' | '.join('---:' if number else '---' for number in numbers)} |"
    body = [f"| {' | '.join(_cell(cell) for cell in row)} |" for row in grid.rows]
    return "\n".join((head, rule, *body)) + "\n"


def _cell(value: str | int) -> str:
    return f"{value:,}" if isinstance(value, int) else line(value)


def _write(data: BookData, target: Path, progress: Progress) -> Written:
    progress("Writing the text", 0, 1)
    book = compose(data)
    write_text(target, markdown_of(book))
    progress("Writing the text", 1, 1)
    return kept(book.insights)


EXPORTER = Exporter(
    name="markdown",
    suffix=".md",
    describes="a text file with all insights, for wikis and chats",
    write=_write,
)
