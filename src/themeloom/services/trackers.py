"""Other tools' exports read back: keys and status for insights, and backlog items that say the same."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from themeloom.domain.changes import Deed
from themeloom.domain.errors import ImportFileError
from themeloom.domain.insights import Field, Link, PmStatus
from themeloom.exporters.handoff.choices import choices_of
from themeloom.exporters.trackers.matching import matches
from themeloom.exporters.trackers.reading import Item, read_export
from themeloom.importers.delimited import MAX_BYTES
from themeloom.insights.book import draft
from themeloom.insights.model import Insight
from themeloom.services.exporting import book_data
from themeloom.services.insight_fields import links_json
from themeloom.services.session import Session

_TOOLS = {
    "jira": "Jira",
    "asana": "Asana",
    "linear": "Linear",
    "notion": "Notion",
    "productboard": "Productboard",
}


@dataclass(frozen=True, slots=True)
class Attachment:
    """A row that names an insight.

    Attributes:
        insight_id: the insight, by the id that was handed off.
        theme_id: its theme.
        title: its title.
        link: where it lives in the tool, as the file has it.
        before: the link that the insight has to that item already, None where there is none.
        status: what the tool's status means for the insight; None: still open, or as it is.
        status_before: the insight's status now.
    """

    insight_id: str
    theme_id: str
    title: str
    link: Link
    before: Link | None
    status: PmStatus | None
    status_before: PmStatus

    @property
    def is_news(self) -> bool:
        """Whether anything would change."""
        return self.link != self.before or self.status is not None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A backlog item that may say what an insight without a link to that tool says.

    ``words`` are those that both have, rarest first; ``score`` sorts and is not shown.
    """

    insight_id: str
    theme_id: str
    title: str
    link: Link
    words: tuple[str, ...]
    score: float


@dataclass(frozen=True, slots=True)
class LeftRow:
    """A row that names an insight in a way that cannot be followed, and why."""

    row: int
    what: str
    why: str


@dataclass(frozen=True)
class TrackerReading:
    """What a file would bring, before anything is done.

    Attributes:
        file: its name.
        tool: name of the exporter: "jira" …
        tool_name: as people write it.
        items: rows that were read.
        attachments: rows that name an insight; those without news among them.
        suggestions: best first for each insight; nothing of it is ticked by itself.
        left: rows that cannot be followed.
        notes: what to tell about the file.
    """

    file: str
    tool: str
    tool_name: str
    items: int
    attachments: tuple[Attachment, ...]
    suggestions: tuple[Suggestion, ...]
    left: tuple[LeftRow, ...]
    notes: tuple[str, ...]

    @property
    def news(self) -> tuple[Attachment, ...]:
        """Rows that would change something."""
        return tuple(one for one in self.attachments if one.is_news)

    @property
    def summary(self) -> str:
        """What was found, in one sentence."""
        known = len(self.attachments) - len(self.news)
        parts = [
            f"{self.items:,} rows of {self.tool_name}: {len(self.news):,} with news",
            f"{known:,} as known" if known else "",
            f"{len(self.suggestions):,} that may fit" if self.suggestions else "",
            f"{len(self.left):,} that cannot be followed" if self.left else "",
        ]
        return ", ".join(part for part in parts if part) + "."


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a person ticked: a link for an insight, and the status that it takes on, if any."""

    theme_id: str
    link: Link
    status: PmStatus | None = None


def read_tracker(session: Session, path: Path) -> TrackerReading:
    """Read a CSV that Jira, Asana, Linear, Notion or Productboard exported; nothing is changed.

    Raises:
        ImportFileError: the file cannot be read, or is from no tool that is known.
    """
    data = book_data(session.project, raw=False)
    insights = draft(data).insights
    export = read_export(_bytes(path), path.name, choices_of(data.choices, "jira").get("site", ""))
    by_id = {one.id: one for one in insights}
    attachments: list[Attachment] = []
    left: list[LeftRow] = []
    named: set[int] = set()
    for item in export.items:
        if not item.insights:
            continue
        named.add(item.row)
        why = _riddle(item, by_id, data.project_id[:6])
        if why:
            left.append(LeftRow(item.row, item.link.title or item.link.key, why))
        else:
            attachments.append(_attachment(by_id[item.insights[0]], item))
    linked = {one.insight_id for one in attachments} | {
        one.id for one in insights if any(link.tool == export.tool for link in one.links)
    }
    return TrackerReading(
        file=path.name,
        tool=export.tool,
        tool_name=_TOOLS[export.tool],
        items=len(export.items),
        attachments=tuple(attachments),
        suggestions=tuple(
            _suggestions(
                [one for one in insights if one.id not in linked],
                [one for one in export.items if one.row not in named and one.link.key],
            )
        ),
        left=tuple(left),
        notes=export.notes,
    )


def apply(session: Session, chosen: Sequence[Chosen], *, tool_name: str = "") -> Deed | None:
    """Attach links, and statuses where one was ticked, as one undo step; None: nothing changes.

    A link of the same tool and key is renewed, all other links stay.

    Raises:
        ProjectError: no such theme, or the project cannot be written.
    """
    links = {
        insight.theme_id: insight.links
        for insight in draft(book_data(session.project, raw=False)).insights
    }
    edits: dict[str, dict[Field, str | None]] = {}
    for one in chosen:
        links[one.theme_id] = _with(links.get(one.theme_id, ()), one.link)
        edit = edits.setdefault(one.theme_id, {})
        edit[Field.LINKS] = links_json(links[one.theme_id])
        if one.status is not None:
            edit[Field.STATUS] = str(one.status)
    name = f"what came back from {tool_name or 'another tool'}"
    return session.project.edit_insights(edits, name=name)


def _attachment(insight: Insight, item: Item) -> Attachment:
    before = next(
        (one for one in insight.links if (one.tool, one.key) == (item.link.tool, item.link.key)),
        None,
    )
    url = item.link.url or (before.url if before else "")
    return Attachment(
        insight_id=insight.id,
        theme_id=insight.theme_id,
        title=insight.title,
        link=Link(item.link.tool, item.link.key, url, item.link.title, item.link.status),
        before=before,
        status=item.status if item.status != insight.status else None,
        status_before=insight.status,
    )


def _riddle(item: Item, insights: Mapping[str, Insight], project: str) -> str:
    """Return why a row that names an insight cannot be followed, "" where it can."""
    if item.project and project and not project.startswith(item.project):
        return f"{item.insights[0]} there is an insight of another project."
    first, *others = item.insights
    if others:
        return f"It names several insights: {', '.join(item.insights)}."
    if first not in insights:
        return f"There is no insight {first} in this project now."
    if not item.link.key:
        return "It has no key by which it could be found again."
    return ""


def _suggestions(insights: Sequence[Insight], items: Sequence[Item]) -> Iterable[Suggestion]:
    found = matches({one.id: f"{one.title} {one.theme}" for one in insights}, items)
    for insight in insights:
        for match in found.get(insight.id, ()):
            yield Suggestion(
                insight.id,
                insight.theme_id,
                insight.title,
                match.item.link,
                match.words,
                match.score,
            )


def _with(links: Sequence[Link], new: Link) -> tuple[Link, ...]:
    others = [one for one in links if (one.tool, one.key) != (new.tool, new.key)]
    at = next(
        (at for at, one in enumerate(links) if (one.tool, one.key) == (new.tool, new.key)),
        len(others),
    )
    return (*others[:at], new, *others[at:])


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ImportFileError(
                "The file is larger than 1 GB.", file=path.name, hint="Export fewer items."
            )
        data = path.read_bytes()
    except OSError as error:
        raise ImportFileError(
            f"The file cannot be read ({error.strerror or error}).",
            file=path.name,
            hint="Check that it is there and not open elsewhere.",
        ) from error
    if data[:4] == b"PK\x03\x04" or data[:4] == b"\xd0\xcf\x11\xe0":
        raise ImportFileError(
            "This is a workbook or an archive, not a CSV file.",
            file=path.name,
            hint="Export as CSV, or save the sheet as CSV.",
        )
    return data
