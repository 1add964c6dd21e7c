"""The plan of a send: few insights per PM, every other one held back for one reason, and what is new."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, replace
from datetime import date
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.insights.story import story

from themeloom.domain.insights import (
    DECIDED,
    Delivery,
    Direction,
    Grade,
    Link,
    PmStatus,
    Stage,
    Urgency,
)
from themeloom.domain.periods import Period, parse_period
from themeloom.insights.book import draft
from themeloom.insights.model import Impact, Insight, Suggested
from themeloom.insights.scoring import Part, Weights, scorer, total
from themeloom.insights.sending import (
    SNAPSHOT,
    Mark,
    Pack,
    Reason,
    SendPlan,
    Settings,
    make_plan,
    resolved,
    snapshot,
)

TODAY = date(2026, 11, 26)
PMS = ["Ines Duarte", "Tom Okafor", ""]


@cache
def usual() -> Insight:
    """Return a drafted insight that goes to Ines, stripped of what tests set themselves."""
    return replace(
        draft(story(raw=True)).insights[0],
        area="Integrations",
        owner="Ines Duarte",
        email="ines@example.com",
        stage=Stage.READY,
        revenue=None,
        impacts={},
    )


@pytest.fixture(autouse=True, scope="module")
def drafted_once() -> None:
    """Draft before anything is timed."""
    usual()


def insight(number: int = 1, *, direction: Direction | None = None, **changed: Any) -> Insight:
    one = replace(usual(), id=f"IN-{number:03d}", theme_id=f"T-{number:03d}", **changed)
    return replace(one, trend=replace(one.trend, direction=direction)) if direction else one


def delivery(
    insights: Sequence[Insight],
    pm: str = "Ines Duarte",
    *,
    period: Period | None = None,
    created: str = "2026-10-02T08:00:00+00:00",
    **about: str,
) -> Delivery:
    return Delivery(
        id=created,
        created=created,
        kind="send",
        format="xlsx",
        recipient=pm,
        place="there",
        values={one.id: {SNAPSHOT: snapshot(one)} for one in insights},
        about={"period": str(period or ""), "drafts": "no", **about},
    )


def plan_of(
    insights: Sequence[Insight],
    past: Sequence[Delivery] = (),
    period: Period | None = None,
    **chosen: Any,
) -> SendPlan:
    return make_plan(insights, past, Settings(**chosen), TODAY, period)


def held(plan: SendPlan) -> dict[str, str]:
    return {one.insight.id: one.words for one in plan.held_back}


def only_pack(plan: SendPlan) -> Pack:
    (pack,) = plan.packs
    return pack


@st.composite
def insights_(draw: st.DrawFn) -> list[Insight]:
    def one(number: int) -> Insight:
        records = draw(st.integers(1, 300))
        return insight(
            number,
            records=records,
            accounts=draw(st.integers(0, records)),
            revenue=draw(st.none() | st.floats(-10, 1e7)),
            owner=draw(st.sampled_from(PMS)),
            area=draw(st.sampled_from(["Billing", ""])),
            proposed=draw(st.booleans()),
            stage=draw(st.sampled_from(Stage)),
            status=draw(st.sampled_from(PmStatus)),
            severity=Suggested(draw(st.sampled_from([*Grade, ""]))),
            urgency=Suggested(draw(st.sampled_from([*Urgency, ""]))),
            confidence=Suggested(draw(st.sampled_from(Grade))),
            direction=draw(st.sampled_from(Direction)),
            due=draw(st.none() | st.dates(date(2026, 1, 1), date(2027, 1, 1))),
            links=tuple(Link("jira", "A-1", status=status) for status in draw(_STATUSES)),
            impacts=draw(_IMPACTS),
        )

    return [one(number) for number in range(1, draw(st.integers(0, 12)) + 1)]


_STATUSES = st.lists(st.sampled_from(["Done", "Open", ""]), max_size=1)
_IMPACTS = st.sampled_from(
    [{}, {"nps": Impact(-4.1, -6.0, -2.2, 40)}, {"csat": Impact(0.2, -0.1, 0.4, 30)}]
)
_WEIGHTS = st.builds(Weights, **{one.name: st.floats(0, 100) for one in fields(Weights)})


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)  # on a busy computer
@given(
    insights_(),
    insights_(),
    st.builds(
        Settings,
        limit=st.integers(1, 4),
        growth=st.floats(0, 2),
        weights=_WEIGHTS,
        drafts=st.sampled_from([None, True, False]),
    ),
    st.sampled_from([None, parse_period("2026-09")]),
)
def test_each_insight_goes_to_one_pm_or_is_held_back_for_one_reason(
    insights: list[Insight], then: list[Insight], settings: Settings, period: Period | None
) -> None:
    past = [delivery(then, pm, period=period) for pm in ("Ines Duarte", "tom OKAFOR")]
    plan = make_plan(insights, past, settings, TODAY, period)
    chosen = [one for pack in plan.packs for one in pack.chosen]
    ids = [one.insight.id for one in (*chosen, *plan.held_back)]
    assert sorted(ids) == sorted(one.id for one in insights)
    assert plan.count == len(chosen)
    for pack in plan.packs:
        assert 1 <= len(pack.chosen) <= settings.limit
        assert {one.insight.owner for one in pack.chosen} == {pack.pm}
        scores = [one.score for one in pack.chosen]
        assert scores == sorted(scores, reverse=True)
    for one in (*chosen, *plan.held_back):
        assert one.score == pytest.approx(sum(part.points for part in one.parts))
        assert [part.key for part in one.parts] == list(asdict(settings.weights))
        for part in one.parts:
            assert part.weight == getattr(settings.weights, part.key)
            assert 0 <= part.share <= 1
            assert part.why
    for one in plan.held_back:
        assert one.words
        if one.reason == Reason.LIMIT:
            pack = next(pack for pack in plan.packs if pack.pm == one.insight.owner)
            assert len(pack.chosen) == settings.limit
            assert pack.chosen[-1].score >= one.score
    assert plan == make_plan(list(reversed(insights)), past, settings, TODAY, period)


def test_each_reason_and_the_first_one_counts() -> None:
    plan = plan_of(
        [
            insight(1, proposed=True, owner="", area=""),
            insight(2, owner="", area=""),
            insight(3, owner="", area="Billing"),
            insight(4, stage=Stage.DRAFT),
            insight(5, status=PmStatus.DECLINED, owner="", area=""),
            insight(6, records=900),
            insight(7, records=1),
            insight(8, links=(Link("jira", "A-1", status="Closed"),)),
        ],
        limit=1,
    )
    assert [one.insight.id for one in only_pack(plan).chosen] == ["IN-006"]
    assert held(plan) == {
        "IN-001": "proposed theme",
        "IN-002": "no product area",
        "IN-003": "no PM for Billing",
        "IN-004": "draft",
        "IN-005": "decided",
        "IN-007": "over the limit of 1 for Ines Duarte",
        "IN-008": "decided",
    }
    assert [one.insight.id for one in plan.without_area] == ["IN-002"]


def test_drafts_go_as_long_as_nobody_marks_any_as_ready() -> None:
    drafts = [insight(1, stage=Stage.DRAFT), insight(2, stage=Stage.DRAFT)]
    plan = plan_of(drafts)
    assert (plan.count, plan.drafts) == (2, True)
    assert plan_of(drafts, drafts=False).count == 0
    ready = [insight(3), *drafts]
    assert (plan_of(ready).count, plan_of(ready).drafts) == (1, False)
    assert plan_of(ready, drafts=True).count == 3
    # Once ready ones were sent, the drafts that are left do not go by themselves.
    sent = [replace(insight(3), stage=Stage.SENT), *drafts]
    assert held(plan_of(sent, [delivery([insight(3)])])) == {"IN-001": "draft", "IN-002": "draft"}
    assert plan_of(sent, [delivery([insight(3)], drafts="yes")]).count == 3


@pytest.mark.parametrize("status", sorted(DECIDED))
def test_what_was_decided_stays_quiet_until_it_has_grown(status: PmStatus) -> None:
    past = [delivery([insight(1, records=100)])]

    def now(records: int) -> SendPlan:
        return plan_of([insight(1, records=records, status=status)], past)

    assert held(now(103)) == {"IN-001": "decided, grew only 3 %".replace(" %", "\u00a0%")}
    assert held(now(100)) == {"IN-001": "decided, did not grow"}
    assert "fell by" in held(now(80))["IN-001"]
    assert held(now(125))["IN-001"].startswith("decided, grew only 25")
    (one,) = only_pack(now(126)).chosen
    assert Mark.CHANGED in one.marks
    assert one.changes[0] == "126\u00a0records, 100 then"
    # Sent again, it is quiet again: what it is compared with is the newest send.
    again = [*past, delivery([insight(1, records=126, status=status)], created="2026-11-02")]
    assert plan_of([insight(1, records=130, status=status)], again).packs == ()


def test_growth_between_periods_is_told_by_the_day() -> None:
    quarter, month = parse_period("2026-Q3"), parse_period("2026-10")
    past = [delivery([insight(1, records=92)], period=quarter)]

    def now(records: int, period: Period | None) -> SendPlan:
        return plan_of([insight(1, records=records, status=PmStatus.DONE)], past, period)

    assert held(now(31, month)) == {"IN-001": "decided, did not grow"}
    assert now(62, month).count == 1
    assert held(now(900, None)) == {"IN-001": "decided"}


def test_marks_tell_what_happened_since_the_pm_got_it() -> None:
    past = [
        delivery(
            [
                insight(1, records=60),
                insight(2, records=60, due=date(2026, 11, 20)),
                insight(3, records=60),
                insight(4, records=60),
                insight(6, records=60),
            ]
        )
    ]
    plan = plan_of(
        [
            insight(1, records=62),  # two more are no change
            insight(2, records=90, due=date(2026, 11, 20)),
            insight(3, records=60, status=PmStatus.DONE, decision="Shipped in 9.4"),
            insight(4, records=60, status=PmStatus.DECLINED),
            insight(5, records=60),
            insight(
                6,
                records=60,
                severity=Suggested(Grade.LOW),
                direction=Direction.FALLING,
                note="Ask support first",
                status=PmStatus.ACCEPTED,
            ),
        ],
        past,
    )
    pack = only_pack(plan)
    assert pack.last == past[0]
    found = {one.insight.id: one for one in pack.chosen}
    assert found["IN-001"].marks == ()
    assert found["IN-002"].marks == (Mark.CHANGED, Mark.OVERDUE)
    assert found["IN-002"].changes == ("90\u00a0records, 60 then",)
    assert found["IN-005"].marks == (Mark.NEW,)
    assert found["IN-006"].marks == (Mark.CHANGED,)
    told = found["IN-006"].changes
    assert told[0] == f"trend falling, {usual().trend.direction} then"
    assert told[1] == f"severity low, {usual().severity.value} then"
    assert told[2:] == ("status accepted, new then", "another note")
    assert [(one.insight.id, one.mark, one.words) for one in pack.settled] == [
        ("IN-003", Mark.RESOLVED, "done: Shipped in 9.4"),
        ("IN-004", Mark.DECIDED, "declined"),
    ]
    assert pack.marked(Mark.NEW) == (found["IN-005"],)


def test_what_was_sent_and_is_over_the_limit_now_is_named() -> None:
    past = [delivery([insight(1, records=9), insight(2, records=1)])]
    plan = plan_of([insight(1, records=9), insight(2, records=1), insight(3, records=1)], past)
    assert only_pack(plan).left_out == ()
    plan = plan_of(
        [insight(1, records=9), insight(2, records=1), insight(3, records=1)],
        past,
        limit=1,
        weights=Weights(news=0),
    )
    assert [one.insight.id for one in only_pack(plan).left_out] == ["IN-002"]


def test_what_was_settled_is_told_once() -> None:
    done = insight(3, status=PmStatus.DONE)
    past = [delivery([insight(1), insight(3)]), delivery([insight(1), done], created="2026-11-02")]
    assert only_pack(plan_of([insight(1), done], past)).settled == ()


def test_a_first_pack_has_no_news_and_another_pm_gets_everything_as_new() -> None:
    assert only_pack(plan_of([insight(1), insight(2)])).chosen[0].marks == ()
    past = [delivery([insight(1)]), delivery([insight(9)], "Tom Okafor")]
    plan = plan_of([insight(1, owner="Tom Okafor")], past)
    assert only_pack(plan).chosen[0].marks == (Mark.NEW,)


def test_an_old_log_without_what_was_sent_does_no_harm() -> None:
    old = replace(delivery([]), values={"IN-001": {"title": "x"}, "IN-002": {SNAPSHOT: "[]"}})
    export = replace(delivery([insight(3)]), kind="export")
    plan = plan_of([insight(1), insight(2), insight(3)], [old, export])
    marks = {one.insight.id: one.marks for one in only_pack(plan).chosen}
    assert marks["IN-001"] == marks["IN-003"] == (Mark.NEW,)


def test_resolved_is_what_the_pm_or_the_linked_item_says() -> None:
    assert resolved(insight(status=PmStatus.DONE))
    assert resolved(insight(links=(Link("jira", "A-1", status="RESOLVED"),)))
    assert not resolved(insight(links=(Link("jira", "A-1", status="In progress"),)))
    assert not resolved(insight(status=PmStatus.DECLINED))


def parts(insights: Sequence[Insight], news: str = "") -> list[Mapping[str, Part]]:
    score = scorer(insights, Weights())
    return [{part.key: part for part in score(one, news)} for one in insights]


def test_parts_of_the_score_by_hand() -> None:
    large = insight(
        1,
        records=200,
        accounts=80,
        revenue=1_000_000.0,
        revenue_known=70,
        severity=Suggested("high"),
        urgency=Suggested("now"),
        confidence=Suggested("high"),
        direction=Direction.RISING,
        impacts={"nps": Impact(-4.0, -6.0, -2.0, 90)},
    )
    small = insight(
        2,
        records=50,
        accounts=40,
        severity=Suggested("medium"),
        urgency=Suggested("next quarter"),
        confidence=Suggested("low"),
        direction=Direction.STEADY,
        impacts={"nps": Impact(-1.0, -2.0, -0.2, 30)},
    )
    most, less = parts([large, small])
    assert {key: part.share for key, part in most.items()} == dict.fromkeys(most, 1.0) | {"news": 0}
    assert {key: part.share for key, part in less.items()} == pytest.approx(
        {
            "reach": (50 / 200 + 40 / 80) / 2,
            "revenue": 0,
            "severity": 0.5,
            "urgency": 0.5,
            "trend": 0.4,
            "confidence": 0,
            "score": 0.25,
            "news": 0,
        }
    )
    assert total(list(most.values())) == pytest.approx(90)
    assert most["revenue"].why == "1,000,000, known of 70 of 80\u00a0accounts"
    assert most["score"].why == "NPS impact −4.0"
    assert parts([large, small], "new")[1]["news"].points == 10


def test_an_impact_that_may_be_nothing_gives_nothing() -> None:
    (unsure,) = parts([insight(impacts={"nps": Impact(-9.0, -20.0, 1.0, 12)})])
    assert (unsure["score"].share, unsure["score"].why) == (0, "no clear impact")
    (none,) = parts([insight(impacts={})])
    assert (none["score"].share, none["score"].why) == (0, "too few answers")


def test_a_snapshot_keeps_drafted_words_out() -> None:
    kept = json.loads(snapshot(insight()))
    assert kept["statement"] == kept["next step"] == ""
    assert kept["records"] == usual().records
