"""The insights as the window shows them: what the workbook's sheet holds, masked, with its evidence."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

import polars as pl

from themeloom.base.folding import fold
from themeloom.domain.themes import Status
from themeloom.insights.book import draft
from themeloom.insights.model import ENOUGH_SCORES, Evidence, Insight
from themeloom.insights.wording import count, kind_words, percent, score_word, signed
from themeloom.services.exporting import book_data
from themeloom.services.session import Session
from themeloom.services.view import View

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~!])")


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of an insight, with the base that it stands on."""

    name: str
    value: str
    base: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """One quote; ``place`` is how a person finds it again."""

    text: str
    place: str


@dataclass(frozen=True, slots=True)
class InsightItem:
    """One insight.

    Attributes:
        insight: its numbers and sentences.
        figures: the numbers in words, each with its base.
        quotes: all quotes, most telling first.
        product_area: of the roster, "" where it is not known.
        pm: who answers for that area, "" where it is not known.
        proposed: whether its theme is still a proposal.
        trend: records per period of the view.
    """

    insight: Insight
    figures: tuple[Figure, ...]
    quotes: tuple[Quote, ...]
    product_area: str
    pm: str
    proposed: bool
    trend: tuple[int, ...]


@dataclass(frozen=True)
class InsightList:
    """All insights, largest first, and what holds for all of them."""

    items: tuple[InsightItem, ...]
    period: str  # "July to September 2026", or ""
    coverage: float
    privacy: str
    periods: tuple[str, ...]  # labels of each item's trend


def insight_list(session: Session) -> InsightList:
    """Return the insights of the project, masked; takes seconds for 100,000 records."""
    view = session.view
    data = book_data(session.project, raw=False)
    drafts = draft(data)
    evidence: dict[str, list[Evidence]] = {}
    for quote in drafts.evidence:
        evidence.setdefault(quote.insight_id, []).append(quote)
    areas = _areas(data.roster)
    known = _known(view)
    return InsightList(
        items=tuple(
            _item(insight, evidence.get(insight.id, []), areas, known)
            for insight in drafts.insights
        ),
        period=drafts.title.partition(", ")[2],
        coverage=drafts.coverage,
        privacy=drafts.privacy,
        periods=tuple(view.periods),
    )


def as_markdown(item: InsightItem, whole: InsightList) -> str:
    """Return the insight as Markdown; what customers wrote cannot become markup."""
    insight = item.insight
    lines = [f"## {_plain(insight.title)}", "", _plain(_kicker(item, whole)), ""]
    lines += [_plain(insight.statement), ""]
    lines += [
        f"- {_plain(figure.name)}: **{_plain(figure.value)}**"
        + (f" ({_plain(figure.base)})" if figure.base else "")
        for figure in item.figures
    ]
    for quote in item.quotes:
        lines += ["", f"> “{_plain(quote.text)}”  ", f"> {_plain(quote.place)}"]
    lines += ["", _plain(caution(item, whole)), ""]
    return "\n".join(lines)


def as_rich_text(item: InsightItem, whole: InsightList) -> str:
    """Return the insight as HTML for word processors, wikis and mails."""
    insight = item.insight
    figures = "".join(
        f"<li>{escape(figure.name)}: <b>{escape(figure.value)}</b>"
        + (f" ({escape(figure.base)})" if figure.base else "")
        + "</li>"
        for figure in item.figures
    )
    quotes = "".join(
        f"<blockquote>“{escape(quote.text)}”<br>{escape(quote.place)}</blockquote>"
        for quote in item.quotes
    )
    return (
        f"<h2>{escape(insight.title)}</h2><p>{escape(_kicker(item, whole))}</p>"
        f"<p>{escape(insight.statement)}</p><ul>{figures}</ul>{quotes}"
        f"<p>{escape(caution(item, whole))}</p>"
    )


def caution(item: InsightItem, whole: InsightList) -> str:
    """Return how sure one can be, in one or two sentences."""
    sentences = [f"{percent(whole.coverage)} of the excerpts carry a theme."]
    if any(score.enough for score in item.insight.scores.values()):
        sentences.append("The score is that of the people who speak of it: association, not cause.")
    sentences.append(whole.privacy)
    return " ".join(sentences)


def _item(
    insight: Insight,
    evidence: list[Evidence],
    areas: Mapping[str, tuple[str, str]],
    known: Mapping[str, tuple[bool, tuple[int, ...]]],
) -> InsightItem:
    found = {areas[key] for key in (fold(insight.title), fold(insight.area)) if key in areas}
    area, pm = found.pop() if len(found) == 1 else ("", "")
    proposed, trend = known.get(insight.theme_id, (False, ()))
    return InsightItem(
        insight=insight,
        figures=_figures(insight),
        quotes=tuple(Quote(one.quote, one.short.rpartition("” ")[2]) for one in evidence),
        product_area=area,
        pm=pm,
        proposed=proposed,
        trend=trend,
    )


def _figures(insight: Insight) -> tuple[Figure, ...]:
    of = f"{insight.records:,}"
    figures = [
        Figure("Records", of),
        Figure("People", f"{insight.people:,}", f"known {insight.people_known:,} of {of}"),
        Figure("Accounts", f"{insight.accounts:,}", f"known {insight.accounts_known:,} of {of}"),
    ]
    if insight.revenue is not None:
        base = f"known {insight.revenue_known:,} of {count(insight.accounts, 'account')}"
        figures.append(Figure("Revenue of accounts", f"{insight.revenue:,.0f}", base))
    for kind, score in insight.scores.items():
        if not score.enough:
            value = f"too few answers: under {ENOUGH_SCORES}"
        elif kind == "nps":
            value = signed(score.value)
        else:
            value = f"{score.value:.1f}".replace("-", "−")
        figures.append(Figure(score_word(kind), value, count(score.n, "answer")))
    for kind, share in insight.shares.items():
        if share.base:
            base = f"{share.records:,} of {share.base:,}"
            figures.append(Figure(f"Share of {kind_words(kind)}", percent(share.share), base))
    return tuple(figures)


def _kicker(item: InsightItem, whole: InsightList) -> str:
    parts = (item.product_area or item.insight.area, f"Insight {item.insight.id}", whole.period)
    return " · ".join(part for part in parts if part)


def _areas(roster: pl.DataFrame) -> dict[str, tuple[str, str]]:
    """Return what an area covers, and its own name, folded → area and PM.

    Only what is named word for word counts: a guess would send an insight to the wrong desk.
    """
    found: dict[str, tuple[str, str]] = {}
    twice: set[str] = set()
    for area, pm, covers in roster.select("area", "pm", "covers").iter_rows():
        for name in (area, *(covers or "").split(";")):
            key = fold(name or "")
            if key in found and found[key] != (area or "", pm or ""):
                twice.add(key)
            found[key] = (area or "", pm or "")
    return {key: value for key, value in found.items() if key and key not in twice}


def _known(view: View) -> dict[str, tuple[bool, tuple[int, ...]]]:
    return {
        theme_id: (status == Status.PROPOSED, tuple(trend))
        for theme_id, status, trend in view.themes.select("theme_id", "status", "trend").iter_rows()
    }


def _plain(text: str) -> str:
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))
