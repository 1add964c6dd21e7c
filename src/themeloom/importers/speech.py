"""Turns of a talk: who speaks, who only asks, and which words people use for speakers."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

#: Labels of people who ask or write down, folded.
ASKING_LABELS = frozenset(
    "interviewer,interviewerin,moderator,moderatorin,host,facilitator,researcher,notetaker,"
    "note taker,observer,q,question,frage,i,ux researcher,pm,intervieweur,enquêteur,animateur,"
    "entrevistador,entrevistadora,moderador,moderadora,intervistatore,moderatore,gespreksleider,"
    "rep,sales,sales rep,ae,csm,account manager,consultant".split(",")
)
#: Labels of people who answer, folded.
_ANSWERING_LABELS = frozenset(
    "participant,interviewee,respondent,customer,user,client,a,answer,antwort,p,teilnehmer,"
    "teilnehmerin,kunde,kundin,befragter,befragte,participante,entrevistado,entrevistada,client,"
    "guest,prospect,speaker,buyer".split(",")
)
KNOWN_LABELS = ASKING_LABELS | _ANSWERING_LABELS

_WORD = re.compile(r"[^\W\d_][\w.'’\-]*")


@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker says in one go; ``place`` is a cue time or "paragraph n"."""

    speaker: str | None
    text: str
    place: str
    asks: bool = False


def is_label(name: str) -> bool:
    """Tell whether ``name`` before a colon can be a speaker: a known label, or one to five names."""
    plain = " ".join(name.casefold().split())
    plain = re.sub(r"\s*\d{1,2}$", "", plain)
    if plain in KNOWN_LABELS:
        return True
    outside = re.sub(r"\([^)]*\)", "", name).strip()
    words = outside.replace("&", " ").replace("/", " ").split()
    if not 1 <= len(words) <= 5 or len(name) > 45:
        return False
    particles = {"van", "von", "de", "der", "den", "da", "di", "du", "del", "la", "le", "and", "el"}
    return all(
        word in particles or word[0].isupper() or not word[0].isascii() or word[0].isdigit()
        for word in words
    ) and bool(_WORD.match(words[0]))


def mark_interviewers(
    turns: Sequence[Turn], interviewers: Iterable[str] = (), participants: Iterable[str] = ()
) -> list[Turn]:
    """Return the turns with ``asks`` set for those who ask.

    Told by the label (Interviewer, Q …), by the names that the note gives for either side, by
    a speaker's house in brackets when others of that house ask; else whoever asks clearly more
    and speaks less. Nobody is marked where nothing tells.
    """
    speakers = _order(turn.speaker for turn in turns)
    asking = {name for name in speakers if _plain(name) in ASKING_LABELS}
    answering = {name for name in speakers if _plain(name) in _ANSWERING_LABELS}
    for name in speakers:
        if any(_same_person(name, other) for other in interviewers):
            asking.add(name)
        elif any(_same_person(name, other) for other in participants):
            answering.add(name)
    asking -= answering
    if not asking and answering and len(speakers) == len(answering) + 1:
        asking = set(speakers) - answering
    if not asking:
        asking = _who_asks(turns, [name for name in speakers if name not in answering])
    houses = {house for name in asking if (house := _house(name))}
    asking |= {name for name in speakers if _house(name) in houses and name not in answering}
    return [replace(turn, asks=turn.speaker in asking) for turn in turns]


def _who_asks(turns: Sequence[Turn], candidates: Sequence[str]) -> set[str]:
    words: dict[str, int] = defaultdict(int)
    count: dict[str, int] = defaultdict(int)
    questions: dict[str, int] = defaultdict(int)
    for turn in turns:
        if turn.speaker is None:
            continue
        words[turn.speaker] += len(turn.text.split())
        count[turn.speaker] += 1
        questions[turn.speaker] += "?" in turn.text or "？" in turn.text
    if len(count) < 2 or not candidates:
        return set()
    total = max(1, sum(words.values()))
    share = {name: questions[name] / count[name] for name in count}
    first = max(candidates, key=lambda name: (questions[name], share[name]))
    others = [name for name in count if name != first]
    # In a round of several, one who asks a lot may still be one of those who are asked.
    times = 1.4 if len(count) == 2 else 3
    clear = (
        questions[first] >= 2
        and share[first] >= 0.2
        and share[first] >= times * max(share[name] for name in others)
        and words[first] / total < 0.55
    )
    return {first} if clear else set()


def _order(names: Iterable[str | None]) -> list[str]:
    return list(dict.fromkeys(name for name in names if name))


def _plain(name: str) -> str:
    plain = re.sub(r"\([^)]*\)", "", name)
    return re.sub(r"\s*\d{1,2}$", "", " ".join(plain.casefold().split()))


def _house(name: str) -> str | None:
    match = re.search(r"\(([^)]+)\)", name)
    return match[1].casefold().strip() if match else None


def _same_person(label: str, name: str) -> bool:
    """Tell whether a speaker's label and a full name mean the same: all words of the shorter."""
    one = set(_WORD.findall(_plain(label)))
    other = set(_WORD.findall(_plain(name)))
    return bool(one and other) and (one <= other or other <= one)
