"""What people type into search, and what is understood of it."""

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from themeloom.domain.asking import MOST_CHARACTERS, parse
from themeloom.domain.finding import (
    All,
    Dated,
    Either,
    InScoreGroup,
    InSegment,
    Is,
    Like,
    Node,
    Not,
    OfKind,
    Property,
    Scored,
    ScoreGroup,
    State,
    Words,
    found_spans,
)
from themeloom.domain.records import Kind


def word(form: str, *, open: bool = False) -> Words:
    return Words((form,), open)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", None),
        (" !? ", None),
        ("sync", word("sync", open=True)),
        ("sync ", word("sync")),
        ("Sync Fails ", All((word("sync"), word("fails")))),
        ("sync* fails ", All((word("sync", open=True), word("fails")))),
        ('"forgets bookings"', Words(("forgets", "bookings"))),
        ('"forgets boo', Words(("forgets", "boo"), True)),
        ("“forgets bookings” ", Words(("forgets", "bookings"))),
        ("„vergisst Termine“ ", Words(("vergisst", "termine"))),
        ("e-mail ", Words(("e", "mail"))),
        ("同期 ", Words(("同", "期"))),
        ("sync -slow ", All((word("sync"), Not(word("slow"))))),
        ("NOT sync ", Not(word("sync"))),
        ('-"too slow"', Not(Words(("too", "slow")))),
        ("sync AND slow ", All((word("sync"), word("slow")))),
        ("a b OR c ", Either((All((word("a"), word("b"))), word("c")))),
        ("a | b ", Either((word("a"), word("b")))),
        ("a (b OR c)", All((word("a"), Either((word("b"), word("c")))))),
        ("a -(b OR c)", All((word("a"), Not(Either((word("b"), word("c"))))))),
        ("(a (b", All((word("a"), word("b", open=True)))),
        ("user(s) ", Words(("user", "s"))),
        ("sync AND", word("sync")),
        ("sync OR ", word("sync")),
        ("sync and slow ", All((word("sync"), word("and"), word("slow")))),
        ("12:30 ", Words(("12", "30"))),
        ("https://a.example ", Words(("https", "a", "example"))),
    ],
)
def test_words_and_signs(text: str, tree: Node | None) -> None:
    assert parse(text).tree == tree
    assert parse(text).message is None


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("kind:ticket", OfKind(frozenset({Kind.TICKET}))),
        ("kind:Calls,nps", OfKind(frozenset({Kind.CALL, Kind.NPS}))),
        ("kind:int", OfKind(frozenset({Kind.INTERVIEW}))),
        ("kind:sales", OfKind(frozenset({Kind.CALL}))),
        ("score:6", Scored(6, 6)),
        ("score:<=6", Scored(-math.inf, 6)),
        ("score:≥9", Scored(9, math.inf)),
        ("score:7..8", Scored(7, 8)),
        ("score:3,5", Scored(3, 3)),
        ("score:detractors", InScoreGroup(frozenset({ScoreGroup.DETRACTOR}))),
        (
            "score:passive,promoter",
            InScoreGroup(frozenset({ScoreGroup.PASSIVE, ScoreGroup.PROMOTER})),
        ),
        ("date:2026", Dated(date(2026, 1, 1), date(2026, 12, 31))),
        ("date:2026-02", Dated(date(2026, 2, 1), date(2026, 2, 28))),
        ("date:2024/2", Dated(date(2024, 2, 1), date(2024, 2, 29))),
        ("date:2026-Q3", Dated(date(2026, 7, 1), date(2026, 9, 30))),
        ("date:2026-09-14", Dated(date(2026, 9, 14), date(2026, 9, 14))),
        ("date:2026-07..2026-09", Dated(date(2026, 7, 1), date(2026, 9, 30))),
        ("date:..2026-09", Dated(None, date(2026, 9, 30))),
        ("date:2026-07..", Dated(date(2026, 7, 1), None)),
        ("date:>2026-07", Dated(date(2026, 8, 1), None)),
        ("date:<2026-07", Dated(None, date(2026, 6, 30))),
        ("is:reviewed", Is(State.REVIEWED)),
        ("is:Unsorted", Is(State.UNSORTED)),
        ('source:"Tickets Q3"', Like(Property.SOURCE, ("tickets q3",))),
        ("file:tickets", Like(Property.SOURCE, ("tickets",))),
        ("account:Café,Bristol", Like(Property.ACCOUNT, ("cafe", "bristol"))),
        ("person:ana@example.com", Like(Property.PERSON, ("ana example com",))),
        ("theme:T-012", Like(Property.THEME, ("t 012",))),
        ("lang:de", Like(Property.LANGUAGE, ("de",))),
        ("Plan:Team", InSegment("plan", ("team",))),
        ("account-size:large", InSegment("Account size", ("large",))),
        ('accountsize:"very large"', InSegment("Account size", ("very large",))),
        ("-kind:nps", Not(OfKind(frozenset({Kind.NPS})))),
    ],
)
def test_filters(text: str, tree: Node) -> None:
    parsed = parse(text, ["plan", "Account size"])
    assert parsed.tree == tree
    assert parsed.message is None


def test_below_is_not_at() -> None:
    below = parse("score:<6").tree
    assert isinstance(below, Scored)
    assert 5.999 < below.highest < 6


@pytest.mark.parametrize(
    ("text", "tree", "message"),
    [
        ("surce:tickets ", Words(("surce", "tickets")), "Did you mean “source:”?"),
        ("date:2026-13 x ", All((Words(("date", "2026", "13")), word("x"))), "is no date"),
        ("date:20", None, "Write date:2026-09"),
        ("score:good x ", All((Words(("score", "good")), word("x"))), "is no score"),
        ("kind:", None, "needs a value"),
        ("kind:fax sync ", All((Words(("kind", "fax")), word("sync"))), "no kind “fax”"),
        ("is:open", None, "is:reviewed"),
        ("account:!! sync ", All((word("account"), word("sync"))), "needs a value"),
        ("sync) slow ", All((word("sync"), word("slow"))), "closing bracket"),
        ("OR sync ", word("sync"), "OR needs words"),
        ("a OR OR b ", Either((word("a"), word("b"))), "OR needs words"),
        ("AND sync ", word("sync"), "AND needs words"),
    ],
)
def test_what_is_not_understood_becomes_words_and_is_said(
    text: str, tree: Node | None, message: str
) -> None:
    parsed = parse(text)
    assert parsed.tree == tree
    assert message in (parsed.message or "")


def test_a_pasted_page_is_cut() -> None:
    parsed = parse("word " * MOST_CHARACTERS)
    assert isinstance(parsed.tree, All)
    assert len(parsed.tree.parts) == 64
    assert "too long" in (parsed.message or "")


def test_deep_brackets_are_no_trouble() -> None:
    assert parse("(" * 60 + "sync ").tree == word("sync")


_PIECES = st.sampled_from(
    '( ) （ " “ ” « - OR AND NOT | && sync同期 date:2026-09 date: score:<=6 score:<= kind:nps plan:x'
    " is:reviewed surce:a :: -- .. * é \ud800 \0".split(" ")
)


@given(st.one_of(st.text(), st.lists(_PIECES).map(" ".join), st.lists(_PIECES).map("".join)))
def test_nothing_that_is_typed_raises(text: str) -> None:
    tree = parse(text, ["plan"]).tree
    found_spans(text, tree)


def test_spans_mark_what_is_asked_for_and_not_what_is_barred() -> None:
    text = "Sync forgets Bookings; syncing was slow. 同期が失敗"
    tree = parse('"forgets bookings" OR 同期 OR syn* -slow ').tree
    assert [text[start:end] for start, end in found_spans(text, tree)] == [
        "Sync",
        "forgets Bookings",
        "syncing",
        "同期",
    ]
    assert found_spans(text, parse("-slow ").tree) == []
    assert found_spans(text, None) == []
