"""The door of this room: a project's frames in, the content of an insight workbook out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

import polars as pl

from themeloom.analytics.counts import answering, bases_by_kind, counted
from themeloom.analytics.numbers import Basis, ThemeNumbers, theme_numbers
from themeloom.base.figures import percent
from themeloom.domain.records import Kind
from themeloom.insights.changes import changes_of
from themeloom.insights.codebook import codebook
from themeloom.insights.counter_examples import (
    counter_examples,
    speaking_against,
    unfit_quotes,
)
from themeloom.insights.edits import Edits
from themeloom.insights.evidence import QUOTES_ON_INSIGHT, evidence_of, quoted_ids
from themeloom.insights.figures import figures_of
from themeloom.insights.files import about_competitors
from themeloom.insights.first_drafts import Around, Told, first_draft, told_of
from themeloom.insights.model import Book, BookData, Evidence, Insight, KindBase
from themeloom.insights.page import Facts, page
from themeloom.insights.privacy import Veil, token_counts
from themeloom.insights.quality import quality_rows
from themeloom.insights.reading import reading
from themeloom.insights.record_table import record_table
from themeloom.insights.routing import route
from themeloom.insights.selection import Selection
from themeloom.insights.signals import signals_in
from themeloom.insights.speaking import speaking
from themeloom.insights.tree import insight_numbers, theme_rows
from themeloom.insights.wording import NOT_SEARCHED, count, kind_words, months

#: Version of what an edited workbook is read back by.
SCHEMA_VERSION: Final = "2"


@dataclass(frozen=True)
class Drafts:
    """The insights of a project without its records: what a list of them needs.

    Every text is masked unless the data says raw. ``insights`` are the themes that at least one
    counted record about us carries, largest first; those that ``data`` asks for.

    Attributes:
        data: what was asked, only with the records and themes that it is about.
        kinds: kinds of source that occur among records about us.
        themes: THEMES with masked wording.
        titles: theme id → title, masked.
        ids: theme id → insight id.
        membership: from ``speaking``: what is about us, of all themes.
        signals: from ``signals.signals_in``, of those excerpts.
        sizes: theme id → how many ``records`` and ``excerpts`` carry it; of a group, only those of
            the themes that are shown.
        told: theme id → what its insight was drafted from.
        around: what holds for all of them.
    """

    data: BookData
    veil: Veil
    title: str
    privacy: str
    coverage: float
    kinds: tuple[KindBase, ...]
    insights: tuple[Insight, ...]
    evidence: tuple[Evidence, ...]
    themes: pl.DataFrame
    titles: Mapping[str, str]
    ids: Mapping[str, str]
    numbers: ThemeNumbers
    membership: pl.DataFrame
    signals: pl.DataFrame
    sizes: Mapping[str, Mapping[str, int]]
    told: Mapping[str, Told]
    around: Around


def draft(data: BookData) -> Drafts:
    """Return the insights of ``data`` with their evidence; records are counted, not masked.

    Raises:
        ExportError: ``data.only`` is neither a PM nor a product area of any insight.
    """
    veil = Veil.of(data)
    themes = _masked(data.themes, veil)
    titles = dict(themes.select("theme_id", "title").iter_rows())
    numbers = _numbers(data, veil)
    kinds = _kinds(data)
    figures = figures_of(numbers, kinds)
    ids = insight_numbers(themes, figures)
    routed = route(data.themes, data.roster, data.fields)
    edits = Edits.of(data.fields, veil)
    selection = Selection.of(data, ids, {one: edits.desk(one, routed[one]) for one in ids})
    ids = selection.ids
    membership = speaking(data, ours(data))
    spoken = membership["excerpt"].unique().sort()
    signals = signals_in(
        pl.DataFrame({"excerpt": spoken, "text": data.excerpts["text"].gather(spoken)})
    )
    kept = _still_there(edits, membership)
    told = told_of(data, ids, titles, figures, membership, signals, routed)
    around = Around(kinds, numbers)
    edited = {
        theme_id: edits.over(first_draft(one, edits, around), kept.get(theme_id, frozenset()))
        for theme_id, one in told.items()
    }
    types = {theme_id: one.type.value for theme_id, one in edited.items()}
    against = speaking_against(data, membership, signals, types)
    quotes = quoted_ids(data, membership, unfit_quotes(membership, against, types))
    counters = counter_examples(data, membership, against, types, edits.counters())
    evidence = evidence_of(data, veil, quotes, counters, ids, titles)
    shown = selection.of_numbers(numbers)
    return Drafts(
        data=selection.over(data),
        veil=veil,
        title=_title(data),
        privacy=_privacy(veil),
        coverage=numbers.coverage,
        kinds=kinds,
        insights=_with_quotes(edited, evidence),
        evidence=evidence,
        themes=selection.of_themes(themes),
        titles=titles,
        ids=ids,
        numbers=shown,
        sizes={
            theme_id: {"records": records, "excerpts": excerpts}
            for frame in (shown.reach, selection.sizes(data, membership))
            for theme_id, records, excerpts in frame.select(
                "theme_id", "records", "excerpts"
            ).iter_rows()
        },
        membership=membership,
        signals=signals,
        told=told,
        around=around,
    )


def compose(data: BookData) -> Book:
    """Return the content of the workbook: every text is masked here unless ``data`` says raw.

    Raises:
        ExportError: as ``draft``.
    """
    drafts = draft(data)
    shown = drafts.data
    veil, kinds, insights, evidence = drafts.veil, drafts.kinds, drafts.insights, drafts.evidence
    numbers = drafts.numbers
    changes = changes_of(data, insights, str(numbers.period or ""))
    themes = theme_rows(
        drafts.themes,
        veil,
        drafts.sizes,
        drafts.ids,
        evidence,
        drafts.membership["excerpt"].n_unique(),
    )
    score_kinds: tuple[str, ...] = tuple(
        numbers.overall.sort(["n", "score_kind"], descending=[True, False])["score_kind"]
    )
    texts = veil.texts(shown.records["text"])
    contents = _contents(len(insights), kinds)
    covered = f"Coverage {percent(drafts.coverage)}"
    if shown.awaits_search(drafts.coverage):
        covered = NOT_SEARCHED
    return Book(
        project_name=data.project_name,
        title=drafts.title,
        summary=f"{contents} {covered}. {drafts.privacy}",
        privacy=drafts.privacy,
        masked=veil.masked,
        page=page(
            shown,
            veil,
            Facts(
                insights=insights,
                evidence=len(evidence),
                kinds=kinds,
                coverage=drafts.coverage,
                score_kinds=list(score_kinds),
                tokens=token_counts(shown.records["text"], texts),
                privacy=drafts.privacy,
            ),
        ),
        kinds=kinds,
        score_kinds=score_kinds,
        insights=insights,
        evidence=evidence,
        themes=themes,
        records=record_table(shown, veil, texts, dict(drafts.titles)),
        owners=tuple(data.roster["pm"].drop_nulls().unique(maintain_order=True)),
        created=data.created,
        version=data.version,
        numbers=numbers,
        axis=tuple(numbers.axis["label"]),
        only=data.only,
        properties={
            "Project id": data.project_id,
            "Export id": data.delivery_id,
            "Run id": data.run.id if data.run else "",
            "Schema version": SCHEMA_VERSION,
            "Personal data": "masked" if veil.masked else "raw",
        },
        codebook=codebook(data, veil, themes, evidence, drafts.titles),
        changes=changes.rows,
        changes_note=changes.note,
        quality=quality_rows(data, ours(data), numbers, insights),
        reading=reading(numbers, masked=veil.masked, only=data.only),
    )


def _with_quotes(
    insights: Mapping[str, Insight], evidence: tuple[Evidence, ...]
) -> tuple[Insight, ...]:
    """Return the insights with the short forms of their quotes, largest first."""
    quotes: dict[str, list[Evidence]] = {}
    against: dict[str, Evidence] = {}
    for quote in evidence:
        if quote.counter:
            against[quote.theme_id] = quote
        else:
            quotes.setdefault(quote.theme_id, []).append(quote)
    found = [
        replace(
            one,
            quotes=tuple(quote.short for quote in quotes.get(theme_id, [])[:QUOTES_ON_INSIGHT]),
            quote_ids=tuple(quote.excerpt_id for quote in quotes.get(theme_id, [])),
            counter=against[theme_id].short if theme_id in against else "",
            counter_id=against[theme_id].excerpt_id if theme_id in against else "",
        )
        for theme_id, one in insights.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.records, one.id)))


def _masked(themes: pl.DataFrame, veil: Veil) -> pl.DataFrame:
    return themes.with_columns(
        veil.texts(themes["title"].fill_null("")),
        veil.texts(themes["definition"].fill_null("")),
    )


def _numbers(data: BookData, veil: Veil) -> ThemeNumbers:
    """Return the numbers; names and values of segments are masked, they come from customers' files."""
    numbers = theme_numbers(
        data.basis
        or Basis(
            records=data.records,
            excerpts=data.excerpts,
            assignments=data.assignments,
            themes=data.themes,
            sources=data.sources,
            accounts=data.accounts,
        )
    )
    segments = numbers.segments
    masked = segments.with_columns(veil.texts(segments["segment"]), veil.texts(segments["value"]))
    return replace(numbers, segments=masked)


def ours(data: BookData) -> pl.DataFrame:
    """Return the records that insights are counted from: about us, once each, saying something.

    Returns:
        ``record_id, kind, date, person_key, account, duplicate_of, non_answer``.
    """
    return answering(_about_us(data))


def _about_us(data: BookData) -> pl.DataFrame:
    columns = "record_id kind date person_key account duplicate_of non_answer".split()
    return data.records.select(columns).filter(~about_competitors(data))


def _kinds(data: BookData) -> tuple[KindBase, ...]:
    """Return the kinds that occur, in the order of the design."""
    about_us = _about_us(data)
    rows = {row["kind"]: row for row in bases_by_kind(about_us).iter_rows(named=True)}
    order = [str(kind) for kind in Kind if kind in rows]
    order += sorted(kind for kind in rows if kind is not None and kind not in set(Kind))
    return tuple(KindBase(kind, rows[kind]["records"], rows[kind]["base"]) for kind in order)


def _still_there(edits: Edits, membership: pl.DataFrame) -> dict[str, frozenset[str]]:
    """Return theme id → excerpts that people wrote on and that still belong to the theme."""
    kept = membership.filter(pl.col("excerpt_id").is_in(edits.kept_quotes()))
    return {
        theme_id: frozenset(excerpts)
        for theme_id, excerpts in kept.group_by("theme_id").agg("excerpt_id").iter_rows()
    }


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
    records = sum(kind.base for kind in kinds)
    parts = ", ".join(f"{kind_words(kind.kind)} {kind.base:,}" for kind in kinds)
    detail = f" ({parts})" if parts and [one.kind for one in kinds] != [Kind.OTHER] else ""
    verb = "says" if records == 1 else "say"
    return f"{count(insights, 'insight')} from {count(records, 'record')} that {verb} something{detail}."


def _privacy(veil: Veil) -> str:
    return "Personal data is masked." if veil.masked else "Personal data is not masked (raw)."
