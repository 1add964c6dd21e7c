"""How far the numbers can be trusted: the rows of the sheet ``Quality``."""

from collections.abc import Iterator, Sequence

import polars as pl

from themeloom.analytics.counts import in_base
from themeloom.analytics.numbers import ThemeNumbers
from themeloom.base.figures import percent
from themeloom.domain.encoders import MINILM, read_by, unread
from themeloom.domain.themes import Method, Reason, Status
from themeloom.insights.drafting import loose_border
from themeloom.insights.model import BookData, Insight, QualityRow
from themeloom.insights.wording import NOT_SEARCHED, count

_GOOD_COVERAGE, _FAIR_COVERAGE = 0.8, 0.6
_REASONS = {
    Reason.TOO_FAR: "They say something that no theme says. A new theme may hide among them.",
    Reason.TIE: "Two themes fit equally well; a person should choose.",
    Reason.TOO_SHORT: "Too few words to tell.",
    Reason.LANGUAGE: "Written in a language that the themes could not be compared with.",
    Reason.DELETED: "Their theme was deleted.",
    Reason.SET_ASIDE: "A person set them aside.",
    Reason.NON_ANSWER: "They say nothing (“n/a”). They are in no share.",
    Reason.INTERVIEWER: "Questions of the interviewer. They are in no share.",
    Reason.SMALL_TALK: "Small talk. It is in no share.",
}


def quality_rows(
    data: BookData, ours: pl.DataFrame, numbers: ThemeNumbers, insights: Sequence[Insight]
) -> tuple[QualityRow, ...]:
    """Return the rows, coverage first.

    Args:
        data: everything of the project (of the period), whoever the reader is.
        ours: the records that insights are counted from.
        numbers: of the project.
        insights: those that are delivered.
    """
    excerpts = data.excerpts.join(ours, on="record_id", how="semi")
    return (
        *_coverage(data, excerpts, numbers),
        *_unsorted(data, excerpts),
        *_languages(data, excerpts),
        *_certainty(data, excerpts),
        *_insights(insights),
        *_rows(data, ours, numbers),
        *(QualityRow("Time", "Caution", "", "", note) for note in numbers.notes),
    )


def _coverage(
    data: BookData, excerpts: pl.DataFrame, numbers: ThemeNumbers
) -> Iterator[QualityRow]:
    told = percent(numbers.coverage)
    if data.awaits_search(numbers.coverage):
        told, meaning = "none yet", f"{NOT_SEARCHED}."
    elif numbers.coverage >= _GOOD_COVERAGE:
        meaning = "Good: what is left over will hardly change the picture."
    elif numbers.coverage >= _FAIR_COVERAGE:
        meaning = "Fair: look through what is unsorted before rare things are ruled out."
    else:
        meaning = "Low: much is in no theme yet. Counts are lower than they could be."
    yield QualityRow(
        "Coverage",
        "Excerpts that carry a theme",
        told,
        f"of {count(in_base(excerpts).height, 'excerpt')} that say something",
        meaning,
    )


def _unsorted(data: BookData, excerpts: pl.DataFrame) -> Iterator[QualityRow]:
    unsorted = (
        excerpts.select("excerpt_id", "left_out")
        .join(data.unsorted.select("excerpt_id", "reason"), on="excerpt_id", how="left")
        .select(pl.coalesce("reason", "left_out").alias("reason"))
        .drop_nulls()
        .group_by("reason")
        .agg(pl.len().alias("n"))
        .sort(["n", "reason"], descending=[True, False])
    )
    for reason, n in unsorted.iter_rows():
        yield QualityRow(
            "Unsorted",
            f"Without a theme: {reason}",
            f"{n:,}",
            f"of {count(excerpts.height, 'excerpt')}",
            _REASONS[Reason(reason)] if reason in set(Reason) else "",
        )


def _languages(data: BookData, excerpts: pl.DataFrame) -> Iterator[QualityRow]:
    """Tell of texts that the language model cannot read, as before themes are found."""
    if data.run is None:
        return
    said = in_base(excerpts)
    outside = unread(said["language"], read_by(str(data.run.parameters.get("encoder", MINILM))))
    if outside.noticed:
        fate = outside.fate
        yield QualityRow(
            "Language",
            "In languages that the language model does not read",
            percent(outside.share),
            f"of {count(said.height, 'excerpt')} that say something",
            f"{outside.named()}: {fate}. Themes of these languages are less sure, or missing.",
        )


def _certainty(data: BookData, excerpts: pl.DataFrame) -> Iterator[QualityRow]:
    assigned = data.assignments.join(excerpts, on="excerpt_id", how="semi")
    if assigned.is_empty():
        return
    by_hand = pl.col("reviewed").fill_null(False) | (pl.col("method") == Method.MANUAL)
    of_excerpt = assigned.group_by("excerpt_id").agg(
        by_hand.any().alias("by_hand"),
        pl.col("similarity").max(),
        (pl.col("method") == Method.RULE).any().alias("rule"),
    )
    base = f"of {count(of_excerpt.height, 'excerpt')} with a theme"
    border = loose_border(data.assignments, data.unsorted)
    if border is not None:
        loose = of_excerpt.filter(~pl.col("by_hand") & (pl.col("similarity") < border)).height
        yield QualityRow(
            "Certainty",
            "Fit their theme only loosely",
            f"{loose:,}",
            base,
            "They are hardly more like their theme than what was left unsorted. Read them first.",
        )
    yield QualityRow(
        "Review",
        "Checked or placed by a person",
        percent(of_excerpt["by_hand"].mean() or 0.0),  # pyright: ignore[reportArgumentType]
        base,
        "The others were placed by the computer, by the wording of the whole excerpt.",
    )
    if rules := int(of_excerpt["rule"].sum()):
        yield QualityRow(
            "Review",
            "Placed together",
            f"{rules:,}",
            base,
            "A person did it to many at once; nobody read each of them.",
        )


def _insights(insights: Sequence[Insight]) -> Iterator[QualityRow]:
    base = f"of {count(len(insights), 'insight')}"
    told = (
        (
            sum(one.proposed for one in insights),
            f"With a theme that is {Status.PROPOSED} only",
            "The computer proposed the theme; nobody has accepted it yet.",
        ),
        (
            sum(one.confidence.value == "low" for one in insights),
            "With low confidence",
            "Few records or few people. Ask more before you build.",
        ),
        (
            sum(bool(one.stale) for one in insights),
            "With words older than their numbers",
            "The numbers have moved since a person wrote the words.",
        ),
        (
            sum(not one.counter for one in insights),
            "Without a counter-example",
            "No excerpt was found that speaks against the claim.",
        ),
    )
    for n, what, meaning in told:
        if n:
            yield QualityRow("Insights", what, f"{n:,}", base, meaning)


def _rows(data: BookData, ours: pl.DataFrame, numbers: ThemeNumbers) -> Iterator[QualityRow]:
    base = f"of {count(ours.height, 'record')} that say something"
    for column, what in (("person_key", "person"), ("account", "account"), ("date", "date")):
        known = ours[column].drop_nulls().len()
        yield QualityRow(
            "Records",
            f"With a known {what}",
            percent(known / ours.height) if ours.height else "none",
            base,
            "Counts of people and accounts are at least what is shown."
            if what != "date"
            else "Records without a date are in no trend and in no period.",
        )
    duplicates = data.records["duplicate_of"].drop_nulls().len()
    told = (
        (duplicates, "Duplicates", "They carry their original's themes and count once."),
        (numbers.competitors, "About competitors", "In no number of this file."),
        (data.skipped.height, "Skipped rows", "They did not become records: the reasons stand under Read me."),
        (data.outside, "Outside the period", "Left out of all numbers."),
        (data.undated, "Without a date, left out of the period", "Left out of all numbers."),
    )  # fmt: skip
    for n, what, meaning in told:
        if n:
            yield QualityRow("Records", what, f"{n:,}", "", meaning)
