"""How to read the insights: the sentences that stand before all numbers."""

from collections.abc import Iterator

from themeloom.analytics.numbers import ThemeNumbers
from themeloom.base.figures import counted
from themeloom.insights.model import ENOUGH_SCORES
from themeloom.insights.wording import score_word


def reading(numbers: ThemeNumbers, *, masked: bool, only: str) -> tuple[str, ...]:
    """Return a sentence or two each, most needed first.

    Args:
        numbers: what is told of.
        masked: whether personal data is masked.
        only: PM or product area that it is for, "" for everybody.
    """
    return tuple(_sentences(numbers, masked=masked, only=only))


def _sentences(numbers: ThemeNumbers, *, masked: bool, only: str) -> Iterator[str]:
    if only:
        yield f"This is the part for {only}. Shares and bases are those of the whole project."
    yield (
        "An insight is a claim with its evidence. Quotes are word for word; each has a place where "
        "it can be read in full, and where one was found, one quote speaks against the claim."
    )
    yield (
        "Records are tickets, answers, interviews and calls. People and accounts are different "
        "ones, counted once; “known n of m” says for how many records that could be told."
    )
    yield (
        "A share is always of one kind of source: kinds are never pooled. One record can speak of "
        "several themes, so shares and impacts do not add up."
    )
    if numbers.axis.height:
        yield (
            f"A trend compares the last full {numbers.every} with up to six before it. “Rising” and "
            "“falling” are said only where chance is an unlikely reason, looking at all themes at "
            "once; all else is “steady”, or too early to say."
        )
    kinds = [score_word(kind) for kind in numbers.overall["score_kind"]]
    if kinds:
        yield (
            f"Impact on {' and '.join(kinds)} is the score of all answers minus the score without "
            "those that speak of the theme. It is association, not cause. In brackets: the range "
            "that nine of ten such surveys would give. Below a stated number of answers nothing is "
            f"ranked, below {ENOUGH_SCORES} no score is shown."
        )
    yield (
        "Type, severity, urgency and confidence are suggestions with their reasons beside them, "
        "unless a person has set them."
    )
    if numbers.competitors:
        n = numbers.competitors
        said = counted(n, "record about a competitor is", "records about competitors are")
        yield f"{said} in no number here."
    if numbers.period and numbers.before:
        yield f"Numbers are about {numbers.period}; “before” is {numbers.before}, equally long."
    yield from numbers.notes
    if masked:
        yield "Tokens such as [NAME_0d1e] stand for personal data; the same person, the same token."
