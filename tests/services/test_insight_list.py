"""The insights on screen are those of the workbook, masked, with what people set laid over."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from tests.services.fernwick import copy_fernwick

from themeloom.base.figures import score_change
from themeloom.domain.insights import Field, PmStatus, Stage
from themeloom.domain.periods import parse_period
from themeloom.domain.themes import Status
from themeloom.insights.sending import Reason
from themeloom.services import insight_editing, insight_list
from themeloom.services.exporting import ExportOptions, export
from themeloom.services.insight_list import (
    InsightItem,
    InsightList,
    edited,
    key_figures,
    kicker,
    sources,
)
from themeloom.services.session import Session

pytestmark = pytest.mark.usefixtures("drafted_once")


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    opened = Session.open(copy_fernwick(tmp_path / "fernwick.loom", few=True))
    yield opened
    opened.close()


def listed(session: Session, before: InsightList | None = None) -> InsightList:
    return insight_list.insight_list(session, before)


def item(found: InsightList, theme_id: str) -> InsightItem:
    return next(one for one in found.items if one.insight.theme_id == theme_id)


def test_what_the_sheet_insights_holds(session: Session, tmp_path: Path) -> None:
    found = listed(session)
    target = tmp_path / "book.xlsx"
    export(session.project, "xlsx", target, ExportOptions())
    head, *rows = openpyxl.load_workbook(target)["Insights"].iter_rows(min_row=5, values_only=True)
    names = [str(name).removesuffix(" ✎") for name in head]
    written = [dict(zip(names, row, strict=True)) for row in rows]
    assert [one.insight.id for one in found.items] == [row["Id"] for row in written]
    for one, row in zip(found.items, written, strict=True):
        assert one.insight.title == row["Insight"]
        assert one.insight.statement == row["Statement"]
        assert one.insight.records == row["Records"]
        assert one.insight.owner == (row["Owner"] or "")
    assert found.period == "July to September 2026"


def test_quotes_are_exact_and_have_a_place(session: Session) -> None:
    texts = " ".join(session.project.records(["text"])["text"])
    checked = 0
    for one in listed(session).items:
        assert 1 <= len(one.quotes) <= 5
        for quote in (*one.quotes, *one.others):
            assert quote.place
            assert quote.excerpt_id
            if "[" not in quote.text:
                assert quote.text in texts
                checked += 1
    assert checked > 60


def test_what_is_offered_holds_the_quotes_and_more_of_the_theme_each_once(session: Session) -> None:
    of_theme = dict(session.view.excerpts.select("excerpt_id", "theme_id").iter_rows())
    for one in listed(session).items:
        ids = [quote.excerpt_id for quote in one.others]
        assert len(ids) == len(set(ids))
        assert {quote.excerpt_id for quote in one.quotes} <= set(ids)
        theirs = {of_theme[one_id] for one_id in ids[len(one.quotes) :]}
        assert theirs <= {one.insight.theme_id}
        assert (
            one.excerpts
            == session.view.themes.row(
                by_predicate=pl.col("theme_id") == one.insight.theme_id, named=True
            )["excerpts"]
        )


def test_key_figures_have_their_bases(session: Session) -> None:
    for one in listed(session).items:
        insight = one.insight
        records, accounts, score = key_figures(one)
        assert records.value == f"{insight.records:,}"
        base = sum(share.base for share in insight.shares.values())
        assert records.base.endswith(f"of {base:,} that say something")
        known = f"known {insight.accounts_known:,} of {insight.records:,}"
        assert accounts.base in (known, "all known")
        impact = insight.impacts.get("nps")
        if impact:
            assert score.name == "NPS impact"
            assert score.value == score_change("nps", impact.value)
            assert score.base.startswith("[")
        else:
            assert score.value in ("no answers", "too few answers") or score.base
        assert kicker(one).endswith(insight.id)
        assert sources(one).count("%") == sum(1 for s in insight.shares.values() if s.records)


def test_titles_are_masked_and_so_is_what_people_write(session: Session) -> None:
    found = listed(session)
    first = found.items[0]
    session.change(
        lambda one: insight_editing.set_fields(
            one, [first], {Field.TITLE: "Ask jane@example.com", Field.NOTE: "Call ann@example.com"}
        )
    )
    now = listed(session, found).items[0]
    assert now.insight.title.startswith("Ask [EMAIL_")
    assert "[EMAIL_" in now.insight.note
    # The editor shows what the person wrote.
    assert now.words(Field.TITLE) == "Ask jane@example.com"
    assert now.words(Field.STATEMENT) == first.insight.statement


def test_laying_over_is_what_drafting_anew_gives(session: Session) -> None:
    found = listed(session)
    one, two, three = found.items[:3]
    session.change(
        lambda s: insight_editing.set_fields(
            s,
            [one, two],
            {Field.SEVERITY: "low", Field.OWNER: "Ines Duarte", Field.AREA: "Integrations"},
        )
    )
    session.change(
        lambda s: insight_editing.set_fields(
            s, [two], {Field.DUE: "2026-10-16", Field.STATUS: "in work", Field.STAGE: "ready"}
        )
    )
    quotes = [quote.excerpt_id for quote in three.others[-3:]]
    session.change(lambda s: insight_editing.choose_quotes(s, three, quotes))
    counter = three.others[0].excerpt_id
    session.change(lambda s: insight_editing.choose_counter(s, three, counter))
    over, anew = listed(session, found), listed(session)
    assert over.drafts is found.drafts
    assert anew.drafts is not found.drafts
    for left, right in zip(over.items, anew.items, strict=True):
        # Short forms of quotes and what they rest on follow with the next draft.
        same = replace(
            left.insight,
            quotes=right.insight.quotes,
            quote_ids=right.insight.quote_ids,
            counter=right.insight.counter,
            counter_id=right.insight.counter_id,
            routed=right.insight.routed,
        )
        assert same == right.insight
        assert left.quotes == right.quotes
        assert left.counter == right.counter
    changed = item(over, two.insight.theme_id).insight
    assert changed.status == PmStatus.IN_WORK
    assert changed.stage == Stage.READY
    assert str(changed.due) == "2026-10-16"
    assert changed.owner == "Ines Duarte"
    assert [q.excerpt_id for q in item(over, three.insight.theme_id).quotes] == quotes
    against = item(over, three.insight.theme_id).counter
    assert against is not None
    assert against.excerpt_id == counter


def test_undo_brings_everything_back(session: Session) -> None:
    found = listed(session)
    first = found.items[0]
    session.change(lambda s: insight_editing.set_fields(s, [first], {Field.TITLE: "Mine"}))
    session.change(lambda s: insight_editing.choose_quotes(s, first, [first.others[-1].excerpt_id]))
    changed = listed(session, found)
    assert changed.items[0].insight.title == "Mine"
    assert len(changed.items[0].quotes) == 1
    session.change(lambda s: s.project.undo())
    session.change(lambda s: s.project.undo())
    assert listed(session, changed).items[0] == first


def test_themes_that_change_are_drafted_anew(session: Session) -> None:
    found = listed(session)
    theme_id = found.items[0].insight.theme_id
    session.change(lambda s: s.project.set_theme_status([theme_id], Status.PROPOSED))
    again = listed(session, found)
    assert again.drafts is not found.drafts
    assert [one.insight.theme_id for one in again.items if one.insight.proposed] == [theme_id]
    session.change(lambda s: s.project.rename_theme(theme_id, "Another name"))
    assert item(listed(session, again), theme_id).insight.theme == "Another name"


def test_a_period_rules_the_numbers(session: Session) -> None:
    whole = listed(session)
    session.set_period(parse_period("2026-09"))
    found = listed(session, whole)
    assert found.drafts is not whole.drafts
    assert found.period == "September 2026"
    assert sum(one.insight.records for one in found.items) < sum(
        one.insight.records for one in whole.items
    )
    assert found.plan is not None
    assert found.plan.period == parse_period("2026-09")


def test_the_plan_follows_what_people_set(session: Session) -> None:
    found = listed(session)
    assert found.plan is not None
    first = found.items[0]
    session.change(lambda s: insight_editing.set_fields(s, [first], {Field.STAGE: "ready"}))
    now = listed(session, found)
    assert now.plan is not None
    assert now.ready == 1
    assert [one.insight.id for pack in now.plan.packs for one in pack.chosen] == [first.insight.id]
    reasons = {one.reason for one in now.plan.held_back}
    assert Reason.DRAFT in reasons
    assert reasons <= {Reason.DRAFT, Reason.NO_AREA}


def test_what_is_typed_is_shown_before_it_is_stored(session: Session) -> None:
    found = listed(session)
    first = found.items[0]
    typed = edited(first, {Field.TITLE: "Write to a@b.com", Field.SEVERITY: "low"}, found)
    assert typed.insight.title.startswith("Write to [EMAIL_")
    assert typed.insight.severity.value == "low"
    assert typed.insight.owner == first.insight.owner
    assert typed.quotes == first.quotes
    back = edited(typed, {Field.TITLE: None, Field.SEVERITY: None}, found)
    assert back.insight == first.insight


def test_areas_and_pms_are_those_of_the_roster_and_those_that_people_typed(
    session: Session,
) -> None:
    found = listed(session)
    roster = session.project.roster()
    assert found.areas == tuple(dict.fromkeys(roster["area"]))
    first = found.items[0]
    session.change(lambda s: insight_editing.set_fields(s, [first], {Field.OWNER: "Zoe New"}))
    assert listed(session, found).pms == (*dict.fromkeys(roster["pm"]), "Zoe New")
