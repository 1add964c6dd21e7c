import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.insights.story import frame, story, tiny

from themeloom.base.folding import fold
from themeloom.domain.errors import ExportError
from themeloom.domain.frames import INSIGHT_FIELDS, ROSTER, UNSORTED
from themeloom.domain.insights import (
    DECIDED,
    Delivery,
    Direction,
    Field,
    Grade,
    InsightType,
    Link,
    PmStatus,
    Urgency,
)
from themeloom.exporters.pages.insight import Around, insight_page
from themeloom.insights.book import Drafts, compose, draft
from themeloom.insights.edits import basis_of
from themeloom.insights.ledger import quote_hash
from themeloom.insights.model import Book, BookData, Change, Insight, SegmentNote
from themeloom.insights.sending import SNAPSHOT, snapshot
from themeloom.insights.statements import TITLE_LENGTH, claim, headline, is_claim


@pytest.fixture(scope="module")
def raw() -> Drafts:
    return draft(story(raw=True))


@pytest.fixture(scope="module")
def book() -> Book:
    return compose(story(raw=True))


def edited(data: BookData, values: Mapping[str, Mapping[Field, str]]) -> BookData:
    rows = [
        {"theme_id": theme_id, "field": str(field), "value": value}
        for theme_id, fields in values.items()
        for field, value in fields.items()
    ]
    return replace(data, fields=frame(rows, INSIGHT_FIELDS))


def themed(texts: list[str], title: str = "Export", **record: Any) -> BookData:
    """Return one theme with a ticket per text, each from another person."""
    records = [
        {"record_id": f"r{n:03d}", "text": text, "person_key": f"p{n}", **record}
        for n, text in enumerate(texts)
    ]
    placed = {str(one["record_id"]): ["T-007"] for one in records}
    return tiny(records, placed, [{"theme_id": "T-007", "title": title}])


def only(data: BookData) -> Insight:
    (one,) = draft(data).insights
    return one


# What is suggested, and why


def test_every_word_that_is_shown_really_occurs(raw: Drafts) -> None:
    """Quoted words of each reason stand in so many records of the theme as the reason says."""
    data = raw.data
    texts = data.excerpts.select("excerpt_id", "text")
    looked = 0
    for one in raw.insights:
        own = raw.membership.filter(theme_id=one.theme_id).join(texts, on="excerpt_id")
        folded = [
            (record, fold(text)) for record, text in own.select("record_id", "text").iter_rows()
        ]
        for why in (one.type.why, one.severity.why, one.urgency.why, one.statement):
            for words, n, of in re.findall(
                r"((?:“[^”]+”(?:, | and )?)+) in ([\d,]+) of ([\d,]+) records", why
            ):
                assert int(of) == one.records
                shown = re.findall(r"“([^”]+)”", words)
                for word in shown:
                    assert any(word in text for _, text in folded), (one.title, word)
                speaking = {r for r, text in folded if any(word in text for word in shown)}
                assert int(n) >= 1
                assert len(speaking) >= 1
                looked += 1
    assert looked > 40


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        (["The export fails."] * 4, InsightType.PROBLEM),
        (["We would like an option to export."] * 4, InsightType.REQUEST),
        (["I love the export, great work."] * 4, InsightType.PRAISE),
        (["How do I export my list?"] * 4, InsightType.QUESTION),
        (["Export."] * 4, InsightType.PROBLEM),
    ],
)
def test_type_follows_what_most_records_say(texts: list[str], kind: InsightType) -> None:
    assert only(themed(texts)).type.value == kind


def test_a_title_that_names_trouble_makes_a_problem() -> None:
    one = only(themed(["I love it."] * 4, "Export fails"))
    assert one.type.value == InsightType.PROBLEM
    assert one.type.why == "Its title says “fails”."


def test_a_title_of_praise_is_praise_unless_more_tell_of_trouble() -> None:
    mixed = ["Excellent seats."] * 5 + ["The seats are wrong."] * 5
    one = only(themed(mixed, "Excellent lounge"))
    assert one.type.value == InsightType.PRAISE
    assert one.type.why == "Its title says “excellent”. “excellent” in 5 of 10 records."
    assert one.statement.startswith("Customers speak well of “Excellent lounge”: ")
    assert only(themed(mixed, "Lounge")).type.value == InsightType.PROBLEM
    worse = [*mixed, "The seats are broken."]
    assert only(themed(worse, "Excellent lounge")).type.value == InsightType.PROBLEM


@pytest.mark.parametrize(
    ("bad", "good", "grade"),
    [
        (3, 17, Grade.HIGH),  # 15 %
        (2, 18, Grade.MEDIUM),  # 10 %, and two are too few for high
        (1, 19, Grade.LOW),
        (0, 20, Grade.LOW),
    ],
)
def test_severity_by_the_share_that_lost_something(bad: int, good: int, grade: Grade) -> None:
    one = only(themed(["My photos were lost."] * bad + ["The list is odd."] * good))
    assert one.severity.value == grade
    if bad:
        assert f"“lost” in {bad} of 20 records" in one.severity.why
    assert not one.severity.by_hand


def test_negated_words_do_not_make_it_severe() -> None:
    one = only(themed(["It never crashes, without any error, not slow."] * 20))
    assert one.severity.value == Grade.LOW
    assert one.severity.why == "No words of loss, standstill, detours or annoyance."


def test_detours_and_detractors_make_it_medium() -> None:
    assert only(themed(["I do it by hand."] * 5)).severity.value == Grade.MEDIUM
    unhappy = themed(["The price."] * 10, kind="nps", score=3.0, score_kind="nps")
    assert only(unhappy).severity.value == Grade.MEDIUM
    assert only(unhappy).severity.why == "10 of the 10 who scored are detractors (0 to 6)."
    few = themed(["The price."] * 9, kind="nps", score=3.0, score_kind="nps")
    assert only(few).severity.value == Grade.LOW


@pytest.mark.parametrize(
    ("kind", "grade", "why"),
    [
        (
            "rating",
            Grade.MEDIUM,
            "It goes with a lower average rating: impact −0.99, at most −0.80.",
        ),
        ("ces", Grade.LOW, "No words of loss, standstill, detours or annoyance."),
    ],
)
def test_what_goes_with_lower_scores_is_of_medium_severity(
    kind: str, grade: Grade, why: str
) -> None:
    """Not by effort: whether more of it is better, is another matter in each survey."""
    records = [
        {
            "record_id": f"r{n:03d}",
            "text": "The lounge.",
            "person_key": f"p{n}",
            "score": (2.0 if n % 2 else 4.0) + n % 3 / 2,
            "score_kind": kind,
        }
        for n in range(80)
    ]
    placed = {str(one["record_id"]): ["T-007"] for n, one in enumerate(records) if n % 2}
    one = only(tiny(records, placed, [{"theme_id": "T-007", "title": "Lounge"}]))
    assert one.severity.value == grade
    assert one.severity.why == why


def test_urgency_by_words_of_leaving() -> None:
    now = only(themed(["We are looking elsewhere."] * 3 + ["It is odd."] * 17))
    assert now.urgency.value == Urgency.NOW
    assert now.urgency.why == "“looking elsewhere” in 3 of 20 records."
    assert "Some speak of leaving: “looking elsewhere” in 3 of 20 records." in now.statement
    later = only(themed(["It is odd."] * 20))
    assert later.urgency.value == Urgency.LATER
    assert "leaving" not in later.statement


def test_confidence_says_from_how_many() -> None:
    few = only(themed(["It is odd."] * 4))
    assert few.confidence.value == Grade.LOW
    assert few.confidence.why.replace("\u00a0", " ") == "Only 4 records from 4 people."
    assert few.next_step.startswith("Ask some more customers")
    many = only(themed(["It is odd."] * 30))
    assert many.confidence.value == Grade.MEDIUM
    assert "all of them tickets" not in many.confidence.why  # there is no other kind
    one_voice = themed(["It is odd."] * 30, person_key="same")
    assert only(one_voice).confidence.value == Grade.LOW


def test_nobody_is_counted_where_nobody_is_known() -> None:
    one = only(themed(["It is odd."] * 12, person_key=None))
    why = one.confidence.why.replace("\u00a0", " ")
    assert why == "12 records; who said it is not known."
    assert one.coverage_note.endswith(" Who said it is not known.")
    figures = [figure.name for figure in insight_page(one, (), Around()).figures]
    assert figures == ["Records", "Of the tickets"]


def test_records_of_no_kind_are_just_records() -> None:
    one = only(themed(["It is odd."] * 40, kind="other"))
    assert "in 40 records (100 % of the records)." in one.statement.replace("\u00a0", " ")
    figures = insight_page(one, (), Around()).figures
    assert figures[-1].name == "Of the records"


def test_a_group_named_like_its_only_theme_is_not_said_twice() -> None:
    one = only(themed(["It is odd."] * 4, "Lounge"))
    page = insight_page(replace(one, group="Lounge"), (), Around())
    assert page.kicker == "Insight IN-007"
    assert insight_page(replace(one, group="Airport"), (), Around()).kicker.startswith("Airport")


def test_what_follows_from_the_routing_of_tickets_is_no_trait_of_customers() -> None:
    one = only(themed(["It is odd."] * 4))
    note = SegmentNote("Group", "Tier 1", 3, 4, 0.75, 0.5, more=True, of_customer=False)
    notes = (note, replace(note, segment="Plan", of_customer=True))
    (who,) = insight_page(replace(one, segments=notes), (), Around()).who
    assert who.startswith("More than others: Plan Tier 1")


def test_all_kinds_and_checked_records_make_it_sure(raw: Drafts) -> None:
    sure = next(one for one in raw.insights if "all 4 kinds" in one.confidence.why)
    assert sure.confidence.value == Grade.HIGH
    data = themed(["It is odd."] * 12)
    reviewed = replace(data, assignments=data.assignments.with_columns(reviewed=pl.lit(True)))
    assert "12 checked by hand" in only(reviewed).confidence.why
    grades = [Grade.LOW, Grade.MEDIUM, Grade.HIGH]
    assert grades.index(Grade(only(reviewed).confidence.value)) >= grades.index(
        Grade(only(data).confidence.value)
    )


def test_coverage_note_tells_what_is_left_out() -> None:
    data = themed(["It is odd."] * 6)
    data = replace(
        data,
        records=data.records.with_columns(
            pl.when(pl.col("record_id") == "r000").then(None).otherwise("person_key").alias("person_key")
        ),
        unsorted=frame(
            [{"excerpt_id": "x", "reason": "too far", "nearest_theme_id": "T-007"}], UNSORTED
        ),
    )  # fmt: skip
    note = only(data).coverage_note.replace("\u00a0", " ")
    assert "1 unsorted excerpt comes nearest to this one and is not counted." in note
    assert "Who said it is not known for 1 of 6 records." in note


# Headline and claim


def test_headline_fits_and_ends_at_a_word() -> None:
    assert headline("  Export\n fails ") == "Export fails"
    long = headline("Exporting wide reports to PDF cuts off the last column of each page, " * 2)
    assert len(long) <= TITLE_LENGTH
    assert long.endswith("…")
    assert len(headline("x" * 200)) == TITLE_LENGTH


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Export to PDF fails", True),
        ("Roles are too coarse", True),
        ("Cannot log in", True),
        ("Price jumps at renewal", True),
        ("Calendar sync", False),
        ("Fails", False),  # a word alone says nothing of anything
        ("Reports and changes", False),
        ("", False),
    ],
)
def test_a_claim_has_a_verb(title: str, expected: bool) -> None:
    assert is_claim(title) == expected


def test_a_noun_becomes_a_sentence_by_its_type(raw: Drafts) -> None:
    said = only(themed(["The export is lost."] * 5, "Calendar sync"))
    around = "Customers tell of trouble around “Calendar sync”"
    assert said.statement.startswith(f"{around}. Some lose work or cannot go on: “lost”")
    wrong = only(themed(["Something is wrong."] * 5 + ["It is odd."], "Calendar sync"))
    assert wrong.statement.startswith(f"{around}: “wrong” in 5 of 6 records. ")
    assert said.title == "Calendar sync"
    asked = only(themed(["We would like an option."] * 5, "Dark mode"))
    around = "Customers have wishes around “Dark mode”: “would like” in 5 of 5 records. "
    assert asked.statement.startswith(around)
    for one in raw.insights:
        assert one.statement[0].isupper()
        assert len(one.title) <= TITLE_LENGTH
        assert one.next_step
        assert one.coverage_note


def test_nothing_is_claimed_of_a_noun_that_few_or_no_words_tell() -> None:
    for texts in (["It is odd."] * 20, ["It is wrong."] + ["It is odd."] * 19):
        one = only(themed(texts, "Renewal price"))
        assert one.type.value == InsightType.PROBLEM
        assert one.statement.startswith("Customers speak of “Renewal price”. 20")


@pytest.mark.parametrize(
    ("field", "told"),
    [("Plan", True), ("Group", False), ("Issue Type", False), ("Status Category", False)],
)
def test_who_stands_out_is_in_the_claim(field: str, told: bool) -> None:
    """But not how a record was handled: that follows from what it says."""
    records = [
        {
            "record_id": f"r{n:03d}",
            "text": "Export fails." if n % 50 < 25 else "Other things.",
            "person_key": f"p{n}",
            "segments_json": json.dumps({field: "Team" if n % 50 < 30 else "Pro"}),
        }
        for n in range(400)
    ]
    placed = {str(r["record_id"]): ["T-007"] for n, r in enumerate(records) if n % 50 < 25}
    one = only(tiny(records, placed, [{"theme_id": "T-007", "title": "Export fails"}]))
    assert one.segments[0].value == "Team"
    assert one.segments[0].more
    words = f"most of all where {field} is Team (83\u00a0% of their records, 50\u00a0% of all)."
    assert (words in one.statement) == told
    assert ("most of all" in one.statement) == told


def test_claim_needs_enough_who_say_it() -> None:
    assert claim("Export fails.", "problem", (), raw_heard(1)) == "Export fails."
    assert "Some lose work" in claim("Export fails", "problem", (), raw_heard(2))
    assert "Some lose work" not in claim("Export fails", "praise", (), raw_heard(2))


def raw_heard(n: int):
    from themeloom.insights.signals import Heard, Signal

    return Heard(10, {Signal.SEVERE: n}, {Signal.SEVERE: ("lost",)})


# Quotes


def test_quotes_are_byte_exact_spans_with_their_hash(raw: Drafts) -> None:
    texts = dict(raw.data.records.select("record_id", "text").iter_rows())
    assert len(raw.evidence) > 80
    for quote in raw.evidence:
        cut = texts[quote.record_id][quote.start : quote.end]
        assert quote.quote == cut
        assert quote.hash == quote_hash(cut)


def test_a_masked_quote_keeps_its_span_and_has_the_hash_of_what_is_shown() -> None:
    text = "Write to a.viebrock@example.com, the export fails."
    data = replace(themed([text]), masker=story().masker)
    (quote,) = draft(data).evidence
    assert quote.quote == "Write to [EMAIL_3f2a], the export fails."
    assert (quote.start, quote.end, quote.hash) == (0, len(text), quote_hash(quote.quote))


def test_quotes_are_of_different_people_and_kinds(raw: Drafts) -> None:
    people = dict(raw.data.records.select("record_id", "person_key").iter_rows())
    kinds = {
        one.id: {kind for kind, share in one.shares.items() if share.records}
        for one in raw.insights
    }
    for one in raw.insights:
        quotes = [q for q in raw.evidence if q.insight_id == one.id and not q.counter]
        assert 3 <= len(quotes) <= 5
        assert tuple(quote.excerpt_id for quote in quotes) == one.quote_ids
        voices = [people[quote.record_id] or quote.record_id for quote in quotes]
        assert len(set(voices)) == len(voices)
        if len(kinds[one.id]) > 1:
            assert len({quote.kind for quote in quotes[:3]}) > 1


def test_chosen_quotes_stay_as_they_were_chosen() -> None:
    data = story(raw=True)
    chosen = data.themes.filter(theme_id="T-001")["quotes"][0].to_list()[:2]
    data = replace(
        data,
        own_quotes=frozenset({"T-001"}),
        themes=data.themes.with_columns(
            pl.when(pl.col("theme_id") == "T-001")
            .then(pl.lit(chosen, pl.List(pl.String)))
            .otherwise("quotes")
            .alias("quotes")
        ),
    )
    one = next(one for one in draft(data).insights if one.theme_id == "T-001")
    assert list(one.quote_ids) == chosen


def test_counter_example_speaks_against_and_is_no_quote(raw: Drafts) -> None:
    found = 0
    for one in raw.insights:
        against = [q for q in raw.evidence if q.insight_id == one.id and q.counter]
        assert len(against) <= 1
        assert [quote.excerpt_id for quote in against] == (
            [one.counter_id] if one.counter_id else []
        )
        assert one.counter_id not in one.quote_ids
        for quote in against:
            found += 1
            assert one.counter == quote.short
            assert raw.evidence.index(quote) > 0
            if quote.kind == "NPS answer" and one.type.value != InsightType.PRAISE:
                assert quote.score is not None
                assert quote.score >= 9
    assert found >= 4


def test_a_counter_example_is_only_where_there_is_one() -> None:
    bad = ["The export fails."] * 5
    assert only(themed(bad)).counter == ""
    assert only(themed([*bad, "Great work, thank you for everything."])).counter == ""
    assert only(themed([*bad, "The export is great but too late for us."])).counter == ""
    against = only(themed([*bad, "The export works well for all of us."]))
    assert "r005.0" not in against.quote_ids
    assert against.counter.startswith("“The export works well for all of us.”")


def test_a_person_chooses_the_counter_example_or_none() -> None:
    data = themed([*["The export fails."] * 5, "The export works well for all of us."])
    none = only(edited(data, {"T-007": {Field.COUNTER: ""}}))
    assert none.counter == none.counter_id == ""
    other = only(edited(data, {"T-007": {Field.COUNTER: "r004.0"}}))
    assert other.counter_id == "r004.0"
    gone = only(edited(data, {"T-007": {Field.COUNTER: "gone.0"}}))
    assert gone.counter_id == "r005.0"


# What people set

SET = {
    Field.TITLE: "Our title",
    Field.STATEMENT: "Our words.",
    Field.TYPE: "request",
    Field.SEVERITY: "low",
    Field.URGENCY: "later",
    Field.CONFIDENCE: "high",
    Field.NEXT_STEP: "Wait.",
    Field.NOTE: "For you.",
    Field.AREA: "Reporting",
    Field.OWNER: "Mei Sato",
    Field.STATUS: "in work",
    Field.DECISION: "We do it.",
    Field.NOTES: "Mine.",
    Field.DUE: "2026-10-16",
    Field.LINKS: json.dumps([{"tool": "jira", "key": "ABC-1", "status": "Done"}, {"key": "x"}, 3]),
}


def values_of(one: Insight) -> dict[Field, object]:
    return {
        Field.TITLE: one.title,
        Field.STATEMENT: one.statement,
        Field.TYPE: one.type.value,
        Field.SEVERITY: one.severity.value,
        Field.URGENCY: one.urgency.value,
        Field.CONFIDENCE: one.confidence.value,
        Field.NEXT_STEP: one.next_step,
        Field.NOTE: one.note,
        Field.AREA: one.area,
        Field.OWNER: one.owner,
        Field.STATUS: str(one.status),
        Field.DECISION: one.decision,
        Field.NOTES: one.notes,
        Field.DUE: one.due.isoformat() if one.due else "",
        Field.LINKS: one.links,
    }


def drafted(said: list[int], chosen: Mapping[str, Mapping[Field, str]]) -> dict[str, Insight]:
    """Return theme id → its insight, of as many people as ``said`` tells for each theme."""
    records: list[dict[str, Any]] = []
    placed: dict[str, list[str]] = {}
    for number, count in enumerate(said):
        for person in range(count):
            name = f"r{number}.{person:03d}"
            records.append({"record_id": name, "text": "My list was lost.", "person_key": name})
            placed[name] = [f"T-{number:03d}"]
    themes = [{"theme_id": f"T-{n:03d}", "title": "Export fails"} for n in range(len(said))]
    insights = draft(edited(tiny(records, placed, themes), chosen)).insights
    return {one.theme_id: one for one in insights}


@settings(max_examples=8, deadline=None)
@given(
    st.lists(
        st.tuples(st.sets(st.sampled_from(sorted(SET))), st.integers(1, 30), st.integers(1, 30)),
        min_size=4,
        max_size=8,
    )
)
def test_edited_fields_survive_and_numbers_refresh(
    cases: list[tuple[set[Field], int, int]],
) -> None:
    """Whatever a person set stays when records come in; all else is drafted from them.

    Each case is a theme of its own: the fields that are set, the records before and after.
    """
    chosen = {
        f"T-{n:03d}": {field: SET[field] for field in fields}
        for n, (fields, _, _) in enumerate(cases)
    }
    olds = drafted([before for _, before, _ in cases], chosen)
    news = drafted([after for _, _, after in cases], chosen)
    unset = drafted([after for _, _, after in cases], {})
    links = (Link("jira", "ABC-1", status="Done"),)
    graded = [Field.TYPE, Field.SEVERITY, Field.URGENCY, Field.CONFIDENCE]
    for number, (fields, before, after) in enumerate(cases):
        old, new, fresh = (one[f"T-{number:03d}"] for one in (olds, news, unset))
        derived = {*graded, Field.STATEMENT, Field.NEXT_STEP} if fields & set(graded) else set()
        expected = values_of(fresh)
        for field, value in values_of(new).items():
            if field in derived - fields:
                continue  # drafted from a grade that a person set
            told = links if field == Field.LINKS else SET[field]
            assert value == (told if field in fields else expected[field])
        assert (old.records, new.records) == (before, after)
        assert new.edited == fields
        assert new.people == after
        assert new.severity.by_hand == (Field.SEVERITY in fields)


def test_a_grade_that_a_person_set_rules_what_is_drafted_from_it() -> None:
    data = themed(["My list was lost."] * 30, "Lists")
    assert only(data).next_step.startswith("Reproduce it")
    asked = only(edited(data, {"T-007": {Field.TYPE: "request", Field.URGENCY: "later"}}))
    assert asked.statement.startswith("Customers speak of “Lists”.")
    assert "cannot go on" not in asked.statement
    assert asked.next_step.startswith("Research what people would do")
    assert asked.type.why == only(data).type.why


def test_what_is_no_value_leaves_the_draft() -> None:
    data = themed(["It is odd."] * 5)
    plain = only(data)
    wrong = {
        Field.SEVERITY: "enormous",
        Field.STATUS: "maybe",
        Field.DUE: "tomorrow",
        Field.LINKS: "{broken",
        Field.TITLE: "  ",
    }
    one = only(edited(data, {"T-007": wrong}))
    assert values_of(one) == values_of(plain)
    assert one.edited == frozenset()


def test_words_of_people_are_masked_too() -> None:
    data = edited(story(), {"T-001": {Field.NOTE: "Ask Annegret Viebrock."}})
    one = next(one for one in draft(data).insights if one.theme_id == "T-001")
    assert one.note == "Ask [NAME_0d1e]."


# What is stale


def with_basis(data: BookData, then: Insight, **changes: object) -> BookData:
    basis = {**json.loads(basis_of(then)), **changes}
    return edited(data, {"T-007": {Field.TITLE: "Ours", Field.BASIS: json.dumps(basis)}})


@pytest.mark.parametrize(
    ("now", "stale"),
    [
        (24, ""),  # 20 %, but four records only
        (26, "Since the words were written it grew from 20 to 26 records."),
        (15, "Since the words were written it shrank from 20 to 15 records."),
        (20, ""),
    ],
)
def test_stale_when_records_changed_by_a_fifth_and_five(now: int, stale: str) -> None:
    then = only(themed(["It is odd."] * 20))
    data = themed(["It is odd."] * now)
    data = with_basis(data, replace(then, quote_ids=()))
    assert only(data).stale == stale


def test_stale_when_direction_impact_or_quotes_changed() -> None:
    data = themed(["It is odd."] * 20)
    then = only(data)
    assert only(with_basis(data, then)).stale == ""
    # The direction is unknown here: nothing can have changed.
    assert only(with_basis(data, then, direction="rising")).stale == ""
    moved = replace(data, assignments=data.assignments.filter(excerpt_id="r000.0").clear().vstack(
        data.assignments.filter(pl.col("excerpt_id") != then.quote_ids[0])))  # fmt: skip
    assert only(with_basis(moved, then)).stale == (
        "Since the words were written 1 of its quotes is not there any more."
    )
    assert only(with_basis(data, then, period="2026-07-01..2026-07-31", records=1)).stale == ""
    unwritten = json.loads(basis_of(then)) | {"records": 1}
    quiet = edited(data, {"T-007": {Field.STATUS: "done", Field.BASIS: json.dumps(unwritten)}})
    assert only(quiet).stale == ""


def test_stale_when_a_trend_turned(raw: Drafts) -> None:
    rising = next(one for one in raw.insights if one.trend.direction == Direction.RISING)
    basis = json.loads(basis_of(rising)) | {"direction": "falling"}
    values = {rising.theme_id: {Field.STATEMENT: "Ours", Field.BASIS: json.dumps(basis)}}
    now = draft(edited(story(raw=True), values)).insights
    assert [one.stale for one in now if one.stale] == [
        "Since the words were written it was falling and is rising now."
    ]


# For one reader

DESKS = [
    {"area": "Reporting", "pm": "Mei Sato", "email": "mei@example.com", "covers": "Export fails"},
    {"area": "Billing", "pm": "Tom Okafor", "email": "", "covers": "Invoices are wrong"},
    {"area": "Search", "pm": "Ana Reis", "email": "", "covers": ""},
]


@pytest.fixture
def two() -> BookData:
    records = [{"record_id": f"r{n}", "person_key": f"p{n}"} for n in range(6)]
    records.append({"record_id": "copy", "duplicate_of": "r0"})
    placed = {"r0": ["T-001"], "r1": ["T-001"], "r2": ["T-001", "T-002"], "r3": ["T-002"]}
    themes = [
        {"theme_id": "G-1", "title": "Output", "level": "group"},
        {"theme_id": "T-001", "title": "Export fails", "parent_id": "G-1"},
        {"theme_id": "T-002", "title": "Invoices are wrong"},
    ]
    return tiny(records, placed, themes, roster=frame(DESKS, ROSTER))


@pytest.mark.parametrize("reader", ["Mei Sato", "mei  sato", "Reporting"])
def test_a_pm_or_an_area_gets_its_own(two: BookData, reader: str) -> None:
    book = compose(replace(two, only=reader))
    assert [one.id for one in book.insights] == ["IN-001"]
    assert book.insights[0].email == "mei@example.com"
    assert {quote.insight_id for quote in book.evidence} == {"IN-001"}
    assert {row.theme_id for row in book.themes} == {"G-1", "T-001"}
    assert set(book.records["Record id"]) == {"r0", "r1", "r2", "copy"}
    assert set(book.numbers.reach["theme_id"]) == {"G-1", "T-001"}
    assert book.only == reader
    assert book.insights[0].records == compose(two).insights[0].records == 3


def test_an_owner_set_by_hand_gets_it(two: BookData) -> None:
    data = edited(two, {"T-002": {Field.OWNER: "Mei Sato"}})
    assert {one.id for one in draft(replace(data, only="Mei Sato")).insights} == {
        "IN-001",
        "IN-002",
    }
    chosen = draft(replace(data, only="Mei Sato", chosen=frozenset({"IN-002"})))
    assert [one.id for one in chosen.insights] == ["IN-002"]


def test_an_unknown_reader_is_told_who_there_is(two: BookData) -> None:
    with pytest.raises(ExportError) as unknown:
        draft(replace(two, only="Nobody"))
    assert unknown.value.complaint.message == "“Nobody” is neither a PM nor a product area here."
    assert unknown.value.complaint.hint == (
        "PMs: Mei Sato and Tom Okafor. Product areas: Billing and Reporting."
    )
    with pytest.raises(ExportError, match="No insight goes to “Ana Reis”"):
        draft(replace(two, only="Ana Reis"))


# Codebook, changes, quality, reading


def test_codebook_has_texts_that_belong_and_that_do_not(book: Book) -> None:
    assert [row.theme_id for row in book.codebook] == [row.theme_id for row in book.themes]
    themes = [row for row in book.codebook if row.level == "theme"]
    assert all(row.include and row.group for row in themes)
    quoted = {quote.quote for quote in book.evidence}
    assert all(text in quoted for row in themes for text in row.include)
    against = {quote.quote for quote in book.evidence if quote.counter}
    assert not any(text in against for row in themes for text in row.include)


def test_codebook_shows_what_lies_in_another_theme() -> None:
    records: list[dict[str, Any]] = [
        {"record_id": f"r{n}", "text": "Export of lists fails."} for n in range(4)
    ]
    good = "The export of my lists works well."
    records.append({"record_id": "n", "kind": "nps", "text": good, "score": 10.0, "score_kind": "nps"})  # fmt: skip
    themes = [
        {"theme_id": "T-001", "title": "Export of lists fails"},
        {"theme_id": "T-002", "title": "All is well"},
    ]
    placed = {f"r{n}": ["T-001"] for n in range(4)} | {"n": ["T-002"]}
    first, _ = compose(tiny(records, placed, themes)).codebook
    assert first.exclude == (f"“{good}” (in “All is well”)",)


def test_codebook_shows_the_unsorted_that_come_nearest() -> None:
    data = themed(["It is odd."] * 4)
    placed = data.assignments.filter(pl.col("excerpt_id") != "r003.0")
    left = [
        {"excerpt_id": "r003.0", "reason": "tie", "nearest_theme_id": "T-007", "similarity": 0.5}
    ]
    (row,) = compose(replace(data, assignments=placed, unsorted=frame(left, UNSORTED))).codebook
    assert row.exclude == ("“It is odd.” (just as near to another theme)",)


def delivered(one: Insight, **about: str) -> Delivery:
    return Delivery(
        id="d1",
        created="2026-09-01T08:00:00+00:00",
        kind="export",
        format="xlsx",
        recipient=about.pop("recipient", ""),
        place="a.xlsx",
        values={one.id: {SNAPSHOT: snapshot(one)}},
        about=about,
    )


def test_first_delivery_has_nothing_to_compare() -> None:
    book = compose(themed(["It is odd."] * 4))
    assert book.changes == ()
    assert book.changes_note.startswith("This is the first one")


def test_other_grades_status_and_trend_are_changes() -> None:
    data = themed(["It is odd."] * 10)
    kept = json.loads(snapshot(only(data)))
    kept |= {"severity": "high", "direction": "rising", "status": "accepted"}
    values = {"IN-007": {SNAPSHOT: json.dumps(kept)}}
    last = Delivery("d1", "2026-09-01T10:00:00+00:00", "export", "xlsx", "", "", values=values)
    told = compose(replace(data, deliveries=(last,))).changes
    assert [(row.change, row.words) for row in told] == [
        (Change.REGRADED, "Severity: low, high then."),
        (Change.REGRADED, "Trend: unknown, rising then."),
        (Change.REGRADED, "Status: new, accepted then."),
    ]
    assert (told[0].before, told[0].now) == ("high", "low")
    other = replace(last, about={"period": "2026-Q2"})
    words = [row.words for row in compose(replace(data, deliveries=(other,))).changes]
    assert words == ["Severity: low, high then.", "Status: new, accepted then."]


def test_a_group_of_several_readers_names_what_its_reader_gets() -> None:
    records = [{"record_id": f"r{n}", "text": "Export fails."} for n in range(5)]
    placed = {"r0": ["T-1"], "r1": ["T-1"], "r2": ["T-2"], "r3": ["T-2"], "r4": ["T-1"]}
    group = {"theme_id": "G-1", "title": "Both", "level": "group", "definition": "Themes: A; B."}
    themes = [
        group,
        {"theme_id": "T-1", "title": "A", "parent_id": "G-1"},
        {"theme_id": "T-2", "title": "B", "parent_id": "G-1"},
    ]
    data = edited(tiny(records, placed, themes), {"T-1": {Field.OWNER: "Ines"}})
    for only_, told in (("", ("Themes: A; B.", 5)), ("Ines", ("Themes: A.", 3))):
        shown = compose(replace(data, only=only_)).themes[0]
        assert (shown.definition, shown.records) == told


def test_changes_since_the_last_delivery_of_this_kind_to_this_reader() -> None:
    then = only(themed(["It is odd."] * 10))
    gone = replace(then, id="IN-099", title="Old one")
    values = {then.id: {SNAPSHOT: snapshot(then)}, gone.id: {SNAPSHOT: snapshot(gone)}}
    last = replace(delivered(then), values=values)
    elsewhere = replace(delivered(replace(then, records=999)), recipient="Mei Sato")
    sent = replace(delivered(replace(then, records=999)), kind="send")
    now = edited(
        themed(["It is odd."] * 14),
        {
            "T-007": {
                Field.STATUS: "declined",
                Field.DECISION: "Not now.",
                Field.TITLE: "Odd lists",
            }
        },
    )
    book = compose(replace(now, deliveries=(last, elsewhere, sent)))
    told = {row.change: row for row in book.changes}
    assert set(told) == {Change.GROWN, Change.DECIDED, Change.REWORDED, Change.GONE}
    assert told[Change.GROWN].words.replace("\u00a0", " ") == "Grew from 10 records to 14 records."
    assert (told[Change.DECIDED].before, told[Change.DECIDED].now) == ("new", "declined")
    assert told[Change.DECIDED].words == "Decided: declined. Not now."
    assert (told[Change.REWORDED].before, told[Change.REWORDED].now) == ("Export", "Odd lists")
    assert (told[Change.GONE].insight_id, told[Change.GONE].title) == ("IN-099", "Old one")
    assert book.changes_note == "Since 1\u00a0September 2026, when it was last written."
    assert [row.change for row in book.changes] == sorted(
        (row.change for row in book.changes), key=list(Change).index
    )


def test_what_is_gone_says_where_it_went() -> None:
    then = only(themed(["It is odd."] * 10))
    ids = ("IN-001", "IN-002", "IN-003", "IN-004", "IN-S005")
    values = {one: {SNAPSHOT: snapshot(replace(then, id=one))} for one in (then.id, *ids)}
    last = replace(delivered(then), values=values)
    now = themed(["It is odd."] * 10)
    below = now.themes.with_columns(
        theme_id=pl.lit("S-005"), parent_id=pl.lit("T-007"), level=pl.lit("sub-theme")
    )
    now = replace(
        now,
        deliveries=(last,),
        redirects={"T-001": "T-007", "T-002": None, "T-003": "T-099"},
        themes=pl.concat([now.themes, below]),
    )
    told = {row.insight_id: row.words for row in compose(now).changes if row.change == Change.GONE}
    assert told == {
        "IN-001": f"Its theme is part of {then.id} “{then.title}” now.",
        "IN-002": "Its theme was deleted.",
        "IN-003": "Its theme is part of IN-099, which is not among these now.",
        "IN-004": "No record speaks of it any more.",
        "IN-S005": f"Its theme is part of {then.id} “{then.title}” now.",
    }


def test_numbers_of_another_period_are_not_compared() -> None:
    then = only(themed(["It is odd."] * 10))
    now = themed(["It is odd."] * 30)
    book = compose(replace(now, deliveries=(delivered(then, period="2026-Q2"),)))
    assert book.changes == ()
    assert "another period (2026-Q2): numbers are not compared" in book.changes_note


def test_new_shrunk_and_overdue() -> None:
    then = only(themed(["It is odd."] * 20))
    due = {"T-007": {Field.DUE: "2026-09-30"}}
    book = compose(replace(edited(themed(["It is odd."] * 10), due), deliveries=(delivered(then),)))
    assert [row.change for row in book.changes] == [Change.SHRUNK, Change.OVERDUE]
    other = replace(then, id="IN-001")
    new = compose(replace(themed(["It is odd."] * 10), deliveries=(delivered(other),)))
    assert [row.change for row in new.changes] == [Change.NEW, Change.GONE]
    done = {"T-007": {Field.DUE: "2026-09-30", Field.STATUS: "done"}}
    settled = compose(replace(edited(themed(["It is odd."]), done), deliveries=()))
    assert settled.changes == ()
    assert settled.insights[0].status in DECIDED


def test_quality_adds_up(book: Book) -> None:
    data = story(raw=True)
    rows = {(row.about, row.what): row for row in book.quality}
    assert book.quality[0].about == "Coverage"
    unsorted = data.unsorted.join(
        data.excerpts.join(
            data.records.filter(pl.col("duplicate_of").is_null()), on="record_id", how="semi"
        ),
        on="excerpt_id",
        how="semi",
    ).filter(reason="too far")
    assert rows["Unsorted", "Without a theme: too far"].value == f"{unsorted.height:,}"
    duplicates = data.records["duplicate_of"].drop_nulls().len()
    assert rows["Records", "Duplicates"].value == str(duplicates)
    assert rows["Records", "Skipped rows"].value == "3"
    assert rows["Review", "Checked or placed by a person"].value == "0\u00a0%"
    assert all(row.meaning for row in book.quality)


def test_how_to_read_tells_what_is_left_out(book: Book) -> None:
    told = " ".join(book.reading)
    assert "association, not cause" in told
    assert "kinds are never pooled" in told
    assert "Tokens such as" not in told
    assert "Tokens such as" in " ".join(compose(story()).reading)


def test_records_about_competitors_are_in_no_number_and_marked() -> None:
    records = [
        {"record_id": "a", "source_id": "s"},
        {"record_id": "b", "source_id": "rival"},
    ]
    data = tiny(
        records, {"a": ["T-007"], "b": ["T-007"]}, [{"theme_id": "T-007", "title": "Export fails"}]
    )
    rival = data.sources.with_columns(
        source_id=pl.lit("rival"), about=pl.lit("competitor"), kind=pl.lit("ticket")
    )
    book = compose(replace(data, sources=pl.concat([data.sources, rival])))
    assert book.insights[0].records == 1
    assert book.kinds[0].records == 1
    assert {quote.record_id for quote in book.evidence} == {"a"}
    assert dict(book.records.select("Record id", "About").iter_rows()) == {
        "a": "us",
        "b": "a competitor",
    }
    assert any("1 record about a competitor is" in line for line in book.reading)
    assert "About" not in compose(data).records.columns


def test_a_proposed_theme_is_drafted_and_marked() -> None:
    data = themed(["It is odd."] * 5)
    assert not only(data).proposed
    proposed = data.themes.with_columns(status=pl.lit("proposed"))
    assert only(replace(data, themes=proposed)).proposed
    assert only(replace(data, themes=data.themes.with_columns(status=pl.lit("locked")))).locked


def test_status_and_due_are_read(raw: Drafts) -> None:
    assert {one.status for one in raw.insights} == {PmStatus.NEW}
    data = edited(story(raw=True), {"T-001": {Field.DUE: "2026-10-16"}})
    one = next(one for one in draft(data).insights if one.theme_id == "T-001")
    assert one.due == date(2026, 10, 16)
    assert isinstance(datetime.fromisoformat("2026-10-16"), datetime)
