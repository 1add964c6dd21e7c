"""Sentences about a theme that follow from its words and numbers alone."""

from collections.abc import Mapping, Sequence

from themeloom.base.figures import percent, score_value
from themeloom.base.folding import fold
from themeloom.base.words import word_list
from themeloom.domain.insights import InsightType
from themeloom.insights.model import Score, SegmentNote, Share
from themeloom.insights.signals import Heard, Signal
from themeloom.insights.wording import count, joined, kind_words, score_word

#: A headline has room for so many characters.
TITLE_LENGTH = 80

#: A consequence is told from such a share of the records on.
_WORTH_TELLING = 0.1

#: What people do about what a title only names, and the words by which they do it.
_ABOUT = {
    InsightType.PROBLEM: ("Customers tell of trouble around", Signal.TROUBLE),
    InsightType.REQUEST: ("Customers have wishes around", Signal.REQUEST),
    InsightType.PRAISE: ("Customers speak well of", Signal.PRAISE),
    InsightType.QUESTION: ("Customers have questions around", Signal.QUESTION),
}

#: Below this many records of a kind, "2 of 6" says more than a percentage.
_SMALL_BASE = 30


def headline(title: str) -> str:
    """Return a theme's title as a headline: on one line, at most ``TITLE_LENGTH`` characters."""
    flat = " ".join(title.split())
    if len(flat) <= TITLE_LENGTH:
        return flat
    cut = flat[: TITLE_LENGTH - 1].rstrip()
    at_a_word = cut.rpartition(" ")[0].rstrip(" ,;:.–-")
    return f"{at_a_word if len(at_a_word) * 2 > TITLE_LENGTH else cut}…"


def claim(title: str, kind: str, segments: Sequence[SegmentNote], said: Heard) -> str:
    """Return the claim: what is the matter, for whom most of all, and what comes of it.

    A title with a verb is a claim already; of another one is said what people do about it, by
    ``kind``, where enough of the records have words for that. A consequence stands there only where
    words of customers tell it.

    Args:
        title: of the theme, masked.
        kind: ``InsightType``.
        segments: what stands out, strongest first.
        said: the words of the theme's records.
    """
    flat = " ".join(title.split()).rstrip(".")
    consequence = _consequence(kind, said)
    told, words = flat, ""
    if not is_claim(flat):
        does, signal = _ABOUT[InsightType(kind)]
        known = _worth_telling(said, signal)
        told = f"{does if known else 'Customers speak of'} “{flat}”"
        words = f": {said.told(signal)}" if known and not consequence else ""
    most = next((one for one in segments if one.more and one.of_customer), None)
    if most is not None:
        told += (
            f", most of all where {most.segment} is {most.value} "
            f"({percent(most.share)} of their records, {most.told_overall})"
        )
    return f"{told}{words}. {consequence}".rstrip()


def _consequence(kind: str, said: Heard) -> str:
    if _worth_telling(said, Signal.CHURN):
        return f"Some speak of leaving: {said.told(Signal.CHURN)}."
    if kind == InsightType.PROBLEM and _worth_telling(said, Signal.SEVERE):
        return f"Some lose work or cannot go on: {said.told(Signal.SEVERE)}."
    return ""


def _worth_telling(said: Heard, signal: Signal) -> bool:
    return said.n(signal) > 1 and said.share(signal) >= _WORTH_TELLING


def is_claim(title: str) -> bool:
    """Return whether a title says something of something: it has a verb that is known as one."""
    words = fold(title).replace(";", " ").replace(",", " ").split()
    return any(word in word_list("claim_verbs") for word in words[1:]) or (
        bool(words) and words[0] in {"cannot", "can't", "unable"}
    )


def statement(
    records: int,
    people: int,
    people_known: int,
    accounts: int,
    accounts_known: int,
    shares: Mapping[str, Share],
    scores: Mapping[str, Score],
) -> str:
    """Return two or three plain sentences: who speaks of it, where, and what they scored.

    Nothing is said that the numbers do not hold: "at least" stands where some of the records do
    not tell their person or account, and a score only from ``ENOUGH_SCORES`` answers on.
    """
    sentences = [_who(records, people, people_known, accounts, accounts_known)]
    sentences[0] += _mainly(shares) + "."
    sentences += _elsewhere(shares)
    sentences += _scored(scores)
    return " ".join(sentences)


def _who(records: int, people: int, people_known: int, accounts: int, accounts_known: int) -> str:
    voices = count(records, "record")
    if not people:
        return f"{voices} {'speaks' if records == 1 else 'speak'} of this"
    who = count(people, "person", "people")
    if people_known < records:
        who = f"At least {who}"
    if accounts:
        least = "at least " if accounts_known < records and people_known == records else ""
        who = f"{who} in {least}{count(accounts, 'account')}"
    return f"{who} {'speaks' if people == 1 else 'speak'} of this in {voices}"


def _mainly(shares: Mapping[str, Share]) -> str:
    total = sum(share.records for share in shares.values())
    kind, top = _by_size(shares)[0] if total else ("", Share(0, 0))
    if not top.records:
        return ""
    if top.records == total:
        alone = len(shares) == 1
        all_of_them = "" if total == 1 or alone else f", all of them {kind_words(kind)}"
        return f"{all_of_them} ({_part(kind, top, alone=alone)})"
    if top.records * 2 > total:
        return f", most of them {kind_words(kind)} ({_part(kind, top)})"
    return f": {joined([_part(kind, share) for kind, share in _by_size(shares) if share.records])}"


def _elsewhere(shares: Mapping[str, Share]) -> list[str]:
    total = sum(share.records for share in shares.values())
    ordered = [(kind, share) for kind, share in _by_size(shares) if share.records]
    if len(ordered) < 2 or ordered[0][1].records * 2 <= total:
        return []
    return [f"Also in {joined([_part(kind, share) for kind, share in ordered[1:]])}."]


def _scored(scores: Mapping[str, Score]) -> list[str]:
    sentences: list[str] = []
    for kind, score in scores.items():
        if not score.enough:
            continue
        if kind != "nps":
            name = score_word(kind)
            told = score_value(kind, score.value)
            sentences.append(f"{name} of the {score.n:,} who gave one: {told}.")
        elif score.detractors == score.n:
            sentences.append(f"All {score.n:,} who gave a score are detractors (0 to 6).")
        elif score.promoters == score.n:
            sentences.append(f"All {score.n:,} who gave a score are promoters (9 or 10).")
        else:
            sentences.append(
                f"NPS of the {score.n:,} who scored: {score_value(kind, score.value)}."
            )
    return sentences


def _part(kind: str, share: Share, *, alone: bool = False) -> str:
    """Return ``9 % of the tickets`` or, on a small base, ``2 of 6 interviews``."""
    many = kind_words(kind, alone=alone)
    if share.base < _SMALL_BASE:
        return f"{share.records} of {count(share.base, many.removesuffix('s'), many)}"
    return f"{percent(share.share)} of the {many}"


def _by_size(shares: Mapping[str, Share]) -> list[tuple[str, Share]]:
    return sorted(shares.items(), key=lambda item: -item[1].records)
