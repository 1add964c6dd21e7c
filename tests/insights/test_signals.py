import polars as pl
import pytest

from themeloom.insights.signals import Signal, heard, signals_in


def found(text: str) -> dict[str, set[str]]:
    signals = signals_in(
        pl.DataFrame({"excerpt": [7], "text": [text]}, {"excerpt": pl.UInt32, "text": pl.String})
    )
    words: dict[str, set[str]] = {}
    for excerpt, signal, word in signals.iter_rows():
        assert excerpt == 7
        words.setdefault(signal, set()).add(word)
    return words


@pytest.mark.parametrize(
    ("text", "signal", "words"),
    [
        ("All photos were LOST.", "loss", {"lost"}),
        ("I no longer trust the calendar", "loss", {"no longer trust"}),
        ("It does\n not work at all", "blocked", {"does not work"}),
        ("The app crashes and crashed again", "blocked", {"crashes", "crashed"}),
        ("We can’t log in.", "blocked", {"can't log in"}),
        ("I type it again by hand", "workaround", {"type it again", "by hand"}),
        ("Confusing and slow", "annoyance", {"confusing", "slow"}),
        ("Thinking of it, we cancel our contract", "churn", {"cancel our"}),
        ("We would love a dark mode", "request", {"would love"}),
        ("How do I export?", "question", {"how do i"}),
        ("Legal asks for a GDPR list", "legal", {"legal", "gdpr"}),
        ("Great, but slow", "contrast", {"but"}),
    ],
)
def test_words_are_found_as_they_stand(text: str, signal: str, words: set[str]) -> None:
    assert found(text)[signal] == words


@pytest.mark.parametrize(
    "text",
    [
        "No problem at all.",
        "It is not slow",
        "It never really crashes",
        "Nothing was lost and without any error",
        "We had no such problems",
        "It isn't easy, not great either",
        "A lostness of slowness",  # parts of words
        "",
    ],
)
def test_what_is_negated_or_part_of_a_word_is_not(text: str) -> None:
    assert not {"loss", "blocked", "annoyance", "problem", "praise"} & found(text).keys()


def test_a_wish_is_no_praise_and_wider_signals_hold_the_narrow_ones() -> None:
    assert "praise" not in found("I would love to see it")
    assert found("The report is lost")["severe"] == {"lost"}
    assert found("The report is lost")["trouble"] == {"lost"}
    assert found("It is slow")["mild"] == {"slow"}
    assert found("We are looking elsewhere")["pressing"] == {"looking elsewhere"}


def test_records_are_counted_once_and_words_by_how_many_say_them() -> None:
    membership = pl.DataFrame(
        {
            "theme_id": ["T-1"] * 4 + ["T-2"],
            "record": [1, 1, 2, 3, 3],
            "excerpt": [10, 11, 20, 30, 30],
        },
        {"theme_id": pl.String, "record": pl.UInt32, "excerpt": pl.UInt32},
    )
    texts = {10: "lost", 11: "lost and stuck", 20: "it vanished, lost and losing", 30: "fine"}
    signals = signals_in(
        pl.DataFrame(
            {"excerpt": list(texts), "text": list(texts.values())},
            {"excerpt": pl.UInt32, "text": pl.String},
        )
    )
    one, other = heard(membership, signals)["T-1"], heard(membership, signals)["T-2"]
    assert (one.of, one.n(Signal.SEVERE), one.n(Signal.BLOCKED)) == (3, 2, 1)
    # "losing" is another form of "lost".
    assert one.told(Signal.LOSS) == "“lost” and “vanished” in 2 of 3 records"
    assert (other.of, other.n(Signal.SEVERE), other.share(Signal.SEVERE)) == (1, 0, 0.0)
