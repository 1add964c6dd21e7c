"""Words that tell how bad, how urgent and of what kind it is: found in texts, counted by theme."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

import polars as pl

from themeloom.base.words import word_list, word_sections
from themeloom.insights.wording import joined

#: A letter of an ending; Unicode's whole class would make the pattern too large.
_ENDING = "[a-zà-öø-ÿ]*"
_GAP = r"[ \t\r\n]+"
_SAME_BEGINNING = 3  # letters
_MOST_WORDS = 8  # kept of each signal
_FILLERS = 2  # so many words of no weight may stand between a negation and what it negates


class Signal(StrEnum):
    """What words tell: sections of the list ``signals``, and wider ones that hold several."""

    LOSS = "loss"
    BLOCKED = "blocked"
    WORKAROUND = "workaround"
    ANNOYANCE = "annoyance"
    PROBLEM = "problem"
    REQUEST = "request"
    PRAISE = "praise"
    QUESTION = "question"
    CHURN = "churn"
    DEADLINE = "deadline"
    DEAL = "deal"
    LEGAL = "legal"
    CONTRAST = "contrast"  # a turn: "great, but …"
    SEVERE = "severe"  # loss or blocked
    MILD = "mild"  # workaround or annoyance
    TROUBLE = "trouble"  # any of a problem
    PRESSING = "pressing"  # any of urgency


_WIDER: Mapping[Signal, frozenset[Signal]] = {
    Signal.SEVERE: frozenset({Signal.LOSS, Signal.BLOCKED}),
    Signal.MILD: frozenset({Signal.WORKAROUND, Signal.ANNOYANCE}),
    Signal.TROUBLE: frozenset(
        {Signal.LOSS, Signal.BLOCKED, Signal.WORKAROUND, Signal.ANNOYANCE, Signal.PROBLEM}
    ),
    Signal.PRESSING: frozenset({Signal.CHURN, Signal.DEADLINE, Signal.DEAL, Signal.LEGAL}),
}


@dataclass(frozen=True, slots=True)
class Heard:
    """What the records of one theme say.

    Attributes:
        of: its records.
        records: how many of them have a word of a signal; a signal that none has is absent.
        words: the words themselves, in small letters, in most records first.
    """

    of: int = 0
    records: Mapping[Signal, int] = field(default_factory=dict[Signal, int])
    words: Mapping[Signal, tuple[str, ...]] = field(default_factory=dict[Signal, tuple[str, ...]])

    def n(self, signal: Signal) -> int:
        """Return how many records have a word of ``signal``."""
        return self.records.get(signal, 0)

    def share(self, signal: Signal) -> float:
        """Return their share, 0…1."""
        return self.n(signal) / self.of if self.of else 0.0

    def told(self, signal: Signal, most: int = 3) -> str:
        """Return ``“lost”, “wiped” and “stuck” in 61 of 214 records``."""
        words = joined([f"“{word}”" for word in _different(self.words.get(signal, ()))[:most]])
        return f"{words} in {self.n(signal):,} of {self.of:,} records"


def signals_in(texts: pl.DataFrame) -> pl.DataFrame:
    """Return which signals the texts hold; what is negated does not count.

    Args:
        texts: ``excerpt`` (UInt32, a number for each), ``text``.

    Returns:
        ``excerpt``, ``signal`` (narrow and wider ones), ``word``: each once.
    """
    schema = {"excerpt": pl.UInt32, "signal": pl.String, "word": pl.String}
    found = (
        texts.lazy()
        .select(
            "excerpt",
            pl.col("text").str.replace_all("[’‘]", "'").str.to_lowercase().alias("found"),
        )
        .with_columns(pl.col("found").str.extract_all(_pattern()))
        .filter(pl.col("found").list.len() > 0)
        .explode("found")
        .unique()
        .collect()
    )
    rows = [
        (match, signal, word)
        for match in found["found"].unique()
        for signal, word in _read(" ".join(match.split()))
    ]
    if not rows:
        return pl.DataFrame(schema=schema)
    meant = pl.DataFrame(
        rows, {"found": pl.String, "signal": pl.String, "word": pl.String}, orient="row"
    )
    return found.join(meant, on="found").select(*schema).unique()


def heard(membership: pl.DataFrame, signals: pl.DataFrame) -> dict[str, Heard]:
    """Return theme id → what its records say.

    Args:
        membership: ``theme_id``, ``record``, ``excerpt``.
        signals: from ``signals_in``.
    """
    sizes = dict(membership.group_by("theme_id").agg(pl.col("record").n_unique()).iter_rows())
    said = membership.select("theme_id", "record", "excerpt").join(signals, on="excerpt")
    counts: dict[str, dict[Signal, int]] = {}
    for theme_id, signal, n in (
        said.group_by("theme_id", "signal").agg(pl.col("record").n_unique()).iter_rows()
    ):
        counts.setdefault(theme_id, {})[Signal(signal)] = n
    words: dict[str, dict[Signal, tuple[str, ...]]] = {}
    for theme_id, signal, found in (
        said.group_by("theme_id", "signal", "word")
        .agg(pl.col("record").n_unique().alias("n"))
        .sort(["theme_id", "signal", "n", "word"], descending=[False, False, True, False])
        .group_by("theme_id", "signal", maintain_order=True)
        .agg(pl.col("word").head(_MOST_WORDS))
        .iter_rows()
    ):
        words.setdefault(theme_id, {})[Signal(signal)] = tuple(found)
    return {
        theme_id: Heard(of, counts.get(theme_id, {}), words.get(theme_id, {}))
        for theme_id, of in sizes.items()
    }


def _different(words: Iterable[str]) -> list[str]:
    """Return the words without further forms of the same one: “lost” stands for “lose”."""
    kept: dict[str, str] = {}
    for word in words:
        kept.setdefault(word[:_SAME_BEGINNING], word)
    return list(kept.values())


@cache
def _sections() -> Mapping[str, frozenset[str]]:
    """Return what a section tells → its phrases, of all languages."""
    found: dict[str, frozenset[str]] = {}
    for section in word_sections("signals"):
        _, _, tells = section.partition(" ")
        found[tells] = found.get(tells, frozenset()) | word_list("signals", section)
    return found


@cache
def _pattern() -> str:
    """Return one pattern for all phrases, each with a negation before it where there is one."""
    phrases = [phrase for tells in _narrow() for phrase in _sections()[tells]]
    return rf"(?-u:\b)(?:{_negation()})?(?:{_any(phrases)})(?-u:\b)"


def _narrow() -> list[Signal]:
    return [signal for signal in Signal if signal in _sections()]


def _negation() -> str:
    negations, fillers = _sections()["negation"], _sections()["filler"]
    return f"(?:{_any(negations)}){_GAP}(?:(?:{_any(fillers)}){_GAP}){{0,{_FILLERS}}}"


def _any(phrases: Iterable[str]) -> str:
    """Return an alternative of phrases, longer ones first."""
    ordered = sorted(set(phrases), key=lambda phrase: (-len(phrase), phrase))
    return "|".join(
        re.escape(phrase).replace(r"\*", _ENDING).replace(r"\ ", _GAP) for phrase in ordered
    )


@cache
def _read(match: str) -> tuple[tuple[str, str], ...]:
    """Return what was found as pairs of signal and word; none where it is negated."""
    found = [signal for signal in _narrow() if _phrases(signal).fullmatch(match)]
    wider = [signal for signal, narrow in _WIDER.items() if narrow & set(found)]
    return tuple((signal, match) for signal in (*found, *wider))


@cache
def _phrases(signal: Signal) -> re.Pattern[str]:
    return re.compile(_any(_sections()[signal]))
