"""A tool's export as items of a backlog, each with the insight that it names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from themeloom.base.folding import fold
from themeloom.domain.errors import ImportFileError
from themeloom.domain.insights import Link, PmStatus
from themeloom.exporters.markup.plain import flat, safe_url
from themeloom.exporters.trackers.shapes import SHAPES, Shape
from themeloom.importers.delimited import read_delimited

#: Rows above the header that are looked at: Asana's sheets have four.
_LOOK = 8
_WORDS = 4_000  # characters of a long text that are compared

_ID = r"IN-[A-Z]?\d+"
_LABEL = re.compile(rf"\bthemeloom-({_ID})\b", re.IGNORECASE)
_BARE = re.compile(rf"\s*({_ID})\s*", re.IGNORECASE)
_MARKER = re.compile(rf"\bThemeloom\s+({_ID})(?:\s+·\s+([0-9a-z]{{1,6}})\b)?", re.IGNORECASE)
_IN_TITLE = re.compile(rf"\(({_ID})\)\s*$")

_DECLINED = frozenset(
    "won't do|won't fix|wont do|wont fix|wontfix|declined|rejected|canceled|cancelled|duplicate|"
    "obsolete|not doing|archived|cannot reproduce|not planned".split("|")
)
_DONE = frozenset("done|closed|resolved|complete|completed|shipped|released|fixed|live".split("|"))
_IN_WORK = frozenset(
    "in progress|started|in review|doing|in development|in work|testing|in qa|building".split("|")
)
_ACCEPTED = frozenset("accepted|planned|next|selected for development|ready|approved".split("|"))


@dataclass(frozen=True, slots=True)
class Item:
    """One row of a tool's export.

    Attributes:
        row: as a person counts rows in a spreadsheet.
        link: where it lives in the tool, with its title and status there.
        words: its title and the beginning of its text, for comparing.
        insights: ids of the insights that it names; more than one is a riddle.
        project: the first digits of the project that it names, "" where it names none.
        status: what its status there would mean for the insight, None where that is open.
    """

    row: int
    link: Link
    words: str
    insights: tuple[str, ...] = ()
    project: str = ""
    status: PmStatus | None = None


@dataclass(frozen=True, slots=True)
class Export:
    """What was read: the tool, its items, and what to tell about the file."""

    tool: str
    items: tuple[Item, ...]
    notes: tuple[str, ...] = ()


def read_export(data: bytes, name: str, site: str = "") -> Export:
    """Return the items of a CSV that Jira, Asana, Linear, Notion or Productboard exported.

    Columns of the same name are read together, as Jira repeats the header of a field with several
    values. ``site`` is the address under which Jira shows issues, "" where it is not known.

    Raises:
        ImportFileError: empty, too large, or from no tool that is known.
    """
    grid = read_delimited(data, name)
    top = [[fold(cell or "") for cell in row] for row in grid.frame.head(_LOOK).iter_rows()]
    found = ((at, shape) for at, row in enumerate(top) if (shape := _shape(row)))
    at, shape = next(found, (0, None))
    if shape is None:
        raise ImportFileError(
            "This is no export of Jira, Asana, Linear, Notion or Productboard that can be told.",
            file=name,
            hint="Export as CSV with all fields, and leave the header row as it is.",
        )
    columns = _Columns(shape, top[at])
    items = [
        columns.item([cell or "" for cell in cells], number, site)
        for number, cells in enumerate(grid.frame.slice(at + 1).iter_rows(), at + 2)
        if any(cells)
    ]
    return Export(shape.tool, tuple(items), grid.notes)


def _shape(headers: Sequence[str]) -> Shape | None:
    return next((one for one in SHAPES if one.needs <= set(headers)), None)


def meaning(status: str, category: str = "", resolution: str = "") -> PmStatus | None:
    """Return what a tool's status means for an insight, None where it is still open."""
    told = [fold(one) for one in (resolution, status, category) if one]
    for words, found in (
        (_DECLINED, PmStatus.DECLINED),
        (_DONE, PmStatus.DONE),
        (_IN_WORK, PmStatus.IN_WORK),
        (_ACCEPTED, PmStatus.ACCEPTED),
    ):
        if any(one in words for one in told):
            return found
    return None


class _Columns:
    """Finds the cells of each meaning in a row."""

    def __init__(self, shape: Shape, headers: Sequence[str]) -> None:
        self._shape = shape
        self._at: dict[str, list[int]] = {}
        for at, header in enumerate(headers):
            self._at.setdefault(header, []).append(at)

    def item(self, cells: Sequence[str], row: int, site: str) -> Item:
        shape = self._shape
        key, title = flat(self._first(cells, shape.key)), flat(self._first(cells, shape.title))
        status = flat(self._first(cells, shape.status))
        finished = self._first(cells, shape.finished)
        long = "\n".join(self._all(cells, shape.words))
        url = safe_url(self._first(cells, shape.url).strip())
        if not url and shape.tool == "jira" and key:
            url = safe_url(f"{site.rstrip('/')}/browse/{key}") if site else ""
        insights, project = _named(self._all(cells, shape.ids), title, long)
        told = meaning(
            "done" if finished else status,
            self._first(cells, shape.category),
            self._first(cells, shape.resolution),
        )
        return Item(
            row=row,
            link=Link(shape.tool, key, url, title, "Completed" if finished else status),
            words=f"{title} {title} {long[:_WORDS]}",
            insights=insights,
            project=project,
            status=told,
        )

    def _all(self, cells: Sequence[str], headers: Sequence[str]) -> list[str]:
        places = [at for header in headers for at in self._at.get(header, [])]
        return [cells[at] for at in places if at < len(cells) and cells[at].strip()]

    def _first(self, cells: Sequence[str], headers: Sequence[str]) -> str:
        return next(iter(self._all(cells, headers)), "")


def _named(ids: Sequence[str], title: str, long: str) -> tuple[tuple[str, ...], str]:
    """Return the ids of insights in a row, and the project that its marker names.

    Labels and id columns come first: only people and we write there. In long texts only the last
    marker counts, as a quote of a customer could hold another one.
    """
    markers = list(_MARKER.finditer("\n".join([*ids, long])))
    project = (markers[-1][2] or "").lower() if markers else ""
    found = [one for cell in ids for one in _LABEL.findall(cell)]
    found += [bare[1] for cell in ids if (bare := _BARE.fullmatch(cell))]
    if not found and (in_title := _IN_TITLE.search(title)):
        found = [in_title[1]]
    if not found and markers:
        found = [markers[-1][1]]
    return tuple(dict.fromkeys(one.upper() for one in found)), project
