"""The insights as the window shows them: drafted from the data, with what people set laid over.

Drafting takes seconds where there are many records; laying over takes milliseconds. A list is
drafted anew only where records, themes or their places have changed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import polars as pl

from themeloom.base.figures import change_interval, part_of, percent, score_change, score_value
from themeloom.domain.frames import INSIGHT_FIELDS, empty
from themeloom.domain.insights import DECIDED, Field, Stage
from themeloom.domain.periods import MONTHS
from themeloom.insights.book import draft
from themeloom.insights.edits import Edits, basis_of
from themeloom.insights.first_drafts import Around, Told, first_draft
from themeloom.insights.model import Evidence, Insight
from themeloom.insights.privacy import Veil
from themeloom.insights.routing import Routed, route
from themeloom.insights.sending import SendPlan
from themeloom.insights.wording import count, kind_words, reached, score_word
from themeloom.services import insight_quotes
from themeloom.services.exporting import book_data
from themeloom.services.insight_fields import value_of
from themeloom.services.insight_quotes import Quote
from themeloom.services.sending import plan_of
from themeloom.services.session import Session
from themeloom.services.view import View

#: What of the tree drafts depend on; chosen quotes are laid over.
_DRAFTED_FROM = ["theme_id", "parent_id", "level", "title", "definition", "status", "key_phrases"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of an insight, with the base that it stands on."""

    name: str
    value: str
    base: str = ""


@dataclass(frozen=True, slots=True)
class InsightItem:
    """One insight.

    Attributes:
        insight: as the PM gets it: masked, with what people set.
        drafted: as the data alone tell it.
        own: what people set, as they wrote it; area and PM of the roster are not in it.
        quotes: the chosen quotes, most telling first.
        others: excerpts of the theme that may be chosen instead, best fitting first.
        counter: what speaks against the claim, None where nothing does.
        drafted_counter: as the data alone tell it.
        excerpts: how many the theme has to choose from.
        basis: the numbers now, as they are kept with words.
        new_since: day of the last send, where the insight went to nobody yet; "" otherwise.
    """

    insight: Insight
    drafted: Insight
    own: Mapping[Field, str]
    quotes: tuple[Quote, ...]
    others: tuple[Quote, ...]
    counter: Quote | None
    drafted_counter: Quote | None
    excerpts: int
    basis: str
    new_since: str = ""

    @property
    def badge(self) -> str:
        """How far it is: "decided", or the sender's stage."""
        return "decided" if self.insight.status in DECIDED else str(self.insight.stage)

    def words(self, field: Field) -> str:
        """Return what stands in a field: as a person wrote it, else as drafted (masked)."""
        if field in (Field.AREA, Field.OWNER):
            return value_of(self.insight, field)
        return self.own.get(field, value_of(self.insight, field))

    def suggestion(self, field: Field) -> str | None:
        """Return what the data suggest where a person set something else, else None."""
        if field not in self.own:
            return None
        drafted = value_of(self.drafted, field)
        return drafted if drafted and drafted != self.own[field] else None


@dataclass(frozen=True)
class InsightList:
    """All insights, largest first, and what holds for all of them.

    Attributes:
        items: the insights.
        period: "July to September 2026", or "".
        coverage: share of the excerpts that carry a theme, 0…1.
        privacy: one sentence: masked or raw.
        project_id: of the project.
        areas: product areas to choose from.
        pms: PMs to choose from.
        numbers_of: day of the newest source, "21 Nov"; "" without one.
        plan: what a send would do now.
        veil: masks what people write.
        seen: the view that it was drafted from.
        around: what holds for all drafts.
        drafts: theme id → what was drafted of it.
    """

    items: tuple[InsightItem, ...]
    period: str
    coverage: float
    privacy: str
    project_id: str
    areas: tuple[str, ...]
    pms: tuple[str, ...]
    numbers_of: str
    plan: SendPlan | None
    veil: Veil
    seen: View
    around: Around
    drafts: Mapping[str, "Drafted"]

    @property
    def ready(self) -> int:
        """How many are ready to be sent."""
        return sum(item.badge == Stage.READY for item in self.items)

    def item(self, insight_id: str) -> InsightItem | None:
        """Return an insight by its id."""
        return next((item for item in self.items if item.insight.id == insight_id), None)


@dataclass(frozen=True, slots=True)
class Drafted:
    """What the data alone tell of one theme."""

    told: Told
    insight: Insight
    quotes: tuple[Quote, ...]
    others: tuple[Quote, ...]
    counter: Quote | None
    excerpts: int
    basis: str
    new_since: str


def insight_list(session: Session, before: InsightList | None = None) -> InsightList:
    """Return the insights of the project, masked.

    Takes seconds for 100,000 records, and milliseconds where ``before`` was drafted from the same
    records and themes: only what people set since is laid over it then.
    """
    view = session.view
    if before is None or not _still_holds(before.seen, view):
        before = _drafted(session, view)
    return _laid_over(session, before, view)


def edited(
    item: InsightItem, values: Mapping[Field, str | None], whole: InsightList
) -> InsightItem:
    """Return an insight as it would stand with other values; None goes back to what is drafted."""
    own = {field: text for field, text in item.own.items() if field not in values}
    own |= {field: text for field, text in values.items() if text is not None}
    now, theme_id = item.insight, item.drafted.theme_id
    rows = [(theme_id, field, text) for field, text in own.items()]
    masked = Edits.of(pl.DataFrame(rows, schema=INSIGHT_FIELDS, orient="row"), whole.veil)
    first = _first(whole.drafts[theme_id], masked, whole)
    at_desk = replace(first, area=now.area, owner=now.owner, email=now.email)
    insight = replace(masked.over(at_desk, frozenset()), stale=now.stale)
    return replace(item, insight=insight, own=own)


def key_figures(item: InsightItem) -> tuple[Figure, Figure, Figure]:
    """Return the three figures at the top of the page: records, accounts, and the score."""
    insight = item.insight
    base = sum(share.base for share in insight.shares.values())
    return (
        Figure("Records", f"{insight.records:,}", part_of(insight.records, base)),
        Figure("Accounts", *reached(insight.accounts, insight.accounts_known, insight.records)),
        _score_figure(insight),
    )


def sources(item: InsightItem) -> str:
    """Return how much of each kind of source it is in: ``9 % of tickets · 6 % of NPS answers``."""
    shares = item.insight.shares
    return " · ".join(
        f"{percent(share.share)} of {kind_words(kind, alone=len(shares) == 1)}"
        for kind, share in shares.items()
        if share.base and share.records
    )


def kicker(item: InsightItem) -> str:
    """Return the small line above the title: area and id."""
    parts = (item.insight.area or item.insight.group, f"Insight {item.insight.id}")
    return " · ".join(part for part in parts if part)


def short_day(moment: datetime) -> str:
    """Return ``21 Nov``."""
    return f"{moment.day} {MONTHS[moment.month - 1]}"


# --- drafting


def _still_holds(seen: View, view: View) -> bool:
    return (
        seen.base is view.base
        and seen.counts is view.counts
        and seen.themes.select(_DRAFTED_FROM).equals(view.themes.select(_DRAFTED_FROM))
    )


def _drafted(session: Session, view: View) -> InsightList:
    data = book_data(session.project, raw=False, period=view.period)
    data = replace(data, fields=empty(INSIGHT_FIELDS))
    drafts = draft(data)
    evidence: dict[str, list[Evidence]] = {}
    for quote in drafts.evidence:
        evidence.setdefault(quote.theme_id, []).append(quote)
    others = insight_quotes.offered(view, drafts.veil)
    excerpts = dict(view.themes.select("theme_id", "excerpts").iter_rows())
    sends = [one for one in data.deliveries if one.kind == "send"]
    sent = {insight_id for one in sends for insight_id in one.values}
    since = short_day(sends[-1].when) if sends else ""

    def drafted(insight: Insight) -> Drafted:
        quotes = evidence.get(insight.theme_id, [])
        against = [insight_quotes.of_evidence(one) for one in quotes if one.counter]
        return Drafted(
            told=drafts.told[insight.theme_id],
            insight=insight,
            quotes=tuple(insight_quotes.of_evidence(one) for one in quotes if not one.counter),
            others=others.get(insight.theme_id, ()),
            counter=against[0] if against else None,
            excerpts=int(excerpts.get(insight.theme_id) or 0),
            basis=basis_of(insight),
            new_since="" if insight.id in sent else since,
        )

    imported = [one for one in data.sources["imported_at"].drop_nulls() if one]
    return InsightList(
        items=(),
        period=drafts.title.partition(", ")[2],
        coverage=drafts.coverage,
        privacy=drafts.privacy,
        project_id=session.project.id,
        areas=(),
        pms=(),
        numbers_of=short_day(datetime.fromisoformat(max(imported))) if imported else "",
        plan=None,
        veil=drafts.veil,
        seen=view,
        around=drafts.around,
        drafts={insight.theme_id: drafted(insight) for insight in drafts.insights},
    )


# --- laying over


def _laid_over(session: Session, whole: InsightList, view: View) -> InsightList:
    fields = session.project.insight_fields()
    own: dict[str, dict[Field, str]] = {}
    for theme_id, field, text in fields.iter_rows():
        if field in set(Field) and text is not None:
            own.setdefault(theme_id, {})[Field(field)] = text
    edits = Edits.of(fields, whole.veil)
    roster = session.project.roster()
    desks = route(view.themes, roster, fields)
    chosen = _chosen_anew(whole.seen, view)
    quoted = {one for ids in chosen.values() for one in ids}
    quoted |= {mine[Field.COUNTER] for mine in own.values() if mine.get(Field.COUNTER)}
    known = insight_quotes.by_id(view, sorted(quoted), whole.veil) if quoted else {}
    there = _still_there(edits, view)
    items = [
        _item(
            whole,
            one,
            desks[theme_id],
            own.get(theme_id, {}),
            edits,
            chosen.get(theme_id),
            known,
            there.get(theme_id, frozenset()),
        )
        for theme_id, one in whole.drafts.items()
        if theme_id in desks
    ]
    return replace(
        whole,
        items=tuple(items),
        plan=plan_of(session.project, [item.insight for item in items], view.period),
        areas=_distinct(roster["area"], [item.insight.area for item in items]),
        pms=_distinct(roster["pm"], [item.insight.owner for item in items]),
    )


def _first(one: Drafted, edits: Edits, whole: InsightList) -> Insight:
    """Return the draft with what follows from grades that a person set; its quotes stay."""
    first = first_draft(one.told, edits, whole.around)
    return replace(
        first,
        quotes=one.insight.quotes,
        quote_ids=one.insight.quote_ids,
        counter=one.insight.counter,
        counter_id=one.insight.counter_id,
    )


def _item(
    whole: InsightList,
    one: Drafted,
    desk: Routed,
    own: Mapping[Field, str],
    edits: Edits,
    chosen: Sequence[str] | None,
    known: Mapping[str, Quote],
    there: frozenset[str],
) -> InsightItem:
    first = _first(one, edits, whole)
    insight = edits.over(replace(first, area=desk.area, owner=desk.pm, email=desk.email), there)
    quotes = one.quotes
    if chosen:
        quotes = tuple(known[quote] for quote in chosen if quote in known) or quotes
    counter = one.counter
    if Field.COUNTER in own:
        counter = known.get(own[Field.COUNTER])
    return InsightItem(
        insight=insight,
        drafted=one.insight,
        own=own,
        quotes=quotes[: insight_quotes.MOST],
        others=insight_quotes.pool(one.quotes, one.others),
        counter=counter,
        drafted_counter=one.counter,
        excerpts=one.excerpts,
        basis=one.basis,
        new_since=one.new_since,
    )


def _still_there(edits: Edits, view: View) -> dict[str, frozenset[str]]:
    """Return theme id → excerpts that people wrote on and that still belong to the theme."""
    kept = edits.kept_quotes()
    if not kept:
        return {}
    rows = view.excerpts.filter(pl.col("excerpt_id").is_in(kept)).select("excerpt", "excerpt_id")
    found: dict[str, set[str]] = {}
    for theme_id, excerpt_id in (
        view.shares.join(rows, on="excerpt").select("theme_id", "excerpt_id").iter_rows()
    ):
        found.setdefault(theme_id, set()).add(excerpt_id)
    return {theme_id: frozenset(excerpts) for theme_id, excerpts in found.items()}


def _chosen_anew(seen: View, view: View) -> dict[str, list[str]]:
    """Return the themes whose quotes were chosen since ``seen``, with these quotes."""
    if seen.themes is view.themes:
        return {}
    before = dict(seen.themes.select("theme_id", "quotes").iter_rows())
    return {
        theme_id: list(quotes or [])
        for theme_id, quotes in view.themes.select("theme_id", "quotes").iter_rows()
        if list(quotes or []) != list(before.get(theme_id) or [])
    }


def _distinct(roster: pl.Series, others: Sequence[str]) -> tuple[str, ...]:
    """Return names in the order of the roster, then those that people typed."""
    names = [name for name in (*roster.drop_nulls(), *sorted(set(others))) if name]
    return tuple(dict.fromkeys(names))


# --- figures


def _score_figure(insight: Insight) -> Figure:
    if insight.impacts:
        kind = "nps" if "nps" in insight.impacts else next(iter(insight.impacts))
        impact = insight.impacts[kind]
        return Figure(
            f"{score_word(kind)} impact",
            score_change(kind, impact.value),
            change_interval(kind, impact.low, impact.high),
        )
    kind = next(iter(insight.scores), "nps")
    score = insight.scores.get(kind)
    if score is None:
        return Figure(score_word(kind), "no answers")
    if not score.enough:
        return Figure(score_word(kind), "too few answers", count(score.n, "answer"))
    return Figure(score_word(kind), score_value(kind, score.value), count(score.n, "answer"))
