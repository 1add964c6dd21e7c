"""The door of this room: a project's frames in, the content of an insight workbook out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from themeloom.analytics.counts import (
    answering,
    bases_by_kind,
    counted,
    coverage,
    members,
    share_by_kind,
    sizes,
)
from themeloom.analytics.placing import groups_of
from themeloom.analytics.reach import reach
from themeloom.analytics.scores import overall_scores, scores
from themeloom.domain.records import Kind
from themeloom.insights.evidence import QUOTES_ON_INSIGHT, evidence_of, quoted_ids
from themeloom.insights.model import Book, BookData, Evidence, Insight, KindBase, Score, Share
from themeloom.insights.page import Facts, page
from themeloom.insights.privacy import Veil, token_counts
from themeloom.insights.record_table import record_table
from themeloom.insights.statements import statement
from themeloom.insights.tree import Sizes, insight_numbers, theme_rows
from themeloom.insights.wording import count, kind_words, months, percent

#: Version of what an edited workbook is read back by.
SCHEMA_VERSION = "1"


@dataclass(frozen=True)
class Drafts:
    """The insights of a project without its records: what a list of them needs.

    Every text is masked unless the data says raw. ``insights`` are the themes that at least one
    counted record carries, largest first.
    """

    veil: Veil
    title: str
    privacy: str
    coverage: float
    kinds: tuple[KindBase, ...]
    insights: tuple[Insight, ...]
    evidence: tuple[Evidence, ...]
    themes: pl.DataFrame
    titles: Mapping[str, str]
    sizes: Sizes
    numbers: Mapping[str, str]
    carrying: int


def draft(data: BookData) -> Drafts:
    """Return the insights of ``data`` with their evidence; records are counted, not masked."""
    veil = Veil.of(data)
    themes = data.themes.with_columns(
        veil.texts(data.themes["title"].fill_null("")),
        veil.texts(data.themes["definition"].fill_null("")),
    )
    titles = dict(themes.select("theme_id", "title").iter_rows())
    membership = members(data.assignments, data.excerpts, data.records, data.themes)
    size = {row["theme_id"]: row for row in sizes(membership).iter_rows(named=True)}
    numbers = insight_numbers(themes, size)
    evidence = evidence_of(data, veil, quoted_ids(data, membership), numbers, titles)
    kinds = _kinds(data.records)
    return Drafts(
        veil=veil,
        title=_title(data),
        privacy=_privacy(veil),
        coverage=coverage(
            data.excerpts.join(counted(data.records), on="record_id", how="semi"), data.assignments
        ),
        kinds=kinds,
        insights=_insights(data, membership, titles, numbers, evidence, kinds),
        evidence=evidence,
        themes=themes,
        titles=titles,
        sizes=size,
        numbers=numbers,
        carrying=membership["excerpt_id"].n_unique(),
    )


def compose(data: BookData) -> Book:
    """Return the content of the workbook: every text is masked here unless ``data`` says raw."""
    drafts = draft(data)
    veil, kinds, insights, evidence = drafts.veil, drafts.kinds, drafts.insights, drafts.evidence
    overall = overall_scores(answering(data.records))
    texts = veil.texts(data.records["text"])
    contents = _contents(len(insights), kinds)
    return Book(
        project_name=data.project_name,
        title=drafts.title,
        summary=f"{contents} Coverage {percent(drafts.coverage)}. {drafts.privacy}",
        privacy=drafts.privacy,
        masked=veil.masked,
        page=page(
            data,
            veil,
            Facts(
                insights=insights,
                evidence=len(evidence),
                kinds=kinds,
                coverage=drafts.coverage,
                score_kinds=overall["score_kind"].to_list(),
                tokens=token_counts(data.records["text"], texts),
                privacy=drafts.privacy,
            ),
        ),
        kinds=kinds,
        score_kinds=tuple(overall["score_kind"]),
        insights=insights,
        evidence=evidence,
        themes=theme_rows(
            drafts.themes, veil, drafts.sizes, drafts.numbers, evidence, drafts.carrying
        ),
        records=record_table(data, veil, texts, dict(drafts.titles)),
        owners=tuple(data.roster["pm"].drop_nulls().unique(maintain_order=True)),
        created=data.created,
        version=data.version,
        properties={
            "Project id": data.project_id,
            "Run id": data.run.id if data.run else "",
            "Schema version": SCHEMA_VERSION,
            "Personal data": "masked" if veil.masked else "raw",
        },
    )


def _kinds(records: pl.DataFrame) -> tuple[KindBase, ...]:
    """Return the kinds that occur, in the order of the design."""
    rows = {row["kind"]: row for row in bases_by_kind(records).iter_rows(named=True)}
    order = [str(kind) for kind in Kind if kind in rows]
    order += sorted(kind for kind in rows if kind is not None and kind not in set(Kind))
    return tuple(KindBase(kind, rows[kind]["records"], rows[kind]["base"]) for kind in order)


def _insights(
    data: BookData,
    membership: pl.DataFrame,
    titles: Mapping[str, str],
    numbers: Mapping[str, str],
    evidence: tuple[Evidence, ...],
    kinds: tuple[KindBase, ...],
) -> tuple[Insight, ...]:
    reached = {
        row["theme_id"]: row
        for row in reach(membership, data.records, data.accounts).iter_rows(named=True)
    }
    shares: dict[str, dict[str, int]] = {}
    for theme_id, kind, n in (
        share_by_kind(membership, data.records).select("theme_id", "kind", "records").iter_rows()
    ):
        shares.setdefault(theme_id, {})[kind] = n
    scored: dict[str, dict[str, Score]] = {}
    for theme_id, kind, n, value, promoters, detractors in scores(
        membership, data.records
    ).iter_rows():
        scored.setdefault(theme_id, {})[kind] = Score(n, value, promoters, detractors)
    areas = dict(groups_of(data.themes).iter_rows())
    top: dict[str, list[Evidence]] = {}
    for quote in evidence:
        top.setdefault(quote.theme_id, []).append(quote)

    def insight(theme_id: str) -> Insight:
        row = reached[theme_id]
        counts = shares.get(theme_id, {})
        in_kinds = {kind.kind: Share(counts.get(kind.kind, 0), kind.base) for kind in kinds}
        who = {
            name: row[name]
            for name in ("records", "people", "people_known", "accounts", "accounts_known")
        }
        return Insight(
            id=numbers[theme_id],
            theme_id=theme_id,
            title=titles[theme_id],
            area=titles.get(areas.get(theme_id, ""), ""),
            statement=statement(**who, shares=in_kinds, scores=scored.get(theme_id, {})),
            **who,
            revenue=row["revenue"],
            revenue_known=row["revenue_known"],
            shares=in_kinds,
            scores=scored.get(theme_id, {}),
            quotes=tuple(quote.short for quote in top.get(theme_id, [])[:QUOTES_ON_INSIGHT]),
        )

    found = [insight(theme_id) for theme_id in numbers]
    return tuple(sorted(found, key=lambda one: (-one.records, one.id)))


def _title(data: BookData) -> str:
    period = data.period or _dated(data.records)
    told = "What customers told us"
    return f"{told}, {months(*period)}" if period else told


def _dated(records: pl.DataFrame) -> tuple[date, date] | None:
    dates = counted(records)["date"].drop_nulls()
    first, last = dates.min(), dates.max()
    if isinstance(first, datetime) and isinstance(last, datetime):
        return first.date(), last.date()
    return None


def _contents(insights: int, kinds: tuple[KindBase, ...]) -> str:
    records = sum(kind.records for kind in kinds)
    parts = ", ".join(f"{kind_words(kind.kind)} {kind.records:,}" for kind in kinds)
    detail = f" ({parts})" if parts else ""
    return f"{count(insights, 'insight')} from {count(records, 'record')}{detail}."


def _privacy(veil: Veil) -> str:
    return "Personal data is masked." if veil.masked else "Personal data is not masked (raw)."
