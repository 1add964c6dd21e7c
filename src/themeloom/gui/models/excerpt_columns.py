"""The columns of the excerpts table: what stands in them, as text."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from themeloom.domain.records import Kind
from themeloom.domain.themes import Reason
from themeloom.gui.models.segments import parse_segments, segment_of

#: All columns but those of segments, in their order.
COLUMNS = (
    "excerpt source date score account fit seen person language theme reason nearest"
).split()
#: What is shown before a person chooses, by set of columns.
SHOWN = {
    "themes": ("excerpt", "source", "date", "score", "account", "fit", "seen"),
    "unsorted": ("excerpt", "source", "date", "reason", "nearest"),
}
#: Widths of the design; the excerpt takes what is left.
WIDTHS = {
    "source": 74,
    "date": 72,
    "score": 50,
    "account": 112,
    "fit": 82,
    "seen": 44,
    "person": 120,
    "language": 84,
    "theme": 160,
    "reason": 142,
    "nearest": 144,
}
SEGMENT_WIDTH = 100
#: Of dates that stand with their years: "30 Sep 2025" would be cut after "20".
DATED_WIDTH = 96
EXCERPT_MIN = 200
#: Dropped one after the other where there is no room.
DROPPED = ("account", "score", "date", "source")
#: Columns of longer words give way first, down to this width: they are cut, and told in a tooltip.
LEAST = 104
GIVES_WAY = frozenset({"account", "person", "theme", "reason", "nearest"})
RIGHT = frozenset({"score"})
CENTERED = frozenset({"seen"})


class ExcerptRow(NamedTuple):
    """One row, as it comes from the frames."""

    excerpt: int
    text: str
    kind: str | None
    date: datetime | None
    score: float | None
    account: str | None
    fit: str | None
    reviewed: bool
    language: str | None
    theme_id: str | None
    also: list[str] | None
    reason: str | None
    nearest_theme_id: str | None
    second_theme_id: str | None
    segments_json: str | None
    author: str | None
    person_key: str | None
    file: str | None
    row: int | None
    place: str | None


#: Which of them come from ``View.excerpts``; the rest comes from ``View.records``.
FROM_EXCERPTS = (
    "excerpt text kind date score account fit reviewed language theme_id also reason nearest_theme_id"
    " second_theme_id segments_json"
).split()
FROM_RECORDS = "author person_key file row place".split()


def _tr(text: str) -> str:
    return QCoreApplication.translate("ExcerptColumns", text)


def header(column: str) -> str:
    """Return the header of a column."""
    words = {
        "excerpt": _tr("Excerpt"),
        "source": _tr("Source"),
        "date": _tr("Date"),
        "score": _tr("Score"),
        "account": _tr("Account"),
        "fit": _tr("Fit"),
        "seen": _tr("Seen"),
        "person": _tr("Person"),
        "language": _tr("Language"),
        "theme": _tr("Theme"),
        "reason": _tr("Reason"),
        "nearest": _tr("Nearest theme"),
    }
    segment = segment_of(column)
    return words[column] if segment is None else segment[:1].upper() + segment[1:]


def kind_word(kind: str | None) -> str:
    """Return what a record is called."""
    words = {
        Kind.TICKET: _tr("Ticket"),
        Kind.NPS: _tr("NPS"),
        Kind.INTERVIEW: _tr("Interview"),
        Kind.CALL: _tr("Call"),
        Kind.OTHER: _tr("Other"),
    }
    return words[Kind(kind)] if kind else ""


def fit_word(fit: str | None) -> str:
    """Return how well an excerpt fits, in a word."""
    words = {"strong": _tr("Strong"), "good": _tr("Good"), "weak": _tr("Weak")}
    return words.get(fit or "", "")


def reason_words(reason: str | None) -> str:
    """Return why an excerpt has no theme, in plain words."""
    words = {
        Reason.TOO_FAR: _tr("Fits no theme well"),
        Reason.TIE: _tr("Between two themes"),
        Reason.TOO_SHORT: _tr("Too short to tell"),
        Reason.NON_ANSWER: _tr("Says nothing"),
        Reason.LANGUAGE: _tr("Another language"),
        Reason.INTERVIEWER: _tr("Said by the interviewer"),
        Reason.SMALL_TALK: _tr("Small talk"),
        Reason.SET_ASIDE: _tr("Set aside by hand"),
        Reason.DELETED: _tr("Its theme was deleted"),
        Reason.NO_SEARCH: _tr("No search yet"),
    }
    known: Mapping[str, str] = {str(key): value for key, value in words.items()}
    return known.get(reason or "", _tr("New since the last search for themes"))


def language_word(code: str | None) -> str:
    """Return the name of a language: "German" for "de"."""
    if not code:
        return ""
    language = QLocale.codeToLanguage(code)
    unknown = language in (QLocale.Language.C, QLocale.Language.AnyLanguage)
    return code if unknown else QLocale.languageToString(language)


@dataclass(frozen=True)
class Words:
    """Turns rows into texts.

    Attributes:
        titles: of themes by their id.
        year: dates of this year, the one of the clock, stand without it.
        years: whether there are dates of other years.
    """

    titles: Mapping[str, str]
    year: int
    years: bool = False

    def text(self, row: ExcerptRow, column: str) -> str:
        """Return what stands in a cell."""
        segment = segment_of(column)
        if segment is not None:
            return parse_segments(row.segments_json).get(segment, "")
        match column:
            case "excerpt":
                return " ".join(row.text.split())
            case "source":
                return kind_word(row.kind)
            case "date":
                return self.day(row.date)
            case "score":
                return score_text(row.score)
            case "account":
                return row.account or ""
            case "fit":
                return fit_word(row.fit)
            case "seen":
                return _tr("seen") if row.reviewed else ""
            case "person":
                return row.author or row.person_key or ""
            case "language":
                return language_word(row.language)
            case "theme":
                return " · ".join([self.titles.get(row.theme_id or "", ""), *self.others(row)])
            case "nearest":
                return self.titles.get(row.nearest_theme_id or "", "")
            case _:
                return self._as_near(row) or self.reason(row)

    def spoken(self, row: ExcerptRow) -> str:
        """Return a whole row as it is read aloud."""
        fit = fit_word(row.fit)
        parts = (
            " ".join(row.text.split()),
            kind_word(row.kind),
            self.day(row.date),
            _tr("score {n}").format(n=score_text(row.score)) if row.score is not None else "",
            row.account or "",
            _tr("fit {word}").format(word=fit) if fit else "",
            self.also(row),
            self.reason(row),
            _tr("seen") if row.reviewed else _tr("not seen yet"),
        )
        return ", ".join(part for part in parts if part)

    def reason(self, row: ExcerptRow) -> str:
        """Return why an excerpt has no theme; between which two it lies, where they are known."""
        if row.theme_id is not None:
            return ""
        titles = self._tied(row)
        return _tr("Between {0} and {1}").format(*titles) if titles else reason_words(row.reason)

    def _as_near(self, row: ExcerptRow) -> str:
        """Return to which theme a tied excerpt is as near as to that of the column "nearest"."""
        titles = self._tied(row) if row.theme_id is None else []
        return _tr("As near to {0}").format(titles[1]) if titles else ""

    def _tied(self, row: ExcerptRow) -> list[str]:
        """Return the titles of the two themes between which an excerpt lies, where both are there."""
        near = (row.nearest_theme_id or "", row.second_theme_id or "")
        titles = [self.titles[one] for one in near if one in self.titles]
        return titles if row.reason == Reason.TIE and len(titles) == len(near) else []

    def others(self, row: ExcerptRow) -> list[str]:
        """Return the titles of the further themes of an excerpt."""
        return [self.titles.get(theme_id, theme_id) for theme_id in row.also or ()]

    def also(self, row: ExcerptRow) -> str:
        """Return which themes an excerpt has where it has several: main theme first; else nothing."""
        if not row.also:
            return ""
        main = self.titles.get(row.theme_id or "", "")
        return _tr("main theme {0}, also in {1}").format(main, ", ".join(self.others(row)))

    def locator(self, row: ExcerptRow) -> str:
        """Return where a row comes from: "tickets-q3.csv, row 812"."""
        place = row.place or (_tr("row {n}").format(n=row.row) if row.row is not None else "")
        return ", ".join(part for part in (row.file, place) if part)

    def day(self, date: datetime | None) -> str:
        """Return a date, short: the year only where it is another one."""
        if date is None:
            return ""
        form = "d MMM" if date.year == self.year else "d MMM yyyy"
        return QLocale().toString(QDate(date.year, date.month, date.day), form)


def score_text(score: float | None) -> str:
    """Return a score without needless decimals."""
    if score is None:
        return ""
    return str(int(score)) if score == int(score) else QLocale().toString(score, "g", 3)
