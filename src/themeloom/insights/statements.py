"""Sentences about a theme that follow from its numbers alone."""

from collections.abc import Mapping, Sequence

from themeloom.insights.model import Score, Share
from themeloom.insights.wording import count, joined, kind_words, percent, score_word, signed

#: Below this many records of a kind, "2 of 6" says more than a percentage.
_SMALL_BASE = 30


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
        all_of_them = "" if total == 1 or len(shares) == 1 else f", all of them {kind_words(kind)}"
        return f"{all_of_them} ({_part(kind, top)})"
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
            sentences.append(
                f"{name} of the {score.n:,} who gave one: {score.value:.1f}.".replace("-", "−")
            )
        elif score.detractors == score.n:
            sentences.append(f"All {score.n:,} who gave a score are detractors (0 to 6).")
        elif score.promoters == score.n:
            sentences.append(f"All {score.n:,} who gave a score are promoters (9 or 10).")
        else:
            sentences.append(f"NPS of the {score.n:,} who scored: {signed(score.value)}.")
    return sentences


def _part(kind: str, share: Share) -> str:
    """Return ``9 % of the tickets`` or, on a small base, ``2 of 6 interviews``."""
    if share.base < _SMALL_BASE:
        return f"{share.records} of {count(share.base, *_forms(kind))}"
    return f"{percent(share.share)} of the {kind_words(kind)}"


def _forms(kind: str) -> Sequence[str]:
    many = kind_words(kind)
    return (many.removesuffix("s"), many)


def _by_size(shares: Mapping[str, Share]) -> list[tuple[str, Share]]:
    return sorted(shares.items(), key=lambda item: -item[1].records)
