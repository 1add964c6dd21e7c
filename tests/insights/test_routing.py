"""A theme goes to the desk that names it, and to none where two fit equally well."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from tests.insights.story import frame, story

from themeloom.domain.frames import INSIGHT_FIELDS, ROSTER, THEMES, empty
from themeloom.domain.insights import Field
from themeloom.insights.routing import Routed, route

NOBODY_SET = empty(INSIGHT_FIELDS)
PEOPLE = {"Billing": "Tom", "Sync": "Ines", "Mobile": "Jonas"}


def roster(**covers: str) -> pl.DataFrame:
    return frame(
        [
            {
                "area": area,
                "pm": PEOPLE[area],
                "email": f"{PEOPLE[area].lower()}@example.com",
                "covers": entries,
            }
            for area, entries in covers.items()
        ],
        ROSTER,
    )


def themes(title: str, *phrases: str, group: str = "Money") -> pl.DataFrame:
    return frame(
        [
            {"theme_id": "G-01", "level": "group", "title": group},
            {
                "theme_id": "T-001",
                "parent_id": "G-01",
                "level": "theme",
                "title": title,
                "key_phrases": list(phrases),
            },
            {"theme_id": "T-002", "parent_id": "T-001", "level": "sub-theme", "title": "Below"},
        ],
        THEMES,
    )


def one(what: pl.DataFrame, desks: pl.DataFrame, fields: dict[Field, str] | None = None) -> Routed:
    set_by_hand = frame(
        [
            {"theme_id": "T-001", "field": field, "value": value}
            for field, value in (fields or {}).items()
        ],
        INSIGHT_FIELDS,
    )
    found = route(what, desks, set_by_hand)
    assert list(found) == ["T-001"]
    return found["T-001"]


def test_a_title_goes_before_the_group_and_that_before_words() -> None:
    desks = roster(Billing="refund is late", Sync="MONEY", Mobile="refund; late")
    assert one(themes("Refund  is late"), desks).pm == "Tom"
    assert one(themes("Refund never came"), desks).pm == "Ines"
    assert one(themes("Refund never came", group="Other"), desks).pm == "Jonas"
    assert one(themes("x"), roster(Billing="T-001", Sync="Money")).pm == "Tom"


def test_the_name_of_an_area_is_an_entry_only_as_a_title() -> None:
    assert one(themes("x", group="billing"), roster(Billing="")).area == "Billing"
    assert one(themes("Billing is slow", group="y"), roster(Billing="")).area == ""


def test_words_are_whole_words() -> None:
    assert one(themes("Refunds are late"), roster(Billing="word: refund")).pm == "Tom"
    assert one(themes("It is late", "refund"), roster(Billing="words: payout, refund")).pm == "Tom"
    assert one(themes("Refundable deposits"), roster(Billing="word: refund")).pm == ""


def test_of_other_words_more_than_half_have_to_be_there() -> None:
    desks = roster(Billing="parts and van stock")
    assert one(themes("Van stock is wrong"), desks).pm == "Tom"
    assert one(themes("The van is late"), desks).pm == ""
    explained = roster(Sync="calendar sync with Google and Outlook")
    assert one(themes("Calendar sync drops events"), explained).pm == "Ines"
    assert one(themes("Google login fails"), explained).pm == ""
    assert one(themes("Problems everywhere"), roster(Sync="problems with refunds")).pm == ""


def test_the_entry_with_more_words_found_goes_first() -> None:
    desks = roster(Billing="word: sync", Sync="calendar sync")
    assert one(themes("Calendar sync drops events"), desks).pm == "Ines"


def test_equal_fits_are_a_conflict_that_says_so() -> None:
    found = one(themes("Refund is late"), roster(Billing="refund", Mobile="late"))
    assert (found.area, found.pm, found.email) == ("", "", "")
    assert found.why == "It fits Billing and Mobile equally well."


def test_two_pms_of_one_area_are_a_conflict_about_the_pm_only() -> None:
    desks = pl.concat(
        [roster(Billing="refund"), roster(Billing="late").with_columns(pm=pl.lit("Ada"))]
    )
    found = one(themes("Refund is late"), desks)
    assert (found.area, found.pm) == ("Billing", "")
    assert found.why == "It fits several PMs of Billing: Ada and Tom."
    assert one(themes("Refund is gone"), desks).pm == "Tom"
    by_hand = one(themes("Other"), desks, {Field.AREA: "Billing"})
    assert (by_hand.area, by_hand.pm) == ("Billing", "")
    assert one(themes("Refund is gone"), desks, {Field.AREA: "Billing"}).pm == "Tom"


def test_what_a_person_set_goes_before_all_rules() -> None:
    desks = roster(Billing="refund", Sync="calendar")
    found = one(themes("Refund is late"), desks, {Field.AREA: "sync"})
    assert (found.area, found.pm, found.email) == ("Sync", "Ines", "ines@example.com")
    found = one(themes("Refund is late"), desks, {Field.OWNER: "ines"})
    assert (found.area, found.pm, found.email) == ("Billing", "Ines", "ines@example.com")
    found = one(themes("Other"), desks, {Field.OWNER: "Ines"})
    assert (found.area, found.pm) == ("Sync", "Ines")
    found = one(themes("Refund is late"), desks, {Field.OWNER: "Somebody new"})
    assert (found.area, found.pm, found.email) == ("Billing", "Somebody new", "")
    found = one(themes("Refund is late"), desks, {Field.AREA: "No such area"})
    assert (found.area, found.pm) == ("No such area", "")
    assert "no such area" in found.why


def test_what_nothing_covers_and_an_empty_roster() -> None:
    assert one(themes("x"), roster(Billing="refund")).why == "Nothing in the roster covers it."
    assert one(themes("x"), empty(ROSTER)).why == "There is no roster yet."


def test_the_sample_finds_its_desks() -> None:
    data = story(raw=True)
    found = route(data.themes, data.roster, NOBODY_SET)
    titles = dict(data.themes.select("theme_id", "title").iter_rows())
    areas = {titles[theme_id]: routed.area for theme_id, routed in found.items()}
    assert areas["Calendar sync drops, doubles or shifts appointments"] == "Integrations"
    assert areas["Cannot log in; single sign-on loops"] == "Platform and access"
    assert areas["Price jumps at renewal"] == ""
    assert sum(1 for area in areas.values() if area) >= 14
    assert all(titles[theme_id] not in routed.why for theme_id, routed in found.items())


@given(st.lists(st.text(max_size=12), max_size=5), st.text(max_size=20))
def test_any_words_route_to_a_desk_of_the_roster_or_to_none(entries: list[str], title: str) -> None:
    desks = roster(Billing=";".join(entries), Sync="calendar")
    found = one(themes(title), desks)
    assert (found.area, found.pm) in {("Billing", "Tom"), ("Sync", "Ines"), ("", "")}
    assert found.why
