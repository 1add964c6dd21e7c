"""Edits of insights: one undo step each, with the numbers that they rest on, and a way back."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from tests.services.fernwick import copy_fernwick

from themeloom.domain.errors import UsageError
from themeloom.domain.insights import Field, Link
from themeloom.services import insight_editing
from themeloom.services.insight_copies import as_issue, as_markdown, as_rich_text, sheet_row
from themeloom.services.insight_fields import day_words, links_json, normal, parse_day
from themeloom.services.insight_list import InsightList, insight_list
from themeloom.services.session import Session

pytestmark = pytest.mark.usefixtures("drafted_once")


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    opened = Session.open(copy_fernwick(tmp_path / "fernwick.loom", few=True))
    yield opened
    opened.close()


@pytest.fixture
def found(session: Session) -> InsightList:
    return insight_list(session)


def stored(session: Session) -> dict[tuple[str, str], str]:
    return {(row[0], row[1]): row[2] for row in session.project.insight_fields().iter_rows()}


def test_words_are_kept_with_the_numbers_they_rest_on(session: Session, found: InsightList) -> None:
    first = found.items[0]
    session.change(lambda s: insight_editing.set_fields(s, [first], {Field.TITLE: "  My\n claim "}))
    theme_id = first.insight.theme_id
    fields = stored(session)
    assert fields[theme_id, Field.TITLE] == "My claim"
    basis = json.loads(fields[theme_id, Field.BASIS])
    assert basis["records"] == first.insight.records
    assert session.undo_name == f"change of title of “{first.insight.theme}”"
    again = insight_list(session, found)
    assert again.items[0].insight.stale == ""
    # Back to the draft: nothing of it is left.
    session.change(lambda s: insight_editing.set_fields(s, [again.items[0]], {Field.TITLE: None}))
    assert stored(session) == {}


def test_what_the_data_say_anyway_is_not_stored(session: Session, found: InsightList) -> None:
    first = found.items[0]
    same = {
        Field.TITLE: first.insight.title,
        Field.SEVERITY: first.insight.severity.value,
        Field.OWNER: first.insight.owner,
        Field.DECISION: "   ",
    }
    assert session.change(lambda s: insight_editing.set_fields(s, [first], same)) is None
    assert stored(session) == {}


def test_several_insights_are_one_step(session: Session, found: InsightList) -> None:
    some = found.items[:5]
    session.change(lambda s: insight_editing.set_fields(s, some, {Field.STAGE: "ready"}))
    assert len(stored(session)) == 5
    assert session.undo_name == "change of stage of 5 insights"
    session.change(lambda s: s.project.undo())
    assert stored(session) == {}


def test_old_words_are_stale_until_somebody_checks_them(
    session: Session, found: InsightList
) -> None:
    first = found.items[0]
    theme_id = first.insight.theme_id
    basis = {**json.loads(first.basis), "records": first.insight.records // 2}
    session.change(
        lambda s: s.project.edit_insights(
            {theme_id: {Field.TITLE: "Old words", Field.BASIS: json.dumps(basis)}}
        )
    )
    old = insight_list(session, found)
    assert (
        f"from {basis['records']} to {first.insight.records} records" in old.items[0].insight.stale
    )
    session.change(lambda s: insight_editing.mark_checked(s, [old.items[0]]))
    assert session.undo_name == "check of “Old words”"
    fresh = insight_list(session, old)
    assert fresh.items[0].insight.stale == ""
    assert fresh.items[0].insight.title == "Old words"


def test_what_is_suggested_is_offered_only_where_a_person_set_something_else(
    session: Session, found: InsightList
) -> None:
    first = found.items[0]
    other = "low" if first.insight.severity.value != "low" else "high"
    session.change(
        lambda s: insight_editing.set_fields(
            s, [first], {Field.SEVERITY: other, Field.NEXT_STEP: "", Field.NOTE: "Mine"}
        )
    )
    now = insight_list(session, found).items[0]
    assert now.suggestion(Field.SEVERITY) == first.insight.severity.value
    assert now.suggestion(Field.NEXT_STEP) == first.insight.next_step
    assert now.insight.next_step == ""  # a person wants none
    assert now.suggestion(Field.NOTE) is None
    assert now.suggestion(Field.TITLE) is None
    assert now.insight.severity.by_hand


def test_the_counter_example_can_be_taken_away_and_comes_back(
    session: Session, found: InsightList
) -> None:
    one = next(item for item in found.items if item.counter is not None)
    at = found.items.index(one)
    assert one.counter is not None
    session.change(lambda s: insight_editing.choose_counter(s, one, ""))
    without = insight_list(session, found).items[at]
    assert without.counter is None
    assert without.drafted_counter == one.counter
    back = one.counter.excerpt_id
    session.change(lambda s: insight_editing.choose_counter(s, without, back))
    assert insight_list(session, found).items[at].counter == one.counter
    assert stored(session) == {}


def test_links_are_kept_as_they_are(session: Session, found: InsightList) -> None:
    first = found.items[0]
    links = (Link("jira", "ABC-1", "https://jira.example/ABC-1", "A title", "In progress"),)
    session.change(
        lambda s: insight_editing.set_fields(s, [first], {Field.LINKS: links_json(links)})
    )
    now = insight_list(session, found).items[0]
    assert now.insight.links == links
    session.change(lambda s: insight_editing.set_fields(s, [now], {Field.LINKS: links_json(())}))
    assert insight_list(session, found).items[0].insight.links == ()


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-10-16", date(2026, 10, 16)),
        ("16 Oct 2026", date(2026, 10, 16)),
        ("16. October 2026", date(2026, 10, 16)),
        ("16.10.2026", date(2026, 10, 16)),
        ("Oct 16, 2026", date(2026, 10, 16)),
        ("16 oct", date(2026, 10, 16)),
        ("3 feb", date(2027, 2, 3)),  # the next one
        ("  ", None),
    ],
)
def test_days_are_taken_as_people_write_them(typed: str, day: date | None) -> None:
    assert parse_day(typed, date(2026, 10, 1)) == day
    assert parse_day(day_words(day), date(2026, 10, 1)) == day


@pytest.mark.parametrize("typed", ["soon", "31 Feb 2026", "16/10/2026", "2026-13-01", "16 foo"])
def test_what_is_no_day_is_refused_with_what_to_write(typed: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse_day(typed, date(2026, 10, 1))
    assert "16 Oct 2026" in str(refused.value.complaint)


def test_texts_are_stored_without_what_nobody_meant() -> None:
    assert normal(Field.STATEMENT, " two\nlines ", "x") == "two\nlines"
    assert normal(Field.TITLE, "  ", "x") is None
    assert normal(Field.NEXT_STEP, "  ", "x") == ""
    assert normal(Field.NOTE, "", "") is None


def test_copies_do_not_run_what_customers_wrote(session: Session, found: InsightList) -> None:
    first = found.items[0]
    nasty = "<img src=x onerror=a> [a](javascript:b) **c** `d`\n# e"
    session.change(lambda s: insight_editing.set_fields(s, [first], {Field.STATEMENT: nasty}))
    now = insight_list(session, found)
    markdown = as_markdown(now.items[0], now)
    assert "<img" not in markdown.replace(r"\<img", "")
    assert "\n# e" not in markdown
    assert "Personal data is masked." in markdown
    html = as_rich_text(now.items[0], now)
    assert "<img" not in html
    assert "&lt;img src=x onerror=a&gt;" in html


def test_row_and_issue_say_what_the_files_say(session: Session, found: InsightList) -> None:
    first = found.items[0]
    row = dict(sheet_row(first))
    assert row["Insight ✎"] == first.insight.title
    assert row["Owner ✎"] == first.insight.owner
    assert row["Severity ✎"].endswith(first.insight.severity.value.capitalize())
    issue = as_issue(first, found)
    named = dict(issue)
    assert named["Summary"] == first.insight.title
    assert named["External ID"] == first.insight.id
    assert first.insight.next_step.split(":")[0] in named["Description"]
    assert "What people said" in named["Description"]
    # One that is in Jira already gets a comment.
    link = Link("jira", "ABC-7")
    session.change(
        lambda s: insight_editing.set_fields(s, [first], {Field.LINKS: links_json([link])})
    )
    now = insight_list(session, found)
    assert dict(as_issue(now.items[0], now))["Issue key"] == "ABC-7"
