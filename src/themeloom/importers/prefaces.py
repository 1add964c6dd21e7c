"""What stands at the top of a note: title, who, for which company, when. No text of the customer."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from themeloom.importers.dates import find_date
from themeloom.importers.documents import Paragraph
from themeloom.importers.names import fold

_PARTICIPANT = frozenset(
    "participant,interviewee,contact,customer name,name,respondent,user,guest,speaker,teilnehmer,"
    "teilnehmerin,gesprächspartner,gesprachspartner,participante,entrevistado,deelnemer,"
    "partecipante,participants,customer contact".split(",")
)
_PEOPLE = frozenset(
    "attendees,present,there,with,in the room,on the call,attending,attendance,who,invited,"
    "teilnehmende,anwesend,anwesende,presents,asistentes,aanwezig,people".split(",")
)
_ACCOUNT = frozenset(
    "company,account,customer,organisation,organization,client,firma,unternehmen,kunde,entreprise,"
    "societe,empresa,cliente,azienda,bedrijf,klant,prospect".split(",")
)
_ASKING = frozenset(
    "interviewer,interviewers,interviewed by,conducted by,moderator,host,hosts,facilitator,"
    "researcher,researchers,notes by,note taker,rep,sales rep,account executive,our side,us,by,"
    "author,gefuhrt von,intervieweur,entrevistador".split(",")
)
_DATE = frozenset("date,when,datum,fecha,data,recorded,recorded on,held on,call date".split(","))
_TITLE = frozenset("title,subject,titel,titre,titulo,titolo,topic,betreff".split(","))
_SEGMENT = frozenset(
    "role,job title,position,plan,region,country,segment,industry,team size,company size,rolle,"
    "funktion,land,branche,tier,language,product".split(",")
)
_OTHER = frozenset(
    "duration,length,location,place,channel,medium,recording,status,stage,deal stage,deal,version,"
    "project,study,session,goal,purpose,id,link,url,tags,department,age,experience,"
    "time,dauer,ort".split(",")
)
_KNOWN = _PARTICIPANT | _PEOPLE | _ACCOUNT | _ASKING | _DATE | _TITLE | _SEGMENT | _OTHER
_SECTION = frozenset(
    "transcript,transcription,details,interview,notes,conversation,call notes,meeting notes,"
    "transkript,gesprach,metadata,meta,header,links,agenda,present,attendees,invited".split(",")
)
_PAIR = re.compile(r"^(?:[-*•]\s+)?([^\W\d_][^:：\n]{0,30}?)\s*[:：]\s*(\S.*)$")
_DATE_WORD = re.compile(r"[^\W\d_]{3,}")
_COMPANY_ENDINGS = re.compile(r"^(?:inc|llc|ltd|plc|gmbh|corp|co|ag|sa|srl|bv|ab|limited)\b", re.I)
_GENERIC = frozenset(
    "call calls notes note discovery account review meeting second first third interview research "
    "customer conversation transcript demo qbr check in kickoff kick off sales upsell renewal "
    "debrief finance security verbatim of with the a follow up intro introduction weekly monthly "
    "quarterly summary minutes sync catch".split()
)
_ASKED_BY = re.compile(
    r"(?i:\b(?:interviewers?|moderators?|hosts?|facilitators?|interviewed by|conducted by)"
    r"(?:\s+(?:is|are|was|were))?[: ]+)((?:[A-ZÀ-Ý][\w'’-]*\.? ?){1,4}"
    r"(?:(?:,|and|&) *(?:[A-ZÀ-Ý][\w'’-]*\.? ?){1,4})*)"
)


@dataclass(slots=True)
class Preface:
    """What the top of a note says; ``length`` paragraphs (and lines of the next one) belong to it."""

    title: str | None = None
    author: str | None = None
    account: str | None = None
    date: datetime | None = None
    interviewers: list[str] = field(default_factory=list[str])
    participants: list[str] = field(default_factory=list[str])
    segments: dict[str, str] = field(default_factory=dict[str, str])
    fields: dict[str, str] = field(default_factory=dict[str, str])


def read_preface(
    paragraphs: Sequence[Paragraph],
    *,
    is_call: bool,
    speakers: frozenset[str] = frozenset(),
) -> tuple[Preface, list[Paragraph]]:
    """Return what the top says, and the paragraphs that are left, their numbers kept.

    The top is: a title, then lines "Company: …", a line with the date, section headings. The
    first line that is nothing of these ends it. The rest of the paragraph stays where it is.

    Args:
        paragraphs: the document.
        is_call: a company may be told by the title ("Call notes - Thornfield Group").
        speakers: folded names of a talk's speakers: "Interviewer: …" is such a line only where
            one that cannot be a turn follows.
    """
    preface = Preface()
    rest: list[Paragraph] = []
    certain = _certain_lines(paragraphs, speakers)
    seen = 0
    for at, paragraph in enumerate(paragraphs):
        lines = paragraph.text.split("\n")
        taken = 0
        while taken < len(lines) and not rest:
            line = lines[taken].strip()
            pair = _PAIR.match(line)
            if seen >= certain and pair and pair[1].strip().casefold() in speakers:
                break
            if not _take(preface, line, paragraph, first=at == 0 and taken == 0):
                break
            taken += 1
            seen += 1
        if taken < len(lines):
            rest.append(Paragraph(paragraph.number, "\n".join(lines[taken:]), paragraph.heading))
    if not rest:
        # A file of nothing but such lines is a note after all.
        return Preface(), list(paragraphs)
    if preface.title and preface.account is None and is_call:
        preface.account = _account_in(preface.title)
    if preface.title and preface.date is None:
        preface.date = find_date(preface.title)
    return preface, rest


def _certain_lines(paragraphs: Sequence[Paragraph], speakers: frozenset[str]) -> int:
    """Return how many lines at the top end with the last one that can be no turn of a talk."""
    lines = [line.strip() for paragraph in paragraphs for line in paragraph.text.split("\n")]
    certain = 0
    for number, line in enumerate(lines[:25]):
        pair = _PAIR.match(line)
        if pair and fold(pair[1]) in _KNOWN and pair[1].strip().casefold() not in speakers:
            certain = number + 1
        elif number and not pair and len(line.split()) > 14:
            break
    return certain


def add_introduction(preface: Preface, text: str) -> None:
    """Take in what stands between the top of a note and the first turn of the talk."""
    if preface.date is None:
        preface.date = find_date(text)
    for match in _ASKED_BY.finditer(text):
        preface.interviewers += [name.strip(" .") for name in re.split(r",|\band\b|&", match[1])]
    if text.strip():
        preface.fields["Introduction"] = text.strip()


def _take(preface: Preface, line: str, paragraph: Paragraph, *, first: bool) -> bool:
    """Take one line into the preface; return False where it is not part of one."""
    if fold(line) in _SECTION:
        return True
    pair = _PAIR.match(line)
    if pair and fold(pair[1]) in _KNOWN and len(pair[2]) <= 300:
        _take_pair(preface, pair[1].strip(), pair[2].strip())
        return True
    if first and (paragraph.heading or _is_title(line, paragraph)):
        preface.title = line
        return True
    if _is_date_line(line):
        preface.date = preface.date or find_date(line)
        preface.fields.setdefault("When", line)
        return True
    return False


def _take_pair(preface: Preface, label: str, value: str) -> None:
    key = fold(label)
    if key in _TITLE:
        preface.title = preface.title or value
    elif key in _DATE:
        preface.date = preface.date or find_date(value)
        preface.fields[label] = value
    elif key in _ACCOUNT:
        preface.account = preface.account or _name_of_company(value)
        preface.fields[label] = value
    elif key in _PARTICIPANT or key in _PEOPLE:
        names = _people(value) if key in _PEOPLE or key.endswith("s") else [_person(value)]
        preface.participants += [name for name in names if name]
        preface.author = preface.author or next((name for name in names if name), None)
        preface.fields[label] = value
    elif key in _ASKING:
        preface.interviewers += _people(value)
        preface.fields[label] = value
    elif key in _SEGMENT:
        preface.segments[label] = value
    else:
        preface.fields[label] = value


def _is_title(line: str, paragraph: Paragraph) -> bool:
    """The first line is a title where it is short, no sentence, and stands above other lines."""
    short = (
        len(line) <= 120
        and len(line.split()) <= 14
        and not line.endswith((".", "!", "?", ";", ",", ":"))
        and not _PAIR.match(line)
    )
    above = "\n" in paragraph.text and len(line) <= 90 and bool(_account_in(line))
    return short or above


def _is_date_line(line: str) -> bool:
    return (
        len(line) <= 70
        and len(line.split()) <= 12
        and find_date(line) is not None
        and not (line.endswith((".", "!", "?")) and len(_DATE_WORD.findall(line)) > 3)
    )


def _people(value: str) -> list[str]:
    bare = re.sub(r"\([^)]*\)", "", value)
    names = [_person(part) for part in re.split(r"[,;]|\band\b|&|/", bare)]
    # "her brother", "me": no names
    return [name for name in names if name and name[0].isupper() and name.lower() != "me"]


def _person(value: str) -> str:
    return re.split(r"\s*(?:,|\(|–|;| - )\s*", value, maxsplit=1)[0].strip()


def _name_of_company(value: str) -> str:
    name, _, rest = re.sub(r"\s*\([^)]*\)", "", value).partition(",")
    if _COMPANY_ENDINGS.match(rest.strip()):
        more, _, _ = rest.strip().partition(",")
        name = f"{name}, {more}"
    return name.strip()


def _account_in(title: str) -> str | None:
    """Return the company in "Call notes - Thornfield Group (Enterprise)", or None.

    One side of a dash, colon or slash must be nothing but words for meetings.
    """
    sides = [side for side in re.split(r"\s+[-–—/|]\s+|:\s+", title) if side.strip()]
    if len(sides) != 2:
        return None
    own = [side for side in sides if not set(fold(side).split()) <= _GENERIC]
    return _name_of_company(own[0].strip()) if len(own) == 1 else None
