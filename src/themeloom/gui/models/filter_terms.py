"""The filters of the filter bar: what a person chose, as words and as one condition."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

import polars as pl
from PySide6.QtCore import QCoreApplication, QDate, QLocale

from themeloom.domain.finding import SCORES_OF, ScoreGroup
from themeloom.gui.models.excerpt_columns import header, kind_word, language_word, reason_words
from themeloom.gui.models.segments import Segments, read_segments, segment_column, segment_of
from themeloom.services.view import View

#: Scores of an NPS question, lowest and highest of each group.
SCORE_GROUPS = {
    "promoters": SCORES_OF[ScoreGroup.PROMOTER],
    "passives": SCORES_OF[ScoreGroup.PASSIVE],
    "detractors": SCORES_OF[ScoreGroup.DETRACTOR],
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One value that can be filtered by.

    Attributes:
        field: "kind", "source", "date", "score", "seen", "language", "reason" or "segment:…".
        value: of the field; dates are "2026-09-01/2026-09-30", either side may be empty.
        label: for the menu: "Plan: Business".
        records: how many records have it, None where that is not counted.
    """

    field: str
    value: str
    label: str
    records: int | None = None


@dataclass(frozen=True)
class Values:
    """What a project can be filtered by."""

    choices: tuple[Choice, ...] = ()
    segments: Segments = field(default_factory=Segments)
    files: Mapping[str, str] = field(default_factory=dict[str, str])  # source id → file


@dataclass(frozen=True)
class Terms:
    """What is chosen: values of one field are alternatives, fields narrow each other."""

    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])

    def toggled(self, field: str, value: str) -> "Terms":
        """Return the terms with a value added, or removed where it was chosen; dates replace."""
        before = self.chosen.get(field, ())
        if value in before:
            after = tuple(one for one in before if one != value)
        else:
            after = (value,) if field == "date" else (*before, value)
        return self._with(field, after)

    def without(self, field: str) -> "Terms":
        """Return the terms without a field."""
        return self._with(field, ())

    def _with(self, field: str, values: tuple[str, ...]) -> "Terms":
        chosen = {key: old for key, old in self.chosen.items() if key != field or values}
        return replace(self, chosen={**chosen, field: values} if values else chosen)


def read_values(view: View) -> Values:
    """Return what ``view`` can be filtered by; takes time with many records."""
    records = view.records.filter(pl.col("duplicate_of").is_null())
    segments = read_segments(records)
    files = dict(view.sources.select("source_id", "file").iter_rows())
    choices = [
        Choice("kind", kind, _label("kind", kind_word(kind)), count)
        for kind, count in _counts(records, "kind").items()
    ]
    choices += [
        Choice("source", source, _label("source", files.get(source, source)), count)
        for source, count in _counts(records, "source_id").items()
    ]
    choices += _date_choices(records)
    scores = records.filter(pl.col("score_kind") == "nps")["score"].drop_nulls()
    if scores.len():
        choices += [
            Choice(
                "score",
                group,
                _label("score", score_word(group)),
                int(scores.is_between(*bounds).sum()),
            )
            for group, bounds in SCORE_GROUPS.items()
        ]
    for name, values in segments.values.items():
        key = segment_column(name)
        choices += [
            Choice(key, value, f"{header(key)}: {value}", count) for value, count in values.items()
        ]
    languages = _counts(view.excerpts, "language")
    if len(languages) > 1:
        choices += [
            Choice("language", code, _label("language", language_word(code))) for code in languages
        ]
    choices += [Choice("seen", value, _label("seen", seen_word(value))) for value in ("yes", "no")]
    return Values(tuple(choices), segments, files)


def expression(terms: Terms, view: View, values: Values) -> pl.Expr | None:
    """Return the condition on ``View.excerpts``; None where nothing is chosen."""
    conditions = [_condition(key, chosen, view, values) for key, chosen in terms.chosen.items()]
    return pl.all_horizontal(conditions).fill_null(False) if conditions else None


def chip_text(key: str, chosen: tuple[str, ...], values: Values) -> str:
    """Return what a chip says: "Plan: Business, Team", "Since 1 September"."""
    segment = segment_of(key)
    if key == "date":
        return date_words(chosen[0])
    if segment is not None:
        return f"{header(key)}: {', '.join(chosen)}"
    words: dict[str, Callable[[str], str]] = {
        "kind": kind_word,
        "source": lambda source: values.files.get(source, source),
        "score": score_word,
        "language": language_word,
        "seen": seen_word,
        "reason": reason_words,
    }
    return ", ".join(words[key](one) for one in chosen)


def period(first: date | None, last: date | None) -> str:
    """Return the value of a date filter; both days belong to it."""
    return f"{first.isoformat() if first else ''}/{last.isoformat() if last else ''}"


def date_words(value: str) -> str:
    """Return a period in words."""
    first, last = _days(value)
    if first and last:
        return f"{_day(first)} – {_day(last)}"
    if first:
        return _tr("Since {day}").format(day=_day(first))
    return _tr("Until {day}").format(day=_day(last)) if last else ""


def score_word(group: str) -> str:
    """Return the name of a score group."""
    return {
        "promoters": _tr("Promoters (9–10)"),
        "passives": _tr("Passives (7–8)"),
        "detractors": _tr("Detractors (0–6)"),
    }[group]


def seen_word(value: str) -> str:
    """Return whether a person has confirmed an excerpt."""
    return _tr("Seen") if value == "yes" else _tr("Not seen yet")


def _condition(key: str, chosen: tuple[str, ...], view: View, values: Values) -> pl.Expr:
    segment = segment_of(key)
    if segment is not None:
        return values.segments.where(segment, chosen)
    if key == "date":
        first, last = _days(chosen[0])
        parts: list[pl.Expr] = []
        if first:
            parts.append(pl.col("date") >= datetime.combine(first, time()))
        if last:
            parts.append(pl.col("date") < datetime.combine(last + timedelta(days=1), time()))
        return pl.all_horizontal(parts) if parts else pl.lit(True)
    if key == "score":
        asked = pl.any_horizontal(
            pl.col("score").is_between(*SCORE_GROUPS[group]) for group in chosen
        )
        found = view.records.filter((pl.col("score_kind") == "nps") & asked)["record"]
        return pl.col("record").is_in(found.implode())
    if key == "seen":
        return pl.col("reviewed").is_in([one == "yes" for one in chosen])
    column = {"source": "source_id"}.get(key, key)
    return pl.col(column).is_in(list(chosen))


def _date_choices(records: pl.DataFrame) -> list[Choice]:
    newest = records["date"].max()
    if not isinstance(newest, datetime):
        return []
    day = newest.date()
    month = day.replace(day=1)
    quarter = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    firsts = dict.fromkeys((month, quarter, day.replace(month=1, day=1), day - timedelta(days=29)))
    return [
        Choice("date", period(first, None), _label("date", date_words(period(first, None))))
        for first in firsts
    ]


def _counts(frame: pl.DataFrame, column: str) -> dict[str, int]:
    counts = frame.group_by(column).len().drop_nulls().sort("len", column, descending=[True, False])
    return dict(counts.iter_rows())


def _label(key: str, text: str) -> str:
    names = {
        "kind": _tr("Kind"),
        "source": _tr("Source"),
        "date": _tr("Date"),
        "score": _tr("Score"),
        "language": _tr("Language"),
        "seen": _tr("Review"),
    }
    return f"{names[key]}: {text}"


def _days(value: str) -> tuple[date | None, date | None]:
    first, _, last = value.partition("/")
    return (
        date.fromisoformat(first) if first else None,
        date.fromisoformat(last) if last else None,
    )


def _day(day: date) -> str:
    return QLocale().toString(QDate(day.year, day.month, day.day), "d MMMM yyyy")


def _tr(text: str) -> str:
    return QCoreApplication.translate("FilterTerms", text)
