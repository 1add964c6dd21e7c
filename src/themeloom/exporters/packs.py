"""What one PM gets by a send: a folder with the workbook, a page to read, and a text for the mail."""

import os
import re
import secrets
import shutil
import time
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from themeloom.domain.errors import ExportError
from themeloom.exporters.exporter import Progress, Written
from themeloom.exporters.markup import markdown, plain
from themeloom.exporters.pages.as_markdown import as_markdown
from themeloom.exporters.pages.files import write_text
from themeloom.exporters.pages.insight import InsightPage, kept, pages_of
from themeloom.exporters.safety.targets import write_whole
from themeloom.exporters.xlsx import write_workbook
from themeloom.insights.book import compose
from themeloom.insights.model import Book, BookData, Change, ChangeRow, Insight
from themeloom.insights.sending import SNAPSHOT, Chosen, Mark, Pack, snapshot
from themeloom.insights.wording import count, day, joined

#: Begins the names of folders that are being written; a later send clears those that were left.
_UNFINISHED = ".themeloom-send-"
_LEFT_AFTER = 3600.0  # seconds after which nobody can still be writing one

_QUOTES = 2  # on the page, beside the counter-example
_FIGURES = 3
_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]+')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


def write_pack(
    pack: Pack, data: BookData, folder: Path, progress: Progress
) -> tuple[Path, Written]:
    """Write what ``pack.pm`` gets into a new folder below ``folder``, whole or not at all.

    Args:
        pack: what goes out.
        data: of the project, for this PM and the chosen insights only.
        folder: exists.
        progress: may raise ``JobCancelled``: nothing of this pack is left then.

    Returns:
        The new folder, and what was written of each insight.

    Raises:
        ExportError: the folder cannot be written to, or the disk is full.
    """
    clear_leftovers(folder)
    name = safe_name(pack.pm)
    waiting = folder / f"{_UNFINISHED}{secrets.token_hex(8)}"
    try:
        waiting.mkdir()
        book = _with_news(compose(data), pack)
        workbook = f"Insights for {name}.xlsx"
        write_whole(waiting / workbook, lambda file: write_workbook(book, file, progress))
        write_text(waiting / f"Insights for {name}.md", page(pack, book))
        write_text(waiting / "Mail.txt", mail(pack, book, workbook))
        target = _free(folder, f"{name} {data.created.date().isoformat()}")
        os.rename(waiting, target)  # fails where something of this name came in between
    except OSError as error:
        raise ExportError(
            f"The pack for {pack.pm} cannot be written ({error.strerror or error}).",
            file=str(folder),
            hint="Choose another folder, or make room on the disk, then send again.",
        ) from error
    finally:
        shutil.rmtree(waiting, ignore_errors=True)
    return target, _written(pack, data, book)


def _with_news(book: Book, pack: Pack) -> Book:
    """Return the book with its changes as the plan tells them: what is held back is not gone.

    Raises:
        ExportError: something that the plan chose goes to nobody, or to somebody else, by now.
    """
    if {one.id for one in book.insights} != {one.insight.id for one in pack.chosen}:
        raise ExportError(
            f"What goes to {pack.pm} has changed since this send was planned.",
            hint="Look at it again, then send.",
        )
    new = {one.insight.id for one in pack.marked(Mark.NEW)}
    held = {one.insight.id for one in (*pack.settled, *pack.left_out)}
    rows = [
        row
        for row in book.changes
        if not (row.change == Change.NEW and row.insight_id not in new)
        and not (row.change == Change.GONE and row.insight_id in held)
    ]
    for settled in pack.settled:
        one = settled.insight
        words = f"{settled.mark.capitalize()}: {settled.words.removeprefix('done: ')}."
        rows.append(
            ChangeRow(Change.DECIDED, one.id, one.title, "", str(one.status), plain.flat(words))
        )
    for left in pack.left_out:
        one = left.insight
        words = f"Not in this pack: {left.words}."
        rows.append(
            ChangeRow(Change.GONE, one.id, one.title, "", count(one.records, "record"), words)
        )
    order = list(Change)
    rows.sort(key=lambda row: (order.index(row.change), row.insight_id))
    return replace(book, changes=tuple(rows))


def clear_leftovers(folder: Path) -> None:
    """Remove what a killed send left in ``folder``."""
    for left in folder.glob(f"{_UNFINISHED}*"):
        if left.is_dir() and time.time() - left.stat().st_mtime > _LEFT_AFTER:
            shutil.rmtree(left, ignore_errors=True)


def safe_name(name: str) -> str:
    """Return a name as every file system takes it: no path, no device, at most 60 characters."""
    text = _UNSAFE.sub(" ", unicodedata.normalize("NFC", name))
    text = "".join(one for one in text if unicodedata.category(one) not in ("Cf", "Cs", "Cn", "Co"))
    text = " ".join(text.split())[:60].strip(" .")
    return f"{text} (PM)".strip() if not text or _RESERVED.fullmatch(text) else text


def page(pack: Pack, book: Book) -> str:
    """Return the page to read, as Markdown: what is new first, then each insight in short."""
    chosen = {one.insight.id: one for one in pack.chosen}
    blocks = [
        f"# {_headline(pack)}\n",
        f"{markdown.line(f'For {pack.pm}. {_about(pack, book)}')}\n",
    ]
    since = _since(pack)
    if since:
        blocks.append(f"## Since {markdown.line(_last(pack))}\n")
        blocks += [f"- **{mark.capitalize()}**: {markdown.line(words)}" for mark, words in since]
        blocks.append("")
    pages = {one.id: one for one in pages_of(book)}
    blocks += [
        as_markdown(_short(pages[insight_id], one))
        for insight_id, one in chosen.items()
        if insight_id in pages
    ]
    return "\n".join(blocks).rstrip("\n") + "\n"


def mail(pack: Pack, book: Book, workbook: str) -> str:
    """Return the text of the mail with its subject line; nothing in it is more than plain text."""
    since = _since(pack)
    insights = {one.id: one for one in book.insights}
    news = f" ({_counts(since)})" if since else ""
    lines = [
        *([f"To: {plain.flat(pack.email)}"] if pack.email else []),
        f"Subject: {_headline(pack)}, {_when(book)}{news}",
        "",
        f"Hello {plain.flat(pack.pm)},",
        "",
        _about(pack, book),
        "",
    ]
    for number, chosen in enumerate(pack.chosen, 1):
        one = insights.get(chosen.insight.id)
        if one is not None:
            lines += [*_told(number, one, chosen), ""]
    if since:
        lines += [f"Since {_last(pack)}", ""]
        lines += [f"- {mark.capitalize()}: {plain.flat(words)}" for mark, words in since]
        lines.append("")
    lines += [
        f"Evidence and all numbers are in the workbook “{workbook}”. Please fill in Status, "
        "Decision, Next step and Notes there and send it back: what you write is taken over.",
        "",
        book.privacy,
    ]
    return "\n".join(lines) + "\n"


def _headline(pack: Pack) -> str:
    of = f" about {joined(list(pack.areas))}" if pack.areas else ""
    return plain.flat(f"{count(len(pack.chosen), 'insight')}{of}")


def _about(pack: Pack, book: Book) -> str:
    these = "This insight matters" if len(pack.chosen) == 1 else "These insights matter"
    total = count(book.numbers.total, "record")
    first = "" if len(pack.chosen) == 1 else ", the weightiest first"
    say = "says" if book.numbers.total == 1 else "say"
    return plain.flat(
        f"{these} most for you among what {total} of customer feedback {say} "
        f"({_when(book)}){first}."
    )


def _when(book: Book) -> str:
    return plain.flat(book.title.partition(", ")[2]) or day(book.created.date())


def _last(pack: Pack) -> str:
    return day(pack.last.when.date()) if pack.last else ""


def _since(pack: Pack) -> list[tuple[Mark, str]]:
    """Return what happened since the last send, one line each, in the order of ``Mark``."""
    if pack.last is None:
        return []
    told: list[tuple[Mark, str]] = []
    for mark in Mark:
        for one in pack.marked(mark):
            about = one.insight
            words = "; ".join(one.changes) if mark == Mark.CHANGED else ""
            if mark == Mark.OVERDUE and about.due:
                words = f"due {day(about.due)}"
            told.append((mark, f"{_named(about)}{f': {words}' if words else ''}"))
        told += [
            (mark, f"{_named(settled.insight)}: {settled.words}")
            for settled in pack.settled
            if settled.mark == mark
        ]
    return told


def _named(insight: Insight) -> str:
    return f"{insight.title} ({insight.id})"


def _counts(since: Sequence[tuple[Mark, str]]) -> str:
    marks = [mark for mark, _words in since]
    return ", ".join(f"{marks.count(mark)} {mark}" for mark in Mark if mark in marks)


def _told(number: int, one: Insight, chosen: Chosen) -> Iterable[str]:
    marks = f" [{', '.join(chosen.marks)}]" if chosen.marks else ""
    yield plain.flat(f"{number}. {one.title} ({one.id}){marks}")
    figures = [count(one.records, "record")]
    if one.accounts:
        figures.append(count(one.accounts, "account"))
    words = [f"{one.severity.value} severity"] if one.severity.value else []
    words += [", ".join(figures)]
    words += [f"due {day(one.due)}"] if one.due else []
    told = plain.flat(" · ".join(words))
    yield f"   {told[:1].upper()}{told[1:]}"
    if one.next_step:
        yield f"   Next step: {plain.flat(one.next_step)}"
    if one.note:
        yield f"   Note: {plain.flat(one.note)}"


def _short(page_: InsightPage, chosen: Chosen) -> InsightPage:
    """Return the page with what fits on a screen: the workbook has the rest."""
    said = [quote for quote in page_.quotes if not quote.counter][:_QUOTES]
    against = [quote for quote in page_.quotes if quote.counter][:1]
    return replace(
        page_,
        chips=(*(mark.capitalize() for mark in chosen.marks), *page_.chips),
        figures=page_.figures[:_FIGURES],
        quotes=(*said, *against),
        who=page_.who[:1],
        why=(),
        sure=page_.sure[:2],
    )


def _written(pack: Pack, data: BookData, book: Book) -> Written:
    """Return what the log keeps: the cells that come back, and what each insight was.

    What was resolved or decided is kept with it, so that it is told once.
    """
    from themeloom.exporters.workbook.closed_cells import written_cells

    told = kept(book.insights)
    cells = written_cells(data.project_id, book)
    written = {one.id: {**told[one.id], **cells[one.id]} for one in book.insights}
    for one in (*pack.chosen, *pack.settled):
        written.setdefault(one.insight.id, {})[SNAPSHOT] = snapshot(one.insight)
    return written


def _free(folder: Path, name: str) -> Path:
    number, candidate = 1, folder / name
    while candidate.exists():
        number += 1
        candidate = folder / f"{name} ({number})"
    return candidate
