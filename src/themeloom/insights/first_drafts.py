"""The insight of each theme as the data tell it, before quotes and what people wrote."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from themeloom.analytics.numbers import ThemeNumbers
from themeloom.analytics.placing import groups_of
from themeloom.domain.insights import Field, PmStatus, Stage
from themeloom.domain.themes import Level, Status
from themeloom.insights.drafting import (
    Standing,
    confidence_of,
    coverage_note,
    kind_of,
    next_step_of,
    severity_of,
    standings,
    urgency_of,
)
from themeloom.insights.edits import Edits
from themeloom.insights.figures import Figures
from themeloom.insights.model import BookData, Insight, KindBase
from themeloom.insights.routing import Routed
from themeloom.insights.signals import Heard, heard, signals_in
from themeloom.insights.statements import claim, headline, statement


@dataclass(frozen=True)
class Around:
    """What holds for all themes."""

    kinds: tuple[KindBase, ...]
    numbers: ThemeNumbers


@dataclass(frozen=True)
class Told:
    """What is known of one theme, before anything that a person set."""

    insight_id: str
    theme_id: str
    title: str  # masked
    figures: Figures
    said: Heard
    titled: Heard  # the words of its title, as if it were one record
    standing: Standing
    routed: Routed
    group: str  # title, masked
    status: str


def told_of(
    data: BookData,
    ids: Mapping[str, str],
    titles: Mapping[str, str],
    figures: Mapping[str, Figures],
    membership: pl.DataFrame,
    signals: pl.DataFrame,
    routed: Mapping[str, Routed],
) -> dict[str, Told]:
    """Return theme id → what its insight is drafted from.

    Args:
        data: themes, assignments and unsorted excerpts.
        ids: theme id → insight id of those that are wanted.
        titles: theme id → title, masked.
        figures: theme id → numbers.
        membership: from ``speaking``.
        signals: from ``signals_in``, of its excerpts.
        routed: theme id → desk.
    """
    said = heard(membership.filter(pl.col("theme_id").is_in(list(ids))), signals)
    standing = standings(membership, data.assignments, data.unsorted)
    titled = _title_words(data.themes)
    groups = dict(groups_of(data.themes).iter_rows())
    status = dict(data.themes.select("theme_id", "status").iter_rows())
    return {
        theme_id: Told(
            insight_id=insight_id,
            theme_id=theme_id,
            title=titles[theme_id],
            figures=figures[theme_id],
            said=said.get(theme_id, Heard()),
            titled=titled.get(theme_id, Heard()),
            standing=standing.get(theme_id, Standing()),
            routed=routed[theme_id],
            group=titles.get(groups.get(theme_id, ""), ""),
            status=status[theme_id],
        )
        for theme_id, insight_id in ids.items()
    }


def first_draft(told: Told, edits: Edits, around: Around) -> Insight:
    """Return the insight of a theme; quotes are not in it yet. Takes no time.

    What a person set of type, severity, urgency and confidence rules what is drafted from them.
    """
    title, figures, said, routed = told.title, told.figures, told.said, told.routed
    one = told.theme_id
    kind = edits.graded(one, Field.TYPE, kind_of(said, told.titled, figures))
    severity = edits.graded(
        one, Field.SEVERITY, severity_of(said, told.titled, figures, kind.value)
    )
    urgency = edits.graded(
        one, Field.URGENCY, urgency_of(said, figures, kind.value, severity.value)
    )
    confidence = edits.graded(
        one, Field.CONFIDENCE, confidence_of(figures, told.standing, around.kinds)
    )
    numbers = statement(
        records=figures.records,
        people=figures.people,
        people_known=figures.people_known,
        accounts=figures.accounts,
        accounts_known=figures.accounts_known,
        shares=figures.shares,
        scores=figures.scores,
    )
    return Insight(
        id=told.insight_id,
        theme_id=one,
        theme=title,
        title=headline(title),
        statement=f"{claim(title, kind.value, figures.segments, said)} {numbers}",
        group=told.group,
        records=figures.records,
        people=figures.people,
        people_known=figures.people_known,
        accounts=figures.accounts,
        accounts_known=figures.accounts_known,
        revenue=figures.revenue,
        revenue_known=figures.revenue_known,
        revenue_largest=figures.revenue_largest,
        shares=figures.shares,
        scores=figures.scores,
        impacts=figures.impacts,
        trend=figures.trend,
        segments=figures.segments,
        type=kind,
        severity=severity,
        urgency=urgency,
        confidence=confidence,
        coverage_note=coverage_note(figures, told.standing, around.kinds, around.numbers.coverage),
        next_step=next_step_of(
            kind.value, severity.value, urgency.value, confidence.value, figures
        ),
        area=routed.area,
        owner=routed.pm,
        email=routed.email,
        status=PmStatus.NEW,
        stage=Stage.DRAFT,
        decision="",
        notes="",
        note="",
        due=None,
        links=(),
        quotes=(),
        proposed=told.status == Status.PROPOSED,
        locked=told.status == Status.LOCKED,
        records_before=figures.records_before,
        edited=frozenset(),
        stale="",
        routed=routed.why,
        period=str(around.numbers.period or ""),
    )


def _title_words(themes: pl.DataFrame) -> dict[str, Heard]:
    """Return theme id → the words of its title, as if it were one record."""
    numbered = themes.filter(pl.col("level") == Level.THEME).select(
        "theme_id", pl.col("title").alias("text")
    )
    numbered = numbered.with_row_index("excerpt").with_row_index("record")
    return heard(numbered, signals_in(numbered.select("excerpt", "text")))
