"""Checking an exported file against the project: each quote word for word, each figure anew."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from pathlib import Path

import polars as pl

from themeloom.domain.errors import UsageError
from themeloom.domain.periods import Period, parse_period
from themeloom.exporters.returning.quote_rows import Exported, FigureRow, QuoteRow, read_exported
from themeloom.exporters.returning.same_words import comparable, says_the_same
from themeloom.insights.book import draft
from themeloom.insights.ledger import quote_hash
from themeloom.insights.model import Insight
from themeloom.insights.tree import insight_id
from themeloom.project.project import Project
from themeloom.services.exporting import book_data, masker_of

_ALIKE = 0.75  # from here on two texts are one that was changed
_QUOTED = re.compile(r"“(.*)”", re.DOTALL)


class State(StrEnum):
    """What became of a quote."""

    VERIFIED = "verified"  # word for word what the project has
    CHANGED = "changed"  # the file or the project says something else now
    MISSING = "missing"  # the project does not show it any more, or the row has lost its id
    ERASED = "erased"  # the project file does not hold its record any more, in any version


@dataclass(frozen=True, slots=True)
class QuoteCheck:
    """One quote of the file, checked.

    Attributes:
        state: what became of it.
        place: where it stands in the file.
        id: of the quote.
        insight: insight id.
        record_id: its record, "" where the file does not say.
        excerpt_id: its excerpt, "" where the file does not say.
        file: its text in the file.
        project: the text in the project, masked as the file is; "" where there is none.
        why: the reason, "" where it is verified and nothing is to be told.
    """

    state: State
    place: str
    id: str
    insight: str
    record_id: str
    excerpt_id: str
    file: str
    project: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class FigureCheck:
    """One figure of the file, computed anew; ``file`` is None where it is no number any more."""

    place: str
    insight: str
    name: str
    file: int | None
    now: int | None

    @property
    def same(self) -> bool:
        """Whether the project says the same."""
        return self.file == self.now


@dataclass(frozen=True)
class Verification:
    """What a check found.

    Attributes:
        file: its name.
        items: its quotes in the order of the file; changed short forms of them follow.
        figures: its figures in the order of the file.
        period: days that the figures were computed for, "" for all.
        notes: what to tell the person, one sentence each.
    """

    file: str
    items: tuple[QuoteCheck, ...]
    figures: tuple[FigureCheck, ...]
    period: str
    notes: tuple[str, ...]

    def count(self, state: State) -> int:
        """Return how many quotes are in a state."""
        return sum(item.state is state for item in self.items)

    @property
    def figures_changed(self) -> tuple[FigureCheck, ...]:
        """Figures that the project does not tell any more."""
        return tuple(figure for figure in self.figures if not figure.same)


def verify(project: Project, path: Path) -> Verification:
    """Check the quotes and figures of an exported workbook, json or csv file.

    Args:
        project: where it was exported from; may be open for reading only.
        path: the file, also when another program has saved it since.

    Raises:
        ImportFileError: not readable, or a format whose quotes cannot be found again.
    """
    exported = read_exported(path)
    notes = list(exported.notes)
    foreign = bool(exported.project_id) and exported.project_id != project.id
    if foreign:
        notes.append("The file belongs to another project.")
    check = _Check(project, exported, foreign=foreign)
    items = [check.quote(row) for row in exported.quotes]
    items += [found for row in exported.shortened if (found := check.shortened(row))]
    period, told = _period(project, exported)
    notes += told
    return Verification(
        path.name,
        tuple(items),
        tuple(_figures(project, exported.figures, period)),
        str(period or ""),
        tuple(notes),
    )


class _Check:
    """Finds quotes in the project and compares them."""

    def __init__(self, project: Project, exported: Exported, *, foreign: bool) -> None:
        self._exported = exported
        self._foreign = foreign
        self._blanks = not exported.loses_blanks
        self._masker = masker_of(project, project.records(["author", "turns_json", "fields_json"]))
        self._excerpts = project.excerpts().select("excerpt_id", "record_id", "text")
        named = {row.excerpt_id for row in exported.quotes if row.excerpt_id}
        self._named: dict[str, tuple[str, str]] = {
            excerpt: (record, text)
            for excerpt, record, text in self._excerpts.filter(
                pl.col("excerpt_id").is_in(list(named))
            ).iter_rows()
        }
        records = sorted({row.record_id for row in exported.quotes if row.record_id})
        self._texts: dict[str, str] = dict(
            project.records(["record_id", "text"])
            .select("record_id", "text")
            .filter(pl.col("record_id").is_in(records))
            .iter_rows()
        )
        self._kept = project.kept_records(records)
        self._themes = project.themes()
        self._themes_of = {insight_id(one): one for one in self._themes["theme_id"]}
        self._assignments = project.assignments()
        self._of_theme: dict[str, list[str]] = {}
        self._every: list[str] | None = None

    def quote(self, row: QuoteRow) -> QuoteCheck:
        """Return what became of a quote."""
        if self._foreign:
            return self._told(row, State.MISSING, why="The file belongs to another project.")
        if not row.named:
            return self._by_words(row)
        if not row.excerpt_id and not row.record_id:
            return self._told(row, State.MISSING, why="The row has lost the ids of its quote.")
        found = self._named.get(row.excerpt_id)
        if found is not None:
            return self._compared(row, *found)
        text = self._texts.get(row.record_id)
        if text is not None:
            piece = text[row.start : row.end] if row.start is not None and row.end else ""
            if piece and self._same(row.text, piece):
                return self._told(row, State.VERIFIED)
            why = "The record is there, but not this piece of it: its text was changed."
            return self._told(row, State.MISSING, why=why)
        if row.record_id in self._kept:
            why = "Its record is not shown: its source was removed or its import undone."
            return self._told(row, State.MISSING, why=why)
        if row.record_id and row.excerpt_id.startswith(f"{row.record_id}."):
            why = "Its record was erased: the project file does not hold it any more."
            return self._told(row, State.ERASED, why=why)
        why = "The project has no such record: the ids of the row were changed."
        return self._told(row, State.MISSING, why=why)

    def shortened(self, row: QuoteRow) -> QuoteCheck | None:
        """Return the check of a short form that no quote of its insight has; None where one has."""
        quoted = _QUOTED.search(row.text)
        if self._foreign or quoted is None:
            return None
        short = _flat(quoted[1])
        whole = not short.endswith(" …")
        start = short.removesuffix(" …")

        def has(text: str) -> bool:
            return _flat(text) == short if whole else _flat(text).startswith(start)

        beside = [quote for quote in self._exported.quotes if quote.insight == row.insight]
        if any(has(quote.text) for quote in beside):
            return None  # that quote has a check of its own
        own = [self._named[one.excerpt_id][1] for one in beside if one.excerpt_id in self._named]
        masked = self._masker.mask_series(pl.Series(own, dtype=pl.String))
        if any(has(text) for text in (*own, *masked)):
            return None
        texts = self._texts_of(row.insight)
        if any(has(text) for text in texts):
            return None
        nearest = _nearest(short, (_flat(text)[: len(short) + 20] for text in texts))
        return self._told(row, State.CHANGED, nearest, "No quote of this insight begins like that.")

    def _compared(self, row: QuoteRow, record_id: str, plain: str) -> QuoteCheck:
        if row.record_id and row.record_id != record_id:
            why = "The row names another record than that of its excerpt."
            return self._told(row, State.CHANGED, self._shown(plain), why)
        masked = self._masker.mask(plain)
        if self._same(row.text, plain):
            why = ""
            if row.hash and row.hash not in map(quote_hash, (row.text, plain, masked)):
                why = "The quote is right; its hash in the file is that of another text."
            return self._told(row, State.VERIFIED, why=why)
        why = "The quote in the file differs from the project."
        if row.hash and row.hash in (quote_hash(plain), quote_hash(masked)):
            why = "The quote was changed in the file."
        elif row.hash and row.hash == quote_hash(row.text):
            why = "The text in the project has changed since the export."
        return self._told(row, State.CHANGED, self._shown(plain), why)

    def _by_words(self, row: QuoteRow) -> QuoteCheck:
        """Find a quote by what it says, where the file does not name its excerpt."""
        told = comparable(row.text)
        texts = self._texts_of(row.insight)
        if told not in map(comparable, texts) and row.counter:
            texts = self._texts_of_all()
        if told in map(comparable, texts):
            return self._told(row, State.VERIFIED)
        if nearest := _nearest(row.text, texts):
            why = "The quote differs from what the project has."
            return self._told(row, State.CHANGED, nearest, why)
        where = "the project" if row.counter else "this insight"
        return self._told(row, State.MISSING, why=f"No text of {where} says so.")

    def _texts_of(self, insight: str) -> list[str]:
        """Return the texts of an insight's excerpts, masked; raw ones too where the file is raw."""
        if insight not in self._of_theme:
            theme_id = self._themes_of.get(insight, "")
            below = self._themes.filter(pl.col("parent_id") == theme_id)["theme_id"]
            ids = [theme_id, *below]
            said = self._assignments.filter(pl.col("theme_id").is_in(ids))
            texts = self._excerpts.join(said, on="excerpt_id", how="semi")["text"]
            self._of_theme[insight] = [*self._masker.mask_series(texts), *texts]
        return self._of_theme[insight]

    def _texts_of_all(self) -> list[str]:
        """Return the texts of all excerpts as ``_texts_of`` does: another theme may speak against."""
        if self._every is None:
            texts = self._excerpts["text"]
            self._every = [*self._masker.mask_series(texts), *texts]
        return self._every

    def _same(self, told: str, plain: str) -> bool:
        return says_the_same(told, plain, self._masker, blanks=self._blanks)

    def _shown(self, plain: str) -> str:
        return plain if self._exported.raw else self._masker.mask(plain)

    def _told(self, row: QuoteRow, state: State, project: str = "", why: str = "") -> QuoteCheck:
        return QuoteCheck(
            state,
            row.place,
            row.id,
            row.insight,
            row.record_id,
            row.excerpt_id,
            row.text,
            project,
            why,
        )


def _period(project: Project, exported: Exported) -> tuple[Period | None, list[str]]:
    """Return the period that the figures of a file are about, and what to tell of it."""
    delivery = project.delivery(exported.export_id) if exported.export_id else None
    named = exported.period or (delivery.about.get("period", "") if delivery else "")
    if named:
        try:
            return parse_period(named), []
        except UsageError:
            return None, [f"The period “{named}” is not known: figures were computed for all days."]
    if exported.figures and delivery is None and not exported.project_id:
        return None, ["The file does not say its period: figures were computed for all days."]
    return None, []


def _figures(
    project: Project, rows: Sequence[FigureRow], period: Period | None
) -> Iterable[FigureCheck]:
    if not rows:
        return []
    insights = {one.id: one for one in draft(book_data(project, raw=True, period=period)).insights}
    return [
        FigureCheck(row.place, row.insight, row.name, row.told, _now(row, insights)) for row in rows
    ]


def _now(row: FigureRow, insights: Mapping[str, Insight]) -> int | None:
    """Return a figure of today, None where there is none or nobody tells."""
    if (one := insights.get(row.insight)) is None:
        return None
    figures = {
        "records": (one.records, one.records),
        "people": (one.people, one.people_known),
        "accounts": (one.accounts, one.accounts_known),
    }
    number, known = figures[row.name]
    # Where no record tells, a workbook says so in words and other files say 0.
    return None if row.told is None and not known else number


def _flat(text: str) -> str:
    return " ".join(comparable(text).split())


def _nearest(told: str, texts: Iterable[str]) -> str:
    """Return the text that is most like ``told``, "" where none is like it."""
    best, found = _ALIKE, ""
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(told)
    for text in texts:
        matcher.set_seq1(text)
        if matcher.real_quick_ratio() >= best and matcher.quick_ratio() >= best:
            ratio = matcher.ratio()
            if ratio >= best:
                best, found = ratio, text
    return found
