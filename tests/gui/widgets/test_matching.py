"""What a few typed letters find, and which letters are printed bold."""

import pytest

from themeloom.gui.widgets.matching import FUZZY, INSIDE, PREFIX, WORDS, Target, query_of


@pytest.mark.parametrize(
    ("text", "typed", "rank"),
    [
        ("Manual work around the calendar", "manual w", PREFIX),
        ("Manual approval before weekends", "manual w", WORDS),
        ("Invoices in the calendar", "cal inv", WORDS),
        ("Scheduling", "dul", INSIDE),
        ("カレンダーの同期が予定を消す", "同期", INSIDE),
        ("Two-way sync", "2", None),
        ("Pricing jump at renewal", "prjmp", FUZZY),
        ("Élan vital", "elan", PREFIX),
        ("Über alles", "uber", PREFIX),
        ("Calendar sync drops events", "xyz", None),
    ],
)
def test_ranks(text: str, typed: str, rank: int | None) -> None:
    match = Target(text).match(query_of(typed))
    assert (match.rank if match else None) == rank


def test_the_bold_letters_are_those_that_were_typed() -> None:
    match = Target("Manual approval before weekends").match("manual w")
    assert match is not None
    assert match.spans == ((0, 6), (23, 24))


def test_two_typed_words_need_two_words() -> None:
    match = Target("sync").match("sync sync")
    assert match is None or match.rank == INSIDE


def test_letters_scattered_over_a_whole_title_do_not_match() -> None:
    assert Target("Reports that nobody can ever find again").match("rgn") is None
